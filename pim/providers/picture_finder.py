"""Where a channel finds the pictures of a feed's products: looked up for many products at once."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from media import queries as media
from media.models import Asset
from media.presets import PRESETS, path_for
from pim.attributes.quantities import Picture

USUAL = "feed"
"""The preset of a feed that names none."""
MOST = 100_000  # pictures that are remembered: after that, it begins again


class PictureFinder:
    """Asset code -> picture, as it is drawn for a feed.

    ``preset``: the name of one of :data:`media.presets.PRESETS`.
    """

    def __init__(self, base_url: str, preset: str = USUAL) -> None:
        self._base_url = base_url
        self._preset = PRESETS[preset]
        self._found: dict[str, Picture | None] = {}
        self._other_files: dict[str, str] = {}

    def prepare(self, session: Session, codes: Iterable[str]) -> None:
        """Look these assets up, so that :meth:`find` never asks the database."""
        if len(self._found) > MOST:
            self._found.clear()
            self._other_files.clear()
        missing = set(codes) - self._found.keys()
        if not missing:
            return
        rows = media.by_codes(session, missing)
        for code in missing:
            row = rows.get(code)
            self._found[code] = None
            if row is not None and row.width:
                self._found[code] = self._picture(code, row.width, row.height)
            elif row is not None:
                self._other_files[code] = row.filename

    def find(self, asset: str) -> Picture | None:
        """None for an asset that is no picture, or is not there."""
        return self._found.get(asset)

    def other_file(self, asset: str) -> str | None:
        """The name of the file of an asset that is there and is no picture."""
        return self._other_files.get(asset)

    def made_by(self) -> list[str]:
        """What a picture's address and size depend on, besides the asset."""
        return [self._base_url, self._preset.key]

    def moment(self, session: Session) -> list[object]:
        """See :meth:`pim.providers.base.Provider.moment`. An asset is named by its content, so it
        never changes; assets only come and go.
        """
        newest, how_many = session.execute(select(func.max(Asset.created), func.count())).one()
        return [None if newest is None else newest.isoformat(), how_many]

    def _picture(self, code: str, width: int, height: int) -> Picture:
        preset = self._preset
        scale = min(1.0, preset.width / width, preset.height / height)
        url = self._base_url + path_for(code, preset.name)
        return Picture(url, round(width * scale), round(height * scale))
