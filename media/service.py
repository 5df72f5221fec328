"""Taking assets in and drawing their renditions. Always the file first and then its row, so no row
is ever without a file (P10).

Decoding takes longer than a database should be locked: `prepare` does it without a session,
`record` writes the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from media import queries
from media.decoder import DecodedPicture, decode
from media.kinds import PDF, kind_of
from media.models import Asset, AssetName, Rendition
from media.names import code_of, display_name, original_key, rendition_key
from media.presets import PRESETS, Preset
from media.storage import Storage
from pim.db import Base
from pim.errors import Conflict, Invalid, NotFound, text

MAX_BYTES = 100 * 1024 * 1024
AT_ONCE = (
    PRESETS["thumb"],
    PRESETS["small"],
)  # drawn at intake: decoding is the proof that a picture is whole, so nothing is wasted


@dataclass(frozen=True, slots=True)
class Prepared:
    """An asset whose files are stored and whose rows are not. asset, renditions: column ->
    value.
    """

    asset: dict[str, Any]
    renditions: list[dict[str, Any]]
    filename: str


def take_in(session: Session, storage: Storage, filename: str, data: bytes, now: datetime) -> Asset:
    """The one way in for pictures and PDFs. The same bytes are the same asset. Invalid({"file": …})
    says what is wrong and what to do.
    """
    return record(session, prepare(storage, filename, data), now)


def prepare(storage: Storage, filename: str, data: bytes) -> Prepared:
    """Check by content, decode in the sandbox, store the original and the small renditions. Errors
    as `take_in`.
    """
    check_size(len(data))
    kind = kind_of(data)
    code = code_of(data)
    seen = None if kind is PDF else decode(data, AT_ONCE)
    asset: dict[str, Any] = {
        "code": code,
        "sha256": sha256(data).hexdigest(),
        "filename": display_name(filename),
        "content_type": kind.content_type,
        "storage_key": original_key(code, kind),
        "bytes": len(data),
        "width": seen and seen.width,
        "height": seen and seen.height,
        "frames": seen.frames if seen else 1,
    }
    storage.put(asset["storage_key"], data)
    return Prepared(
        asset, [_keep(storage, code, drawn) for drawn in seen.drawn] if seen else [], filename
    )


def check_size(size: int) -> None:
    """Invalid when a file of so many bytes is too large; worth asking before it is read."""
    if size > MAX_BYTES:
        raise Invalid(
            {
                "file": [
                    text(
                        "The file is larger than %(limit)s MB. Make it smaller.",
                        limit=MAX_BYTES // 1024**2,
                    )
                ]
            }
        )


def record(session: Session, prepared: Prepared, now: datetime) -> Asset:
    """Write the rows of an asset and the names it came under; Conflict when its code belongs to
    other bytes.
    """
    code = prepared.asset["code"]
    add_row(session, Asset, {**prepared.asset, "created": now})
    for row in prepared.renditions:
        add_row(session, Rendition, row)
    record_name(session, code, prepared.filename, now)
    asset = session.get_one(Asset, code)
    if asset.sha256 != prepared.asset["sha256"]:
        raise Conflict(
            text(
                "Another file has the code %(code)s. Export the picture again and send the new"
                " file.",
                code=code,
            )
        )
    return asset


def record_name(session: Session, code: str, filename: str, now: datetime) -> None:
    """Note a name under which an asset came; the latest asset of a name is the one found by it."""
    for name in dict.fromkeys(queries.names_of(filename)):
        add_row(session, AssetName, {"name": name, "asset": code, "seen": now}, update="seen")


def rendition(session: Session, storage: Storage, code: str, preset: Preset) -> Rendition:
    """An asset in one size, made once and kept: wants a session that writes; `queries.rendition`
    only looks.

    NotFound for an unknown asset, a PDF or an original whose file is gone.
    """
    found = session.get(Rendition, (code, preset.key))
    if found is None:
        asset = queries.by_codes(session, [code]).get(code)
        if asset is None:
            raise NotFound(text("There is no picture “%(code)s”.", code=code))
        add_row(session, Rendition, draw(storage, asset, [preset])[0])
        found = session.get_one(Rendition, (code, preset.key))
    return found


def draw(storage: Storage, asset: Row[Any], presets: Sequence[Preset]) -> list[dict[str, Any]]:
    """Draw and store the files of renditions from one decoding, without a session: the answer is
    their rows, not yet written.
    """
    if asset.content_type == PDF.content_type:
        raise NotFound(
            text("“%(filename)s” is a PDF and has no picture sizes.", filename=asset.filename)
        )
    return [
        _keep(storage, asset.code, drawn)
        for drawn in decode(storage.get(asset.storage_key), presets).drawn
    ]


def _keep(storage: Storage, code: str, drawn: DecodedPicture) -> dict[str, Any]:
    key = rendition_key(code, drawn.preset)
    storage.put(key, drawn.data)
    return {
        "asset": code,
        "preset": drawn.preset.key,
        "storage_key": key,
        "content_type": drawn.preset.content_type,
        "width": drawn.width,
        "height": drawn.height,
        "bytes": len(drawn.data),
        "sha256": sha256(drawn.data).hexdigest(),
    }


def add_row(
    session: Session, model: type[Base], row: dict[str, Any], update: str | None = None
) -> None:
    """INSERT, or leave what is there (but for the column to update): two processes may take in or
    draw the same at once.
    """
    if session.get_bind().dialect.name == "postgresql":
        insert: Any = postgresql.insert(model).values(row)
    else:
        insert = sqlite.insert(model).values(row)
    if update is None:
        session.execute(insert.on_conflict_do_nothing())
    else:
        session.execute(
            insert.on_conflict_do_update(
                index_elements=model.__table__.primary_key, set_={update: row[update]}
            )
        )
