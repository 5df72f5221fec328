"""Long YAML of somebody else is read in a process with limits, and says the same."""

from typing import Any

import pytest

from pim.definitions import read_yaml
from pim.errors import Invalid
from pim.foreign_yaml import SHORT, read_foreign_yaml

LONG = f"# {'-' * SHORT}\n"
MIXED = """\
since: 2026-02-28
at: 2026-02-28 10:30:00
no: yes
7: [1, -2.5, 123456789012345678901234567890, null, "zeven"]
empty: {}
nested: {a: [{b: []}]}
copy: &one {x: 1}
again: *one
"""


def test_a_long_document_holds_what_a_short_one_does() -> None:
    assert read_foreign_yaml(LONG + MIXED) == read_yaml(MIXED)


def complaint(read: Any, document: str) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as refused:
        read(document, "file")
    return {key: [str(one) for one in all] for key, all in refused.value.messages.items()}


@pytest.mark.parametrize("broken", ["a: [1, 2", "a: 1\na: 2\n", 'a: "\\0"', "a: *nobody", "a: %x"])
def test_what_is_wrong_is_said_in_the_same_words(broken: str) -> None:
    assert complaint(read_foreign_yaml, LONG + broken) == complaint(read_yaml, LONG + broken)


def test_a_document_that_is_too_deep_is_refused() -> None:
    assert "file" in complaint(read_foreign_yaml, "[" * (SHORT + 1))


def test_what_no_setting_takes_is_read_as_a_text() -> None:
    assert isinstance(read_foreign_yaml(f"{LONG}a: !!binary aGk=")["a"], str)
