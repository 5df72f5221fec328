"""Import profiles, runs, what they could not take, and the hash of every row a profile
delivered.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pim import errors
from pim.db import Base, Json, Sentence, Utc
from pim.products.change import RecordKind


class ImportProfile(Base):
    """How one system's file is read. ``definition``: what imports use. ``document``: the YAML as
    its author wrote it, comments and all, to be changed again. It was valid when it was saved.
    """

    __tablename__ = "import_profile"

    code: Mapped[str] = mapped_column(String(63), primary_key=True)
    label: Mapped[str] = mapped_column(Text)
    definition: Mapped[dict[str, Any]] = mapped_column(Json, server_default="{}")
    document: Mapped[str] = mapped_column(Text)
    updated: Mapped[datetime] = mapped_column(Utc)


class ImportRun(Base):
    """One file going in. ``cursor``: data rows done; it moves in the transaction that writes those
    rows, so a killed run resumes. ``fingerprint``: of the profile and of what it uses of the
    structure, with another one the same file is another run; "" where it must not resume.
    ``detected``: how the file was read, as ``Detected.document`` says it.
    ``job_id``: the job that stands behind it, if any. ``token``: who does not hold it may not write
    the run. ``seen``: when its process was last heard of. ``undone``, ``undone_by``: when it was
    taken back, and by whom.
    """

    __tablename__ = "import_run"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    profile: Mapped[str] = mapped_column(String(63))
    definition: Mapped[dict[str, Any]] = mapped_column(Json)
    filename: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[str] = mapped_column(String(32), default="", server_default="")
    detected: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    dry_run: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10))
    actor: Mapped[str] = mapped_column(String(255))
    cursor: Mapped[int]
    rows: Mapped[int]
    created: Mapped[int]
    updated: Mapped[int]
    unchanged: Mapped[int]
    refused: Mapped[int]
    left_out: Mapped[int] = mapped_column(server_default="0")
    warnings: Mapped[int]
    milliseconds: Mapped[int]
    error: Mapped[str | None] = mapped_column(Text)
    job_id: Mapped[int | None]
    token: Mapped[str] = mapped_column(String(32), default="", server_default="")
    seen: Mapped[datetime | None] = mapped_column(Utc)
    started: Mapped[datetime] = mapped_column(Utc)
    finished: Mapped[datetime | None] = mapped_column(Utc)
    undone: Mapped[datetime | None] = mapped_column(Utc)
    undone_by: Mapped[str | None] = mapped_column(String(255))

    @property
    def is_whole(self) -> bool:
        """Whether every row was taken with all its values."""
        return not self.refused and not self.left_out


Index("ix_import_run_started", ImportRun.started)


class ImportProblem(Base):
    """A line of a run's report: what was refused, left out, left as it was, or taken with a doubt
    (``severity``).
    """

    __tablename__ = "import_problem"

    run_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("import_run.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    file: Mapped[str] = mapped_column(String(255))
    line: Mapped[int]
    identifier: Mapped[str] = mapped_column(String(255))
    column: Mapped[str] = mapped_column(String(255))
    address: Mapped[str] = mapped_column(String(255))
    value: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(String(63))
    severity: Mapped[str] = mapped_column(String(10))
    message: Mapped[errors.Text] = mapped_column(Sentence)


class LateRow(Base):
    """A row that waits for the end of its file (:mod:`pim.imports.late_rows`). ``memory``: the
    profile under which its hash is remembered. ``spelled``: address -> the cell of the file.
    """

    __tablename__ = "import_late_row"

    run_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("import_run.id", ondelete="CASCADE"), primary_key=True
    )
    memory: Mapped[str] = mapped_column(String(63), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    file: Mapped[str] = mapped_column(String(255))
    line: Mapped[int]
    hash: Mapped[int] = mapped_column(BigInteger)
    identifier: Mapped[str] = mapped_column(String(255))
    kind: Mapped[RecordKind] = mapped_column(String(10))
    values: Mapped[dict[str, Any]] = mapped_column(Json)
    is_clean: Mapped[bool]
    spelled: Mapped[dict[str, str]] = mapped_column(Json, default=dict, server_default="{}")


class MissingLink(Base):
    """A product that a row names and that was not there yet: asked again behind the last row
    (:mod:`pim.imports.links`). ``key``, ``identifier``: of the product that names it.
    """

    __tablename__ = "import_missing_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("import_run.id", ondelete="CASCADE"), index=True
    )
    file: Mapped[str] = mapped_column(String(255))
    line: Mapped[int]
    key: Mapped[str] = mapped_column(String(255))
    identifier: Mapped[str] = mapped_column(String(255))
    column: Mapped[str] = mapped_column(String(255))
    address: Mapped[str] = mapped_column(String(255))
    named: Mapped[str] = mapped_column(Text)
    named_key: Mapped[str] = mapped_column(Text)


class SourceRow(Base):
    """The hash of the row a profile last delivered for a product, and the product's version after
    it.

    Both unchanged: nothing can have to be written, and the row costs a hash.
    """

    __tablename__ = "source_row"

    profile: Mapped[str] = mapped_column(String(63), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    hash: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int]
