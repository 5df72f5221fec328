"""Rules that may have made a column: thought of by what the file and the sources have in common,
and tried afterwards, one by one.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from pim.feeds.contract import Field
from pim.todays_file.sources import SourceColumn, affinity, plain
from pim.todays_file.spelling import AMOUNT, parts_of

Rule = dict[str, Any]
Cells = Sequence[tuple[str, ...]]
"""A column of the file, product by product; () where it has nothing."""

NEAR = 0.12
"""The affinity from which on a source is tried with operations."""
NEAREST = 8
"""Sources that are tried so."""
SKELETONS = 3
"""Templates that are tried."""
TABLES = 6
MOST_SOURCES = 4
"""Sources that stand behind one another in a rule."""
AMOUNTS = ("price", "measurement", "number", "integer")
SURE = 0.9
"""The share of cells that a table must make."""
SHORT = 3
"""Entries of a table up to which it is no accident."""
FEW = 60
"""Different values up to which a source is looked up in a table."""
LENGTHS = (
    35,
    50,
    60,
    70,
    80,
    100,
    120,
    140,
    150,
    160,
    200,
    250,
    255,
    320,
    500,
    512,
    750,
    1000,
    5000,
)
BEFORE_STRIPPING = (
    (),
    ({"replace": {"find": "</li>", "by": "."}},),
    ({"replace": {"find": "</li>", "by": ","}},),
    ({"replace": {"find": "</li>", "by": ";"}},),
    ({"replace": {"find": "</p>", "by": "."}},),
)
"""What shops do before they take the markup out, so that words do not run together."""
DATES = ("%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%m/%d/%Y", "%Y%m%d", "%Y")


def candidates(field: Field, sources: Sequence[SourceColumn], cells: Cells) -> Iterator[Rule]:
    """The simplest first; the same one may come twice."""
    yield from _fixed(field, sources, cells)
    near = nearest(sources, cells)
    for source in near:
        yield {"from": [source.spelling]}
    for source in near:
        for operations in _operations(field, source, cells):
            yield {"from": [source.spelling], "do": list(operations)}
    yield from _amounts(sources, cells)
    if field.repeat:
        yield from _several(sources, cells)
    yield from _templates(sources, cells)
    yield from _tables(sources, cells)


def nearest(sources: Sequence[SourceColumn], cells: Cells) -> list[SourceColumn]:
    """The sources that have most to do with the cells."""
    measured = [(affinity(one, cells), one) for one in sources]
    near = [(share, one) for share, one in measured if share >= NEAR]
    near.sort(key=lambda found: -found[0])  # equal ones stay in the order of the sources
    return [one for _, one in near[:NEAREST]]


def _fixed(field: Field, sources: Sequence[SourceColumn], cells: Cells) -> Iterator[Rule]:
    """One text for all products, or for all that have a value somewhere."""
    different = {one for one in cells if one}
    if len(different) != 1 or len(next(iter(different))) != 1:
        return
    (value,) = next(iter(different))
    amount = AMOUNT.fullmatch(value.strip()) if field.kind in AMOUNTS else None
    fixed = amount["number"].replace(",", ".") if amount else value.strip()
    yield {"value": fixed}
    yield {"value": value.strip()}
    filled = {number for number, one in enumerate(cells) if one}
    if len(filled) < len(cells):
        covering = _covering(sources, filled)
        if covering:
            yield {"from": covering, "do": [{"map": {"entries": {}, "other": fixed}}]}


def _covering(sources: Sequence[SourceColumn], wanted: Collection[int]) -> list[str]:
    """Sources of which these products have one, and no others do; nothing where there are none."""
    found: list[str] = []
    left = set(wanted)
    for source in sources:
        has = {number for number, one in enumerate(source.texts) if one}
        if has <= set(wanted) and has & left and len(found) < MOST_SOURCES:
            found.append(source.spelling)
            left -= has
    return found if not left else []


def _operations(field: Field, source: SourceColumn, cells: Cells) -> Iterator[Sequence[Any]]:
    """What may have been done to the values of one source."""
    stripped = [(*before, "strip_html") for before in BEFORE_STRIPPING] if source.has_markup else []
    for base in ((), *stripped):
        if base:
            yield base
        for length in _lengths(field, source, cells):
            yield (*base, {"truncate": length})
        for case in ("upper", "lower", "title"):
            yield (*base, case)
    if source.has_lists:
        yield ("first_of",)
        for separator in (", ", ",", "/", " / ", "|", ";", "; ", " "):
            yield ({"join": separator},)
    for separator in (" > ", ">", ",", ";", "|", "/"):
        if any(separator in one for one in source.texts):
            yield ({"split": separator},)
    yield ("slug",)
    yield ("only_digits",)
    for decimals in (0, 1, 2):
        yield ({"round": decimals},)
    for pattern in DATES:
        yield ({"date": pattern},)


def _lengths(field: Field, source: SourceColumn, cells: Cells) -> list[int]:
    """To how many characters the texts may have been cut: what the channel takes, or the round
    number above the longest cell. None where no text is longer than that.
    """
    longest = max((len(one) for values in cells for one in values), default=0)
    if max(map(len, source.texts), default=0) <= longest:
        return []
    round_ones = [length for length in LENGTHS if length >= longest][:1]
    return list(dict.fromkeys([*filter(None, [field.max_length]), *round_ones, longest]))


def _amounts(sources: Sequence[SourceColumn], cells: Cells) -> Iterator[Rule]:
    """An amount times a factor, such as a price with or without tax."""
    amounts = [_amount(values[0]) if len(values) == 1 else None for values in cells]
    for source in sources:
        pairs = [
            (own, other)
            for own, other in zip(map(_amount, source.texts), amounts, strict=False)
            if own and other is not None
        ]
        if len(pairs) < 5 or len({own for own, _ in pairs}) < 3:
            continue
        factor, count = Counter(round(other / own, 3) for own, other in pairs).most_common(1)[0]
        if count >= 0.5 * len(pairs) and factor not in (0, 1):
            spelled = f"{factor.normalize():f}"
            for end in ([], [{"round": 2}], [{"round": 0}]):
                yield {"from": [source.spelling], "do": [{"multiply": spelled}, *end]}


def _amount(written: str) -> Decimal | None:
    found = AMOUNT.fullmatch(written.strip())
    if found is None:
        return None
    try:
        return Decimal(found["number"].replace(",", "."))
    except InvalidOperation:
        return None


def _several(sources: Sequence[SourceColumn], cells: Cells) -> Iterator[Rule]:
    """A list of which each value comes from a source of its own, in the order of the file."""
    places: dict[str, list[int]] = {}
    for number, values in enumerate(cells):
        listed = [one.strip() for one in (values if len(values) != 1 else parts_of(values[0]))]
        for source in sources:
            if source.texts[number] in listed:
                places.setdefault(source.spelling, []).append(listed.index(source.texts[number]))
    filled = sum(map(bool, cells))
    usual = [one for one, found in places.items() if len(found) >= NEAR * filled]
    by_place: dict[int, str] = {}
    for spelling in usual:  # the first of several sources that have the same
        by_place.setdefault(round(sum(places[spelling]) / len(places[spelling])), spelling)
    if len(by_place) > 1:
        yield {"from": [by_place[place] for place in sorted(by_place)]}


def _templates(sources: Sequence[SourceColumn], cells: Cells) -> Iterator[Rule]:
    """A text in which the values of sources stand: what is around them, wherever it is the same."""
    skeletons = Counter(
        skeleton
        for number, values in enumerate(cells)
        if len(values) == 1 and (skeleton := _skeleton(values[0].strip(), number, sources))
    )
    for skeleton, _ in skeletons.most_common(SKELETONS):
        yield {"template": skeleton}


def _skeleton(cell: str, number: int, sources: Sequence[SourceColumn]) -> str:
    """The cell with sources in the place of their values, the longest first; "" where there are
    none, or where nothing but one source is left.
    """
    if "{" in cell or "}" in cell:
        return ""
    inside: dict[str, str] = {}
    for source in sources:
        value = source.texts[number]
        if len(value) >= 2 and value in cell and value != cell:
            inside.setdefault(value, source.spelling)
    taken: list[tuple[int, int, str]] = []
    for value in sorted(inside, key=len, reverse=True):
        start = cell.find(value)
        end = start + len(value)
        if all(end <= other or start >= other_end for other, other_end, _ in taken):
            taken.append((start, end, inside[value]))
    written, last = [], 0
    for start, end, spelling in sorted(taken)[:4]:
        written += [cell[last:start], f"{{{spelling}}}"]
        last = end
    return "".join([*written, cell[last:]]) if written else ""


def _tables(sources: Sequence[SourceColumn], cells: Cells) -> Iterator[Rule]:
    """A table from the values of a source to the few of the column: those first that make most of
    it, and of them the shortest, which leave least to chance.
    """
    different = {one for one in cells if len(one) == 1}
    if not 1 < len(different) <= FEW:
        return
    found: list[tuple[int, int, Rule]] = []
    for source in sources:
        seen: dict[str, Counter[str]] = {}
        for key, values in zip(source.codes, cells, strict=False):
            if key and len(values) == 1:
                seen.setdefault(key, Counter())[values[0].strip()] += 1
        if table := _table(seen, sum(map(bool, cells))):
            right = sum(one.most_common(1)[0][1] for one in seen.values())
            rule: Rule = {"from": [source.spelling], "do": [{"map": table}]}
            found.append((-right, len(table["entries"]), rule))
    found.sort(key=lambda one: one[:2])
    yield from (rule for *_, rule in found[:TABLES])


def _table(seen: Mapping[str, Counter[str]], filled: int) -> dict[str, Any]:
    """The entries that make nearly all cells; nothing where that takes an entry for nearly every
    product.
    """
    if len(seen) < 2:
        return {}
    likely = {key: cells.most_common(1)[0] for key, cells in seen.items()}
    right = sum(count for _, count in likely.values())
    if right < SURE * sum(sum(cells.values()) for cells in seen.values()):
        return {}
    by_cell: dict[str, list[str]] = {}
    for key, (cell, _) in likely.items():
        by_cell.setdefault(cell, []).append(key)
    usual = max(by_cell, key=lambda cell: len(by_cell[cell]))
    others = {key: cell for cell, keys in by_cell.items() if cell != usual for key in keys}
    if 0 < len(others) <= SHORT < len(seen):
        return {"entries": others, "other": usual}
    if len(seen) <= min(FEW, max(SHORT, filled // 4)):
        return {"entries": {key: cell for key, (cell, _) in likely.items()}}
    return {}


def behind(
    rule: Rule, values: Sequence[object], sources: Sequence[SourceColumn], cells: Cells
) -> Iterator[Rule]:
    """Better rules where this one gives nothing: another source, or one text for all of them."""
    if "from" not in rule:
        return
    empty = [number for number, one in enumerate(values) if one is None and cells[number]]
    if not empty:
        return
    everything, left_at = range(len(cells)), set(empty)
    left = {cells[number] for number in empty}
    operations = rule.get("do", [])
    if len(left) == 1 and len(next(iter(left))) == 1:
        (value,) = next(iter(left))
        yield {**rule, "do": [*operations, {"default": value.strip()}]}
    nothing = [number for number, one in enumerate(values) if one is None]
    pure = [one for one in sources if _is_right(one, nothing, cells)]
    covering = _covering_some(pure, empty)
    if covering:
        yield {**rule, "from": list(dict.fromkeys([*rule["from"], *covering]))}
    for source in nearest(
        sources, [cells[number] if number in left_at else () for number in everything]
    ):
        if source.spelling not in rule["from"]:
            yield {**rule, "from": [*rule["from"], source.spelling]}


def _is_right(source: SourceColumn, numbers: Sequence[int], cells: Cells) -> bool:
    """Whether it gives nothing but what the cells begin with."""
    given = [number for number in numbers if source.plain[number]]
    return bool(given) and all(
        cells[number] and source.plain[number][:12] == plain(cells[number][0])[:12]
        for number in given
    )


def _covering_some(sources: Sequence[SourceColumn], numbers: Collection[int]) -> list[str]:
    """Sources that have a value for these products, each for some that those before it leave."""
    found: list[str] = []
    left = set(numbers)
    for source in sources:
        has = {number for number in left if source.texts[number]}
        if has and len(found) < MOST_SOURCES:
            found.append(source.spelling)
            left -= has
    return found
