"""How a value is edited and read on a page: one control class beside each widget.

A module of this package is found by itself. An attribute type names its control; the control names
its widget, a template in ``templates/widgets/``.
"""

from importlib import import_module
from inspect import getmembers, isclass
from pkgutil import iter_modules

from pim.attributes.base import AttributeType
from pim.web.controls.base import Control

__all__ = ["Control", "control_of"]

_found: dict[str, type[Control]] = {}


def control_of(type_: AttributeType) -> type[Control]:
    """The control of a type; a line of text where it names none that is there."""
    if not _found:
        for module in iter_modules(__path__, prefix=f"{__name__}."):
            for _, found in getmembers(import_module(module.name), isclass):
                # One that gives itself no name would take the place of the control it is made of.
                if issubclass(found, Control) and "name_of_control" in vars(found):
                    _add(found)
    return _found.get(type_.control, Control)


def _add(control: type[Control]) -> None:
    known = _found.setdefault(control.name_of_control, control)
    if known is not control:
        raise TypeError(f"two controls are called “{control.name_of_control}”")
