"""Products: the list, the page of one, and what can be done to either."""

from pim.web.products import (  # noqa: F401 (they add the routes)
    bring_back_pages,
    bulk_pages,
    bulk_preview_pages,
    bulk_setup_pages,
    cell_pages,
    column_pages,
    export_pages,
    filter_pages,
    list_pages,
    new_pages,
    product,
    product_parts,
    quality_pages,
    review_pages,
    translate_pages,
    travel,
    variant_pages,
    views,
    workflow_pages,
)
from pim.web.products.blueprint import pages

__all__ = ["pages"]
