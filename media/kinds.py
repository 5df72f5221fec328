"""What a file is, by its first bytes. The name and the declared type of an upload are never
believed.
"""

from dataclasses import dataclass

from pim.errors import Invalid, Text, text


@dataclass(frozen=True, slots=True)
class PictureKind:
    """format: Pillow's name of the format, or "PDF". extension: without dot."""

    format: str
    content_type: str
    extension: str


JPEG = PictureKind("JPEG", "image/jpeg", "jpg")
PNG = PictureKind("PNG", "image/png", "png")
WEBP = PictureKind("WEBP", "image/webp", "webp")
GIF = PictureKind("GIF", "image/gif", "gif")
TIFF = PictureKind("TIFF", "image/tiff", "tif")
AVIF = PictureKind("AVIF", "image/avif", "avif")
PDF = PictureKind("PDF", "application/pdf", "pdf")

STARTS: tuple[tuple[bytes, PictureKind], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"%PDF-", PDF),
)
# Formats we know well enough to name in the refusal.
REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"BM", "BMP"),
    (b"8BPS", "Photoshop"),
    (b"\0\0\1\0", "ICO"),
    (b"%!PS", "EPS"),
    (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"PK\x03\x04", "ZIP"),
)


def kind_of(data: bytes) -> PictureKind:
    """The kind of a file we take; Invalid({"file": …}) says what it is instead and what to do."""
    if not data:
        raise Invalid({"file": [text("The file is empty. Send it again.")]})
    for start, kind in STARTS:
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if b"avif" in _brands(data) or b"avis" in _brands(data):
        return AVIF
    raise Invalid({"file": [_refusal(data)]})


def _brands(data: bytes) -> list[bytes]:
    """Major and compatible brands of an ISO base media file (ISO/IEC 14496-12, 4.3), [] for
    anything else.
    """
    if data[4:8] != b"ftyp":
        return []
    box = data[8 : min(int.from_bytes(data[:4], "big"), 512)]
    return [box[at : at + 4] for at in range(0, len(box), 4) if at != 4]


def _refusal(data: bytes) -> Text:
    name = _name_of(data)
    if name is None:
        return text(
            "This is neither a picture nor a PDF. Take JPEG, PNG, WebP, GIF, TIFF, AVIF or PDF."
        )
    if name == "SVG":
        return text(
            "This is an SVG, which can carry scripts. Export it as PNG, at least 1200 pixels wide."
        )
    return text(
        "%(format)s files are not taken. Save it as JPEG, PNG, WebP, GIF, TIFF or AVIF.",
        format=name,
    )


def _name_of(data: bytes) -> str | None:
    if any(brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1") for brand in _brands(data)):
        return "HEIC"
    opening = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if opening.startswith(b"<"):
        return "SVG" if b"<svg" in opening else "HTML/XML"
    return next((name for start, name in REFUSED if data.startswith(start)), None)
