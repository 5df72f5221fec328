"""The table of the operation “map” in the form of a bulk edit: which value becomes which, line by
line, as somebody types it or pastes it from a spreadsheet. Options stand in it by their labels.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from pim.attributes.base import AttributeType
from pim.errors import Invalid, Text, text
from pim.spreadsheets.naming import Names, plain
from pim.web.page import language

BLANK = 5
"""Lines that are there to type into."""
OFFERED = 40
"""So many options stand in the table from the start; of more, somebody names those they mean."""


@dataclass(frozen=True)
class TableLine:
    """``old``: a value, ``new``: what it becomes."""

    old: str = ""
    new: str = ""


@dataclass(frozen=True)
class ValueTable:
    """``other``: what every value becomes that stands in no line; "" where it stays."""

    lines: Sequence[TableLine]
    other: str = ""


def table_to_begin_with(type_: AttributeType | None) -> ValueTable:
    """Has a line for each option of the values that are looked up, where these are few; for None
    nobody knows them yet.
    """
    labels = option_labels(type_) if type_ is not None else []
    if len(labels) > OFFERED:
        labels = []
    return ValueTable([*map(TableLine, labels), *_blank_lines(labels)])


def typed_table(form: MultiDict[str, str], row: int) -> ValueTable:
    """What somebody sent, for the operation of this row of the form."""
    lines = [one.line for one in _numbered_lines(form, row) if one.line != TableLine()]
    return ValueTable([*lines, *_blank_lines(lines)], _other(form, row))


def _blank_lines(before: Sequence[object]) -> list[TableLine]:
    return [TableLine()] * (1 if before else BLANK)


def option_labels(type_: AttributeType) -> list[str]:
    """What people call the options of a type; none where it has none."""
    names = _names(type_)
    return list(names.of.values()) if names else []


def _names(type_: AttributeType) -> Names | None:
    return Names(getattr(type_, "options", {}), language()) if type_.has_options else None


@dataclass(frozen=True)
class _NumberedLine:
    number: int
    line: TableLine


def _numbered_lines(form: MultiDict[str, str], row: int) -> Iterator[_NumberedLine]:
    pairs = zip(form.getlist(f"old-{row}"), form.getlist(f"new-{row}"), strict=False)
    for number, (old, new) in enumerate(pairs, 1):
        yield _NumberedLine(number, TableLine(old.strip(), new.strip()))


def _other(form: MultiDict[str, str], row: int) -> str:
    return form.get(f"other-{row}", "").strip()


class TableReader:
    """Makes the parameters of the operation of the tables that somebody sent.

    ``looked_up``: the types of the values that are looked up, () where another operation has made
    them; ``target``: the type of what comes out, None where more is done with it. Options are
    looked up and stored by their codes.
    """

    def __init__(self, looked_up: Sequence[AttributeType], target: AttributeType | None) -> None:
        self._old_names = [_names(one) for one in looked_up]
        self._new_names = _names(target) if target is not None else None

    def parameters(self, form: MultiDict[str, str], row: int) -> dict[str, Any]:
        """:class:`Invalid` names the lines that make no sense. What becomes nothing is left out: it
        stays as it is.
        """
        entries: dict[str, str] = {}
        wrong: list[Text] = []
        for one in _numbered_lines(form, row):
            if one.line.new and (why := self._add(entries, one.line)) is not None:
                wrong.append(text("Line %(line)s: %(why)s", line=one.number, why=why))
        other = _other(form, row)
        if self._is_unknown_new(other):
            wrong.append(_no_option(other))
        if not entries and not other and not wrong:
            wrong.append(text("Say in the table what at least one value becomes."))
        if wrong:
            raise Invalid({"table": wrong})
        return {"entries": entries, **({"other": self._new(other)} if other else {})}

    def _add(self, entries: dict[str, str], line: TableLine) -> Text | None:
        """Take a line over, or say what is wrong with it."""
        if not line.old:
            return text("It does not say which value becomes “%(new)s”.", new=line.new)
        key = self._old(line.old)
        if key is None:
            return _no_option(line.old)
        if self._is_unknown_new(line.new):
            return _no_option(line.new)
        new = self._new(line.new)
        if entries.setdefault(key, new) != new:
            return text("“%(old)s” becomes something else in a line above.", old=line.old)
        return None

    def _old(self, said: str) -> str | None:
        """A value as it is looked up; None for an option that there is not."""
        found = [_code(names, said) for names in self._old_names if names is not None]
        known = next(filter(None, found), None)
        if known is not None:
            return known
        takes_any_text = not self._old_names or None in self._old_names
        return said if takes_any_text else None

    def _new(self, said: str) -> str:
        found = _code(self._new_names, said) if self._new_names is not None else None
        return found or said

    def _is_unknown_new(self, said: str) -> bool:
        if not said or self._new_names is None:
            return False
        return _code(self._new_names, said) is None


def _code(names: Names, said: str) -> str | None:
    """The code of the option that is called so, or has this code."""
    found = names.codes.get(plain(said))
    return found or (said if said in names.of else None)


def _no_option(said: str) -> Text:
    return text("“%(value)s” is none of the options.", value=said)


def entries_of(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """The lines of a table as an operation was given it: under their own name, or alone."""
    entries = parameters.get("entries")
    return entries if isinstance(entries, Mapping) else parameters
