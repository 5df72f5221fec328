"""Which top products have changed since a previous build: their own versions, and those of what
value providers know of them.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from pim.products import published_products
from pim.products.published_products import GroupVersion
from pim.providers.base import Provider


def group_versions(session: Session, providers: Iterable[Provider]) -> Iterator[GroupVersion]:
    """The version of every top product in feed order, with all that these providers know."""
    own = published_products.group_versions(session)
    return with_facts(own, [provider.versions(session) for provider in providers])


def with_facts(
    own: Iterator[GroupVersion], provided: Iterable[Iterable[GroupVersion]]
) -> Iterator[GroupVersion]:
    """Join each product's version with those of its facts; all are ascending by top product.

    The latest change of all counts, and how many products and facts there are together: a fact that
    went leaves no change number behind, but it is one less.
    """
    followers = [follower for facts in provided if not (follower := _Follower(facts)).is_empty]
    if not followers:
        return own
    return _joined(own, followers)


def _joined(own: Iterator[GroupVersion], followers: "list[_Follower]") -> Iterator[GroupVersion]:
    for root, seq, members in own:
        for follower in followers:
            fact_seq, facts = follower.at(root)
            seq = max(seq, fact_seq)
            members += facts
        yield root, seq, members


class _Follower:
    """Versions that are read front to back beside those of the products."""

    def __init__(self, versions: Iterable[GroupVersion]) -> None:
        self._rest = iter(versions)
        self._next = next(self._rest, None)

    @property
    def is_empty(self) -> bool:
        return self._next is None

    def at(self, root: int) -> tuple[int, int]:
        """The latest change and the number of facts of this top product, 0 and 0 where it has
        none. Asked in ascending order.
        """
        while self._next is not None and self._next[0] < root:
            self._next = next(self._rest, None)
        if self._next is None or self._next[0] != root:
            return 0, 0
        return self._next[1], self._next[2]
