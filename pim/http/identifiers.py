"""How an identifier stands in the address of a page, so that it arrives as it is.

Suppliers number as they like: ``A/12``, ``.``, ``a//b``, ``/7``. On the way to us browsers and
proxies take ``.`` and ``..`` between slashes for folders and remove what is empty, also where it is
spelled with percent signs. What they would change is spelled with tildes here: ``~2E``, ``~2F``.
"""

import re
from collections.abc import Callable
from typing import Any

from flask import current_app, url_for
from werkzeug.routing import PathConverter

_SPELLED = re.compile("~([0-9A-F]{2})")
_LOST = ("", ".", "..")
"""Between slashes nothing of this arrives."""
_PLACE = "place-of-the-identifier"


class IdentifierConverter(PathConverter):
    """``<identifier:name>`` in a route."""

    def to_url(self, value: str) -> str:
        return super().to_url(spell(value))

    def to_python(self, value: str) -> str:
        return read(super().to_python(value))


def address_of_each(endpoint: str, **values: Any) -> Callable[[str], str]:
    """What ``url_for`` says of each product, for pages with hundreds of links: what they have in
    common is spelled once.
    """
    before, after = url_for(endpoint, identifier=_PLACE, **values).split(_PLACE)
    convert = IdentifierConverter(current_app.url_map).to_url
    return lambda identifier: f"{before}{convert(identifier)}{after}"


def spell(identifier: str) -> str:
    plain = _SPELLED.sub(r"~7E\1", identifier)
    segments = plain.split("/")
    if not any(one in _LOST for one in segments):
        return plain
    return "~2F".join(one.replace(".", "~2E") if one in _LOST else one for one in segments)


def read(spelled: str) -> str:
    return _SPELLED.sub(lambda found: chr(int(found[1], 16)), spelled)
