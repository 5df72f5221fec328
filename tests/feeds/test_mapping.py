"""From a product's document to a listing: sources, scope, kinds and operations."""

from typing import Any

import pytest

from pim.errors import Invalid
from pim.feeds.contract import Field, Listing, Measure, Money, Picture
from pim.feeds.lookup import FeedLookup
from pim.feeds.mapping import compile_mapping, suggest_mapping
from pim.feeds.operations import OPERATIONS, format_price
from tests.support.listing import KnownPictures, ListableProduct, lookup_in

TYPES = {
    "name": "text",
    "short": "text",
    "body": "richtext",
    "color": "choice",
    "tags": "choices",
    "price": "price",
    "weight": "measurement",
    "photos": "asset",
    "stock": "number",
    "launch": "date",
    "new": "boolean",
    "ean": "gtin",
    "like": "link",
}
LABELS = {
    attribute: {code: {"labels": {"nl_NL": f"{attribute}:{code}"}} for code in ("red", "x", "y")}
    for attribute in ("color", "tags")
}


def definition_of(attribute: str) -> dict[str, Any]:
    """The attribute in a structure file."""
    more: dict[str, Any] = {}
    if attribute == "name":
        more["localizable"] = True
    if attribute in LABELS:
        more["options"] = LABELS[attribute]
    if attribute == "weight":
        more = {"dimension": "Weight", "unit": "KILOGRAM"}
    if attribute in ("photos", "like"):
        more["multiple"] = True
    return {"type": TYPES[attribute], **more}


STRUCTURE: dict[str, Any] = {
    "attributes": {
        "sku": {"type": "identifier"},
        **{attribute: definition_of(attribute) for attribute in TYPES},
    },
    "families": {
        "bikes": {
            "attributes": ["sku", "photos"],
            "picture": "photos",
            "labels": {"nl_NL": "Bikes"},
        }
    },
    "categories": {
        "shop": {"labels": {"nl_NL": "Shop"}, "children": {"root": {"labels": {"nl_NL": "Root"}}}},
        "elsewhere": {},
    },
    "associations": {"upsell": {}},
    "channels": {"webshop": {"locales": ["nl_NL"], "currencies": ["EUR"], "tree": "shop"}},
}
STRUCTURE["categories"]["shop"]["children"]["root"]["children"] = {
    "city": {"labels": {"nl_NL": "city"}}
}
SCOPED = {"name": "name-nl_NL", "price": "price-EUR"}


def scope() -> FeedLookup:
    pictures = KnownPictures("https://x/%s", 800, 600)
    return lookup_in(STRUCTURE, "https://shop/{identifier}", pictures)


def product(document: dict[str, Any], identifier: str = "A1") -> ListableProduct:
    return ListableProduct(identifier, document, "A", "A0", "bikes", ("elsewhere", "city"))


def listed(
    mapping: dict[str, Any], document: dict[str, Any] | None = None, *fields: Field
) -> Listing:
    declared = {one.name: one for one in fields}
    known = [declared.get(name, Field(name)) for name in mapping]
    return compile_mapping(mapping, known, scope()).resolve([product(document or {})])[0]


def value(
    rule: dict[str, Any], document: dict[str, Any] | None = None, kind: Any = "text", **more: Any
) -> Any:
    return listed({"t": rule}, document, Field("t", kind=kind, **more)).get("t")


def done(do: list[Any], given: Any, source: str = "short", **more: Any) -> Any:
    return value({"from": [source], "do": do}, {SCOPED.get(source, source): given}, **more)


def test_a_source_is_read_in_the_scope_of_the_feed() -> None:
    document = {
        "name-nl_NL": "Fiets",
        "name-en_GB": "Bike",
        "price-EUR": "12.50",
        "price-USD": "14.00",
    }
    assert value({"from": ["name"]}, document) == "Fiets"
    assert value({"from": ["name-en_GB"]}, document) == "Bike"
    assert value({"from": ["price"]}, document, "price") == Money("12.50", "EUR")
    assert value({"from": ["price-USD"]}, document, "price") == Money("14.00", "USD")


def test_the_first_source_that_has_something_gives_it() -> None:
    assert value({"from": ["name", "short"]}, {"short": "B"}) == "B"
    assert value({"from": ["name", "short"]}, {"name-nl_NL": "A", "short": "B"}) == "A"
    assert value({"from": ["name", "short"]}) is None


def test_a_source_of_which_the_operations_leave_nothing_lets_the_next_one_count() -> None:
    document = {"body": "<p><br></p>", "short": "B", "name-nl_NL": "A"}
    rule: dict[str, Any] = {"from": ["body", "short", "name"], "do": ["strip_html", "upper"]}
    assert value(rule, document) == "B"
    assert value(rule, document | {"body": "<p>b</p>"}) == "B"
    assert value({"from": ["body", "short"], "do": ["strip_html"]}, {"body": "<p></p>"}) is None


def test_what_stands_for_nothing_comes_after_every_source() -> None:
    rule: dict[str, Any] = {
        "from": ["body", "short"],
        "do": ["strip_html", {"default": "none"}, "upper"],
    }
    assert value(rule, {"body": "<p></p>", "short": "b"}) == "B"
    assert value(rule, {"body": "<p></p>"}) == "NONE"
    assert value(rule, {}) == "NONE"


def test_a_field_that_repeats_and_join_take_them_all() -> None:
    document = {"name-nl_NL": "A", "short": "B"}
    assert value({"from": ["name", "short"]}, document, repeat=5) == ["A", "B"]
    assert value({"from": ["name", "short"], "do": [{"join": " / "}]}, document) == "A / B"
    assert value({"from": ["name", "short"], "do": [{"join": " / "}]}, {"short": "B"}) == "B"


def test_what_is_not_there_is_not_in_the_listing() -> None:
    assert "t" not in listed({"t": {"from": ["name"]}})
    assert "t" not in listed(
        {"t": {"from": ["name"], "do": ["only_digits"]}}, {"name-nl_NL": "none"}
    )


def test_a_choice_is_its_label_or_where_the_channel_chooses_its_code() -> None:
    document = {"color": "red", "tags": ["x", "y"]}
    assert value({"from": ["color"]}, document) == "color:red"
    assert value({"from": ["color"]}, document, "choice", choices=("red",)) == "red"
    assert value({"from": ["color"], "do": [{"map": {"red": "rood"}}]}, document) == "rood"
    assert value({"from": ["tags"]}, document) == "tags:x, tags:y"
    assert value({"from": ["tags"]}, document, repeat=5) == ["tags:x", "tags:y"]


def test_built_in_sources() -> None:
    document = {"photos": ["lost", "p1", "p2"]}
    assert value({"from": ["$identifier"]}) == "A1"
    assert value({"from": ["$model"]}) == "A"
    assert value({"from": ["$root"]}) == "A0"
    assert value({"from": ["$family"]}) == "Bikes"
    assert value({"from": ["$category"]}) == "Root > city"
    assert value({"from": ["$link"]}, kind="url") == "https://shop/A1"
    assert value({"from": ["$picture"]}, document, "picture") == Picture("https://x/p1", 800, 600)
    assert [str(one) for one in value({"from": ["$pictures"]}, document, "picture", repeat=5)] == [
        "https://x/p1",
        "https://x/p2",
    ]
    assert str(value({"from": ["photos"]}, document, "picture")) == "https://x/p1"
    assert value({"from": ["$picture"]}, kind="picture") is None


def variant(own: dict[str, Any], model: dict[str, Any] | None) -> ListableProduct:
    merged = {**(model or {}), **own}
    return ListableProduct("A1", merged, "A", "A0", "bikes", model_document=model)


def test_what_the_model_itself_says() -> None:
    mapping = {
        "own": {"from": ["name"]},
        "of_model": {"from": ["$model:name", "name"], "do": ["upper"]},
        "address": {"from": ["$model:name-en_GB"]},
        "photo": {"from": ["$model:photos"]},
    }
    fields = [Field("own"), Field("of_model"), Field("address"), Field("photo", kind="picture")]
    resolve = compile_mapping(mapping, fields, scope()).resolve
    model = {"name-nl_NL": "Hemd", "name-en_GB": "Shirt", "photos": ["m1"]}
    below, alone = resolve(
        [variant({"name-nl_NL": "Hemd rood", "photos": ["v1"]}, model), variant({}, None)]
    )
    assert (below["own"], below["of_model"], below["address"]) == ("Hemd rood", "HEMD", "Shirt")
    assert str(below["photo"]) == "https://x/m1"
    assert dict(alone) == {}


def test_the_pictures_of_a_model_are_looked_up() -> None:
    compiled = compile_mapping(
        {"t": {"from": ["$model:photos"]}}, [Field("t", kind="picture")], scope()
    )
    (source,) = compiled.sources.values()
    assert source.names_assets
    assert source.assets(variant({"photos": ["v1"]}, {"photos": ["m1"]})) == ["m1"]


def test_associations_are_lists_of_identifiers() -> None:
    document = {"upsell-products": ["B", "C"]}
    assert value({"from": ["upsell-products"]}, document, repeat=5) == ["B", "C"]
    assert value({"from": ["upsell-products"], "do": [{"join": "|"}]}, document) == "B|C"
    assert value({"from": ["upsell-products"]}) is None


def test_kinds_of_fields() -> None:
    assert value(
        {"from": ["weight"]}, {"weight": {"amount": "1.5", "unit": "KILOGRAM"}}, "measurement"
    ) == Measure("1.5", "KILOGRAM", "kg", "KGM")
    in_grams = value(
        {"from": ["weight"]},
        {"weight": {"amount": "1.5", "unit": "KILOGRAM"}},
        "measurement",
        unit="GRAM",
    )
    assert in_grams == Measure("1500", "GRAM", "g", "GRM")
    assert value({"from": ["new"]}, {"new": False}, "boolean", choices=("yes", "no")) == "no"
    assert value({"from": ["new"]}, {"new": True}) == "true"
    assert value({"value": "9.95"}, kind="price") == Money("9.95", "EUR")
    assert value({"value": "new"}) == "new"
    assert value({"from": ["stock"]}, {"stock": "0"}, "number") == "0"


@pytest.mark.parametrize(
    ("written", "unit", "measured"),
    [
        ("12.5", "GRAM", "12.5 g"),
        ("1.125", "GRAM", "1.125 g"),
        ("12,5", "GRAM", "12.5 g"),
        ("12,5 kg", "GRAM", "12500 g"),
        (" 0,250kg ", "GRAM", "250 g"),
        ("1.250,5 g", "GRAM", "1250.5 g"),
        ("12,5 kg", "", "12.5 kg"),
        ("1 000 Gramm", "", "1000 g"),
        ("12 oz", "GRAM", "340.194278 g"),
    ],
)
def test_a_text_or_a_number_becomes_a_measurement(written: str, unit: str, measured: str) -> None:
    found = value({"from": ["ean"]}, {"ean": written}, "measurement", unit=unit)
    assert (type(found), str(found)) == (Measure, measured)


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("12.5", ""),
        ("1.250 kg", "GRAM"),
        ("1,250", "GRAM"),
        ("12 cm", "GRAM"),
        ("12 brol", "GRAM"),
        ("op aanvraag", "GRAM"),
        ("12,5 kg netto", "GRAM"),
        ("kg", "GRAM"),
    ],
)
def test_what_is_no_measurement_or_could_be_two_stays_a_text(written: str, unit: str) -> None:
    assert value({"from": ["ean"]}, {"ean": written}, "measurement", unit=unit) == written


def test_a_mapping_names_the_unit_of_a_number() -> None:
    def weighed(written: str, *do: Any) -> str:
        return str(value({"from": ["ean"], "do": [*do]}, {"ean": written}, "measurement"))

    assert weighed("850", {"unit": "GRAM"}) == "850 g"
    assert weighed("850", {"unit": "GRAM"}, {"convert_unit": "KILOGRAM"}) == "0.85 kg"
    assert weighed("0,85 kg", {"unit": "GRAM"}) == "0.85 kg"
    assert weighed("0,85 kg", {"convert_unit": "GRAM"}) == "850 g"
    assert weighed("850", {"convert_unit": "GRAM"}) == "850"


@pytest.mark.parametrize("written", [" ", "\u200b\n", "\x0b", "\u00a0"])
def test_what_the_operations_leave_blank_is_no_value(written: str) -> None:
    rule = {"from": ["ean"], "do": [{"replace": {"find": "x", "by": written}}]}
    assert value(rule, {"ean": "x"}) is None
    assert value(rule, {"ean": "x"}, repeat=3) is None
    assert value({"value": written}) is None
    assert value(rule, {"ean": "xa"}) == f"{written}a"


def test_properties_have_no_fixed_value() -> None:
    field = Field("t", kind="properties", repeat=3)
    with pytest.raises(Invalid) as raised:
        compile_mapping({"t": {"value": "Gewicht: 1"}}, [field], scope())
    assert list(raised.value.messages) == ["t"]


def test_operations_calculate_with_any_number_of_digits() -> None:
    long = "12345678901234567890.12345678901234567895"
    assert done([{"multiply": "2"}], long, "stock") == "24691357802469135780.24691357802469135790"
    assert done([{"add": "0.05"}], long, "stock").endswith("0.17345678901234567895")
    assert done([{"round": 19}], long, "stock") == "12345678901234567890.1234567890123456790"
    assert done([{"round": 30}], "1.5", "stock") == "1.5" + 29 * "0"
    given = {"amount": "999999999999999999999999999", "unit": "KILOGRAM"}
    assert done([{"convert_unit": "GRAM"}], given, "weight") == "9" * 27 + "000 g"


def test_the_listing_knows_whose_it_is() -> None:
    listing = listed({"t": {"value": "x"}})
    assert (listing.identifier, listing.root, listing.group) == ("A1", "A0", "A")


@pytest.mark.parametrize(
    ("do", "given", "expected"),
    [
        ([{"truncate": 10}], "een lange naam", "een lange"),
        ([{"truncate": 9}], "een lange naam", "een lange"),
        ([{"truncate": 8}], "een lange naam", "een"),
        ([{"truncate": 5}], "onafgebroken", "onafg"),
        ([{"truncate": 99}], "kort", "kort"),
        (
            ["strip_html"],
            "<p>a<br>b</p><script>evil()</script> c&nbsp;&amp; <b>d</b>!",
            "a b c & d!",
        ),
        (["strip_html"], "5 < 6 en 7 > 3", "5 < 6 en 7 > 3"),
        (["upper"], "straße", "STRASSE"),
        (["lower"], "ABC", "abc"),
        (["title"], "men's city bike", "Men's City Bike"),
        (["trim"], "  x ", "x"),
        ([{"prefix": "a-"}, {"suffix": "-z"}], "m", "a-m-z"),
        ([{"replace": {"find": "a", "by": "o"}}], "banana", "bonono"),
        ([{"replace": "a"}], "banana", "bnn"),
        ([{"map": {"x": "y"}}], "x", "y"),
        ([{"map": {"x": "y"}}], "z", "z"),
        ([{"map": {"entries": {"x": "y"}, "other": "?"}}], "z", "?"),
        ([{"default": "n/a"}], None, "n/a"),
        ([{"default": "n/a"}], "x", "x"),
        ([{"split": "|"}, "first_of"], " a | b", "a"),
        ([{"split": "|"}, {"join": "+"}], "a||b", "a+b"),
        ([{"add": "0.1"}], "0.2", "0.3"),
        ([{"multiply": "1.21"}, {"round": 2}], "10.05", "12.16"),
        ([{"round": 0}], "2.5", "3"),
        ([{"add": "1"}], "geen getal", "geen getal"),
        ([{"date": "%d-%m-%Y"}], "2026-11-22", "22-11-2026"),
        ([{"date": "%d-%m-%Y"}], "gisteren", "gisteren"),
        (["slug"], "Crème brûlée & zo!", "creme-brulee-zo"),
        (["slug"], "Weiß Ø32 Łódź ÆON", "weiss-o32-lodz-aeon"),
        (["only_digits"], "+31 (0)20-1234", "310201234"),
        ([{"yes_no": {"yes": "ja", "no": "nee"}}], True, "ja"),
        (["yes_no"], False, "no"),
        ([{"map": {"true": "op voorraad"}}], True, "op voorraad"),
    ],
)
def test_operations(do: list[Any], given: Any, expected: str) -> None:
    assert done(do, given) == expected


def test_operations_on_a_price() -> None:
    assert done([{"multiply": "1.21"}, {"round": 2}], "10.00", "price", kind="price") == Money(
        "12.10", "EUR"
    )
    assert (
        done([{"format_price": {"decimal": ",", "currency": "after"}}], "1234.5", "price")
        == "1234,50 EUR"
    )
    assert done(["format_price"], "1234.555", "price") == "1234.56"


@pytest.mark.parametrize(
    ("currency", "spelled"), [("EUR", "1234.57"), ("JPY", "1235"), ("KWD", "1234.567")]
)
def test_a_price_has_the_decimals_of_its_currency(currency: str, spelled: str) -> None:
    assert format_price(None, ".", "none")(Money("1234.5671", currency)) == spelled
    assert format_price(1, ".", "none")(Money("1234.5671", currency)) == "1234.6"


def test_operations_on_a_measurement() -> None:
    given = {"amount": "0.5", "unit": "INCH"}
    assert done([{"convert_unit": "MILLIMETER"}], given, "weight") == "12.7 mm"
    assert done([{"convert_unit": "GRAM"}], given, "weight", kind="measurement").unit == "INCH"


def test_operations_go_over_lists() -> None:
    assert done(["upper", {"truncate": 2}], ["abc", "def"], "like", repeat=5) == ["AB", "DE"]


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ({"from": ["nosuch"]}, "nosuch"),
        ({"from": ["name-xx"]}, "name-xx"),
        ({"from": ["name-nl_NL-nl_NL"]}, "nl_NL"),
        ({"from": ["$nosuch"]}, "$nosuch"),
        ({"from": "name"}, "list"),
        ({"from": []}, "list"),
        ({"from": ["name"], "value": "x"}, "one of"),
        ({"frm": ["name"]}, "one of"),
        ("name", "one of"),
        ({"value": "x", "do": ["upper"]}, "fixed value"),
        ({"value": ["x"]}, "fixed value"),
        ({"from": ["name"], "do": "upper"}, "list"),
        ({"from": ["name"], "do": ["explode"]}, "explode"),
        ({"from": ["name"], "do": [{"truncate": "ten"}]}, "ten"),
        ({"from": ["name"], "do": [{"truncate": -1}]}, "-1"),
        ({"from": ["name"], "do": ["truncate"]}, "length"),
        ({"from": ["name"], "do": [{"truncate": {"lenght": 3}}]}, "lenght"),
        ({"from": ["name"], "do": [{"upper": 3}]}, "no parameter"),
        ({"from": ["name"], "do": [{"upper": None, "lower": None}]}, "one name"),
        ({"from": ["name"], "do": [{"map": "x"}]}, "entries"),
        ({"from": ["name"], "do": [{"multiply": "1,21"}]}, "1,21"),
        ({"from": ["name"], "do": [{"convert_unit": "FURLONGISH"}]}, "FURLONGISH"),
        ({"from": ["name"], "do": [{"date": "%Q"}]}, "%Q"),
        ({"from": ["name"], "do": [{"format_price": {"currency": "above"}}]}, "above"),
        ({"from": ["name"], "do": [7]}, "7"),
        ({"from": ["$model:$root"]}, "$model:"),
        ({"from": ["$model:$model:name"]}, "$model:"),
        ({"from": ["$model:nonsense"]}, "nonsense"),
        ({"from": ["crosssell-products"]}, "crosssell"),
    ],
)
def test_a_wrong_rule_is_named_with_its_field(rule: Any, part: str) -> None:
    with pytest.raises(Invalid) as raised:
        compile_mapping(
            {"good": {"value": "x"}, "bad": rule}, [Field("good"), Field("bad")], scope()
        )
    assert set(raised.value.messages) == {"bad"}
    assert part in str(raised.value)


def test_all_complaints_come_at_once() -> None:
    with pytest.raises(Invalid) as raised:
        compile_mapping({"a": {"from": ["x"]}, "b": {"value": "1"}}, [Field("a")], scope())
    assert set(raised.value.messages) == {"a", "b"}


def test_a_suggestion_compiles_and_cuts_texts_but_no_identifiers() -> None:
    fields = (
        Field("id", max_length=3, meaning="identifier"),
        Field("title", max_length=150, meaning="product_name"),
        Field("description", max_length=500, meaning="description"),
        Field("html", markup=True, meaning="description"),
        Field("other", meaning="adult"),
    )
    types = {code: scope().type_of(code) for code in TYPES}
    mapping = suggest_mapping(fields, types, {"description": ["body"]})
    assert mapping == {
        "id": {"from": ["$identifier"]},
        "title": {"from": ["name"], "do": [{"truncate": 150}]},
        "description": {"from": ["body"], "do": ["strip_html", {"truncate": 500}]},
        "html": {"from": ["body"]},
    }
    assert listed(mapping, {"body": "<p>x</p>"}, *fields)["description"] == "x"


def test_a_window_is_listed_row_by_row_and_each_has_but_its_own() -> None:
    mapping = {
        "fixed": {"value": "new"},
        "name": {"from": ["name", "short"]},
        "stock": {"from": ["stock"]},
        "none": {"value": ""},
    }
    compiled = compile_mapping(mapping, [Field(name) for name in mapping], scope())
    window = [
        product({"name-nl_NL": "A", "stock": "0"}, "1"),
        product({}, "2"),
        product({"short": "C"}, "3"),
    ]
    assert [(listing.identifier, dict(listing)) for listing in compiled.resolve(window)] == [
        ("1", {"fixed": "new", "name": "A", "stock": "0"}),
        ("2", {"fixed": "new"}),
        ("3", {"fixed": "new", "name": "C"}),
    ]
    assert compiled.fixed == {"fixed": "new"}
    assert compiled.resolve([]) == []


def test_a_mapping_of_fixed_values_lists_every_product() -> None:
    compiled = compile_mapping({"t": {"value": "x"}}, [Field("t")], scope())
    assert [dict(listing) for listing in compiled.resolve([product({}), product({})])] == [
        {"t": "x"},
        {"t": "x"},
    ]


def test_every_operation_explains_itself() -> None:
    for operation in OPERATIONS.values():
        assert str(operation.help).endswith(".")
