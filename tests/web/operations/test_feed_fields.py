"""What fills each field of a channel: shown with real products, tried, compared, saved."""

import pytest
from lxml import html
from werkzeug.datastructures import MultiDict

from pim.feeds.models import Feed
from pim.feeds.operations import OPERATIONS
from tests.web.operations.test_feed_making import read, seen, texts

NAME = "/feeds/till/fields/name"


def rule_of(database, field):
    with database.reading() as session:
        return session.get(Feed, "till").mapping.get(field)


def send(client, url, fields):
    """``fields``: (name, value), for names that come more than once."""
    page = html.fromstring(client.get("/login").text)
    [token] = page.cssselect("meta[name=csrf-token]")
    return client.post(url, data=MultiDict([("csrf_token", token.get("content")), *fields]))


def values_of(page, selector):
    return [one.get("value") for one in page.cssselect(selector)]


def test_fields_stand_with_what_fills_them_and_the_value_of_a_product(shop, enter):
    page = read(enter("viewer"), "/feeds/till/fields?sku=B")
    [row] = page.cssselect("#field-name")
    assert texts(row.cssselect("td"))[1:3] == ["Name shorten to 40", "Fiets B"]
    assert not row.cssselect(".btn")


def test_required_fields_that_nothing_fills_come_first_with_what_could(shop, enter):
    with shop.writing() as session:
        mapping = dict(session.get(Feed, "till").mapping)
        del mapping["suffix_code"]
        session.get(Feed, "till").mapping = mapping
    page = read(enter("admin"), "/feeds/till/fields")
    first = page.cssselect("main section.card")[0]
    assert texts(first.cssselect("h2")) == ["Required, and filled by nothing yet"]
    [row] = first.cssselect("#field-suffix_code")
    assert "Suggested: Identifier" in texts(row.cssselect("td"))[1]
    [fill] = row.cssselect("a.btn")
    assert fill.get("href") == "/feeds/till/fields/suffix_code?suggested=1"


def test_a_suggestion_stands_in_the_form_and_is_not_saved_yet(shop, enter):
    page = read(enter("admin"), "/feeds/till/fields/suffix_code?suggested=1")
    assert values_of(page, "[name=source] option[selected]") == ["$identifier"]


def test_a_rule_is_shown_with_each_step_of_real_products(shop, enter):
    page = read(enter("viewer"), f"{NAME}?sku=A")
    [sample] = page.cssselect(".sample")
    assert texts(sample.cssselect("h3")) == ["Fiets A A"]
    assert texts(sample.cssselect(".sample-steps > li")) == [
        "NameFiets A",
        "shorten toFiets A",
        "nameFiets A",
    ]


def test_a_rule_is_tried_without_being_saved(shop, enter):
    client = enter("admin")
    before = rule_of(shop, "name")
    tried = send(
        client,
        f"{NAME}/try",
        [
            ("kind", "from"),
            ("source", "name"),
            ("operation", "truncate"),
            ("operation-0-length", "40"),
            ("add_operation", "upper"),
        ],
    )
    page = html.fromstring(tried.text)
    assert values_of(page, "[name=operation]") == ["truncate", "upper"]
    assert "FIETS A" in texts(page.cssselect(".sample-result strong"))
    assert "Of the first 2 products, 2 get another value." in tried.text
    assert rule_of(shop, "name") == before


@pytest.mark.parametrize(
    ("move", "order"),
    [
        ("up-1", ["upper", "trim", "lower"]),
        ("down-1", ["trim", "lower", "upper"]),
        ("drop-1", ["trim", "lower"]),
        ("up-0", ["trim", "upper", "lower"]),
        ("sideways-1", ["trim", "upper", "lower"]),
    ],
)
def test_operations_are_moved_and_left_out(shop, enter, move, order):
    fields = [("kind", "from"), ("source", "name"), ("move", move)]
    fields += [("operation", one) for one in ("trim", "upper", "lower")]
    answer = send(enter("admin"), f"{NAME}/try", fields)
    assert values_of(html.fromstring(answer.text), "[name=operation]") == order


def test_a_rule_is_saved_and_the_save_undone(shop, enter):
    client = enter("admin")
    before = rule_of(shop, "name")
    fields = [
        ("seen", seen(client, NAME)),
        ("kind", "from"),
        ("source", "price"),
        ("source", ""),
        ("source", "name"),
        ("operation", "map"),
        ("operation-0-entries-key", "649.00"),
        ("operation-0-entries-by", "Cheap"),
        ("operation-0-entries-key", ""),
        ("operation-0-entries-by", ""),
        ("operation-0-other", "Dear"),
        ("operation", "truncate"),
        ("operation-1-length", "12"),
    ]
    answer = send(client, NAME, fields)
    assert answer.headers["Location"] == "/feeds/till/fields#field-name"
    assert rule_of(shop, "name") == {
        "from": ["price", "name"],
        "do": [
            {"map": {"entries": {"649.00": "Cheap"}, "other": "Dear"}},
            {"truncate": {"length": 12}},
        ],
    }
    [undo] = read(client, "/feeds/till/fields").cssselect("form.note-undo")
    client.send(undo.get("action"))
    assert rule_of(shop, "name") == before


def test_what_is_saved_stands_in_the_form_again(shop, enter):
    """Every operation with every parameter: the form of what it reads is what it has read."""
    client = enter("admin")
    examples = {
        "whole": "3",
        "number": "1.5",
        "unit": "KILOGRAM",
        "date_format": "%d-%m-%Y",
        "text": "x",
    }
    fields = [("kind", "from"), ("source", "name")]
    for number, operation in enumerate(OPERATIONS.values()):
        fields.append(("operation", operation.name))
        for parameter in operation.parameters:
            name = f"operation-{number}-{parameter.name}"
            if parameter.kind == "table":
                fields += [(f"{name}-key", "a"), (f"{name}-by", "b")]
            else:
                value = parameter.choices[0] if parameter.choices else examples[parameter.kind]
                fields.append((name, value))
    saved = send(client, NAME, [("seen", seen(client, NAME)), *fields])
    assert saved.status_code == 303
    page = read(client, NAME)
    drawn = [(one.get("name"), one.get("value")) for one in page.cssselect(".operation input")]
    drawn += [
        (one.get("name"), one.cssselect("option[selected]")[0].text_content())
        for one in page.cssselect(".operation select")
    ]
    wanted = [one for one in fields if one[0].startswith("operation")]
    assert sorted(one for one in drawn if one[1]) == sorted(wanted)


def test_a_fixed_value_and_nothing_are_rules_too(shop, enter):
    client = enter("admin")
    send(client, NAME, [("seen", seen(client, NAME)), ("kind", "value"), ("value", "Bicycle")])
    assert rule_of(shop, "name") == {"value": "Bicycle"}
    send(client, NAME, [("seen", seen(client, NAME)), ("kind", "nothing")])
    assert rule_of(shop, "name") is None


def test_what_the_feed_says_of_wrong_and_missing_values_is_kept(shop, enter):
    client, url = enter("admin"), "/feeds/till/fields/ean"
    fields = [("seen", seen(client, url)), ("kind", "from"), ("source", "sku")]
    send(client, url, [*fields, ("invalid", "warn"), ("required", "1")])
    assert rule_of(shop, "ean") == {"from": ["sku"], "invalid": "warn", "required": True}
    page = read(client, url)
    assert page.cssselect("#invalid option[selected]")[0].get("value") == "warn"
    assert page.cssselect("#required[checked]")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ([("kind", "from"), ("source", "nobody")], "There is no attribute “nobody”."),
        ([("kind", "from")], "“from” is a list of attributes."),
        (
            [("kind", "from"), ("source", "name"), ("operation", "truncate")],
            "“truncate” needs “length”.",
        ),
    ],
)
def test_a_rule_that_cannot_be_is_refused_and_stays_in_the_form(shop, enter, fields, said):
    client = enter("admin")
    before = rule_of(shop, "name")
    answer = send(client, NAME, [("seen", seen(client, NAME)), *fields])
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert said in " ".join(texts(page.cssselect(".rule-form .note-danger")))
    assert values_of(page, "[name=operation]") == [
        value for name, value in fields if name == "operation"
    ]
    assert rule_of(shop, "name") == before


def test_who_saw_another_rule_does_not_save_over_it(shop, enter):
    client = enter("admin")
    old = seen(client, NAME)
    send(client, NAME, [("seen", old), ("kind", "value"), ("value", "Theirs")])
    answer = send(client, NAME, [("seen", old), ("kind", "value"), ("value", "Mine")])
    assert answer.status_code == 409
    assert rule_of(shop, "name") == {"value": "Theirs"}
    other = "/feeds/till/fields/ean"
    kept = send(client, other, [("seen", seen(client, other)), ("kind", "from"), ("source", "sku")])
    assert kept.status_code == 303


def test_a_problem_of_a_value_is_told_beside_it(shop, enter):
    fields = [("kind", "from"), ("source", "name"), ("sku", "A")]
    answer = send(enter("admin"), "/feeds/till/fields/gross_price/try", fields)
    [why] = html.fromstring(answer.text).cssselect(".sample .row-error")
    assert "price" in why.text_content()


def test_a_field_and_a_product_that_are_not_there(shop, enter):
    client = enter("viewer")
    assert client.get("/feeds/till/fields/nonsense").status_code == 404
    assert client.get("/feeds/nobody/fields").status_code == 404
    page = client.get(f"{NAME}?sku=NOBODY")
    assert page.status_code == 200
    assert "NOBODY" in page.text


def test_who_may_not_configure_reads_and_tries_but_does_not_save(shop, enter):
    client = enter("viewer")
    assert read(client, NAME).cssselect("fieldset[disabled]")
    assert send(client, NAME, [("kind", "nothing")]).status_code == 403


def test_where_a_product_is_and_how_it_is_spelt(shop, enter, work):
    client = enter("approver")
    client.send("/feeds/till/run")
    work()
    page = read(client, "/feeds/till/products?sku=A")
    [card] = page.cssselect("main section.card:has(.standing)")
    assert "In the live file" in texts(card.cssselect(".standing"))[0]
    assert "In the next build" in texts(card.cssselect(".standing"))[0]
    rows = {texts(row)[0]: texts(row)[-1] for row in card.cssselect("tbody tr")}
    assert rows["name"] == "Fiets A"
    assert "Fiets A" in page.cssselect(".file-part")[0].text_content()
    draft = read(client, "/feeds/till/products?sku=C")
    assert "Left out of the next build" in texts(draft.cssselect(".standing"))[0]
    assert "It has not been approved yet." in " ".join(texts(draft.cssselect(".row-error")))
    assert client.get("/feeds/till/products?sku=NOBODY").status_code == 404


def test_the_file_begins_so(shop, enter):
    page = read(enter("viewer"), "/feeds/till/products")
    spelt = page.cssselect(".file-part")[0].text_content()
    assert "Fiets A" in spelt
    assert "Fiets B" in spelt


def test_a_cell_says_where_its_value_comes_from(shop, enter):
    page = read(enter("viewer"), "/feeds/till/products?sku=A&field=name")
    [explained] = page.cssselect(".explained")
    steps = texts(explained.cssselect("li"))
    assert steps[0].startswith("After “truncate”")
    assert "Fiets A" in steps[1]
    assert "Written by" in steps[1]
    assert len(page.cssselect(".explain-link")) == len(page.cssselect("table.mapping tbody tr")) - 2
