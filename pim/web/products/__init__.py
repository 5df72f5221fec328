"""Products: the list, the page of one, and what can be done to either."""

from pim.web.products import list_pages, product, workflow_pages  # noqa: F401 (they add the routes)
from pim.web.products.blueprint import pages

__all__ = ["pages"]
