"""Backpacks from the front."""

from demo_source.drawing.canvas import Canvas
from demo_source.drawing.colors import CHALK, INK, STEEL, Color, dark, light
from demo_source.drawing.paths import ellipse, flipped, mirrored, moved, path, rounded

STRAP: Color = (52, 54, 60)


def draw_pack(canvas: Canvas, kind: str, color: Color, accent: Color) -> None:
    """One of the four kinds."""
    drawers = {
        "daypack": _daypack,
        "trekking_pack": _trekking,
        "rolltop": _rolltop,
        "kids_pack": _kids,
    }
    drawers[kind](canvas, color, accent)


def _daypack(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 862, 470, 28, 0.45)
    _straps(canvas, 300, 700)
    _bottle(canvas, 284, 560, accent)
    canvas.stroke(path("M 446 178 Q 446 126 500 126 Q 554 126 554 178"), 17, STRAP)
    body = mirrored(
        path(
            "M 500 160 C 390 160 334 200 318 300 C 304 420 300 640 312 790 Q 320 852 390 856 L"
            " 500 860"
        )
    )
    mask = canvas.body(body, color, 70, 1.1)
    canvas.stroke(
        path("M 322 400 C 330 290 380 226 500 222 C 620 226 670 290 678 400"),
        9,
        dark(color, 0.5),
        1,
        mask,
    )
    canvas.stroke(
        path("M 322 396 C 330 286 380 222 500 218 C 620 222 670 286 678 396"),
        2.4,
        light(color, 0.4),
        0.6,
        mask,
    )
    canvas.paint(
        canvas.mask(path("M 290 760 Q 500 790 710 760 L 710 880 L 290 880 Z")),
        dark(color, 0.42),
        1,
        mask,
    )
    canvas.volume(mask, 50, 0.4)
    for pocket in (
        path("M 308 560 Q 336 570 352 640 L 352 800 Q 330 826 312 800 Z"),
        flipped(path("M 308 560 Q 336 570 352 640 L 352 800 Q 330 826 312 800 Z")),
    ):
        canvas.body(pocket, dark(color, 0.3), 12)
    front = mirrored(
        path(
            "M 500 448 C 430 448 384 458 372 490 C 362 560 362 660 370 722 Q 378 758 420 762 L"
            " 500 764"
        )
    )
    canvas.soft(moved(front, 4, 14), INK, 0.3, 12, mask)
    canvas.body(front, light(color, 0.05), 30)
    canvas.stroke(path("M 384 506 Q 500 486 616 506"), 8, dark(color, 0.5))
    _puller(canvas, 604, 506, accent)
    _puller(canvas, 660, 330, accent)
    _patch(canvas, 500, 348, accent)
    canvas.soft_line(
        path("M 350 300 C 340 420 340 560 348 700"), 26, (255, 255, 255), 0.25, 12, mask
    )


def _trekking(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 908, 470, 28, 0.45)
    _straps(canvas, 318, 682)
    for wing in (
        path("M 340 700 C 250 690 200 720 186 770 Q 190 806 230 800 L 350 780 Z"),
        flipped(path("M 340 700 C 250 690 200 720 186 770 Q 190 806 230 800 L 350 780 Z")),
    ):
        canvas.body(wing, dark(color, 0.4), 18)
    canvas.stroke(path("M 456 124 Q 456 84 500 84 Q 544 84 544 124"), 14, STRAP)
    body = mirrored(
        path("M 500 190 L 350 200 C 330 320 322 600 332 820 Q 340 900 420 904 L 500 906")
    )
    mask = canvas.body(body, color, 60, 1.1)
    canvas.paint(
        canvas.mask(path("M 300 668 Q 500 700 700 668 L 700 920 L 300 920 Z")),
        dark(color, 0.35),
        1,
        mask,
    )
    canvas.volume(mask, 46, 0.4)
    canvas.stroke(path("M 330 676 Q 500 708 670 676"), 7, dark(color, 0.6), 1, mask)
    side = path("M 324 520 Q 370 540 380 620 L 384 790 Q 352 810 330 790 Z")
    for pocket in (side, flipped(side)):
        canvas.body(pocket, dark(color, 0.22), 14)
    front = mirrored(
        path("M 500 366 L 410 370 Q 396 380 396 420 L 400 620 Q 404 650 440 654 L 500 656")
    )
    canvas.soft(moved(front, 4, 12), INK, 0.32, 12, mask)
    canvas.body(front, light(color, 0.06), 26)
    canvas.stroke(path("M 414 408 Q 500 396 586 408"), 7, dark(color, 0.5))
    _puller(canvas, 580, 408, accent)
    lid = mirrored(path("M 500 108 C 400 106 348 130 336 190 Q 326 260 346 292 Q 420 318 500 320"))
    canvas.soft(moved(lid, 2, 16), INK, 0.34, 12, mask)
    canvas.body(lid, dark(color, 0.08), 34, 1.1)
    canvas.stroke(path("M 352 216 Q 500 190 648 216"), 7, dark(color, 0.55))
    _patch(canvas, 500, 256, accent)
    for x in (436, 564):
        _buckle(canvas, x, 300, 380, accent)
        _buckle(canvas, x, 640, 760, accent)
    for y in (440, 560):
        for x0, x1 in ((330, 396), (670, 604)):
            canvas.stroke([(x0, y), (x1, y + 14)], 9, STRAP)


def _rolltop(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 868, 470, 28, 0.45)
    _straps(canvas, 316, 684)
    body = mirrored(
        path("M 500 240 L 352 244 C 330 300 318 560 322 800 Q 324 856 378 860 L 500 862")
    )
    mask = canvas.body(body, color, 60, 1.15)
    canvas.soft_line(
        path("M 372 300 C 356 460 352 640 356 800"), 30, (255, 255, 255), 0.34, 12, mask
    )
    canvas.soft_line(path("M 360 330 Q 480 372 640 330"), 16, dark(color, 0.6), 0.28, 9, mask)
    canvas.soft_line(path("M 350 380 Q 460 420 600 392"), 12, light(color, 0.7), 0.28, 8, mask)
    for y, grow in ((236, 0), (196, 6), (158, 10)):
        canvas.body(
            rounded(344 - grow, y - 8, 312 + 2 * grow, 52, 24),
            light(color, 0.03) if grow else color,
            16,
            1.1,
        )
    for x in (338, 662):
        canvas.stroke([(x, 190), (x + (x - 500) * 0.04, 440)], 16, STRAP)
        canvas.body(rounded(x - 20, 300, 40, 56, 9), INK, 8)
    canvas.stroke([(500, 150), (500, 520)], 24, STRAP)
    canvas.body(rounded(474, 396, 52, 76, 12), (70, 72, 78), 8)
    canvas.body(rounded(484, 408, 32, 26, 6), accent, 5)
    pocket = mirrored(
        path("M 500 590 L 396 592 Q 386 600 386 640 L 390 778 Q 394 800 424 802 L 500 803")
    )
    canvas.soft(moved(pocket, 3, 10), INK, 0.28, 10, mask)
    canvas.body(pocket, dark(color, 0.06), 20)
    canvas.stroke(path("M 400 618 L 600 618"), 7, dark(color, 0.5))
    _puller(canvas, 592, 618, accent)
    canvas.fill(rounded(444, 720, 112, 16, 5), (226, 228, 230))


def _kids(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 836, 430, 28, 0.45)
    _straps(canvas, 318, 682)
    canvas.stroke(path("M 450 236 Q 450 184 500 184 Q 550 184 550 236"), 17, STRAP)
    for ear in (
        path("M 350 330 C 318 250 330 196 372 204 C 420 212 450 250 456 280 Z"),
        flipped(path("M 350 330 C 318 250 330 196 372 204 C 420 212 450 250 456 280 Z")),
    ):
        canvas.body(ear, color, 20)
        canvas.paint(
            canvas.mask(
                moved(ear, 0, 0, 0.56, around=(390, 262) if ear[0][0] < 500 else (610, 262))
            ),
            accent,
            0.9,
        )
    body = mirrored(
        path(
            "M 500 232 C 400 232 338 282 326 390 C 312 520 312 690 330 770 Q 346 828 420 832 L"
            " 500 834"
        )
    )
    mask = canvas.body(body, color, 70, 1.1)
    canvas.paint(
        canvas.mask(path("M 280 600 Q 500 640 720 600 L 720 850 L 280 850 Z")),
        dark(color, 0.2),
        1,
        mask,
    )
    canvas.volume(mask, 50, 0.4)
    canvas.stroke(path("M 320 606 Q 500 644 680 606"), 9, (232, 233, 235), 1, mask)
    canvas.stroke(
        path("M 336 420 C 350 330 410 292 500 290 C 590 292 650 330 664 420"),
        8,
        dark(color, 0.5),
        1,
        mask,
    )
    for x in (440, 560):
        canvas.body(ellipse(x, 430, 27), CHALK, 9, 0.8)
        canvas.fill(ellipse(x + 4, 434, 14), INK)
        canvas.fill(ellipse(x + 9, 427, 4.5), CHALK)
    canvas.body(
        path("M 476 476 Q 500 464 524 476 Q 516 516 500 524 Q 484 516 476 476 Z"), accent, 9
    )
    pocket = mirrored(path("M 500 664 L 406 666 Q 394 674 396 710 Q 400 786 440 790 L 500 791"))
    canvas.body(pocket, light(color, 0.05), 22)
    canvas.stroke(path("M 410 690 L 590 690"), 7, dark(color, 0.5))
    _puller(canvas, 582, 690, accent)


def _straps(canvas: Canvas, left: float, right: float) -> None:
    """The shoulder straps look out on both sides."""
    for x, side in ((left, -1), (right, 1)):
        canvas.tube(
            path(
                f"M {x + side * -40} 220 C {x + side * 60} 300 {x + side * 70} 560"
                f" {x + side * 10} 760"
            ),
            30,
            STRAP,
        )
        canvas.stroke([(x + side * 16, 742), (x + side * 26, 826)], 9, STRAP)


def _bottle(canvas: Canvas, x: float, y: float, color: Color) -> None:
    canvas.body(rounded(x - 8, y - 120, 62, 260, 20), color, 16)
    canvas.body(rounded(x + 2, y - 152, 42, 40, 10), INK, 8)


def _puller(canvas: Canvas, x: float, y: float, color: Color) -> None:
    canvas.body(ellipse(x, y, 8), STEEL, 3)
    canvas.stroke([(x, y + 4), (x + 5, y + 42)], 7, color)


def _buckle(canvas: Canvas, x: float, top: float, bottom: float, color: Color) -> None:
    canvas.stroke([(x, top), (x, bottom)], 13, STRAP)
    canvas.body(rounded(x - 15, (top + bottom) / 2 - 20, 30, 40, 7), (74, 76, 82), 6)
    canvas.fill(rounded(x - 8, (top + bottom) / 2 - 11, 16, 9, 3), color)


def _patch(canvas: Canvas, x: float, y: float, color: Color) -> None:
    canvas.body(rounded(x - 46, y - 23, 92, 46, 8), (176, 124, 76), 6, 0.8)
    canvas.stroke(
        path(
            f"M {x - 24} {y + 10} L {x - 6} {y - 10} L {x + 6} {y + 4} L {x + 14} {y - 4} L"
            f" {x + 26} {y + 10}"
        ),
        4,
        dark(color, 0.45),
    )
