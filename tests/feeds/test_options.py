"""A feed's settings stand at the head of its file: what the channel cannot read there is refused
before anything is built.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pim.errors import Invalid
from pim.feeds import registry
from pim.feeds.code_lists import CODE_LISTS
from pim.feeds.contract import Exporter, Option, text
from pim.feeds.options import read_options
from tests.exporters.peppol import read_peppol


class Settings(Exporter):
    code = "settings"
    label = text("Settings")
    options = (
        Option("name", text("Name"), required=True, max_length=5),
        Option("unit", text("Unit"), default="EA", required=True, code_list="rec20"),
        Option("system", text("System"), pattern="[A-Z]+-[0-9]"),
        Option("free", text("Free")),
    )


def read(**given: Any) -> Mapping[str, Any]:
    return read_options(Settings, {"name": "Noord"} | given)


def test_a_setting_is_read_without_its_blanks_and_what_is_blank_is_not_there() -> None:
    assert read(name=" Noord ", unit=" ", free="\u200b", system="ETIM-9") == {
        "name": "Noord",
        "unit": "EA",
        "free": "",
        "system": "ETIM-9",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", " "),
        ("name", "Noorden"),
        ("name", "a\nb"),
        ("free", "a\x0bb"),
        ("unit", "PIECE"),
        ("system", "etim"),
    ],
)
def test_what_the_channel_cannot_read_is_refused(name: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(**{name: value})
    assert list(refused.value.messages) == [name]


@pytest.mark.parametrize(
    ("exporter", "option", "value"),
    [
        ("ubl_catalogue", "provider_scheme", "9999"),
        ("ubl_catalogue", "receiver_scheme", "GLN"),
        ("ubl_catalogue", "order_unit", "PIECE"),
        ("ubl_catalogue", "provider_name", "\u200b"),
        ("bmecat_2005", "order_unit", "H87"),
        ("bmecat_2005", "supplier_name", "x" * 51),
        ("bmecat_2005", "catalog_id", "x" * 21),
        ("bmecat_2005", "feature_system", "ETIM 9.0"),
    ],
)
def test_one_wrong_setting_would_cost_the_partner_the_whole_file(
    exporter: str, option: str, value: str
) -> None:
    chosen = registry.get(exporter)
    given = dict(chosen.example.options)
    read_options(chosen, given)
    with pytest.raises(Invalid) as refused:
        read_options(chosen, given | {option: value})
    assert list(refused.value.messages) == [option]


def test_schemes_of_addresses_are_those_of_peppol(shared: Path) -> None:
    known = read_peppol(shared / "specs/schemas/peppol/structure").lists["eas"]
    assert CODE_LISTS["eas"] == known
