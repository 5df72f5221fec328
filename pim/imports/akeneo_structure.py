"""The structure part of an Akeneo export folder as a structure document, the format of ``pim
structure apply``. Pure but for reading.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pim.attributes.patterns import fault
from pim.attributes.units import find_dimension, find_unit
from pim.errors import Invalid, NotFound, Text, text
from pim.imports.readers import open_rows
from pim.imports.rows import Table, UnreadableRow
from pim.structure.objects import RESERVED
from pim.values import CODE, LOCALE

AkeneoRecord = Mapping[str, str]
Definition = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something of the folder that comes in otherwise or not at all. ``line`` 0: the file as a
    whole.
    """

    file: str
    line: int
    text: Text


@dataclass(slots=True)
class AkeneoStructure:
    """``document``: in the structure format. ``attributes``: Akeneo's attribute code -> ours, for
    those taken. ``identifier``: Akeneo's.
    """

    document: dict[str, Any]
    attributes: dict[str, str]
    identifier: str
    notices: list[Notice] = field(default_factory=list)


def find_file(folder: Path, name: str) -> Path | None:
    """``name.csv``, ``.csv.gz`` or ``.xlsx`` in the folder."""
    return next(
        (
            path
            for ending in (".csv", ".csv.gz", ".xlsx")
            if (path := folder / (name + ending)).is_file()
        ),
        None,
    )


def open_file(path: Path, needed: Sequence[str] = ()) -> Table:
    """The table in one file of the folder. :class:`Invalid` names the file where it is none, or
    lacks a column that is needed.
    """
    try:
        table = open_rows(path)
    except Invalid as error:
        raise Invalid(
            {path.name: [one for texts in error.messages.values() for one in texts]}
        ) from None
    missing = [name for name in needed if name not in table.header]
    if missing:
        raise Invalid(
            {path.name: [text("The column “%(name)s” is missing.", name=name) for name in missing]}
        )
    return table


def read_structure(folder: Path) -> AkeneoStructure:
    """Read every structure file of the folder. :class:`Invalid` when it holds no ``channels`` or
    ``attributes`` file.
    """
    missing = [name for name in ("channels", "attributes") if find_file(folder, name) is None]
    if missing:
        sentence = text(
            "This is not an Akeneo export: %(files)s is missing.",
            files=", ".join(f"{name}.csv" for name in missing),
        )
        raise Invalid({"folder": [sentence]})
    return _Reading(folder).read()


class _Reading:
    """One pass over the folder: each method gives one section of the document, and what it had to
    leave out goes to the notices.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notices: list[Notice] = []
        self.codes: dict[str, str] = {}
        self.identifier = ""
        self.types: dict[str, str] = {}

    def read(self) -> AkeneoStructure:
        channels = self._channels()
        locales = list(
            dict.fromkeys(locale for channel in channels.values() for locale in channel["locales"])
        )
        document: dict[str, Any] = {
            "locales": locales,
            "currencies": self._currencies(channels),
            "channels": channels,
            "groups": {
                record["code"]: _labelled(record)
                for _, record in _ordered(self._records("attribute_groups"))
            },
            "attributes": self._attributes(),
            "families": self._families(),
            "variants": self._variants(),
            "categories": self._categories(),
            "associations": {
                record["code"]: _labelled(record)
                for _, record in self._records("association_types")
            },
        }
        self._tell_what_is_left()
        kept = {section: content for section, content in document.items() if content}
        return AkeneoStructure(kept, self.codes, self.identifier, self.notices)

    def _records(self, name: str) -> Iterator[tuple[int, AkeneoRecord]]:
        """(line, column -> cell) of a file; nothing when it is absent or empty, as Akeneo leaves
        them.
        """
        path = find_file(self.folder, name)
        if path is None or path.stat().st_size == 0:
            return
        table = open_file(path, _NEEDED.get(name, ()))
        for line, cells in table.rows:
            if isinstance(cells, UnreadableRow):
                self.notices.append(Notice(path.name, line, cells.rule))
            else:
                yield line, dict(zip(table.header, cells, strict=True))

    def _tell(self, name: str, line: int, sentence: Text) -> None:
        self.notices.append(Notice(f"{name}.csv", line, sentence))

    def _channels(self) -> dict[str, Definition]:
        channels: dict[str, Definition] = {}
        for line, record in self._records("channels"):
            locales = _codes(record["locales"])
            for locale in [one for one in locales if not LOCALE.fullmatch(one)]:
                self._tell(
                    "channels",
                    line,
                    text("“%(locale)s” is not a locale that can be taken.", locale=locale),
                )
                locales.remove(locale)
            code = record["code"].lower()
            channels[code] = _labelled(record) | {
                "locales": locales,
                "currencies": _codes(record["currencies"]),
                "tree": record["tree"],
            }
        return channels

    def _currencies(self, channels: Mapping[str, Definition]) -> list[str]:
        active = [
            record["code"]
            for _, record in self._records("currencies")
            if record["activated"] == "1"
        ]
        return list(
            dict.fromkeys(
                [
                    *active,
                    *(code for channel in channels.values() for code in channel["currencies"]),
                ]
            )
        )

    def _attributes(self) -> dict[str, Definition]:
        options = self._options()
        order = {
            record["code"]: place
            for place, (_, record) in enumerate(_ordered(self._records("attribute_groups")))
        }
        records = sorted(
            _ordered(self._records("attributes")),
            key=lambda one: order.get(one[1].get("group", ""), len(order)),
        )
        identifiers = [
            record for _, record in records if record["type"] == "pim_catalog_identifier"
        ]
        main = next(
            (record for record in identifiers if record.get("main_identifier") == "1"),
            next(iter(identifiers), {}),
        )
        self.identifier = main.get("code", "sku")
        found: dict[str, Definition] = {}
        for line, record in records:
            definition = self._attribute(line, record, options.get(record["code"].lower(), {}))
            if definition is not None:
                code = self._attribute_code(line, record["code"])
                self.codes[record["code"]] = code
                found[code] = definition
        return found

    def _attribute_code(self, line: int, code: str) -> str:
        """Lower case, as no two Akeneo codes differ in case alone; a name that means something else
        here gets a prefix.
        """
        ours = code.lower()
        if not CODE.fullmatch(ours) or ours in RESERVED:
            ours = f"akeneo_{ours}"[:63]
            self._tell(
                "attributes",
                line,
                text("The attribute “%(code)s” is called “%(ours)s” here.", code=code, ours=ours),
            )
        return ours

    def _attribute(
        self, line: int, record: AkeneoRecord, options: dict[str, Definition]
    ) -> Definition | None:
        kind = _kind(record, record["code"] == self.identifier)
        if kind is None:
            sentence = text(
                "The attribute “%(code)s” of type “%(type)s” is not taken.",
                code=record["code"],
                type=record["type"],
            )
            self._tell("attributes", line, sentence)
            return None
        try:
            settings = _SETTINGS[kind](record) if kind in _SETTINGS else {}
        except _NotTaken as error:
            self._tell("attributes", line, error.text)
            kind, settings = error.kind, error.settings
        if record.get("available_locales"):
            self._tell(
                "attributes",
                line,
                text("“%(code)s” is open to all locales here.", code=record["code"]),
            )
        own = {
            "type": kind,
            **({"group": record["group"]} if record.get("group") else {}),
            **_labelled(record),
            **settings,
        }
        own |= {ours: True for ours, theirs in _FLAGS.items() if record.get(theirs) == "1"}
        return own | ({"options": options} if kind in ("choice", "choices") and options else {})

    def _options(self) -> dict[str, dict[str, Definition]]:
        found: dict[str, dict[str, Definition]] = {}
        for _, record in _ordered(self._records("attribute_options")):
            found.setdefault(record["attribute"].lower(), {})[record["code"]] = _labelled(record)
        return found

    def _taken(self, codes: Sequence[str]) -> list[str]:
        """Our codes for those of Akeneo's that came along."""
        return [self.codes[code] for code in codes if code in self.codes]

    def _families(self) -> dict[str, Definition]:
        return {record["code"]: self._family(record) for _, record in self._records("families")}

    def _family(self, record: AkeneoRecord) -> Definition:
        own = _labelled(record) | {"attributes": self._taken(_codes(record["attributes"]))}
        for ours, theirs in (("label", "attribute_as_label"), ("picture", "attribute_as_image")):
            taken = self._taken([record.get(theirs, "")])
            own |= {ours: taken[0]} if taken else {}
        requirements = {
            column.removeprefix("requirements-").lower(): self._taken(_codes(cell))
            for column, cell in record.items()
            if column.startswith("requirements-")
        }
        return own | ({"requirements": requirements} if requirements else {})

    def _variants(self) -> dict[str, Definition]:
        found: dict[str, Definition] = {}
        for line, record in self._records("family_variants"):
            levels = []
            for number in ("1", "2"):
                axes = _codes(record.get(f"variant-axes_{number}", ""))
                if axes and len(self._taken(axes)) < len(axes):
                    sentence = text(
                        "The variant “%(code)s” varies by an attribute that is not taken.",
                        code=record["code"],
                    )
                    self._tell("family_variants", line, sentence)
                if axes:
                    held = [
                        code
                        for code in _codes(record.get(f"variant-attributes_{number}", ""))
                        if code not in axes
                    ]
                    levels.append({"axes": self._taken(axes), "attributes": self._taken(held)})
            if levels and all(level["axes"] for level in levels):
                found[record["code"]] = {
                    "family": record["family"],
                    **_labelled(record),
                    "levels": levels,
                }
        return found

    def _categories(self) -> dict[str, Definition]:
        """The trees; a child may stand before its parent in the file."""
        records = list(self._records("categories"))
        nodes = {record["code"]: _labelled(record) for _, record in records}
        trees: dict[str, Definition] = {}
        for line, record in records:
            code, parent = record["code"], record.get("parent", "")
            if parent and parent not in nodes:
                sentence = text(
                    "“%(code)s” becomes a tree: its parent “%(parent)s” is not there.",
                    code=code,
                    parent=parent,
                )
                self._tell("categories", line, sentence)
            home = nodes[parent].setdefault("children", {}) if parent in nodes else trees
            home[code] = nodes[code]
        placed = set(_codes_below(trees))
        for line, record in records:
            if record["code"] not in placed:
                sentence = text(
                    "The category “%(code)s” is not taken: the categories above it form a circle.",
                    code=record["code"],
                )
                self._tell("categories", line, sentence)
        return trees

    def _tell_what_is_left(self) -> None:
        for name, sentence in _LEFT.items():
            count = sum(1 for _ in self._records(name))
            if count:
                self._tell(name, 0, Text(sentence.msgid, {"count": count}))


_NEEDED = {
    "channels": ("code", "locales", "currencies", "tree"),
    "currencies": ("code", "activated"),
    "attribute_groups": ("code",),
    "attributes": ("code", "type"),
    "attribute_options": ("attribute", "code"),
    "families": ("code", "attributes"),
    "family_variants": ("code", "family"),
    "categories": ("code",),
    "association_types": ("code",),
}
"""File -> columns without which it says nothing."""
_LEFT = {
    "groups": text("%(count)s product groups are not taken; categories do their work here."),
    "group_types": text("%(count)s group types are not taken."),
    "user_groups": text("%(count)s user groups are not taken; give people roles here."),
    "user_roles": text("%(count)s user roles are not taken; give people roles here."),
}

_TYPES = {
    "pim_catalog_identifier": "identifier",
    "pim_catalog_text": "text",
    "pim_catalog_textarea": "text",
    "pim_catalog_number": "number",
    "pim_catalog_metric": "measurement",
    "pim_catalog_price_collection": "price",
    "pim_catalog_boolean": "boolean",
    "pim_catalog_date": "date",
    "pim_catalog_simpleselect": "choice",
    "pim_catalog_multiselect": "choices",
    "pim_reference_data_simpleselect": "choice",
    "pim_reference_data_multiselect": "choices",
    "pim_catalog_image": "asset",
    "pim_catalog_file": "asset",
}
_FLAGS = {
    "localizable": "localizable",
    "scopable": "scopable",
    "filterable": "useable_as_grid_filter",
    "unique": "unique",
}
_GTIN = re.compile(r"(ean|gtin|upc)(_?\d+)?")


def _kind(record: AkeneoRecord, is_identifier: bool) -> str | None:
    kind = _TYPES.get(record["type"])
    if kind == "identifier" and not is_identifier:
        return "text"  # newer Akeneos have several; one names the product
    if record["type"] == "pim_catalog_text" and _GTIN.fullmatch(record["code"].lower()):
        return "gtin"
    if record["type"] == "pim_catalog_textarea" and record.get("wysiwyg_enabled") == "1":
        return "richtext"
    return kind


class _NotTaken(Exception):
    """A setting has no counterpart: why, and what the attribute becomes instead."""

    def __init__(self, sentence: Text, kind: str, settings: Definition) -> None:
        super().__init__(str(sentence))
        self.text, self.kind, self.settings = sentence, kind, settings


def _length(record: AkeneoRecord) -> Definition:
    return (
        {"max_length": int(record["max_characters"])}
        if record.get("max_characters", "").isdecimal()
        else {}
    )


def _words(kind: str) -> Callable[[AkeneoRecord], Definition]:
    def settings(record: AkeneoRecord) -> Definition:
        own, rule = _length(record), record.get("validation_rule", "")
        if rule in ("url", "email"):
            raise _NotTaken(
                text(
                    "The rule “%(rule)s” of “%(code)s” is not taken.",
                    rule=rule,
                    code=record["code"],
                ),
                kind,
                own,
            )
        if rule == "regexp" and record.get("validation_regexp"):
            pattern = _pattern(record["validation_regexp"])
            if fault(pattern) is not None:
                raise _NotTaken(
                    text("The pattern of “%(code)s” cannot be taken.", code=record["code"]),
                    kind,
                    own,
                )
            own["pattern"] = pattern
        return own

    return settings


def _pattern(php: str) -> str:
    """``/^[A-Z]+$/i`` as a pattern for the whole text: Akeneo is content with a match inside it."""
    found = re.fullmatch(r"([/#~])(.*)\1([a-z]*)", php, re.DOTALL)
    body, flags = (found[2], found[3]) if found else (php, "")
    whole = body if body.startswith("^") and body.endswith("$") else f"(?s:.*)(?:{body})(?s:.*)"
    return f"(?i){whole}" if "i" in flags else whole


def _numbers(record: AkeneoRecord) -> Definition:
    own: Definition = {"min": record["number_min"]} if record.get("number_min") else {}
    if not own and record.get("negative_allowed") == "0":
        own["min"] = "0"
    if record.get("number_max"):
        own["max"] = record["number_max"]
    return own | ({"decimals": 0} if record.get("decimals_allowed") == "0" else {})


def _measurement(record: AkeneoRecord) -> Definition:
    own = _numbers(record)
    try:
        dimension = find_dimension(record.get("metric_family", ""))
    except NotFound as error:
        raise _NotTaken(error.message, "number", own) from None
    try:
        return {
            "dimension": dimension,
            "unit": find_unit(record.get("default_metric_unit", ""), dimension).code,
            **own,
        }
    except NotFound as error:
        raise _NotTaken(error.message, "measurement", {"dimension": dimension}) from None


def _days(record: AkeneoRecord) -> Definition:
    return {
        ours: record[theirs][:10]
        for ours, theirs in (("min", "date_min"), ("max", "date_max"))
        if record.get(theirs)
    }


def _extensions(record: AkeneoRecord) -> Definition:
    extensions = _codes(record.get("allowed_extensions", ""))
    return {"extensions": extensions} if extensions else {}


_SETTINGS: dict[str, Callable[[AkeneoRecord], Definition]] = {
    "identifier": _words("identifier"),
    "text": _words("text"),
    "richtext": _length,
    "number": _numbers,
    "price": _numbers,
    "measurement": _measurement,
    "date": _days,
    "asset": _extensions,
}


def _labelled(record: AkeneoRecord) -> Definition:
    labels = {
        column.removeprefix("label-"): cell
        for column, cell in record.items()
        if column.startswith("label-") and cell
    }
    return {"labels": labels} if labels else {}


def _codes_below(branches: Mapping[str, Definition]) -> Iterator[str]:
    for code, own in branches.items():
        yield code
        yield from _codes_below(own.get("children", {}))


def _codes(cell: str) -> list[str]:
    return [code.strip() for code in cell.split(",") if code.strip()]


def _ordered(records: Iterator[tuple[int, AkeneoRecord]]) -> list[tuple[int, AkeneoRecord]]:
    """By ``sort_order``; the order of the file decides between equals."""
    return sorted(
        records,
        key=lambda one: (
            int(one[1]["sort_order"]) if one[1].get("sort_order", "").isdecimal() else 0
        ),
    )
