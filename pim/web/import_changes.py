"""What an import changed: product by product (or asset), each value from what to what."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pim.assets import queries as assets
from pim.products.history import RunChange, changes_of_run
from pim.products.labels import labels
from pim.products.models import Product
from pim.structure.objects import Structure
from pim.web.products.history import Difference, differences, record_names


@dataclass(frozen=True)
class Changed:
    """A product or an asset that a run changed. ``number``: of its change, to go on after.
    ``row``: the line of the file.
    """

    number: int
    identifier: str
    label: str
    is_asset: bool
    row: int | None
    is_new: bool
    is_gone: bool
    differences: list[Difference]


def changed_by(
    session: Session,
    structure: Structure,
    run: str,
    locale: str,
    after: int,
    limit: int,
    *,
    is_new: bool | None = None,
) -> list[Changed]:
    """In the order of the file. ``is_new``: only what the run made, or only what it changed."""
    made = changes_of_run(session, run, after, limit, is_new=is_new)
    names = _names(session, structure, made, locale)
    documents = [one.change.old for one in made] + [one.after for one in made]
    files = record_names(session, structure, documents)
    return [
        Changed(
            number=one.change.id,
            identifier=one.record.identifier,
            label=names[one.record.id],
            is_asset=not isinstance(one.record, Product),
            row=one.change.row,
            is_new=one.change.version == 1,
            is_gone=one.is_gone,
            differences=differences(structure, files, one.change, one.after),
        )
        for one in made
    ]


def _names(
    session: Session, structure: Structure, made: Sequence[RunChange], locale: str
) -> dict[int, str]:
    """Id of a record -> what people call it."""
    products = {one.record.identifier for one in made if isinstance(one.record, Product)}
    others = [one.record.identifier for one in made if not isinstance(one.record, Product)]
    product_labels = labels(session, structure, products, locale)
    details = assets.details(session, others)
    asset_labels = {code: one.label(structure, locale) for code, one in details.items()}
    found: dict[int, str] = {}
    for one in made:
        known = product_labels if isinstance(one.record, Product) else asset_labels
        found[one.record.id] = known.get(one.record.identifier, one.record.identifier)
    return found
