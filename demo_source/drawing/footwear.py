"""Shoes from the side, toe to the right, as a pair: the far one a little behind."""

from collections.abc import Callable

from demo_source.drawing.canvas import Canvas, Mask
from demo_source.drawing.colors import CHALK, INK, STEEL, Color, dark, light, mix
from demo_source.drawing.paths import Outline, ellipse, path, rounded

SOLE = path(
    "M 214 690 C 320 706 420 690 520 700 C 640 712 760 690 842 676 Q 872 690 858 724"
    " Q 846 746 812 748 L 560 750 Q 540 736 430 738 L 404 750 L 238 750 Q 200 746 214 690 Z"
)
LOW_UPPER = path(
    "M 246 500 C 226 560 222 620 224 706 L 850 706 C 858 648 806 616 736 596 C 662 574 616 530 572"
    " 482 L 512 446 C 470 496 420 520 352 516 C 306 512 282 484 262 470 Q 250 470 246 500 Z"
)
HIGH_UPPER = path(
    "M 262 318 C 254 430 226 520 228 706 L 852 706 C 860 636 800 602 726 582"
    " C 640 558 592 500 556 424 L 516 300 Q 470 282 400 300 Q 320 322 290 302 Q 266 296 262 318 Z"
)


def draw_shoes(canvas: Canvas, kind: str, color: Color, accent: Color) -> None:
    """The far shoe, then the near one."""
    shoe: Callable[[Canvas, Color, Color], None] = {
        "hiking_boot": _hiking_boot,
        "hiking_shoe": _hiking_shoe,
        "trail_shoe": _trail_shoe,
        "sandal": _sandal,
        "rubber_boot": _rubber_boot,
    }[kind]
    canvas.shadow(520, 738, 700, 30, 0.3)
    canvas.shift(66, -46)
    shoe(canvas, dark(color, 0.14), dark(accent, 0.14))
    canvas.shift(-106, 66)
    canvas.shadow(520, 752, 700, 26, 0.5)
    shoe(canvas, color, accent)


def _hiking_boot(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.body(path("M 300 310 Q 400 250 520 270 L 574 420 L 440 430 Z"), dark(color, 0.35), 16)
    upper = canvas.body(HIGH_UPPER, color, 50)
    _rand(canvas, upper, 646)
    canvas.paint(
        canvas.mask(path("M 700 560 Q 800 590 870 660 L 870 720 L 690 720 Q 730 640 700 560 Z")),
        (62, 60, 62),
        1,
        upper,
    )
    canvas.paint(
        canvas.mask(path("M 210 560 Q 300 580 318 720 L 200 720 Z")), dark(color, 0.3), 1, upper
    )
    canvas.volume(upper, 30, 0.5)
    canvas.body(
        path(
            "M 258 306 Q 330 330 400 304 Q 470 282 522 296 L 536 350 Q 470 340 404 362 Q 330 384"
            " 256 364 Z"
        ),
        dark(color, 0.22),
        12,
    )
    for seam in (
        "M 330 384 C 350 480 330 560 322 640",
        "M 540 420 C 500 470 470 560 480 646",
        "M 604 520 Q 560 580 560 648",
    ):
        canvas.dashes(path(seam), 2.4, light(color, 0.4), 7, 0.7)
    _laces(
        canvas, [(536, 340), (546, 384), (560, 428), (586, 474), (620, 516), (664, 550)], 62, accent
    )
    canvas.stroke(path("M 268 320 Q 244 290 262 268 Q 284 262 286 300"), 8, accent)
    _sole(canvas, (58, 56, 58), mix((70, 66, 62), accent, 0.2))


def _hiking_shoe(canvas: Canvas, color: Color, accent: Color) -> None:
    _low_shoe(canvas, color, accent)
    _sole(canvas, (58, 58, 62), (96, 98, 104))


def _trail_shoe(canvas: Canvas, color: Color, accent: Color) -> None:
    upper = _low_shoe(canvas, color, accent)
    wave = path(
        "M 220 640 C 300 560 330 640 400 600 C 450 572 470 540 510 560 C 500 610 440 640 400 650 C"
        " 330 670 300 640 220 690 Z"
    )
    canvas.paint(canvas.mask(wave), accent, 0.92, upper)
    for column in range(6):
        for row in range(3):
            canvas.paint(
                canvas.mask(
                    ellipse(570 + column * 24 + row * 10, 600 + row * 22 + column * 5, 4.5)
                ),
                dark(color, 0.4),
                0.6,
                upper,
            )
    canvas.volume(upper, 26, 0.3)
    _sole(canvas, accent, CHALK, lugs=9)


def _low_shoe(canvas: Canvas, color: Color, accent: Color) -> Mask:
    canvas.body(path("M 380 500 Q 450 420 520 420 L 590 490 L 470 560 Z"), dark(color, 0.35), 14)
    upper = canvas.body(LOW_UPPER, color, 46)
    _rand(canvas, upper, 668)
    canvas.paint(
        canvas.mask(path("M 738 590 Q 830 610 870 680 L 870 720 L 720 720 Q 760 650 738 590 Z")),
        dark(color, 0.5),
        1,
        upper,
    )
    canvas.paint(
        canvas.mask(path("M 210 560 Q 310 590 330 720 L 200 720 Z")), dark(color, 0.3), 1, upper
    )
    canvas.volume(upper, 28, 0.45)
    canvas.stroke(
        path("M 252 484 C 290 520 330 526 366 524 C 430 520 480 500 520 454"), 13, dark(color, 0.4)
    )
    for seam in ("M 384 530 C 400 590 380 640 372 668", "M 560 520 Q 500 580 500 668"):
        canvas.dashes(path(seam), 2.4, light(color, 0.4), 7, 0.7)
    _laces(canvas, [(548, 476), (578, 510), (614, 540), (654, 566), (696, 586)], 54, accent)
    canvas.stroke(path("M 250 500 Q 218 470 236 444 Q 262 440 262 478"), 7, accent)
    return upper


def _sandal(canvas: Canvas, color: Color, accent: Color) -> None:
    bed = path(
        "M 204 640 C 300 600 380 640 480 668 C 600 700 740 672 862 668 Q 880 690 866 716 L 220 716"
        " Q 196 690 204 640 Z"
    )
    canvas.body(bed, (92, 78, 66), 14)
    canvas.body(
        path("M 204 676 Q 520 730 872 684 Q 884 716 862 742 L 226 744 Q 196 726 204 676 Z"),
        (56, 54, 56),
        14,
    )
    straps = (
        (
            "M 640 688 C 640 600 680 556 740 548 C 790 552 812 600 820 682 L 768 690 C 764 630 752"
            " 604 734 604 C 708 608 700 650 696 694 Z"
        ),
        "M 420 668 C 440 590 520 520 586 510 L 622 548 C 560 570 510 620 500 682 Z",
        (
            "M 214 660 C 210 560 226 480 270 450 C 330 440 430 470 560 518 L 600 556 C 480 520 340"
            " 494 290 502 C 268 530 262 600 270 654 Z"
        ),
    )
    for number, strap in enumerate(straps):
        mask = canvas.body(path(strap), color, 16)
        canvas.volume(mask, 10, 0.3)
        if number != 1:
            canvas.dashes(
                path(
                    "M 300 476 Q 420 490 560 530"
                    if number == 2
                    else "M 668 676 Q 680 590 736 576 Q 790 590 796 674"
                ),
                2.4,
                accent,
                8,
                0.9,
            )
    canvas.body(rounded(520, 498, 72, 40, 9), (60, 60, 66), 8)
    canvas.body(rounded(532, 506, 46, 24, 6), accent, 6)
    for x in range(232, 860, 34):
        canvas.body(rounded(x, 738, 22, 12, 3), (44, 43, 46), 3)


def _rubber_boot(canvas: Canvas, color: Color, accent: Color) -> None:
    shaft = path(
        "M 286 150 C 286 330 262 480 248 600 L 244 706 L 836 706 C 850 640 800 600 720 578"
        " C 630 552 580 500 570 400 L 572 152 Q 430 128 286 150 Z"
    )
    mask = canvas.body(shaft, color, 60, 1.1)
    canvas.body(ellipse(429, 152, 143, 17), dark(color, 0.5), 8)
    canvas.stroke(ellipse(429, 152, 143, 17), 6, light(color, 0.2))
    canvas.soft_line(path("M 346 190 C 340 340 326 470 312 620"), 30, (255, 255, 255), 0.5, 9, mask)
    canvas.soft_line(path("M 640 590 Q 730 604 790 650"), 20, (255, 255, 255), 0.5, 8, mask)
    for y in (470, 506):
        canvas.soft_line(
            [(560, y), (470, y + 26), (390, y + 8)], 12, dark(color, 0.6), 0.34, 6, mask
        )
    canvas.paint(
        canvas.mask(path("M 270 196 Q 430 176 590 196 L 590 230 Q 430 210 270 230 Z")),
        accent,
        0.95,
        mask,
    )
    canvas.paint(
        canvas.mask(path("M 220 640 Q 540 668 860 640 L 860 720 L 220 720 Z")),
        dark(color, 0.18),
        1,
        mask,
    )
    canvas.stroke(path("M 288 170 Q 262 130 280 108 Q 304 106 304 148"), 12, accent)
    _sole(canvas, light(accent, 0.1), accent, lugs=7)


def _rand(canvas: Canvas, upper: Mask, top: float) -> None:
    canvas.paint(
        canvas.mask(path(f"M 200 {top} Q 520 {top + 24} 880 {top - 6} L 880 730 L 200 730 Z")),
        (60, 58, 62),
        0.92,
        upper,
    )


def _sole(canvas: Canvas, lower: Color, middle: Color, lugs: int = 8) -> None:
    width = 620 / lugs
    for number in range(lugs):
        x = 226 + number * width
        canvas.body(
            path(
                f"M {x} 730 L {x + width * 0.78} 730 L {x + width * 0.68} 766 L {x + width * 0.08}"
                " 766 Z"
            ),
            dark(lower, 0.25),
            5,
        )
    canvas.body(SOLE, middle, 18)
    canvas.stroke(path("M 222 728 L 410 728 Q 440 720 560 728 L 846 724"), 5, dark(lower, 0.2), 0.8)
    canvas.soft_line(
        path("M 240 702 Q 400 712 520 710 Q 700 716 830 692"), 6, (255, 255, 255), 0.4, 3
    )


def _laces(canvas: Canvas, eyelets: Outline, long: float, color: Color) -> None:
    """Lace over the tongue, hooks and all, and a bow on top."""
    for number, (x, y) in enumerate(eyelets):
        canvas.tube([(x - long * 0.74, y + 20), (x + 12, y - 6)], 9, color)
        if number:
            before = eyelets[number - 1]
            canvas.tube(
                [(before[0] - long * 0.74, before[1] + 20), (x + 8, y - 4)], 6, dark(color, 0.2)
            )
    for x, y in eyelets:
        canvas.body(ellipse(x - long * 0.78, y + 22, 8), STEEL, 3)
        canvas.fill(ellipse(x - long * 0.78, y + 22, 3.2), INK)
    x, y = eyelets[0]
    for loop in (
        f"M {x} {y} C {x + 50} {y - 60} {x + 100} {y - 20} {x + 6} {y + 6}",
        f"M {x} {y} C {x - 40} {y + 20} {x - 10} {y + 84} {x + 14} {y + 10}",
    ):
        canvas.stroke(path(loop), 6, dark(color, 0.1))
    canvas.body(ellipse(x + 2, y + 2, 9), color, 4)
