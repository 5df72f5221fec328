"""Why a product is in a feed or not: the workflow, completeness and the exporter's own rules,
through one list of reasons.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pim.errors import Text, text
from pim.feeds.contract import Exporter, Listing, Problem
from pim.listing import in_tree
from pim.products.queries import Published
from pim.providers.base import ListedProduct
from pim.structure.objects import PRODUCT, Scope, Structure

BLOCKED: dict[str, Text] = {
    "disabled": text("It is switched off."),
    "retired": text("It is retired."),
    "not_approved": text("It has not been approved yet."),
    "model_not_approved": text("Its model has not been approved yet."),
}


class Eligibility(NamedTuple):
    """Whether a product may be in the feed: its listing, None where it must stay out. ``reasons``
    of a product that may are warnings.
    """

    listing: Listing | None
    reasons: Sequence[Problem]


EligibilityCheck = Callable[[Sequence[Published]], dict[int, Eligibility]]
"""A window of products -> the verdict on each, by the product's id."""


def compile_eligibility(
    structure: Structure,
    scope: Scope,
    resolve: Callable[[Sequence[ListedProduct]], list[Listing]],
    check: Callable[[Listing], Sequence[Problem]],
) -> EligibilityCheck:
    """One closure per build: which of these products may be in the feed, and as what."""
    blocking_reasons = _compile_blocking_reasons(structure, scope)

    def assess(window: Sequence[Published]) -> dict[int, Eligibility]:
        verdicts: dict[int, Eligibility] = {}
        listable: list[Published] = []
        for product in window:
            reasons = blocking_reasons(product)
            if reasons:
                verdicts[product.id] = Eligibility(None, reasons)
            else:
                listable.append(product)
        for product, listing in zip(listable, resolve(listable), strict=True):
            reasons = check(listing)
            is_blocked = bool(reasons) and any(reason.is_error for reason in reasons)
            verdicts[product.id] = Eligibility(None if is_blocked else listing, reasons)
        return verdicts

    return assess


def _compile_blocking_reasons(
    structure: Structure, scope: Scope
) -> Callable[[Published], Sequence[Problem]]:
    """What keeps a product out before anything is asked of its texts: workflow, tree,
    completeness.
    """
    families = structure.families_of(PRODUCT)
    required = {code: structure.required(code).get(scope, frozenset()) for code in families}
    has_tree = structure.channels[scope.channel].tree is not None

    def blocking_reasons(product: Published) -> Sequence[Problem]:
        if product.blocked is not None:
            return (Problem("status", product.blocked, BLOCKED[product.blocked]),)
        document = product.document
        if has_tree and not in_tree(structure, document, scope.channel):
            return (_NOT_IN_TREE,)
        needed = required.get(product.family or "", frozenset())
        if needed <= document.keys():
            return ()
        return [_missing(address) for address in sorted(needed - document.keys())]

    return blocking_reasons


_NOT_IN_TREE = Problem(
    "categories", "not_in_tree", text("None of its categories is in the channel's tree.")
)


def _missing(address: str) -> Problem:
    return Problem(address, "missing", text("It is missing in what was approved."))


def not_wanted(exporter: type[Exporter]) -> Problem:
    """The reason where an exporter gives no item for a listing that is otherwise fit."""
    return Problem(
        "",
        "not_wanted",
        text("“%(channel)s” does not take products like this.", channel=exporter.label),
    )
