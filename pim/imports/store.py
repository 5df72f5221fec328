"""Import profiles that are kept: people upload a file and choose how it is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from pim import audit, versions
from pim.accounts.principals import THE_PROGRAM
from pim.errors import Conflict, Invalid, NotFound, text
from pim.imports.models import ImportProfile
from pim.imports.profiles import read_profile, with_owner
from pim.line_merge import merge_lines
from pim.versions import SetupVersion

KIND: versions.VersionKind = "profile"


@dataclass(frozen=True)
class ProfileEdit:
    """What somebody typed. ``code`` and ``seen``: the profile that they opened and the fingerprint
    of its text then; "" for a new one.
    """

    document: str
    code: str = ""
    seen: str = ""


@dataclass(frozen=True)
class SettledProfile:
    """``document``: what has to be saved. ``meanwhile``: what others saved since it was opened.
    ``is_conflict``: they changed the same lines; ``document`` is then as it was typed, and ``over``
    the fingerprint of what is stored.
    """

    document: str
    over: str
    meanwhile: Sequence[SetupVersion] = ()
    is_conflict: bool = False


def settle(session: Session, edit: ProfileEdit) -> SettledProfile:
    """The edit over the profile as it is now. :class:`Conflict` where the code is another
    profile's, or where this one is gone.
    """
    code = read_profile(edit.document).code
    stored = session.get(ImportProfile, code)
    if stored is None and edit.code == code and edit.seen:
        raise Conflict(
            text(
                "The profile “%(code)s” was removed meanwhile. What you typed stands here still;"
                " save it to make the profile again.",
                code=code,
            )
        )
    if stored is not None and edit.code != code:
        raise Conflict(
            text("There is a profile “%(code)s” already: open that to change it.", code=code)
        )
    over = seen_now(stored)
    if stored is None or edit.seen == over:
        return SettledProfile(edit.document, over)
    return _over_newer(session, stored, edit, over)


def _over_newer(
    session: Session, stored: ImportProfile, edit: ProfileEdit, over: str
) -> SettledProfile:
    base = versions.seen(session, KIND, stored.code, edit.seen)
    if base is None or base.content is None:
        return SettledProfile(edit.document, over, is_conflict=True)
    meanwhile = versions.since(session, base)
    mine = edit.document.replace("\r\n", "\n")
    merged = merge_lines(base.content["yaml"], stored.document, mine)
    if merged is None or not _is_profile(merged):
        return SettledProfile(edit.document, over, meanwhile, is_conflict=True)
    return SettledProfile(merged, over, meanwhile)


def _is_profile(document: str) -> bool:
    try:
        read_profile(document)
    except Invalid:
        return False
    return True


def seen_now(stored: ImportProfile | None) -> str:
    """The fingerprint of a profile's text; "" where there is none."""
    return "" if stored is None else versions.fingerprint(_content(stored.document))


def _content(document: str) -> Mapping[str, str]:
    return {"yaml": document}


def save(
    session: Session, document: str, now: datetime, *, by: str = THE_PROGRAM.name
) -> ImportProfile:
    """Keep a profile, or replace the one with its code. :class:`Invalid` names every fault of the
    YAML (see ``read_profile``). ``by``: who asks for it, as the audit log names them.
    """
    profile = read_profile(document)
    stored = session.get(ImportProfile, profile.code)
    before = None if stored is None else stored.definition
    text_before = None if stored is None else _content(stored.document)
    if stored is None:
        stored = ImportProfile(code=profile.code)
    stored.label, stored.updated = profile.label, now
    stored.definition = dict(definition_of(document))
    stored.document = document.replace("\r\n", "\n")
    session.add(stored)
    session.flush()
    audit.record(session, "profile", stored.code, before, stored.definition, now, by)
    versions.keep(session, KIND, stored.code, text_before, _content(stored.document), now, by)
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
    versions.keep(session, KIND, code, _content(stored.document), None, now, by)
    session.delete(stored)


def definition_of(document: str) -> Mapping[str, Any]:
    """The YAML of a valid profile as JSON, which ``profile_from`` reads."""
    read_profile(document)
    definition: Mapping[str, Any] = yaml.safe_load(document)
    return with_owner(definition)
