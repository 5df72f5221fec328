"""Reads of assets, as rows of the columns of media.models."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from media.models import Asset, AssetName, Rendition
from media.names import display_name, folded_name

CHUNK = 500  # parameters of one IN (…)
DEEPEST = 8  # folders and name of a path that are compared


def by_codes(session: Session, codes: Iterable[str]) -> dict[str, Row[Any]]:
    """code -> row with every column of `Asset`; a code that names no asset is absent."""
    columns = Asset.__table__.c
    found: dict[str, Row[Any]] = {}
    for chunk in chunks(dict.fromkeys(codes)):
        found.update(
            (row.code, row)
            for row in session.execute(select(*columns).where(columns.code.in_(chunk)))
        )
    return found


def by_filename(session: Session, filenames: Iterable[str]) -> dict[str, str]:
    """Name as given -> code; of several assets of that name the one that came last.

    A name with a folder finds only what came from that folder: B/front.jpg is not A/front.jpg, and
    no picture is better than that of another product. Folders before it may differ, for a catalogue
    and the place from which its pictures came begin their paths elsewhere.
    """
    wanted = list(dict.fromkeys(filenames))
    known = _codes_by_name(session, {name for given in wanted for name in asked_names(given)})
    found: dict[str, str] = {}
    for given in wanted:
        code = next((known[name] for name in asked_names(given) if name in known), None)
        if code is not None:
            found[given] = code
    return found


def namesakes(session: Session, filenames: Iterable[str]) -> dict[str, list[str]]:
    """Name as given -> the paths of the several assets that it may mean: those that came from
    different folders, where the name has none. Of files that came to one path after each other the
    last one counts.
    """
    folded = {given: folded_name(given) for given in filenames}
    plain = {given: name for given, name in folded.items() if "/" not in name}
    named = _assets_by_path(session, set(plain.values()))
    return {
        given: sorted(named[name])
        for given, name in plain.items()
        if len(set(named.get(name, {}).values())) > 1
    }


def names_of(filename: str) -> tuple[str, str]:
    """The folded path and the folded last part: the names an asset is found by."""
    return folded_name(filename), folded_name(display_name(filename))


def asked_names(filename: str) -> list[str]:
    """The names that may be meant by this one, the most likely first: the path, then the path
    without its first folders, down to one. A name without a folder stands for itself.
    """
    path = folded_name(filename)
    folders = [part for part in path.split("/") if part]
    if len(folders) < 2:
        return list(dict.fromkeys(names_of(filename)))
    begins = range(max(0, len(folders) - DEEPEST), len(folders) - 1)
    return list(dict.fromkeys([path, *("/".join(folders[begin:]) for begin in begins)]))


def rendition(session: Session, code: str, preset_key: str) -> Row[Any] | None:
    """The row of `Rendition` where it has been made; reads only, for the edge that serves it."""
    columns = Rendition.__table__.c
    return session.execute(
        select(*columns).where(columns.asset == code, columns.preset == preset_key)
    ).one_or_none()


def made(
    session: Session, codes: Iterable[str], preset_keys: Iterable[str]
) -> set[tuple[str, str]]:
    """The pairs (code, preset key) that are there already."""
    columns = Rendition.__table__.c
    pairs: set[tuple[str, str]] = set()
    keys = list(preset_keys)
    for chunk in chunks(dict.fromkeys(codes)):
        rows = session.execute(
            select(columns.asset, columns.preset).where(
                columns.asset.in_(chunk), columns.preset.in_(keys)
            )
        )
        pairs.update((row.asset, row.preset) for row in rows)
    return pairs


def chunks(items: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(items)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk


def _assets_by_path(session: Session, names: set[str]) -> dict[str, dict[str, str]]:
    """Last part of a path -> each whole path that ends with it -> the asset that came there last.
    An asset that never came from a folder has its name as its path.
    """
    columns = AssetName.__table__.c
    found: dict[str, dict[str, str]] = {}
    for chunk in chunks(sorted(names)):
        assets = select(columns.asset).where(columns.name.in_(chunk))
        every = (
            select(columns.name, columns.asset)
            .where(columns.asset.in_(assets))
            .order_by(columns.seen, columns.asset)
        )
        paths = session.execute(every).all()
        from_folders = {(path.rpartition("/")[2], asset) for path, asset in paths if "/" in path}
        for path, asset in paths:
            name = path.rpartition("/")[2]
            if "/" in path or (name, asset) not in from_folders:
                found.setdefault(name, {})[path] = asset
    return found


def _codes_by_name(session: Session, names: set[str]) -> dict[str, str]:
    columns = AssetName.__table__.c
    newest: dict[str, tuple[Any, str]] = {}
    for chunk in chunks(sorted(names)):
        for row in session.execute(
            select(columns.name, columns.asset, columns.seen).where(columns.name.in_(chunk))
        ):
            newest[row.name] = max(
                newest.get(row.name, (row.seen, row.asset)), (row.seen, row.asset)
            )
    return {name: asset for name, (_, asset) in newest.items()}
