"""Google Merchant Center: free listings and Shopping ads. The attributes and the file stand in
:mod:`pim.feeds.google_data`, for others read them too. feeds.md section 1.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pim.feeds.contract import Example, Field, Later, Listing, Option, Problem, text
from pim.feeds.google_data import FIELDS, SHIPPING_COUNTRY, GoogleFile

LARGE_PICTURES = date(2027, 1, 31)
ENERGY = ("energy_efficiency_class", "min_energy_efficiency_class", "max_energy_efficiency_class")
EU = frozenset(
    (
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    )
)
"""Where only the register of energy labels counts, since 8 April 2025 (merchants 16098264)."""


class GoogleShopping(GoogleFile):
    code = "google_shopping"
    label = text("Google Shopping")
    purpose = text("price comparison")
    company = "Google"
    fields = FIELDS
    invalid = "drop"
    options = (
        *GoogleFile.options,
        SHIPPING_COUNTRY,
        Option(
            "picture_minimum",
            text("Smallest picture side in pixels"),
            "number",
            "100",
            help=text("At least 500 from 31 January 2027."),
        ),
    )
    example = Example(
        options={"shipping_country": "NL"},
        mapping={
            "condition": {"value": "new"},
            "shipping_price": {"value": "4.95"},
            "shipping": {"value": "BE::DHL:6.95 EUR"},
            "product_detail": {"from": ["$properties"]},
            "unit_pricing_measure": {"from": ["weight"]},
            "unit_pricing_base_measure": {"value": "1 kg"},
        },
        consumer="Google's client of the Merchant API, and feedparser",
    )

    @classmethod
    def fields_for(cls, options: Mapping[str, Any]) -> Sequence[Field]:
        """The smallest picture is a setting until Google's own limit is higher."""
        least = int(options.get("picture_minimum") or 0)
        later = (Later(LARGE_PICTURES, {"min_pixels": max(least, 500)}),)
        return [
            replace(field, min_pixels=least, later=later) if field.kind == "picture" else field
            for field in cls.fields
        ]

    def check(self, listing: Listing) -> Iterable[Problem]:
        return (*super().check(listing), *self._check_energy(listing))

    def _check_energy(self, listing: Listing) -> Sequence[Problem]:
        """In the EU a class alone no longer counts; NO, CH and UK still read it."""
        if listing.keys().isdisjoint(ENERGY) or "certification_code" in listing:
            return ()
        if self._country not in EU:
            return ()
        filled = [field for field in ENERGY if field in listing]
        message = text(
            "In the EU Google no longer reads this class: fill “certification_code” with the"
            " number in EPREL."
        )
        return [Problem(filled[0], "no_longer_read", message, severity="warning")]

    @property
    def _country(self) -> str:
        """The one that the feed ships to, or that its language is of."""
        context = self.context
        return str(context.options.get("shipping_country") or context.locale.partition("_")[2])
