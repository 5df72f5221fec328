"""For which system a file may speak: a profile names one, and somebody with the right to set up
imports must have agreed to that.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from pim.accounts.permissions import Permission
from pim.accounts.principals import Principal
from pim.errors import text
from pim.imports.models import ImportProfile
from pim.imports.profiles import Profile, profile_from, with_owner
from pim.owners import name_of
from pim.problems import Problem


def authorized(
    session: Session, definition: Mapping[str, Any], principal: Principal
) -> tuple[Profile, list[Problem]]:
    """The profile of a definition as this principal may use it, and what the report says of that.

    A profile that is stored just so was approved by whoever stored it, and speaks for its owner.
    Any other one does so for a principal who could store it; for everybody else it speaks as they
    do themselves. Asked when the import begins, so it does not matter through which door it came.
    """
    profile = profile_from(definition)
    owner = principal.owner or profile.owner
    if (
        profile.owner == owner
        or principal.may(Permission.IMPORTS_CONFIGURE)
        or _is_stored(session, profile.code, definition)
    ):
        return profile, []
    sentence = text(
        "Nobody with the right to set up imports has approved this profile. It speaks for"
        " “%(owner)s” and not for “%(named)s”.",
        owner=name_of(owner),
        named=name_of(profile.owner),
    )
    return replace(profile, owner=owner), [
        Problem("", "profile not approved", sentence, profile.owner, "warning")
    ]


def _is_stored(session: Session, code: str, definition: Mapping[str, Any]) -> bool:
    stored = session.get(ImportProfile, code)
    return stored is not None and with_owner(stored.definition) == with_owner(definition)
