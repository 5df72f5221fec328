"""Feeds: what each channel receives, what is left out and why, and what can be done to a feed."""

from pim.web.feeds import (  # noqa: F401 (they add the routes)
    build_pages,
    category_pages,
    column_pages,
    delivery_pages,
    field_pages,
    file_pages,
    list_pages,
    new_pages,
    overview_pages,
    product_pages,
    report_pages,
    rule_pages,
    rules_pages,
    settings_pages,
    steering_pages,
)
from pim.web.feeds.blueprint import pages

__all__ = ["pages"]
