"""What a list of products is asked, in words: those of its address, and of the command line.

``q``, ``family``, ``status``, ``completeness`` (complete or missing, in the scope), ``category``,
``variants`` (1: each for itself), ``sku`` (a list), ``f`` (conditions, one a line), ``sort``.
"""

from collections.abc import Collection, Mapping

from pim.attributes.base import InvalidValue
from pim.attributes.lists import split
from pim.errors import Invalid
from pim.products import conditions, sorting
from pim.products.conditions import Condition
from pim.products.finding import MOST_NAMED
from pim.products.matching import NO_FAMILY, Filters
from pim.products.sorting import Sort
from pim.structure.objects import PRODUCT, Scope, Structure
from pim.workflow import STATUSES

Words = Mapping[str, str]
COMPLETENESS = ("complete", "missing")


def strange(structure: Structure, words: Words) -> list[str]:
    """The names of those words whose value is none of those that there are."""
    there_are: dict[str, Collection[str]] = {
        "family": {NO_FAMILY, *structure.families_of(PRODUCT)},
        "status": STATUSES,
        "completeness": COMPLETENESS,
        "category": structure.categories,
        "variants": ("1",),
    }
    found = [
        name for name, values in there_are.items() if words.get(name) and words[name] not in values
    ]
    if words.get("sku") and not named_in(words):
        found.append("sku")
    return found + _refused(structure, words)


def _refused(structure: Structure, words: Words) -> list[str]:
    """Those of conditions and sort that the structure does not know."""
    refused = []
    for name, read in ((conditions.PARAMETER, asked_conditions), (sorting.PARAMETER, asked_sort)):
        try:
            read(structure, words)
        except Invalid:
            refused.append(name)
    return refused


def asked(words: Words, scope: Scope) -> Filters:
    """The filters of words that are all understood, but for conditions."""
    state = words.get("completeness")
    return Filters(
        words=words.get("q", "").strip(),
        family=words.get("family") or None,
        status=words.get("status") or None,
        complete=str(scope) if state == "complete" else None,
        incomplete=str(scope) if state == "missing" else None,
        category=words.get("category") or None,
        grouped=words.get("variants") != "1",
        identifiers=tuple(named_in(words)[:MOST_NAMED]),
    )


def asked_conditions(structure: Structure, words: Words) -> tuple[Condition, ...]:
    """The conditions; :class:`~pim.errors.Invalid` for one that makes no sense."""
    return tuple(conditions.read(structure, one) for one in spelled_conditions(words))


def spelled_conditions(words: Words) -> list[str]:
    """The conditions as they are spelled."""
    return [one.strip() for one in words.get(conditions.PARAMETER, "").splitlines() if one.strip()]


def asked_sort(structure: Structure, words: Words) -> Sort | None:
    """The order; :class:`Invalid` for one that there is not, None for the newest first."""
    spelled = words.get(sorting.PARAMETER, "")
    return sorting.read(structure, spelled) if spelled else None


def named_in(words: Words) -> list[str]:
    """The SKUs that are named; a list shows the first :data:`finding.MOST_NAMED` of them."""
    try:
        return split(words.get("sku", ""), ",")
    except InvalidValue:
        return []
