"""The finished file, read once more before anybody sees it: is it sound, whole, without repeated
keys, and what its channel takes?
"""

from pathlib import Path

from pim.errors import Invalid, text
from pim.feeds import gate
from pim.feeds.contract import Exporter
from pim.feeds.faults import failed
from pim.problems import Problem

REPEATED = "repeated"


def verify(exporter: Exporter, path: Path, items: int) -> list[Problem]:
    """What speaks against publishing the file; ``items``: how many records were written."""
    try:
        found = exporter.format.check(path)
    except Invalid as error:
        return [Problem("", "unreadable", error.message)]
    if found.records != items:
        return [Problem("", "miscounted", gate.miscounted(found.records, items))]
    if found.repeated:
        message = text("Several items have the same key: %(keys)s.", keys=", ".join(found.repeated))
        return [Problem("", REPEATED, message)]
    try:
        return list(exporter.verify(path))
    except Exception as error:  # an exporter's fault holds its own feed and stops no other
        return [failed(error)]
