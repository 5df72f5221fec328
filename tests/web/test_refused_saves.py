"""A page that answers a form which was not taken is a page like any other: what leads on from it
can be asked for.
"""

from collections.abc import Iterator

import pytest

from tests.support.pages import NO_PAGES, FormOnPage, PageReader, Site
from tests.web.conftest import DemoHub, Visitor

LEFT_ALONE = {
    "feeds.remove",
    *("login.leave", "login.enter", "login.end_session", "login.end_other_sessions"),
    "products.remove",
}
"""They end the visit, or take away the product that other pages lead to."""


@pytest.fixture
def visit(demo: DemoHub) -> Site:
    app = demo.app()
    return Site(app, demo.enter(app, "admin"))


def spoilt(form: FormOnPage) -> dict[str, list[str]]:
    """What a form would send, changed everywhere and based on a version that is long gone."""
    sent: dict[str, list[str]] = {}
    for name, value in form.fields:
        if name == "csrf_token":
            continue
        wrong = "0" if name in ("version", "seen", "plan") else value
        if not value and name != "version":
            wrong = "x" * 300
        sent.setdefault(name, []).append(wrong)
    return sent


def forms(site: Site) -> Iterator[tuple[str, FormOnPage]]:
    """Each form of the site that changes something, once, and the page that it is on."""
    seen = set()
    for page in site.pages(of_each=2):
        for form in PageReader(site.client.get(page.address).text).forms:
            action = form.action or page.address
            kind = site.kind(action, "POST")
            if form.method == "post" and kind not in LEFT_ALONE | seen:
                seen.add(kind)
                yield action, form


def dead_ends(site: Site, page: PageReader) -> set[str]:
    """Where a click or a choice on this page would lead nowhere."""
    ways = [one for one in page.links if one.startswith("/")]
    ways += [form.action for form in page.forms if form.method == "get"]
    ways += [value for form in page.forms for name, value in form.fields if name == "next"]
    pages = {way for way in ways if site.kind(way) not in NO_PAGES}
    return {way for way in pages if site.client.get(way).status_code >= 400}


def refused(site: Site, client: Visitor) -> Iterator[tuple[str, PageReader]]:
    """The pages that answer to forms filled in wrongly, with the address that was posted to."""
    for action, form in list(forms(site)):
        answer = client.send(action, **spoilt(form))
        if answer.mimetype == "text/html" and not answer.location:
            yield action, PageReader(answer.text)


def test_a_page_that_answers_a_form_leads_on(visit: Site) -> None:
    pages = dict(refused(visit, visit.client))
    kinds = {visit.kind(action, "POST") for action in pages}
    assert {"products.save", "products.categories", "people.add", "login.change_password"} <= kinds
    found = {action: dead_ends(visit, page) for action, page in pages.items()}
    assert {action: ways for action, ways in found.items() if ways} == {}


@pytest.mark.parametrize("way", ["/product/categories/AC-6110", "/products/AC-6110"])
def test_another_language_can_be_chosen_after_a_refused_save(visit: Site, way: str) -> None:
    tab = "categories" if "categories" in way else "links"
    links = {"was-upsell-products": "", "value-upsell-products": "NOBODY"}
    fields = {"version": "0", "tab": tab, "category": "accessories", **links}
    answer = visit.client.send(f"{way}?tab={tab}", **fields)
    assert answer.status_code in (409, 422)
    choices = [form for form in PageReader(answer.text).forms if form.method == "get"]
    assert {form.action for form in choices} == {"/products/AC-6110"}
    assert all(("tab", tab) in form.fields for form in choices)
