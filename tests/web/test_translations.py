import re

import pytest
from babel.messages.pofile import read_po

from pim.errors import Text, ngettext, text
from pim.i18n import (
    FOLDER,
    LANGUAGES,
    ago,
    language_name,
    locale_name,
    moment,
    negotiate,
    size,
    translate,
)
from pim.translations.extract import messages, missing
from pim.translations.typography import french

OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated(language):
    assert missing(language) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_parts_of_its_sentence(language):
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        known = read_po(file, locale=language)
    for one in known:
        texts = one.string if isinstance(one.string, tuple) else (one.string,)
        ids = one.id if isinstance(one.id, (tuple, list)) else (one.id,)
        if one.id:
            assert all(parts(said) <= parts(" ".join(ids)) for said in texts), one.id
            assert parts(" ".join(ids)) <= parts(" ".join(texts)) | {"num"}, one.id


def parts(sentence):
    return set(re.findall(r"%\((\w+)\)", sentence))


def test_sentences_of_templates_and_python_are_both_found():
    found = {one.id for one in messages()}
    assert "Skip to the content" in found
    assert "You are not allowed to do this. Ask an administrator if you need it." in found
    assert not any("SELECT" in one for one in found if isinstance(one, str))


def test_sentences_within_sentences_are_translated():
    outer = text("%(complaint)s", complaint=text("Not found"))
    assert translate(outer, "nl") == "Niet gevonden"
    assert translate(outer, "en") == "Not found"


def test_a_sentence_that_counts_has_a_form_for_one_in_every_language():
    one, many = (ngettext("%(num)s row", "%(num)s rows", count) for count in (1, 3))
    assert (str(one), str(many)) == ("1 row", "3 rows")
    assert (translate(one, "nl"), translate(many, "nl")) == ("1 rij", "3 rijen")
    told = Text(one.msgid, {"num": "1"})  # as it comes back from where parts are kept as text
    assert translate(told, "nl") == "1 rij"


def test_french_counts_nothing_in_the_singular():
    said = [
        translate(ngettext("%(num)s row", "%(num)s rows", count), "fr") for count in (0, 1, 2, 100)
    ]
    assert said == ["0 ligne", "1 ligne", "2 lignes", "100 lignes"]


def test_the_browser_gets_the_nearest_language():
    assert negotiate(["nl-BE", "en"]) == "nl"
    assert negotiate(["fr-CA", "en"]) == "fr"
    assert negotiate(["it", "de-AT", "nl"]) == "de"
    assert negotiate(["zh", "en-GB"]) == "en"
    assert negotiate([]) == "en"


def test_moments_are_shown_where_the_reader_is(clock):
    assert "13:00" in moment(clock(), "nl", "Europe/Amsterdam")
    assert moment(clock(), "en", "UTC") == "22 Nov 2026, 12:00:00"
    assert ago(clock(), clock.advance(minutes=3), "nl") == "3 minuten geleden"


def test_french_stands_with_its_own_quotes_and_spaces():
    typed = "Retirer “%(name)s” de l'index : sûr ? Gain : 5 %%, comme %%d. PPL:99 ; pip 'etalage'"
    set_so = (
        "Retirer «_%(name)s_» de l’index_: sûr_? Gain_: 5_%%, comme %%d. PPL:99_; pip 'etalage'"
    ).replace("_", "\N{NO-BREAK SPACE}")
    assert french(typed) == set_so
    assert french(set_so) == set_so


def test_sizes_of_files_have_the_units_of_the_language():
    assert [size(2_500_000, language) for language in ("en", "nl")] == ["2.5 MB", "2,5 MB"]
    french = [size(number, "fr").replace("\u202f", " ") for number in (900, 1_000, 3 * 10**9)]
    assert french == ["0,9 ko", "1 ko", "3 Go"]


def test_a_language_that_stands_alone_begins_with_a_capital():
    assert [language_name("nl_NL", language) for language in ("en", "fr")] == [
        "Dutch",
        "Néerlandais",
    ]
    assert locale_name("de_DE", "fr") == "Allemand (Allemagne)"
    assert locale_name("nobody_knows", "fr") == "nobody_knows"


def test_numbers_in_sentences_stand_as_the_language_writes_them():
    rows = ngettext("%(num)s row", "%(num)s rows", 12345)
    assert [translate(rows, one) for one in ("en", "nl")] == ["12,345 rows", "12.345 rijen"]
    assert str(rows) == "12345 rows"


@pytest.mark.parametrize(("language", "said"), [("en", "1,049 rows"), ("nl", "1.049 rijen")])
def test_numbers_in_the_sentences_of_a_page_too(app, language, said):
    template = app.jinja_env.from_string(
        "{{ ngettext('%(num)s row', '%(num)s rows', 1049) }} {{ _('%(count)s more', count='<b>') }}"
    )
    with app.test_request_context("/", headers={"Accept-Language": language}):
        assert template.render().startswith(said)
        assert "&lt;b&gt;" in template.render()
