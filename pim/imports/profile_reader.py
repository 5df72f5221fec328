"""A file as its profile reads it: columns against the header, rows, the seed of their hashes."""

from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import asdict, replace
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import orjson

from pim.attributes.base import Reading
from pim.errors import Invalid, Text, text
from pim.imports.batch_reader import BatchReader, FileRow
from pim.imports.detection import Detected
from pim.imports.headers import KnownColumns
from pim.imports.profiles import Profile
from pim.imports.readers import open_rows
from pim.problems import Problem
from pim.row_reader import AssetDoubts, AssetLookup, Column, RowReader
from pim.structure import fingerprints
from pim.structure.objects import Structure
from pim.values import ReadValues


class ProfiledFile(NamedTuple):
    """The reader of a file, its rows, and what was found out about it."""

    reader: BatchReader
    rows: Generator[FileRow, None, None]
    detected: Detected


def open_file(structure: Structure, path: Path, profile: Profile, name: str) -> ProfiledFile:
    """A file as its profile reads it; :class:`Invalid` when file or profile is unusable.

    ``name``: of the file, for the report.
    """
    assets: dict[str, str] = {}  # filled by the reader, batch by batch, as are the doubts
    doubtful_assets: dict[str, Text] = {}
    table = open_rows(path, profile.file, structure.locales, known_columns(profile))
    row_reader, key_index = compile_reader(
        structure, profile, table.header, assets.get, doubtful_assets.get
    )
    reader = BatchReader(
        reader=row_reader,
        key_index=key_index,
        kind=profile.kind,
        memory=profile.code,
        seed=seed(structure, profile),
        columns=columns_of(profile),
        assets=assets,
        doubtful_assets=doubtful_assets,
    )
    rows = (FileRow(name, line, cells) for line, cells in table.rows)
    doubts = [*table.detected.doubts, *_lacking(profile, table.header)]
    return ProfiledFile(reader, rows, replace(table.detected, doubts=doubts))


def known_columns(profile: Profile) -> KnownColumns:
    """By which the header of its files is recognised."""
    return KnownColumns(
        read=[column.name for column in profile.columns if column.to],
        ignored=[column.name for column in profile.columns if not column.to],
    )


def columns_of(profile: Profile) -> dict[str, str]:
    """Address -> column, for the report."""
    columns = {column.to: column.name for column in profile.columns if column.to}
    return columns | {"identifier": profile.key}


def compile_reader(
    structure: Structure,
    profile: Profile,
    header: Sequence[str],
    asset_of: AssetLookup,
    asset_doubt: AssetDoubts = lambda name: None,
) -> tuple[RowReader, int]:
    """The profile's columns against this file's header: every column that fits nowhere is named.
    A column without a name is ignored.
    """
    known = {column.name: column for column in profile.columns}
    _check_columns(profile, header)
    columns = [known.get(name) or Column("", None) for name in header]
    if profile.kind == "asset":  # its code is no value of it, as a product's identifier is
        columns = [replace(one, to=None) if one.name == profile.key else one for one in columns]
    settings = profile.file
    reading = Reading(decimal=settings.decimal, date=settings.date or "%Y-%m-%d")
    reader = RowReader(
        structure,
        columns,
        reading,
        clear=profile.clear,
        refuse_doubts=profile.doubts == "refuse",
        asset_of=asset_of,
        asset_doubt=asset_doubt,
        always=_always(structure, profile, reading),
        without_units=_without_units(profile, header),
    )
    return reader, header.index(profile.key)


def _check_columns(profile: Profile, header: Sequence[str]) -> None:
    """:class:`Invalid` before a row is taken: for columns that lead nowhere, and where none names
    the product.
    """
    known = {column.name for column in profile.columns}
    strange = text("The profile does not know this column; map it, or set it to null to ignore it.")
    wrong = {name: [strange] for name in header if name and name not in known}
    if profile.key not in header:
        sentence = text(
            "The file lacks the column “%(key)s”, which names the product. It has: %(there)s.",
            key=profile.key,
            there=", ".join(filter(None, header)),
        )
        wrong["columns"] = [sentence]
    if wrong:
        raise Invalid(wrong)


def _lacking(profile: Profile, header: Sequence[str]) -> Iterator[Problem]:
    """Said before a row is taken: what the profile reads and this file does not have.

    One profile may serve files that say much and files that say little, so it stops nothing.
    """
    missing = [column.name for column in _missing(profile, header)]
    if missing:
        sentence = text(
            "The file lacks columns that the profile reads: %(missing)s. Their values stay as they"
            " are. A column that may be missing is marked “optional: true”.",
            missing=", ".join(missing),
        )
        yield Problem("", "missing columns", sentence, "", "warning")


def _without_units(profile: Profile, header: Sequence[str]) -> Collection[str]:
    """The addresses of measurements whose units stand in a column that this file lacks: without it,
    800 grams would be taken for 800 kilograms.
    """
    missing = [column.to or "" for column in _missing(profile, header)]
    return {to.removesuffix("-unit") for to in missing if to.endswith("-unit")}


def _missing(profile: Profile, header: Sequence[str]) -> Sequence[Column]:
    """The columns that the profile reads, does not call optional, and this file does not have."""
    expected = (column for column in profile.columns if column.to and not column.optional)
    return [column for column in expected if column.name not in header]


def _always(structure: Structure, profile: Profile, reading: Reading) -> ReadValues:
    """The values that the profile gives to every row; :class:`Invalid` under
    ``always.<address>``.
    """
    reader = RowReader(
        structure, [Column(f"always.{address}", address) for address in profile.always], reading
    )
    values, problems = reader.read(list(profile.always.values()))
    if problems:
        raise Invalid({f"always.{problem.address}": [problem.message] for problem in problems})
    return values


def seed(structure: Structure, profile: Profile) -> bytes:
    """What a row's hash depends on besides the row: where the profile or what it uses of the
    structure changes, the same cells may mean something else.
    """
    targets = {column.to for column in profile.columns if column.to} | profile.always.keys()
    used = fingerprints.of_columns(structure, targets)
    # The owner was called source when the rows that hubs remember were hashed. With another name
    # every row of their next import would count as changed.
    names = {"owner": "source"}
    described = {names.get(name, name): value for name, value in asdict(profile).items()}
    described["label"] = ""
    del described["retired"]  # the row of a retired product is read each time anyway
    # Where a profile does not have them, rows are hashed as before there were such settings.
    for name in [name for name in ("quote", "header") if described["file"][name] is None]:
        del described["file"][name]
    for column in described["columns"]:
        if not column["optional"]:
            del column["optional"]
    return blake2b(orjson.dumps([used, described]), digest_size=16).digest()
