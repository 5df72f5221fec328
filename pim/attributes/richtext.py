"""Text with mark-up: HTML that passed the sanitiser, on every door. What is not allowed goes, its
words stay.
"""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import nh3

from pim.attributes.base import NEUTRAL, TERM_LENGTH, AttributeType, InvalidValue, Reading
from pim.attributes.characters import is_blank, tidy
from pim.attributes.lists import one_text
from pim.attributes.operators import OF_PRESENCE, OF_WORDS, Operator
from pim.attributes.settings import as_count, setting
from pim.errors import Text, ngettext, text
from pim.problems import Problem
from pim.values import Value

CEILING = 262_144
"""Characters, mark-up included: below what PostgreSQL's full-text index takes (1 MB)."""

ROUNDS = 20
OPENING_TAGS = 5_000
"""More than any page has; the parser's time grows with the square of their nesting."""

TAGS = {
    *(
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
    ),
    *(
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "small",
        "span",
    ),
    *("strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
}
ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
UNSEEN = {"script", "style", "noscript", "template", "title"}
"""No reader sees them: they go without a word, unless nothing else is there."""
EMBEDDED = {"iframe", "object", "svg", "math", "video", "audio", "canvas"}
CONTROLS = {"embed", "input", "button", "select", "textarea"}
CONTENT_GOES_TOO = UNSEEN | EMBEDDED
# Other names an author or a word processor means as mark-up: taken out without a trace of the tag
# itself.
MARKUP = (
    TAGS
    | CONTENT_GOES_TOO
    | {
        *(
            "html",
            "head",
            "body",
            "meta",
            "link",
            "base",
            "font",
            "center",
            "big",
            "strike",
            "tt",
            "nobr",
            "section",
            "article",
            "header",
        ),
        *(
            "footer",
            "nav",
            "main",
            "aside",
            "figure",
            "figcaption",
            "picture",
            "source",
            "video",
            "audio",
            "svg",
            "math",
            "embed",
            "param",
        ),
        *(
            "form",
            "input",
            "button",
            "select",
            "option",
            "textarea",
            "label",
            "marquee",
            "frame",
            "frameset",
            "noframes",
            "canvas",
            "xml",
        ),
    }
)
# "<US$600" or "<1 second" is a comparison, not a tag; left alone, the HTML parser would swallow the
# rest of the text.
STRAY = re.compile(
    rf"<(?!(?:/?(?:{'|'.join(sorted(MARKUP))}|[a-z]+:[a-z]+)(?=[\s/>])|!--))", re.IGNORECASE
)
# The quick test for a word; after an entity (&nbsp;) or another script the slow one decides.
BEGINS_WITH_A_WORD = re.compile(r"(?:\A|>)[^<>&]*[A-Za-z0-9]")
# Each runs to the end of the text where it is not closed, as in a browser.
HIDDEN = re.compile(
    rf"<!--.*?(?:-->|\Z)|<({'|'.join(sorted(UNSEEN))})(?=[\s/>]).*?(?:</\1|\Z)",
    re.IGNORECASE | re.DOTALL,
)
SEEN_ELEMENT = re.compile(rf"<({'|'.join(sorted(EMBEDDED | CONTROLS))})(?=[\s/>])", re.IGNORECASE)
UNSEEN_ELEMENT = re.compile(rf"<({'|'.join(sorted(UNSEEN))})(?=[\s/>])", re.IGNORECASE)
SCRIPT_LINK = re.compile(r"<a\s[^<>]*href\s*=\s*[\"']?\s*((?:java|vb)script:)", re.IGNORECASE)
ENDS_LINE = re.compile(r"<br>|</(?:p|div|li|h[1-6]|tr|dt|dd|blockquote|pre)>")
CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    clean_content_tags=CONTENT_GOES_TOO,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)
BARE = nh3.Cleaner(tags=set(), clean_content_tags=CONTENT_GOES_TOO)


@dataclass(frozen=True)
class RichTextType(AttributeType):
    """``max_length`` in characters with mark-up included."""

    code: ClassVar[str] = "richtext"
    label: ClassVar[Text] = text("Rich text")
    help: ClassVar[Text] = text("A description with headings, lists, links and tables.")
    control: ClassVar[str] = "richtext"
    is_free_text: ClassVar[bool] = True
    operators: ClassVar[tuple[Operator, ...]] = (*OF_WORDS, *OF_PRESENCE)
    has_markup: ClassVar[bool] = True

    max_length: int | None = setting(as_count)

    def parse(self, raw: str, reading: Reading) -> Value:
        """Sanitised HTML, None where it has neither a word nor a picture. Rules: ``characters``,
        ``markup``, ``max_length`` (the hard ceiling).
        """
        source = tidy(raw)
        if source is None or not any(one in source for one in "<>&"):
            return source
        if len(source) > CEILING:
            raise InvalidValue(
                "max_length",
                ngettext(
                    "Longer than %(num)s character (%(length)s).",
                    "Longer than %(num)s characters (%(length)s).",
                    CEILING,
                    length=len(source),
                ),
            )
        # Once more over the result: an entity such as &#1; becomes the character itself only in
        # there.
        clean = tidy(_sanitised(source))
        return None if clean is None or self._is_empty(clean) else clean

    def load(self, raw: Any) -> Value:
        """A JSON string of HTML, sanitised as in `parse`. Rules: ``type`` and those of `parse`."""
        return None if raw is None else self.parse(one_text(raw), NEUTRAL)

    def reader(self, reading: Reading) -> Callable[[str], Value]:
        """And a doubt (rule ``markup``) where something is taken out that people could see; no
        value at all where nothing else is there.
        """

        def read(raw: str) -> Value:
            value = self.parse(raw, reading)
            if value is not None:
                self.demand(value)
            if "<" in raw:
                _tell_removed(raw, value)
            return value

        return read

    def check(self, value: Value) -> list[Problem]:
        """Rules: ``max_length``."""
        limit = min(CEILING if self.max_length is None else self.max_length, CEILING)
        if len(value) > limit:
            return [
                Problem(
                    "",
                    "max_length",
                    ngettext(
                        "Longer than %(num)s character (%(length)s).",
                        "Longer than %(num)s characters (%(length)s).",
                        limit,
                        length=len(value),
                    ),
                )
            ]
        return []

    def show(self, value: Value, locale: str) -> str:
        """The words alone, a line for each paragraph."""
        return html.unescape(BARE.clean(ENDS_LINE.sub("\n", value))).strip()

    def terms(self, value: Value) -> tuple[str, ...]:
        """The words alone."""
        return (self.show(value, "en")[:TERM_LENGTH],)

    def words(self, value: Value) -> tuple[str, ...]:
        """The words alone."""
        return (self.show(value, "en"),)

    def _is_empty(self, clean: str) -> bool:
        """What an editor leaves behind of a text that was taken out: <p></p>, <p><br></p>."""
        if BEGINS_WITH_A_WORD.search(clean) or "<img" in clean:
            return False
        return is_blank(self.show(clean, "en"))

    def contradictions(self) -> Mapping[str, Text]:
        """A ``max_length`` above the ceiling would promise what cannot be kept."""
        if self.max_length is not None and self.max_length > CEILING:
            return {
                "max_length": text("At most %(limit)s characters can be stored.", limit=CEILING)
            }
        return {}


def _tell_removed(raw: str, value: Value) -> None:
    """``value``: what is left of the text. :class:`InvalidValue` where more than that was seen, and
    where scripts alone leave nothing.
    """
    visible = HIDDEN.sub("", raw)
    removed = [f"<{one.lower()}>" for one in SEEN_ELEMENT.findall(visible)]
    removed += [one.lower() for one in SCRIPT_LINK.findall(visible)]
    if value is None:
        removed += [f"<{one.lower()}>" for one in UNSEEN_ELEMENT.findall(raw)]
    if not removed:
        return
    elements = ", ".join(dict.fromkeys(removed))
    if value is None:
        raise InvalidValue(
            "markup",
            text(
                "A rich text cannot hold %(elements)s, and nothing else is in it.",
                elements=elements,
            ),
        )
    raise InvalidValue(
        "markup",
        text("A rich text cannot hold %(elements)s; the rest of it can stay.", elements=elements),
        doubt=True,
        value=value,
    )


def _sanitised(source: str) -> str:
    """HTML that reads as itself. Badly nested mark-up can nest otherwise once a tag is gone, so it
    is read until it settles: the browser, which reads it once more, then sees what the sanitiser
    saw.
    """
    for _ in range(ROUNDS):
        if source.count("<") - source.count("</") > OPENING_TAGS:
            raise InvalidValue(
                "markup", text("The HTML has more than %(limit)s tags.", limit=OPENING_TAGS)
            )
        clean = CLEANER.clean(STRAY.sub("&lt;", source))
        if clean == source:
            return clean
        source = clean
    raise InvalidValue(
        "markup", text("The HTML is so badly nested that no browser would show it as meant.")
    )
