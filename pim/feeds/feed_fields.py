"""The fields of one feed: those of its exporter with the feed's options, or its own columns."""

from collections.abc import Sequence

from pim.errors import Invalid
from pim.feeds import registry
from pim.feeds.contract import Field
from pim.feeds.models import Feed
from pim.feeds.options import read_options


def fields_of(feed: Feed) -> Sequence[Field]:
    """Where its options do not fit any more, the fields that its exporter has without them: a page
    can still be shown, on which they are mended.
    """
    exporter = registry.get(feed.exporter)
    try:
        options = read_options(exporter, feed.options)
    except Invalid:
        return exporter.fields
    return exporter.fields_for(options)
