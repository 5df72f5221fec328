"""What stands on the camp site."""

from demo_source.drawing.canvas import Canvas
from demo_source.drawing.colors import CHALK, INK, STEEL, Color, dark, light, mix
from demo_source.drawing.paths import Outline, ellipse, mirrored, moved, path, rounded, turned

BLACK: Color = (46, 48, 54)
CORK: Color = (198, 152, 102)


def draw_camp_good(canvas: Canvas, kind: str, color: Color, accent: Color) -> None:
    """One of the ten kinds."""
    drawers = {
        "bottle": _bottle,
        "thermos": _thermos,
        "mug": _mug,
        "lantern": _lantern,
        "sleeping_bag": _sleeping_bag,
        "sleeping_mat": _sleeping_mat,
        "stove": _stove,
        "pot_set": _pot_set,
        "camp_chair": _camp_chair,
        "hammock": _hammock,
    }
    drawers[kind](canvas, color, accent)


def _bottle(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 884, 300, 28, 0.5)
    canvas.stroke(path("M 452 150 C 452 90 548 90 548 150"), 17, BLACK)
    canvas.cylinder(rounded(440, 136, 120, 84, 16), BLACK)
    canvas.cylinder(
        mirrored(
            path(
                "M 500 214 L 446 214 L 442 252 C 436 288 380 300 372 370 L 372 840 Q 376 884 420"
                " 886 L 500 888"
            )
        ),
        color,
    )
    canvas.cylinder(rounded(444, 214, 112, 16, 4), STEEL)
    canvas.cylinder(
        path("M 373 806 L 627 806 L 626 846 Q 620 886 580 886 L 420 886 Q 380 886 374 846 Z"),
        dark(color, 0.2),
    )
    canvas.stroke(path("M 440 596 L 482 540 L 508 574 L 530 548 L 564 596"), 9, CHALK, 0.9)
    canvas.stroke(path("M 440 620 L 564 620"), 6, CHALK, 0.9)


def _thermos(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 896, 320, 28, 0.5)
    canvas.stroke(path("M 628 420 C 740 420 740 700 628 700"), 28, BLACK)
    canvas.cylinder(rounded(408, 96, 184, 150, 26), STEEL)
    canvas.cylinder(rounded(396, 234, 208, 34, 8), BLACK)
    canvas.cylinder(
        mirrored(
            path(
                "M 500 264 L 398 264 C 376 280 364 306 364 340 L 364 850 Q 366 896 410 898 L"
                " 500 899"
            )
        ),
        color,
    )
    canvas.cylinder(
        path("M 364 820 L 636 820 L 636 856 Q 632 898 592 899 L 408 899 Q 368 898 364 856 Z"), STEEL
    )
    for y in (416, 702):
        canvas.cylinder(rounded(360, y - 14, 280, 30, 6), BLACK)
    canvas.body(rounded(440, 520, 120, 60, 10), mix(accent, color, 0.1), 6, 0.7)


def _mug(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(470, 764, 470, 34, 0.5)
    canvas.tube(path("M 660 400 C 820 380 830 640 656 640"), 36, color)
    canvas.cylinder(
        path(
            "M 260 330 L 680 330 L 664 720 Q 660 760 616 764 Q 470 776 324 764 Q 280 760 276 720 Z"
        ),
        color,
        0.7,
    )
    canvas.body(ellipse(470, 330, 210, 42), dark(color, 0.3), 10)
    canvas.gradient(
        canvas.mask(ellipse(470, 338, 186, 32)),
        (0, 0),
        (0, 1),
        [(0, dark(color, 0.5)), (1, light(color, 0.4))],
    )
    canvas.stroke(ellipse(470, 330, 210, 42), 12, (60, 66, 92))
    for x, y, r in (
        (360, 460, 5),
        (412, 620, 6),
        (520, 520, 4),
        (580, 660, 5),
        (332, 560, 4),
        (620, 480, 4),
        (460, 700, 4),
        (540, 610, 3),
    ):
        canvas.fill(ellipse(x, y, r, r * 0.8), mix(light(color, 0.5), INK, 0.3))


def _lantern(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 856, 390, 30, 0.5)
    canvas.soft(ellipse(500, 520, 330, 300), (255, 226, 150), 0.6, 90)
    canvas.stroke(path("M 372 330 C 360 90 640 90 628 330"), 13, (96, 98, 104))
    canvas.body(mirrored(path("M 500 236 L 430 244 Q 400 262 384 340 L 500 346")), color, 26, 1.2)
    glass = canvas.mask(rounded(392, 340, 216, 300, 20))
    canvas.gradient(
        glass,
        (0, 0.5),
        (1, 0.5),
        [(0, (236, 196, 110)), (0.3, (255, 250, 224)), (0.6, (255, 236, 176)), (1, (222, 176, 92))],
    )
    canvas.soft(ellipse(500, 490, 66, 110), (255, 255, 246), 1, 24, glass)
    for x in (408, 466, 534, 592):
        canvas.tube([(x, 336), (x, 644)], 9, (104, 106, 112))
    canvas.body(
        path("M 366 636 L 634 636 L 652 806 Q 652 850 610 854 L 390 854 Q 348 850 348 806 Z"),
        color,
        44,
        1.2,
    )
    canvas.body(ellipse(500, 742, 48), BLACK, 12)
    canvas.stroke([(500, 742), (524, 716)], 8, CHALK)
    canvas.cylinder(rounded(356, 624, 288, 28, 8), BLACK)


def _sleeping_bag(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 896, 420, 28, 0.4)
    bag = mirrored(
        path(
            "M 500 96 C 400 96 356 150 350 226 C 330 300 300 360 304 440 C 312 600 372 780 400 850"
            " Q 420 892 500 894"
        )
    )
    mask = canvas.body(bag, color, 70, 1.2)
    for y in range(330, 880, 62):
        seam = path(f"M 280 {y} Q 500 {y + 34} 720 {y}")
        canvas.soft_line(moved(seam, 0, -6), 26, dark(color, 0.75), 0.36, 9, mask)
        canvas.soft_line(moved(seam, 0, 24), 22, light(color, 0.8), 0.28, 9, mask)
        canvas.stroke(seam, 2.6, dark(color, 0.5), 0.8, mask)
    canvas.body(
        mirrored(path("M 500 142 C 440 142 412 176 410 226 Q 412 284 500 292")),
        dark(color, 0.6),
        26,
    )
    canvas.body(
        mirrored(path("M 500 206 C 450 206 428 222 426 246 Q 430 278 500 284")), (222, 218, 208), 14
    )
    canvas.stroke(
        mirrored(path("M 500 138 C 436 138 404 176 402 226 Q 406 290 496 298")), 7, dark(color, 0.4)
    )
    canvas.stroke(path("M 588 270 C 640 400 620 620 566 860"), 9, dark(color, 0.5), 1, mask)
    canvas.dashes(path("M 588 270 C 640 400 620 620 566 860"), 4, light(accent, 0.4), 4, 0.9)
    canvas.body(turned(rounded(600, 380, 16, 40, 6), -6, (608, 400)), accent, 4)


def _sleeping_mat(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(490, 792, 800, 34, 0.42)
    sheet = path(
        "M 330 380 L 690 300 Q 900 560 930 690 Q 930 720 890 730 L 400 772 Q 330 772 320 700 Z"
    )
    mask = canvas.body(sheet, color, 40, 1.1)
    for number in range(1, 7):
        shift = number * 62
        seam = path(
            f"M {330 + shift} {372 - shift * 0.2} Q {420 + shift} {560 - shift * 0.1} {376 + shift}"
            f" {778 - shift * 0.08}"
        )
        canvas.soft_line(seam, 26, dark(color, 0.7), 0.32, 9, mask)
        canvas.soft_line(moved(seam, 22, 0), 20, light(color, 0.8), 0.3, 8, mask)
    canvas.cylinder(
        path(
            "M 176 420 Q 176 366 262 366 Q 350 366 350 420 L 350 728 Q 350 786 262 786 Q 176 786"
            " 176 728 Z"
        ),
        dark(color, 0.1),
    )
    canvas.body(ellipse(263, 414, 87, 46), dark(color, 0.2), 14)
    for size in (70, 52, 34, 16):
        canvas.stroke(
            ellipse(263, 414, size, size * 0.53), 5, light(color, 0.35 if size % 4 else 0.15), 0.8
        )
    for y in (500, 660):
        canvas.stroke(path(f"M 176 {y} Q 262 {y + 46} 350 {y}"), 22, BLACK)
        canvas.body(rounded(240, y + 6, 44, 36, 7), (84, 86, 92), 6)
    canvas.body(ellipse(880, 690, 20), accent, 8)


def _stove(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 872, 460, 30, 0.5)
    canvas.cylinder(
        mirrored(
            path("M 500 590 L 450 592 Q 350 610 336 690 L 336 820 Q 340 870 400 874 L 500 876")
        ),
        accent,
    )
    canvas.paint(canvas.mask(path("M 336 720 L 664 720 L 664 790 L 336 790 Z")), CHALK, 0.92)
    canvas.stroke(path("M 430 772 L 474 736 L 500 758 L 530 730 L 572 772"), 8, dark(accent, 0.2))
    canvas.cylinder(rounded(456, 470, 88, 130, 12), (196, 168, 104))
    canvas.tube([(544, 540), (652, 540), (684, 516)], 13, STEEL)
    for x, y in ((500, 452),):
        for end in (-196, -70, 70, 196):
            canvas.tube(
                [(x + end * 0.2, y + 16), (x + end, y - 120), (x + end * 1.14, y - 150)],
                17,
                light(STEEL, 0.1),
            )
    canvas.cylinder(path("M 420 400 L 580 400 L 566 470 L 434 470 Z"), (120, 122, 128))
    canvas.soft(
        path("M 420 400 Q 430 300 470 260 Q 480 310 500 230 Q 524 310 534 262 Q 570 310 580 400 Z"),
        (66, 130, 232),
        0.85,
        9,
    )
    canvas.soft(
        path("M 450 400 Q 466 340 484 330 Q 500 290 516 334 Q 540 350 550 400 Z"),
        (190, 226, 255),
        0.95,
        7,
    )
    canvas.body(ellipse(500, 400, 84, 15), (92, 94, 100), 6)


def _pot_set(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 842, 640, 34, 0.48)
    canvas.tube([(690, 560), (900, 540)], 26, accent)
    canvas.cylinder(
        path("M 240 520 L 700 520 L 690 790 Q 684 836 630 838 L 310 838 Q 256 836 250 790 Z"),
        color,
        0.7,
    )
    canvas.body(ellipse(470, 520, 232, 40), dark(color, 0.3), 10)
    canvas.cylinder(
        path("M 290 336 L 650 336 L 646 520 Q 470 552 294 520 Z"), light(color, 0.18), 0.7
    )
    canvas.body(ellipse(470, 336, 194, 36), color, 12)
    canvas.body(
        path("M 276 330 Q 300 268 470 262 Q 640 268 664 330 Q 470 374 276 330 Z"),
        light(color, 0.22),
        26,
        1.2,
    )
    canvas.body(rounded(440, 214, 60, 56, 18), accent, 12)
    canvas.stroke(path("M 248 548 Q 470 596 694 548"), 5, dark(color, 0.4), 0.6)
    for y in (650, 720):
        canvas.stroke([(600, y), (640, y)], 4, dark(color, 0.45), 0.7)


def _camp_chair(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 874, 620, 32, 0.42)
    frame: Color = (74, 76, 84)
    for line in (((300, 560), (700, 860)), ((700, 560), (300, 860))):
        canvas.tube(list(line), 17, dark(frame, 0.2))
    for x in (270, 730):
        canvas.tube([(x, 200), (x + (x - 500) * 0.08, 864)], 18, frame)
    canvas.body(path("M 276 190 Q 500 232 724 190 L 716 540 Q 500 610 284 540 Z"), color, 50, 1.15)
    canvas.body(
        path("M 340 260 Q 500 284 660 260 L 656 420 Q 500 448 344 420 Z"),
        dark(color, 0.22),
        16,
        0.8,
    )
    seat = path("M 274 540 Q 500 620 726 540 L 768 650 Q 500 730 232 650 Z")
    mask = canvas.body(seat, light(color, 0.06), 34, 1.1)
    canvas.dashes(path("M 240 640 Q 500 714 760 640"), 4, accent, 10, 0.9)
    canvas.soft_line(path("M 300 590 Q 500 660 700 590"), 24, dark(color, 0.7), 0.3, 10, mask)
    for line in (((240, 600), (740, 868)), ((760, 600), (260, 868))):
        canvas.tube([line[0], ((line[0][0] + line[1][0]) / 2, 745), line[1]], 18, frame)
    for x, side in ((214, 1), (786, -1)):
        canvas.body(rounded(x - 34, 446, 74, 34, 14), BLACK, 10)
        canvas.tube([(x + side * 6, 478), (x + side * 26, 660)], 15, frame)
    canvas.body(path("M 754 466 L 822 466 L 812 540 Q 788 556 764 540 Z"), dark(color, 0.3), 12)
    for x in (262, 740, 226, 778):
        canvas.body(rounded(x - 16, 856, 34, 20, 7), INK, 5)


def _hammock(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 786, 560, 36, 0.3)
    for x in (76, 924):
        canvas.cylinder(rounded(x - 42, 60, 84, 760, 20), (150, 112, 78), 0.25)
        canvas.body(rounded(x - 46, 232, 92, 40, 8), accent, 10)
    for side in (1, -1):
        rope: Outline = [(500 - side * 384, 254), (500 - side * 312, 326)]
        canvas.tube(rope, 13, (224, 212, 186))
    back = path(
        "M 180 322 C 300 520 420 560 500 560 C 580 560 700 520 820 322 C 740 640 620 690 500 692 C"
        " 380 690 260 640 180 322 Z"
    )
    canvas.body(back, dark(color, 0.4), 24)
    front = path(
        "M 180 322 C 260 560 380 640 500 642 C 620 640 740 560 820 322 C 790 650 640 770 500 772 C"
        " 360 770 210 650 180 322 Z"
    )
    mask = canvas.body(front, color, 50, 1.2)
    canvas.paint(
        canvas.mask(
            path(
                "M 180 322 C 250 600 380 680 500 684 C 620 680 750 600 820 322"
                " L 812 380 C 760 640 630 712 500 716 C 370 712 240 640 188 380 Z"
            )
        ),
        accent,
        0.85,
        mask,
    )
    for shift in (0, 40, 84):
        canvas.soft_line(
            path(
                f"M 200 {380 + shift} C 300 {640 + shift * 0.6} 420 {720 + shift * 0.4} 520"
                f" {730 + shift * 0.3}"
            ),
            14,
            dark(color, 0.7),
            0.28,
            7,
            mask,
        )
        canvas.soft_line(
            path(
                f"M 800 {400 + shift} C 720 {620 + shift * 0.6} 620 {700 + shift * 0.4} 540"
                f" {716 + shift * 0.3}"
            ),
            12,
            light(color, 0.8),
            0.3,
            7,
            mask,
        )
    for x in (182, 818):
        canvas.body(ellipse(x, 322, 17), STEEL, 7)
