"""Keeping a hub: backup, restore, and looking for what cannot be."""

from pim.keeping.checking import check, repair
from pim.keeping.restoring import restore
from pim.keeping.saving import backup

__all__ = ["backup", "check", "repair", "restore"]
