"""What is found out once for a request, however often it is asked."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from flask import g

Found = TypeVar("Found")


def once_per_request(find: Callable[[], Found]) -> Callable[[], Found]:
    """For what depends on nothing but the request itself: its address, its cookies, its headers."""
    name = f"once:{find.__module__}.{find.__qualname__}"

    @wraps(find)
    def remembered() -> Found:
        if name not in g:
            setattr(g, name, find())
        return cast("Found", g.get(name))

    return remembered
