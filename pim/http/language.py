"""In which language and time zone a request is answered."""

from flask import request

from pim.errors import Text
from pim.http.once import once_per_request
from pim.http.permission import caller
from pim.i18n import LANGUAGES, negotiate, translate


def language() -> str:
    """The person's choice, the cookie's, or the browser's."""
    who = caller()
    if who is not None and who.language in LANGUAGES:
        return who.language
    return _language_of_browser()


@once_per_request
def _language_of_browser() -> str:
    """The cookie's, or the one that the browser would like best."""
    chosen = request.cookies.get("language")
    return chosen if chosen in LANGUAGES else negotiate(request.accept_languages.values())


def zone() -> str:
    """The time zone of whoever asks, UTC where nobody is known."""
    who = caller()
    return who.zone if who is not None else "UTC"


def tell(sentence: Text) -> str:
    """The sentence in the reader's language, with moments in the reader's time zone."""
    return translate(sentence, language(), zone())
