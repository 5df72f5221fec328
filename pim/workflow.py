"""The states of a product and the steps between them. Pure."""

from collections.abc import Mapping
from typing import Final

from pim.errors import Text, text

DRAFT: Final = "draft"
REVIEW: Final = "review"
APPROVED: Final = "approved"
RETIRED: Final = "retired"
STATUSES: Final = (DRAFT, REVIEW, APPROVED, RETIRED)

NAMES: Final[Mapping[str, Text]] = {
    DRAFT: text("Draft"),
    REVIEW: text("In review"),
    APPROVED: text("Approved"),
    RETIRED: text("Retired"),
}
"""What people call them."""

STEPS: Final = {
    DRAFT: (REVIEW, APPROVED, RETIRED),
    REVIEW: (DRAFT, APPROVED, RETIRED),
    APPROVED: (DRAFT, REVIEW, RETIRED),
    RETIRED: (DRAFT,),
}
