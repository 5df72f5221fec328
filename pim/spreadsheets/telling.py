"""What a spreadsheet tells of products beside their values; it is not read back."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pim import completeness
from pim.bulk import in_values
from pim.errors import Text
from pim.labels import label
from pim.products import queries, relatives
from pim.products.models import Product
from pim.spreadsheets.columns import SheetStyle
from pim.structure.objects import Scope, Structure
from pim.values import Document
from pim.workflow import NAMES


class Teller:
    """Tells of the products of one batch; reads only what is wanted."""

    def __init__(
        self,
        session: Session,
        structure: Structure,
        scope: Scope,
        style: SheetStyle,
        wanted: Collection[str],
        rows: Sequence[Any],
    ) -> None:
        self._structure, self._scope, self._style = structure, scope, style
        ids = [row.id for row in rows]
        self._actors = queries.last_actors(session, ids) if ".actor" in wanted else {}
        roots = sorted({row.root_id for row in rows if row.parent_id or row.kind == "model"})
        self._models: Mapping[int, str] = (
            _identifiers(session, {row.parent_id for row in rows if row.parent_id})
            if ".model" in wanted
            else {}
        )
        self._below = (
            relatives.progress(relatives.below(session, roots), frozenset())
            if ".variants" in wanted
            else {}
        )
        self._levels = queries.family_variants(session, roots) if ".missing" in wanted else {}

    def tell(self, code: str, row: Any, document: Document) -> str:
        """What a column says of a product."""
        match code:
            case ".model":
                return self._models.get(row.parent_id, "")
            case ".status":
                name: Text = NAMES[row.status]
                return self._style.tell(name) if self._style.language else str(row.status)
            case ".changed":
                return f"{row.updated:%Y-%m-%d %H:%M}"
            case ".actor":
                return self._actors.get(row.id, "")
            case ".variants":
                found = self._below.get(row.id)
                return str(found.variants) if found else ""
            case ".complete":
                return self._percent(row, document, self._scope)
            case ".locales":
                return self._by_locale(row, document)
            case ".missing":
                return ", ".join(self._missing(row, document))
        raise ValueError(code)

    def _percent(self, row: Any, document: Document, scope: Scope) -> str:
        if row.kind == "model" or row.family not in self._structure.families:
            return ""
        required = self._structure.required(row.family).get(scope, frozenset())
        return str(completeness.ratio(required, document))

    def _by_locale(self, row: Any, document: Document) -> str:
        channel = self._structure.channels.get(self._scope.channel)
        shares = {
            locale: self._percent(row, document, Scope(self._scope.channel, locale))
            for locale in (channel.locales if channel else ())
        }
        return " · ".join(f"{locale} {share}%" for locale, share in shares.items() if share)

    def _missing(self, row: Any, document: Document) -> list[str]:
        depth = 0 if row.parent_id is None else 1 if row.parent_id == row.root_id else 2
        required = self._structure.required_of_itself(
            row.family, self._levels.get(row.root_id), depth, is_model=row.kind == "model"
        ).get(self._scope, frozenset())
        lacking = required.difference(document)
        found = [at for at in self._structure.attribute_at if at in lacking]
        return [self._name(at) for at in found]

    def _name(self, address: str) -> str:
        if not self._style.language:
            return address
        attribute = self._structure.attribute_at[address]
        return label(attribute.labels, self._style.language, attribute.code)


def _identifiers(session: Session, ids: Collection[int]) -> dict[int, str]:
    wanted = in_values(session, Product.id, ids)
    found = session.execute(select(Product.id, Product.identifier).where(wanted))
    return {row.id: row.identifier for row in found}
