"""Who may change what of a product: asked where a change is planned, for every door."""

from pim.errors import text
from pim.problems import Problem
from pim.products.change import Origin
from pim.structure.objects import Attribute
from pim.values import Value, is_empty


def may_overwrite(attribute: Attribute, origin: Origin) -> bool:
    """An attribute's owner overwrites its values; everybody may fill what is empty."""
    return origin.owner is None or attribute.owner == origin.owner


def kept(address: str, attribute: Attribute, value: Value) -> Problem:
    """The report's line for a value that another system owns."""
    shown = "" if is_empty(value) else attribute.type.dump(value)
    sentence = text("Left as it is: this value belongs to “%(owner)s”.", owner=attribute.owner)
    return Problem(address, "owner", sentence, shown, "skipped")
