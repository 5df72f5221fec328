"""The states of a product and the steps between them. Pure."""

from typing import Final

DRAFT: Final = "draft"
REVIEW: Final = "review"
APPROVED: Final = "approved"
RETIRED: Final = "retired"
STATUSES: Final = (DRAFT, REVIEW, APPROVED, RETIRED)

STEPS: Final = {
    DRAFT: (REVIEW, APPROVED, RETIRED),
    REVIEW: (DRAFT, APPROVED, RETIRED),
    APPROVED: (DRAFT, REVIEW, RETIRED),
    RETIRED: (DRAFT,),
}
