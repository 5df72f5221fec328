"""Channels change their rules: what was read too long ago is shown, and fails here."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pim.feeds import field_guide, registry
from pim.feeds.field_guide import guide_to, stale_sources
from pim.feeds.fields import Spec


@pytest.mark.parametrize("code", sorted(registry.all_exporters()))
def test_no_specification_was_read_more_than_180_days_ago(code: str) -> None:
    """Where this fails: read the specification again, mend the rules, and change its day."""
    today = datetime.now(UTC).date()
    assert stale_sources(guide_to(registry.get(code)), today) == {}


def test_a_source_is_stale_from_the_day_after_180_days_on() -> None:
    field = Spec("A page", read=date(2026, 1, 1)).field("id")
    last = date(2026, 1, 1) + timedelta(days=180)
    assert field.stale_from == last + timedelta(days=1) == date(2026, 7, 1)
    google = guide_to(registry.get("google_shopping"))
    oldest = min(date.fromisoformat(one.read) for one in google)
    assert stale_sources(google, oldest + timedelta(days=180)) == {}
    (found,) = set(stale_sources(google, oldest + timedelta(days=181)).values())
    assert found == oldest.isoformat()


def test_the_page_of_the_docs_says_from_when_on() -> None:
    assert field_guide.page().count("stale from 2027-") == len(
        [one for one in registry.all_exporters().values() if one.fields]
    )


def test_what_will_be_asked_is_among_the_rules() -> None:
    """Google's pictures, which depend on a setting of the feed."""
    (picture,) = (
        one for one in guide_to(registry.get("google_shopping")) if one.name == "image_link"
    )
    assert "min_pixels 100; from 2027-01-31: min_pixels 500" in picture.rules
