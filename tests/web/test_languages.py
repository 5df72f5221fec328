"""A page speaks one language: what reads the same in English and in Dutch is a name, a code or a
value of the shop, or one of the few words that both languages share.
"""

import re
from zoneinfo import available_timezones

import pytest

from pim.demo.load import FILES, HERE, PICTURES
from pim.feeds.operations import OPERATIONS
from pim.feeds.registry import all_exporters
from pim.providers.registry import source_names
from pim.web.feed_words import OPERATION_NAMES
from tests.support.pages import PageReader, Site, Words
from tests.web.conftest import DemoHub

SHARED = {
    *("API", "Code", "Database", "English", "Etalage", "Feed", "Feeds", "Filter", "Français"),
    *("Google Shopping", "Import", "Imports", "Items", "Link", "Live", "Mapping", "Menu", "Model"),
    *("Nederlands", "Open Etalage", "Product", "SKU", "Shopify", "Status", "Token", "import"),
    *("live", "YAML", "ERP", "EAN", "Noor", "Demo", "demo", "Families"),
    *("Ctrl S", "Ctrl Enter", "Enter"),
}
"""Words of the interface that are the same in both, and who looks at it."""
VALUES = re.compile(
    r"(code|textarea|ins|del)\.|div\.input-group\.input-figure|\w+\.(?:.*\.)?(sku|given|code-input|row-error)\b"
)
"""Tags whose content nobody translates: codes, article numbers, values as they were."""


@pytest.fixture(scope="session")
def shop_words() -> str:
    """All that the demo shop's files say, in one line."""
    files = [*HERE.glob("*.yaml"), *(HERE / f"{name}.csv" for name in FILES), HERE / "pictures.csv"]
    encodings = {"erp.csv": "cp1252", "erp_models.csv": "cp1252"}
    said = [path.read_text(encodings.get(path.name, "utf-8")) for path in files]
    said += [path.name for path in (*files, *PICTURES.iterdir())]
    said += [zone.replace("_", " ") for zone in available_timezones()]
    said += [field.name for exporter in all_exporters().values() for field in exporter.fields]
    said += source_names()
    return plain(" ".join(said))


def plain(text: str) -> str:
    """Without tags, quotes that are doubled in a file, and breaks of lines."""
    return " ".join(re.sub(r"</?[a-z][a-z0-9]*>", " ", text).replace('""', '"').split())


def is_data(words: Words, shop: str) -> bool:
    """Whether these words are the shop's, a program's or a channel's, or everybody's."""
    if any(VALUES.match(tag) for tag in words.within):
        return True
    said = plain(re.sub(r"“.*”|\S+@\S+|\w+/[\d.]+", "", words.text)).removesuffix(" · Etalage")
    parts = [one.strip(" ,:·") for one in re.split(" · | → ", said)]
    return all(one in shop or one in SHARED or not re.search(r"[A-Za-z]{2}", one) for one in parts)


def test_no_english_stands_in_a_dutch_page(demo: DemoHub, shop_words: str) -> None:
    app = demo.app()
    english, dutch = (Site(app, demo.enter(app, "admin", code)) for code in ("en", "nl"))
    same: dict[str, str] = {}
    for page in english.pages(of_each=2):
        read = [PageReader(site.client.get(page.address).text).words for site in (english, dutch)]
        both = {one.text for one in read[0]} & {one.text for one in read[1]}
        for words in read[1]:
            if words.text in both and not is_data(words, shop_words):
                same[words.text[:80]] = f"{page.kind}: {' '.join(words.within[-2:])}"
    assert same == {}


def test_every_operation_of_ours_has_a_name() -> None:
    assert OPERATION_NAMES.keys() == OPERATIONS.keys()
