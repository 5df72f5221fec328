"""The pictures: one for each name in the text files, really drawn, always the same."""

import csv
import io
from pathlib import Path

import pytest
from PIL import Image

from demo_source.articles import articles
from demo_source.draw import DETAIL, DRAWERS, draw
from demo_source.drawing.canvas import Canvas
from demo_source.drawing.paths import ellipse, path, rounded
from demo_source.pictures import SMALL_PICTURE, drawings, pictures
from pim.demo.load import HERE

KINDS = [kind for kinds in DRAWERS.values() for kind in kinds]


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def test_what_is_drawn_is_what_the_texts_name() -> None:
    named: list[str] = []
    for name in ("texts_models.csv", "texts.csv"):
        with (HERE / name).open(encoding="utf-8", newline="") as file:
            named += [
                part for row in csv.DictReader(file) for part in row["pictures"].split("|") if part
            ]
    assert sorted(drawing.name for drawing in drawings()) == sorted(set(named))
    assert len(set(named)) > 120


def test_every_kind_of_article_has_its_drawing() -> None:
    assert {article.kind.code for article in articles()} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_drawing_fills_the_picture_in_its_colour(kind: str) -> None:
    red, teal = (opened(draw(kind, color, side=150)) for color in ("red", "teal"))
    ground = red.getpixel((1, 1))
    changed = sum(
        red.getpixel((x, y)) != teal.getpixel((x, y))
        for x in range(0, 150, 3)
        for y in range(0, 150, 3)
    )
    drawn = sum(red.getpixel((x, y)) != ground for x in range(0, 150, 3) for y in range(0, 150, 3))
    assert changed > 50
    assert drawn > 500
    assert min(ground) > 220  # type: ignore[arg-type]


def test_a_picture_is_the_same_every_time() -> None:
    assert draw("road_bike", "red", side=200) == draw("road_bike", "red", side=200)


def test_a_close_up_is_another_picture() -> None:
    for drawer in DETAIL:
        kind = DRAWERS[drawer][0]
        assert draw(kind, "blue", detail=True, side=120) != draw(kind, "blue", side=120)


def test_pictures_are_written_once_and_some_are_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = [
        drawing for drawing in drawings() if drawing.name in ("ac-6130-rood.jpg", "ac-6030-wit.jpg")
    ]
    monkeypatch.setattr("demo_source.pictures.drawings", lambda: iter(few))
    white, small = pictures(tmp_path / "drawn")
    assert opened(white.read_bytes()).size == (1200, 1200)
    assert "AC-6130" in SMALL_PICTURE
    assert opened(small.read_bytes()).size == (400, 400)
    white.write_bytes(b"kept")
    assert pictures(tmp_path / "drawn") == [white, small]
    assert white.read_bytes() == b"kept"


def test_an_edge_is_smooth() -> None:
    canvas = Canvas(100)
    canvas.fill(ellipse(500, 500, 300), (0, 0, 0))
    shades = {canvas.image.getpixel((x, y))[0] for x in range(20, 80) for y in range(20, 25)}  # type: ignore[index]
    assert len(shades) > 10


def test_shapes_reaching_out_of_the_picture_are_cut() -> None:
    canvas = Canvas(100, (500, 500), 2)
    canvas.body(rounded(-4000, 480, 9000, 40, 5), (200, 0, 0))
    canvas.stroke(path("M 2000 2000 L 3000 3000"), 10, (0, 0, 0))
    assert canvas.image.getpixel((0, 50))[0] > 150  # type: ignore[index]
