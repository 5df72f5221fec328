"""A picture in the making: masks are drawn four times too large, so that every edge is smooth;
shade is blurred small.
"""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from demo_source.drawing.colors import CHALK, Color, dark, light
from demo_source.drawing.paths import Outline, Point, ellipse

OVER = 4
"""Each mask is drawn this many times larger and averaged down: 16 steps of edge."""

SMALL = 4
"""Blurred things are drawn this many times smaller."""

Stops = Sequence[tuple[float, Color]]


@dataclass(frozen=True)
class Mask:
    """Where something is: coverage 0-255 and the pixel of its top left corner."""

    image: Image.Image
    at: tuple[int, int]

    @property
    def box(self) -> tuple[int, int, int, int]:
        return (*self.at, self.at[0] + self.image.width, self.at[1] + self.image.height)


class Canvas:
    """``side`` pixels wide and high; shows the 1000 units around ``centre``, enlarged ``zoom``
    times.
    """

    def __init__(self, side: int, centre: Point = (500, 500), zoom: float = 1) -> None:
        self.side = side
        self.scale = side / 1000 * zoom
        self.left, self.top = centre[0] - 500 / zoom, centre[1] - 500 / zoom
        self.image = _ground(side)

    def shift(self, dx: float, dy: float) -> None:
        """Draw what follows that much further right and down."""
        self.left -= dx
        self.top -= dy

    def fill(self, outline: Outline, color: Color, hole: Outline | None = None) -> Mask:
        """One plain colour; gives the mask for shading."""
        mask = self.mask(outline, hole)
        self.paint(mask, color)
        return mask

    def body(
        self,
        outline: Outline,
        color: Color,
        round_: float = 40,
        depth: float = 1,
        hole: Outline | None = None,
    ) -> Mask:
        """A thing with volume, lit from the top left; ``round_`` says how far the shade reaches in,
        ``depth`` how strong it is.
        """
        mask = self.mask(outline, hole)
        self.gradient(
            mask,
            (0.2, 0),
            (0.8, 1),
            [(0, light(color, 0.1 * depth)), (0.5, color), (1, dark(color, 0.14 * depth))],
        )
        self.volume(mask, round_, depth)
        return mask

    def cylinder(self, outline: Outline, color: Color, gloss: float = 0.55) -> Mask:
        """Something turned on a lathe, upright: dark rims left and right, a streak of light on the
        left.
        """
        mask = self.mask(outline)
        stops = [
            (0, dark(color, 0.42)),
            (0.1, dark(color, 0.1)),
            (0.24, light(color, gloss)),
            (0.36, light(color, 0.08)),
            (0.6, color),
        ]
        self.gradient(
            mask, (0, 0.5), (1, 0.5), [*stops, (0.9, dark(color, 0.36)), (1, dark(color, 0.22))]
        )
        return mask

    def stroke(
        self,
        points: Outline,
        width: float,
        color: Color,
        alpha: float = 1,
        clip: Mask | None = None,
    ) -> Mask:
        """A line with round ends and joints."""
        mask = self.line_mask([points], width)
        self.paint(mask, color, alpha, clip)
        return mask

    def tube(self, points: Outline, width: float, color: Color) -> None:
        """A round bar: dark edge, colour, and a thin streak of light along the upper left."""
        self.stroke(points, width, dark(color, 0.32))
        inset = [(x - width * 0.06, y - width * 0.08) for x, y in points]
        self.stroke(inset, width * 0.72, color)
        lit = [(x - width * 0.14, y - width * 0.17) for x, y in points]
        self.stroke(lit, width * 0.2, light(color, 0.5), 0.85)

    def dashes(
        self, points: Outline, width: float, color: Color, dash: float = 8, alpha: float = 0.7
    ) -> None:
        """A seam."""
        self.paint(self.line_mask(_cut(points, dash), width), color, alpha)

    def soft(
        self, outline: Outline, color: Color, alpha: float, blur: float, clip: Mask | None = None
    ) -> None:
        """A blurred patch of light or shade, inside ``clip`` where given. blur: units."""
        mask = self._blurred(outline, blur)
        if mask is not None:
            self.paint(mask, color, alpha, clip)

    def soft_line(
        self,
        points: Outline,
        width: float,
        color: Color,
        alpha: float,
        blur: float,
        clip: Mask | None = None,
    ) -> None:
        """A blurred line: a fold, a gleam."""
        self.soft(_ribbon(points, width), color, alpha, blur, clip)

    def shadow(
        self, x: float, y: float, width: float, height: float = 26, alpha: float = 0.34
    ) -> None:
        """What the thing throws on the ground: a wide pale patch and a dark core."""
        self.soft(
            ellipse(x, y, width * 0.56, height * 1.5), (70, 66, 74), alpha * 0.5, height * 1.1
        )
        self.soft(ellipse(x, y, width * 0.5, height * 0.62), (44, 42, 52), alpha, height * 0.5)

    def volume(self, mask: Mask, round_: float, depth: float = 1) -> None:
        """Shade along the lower right edge and light along the upper left one."""
        reach = max(1.0, round_ * self.scale / SMALL)
        pad = math.ceil(reach * 2) + 2
        small = mask.image.resize(
            (max(1, mask.image.width // SMALL), max(1, mask.image.height // SMALL)),
            Image.Resampling.BOX,
        )
        wide = Image.new("L", (small.width + 2 * pad, small.height + 2 * pad))
        wide.paste(small, (pad, pad))
        blurred = wide.filter(ImageFilter.GaussianBlur(reach * 0.7))
        for shift, color, alpha in (
            (-reach * 0.55, (18, 18, 44), 0.52),
            (reach * 0.5, (255, 252, 244), 0.34),
        ):
            inside = ImageChops.invert(_shifted(blurred, shift)).crop(
                (pad, pad, pad + small.width, pad + small.height)
            )
            edge = inside.resize(mask.image.size, Image.Resampling.BICUBIC)
            self.paint(Mask(ImageChops.multiply(edge, mask.image), mask.at), color, alpha * depth)

    def gradient(
        self, mask: Mask, start: Point, end: Point, stops: Stops, alpha: float = 1
    ) -> None:
        """A linear run of colours; start and end as shares of the mask's box."""
        width, height = mask.image.size
        (x0, y0), (x1, y1) = (
            (start[0] * width, start[1] * height),
            (end[0] * width, end[1] * height),
        )
        dx, dy = x1 - x0, y1 - y0
        length = dx * dx + dy * dy or 1
        ramp = _RAMP.transform(
            mask.image.size,
            Image.Transform.AFFINE,
            (
                0,
                0,
                128,
                256 * dx / length,
                256 * dy / length,
                256 - 256 * (x0 * dx + y0 * dy) / length,
            ),
            Image.Resampling.BILINEAR,
        )
        shades = Image.merge("RGB", [ramp.point(_lookup(stops, channel)) for channel in range(3)])
        self.image.paste(shades, mask.at, _faded(mask.image, alpha))

    def paint(self, mask: Mask, color: Color, alpha: float = 1, clip: Mask | None = None) -> None:
        """One colour through a mask, where given inside another one."""
        clipped = mask if clip is None else _common(mask, clip)
        if clipped is not None:
            self.image.paste(color, clipped.box, _faded(clipped.image, alpha))

    def mask(self, outline: Outline, hole: Outline | None = None) -> Mask:
        """The area inside an outline, without the hole."""
        pixels = self._pixels(outline)
        box = self._box(pixels, 1)
        large = Image.new("L", ((box[2] - box[0]) * OVER, (box[3] - box[1]) * OVER))
        draw = ImageDraw.Draw(large)
        draw.polygon(_local(pixels, box), fill=255)
        if hole is not None:
            draw.polygon(_local(self._pixels(hole), box), fill=0)
        return Mask(large.reduce(OVER), box[:2])

    def line_mask(self, lines: Sequence[Outline], width: float) -> Mask:
        """Several lines of one width, in units."""
        drawn = [self._pixels(points) for points in lines]
        pen = max(1.0, width * self.scale * OVER)
        box = self._box([point for points in drawn for point in points], width * self.scale / 2 + 2)
        large = Image.new("L", ((box[2] - box[0]) * OVER, (box[3] - box[1]) * OVER))
        draw = ImageDraw.Draw(large)
        for points in drawn:
            local = _local(points, box)
            draw.line(local, fill=255, width=round(pen), joint="curve")
            for x, y in (local[0], local[-1]):
                draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=255)
        return Mask(large.reduce(OVER), box[:2])

    def jpeg(self) -> bytes:
        """The finished picture."""
        out = io.BytesIO()
        self.image.save(out, "JPEG", quality=90, optimize=False, subsampling=0)
        return out.getvalue()

    def _blurred(self, outline: Outline, blur: float) -> Mask | None:
        pixels = self._pixels(outline)
        radius = blur * self.scale
        box = self._box(pixels, radius * 2.6 + SMALL)
        width, height = (box[2] - box[0]) // SMALL + 1, (box[3] - box[1]) // SMALL + 1
        small = Image.new("L", (width, height))
        ImageDraw.Draw(small).polygon(
            [((x - box[0]) / SMALL, (y - box[1]) / SMALL) for x, y in pixels], fill=255
        )
        image = small.filter(ImageFilter.GaussianBlur(radius / SMALL)).resize(
            (width * SMALL, height * SMALL), Image.Resampling.BICUBIC
        )
        return Mask(image, box[:2])

    def _pixels(self, outline: Outline) -> Outline:
        return [((x - self.left) * self.scale, (y - self.top) * self.scale) for x, y in outline]

    def _box(self, pixels: Outline, margin: float) -> tuple[int, int, int, int]:
        """The smallest box around the points that lies inside the picture, at least one pixel
        large.
        """
        xs, ys = [x for x, _ in pixels], [y for _, y in pixels]
        left, top = (
            min(max(0, math.floor(min(each) - margin)), self.side - 1) for each in (xs, ys)
        )
        right, bottom = (min(self.side, math.ceil(max(each) + margin)) for each in (xs, ys))
        return left, top, max(right, left + 1), max(bottom, top + 1)


def _ground(side: int) -> Image.Image:
    """An off-white studio: a little brighter behind the thing, a little darker where it stands."""
    glow = (
        Image.radial_gradient("L")
        .resize((side * 2, side * 2), Image.Resampling.BICUBIC)
        .crop((side // 2, side * 5 // 8, side * 3 // 2, side * 13 // 8))
    )
    return Image.merge(
        "RGB",
        [
            glow.point(
                _lookup([(0, CHALK), (0.55, (246, 244, 239)), (1, (224, 221, 214))], channel)
            )
            for channel in range(3)
        ],
    )


def _ramp() -> Image.Image:
    """Black to white over rows 256 to 512, with plain ends for what lies before and behind."""
    ramp = Image.new("L", (256, 768), 0)
    ramp.paste(Image.linear_gradient("L"), (0, 256))
    ramp.paste(255, (0, 512, 256, 768))
    return ramp


_RAMP = _ramp()


def _lookup(stops: Stops, channel: int) -> list[int]:
    table = []
    for level in range(256):
        share = level / 255
        later = next(
            (number for number, (place, _) in enumerate(stops) if place >= share), len(stops) - 1
        )
        (p0, c0), (p1, c1) = stops[max(0, later - 1)], stops[later]
        part = 1.0 if p1 == p0 else min(1.0, max(0.0, (share - p0) / (p1 - p0)))
        table.append(round(c0[channel] + (c1[channel] - c0[channel]) * part))
    return table


def _faded(image: Image.Image, alpha: float) -> Image.Image:
    return image if alpha >= 1 else image.point([round(level * alpha) for level in range(256)])


def _common(one: Mask, other: Mask) -> Mask | None:
    (l1, t1, r1, b1), (l2, t2, r2, b2) = one.box, other.box
    left, top, right, bottom = max(l1, l2), max(t1, t2), min(r1, r2), min(b1, b2)
    if left >= right or top >= bottom:
        return None
    first, second = (
        mask.image.crop(
            (left - mask.at[0], top - mask.at[1], right - mask.at[0], bottom - mask.at[1])
        )
        for mask in (one, other)
    )
    return Mask(ImageChops.multiply(first, second), (left, top))


def _shifted(image: Image.Image, by: float) -> Image.Image:
    return image.transform(
        image.size, Image.Transform.AFFINE, (1, 0, -by, 0, 1, -by), Image.Resampling.BILINEAR
    )


def _local(pixels: Outline, box: tuple[int, int, int, int]) -> Outline:
    return [((x - box[0]) * OVER, (y - box[1]) * OVER) for x, y in pixels]


def _ribbon(points: Outline, width: float) -> Outline:
    """A line as an outline, thin at both ends."""
    left: Outline = []
    right: Outline = []
    last = len(points) - 1
    for number, (x, y) in enumerate(points):
        (x0, y0), (x1, y1) = points[max(0, number - 1)], points[min(last, number + 1)]
        length = math.hypot(x1 - x0, y1 - y0) or 1
        half = width / 2 * math.sin(math.pi * (0.08 + 0.84 * number / (last or 1)))
        nx, ny = -(y1 - y0) / length * half, (x1 - x0) / length * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return left + right[::-1]


def _cut(points: Outline, dash: float) -> list[Outline]:
    """Dashes of equal length with equal gaps along a line."""
    pieces: list[Outline] = []
    gone = 0.0
    for (x0, y0), (x1, y1) in pairwise(points):
        length = math.hypot(x1 - x0, y1 - y0)
        place = 0.0
        while place < length:
            step = min(dash - gone % dash, length - place)
            if int(gone / dash) % 2 == 0:
                ends = [
                    (x0 + (x1 - x0) * at / length, y0 + (y1 - y0) * at / length)
                    for at in (place, place + step)
                ]
                pieces.append(ends)
            place += step
            gone += step + 1e-9
    return pieces or [points]
