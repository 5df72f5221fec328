"""Whether the parts of a structure fit together: every reference leads somewhere, every axis can
tell variants apart. Pure.
"""

from collections.abc import Iterable, Iterator

from pim.errors import Text, text
from pim.structure.objects import ASSET, PRODUCT, Attribute, Family, FamilyVariant, Structure

Complaints = dict[str, list[Text]]
"""Path in the structure file -> sentences."""
Complaint = tuple[str, Text]


def contradictions(structure: Structure) -> Complaints:
    """Everything that does not fit, with its path in the structure file."""
    found: Complaints = {}
    for check in (_channels, _attributes, _families, _variants, _categories):
        for path, sentence in check(structure):
            found.setdefault(path, []).append(sentence)
    return found


def _need(
    path: str, codes: Iterable[str | None], there: Iterable[str], what: str
) -> Iterator[Complaint]:
    known = set(there)
    seen: set[str] = set()
    for code in codes:
        if code is None:
            continue
        if code not in known:
            yield path, text("There is no %(what)s “%(code)s”.", what=what, code=code)
        elif code in seen:
            yield path, text("“%(code)s” is there twice.", code=code)
        seen.add(code)


def _channels(structure: Structure) -> Iterator[Complaint]:
    for channel in structure.channels.values():
        path = f"channels.{channel.code}"
        yield from _need(f"{path}.locales", channel.locales, structure.locales, "locale")
        yield from _need(f"{path}.currencies", channel.currencies, structure.currencies, "currency")
        yield from _need(f"{path}.tree", [channel.tree], structure.categories, "category")


def _attributes(structure: Structure) -> Iterator[Complaint]:
    for attribute in structure.attributes.values():
        path = f"attributes.{attribute.code}"
        yield from _need(f"{path}.group", [attribute.group], structure.groups, "attribute group")
        if attribute.type.is_identifier:
            if attribute.localizable or attribute.scopable:
                yield path, text("An identifier is the same in every channel and locale.")
            if attribute.code != structure.identifier:
                yield (
                    path,
                    text("There is an identifier already: “%(code)s”.", code=structure.identifier),
                )


def _families(structure: Structure) -> Iterator[Complaint]:
    for family in structure.families.values():
        yield from _family(structure, family, f"families.{family.code}")


def _family(structure: Structure, family: Family, path: str) -> Iterator[Complaint]:
    yield from _need(f"{path}.attributes", family.attributes, structure.attributes, "attribute")
    yield from _need(f"{path}.label", [family.label], family.attributes, "attribute of this family")
    yield from _need(
        f"{path}.picture", [family.picture], family.attributes, "attribute of this family"
    )
    if family.kind == ASSET:
        yield from _asset_family(structure, family, path)
    picture = structure.attributes.get(family.picture or "")
    if picture is not None and not picture.type.names_assets:
        yield f"{path}.picture", text("“%(code)s” holds no pictures.", code=picture.code)
    yield from _need(f"{path}.requirements", family.requirements, structure.channels, "channel")
    for channel, codes in family.requirements.items():
        yield from _need(
            f"{path}.requirements.{channel}", codes, family.attributes, "attribute of this family"
        )


def _asset_family(structure: Structure, family: Family, path: str) -> Iterator[Complaint]:
    """An asset is a picture itself, and it is named by its content."""
    if family.picture is not None:
        yield f"{path}.picture", text("A family of assets has no picture attribute.")
    if structure.identifier in family.attributes:
        sentence = text("“%(code)s” identifies products, not assets.", code=structure.identifier)
        yield f"{path}.attributes", sentence


def _variants(structure: Structure) -> Iterator[Complaint]:
    families = structure.families_of(PRODUCT)
    for variant in structure.variants.values():
        path = f"variants.{variant.code}"
        yield from _need(f"{path}.family", [variant.family], families, "family of products")
        if variant.family in structure.families:
            yield from _levels(structure, variant, f"{path}.levels")


def _levels(structure: Structure, variant: FamilyVariant, path: str) -> Iterator[Complaint]:
    own = structure.families[variant.family].attributes
    axes = [axis for level in variant.levels for axis in level.axes]
    yield from _need(path, axes, own, "attribute of this family")
    for level in variant.levels:
        yield from _need(path, level.attributes, own, "attribute of this family")
    for axis in axes:
        attribute = structure.attributes.get(axis)
        if attribute is not None and not _tells_apart(attribute):
            yield (
                path,
                text(
                    "“%(code)s” cannot be an axis: it differs by locale, channel or currency.",
                    code=axis,
                ),
            )


def _tells_apart(attribute: Attribute) -> bool:
    return not (attribute.localizable or attribute.scopable or attribute.is_per_currency)


def _categories(structure: Structure) -> Iterator[Complaint]:
    for category in structure.categories.values():
        path = f"categories.{category.code}"
        yield from _need(path, [category.parent], structure.categories, "category")
        if structure.categories[structure.path(category.code)[-1]].parent in structure.categories:
            yield path, text("This category is its own ancestor.")
