"""The columns of a feed of its own layout are made in the browser."""

import pytest

from pim.feeds.column_editing import columns_of
from pim.feeds.models import Feed
from pim.imports import store
from tests.web.operations.test_feed_making import read, seen, texts

URL = "/feeds/erp_back/columns"
FIELDS = "/feeds/erp_back/fields"


def names(database):
    with database.reading() as session:
        return [one.name for one in columns_of(session.get(Feed, "erp_back"))]


def rule_of(database, column):
    with database.reading() as session:
        return session.get(Feed, "erp_back").mapping.get(column)


@pytest.fixture
def client(shop, enter):
    client = enter("admin")
    place = {"channel": "webshop", "locale": "en_GB", "currency": "EUR"}
    answer = client.send(
        "/feeds/new/own_layout",
        label="ERP back",
        **place,
        **{"options.guard": "1", "options.header": "1"},
    )
    assert answer.headers["Location"] == FIELDS
    return client


@pytest.fixture
def change(client):
    def send(do, **fields):
        return client.send(URL, do=do, seen=seen(client, FIELDS), **fields)

    return send


def rows(client):
    return [texts(row.cssselect("td"))[:3] for row in read(client, FIELDS).cssselect("tbody tr")]


def test_a_feed_without_columns_says_how_to_begin(client):
    page = read(client, FIELDS)
    assert "No columns yet" in page.text_content()
    assert not page.cssselect("pre.file-part")


def test_columns_are_added_one_by_one_with_what_fills_them(shop, client, change):
    assert change("add", name="Number", source="$identifier").status_code == 303
    assert change("add", name="Price", source="price").status_code == 303
    assert change("add", name="Remarks", source="").status_code == 303
    assert rows(client) == [
        ["Number text", "Identifier", "A"],
        ["Price number", "[price]", "649.00"],
        ["Remarks text", "Nothing yet", ""],
    ]
    assert rule_of(shop, "Price") == {"from": ["price"]}
    [file] = read(client, FIELDS).cssselect("pre.file-part")
    assert file.text_content().splitlines()[0] == "Number;Price;Remarks"


def test_all_attributes_of_a_family_come_at_once(shop, change):
    change("family", family="bikes")
    assert names(shop) == ["sku", "Name", "price"]
    assert rule_of(shop, "sku") == {"from": ["$identifier"]}


def test_the_columns_of_an_import_profile_read_what_it_writes(shop, client, change):
    with shop.reading() as session:
        profile = store.profiles(session)[0]
        wanted = [name for name, to in profile.definition["columns"].items() if to]
        code = profile.code
    change("profile", profile=code)
    assert names(shop) == wanted


def test_a_header_that_is_pasted_becomes_columns(shop, change):
    change("header", header="Article\tName\tname\n1\t2\t3")
    assert names(shop) == ["Article", "Name", "name"]
    assert rule_of(shop, "Name") == {"from": ["name"]}
    assert rule_of(shop, "Article") is None


def test_a_column_is_moved_changed_and_taken_out(shop, client, change):
    change("header", header="A;B;C")
    change("down", column="A")
    assert names(shop) == ["B", "A", "C"]
    change("up", column="C")
    assert names(shop) == ["B", "C", "A"]
    form = read(client, f"{FIELDS}?column=C")
    assert form.cssselect("#changed-name")[0].get("value") == "C"
    change("change", column="C", name="Prijs/stuk", kind="number", required="1")
    assert names(shop) == ["B", "Prijs/stuk", "A"]
    change("take_out", column="B")
    assert names(shop) == ["Prijs/stuk", "A"]


def test_a_name_with_a_slash_has_a_page_of_its_own(client, change):
    change("add", name="Prijs/stuk", source="price")
    [link] = read(client, FIELDS).cssselect("a.row-title")
    assert client.get(link.get("href")).status_code == 200
    assert "Prijs/stuk" in client.get(link.get("href")).text


def test_taking_out_is_undone(shop, client, change):
    change("header", header="A;B")
    change("take_out", column="A")
    ways = [one.get("action") for one in read(client, FIELDS).cssselect("form")]
    [undo] = [one for one in ways if one and "/versions/" in one]
    client.send(undo)
    assert names(shop) == ["A", "B"]


def test_two_columns_of_one_name_are_refused_and_nothing_is_lost(shop, client, change):
    change("header", header="A;B")
    answer = change("add", name="A", source="price")
    assert answer.status_code == 422
    assert "Two columns are called" in answer.text
    assert 'value="A"' in answer.text
    assert names(shop) == ["A", "B"]


def test_who_saw_other_columns_is_refused(shop, client, change):
    change("header", header="A;B")
    old = seen(client, FIELDS)
    change("down", column="A")
    assert client.send(URL, do="take_out", column="A", seen=old).status_code == 409
    assert names(shop) == ["B", "A"]


def test_who_may_only_look_has_no_forms(client, enter, change):
    change("header", header="A;B")
    page = read(enter("viewer"), FIELDS)
    assert not page.cssselect(f"form[action='{URL}']")
