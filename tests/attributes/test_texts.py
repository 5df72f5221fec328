"""Texts, identifiers and rich text."""

import pytest

from pim.attributes import NEUTRAL, InvalidValue, build


@pytest.mark.parametrize(
    "raw", ["a\x00b", "\x1b[31m", "a\ud800", "\x92", "a\ufffe", "\x7f", "a\x0bb"]
)
@pytest.mark.parametrize("type_code", ["text", "richtext", "identifier", "link"])
def test_characters_that_cannot_be_stored_are_refused(type_code: str, raw: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        build(type_code, {}).reader(NEUTRAL)(raw)
    assert refused.value.rule == "characters"
    assert str(refused.value).isprintable()


def test_a_text_is_kept_as_written_but_for_line_ends() -> None:
    read = build("text", {}).reader(NEUTRAL)
    assert read("Braided hat ") == "Braided hat "
    assert read(" two\r\nlines\r\tand a tab\u00a0") == " two\nlines\n\tand a tab\u00a0"


@pytest.mark.parametrize("type_code", ["text", "richtext", "identifier", "link"])
def test_blanks_alone_are_no_value(type_code: str) -> None:
    kind = build(type_code, {})
    for raw in ("", "   ", "\r\n", "\u00a0"):
        assert kind.reader(NEUTRAL)(raw) is None
        assert kind.load(raw) is None
    assert kind.load(None) is None


def test_length_is_counted_in_characters() -> None:
    read = build("text", {"min_length": 2, "max_length": 3}).reader(NEUTRAL)
    assert read("é€😀") == "é€😀"
    for raw, rule in (("a", "min_length"), ("abcd", "max_length")):
        with pytest.raises(InvalidValue) as refused:
            read(raw)
        assert refused.value.rule == rule
        assert refused.value.value is None


def test_no_text_is_without_bounds() -> None:
    for type_code, length in (("text", 65_536), ("identifier", 101), ("richtext", 262_145)):
        with pytest.raises(InvalidValue) as refused:
            build(type_code, {}).reader(NEUTRAL)("x" * length)
        assert refused.value.rule == "max_length"
        assert build(type_code, {}).reader(NEUTRAL)("x" * (length - 1))


def test_a_pattern_matches_the_whole_text() -> None:
    read = build("text", {"pattern": "[A-Z]{2}[0-9]+"}).reader(NEUTRAL)
    assert read("AB12") == "AB12"
    for raw in ("AB12x", "xAB12", "ab12", "AB12\n"):
        with pytest.raises(InvalidValue) as refused:
            read(raw)
        assert refused.value.rule == "pattern"


def test_a_runaway_pattern_is_stopped() -> None:
    with pytest.raises(InvalidValue, match="takes too long"):
        build("text", {"pattern": "(a|aa)+"}).reader(NEUTRAL)("a" * 60 + "b")


def test_an_identifier_has_one_line_and_no_blanks_around_it() -> None:
    read = build("identifier", {}).reader(NEUTRAL)
    assert read(" SKU 1 ") == "SKU 1"
    for raw in ("a\nb", "a\tb", "a\u2028b"):
        with pytest.raises(InvalidValue) as refused:
            read(raw)
        assert refused.value.rule == "characters"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("<p>Good <b>bike</b></p>", "<p>Good <b>bike</b></p>"),
        ("one<br />two", "one<br>two"),
        ("<script>alert(1)</script>left", "left"),
        ("<p onclick=x style='color:red'>a</p>", "<p>a</p>"),
        ("<a href='javascript:alert(1)'>a</a>", "<a>a</a>"),
        ("<b>open", "<b>open</b>"),
        ("R&D", "R&amp;D"),
        ("</div><font size=1>x</font>", "x"),
        ("<!-- hidden -->x", "x"),
        (
            "monitors <US$600, March 2011. <b>More</b>",
            "monitors &lt;US$600, March 2011. <b>More</b>",
        ),
        ("(<1 second)", "(&lt;1 second)"),
        ("<USD600 (<USD700 in India)>", "&lt;USD600 (&lt;USD700 in India)&gt;"),
        ("<o:p>Word</o:p>", "Word"),
        ("<<script>x</script>y", "&lt;y"),
        ("<img src=x onerror=alert(1)>", '<img src="x">'),
    ],
)
def test_rich_text_is_sanitised_on_every_door(raw: str, clean: str) -> None:
    kind = build("richtext", {})
    assert kind.parse(raw, NEUTRAL) == clean
    assert kind.load(raw) == clean
    assert kind.reader(NEUTRAL)(clean) == clean


@pytest.mark.parametrize(
    "raw",
    [
        "<p></p>",
        "<!-- <iframe> -->",
        "<p><br></p>",
        "<p>&nbsp;</p><div> </div>",
        "<p>&shy;\u200b</p>",
        "<table><tr><td></td></tr></table>",
        "<hr>",
    ],
)
def test_rich_text_without_a_word_or_a_picture_is_empty(raw: str) -> None:
    kind = build("richtext", {})
    assert kind.reader(NEUTRAL)(raw) is None
    assert kind.load(raw) is None


@pytest.mark.parametrize(
    "raw", ["<p>é</p>", "<p>&amp;</p>", "<p>☞</p>", '<p><img src="a.jpg"></p>', "<p>&nbsp;x</p>"]
)
def test_rich_text_with_something_to_see_is_kept(raw: str) -> None:
    assert build("richtext", {}).parse(raw, NEUTRAL) == raw


@pytest.mark.parametrize(
    ("raw", "named", "rest"),
    [
        ('<p>Bike</p><iframe src="https://films.example"></iframe>', "<iframe>", "<p>Bike</p>"),
        ("<svg><text>t</text></svg>Bike", "<svg>", "Bike"),
        ("a<VIDEO src=x>No films here</VIDEO><input value=x>b", "<video>, <input>", "ab"),
        ("<a class=x href=' JavaScript:go()'>Bike</a>", "javascript:", "<a>Bike</a>"),
    ],
)
def test_rich_text_that_loses_what_people_saw_is_a_doubt(raw: str, named: str, rest: str) -> None:
    with pytest.raises(InvalidValue) as doubted:
        build("richtext", {}).reader(NEUTRAL)(raw)
    assert (doubted.value.rule, doubted.value.doubt) == ("markup", True)
    assert f"cannot hold {named};" in str(doubted.value)
    assert doubted.value.value == rest


@pytest.mark.parametrize(
    "raw", ["<script>x</script>", "<iframe src=x></iframe>", "<p><video src=x></video></p>"]
)
def test_rich_text_of_which_nothing_is_left_is_no_blank(raw: str) -> None:
    with pytest.raises(InvalidValue, match="nothing else is in it") as refused:
        build("richtext", {}).reader(NEUTRAL)(raw)
    assert not refused.value.doubt


@pytest.mark.parametrize(
    "raw",
    [
        '<p class="MsoNormal" style=x><font size="2"><span>Bike</span></font><o:p></o:p></p>',
        "<script>'<iframe>'</script><style>p{}</style><!-- <video> --><b>Bike</b>",
        '<table border="1"><tr><td width="9">Bike</td></tr></table>',
        "<form><label>Bike</label></form>",
    ],
)
def test_what_nobody_saw_goes_from_a_rich_text_without_a_word(raw: str) -> None:
    assert "Bike" in build("richtext", {}).reader(NEUTRAL)(raw)


BLANKS = [
    "\u200b",
    "\u00ad",
    "\ufeff",
    "\u2060\u200e",
    " \u00a0\u3000",
    "\u3164",
    "\u2800",
    "\ufe0f",
]


@pytest.mark.parametrize("type_code", ["text", "richtext", "identifier", "link"])
@pytest.mark.parametrize("raw", BLANKS, ids=ascii)
def test_what_nobody_can_see_is_blank(type_code: str, raw: str) -> None:
    kind = build(type_code, {})
    assert kind.reader(NEUTRAL)(raw) is None
    assert kind.load(raw) is None


def test_a_word_keeps_its_invisible_signs() -> None:
    read = build("text", {}).reader(NEUTRAL)
    for raw in ("Kinder\u00adwagen", "\u200bFiets", "\u2764\ufe0f", "\u0915\u094d\u200d\u0937"):
        assert read(raw) == raw


def test_accents_stored_in_two_ways_have_one_term() -> None:
    for type_code in ("text", "identifier"):
        kind = build(type_code, {})
        [term] = kind.terms("Caf\u00e9")
        assert kind.terms("Cafe\u0301") == (term,)
        assert term.endswith("Caf\u00e9")


def test_an_entity_hides_no_control_character() -> None:
    with pytest.raises(InvalidValue) as refused:
        build("richtext", {}).parse("a&#1;b", NEUTRAL)
    assert refused.value.rule == "characters"


def test_a_tower_of_tags_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(InvalidValue) as refused:
        build("richtext", {}).parse("<div>" * 50_000, NEUTRAL)
    assert refused.value.rule == "markup"


def test_badly_nested_html_reads_as_itself() -> None:
    kind = build("richtext", {})
    for raw in ("<p><select><li>x", "<a/b>&amp;<table><a href='http://x'>", "<pre>\n\nx"):
        value = kind.parse(raw, NEUTRAL)
        assert kind.parse(value, NEUTRAL) == value


def test_rich_text_is_shown_as_words() -> None:
    kind = build("richtext", {})
    assert (
        kind.show("<p>R&amp;D &lt;b&gt;</p><ul><li>one</li><li>two</li></ul>", "nl_NL")
        == "R&D <b>\none\ntwo"
    )
    assert kind.terms("<p>" + "x" * 300 + "</p>") == ("x" * 200,)


def test_json_of_another_kind_is_refused() -> None:
    for type_code in ("text", "richtext", "identifier", "link"):
        for raw in (1, True, ["a"], {"a": 1}):
            with pytest.raises(InvalidValue) as refused:
                build(type_code, {}).load(raw)
            assert refused.value.rule == "type"
