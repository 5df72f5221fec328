"""What is special about an attribute type stands in its module and its control, nowhere else."""

import re
from pathlib import Path

from pim.attributes import all_types

ROOT = Path(__file__).resolve().parents[2]
HOMES = ("pim/attributes/", "pim/web/controls/", "pim/imports/akeneo_attributes.py")


def test_nobody_branches_on_the_type_of_an_attribute() -> None:
    by_code = re.compile(r"\btype\.code\s*(==|!=|in\b|not\b)")
    by_class = re.compile(
        r"isinstance\([^)]*\b(" + "|".join(one.__name__ for one in all_types().values()) + r")\b"
    )
    found = []
    for path in sorted([*ROOT.glob("pim/**/*.py"), *ROOT.glob("templates/**/*.html")]):
        place = path.relative_to(ROOT).as_posix()
        if place.startswith(HOMES):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if by_code.search(line) or by_class.search(line):
                found.append(f"{place}:{number}: {line.strip()}")
    assert found == []
