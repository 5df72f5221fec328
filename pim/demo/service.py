"""The demo shop's pictures, and which of its products are approved."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pim.demo.articles import articles, picture_name
from pim.demo.draw import draw
from pim.demo.text_files import NO_PICTURE, has_detail

IN_REVIEW = ("KL-2320", "TE-4220", "AC-6950")
IN_DRAFT = ("FI-1320", "RU-5120", "AC-6821")
RETIRED = ("AC-6032",)
SMALL_PICTURE = frozenset({"AC-6130", "AC-6311", "RU-5310-GEEL"})
"""Carriers whose picture was sent by telephone: 400 pixels, which feeds complain about."""


def status(identifier: str) -> str:
    """What the demo makes of a product or model: "approved" for all that is complete, save these
    articles and their variants.
    """
    for word, codes in (("review", IN_REVIEW), ("draft", IN_DRAFT), ("retired", RETIRED)):
        if any(identifier == code or identifier.startswith(f"{code}-") for code in codes):
            return word
    return "approved"


@dataclass(frozen=True)
class Drawing:
    """One picture to draw: its file name, and the arguments of :func:`pim.demo.draw.draw`."""

    name: str
    kind: str
    color: str
    detail: bool
    side: int


def drawings() -> Iterator[Drawing]:
    """Every picture that texts*.csv names."""
    for article in articles():
        for carrier, color in article.pictured():
            if carrier in NO_PICTURE:
                continue
            side = 400 if carrier in SMALL_PICTURE else 1200
            for detail in (False, True) if has_detail(article) else (False,):
                yield Drawing(
                    picture_name(carrier, color, detail), article.kind.code, color, detail, side
                )


def pictures(folder: Path) -> list[Path]:
    """Draw them all into ``folder`` (JPEG, 1200 x 1200, a few smaller); pictures that are there
    already stay.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for drawing in drawings():
        path = folder / drawing.name
        if not path.exists():
            path.write_bytes(draw(drawing.kind, drawing.color, drawing.detail, drawing.side))
        paths.append(path)
    return paths
