"""A sitemap with pictures: which pages of the shop show which pictures, for search engines.
feeds.md section 23.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pim.feeds.contract import Example, Exporter, Format, Group, Problem, Record, Spec, Xml, text

SPEC = Spec("feeds.md §23, Google image sitemap 1.1", date(2026, 11, 22))
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
IMAGES = "http://www.google.com/schemas/sitemap-image/1.1"
MOST_PAGES = 50_000
MOST_BYTES = 50 * 1024 * 1024

FIELDS = (
    SPEC.field("loc", "required", "url", max_length=2048, meaning="link"),
    SPEC.field(
        "image",
        "required",
        "picture",
        repeat=1000,
        cut=True,
        meaning="pictures",
        help=text("All pictures on the page, at most 1000."),
    ),
    SPEC.field("lastmod", kind="datetime"),
)


class ImageSitemap(Exporter):
    code = "image_sitemap"
    label = text("Sitemap with pictures")
    purpose = text("search engines")
    fields = FIELDS
    grouped = True
    example = Example(consumer="the schema of sitemaps, as their readers know it")

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        opening = f'<urlset xmlns="{SITEMAP}" xmlns:image="{IMAGES}">'
        return Xml("url", opening, "</urlset>", namespace=SITEMAP, key="loc")

    def items(self, group: Group) -> Iterable[Record]:
        """Variants that share a page are one address with the pictures of all of them."""
        pages: dict[str, dict[str, None]] = {}
        changed: dict[str, str] = {}
        for listing in group:
            page = str(listing["loc"])
            pages.setdefault(page, {}).update(dict.fromkeys(map(str, listing["image"])))
            changed[page] = max(changed.get(page, ""), str(listing.get("lastmod", "")))
        for page, pictures in pages.items():
            yield {
                "loc": page,
                "lastmod": changed[page],
                "image:image": [{"image:loc": one} for one in list(pictures)[:1000]],
            }

    def verify(self, path: Path) -> Iterable[Problem]:
        """A sitemap is not larger than this."""
        pages = self.format.count(path)
        if pages > MOST_PAGES or path.stat().st_size > MOST_BYTES:
            message = text(
                "A sitemap has at most %(most)s pages and 50 MB: make a feed for each part of the"
                " shop.",
                most=MOST_PAGES,
            )
            yield Problem("loc", "too_many", message, str(pages))
