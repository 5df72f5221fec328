"""Filters of the list as chips, sorting by the heads, counts beside the categories."""

import copy
import re
from datetime import UTC, datetime
from html import unescape

import pytest
from playwright.sync_api import expect

from pim.products import service
from pim.products.change import Origin, ProductInput
from pim.structure import service as structures
from tests.support import coats, sheets

ANYBODY = Origin("user", "ann@example.org", None)


def fill(database):
    """The coats, of which colour, weight and name can be filtered by."""
    coats.fill(database)
    structure = copy.deepcopy(coats.STRUCTURE)
    for code in ("color", "weight", "name", "since"):
        structure["attributes"][code]["filterable"] = True
    weight = {"amount": "2", "unit": "KILOGRAM"}
    with database.writing() as session:
        structures.apply(session, structure)
        # What was there before is indexed by a job, and what is written now at once.
        service.write(session, [ProductInput("C-1", {"color": None})], ANYBODY, datetime.now(UTC))
        given = [
            ProductInput("C-1", {"color": "red", "weight": weight, "categories": ["dry"]}),
            ProductInput("C-2", {"name-en_GB": "Anorak", "weight": weight | {"amount": "0.5"}}),
        ]
        service.write(session, given, ANYBODY, datetime.now(UTC))


@pytest.fixture
def shop(database):
    fill(database)
    return database


def listed(client, **asked):
    html = client.get("/products", query_string={"in": "shop.en_GB"} | asked).text
    return list(sheets.cells(html)) if "list-table" in html else []


def chips(html):
    """Words of each chip -> the list without it."""
    found = re.findall(r'<li class="chip"><button[^>]*>(.*?)</button><a href="([^"]*)"', html)
    return {unescape(words): unescape(url) for words, url in found}


def test_conditions_of_an_address_narrow_the_list_and_stand_as_chips(shop, enter):
    client = enter("viewer")
    both = "color.one_of.red\nweight.at_least.1 KILOGRAM"
    assert listed(client, f=both) == ["C-1"]
    html = client.get("/products", query_string={"in": "shop.en_GB", "f": both}).text
    colour, weight = chips(html).items()
    assert colour[0] == "Colour: Red"
    assert weight[0] == "Weight: from 1 kg"
    assert list(sheets.cells(client.get(weight[1]).text)) == listed(client, f="color.one_of.red")
    assert "weight" in colour[1]
    assert "color" not in colour[1]


@pytest.mark.parametrize(
    ("field", "words"), [("_complete", "Complete"), ("_incomplete", "Something missing")]
)
def test_a_filter_by_completeness_names_the_channel_and_the_language(shop, enter, field, words):
    client = enter("viewer")
    asked = {"in": "shop.en_GB", "f": f"{field}.one_of.shop-nl_NL"}
    assert list(chips(client.get("/products", query_string=asked).text)) == [
        f"{words}: Shop, Dutch"
    ]
    editor = client.get("/product/filter/field", query_string={"field": field}).text
    options = dict(re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)<', editor))
    assert options["shop-nl_NL"] == "Shop, Dutch"


def test_a_condition_that_there_is_not_lists_nothing(shop, enter):
    client = enter("viewer")
    for asked in ({"f": "story.contains.x"}, {"f": "color.between.1..2"}, {"sort": "story-en_GB"}):
        html = client.get("/products", query_string=asked).text
        assert "This address is not understood" in html
        assert "list-table" not in html


def test_a_condition_that_there_is_not_goes_alone(shop, enter):
    client = enter("viewer")
    way_out = r'<a class="btn text-break" href="([^"]*)">Leave out ([^<]*)</a>'
    spelled = "color.one_of.red\nstory-en_GB.contains.x\nweight.filled\ncolor.between.1..2"
    html = unescape(client.get("/products", query_string={"in": "shop.en_GB", "f": spelled}).text)
    assert "list-table" not in html
    assert list(chips(html)) == ["Colour: Red", "Weight: filled"]
    assert "Lists cannot filter by “story-en_GB”: its attribute is not filterable." in html
    story, color = re.findall(way_out, html)
    assert (story[1], color[1]) == ("story-en_GB.contains.x", "color.between.1..2")
    html = unescape(client.get(story[0]).text)
    assert list(chips(html)) == ["Colour: Red", "Weight: filled"]
    ((url, part),) = re.findall(way_out, html)
    assert part == "color.between.1..2"
    assert list(sheets.cells(client.get(url).text)) == ["C-1"]


def test_a_filter_is_added_changed_and_asked_as_its_type_wants_it(shop, enter):
    client = enter("viewer")
    added = client.send(
        "/product/filter?status=draft&in=shop.en_GB",
        field="weight",
        operator="between",
        value=["0.1 KILOGRAM", "1 KILOGRAM"],
    )
    assert "status=draft" in added.location
    assert list(sheets.cells(client.get(added.location).text)) == ["C-2"]
    changed = client.send(
        added.location.replace("/products?", "/product/filter?"),
        field="color",
        operator="empty",
        replaced="weight.between.0.1 KILOGRAM..1 KILOGRAM",
    )
    assert list(chips(client.get(changed.location).text)) == ["Colour: empty"]
    wrong = client.send("/product/filter", field="weight", operator="between", value=["1 KILOGRAM"])
    assert wrong.status_code == 422


def test_a_figure_in_a_filter_may_have_a_decimal_comma(shop, enter):
    client = enter("viewer")
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de"
    wanted = {"field": "weight", "operator": "between", "value": ["0,5 KILOGRAM", "1,25 KILOGRAM"]}
    added = client.send("/product/filter?in=shop.en_GB", **wanted)
    html = client.get(added.location).text
    assert list(sheets.cells(html)) == ["C-2"]
    assert list(chips(html)) == ["Weight: 0,5 kg bis 1,25 kg"]
    either = client.send("/product/filter", **wanted | {"value": ["1.500 KILOGRAM", "2 KILOGRAM"]})
    assert either.status_code == 422
    assert "zwei Zahlen" in either.text


def test_the_dialog_offers_what_can_be_filtered_by_in_this_language(shop, enter):
    client = enter("viewer")
    html = client.get("/product/filter?in=shop.en_GB").text
    assert '<option value="name-en_GB">' in html
    assert "name-nl_NL" not in html
    assert '<option value="_category">' in html
    assert "story" not in html
    options = client.get("/product/filter/field?field=color&in=shop.en_GB").text
    assert '<option value="red">Red</option>' in options
    assert client.get("/product/filter/field?field=story").status_code == 422


def test_who_changed_something_is_chosen_by_name(shop, enter):
    client = enter("editor")
    edited = {"version": 2, "was-name-en_GB": "Anorak", "value-name-en_GB": "Anorak, short"}
    assert client.send("/products/C-2", **edited).status_code == 303
    asked = "_changed_by.one_of.editor@example.org"
    html = client.get("/products", query_string={"f": asked}).text
    assert list(chips(html)) == ["Changed by: Editor"]
    assert list(sheets.cells(html)) == ["C-2"]
    dialog = client.get("/product/filter", query_string={"replaced": asked}).text
    assert '<option value="editor@example.org" selected>Editor</option>' in dialog


def test_what_is_asked_for_can_be_kept_although_it_is_not_offered(shop, enter):
    dialog = enter("viewer").get("/product/filter?replaced=_run.one_of.of-yesteryear").text
    assert '<option value="of-yesteryear" selected>of-yesteryear</option>' in dialog


def test_heads_sort_up_then_down_then_not(shop, enter):
    client = enter("viewer")

    def head(html, name):
        found = re.search(
            rf'aria-sort="(\w+)">(?:(?!</th>).)*?href="([^"]*)"[^>]*>{name}', html, re.S
        )
        return found.group(1), unescape(found.group(2))

    html = client.get("/products?in=shop.en_GB&columns=weight").text
    for direction, order in (
        ("none", ["M", "C-2", "C-1"]),
        ("ascending", ["C-2", "C-1", "M"]),
        ("descending", ["C-1", "C-2", "M"]),
        ("none", ["M", "C-2", "C-1"]),
    ):
        state, following = head(html, "Weight")
        assert (state, list(sheets.cells(html))) == (direction, order)
        html = client.get(following).text


def test_a_product_leads_on_in_the_order_of_its_list(shop, enter):
    client = enter("viewer")
    html = client.get("/products?in=shop.en_GB&columns=weight&sort=weight").text
    lightest = unescape(re.search(r'href="(/products/C-2[^"]*)"', html).group(1))
    following = re.search(r'rel="next"[^>]* href="([^"]*)"', client.get(lightest).text)
    assert following.group(1).startswith("/products/C-1")


def test_categories_say_how_many_products_of_the_list_they_hold(shop, enter):
    html = enter("viewer").get("/products?in=shop.en_GB").text
    tree = html[html.index("products-tree") : html.index("</nav>", html.index("products-tree"))]
    found = re.findall(r">([^<]+)<span class=\"tree-count\">([^<]*)</span>", tree)
    assert dict(found) == {"All categories": "3", "All": "1", "Dry": "1", "Unclassified": "2"}
    link = unescape(re.search(r'href="([^"]*_category[^"]*)"', tree).group(1))
    assert "empty" in link


@pytest.mark.browser
def test_a_filter_is_made_and_taken_away_with_the_keyboard(browser):
    fill(browser.database)
    page = browser.enter("editor")
    page.goto(f"{browser.address}/products?in=shop.en_GB")
    page.get_by_role("button", name="Filter", exact=True).last.press("Enter")
    dialog = page.get_by_role("dialog", name="Add a filter")
    expect(dialog).to_be_visible()
    expect(page.locator(".htmx-settling, .htmx-added")).to_have_count(0)  # it listens from then on
    dialog.get_by_label("Filter by").select_option("name-en_GB")
    dialog.get_by_label("How").select_option("contains")
    browser.check()
    dialog.get_by_label("Value", exact=True).fill("anor")
    dialog.get_by_label("Value", exact=True).press("Enter")
    page.wait_for_url("**f=name-en_GB.contains.anor*")
    expect(page.locator("tbody tr")).to_have_count(1)
    browser.check()
    page.get_by_role("button", name="Name (English").press("Enter")
    change = page.get_by_role("dialog", name="Change the filter")
    expect(change.get_by_label("Value", exact=True)).to_have_value("anor")
    change.get_by_label("How").select_option("empty")
    expect(change.get_by_label("Value", exact=True)).to_be_hidden()
    change.get_by_role("button", name="Filter").press("Enter")
    page.wait_for_url("**f=name-en_GB.empty*")
    page.get_by_role("link", name="Remove the filter").press("Enter")
    page.wait_for_url(lambda url: "f=" not in url)
    expect(page.locator(".chip")).to_have_count(0)
    assert browser.errors == []
