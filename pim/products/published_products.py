"""Products as channels see them: what a feed is built from, and what of it tells that it must be
built again.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.errors import NotFound, text
from pim.listing import merge
from pim.products.models import Product
from pim.products.queries import AnyRow
from pim.products.workspace import key_of
from pim.values import Document
from pim.workflow import RETIRED


class Published(NamedTuple):
    """A product as channels may see it: the merged published document.

    ``blocked``: why they may not: "disabled", "retired", "not_approved" or "model_not_approved".
    What was never approved has its working values in the document, so that one can say what it
    lacks besides; it is always blocked. ``above``: the documents of its models, the top one first.
    """

    id: int
    identifier: str
    root: str
    model: str | None
    family: str | None
    document: Document
    blocked: str | None
    above: tuple[Document, ...] = ()

    @property
    def model_document(self) -> Document | None:
        """What its models hold, without its own values; None where it has none."""
        return merge(self.above) if self.above else None

    @property
    def categories(self) -> Sequence[str]:
        categories: Sequence[str] = self.document.get("categories", ())
        return categories


GroupVersion = tuple[int, int, int]
"""A top product's id, the latest change number of it and its variants, and how many they are: what
tells whether it must be rendered again. As the driver gives it: a feed reads one for every product.
"""


VERSIONS_AT_ONCE = 5000


def group_versions(session: Session) -> Iterator[GroupVersion]:
    """The version of every top product with its variants, in feed order.

    How many they are tells of a variant that left for another model, which changes nothing here.
    """
    last = 0
    while versions := _group_versions_behind(session, last):
        yield from versions
        last = versions[-1][0]


def _group_versions_behind(session: Session, root: int) -> Sequence[GroupVersion]:
    """Some of them in one piece: one by one, fetching takes longer than reading."""
    connection = session.connection()
    found = connection.exec_driver_sql(
        _GROUP_VERSIONS[connection.dialect.name], (root, VERSIONS_AT_ONCE)
    )
    versions: Sequence[GroupVersion] = found.cursor.fetchall()
    found.close()
    return versions


def published(session: Session, roots: Sequence[int]) -> dict[int, list[Published]]:
    """Root id -> what can be sold below it, oldest first, with published values merged. ``roots``:
    some of a feed's window, ascending.
    """
    wanted = frozenset(roots)
    return unfolded([row for row in stored(session, roots[0], roots[-1]) if row[0] in wanted])


StoredRow = tuple[Any, ...]
"""A product as the driver gives it: root id, id, identifier, kind, parent id, family, enabled,
status, document as text (published, or what was never published), whether it was ever published.
"""


def stored(session: Session, first: int, last: int) -> Sequence[StoredRow]:
    """The top products from one root id to another with all below them: tuples of the driver's own,
    for a feed reads all there is.
    """
    connection = session.connection()
    found = connection.exec_driver_sql(_PUBLISHED[connection.dialect.name], (first, last))
    rows: Sequence[StoredRow] = found.cursor.fetchall()
    found.close()
    return rows


def unfolded(rows: Iterable[StoredRow]) -> dict[int, list[Published]]:
    """What can be sold of some top products with all below them: see :func:`published`."""
    groups: dict[int, list[Published]] = {}
    families: dict[int, list[_Row]] = {}
    for row in rows:
        root, number, identifier, kind, parent, family, enabled, status, document, approved = row
        if kind == "product" and parent is None:
            blocked = None if enabled and approved and status != RETIRED else _blocked([_Row(*row)])
            groups[root] = [
                Published(
                    number,
                    identifier,
                    identifier,
                    None,
                    family,
                    orjson.loads(document),
                    blocked,
                )
            ]
        else:
            families.setdefault(root, []).append(_Row(*row))
    for root, relatives in families.items():
        groups[root] = list(_related(relatives))
    return groups


def first_top_products(session: Session, most: int) -> Sequence[int]:
    """The ids of the first products and models without a model above, in feed order."""
    statement = select(Product.root_id).distinct().order_by(Product.root_id).limit(most)
    return list(session.scalars(statement))


def created_below(session: Session, root: int) -> Sequence[tuple[str, datetime]]:
    """Identifier and time of making of what can be sold of a top product with all below it."""
    statement = select(Product.identifier, Product.created).where(
        Product.root_id == root, Product.kind == "product"
    )
    return [(identifier, created) for identifier, created in session.execute(statement)]


class Member(NamedTuple):
    """A product or model among all that belongs to one top product."""

    id: int
    root_id: int
    parent_id: int | None
    kind: str
    status: str
    seq: int


def members(session: Session, roots: Sequence[int]) -> Sequence[Member]:
    """Some top products with all below them."""
    columns = (
        *(Product.id, Product.root_id, Product.parent_id),
        *(Product.kind, Product.status, Product.seq),
    )
    found = session.execute(select(*columns).where(in_values(session, Product.root_id, roots)))
    return [Member(*row) for row in found]


def sequence_below(session: Session, root: int) -> int:
    """The latest change of a top product with all below it."""
    return session.scalar(select(func.max(Product.seq)).where(Product.root_id == root)) or 0


def root_of(session: Session, identifier: str) -> int:
    """The id of the top model of a product, or its own; :class:`NotFound`."""
    root = session.scalar(select(Product.root_id).where(Product.key == key_of(identifier)))
    if root is None:
        raise NotFound(text("There is no product “%(code)s”.", code=identifier))
    return root


# A feed reads every product in windows: as text, because spelling and typing the statement each
# time costs as much as reading.
_PUBLISHED_ROWS = (
    "SELECT root_id, id, identifier, kind, parent_id, family, enabled, status,"
    ' COALESCE(published, "values"), published IS NOT NULL'
    " FROM product WHERE root_id BETWEEN ? AND ?"
)


_PUBLISHED = {"sqlite": _PUBLISHED_ROWS, "postgresql": _PUBLISHED_ROWS.replace("?", "%s")}


_VERSIONS = (
    "SELECT root_id, max(seq), count(*) FROM product WHERE root_id > ?"
    " GROUP BY root_id ORDER BY root_id LIMIT ?"
)


_GROUP_VERSIONS = {"sqlite": _VERSIONS, "postgresql": _VERSIONS.replace("?", "%s")}


class _Row(NamedTuple):
    root_id: int
    id: int
    identifier: str
    kind: str
    parent_id: int | None
    family: str | None
    enabled: bool
    status: str
    document: str
    is_approved: bool


def published_if_approved(
    session: Session, root: int, approved: Collection[str]
) -> list[Published]:
    """A top product with all below it as channels would see it if somebody approved these of it.
    ``approved``: identifiers.
    """
    columns = (
        *(Product.root_id, Product.id, Product.identifier, Product.kind, Product.parent_id),
        *(Product.family, Product.enabled, Product.status, Product.values, Product.published),
    )
    found = session.execute(select(*columns).where(Product.root_id == root))
    return list(_related([_as_approved(row, row.identifier in approved) for row in found]))


def _as_approved(row: AnyRow, is_approved: bool) -> _Row:
    seen = row.values if is_approved or row.published is None else row.published
    is_seen = is_approved or row.published is not None
    document = orjson.dumps(seen).decode()
    facts = {name: getattr(row, name) for name in _Row._fields if name in row._fields}
    return _Row(**facts, document=document, is_approved=is_seen)


def _related(relatives: Sequence[_Row]) -> Iterator[Published]:
    """``relatives``: a top model and all below it."""
    by_id = {row.id: row for row in relatives}
    documents = {row.id: orjson.loads(row.document) for row in relatives}
    for row in sorted(relatives, key=attrgetter("id")):
        if row.kind == "product":
            chain = [row]
            while chain[0].parent_id is not None:
                chain.insert(0, by_id[chain[0].parent_id])
            model = chain[-2].identifier if len(chain) > 1 else None
            above = tuple(documents[one.id] for one in chain[:-1])
            yield Published(
                row.id,
                row.identifier,
                chain[0].identifier,
                model,
                row.family,
                merge([*above, documents[row.id]]),
                _blocked(chain),
                above,
            )


def _blocked(chain: Sequence[_Row]) -> str | None:
    """``chain``: the models above, top first, and the product itself."""
    if not all(one.enabled for one in chain):
        return "disabled"
    if any(one.status == RETIRED for one in chain):
        return "retired"
    if not chain[-1].is_approved:
        return "not_approved"
    return None if all(one.is_approved for one in chain) else "model_not_approved"
