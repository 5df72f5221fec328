"""What people call the models above a product, on its own page."""

from pim.listing import label_of
from pim.products.queries import ProductDetail
from pim.structure.objects import Level, Structure
from pim.values import Document, Value
from pim.web.page import language


def model_names(structure: Structure, detail: ProductDetail, locale: str) -> dict[str, str]:
    """Identifier -> name, from the top model down. One below it has the same name as its own model,
    so that it is called by its values on the axes.
    """
    names: dict[str, str] = {}
    document: dict[str, Value] = {}
    for depth, model in enumerate(detail.ancestors):
        document |= model.values
        level = structure.level_of(detail.family_variant, depth)
        names[model.identifier] = (
            axis_values(structure, level, model.values)
            if depth and level is not None
            else label_of(structure, model.identifier, model.family, document, locale)
        ) or model.identifier
    return names


def axis_values(structure: Structure, level: Level | None, values: Document) -> str:
    """“Sand · M”: what tells a variant or model from those beside it; empty at the top."""
    found = (
        structure.attribute_at[axis].type.show(values[axis], language())
        for axis in (level.axes if level else ())
        if axis in values
    )
    return " · ".join(filter(None, found))
