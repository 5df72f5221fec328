"""What every template may use: icons, sentences, numbers and moments in the reader's language,
versioned static files.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

import orjson
from flask import Flask, g, request
from markupsafe import Markup

from pim import i18n
from pim.accounts import queries as accounts
from pim.errors import Text, text
from pim.folders import PACKAGE
from pim.http.identifiers import address_of_each
from pim.http.security import nonce
from pim.jobs.queries import has_live_worker
from pim.structure import queries as catalog
from pim.web import bell, page, sentences
from pim.web.indentation import Unindented
from pim.web.navigation import entries, is_rail
from pim.web.setup_words import section_name

STATIC = PACKAGE / "static"
THEMES = ("light", "dark")
OWN_PROFILES = {"assets": text("Texts of pictures"), "akeneo": text("Akeneo export")}


def decorate(app: Flask) -> None:
    """Gives the templates their filters and globals."""
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.add_extension("jinja2.ext.loopcontrols")
    app.jinja_env.add_extension(Unindented)
    sentences.install(app.jinja_env)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    words = (tell, called, with_names, section_name, profile_name, locale_name, spoken, listed)
    figures = (number, percent, size, day, moment, ago, duration)
    app.jinja_env.filters.update({one.__name__: one for one in (*words, *figures)})
    app.jinja_env.globals.update(
        icon=icon,
        icon_symbol=icon_symbol,
        icon_use=icon_use,
        nonce=nonce,
        here=page.here,
        messages=page.messages,
        languages=i18n.LANGUAGES,
        address_of_each=address_of_each,
        dates_of=i18n.dates_of,
    )
    app.context_processor(_context)
    app.url_defaults(_version)


def _context() -> dict[str, Any]:
    theme = request.cookies.get("theme")
    return {
        "person": page.visitor(),
        "language": page.language(),
        "theme": theme if theme in THEMES else None,
        "navigation": entries(page.visitor()),
        "is_rail": is_rail(),
        "bell": bell.state(),
        "banners": _banners(),
        "htmx": request.headers.get("HX-Request") == "true",
    }


def _banners() -> list[str]:
    """Sentences for everybody who is signed in. An error page has no session and says nothing but
    its error.
    """
    if page.visitor() is None or not page.has_session():
        return []
    if has_live_worker(page.session(), page.now()):
        return []
    return [page.tell(text("No worker is running, so imports, feeds and other jobs wait."))]


def listed(value: Any) -> str:
    """A value as a channel gets it, in a line: several with commas between them, nothing as ""."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def icon(name: str, title: str = "") -> Markup:
    """A Tabler icon (its outline name) as inline SVG; with a title it is read aloud, without it is
    decoration.
    """
    label = (
        Markup('role="img" aria-label="{}"').format(title)
        if title
        else Markup('aria-hidden="true"')
    )
    return Markup('<svg class="icon" viewBox="0 0 24 24" {}>{}</svg>').format(label, _shapes(name))


def icon_symbol(name: str) -> Markup:
    """Draws an icon, unseen, for a page that shows it hundreds of times by :func:`icon_use`."""
    symbol = Markup('<symbol id="icon-{}" viewBox="0 0 24 24">{}</symbol>')
    return Markup("<svg hidden>{}</svg>").format(symbol.format(name, _shapes(name)))


def icon_use(name: str) -> Markup:
    """An icon as decoration that the page has drawn by :func:`icon_symbol`."""
    return Markup('<svg class="icon" aria-hidden="true"><use href="#icon-{}"/></svg>').format(name)


@cache
def _shapes(name: str) -> Markup:
    shapes = _icons()[name]
    return Markup("").join(_element(tag, attributes) for tag, attributes in shapes)


def _element(tag: str, attributes: Mapping[str, str]) -> Markup:
    inside = Markup(" ").join(
        Markup('{}="{}"').format(key, value) for key, value in attributes.items()
    )
    return Markup("<{} {}/>").format(tag, inside)


@cache
def _icons() -> Mapping[str, list[tuple[str, Mapping[str, str]]]]:
    found: Mapping[str, list[tuple[str, Mapping[str, str]]]] = orjson.loads(
        (STATIC / "vendor/tabler/icons.json").read_bytes()
    )
    return found


def tell(sentence: Text | str) -> str:
    return page.tell(sentence) if isinstance(sentence, Text) else sentence


def called(actor: str) -> str:
    """The name of who did something, where the record of it keeps an e-mail address; a program or
    a person who is gone has no other name.
    """
    names: dict[str, str] = g.setdefault("names", {})
    if actor not in names:
        names[actor] = accounts.names_of(page.session(), [actor]).get(actor, actor)
    return names[actor]


def with_names(sentence: Text) -> Text:
    """A sentence about somebody (``who``), with their name for their e-mail address."""
    if "who" not in sentence.parts:
        return sentence
    return Text(sentence.msgid, {**sentence.parts, "who": called(str(sentence.parts["who"]))})


def profile_name(code: str, label: str | None = None) -> str:
    """What an import's profile is called: those that Etalage makes itself have no label of the
    shop.
    """
    if code in OWN_PROFILES:
        return page.tell(OWN_PROFILES[code])
    return label or code


def number(value: Any) -> str:
    return i18n.number(value, page.language())


def percent(value: float) -> str:
    return i18n.percent(value, page.language())


def size(value: int) -> str:
    return i18n.size(value, page.language())


def day(value: date | datetime) -> str:
    return i18n.day(value, page.language(), page.zone())


def moment(value: datetime) -> Markup:
    return _time(value, i18n.moment(value, page.language(), page.zone()), "")


def ago(value: datetime) -> Markup:
    """3 minutes ago, with the moment itself on hover."""
    return _time(
        value,
        i18n.ago(value, page.now(), page.language()),
        i18n.moment(value, page.language(), page.zone()),
    )


def duration(seconds: float) -> str:
    return i18n.duration(seconds, page.language())


def locale_name(code: str) -> str:
    """As the pages of products call it: with a country only where the shop needs it."""
    locales = catalog.structure(page.session()).locales
    return i18n.locale_among(code, locales, page.language())


@cache
def spoken(locale: str | None) -> Markup:
    """The attributes of an element whose text is in that locale: how it is read aloud and checked,
    and from which side it is written. A text of no locale shows its side itself.
    """
    if not locale:
        return Markup('dir="auto"')
    return Markup('lang="{}" dir="{}"').format(locale.replace("_", "-"), i18n.direction(locale))


def _time(value: datetime, shown: str, title: str) -> Markup:
    hover = Markup(' title="{}"').format(title) if title else Markup("")
    return Markup('<time datetime="{}"{}>{}</time>').format(value.isoformat(), hover, shown)


def _version(endpoint: str, values: dict[str, Any]) -> None:
    """Static files carry their content's hash, so that a browser may keep them for good; ``v=None``
    gives the address that our styles have for a file.
    """
    if endpoint == "static" and "v" not in values:
        values["v"] = _fingerprint(values["filename"])


@cache
def _fingerprint(filename: str) -> str:
    return hashlib.sha256((STATIC / filename).read_bytes()).hexdigest()[:12]
