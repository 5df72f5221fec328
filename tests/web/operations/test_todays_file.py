"""From the file that a channel gets today to a feed that makes the same.

The proof is in feeds that the hub has made itself by mappings of which the search knows nothing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from lxml import html
from sqlalchemy import select

from media.storage import Storage
from pim.feeds import registry, service
from pim.feeds.models import Feed, FeedBuild
from pim.feeds.run import run_feed
from pim.feeds.samples import feed_with
from pim.feeds.suggestions import suggested_mapping
from pim.job_kinds import handlers
from pim.jobs.runner import Runner
from pim.structure import queries as catalog
from pim.todays_file import reading, store
from pim.todays_file.proposing import FileProposal, propose

SHORT = {"truncate": 60}
IN_STOCK = {
    "from": ["stock"],
    "do": [{"map": {"entries": {"0": "out_of_stock"}, "other": "in_stock"}}],
}
TITLES = {"title": {"template": "{brand} {name}, {color}"}, "availability": IN_STOCK}
LINKS = {"link": {"template": "https://shop.example/p/{$identifier}.html"}}
CAPITALS = {"brand": {"from": ["brand"], "do": ["upper"]}}
DEARER = {
    "price": {"from": ["price"], "do": [{"multiply": "1.1"}, {"round": 2}]},
    "description": {"from": ["description"], "do": ["strip_html", SHORT]},
    "availability": {"value": "in_stock"},
}
RECORDED = {
    "titles": ("google_shopping", "marketplace", "nl_NL", {**TITLES, **LINKS, **CAPITALS}),
    "dearer": ("google_shopping", "marketplace", "de_DE", DEARER),
    "meta": ("meta_catalog", "marketplace", "nl_NL", {"availability": {"value": "in stock"}}),
    "bing": ("microsoft_shopping", "marketplace", "nl_NL", {"availability": {"value": "in stock"}}),
    "idealo": ("idealo", "marketplace", "nl_NL", {"brand": {"from": ["brand"], "do": ["lower"]}}),
    "beslist": ("beslist", "marketplace", "nl_NL", {}),
    "kelkoo": ("kelkoo", "marketplace", "nl_NL", {}),
    "heureka": ("heureka", "marketplace", "nl_NL", {}),
    "woo": ("woocommerce", "webshop", "nl_NL", {}),
    "lightspeed": ("lightspeed_x", "webshop", "nl_NL", {}),
    "square": ("square", "webshop", "nl_NL", {}),
    "magento": ("magento_2", "webshop", "nl_NL", {}),
}
"""Code -> exporter, channel, locale, and rules beside those of the exporter's example."""
TABLES = {"$properties"}
"""Sources that an exporter writes to two columns, of names and of values."""
TOGETHER = {"shipping", "shipping_price", "additional_attributes"}
"""Fields that exporters write into columns which other fields have a part in."""


@dataclass(frozen=True)
class Score:
    """Of columns that a mapping filled: how many have an exact best rule, and how many an exact
    one among those that are shown.
    """

    columns: int
    exact: int
    shown: int

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.columns + other.columns, self.exact + other.exact, self.shown + other.shown
        )


def file_of(hub: Any, code: str) -> bytes:
    """The file of a feed, built now."""
    storage, home = Storage(hub.settings.storage_url), hub.settings.home
    run_feed(hub.database, storage, home, code, hub.settings.base_url, lambda: datetime.now(UTC))
    with hub.database.reading() as session:
        newest = select(FeedBuild).where(FeedBuild.feed == code).order_by(FeedBuild.id.desc())
        path = session.scalars(newest).first().path
    return next(home.rglob(path.rpartition("/")[2])).read_bytes()


def proposed(hub: Any, code: str, content: bytes) -> FileProposal:
    """What the file tells of a feed without a mapping."""
    with hub.database.reading() as session:
        feed = feed_with(session.get(Feed, code), {})
        structure, file = catalog.structure(session), reading.read(content)
        today = datetime.now(UTC).date()
        return propose(session, structure, feed, file, hub.settings.base_url, today)


def score(hub: Any, code: str) -> Score:
    """How well a feed is found again in its own file."""
    found = proposed(hub, code, file_of(hub, code))
    with hub.database.reading() as session:
        mapping = session.get(Feed, code).mapping
    asked = [
        one
        for one in found.columns
        if one.example
        and one.field in mapping.keys() - TOGETHER
        and TABLES.isdisjoint(mapping[one.field].get("from", ()))
    ]
    exact = [bool(one.rules) and one.rules[0].exact == one.compared for one in asked]
    shown = [any(rule.exact == one.compared for rule in one.rules) for one in asked]
    missed = [one.column for one, is_found in zip(asked, shown, strict=True) if not is_found]
    print(code, len(asked), sum(exact), "missed:", missed)
    return Score(len(asked), sum(exact), sum(shown))


def test_the_demo_shops_feeds_are_found_again_in_their_files(demo):
    codes = ["google_nl", "google_de", "shopify_nl", "tryton_till", "ubl_wholesale"]
    total = sum((score(demo, code) for code in codes), Score(0, 0, 0))
    assert total.columns > 80
    assert total.exact >= 0.85 * total.columns
    assert total.shown >= 0.97 * total.columns


def test_recorded_mappings_are_found_again_in_their_files(demo):
    for code, (exporter, channel, locale, rules) in RECORDED.items():
        kind = registry.get(exporter)
        with demo.database.writing() as session:
            begun = suggested_mapping(catalog.structure(session), kind)
            mapping = {**begun, **kind.example.mapping, **rules}
            definition = {
                "label": code,
                "exporter": exporter,
                "channel": channel,
                "locale": locale,
                "currency": "EUR",
                "link": "https://shop.example/{identifier}",
                "options": {one.name: one.default for one in kind.options}
                | dict(kind.example.options),
                "mapping": mapping,
            }
            service.define(session, code, definition, datetime.now(UTC))
    total = sum((score(demo, code) for code in RECORDED), Score(0, 0, 0))
    assert total.columns > 150
    assert total.exact >= 0.85 * total.columns
    assert total.shown >= 0.97 * total.columns


def test_a_rule_that_does_not_make_all_of_a_column_is_never_taken_over_with_the_exact_ones(demo):
    content = file_of(demo, "google_nl").decode()
    assert content.count("<g:brand>Duinrak</g:brand>") > 10
    changed = content.replace("<g:brand>Duinrak</g:brand>", "<g:brand>Duynrak</g:brand>", 3)
    found = proposed(demo, "google_nl", changed.encode())
    brand = next(one for one in found.columns if one.field == "brand")
    assert brand.rules[0].rule == {"from": ["brand"]}
    assert brand.rules[0].exact == brand.compared - 3
    assert {(one.file, one.hub) for one in brand.rules[0].differences} == {("Duynrak", "Duinrak")}
    assert "brand" not in store.certain_rules(found)
    assert store.certain_rules(found)["title"] == {"from": ["name"], "do": [{"truncate": 150}]}


def read(client, url):
    return html.fromstring(client.get(url).text)


def use(client, url, page):
    return client.send(url, seen=page.cssselect("[name=seen]")[0].get("value"))


def work_off(hub):
    tools = handlers(hub.settings, Storage(hub.settings.storage_url))
    runner = Runner(hub.database, tools, 0)
    while runner.run_one():
        pass


def mapping_of(hub, code):
    with hub.database.reading() as session:
        return session.get(Feed, code).mapping


def test_a_file_is_brought_looked_through_and_taken_over(demo):
    content = file_of(demo, "tryton_till")
    right = mapping_of(demo, "tryton_till")
    with demo.database.writing() as session:
        definition = service.definition_of(session, session.get(Feed, "tryton_till"))
        definition["mapping"] = {"suffix_code": {"from": ["$identifier"]}}
        service.define(session, "tryton_till", definition, datetime.now(UTC))
    client = demo.enter(demo.app(), "admin")
    page = "/feeds/tryton_till/file"
    answer = client.send(page, file=(BytesIO(content), "till.csv"))
    assert answer.headers["Location"] == page
    work_off(demo)
    shown = read(client, page)
    assert "273 of its 273 items" in shown.text_content()
    assert client.get("/feeds/tryton_till/fields").status_code == 200
    before = mapping_of(demo, "tryton_till")
    assert use(client, f"{page}/use-exact", shown).status_code == 303
    now = mapping_of(demo, "tryton_till")
    assert now["gross_price"] == right["gross_price"]
    assert now["ean"] == right["ean"]
    told = read(client, page)
    undo = next(one for one in told.cssselect("form[action]") if "versions" in one.get("action"))
    assert client.send(undo.get("action")).status_code == 303
    assert mapping_of(demo, "tryton_till") == before


def test_a_file_of_another_shop_is_refused_with_the_reason(demo):
    client = demo.enter(demo.app(), "admin")
    page = "/feeds/google_nl/file"
    foreign = b"id,title\nX-1,Lamp\nX-2,Table\n"
    client.send(page, file=(BytesIO(foreign), "other.csv"))
    work_off(demo)
    assert "No column of this file names products of this hub" in client.get(page).text
    assert "Choose the file" in client.send(page).text


@pytest.mark.parametrize("path", ["", "/use", "/use-exact", "/forget"])
def test_who_only_looks_cannot_take_over(demo, path):
    client = demo.enter(demo.app(), "viewer")
    assert client.send(f"/feeds/google_nl/file{path}").status_code == 403
