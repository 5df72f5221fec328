"""Who fits a filter beside the attributes: for each the list of ids that an index has of it.

What products are asked about and other packages know is read from their tables: they know products,
and not the other way, so that such a table is named, and nothing else of them.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, String, column, select, table
from sqlalchemy.orm import Session, aliased

from pim import quality_kinds
from pim.attributes.operators import Operator, Sought
from pim.products import change_names, feed_index, index_parts
from pim.products.filter_kinds import Values, moment_of
from pim.products.id_lists import IdList, of_changes, of_column, of_terms
from pim.products.models import Product
from pim.products.workspace import key_of
from pim.structure.objects import Structure
from pim.workflow import RETIRED


def identifiers(_s: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    return IdList(of_column("key", [key_of(value) for value in values]).found, None)


def family(_s: Session, _t: Structure, operator: Operator, values: Values) -> IdList:
    return of_column("family", [None] if operator is Operator.EMPTY else values)


def categories(
    session: Session, structure: Structure, operator: Operator, values: Values
) -> IdList:
    if operator is Operator.EMPTY:
        return of_terms(session, index_parts.CATEGORIES, Sought(is_without=True))
    codes = {code for value in values for code in structure.below(value)}
    return of_terms(session, index_parts.CATEGORIES, Sought(tuple(sorted(codes))))


def status(session: Session, _t: Structure, operator: Operator, values: Values) -> IdList:
    """What stands below a retired model counts as retired."""
    if values == (RETIRED,):
        return of_terms(session, index_parts.STATUS, Sought((RETIRED,)))
    return of_column("status", values)


def complete(session: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    return of_terms(session, "complete", Sought(values))


def incomplete(session: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    return of_terms(session, index_parts.GAPS, Sought(values))


def enabled(session: Session, _t: Structure, operator: Operator, _v: Values) -> IdList:
    """Only what is not enabled has an entry."""
    disabled = Sought((index_parts.YES,), is_without=operator is Operator.YES)
    return of_terms(session, index_parts.DISABLED, disabled)


def changed(_s: Session, _t: Structure, operator: Operator, values: Values) -> IdList:
    product = aliased(Product)
    fits: list[ColumnElement[bool]] = []
    if operator is not Operator.AT_MOST:
        fits.append(product.updated >= moment_of(values[0]))
    if operator is not Operator.AT_LEAST:
        fits.append(product.updated <= moment_of(values[-1], is_end=True))
    found: Any = select(product.id).where(*fits)
    return IdList(found, None)


def missing(session: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    return of_terms(session, index_parts.MISSING, Sought(values))


def pictured(session: Session, _t: Structure, operator: Operator, _v: Values) -> IdList:
    pictured = Sought((index_parts.YES,), is_without=operator is Operator.NO)
    return of_terms(session, index_parts.PICTURED, pictured)


def changed_by(_s: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    return of_changes("actor", values)


def changed_by_run(_s: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    return of_changes("reference", values)


def changed_with_profile(_s: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    return of_changes("reference", change_names.runs_with(values))


def outdated(_s: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    entry = table("outdated_text", column("target_locale", String), column("product_id")).alias()
    found: Any = select(entry.c.product_id).where(entry.c.target_locale.in_(values))
    return IdList(found, found if len(values) == 1 else None, repeats=True)


def waiting(_s: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    entry = table("waiting_text", column("target_locale", String), column("product_id")).alias()
    found: Any = select(entry.c.product_id).where(entry.c.target_locale.in_(values))
    return IdList(found, None, repeats=True)


def in_feeds(session: Session, _t: Structure, operator: Operator, values: Values) -> IdList:
    if operator is Operator.NONE_OF:
        return feed_index.in_none_of(session, values)
    return feed_index.in_feeds(session, values)


def left_out(_s: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    return feed_index.left_out(values)


def quality(_s: Session, _t: Structure, _o: Operator, values: Values) -> IdList:
    kind, number = column("kind", String), column("product_id", BigInteger)
    found: Any = select(number).select_from(table("quality_warning", kind, number))
    if quality_kinds.ANY not in values:
        found = found.where(kind.in_(values))
    return IdList(found, None, repeats=True)
