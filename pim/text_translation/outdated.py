"""Which translations are outdated: the text that they were made from has changed since.

The change log knows: read backwards from today, it gives the source text as it stood when the
translation was last changed. Nothing else needs to be stored, and any locale may be the source.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Row, String, or_, select, type_coerce
from sqlalchemy.orm import Session

from pim.bulk import in_values
from pim.products.models import Change
from pim.text_translation.texts import TextPair
from pim.values import Document

FormerSources = Mapping[tuple[int, str], str]
"""(product id, address of a translation) -> the source text that it was made from, where the source
is another one now.
"""


def former_sources(
    session: Session,
    documents: Mapping[int, Document],
    pairs: Mapping[int, Sequence[TextPair]],
    locales: Iterable[str],
) -> FormerSources:
    """The former source texts of the outdated translations among these.

    ``documents``: product id -> its own values as they are. ``pairs``: product id -> its texts
    whose translation is filled in. ``locales``: those of all these texts. A translation that is
    older than any source text was made from something else, and counts as up to date.
    """
    walks = {
        product_id: _Backwards(documents[product_id], wanted)
        for product_id, wanted in pairs.items()
        if wanted
    }
    for change in _changes(session, walks.keys(), locales):
        walks[change.product_id].step(change.old, is_first=change.version == 1)
    return {
        (product_id, target): source
        for product_id, walk in walks.items()
        for target, source in walk.outdated.items()
    }


def _changes(
    session: Session, ids: Iterable[int], locales: Iterable[str]
) -> Iterable[Row[tuple[int, int, Document]]]:
    """What made the products, and what changed a text in one of the locales, the latest first; most
    changes are of prices and stock.
    """
    stored = type_coerce(Change.old, String)
    names_one = [stored.contains(f"-{locale}", autoescape=True) for locale in locales]
    wanted = select(Change.product_id, Change.version, Change.old).where(
        in_values(session, Change.product_id, ids), or_(Change.version == 1, *names_one)
    )
    return session.execute(wanted.order_by(Change.id.desc()))


class _Backwards:
    """One product, walked from today towards its beginning."""

    def __init__(self, document: Document, pairs: Sequence[TextPair]) -> None:
        self.today = document
        self.then = dict(document)
        self.waiting = list(pairs)
        self.outdated: dict[str, str] = {}

    def step(self, old: Document, *, is_first: bool) -> None:
        """Go back over a change. ``self.then`` is what it left behind. ``is_first``: it made the
        product, with everything that is left of it.
        """
        for pair in [one for one in self.waiting if is_first or one.target in old]:
            self.waiting.remove(pair)
            made_from = self.then.get(pair.source)
            if made_from is not None and made_from != self.today.get(pair.source):
                self.outdated[pair.target] = made_from
        self.then.update(old)
