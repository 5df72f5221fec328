"""What other distributions add to the hub: entry points, looked for once per process."""

from functools import cache
from importlib.metadata import EntryPoints, entry_points


@cache
def extensions(group: str) -> EntryPoints:
    """The entry points of a group, such as ``pim.exporters``. To find them, the metadata of every
    installed distribution is read, which takes some 20 ms.
    """
    return entry_points(group=group)
