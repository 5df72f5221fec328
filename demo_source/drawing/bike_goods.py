"""What goes on a bicycle: lights, locks, helmets, bags, tools, parts."""

import math

from demo_source.drawing.canvas import Canvas
from demo_source.drawing.colors import CHALK, INK, STEEL, Color, dark, light
from demo_source.drawing.paths import Outline, ellipse, mirrored, moved, path, rounded, turned

BLACK: Color = (44, 46, 52)


def draw_bike_good(canvas: Canvas, kind: str, color: Color, accent: Color) -> None:
    """One of the eleven kinds."""
    drawers = {
        "helmet": _helmet,
        "front_light": _front_light,
        "rear_light": _rear_light,
        "u_lock": _u_lock,
        "chain_lock": _chain_lock,
        "pannier": _pannier,
        "handlebar_bag": _handlebar_bag,
        "floor_pump": _floor_pump,
        "multitool": _multitool,
        "bell": _bell,
        "saddle": _saddle,
    }
    drawers[kind](canvas, color, accent)


def _helmet(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 734, 560, 34, 0.45)
    canvas.stroke(path("M 300 560 C 340 640 400 700 452 716"), 13, BLACK)
    canvas.stroke(path("M 640 580 C 600 650 520 700 452 716"), 13, BLACK)
    canvas.body(rounded(430, 700, 48, 28, 8), BLACK, 6)
    canvas.body(
        path("M 190 560 C 240 620 480 640 800 560 L 800 600 C 560 670 300 660 200 600 Z"),
        dark(color, 0.55),
        16,
    )
    shell = path(
        "M 176 560 C 164 400 300 262 510 258 C 700 258 836 380 850 540"
        " C 852 576 820 590 780 586 C 600 560 420 610 230 610 Q 184 604 176 560 Z"
    )
    mask = canvas.body(shell, color, 80, 1.2)
    vents = (
        "M 300 470 Q 330 350 440 306 Q 470 306 462 326 Q 380 390 356 490 Q 330 520 300 470 Z",
        "M 430 470 Q 450 360 530 312 Q 566 306 564 330 Q 500 400 494 486 Q 460 516 430 470 Z",
        "M 560 466 Q 570 370 620 326 Q 650 320 656 346 Q 620 410 624 476 Q 590 506 560 466 Z",
        "M 690 470 Q 690 400 706 362 Q 730 350 744 380 Q 740 430 752 476 Q 720 500 690 470 Z",
    )
    for vent in vents:
        hole = canvas.fill(path(vent), dark(color, 0.78))
        canvas.soft_line([(x - 5, y - 5) for x, y in path(vent)][:20], 12, (0, 0, 0), 0.5, 5, hole)
        canvas.stroke(path(vent)[18:40], 3, light(color, 0.5), 0.6)
    canvas.stroke(
        path("M 184 560 C 300 590 480 560 640 548 C 720 542 800 556 846 552"), 11, accent, 1, mask
    )
    canvas.soft_line(path("M 250 420 C 300 330 380 290 470 280"), 24, (255, 255, 255), 0.5, 9, mask)


def _front_light(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 722, 470, 32, 0.45)
    canvas.soft(path("M 250 460 L 30 320 L 30 640 L 250 520 Z"), (255, 240, 180), 0.75, 40)
    canvas.body(rounded(500, 590, 120, 110, 34), BLACK, 20)
    canvas.body(ellipse(560, 646, 26), (92, 94, 100), 8)
    canvas.body(
        path("M 330 350 L 690 372 Q 756 380 760 470 Q 760 576 690 590 L 330 612 Z"), color, 56, 1.2
    )
    for x in (590, 630, 670, 710):
        canvas.stroke([(x, 388), (x, 574)], 8, dark(color, 0.5), 0.8)
    canvas.body(
        path("M 338 336 Q 240 346 236 480 Q 240 616 338 626 Q 372 620 372 480 Q 372 342 338 336 Z"),
        (70, 72, 78),
        22,
    )
    canvas.gradient(
        canvas.mask(ellipse(298, 481, 46, 128)),
        (0, 0),
        (1, 1),
        [(0, (255, 255, 250)), (0.5, (255, 236, 170)), (1, (224, 196, 120))],
    )
    canvas.stroke(ellipse(298, 481, 46, 128), 5, STEEL)
    canvas.soft(ellipse(290, 470, 18, 60), (255, 255, 255), 1, 8)
    canvas.body(ellipse(520, 366, 36, 12), accent, 5)


def _rear_light(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 812, 330, 30, 0.45)
    canvas.soft(ellipse(500, 470, 300, 300), color, 0.42, 70)
    canvas.body(rounded(356, 210, 288, 570, 120), BLACK, 40, 1.2)
    canvas.body(rounded(388, 246, 224, 430, 92), color, 50, 1.2)
    for row in range(6):
        for column in range(3):
            x, y = 440 + column * 60, 316 + row * 56
            canvas.body(ellipse(x, y, 22), light(color, 0.16), 8)
            canvas.soft(ellipse(x - 4, y - 4, 8), (255, 240, 230), 0.9, 6)
    canvas.body(rounded(446, 706, 108, 36, 18), (78, 80, 86), 8)
    canvas.soft_line(path("M 410 320 C 404 440 404 540 412 620"), 18, (255, 255, 255), 0.55, 7)


def _u_lock(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 842, 520, 32, 0.45)
    bow = path("M 336 700 L 336 350 C 336 130 664 130 664 350 L 664 700")
    canvas.tube(bow, 62, color)
    canvas.tube([(336, 640), (336, 704)], 46, STEEL)
    canvas.tube([(664, 640), (664, 704)], 46, STEEL)
    bar = canvas.body(rounded(236, 690, 528, 122, 58), BLACK, 40, 1.2)
    canvas.paint(canvas.mask(rounded(300, 680, 40, 140, 4)), color, 1, bar)
    canvas.paint(canvas.mask(rounded(660, 680, 40, 140, 4)), color, 1, bar)
    canvas.volume(bar, 30, 0.5)
    canvas.body(ellipse(500, 751, 36), STEEL, 10)
    canvas.fill(ellipse(500, 745, 11), INK)
    canvas.fill(rounded(494, 745, 12, 28, 4), INK)
    canvas.soft_line([(280, 712), (500, 704), (720, 712)], 12, (255, 255, 255), 0.4, 5)


def _chain_lock(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 812, 640, 34, 0.42)
    loop = path(
        "M 470 640 C 300 760 150 620 180 450 C 210 270 400 190 540 210 C 730 230 850 380 820 540 C"
        " 800 650 720 720 620 690"
    )
    canvas.tube(loop, 74, color)
    for number in range(6, len(loop) - 4, 5):
        (x0, y0), (x1, y1) = loop[number], loop[number + 1]
        length = math.hypot(x1 - x0, y1 - y0)
        nx, ny = -(y1 - y0) / length * 32, (x1 - x0) / length * 32
        canvas.soft_line(
            [(x0 + nx, y0 + ny), (x0, y0), (x0 - nx, y0 - ny)], 9, dark(color, 0.7), 0.5, 4
        )
    for x, y in ((470, 640), (620, 690)):
        canvas.body(ellipse(x, y, 34), STEEL, 12, hole=ellipse(x, y, 15))
    canvas.body(turned(rounded(440, 626, 210, 130, 44), 18, (545, 690)), BLACK, 40, 1.2)
    canvas.body(ellipse(548, 692, 34), STEEL, 10)
    canvas.fill(turned(rounded(542, 674, 12, 36, 5), 18, (548, 692)), INK)
    canvas.body(turned(rounded(600, 690, 30, 42, 8), 18, (545, 690)), accent, 8)


def _pannier(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 842, 560, 32, 0.45)
    for x in (390, 590):
        canvas.body(rounded(x, 220, 32, 90, 12), BLACK, 8)
        canvas.body(rounded(x - 12, 214, 56, 30, 12), BLACK, 8)
    mask = canvas.body(
        path("M 286 330 L 714 330 L 742 790 Q 742 832 700 834 L 300 834 Q 258 832 258 790 Z"),
        color,
        60,
        1.2,
    )
    canvas.soft_line(
        path("M 316 400 C 300 540 296 660 300 780"), 30, (255, 255, 255), 0.42, 12, mask
    )
    canvas.body(
        path(
            "M 262 740 Q 500 770 738 740 L 742 796 Q 740 832 700 834 L 300 834 Q 258 830 258 796 Z"
        ),
        dark(color, 0.45),
        20,
    )
    for y, grow in ((324, 0), (288, 8), (256, 14)):
        canvas.body(rounded(280 - grow, y - 10, 440 + 2 * grow, 50, 24), color, 16, 1.1)
    for x in (282, 718):
        canvas.stroke([(x, 280), (x + (x - 500) * 0.06, 560)], 22, BLACK)
        canvas.body(rounded(x - 20 + (x - 500) * 0.02, 400, 44, 66, 10), (72, 74, 80), 8)
    canvas.stroke(path("M 420 262 Q 420 190 500 190 Q 580 190 580 262"), 18, BLACK)
    sign = mirrored(path("M 500 520 L 446 540 L 446 600 Q 452 650 500 674"))
    canvas.body(sign, (228, 230, 232), 8, 0.7)
    canvas.stroke(path("M 470 602 L 492 576 L 506 592 L 530 564"), 7, accent)


def _handlebar_bag(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 786, 580, 32, 0.45)
    canvas.stroke(
        path(
            "M 250 420 C 200 560 220 300 330 240 C 440 180 560 180 670 240 C 780 300 800 560"
            " 750 420"
        ),
        18,
        BLACK,
    )
    mask = canvas.body(
        path("M 236 400 L 764 400 L 748 730 Q 744 776 696 778 L 304 778 Q 256 776 252 730 Z"),
        color,
        60,
        1.15,
    )
    canvas.paint(
        canvas.mask(path("M 230 680 Q 500 700 770 680 L 770 790 L 230 790 Z")),
        dark(color, 0.4),
        1,
        mask,
    )
    canvas.volume(mask, 40, 0.4)
    lid = path(
        "M 222 400 C 222 340 270 306 330 302 L 670 302 C 730 306 778 340 778 400 L 768 470 Q 500"
        " 500 232 470 Z"
    )
    canvas.soft(moved(lid, 0, 12), INK, 0.34, 12, mask)
    canvas.body(lid, color, 40, 1.1)
    canvas.gradient(
        canvas.body(rounded(350, 318, 300, 112, 14), (214, 222, 214), 8, 0.6),
        (0, 0),
        (1, 1),
        [(0, (236, 240, 230)), (1, (198, 214, 208))],
    )
    for line, shade in (
        ("M 360 400 Q 440 350 500 390 Q 560 420 640 346", (222, 140, 70)),
        ("M 380 330 Q 420 390 520 340 Q 580 330 640 400", (110, 160, 190)),
    ):
        canvas.stroke(path(line), 6, shade)
    for x in (330, 670):
        canvas.stroke([(x, 440), (x, 600)], 24, (146, 94, 56))
        canvas.body(rounded(x - 20, 520, 40, 40, 7), STEEL, 6)
    canvas.body(rounded(440, 580, 120, 52, 8), accent, 8)


def _floor_pump(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 884, 440, 28, 0.45)
    hose = path("M 520 760 C 700 760 720 560 660 420 C 620 320 640 240 690 220")
    canvas.tube(hose, 15, BLACK)
    canvas.body(rounded(660, 180, 66, 44, 12), BLACK, 10)
    canvas.body(rounded(726, 190, 34, 24, 6), STEEL, 6)
    canvas.cylinder(rounded(488, 150, 24, 260, 4), STEEL)
    canvas.body(rounded(340, 112, 320, 50, 25), (160, 108, 66), 18)
    canvas.cylinder(rounded(462, 330, 76, 480, 12), color)
    canvas.cylinder(rounded(452, 322, 96, 40, 10), BLACK)
    canvas.body(
        path("M 320 880 Q 320 836 400 826 L 452 800 L 548 800 L 600 826 Q 680 836 680 880 Z"),
        BLACK,
        20,
    )
    canvas.body(ellipse(500, 742, 72), BLACK, 16)
    canvas.body(ellipse(500, 742, 60), CHALK, 12, 0.8)
    for number in range(9):
        angle = math.radians(135 + number * 33.75)
        canvas.stroke(
            [(500 + r * math.cos(angle), 742 + r * math.sin(angle)) for r in (44, 53)], 3, INK
        )
    canvas.stroke([(500, 742), (532, 712)], 6, (206, 52, 52))
    canvas.fill(ellipse(500, 742, 7), INK)


def _multitool(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 772, 560, 32, 0.45)
    for degrees, long in ((-78, 250), (-52, 230), (-26, 216)):
        blade = turned(
            [(300, 610), (300 + long, 610), (300 + long, 634), (300, 634)], degrees, (300, 620)
        )
        canvas.body(blade, STEEL, 7)
    for degrees, long in ((-118, 220), (-144, 200)):
        canvas.body(
            turned(
                [(700, 610), (700 + long, 610), (700 + long, 632), (700, 632)], degrees, (700, 620)
            ),
            STEEL,
            7,
        )
    elbow = path(
        "M 690 600 L 690 430 Q 690 400 660 400 L 560 400 L 560 424 L 650 424 Q 664 424 664 440 L"
        " 664 600 Z"
    )
    canvas.body(elbow, (170, 174, 180), 7)
    canvas.body(rounded(226, 556, 548, 180, 70), dark(STEEL, 0.35), 30)
    mask = canvas.body(rounded(226, 586, 548, 150, 70), color, 50, 1.25)
    for x in (300, 700):
        canvas.body(ellipse(x, 660, 28), STEEL, 10)
        canvas.fill(
            [
                (x + 13 * math.cos(a), 660 + 13 * math.sin(a))
                for a in (math.tau * n / 6 for n in range(6))
            ],
            INK,
        )
    for number in range(5):
        canvas.stroke(
            [(420 + number * 38, 630), (402 + number * 38, 694)], 9, dark(color, 0.4), 0.7, mask
        )
    canvas.soft_line([(270, 610), (500, 602), (730, 610)], 14, (255, 255, 255), 0.5, 6, mask)


def _bell(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 792, 460, 32, 0.45)
    canvas.tube([(130, 716), (870, 716)], 54, (86, 88, 94))
    canvas.body(rounded(410, 660, 180, 112, 30), STEEL, 20)
    canvas.tube(path("M 640 610 C 720 620 760 600 776 560"), 22, STEEL)
    canvas.body(ellipse(780, 552, 28), BLACK, 10)
    dome = path("M 250 620 C 240 420 350 300 500 298 C 650 300 760 420 750 620 Q 500 676 250 620 Z")
    mask = canvas.body(dome, color, 90, 1.3)
    canvas.soft(
        path("M 320 560 C 310 440 370 360 440 344 C 400 420 380 500 386 580 Z"),
        (255, 255, 255),
        0.75,
        12,
        mask,
    )
    canvas.soft(
        path("M 660 590 C 700 520 700 450 670 400 C 720 450 736 540 716 600 Z"),
        (255, 255, 255),
        0.35,
        10,
        mask,
    )
    canvas.body(
        path("M 242 606 Q 500 664 758 606 L 762 634 Q 500 696 238 634 Z"), light(color, 0.1), 10
    )
    canvas.body(ellipse(500, 300, 34, 22), STEEL, 10)


def _saddle(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 742, 680, 34, 0.42)
    for dy in (0, 26):
        canvas.tube(
            path(
                f"M 240 {560 + dy} C 330 {660 + dy} 420 {676 + dy} 560 {666 + dy} C 660 {650 + dy}"
                f" 720 {560 + dy} 800 {520 + dy}"
            ),
            17,
            STEEL,
        )
    top = path(
        "M 120 470 C 130 380 220 350 330 384 C 460 420 560 430 700 424 L 850 418 C 910 418 920 486"
        " 866 496 L 700 516 C 580 530 520 560 450 600 C 360 650 220 640 166 570 Q 124 520 120 470 Z"
    )
    mask = canvas.body(top, color, 60, 1.3)
    canvas.soft(
        path("M 260 470 C 400 460 560 470 760 454 C 560 490 420 500 300 510 Z"),
        dark(color, 0.8),
        0.7,
        12,
        mask,
    )
    canvas.soft_line(
        path("M 180 420 C 280 380 400 420 560 430 C 680 436 780 430 860 432"),
        16,
        (255, 246, 230),
        0.6,
        7,
        mask,
    )
    canvas.dashes(
        path("M 150 520 C 220 600 340 620 440 572 C 520 530 600 506 720 492"),
        3.4,
        light(color, 0.5),
        9,
        0.8,
    )
    rivets: Outline = [(176, 440), (216, 410), (262, 396), (840, 444), (842, 470)]
    for x, y in rivets:
        canvas.body(ellipse(x, y, 11), (206, 170, 110), 4)
