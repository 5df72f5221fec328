"""How some products would stand in a feed: its file with them alone, without a build."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from pim.feeds import service
from pim.feeds.build import build
from pim.feeds.rendering import compile_feed
from pim.feeds.reports import ReportLine, read_line
from pim.products import published_products
from pim.structure import queries as catalog


@dataclass(frozen=True)
class FeedPreview:
    """``content``: the file. ``report``: what is said of the products, as of a build."""

    content: bytes
    report: Sequence[ReportLine]


def preview(
    session: Session, code: str, base_url: str, today: date, identifiers: Sequence[str], most: int
) -> FeedPreview:
    """The feed with these products (and what is below the same top model), or with the first
    ``most`` top products where none are named.
    """
    feed = service.get(session, code)
    compiled = compile_feed(catalog.structure(session), feed, base_url, today)
    roots = {published_products.root_of(session, one) for one in identifiers}
    if not identifiers:
        roots.update(published_products.first_top_products(session, most))
    with TemporaryDirectory() as folder:
        built = build(session, compiled, Path(folder), None, lambda done: None, only=roots)
        return FeedPreview(
            built.file.read_bytes(), [*map(read_line, built.report.read_bytes().splitlines())]
        )
