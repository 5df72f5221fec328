"""Rules and the selection of a feed in the browser: made, put in order, paused, taken over."""

import pytest
from lxml import html

from pim.feeds import service as feeds
from pim.feeds.models import Feed
from tests.web.operations.conftest import FEED
from tests.web.operations.test_feed_fields import send, values_of
from tests.web.operations.test_feed_making import read, seen, texts

RULES = "/feeds/till/rules"
CHEAP = {
    "label": "Cheap",
    "if": [{"price": {"at_most": "700"}}],
    "set": {"ean": {"value": "4006381333931"}},
}
BIG = {"label": "No big ones", "if": [{"name": {"contains": "fiets"}}], "leave_out": True}


def part(database, name, code="till"):
    with database.reading() as session:
        return getattr(session.get(Feed, code), name)


@pytest.fixture
def ruled(shop, clock):
    with shop.writing() as session:
        feeds.define(session, "till", {**FEED, "rules": [CHEAP, BIG]}, clock())
    return shop


def press(client, number, do):
    fields = [("seen", values_of(read(client, RULES), ".rule-tools [name=seen]")[0])]
    return send(client, RULES, [*fields, ("number", str(number)), ("do", do)])


def test_rules_stand_in_words_with_how_many_products_they_hold_for(ruled, enter):
    page = read(enter("viewer"), RULES)
    first, second = [" ".join(texts([one])) for one in page.cssselect(".rule")]
    assert "If [price]: up to 700 then ean ← “4006381333931”" in first
    assert "Holds for 2 of 2 products." in first
    assert "If Name contains “fiets” then leave it out" in second
    assert not page.cssselect(".rule-tools, main form .btn")


def test_a_rule_is_made(shop, enter):
    client = enter("admin")
    url = f"{RULES}/new"
    fields = [
        ("seen", seen(client, url)),
        ("label", "Cheap"),
        ("if-source", "price"),
        ("if-operator", "at_most"),
        ("if-values", "700"),
        ("if-source", ""),
        ("if-operator", "is"),
        ("if-values", ""),
        ("then", "set"),
        ("field", "ean"),
        ("kind", "value"),
        ("value", "4006381333931"),
    ]
    tried = html.fromstring(send(client, f"{url}/try", fields).text)
    assert "Holds for 2 of 2 products." in " ".join(texts(tried.cssselect(".row-sub")))
    assert part(shop, "rules") == []
    assert send(client, url, fields).headers["Location"] == RULES
    assert part(shop, "rules") == [CHEAP]


@pytest.mark.parametrize(
    ("fields", "made"),
    [
        ([("then", "leave_out")], {"leave_out": True}),
        (
            [("then", "change"), ("field", "name"), ("kind", "from"), ("operation", "upper")],
            {"change": {"name": ["upper"]}},
        ),
        (
            [("then", "set"), ("field", "name"), ("kind", "template"), ("template", "A {name}")],
            {"set": {"name": {"template": "A {name}"}}},
        ),
        (
            [
                ("then", "set"),
                ("field", "gross_price"),
                ("kind", "calculate"),
                ("calculate-first", "price"),
                ("calculate-by", "times"),
                ("calculate-number", "1.21"),
                ("calculate-decimals", "2"),
            ],
            {
                "set": {
                    "gross_price": {
                        "calculate": {
                            "first": "price",
                            "by": "times",
                            "second": "1.21",
                            "decimals": "2",
                        }
                    }
                }
            },
        ),
    ],
)
def test_what_a_rule_does_is_saved_and_stands_in_its_form_again(shop, enter, fields, made):
    client, url = enter("admin"), f"{RULES}/new"
    asked = [("if-source", "family"), ("if-operator", "one_of"), ("if-values", "bikes, boats")]
    send(client, url, [("seen", seen(client, url)), ("label", "One"), *asked, *fields])
    [rule] = part(shop, "rules")
    assert rule == {"label": "One", "if": [{"family": {"one_of": ["bikes", "boats"]}}], **made}
    page = read(client, f"{RULES}/0")
    assert values_of(page, "#if-values-0") == ["bikes, boats"]
    assert values_of(page, "#then option[selected]") == [dict(fields)["then"]]
    for name, value in fields:
        if name in ("template", "calculate-number", "calculate-decimals", "operation"):
            assert values_of(page, f"[name={name}]") == [value]


def test_a_rule_is_changed_and_its_other_fields_stay(shop, enter, clock):
    both = {**CHEAP, "set": {"ean": {"value": "4006381333931"}, "name": {"from": ["name"]}}}
    with shop.writing() as session:
        feeds.define(session, "till", {**FEED, "rules": [both]}, clock())
    client, url = enter("admin"), f"{RULES}/0"
    fields = [("seen", seen(client, url)), ("label", "Cheap"), ("then", "set")]
    fields += [("field", "ean"), ("kind", "value"), ("value", "96385074")]
    send(client, url, fields)
    assert part(shop, "rules")[0]["set"] == {
        "ean": {"value": "96385074"},
        "name": {"from": ["name"]},
    }


def test_rules_are_put_in_order_paused_and_removed_and_that_is_undone(ruled, enter):
    client = enter("admin")
    press(client, 1, "up")
    assert [one["label"] for one in part(ruled, "rules")] == ["No big ones", "Cheap"]
    press(client, 0, "pause")
    assert part(ruled, "rules")[0]["paused"] is True
    press(client, 0, "resume")
    assert "paused" not in part(ruled, "rules")[0]
    press(client, 0, "remove")
    assert part(ruled, "rules") == [CHEAP]
    [undo] = read(client, RULES).cssselect("form.note-undo")
    client.send(undo.get("action"))
    assert len(part(ruled, "rules")) == 2
    assert press(client, 7, "up").status_code == 404


def test_rules_of_another_feed_are_taken_over(ruled, enter, clock):
    with ruled.writing() as session:
        feeds.define(session, "other", FEED, clock())
    client = enter("admin")
    page = read(client, "/feeds/other/rules")
    [form] = page.cssselect("form[action$=take-over]")
    send(
        client,
        form.get("action"),
        [("seen", values_of(page, "form[action$=take-over] [name=seen]")[0]), ("from", "till")],
    )
    assert part(ruled, "rules", "other") == [CHEAP, BIG]


def test_who_saw_other_rules_does_not_save_over_them(ruled, enter):
    client = enter("admin")
    old = seen(client, f"{RULES}/0")
    press(client, 1, "remove")
    answer = send(client, f"{RULES}/0", [("seen", old), ("then", "leave_out")])
    assert answer.status_code == 409
    assert part(ruled, "rules") == [CHEAP]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ([("then", "set")], "The rule does nothing"),
        (
            [
                ("then", "leave_out"),
                ("if-source", "price"),
                ("if-operator", "at_most"),
                ("if-values", ""),
            ],
            "wants",
        ),
        (
            [
                ("then", "leave_out"),
                ("if-source", "nobody"),
                ("if-operator", "is"),
                ("if-values", "1"),
            ],
            "no attribute",
        ),
    ],
)
def test_a_rule_that_cannot_be_is_refused(shop, enter, fields, said):
    client, url = enter("admin"), f"{RULES}/new"
    filled = (
        fields if any(name == "if-values" for name, _ in fields) else [*fields, ("if-values", "")]
    )
    answer = send(client, url, [("seen", seen(client, url)), *filled])
    assert answer.status_code == 422
    assert said in answer.text
    assert part(shop, "rules") == []


def test_a_selection_is_made_of_conditions_and_single_products(shop, enter):
    client, url = enter("admin"), "/feeds/till/selection"
    asked = [("if-source", "price"), ("if-operator", "at_least"), ("if-values", "1000")]
    tried = send(client, f"{url}/try", [("seen", ""), *asked])
    assert "Holds for 0 of 2 products." in tried.text
    send(client, f"{url}/save", [("seen", seen(client, url)), *asked])
    assert part(shop, "selection") == {"only": [{"price": {"at_least": "1000"}}]}
    page = read(client, RULES)
    [shown] = page.cssselect("form[action$='/selection'] [name=seen]")
    named = [("which", "with"), ("sku", "A"), ("reason", "Anna asked"), ("until", "2026-12-31")]
    send(client, url, [("seen", shown.get("value")), *named])
    assert part(shop, "selection")["with"] == {"A": {"reason": "Anna asked", "until": "2026-12-31"}}
    page = read(client, RULES)
    assert "AAnna asked2026-12-31" in " ".join(texts(page.cssselect("tbody tr")))
    [shown] = {one.get("value") for one in page.cssselect("form[action$='/selection'] [name=seen]")}
    send(client, url, [("seen", shown), ("which", "with"), ("sku", "A"), ("forget", "1")])
    assert "with" not in part(shop, "selection")


def test_who_may_not_configure_reads_rules(ruled, enter):
    client = enter("viewer")
    assert read(client, f"{RULES}/0").cssselect("fieldset[disabled]")
    assert send(client, f"{RULES}/0", [("then", "leave_out")]).status_code == 403
    assert client.get(f"{RULES}/9").status_code == 404
    assert client.get(f"{RULES}/x").status_code == 404


def test_a_products_values_are_told_as_the_rules_make_them(ruled, enter, clock):
    """What stands beside the fields is what the file has, on both pages that show it."""
    capitals = {"if": [], "change": {"name": ["upper"]}}
    with ruled.writing() as session:
        feeds.define(session, "till", {**FEED, "rules": [CHEAP, capitals]}, clock())
    client = enter("viewer")
    rows = {
        texts(row)[0]: texts(row)[-1]
        for row in read(client, "/feeds/till/products?sku=A").cssselect("tbody tr")
    }
    assert rows["name"] == "FIETS A"
    [row] = read(client, "/feeds/till/fields?sku=A").cssselect("#field-name")
    assert texts(row.cssselect(".example")) == ["FIETS A"]
