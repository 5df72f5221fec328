"""One product picture: kind and colour in, JPEG out. Always the same bytes for the same Pillow."""

from collections.abc import Callable

from demo_source.drawing.bicycles import BUILDS, draw_bicycle
from demo_source.drawing.bike_goods import draw_bike_good
from demo_source.drawing.camp_goods import draw_camp_good
from demo_source.drawing.canvas import Canvas
from demo_source.drawing.colors import ACCENTS, PALETTE, Color
from demo_source.drawing.footwear import draw_shoes
from demo_source.drawing.garments import draw_garment
from demo_source.drawing.packs import draw_pack
from demo_source.drawing.paths import Point
from demo_source.drawing.tents import draw_tent
from demo_source.drawing.walk_goods import draw_walk_good

Drawer = Callable[[Canvas, str, Color, Color], None]

DRAWERS: dict[Drawer, tuple[str, ...]] = {
    draw_bicycle: tuple(BUILDS),
    draw_garment: (
        "rain_jacket",
        "shell_jacket",
        "down_jacket",
        "vest",
        "fleece",
        "tshirt",
        "jersey",
        "trousers",
        "shorts",
    ),
    draw_shoes: ("hiking_boot", "hiking_shoe", "trail_shoe", "sandal", "rubber_boot"),
    draw_tent: ("dome_tent", "tunnel_tent", "tipi_tent", "trekking_tent", "tarp"),
    draw_pack: ("daypack", "trekking_pack", "rolltop", "kids_pack"),
    draw_bike_good: (
        "helmet",
        "front_light",
        "rear_light",
        "u_lock",
        "chain_lock",
        "pannier",
        "handlebar_bag",
        "floor_pump",
        "multitool",
        "bell",
        "saddle",
    ),
    draw_camp_good: (
        "bottle",
        "thermos",
        "mug",
        "lantern",
        "sleeping_bag",
        "sleeping_mat",
        "stove",
        "pot_set",
        "camp_chair",
        "hammock",
    ),
    draw_walk_good: ("headlamp", "trekking_poles", "beanie", "dry_bag", "compass"),
}

WHOLE: dict[str, tuple[Point, float]] = {
    "kids_bike": ((500, 620), 1.2),
    "city_bike": ((500, 540), 1.02),
    "dutch_bike": ((500, 540), 1.02),
    "electric_bike": ((500, 540), 1.02),
    "road_bike": ((500, 566), 1.06),
    "gravel_bike": ((500, 566), 1.06),
    "mountain_bike": ((500, 560), 1.02),
    "shorts": ((500, 500), 1.36),
    "trousers": ((500, 510), 1.1),
    "tshirt": ((500, 510), 1.3),
    "jersey": ((500, 490), 1.28),
    "vest": ((500, 500), 1.14),
    "fleece": ((500, 490), 1.14),
    "rain_jacket": ((500, 476), 1.08),
    "shell_jacket": ((500, 476), 1.08),
    "down_jacket": ((500, 476), 1.08),
    "hiking_boot": ((520, 520), 1.1),
    "rubber_boot": ((520, 480), 1.04),
    "sandal": ((540, 560), 1.1),
    "hiking_shoe": ((530, 580), 1.12),
    "trail_shoe": ((530, 580), 1.12),
    "dome_tent": ((500, 560), 1),
    "tunnel_tent": ((500, 570), 1),
    "trekking_tent": ((500, 560), 1),
    "tarp": ((500, 560), 1),
    "hammock": ((500, 470), 1),
}
"""Kind -> the middle of the picture and the enlargement, where the drawing does not fill it by
itself.
"""

DETAIL: dict[Drawer, tuple[Point, float]] = {
    draw_bicycle: ((430, 650), 2.4),
    draw_shoes: ((600, 600), 2.0),
    draw_tent: ((450, 600), 2.0),
}
"""The close-up of those that have one."""


def draw(kind: str, color: str, detail: bool = False, side: int = 1200) -> bytes:
    """JPEG of ``side`` pixels square. kind: a type of articles/*.yaml; color: one of the palette;
    StopIteration or KeyError for others.
    """
    drawer = next(drawer for drawer, kinds in DRAWERS.items() if kind in kinds)
    centre, zoom = DETAIL[drawer] if detail else WHOLE.get(kind, ((500, 500), 1))
    canvas = Canvas(side, centre, zoom)
    drawer(canvas, kind, PALETTE[color], PALETTE[ACCENTS[color]])
    return canvas.jpeg()
