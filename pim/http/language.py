"""In which language and time zone a request is answered."""

from flask import request

from pim.errors import Text
from pim.http.permission import visitor
from pim.i18n import LANGUAGES, negotiate, translate


def language() -> str:
    """The person's choice, the cookie's, or the browser's."""
    who = visitor()
    chosen = who.language if who is not None else None
    chosen = chosen or request.cookies.get("language")
    if chosen in LANGUAGES:
        return chosen
    return negotiate(request.accept_languages.values())


def zone() -> str:
    """The time zone of the person, UTC for a visitor."""
    who = visitor()
    return who.zone if who is not None else "UTC"


def tell(sentence: Text) -> str:
    """The sentence in the reader's language, with moments in the reader's time zone."""
    return translate(sentence, language(), zone())
