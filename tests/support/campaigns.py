"""How long the tests go on that try their luck: kills, hostile files, locks."""

import os

FACTOR = int(os.environ.get("ETALAGE_CAMPAIGN", "1"))


def times(rounds: int) -> int:
    """The suite goes round so often, and ``ETALAGE_CAMPAIGN=10 make test`` ten times as often."""
    return rounds * FACTOR
