"""Where a product is mended that a channel finds something wrong with: its own value, behind the
channel's name for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pim.feeds.combining import sources_named
from pim.feeds.models import Feed
from pim.problems import Problem
from pim.structure.objects import Structure

LONGEST = 60
"""Characters of a value beside its problem."""


@dataclass(frozen=True)
class SaidProblem:
    """A problem of a product in a feed. ``cure``: the address of ours where it is mended."""

    problem: Problem
    cure: str

    def __str__(self) -> str:
        """``title (name-nl_NL): 160 characters where 150 fit. (“Stadsfiets …”)``."""
        one = self.problem
        ours = f" ({self.cure})" if self.cure not in ("", one.address) else ""
        value = f" (“{one.value[:LONGEST]}”)" if one.value else ""
        return f"{one.address}{ours}: {one.message}{value}"


def cure_address(structure: Structure, feed: Feed, spelling: str) -> str:
    """``spelling``: an address, or a field of the channel, which its first source fills. "" where
    no value of the product does.
    """
    if spelling in structure.attribute_at:
        return spelling
    rule = feed.mapping.get(spelling)
    sources = sources_named(rule) if isinstance(rule, dict) else ()
    for source in sources:
        attribute = structure.attributes.get(source)
        if attribute is not None:
            return structure.address_in(attribute, feed.channel, feed.locale, feed.currency)
        if source in structure.attribute_at:
            return str(source)
    return ""


def said(structure: Structure, feed: Feed, problems: Iterable[Problem]) -> list[SaidProblem]:
    """The problems, each with its cure."""
    return [SaidProblem(one, cure_address(structure, feed, one.address)) for one in problems]
