"""What other distributions add to the hub: entry points, looked for once per process."""

from functools import cache
from importlib.metadata import EntryPoints, entry_points


@cache
def extensions(group: str) -> EntryPoints:
    """The entry points of a group, such as ``pim.exporters``. Looking for them reads the metadata of
    every installed distribution, which takes some 20 ms.
    """
    return entry_points(group=group)
