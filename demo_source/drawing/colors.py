"""Colours as (red, green, blue), 0-255, and how they get lighter and darker without getting
dull.
"""

Color = tuple[int, int, int]

PALETTE: dict[str, Color] = {
    "black": (46, 48, 54),
    "white": (240, 238, 232),
    "grey": (137, 143, 150),
    "navy": (38, 58, 102),
    "blue": (48, 114, 190),
    "teal": (23, 122, 128),
    "green": (52, 125, 82),
    "olive": (106, 112, 66),
    "sand": (206, 184, 146),
    "yellow": (242, 190, 52),
    "orange": (234, 113, 46),
    "red": (202, 52, 52),
    "plum": (121, 57, 98),
    "brown": (130, 85, 56),
}
ACCENTS = {
    "black": "orange",
    "white": "navy",
    "grey": "orange",
    "navy": "yellow",
    "blue": "orange",
    "teal": "orange",
    "green": "sand",
    "olive": "orange",
    "sand": "teal",
    "yellow": "navy",
    "orange": "navy",
    "red": "navy",
    "plum": "sand",
    "brown": "sand",
}
INK: Color = (30, 32, 44)
RUBBER: Color = (48, 49, 54)
STEEL: Color = (186, 190, 196)
CHALK: Color = (250, 248, 243)
LEATHER: Color = (156, 100, 60)


def mix(one: Color, other: Color, share: float) -> Color:
    """``share`` of the other: 0 is one, 1 is the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def light(color: Color, share: float) -> Color:
    """Towards warm white."""
    return mix(color, (255, 250, 240), share)


def dark(color: Color, share: float) -> Color:
    """Towards a blue-black, so that shade stays a colour."""
    return mix(color, (16, 18, 40), share)
