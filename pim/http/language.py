"""In which language and time zone a request is answered."""

from flask import request

from pim.errors import Text
from pim.http.permission import caller
from pim.i18n import LANGUAGES, negotiate, translate


def language() -> str:
    """The person's choice, the cookie's, or the browser's."""
    who = caller()
    chosen = who.language if who is not None else None
    chosen = chosen or request.cookies.get("language")
    if chosen in LANGUAGES:
        return chosen
    return negotiate(request.accept_languages.values())


def zone() -> str:
    """The time zone of whoever asks, UTC where nobody is known."""
    who = caller()
    return who.zone if who is not None else "UTC"


def tell(sentence: Text) -> str:
    """The sentence in the reader's language, with moments in the reader's time zone."""
    return translate(sentence, language(), zone())
