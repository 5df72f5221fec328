"""What an import changed: product by product, each value from what to what."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from pim.products.history import changes_of_run
from pim.products.labels import labels
from pim.structure.objects import Structure
from pim.web.products.history import Difference, asset_names, differences


@dataclass(frozen=True)
class Changed:
    """A product that a run changed. ``number``: of its change, to go on after. ``row``: the line of
    the file.
    """

    number: int
    identifier: str
    label: str
    row: int | None
    is_new: bool
    differences: list[Difference]


def changed_by(
    session: Session, structure: Structure, run: str, locale: str, after: int, limit: int
) -> list[Changed]:
    """In the order of the file."""
    made = changes_of_run(session, run, after, limit)
    identifiers = {one.product.identifier for one in made}
    names = labels(session, structure, identifiers, locale)
    documents = [one.change.old for one in made] + [one.after for one in made]
    files = asset_names(session, structure, documents)
    return [
        Changed(
            number=one.change.id,
            identifier=one.product.identifier,
            label=names.get(one.product.identifier, one.product.identifier),
            row=one.change.row,
            is_new=one.change.version == 1,
            differences=differences(structure, files, one.change, one.after),
        )
        for one in made
    ]
