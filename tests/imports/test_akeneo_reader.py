"""A complete Akeneo export folder: the facts that the data's README states, and what cannot be
taken.
"""

import csv
from pathlib import Path

import pytest

from pim.errors import Invalid
from pim.imports.akeneo import AkeneoFolder, AkeneoTable, read_folder
from pim.imports.rows import UnreadableRow
from pim.structure.document import flatten
from pim.structure.objects import Structure
from pim.structure.parse import build_structure


@pytest.fixture(scope="session")
def icecat(shared: Path) -> AkeneoFolder:
    return read_folder(shared / "data" / "akeneo_icecat_demo_dev")


def shop(folder: AkeneoFolder) -> Structure:
    """The structure of a shop that has nothing but what the folder brings."""
    return build_structure(flatten(folder.structure), 1)


def rows_of(table: AkeneoTable | None) -> list[list[str]]:
    assert table is not None
    return [cells for _, cells in table.rows if not isinstance(cells, UnreadableRow)]


def filled(table: AkeneoTable | None, address: str) -> int:
    assert table is not None
    place = table.columns.index(address)
    return sum(1 for cells in rows_of(table) if cells[place])


def test_the_structure_is_whole_and_builds(icecat: AkeneoFolder) -> None:
    items = flatten(icecat.structure)
    counts = {kind: sum(1 for one, _ in items if one == kind) for kind, _ in items}
    assert counts == {
        "locales": 3,
        "currencies": 2,
        "channels": 3,
        "groups": 11,
        "attributes": 77,
        "options": 121,
        "families": 17,
        "variants": 9,
        "categories": 168,
        "associations": 4,
    }
    structure = build_structure(items, 1)
    assert structure.families["webcams"].requirements["print"] == (
        "description",
        "maximum_video_resolution",
        "name",
        "price",
        "sku",
        "total_megapixels",
    )
    assert structure.path("led_tvs") == ("led_tvs", "tvs_projectors", "master")


@pytest.mark.parametrize(
    ("code", "definition"),
    [
        ("sku", {"type": "identifier", "group": "erp", "filterable": True, "unique": True}),
        ("name", {"type": "text", "single_line": True, "group": "marketing", "filterable": True}),
        (
            "description",
            {
                "type": "richtext",
                "group": "marketing",
                "localizable": True,
                "scopable": True,
                "filterable": True,
            },
        ),
        (
            "response_time",
            {"type": "number", "group": "marketing", "min": "0", "decimals": 0, "filterable": True},
        ),
        ("price", {"type": "price", "group": "erp", "filterable": True, "fact": True}),
        (
            "weight",
            {
                "type": "measurement",
                "group": "technical",
                "dimension": "weight",
                "unit": "KILOGRAM",
                "min": "0",
                "filterable": True,
            },
        ),
        (
            "release_date",
            {"type": "date", "group": "marketing", "scopable": True, "filterable": True},
        ),
        (
            "picture",
            {
                "type": "asset",
                "group": "medias",
                "extensions": ["jpg", "jpeg", "gif", "png"],
                "filterable": True,
            },
        ),
        ("ean", {"type": "gtin", "group": "erp", "unique": True, "filterable": True}),
    ],
)
def test_attributes(icecat: AkeneoFolder, code: str, definition: dict[str, object]) -> None:
    found = dict(icecat.structure["attributes"][code])
    assert found.pop("labels")["en_US"]
    assert found == definition


def test_options_have_labels_in_their_order(icecat: AkeneoFolder) -> None:
    options = icecat.structure["attributes"]["maximum_print_size"]["options"]
    assert list(options)[:2] == ["210_x_1219_mm", "215_x_355_mm"]
    assert options["215_x_355_mm"]["labels"]["de_DE"] == "215 x 355 mm"
    assert "brand" in icecat.structure["attributes"]
    assert "filterable" not in icecat.structure["attributes"]["brand"]


def test_a_variant_on_two_levels(icecat: AkeneoFolder) -> None:
    assert icecat.structure["variants"]["clothing_color_size"]["levels"] == [
        {
            "axes": ["color"],
            "attributes": ["variation_name", "variation_image", "composition", "material"],
        },
        {"axes": ["size"], "attributes": ["sku", "weight", "ean"]},
    ]
    assert icecat.structure["variants"]["clothing_colorsize"]["levels"][0]["axes"] == [
        "color",
        "size",
    ]


def test_products(icecat: AkeneoFolder) -> None:
    assert len(rows_of(icecat.products(shop(icecat)))) == 1239
    assert filled(icecat.products(shop(icecat)), "parent") == 240
    assert filled(icecat.products(shop(icecat)), "family") == 1238
    assert filled(icecat.products(shop(icecat)), "name") == 1234
    assert filled(icecat.products(shop(icecat)), "ean") == 115
    assert filled(icecat.products(shop(icecat)), "description-en_US-print") == 972
    assert filled(icecat.products(shop(icecat)), "description-de_DE-print") == 403
    assert filled(icecat.products(shop(icecat)), "description-fr_FR-print") == 369
    assert (
        filled(icecat.products(shop(icecat)), "weight")
        == filled(icecat.products(shop(icecat)), "weight-unit")
        == 309
    )


def test_models_come_after_their_parents(icecat: AkeneoFolder) -> None:
    table = icecat.models(shop(icecat))
    assert table is not None
    rows = rows_of(table)
    parent = table.columns.index("parent")
    assert (len(rows), sum(1 for row in rows if row[parent])) == (81, 31)
    seen: set[str] = set()
    for row in rows:
        assert not row[parent] or row[parent].casefold() in seen
        seen.add(row[table.key].casefold())


def test_a_model_gets_the_family_of_its_variant(icecat: AkeneoFolder) -> None:
    table = icecat.models(shop(icecat))
    assert table is not None
    families = {row[table.key]: row[table.columns.index("family")] for row in rows_of(table)}
    assert families["apollon_blue"] == "clothing"
    assert all(families.values())


def test_every_cell_of_a_taken_column_is_there(icecat: AkeneoFolder) -> None:
    table = icecat.products(shop(icecat))
    assert table is not None
    with (icecat.path / "products.csv").open(newline="", encoding="utf-8") as file:
        raw = list(csv.reader(file, delimiter=";"))
    assert [cells for _, cells in table.rows] == raw[1:]
    left = [name for name, column in zip(raw[0], table.columns, strict=True) if column is None]
    assert left == [
        "groups",
        "PACK-groups",
        "SUBSTITUTION-groups",
        "UPSELL-groups",
        "X_SELL-groups",
    ]
    assert table.names == raw[0]


def test_what_is_left_is_told(icecat: AkeneoFolder) -> None:
    told = {notice.file: str(notice.text) for notice in icecat.notices}
    assert told["groups.csv"] == "1 product group is not taken; categories do its work here."
    assert set(told) == {"groups.csv", "group_types.csv", "user_groups.csv", "user_roles.csv"}


def test_the_smallest_folder(shared: Path) -> None:
    folder = read_folder(shared / "data" / "akeneo_minimal")
    assert build_structure(flatten(folder.structure), 1).locales == ("en_US",)
    assert (folder.models(shop(folder)), folder.products(shop(folder))) == (None, None)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("channels", "code;locales;currencies\n", "channels.csv: The column “tree” is missing."),
        (
            "attributes",
            "code;typo\nsku;pim_catalog_identifier\n",
            "attributes.csv: The column “type” is missing.",
        ),
        ("families", "kode;attributes\nf;SKU\n", "families.csv: The column “code” is missing."),
        ("families", "code;code\nf;SKU\n", "families.csv: The column “code” is there 2 times."),
        (
            "categories",
            "\x00\x01\x02" * 99,
            "categories.csv: This is a binary file, not a table as text.",
        ),
        (
            "products",
            "skuu;family\nA1;\n",
            "products.csv: The column “SKU” is missing, which names the product.",
        ),
    ],
)
def test_a_file_that_is_none_is_named(
    tmp_path: Path, name: str, content: str, sentence: str
) -> None:
    for file, usual in (ODD | {name: content}).items():
        (tmp_path / f"{file}.csv").write_text(usual, encoding="utf-8")
    with pytest.raises(Invalid) as refused:
        read_folder(tmp_path)
    assert str(refused.value) == sentence


def test_categories_in_a_circle_are_told(tmp_path: Path) -> None:
    for file, usual in (
        ODD | {"categories": "code;parent\nshop;\na;b\nb;a\nc;b\nself;self\n"}
    ).items():
        (tmp_path / f"{file}.csv").write_text(usual, encoding="utf-8")
    folder = read_folder(tmp_path)
    assert list(folder.structure["categories"]) == ["shop"]
    told = [
        (one.line, str(one.text).split(" is not taken")[0])
        for one in folder.notices
        if one.file == "categories.csv"
    ]
    assert told == [
        (3, "The category “a”"),
        (4, "The category “b”"),
        (5, "The category “c”"),
        (6, "The category “self”"),
    ]


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "attributes.csv").write_text("code;type\n")
    with pytest.raises(Invalid, match=r"channels\.csv is missing"):
        read_folder(tmp_path)


ODD = {
    "channels": (
        "code;label-nl_NL;locales;currencies;tree\nWeb_Shop;Webwinkel;nl_NL,en_029;EUR;shop\n"
    ),
    "currencies": "code;activated\nEUR;1\nUSD;0\n",
    "categories": "code;parent;label-nl_NL\nbikes;shop;Fietsen\nshop;;Winkel\nlost;gone;Kwijt\n",
    "attribute_groups": "code;sort_order\nlast;9\nfirst;1\n",
    "attributes": (
        "code;type;group;localizable;scopable;validation_rule;validation_regexp;metric_family;default_metric_unit;max_characters\n"
        "SKU;pim_catalog_identifier;first;0;0;;;;;\n"
        "MPN;pim_catalog_identifier;last;0;0;;;;;50\n"
        "status;pim_catalog_text;last;0;0;regexp;/^[a-z]+$/i;;;\n"
        "site;pim_catalog_text;first;0;1;url;;;;\n"
        "Power;pim_catalog_metric;first;0;1;;;Power;WATT;\n"
        "magic;pim_catalog_metric;first;0;0;;;Magic;MANA;\n"
        "rows;pim_catalog_table;first;0;0;;;;;\n"
        "care;pim_catalog_textarea;last;0;0;;;;;200\n"
    ),
    "association_types": "code\nX_SELL\n",
    "products": (
        "SKU;Power-Web_Shop;Power-Web_Shop-unit;status;rows;groups;X_SELL-products;X_SELL-product_models\n"
        "A1;12;WATT;new;{};g1;B1,B2;M1\nA2;;;;;;;M2\n"
    ),
}


@pytest.fixture
def odd(tmp_path: Path) -> AkeneoFolder:
    for name, content in ODD.items():
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
    return read_folder(tmp_path)


def test_odd_codes_find_a_place(odd: AkeneoFolder) -> None:
    build_structure(flatten(odd.structure), 1)
    assert odd.structure["channels"]["web_shop"]["locales"] == ["nl_NL"]
    attributes = odd.structure["attributes"]
    assert list(attributes) == ["sku", "site", "power", "magic", "mpn", "akeneo_status", "care"]
    assert attributes["mpn"] == {
        "type": "text",
        "group": "last",
        "max_length": 50,
        "single_line": True,
    }
    assert attributes["site"]["single_line"]
    assert not attributes["care"]["single_line"]
    assert attributes["akeneo_status"]["pattern"] == "(?i)^[a-z]+$"
    assert attributes["magic"]["type"] == "number"
    assert odd.structure["currencies"] == ["EUR"]
    assert odd.structure["categories"]["shop"]["children"] == {
        "bikes": {"labels": {"nl_NL": "Fietsen"}}
    }


def test_addresses_of_odd_columns(odd: AkeneoFolder) -> None:
    table = odd.products(shop(odd))
    assert table is not None
    assert table.columns == [
        "sku",
        "power-web_shop",
        "power-web_shop-unit",
        "akeneo_status",
        None,
        None,
        "X_SELL-products",
        None,
    ]
    assert [row[6] for row in rows_of(table)] == ["B1,B2,M1", "M2"]


def test_every_loss_is_told(odd: AkeneoFolder) -> None:
    notices = [*odd.notices, *odd.columns_left(shop(odd))]
    told = [(notice.file, notice.line, str(notice.text)) for notice in notices]
    assert ("channels.csv", 2, "“en_029” is not a locale that can be taken.") in told
    assert ("attributes.csv", 4, "The attribute “status” is called “akeneo_status” here.") in told
    assert ("attributes.csv", 5, "The rule “url” of “site” is not taken.") in told
    assert (
        "attributes.csv",
        8,
        "The attribute “rows” of type “pim_catalog_table” is not taken.",
    ) in told
    assert ("categories.csv", 4, "“lost” becomes a tree: its parent “gone” is not there.") in told
    assert ("products.csv", 0, "The column “rows” is not taken; 1 row fills it.") in told
    assert ("products.csv", 0, "The column “groups” is not taken; 1 row fills it.") in told
    assert any("Magic" in sentence for _, _, sentence in told)
    assert len(told) == 8
