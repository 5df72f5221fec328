"""Clothing from the front, as if worn by nobody: sleeves behind, trunk before them, then collar,
zip, pockets and folds.
"""

from demo_source.drawing.canvas import Canvas, Mask
from demo_source.drawing.colors import CHALK, INK, Color, dark, light, mix
from demo_source.drawing.paths import Outline, ellipse, flipped, mirrored, moved, path, rounded

LONG_SLEEVE = path(
    "M 352 236 C 300 244 262 290 246 372 C 226 470 196 590 182 708 Q 180 742 204 748 L 242 754 Q"
    " 262 754 266 734 C 284 640 306 540 330 452 Q 350 330 352 236 Z"
)
SHORT_SLEEVE = path(
    "M 356 232 C 300 242 262 274 238 336 L 196 448 Q 192 462 206 470 L 282 502 Q 296 506 302 492 L"
    " 346 392 Z"
)
TRUNK = mirrored(
    path(
        "M 436 206 C 404 222 372 230 344 238 C 316 252 306 330 312 430 C 318 540 306 660 300 786 Q"
        " 300 806 320 808 Q 410 820 500 820"
    )
)
SHIRT = mirrored(
    path(
        "M 420 206 C 396 222 366 228 340 236 C 314 252 304 330 310 430 C 316 540 308 650 304 768 Q"
        " 304 784 322 786 Q 410 796 500 796"
    )
)
HOOD = mirrored(path("M 500 96 C 432 96 392 130 388 190 Q 386 224 404 246 Q 440 262 500 264"))


def draw_garment(canvas: Canvas, kind: str, color: Color, accent: Color) -> None:
    """One of the nine kinds of clothing the shop sells."""
    drawers = {
        "rain_jacket": _rain_jacket,
        "shell_jacket": _shell_jacket,
        "down_jacket": _down_jacket,
        "vest": _vest,
        "fleece": _fleece,
        "tshirt": _tshirt,
        "jersey": _jersey,
        "trousers": _trousers,
        "shorts": _shorts,
    }
    drawers[kind](canvas, color, accent)


def _rain_jacket(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 872, 460, 22, 0.26)
    _sleeves(canvas, color, LONG_SLEEVE, cuff=dark(color, 0.22))
    trunk = _trunk(canvas, TRUNK, color)
    _hood(canvas, color)
    canvas.body(path("M 484 246 L 520 246 L 518 816 L 486 818 Z"), dark(color, 0.06), 6, 0.7)
    for y in (300, 400, 500, 600, 700, 780):
        canvas.body(ellipse(502, y, 6.5), light(color, 0.35), 2)
    _flap_pockets(canvas, color)
    canvas.dashes(
        path("M 304 772 Q 400 794 500 794 Q 600 794 696 772"), 2, dark(color, 0.4), 9, 0.5
    )
    canvas.soft_line(path("M 330 258 Q 420 296 486 292"), 6, dark(color, 0.6), 0.35, 4, trunk)
    canvas.soft_line(path("M 670 258 Q 580 296 516 292"), 6, dark(color, 0.6), 0.35, 4, trunk)
    canvas.body(rounded(352, 352, 46, 16, 3), accent, 2, 0.6)


def _shell_jacket(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 872, 460, 22, 0.26)
    _sleeves(canvas, color, LONG_SLEEVE, cuff=dark(color, 0.45))
    trunk = _trunk(canvas, TRUNK, color)
    yoke = mirrored(
        path("M 436 200 C 404 216 372 224 336 236 C 314 256 308 300 308 350 Q 400 352 500 322")
    )
    canvas.paint(canvas.mask(yoke), dark(color, 0.42), 0.9, trunk)
    _hood(canvas, dark(color, 0.42))
    _zip(canvas, 252, 812, accent)
    canvas.stroke(path("M 360 408 L 372 520"), 6, accent)
    for line in (path("M 350 600 L 392 742"), flipped(path("M 350 600 L 392 742"))):
        canvas.stroke(line, 7, dark(color, 0.5))
        canvas.stroke([*line[:1], (line[0][0], line[0][1] + 22)], 5, accent)
    canvas.stroke(
        path("M 306 360 Q 400 362 500 334 Q 600 362 694 360"), 2.4, light(color, 0.3), 0.5, trunk
    )


def _down_jacket(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 872, 460, 22, 0.26)
    for sleeve in (LONG_SLEEVE, flipped(LONG_SLEEVE)):
        arm = canvas.body(sleeve, color, 30, 1.1)
        side = 1 if sleeve is LONG_SLEEVE else -1
        for y in range(300, 745, 50):
            middle = 500 - side * (206 + (y - 240) * 0.17)
            _quilt(
                canvas,
                [(middle - 90, y + side * 14), (middle, y + 10), (middle + 90, y - side * 14)],
                color,
                arm,
            )
    _padded(canvas, color, TRUNK)
    _hood(canvas, color)
    _zip(canvas, 250, 814, accent)


def _vest(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 872, 380, 22, 0.26)
    lining = mirrored(path("M 430 190 Q 404 220 360 236 Q 336 320 330 420 L 500 430"))
    canvas.body(lining, dark(color, 0.5), 20)
    trunk = mirrored(
        path(
            "M 436 204 C 416 220 392 228 368 236 C 372 300 350 372 316 420 C 320 540 308 660 302"
            " 786 Q 302 806 322 808 Q 410 820 500 820"
        )
    )
    _padded(canvas, color, trunk)
    canvas.body(
        mirrored(path("M 440 160 Q 424 186 428 232 Q 460 256 500 258 L 500 168")), color, 16
    )
    canvas.body(mirrored(path("M 450 162 Q 456 176 500 180 L 500 160")), dark(color, 0.5), 6)
    _zip(canvas, 176, 814, accent)


def _fleece(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 872, 460, 22, 0.26)
    _sleeves(canvas, color, LONG_SLEEVE, cuff=dark(color, 0.3))
    _trunk(canvas, TRUNK, color)
    collar = mirrored(path("M 442 152 Q 424 180 428 234 Q 460 262 500 266 L 500 160"))
    canvas.body(mirrored(path("M 448 152 Q 470 138 500 138 L 500 190")), dark(color, 0.5), 8)
    canvas.body(collar, color, 16)
    _zip(canvas, 168, 812, dark(color, 0.5))
    pocket = path("M 560 344 L 648 336 L 652 442 Q 606 452 562 446 Z")
    canvas.body(pocket, mix(accent, color, 0.15), 8, 0.8)
    canvas.stroke(path("M 562 358 L 648 350"), 4, dark(accent, 0.45))
    for line in (path("M 352 610 L 384 742"), flipped(path("M 352 610 L 384 742"))):
        canvas.stroke(line, 5, dark(color, 0.45))
    hem = path("M 301 782 Q 400 800 500 800 Q 600 800 699 782")
    canvas.dashes(hem, 2, dark(color, 0.5), 8, 0.5)


def _tshirt(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 852, 430, 22, 0.24)
    _sleeves(canvas, color, SHORT_SLEEVE)
    trunk = _trunk(canvas, SHIRT, color)
    canvas.body(
        path("M 424 200 Q 500 190 576 200 Q 562 268 500 270 Q 438 268 424 200 Z"),
        dark(color, 0.34),
        14,
    )
    canvas.stroke(path("M 422 204 Q 440 276 500 278 Q 560 276 578 204"), 13, dark(color, 0.05))
    canvas.dashes(
        path("M 414 214 Q 434 290 500 291 Q 566 290 586 214"), 1.8, dark(color, 0.4), 7, 0.45
    )
    canvas.dashes(
        path("M 306 766 Q 410 776 500 776 Q 590 776 694 766"), 1.8, dark(color, 0.4), 7, 0.5
    )
    canvas.body(rounded(588, 352, 40, 22, 4), mix(accent, color, 0.2), 3, 0.6)
    canvas.soft_line(path("M 330 640 Q 420 700 470 690"), 12, dark(color, 0.5), 0.16, 8, trunk)


def _jersey(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 852, 430, 22, 0.24)
    _sleeves(canvas, color, SHORT_SLEEVE, cuff=accent)
    trunk = _trunk(canvas, SHIRT, color)
    canvas.paint(
        canvas.mask(path("M 280 400 Q 500 424 720 400 L 720 470 Q 500 496 280 470 Z")),
        CHALK,
        0.95,
        trunk,
    )
    canvas.paint(
        canvas.mask(path("M 280 486 Q 500 512 720 486 L 720 510 Q 500 536 280 510 Z")),
        accent,
        1,
        trunk,
    )
    canvas.volume(trunk, 44, 0.45)
    canvas.body(
        mirrored(path("M 440 172 Q 424 196 428 230 Q 462 254 500 256 L 500 178")),
        dark(color, 0.1),
        12,
    )
    canvas.body(mirrored(path("M 448 172 Q 470 160 500 160 L 500 194")), dark(color, 0.5), 6)
    _zip(canvas, 182, 788, dark(color, 0.5))
    canvas.paint(
        canvas.mask(path("M 300 764 Q 410 776 500 776 Q 590 776 700 764 L 700 800 L 300 800 Z")),
        dark(color, 0.35),
        0.8,
        trunk,
    )


def _trousers(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 892, 330, 20, 0.26)
    leg = path(
        "M 382 150 L 500 156 L 500 330 C 494 480 478 660 470 866 Q 430 880 366 868 C 352 660 344"
        " 500 350 360 C 352 280 368 210 382 150 Z"
    )
    for outline in (leg, flipped(leg)):
        mask = canvas.body(outline, color, 40)
        side = 1 if outline is leg else -1
        for y in (470, 500, 536):
            canvas.soft_line(
                [(500 - side * 146, y), (500 - side * 90, y + 12), (500 - side * 40, y - 4)],
                9,
                dark(color, 0.6),
                0.3,
                5,
                mask,
            )
        canvas.soft_line(
            [(500 - side * 84, 300), (500 - side * 92, 580), (500 - side * 80, 850)],
            16,
            light(color, 0.7),
            0.2,
            10,
            mask,
        )
        canvas.dashes(
            [(500 - side * 146, 470), (500 - side * 92, 456), (500 - side * 26, 470)],
            2,
            dark(color, 0.5),
            8,
            0.5,
        )
        canvas.dashes(
            [(500 - side * 132, 850), (500 - side * 34, 852)], 2, dark(color, 0.5), 8, 0.5
        )
    _waist(canvas, color, accent)
    thigh = path("M 362 372 L 424 378 L 420 452 L 358 446 Z")
    canvas.body(thigh, dark(color, 0.08), 8, 0.8)
    canvas.stroke(path("M 364 386 L 424 391"), 3.5, accent)


def _shorts(canvas: Canvas, color: Color, accent: Color) -> None:
    canvas.shadow(500, 772, 430, 20, 0.26)
    leg = path(
        "M 372 230 L 500 236 L 500 480 L 480 706 Q 400 730 306 706 C 308 560 330 380 372 230 Z"
    )
    for outline in (leg, flipped(leg)):
        mask = canvas.body(moved(outline, 0, 10), color, 46)
        side = 1 if outline is leg else -1
        canvas.soft_line(
            [(500 - side * 90, 360), (500 - side * 112, 540), (500 - side * 104, 700)],
            18,
            light(color, 0.7),
            0.22,
            10,
            mask,
        )
        canvas.soft_line(
            [(500, 470), (500 - side * 60, 500), (500 - side * 120, 486)],
            10,
            dark(color, 0.6),
            0.3,
            6,
            mask,
        )
        canvas.dashes(
            [(500 - side * 192, 698), (500 - side * 100, 712), (500 - side * 22, 700)],
            2,
            dark(color, 0.5),
            8,
            0.5,
        )
    _waist(canvas, color, accent, down=90, scale=1.09)


def _waist(canvas: Canvas, color: Color, accent: Color, down: float = 0, scale: float = 1) -> None:
    """Waistband, fly, drawcord and slanted pockets; trousers hang at 150, shorts lower and
    wider.
    """

    def at(outline: Outline) -> Outline:
        return moved(outline, 0, down, scale, around=(500, 150))

    canvas.body(
        at(path("M 380 142 Q 500 158 620 142 L 626 184 Q 500 202 374 184 Z")), dark(color, 0.12), 9
    )
    canvas.stroke(at(path("M 500 198 L 500 292 Q 500 324 516 330")), 2.6, dark(color, 0.5), 0.7)
    canvas.dashes(at(path("M 528 198 L 528 286 Q 526 318 504 332")), 1.8, dark(color, 0.5), 7, 0.5)
    for pocket in (
        path("M 396 190 Q 384 240 362 280"),
        flipped(path("M 396 190 Q 384 240 362 280")),
    ):
        canvas.stroke(at(pocket), 3.4, dark(color, 0.5), 0.85)
    canvas.body(at(ellipse(500, 172, 8)), light(color, 0.4), 3)
    for x in (420, 580):
        canvas.body(at(rounded(x - 6, 142, 12, 50, 3)), dark(color, 0.05), 4)
    canvas.stroke(at(path("M 486 190 Q 478 226 484 250")), 4, accent)


def _sleeves(canvas: Canvas, color: Color, sleeve: Outline, cuff: Color | None = None) -> None:
    for outline in (sleeve, flipped(sleeve)):
        arm = canvas.body(outline, color, 30)
        left = outline is sleeve
        bends = (
            ((300, 430, 268, 470), (292, 500, 238, 520), (280, 580, 226, 566))
            if sleeve is LONG_SLEEVE
            else ((330, 360, 270, 400),)
        )
        for x0, y0, x1, y1 in bends:
            fold: Outline = [(x0, y0), ((x0 + x1) / 2, (y0 + y1) / 2 + 10), (x1, y1)]
            canvas.soft_line(fold if left else flipped(fold), 11, dark(color, 0.6), 0.3, 6, arm)
            canvas.soft_line(
                moved(fold if left else flipped(fold), -4, -13), 7, light(color, 0.7), 0.25, 5, arm
            )
        if cuff is not None:
            band = (
                path("M 168 706 L 280 722 L 276 770 L 166 764 Z")
                if sleeve is LONG_SLEEVE
                else path("M 190 436 L 310 486 L 300 520 L 180 474 Z")
            )
            mask = canvas.mask(band if left else flipped(band))
            canvas.paint(mask, cuff, 0.9, arm)
            canvas.volume(arm, 26, 0.3)


def _trunk(canvas: Canvas, outline: Outline, color: Color) -> Mask:
    """The middle of a top, with the shade of the arms and a few folds."""
    canvas.soft(moved(outline, 6, 10), (30, 28, 40), 0.28, 12)
    mask = canvas.body(outline, color, 50)
    for side in (1, -1):
        fold: Outline = [(500 - side * 186, 440), (500 - side * 130, 520), (500 - side * 90, 640)]
        canvas.soft_line(fold, 18, dark(color, 0.6), 0.2, 10, mask)
        canvas.soft_line(moved(fold, -14, -6), 10, light(color, 0.7), 0.2, 8, mask)
        canvas.soft_line(
            [(500 - side * 190, 700), (500 - side * 140, 716), (500 - side * 60, 700)],
            14,
            dark(color, 0.6),
            0.16,
            9,
            mask,
        )
    return mask


def _padded(canvas: Canvas, color: Color, outline: Outline) -> None:
    canvas.soft(moved(outline, 6, 10), (30, 28, 40), 0.28, 12)
    mask = canvas.body(outline, color, 50, 1.1)
    for y in range(292, 800, 56):
        _quilt(
            canvas,
            path(f"M 280 {y} Q 390 {y + 22} 500 {y + 16} Q 610 {y + 22} 720 {y}"),
            color,
            mask,
        )


def _quilt(canvas: Canvas, seam: Outline, color: Color, mask: Mask) -> None:
    """A seam between two baffles: dark in the furrow, light where the next one swells."""
    canvas.soft_line(moved(seam, 0, -4), 24, dark(color, 0.75), 0.42, 8, mask)
    canvas.soft_line(moved(seam, 0, 22), 20, light(color, 0.8), 0.3, 8, mask)
    canvas.stroke(seam, 2.4, dark(color, 0.5), 0.8, mask)


def _hood(canvas: Canvas, color: Color) -> None:
    """Standing up and empty: the lining shows, darker."""
    canvas.body(HOOD, color, 30)
    canvas.body(
        mirrored(path("M 500 130 C 452 132 428 156 428 196 Q 432 236 500 262")),
        dark(color, 0.55),
        22,
    )
    canvas.stroke(
        mirrored(path("M 500 128 C 450 130 424 156 424 196 Q 430 242 496 264")),
        5,
        light(color, 0.14),
    )
    for x in (470, 530):
        canvas.stroke([(x, 250), (x + (x - 500) * 0.16, 322)], 3.4, INK, 0.75)
        canvas.body(ellipse(x + (x - 500) * 0.16, 326, 5, 8), INK, 3)


def _zip(canvas: Canvas, top: float, bottom: float, color: Color) -> None:
    canvas.stroke([(500, top), (500, bottom)], 9, dark(color, 0.25))
    canvas.dashes([(500, top), (500, bottom)], 4, light(color, 0.4), 3.2, 0.75)
    canvas.body(rounded(494, top + 6, 12, 30, 5), light(color, 0.3), 3)


def _flap_pockets(canvas: Canvas, color: Color) -> None:
    for outline in (
        path("M 338 596 L 448 608 L 446 646 Q 390 650 334 636 Z"),
        flipped(path("M 338 596 L 448 608 L 446 646 Q 390 650 334 636 Z")),
    ):
        canvas.soft(moved(outline, 2, 8), dark(color, 0.7), 0.3, 6)
        canvas.body(outline, color, 8, 0.9)
