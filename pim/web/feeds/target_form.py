"""A target of a feed in a form, and what was typed there as a definition."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from pim.deliveries.targets import USUAL_NAME, asked_of
from pim.feeds.operations import slug
from pim.web.feeds.rule_form import NamedChoice

SWITCHES = ("direct", "paused")
METHODS = (NamedChoice("POST", "POST"), NamedChoice("PUT", "PUT"))


def read_target_form(form: MultiDict[str, str], kind: str) -> dict[str, Any]:
    """What was typed, as a definition; what is left blank is as usual. Whether it fits is found out
    where it is defined.
    """
    definition: dict[str, Any] = {"kind": kind}
    for name in asked_of(kind):
        typed = form.get(name, "").strip()
        if name in SWITCHES:
            if name in form:
                definition[name] = True
        elif name == "port" and typed.isascii() and typed.isdecimal():
            definition[name] = int(typed)
        elif typed and name != "kind" and typed != USUAL_NAME:
            definition[name] = typed
    return definition


def read_secret(form: MultiDict[str, str]) -> str:
    """The password or key that was typed; empty where the one that is kept stays. A key ends with a
    line of its own.
    """
    key = form.get("private_key", "").strip().replace("\r\n", "\n")
    return f"{key}\n" if key else form.get("secret", "")


def free_target_code(targets: Mapping[str, Any], name: str) -> str:
    """A code made of what a new target is called, that none of these has."""
    spelled = slug(name).replace("-", "_").lstrip("_0123456789")[:50] or "target"
    code, number = spelled, 1
    while code in targets:
        number += 1
        code = f"{spelled}_{number}"
    return code
