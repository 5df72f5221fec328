"""What a value provider is: one small class that knows something of a product beside its document.

A feed names it by its code with a dollar sign (``$category``). It is found by
:mod:`pim.providers.registry`; ``docs/add-a-value-provider.md`` shows how to add one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Literal, Protocol

from sqlalchemy.orm import Session

from pim.errors import Text
from pim.products.published_products import GroupVersion
from pim.providers.picture_finder import PictureFinder
from pim.structure.objects import Scope, Structure
from pim.taxonomies.category_mapping import CategoryMapping
from pim.values import Document

ProviderKind = Literal["text", "number", "price", "url", "picture"]


class ListedProduct(Protocol):
    """A product as channels may see it.

    ``document``: the published one, merged with those of its models; ``model_document``: what those
    hold, None where it has none. ``model``: the identifier of its parent, ``root`` that of its
    topmost model, or its own.
    """

    @property
    def id(self) -> int: ...
    @property
    def document(self) -> Document: ...
    @property
    def model_document(self) -> Document | None: ...
    @property
    def identifier(self) -> str: ...
    @property
    def model(self) -> str | None: ...
    @property
    def root(self) -> str: ...
    @property
    def family(self) -> str | None: ...
    @property
    def categories(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class ProviderContext:
    """For whom values are looked up: a channel in one locale and currency.

    ``link``: the address of a product's page in the shop, with ``{identifier}`` or ``{root}`` in
    it. ``pictures``: where a channel finds an asset. ``categories``: which categories of the
    channel ours stand for; None where the feed does not say.
    """

    structure: Structure
    channel: str
    locale: str
    currency: str
    link: str
    pictures: PictureFinder = field(compare=False)
    categories: CategoryMapping | None = None

    @cached_property
    def scope(self) -> Scope:
        return Scope(self.channel, self.locale)


class Provider:
    """Base of the providers. One object serves one build of one feed.

    ``code`` without the dollar sign; ``label`` and ``help`` for people; ``takes_many``: a value is
    a list.
    """

    code: ClassVar[str]
    label: ClassVar[Text]
    help: ClassVar[Text]
    kind: ClassVar[ProviderKind] = "text"
    takes_many: ClassVar[bool] = False

    def __init__(self, context: ProviderContext) -> None:
        self.context = context

    def made_by(self) -> object:
        """What values depend on besides products and facts: of the structure, and settings. Lists,
        mappings, texts and numbers; when it changes, the feed is rendered again.
        """
        return None

    def prepare(self, session: Session, products: Sequence[ListedProduct]) -> None:
        """Read at once what :meth:`value` needs for these products."""

    def value(self, product: ListedProduct) -> Any:
        """The value of a product that :meth:`prepare` has seen; None where it has none. Asked for
        every product, so it must be quick and must not read the database.
        """
        raise NotImplementedError

    def versions(self, session: Session) -> Iterable[GroupVersion]:
        """Where facts of its own change without a change of the product: per top product the latest
        change of what it knows of it and its variants, and how many facts that is. Ascending by top
        product; those it knows nothing of are left out. A top product whose version differs from
        that of the previous build is rendered again.

        Change numbers come from ``pim.db.allocate(session, "seq", …)``, taken in the transaction
        that changes the facts, so that a build knows which changes it has seen.
        """
        return ()

    def moment(self, session: Session) -> object:
        """What tells two moments apart by what :meth:`prepare` reads from the database: it is equal
        in two sessions only if they read the same. None for a provider that reads nothing.
        """
        return None
