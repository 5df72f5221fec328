"""The product list and the page of a product, as somebody at a browser without scripts meets
them.
"""

import re
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from itertools import pairwise
from zoneinfo import ZoneInfo

import orjson
import pytest
from PIL import Image

from pim.products import publishing, queries, service
from pim.products.change import Origin, ProductInput
from pim.structure import queries as catalog
from pim.structure import service as structures

STRUCTURE = {
    "locales": ["nl_NL", "en_GB"],
    "currencies": ["EUR"],
    "channels": {
        "shop": {
            "labels": {"en_GB": "Shop"},
            "locales": ["nl_NL", "en_GB"],
            "currencies": ["EUR"],
            "tree": "all",
        },
        "till": {"labels": {"en_GB": "Till"}, "locales": ["nl_NL"], "currencies": ["EUR"]},
    },
    "groups": {"texts": {"labels": {"en_GB": "Texts"}}},
    "attributes": {
        "sku": {"type": "identifier", "owner": "erp"},
        "name": {
            "type": "text",
            "group": "texts",
            "localizable": True,
            "max_length": 40,
            "labels": {"en_GB": "Name"},
        },
        "story": {
            "type": "richtext",
            "group": "texts",
            "localizable": True,
            "scopable": True,
            "labels": {"en_GB": "Story"},
        },
        "price": {"type": "price", "owner": "erp", "fact": True, "labels": {"en_GB": "Price"}},
        "weight": {
            "type": "measurement",
            "dimension": "weight",
            "unit": "KILOGRAM",
            "labels": {"en_GB": "Weight"},
        },
        "colors": {
            "type": "choices",
            "options": {"red": {"labels": {"en_GB": "Red"}}, "blue": {"labels": {"en_GB": "Blue"}}},
        },
        "size": {"type": "choice", "options": {"S": {}, "M": {}}, "labels": {"en_GB": "Size"}},
        "ean": {"type": "gtin", "labels": {"en_GB": "EAN"}},
        "waterproof": {"type": "boolean"},
        "pictures": {
            "type": "asset",
            "multiple": True,
            "extensions": ["png"],
            "labels": {"en_GB": "Pictures"},
        },
        "cover": {"type": "asset"},
    },
    "families": {
        "coats": {
            "labels": {"en_GB": "Coats"},
            "attributes": [
                "sku",
                "name",
                "story",
                "price",
                "weight",
                "colors",
                "size",
                "ean",
                "waterproof",
                "pictures",
                "cover",
            ],
            "label": "name",
            "picture": "pictures",
            "requirements": {"shop": ["name", "price"], "till": ["ean"]},
        }
    },
    "variants": {
        "by_size": {
            "family": "coats",
            "levels": [{"axes": ["size"], "attributes": ["sku", "ean", "price"]}],
        }
    },
    "categories": {
        "all": {
            "labels": {"en_GB": "Everything"},
            "children": {
                "dry": {"labels": {"en_GB": "Dry"}},
                "warm": {"labels": {"en_GB": "Warm"}},
            },
        }
    },
    "associations": {"upsell": {"labels": {"en_GB": "Better"}}},
}
WEIGHT = {"amount": "1.5", "unit": "KILOGRAM"}
ERP = Origin("import", "erp@example.org", "erp", "run-1")
TEXTS = Origin("import", "texts@example.org", "hub", "run-2")
HUB = Origin("user", "other@example.org", "hub")
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def shop(database, clock):
    """Three products and a model with two variants."""
    with database.writing() as session:
        structures.apply(session, STRUCTURE)
        service.write(
            session,
            [
                ProductInput(
                    "A-1",
                    {
                        "family": "coats",
                        "name-nl_NL": "Jas één",
                        "price-EUR": "12.50",
                        "weight": WEIGHT,
                    },
                    row=2,
                ),
                ProductInput(
                    "A-2",
                    {
                        "family": "coats",
                        "name-nl_NL": "Muts",
                        "name-en_GB": "Hat",
                        "categories": ["dry"],
                        "ean": "4006381333931",
                    },
                ),
                ProductInput("A/3?x", {"enabled": False}),
                ProductInput(
                    "M", {"family_variant": "by_size", "name-nl_NL": "Parka"}, kind="model"
                ),
            ],
            ERP,
            clock(),
        )
        sizes = [ProductInput(f"M-{size}", {"parent": "M", "size": size}) for size in "SM"]
        service.write(session, [*sizes, ProductInput("M-S", {"price-EUR": "80.00"})], ERP, clock())
    return database


def product(database, identifier):
    with database.reading() as session:
        return queries.get(session, identifier)


def listed(client, **arguments):
    found = client.get("/products", query_string={"in": "shop.nl_NL"} | arguments).get_data(
        as_text=True
    )
    return re.findall(r'<a class="name"[^>]*>([^<]*)</a>', found)


def form_of(client, path):
    """name -> value of the text fields and hidden twins of a page."""
    html = client.get(path).get_data(as_text=True)
    found = dict(
        re.findall(r'<input[^>]*?name="((?:was-|value-|version)[^"]*)"[^>]*?value="([^"]*)"', html)
    )
    return html, found


def test_an_empty_hub_says_what_to_do(enter, database):
    html = enter("editor").get("/products").get_data(as_text=True)
    assert "No products yet" in html
    assert "New product" in html


def test_the_list_shows_models_grouped_or_every_variant(shop, enter):
    client = enter("viewer")
    assert listed(client) == ["Parka", "A/3?x", "Muts", "Jas één"]
    assert listed(client, variants="1") == ["Parka", "Parka", "A/3?x", "Muts", "Jas één"]
    assert listed(client, **{"in": "shop.en_GB"})[2] == "Hat"


def test_search_ignores_accents_and_finds_names_numbers_and_codes(shop, enter):
    client = enter("viewer")
    assert listed(client, q="een") == ["Jas één"]
    assert listed(client, q="4006381") == ["Muts"]
    assert listed(client, q="m-s") == ["Parka"]
    assert "Nothing matches" in client.get("/products?q=zebra").get_data(as_text=True)


def test_filters_narrow_the_list(shop, enter):
    client = enter("viewer")
    assert listed(client, **{"in": "shop.nl_NL"}, completeness="complete") == [
        "Parka",
        "Parka",
        "Jas één",
    ]  # with the variant
    assert listed(client, **{"in": "till.nl_NL"}, completeness="complete", variants="1") == ["Muts"]
    assert "Jas één" not in listed(client, **{"in": "shop.nl_NL"}, completeness="missing")
    assert listed(client, category="all", completeness="", **{"in": "shop.nl_NL"}) == ["Muts"]
    assert listed(client, category="warm") == []
    assert listed(client, family="coats", status="draft") == ["Parka", "Muts", "Jas één"]
    assert listed(client, status="approved") == []


STRANGE = {
    "status": "nope",
    "completeness": "half",
    "family": "hats",
    "category": "wet",
    "variants": "yes",
    "in": "market.nl_NL",
}


@pytest.mark.parametrize("name", STRANGE)
def test_an_address_that_is_not_understood_lists_nothing_and_says_why(shop, enter, name):
    client = enter("editor")
    strange = {"in": "shop.nl_NL", "q": "a", name: STRANGE[name]}
    assert listed(client, **strange) == []
    html = unescape(client.get("/products", query_string=strange).text)
    said = f"{name}={STRANGE[name]}"
    (without,) = re.findall(rf'<a class="btn text-break" href="([^"]*)">Leave out {said}</a>', html)
    assert said not in without
    assert "q=a" in without
    assert "Leave out" not in client.get(without).text
    assert 'class="name"' in client.get(without).text


def test_what_is_not_understood_is_left_out_one_by_one(shop, enter):
    client = enter("editor")
    html = unescape(client.get("/products?status=nope&family=hats&in=shop.xx_XX").text)
    assert re.findall(r'<a class="btn text-break" href="([^"]*)">Leave out', html) == [
        "/products?status=nope&in=shop.xx_XX",
        "/products?family=hats&in=shop.xx_XX",
        "/products?family=hats&status=nope&in=shop.en_GB",
    ]


def test_a_list_that_is_not_understood_selects_nothing_and_leads_nowhere(shop, enter):
    client = enter("editor")
    shown = client.send("/product/selected", step="submit", all="1", status="nope")
    assert plans_in(shown) == []
    html = client.get("/products/A-2?in=shop.nl_NL&from=status%3Dnope").text
    assert 'rel="next"' not in html
    assert 'rel="prev"' not in html


def test_pages_keep_the_filters(shop, enter, clock):
    with shop.writing() as session:
        service.write(
            session,
            [ProductInput(f"Z-{number:03}", {"family": "coats"}) for number in range(60)],
            HUB,
            clock(),
        )
    client = enter("viewer")
    first = client.get("/products?family=coats&q=Z").get_data(as_text=True)
    older = re.search(r'rel="next" href="([^"]*)"', first).group(1).replace("&amp;", "&")
    assert "family=coats" in older
    second = client.get(older).get_data(as_text=True)
    assert len(re.findall('class="name"', second)) == 10
    newer = re.search(r'rel="prev" href="([^"]*)"', second).group(1).replace("&amp;", "&")
    assert "Z-059" in client.get(newer).get_data(as_text=True)


def test_the_chosen_scope_goes_along_from_list_to_form(shop, enter):
    client = enter("viewer")
    client.get("/products?in=shop.en_GB")
    assert "Hat</h1>" in client.get("/products/A-2").get_data(as_text=True)
    html = client.get("/products/A-2?in=till").get_data(as_text=True)
    assert (
        '<option value="till.nl_NL" selected>' in html
    )  # the till has no English: the channel wins
    assert client.get("/products/A-2?in=nowhere.xx").status_code == 200


def test_a_save_sends_only_what_was_changed(shop, enter):
    client = enter("editor")
    _, form = form_of(client, "/products/A-1?in=shop.nl_NL")
    assert form["was-name-nl_NL"] == "Jas één"
    response = client.send(
        "/products/A-1", **form | {"value-name-nl_NL": "Regenjas", "value-weight-unit": "KILOGRAM"}
    )
    assert response.status_code == 303
    detail = product(shop, "A-1")
    assert detail.product.values["name-nl_NL"] == "Regenjas"
    with shop.reading() as session:
        change = queries.history(session, detail.product.id)[0]
    assert change.old == {"name-nl_NL": "Jas één"}
    assert (change.source, change.actor) == ("user", "editor@example.org")
    assert "100 % complete" in client.get("/products/A-1").get_data(as_text=True)


def test_each_kind_of_widget_reads_what_people_type(shop, enter):
    client = enter("editor")
    fields = {
        "was-weight": "1.5 KILOGRAM",
        "value-weight": "1,25",
        "value-weight-unit": "KILOGRAM",
        "was-colors": "",
        "value-colors": ["blue", "red"],
        "was-story-nl_NL-shop": "",
        "value-story-nl_NL-shop": "<p>Warm</p><script>x</script>",
        "was-waterproof": "",
        "value-waterproof": "0",
        "was-ean": "",
        "value-ean": "4006381333931",
        "was-name-nl_NL": "Jas één",
        "value-name-nl_NL": "",
    }
    assert client.send("/products/A-1?in=shop.nl_NL", **fields).status_code == 303
    values = product(shop, "A-1").product.values
    assert values["weight"] == {"amount": "1.25", "unit": "KILOGRAM"}
    assert values["colors"] == ["blue", "red"]
    assert values["story-nl_NL-shop"] == "<p>Warm</p>"
    assert values["waterproof"] is False
    assert "name-nl_NL" not in values


@pytest.mark.parametrize(
    ("language", "typed", "amount"),
    [
        ("en", "0,750", "0.75"),
        ("nl", "-0,125", "-0.125"),
        ("nl", "0.750", "0.75"),
        ("en", "1.500", "1.5"),
        ("nl", "1.5000", "1.5"),
        ("nl", "1.500", None),
        ("en", "1,500", None),
    ],
)
def test_what_may_be_a_thousand_is_asked_and_what_cannot_is_read(
    shop, enter, language, typed, amount
):
    client = enter("editor")
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    fields = {"was-weight": "1.5 KILOGRAM", "value-weight": typed, "value-weight-unit": "GRAM"}
    response = client.send("/products/A-1?in=shop.nl_NL", **fields)
    stored = product(shop, "A-1").product.values["weight"]
    if amount is None:
        assert (response.status_code, stored) == (422, WEIGHT)
        assert re.search(
            r'id="value-weight-error">.*?(two numbers|twee getallen)', response.text, re.S
        )
    else:
        assert (response.status_code, stored) == (303, {"amount": amount, "unit": "GRAM"})


def test_what_cannot_be_read_and_what_may_not_be_are_told_together(shop, enter, clock):
    client = enter("editor")
    _, form = form_of(client, "/products/A-1?in=shop.nl_NL")
    with shop.writing() as session:
        service.write(session, [ProductInput("A-1", {"colors": ["red", "blue"]})], HUB, clock())
    response = client.send("/products/A-1", **form | {"value-colors": "blue", "value-weight": "x"})
    assert response.status_code == 422
    assert re.search(r'id="value-colors-error">.*?“Red, Blue”', response.text, re.S)
    assert re.search(r'id="value-weight-error">.*?not a number', response.text, re.S)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("€ 49,95", "49.95"), ("49,95 EUR", "49.95"), ("€ 1250,-", "1250.00"), ("$ 49.95", None)],
)
def test_a_price_is_typed_as_it_stands_on_a_label(shop, enter, typed, stored):
    client = enter("editor")
    fields = {"was-price-EUR": "", "value-price-EUR": typed}
    response = client.send("/products/A-2?in=shop.nl_NL", **fields)
    assert response.status_code == (303 if stored else 422)
    assert product(shop, "A-2").product.values.get("price-EUR") == stored


def test_what_breaks_a_rule_is_said_beside_its_field_and_nothing_is_saved(shop, enter):
    client = enter("editor")
    wrong = {
        "was-name-nl_NL": "Jas één",
        "value-name-nl_NL": "x" * 41,
        "was-weight": "",
        "value-weight": "heavy",
    }
    response = client.send("/products/A-1?in=shop.nl_NL", version=1, **wrong)
    html = response.get_data(as_text=True)
    assert response.status_code == 422
    assert re.search(r'id="value-name-nl_NL-error">.*?Longer than 40 characters', html, re.S)
    assert re.search(r'id="value-weight-error"', html)
    assert 'value="heavy"' in html
    assert product(shop, "A-1").product.values["name-nl_NL"] == "Jas één"


def test_a_conflict_is_told_in_labels_and_in_the_readers_own_time(shop, enter, clock):
    client = enter("editor")
    _, form = form_of(client, "/products/A-1?in=shop.nl_NL")
    with shop.writing() as session:
        service.write(session, [ProductInput("A-1", {"colors": ["red", "blue"]})], HUB, clock())
    response = client.send("/products/A-1", **form | {"value-colors": "blue"})
    said = re.search(r'id="value-colors-error">(.*?)</div>', response.text, re.S).group(1)
    assert response.status_code == 409
    assert "“Red, Blue”" in said
    assert clock.now.astimezone(ZoneInfo("Europe/Amsterdam")).strftime("%H:%M") in said


def test_two_people_in_one_field_see_both_values(shop, enter, clock):
    client = enter("editor")
    _, form = form_of(client, "/products/A-1?in=shop.nl_NL")
    with shop.writing() as session:
        service.write(
            session,
            [ProductInput("A-1", {"name-nl_NL": "Theirs", "waterproof": True})],
            HUB,
            clock(),
        )
    response = client.send("/products/A-1", **form | {"value-name-nl_NL": "Mine"})
    html = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "other@example.org" in html
    assert "Theirs" in html
    assert 'value="Mine"' in html
    again = re.search(r'name="version" value="(\d+)"', html).group(1)
    assert (
        client.send(
            "/products/A-1",
            version=again,
            **{"was-name-nl_NL": "Theirs", "value-name-nl_NL": "Mine"},
        ).status_code
        == 303
    )
    values = product(shop, "A-1").product.values
    assert (values["name-nl_NL"], values["waterproof"]) == ("Mine", True)


def test_a_form_that_lay_open_leaves_alone_what_was_not_changed_in_it(shop, enter, clock):
    client = enter("editor")
    _, form = form_of(client, "/products/A-1?in=shop.nl_NL")
    with shop.writing() as session:
        service.write(
            session,
            [ProductInput("A-1", {"name-nl_NL": "Theirs", "waterproof": True})],
            HUB,
            clock(),
        )
    assert client.send("/products/A-1", **form | {"value-ean": "4006381333931"}).status_code == 303
    values = product(shop, "A-1").product.values
    assert (values["name-nl_NL"], values["waterproof"], values["ean"]) == (
        "Theirs",
        True,
        "4006381333931",
    )


def test_what_another_system_owns_is_locked_once_it_is_filled(shop, enter):
    client = enter("editor")
    filled = client.get("/products/A-1").get_data(as_text=True)
    assert 'name="value-price-EUR"' not in filled
    assert "Comes from ERP" in filled
    assert 'name="value-price-EUR"' in client.get("/products/A-2").get_data(as_text=True)


def test_a_variant_shows_what_it_inherits_and_where_from(shop, enter):
    html = enter("editor").get("/products/M-S?in=shop.nl_NL").get_data(as_text=True)
    assert "Parka</h1>" in html
    assert 'name="value-name-nl_NL"' not in html
    assert re.search(r'href="/products/M\?[^"]*#field-name-nl_NL"', html)
    assert 'name="value-size"' in html


def test_a_model_shows_its_variants_with_progress_and_not_their_values(shop, enter):
    html = enter("editor").get("/products/M?in=shop.nl_NL").get_data(as_text=True)
    assert "1/2<" in html
    assert 'href="/products/M-M?in=shop.nl_NL"' in html
    assert 'name="value-ean"' not in html
    assert "Its variants hold: " in html
    assert 'name="value-name-nl_NL"' in html


def test_missing_values_are_linked_where_they_are_filled_in(shop, enter):
    html = enter("viewer").get("/products/A-2").get_data(as_text=True)
    assert "/products/A-2?in=shop.nl_NL#field-price-EUR" in html


@pytest.mark.parametrize("identifier", ["A-1", "A-2", "M", "M-S", "M-M"])
def test_each_link_to_what_is_missing_leads_to_a_field_that_can_be_filled(shop, enter, identifier):
    client = enter("editor")
    html = unescape(client.get(f"/products/{identifier}").get_data(as_text=True))
    links = re.findall(r'href="(/products/[^"]*)#(field-[^"]*)"', gaps_of(html))
    assert links
    for url, field in links:
        assert re.search(rf'id="{field}" data-field', client.get(url).get_data(as_text=True))


def gaps_of(html):
    """The lists of what is missing, per channel and language."""
    return "".join(re.findall(r'<ul class="gaps">.*?</ul>', html, re.DOTALL))


def test_what_a_model_lacks_is_named_with_the_model_on_the_page_of_its_variant(shop, enter):
    html = unescape(enter("editor").get("/products/M-S").get_data(as_text=True))
    assert '/products/M?in=shop.en_GB#field-name-en_GB">Name (English)</a> <span' in gaps_of(html)
    assert '/products/M-S?in=till.nl_NL#field-ean">EAN</a></li>' in gaps_of(html)


def test_the_list_of_what_is_missing_names_who_lacks_it(shop, enter):
    """In English the model has no name; one of its variants has no price either."""
    client = enter("viewer")
    asked = "/products?completeness=missing&in=shop."
    assert skus(client, f"{asked}en_GB") == ["M-M", "M", "A-2", "A-1"]
    assert skus(client, f"{asked}en_GB&variants=1") == ["M-M", "M", "A-2", "A-1"]
    assert skus(client, f"{asked}nl_NL") == ["M-M", "A-2"]


def skus(client, path):
    html = client.get(path).get_data(as_text=True)
    return re.findall(r'<tr data-product="([^"]*)"', html)


def test_a_viewer_reads_and_a_strange_identifier_has_a_page(shop, enter):
    client = enter("viewer")
    html = client.get("/products/A%2F3%3Fx").get_data(as_text=True)
    assert "A/3?x</h1>" in html
    assert "data-save-bar" not in html
    assert client.get("/products/none").status_code == 404


def test_pictures_are_taken_in_ordered_and_removed(shop, enter):
    client = enter("editor")
    assert (
        client.send(
            "/products/A-1",
            **{"was-pictures": "", "file-pictures": [png("a.png", 10), png("b.png", 90)]},
        ).status_code
        == 303
    )
    first, second = product(shop, "A-1").product.values["pictures"]
    html = client.get("/products/A-1").get_data(as_text=True)
    assert "a.png" in html
    assert f"/media/{first}/" in html
    moved = {"was-pictures": f"{first},{second}", "value-pictures": [second, first]}
    client.send("/products/A-1", **moved)
    assert product(shop, "A-1").product.values["pictures"] == [second, first]
    client.send("/products/A-1", **{"was-pictures": f"{second},{first}", "value-pictures": [first]})
    assert product(shop, "A-1").product.values["pictures"] == [first]


def test_a_file_that_is_no_picture_is_refused_beside_its_field(shop, enter):
    client = enter("editor")
    for name, sentence in (("a.png", "a.png:"), ("a.exe", "Only files of these kinds")):
        response = client.send(
            "/products/A-1",
            **{"was-pictures": "", "file-pictures": (BytesIO(b"not a picture"), name)},
        )
        assert response.status_code == 422
        assert sentence in response.get_data(as_text=True)


def test_where_there_is_room_for_one_picture_the_new_one_replaces_it(shop, enter):
    client = enter("editor")
    client.send("/products/A-1", **{"was-cover": "", "file-cover": png("a.png", 10)})
    before = product(shop, "A-1").product.values["cover"]
    refused = client.send(
        "/products/A-1",
        **{"was-cover": before, "value-cover": before, "file-cover": (BytesIO(b"no"), "b.png")},
    )
    assert refused.status_code == 422
    client.send(
        "/products/A-1",
        **{"was-cover": before, "value-cover": before, "file-cover": png("b.png", 90)},
    )
    assert product(shop, "A-1").product.values["cover"] not in (None, before)


def png(name, shade):
    out = BytesIO()
    Image.new("RGB", (40, 30), (shade, 20, 20)).save(out, "PNG")
    out.seek(0)
    return out, name


def approve(client, identifier, **fields):
    """Opens a product and approves what its page shows."""
    plan = plans_in(client.get(f"/products/{identifier}"))[0]
    return client.send(f"/product/approve/{identifier}", plan=plan, **fields)


def test_a_text_that_changed_after_the_page_was_drawn_is_shown_before_it_is_published(shop, enter):
    client = enter("approver")
    opened = plans_in(client.get("/products/A-1"))[0]
    write(shop, ProductInput("A-1", {"name-nl_NL": "Half a se"}))
    answer = client.send("/product/approve/A-1", plan=opened)
    assert answer.status_code == 409
    assert "Nothing has been published yet" in answer.text
    assert re.search("<del>Jas één</del>.*<ins>Half a se</ins>", answer.text)
    assert product(shop, "A-1").product.published is None
    client.send("/product/approve/A-1", plan=plans_in(answer)[0])
    assert product(shop, "A-1").product.published["name-nl_NL"] == "Half a se"


def test_a_change_of_the_model_is_shown_before_a_variant_is_published(shop, enter):
    client = enter("approver")
    opened = plans_in(client.get("/products/M-S"))[0]
    write(shop, ProductInput("M", {"name-nl_NL": "Anorak"}, "model"))
    answer = client.send("/product/approve/M-S", plan=opened, reason="Trade fair")
    assert answer.status_code == 409
    assert "<ins>Anorak</ins>" in answer.text
    client.send("/product/approve/M-S", plan=plans_in(answer)[0], reason="Trade fair")
    assert product(shop, "M-S").product.status == "approved"


def test_an_approval_that_names_no_page_is_refused(shop, enter):
    client = enter("approver")
    assert client.send("/product/approve/A-1").status_code == 422
    assert product(shop, "A-1").product.published is None


def test_approving_publishes_and_says_what(shop, enter):
    client = enter("approver")
    assert approve(client, "A-1").status_code == 303
    html = client.get("/products/A-1").get_data(as_text=True)
    assert "published for the first time" in html
    assert "Shop (Dutch)" in html
    client.send("/products/A-1", **{"was-name-nl_NL": "Jas één", "value-name-nl_NL": "Jas twee"})
    assert "1 value changed since it was published" in client.get("/products/A-1").get_data(
        as_text=True
    )
    approve(client, "A-1")
    assert "Published: Name (Dutch)" in client.get("/products/A-1").get_data(as_text=True)
    assert product(shop, "A-1").product.published["name-nl_NL"] == "Jas twee"


def test_what_is_complete_nowhere_needs_a_reason(shop, enter):
    client = enter("approver")
    approve(client, "M-M")
    assert product(shop, "M-M").product.status == "draft"
    approve(client, "M-M", reason="Trade fair")
    assert product(shop, "M-M").product.status == "approved"
    assert "Trade fair" in client.get("/products/M-M?tab=history").get_data(as_text=True)


def test_the_steps_of_the_workflow_by_permission(shop, enter):
    client = enter("editor")
    assert client.send("/product/move/A-1", status="review").status_code == 303
    assert product(shop, "A-1").product.status == "review"
    assert client.send("/product/approve/A-1").status_code == 403
    assert client.send("/product/move/A-1", status="retired").status_code == 403
    assert client.send("/product/move/A-1", status="nonsense").status_code == 422
    assert product(shop, "A-1").product.status == "review"


def write(shop, given):
    """Somebody else changes a product."""
    with shop.writing() as session:
        service.write(session, [given], HUB, NOW)


def plans_in(shown):
    """What the confirmation of a preview sends back."""
    return [unescape(one) for one in re.findall(r'name="plan" value="([^"]+)"', shown.text)]


def identifiers_in(shown):
    return [orjson.loads(one)["identifier"] for one in plans_in(shown)]


def confirm(client, step, identifiers):
    """Selects products, looks at what would happen, and agrees."""
    shown = client.send("/product/selected", step=step, identifier=identifiers)
    return client.send(f"/product/{step}-selected", plan=plans_in(shown))


def test_a_selection_is_submitted_and_approved(shop, enter):
    client = enter("approver")
    assert confirm(client, "submit", ["A-1", "A-2"]).status_code == 303
    assert {product(shop, one).product.status for one in ("A-1", "A-2")} == {"review"}
    client.get("/products?q=a")
    answer = confirm(client, "approve", ["A-1", "A-2"])
    assert answer.location == "/products?q=a"
    html = client.get("/products").get_data(as_text=True)
    assert "Approved and published: 2." in html


def test_nothing_is_approved_that_nobody_has_seen(shop, enter):
    client = enter("approver")
    shown = client.send("/product/selected", step="approve", identifier=["A-1", "A-2"])
    write(shop, ProductInput("A-1", {"name-nl_NL": "Half a se"}))
    answer = client.send("/product/approve-selected", plan=plans_in(shown))
    assert answer.status_code == 303
    html = client.get("/products").get_data(as_text=True)
    assert "Approved and published: 1." in html
    assert "Not done for 1: A-1." in html
    assert "was changed meanwhile" in html
    assert product(shop, "A-1").product.published is None
    assert product(shop, "A-2").product.published is not None


def test_a_variant_is_not_approved_when_its_model_was_changed_meanwhile(shop, enter):
    client = enter("approver")
    with shop.writing() as session:
        publishing.approve(session, ["M"], HUB, NOW, "to begin with")
    write(shop, ProductInput("M", {"name-nl_NL": "Jas"}, "model"))
    plans = [orjson.dumps({"identifier": "M-S", "version": 1, "models": {"M": 2}}).decode()]
    client.send("/product/approve-selected", plan=plans)
    assert product(shop, "M-S").product.status == "draft"
    assert "“M” was changed meanwhile" in client.get("/products").get_data(as_text=True)


@pytest.mark.parametrize("plan", ["", "A-1", "[]", '{"identifier": "A-1"}', '{"version": "x"}'])
def test_a_confirmation_that_no_preview_made_is_refused(shop, enter, plan):
    client = enter("approver")
    assert client.send("/product/approve-selected", plan=plan).status_code == 422
    assert product(shop, "A-1").product.status == "draft"


def test_what_would_happen_to_a_selection_is_shown_and_nothing_is_done(shop, enter):
    client = enter("approver")
    shown = client.send("/product/selected", step="approve", identifier=["A-1", "M-M"])
    assert shown.status_code == 200
    assert "1 product goes on" in shown.text
    assert "1 product stays as it is" in shown.text
    assert "No channel and locale is complete yet" in shown.text
    assert identifiers_in(shown) == ["A-1"]
    found = product(shop, "A-1").product
    assert (found.status, found.published, found.version) == ("draft", None, 1)
    assert (
        enter("editor").send("/product/selected", step="approve", identifier=["A-1"]).status_code
        == 403
    )


def test_all_that_match_are_selected_and_a_model_brings_its_variants(shop, enter):
    client = enter("editor")
    shown = client.send("/product/selected", step="submit", all="1", family="coats", status="draft")
    assert sorted(identifiers_in(shown)) == [
        "A-1",
        "A-2",
        "M",
        "M-M",
        "M-S",
    ]
    shown = client.send("/product/selected", step="submit", all="1", q="muts")
    assert identifiers_in(shown) == ["A-2"]


def test_retired_products_of_a_selection_come_back_as_drafts(shop, enter, clock):
    client = enter("editor")
    with shop.writing() as session:
        publishing.move(session, ["A-1", "A-2"], "retired", TEXTS, clock())
    shown = client.send("/product/selected", step="draft", all="1", status="retired")
    assert "2 products go on" in shown.text
    assert ">Retired<" in shown.text
    assert sorted(identifiers_in(shown)) == ["A-1", "A-2"]
    plans = [unescape(one) for one in re.findall(r'name="plan" value="(.*?)"', shown.text)]
    client.send("/product/draft-selected", plan=plans)
    assert [product(shop, one).product.status for one in ("A-1", "A-2")] == ["draft", "draft"]
    assert client.send("/product/selected", step="burn", all="1").status_code == 422


def test_a_model_brings_no_variant_along_that_was_retired_before_it(shop, enter, clock):
    client = enter("editor")
    with shop.writing() as session:
        publishing.move(session, ["M-S"], "retired", TEXTS, clock())
    shown = client.send("/product/selected", step="submit", identifier="M")
    assert sorted(identifiers_in(shown)) == ["M", "M-M"]
    assert "M-S" not in shown.text
    with shop.writing() as session:
        publishing.move(session, ["M"], "retired", TEXTS, clock())
    shown = client.send("/product/selected", step="draft", identifier="M")
    assert "M-S" in identifiers_in(shown)


def test_categories_and_links_are_saved(shop, enter):
    client = enter("editor")
    assert client.send(
        "/product/categories/A-1", category=["dry", "warm"], tab="categories"
    ).location.endswith("tab=categories&in=shop.en_GB")
    assert client.send("/product/links/A-1", **{"upsell-products": "A-2, M"}).status_code == 303
    values = product(shop, "A-1").product.values
    assert (values["categories"], values["upsell-products"]) == (["dry", "warm"], ["A-2", "M"])
    assert (
        client.send("/product/categories/A-1", category=["nowhere"], tab="categories").status_code
        == 422
    )


def test_the_history_names_categories_and_families_by_their_labels(shop, enter):
    client = enter("editor")
    client.send("/product/categories/A-1", category=["dry", "warm"], tab="categories")
    assert "<ins>Dry, Warm</ins>" in client.get("/products/A-1?tab=history").text
    client.send("/products/A%2F3%3Fx", **{"was-family": "", "value-family": "coats"})
    assert "<ins>Coats</ins>" in client.get("/products/A%2F3%3Fx?tab=history").text


def test_the_history_tells_who_changed_what_into_what(shop, enter, clock):
    with shop.writing() as session:
        service.write(
            session,
            [ProductInput("A-1", {"name-nl_NL": "Two", "colors": ["red"]}, row=7)],
            TEXTS,
            clock(),
        )
        service.write(session, [ProductInput("A-1", {"name-nl_NL": "Three"})], HUB, clock())
        publishing.approve(session, ["A-1"], HUB, clock())
    html = enter("viewer").get("/products/A-1?tab=history").get_data(as_text=True)
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    assert "Name (Dutch) Two Three" in said
    assert "Name (Dutch) Jas één Two" in said
    assert "[colors] empty Red" in said
    assert "line 7" in said
    assert "Created" in said


def changes_of(client, path):
    return re.findall(r'name="change" value="(\d+)"', client.get(f"{path}?tab=history").text)


def test_one_change_is_undone_and_what_was_changed_since_stays(shop, enter, clock):
    with shop.writing() as session:
        wrong = ProductInput(
            "A-1", {"name-nl_NL": "Fout", "name-en_GB": "Wrong", "price-EUR": "99.00"}
        )
        service.write(session, [wrong], Origin("api", "erp@example.org", None), clock())
        service.write(session, [ProductInput("A-1", {"name-nl_NL": "Goed"})], HUB, clock())
    client = enter("approver")
    _latest, wrong = changes_of(client, "/products/A-1")[:2]
    client.send("/product/undo/A-1", change=wrong)
    assert "Undone: " in client.get("/products/A-1?tab=history").text
    after = product(shop, "A-1").product.values
    assert (after["name-nl_NL"], after.get("name-en_GB"), after["price-EUR"]) == (
        "Goed",
        None,
        "12.50",
    )
    client.send("/product/undo/A-1", change=wrong)
    assert "nothing to undo any more" in client.get("/products/A-1").text
    assert product(shop, "A-1").product.values == after


def test_what_an_undo_gives_back_of_the_approval_is_said(shop, enter, clock):
    with shop.writing() as session:
        publishing.approve(session, ["A-1"], HUB, clock(), force="for the season")
        service.write(session, [ProductInput("A-1", {"name-nl_NL": "Fout"})], HUB, clock())
    client = enter("approver")
    client.send("/product/undo/A-1", change=changes_of(client, "/products/A-1")[0])
    assert "It is “Approved” again." in client.get("/products/A-1").text
    assert product(shop, "A-1").product.status == "approved"


def test_undoing_takes_an_approver(shop, enter):
    client = enter("editor")
    assert changes_of(client, "/products/A-1") == []
    assert client.send("/product/undo/A-1", change="1").status_code == 403


def test_the_history_names_pictures_by_their_files(shop, enter):
    client = enter("editor")
    client.send("/products/A-1", **{"was-pictures": "", "file-pictures": png("front.png", 10)})
    assert "<ins>front.png</ins>" in client.get("/products/A-1?tab=history").text


@pytest.mark.parametrize("identifier", [".", "..", "a//b", "/7"])
def test_a_product_with_an_odd_sku_has_a_page(shop, enter, identifier):
    client = enter("editor")
    address = client.send("/product/new", identifier=identifier, family="coats").location
    assert client.get(address).status_code == 200
    assert client.send(address).status_code == 303
    assert product(shop, identifier).product.identifier == identifier


def test_a_new_product_is_made_once(shop, enter):
    client = enter("editor")
    assert client.send("/product/new", identifier="N-1", family="coats").location == "/products/N-1"
    assert product(shop, "N-1").product.family == "coats"
    again = client.send("/product/new", identifier="n-1", family="coats")
    assert again.status_code == 422
    assert "already" in again.get_data(as_text=True)
    assert client.send("/product/new", identifier=" ", family="coats").status_code == 422
    without = client.send("/product/new", identifier="N-2")
    assert (without.status_code, 'id="family-error"' in without.text) == (422, True)


def test_a_product_leads_on_in_the_list_somebody_came_from_and_back_to_it(shop, enter):
    client = enter("viewer")
    found = re.findall(
        r'class="name"[^>]* href="(/products/[^"]+)"',
        unescape(client.get("/products?in=shop.nl_NL&family=coats&variants=1").text),
    )
    html = unescape(client.get(found[1]).text)
    assert (f'rel="prev" href="{found[0]}"' in html, f'rel="next" href="{found[2]}"' in html) == (
        True,
        True,
    )
    assert '<a href="/products?family=coats&variants=1&in=shop.nl_NL">Products</a>' in html
    assert 'rel="prev"' not in client.get(found[0]).text
    assert 'rel="next"' not in client.get(found[-1]).text


def test_the_list_of_what_is_missing_leads_on_from_a_variant_to_a_model(shop, enter):
    client = enter("viewer")
    found = re.findall(
        r'class="name"[^>]* href="(/products/[^"]+)"',
        unescape(client.get("/products?in=shop.en_GB&completeness=missing").text),
    )
    assert len(found) == 4  # M-M, M, A-2 and A-1
    for here, following in pairwise(found):
        assert f'rel="next" href="{following}"' in unescape(client.get(here).text)
        assert f'rel="prev" href="{here}"' in unescape(client.get(following).text)


def test_the_family_and_the_switch_are_part_of_the_form(shop, enter):
    client = enter("editor")
    html = client.get("/products/A%2F3%3Fx").get_data(as_text=True)
    assert "has no family" in html
    fields = {"was-family": "", "value-family": "coats", "was-enabled": "0", "value-enabled": "1"}
    assert client.send("/products/A%2F3%3Fx", **fields).status_code == 303
    found = product(shop, "A/3?x").product
    assert (found.family, found.enabled) == ("coats", True)


def test_another_language_can_stand_beside_and_stays(shop, enter):
    client = enter("editor")
    client.get("/products/A-2?in=shop.nl_NL&beside=en_GB")
    html = client.get("/products/A-2").get_data(as_text=True)
    assert re.search(r'class="beside" lang="en-GB">.*?Hat', html)
    assert 'class="beside"' not in client.get("/products/A-2?beside=none").get_data(as_text=True)


def test_the_feeds_are_asked_on_the_page(shop, enter):
    client = enter("viewer")
    assert 'hx-get="/product/channels/A-1?in=shop.en_GB"' in client.get("/products/A-1").get_data(
        as_text=True
    )
    assert "There are no feeds yet." in client.get("/product/channels/A-1").get_data(as_text=True)


def test_a_page_without_any_structure_still_opens(database, enter, clock):
    with database.writing() as session:
        service.write(session, [ProductInput("A", {})], HUB, clock())
        assert catalog.structure(session).scopes == ()
    client = enter("admin")
    assert listed(client, **{"in": ""}) == ["A"]
    assert client.get("/products/A").status_code == 200
