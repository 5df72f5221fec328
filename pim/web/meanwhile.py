"""What others saved while a page was open, in words."""

from collections.abc import Sequence

from pim.errors import Text, text
from pim.versions import SetupVersion
from pim.web.look import called


def stayed_meanwhile(versions: Sequence[SetupVersion]) -> Text:
    """Said after a save that was taken together with theirs."""
    names = ", ".join(dict.fromkeys(called(one.by) for one in versions))
    return text("What %(names)s changed meanwhile stayed.", names=names)
