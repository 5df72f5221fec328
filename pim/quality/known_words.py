"""The words that the shop knows, whatever dictionaries say."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim.quality.models import ShopWord
from pim.quality.spelling import key_of, words_in
from pim.structure.objects import PRODUCT, Structure


def known_words(session: Session, structure: Structure) -> frozenset[str]:
    """All words of the shop, folded: those that people added, and those of its options, families
    and categories, which have been looked at by whoever set them up.
    """
    added = frozenset(session.scalars(select(ShopWord.key)))
    return added | {key_of(word) for name in _names(structure) for word in words_in(name)}


def _names(structure: Structure) -> set[str]:
    labels = [one.labels for one in structure.families_of(PRODUCT).values()]
    labels += [one.labels for one in structure.categories.values()]
    found = {label for one in labels for label in one.values()}
    for attribute in structure.attributes.values():
        for code in attribute.type.option_codes():
            option = [code] if attribute.type.takes_many else code
            found.update(attribute.type.show(option, locale) for locale in structure.locales)
    return found
