"""Draws the demo shop's pictures: ``python -m demo_source.pictures [FOLDER]``.

Without a folder they go to ``pim/demo/pictures``, which a wheel ships and git ignores.
"""

import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from demo_source.articles import articles, picture_name
from demo_source.draw import draw
from demo_source.text_files import NO_PICTURE, has_detail
from pim.demo.load import PICTURES

SMALL_PICTURE = frozenset({"AC-6130", "AC-6311", "RU-5310-GEEL"})
"""Carriers whose picture was sent by telephone: 400 pixels, which feeds complain about."""


@dataclass(frozen=True)
class Drawing:
    """One picture to draw: its file name, and the arguments of :func:`demo_source.draw.draw`."""

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
    wanted = {folder / drawing.name: drawing for drawing in drawings()}
    missing = {path: drawing for path, drawing in wanted.items() if not path.exists()}
    if missing:
        # Drawing is arithmetic in Python, so every processor takes some.
        with ProcessPoolExecutor() as processes:
            for path, content in zip(missing, processes.map(_draw, missing.values()), strict=True):
                path.write_bytes(content)
    return list(wanted)


def _draw(drawing: Drawing) -> bytes:
    return draw(drawing.kind, drawing.color, drawing.detail, drawing.side)


if __name__ == "__main__":
    drawn = pictures(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES)
    print(f"{len(drawn)} pictures of the demo shop are drawn.")
