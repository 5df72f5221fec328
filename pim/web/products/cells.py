"""The cells of the list: a value of a product as the list's scope sees it."""

from collections.abc import Sequence
from dataclasses import dataclass

from media.presets import path_for
from pim.structure.objects import Scope, Structure
from pim.values import Document, Value
from pim.web.page import language
from pim.web.products.columns import ListColumn
from pim.web.products.scope import locale_label

LONGEST = 160
"""Characters of a value in a cell; no column shows more."""
MOST_PICTURES = 3


@dataclass(frozen=True)
class ShownCell:
    """A value for people to read, and the locale that it is in. ``ghost``: the language that it is
    borrowed from, where the scope has none of its own. ``pictures``: addresses of small ones;
    ``more``: how many there are beside them.
    """

    text: str = ""
    ghost: str = ""
    pictures: Sequence[str] = ()
    more: int = 0
    locale: str = ""


EMPTY = ShownCell()


@dataclass(frozen=True)
class _Place:
    """An address at which a column looks. The others: as in :class:`ShownCell`."""

    address: str
    ghost: str
    locale: str


class ListCellReader:
    """Reads the cells of one column: where to look is found out once for a page."""

    def __init__(self, structure: Structure, column: ListColumn, scope: Scope) -> None:
        if column.attribute is None:
            raise ValueError("a fact is no value")
        self.attribute = column.attribute
        self.shows_pictures = column.kind == "assets"
        self.language = language()
        currencies: Sequence[str | None] = (None,)
        if self.attribute.is_per_currency:
            channel = structure.channels.get(scope.channel)
            currencies = channel.currencies if channel else structure.currencies
        self.places = [self._places(structure, scope, currency) for currency in currencies]

    def _places(self, structure: Structure, scope: Scope, currency: str | None) -> list[_Place]:
        attribute, channel = self.attribute, scope.channel
        own = structure.address_in(attribute, channel, scope.locale, currency)
        found = [_Place(own, "", scope.locale if attribute.localizable else "")]
        if attribute.localizable:
            found += [
                _Place(
                    structure.address_in(attribute, channel, locale, currency),
                    locale_label(structure, locale),
                    locale,
                )
                for locale in structure.locales
                if locale != scope.locale
            ]
        return found

    def cell(self, document: Document) -> ShownCell:
        """What the column says of a product."""
        found = [
            self._shown(document[place.address], place)
            for places in self.places
            if (place := next((one for one in places if one.address in document), None))
        ]
        if len(found) < 2:
            return found[0] if found else EMPTY
        return ShownCell(" · ".join(one.text for one in found))

    def _shown(self, value: Value, place: _Place) -> ShownCell:
        if not self.shows_pictures:
            text = _cut(self.attribute.type.show(value, self.language))
            return ShownCell(text, place.ghost, locale=place.locale)
        codes = value if isinstance(value, list) else [value]
        pictures = [path_for(code, "thumb") for code in codes[:MOST_PICTURES]]
        return ShownCell("", place.ghost, pictures, max(0, len(codes) - MOST_PICTURES))


def _cut(text: str) -> str:
    """In one line, and no longer than can be read there."""
    line = " ".join(text[: 2 * LONGEST].split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
