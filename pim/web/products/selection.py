"""A selection in the list: which products it means, and what a step of the workflow would do to
each of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import orjson
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from pim.errors import Invalid, Text, text
from pim.products import queries, relatives
from pim.products.change import ProductPlan
from pim.products.history import unpublished_addresses
from pim.products.labels import labels
from pim.products.models import Product
from pim.products.queries import ProductDetail
from pim.structure.objects import Scope, Structure
from pim.web.products.around import address_label
from pim.web.products.listing import visible_filters
from pim.workflow import DRAFT, NAMES

MOST = 2000
"""Products that one step takes at once."""
SHOWN = 100
"""Products that a preview names; the rest is counted."""


@dataclass(frozen=True)
class PreviewRow:
    """One product in a preview. ``said``: what channels will see, or why it stays as it is."""

    identifier: str
    label: str
    said: Text


@dataclass(frozen=True)
class Preview:
    """``taken``: what the step would do, one text for each product, which the confirmation sends
    back (:func:`confirmed`); ``left``: how many products it would leave as they are. goes, stays:
    the first of each.
    """

    taken: list[str]
    left: int
    goes: list[PreviewRow]
    stays: list[PreviewRow]


def chosen(
    session: Session, structure: Structure, form: MultiDict[str, str], scope: Scope
) -> list[str]:
    """The ticked products, or all that the list's filters match; a model brings its variants
    along.
    """
    ticked = (
        _matching(session, structure, form, scope)
        if "all" in form
        else iter(form.getlist("identifier"))
    )
    return relatives.with_variants(session, list(islice(ticked, MOST)))


def _matching(
    session: Session, structure: Structure, arguments: Mapping[str, str], scope: Scope
) -> Iterator[str]:
    filters = visible_filters(structure, arguments, scope)
    after: int | None = None
    while True:
        found = queries.page(session, structure, filters, after, size=500)
        yield from (row.identifier for row in found.rows)
        if (after := found.older) is None:
            return


def preview(
    session: Session, structure: Structure, scope: Scope, plans: Sequence[ProductPlan]
) -> Preview:
    """What a step of the workflow would do, as it was planned."""
    goes = [one for one in plans if one.outcome == "updated"]
    plans_of = {one.identifier: one for one in goes[:SHOWN]}
    going_first = list(plans_of)
    stays = [one for one in plans if one.outcome != "updated"]
    shown = [*going_first, *(one.identifier for one in stays[:SHOWN])]
    names = labels(session, structure, shown, scope.locale)
    products = queries.by_identifiers(session, going_first)
    going = [
        PreviewRow(one, names.get(one, one), _said(structure, products[one], plans_of[one]))
        for one in going_first
    ]
    staying = [
        PreviewRow(one.identifier, names.get(one.identifier, one.identifier), _why_not(one))
        for one in stays[:SHOWN]
    ]
    taken = [spelled(one.identifier, one.version, one.models) for one in goes]
    return Preview(taken, len(stays), going, staying)


def spelled(identifier: str, version: int, models: Mapping[str, int]) -> str:
    """What a confirmation must say, so that nothing is done that nobody has seen. ``models``: those
    above the product, with their versions.
    """
    seen = {"identifier": identifier, "version": version, "models": dict(models)}
    return orjson.dumps(seen).decode()


def seen_on_page(detail: ProductDetail) -> str:
    """What an approval says of the page of a product that it was given on."""
    models = {one.identifier: one.version for one in detail.ancestors}
    return spelled(detail.product.identifier, detail.product.version, models)


def confirmed(form: MultiDict[str, str], status: str) -> list[ProductPlan]:
    """The plans that somebody has seen in a preview or on the page of a product and agrees to, for
    :func:`pim.products.service.apply`. :class:`Invalid` where the form says none.
    """
    if "plan" not in form:
        raise _out_of_date()
    return [_read(spelled, status) for spelled in form.getlist("plan")]


def _read(spelled: str, status: str) -> ProductPlan:
    try:
        seen = orjson.loads(spelled)
        identifier, version = str(seen["identifier"]), int(seen["version"])
        models = {str(model): int(number) for model, number in seen["models"].items()}
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _out_of_date() from error
    return ProductPlan(
        identifier, "product", "updated", version=version, step=status, models=models
    )


def _out_of_date() -> Invalid:
    sentence = text("This page is out of date. Go back to the list and select again.")
    return Invalid({"plan": [sentence]})


def _said(structure: Structure, product: Product, plan: ProductPlan) -> Text:
    return NAMES[product.status] if plan.step == DRAFT else _new_to_channels(structure, product)


def _new_to_channels(structure: Structure, product: Product) -> Text:
    if product.published is None:
        return text("for the first time")
    changed = [address_label(structure, one) for one in unpublished_addresses(product)]
    return text("%(names)s", names=", ".join(changed)) if changed else text("nothing new")


def _why_not(plan: ProductPlan) -> Text:
    return plan.problems[0].message if plan.problems else text("It is so already.")
