"""What a record says that is compared with others of the shop: its name, its main picture, its
measurements. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log2

from pim.folding import fold
from pim.quality.records import JudgedRecord, digest
from pim.quality_kinds import OUTLIER, REPEATED_NAME, SHARED_PICTURE
from pim.structure.objects import Structure

STEPS = 8
"""In which a doubling is measured: two amounts of one step differ by 9 per cent at most."""


@dataclass(frozen=True)
class Fact:
    """``group``: the same for all that is compared. ``number``: of a measurement its size in steps
    of an eighth of a doubling, otherwise 0.
    """

    kind: str
    address: str
    group: str
    number: int
    digest: str


def facts_of(structure: Structure, record: JudgedRecord) -> Iterator[Fact]:
    """What is retired is compared with nothing: its successor may look just like it."""
    if not record.is_retired:
        yield from _names(structure, record)
        yield from _pictures(structure, record)
        yield from _measurements(structure, record)


def _names(structure: Structure, record: JudgedRecord) -> Iterator[Fact]:
    family = structure.families.get(record.family or "")
    attribute = structure.attributes.get(family.label or "") if family else None
    if attribute is None or not attribute.type.is_free_text:
        return
    for address in map(str, structure.addresses(attribute)):
        name = record.values.get(address)
        if name is not None:
            said = " ".join(fold(name).split())
            group = digest([REPEATED_NAME, record.family, address, said])
            yield Fact(REPEATED_NAME, address, group, 0, digest(name))


def _pictures(structure: Structure, record: JudgedRecord) -> Iterator[Fact]:
    """The first picture of a product is its own; those behind it may show a logo, a label or a
    table of sizes.
    """
    family = structure.families.get(record.family or "")
    attribute = structure.attributes.get(family.picture or "") if family else None
    if attribute is None:
        return
    for address in map(str, structure.addresses(attribute)):
        value = record.values.get(address)
        if value:
            first = value[0] if isinstance(value, list) else value
            group = digest([SHARED_PICTURE, first])
            yield Fact(SHARED_PICTURE, address, group, 0, digest(value))


def _measurements(structure: Structure, record: JudgedRecord) -> Iterator[Fact]:
    if record.family is None:
        return
    for address, value in record.values.items():
        attribute = structure.attribute_at.get(address)
        if attribute is None or not attribute.type.has_sizes:
            continue
        size = attribute.type.size(value)
        if size is not None:
            group = digest([OUTLIER, record.family, address])
            yield Fact(OUTLIER, address, group, round(STEPS * log2(size)), digest(value))
