"""The structure part of an Akeneo export folder as a structure document, the format of ``pim
structure apply``. Pure but for reading.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pim.errors import Invalid, Text, ngettext, text
from pim.imports.akeneo_attributes import NotTaken, read_attribute
from pim.imports.akeneo_files import (
    AkeneoRecord,
    Definition,
    Notice,
    Spellings,
    codes_in,
    find_file,
    labelled,
    read_records,
)
from pim.problems import Severity
from pim.structure.objects import RESERVED
from pim.values import CODE, CURRENCY, LOCALE


@dataclass(slots=True)
class AkeneoStructure:
    """``document``: in the structure format. ``attributes``: Akeneo's attribute code -> ours, for
    those taken. ``identifier``: Akeneo's. ``spellings``: section of the document -> how its codes
    are spelled.
    """

    document: dict[str, Any]
    attributes: dict[str, str]
    identifier: str
    spellings: dict[str, Spellings]
    notices: list[Notice] = field(default_factory=list)


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

    A code is looked up by the spellings of its section, so a section is read after those that its
    records point to.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notices: list[Notice] = []
        self.identifier = ""
        self.codes: dict[str, str] = {}
        self.attributes = Spellings()
        self.not_taken: set[str] = set()
        self.groups = Spellings()
        self.channels = Spellings()
        self.trees = Spellings()
        self.categories = Spellings()
        self.families = Spellings()
        self.variants = Spellings()

    def read(self) -> AkeneoStructure:
        categories = self._categories()
        channels = self._channels()
        groups = self._groups()
        document: dict[str, Any] = {
            "locales": _each_once(own["locales"] for own in channels.values()),
            "currencies": self._currencies(channels),
            "channels": channels,
            "groups": groups,
            "attributes": self._attributes(),
            "families": self._families(),
            "variants": self._variants(),
            "categories": categories,
            "associations": {
                record["code"]: labelled(record) for _, record in self._records("association_types")
            },
        }
        self._tell_what_is_left()
        kept = {section: content for section, content in document.items() if content}
        spellings = {
            "categories": self.categories,
            "family": self.families,
            "family_variant": self.variants,
        }
        return AkeneoStructure(kept, self.codes, self.identifier, spellings, self.notices)

    def _records(self, name: str) -> Iterator[tuple[int, AkeneoRecord]]:
        """(line, column -> cell) of a file; a row that cannot be read is told."""
        for found in read_records(self.folder, name):
            if isinstance(found, Notice):
                self.notices.append(found)
            else:
                yield found

    def _tell(self, name: str, line: int, sentence: Text, severity: Severity = "skipped") -> None:
        self.notices.append(Notice(f"{name}.csv", line, sentence, severity))

    def _channels(self) -> dict[str, Definition]:
        channels: dict[str, Definition] = {}
        for line, record in self._records("channels"):
            code = record["code"].lower()
            self.channels.add(code)
            channels[code] = labelled(record) | {
                "locales": self._locales(line, codes_in(record["locales"])),
                "currencies": self._currencies_of(line, codes_in(record["currencies"])),
                "tree": self.trees.find(record["tree"]) or record["tree"],
            }
        return channels

    def _locales(self, line: int, codes: Sequence[str]) -> list[str]:
        for code in codes:
            if not LOCALE.fullmatch(code):
                sentence = text("“%(locale)s” is not a locale that can be taken.", locale=code)
                self._tell("channels", line, sentence)
        return [code for code in codes if LOCALE.fullmatch(code)]

    def _currencies_of(self, line: int, codes: Sequence[str]) -> list[str]:
        for code in codes:
            if not CURRENCY.fullmatch(code):
                sentence = text("“%(code)s” is not a currency that can be taken.", code=code)
                self._tell("channels", line, sentence)
        return [code for code in codes if CURRENCY.fullmatch(code)]

    def _currencies(self, channels: Mapping[str, Definition]) -> list[str]:
        active = [
            record["code"]
            for _, record in self._records("currencies")
            if record["activated"] == "1" and CURRENCY.fullmatch(record["code"])
        ]
        return _each_once([active, *(own["currencies"] for own in channels.values())])

    def _groups(self) -> dict[str, Definition]:
        groups: dict[str, Definition] = {}
        for _, record in _ordered(self._records("attribute_groups")):
            self.groups.add(record["code"])
            groups[record["code"]] = labelled(record)
        return groups

    def _attributes(self) -> dict[str, Definition]:
        options = self._options()
        place = {
            record["code"].lower(): place
            for place, (_, record) in enumerate(_ordered(self._records("attribute_groups")))
        }
        records = sorted(
            _ordered(self._records("attributes")),
            key=lambda one: place.get(one[1].get("group", "").lower(), len(place)),
        )
        self.identifier = _identifier_among([record for _, record in records])
        found: dict[str, Definition] = {}
        for line, record in records:
            definition = self._attribute(line, record, options.get(record["code"].lower(), {}))
            if definition is not None:
                code = self._attribute_code(line, record["code"])
                self.codes[record["code"]] = code
                self.attributes.add(record["code"], code)
                found[code] = definition
        return found

    def _attribute(
        self, line: int, record: AkeneoRecord, options: dict[str, Definition]
    ) -> Definition | None:
        try:
            own, notes = read_attribute(record, record["code"] == self.identifier)
        except NotTaken as error:
            self._tell("attributes", line, error.text)
            self.not_taken.add(record["code"].lower())
            return None
        for note in notes:
            self._tell("attributes", line, note, "warning")
        group = self.groups.find(record.get("group", ""))
        if group is not None:
            own["group"] = group
        elif record.get("group"):
            sentence = text(
                "The group “%(group)s” of “%(code)s” is not there.",
                group=record["group"],
                code=record["code"],
            )
            self._tell("attributes", line, sentence, "warning")
        if options and own["type"] in ("choice", "choices"):
            own["options"] = options
        return own

    def _attribute_code(self, line: int, code: str) -> str:
        """Lower case, as no two Akeneo codes differ in case alone; a name that means something else
        here gets a prefix.
        """
        ours = code.lower()
        if not CODE.fullmatch(ours) or ours in RESERVED:
            ours = f"akeneo_{ours}"[:63]
            sentence = text(
                "The attribute “%(code)s” is called “%(ours)s” here.", code=code, ours=ours
            )
            self._tell("attributes", line, sentence, "warning")
        return ours

    def _options(self) -> dict[str, dict[str, Definition]]:
        found: dict[str, dict[str, Definition]] = {}
        for _, record in _ordered(self._records("attribute_options")):
            found.setdefault(record["attribute"].lower(), {})[record["code"]] = labelled(record)
        return found

    def _families(self) -> dict[str, Definition]:
        families: dict[str, Definition] = {}
        for line, record in self._records("families"):
            self.families.add(record["code"])
            families[record["code"]] = self._family(line, record)
        return families

    def _family(self, line: int, record: AkeneoRecord) -> Definition:
        codes = codes_in(record["attributes"])
        for code in codes:
            if self.attributes.find(code) is None and code.lower() not in self.not_taken:
                sentence = text(
                    "The attribute “%(code)s” of the family “%(family)s” is not there.",
                    code=code,
                    family=record["code"],
                )
                self._tell("families", line, sentence)
        own = labelled(record) | {"attributes": self._taken(codes)}
        for ours, theirs in (("label", "attribute_as_label"), ("picture", "attribute_as_image")):
            named = self.attributes.find(record.get(theirs, ""))
            if named is not None:
                own[ours] = named
        requirements = self._requirements(line, record)
        return own | ({"requirements": requirements} if requirements else {})

    def _requirements(self, line: int, record: AkeneoRecord) -> dict[str, list[str]]:
        """Channel -> the attributes that it needs."""
        requirements: dict[str, list[str]] = {}
        for column, cell in record.items():
            if not column.startswith("requirements-"):
                continue
            channel = self.channels.find(column.removeprefix("requirements-"))
            if channel is not None:
                requirements[channel] = self._taken(codes_in(cell))
            elif cell:
                sentence = text(
                    "“%(column)s” of “%(code)s” is not taken: there is no such channel.",
                    column=column,
                    code=record["code"],
                )
                self._tell("families", line, sentence)
        return requirements

    def _taken(self, codes: Sequence[str]) -> list[str]:
        """Our codes, each once, for those of Akeneo's that came along."""
        ours = (self.attributes.find(code) for code in codes)
        return list(dict.fromkeys(code for code in ours if code is not None))

    def _variants(self) -> dict[str, Definition]:
        found: dict[str, Definition] = {}
        for line, record in self._records("family_variants"):
            variant = self._variant(line, record)
            if variant is not None:
                self.variants.add(record["code"])
                found[record["code"]] = variant
        return found

    def _variant(self, line: int, record: AkeneoRecord) -> Definition | None:
        """How a family varies; None, which is told, where it cannot be taken."""
        code, family = record["code"], self.families.find(record["family"])
        if family is None:
            sentence = text(
                "The variant “%(code)s” is not taken: there is no family “%(family)s”.",
                code=code,
                family=record["family"],
            )
            self._tell("family_variants", line, sentence)
            return None
        levels = [level for number in ("1", "2") if (level := self._level(line, record, number))]
        if not levels or not all(level["axes"] for level in levels):
            sentence = text("The variant “%(code)s” is not taken: it has no axes here.", code=code)
            self._tell("family_variants", line, sentence)
            return None
        return {"family": family, **labelled(record), "levels": levels}

    def _level(self, line: int, record: AkeneoRecord, number: str) -> Definition | None:
        """One level of a variant, None where it has none of this number."""
        codes = codes_in(record.get(f"variant-axes_{number}", ""))
        if not codes:
            return None
        axes = self._taken(codes)
        if len(axes) < len(codes):
            sentence = text(
                "The variant “%(code)s” varies by an attribute that is not taken.",
                code=record["code"],
            )
            self._tell("family_variants", line, sentence)
        held = self._taken(codes_in(record.get(f"variant-attributes_{number}", "")))
        return {"axes": axes, "attributes": [code for code in held if code not in axes]}

    def _categories(self) -> dict[str, Definition]:
        """The trees; a child may stand before its parent in the file."""
        records = list(self._records("categories"))
        nodes: dict[str, Definition] = {}
        for _, record in records:
            self.categories.add(record["code"])
            nodes[record["code"]] = labelled(record)
        trees: dict[str, Definition] = {}
        for line, record in records:
            code, named = record["code"], record.get("parent", "")
            parent = self.categories.find(named)
            if named and parent is None:
                sentence = text(
                    "“%(code)s” becomes a tree: its parent “%(parent)s” is not there.",
                    code=code,
                    parent=named,
                )
                self._tell("categories", line, sentence, "warning")
            home = trees if parent is None else nodes[parent].setdefault("children", {})
            home[code] = nodes[code]
            if parent is None:
                nodes[code]["parent"] = None
        placed = set(_codes_below(trees))
        for line, record in records:
            if record["code"] not in placed:
                sentence = text(
                    "The category “%(code)s” is not taken: the categories above it form a circle.",
                    code=record["code"],
                )
                self._tell("categories", line, sentence)
        for code in trees:
            self.trees.add(code)
        return trees

    def _tell_what_is_left(self) -> None:
        for name, (sentence, severity) in _LEFT.items():
            count = sum(1 for _ in self._records(name))
            if count:
                self._tell(name, 0, sentence(count), severity)


_LEFT: Mapping[str, tuple[Callable[[int], Text], Severity]] = {
    "groups": (
        lambda count: ngettext(
            "%(num)s product group is not taken; categories do its work here.",
            "%(num)s product groups are not taken; categories do their work here.",
            count,
        ),
        "skipped",
    ),
    "group_types": (
        lambda count: ngettext(
            "%(num)s group type is not taken.", "%(num)s group types are not taken.", count
        ),
        "warning",
    ),
    "user_groups": (
        lambda count: ngettext(
            "%(num)s user group is not taken; give people roles here.",
            "%(num)s user groups are not taken; give people roles here.",
            count,
        ),
        "warning",
    ),
    "user_roles": (
        lambda count: ngettext(
            "%(num)s user role is not taken; give people roles here.",
            "%(num)s user roles are not taken; give people roles here.",
            count,
        ),
        "warning",
    ),
}
"""Files that nothing here stands for: what is said of them. Only product groups say something of
products.
"""


def _identifier_among(attributes: Sequence[AkeneoRecord]) -> str:
    """The attribute that names the products; newer Akeneos have several identifiers."""
    identifiers = [one for one in attributes if one["type"] == "pim_catalog_identifier"]
    for record in identifiers:
        if record.get("main_identifier") == "1":
            return record["code"]
    return identifiers[0]["code"] if identifiers else "sku"


def _each_once(lists: Iterator[list[str]] | Sequence[list[str]]) -> list[str]:
    """All items of the lists in their order, each once."""
    return list(dict.fromkeys(item for items in lists for item in items))


def _codes_below(branches: Mapping[str, Definition]) -> Iterator[str]:
    for code, own in branches.items():
        yield code
        yield from _codes_below(own.get("children", {}))


def _ordered(records: Iterator[tuple[int, AkeneoRecord]]) -> list[tuple[int, AkeneoRecord]]:
    """By ``sort_order``; the order of the file decides between equals."""
    return sorted(
        records,
        key=lambda one: (
            int(one[1]["sort_order"]) if one[1].get("sort_order", "").isdecimal() else 0
        ),
    )
