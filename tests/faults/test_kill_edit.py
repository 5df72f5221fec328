"""P1 and P2 of the write path under kill -9: what was answered "saved" is there, and nothing is
there by half.
"""

import random
from typing import Any

import pytest
from sqlalchemy import func, select

from pim import consistency
from pim.products.models import Change, Product
from tests.backup.shop import Hub, url_of
from tests.faults.processes import killed
from tests.support.campaigns import times

ROUNDS = times(8)

# Two products in one transaction; the answer comes after the commit, or, in the twin, "before" it.
EDITOR = """
import sys
from pathlib import Path
from tests.backup.shop import open_hub
hub, first, answer = open_hub(Path(sys.argv[1]), sys.argv[2]), int(sys.argv[3]), sys.argv[4]
for number in range(first, 1_000_000):
    if answer == "before":
        print("saved", number, flush=True)
    name = f"name {number}"
    hub.edit({"S-2": {"name-nl_NL": name}, f"K-{number}": {"family": "shirts", "name-nl_NL": name}})
    if answer == "after":
        print("saved", number, flush=True)
"""


def last_saved(hub: Hub) -> tuple[int, str]:
    """How many of the new products there are, and the name that goes with the last of them."""
    with hub.database.reading() as session:
        count = session.scalar(select(func.count()).where(Product.key.like("k-%"))) or 0
        document: Any = session.scalar(select(Product.values).where(Product.key == "s-2"))
        assert session.scalar(select(func.sum(Product.version))) == session.scalar(
            select(func.count()).select_from(Change)
        )
    return count, document["name-nl_NL"]


def lost(hub: Hub, answer: str, chance: random.Random) -> int:
    """Kill an editor at work; how many edits were answered and are not there (an edit that was not
    answered may be there).
    """
    before, _ = last_saved(hub)
    said = killed(
        EDITOR,
        str(hub.settings.home),
        url_of(hub.database),
        str(before),
        answer,
        chance=chance,
        lines=3,
    )
    answered = int(said[-1].removeprefix("saved ")) + 1
    there, name = last_saved(hub)
    assert name == f"name {there - 1}"
    assert there <= answered + 1
    return max(answered - there, 0)


@pytest.mark.slow
def test_what_was_answered_saved_is_there_after_a_kill(hub: Hub) -> None:
    chance = random.Random(1)
    assert [lost(hub, "after", chance) for _ in range(ROUNDS)] == [0] * ROUNDS
    assert consistency.check(hub.database, hub.storage) == []


@pytest.mark.slow
def test_an_answer_before_the_commit_is_found_out(hub: Hub) -> None:
    chance = random.Random(1)
    assert any(lost(hub, "before", chance) for _ in range(30))
