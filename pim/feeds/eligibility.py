"""Why a product is in a feed or not: the workflow, the exporter's own rules and, where the feed
asks for it, completeness, through one list of reasons.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from pim.errors import Text, text
from pim.feeds.contract import Exporter, Listing, Problem
from pim.feeds.mapping import CompiledMapping, Decide
from pim.feeds.rules import BY_RULE
from pim.feeds.selection import LEFT_OUT_BY_NAME, NOT_SELECTED
from pim.listing import in_tree
from pim.products.published_products import Published
from pim.structure.objects import PRODUCT, Scope, Structure

BLOCKED: dict[str, Text] = {
    "disabled": text("It is switched off."),
    "retired": text("It is retired."),
    "not_approved": text("It has not been approved yet."),
    "model_not_approved": text("Its model has not been approved yet."),
}
NOT_IN_TREE = "not_in_tree"
DECIDED = frozenset({*BLOCKED, NOT_IN_TREE, NOT_SELECTED, LEFT_OUT_BY_NAME, BY_RULE})
"""The rules that say what people decided of a product, rather than what is wrong with it."""
WAITING = ("not_approved", "model_not_approved")
"""Of these products one says at once what they lack besides: an approval alone would not do."""


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
    mapping: CompiledMapping,
    check: Callable[[Listing], Sequence[Problem]],
    *,
    only_complete: bool,
) -> EligibilityCheck:
    """One closure per build: which of these products may be in the feed, and as what.

    ``only_complete``: the feed takes only what is complete for its channel and locale. Otherwise a
    family's requirements guide people alone, and the exporter's fields say what is needed.
    """
    is_in_tree = _compile_tree(structure, scope)
    gaps = _compile_gaps(structure, scope) if only_complete else None

    def assess(window: Sequence[Published]) -> dict[int, Eligibility]:
        verdicts: dict[int, Eligibility] = {}
        waiting: dict[int, Problem] = {}
        listable: list[Published] = []
        for product in window:
            blocked = product.blocked
            if blocked is None and is_in_tree(product):
                listable.append(product)
            elif blocked in WAITING and is_in_tree(product):
                waiting[product.id] = _decision(product)
                listable.append(product)
            else:
                verdicts[product.id] = Eligibility(None, (_decision(product),))
        if mapping.decide is not None:
            listable = _taken(listable, mapping.decide, verdicts)
        for product, listing in zip(listable, mapping.resolve(listable), strict=True):
            reasons = check(listing)
            if reasons:
                reasons = [_explained(reason, mapping, product) for reason in reasons]
            unmapped = mapping.unmapped_category(product)
            if unmapped is not None:
                reasons = _with_unmapped(reasons, unmapped)
            if gaps is not None and (missing := gaps(product)):
                reasons = [*missing, *_without_echoes(reasons, missing, mapping.addresses)]
            if product.id in waiting:
                reasons = [waiting[product.id], *reasons]
            is_blocked = bool(reasons) and any(reason.is_error for reason in reasons)
            verdicts[product.id] = Eligibility(None if is_blocked else listing, reasons)
        return verdicts

    return assess


def _taken(
    window: Sequence[Published], decide: Decide, verdicts: dict[int, Eligibility]
) -> list[Published]:
    """Those that the feed's selection and rules take; of the others it is said what keeps them
    out.
    """
    taken: list[Published] = []
    for product, problem in zip(window, decide(window), strict=True):
        if problem is None:
            taken.append(product)
        else:
            verdicts[product.id] = Eligibility(None, (problem,))
    return taken


def _explained(reason: Problem, mapping: CompiledMapping, product: Published) -> Problem:
    """A picture that is missing although the product holds a file there: that file is named."""
    held = mapping.no_picture(reason.address, product) if reason.rule == "missing" else None
    if held is None:
        return reason
    message = text(
        "“%(field)s” is missing: “%(file)s”, which “%(address)s” holds, is no picture.",
        field=reason.address,
        file=held.filename,
        address=held.address,
    )
    return replace(reason, message=message)


def _with_unmapped(reasons: Sequence[Problem], unmapped: Problem) -> list[Problem]:
    """A field that is empty because the category is not mapped says so, and nothing else."""
    is_missing = any(one.address == unmapped.address and one.is_error for one in reasons)
    said = replace(unmapped, severity="error") if is_missing else unmapped
    return [said, *(one for one in reasons if one.address != unmapped.address)]


def _without_echoes(
    reasons: Sequence[Problem], missing: Sequence[Problem], addresses: Mapping[str, frozenset[str]]
) -> list[Problem]:
    """A field of the channel that is empty because of what the family misses is not named again."""
    named = {gap.address for gap in missing}
    return [
        one
        for one in reasons
        if one.rule != "missing" or named.isdisjoint(addresses.get(one.address, ()))
    ]


def _compile_tree(structure: Structure, scope: Scope) -> Callable[[Published], bool]:
    """Whether a product stands in the channel's tree, where it has one."""
    if structure.channels[scope.channel].tree is None:
        return lambda product: True
    return lambda product: in_tree(structure, product.document, scope.channel)


def _decision(product: Published) -> Problem:
    """What people decided that keeps a product out, before anything is asked of its values: the
    workflow, or else the channel's tree.
    """
    blocked = product.blocked
    return _NOT_IN_TREE if blocked is None else Problem("status", blocked, BLOCKED[blocked])


_NOT_IN_TREE = Problem(
    "categories", NOT_IN_TREE, text("None of its categories is in the channel's tree.")
)


def _compile_gaps(structure: Structure, scope: Scope) -> Callable[[Published], Sequence[Problem]]:
    """What a product lacks to be complete."""
    families = structure.families_of(PRODUCT)
    required = {code: structure.required(code).get(scope, frozenset()) for code in families}

    def gaps(product: Published) -> Sequence[Problem]:
        needed = required.get(product.family or "", frozenset())
        filled = product.document.keys()
        if needed <= filled:
            return ()
        return [Problem(address, "missing", _INCOMPLETE) for address in sorted(needed - filled)]

    return gaps


_INCOMPLETE = text(
    "It is missing in what was approved, and this feed only takes products that are complete."
)


def not_wanted(exporter: type[Exporter]) -> Problem:
    """The reason where an exporter gives no item for a listing that is otherwise fit."""
    return Problem(
        "",
        "not_wanted",
        text("“%(channel)s” does not take products like this.", channel=exporter.label),
    )
