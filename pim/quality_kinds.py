"""The kinds of quality warnings: what may be wrong with a value that is there. Pure."""

from collections.abc import Mapping
from typing import Final

from pim.errors import Text, text

REPEATED_NAME: Final = "repeated_name"
UNTRANSLATED: Final = "untranslated"
OUTLIER: Final = "outlier"
SHARED_PICTURE: Final = "shared_picture"
MISSPELLED: Final = "misspelled"
NAMES: Final[Mapping[str, Text]] = {
    REPEATED_NAME: text("Repeated name"),
    UNTRANSLATED: text("Text not translated"),
    MISSPELLED: text("Unknown word"),
    OUTLIER: text("Measurement out of line"),
    SHARED_PICTURE: text("Same main picture"),
}
"""What people call them, in the order in which they are shown."""
NEAR_OPTION: Final = "near_option"
"""Worked out when somebody looks at the product, so that no list and no figure knows of it."""
DISMISSED_AS: Final[Mapping[str, Text]] = {**NAMES, NEAR_OPTION: text("Hardly another option")}
"""What people call all that can be said to be right as it is."""
ANY: Final = "any"
"""Asks a list for whatever has a warning, of any kind."""
