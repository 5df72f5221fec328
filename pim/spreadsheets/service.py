"""Files of products that are made behind the scenes: asked for, made, found again."""

import uuid
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from pim.config import EXPORTS
from pim.db import Database
from pim.errors import NotFound, text
from pim.spreadsheets import export
from pim.spreadsheets.columns import SheetStyle
from pim.spreadsheets.files import FileFormat
from pim.spreadsheets.models import SheetExport
from pim.spreadsheets.rows import SheetProgress, SheetRequest
from pim.structure.objects import Scope


def new_path(home: Path, name: str, format_: FileFormat) -> Path:
    """Where a file of this name is, or would be."""
    folder = home / EXPORTS
    folder.mkdir(exist_ok=True)
    return folder / f"{name}.{format_}"


def ask(
    session: Session, wanted: SheetRequest, format_: FileFormat, actor: str, now: datetime
) -> SheetExport:
    """Write down that somebody wants this file."""
    asked = SheetExport(
        id=uuid.uuid4().hex,
        actor=actor,
        number=len(wanted.ids),
        request={
            "format": format_,
            "addresses": list(wanted.addresses),
            "channel": wanted.scope.channel,
            "locale": wanted.scope.locale,
            "language": wanted.style.language,
        },
        ids=list(wanted.ids),
        created=now,
    )
    session.add(asked)
    session.flush()
    return asked


def get(session: Session, export_id: str) -> SheetExport:
    """:class:`NotFound` where there is none."""
    found = session.get(SheetExport, export_id)
    if found is None:
        raise NotFound(text("There is no export “%(id)s”.", id=export_id))
    return found


def path_of(home: Path, asked: SheetExport) -> Path:
    return new_path(home, asked.id, asked.request["format"])


def make(database: Database, home: Path, asked: SheetExport, progress: SheetProgress) -> None:
    """Write its file."""
    stored = asked.request
    wanted = SheetRequest(
        asked.ids,
        stored["addresses"],
        Scope(stored["channel"], stored["locale"]),
        SheetStyle(stored["language"]),
    )
    export.write(database, wanted, path_of(home, asked), stored["format"], progress)
