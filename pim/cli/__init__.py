"""The command line: every job of the hub, for people and (with ``--json``) for machines."""

import os
import sys

from pim import logs
from pim.cli import (
    assets,
    bulk_edits,
    deliveries,
    feeds,
    imports,
    jobs,
    products,
    profiles,
    quality,
    serving,
    structure,
    taxonomies,
    translations,
    users,
)
from pim.cli import backup as keeping
from pim.cli.frame import pim

__all__ = ["main"]

for module in (
    serving,
    structure,
    profiles,
    imports,
    assets,
    products,
    quality,
    bulk_edits,
    translations,
    feeds,
    taxonomies,
    deliveries,
    jobs,
    users,
    keeping,
):
    for command in module.COMMANDS:
        pim.add_command(command)


def main() -> None:
    """The console script ``pim``."""
    logs.configure(sys.stderr)
    os.umask(0o077)  # what this process writes is for its own user
    pim(prog_name="pim")
