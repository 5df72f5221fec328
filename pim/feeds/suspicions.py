"""What the values of a build say against it: beside those of the build that partners have, and by
themselves where there is none. Pure; promise P9 and docs/feeds.md name the limits.

Every figure comes from the traces of the two builds (:mod:`pim.feeds.traces`), whose columns are
counted whole. Where fewer than :data:`FEWEST` products are concerned nothing is said: a person
oversees those.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from pim.errors import Text, ngettext, text
from pim.feeds.gate import weigh
from pim.feeds.traces import BAD_PRICE, DAMAGED, OUT_OF_STOCK, Trace, TracedField
from pim.problems import Problem, Severity

FEWEST = 3
ENOUGH = 50
"""From so many top products on it says something that many of them share a value."""

# All limits: warn above the first, hold above the second.
REQUIRED_EMPTIED = (2, 20)  # per cent of the products that had a value in a required field
EMPTIED = (20, 60)  # the same in any other field
PRICES = (1, 5)  # per cent of the products: no price above zero, or one that changed by over half
SAME_FACTOR = (10, 30)  # per cent whose price changed by one and the same odd factor
SHIFTED = (5, 20)  # per cent that have the price of their neighbour now
SHARED = (20, 50)  # percentage points more top products with one and the same value
FIRST_SHARED = (25, 50)  # per cent of the top products of a first build
CHURN = (10, 30)  # per cent of the identifiers that others took the place of
OUT = (20, 50)  # percentage points more products that are out of stock
BROKEN_TEXTS = (1, 5)  # percentage points more products with texts in a wrong encoding

PROMOTION = range(50, 106)
"""Per cents of the former price that shops change all their prices to on purpose."""
COMING_AND_GOING = frozenset({"list_price", "sale_price"})
"""Fields that are filled for as long as a sale lasts."""
DISTINCT = frozenset({"product_name", "main_picture", "link", "identifier", "description"})
"""What products do not have in common, even in a first build."""

CountedMessage = Callable[[int], Text]
"""A sentence that counts products."""


def assess_values(new: Trace, last: Trace | None) -> Iterator[Problem]:
    """What is suspicious about the values of a build; ``last``: of the published one."""
    if last is None or not len(last):
        yield from _first(new)
    elif len(new):
        yield from _Compared(new, last).findings()


def _first(new: Trace) -> Iterator[Problem]:
    yield from _found("bad_price", _flagged(new, BAD_PRICE), len(new), PRICES, _bad_prices)
    yield from _found("encoding", _flagged(new, DAMAGED), len(new), BROKEN_TEXTS, _broken_texts)
    for field in new.fields.values():
        if field.meaning in DISTINCT:
            share = _share_of_commonest(new, field)
            if (weight := weigh(share, FIRST_SHARED)) is not None:
                yield _shared(field, share, weight)


def _flagged(trace: Trace, bit: int) -> int:
    return sum(times for flags, times in Counter(trace.part("flags")).items() if flags & bit)


def _share_of_commonest(trace: Trace, field: TracedField) -> float:
    """Which per cent of the top products have the value that most of them have. Of each the first
    variant counts: variants share what their model has.
    """
    values = trace.field(field.name)
    firsts = [values[at] for at in trace.first_of_roots]
    filled = Counter(firsts)
    filled.pop(0, None)
    if len(firsts) < ENOUGH or not filled:
        return 0.0
    return 100 * max(filled.values()) / len(firsts)


class _Pair(NamedTuple):
    """A product that is in both builds: its place in each."""

    old: int
    new: int


class _Compared:
    """A build beside the published one."""

    def __init__(self, new: Trace, last: Trace) -> None:
        self.new, self.last = new, last

    def findings(self) -> Iterator[Problem]:
        for field in self.new.fields.values():
            if field.name in self.last.fields and field.meaning not in COMING_AND_GOING:
                yield from self._emptied(field)
                yield from self._made_equal(field)
        yield from self._prices()
        yield from self._churn()
        yield from self._risen("out_of_stock", OUT_OF_STOCK, OUT, _out_of_stock)
        yield from self._risen("encoding", DAMAGED, BROKEN_TEXTS, _broken_texts)

    @cached_property
    def _pairs(self) -> list[_Pair]:
        before = {key: at for at, key in enumerate(_keys(self.last))}
        now = enumerate(_keys(self.new))
        return [_Pair(before[key], at) for at, key in now if key in before]

    def _emptied(self, field: TracedField) -> Iterator[Problem]:
        """Counted in shares, for fewer products are another matter."""
        old, new = self.last.field(field.name), self.new.field(field.name)
        filled_before = 1 - old.count(0) / len(old)
        filled_now = 1 - new.count(0) / len(new)
        if not filled_before or filled_now >= filled_before:
            return
        lost = 100 * (filled_before - filled_now) / filled_before
        limits = REQUIRED_EMPTIED if field.is_required else EMPTIED
        weight = weigh(lost, limits)
        if weight is not None and new.count(0) >= FEWEST:
            message = text(
                "%(percent)s %% of the products that had a value in “%(field)s” have none now.",
                percent=round(lost),
                field=field.name,
            )
            yield Problem(field.name, "emptied", message, severity=weight)

    def _made_equal(self, field: TracedField) -> Iterator[Problem]:
        if field.meaning in ("availability", "stock", "condition"):  # the stock's own rule counts
            return
        if self.new.field(field.name) == self.last.field(field.name):  # as on most days
            return
        share = _share_of_commonest(self.new, field)
        if share <= SHARED[0]:
            return
        before = _share_of_commonest(self.last, field)
        if (weight := weigh(share - before, SHARED)) is not None:
            yield _shared(field, share, weight)

    def _prices(self) -> Iterator[Problem]:
        bad = _flagged(self.new, BAD_PRICE)
        yield from _found("bad_price", bad, len(self.new), PRICES, _bad_prices)
        old, new = self.last.part("price"), self.new.part("price")
        priced = [one for one in self._pairs if old[one.old] and new[one.new]]
        changed = [one for one in priced if old[one.old] != new[one.new]]
        odd = [one for one in changed if not self._is_on_sale(one)]
        jumped = sum(_is_jump(old[one.old], new[one.new]) for one in odd)
        yield from _found("price_jump", jumped, len(priced), PRICES, _jumped_prices)
        alike = _with_one_factor([(old[one.old], new[one.new]) for one in odd])
        yield from _found("price_factor", alike, len(priced), SAME_FACTOR, _same_factor)
        shifted = sum(_is_shifted(one, old, new) for one in odd)
        yield from _found("price_shifted", shifted, len(priced), SHIFTED, _shifted_prices)

    def _is_on_sale(self, pair: _Pair) -> bool:
        """Whether the former price stands beside the new one, or the new one stood beside it: a
        sale that begins or ends is somebody's decision.
        """
        begins = self.new.value("list_price", pair.new) == self.last.value("price", pair.old)
        ends = self.last.value("list_price", pair.old) == self.new.value("price", pair.new)
        return begins or ends

    def _churn(self) -> Iterator[Problem]:
        """Of the channel's own identifier where the feed has one, for that is what partners keep
        their figures by.
        """
        names = [one.name for one in self.new.fields.values() if one.meaning == "identifier"]
        if names and names[0] in self.last.fields:
            old, new = set(self.last.field(names[0])), set(self.new.field(names[0]))
        else:
            old, new = set(_keys(self.last)), set(_keys(self.new))
        replaced = min(len(old - new), len(new - old))
        yield from _found("churn", replaced, len(old), CHURN, _churned)

    def _risen(
        self, rule: str, bit: int, limits: tuple[int, int], message: CountedMessage
    ) -> Iterator[Problem]:
        now = _flagged(self.new, bit)
        more = 100 * (now / len(self.new) - _flagged(self.last, bit) / len(self.last))
        weight = weigh(more, limits)
        if weight is not None and now >= FEWEST:
            yield Problem("", rule, message(now), severity=weight)


def _keys(trace: Trace) -> list[int]:
    """What tells the products of a trace apart."""
    parts = zip(trace.part("root"), trace.part("product"), strict=True)
    return [root << 32 | product for root, product in parts]


def _with_one_factor(prices: Sequence[tuple[int, int]]) -> int:
    """How many prices were multiplied by the factor that most of them were, to the hundredth; none
    where that is a round one, such as shops raise or reduce all their prices by.
    """
    if not prices:
        return 0
    ratios = Counter(round(new / old, 2) for old, new in prices)
    commonest = ratios.most_common(1)[0][0]
    near = [one for one in prices if abs(one[1] / one[0] - commonest) < 0.011]
    dearest_old, dearest_new = max(near)  # its factor is the most exact
    factor = dearest_new / dearest_old
    if _is_promotion(factor):
        return 0
    return sum(abs(new - old * factor) <= 1 for old, new in prices)


def _is_promotion(factor: float) -> bool:
    """Whether all prices went to such a percentage, or came back from one below 100."""
    return _is_round(100 * factor, PROMOTION) or _is_round(100 / factor, range(50, 100))


def _is_round(percent: float, among: range) -> bool:
    return round(percent) in among and abs(percent - round(percent)) < 0.02


def _is_jump(old: int, new: int) -> bool:
    """Whether it changed by more than half, and not by what rounding adds to that."""
    return abs(new - old) - 1 > old / 2


def _is_shifted(pair: _Pair, old: "array[int]", new: "array[int]") -> bool:
    """Whether its price is now what one of its neighbours had."""
    price, at = new[pair.new], pair.old
    return (at > 0 and old[at - 1] == price) or (at + 1 < len(old) and old[at + 1] == price)


def _found(
    rule: str, number: int, among: int, limits: tuple[int, int], message: CountedMessage
) -> Iterator[Problem]:
    if number < FEWEST:
        return
    weight = weigh(100 * number / among, limits)
    if weight is not None:
        yield Problem("", rule, message(number), severity=weight)


def _shared(field: TracedField, share: float, weight: Severity) -> Problem:
    message = text(
        "%(percent)s %% of the products have one and the same value in “%(field)s”.",
        percent=round(share),
        field=field.name,
    )
    return Problem(field.name, "made_equal", message, severity=weight)


def _bad_prices(number: int) -> Text:
    return ngettext(
        "%(num)s product has a price that is not above zero.",
        "%(num)s products have a price that is not above zero.",
        number,
    )


def _jumped_prices(number: int) -> Text:
    return ngettext(
        "The price of %(num)s product changed by more than half.",
        "The prices of %(num)s products changed by more than half.",
        number,
    )


def _same_factor(number: int) -> Text:
    return ngettext(
        "The price of %(num)s product changed by one and the same odd factor: is VAT counted twice"
        " or not at all, or is it another currency?",
        "The prices of %(num)s products changed by one and the same odd factor: is VAT counted"
        " twice or not at all, or is it another currency?",
        number,
    )


def _shifted_prices(number: int) -> Text:
    return ngettext(
        "%(num)s product has the price that its neighbour had: is a column shifted by a row?",
        "%(num)s products have the price that their neighbour had: is a column shifted by a row?",
        number,
    )


def _churned(number: int) -> Text:
    return ngettext(
        "Another identifier took the place of %(num)s identifier that partners know.",
        "Other identifiers took the place of %(num)s identifiers that partners know.",
        number,
    )


def _out_of_stock(number: int) -> Text:
    return ngettext(
        "%(num)s product is out of stock, far more than before.",
        "%(num)s products are out of stock, far more than before.",
        number,
    )


def _broken_texts(number: int) -> Text:
    return ngettext(
        "%(num)s product has a text that was read in a wrong encoding, such as “FahrrÃ¤der”.",
        "%(num)s products have a text that was read in a wrong encoding, such as “FahrrÃ¤der”.",
        number,
    )
