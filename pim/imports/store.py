"""Import profiles that are kept: people upload a file and choose how it is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim import audit, versions
from pim.accounts.principals import THE_PROGRAM
from pim.db import wait_for_turn
from pim.errors import Conflict, Invalid, NotFound, text
from pim.foreign_yaml import read_foreign_yaml
from pim.imports.models import ImportProfile
from pim.imports.profiles import mapping_of, profile_from, with_owner
from pim.line_merge import merge_lines
from pim.versions import SetupVersion

KIND: versions.VersionKind = "profile"


@dataclass(frozen=True)
class ProfileText:
    """A profile as its author wrote it, and what it says."""

    document: str
    definition: Mapping[str, Any]
    code: str
    label: str


def read_text(document: str) -> ProfileText:
    """The text of a profile, read: :class:`Invalid` names every fault. A long one takes its time;
    nothing else that is done with it does.
    """
    definition = mapping_of(read_foreign_yaml(document))
    profile = profile_from(definition)
    plain = document.replace("\r\n", "\n")
    return ProfileText(plain, with_owner(definition), profile.code, profile.label)


@dataclass(frozen=True)
class ProfileEdit:
    """What somebody typed. ``code`` and ``seen``: the profile that they opened and the fingerprint
    of its text then; "" for a new one.
    """

    read: ProfileText
    code: str = ""
    seen: str = ""


@dataclass(frozen=True)
class SettledProfile:
    """``read``: what has to be saved. ``meanwhile``: what others saved since it was opened.
    ``is_conflict``: they changed the same lines; ``read`` is then as it was typed, and ``over``
    the fingerprint of what is stored.
    """

    read: ProfileText
    over: str
    meanwhile: Sequence[SetupVersion] = ()
    is_conflict: bool = False


def settle(session: Session, edit: ProfileEdit) -> SettledProfile:
    """The edit over the profile as it is now, and until the end of the transaction: nobody else
    saves one meanwhile. :class:`Conflict` where the code is another profile's, or where this one is
    gone.
    """
    wait_for_turn(session, "import_profile")
    code = edit.read.code
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
        return SettledProfile(edit.read, over)
    return _over_newer(session, stored, edit, over)


def _over_newer(
    session: Session, stored: ImportProfile, edit: ProfileEdit, over: str
) -> SettledProfile:
    base = versions.seen(session, KIND, stored.code, edit.seen)
    if base is None or base.content is None:
        return SettledProfile(edit.read, over, is_conflict=True)
    meanwhile = versions.since(session, base)
    merged = merge_lines(base.content["yaml"], stored.document, edit.read.document)
    read = None if merged is None else _read_merged(merged)
    if read is None:
        return SettledProfile(edit.read, over, meanwhile, is_conflict=True)
    return SettledProfile(read, over, meanwhile)


def _read_merged(document: str) -> ProfileText | None:
    """None where what two people wrote is no profile together: a column that both added."""
    try:
        return read_text(document)
    except Invalid:
        return None


def seen_now(stored: ImportProfile | None) -> str:
    """The fingerprint of a profile's text; "" where there is none."""
    return "" if stored is None else versions.fingerprint(_content(stored.document))


def _content(document: str) -> Mapping[str, str]:
    return {"yaml": document}


def save(
    session: Session, document: str, now: datetime, *, by: str = THE_PROGRAM.name
) -> ImportProfile:
    """Keep a profile, or replace the one with its code. :class:`Invalid` names every fault of the
    YAML. ``by``: who asks for it, as the audit log names them.
    """
    return save_text(session, read_text(document), now, by=by)


def save_text(session: Session, read: ProfileText, now: datetime, *, by: str) -> ImportProfile:
    """:func:`save` of what was read already."""
    stored = session.get(ImportProfile, read.code)
    before = None if stored is None else stored.definition
    text_before = None if stored is None else _content(stored.document)
    if stored is None:
        stored = ImportProfile(code=read.code)
    stored.label, stored.updated = read.label, now
    stored.definition = dict(read.definition)
    stored.document = read.document
    session.add(stored)
    session.flush()
    audit.record(session, "profile", stored.code, before, stored.definition, now, by)
    versions.keep(session, KIND, stored.code, text_before, _content(stored.document), now, by)
    return stored


def return_to(session: Session, code: str, number: int, now: datetime, *, by: str) -> ImportProfile:
    """Keep a profile as it was in an earlier version, which is asked everything that a new one is;
    :class:`NotFound`.
    """
    content = versions.get(session, KIND, code, number).content
    if content is None:
        raise NotFound(text("In this version the profile was removed."))
    return save(session, content["yaml"], now, by=by)


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
