"""A structure that does not hold together is refused whole, with every complaint under its path."""

from typing import Any

import pytest

from pim.db import Database
from pim.definitions import read_yaml
from pim.errors import Invalid
from pim.structure import queries, service
from pim.structure.document import flatten
from pim.structure.parse import build_structure


def paths(document: Any) -> list[str]:
    with pytest.raises(Invalid) as refused:
        build_structure(flatten(document), 1)
    return sorted(refused.value.messages)


def changed(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The document with another value at ``attributes.name.group``."""
    *way, last = path.split(".")
    place = document
    for step in way:
        place = place[step]
    place[last] = value
    return document


def test_the_document_itself_is_sound(document: dict[str, Any]) -> None:
    assert build_structure(flatten(document), 1).identifier == "sku"


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("colours", {}, "colours"),
        ("locales", {"nl_NL": {}}, "locales"),
        ("locales", ["nl"], "locales.nl"),
        ("locales", ["nl_NL", "en_GB", "nl_NL"], "locales.nl_NL"),
        ("currencies", ["EUR", "USD", True], "currencies"),
        ("groups", ["marketing"], "groups"),
        ("channels.webshop.locales", [], "channels.webshop.locales"),
        ("channels.webshop.locales", ["nl_NL", "fr_FR"], "channels.webshop.locales"),
        ("channels.webshop.currencies", ["GBP"], "channels.webshop.currencies"),
        ("channels.webshop.tree", "garden", "channels.webshop.tree"),
        ("channels.Web shop", {"locales": ["nl_NL"]}, "channels.Web shop"),
        ("channels.unit", {"locales": ["nl_NL"]}, "channels.unit"),
        ("channels.products", {"locales": ["nl_NL"]}, "channels.products"),
        ("channels.webshop.colour", "red", "channels.webshop.colour"),
        ("attributes.Name", {"type": "text"}, "attributes.Name"),
        ("attributes.status", {"type": "text"}, "attributes.status"),
        ("attributes.categories", {"type": "text"}, "attributes.categories"),
        ("attributes.brand", {}, "attributes.brand.type"),
        ("attributes.brand", {"type": "string"}, "attributes.brand.type"),
        ("attributes.brand", "text", "attributes.brand"),
        ("attributes.brand", {"type": "text", "decimals": 2}, "attributes.brand.decimals"),
        ("attributes.brand", {"type": "text", "owner": "the ERP"}, "attributes.brand.owner"),
        ("attributes.brand", {"type": "text", "owner": "erp\n"}, "attributes.brand.owner"),
        (
            "attributes.brand",
            {"type": "text", "localizable": "sometimes"},
            "attributes.brand.localizable",
        ),
        (
            "attributes.brand",
            {"type": "text", "labels": {False: "Nee"}},
            "attributes.brand.labels.False",
        ),
        (
            "attributes.brand",
            {"type": "measurement", "dimension": "taste"},
            "attributes.brand.dimension",
        ),
        ("attributes.name.group", "sales", "attributes.name.group"),
        ("attributes.name.pattern", "(", "attributes.name.pattern"),
        ("attributes.number", {"type": "identifier"}, "attributes.number"),
        ("attributes.sku.localizable", True, "attributes.sku"),
        ("attributes.color.options", {"light blue": {}}, "attributes.color.options"),
        ("attributes.color.options", {False: {}}, "attributes.color.options.False"),
        ("attributes.color.options", ["red"], "attributes.color.options"),
        ("attributes.name.options", {"red": {}}, "attributes.name.options"),
        (
            "families.shirts.attributes",
            ["sku", "name", "price", "color", "size", "pictures", "brand"],
            "families.shirts.attributes",
        ),
        ("families.shirts.label", "weight", "families.shirts.label"),
        ("families.shirts.picture", "name", "families.shirts.picture"),
        ("families.shirts.requirements", {"till": ["name"]}, "families.shirts.requirements"),
        (
            "families.shirts.requirements.webshop",
            ["name", "weight"],
            "families.shirts.requirements.webshop",
        ),
        ("variants.by_color_size.family", "trousers", "variants.by_color_size.family"),
        ("variants.by_color_size.levels", [], "variants.by_color_size.levels"),
        ("variants.by_color_size.levels", [{"axes": []}], "variants.by_color_size.levels.0.axes"),
        ("variants.by_color_size.levels", [{"axes": ["weight"]}], "variants.by_color_size.levels"),
        ("variants.by_color_size.levels", [{"axes": ["name"]}], "variants.by_color_size.levels"),
        (
            "variants.by_color_size.levels",
            [{"axes": ["color"]}, {"axes": ["color"]}],
            "variants.by_color_size.levels",
        ),
        ("categories.garden", {"children": {"men": {}}}, "categories.men"),
        ("categories.garden", {"parent": "shop"}, "categories.garden.parent"),
        ("associations.up sell", {}, "associations.up sell"),
    ],
)
def test_each_fault_has_its_path(
    document: dict[str, Any], path: str, value: Any, complaint: str
) -> None:
    assert paths(changed(document, path, value)) == [complaint]


def test_a_category_below_itself_is_refused(document: dict[str, Any]) -> None:
    document["categories"]["shop"]["children"]["men"] = {"children": {"shop": {}}}
    assert paths(document) == ["categories.shop"]
    with pytest.raises(Invalid, match="recursive"):
        read_yaml("categories: {shop: &endless {children: {men: *endless}}}")


def test_all_complaints_come_at_once(document: dict[str, Any]) -> None:
    document["attributes"] |= {
        "Name": {"type": "text"},
        "status": {"type": "text"},
        "brand": {"type": "string"},
    }
    document["channels"]["webshop"]["locales"] = []
    assert paths(document) == [
        "attributes.Name",
        "attributes.brand.type",
        "attributes.status",
        "channels.webshop.locales",
    ]


def test_a_shape_that_is_wrong_hides_no_other_complaint(
    database: Database, document: dict[str, Any]
) -> None:
    document["attributes"] |= {"brand": {"type": "string"}, "size": "text"}
    document["channels"]["webshop"]["locales"] = []
    with database.reading() as session, pytest.raises(Invalid) as refused:
        service.compare(session, document)
    assert sorted(refused.value.messages) == [
        "attributes.brand.type",
        "attributes.size",
        "channels.webshop.locales",
    ]


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (
            "attributes.name.owner",
            "the ERP",
            "A code begins with a letter and has only a-z, 0-9 and _.",
        ),
        ("variants.by_color_size.levels", [{"axes": []}], "There are one to five axes."),
    ],
)
def test_complaints_are_sentences_of_ours(
    document: dict[str, Any], path: str, value: Any, sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        build_structure(flatten(changed(document, path, value)), 1)
    assert [str(one) for texts in refused.value.messages.values() for one in texts] == [sentence]


def test_nothing_of_a_refused_structure_is_applied(
    database: Database, document: dict[str, Any]
) -> None:
    document["families"]["shirts"]["label"] = "title"
    with database.writing() as session:
        with pytest.raises(Invalid):
            service.compare(session, document)
        with pytest.raises(Invalid):
            service.apply(session, document)
        assert queries.items(session) == {}


def test_what_a_part_leaves_out_is_checked_with_it(
    database: Database, document: dict[str, Any]
) -> None:
    with database.writing() as session:
        service.apply(session, document)
        with pytest.raises(Invalid, match=r"families\.shirts\.requirements"):
            service.apply(session, {"families": {"shirts": {"attributes": ["sku", "name"]}}})
        with pytest.raises(Invalid, match="associations"):
            service.apply(session, {"associations": []})
