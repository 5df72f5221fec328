"""Pictures, pure: bytes -> bytes. Hostile input belongs in media.sandbox; nothing else calls this
on bytes from outside.

Too many pixels are ``Image.DecompressionBombError``, from the header; what else a broken file makes
Pillow raise is in ``DAMAGE``.
"""

import struct
from dataclasses import dataclass
from io import BytesIO
from typing import Any

# The plug-ins of the formats we read are imported here and no others: the sandbox can load nothing
# later.
from PIL import (  # noqa: F401
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageMath,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from media.kinds import PictureKind, kind_of
from media.presets import Preset

# The largest cameras in use; at 4 bytes a pixel this is half of the sandbox's memory.
MAX_PIXELS = 64_000_000
DAMAGE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    struct.error,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    ZeroDivisionError,
)
ORIENTATION = 0x0112  # EXIF 2.32, 4.6.4
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Grey of 2 and 4 bits is decoded to 8 by these factors.
GREY_STEPS = {"L;2": 85, "L;4": 17}
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2  # Pillow warns at this figure and raises at twice as many
AvifImagePlugin.DEFAULT_MAX_THREADS = 1


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture says of itself. width, height: pixels as it is seen, after EXIF orientation.
    mode: Pillow's name.
    """

    format: str
    width: int
    height: int
    mode: str
    frames: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished picture. width, height: pixels."""

    data: bytes
    content_type: str
    width: int
    height: int


def inspect(data: bytes) -> Header:
    """Read the header alone, nothing is decoded. Errors as above."""
    kind = kind_of(data)
    with _open(data, kind) as image:
        width, height = _turned(image.size, _orientation(image))
        return Header(kind.format, width, height, image.mode, int(getattr(image, "n_frames", 1)))


def render(data: bytes, preset: Preset) -> Rendered:
    return render_all(data, [preset])[0]


def render_all(data: bytes, presets: list[Preset]) -> list[Rendered]:
    """The first frame in every preset, in their order, from one decoding at the largest size asked
    for.
    """
    box = (max(preset.width for preset in presets), max(preset.height for preset in presets))
    with _open(data, kind_of(data)) as image:
        source = _normalise(image, box)
    return [
        _encode(_shrink(source.copy(), (preset.width, preset.height)), preset) for preset in presets
    ]


def _open(data: bytes, kind: PictureKind) -> Image.Image:
    return Image.open(BytesIO(data), formats=[kind.format])


def _orientation(image: Image.Image) -> int:
    """1-8. Pillow turns TIFF itself; a PNG's is read only where it stands before the pixels, or
    getexif would decode them.
    """
    if image.format == "TIFF" or (image.format == "PNG" and "exif" not in image.info):
        return 1
    try:
        found = image.getexif().get(ORIENTATION, 1)
    except DAMAGE:
        return 1
    return found if found in TURNS else 1


def _turned(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    return (size[1], size[0]) if orientation >= 5 else size


def _normalise(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    """The upright picture in sRGB, at most as large as the box: mode RGB, or RGBa (premultiplied)
    where it is transparent.
    """
    orientation = _orientation(image)
    profile = image.info.get("icc_profile")
    small = _shrink(_scalable(image), _turned(box, orientation))
    if orientation != 1:
        small = small.transpose(TURNS[orientation])
    if small.mode != "RGBa":
        return _to_srgb(small, profile)
    opaque = small.convert("RGBA")
    coloured = _to_srgb(opaque.convert("RGB"), profile)
    coloured.putalpha(opaque.getchannel("A"))
    return coloured.convert("RGBa")


def _scalable(image: Image.Image) -> Image.Image:
    """A mode in which pixels may be averaged. JPEG stays untouched, so that it can be decoded at a
    fraction of its size.
    """
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _eight_bits(image)
    if image.has_transparency_data:
        _spell_transparency_in_eight_bits(image)
        return image.convert("RGBA").convert("RGBa")
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in ("L", "RGB", "CMYK", "LAB") else image.convert("RGB")


def _spell_transparency_in_eight_bits(image: Image.Image) -> None:
    """A PNG names the colour that is transparent with as many bits as it writes its pixels; Pillow
    looks for it among pixels that it has brought to 8 bits.
    """
    colour = image.info.get("transparency")
    if not isinstance(image, PngImagePlugin.PngImageFile) or not image.tile:
        return
    written = image.tile[0].args
    if written == "RGB;16B" and isinstance(colour, tuple):
        image.info["transparency"] = tuple(part >> 8 for part in colour)
    elif written in GREY_STEPS and isinstance(colour, int):
        image.info["transparency"] = colour * GREY_STEPS[written]


def _eight_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits or of floats, scaled by what the kind of number can hold (floats by
    what is there); premultiplied RGBa where one grey is transparent.
    """
    grey = _eight_bits_of_grey(image)
    transparent = image.info.get("transparency")
    if not isinstance(transparent, int):
        return grey
    seen = ImageMath.lambda_eval(
        lambda names: names["convert"]((names["grey"] != transparent) * 255, "L"),
        grey=image.convert("I"),
    )
    picture = grey.convert("RGBA")
    picture.putalpha(seen)
    return picture.convert("RGBa")


def _eight_bits_of_grey(image: Image.Image) -> Image.Image:
    wide = image.convert("F")
    extrema: Any = wide.getextrema()
    top = 65535.0 if image.mode.startswith("I;16") else max(float(extrema[1]), 1.0)
    if image.mode == "I" and top > 255.0:
        top = max(top, 65535.0)
    return wide.point(lambda value: value * (255.0 / top) + 0.5).convert("L")


def _shrink(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    """Within the box, never larger than it was. ``thumbnail`` lets a JPEG decode at 1/2, 1/4 or 1/8
    first.
    """
    image.thumbnail(box, Image.Resampling.LANCZOS, reducing_gap=1.0)
    return image


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB. A profile that is broken or belongs to another colour space is left aside, as browsers
    do.
    """
    if not profile:
        return image.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        changed = ImageCms.profileToProfile(
            image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (OSError, ImageCms.PyCMSError):
        return image.convert("RGB")
    assert changed is not None  # only in-place conversion returns None
    return changed


def _encode(image: Image.Image, preset: Preset) -> Rendered:
    finished = _finish(image, preset)
    finished.info.clear()  # no metadata leaves: encoders copy comments and profiles from here
    out = BytesIO()
    if preset.format == "JPEG":
        finished.save(out, "JPEG", quality=preset.quality, optimize=True, progressive=True)
    else:
        finished.save(out, "WEBP", quality=preset.quality, method=4)
    return Rendered(out.getvalue(), preset.content_type, finished.width, finished.height)


def _finish(image: Image.Image, preset: Preset) -> Image.Image:
    """Transparency on the background where the format has none, and the box filled where the preset
    pads.
    """
    if image.mode == "RGBa":
        image = image.convert("RGBA")
    if preset.fit == "inside" and (image.mode == "RGB" or preset.format != "JPEG"):
        return image.copy()
    size = image.size if preset.fit == "inside" else (preset.width, preset.height)
    canvas = Image.new("RGB", size, preset.background)
    corner = ((size[0] - image.width) // 2, (size[1] - image.height) // 2)
    canvas.paste(image, corner, image if image.mode == "RGBA" else None)
    return canvas
