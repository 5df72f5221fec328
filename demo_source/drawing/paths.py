"""Outlines in the picture's own units: 1000 x 1000, origin top left. Every outline is a list of
points.
"""

import math
import re
from collections.abc import Sequence

Point = tuple[float, float]
Outline = list[Point]

TOKEN = re.compile(r"[MLQCZ]|-?\d+(?:\.\d+)?")
STEPS = 18


def path(drawn: str) -> Outline:
    """SVG's M, L, Q, C and Z in absolute coordinates -> points. ``path("M 0 0 Q 50 20 100 0
    Z")``.
    """
    outline: Outline = []
    for command, numbers in _commands(drawn):
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command in "ML":
            outline += points
        else:
            size = 2 if command == "Q" else 3
            for first in range(0, len(points), size):
                outline += bezier([outline[-1], *points[first : first + size]])
    return outline


def bezier(control: Sequence[Point]) -> Outline:
    """Points on a quadratic or cubic curve, without its first."""
    degree = len(control) - 1
    weights = [math.comb(degree, power) for power in range(degree + 1)]
    found: Outline = []
    for step in range(1, STEPS + 1):
        t = step / STEPS
        parts = [
            weights[power] * (1 - t) ** (degree - power) * t**power for power in range(degree + 1)
        ]
        found.append(
            (
                sum(p * x for p, (x, _) in zip(parts, control, strict=True)),
                sum(p * y for p, (_, y) in zip(parts, control, strict=True)),
            )
        )
    return found


def mirrored(half: Outline, axis: float = 500) -> Outline:
    """The left half of a symmetric outline, from top to bottom, completed by its right half."""
    return half + flipped(half, axis)[::-1]


def flipped(outline: Outline, axis: float = 500) -> Outline:
    """The outline's mirror image."""
    return [(2 * axis - x, y) for x, y in outline]


def moved(
    outline: Outline, dx: float, dy: float, scale: float = 1, around: Point = (0, 0)
) -> Outline:
    """Scaled around a point, then shifted."""
    ax, ay = around
    return [(ax + (x - ax) * scale + dx, ay + (y - ay) * scale + dy) for x, y in outline]


def turned(outline: Outline, degrees: float, around: Point) -> Outline:
    """Turned clockwise around a point."""
    ax, ay = around
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return [
        (ax + (x - ax) * cosine - (y - ay) * sine, ay + (x - ax) * sine + (y - ay) * cosine)
        for x, y in outline
    ]


def ellipse(x: float, y: float, rx: float, ry: float | None = None) -> Outline:
    """A circle, or an ellipse with two radii."""
    ry = rx if ry is None else ry
    return [
        (x + rx * math.cos(turn), y + ry * math.sin(turn))
        for turn in (math.tau * step / 96 for step in range(96))
    ]


def arc(x: float, y: float, radius: float, start: float, end: float) -> Outline:
    """Part of a circle; degrees, 0 is right, clockwise."""
    steps = 48
    angles = (math.radians(start + (end - start) * step / steps) for step in range(steps + 1))
    return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles]


def rounded(x: float, y: float, width: float, height: float, radius: float) -> Outline:
    """A rectangle with round corners; x, y is its top left."""
    r = min(radius, width / 2, height / 2)
    centres = (
        (x + width - r, y + r, -90),
        (x + width - r, y + height - r, 0),
        (x + r, y + height - r, 90),
        (x + r, y + r, 180),
    )
    return [point for cx, cy, start in centres for point in arc(cx, cy, r, start, start + 90)[::4]]


def _commands(drawn: str) -> list[tuple[str, list[float]]]:
    found: list[tuple[str, list[float]]] = []
    for token in TOKEN.findall(drawn):
        if token.isalpha():
            found.append((token, []))
        else:
            found[-1][1].append(float(token))
    return [(command, numbers) for command, numbers in found if command != "Z"]
