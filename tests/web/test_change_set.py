"""A long change set of a file that came back: all of it is paged through, part by part, and a SKU
is found in it.
"""

import io
from datetime import UTC, datetime

import pytest
from lxml import html

from pim.products import service
from pim.products.change import ProductInput
from pim.structure import service as structures
from tests.support import coats, workbooks

NUMBER = 130
PAGE = 100


def sku(number):
    return f"W-{number:03}"


def in_the_file():
    """The SKUs as the rows of the file stand: in the order of the list, the newest first."""
    return [sku(one) for one in reversed(range(NUMBER))]


@pytest.fixture
def editor(database, enter):
    coats.fill(database)
    with database.writing() as session:
        capes = [ProductInput(sku(one), {"family": "coats"}) for one in range(NUMBER)]
        service.write(session, capes, coats.ANN, datetime.now(UTC))
    return enter("admin")


def brought_back(client, change, between=lambda: None):
    """The page of a file in which ``change`` was done to every row (SKU -> column -> cell)."""
    answer = client.send("/products/export?in=shop.en_GB", names="codes", columns_of="all", q="W-")
    head, *rows = workbooks.opened(answer.data)
    between()
    for row in rows:
        for column, cell in change(row[0]).items():
            row[head.index(column)] = cell
    file = (io.BytesIO(workbooks.saved([head, *rows])), "capes.xlsx")
    return client.send("/products/bring-back?in=shop.en_GB", file=file).location.partition("?")[0]


class Part:
    """A part of the change set as its page shows it."""

    def __init__(self, client, address):
        self._client = client
        self.page = html.fromstring(client.get(address).text)

    def skus(self, within):
        found = self.page.cssselect(f"{within} .sku")
        return [one.text_content() for one in found]

    @property
    def shown(self):
        return [one.text_content() for one in self.page.cssselect(".pager-shown")]

    def tabs(self):
        links = self.page.cssselect(".preview-parts nav a")
        return {" ".join(one.text_content().split()): one.get("href") for one in links}

    def beside(self, rel):
        (link,) = self.page.cssselect(f"a[rel={rel}]")
        return Part(self._client, link.get("href"))


def test_all_products_of_a_file_are_paged_through(editor):
    path = brought_back(editor, lambda one: {"price-EUR": 9.5})
    tabs = Part(editor, path).tabs()
    assert list(tabs) == ["Overview", "Products 130"]
    first = Part(editor, tabs["Products 130"])
    assert first.skus(".history") == [sku(one) for one in range(100)]
    assert first.shown == ["1 to 100 of 130"]
    second = first.beside("next")
    assert second.skus(".history") == [sku(one) for one in range(100, NUMBER)]
    assert second.shown == ["101 to 130 of 130"]
    assert second.page.cssselect("a[rel=next]") == []
    assert second.beside("prev").skus(".history") == first.skus(".history")


def test_a_sku_is_found_whatever_its_case(editor):
    path = brought_back(editor, lambda one: {"price-EUR": 9.5})
    found = Part(editor, f"{path}?show=products&sku=w-11")
    assert found.skus(".history") == [sku(one) for one in range(110, 120)]
    assert list(found.tabs()) == ["Overview", "Products 10"]
    assert "Nothing found" in Part(editor, f"{path}?sku=nobody").page.text_content()


def test_a_place_that_is_not_there_is_said(editor):
    path = brought_back(editor, lambda one: {"price-EUR": 9.5})
    lost = Part(editor, f"{path}?show=products&page=7")
    assert lost.skus(".history")[0] == sku(0)
    assert "names a place that the list does not have" in lost.page.text_content()


@pytest.fixture
def disputed(editor, database):
    """A file in which everything is changed that others changed meanwhile, and something is no
    value at all.
    """

    def meanwhile():
        with database.writing() as session:
            theirs = [ProductInput(sku(one), {"price-EUR": "7.00"}) for one in range(NUMBER)]
            service.write(session, theirs, coats.ANN, datetime.now(UTC))

    return brought_back(editor, lambda one: {"price-EUR": 9.5, "color": "pink"}, meanwhile)


def test_all_conflicts_are_paged_through_and_decided_where_one_is(editor, disputed):
    tabs = Part(editor, disputed).tabs()
    assert list(tabs) == ["Overview", "Products 130", "Conflicts 130", "Not taken 130"]
    second = Part(editor, tabs["Conflicts 130"]).beside("next")
    assert second.skus(".conflicts") == in_the_file()[PAGE:]
    (form,) = second.page.cssselect("form[action*=conflicts]")
    keys = [one.get("value") for one in form.cssselect("input[name=shown]")]
    moment = form.cssselect("input[name=moment]")[0].get("value")
    fields = {"shown": keys[0], keys[0]: "mine", "moment": moment}
    answer = editor.send(form.get("action"), **fields)
    again = Part(editor, answer.location)
    assert again.skus(".conflicts") == second.skus(".conflicts")
    assert len(again.page.cssselect("input[value=mine][checked]")) == 1


def test_all_that_is_not_taken_is_paged_through_and_found(editor, disputed):
    tabs = Part(editor, disputed).tabs()
    refused = Part(editor, tabs["Not taken 130"])
    assert refused.skus(".refused-cells") == in_the_file()[:PAGE]
    assert refused.skus(".conflicts") == []
    rest = refused.beside("next").skus(".refused-cells")
    assert rest == in_the_file()[PAGE:]
    assert Part(editor, f"{disputed}?show=refused&sku=W-129").skus(".refused-cells") == ["W-129"]


def decided_for_the_file(editor, address):
    """The SKUs of all conflicts that are decided for the file, on both pages."""
    first = Part(editor, address)
    return [
        row.cssselect(".sku")[0].text_content()
        for part in (first, first.beside("next"))
        for row in part.page.cssselect(".conflicts tbody tr")
        if row.cssselect("input[value=mine][checked]")
    ]


def test_all_at_once_means_those_that_are_looked_for(editor, disputed):
    narrowed = Part(editor, f"{disputed}?show=conflicts&sku=W-11")
    assert "10 cells were changed here too" in narrowed.page.text_content()
    (form,) = narrowed.page.cssselect("form[action*=conflicts]")
    buttons = [" ".join(one.text_content().split()) for one in form.cssselect("button[name=all]")]
    assert buttons == ["All 10 as in the file", "All 10 as here"]
    moment = form.cssselect("input[name=moment]")[0].get("value")
    editor.send(form.get("action"), all="mine", moment=moment)
    every = f"{disputed}?show=conflicts"
    assert decided_for_the_file(editor, every) == in_the_file()[10:20]
    editor.send(
        Part(editor, every).page.cssselect("form[action*=conflicts]")[0].get("action"),
        all="mine",
        moment=moment,
    )
    assert decided_for_the_file(editor, every) == in_the_file()


def test_what_the_plan_refuses_stands_among_what_is_not_taken(editor, database):
    """An EAN that another product has: each row can be read, and may not be written."""
    with database.writing() as session:
        structure = {"attributes": {"ean": {"type": "gtin", "unique": True}}}
        structures.apply(session, structure)
        taken = [ProductInput("C-1", {"ean": "4006381333931"})]
        service.write(session, taken, coats.ANN, datetime.now(UTC))
    path = brought_back(
        editor,
        lambda one: {"ean": "4006381333931"} if one == "W-007" else {"color": "pink"},
    )
    tabs = Part(editor, path).tabs()
    refused = Part(editor, tabs["Not taken 130"])
    assert refused.skus(".refused-cells") == [one for one in in_the_file() if one != sku(7)][:PAGE]
    last = refused.beside("next").page.cssselect(".refused-cells tbody tr")[-1]
    row, product, column, value, why = [one.text_content() for one in last.cssselect("td")]
    assert (row, product, column, value) == ("124", "W-007", "EAN", "4006381333931")
    assert "C-1" in why
    alone = Part(editor, f"{path}?show=refused&sku=w-007")
    assert alone.skus(".refused-cells") == ["W-007"]


def test_the_products_of_any_bulk_edit_are_paged_through(editor):
    begun = editor.send("/products/bulk?in=shop.en_GB", all="1", q="W-")
    path = begun.location.partition("?")[0]
    step = {"do": "set", "attribute": "price", "address": "price-EUR", "value-price-EUR": "5"}
    editor.send(f"{path}/steps", then="preview", **step)
    tabs = Part(editor, f"{path}/preview").tabs()
    second = Part(editor, tabs["Products 130"]).beside("next")
    assert second.skus(".history") == [sku(one) for one in range(100, NUMBER)]
