"""Where in a list an address goes on. What makes no sense is said at the top of the list's first
page: another page would pass for the one that was asked for.
"""

from flask import request

from pim.errors import text
from pim.http.numbers import number_from
from pim.web.page import say


def number_at(name: str) -> int:
    """The number that this parameter names, 0 where there is none or it makes no sense."""
    spelled = request.args.get(name, "")
    if not spelled:
        return 0
    try:
        number = number_from(spelled)
    except ValueError:
        number = -1
    if number < 0:
        say_lost()
    return max(0, number)


def say_lost() -> None:
    """The address names a place that this list has not, or no longer."""
    say(
        text("This address names a place that the list does not have. Here is its first page."),
        "warning",
    )


def say_unknown(spelled: str) -> None:
    """The address asks a list for something that it cannot be asked."""
    say(
        text("There is nothing called “%(code)s” here, so the list is not narrowed.", code=spelled),
        "warning",
    )
