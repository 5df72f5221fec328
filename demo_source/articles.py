"""The demo shop's assortment as its authors wrote it down: articles/*.yaml, one file per family."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
FAMILIES = ("bikes", "clothing", "shoes", "tents", "backpacks", "accessories")
COLORS = {
    "black": "zwart",
    "white": "wit",
    "grey": "grijs",
    "navy": "marine",
    "blue": "blauw",
    "teal": "petrol",
    "green": "groen",
    "olive": "olijf",
    "sand": "zand",
    "yellow": "geel",
    "orange": "oranje",
    "red": "rood",
    "plum": "pruim",
    "brown": "bruin",
}
"""Colour code -> the ERP's word for it, also part of article numbers and file names."""

Words = Mapping[str, Any]
"""Language (nl, en, de) -> text or list of texts."""


@dataclass(frozen=True)
class Kind:
    """What a sort of article has in common: its word, its story, its place in the shop."""

    code: str
    noun: Words
    text: Words
    points: Words
    category: str
    market: str
    customs: str
    unit: str


@dataclass(frozen=True)
class Article:
    """One article as a buyer thinks of it; with ``variant`` it is a model, and colours or sizes are
    its variants.

    price: EUR with VAT. facts: gears, wheel (inch), persons, water (mm), volume (l), weight (kg),
    material, waterproof, gender, age.
    """

    code: str
    family: str
    variant: str | None
    kind: Kind
    brand: str
    name: str
    origin: str
    colors: tuple[str, ...]
    sizes: tuple[str, ...]
    price: str
    facts: Mapping[str, Any]

    def pictured(self) -> Iterator[tuple[str, str]]:
        """(identifier that carries the picture, colour), one per colour."""
        by_color = self.variant in ("clothing_color_size", "backpacks_color")
        for color in self.colors:
            yield (f"{self.code}-{COLORS[color].upper()}" if by_color else self.code), color


@lru_cache(maxsize=1)
def articles() -> tuple[Article, ...]:
    """All of them, in the order of the files."""
    return tuple(
        article
        for family in FAMILIES
        for article in _family(read_yaml(HERE / f"articles/{family}.yaml"))
    )


def picture_name(identifier: str, color: str, detail: bool = False) -> str:
    """``kl-2010-geel.jpg``; the close-up is ``kl-2010-geel-detail.jpg``."""
    stem = identifier.lower()
    stem = stem if stem.endswith(COLORS[color]) else f"{stem}-{COLORS[color]}"
    return f"{stem}-detail.jpg" if detail else f"{stem}.jpg"


def read_yaml(path: Path) -> Any:
    """A data file of this package."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _family(data: Mapping[str, Any]) -> Iterator[Article]:
    kinds = {code: _kind(code, data, kind) for code, kind in data["types"].items()}
    for row in data["articles"]:
        facts = dict(row)
        kind = kinds[facts.pop("type")]
        colors = facts.pop("colors", None) or [facts.pop("color")]
        sizes = facts.pop("sizes", data.get("sizes", []))
        code, name, price = facts.pop("code"), facts.pop("name"), f"{facts.pop('price'):.2f}"
        variant = data.get("variant")
        yield Article(
            code,
            data["family"],
            variant,
            kind,
            data["brand"],
            name,
            data["origin"],
            tuple(colors),
            tuple(sizes),
            price,
            facts,
        )


def _kind(code: str, data: Mapping[str, Any], kind: Mapping[str, Any]) -> Kind:
    both = {"market": data["market"], "customs": data.get("customs"), "unit": data["unit"]} | dict(
        kind
    )
    return Kind(
        code,
        kind["noun"],
        kind["text"],
        kind["points"],
        kind["category"],
        both["market"],
        both["customs"],
        both["unit"],
    )
