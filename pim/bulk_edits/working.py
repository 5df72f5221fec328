"""The products of a batch while the steps of a bulk edit work on them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pim.errors import Named, text
from pim.listing import merge
from pim.problems import Problem
from pim.products.workspace import LoadedProduct, Workspace
from pim.structure.objects import Attribute, Structure
from pim.values import Document, Value


@dataclass(slots=True)
class WorkedProduct:
    """A product with what the steps so far made of it.

    ``document``: its values with what it inherits; ``above``: those of its models. ``along``: it
    stands here because a model above it was chosen. ``new``: address -> what it is to hold.
    """

    item: LoadedProduct
    root: str
    model: str | None
    family_variant: str | None
    depth: int
    along: bool
    above: Document
    document: Document
    new: dict[str, Value] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def id(self) -> int:
        return self.item.id

    @property
    def identifier(self) -> str:
        return self.item.identifier

    @property
    def family(self) -> str | None:
        return self.item.family

    @property
    def model_document(self) -> Document | None:
        return self.above if self.model is not None else None

    @property
    def categories(self) -> Sequence[str]:
        categories: Sequence[str] = self.document.get("categories", ())
        return categories

    def put(self, address: str, value: Value) -> None:
        """Give it a value, for the steps that follow and at the end; None clears."""
        self.new[address] = value
        if value is None:
            self.document.pop(address, None)
        else:
            self.document[address] = value

    def left(self, problem: Problem) -> None:
        """Tell why something was left as it is."""
        self.problems.append(problem)


def worked(work: Workspace, item: LoadedProduct, *, along: bool) -> WorkedProduct:
    """A product of a workspace before the first step."""
    ancestors = work.ancestors(item)
    above = merge([one.values for one in ancestors]) if ancestors else {}
    return WorkedProduct(
        item,
        ancestors[0].identifier if ancestors else item.identifier,
        ancestors[-1].identifier if ancestors else None,
        (ancestors[0] if ancestors else item).family_variant,
        len(ancestors),
        along,
        above,
        {**above, **item.values},
    )


class Places:
    """Where values have their place: on a model, or on each of its variants. ``is_raised``: the
    models of all chosen variants are among the products.
    """

    def __init__(self, structure: Structure, *, is_raised: bool = False) -> None:
        self._structure, self._is_raised = structure, is_raised
        self._levels: dict[tuple[str | None, str], int] = {}

    def holds(self, product: WorkedProduct, address: str, *, fills: bool) -> bool:
        """Whether a step changes this product at this address. Where it does not, the product says
        why, unless another one of the selection has the value in its stead. ``fills``: the step may
        put something where nothing was.
        """
        attribute = self._structure.attribute_at.get(address)
        if attribute is None:  # what belongs to the product itself; its variants inherit it
            return not product.along
        level = self._level(product.family_variant, attribute.code)
        if level > product.depth:
            return False
        if level < product.depth and address not in product.item.values:
            if not product.along and not self._is_raised:
                product.left(_of_model(address, product.model or ""))
            return False
        if fills and address not in product.document and self._is_foreign(product, attribute):
            product.left(self._not_of_family(address, attribute, product.family or ""))
            return False
        return True

    def _level(self, family_variant: str | None, code: str) -> int:
        if family_variant is None:
            return 0
        key = (family_variant, code)
        found = self._levels.get(key)
        if found is None:
            found = self._levels[key] = self._structure.level_number(family_variant, code)
        return found

    def _is_foreign(self, product: WorkedProduct, attribute: Attribute) -> bool:
        family = self._structure.families.get(product.family or "")
        return family is not None and attribute.code not in family.attributes

    def _not_of_family(self, address: str, attribute: Attribute, family: str) -> Problem:
        sentence = text(
            "Left as it is: the family “%(family)s” does not have “%(attribute)s”.",
            family=Named(family, self._structure.families[family].labels),
            attribute=Named(attribute.code, attribute.labels),
        )
        return Problem(address, "family", sentence, "", "kept")


def _of_model(address: str, model: str) -> Problem:
    sentence = text(
        "Left as it is: this value belongs to its model “%(model)s”. Choose the model.",
        model=model,
    )
    return Problem(address, "model", sentence, "", "kept")
