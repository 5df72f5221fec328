"""Bicycles from the right side: one construction, seven characters."""

import math
from dataclasses import dataclass

from demo_source.drawing.canvas import Canvas
from demo_source.drawing.colors import CHALK, INK, LEATHER, RUBBER, STEEL, Color, dark, light
from demo_source.drawing.paths import Outline, Point, arc, ellipse, path, rounded

BLACK: Color = (38, 39, 44)


@dataclass(frozen=True)
class Build:
    """What tells one kind of bicycle from another; lengths in picture units."""

    frame: str = "diamond"  # diamond, sloping, step, loop
    bar: str = "flat"  # flat, drop, swept
    wheel: float = 178
    tyre: float = 15
    base: float = 532
    mudguards: bool = False
    rack: bool = False
    case: bool = False
    suspension: bool = False
    motor: bool = False
    wall: Color = RUBBER
    leather: bool = False
    coat_guard: bool = False


BUILDS = {
    "city_bike": Build(frame="step", bar="swept", mudguards=True, rack=True, case=True, tyre=16),
    "dutch_bike": Build(
        frame="loop",
        bar="swept",
        mudguards=True,
        rack=True,
        case=True,
        leather=True,
        wall=(214, 196, 160),
        coat_guard=True,
    ),
    "electric_bike": Build(
        frame="step", bar="swept", mudguards=True, rack=True, motor=True, tyre=19
    ),
    "road_bike": Build(bar="drop", tyre=9, base=512),
    "gravel_bike": Build(bar="drop", tyre=17, wall=(182, 140, 92), leather=True),
    "mountain_bike": Build(frame="sloping", tyre=24, wheel=184, base=566, suspension=True),
    "kids_bike": Build(
        frame="sloping", bar="flat", wheel=148, tyre=19, base=470, mudguards=True, case=True
    ),
}


@dataclass(frozen=True)
class Points:
    """Where the frame's joints are."""

    rear: Point
    front: Point
    crank: Point
    seat: Point
    head: Point
    crown: Point
    saddle: Point
    grip: Point


def draw_bicycle(canvas: Canvas, kind: str, color: Color, accent: Color) -> None:
    """Shadow, wheels, what lies behind the frame, the frame, what lies before it."""
    build = BUILDS[kind]
    points = joints(build)
    ground = points.rear[1] + build.wheel
    for x, _ in (points.rear, points.front):
        canvas.shadow(x, ground + 2, build.wheel * 1.1, 15, 0.42)
    canvas.shadow(500, ground + 8, build.base * 1.5, 20, 0.16)
    for hub in (points.rear, points.front):
        _wheel(canvas, hub, build)
    if build.coat_guard:
        _coat_guard(canvas, points, build)
    if build.mudguards:
        _mudguards(canvas, points, build, color)
    if build.rack:
        _rack(canvas, points, build)
    _fork(canvas, points, build, color)
    _frame(canvas, points, build, color)
    _drive(canvas, points, build, color)
    _saddle(canvas, points, build)
    _cockpit(canvas, points, build, accent)
    if build.mudguards:
        _lamp(canvas, points, build)


def joints(build: Build) -> Points:
    """The geometry: 73 degrees of seat tube, 71 of head tube, the crank 30 units below the hubs."""
    axle = 606 + 178 - build.wheel
    rear, front = (500 - build.base / 2, axle), (500 + build.base / 2, axle)
    small = build.wheel < 160
    crank = (rear[0] + (200 if small else 222), axle + (18 if small else 32))
    long = {"diamond": 268, "sloping": 216, "step": 246, "loop": 246}[build.frame] - (
        46 if small else 0
    )
    seat = (crank[0] - 0.292 * long, crank[1] - 0.956 * long)
    high = 205 + (26 if build.suspension else 0) - (20 if small else 0)
    crown = (front[0] - 0.326 * high - 20, axle - 0.946 * high)
    reach = 78 if build.bar == "drop" else 92
    head = (crown[0] - 0.326 * reach, crown[1] - 0.946 * reach)
    post = {"diamond": 66, "sloping": 104, "step": 84, "loop": 78}[build.frame]
    saddle = (seat[0] - 0.292 * post, seat[1] - 0.956 * post)
    grip = {
        "flat": (head[0] + 12, head[1] - 46),
        "drop": (head[0] + 44, head[1] - 26),
        "swept": (head[0] - 14, head[1] - 78),
    }[build.bar]
    return Points(rear, front, crank, seat, head, crown, saddle, grip)


def _wheel(canvas: Canvas, hub: Point, build: Build) -> None:
    x, y = hub
    outer, inner = build.wheel, build.wheel - build.tyre
    spokes = [_spoke(x, y, number, inner - 6) for number in range(28)]
    canvas.paint(canvas.line_mask(spokes, 1.5), (150, 153, 158), 0.85)
    canvas.body(ellipse(x, y, outer), dark(RUBBER, 0.1), 5, 0.8, hole=ellipse(x, y, inner))
    if build.wall != RUBBER:
        canvas.fill(ellipse(x, y, inner + 5), build.wall, hole=ellipse(x, y, inner - 1))
    if build.suspension:
        _knobs(canvas, x, y, outer)
    rim = BLACK if build.bar in ("drop", "flat") else STEEL
    canvas.body(ellipse(x, y, inner), rim, 3, 0.8, hole=ellipse(x, y, inner - 9))
    canvas.soft_line(arc(x, y, outer - build.tyre * 0.35, 200, 290), 5, (255, 255, 255), 0.24, 4)
    canvas.body(ellipse(x, y, 12), STEEL if rim == STEEL else (70, 72, 78), 4)
    canvas.fill(ellipse(x, y, 4), INK)


def _spoke(x: float, y: float, number: int, length: float) -> Outline:
    """Spokes leave the hub sideways, as laced wheels have them."""
    angle = math.tau * number / 28
    lean = 0.9 if number % 2 else -0.9
    return [
        (x + 11 * math.cos(angle + lean), y + 11 * math.sin(angle + lean)),
        (x + length * math.cos(angle), y + length * math.sin(angle)),
    ]


def _knobs(canvas: Canvas, x: float, y: float, radius: float) -> None:
    lines = []
    for number in range(76):
        angle = math.tau * number / 76
        lines.append(
            [(x + r * math.cos(angle), y + r * math.sin(angle)) for r in (radius - 4, radius + 1)]
        )
    canvas.paint(canvas.line_mask(lines, 7), dark(RUBBER, 0.3))


def _mudguards(canvas: Canvas, points: Points, build: Build, color: Color) -> None:
    radius = build.wheel + 9
    for (x, y), start, end in ((points.rear, 172, 322), (points.front, 186, 302)):
        canvas.stroke(arc(x, y, radius, start, end), 8, dark(color, 0.38))
        canvas.stroke(arc(x, y, radius + 1.2, start, end), 4.4, color)
        canvas.stroke(arc(x, y, radius + 2.4, start + 30, end - 40), 1.4, light(color, 0.55), 0.8)
        stay = math.radians(start + 14)
        canvas.stroke(
            [(x, y), (x + radius * math.cos(stay), y + radius * math.sin(stay))], 2.6, STEEL
        )


def _coat_guard(canvas: Canvas, points: Points, build: Build) -> None:
    x, y = points.rear
    guard = [*arc(x, y, build.wheel - 4, 196, 316), (x + 40, y + 22), (x - 30, y + 10)]
    canvas.paint(canvas.mask(guard), BLACK, 0.86)
    canvas.soft([*arc(x, y, build.wheel - 30, 210, 300), (x, y - 30)], (255, 255, 255), 0.1, 16)


def _rack(canvas: Canvas, points: Points, build: Build) -> None:
    x, y = points.rear
    top = y - build.wheel - 24
    rail = [(points.seat[0] - 2, top + 4), (x - 88, top), (x - 96, top + 6)]
    canvas.stroke([(x - 58, top), (x, y - 4)], 4.5, BLACK)
    canvas.stroke([(x + 10, top), (x, y - 4)], 4.5, BLACK)
    canvas.tube(rail, 8, BLACK)
    canvas.body(rounded(x - 104, top + 6, 15, 26, 5), (196, 40, 40), 5)


def _fork(canvas: Canvas, points: Points, build: Build, color: Color) -> None:
    (x, y), (fx, fy) = points.crown, points.front
    if build.suspension:
        canvas.tube([(x + 4, y), (x + 4 + 0.326 * 90 + 6, y + 88)], 15, (200, 176, 120))
        canvas.tube([(x + 30, y + 74), (fx, fy)], 21, BLACK)
        canvas.body(rounded(x - 12, y - 10, 34, 20, 7), BLACK, 5)
        return
    bend = [(x, y), (x + 0.326 * 120, y + 0.946 * 120), (fx - 14, fy - 42), (fx, fy)]
    canvas.tube(
        path("M {} {} C {} {} {} {} {} {}".format(*(part for point in bend for part in point))),
        12.5,
        color,
    )


def _frame(canvas: Canvas, points: Points, build: Build, color: Color) -> None:
    rear, crank, seat, head, crown = (
        points.rear,
        points.crank,
        points.seat,
        points.head,
        points.crown,
    )
    shade = dark(color, 0.14)
    canvas.tube([rear, crank], 11, shade)
    canvas.tube([rear, _between(crank, seat, 0.9)], 9.5, shade)
    for line, width in _main_tubes(points, build):
        canvas.tube(line, width, color)
    canvas.tube([crank, seat], 16, color)
    canvas.tube([_between(crown, head, -0.06), _between(crown, head, 1.06)], 21, color)
    badge = _between(crown, head, 0.55)
    canvas.body(ellipse(badge[0], badge[1], 5, 7.5), CHALK, 2, 0.6)
    if build.frame == "diamond" or build.motor:
        low, high = _between(crank, crown, 0.42), _between(crank, crown, 0.66)
        canvas.stroke([low, high], 4.5, CHALK, 0.9)


def _main_tubes(points: Points, build: Build) -> list[tuple[Outline, float]]:
    crank, seat, head, crown = points.crank, points.seat, points.head, points.crown
    low, high = _between(crown, head, 0.16), _between(crown, head, 0.86)
    if build.frame in ("diamond", "sloping"):
        return [([low, crank], 20), ([high, _between(crank, seat, 0.93)], 15.5)]
    joint = _between(crank, seat, 0.36)
    if build.frame == "loop":
        upper = path(
            f"M {high[0]} {high[1]} C {high[0] - 26} {high[1] + 130} {joint[0] + 120}"
            f" {joint[1] - 12} {joint[0]} {joint[1]}"
        )
        lower = path(
            f"M {low[0]} {low[1]} C {low[0] - 30} {low[1] + 118} {crank[0] + 120} {crank[1] - 6}"
            f" {crank[0]} {crank[1]}"
        )
        return [(upper, 14), (lower, 16)]
    upper = path(f"M {high[0]} {high[1]} Q {joint[0] + 130} {joint[1] - 34} {joint[0]} {joint[1]}")
    return [(upper, 15), ([low, crank], 34 if build.motor else 19)]


def _drive(canvas: Canvas, points: Points, build: Build, color: Color) -> None:
    (x, y), (rx, ry) = points.crank, points.rear
    if build.motor:
        canvas.body(
            path(
                f"M {x - 34} {y - 22} Q {x} {y - 54} {x + 44} {y - 28} L {x + 30} {y + 30} Q {x}"
                f" {y + 42} {x - 30} {y + 26} Z"
            ),
            BLACK,
            14,
        )
    if build.case:
        canvas.body(
            _case(points),
            (64, 66, 72) if build.coat_guard or build.motor else light(color, 0.06),
            10,
            0.8,
        )
    else:
        canvas.paint(
            canvas.line_mask([[(x, y - 30), (rx, ry - 13)], [(x, y + 30), (rx + 6, ry + 34)]], 3.4),
            (92, 94, 98),
        )
        canvas.body(ellipse(rx, ry, 24), (128, 131, 136), 5, hole=ellipse(rx, ry, 9))
        canvas.stroke([(rx, ry + 10), (rx + 8, ry + 38)], 9, BLACK)
        canvas.body(ellipse(x, y, 31), (62, 64, 70), 5, hole=ellipse(x, y, 22))
        canvas.paint(
            canvas.line_mask(
                [
                    [(x, y), (x + 24 * math.cos(a), y + 24 * math.sin(a))]
                    for a in (0.3, 1.56, 2.8, 4.1, 5.3)
                ],
                6,
            ),
            (62, 64, 70),
        )
    long = 58 if build.wheel > 160 else 44
    pedal = (x + long * 0.94, y + long * 0.34)
    canvas.tube([(x, y), pedal], 9, STEEL)
    canvas.body(rounded(pedal[0] - 20, pedal[1] - 5, 42, 12, 5), BLACK, 4)
    canvas.body(ellipse(x, y, 10), STEEL, 4)


def _case(points: Points) -> Outline:
    (x, y), (rx, ry) = points.crank, points.rear
    return [*arc(x, y, 36, -84, 84), *arc(rx, ry, 20, 94, 266)]


def _saddle(canvas: Canvas, points: Points, build: Build) -> None:
    (x, y), seat = points.saddle, points.seat
    canvas.tube([seat, (x, y + 6)], 9.5, STEEL if build.mudguards else BLACK)
    wide = 1.14 if build.bar == "swept" else 0.96
    shape = (
        f"M {x - 62 * wide} {y - 12} C {x - 62 * wide} {y - 30} {x - 26} {y - 22} {x + 4} {y - 15}"
        f" L {x + 66} {y - 13} "
    )
    shape += f"C {x + 78} {y - 12} {x + 76} {y - 1} {x + 62} {y - 2}"
    shape += (
        f" L {x + 10} {y + 3} C {x - 24} {y + 12} {x - 60 * wide} {y + 12} {x - 62 * wide}"
        f" {y - 12} Z"
    )
    canvas.paint(canvas.line_mask([[(x - 34, y + 6), (x, y + 10), (x + 44, y + 1)]], 4), STEEL)
    canvas.body(path(shape), LEATHER if build.leather else BLACK, 9)


def _cockpit(canvas: Canvas, points: Points, build: Build, accent: Color) -> None:
    (hx, hy), (gx, gy) = points.head, points.grip
    if build.bar == "drop":
        canvas.tube([(hx, hy), (hx - 5, hy - 20), (gx, gy)], 11, BLACK)
        _drop_bar(canvas, gx, gy, LEATHER if build.leather else BLACK)
    elif build.bar == "flat":
        canvas.tube([(hx, hy), (hx - 7, hy - 20), (gx + 16, gy + 8)], 12, BLACK)
        canvas.tube([(gx + 16, gy + 8), (gx + 2, gy - 4)], 10, BLACK)
        canvas.tube([(gx + 6, gy - 2), (gx - 36, gy - 3)], 14, dark(accent, 0.1))
        canvas.tube([(gx + 8, gy + 5), (gx - 18, gy + 20)], 4.5, STEEL)
    else:
        canvas.tube([(hx, hy), (hx - 20, hy - 58)], 11, STEEL)
        canvas.tube(
            path(
                f"M {hx - 20} {hy - 58} C {hx + 54} {hy - 84} {hx + 32} {hy - 104} {gx - 24}"
                f" {gy - 10} L {gx - 42} {gy - 2}"
            ),
            8.5,
            STEEL,
        )
        canvas.tube(
            [(gx - 30, gy - 7), (gx - 82, gy + 12)], 14, LEATHER if build.leather else BLACK
        )
    if build.motor:
        canvas.body(rounded(hx - 30, hy - 84, 34, 20, 5), BLACK, 4)


def _drop_bar(canvas: Canvas, x: float, y: float, tape: Color) -> None:
    bar = path(
        f"M {x - 6} {y} L {x + 36} {y - 2} C {x + 84} {y - 2} {x + 74} {y + 66} {x + 34} {y + 66} L"
        f" {x - 4} {y + 60}"
    )
    canvas.tube(bar, 12, tape)
    canvas.body(
        path(
            f"M {x + 34} {y - 2} L {x + 56} {y - 32} Q {x + 74} {y - 34} {x + 74} {y - 12} Q"
            f" {x + 74} {y + 8} {x + 54} {y + 10} Z"
        ),
        BLACK,
        7,
    )
    canvas.tube([(x + 68, y - 6), (x + 82, y + 24), (x + 74, y + 50)], 5, STEEL)


def _lamp(canvas: Canvas, points: Points, build: Build) -> None:
    x, y = points.crown[0] + 24, points.crown[1] - (52 if build.wheel > 160 else 40)
    canvas.stroke([(x - 26, y + 12), (x, y)], 4, STEEL)
    canvas.body(
        path(
            f"M {x - 8} {y - 15} Q {x - 26} {y} {x - 8} {y + 15} L {x + 12} {y + 18} L {x + 12}"
            f" {y - 18} Z"
        ),
        STEEL if build.coat_guard else BLACK,
        6,
    )
    canvas.fill(ellipse(x + 12, y, 5, 17), (255, 244, 206))


def _between(one: Point, other: Point, share: float) -> Point:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share
