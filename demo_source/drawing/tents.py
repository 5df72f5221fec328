"""Tents and tarps on their pitch."""

from demo_source.drawing.canvas import Canvas, Mask
from demo_source.drawing.colors import INK, STEEL, Color, dark, light, mix
from demo_source.drawing.paths import Outline, Point, ellipse, flipped, path

GUY: Color = (250, 246, 236)
INSIDE: Color = (92, 70, 58)


def draw_tent(canvas: Canvas, kind: str, color: Color, accent: Color) -> None:
    """One of the five shapes."""
    drawers = {
        "dome_tent": _dome,
        "tunnel_tent": _tunnel,
        "tipi_tent": _tipi,
        "trekking_tent": _trekking,
        "tarp": _tarp,
    }
    drawers[kind](canvas, color, accent)


def _dome(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 752, 900, 40, 0.4)
    _guys(canvas, [((230, 470), (70, 764)), ((770, 470), (930, 764))])
    fly = path("M 122 752 C 170 520 320 312 500 300 C 680 312 830 520 878 752 Q 500 786 122 752 Z")
    mask = canvas.body(fly, color, 70, 1.1)
    canvas.paint(
        canvas.mask(path("M 500 300 C 640 360 720 560 750 780 L 900 780 L 900 280 Z")),
        dark(color, 0.3),
        0.5,
        mask,
    )
    canvas.paint(
        canvas.mask(path("M 500 300 C 360 360 280 560 250 780 L 100 780 L 100 280 Z")),
        light(color, 0.5),
        0.25,
        mask,
    )
    _porch(
        canvas,
        mask,
        path("M 500 388 C 410 470 360 620 344 767 L 656 767 C 640 620 590 470 500 388 Z"),
        color,
        accent,
    )
    for pole in (
        path("M 126 750 C 260 560 380 310 500 300 C 640 320 720 560 752 772"),
        path("M 874 750 C 740 560 620 310 500 300 C 360 320 280 560 248 772"),
    ):
        canvas.stroke(pole, 9, dark(accent, 0.25))
        canvas.stroke(pole, 4, light(accent, 0.2))
    canvas.body(path("M 470 306 Q 500 262 530 306 Q 500 318 470 306 Z"), accent, 8)
    _hem(canvas, path("M 122 752 Q 500 786 878 752"), color)
    _pegs(canvas, [(70, 764), (930, 764), (122, 756), (878, 756)])


def _porch(canvas: Canvas, mask: Mask, door: Outline, color: Color, accent: Color) -> None:
    """The open door: lining in the warm light inside, one flap rolled to the side."""
    canvas.soft(door, dark(color, 0.8), 0.4, 10, mask)
    inside = canvas.mask(door)
    canvas.gradient(
        inside, (0.5, 0), (0.5, 1), [(0, dark(INSIDE, 0.3)), (0.6, INSIDE), (1, (196, 150, 96))]
    )
    inner = path("M 500 470 C 450 540 424 640 416 767 L 584 767 C 576 640 550 540 500 470 Z")
    canvas.paint(canvas.mask(inner), (250, 226, 170), 0.85, inside)
    canvas.soft(ellipse(500, 700, 60, 60), (255, 246, 214), 0.9, 30, inside)
    canvas.stroke(path("M 500 470 L 500 772"), 3, (160, 120, 80), 0.8)
    flap = path("M 500 388 C 590 470 640 620 656 767 L 700 764 C 690 600 600 440 500 380 Z")
    canvas.body(flap, dark(color, 0.12), 14)
    canvas.stroke(path("M 618 556 L 660 540"), 7, accent)


def _tunnel(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 748, 960, 40, 0.4)
    _guys(canvas, [((180, 470), (34, 750)), ((838, 400), (968, 762))])
    fly = path(
        "M 84 744 C 96 560 150 444 236 420 C 400 384 600 362 740 360 C 856 372 914 560 926 752 Q"
        " 500 790 84 744 Z"
    )
    mask = canvas.body(fly, color, 60, 1.1)
    canvas.paint(
        canvas.mask(path("M 470 350 C 520 480 540 640 546 790 L 940 790 L 940 340 Z")),
        light(color, 0.55),
        0.28,
        mask,
    )
    for number, hoop in enumerate(
        (
            "M 236 420 C 300 470 330 620 336 764",
            "M 474 376 C 530 440 560 620 566 776",
            "M 740 360 C 800 430 826 600 830 768",
        )
    ):
        canvas.soft_line(path(hoop), 36, dark(color, 0.7), 0.26, 12, mask)
        canvas.stroke(path(hoop), 8, dark(accent, 0.2) if number else dark(color, 0.3), 1, mask)
        canvas.stroke(path(hoop), 3, light(accent, 0.3), 0.9, mask)
    window = path("M 586 500 Q 660 480 746 482 Q 776 540 786 622 Q 690 640 606 634 Z")
    canvas.gradient(
        canvas.body(window, (206, 220, 226), 10),
        (0, 0),
        (1, 1),
        [(0, (232, 240, 242)), (0.5, (176, 198, 208)), (1, (220, 232, 236))],
    )
    canvas.stroke([*window, window[0]], 6, dark(color, 0.4))
    canvas.stroke(path("M 690 484 Q 702 560 706 636"), 4, dark(color, 0.4))
    door = path("M 366 462 Q 420 452 452 460 Q 506 560 520 768 L 372 766 Q 372 580 366 462 Z")
    canvas.gradient(
        canvas.mask(door), (0, 0), (0.3, 1), [(0, dark(INSIDE, 0.45)), (1, (206, 164, 108))]
    )
    canvas.body(
        path("M 452 460 Q 506 560 520 768 L 552 768 Q 540 560 470 452 Z"), dark(color, 0.15), 10
    )
    _hem(canvas, path("M 84 744 Q 500 790 926 752"), color)
    _pegs(canvas, [(34, 750), (968, 762), (84, 748), (926, 756)])


def _tipi(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 782, 860, 42, 0.4)
    _guys(canvas, [((330, 440), (62, 800)), ((670, 440), (938, 800))])
    canvas.stroke([(500, 120), (500, 220)], 10, (150, 112, 74))
    wall = path(
        "M 500 168 C 440 330 330 540 216 690 L 186 770 Q 500 824 814 770 L 784 690 C 670 540 560"
        " 330 500 168 Z"
    )
    mask = canvas.body(wall, color, 60, 1.1)
    panels: list[tuple[str, Color, float]] = [
        ("M 500 160 C 560 330 670 540 784 690 L 830 790 L 640 812 Z", dark(color, 0.4), 0.5),
        ("M 500 160 C 440 330 330 540 216 690 L 170 790 L 360 812 Z", light(color, 0.6), 0.25),
    ]
    for panel, shade, alpha in panels:
        canvas.paint(canvas.mask(path(panel)), shade, alpha, mask)
    for seam in ("M 500 168 L 640 808", "M 500 168 L 360 808"):
        canvas.dashes(path(seam), 3, dark(color, 0.5), 9, 0.55)
    canvas.paint(
        canvas.mask(path("M 150 704 Q 500 752 850 704 L 850 830 L 150 830 Z")), accent, 0.9, mask
    )
    canvas.volume(mask, 50, 0.4)
    door = path("M 500 360 C 474 500 436 660 404 806 L 596 806 C 564 660 526 500 500 360 Z")
    inside = canvas.mask(door)
    canvas.gradient(
        inside, (0.5, 0), (0.5, 1), [(0, dark(INSIDE, 0.4)), (0.6, INSIDE), (1, (214, 170, 110))]
    )
    canvas.soft(ellipse(500, 720, 60, 50), (255, 236, 190), 0.8, 30, inside)
    canvas.stroke([(500, 360), (500, 800)], 8, (150, 112, 74))
    for flap in (
        path(
            "M 500 340 C 470 480 410 660 376 806 L 420 806 C 440 680 486 560 466 520 Q 490 440 500"
            " 340 Z"
        ),
    ):
        canvas.body(flap, light(color, 0.12), 14)
        canvas.body(flipped(flap), dark(color, 0.08), 14)
    canvas.body(path("M 500 168 L 462 270 Q 500 288 538 270 Z"), dark(color, 0.3), 10)
    _pegs(canvas, [(62, 800), (938, 800), (186, 774), (814, 774)])


def _trekking(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 738, 940, 36, 0.4)
    _guys(canvas, [((500, 352), (300, 772)), ((150, 640), (30, 740)), ((850, 640), (970, 740))])
    fly = path(
        "M 84 736 L 120 660 C 260 600 380 420 480 352 Q 500 342 524 352 C 630 430 760 600 880 660 L"
        " 916 736 Q 500 772 84 736 Z"
    )
    mask = canvas.body(fly, color, 50, 1.1)
    canvas.paint(
        canvas.mask(path("M 500 340 C 560 460 600 620 610 780 L 940 780 L 940 340 Z")),
        dark(color, 0.35),
        0.5,
        mask,
    )
    vent = path("M 120 660 L 84 740 L 220 752 L 214 620 Z")
    canvas.paint(canvas.mask(vent), accent, 0.9, mask)
    canvas.paint(canvas.mask(flipped(vent)), accent, 0.9, mask)
    door = path("M 486 372 C 430 470 380 620 364 758 L 528 762 C 530 620 520 480 486 372 Z")
    inside = canvas.mask(door)
    canvas.gradient(
        inside, (0.4, 0), (0.6, 1), [(0, dark(INSIDE, 0.4)), (0.6, INSIDE), (1, (220, 176, 112))]
    )
    canvas.soft(ellipse(450, 700, 50, 40), (255, 240, 200), 0.8, 26, inside)
    canvas.body(
        path("M 486 372 C 520 480 530 620 528 762 L 566 764 C 570 600 548 460 500 356 Z"),
        light(color, 0.1),
        12,
    )
    pole = path("M 500 346 C 566 450 606 620 614 764")
    canvas.stroke(pole, 9, dark(accent, 0.3), 1, mask)
    canvas.stroke(pole, 4, light(accent, 0.2), 1, mask)
    canvas.soft_line(path("M 680 560 Q 740 660 760 750"), 20, dark(color, 0.7), 0.3, 10, mask)
    canvas.soft_line(path("M 300 580 Q 250 660 240 740"), 20, light(color, 0.8), 0.35, 10, mask)
    _hem(canvas, path("M 84 736 Q 500 772 916 736"), color)
    _pegs(canvas, [(300, 772), (30, 740), (970, 740), (84, 740), (916, 740)])


def _tarp(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 788, 760, 40, 0.3)
    _guys(
        canvas,
        [
            ((190, 330), (44, 800)),
            ((810, 330), (956, 800)),
            ((120, 560), (40, 720)),
            ((880, 560), (960, 720)),
        ],
    )
    back = path("M 190 330 Q 500 376 810 330 L 850 470 Q 500 500 150 470 Z")
    canvas.body(back, dark(color, 0.45), 20)
    for x in (190, 810):
        canvas.tube([(x, 322), (x, 792)], 13, STEEL)
    front = path(
        "M 190 326 Q 500 388 810 326 Q 842 450 892 560 Q 700 574 500 606 Q 300 574 108 560 Q 158"
        " 450 190 326 Z"
    )
    mask = canvas.body(front, color, 46, 1.1)
    canvas.paint(
        canvas.mask(path("M 500 360 L 500 620 L 920 600 L 820 300 Z")), dark(color, 0.25), 0.4, mask
    )
    canvas.dashes(path("M 500 366 L 500 602"), 3, dark(color, 0.5), 9, 0.6)
    for line in ("M 210 340 Q 340 470 480 590", "M 790 340 Q 660 470 520 590"):
        canvas.soft_line(path(line), 40, light(color, 0.8), 0.3, 18, mask)
    canvas.stroke(path("M 108 560 Q 300 574 500 606 Q 700 574 892 560"), 8, mix(accent, color, 0.1))
    for x, y in (
        (108, 560),
        (892, 560),
        (500, 606),
        (190, 326),
        (810, 326),
        (304, 578),
        (696, 578),
    ):
        canvas.body(ellipse(x, y, 10), accent, 4)
        canvas.fill(ellipse(x, y, 4), INK)
    _guys(canvas, [((500, 606), (500, 790))])
    _pegs(canvas, [(44, 800), (956, 800), (40, 720), (960, 720), (500, 790)])


def _hem(canvas: Canvas, line: Outline, color: Color) -> None:
    canvas.stroke(line, 7, dark(color, 0.4))
    canvas.stroke([(x, y - 2) for x, y in line], 2, light(color, 0.4), 0.6)


def _guys(canvas: Canvas, lines: list[tuple[Point, Point]]) -> None:
    for start, end in lines:
        canvas.stroke([start, end], 4.2, (120, 116, 112))
        canvas.stroke([start, end], 2.4, GUY)


def _pegs(canvas: Canvas, places: list[Point]) -> None:
    for x, y in places:
        canvas.tube([(x - 3, y - 8), (x + 3, y + 12)], 6, STEEL)
