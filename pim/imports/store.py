"""Import profiles that are kept: people upload a file and choose how it is read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from pim import audit
from pim.accounts.principals import THE_PROGRAM
from pim.errors import NotFound, text
from pim.imports.models import ImportProfile
from pim.imports.profiles import read_profile, with_owner


def save(
    session: Session, document: str, now: datetime, *, by: str = THE_PROGRAM.name
) -> ImportProfile:
    """Keep a profile, or replace the one with its code. :class:`Invalid` names every fault of the
    YAML (see ``read_profile``). ``by``: who asks for it, as the audit log names them.
    """
    profile = read_profile(document)
    stored = session.get(ImportProfile, profile.code)
    before = None if stored is None else stored.definition
    if stored is None:
        stored = ImportProfile(code=profile.code)
    stored.label, stored.updated = profile.label, now
    stored.definition = dict(definition_of(document))
    stored.document = document.replace("\r\n", "\n")
    session.add(stored)
    session.flush()
    audit.record(session, "profile", stored.code, before, stored.definition, now, by)
    return stored


def profiles(session: Session) -> Sequence[ImportProfile]:
    """All, by label."""
    return session.scalars(
        select(ImportProfile).order_by(ImportProfile.label, ImportProfile.code)
    ).all()


def get(session: Session, code: str) -> ImportProfile:
    """:class:`NotFound`."""
    profile = session.get(ImportProfile, code)
    if profile is None:
        raise NotFound(text("There is no import profile “%(code)s”.", code=code))
    return profile


def remove(session: Session, code: str, now: datetime, *, by: str) -> None:
    """Forget a profile; what it imported stays. :class:`NotFound`."""
    stored = get(session, code)
    audit.record(session, "profile", code, stored.definition, None, now, by)
    session.delete(stored)


def definition_of(document: str) -> Mapping[str, Any]:
    """The YAML of a valid profile as JSON, which ``profile_from`` reads."""
    read_profile(document)
    definition: Mapping[str, Any] = yaml.safe_load(document)
    return with_owner(definition)
