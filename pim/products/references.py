"""Values that name other products: associations, and attributes of the type link. Pure."""

from collections.abc import Sequence

from pim.values import Value


def identifiers_in(value: Value) -> Sequence[str]:
    """The products that a value names."""
    if not value:
        return ()
    return value if isinstance(value, list) else (value,)
