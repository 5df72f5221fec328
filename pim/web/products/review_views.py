"""A product that waits for approval as the review desk shows it: what would change for channels,
language by language.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from media.presets import path_for
from pim.errors import Text
from pim.products.history import unpublished_addresses
from pim.products.models import Product
from pim.products.queries import ProductDetail
from pim.structure.objects import Structure
from pim.values import Value, parse_address
from pim.web.page import language, tell
from pim.web.products.around import address_label
from pim.web.products.history import record_names, shown_in_words
from pim.web.products.scope import locale_label
from pim.word_differences import Segment, differences


@dataclass(frozen=True)
class ReviewedValue:
    """One value. ``words``: a text compared word by word; of anything else ``old`` and ``new``.
    ``pictures_gone``, ``pictures_new``: paths of small pictures.
    """

    label: str
    old: str
    new: str
    words: Sequence[Segment] = ()
    pictures_gone: Sequence[str] = ()
    pictures_new: Sequence[str] = ()


@dataclass(frozen=True)
class ReviewedLanguage:
    """The values of one locale; ``label`` is empty for those that are the same in all."""

    label: str
    locale: str
    values: list[ReviewedValue]


@dataclass(frozen=True)
class ReviewedRecord:
    """What an approval publishes of the product, or of a model above it that goes along.

    ``is_first``: channels have nothing of it yet.
    """

    identifier: str
    is_model: bool
    is_first: bool
    languages: list[ReviewedLanguage]


def reviewed_records(
    session: Session, structure: Structure, detail: ProductDetail
) -> list[ReviewedRecord]:
    """The product first, then the models of which something waits too."""
    chain = [detail.product, *reversed(detail.ancestors)]
    waiting = [one for one in chain if one is detail.product or unpublished_addresses(one)]
    documents = [document for one in waiting for document in (one.values, one.published or {})]
    names = record_names(session, structure, documents)
    return [
        ReviewedRecord(
            one.identifier,
            one is not detail.product,
            one.published is None,
            list(_languages(structure, names, one)),
        )
        for one in waiting
    ]


def _languages(
    structure: Structure, names: Mapping[str, str], product: Product
) -> Iterator[ReviewedLanguage]:
    for locale, addresses in _by_locale(structure, unpublished_addresses(product)).items():
        label = locale_label(structure, locale) if locale else ""
        values = [_value(structure, names, product, address) for address in addresses]
        yield ReviewedLanguage(label, locale, values)


def _by_locale(structure: Structure, addresses: Iterable[str]) -> dict[str, list[str]]:
    """Locale -> addresses in it, both in the order of the structure; what has no locale comes
    first, and facts, which are no attributes, before everything.
    """
    place = {address: number for number, address in enumerate(structure.attribute_at)}
    found: dict[str, list[str]] = {locale: [] for locale in ("", *structure.locales)}
    for address in sorted(addresses, key=lambda one: place.get(one, -1)):
        locale = parse_address(address).locale if address in place else None
        found.setdefault(locale or "", []).append(address)
    return {locale: held for locale, held in found.items() if held}


def _value(
    structure: Structure, names: Mapping[str, str], product: Product, address: str
) -> ReviewedValue:
    attribute = structure.attribute_at.get(address)
    old, new = (product.published or {}).get(address), product.values.get(address)
    value = ReviewedValue(
        address_label(structure, address),
        _words(structure, names, address, old),
        _words(structure, names, address, new),
    )
    if attribute is None:
        return value
    if attribute.type.names_assets:
        gone, added = _thumbs(old, without=new), _thumbs(new, without=old)
        return replace(value, pictures_gone=gone, pictures_new=added)
    if attribute.type.is_free_text and value.old and value.new:
        return replace(value, words=differences(value.old, value.new))
    return value


def _words(structure: Structure, names: Mapping[str, str], address: str, value: Any) -> str:
    attribute = structure.attribute_at.get(address)
    if value is not None and attribute is not None and attribute.type.is_free_text:
        return attribute.type.show(value, language())
    shown: Text | str = shown_in_words(structure, names, address, value)
    return tell(shown) if isinstance(shown, Text) else shown


def _thumbs(value: Value, without: Value) -> list[str]:
    """The paths of the pictures in one value that the other one lacks."""
    other = _as_list(without)
    return [path_for(code, "thumb") for code in _as_list(value) if code not in other]


def _as_list(value: Value) -> Sequence[str]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value
