"""Which products have an outdated translation, kept so that lists and figures can be asked for it.

It is brought up to date with the memory (:mod:`pim.text_translation.following`), for what changed,
and at once for what somebody translates or calls right all the same.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from pim.bulk import in_values, insert_rows
from pim.products.models import Product
from pim.structure.objects import Attribute
from pim.text_translation import memory
from pim.text_translation.models import OutdatedText
from pim.text_translation.outdated import FormerSources, former_sources
from pim.text_translation.texts import TextPair


def outdated(
    session: Session,
    locales: tuple[str, str],
    products: Sequence[Product],
    pairs: Mapping[TextPair, Attribute],
) -> FormerSources:
    """The outdated translations of these products, without those of which somebody said that they
    are right all the same.
    """
    documents = {one.id: one.values for one in products}
    translated = {
        product_id: [pair for pair in pairs if pair.source in values and pair.target in values]
        for product_id, values in documents.items()
    }
    former = former_sources(session, documents, translated, locales)
    source_of = {pair.target: pair.source for pair in pairs}
    texts = {
        (number, target): (documents[number][source_of[target]], documents[number][target])
        for number, target in former
    }
    confirmed = memory.confirmed(session, *locales, texts.values())
    return {key: one for key, one in former.items() if texts[key] not in confirmed}


def mark(
    session: Session,
    locales: tuple[str, str],
    ids: Collection[int],
    found: FormerSources,
) -> None:
    """Of these products those have an outdated translation that ``found`` tells of."""
    source, target = locales
    session.execute(
        delete(OutdatedText).where(
            OutdatedText.source_locale == source,
            OutdatedText.target_locale == target,
            in_values(session, OutdatedText.product_id, ids),
        )
    )
    those = sorted({number for number, _ in found})
    same = {"source_locale": source, "target_locale": target}
    insert_rows(session, OutdatedText, {"product_id": those}, same)
