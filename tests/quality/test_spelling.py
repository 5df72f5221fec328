"""Words that neither a dictionary nor the shop knows."""

import pytest

from pim import audit
from pim.errors import Invalid, NotFound
from pim.quality import own_words
from pim.quality.dictionaries import knows
from pim.quality.spelling import words_in
from pim.quality_kinds import MISSPELLED

pytest.importorskip("hunspell", reason="the extra “spelling” is not installed")
LANGUAGES = {"en_GB": "colourful", "nl_NL": "kleurrijk", "de_DE": "farbig", "fr_FR": "coloré"}


@pytest.fixture
def shop(shop):
    """The lamps, in four languages."""
    from tests.support.lamp_shop import STRUCTURE

    channel = {**STRUCTURE["channels"]["web"], "locales": list(LANGUAGES)}
    shop.restructure({**STRUCTURE, "locales": list(LANGUAGES), "channels": {"web": channel}})
    return shop


def misspelled(shop, **texts):
    """The words that are warned of in the texts of one product."""
    shop.add("A", **{f"blurb-{locale}-web": f"<p>{text}</p>" for locale, text in texts.items()})
    shop.follow()
    return [word for one in shop.told("A") if one.kind == MISSPELLED for word in one.detail]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_each_language_has_its_dictionary(locale):
    dictionary = knows(locale)
    assert dictionary is not None
    assert [one for one in LANGUAGES.values() if dictionary(one)] == [LANGUAGES[locale]]


def test_a_locale_without_a_dictionary_of_its_own_takes_that_of_its_language():
    assert knows("nl_BE") is knows("nl_NL")
    assert knows("xx_XX") is None


@pytest.mark.parametrize(
    ("locale", "text", "wrong"),
    [
        ("en_GB", "A lamp that gives a warmm glow for the whole evening", ["warmm"]),
        ("nl_NL", "Een lamp die de helle kamer verlichtt met een dimmer", ["verlichtt"]),
        ("de_DE", "Eine Lampe mit einem Schalterr für das Zimmer", ["Schalterr"]),
        ("fr_FR", "Une lampe qui éclairre toute la pièce, l’abat-jour compris", ["éclairre"]),
    ],
)
def test_a_slip_is_found_in_each_language(shop, locale, text, wrong):
    assert misspelled(shop, **{locale: text}) == wrong


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en_GB", "The Zwurbl lamp by Brobdin is the colour of sand"),  # names
        ("en_GB", "USB-C, E27xx, GU10abc, info@zwurbl.example and www.zwurbl.example"),  # codes
        ("en_GB", "An iPhoone holder in MDFF"),  # capitals inside
        ("nl_NL", "Het leeslampje met een bureaulampvoet en zwenkarmlamp"),  # compounds
        ("de_DE", "Stehlampenschirm, Tischlampenfuß und Wohnzimmerleuchte"),
        ("fr_FR", "L’ampoule d’aujourd’hui, c’est l’éclairage qu’il vous faut"),
        ("nl_NL", "Foto’s en accu's"),
    ],
)
def test_nothing_is_said_of_what_no_dictionary_can_know(shop, locale, text):
    assert misspelled(shop, **{locale: text}) == []


@pytest.mark.parametrize(
    ("locale", "text", "wrong"),
    [
        ("ru_RU", "Лампа с кабелем bluetooth и usb-портом", []),
        ("ru_RU", "Лампа с кабелльем zwurbl", ["кабелльем"]),
        ("ru_RU", "Лампа с кaбелем", ["кaбелем"]),  # its first “a” is a Latin one
        ("el_GR", "Το φωτιστικό με zwurbling και την λάμππα", ["λάμππα"]),
        ("nl_NL", "Een lamp met кабелльем", []),
    ],
)
def test_a_dictionary_has_no_say_in_words_of_another_script(shop, locale, text, wrong):
    from tests.support.lamp_shop import STRUCTURE

    channel = {**STRUCTURE["channels"]["web"], "locales": [locale]}
    shop.restructure({**STRUCTURE, "locales": [locale], "channels": {"web": channel}})
    assert misspelled(shop, **{locale: text}) == wrong


def test_a_name_is_the_same_in_another_language(shop):
    german = "Die Leuchte Kwistel steht fest"
    assert misspelled(shop, de_DE=german) == ["Kwistel"]
    assert misspelled(shop, de_DE=german, nl_NL="De lamp Kwistel staat stevig") == []


def test_a_text_that_nobody_translated_is_not_called_misspelled_too(shop):
    english = "A lamp that gives a warm glow for the whole evening"
    assert misspelled(shop, en_GB=english, nl_NL=english) == []


def test_what_the_shop_calls_its_options_is_known(shop):
    from tests.support.lamp_shop import STRUCTURE

    assert misspelled(shop, en_GB="A lamp in bleuish tones") == ["bleuish"]
    color = {
        "type": "choice",
        "options": {"red": {"labels": {"en_GB": "Bleuish"}}, "blue": {}, "grey": {}},
    }
    document = {**STRUCTURE, "attributes": {**STRUCTURE["attributes"], "color": color}}
    shop.restructure(document)
    assert misspelled(shop, en_GB="A lamp in bleuish tones again") == []


def test_a_word_of_the_shop_is_known_in_every_language_at_once(shop, clock):
    texts = {"en_GB": "A zwurbling lamp, quite wrongg", "nl_NL": "Een zwurbling van een lamp"}
    assert misspelled(shop, **texts) == ["zwurbling", "wrongg", "zwurbling"]
    with shop.database.writing() as session:
        own_words.add(session, "Zwurbling", "anna@example.org", clock())
        own_words.add(session, "zwurbling", "anna@example.org", clock())  # is one already
    assert [one.detail for one in shop.told("A")] == [["wrongg"]]
    assert misspelled(shop, **texts) == ["wrongg"]
    with shop.database.writing() as session:
        assert [one.word for one in own_words.words(session)] == ["Zwurbling"]
        own_words.remove(session, "zwurbling", "bert@example.org", clock())
        entries = audit.entries(session, kind="word", limit=5)
        assert [(one.verb, one.code, one.by) for one in entries] == [
            ("removed", "Zwurbling", "bert@example.org"),
            ("added", "Zwurbling", "anna@example.org"),
        ]
    assert misspelled(shop, **texts) == ["zwurbling", "wrongg", "zwurbling"]


@pytest.mark.parametrize("word", ["", "two words", "E27", "a" * 61])
def test_only_a_word_becomes_one_of_the_shop(shop, clock, word):
    with shop.database.writing() as session, pytest.raises(Invalid):
        own_words.add(session, word, "anna@example.org", clock())


def test_what_is_no_word_of_the_shop_cannot_be_removed(shop, clock):
    with shop.database.writing() as session, pytest.raises(NotFound):
        own_words.remove(session, "zwurbling", "anna@example.org", clock())


def test_words_are_told_from_codes_and_addresses():
    text = "A 12-volt lamp/spot, 4000K (mail@shop.example): don’t l'eau"
    assert list(words_in(text)) == ["A", "lamp", "spot", "don’t", "l'eau"]
