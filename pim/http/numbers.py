"""Numbers in addresses and forms, as far as a database knows them."""

from typing import Any

from werkzeug.routing import IntegerConverter

LARGEST = 2**63 - 1


class NumberConverter(IntegerConverter):
    """``<int:number>`` in a route: of a larger number there is no page."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"max": LARGEST, **options})


def number_from(spelled: str) -> int:
    """A number of a query or a form, as a ``type`` there. ValueError, which means "not given"."""
    number = int(spelled)
    if abs(number) > LARGEST:
        raise ValueError
    return number
