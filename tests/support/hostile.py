"""Requests that no browser sends: every route with odd addresses, headers and bodies.

All of it comes from a seed, so what went wrong once goes wrong again.
"""

import io
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask
from werkzeug.datastructures import FileStorage

ROOT = Path(__file__).resolve().parents[2]
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND")
TEXTS = (
    "",
    " ",
    "0",
    "-1",
    "1.5",
    "99999999999999999999999",
    "x" * 5000,
    "é\u0301",
    "\u202egnp",
    "\U0001f600",
    "\ufffe",
    "a\r\nb",
    "\t",
    "..",
    "../../etc/passwd",
    "a//b",
    "%",
    "%s%(x)s",
    "{{7*7}}",
    "' OR 1=1 --",
    '"',
    "\\",
    "null",
    "[]",
    "{}",
    "nl_NL",
    "en_GB",
    "shop",
    "1",
    "apply",
    "all",
    "https://evil.example",
)
FILES = (
    b"",
    b"\x00",
    b"\xff\xfe\x00",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"\x89PNG\r\n\x1a\n",
    b"a;b\n1;2\n",
    b"sku\nA\n",
    b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    b"code: [",
    b"a: &a [*a]",
    b"%PDF-1.4",
)
HEADERS = {
    "Accept-Language": ("xx", "nl;q=x", "*;q=0", "\xff", "a" * 3000, "nl-NL-x-private,;,"),
    "Accept-Encoding": ("gzip;q=x", "gzip;q=-1", "*", "identity;q=0"),
    "Accept": ("x", "*/*;q=x", ""),
    "Range": ("bytes=9-0", "bytes=-", "bytes=0-99999999999999999999", "x=1", "bytes=1-2,3-4"),
    "If-None-Match": ("*", '"', "W/", "\xff"),
    "If-Modified-Since": ("yesterday", "Thu, 99 Nov 9999 99:99:99 GMT"),
    "If-Range": ('"x"', "x"),
    "Cookie": ("etalage=x", "etalage=a.b.c", "language=xx; theme=<b>", "=", ";;;", "a=\xff"),
    "HX-Request": ("true", "x"),
    "HX-Target": ("x", "\xff"),
    "HX-Current-URL": ("http://[", "x"),
    "Host": ("evil.example", "a:b:c", "[", "x" * 300, ""),
    "X-Forwarded-For": ("x", "1.2.3.4, 5.6.7.8"),
    "Content-Type": (
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "application/json",
        "application/x-www-form-urlencoded; charset=utf-16",
        "text/plain; charset=x",
        "\xff",
    ),
    "Content-Length": ("0", "-1", "x"),
    "Referer": ("http://[", "\xff"),
    "Authorization": ("Basic x", "Bearer", "\xff"),
}
NAMES = re.compile(r"""(?:form|args|files)(?:\.get|\.getlist|\[)\(?["']([\w-]+)["']""")


def names_asked_for() -> list[str]:
    """What the pages read of a query, a form or its files."""
    found: set[str] = set()
    for path in (ROOT / "pim" / "web").rglob("*.py"):
        found.update(NAMES.findall(path.read_text()))
    return sorted(found)


@dataclass
class HostileRequest:
    path: str
    method: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    data: Any = None


class Attacker:
    """``known``: what there is, for parts of an address, so that not everything ends as 404."""

    def __init__(self, app: Flask, seed: int, known: tuple[str, ...]) -> None:
        self.chance = random.Random(seed)
        self.rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
        self.names = names_asked_for()
        self.known = known

    def requests(self, count: int) -> Iterator[HostileRequest]:
        """``count`` for each route."""
        for rule in self.rules:
            for _ in range(count):
                yield HostileRequest(
                    self._path(rule.rule),
                    self._method(rule.methods),
                    self._headers(),
                    self._data(),
                )

    def _text(self) -> str:
        return self.chance.choice((*TEXTS, *self.known, *self.known))

    def _method(self, usual: set[str]) -> str:
        return self.chance.choice((*sorted(usual), *sorted(usual), *METHODS))

    def _path(self, rule: str) -> str:
        path = re.sub(r"<[^>]+>", lambda _: quote(self._text(), safe="/"), rule)
        if self.chance.random() < 0.1:
            path += self.chance.choice(("/", "%00", "%ff", "%ED%A0%80", "?", "//", ";x", "%"))
        pairs = [
            f"{self.chance.choice(self.names)}={quote(self._text())}"
            for _ in range(self.chance.choice((0, 0, 1, 3)))
        ]
        if self.chance.random() < 0.1:
            pairs.append(self.chance.choice(("%ff", "&&", "=", "a=%ED%A0%80", "page=%00")))
        return f"{path}?{'&'.join(pairs)}"

    def _headers(self) -> list[tuple[str, str]]:
        wanted = self.chance.sample(sorted(HEADERS), self.chance.choice((0, 1, 2)))
        return [(name, self.chance.choice(HEADERS[name])) for name in wanted]

    def _data(self) -> Any:
        kind = self.chance.random()
        if kind < 0.1:
            return self.chance.choice((b"", b"\xff\x00", b"{", b"a=%ff&b=%ED%A0%80", b"--x\r\n"))
        form: dict[str, Any] = {
            self.chance.choice(self.names): self._text()
            for _ in range(self.chance.choice((0, 3, 9)))
        }
        form |= {
            f"{prefix}-{address}": self._text()
            for prefix in ("value", "was", "file")
            for address in self.chance.sample(("sku", "name-nl_NL", "price-EUR", "x", ""), 2)
        }
        if kind < 0.4:
            name = self.chance.choice(("a.csv", "", "../x", "a\x00b", "é.png", "x" * 300))
            content = io.BytesIO(self.chance.choice(FILES))
            kind_of = self.chance.choice(("text/csv", "image/png", "", "x"))
            field_name = self.chance.choice(("file", "profile_file", "sample", *self.names))
            form[field_name] = FileStorage(content, name, content_type=kind_of)
        return form
