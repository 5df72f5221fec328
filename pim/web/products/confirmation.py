"""What an approval says of the page of a product that it was given on, so that nothing is approved
that nobody has seen.
"""

from collections.abc import Mapping

import orjson
from werkzeug.datastructures import MultiDict

from pim.errors import Invalid, text
from pim.products.change import ProductPlan
from pim.products.queries import ProductDetail


def spelled(identifier: str, version: int, models: Mapping[str, int]) -> str:
    """What a confirmation must say, so that nothing is done that nobody has seen. ``models``: those
    above the product, with their versions.
    """
    seen = {"identifier": identifier, "version": version, "models": dict(models)}
    return orjson.dumps(seen).decode()


def seen_on_page(detail: ProductDetail) -> str:
    """What an approval says of the page of a product that it was given on."""
    models = {one.identifier: one.version for one in detail.ancestors}
    return spelled(detail.product.identifier, detail.product.version, models)


def confirmed(form: MultiDict[str, str], status: str) -> list[ProductPlan]:
    """The plans that somebody has seen on the page of a product and agrees to, for
    :func:`pim.products.service.apply`. :class:`Invalid` where the form says none.
    """
    if "plan" not in form:
        raise _out_of_date()
    return [_read(spelled, status) for spelled in form.getlist("plan")]


def _read(spelled: str, status: str) -> ProductPlan:
    try:
        seen = orjson.loads(spelled)
        identifier, version = str(seen["identifier"]), int(seen["version"])
        models = {str(model): int(number) for model, number in seen["models"].items()}
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _out_of_date() from error
    return ProductPlan(
        identifier, "product", "updated", version=version, step=status, models=models
    )


def _out_of_date() -> Invalid:
    sentence = text("This page is out of date. Load it again.")
    return Invalid({"plan": [sentence]})
