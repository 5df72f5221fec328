from dataclasses import replace

import pytest

from media.presets import PRESETS, path_for, preset_named
from pim.errors import NotFound


def test_a_changed_setting_makes_a_new_key_and_the_same_settings_keep_it() -> None:
    feed = PRESETS["feed"]
    assert replace(feed).key == feed.key
    assert (
        len(
            {
                feed.key,
                replace(feed, quality=86).key,
                replace(feed, width=1201).key,
                replace(feed, background="#fefefe").key,
            }
        )
        == 4
    )


def test_the_path_names_the_preset_with_its_key() -> None:
    feed = PRESETS["feed"]
    assert path_for("00112233445566778899", "feed") == f"/media/00112233445566778899/{feed.key}.jpg"


def test_a_preset_is_found_by_name_and_by_key_but_not_by_a_former_key() -> None:
    assert preset_named("large") is preset_named(PRESETS["large"].key) is PRESETS["large"]
    for wrong in ("huge", "large-00000000", ""):
        with pytest.raises(NotFound):
            preset_named(wrong)
