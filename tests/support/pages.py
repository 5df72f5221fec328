"""All pages of a hub, found as a visitor finds them: from the addresses that need nothing, along
the links. A new page joins by itself.
"""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

NO_PAGES = {
    *("static", "login.who", "public.feed", "public.picture"),
    *("public.original", "feeds.download", "assets.export", "settings.export", "imports.report"),
    *("bell.show", "products.columns_dialog", "products.choose_pictures", "products.filter_dialog"),
}
"""They answer with something else than a page, or with a part of one."""
SPOKEN = ("title", "aria-label", "placeholder", "alt", "data-confirm", "data-confirm-yes")
"""Attributes that people read."""
EMPTY = {"input", "img", "meta", "link", "br", "hr", "col", "rect", "path"}
"""Tags that nothing stands in."""
SILENT = ("script", "style", "textarea")


@dataclass
class FormOnPage:
    """``fields``: name -> values as it was drawn, in the order of the page."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Words:
    """Something that is read: its text, and the tags it stands in with their classes."""

    text: str
    within: tuple[str, ...]


class PageReader(HTMLParser):
    """A page as a program sees it: links, forms and words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[FormOnPage] = []
        self.words: list[Words] = []
        self._open: list[str] = []
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in EMPTY:
            self._open.append(f"{tag}.{given.get('class', '').replace(' ', '.')}")
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "form":
            method = given.get("method", "get").lower()
            self.forms.append(FormOnPage(given.get("action", ""), method))
        for name in SPOKEN:
            if given.get(name):
                self.words.append(Words(given[name].strip(), (*self._open, f"@{name}")))
        self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        if tag == "option" and self._select and "selected" in given and self.forms:
            self.forms[-1].fields.append((self._select, given.get("value", "")))
        if tag in ("input", "textarea", "button") and name and self.forms:
            self.forms[-1].fields.append((name, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        while self._open and self._open.pop().split(".")[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not any(one.startswith(SILENT) for one in self._open):
            self.words.append(Words(text, tuple(self._open)))


@dataclass(frozen=True)
class FoundPage:
    """``kind``: the endpoint, and the tab where there are several."""

    kind: str
    address: str


class Site:
    """The pages of ``app`` for who is signed in with ``client``."""

    def __init__(self, app: Flask, client: FlaskClient) -> None:
        self.app, self.client = app, client
        self._map = app.url_map.bind("localhost")

    def kind(self, address: str, method: str = "GET") -> str | None:
        """None for an address of another site, or that this method does not lead to."""
        parts = urlsplit(address)
        if parts.netloc or parts.scheme:
            return None
        try:
            endpoint, _ = self._map.match(parts.path, method=method)
        except HTTPException:
            return None
        tab = dict(parse_qsl(parts.query)).get("tab")
        return f"{endpoint}?{tab}" if tab else str(endpoint)

    def pages(self, of_each: int = 1) -> list[FoundPage]:
        """So many pages of each kind."""
        counted: Counter[str] = Counter()
        found: list[FoundPage] = []
        seen: set[str] = set()
        waiting = deque(self._beginnings())
        while waiting:
            address = waiting.popleft().partition("#")[0]
            kind = self.kind(address)
            if kind is None or kind in NO_PAGES or address in seen or counted[kind] >= of_each:
                continue
            seen.add(address)
            answer = self.client.get(address)
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            counted[kind] += 1
            found.append(FoundPage(kind, address))
            waiting.extend(PageReader(answer.text).links)
        return found

    def _beginnings(self) -> Iterator[str]:
        for rule in self.app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and not rule.arguments:
                yield self._map.build(rule.endpoint)
