"""The words of the shop: what is spelled right though no dictionary knows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from pim.accounts.permissions import Permission
from pim.errors import Invalid, Text, text
from pim.quality import own_words
from pim.quality.models import ShopWord
from pim.web.page import PageContent, go_back, needs, now, person, say, session, show_page

pages = Blueprint("words", __name__)


@dataclass(frozen=True)
class ShopWordsPage(PageContent):
    """``typed``: what is no word, with ``errors``."""

    template = "settings/words.html"
    words: Sequence[ShopWord]
    typed: str = ""
    errors: Mapping[str, Sequence[Text]] = field(default_factory=dict)


@pages.get("/settings/words")
@needs(Permission.PRODUCTS_VIEW)
def index() -> ResponseReturnValue:
    return show_page(_page())


@pages.post("/settings/words")
@needs(Permission.PRODUCTS_EDIT)
def add() -> ResponseReturnValue:
    word = request.form.get("word", "")
    try:
        own_words.add(session(), word, person().email, now())
    except Invalid as error:
        return show_page(_page(word, error.messages), 422)
    say(text("“%(word)s” is a word of the shop now.", word=word.strip()))
    return go_back()


@pages.post("/settings/words/remove")
@needs(Permission.PRODUCTS_EDIT)
def remove() -> ResponseReturnValue:
    word = request.form.get("word", "")
    own_words.remove(session(), word, person().email, now())
    gone = text(
        "“%(word)s” is no word of the shop any more: all texts are looked at again.", word=word
    )
    say(gone)
    return go_back()


def _page(typed: str = "", errors: Mapping[str, Sequence[Text]] | None = None) -> ShopWordsPage:
    return ShopWordsPage(own_words.words(session()), typed, errors or {})
