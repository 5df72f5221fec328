"""A feed is made, copied and changed in the browser, without YAML."""

import pytest
from lxml import html

from pim.feeds import service as feeds
from pim.feeds.models import Feed
from pim.structure import service as structures

GOOGLE = {"label": "Google NL", "channel": "webshop", "locale": "nl_NL", "currency": "EUR"}


def definition_of(database, code):
    with database.reading() as session:
        return feeds.definition_of(session, session.get(Feed, code))


def read(client, url):
    return html.fromstring(client.get(url).text)


def seen(client, url):
    return read(client, url).cssselect("[name=seen]")[0].get("value")


def texts(found):
    return [" ".join(one.text_content().split()) for one in found]


def save_settings(client, **fields):
    url = "/feeds/till/settings"
    usual = {
        "label": "Till north",
        "channel": "webshop",
        "locale": "nl_NL",
        "currency": "EUR",
        "options.unit": "Unit",
        "options.type": "goods",
        "pictures": "feed",
    }
    return client.send(url, **{"seen": seen(client, url), **usual, **fields})


def test_every_exporter_is_offered_and_leads_to_its_form(shop, enter):
    page = read(enter("admin"), "/feeds/new")
    cards = [one.get("href") for one in page.cssselect(".choice-card")]
    assert "/feeds/new/google_shopping" in cards
    assert "/feeds/new/tryton_pos" in cards


def test_a_new_feed_begins_with_what_the_attributes_mean(shop, enter):
    client = enter("admin")
    answer = client.send("/feeds/new/google_shopping", **GOOGLE)
    assert answer.headers["Location"] == "/feeds/google_nl/fields"
    made = definition_of(shop, "google_nl")
    assert made["mapping"]["title"] == {"from": ["name"], "do": [{"truncate": 150}]}
    assert made["mapping"]["price"] == {"from": ["price"]}
    assert "schedule" not in made


def test_a_second_feed_of_the_same_name_has_another_code(shop, enter):
    client = enter("admin")
    for _ in range(2):
        client.send("/feeds/new/google_shopping", **GOOGLE)
    assert definition_of(shop, "google_nl_2")["label"] == "Google NL"


def test_what_does_not_fit_is_said_at_its_field_and_nothing_typed_is_lost(shop, enter):
    answer = enter("admin").send(
        "/feeds/new/heureka", **GOOGLE | {"link": "no address", "options.delivery": "NOBODY:1"}
    )
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert page.cssselect("#link")[0].get("value") == "no address"
    assert page.cssselect("[id='options.delivery']")[0].get("value") == "NOBODY:1"
    said = texts(page.cssselect(".field-error"))
    assert any("not a web address" in one for one in said)
    assert any("no carrier" in one for one in said)


def test_a_channel_has_its_own_languages(shop, enter):
    with shop.writing() as session:
        structures.apply(
            session, {"channels": {"abroad": {"locales": ["en_GB"], "currencies": ["EUR"]}}}
        )
    page = read(enter("admin"), "/feeds/new/google_shopping?channel=abroad&label=Mine")
    assert [one.get("value") for one in page.cssselect("#locale option")] == ["en_GB"]
    assert page.cssselect("#label")[0].get("value") == "Mine"


def test_a_hub_without_channels_says_what_is_first(database, enter):
    page = enter("admin").get("/feeds/new/google_shopping")
    assert "There is no channel yet" in page.text


def test_a_copy_is_the_same_without_a_schedule(shop, enter):
    answer = enter("admin").send("/feeds/till/copy", label="Till south")
    assert answer.headers["Location"] == "/feeds/till_south/settings"
    before, copied = definition_of(shop, "till"), definition_of(shop, "till_south")
    del before["schedule"]
    assert copied == before | {"label": "Till south"}


def test_settings_are_saved_and_the_save_undone(shop, enter):
    client = enter("admin")
    before = definition_of(shop, "till")
    answer = save_settings(client, label="Kassa", when="workdays", time="07:30", zone="Europe/Rome")
    assert answer.status_code == 303
    saved = definition_of(shop, "till")
    assert saved["label"] == "Kassa"
    assert saved["schedule"] == {"cron": "30 7 * * 1-5", "zone": "Europe/Rome"}
    assert saved["mapping"] == before["mapping"]
    [undo] = read(client, "/feeds/till/settings").cssselect(
        "template form.note-undo, form.note-undo"
    )
    client.send(undo.get("action"))
    assert definition_of(shop, "till") == before


@pytest.mark.parametrize(
    ("fields", "cron"),
    [
        ({"when": "*/15 * * * *"}, "*/15 * * * *"),
        ({"when": "daily", "time": "06:05"}, "5 6 * * *"),
        ({"when": "own", "cron": "0 3 1 * *"}, "0 3 1 * *"),
    ],
)
def test_a_schedule_is_chosen_and_stands_in_the_form_again(shop, enter, fields, cron):
    client = enter("admin")
    save_settings(client, **fields, zone="Europe/Amsterdam")
    assert definition_of(shop, "till")["schedule"]["cron"] == cron
    page = read(client, "/feeds/till/settings")
    [chosen] = page.cssselect("#when option[selected]")
    assert chosen.get("value") == fields["when"]
    for name in fields.keys() - {"when"}:
        assert page.cssselect(f"#{name}")[0].get("value") == fields[name]


def test_a_schedule_that_is_none_is_refused_and_said(shop, enter):
    answer = save_settings(enter("admin"), when="own", cron="often", zone="Europe/Amsterdam")
    assert answer.status_code == 422
    assert "is not a schedule" in answer.text


def test_without_a_schedule_there_is_none(shop, enter):
    save_settings(enter("admin"), when="")
    assert "schedule" not in definition_of(shop, "till")


def test_who_saw_other_settings_does_not_save_over_them(shop, enter):
    client = enter("admin")
    old = seen(client, "/feeds/till/settings")
    save_settings(client, label="By somebody else")
    answer = save_settings(client, label="Mine", seen=old)
    assert answer.status_code == 409
    page = html.fromstring(answer.text)
    assert page.cssselect("#label")[0].get("value") == "Mine"
    assert "Somebody else has changed this" in answer.text
    assert definition_of(shop, "till")["label"] == "By somebody else"


def test_who_may_not_configure_reads_the_settings(shop, enter):
    client = enter("viewer")
    page = read(client, "/feeds/till/settings")
    assert page.cssselect("fieldset[disabled]")
    assert not page.cssselect("main .btn-primary")
    assert save_settings(client).status_code == 403
    assert client.get("/feeds/new").status_code == 403


def test_a_feed_follows_the_imports_of_a_profile(shop, enter):
    client = enter("admin")
    assert save_settings(client, after_import="erp").status_code == 303
    assert definition_of(shop, "till")["after_import"] == "erp"
    page = read(client, "/feeds/till/settings")
    [chosen] = page.cssselect("#after_import option[selected]")
    assert texts([chosen]) == ["ERP articles"]
    assert "after imports by “erp”" in client.get("/feeds/till").text
