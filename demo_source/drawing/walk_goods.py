"""What goes along on the walk."""

import math

from demo_source.drawing.canvas import Canvas
from demo_source.drawing.colors import CHALK, INK, STEEL, Color, dark, light
from demo_source.drawing.paths import ellipse, mirrored, moved, path, rounded, turned

BLACK: Color = (46, 48, 54)
CORK: Color = (198, 152, 102)


def draw_walk_good(canvas: Canvas, kind: str, color: Color, accent: Color) -> None:
    """One of the five kinds."""
    drawers = {
        "headlamp": _headlamp,
        "trekking_poles": _trekking_poles,
        "beanie": _beanie,
        "dry_bag": _dry_bag,
        "compass": _compass,
    }
    drawers[kind](canvas, color, accent)


def _headlamp(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 774, 520, 32, 0.4)
    for band, shade in (
        (path("M 500 250 C 250 230 190 420 250 560 C 300 660 420 660 430 640"), 0.25),
        (path("M 500 250 C 750 230 810 420 750 560 C 700 660 580 660 570 640"), 0.0),
    ):
        canvas.stroke(band, 64, dark(color, 0.35 + shade * 0.4))
        canvas.stroke(band, 52, dark(color, shade))
        canvas.dashes(band, 20, accent, 26, 0.9)
    canvas.stroke(path("M 500 250 C 490 380 496 500 500 560"), 40, dark(color, 0.25))
    canvas.soft(ellipse(500, 640, 250, 200), (255, 244, 190), 0.6, 60)
    canvas.body(rounded(344, 520, 312, 230, 90), BLACK, 44, 1.2)
    for x, r in ((446, 78), (580, 46)):
        canvas.body(ellipse(x, 634, r), STEEL, 12)
        lens = canvas.mask(ellipse(x, 634, r - 10))
        canvas.gradient(
            lens,
            (0, 0),
            (1, 1),
            [(0, (255, 255, 250)), (0.6, (255, 238, 176)), (1, (216, 190, 120))],
        )
        canvas.soft(ellipse(x - r * 0.2, 634 - r * 0.2, r * 0.36), (255, 255, 255), 1, 8, lens)
    canvas.body(rounded(556, 508, 74, 30, 12), color, 8)


def _trekking_poles(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 908, 420, 24, 0.32)
    for degrees, shade in ((14, 0.18), (-14, 0.0)):

        def at(
            x: float, y: float, width: float, height: float, radius: float, tilt: float = degrees
        ) -> list[tuple[float, float]]:
            return turned(rounded(x, y, width, height, radius), tilt, (500, 560))

        tint = dark(color, shade)
        canvas.cylinder(at(492, 690, 16, 190, 4), STEEL)
        canvas.body(at(489, 500, 22, 220, 5), light(tint, 0.5), 6)
        canvas.body(at(486, 240, 28, 290, 5), tint, 8, 1.2)
        for y in (500, 690):
            canvas.body(at(476, y - 12, 48, 40, 9), BLACK, 8)
        canvas.body(at(462, 836, 76, 16, 8), BLACK, 6)
        canvas.body(at(494, 880, 12, 44, 5), STEEL, 4)
        canvas.body(at(474, 96, 52, 150, 24), CORK, 14, 1.1)
        canvas.body(at(468, 82, 64, 44, 20), BLACK, 12)
        canvas.body(at(480, 250, 40, 60, 12), BLACK, 8)
        canvas.stroke(
            turned(path("M 506 104 C 580 120 590 240 530 256"), degrees, (500, 560)),
            13,
            dark(accent, shade),
        )


def _beanie(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 786, 520, 32, 0.42)
    top = mirrored(path("M 500 220 C 360 224 266 340 254 520 L 262 640 Q 500 680 500 680"))
    mask = canvas.body(top, color, 80, 1.2)
    for number in range(-9, 10):
        x = 500 + number * 27
        canvas.soft_line(
            path(f"M {500 + number * 4} 240 Q {500 + number * 26} 380 {x} 660"),
            8,
            dark(color, 0.7),
            0.3,
            3,
            mask,
        )
    brim = path(
        "M 240 570 Q 500 630 760 570 Q 776 572 774 600 L 766 724 Q 764 752 736 756"
        " Q 500 796 264 756 Q 236 752 234 724 L 226 600 Q 224 572 240 570 Z"
    )
    canvas.soft(moved(brim, 0, -14), dark(color, 0.8), 0.4, 10, mask)
    fold = canvas.body(brim, light(color, 0.05), 44, 1.2)
    for number in range(-11, 12):
        x = 500 + number * 24
        canvas.soft_line(
            [(x, 560), (x, 680), (x * 0.99 + 5, 790)], 8, dark(color, 0.7), 0.34, 3, fold
        )
    canvas.body(rounded(586, 650, 92, 56, 8), (176, 124, 76), 6, 0.8)
    canvas.stroke(path("M 606 690 L 624 668 L 638 684 L 648 674 L 660 690"), 4, INK, 0.7)


def _dry_bag(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 896, 420, 30, 0.48)
    canvas.stroke(path("M 346 250 C 330 130 670 130 654 250"), 26, BLACK)
    mask = canvas.cylinder(
        path(
            "M 350 300 L 650 300 C 690 340 700 400 700 470 L 700 850 Q 690 896 500 900"
            " Q 310 896 300 850 L 300 470 C 300 400 310 340 350 300 Z"
        ),
        color,
        0.6,
    )
    for line in (
        "M 340 330 Q 420 420 520 340",
        "M 660 330 Q 580 440 470 380",
        "M 310 780 Q 460 740 560 800",
    ):
        canvas.soft_line(path(line), 16, dark(color, 0.7), 0.32, 8, mask)
        canvas.soft_line(moved(path(line), 0, 18), 12, light(color, 0.9), 0.35, 7, mask)
    for y in (232, 258, 284):
        canvas.body(rounded(330, y - 6, 340, 36, 17), light(color, 0.04), 12, 1.1)
    canvas.body(rounded(452, 176, 96, 50, 12), BLACK, 10)
    canvas.paint(canvas.mask(rounded(420, 500, 160, 220, 16)), CHALK, 0.92, mask)
    canvas.stroke(path("M 448 648 Q 474 628 500 648 Q 526 668 552 648"), 8, dark(color, 0.1))
    canvas.stroke(path("M 448 676 Q 474 656 500 676 Q 526 696 552 676"), 8, dark(color, 0.1))
    canvas.stroke(
        path("M 500 536 Q 462 590 486 612 Q 500 622 514 612 Q 538 590 500 536"), 7, accent
    )


def _compass(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 826, 480, 32, 0.42)
    canvas.stroke(path("M 500 250 C 420 120 300 200 220 120"), 15, accent)
    canvas.body(rounded(280, 210, 440, 600, 54), color, 40, 1.2)
    canvas.paint(canvas.mask(rounded(304, 236, 392, 548, 40)), (238, 240, 236), 0.9)
    for number in range(16):
        canvas.stroke(
            [(320, 270 + number * 32), (340 if number % 2 else 352, 270 + number * 32)], 4, INK, 0.7
        )
    canvas.stroke([(500, 250), (500, 330)], 6, (206, 60, 50))
    canvas.body(ellipse(500, 540, 182), dark(color, 0.15), 20)
    canvas.body(ellipse(500, 540, 156), CHALK, 24, 0.8)
    for number in range(36):
        angle = math.tau * number / 36
        inner = 122 if number % 9 == 0 else 134
        canvas.stroke(
            [(500 + r * math.cos(angle), 540 + r * math.sin(angle)) for r in (inner, 146)],
            7 if number % 9 == 0 else 3,
            INK,
            0.8,
        )
    needle = path("M 500 412 L 526 540 L 474 540 Z")
    canvas.body(turned(needle, 24, (500, 540)), (214, 58, 50), 8)
    canvas.body(turned([(x, 1080 - y) for x, y in needle], 24, (500, 540)), (250, 250, 250), 8)
    canvas.body(ellipse(500, 540, 15), STEEL, 6)
    canvas.soft(path("M 390 480 Q 430 410 520 404 Q 450 440 420 520 Z"), (255, 255, 255), 0.8, 9)
