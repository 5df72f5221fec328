"""Backup and restore of a whole hub."""

from pim.backup.restoring import restore
from pim.backup.saving import backup

__all__ = ["backup", "restore"]
