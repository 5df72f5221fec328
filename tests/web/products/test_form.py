"""The form of a product: what is typed, read, refused and saved."""

import re
from zoneinfo import ZoneInfo

import pytest

from pim.products import queries, service
from pim.products.change import ProductInput
from tests.web.products.conftest import HUB, WEIGHT, product


def form_of(client, path):
    """name -> value of the text fields and hidden twins of a page."""
    html = client.get(path).get_data(as_text=True)
    found = dict(
        re.findall(r'<input[^>]*?name="((?:was-|value-|version)[^"]*)"[^>]*?value="([^"]*)"', html)
    )
    return html, found


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
        ("nl", "0,125", "0.125"),
        ("nl", "0.750", "0.75"),
        ("en", "1.500", "1.5"),
        ("nl", "1.5000", "1.5"),
        ("nl", "1.500", None),
        ("en", "1,500", None),
        ("de", "1,5", "1.5"),
        ("de", "1.500", None),
        ("de", "1.250,75", "1250.75"),
        ("de", "12.345.678,5", "12345678.5"),
        ("de", "1.250.000", "1250000"),
        ("fr", "1\u202f250,75", "1250.75"),
        ("fr", "1 250,75", "1250.75"),
        ("en", "1,250.75", "1250.75"),
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
            r'id="value-weight-error">.*?(two numbers|twee getallen|zwei Zahlen)',
            response.text,
            re.S,
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


def test_categories_are_saved(shop, enter):
    client = enter("editor")
    assert client.send(
        "/product/categories/A-1", category=["dry", "warm"], tab="categories"
    ).location.endswith("tab=categories&in=shop.en_GB")
    assert product(shop, "A-1").product.values["categories"] == ["dry", "warm"]
    assert (
        client.send("/product/categories/A-1", category=["nowhere"], tab="categories").status_code
        == 422
    )


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
    assert re.search(r'class="beside">.*?lang="en-GB" dir="ltr">Hat', html)
    assert 'class="beside"' not in client.get("/products/A-2?beside=none").get_data(as_text=True)
