"""A hub that worked with the first landed version comes back whole in this one.

``landed_0004.tar.gz`` is a backup that that version (database revision 0004) made of the small shop
of ``tests/backup/shop.py``, after an import, a forced approval, a retirement and an edit.
"""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from pim import consistency, migrate
from pim.imports import store
from pim.imports.models import ImportProblem
from pim.jobs import queries as jobs
from pim.products.models import Change, Product
from tests.backup.shop import Hub

LANDED = Path(__file__).with_name("landed_0004.tar.gz")
RUN = "run:"


@pytest.fixture
def earlier(home: Callable[[str], Hub], engine_name: str, tmp_path: Path) -> Hub:
    file = tmp_path / "landed.tar"
    file.write_bytes(gzip.decompress(LANDED.read_bytes()))
    hub = home(engine_name)
    hub.restore(file)
    return hub


def changes(hub: Hub, identifier: str) -> list[Change]:
    with hub.database.reading() as session:
        mine = select(Change).join(Product, Product.id == Change.product_id)
        return list(
            session.scalars(mine.where(Product.identifier == identifier).order_by(Change.id))
        )


def test_it_is_migrated_and_nothing_in_it_is_out_of_step(earlier: Hub) -> None:
    assert migrate.is_current(earlier.database)
    assert migrate.differences(earlier.database) == []
    assert consistency.check(earlier.database, earlier.storage) == []


def test_products_are_what_they_were(earlier: Hub) -> None:
    documents = earlier.documents()
    assert sorted(documents) == [
        "A", "A-RED", "I-1", "S-1", "S-1-BLUE", "S-1-RED", "S-2", "S-3",
    ]  # fmt: skip
    document, published, status, version = documents["S-2"]
    assert (status, version, document["name-nl_NL"]) == ("draft", 3, "Los")
    assert published["name-nl_NL"] == "Los; “hemd”\n\u2028 🚲"
    assert documents["S-1-RED"][0]["price-EUR"] == "12.50"
    assert documents["I-1"][1:3] == (None, "retired")


def test_steps_of_the_workflow_are_in_their_columns(earlier: Hub) -> None:
    *_, approval = changes(earlier, "S-3")
    assert (approval.status_before, approval.is_approval) == ("draft", True)
    assert (approval.reason, approval.old) == ("the fair is tomorrow", {})
    *_, retirement = changes(earlier, "I-1")
    assert (retirement.status_before, retirement.is_approval) == ("draft", False)
    *_, edit = changes(earlier, "S-2")
    assert (edit.status_before, list(edit.old)) == ("approved", ["name-nl_NL"])


def test_reports_jobs_and_feeds_go_on(earlier: Hub) -> None:
    with earlier.database.reading() as session:
        severities = set(session.scalars(select(ImportProblem.severity)))
        assert severities <= {"error", "skipped", "kept", "warning"}
        assert "error" in severities
        assert jobs.last_of(session, "feed:till") is not None
        undone = [job for job in jobs.recent(session) if job.subject.startswith(RUN)]
        assert len(undone) == 1
    address, before = earlier.published()
    assert earlier.run_feed(full=True).state in ("unchanged", "published")
    assert earlier.published()[0] == address
    assert before


def test_profiles_are_json_with_their_owner(earlier: Hub) -> None:
    with earlier.database.reading() as session:
        profile = store.get(session, "erp")
        assert profile.definition["owner"] == "erp"
        assert profile.definition == store.read_text(profile.document).definition
