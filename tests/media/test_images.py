"""Drawing, with pictures of our own: which way up, which colours, what shines through, what is left
behind.
"""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms

from media.images import MAX_PIXELS, inspect, render, render_all
from media.presets import PRESETS, Preset

JPEG = Preset("test", 100, 100, "JPEG", 95)
WEBP = Preset("test", 100, 100, "WEBP", 95)
RED, BLUE = (220, 30, 30), (30, 30, 220)


def save(image: Image.Image, format: str = "PNG", **settings: Any) -> bytes:
    out = BytesIO()
    image.save(out, format, **settings)
    return out.getvalue()


def two_halves(size: tuple[int, int] = (80, 40)) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    return image


def pixel(data: bytes, place: tuple[float, float]) -> tuple[int, ...]:
    """The colour at a place given as fractions of width and height."""
    image = Image.open(BytesIO(data)).convert("RGBA")
    found = image.getpixel((int(place[0] * (image.width - 1)), int(place[1] * (image.height - 1))))
    assert isinstance(found, tuple)
    return tuple(int(part) for part in found)


def is_near(found: tuple[int, ...], wanted: tuple[int, ...], by: int = 12) -> bool:
    return all(abs(one - other) <= by for one, other in zip(found, wanted, strict=False))


# orientation -> how the upright picture was laid into the file
LAID = {
    1: [],
    2: [Image.Transpose.FLIP_LEFT_RIGHT],
    3: [Image.Transpose.ROTATE_180],
    4: [Image.Transpose.FLIP_TOP_BOTTOM],
    5: [Image.Transpose.TRANSPOSE],
    6: [Image.Transpose.ROTATE_90],
    7: [Image.Transpose.TRANSVERSE],
    8: [Image.Transpose.ROTATE_270],
}


@pytest.mark.parametrize("orientation", LAID)
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_a_picture_stands_upright_whatever_its_exif_orientation(
    orientation: int, format: str
) -> None:
    upright = Image.new("RGB", (80, 40), RED)
    upright.paste(BLUE, (60, 0, 80, 10))  # one corner tells all eight apart
    laid = upright
    for turn in LAID[orientation]:
        laid = laid.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = save(laid, format, exif=exif)
    header, drawn = inspect(data), render(data, JPEG)
    assert (header.width, header.height) == (80, 40)
    assert (drawn.width, drawn.height) == (80, 40)
    assert is_near(pixel(drawn.data, (0.9, 0.1)), BLUE, by=40)
    assert is_near(pixel(drawn.data, (0.1, 0.9)), RED, by=40)


def test_a_box_that_is_no_square_turns_with_the_picture() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = save(Image.new("RGB", (400, 200), RED), "JPEG", exif=exif)
    drawn = render(data, Preset("tall", 50, 300, "JPEG", 90))
    assert (drawn.width, drawn.height) == (50, 100)


def swapped_profile() -> bytes:
    """An sRGB profile in which red and blue changed places: a file with it shows blue where it says
    red.
    """
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_a_colour_profile_is_applied_and_not_kept(mode: str) -> None:
    data = save(
        Image.new("RGB", (20, 20), (255, 0, 0)).convert(mode), icc_profile=swapped_profile()
    )
    for preset in (JPEG, WEBP):
        drawn = render(data, preset)
        assert is_near(pixel(drawn.data, (0.5, 0.5)), (0, 0, 255))
        assert "icc_profile" not in Image.open(BytesIO(drawn.data)).info


@pytest.mark.parametrize(
    "profile",
    [b"no profile at all", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()],
)
def test_a_profile_that_is_broken_or_of_another_colour_space_is_left_aside(profile: bytes) -> None:
    drawn = render(save(two_halves(), icc_profile=profile), JPEG)
    assert is_near(pixel(drawn.data, (0.1, 0.5)), RED)


@pytest.mark.parametrize(
    ("image", "settings", "wanted"),
    [
        (
            Image.new("CMYK", (20, 20), (0, 255, 255, 0)),
            {"format": "JPEG", "quality": 95},
            (255, 0, 0),
        ),
        (Image.new("CMYK", (20, 20), (0, 255, 255, 0)), {"format": "TIFF"}, (255, 0, 0)),
        (
            Image.new("LAB", (20, 20), (136, 208, 195)),
            {"format": "TIFF"},
            (250, 3, 11),
        ),  # CIE L*a*b* 53, 80, 67
        (Image.new("I;16", (20, 20), 128 * 257), {"format": "PNG"}, (128, 128, 128)),
        (Image.new("I;16", (20, 20), 128 * 257), {"format": "TIFF"}, (128, 128, 128)),
        (Image.new("I", (20, 20), 65535), {"format": "TIFF"}, (255, 255, 255)),
        (Image.new("F", (20, 20), 1.0), {"format": "TIFF"}, (255, 255, 255)),
        (Image.new("L", (20, 20), 77), {"format": "JPEG"}, (77, 77, 77)),
        (Image.new("1", (20, 20), 1), {"format": "TIFF"}, (255, 255, 255)),
        (two_halves().quantize(4), {"format": "GIF"}, RED),
        (Image.new("YCbCr", (20, 20), (76, 85, 255)), {"format": "TIFF"}, (254, 0, 0)),
    ],
    ids=lambda given: f"{given.mode}" if isinstance(given, Image.Image) else str(given),
)
def test_every_colour_mode_comes_out_as_srgb(
    image: Image.Image, settings: dict[str, Any], wanted: tuple[int, ...]
) -> None:
    drawn = render(save(image, **settings), JPEG)
    assert Image.open(BytesIO(drawn.data)).mode == "RGB"
    assert is_near(pixel(drawn.data, (0.1, 0.5)), wanted)


def png(depth: int, colours: int, rows: bytes, transparent: bytes) -> bytes:
    """A PNG of 16 × 16 with one transparent colour, in a way that Pillow does not write it.

    ``colours``: 0 for grey, 2 for RGB. ``rows``: the pixels of one row, repeated.
    """

    def chunk(name: bytes, content: bytes) -> bytes:
        body = name + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 16, 16, depth, colours, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            chunk(b"tRNS", transparent),
            chunk(b"IDAT", zlib.compress((b"\0" + rows) * 16)),
            chunk(b"IEND", b""),
        )
    )


@pytest.mark.parametrize(
    "data",
    [
        png(
            16, 0, struct.pack(">16H", *([0x4000] * 8), *([0xC000] * 8)), struct.pack(">H", 0xC000)
        ),
        png(
            16,
            2,
            struct.pack(">48H", *([0x4000] * 24), *([0xC000] * 24)),
            struct.pack(">3H", 0xC000, 0xC000, 0xC000),
        ),
        png(2, 0, bytes([0b01010101] * 2 + [0b10101010] * 2), struct.pack(">H", 2)),
        png(4, 0, bytes([0x44] * 4 + [0xCC] * 4), struct.pack(">H", 12)),
    ],
    ids=["grey of 16 bits", "colours of 16 bits", "grey of 2 bits", "grey of 4 bits"],
)
def test_the_one_transparent_colour_of_a_png_is_found_whatever_its_bits(data: bytes) -> None:
    drawn = render(data, WEBP).data
    red, _, _, alpha = pixel(drawn, (0.2, 0.5))
    assert 55 <= red <= 95
    assert alpha == 255
    assert pixel(drawn, (0.8, 0.5))[3] == 0
    assert is_near(pixel(render(data, JPEG).data, (0.8, 0.5)), (255, 255, 255))


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_is_white_in_a_jpeg_and_kept_in_a_webp(mode: str) -> None:
    image = Image.new(mode, (40, 40), (0, 0) if mode == "LA" else (0, 0, 0, 0))
    image.paste((90, 255) if mode == "LA" else (90, 90, 90, 255), (0, 0, 20, 40))
    data = save(image)
    assert is_near(pixel(render(data, JPEG).data, (0.9, 0.5)), (255, 255, 255))
    assert is_near(pixel(render(data, JPEG).data, (0.1, 0.5)), (90, 90, 90))
    assert pixel(render(data, WEBP).data, (0.9, 0.5))[3] == 0


def test_a_palette_entry_that_is_transparent_is_white_in_a_jpeg() -> None:
    image = Image.new("P", (40, 40), 0)
    image.putpalette([255, 0, 0, 0, 0, 255])
    assert is_near(
        pixel(render(save(image, "GIF", transparency=0), JPEG).data, (0.5, 0.5)), (255, 255, 255)
    )


def test_what_is_hidden_under_transparency_does_not_bleed_into_the_edge() -> None:
    image = Image.new("RGBA", (400, 400), (255, 0, 0, 0))  # invisible red around
    image.paste((255, 255, 255, 255), (133, 0, 400, 400))
    drawn = Image.open(BytesIO(render(save(image), Preset("t", 40, 40, "JPEG", 100)).data))
    darkest = drawn.getchannel("B").getextrema()[0]
    assert isinstance(darkest, int)
    assert darkest > 240


def test_a_picture_is_made_smaller_and_never_larger() -> None:
    assert (
        render(save(Image.new("RGB", (300, 150))), JPEG).width,
        render(save(Image.new("RGB", (30, 15))), JPEG).width,
    ) == (100, 30)


def test_a_padding_preset_fills_its_box_with_the_background() -> None:
    drawn = render(
        save(two_halves()), Preset("t", 100, 60, "JPEG", 95, background="#00ff00", fit="pad")
    )
    assert (drawn.width, drawn.height) == (100, 60)
    assert is_near(pixel(drawn.data, (0.5, 0.0)), (0, 255, 0), by=30)
    assert is_near(pixel(drawn.data, (0.2, 0.5)), RED, by=30)


def test_no_metadata_leaves_the_hub() -> None:
    exif = Image.Exif()
    exif[0x010E] = "SECRET"
    data = save(two_halves(), "JPEG", exif=exif, comment=b"SECRET", xmp=b"SECRET")
    assert data.count(b"SECRET") == 3
    for drawn in render_all(data, list(PRESETS.values())):
        assert b"SECRET" not in drawn.data
        assert not Image.open(BytesIO(drawn.data)).getexif()


def test_every_preset_is_drawn_from_one_decoding_in_the_order_asked_for() -> None:
    presets = [
        Preset("wide", 400, 20, "JPEG", 90),
        Preset("tall", 20, 400, "JPEG", 90),
        PRESETS["thumb"],
    ]
    sizes = [
        (drawn.width, drawn.height)
        for drawn in render_all(save(Image.new("RGB", (400, 400))), presets)
    ]
    assert sizes == [(20, 20), (20, 20), (160, 160)]


def test_an_animation_counts_its_frames_and_shows_the_first() -> None:
    data = save(
        Image.new("RGB", (20, 20), RED),
        "GIF",
        save_all=True,
        append_images=[Image.new("RGB", (20, 20), BLUE)],
    )
    assert inspect(data).frames == 2
    assert is_near(pixel(render(data, JPEG).data, (0.5, 0.5)), RED)


def test_more_pixels_than_we_take_are_refused_from_the_header() -> None:
    data = save(Image.new("1", (8001, 8000)), "PNG")
    assert MAX_PIXELS < 8001 * 8000
    with pytest.raises(Image.DecompressionBombError):
        inspect(data)
