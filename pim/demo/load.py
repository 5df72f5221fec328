"""``pim demo``: the demo shop taken in through the doors every shop uses. Doing it again changes
nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path

import yaml
from sqlalchemy.orm import Session

from media.bulk import make_renditions, take_in_folder
from media.presets import PRESETS
from media.storage import Storage
from pim.accounts import queries as accounts
from pim.accounts import service as people
from pim.accounts.principals import THE_PROGRAM
from pim.clock import Clock
from pim.db import Database
from pim.demo.statuses import status
from pim.errors import NotFound, text
from pim.feeds import service as feeds
from pim.imports.asset_files import asset_profile
from pim.imports.profiles import profile_from, read_profile
from pim.imports.run import ImportProgress, import_products
from pim.imports.store import save as keep_profile
from pim.products import figures, publishing, queries, restructure
from pim.products.change import Origin
from pim.quality import following
from pim.structure import queries as catalog
from pim.text_translation import following as texts
from pim.workflow import APPROVED, DRAFT

HERE = Path(__file__).parent
ADMIN = "demo@etalage.example"
DEMO = replace(THE_PROGRAM, name="demo")
PICTURES = HERE / "pictures"
"""Drawn by ``make setup`` (``python -m demo_source.pictures``); part of a wheel."""
FILES = ("erp_models", "erp", "texts_models", "texts")


def load(
    database: Database, storage: Storage, clock: Clock, progress: ImportProgress
) -> dict[str, int]:
    """Structure, pictures, products, texts, approvals, feeds and a person to look at it all; what
    -> how many there are now.
    """
    with database.writing() as session:
        structure = yaml.safe_load((HERE / "structure.yaml").read_text("utf-8"))
        restructure.change(session, structure, clock(), by=THE_PROGRAM.name)
    taken = _take_pictures(database, storage, clock())
    for name in FILES:
        document = (HERE / f"{name}.yaml").read_text("utf-8")
        with database.writing() as session:
            keep_profile(session, document, clock(), by=THE_PROGRAM.name)
        import_products(
            database, HERE / f"{name}.csv", read_profile(document), "demo", clock, progress=progress
        )
    _describe_pictures(database, clock, progress)
    _approve(database, clock)
    with database.writing() as session:
        definitions = yaml.safe_load((HERE / "feeds.yaml").read_text("utf-8"))
        for code, definition in definitions.items():
            feeds.define(session, code, definition, clock(), by=THE_PROGRAM.name)
        _add_person(session, clock())
    following.follow(database)
    source, *others = structure["locales"]
    for locale in others:  # the shop writes in its own language, and translates into these
        texts.follow(database, source, locale, clock())
    with database.reading() as session:
        counted = figures.counts(session)
    return {
        "products": counted.products + counted.retired,
        "models": counted.models,
        "pictures": taken,
        "feeds": len(definitions),
    }


def _take_pictures(database: Database, storage: Storage, now: datetime) -> int:
    if not PICTURES.is_dir():
        raise NotFound(text("The demo shop's pictures are not drawn yet. Run “make setup” first."))
    codes = [one.code for one in take_in_folder(database, storage, PICTURES, now) if one.code]
    make_renditions(database, storage, codes, [PRESETS["feed"]])
    return len(codes)


def _describe_pictures(database: Database, clock: Clock, progress: ImportProgress) -> None:
    """What is on the pictures, as their photographer says."""
    file = HERE / "pictures.csv"
    with database.reading() as session:
        profile = profile_from(asset_profile(catalog.structure(session), file))
    import_products(database, file, profile, "demo", clock, progress=progress)


def _approve(database: Database, clock: Clock) -> None:
    """Every product once: those never approved are taken to the state that the authors gave
    them.
    """
    with database.reading() as session:
        new = [
            identifier for identifier in queries.unpublished(session) if status(identifier) != DRAFT
        ]
    source = Origin.by(DEMO, "user")
    for batch in _batches(iter(new)):
        with database.writing() as session:
            for wanted in dict.fromkeys(status(identifier) for identifier in batch):
                chosen = [identifier for identifier in batch if status(identifier) == wanted]
                _take_to(session, chosen, wanted, source, clock())


def _take_to(
    session: Session, identifiers: Sequence[str], wanted: str, source: Origin, now: datetime
) -> None:
    if wanted == APPROVED:
        publishing.approve(session, identifiers, source, now)
    else:
        publishing.move(session, identifiers, wanted, source, now)


def _batches(items: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(items, 1000)):
        yield batch


def _add_person(session: Session, now: datetime) -> None:
    if accounts.user_by_email(session, ADMIN) is None:
        people.add_user(session, ADMIN, "Demo", "admin", now, by=THE_PROGRAM.name)
