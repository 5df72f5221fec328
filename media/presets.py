"""The sizes pictures are drawn in. A preset's key changes with its settings, so a changed preset
makes new files.
"""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Literal

from pim.errors import NotFound, text

RECIPE = 1  # raise it when media.images draws the same preset differently

ImageFormat = Literal["JPEG", "WEBP"]
CONTENT_TYPES: dict[ImageFormat, str] = {"JPEG": "image/jpeg", "WEBP": "image/webp"}
EXTENSIONS: dict[ImageFormat, str] = {"JPEG": "jpg", "WEBP": "webp"}


@dataclass(frozen=True, slots=True)
class Preset:
    """width, height: the box in pixels; a smaller picture is not enlarged. quality: 1-100.
    background: "#rrggbb", under transparency in a JPEG and around the picture where fit is "pad".
    fit: "inside" keeps the picture's own shape, "pad" fills the whole box.
    """

    name: str
    width: int
    height: int
    format: ImageFormat
    quality: int
    background: str = "#ffffff"
    fit: Literal["inside", "pad"] = "inside"

    @property
    def key(self) -> str:
        """``large-3f2a9c1d``: the name and a digest of everything that decides what is drawn."""
        settings = json.dumps([RECIPE, asdict(self)], sort_keys=True)
        return f"{self.name}-{sha256(settings.encode()).hexdigest()[:8]}"

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.format]

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.format]


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset("thumb", 160, 160, "WEBP", 75),
        Preset("small", 400, 400, "WEBP", 80),
        Preset("large", 1200, 1200, "WEBP", 82),
        Preset("feed", 1200, 1200, "JPEG", 85),
        Preset("zoom", 2000, 2000, "JPEG", 88),
    )
}


def preset_named(spelling: str) -> Preset:
    """The preset of ``large`` or of its key ``large-3f2a9c1d``; NotFound for another name or a key
    of former settings.
    """
    preset = PRESETS.get(spelling.partition("-")[0])
    if preset is None or spelling not in (preset.name, preset.key):
        raise NotFound(text("There is no picture size “%(name)s”.", name=spelling))
    return preset


def path_for(code: str, preset: str) -> str:
    """The path below the base URL at which an asset is served in this size: ``/media/<code>/<preset
    key>.<ext>``, cacheable for ever.
    """
    named = preset_named(preset)
    return f"/media/{code}/{named.key}.{named.extension}"
