"""Building a feed: products in feed order through mapping, check and format into one immutable file."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b, sha256
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import orjson
from sqlalchemy.orm import Session

from media.presets import PRESETS
from pim import __version__
from pim.bulk import undisturbed
from pim.errors import Invalid
from pim.feeds import registry
from pim.feeds.check import compile_check, missing
from pim.feeds.contract import Context, Exporter, Listing, Missing, Reason
from pim.feeds.fitness import Judge, Verdict, compile_judge, not_wanted
from pim.feeds.fragments import WIDTH, Former, Fragment, FragmentWriter
from pim.feeds.mapping import compile_mapping
from pim.feeds.models import Feed
from pim.feeds.options import read_options
from pim.feeds.scope import FeedScope, complaints_about_place
from pim.products import queries as products
from pim.products.queries import Published
from pim.structure import Scope, Structure

WINDOW = 100  # top products: their documents, all unfolded, stay in the processor's cache
Head = tuple[int, int, int]
"""A top product's id, the latest change of it and its variants, and how many they are: what tells whether it must be dressed anew."""
Step = Callable[[int], None]
"""Told how many top products are done."""


@dataclass(frozen=True)
class Outfit:
    """Everything one build of one feed needs, compiled."""

    exporter: Exporter
    scope: FeedScope
    judge: Judge


@dataclass(frozen=True)
class Built:
    """What a build came to. ``rendered``: top products dressed anew; the others were copied from the former build."""

    file: Path
    report: Path
    index: Path
    sha256: str
    items: int
    excluded: int
    warned: int
    rendered: int


def compile_outfit(structure: Structure, feed: Feed, base_url: str, issued: date) -> Outfit:
    """Mapping, options and rules of a feed as closures; :class:`~pim.errors.Invalid` names what does not fit."""
    if wrong := complaints_about_place(structure, feed):
        raise Invalid(wrong)
    kind = registry.get(feed.exporter)
    options = read_options(kind, feed.options)
    exporter = kind(Context(feed.code, feed.label, _shop_of(feed.link), feed.locale, feed.currency, issued, options))
    scope = FeedScope(structure, feed, base_url)
    resolve, fixed = compile_mapping(feed.mapping, exporter.fields, scope)
    judge = compile_judge(structure, Scope(feed.channel, feed.locale), resolve, compile_check(exporter, fixed, feed.mapping))
    return Outfit(exporter, scope, judge)


def _shop_of(link: str) -> str:
    """``https://shop.example/p/{identifier}`` -> ``https://shop.example/``."""
    parts = urlsplit(link)
    return f"{parts.scheme}://{parts.netloc}/" if parts.netloc else link


def digest_of(structure: Structure, feed: Feed, base_url: str) -> str:
    """What every fragment depends on besides its product; another digest means that nothing can be copied."""
    code = inspect.getsource(inspect.getmodule(registry.get(feed.exporter)) or registry)
    parts = [
        feed.exporter, feed.channel, feed.locale, feed.currency, feed.link, feed.options, feed.mapping, structure.version, base_url,
        PRESETS["feed"].key, code, __version__, WIDTH,
    ]  # fmt: skip
    return blake2b(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS), digest_size=20).hexdigest()


def build(session: Session, outfit: Outfit, folder: Path, former: Former | None, step: Step) -> Built:
    """Write the feed as of this session's snapshot into ``folder``; ``former`` lends what has not changed since."""
    name = outfit.exporter.context.slug
    writer = _Writer(folder / f"{name}.part", folder / f"{name}.report.part")
    with writer, undisturbed():
        writer.put(outfit.exporter.format.head().encode())
        done = 0
        for window in _windows(products.heads(session)):
            _write_window(session, outfit, window, former, writer)
            done += len(window)
            step(done)
        writer.put(outfit.exporter.format.tail().encode())
        writer.flush()
    index = folder / f"{name}.index.part"
    writer.fragments.save(index)
    return Built(
        writer.path, writer.report_path, index, writer.digest.hexdigest(), writer.items, writer.excluded, writer.warned, writer.rendered
    )


def _windows(heads: Iterable[Head]) -> Iterator[list[Head]]:
    remaining = iter(heads)
    while window := list(islice(remaining, WINDOW)):
        yield window


def _write_window(session: Session, outfit: Outfit, window: Sequence[Head], former: Former | None, writer: "_Writer") -> None:
    kept = {head[0]: found for head in window if former and (found := former.find(*head))}
    changed = [head[0] for head in window if head[0] not in kept]
    groups = products.published(session, changed) if changed else {}
    verdicts = judged(session, outfit, [one for group in groups.values() for one in group])
    for head in window:
        fragment = kept.get(head[0])
        if fragment is not None and former is not None:
            writer.copy(fragment, former)
        else:
            writer.add(head, *dress(outfit, groups.get(head[0], ()), verdicts))
    writer.flush()


Line = tuple[str, bool, Sequence[Reason]]
"""identifier, is it left out, reasons"""


def judged(session: Session, outfit: Outfit, window: Sequence[Published]) -> dict[int, Verdict]:
    """The verdict on each of these products, by its id."""
    outfit.scope.prepare(session, (one.document for one in window))
    return outfit.judge(window)


def dress(outfit: Outfit, group: Sequence[Published], verdicts: Mapping[int, Verdict]) -> tuple[str, int, list[Line]]:
    """The text of one top product with its variants, how many records that is, and what the report says of them."""
    listings: list[Listing] = []
    lines: list[Line] = []
    for product in group:
        listing, reasons = verdicts[product.id]
        if listing is not None:
            listings.append(listing)
        if reasons:
            lines.append((product.identifier, listing is None, reasons))
    if not listings:
        return "", 0, lines
    try:
        text, count = outfit.exporter.render(listings)
    except Missing as absent:
        text, count = "", 0
        lines += [(listing.identifier, True, [missing(absent.field)]) for listing in listings]
    else:
        if count == 0:
            lines += [(listing.identifier, True, [not_wanted(type(outfit.exporter))]) for listing in listings]
    return text, count, lines


class _Writer:
    """The file, its report and its index, growing together."""

    def __init__(self, path: Path, report_path: Path) -> None:
        self.path, self.report_path = path, report_path
        self.digest = sha256()
        self.fragments = FragmentWriter()
        self.items = self.excluded = self.warned = self.rendered = 0
        self._at = self._report_at = 0
        self._waiting: list[bytes] = []

    def __enter__(self) -> None:
        self._file: BinaryIO = self.path.open("wb")
        self._report: BinaryIO = self.report_path.open("wb")

    def __exit__(self, *_: Any) -> None:
        try:
            self._file.close()
        finally:  # closing fails where the disk is full
            self._report.close()

    def put(self, data: bytes) -> None:
        self._waiting.append(data)
        self._at += len(data)

    def flush(self) -> None:
        """Write what waits: a window at a time costs less than a record at a time."""
        data = b"".join(self._waiting)
        self._waiting.clear()
        self._file.write(data)
        self.digest.update(data)

    def add(self, head: Head, text: str, items: int, lines: Sequence[Line]) -> None:
        report = b"".join([_report_line(line) for line in lines]) if lines else b""
        excluded = sum([out for _, out, _ in lines]) if lines else 0
        self.rendered += 1
        self._put_fragment(head, text.encode(), items, excluded, report)
        self.warned += len(lines) - excluded

    def copy(self, fragment: Fragment, former: Former) -> None:
        report = former.reasons(fragment)
        self._put_fragment(fragment[:3], former.text(fragment), fragment.items, fragment.excluded, report)
        self.warned += report.count(b"\n") - fragment.excluded

    def _put_fragment(self, head: Head, data: bytes, items: int, excluded: int, report: bytes) -> None:
        self.fragments.add((*head, self._at, len(data), items, excluded, self._report_at, len(report)))
        self.put(data)
        if report:
            self._report.write(report)
            self._report_at += len(report)
        self.items += items
        self.excluded += excluded


def _report_line(line: Line) -> bytes:
    """One line of JSON: identifier, whether it is left out, and [field, rule, value, sentence, parts, blocks] per reason."""
    identifier, out, reasons = line
    spelled = [[one.field, one.rule, one.value, one.message.msgid, dict(one.message.parts), one.blocks] for one in reasons]
    return orjson.dumps([identifier, out, spelled], default=str, option=orjson.OPT_APPEND_NEWLINE)
