"""One word, one meaning: no two public classes or type aliases of the product share a name."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def public_types(path: Path) -> Iterator[str]:
    """The classes and type aliases that a module defines at its top level, without private ones."""
    for node in ast.parse(path.read_text(), str(path)).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name
        elif isinstance(node, ast.Assign) and is_alias(node):
            yield ast.unparse(node.targets[0])


def is_alias(node: ast.Assign) -> bool:
    """A name in CamelCase that is given a type."""
    name = ast.unparse(node.targets[0])
    return name[:1].isupper() and not name.isupper() and name.isidentifier()


def test_no_public_type_has_the_name_of_another() -> None:
    where = defaultdict(list)
    for folder in ("pim", "exporters", "media"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for name in public_types(path):
                where[name].append(path.relative_to(ROOT).as_posix())
    assert {name: places for name, places in where.items() if len(places) > 1} == {}
