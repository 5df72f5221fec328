"""The address of a product's page: identifiers are words of the address, whatever is in them."""

from typing import Any

import pytest

from pim.providers.base import ProviderContext
from pim.providers.link import LinkProvider, unknown_placeholders
from tests.support.listing import ListableProduct


def linked(link: str, identifier: str, root: str = "M") -> str | None:
    context: Any = ProviderContext(None, "shop", "nl_NL", "EUR", link, None)  # type: ignore[arg-type]
    product = ListableProduct(identifier, {}, root=root)
    return LinkProvider(context).value(product)


@pytest.mark.parametrize(
    ("identifier", "spelled"),
    [
        ("B-41", "B-41"),
        ("B 41", "B%2041"),
        ("B/41", "B%2F41"),
        ("B#41", "B%2341"),
        ("B%2041", "B%252041"),
        ("B?41&x=1", "B%3F41%26x%3D1"),
        ("Ö-41", "%C3%96-41"),
        ("75%", "75%25"),
        ("{root}", "%7Broot%7D"),
    ],
)
def test_an_identifier_is_percent_encoded(identifier: str, spelled: str) -> None:
    address = linked("https://shop.example/p/{identifier}?m={root}", identifier, "M 1")
    assert address == f"https://shop.example/p/{spelled}?m=M%201"


def test_without_a_link_there_is_no_address() -> None:
    assert linked("", "A") is None


def test_what_nothing_fills_is_named() -> None:
    assert unknown_placeholders("https://x/{sku}/{identifier}/{}") == ["sku", ""]
