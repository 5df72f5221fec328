"""A page speaks one language: what reads the same in English and in another language is a name, a
code or a value of the shop, or one of the few words that both languages share.
"""

import re
from zoneinfo import available_timezones

import pytest

from media.presets import PRESETS
from pim.demo.load import FILES, HERE, PICTURES
from pim.feeds.operations import OPERATIONS
from pim.feeds.registry import all_exporters
from pim.i18n import LANGUAGES
from pim.providers.registry import source_names
from pim.web.operation_words import OPERATION_NAMES
from tests.support.pages import PageReader, Site, Words
from tests.web.conftest import DemoHub

EVERYBODYS = {
    *(
        "API",
        "(YAML)",
        "Code",
        "Database",
        "CSV",
        "EAN",
        "ERP",
        "Etalage",
        "Feed",
        "Feeds",
        "Google Shopping",
    ),
    *("Import", "Live", "SKU", "SKUs", "Shopify", "Token", "YAML", "import", "live", "Noor"),
    *("Demo", "demo", "0 kB", *LANGUAGES.values()),
}
"""Words that no language of ours has another word for, and who looks at the pages."""
SHARED = {
    "nl": {
        *("Filter", "Imports", "Items", "Link", "Mapping", "Menu", "Model", "Open Etalage"),
        *("Product", "Status", "Families", "Ctrl S", "Ctrl Enter", "Enter"),
    },
    "de": {"Exporter", "Filter", "Option", "Optional", "Profile", "System", "Version"},
    "fr": {
        *("Actions", "Certain", "Imports", "Menu", "Option", "Pages", "Sections", "Sessions"),
        *(
            "Source",
            "Sources",
            "Structure",
            "Taxonomies",
            "Taxonomies · Etalage",
            "Verdict",
            "Version",
            "Versions",
            "version",
        ),
    },
}
"""What this language and English happen to write alike."""
VALUES = re.compile(
    r"(code|textarea|ins|del)\.|div\.input-group\.input-figure|\w+\.(?:.*\.)?(sku|given|code-input|row-error|example|file-part)\b"
)
"""Tags whose content nobody translates: codes, article numbers, values as they were."""
NOT_SAID = re.compile(r"[“„].*[”“]|\S+@\S+|\w+/[\d.]+| \(EUR\)")
"""What is quoted, addresses, and the currency behind a label."""


@pytest.fixture(scope="session")
def shop_words() -> str:
    """All that the demo shop's files say, in one line."""
    files = [*HERE.glob("*.yaml"), *(HERE / f"{name}.csv" for name in FILES), HERE / "pictures.csv"]
    encodings = {"erp.csv": "cp1252", "erp_models.csv": "cp1252"}
    said = [path.read_text(encodings.get(path.name, "utf-8")) for path in files]
    said += [path.name for path in (*files, *PICTURES.iterdir())]
    said += [zone.replace("_", " ") for zone in available_timezones()]
    for exporter in all_exporters().values():
        said += [field.name for field in exporter.fields]
        said += [choice for option in exporter.options for choice in option.choices]
        said.append(str(exporter.label))
    said += PRESETS
    said += source_names()
    return plain(" ".join(said))


def plain(text: str) -> str:
    """Without tags, quotes that are doubled in a file, and breaks of lines."""
    return " ".join(re.sub(r"</?[a-z][a-z0-9]*>", " ", text).replace('""', '"').split())


def is_data(words: Words, shop: str, shared: set[str]) -> bool:
    """Whether these words are the shop's, a program's or a channel's, or everybody's."""
    if any(VALUES.match(tag) for tag in words.within):
        return True
    said = plain(NOT_SAID.sub("", words.text)).removesuffix(" · Etalage")
    parts = [one.strip(" ,:·") for one in re.split(" · | → ", said)]
    named = [_after_its_kind(one, shared) for one in parts]
    return all(one in shop or one in shared or not re.search(r"[A-Za-z]{2}", one) for one in named)


def _after_its_kind(said: str, shared: set[str]) -> str:
    """``Sand`` of “Option Sand”."""
    kind, _, name = said.partition(" ")
    return name if name and kind in shared else said


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_no_english_stands_in_a_page_of_another_language(
    demo: DemoHub, shop_words: str, language: str
) -> None:
    app = demo.app()
    english, other = (Site(app, demo.enter(app, "admin", code)) for code in ("en", language))
    shared = EVERYBODYS | SHARED[language]
    same: dict[str, str] = {}
    for page in english.pages(of_each=2):
        read = [PageReader(site.client.get(page.address).text).words for site in (english, other)]
        both = {one.text for one in read[0]} & {one.text for one in read[1]}
        for words in read[1]:
            if words.text in both and not is_data(words, shop_words, shared):
                same[words.text[:80]] = f"{page.kind}: {' '.join(words.within[-2:])}"
    assert same == {}


def test_every_operation_of_ours_has_a_name() -> None:
    assert OPERATION_NAMES.keys() == OPERATIONS.keys()
