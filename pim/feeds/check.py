"""Is a listing fit for the channel? Compiled once per build from the fields' own rules; costs
little when all is well.

The check also makes the listing what the channel takes: a value that may be dropped leaves it, a
list is cut, a GTIN gets its digits.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pim.errors import text
from pim.feeds.contract import (
    Exporter,
    Field,
    Group,
    Listing,
    ListingProblem,
    Missing,
    Problem,
)
from pim.feeds.faults import failed, fault_on, missing
from pim.feeds.field_tests import FieldTest, is_only_limited, make_change, make_test
from pim.feeds.fields import Invalidity, When
from pim.feeds.recommended import Recommendations
from pim.feeds.upcoming import UpcomingRules
from pim.problems import Severity

Check = Callable[[Listing], Sequence[Problem]]
GroupCheck = Callable[[Group], Sequence[ListingProblem]]
SHAPED = ("price", "measurement", "properties")
"""Kinds of fields whose values have parts: an amount and its unit, a label and its value."""


class FieldStep(NamedTuple):
    """Looks at one field of a listing, and changes it where the rules say so. ``test``: it need not
    look at a value in which this finds nothing; None where it has to look at all of them.
    """

    name: str
    test: FieldTest | None
    look: Check


def compile_check(
    exporter: Exporter, fixed: Mapping[str, Any], mapping: Mapping[str, Any] | Container[str]
) -> Check:
    """``check(listing)``: what speaks against it, nothing when it is fit. An error keeps the item
    out.

    ``fixed``: field -> the value that every listing has there; such a one is looked at once, here.
    ``mapping``: field -> its rule; ``invalid`` in a rule stands in the place of the field's own.
    """
    always: list[Problem] = []
    limited: list[tuple[str, int, FieldTest]] = []  # texts of which only the length is asked
    strict: list[tuple[str, FieldTest]] = []
    steps: list[FieldStep] = []
    for field in exporter.rules:
        test, change = make_test(field, exporter), make_change(field)
        if field.name not in mapping or (test is None and change is None):
            continue
        invalid = invalidity(field, exporter, mapping)
        if test is None or change is not None:
            steps.append(FieldStep(field.name, None, _look(field, test, change, invalid)))
            continue
        broken = test(fixed[field.name]) if field.name in fixed else None
        if field.name in fixed and broken is None:
            continue
        if invalid != "block":
            steps.append(FieldStep(field.name, test, _look(field, test, None, invalid)))
        elif broken is not None:
            always.append(_reason(field.name, fixed[field.name], broken))
        elif is_only_limited(field, exporter):
            limited.append((field.name, field.max_length or 0, test))
        else:
            strict.append((field.name, test))
    required = frozenset(one.name for one in exporter.rules if _is_required(one, mapping))
    needed = sorted(required - fixed.keys())
    conditional = [
        (one, possible) for one in exporter.rules if (possible := _possible(one, fixed, mapping))
    ]
    together = exporter.check
    recommendations = Recommendations(exporter, mapping, fixed.keys(), set(required))
    blocking = {one.name for one in exporter.rules if invalidity(one, exporter, mapping) == "block"}
    upcoming = UpcomingRules(exporter, mapping, blocking)

    def check(listing: Listing) -> Sequence[Problem]:
        reasons = [*always]
        if listing.problems:
            reasons += listing.problems
        for name in needed:
            if name not in listing:
                reasons.append(missing(name))
        get = listing.get
        for name, most, test in limited:
            value = get(name)
            is_fine = value is None or (type(value) is str and len(value) <= most)
            if not is_fine and (broken := test(value)) is not None:
                reasons.append(_reason(name, value, broken))
        for name, test in strict:
            value = get(name)
            if value is not None and (broken := test(value)) is not None:
                reasons.append(_reason(name, value, broken))
        for name, quick_test, look in steps:
            value = get(name)
            if value is not None and (quick_test is None or quick_test(value) is not None):
                reasons += look(listing)
        for field, conditions in conditional:
            if field.name not in listing:
                reasons += _needed(field, conditions, listing)
        try:
            reasons += together(listing)
        except Missing as absent:
            reasons += [] if absent.field in required else [missing(absent.field)]
        except Exception as error:  # an exporter's fault is this item's, never the build's
            if not reasons:  # otherwise it broke on what the rules of a field have named
                fault = fault_on(listing, lambda one: list(together(one)))
                reasons.append(fault or failed(error))
        for name in recommendations.fields:
            if name not in listing:
                reasons += recommendations.of(listing, reasons)
                break
        if upcoming:
            reasons += upcoming.of(listing, reasons)
        return reasons

    return check


def compile_field_check(field: Field, exporter: Exporter) -> Check:
    """The rules of one field alone, for a listing that has it: a value that the channel would not
    take is cut or leaves it, as in a build.
    """
    test, change = make_test(field, exporter), make_change(field)
    return _look(field, test, change, invalidity(field, exporter, {field.name: {}}))


def invalidity(
    field: Field, exporter: Exporter, mapping: Mapping[str, Any] | Container[str]
) -> Invalidity:
    """What a wrong value does: the feed's word, the field's, the channel's; what is required always
    blocks. A warning does not do where one value costs the whole file, or where a value without its
    shape (a weight without its unit) could not be written.
    """
    if _is_required(field, mapping):
        return "block"
    said: Invalidity = _rule_of(field, mapping).get("invalid") or field.invalid or exporter.invalid
    is_for_the_worse = said == "warn" and (exporter.all_or_nothing or field.kind in SHAPED)
    return "drop" if is_for_the_worse else said


def _is_required(field: Field, mapping: Mapping[str, Any] | Container[str]) -> bool:
    """Whether the channel or this feed asks for it."""
    return field.need == "required" or bool(_rule_of(field, mapping).get("required"))


def _rule_of(field: Field, mapping: Mapping[str, Any] | Container[str]) -> Mapping[str, Any]:
    rule = mapping.get(field.name) if isinstance(mapping, Mapping) else None
    return rule if isinstance(rule, Mapping) else {}


def _look(
    field: Field, test: FieldTest | None, change: Callable[[Any], Any] | None, invalid: Invalidity
) -> Check:
    """At a field that a listing has: its value is changed, or stays out alone where it breaks a
    rule.
    """
    name, without = field.name, field.without
    single = make_test_of_one(field, test)

    def look(listing: Listing) -> Sequence[Problem]:
        value = listing[name]
        if without and field.repeat:
            other = listing.get(without)
            value = [one for one in value if one != other]
        reasons: list[Problem] = []
        if invalid == "drop" and field.repeat:
            broken = [(one, single(one)) for one in value]
            value = [one for one, wrong in broken if wrong is None]
            reasons += [
                _reason(name, one, wrong, "skipped") for one, wrong in broken if wrong is not None
            ]
        if change is not None:
            value = change(value)
        wrong = test(value) if test is not None and value != [] else None
        if wrong is not None:
            severity: Severity = SEVERITY[invalid]
            reasons.append(_reason(name, value, wrong, severity))
            value = None if invalid == "drop" else value
        if value is None or value == []:
            del listing[name]
        else:
            listing[name] = value
        return reasons

    return look


def make_test_of_one(field: Field, test: FieldTest | None) -> FieldTest:
    """The test of one value of a list; for a field of one value the test itself."""
    alone = getattr(test, "of_one", test)
    return alone if alone is not None else lambda value: None


SEVERITY: dict[Invalidity, Severity] = {"block": "error", "drop": "skipped", "warn": "warning"}


def compile_group_check(exporter: Exporter) -> GroupCheck | None:
    """``check_group(group)``: variants that do not fit beside the others; None where the channel
    has no such rule.
    """
    same = [one.name for one in exporter.rules if one.same]
    unique = [one.name for one in exporter.rules if one.unique in ("feed", "group")]
    has_own = type(exporter).check_group is not Exporter.check_group
    if not (exporter.grouped and (same or unique or has_own)):
        return None

    def check(group: Group) -> Sequence[ListingProblem]:
        found: list[ListingProblem] = []
        for name in same:
            found += _not_same(name, group)
        for name in unique:
            found += _not_unique(name, group)
        try:
            found += exporter.check_group(group)
        except Missing as absent:
            found += [ListingProblem(one, missing(absent.field)) for one in group]
        except Exception as error:  # as in compile_check
            found += [ListingProblem(one, failed(error)) for one in group]
        return found

    return check


def _not_same(name: str, group: Group) -> Iterable[ListingProblem]:
    wanted = group.first.get(name)
    for listing in group:
        if listing.get(name) != wanted:
            message = text("All variants need the same value here as the first one has.")
            problem = Problem(name, "not_same", message, str(listing.get(name, "")))
            yield ListingProblem(listing, problem)


def _not_unique(name: str, group: Group) -> Iterable[ListingProblem]:
    seen: set[str] = set()
    for listing in group:
        value = str(listing.get(name, ""))
        if value and value in seen:
            message = text("Another variant of this product has the same value here.")
            yield ListingProblem(listing, Problem(name, "not_unique", message, value))
        seen.add(value)


def _reason(name: str, value: Any, broken: Problem, severity: Severity = "error") -> Problem:
    shown = ", ".join(map(str, value)) if type(value) is list else str(value)
    return Problem(name, broken.rule, broken.message, shown, severity)


def _possible(
    field: Field, fixed: Mapping[str, Any], mapping: Mapping[str, Any] | Container[str]
) -> Sequence[When]:
    """The conditions on other fields that can hold in this feed at all: most feeds have a fixed
    value there, or none.
    """
    return [
        one
        for one in field.needed_if
        if (one.holds(fixed) if one.field in fixed else one.absent or one.field in mapping)
    ]


def _needed(field: Field, conditions: Sequence[When], listing: Listing) -> Sequence[Problem]:
    """The reason where another field makes this one necessary."""
    for cause in conditions:
        if cause.holds(listing):
            names = {"field": field.name, "other": cause.field}
            message = text("“%(field)s” is needed because of “%(other)s”.", **names)
            if cause.absent:
                message = text("“%(field)s” is needed where “%(other)s” is missing.", **names)
            shown = str(listing.get(cause.field, ""))
            return (Problem(field.name, "missing", message, shown),)
    return ()
