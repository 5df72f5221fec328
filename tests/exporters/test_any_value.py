"""Whatever stands in a value, and whatever a mapping makes of it: nothing breaks, the file can be
read, its partner's schema has nothing against it, and who is left out knows why.
"""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from lxml import etree
from stdnum import ean

from exporters.bmecat_2005 import Bmecat2005
from pim.feeds import registry
from pim.feeds.contract import Exporter, Field
from pim.feeds.options import read_options
from pim.feeds.verify import verify
from tests.exporters.conftest import TYPES
from tests.exporters.peppol import read_peppol
from tests.exporters.peppol_rules import broken_rules
from tests.support.listing import ListableProduct

ROUNDS = 40
WORDS = (
    *("Fiets", "-", "0", "00012", "1,5", "1.250", "12,5 kg", "1e10", "NaN", "١٢٣", "１２", "½"),
    *(
        "<b>vet</b>",
        "&amp;",
        "]]>",
        "\u202egnirts",
        "x" * 3000,
        'a"b;c,d',
        "a\nb",
        "=1+1",
        "%s {y}",
    ),
    *("https://a.example/x y", "https://a.example/%C3%A9", "javascript:alert(1)", "NL", "RS", "XX"),
    *("2026-02-30", "2026-11-22", "0001-01-01", "2026-11-30/2026-11-27", "KGM", "PIECE", "new"),
)
AMOUNTS = ("0", "1", "-1", "0.001", "12.5", "24.1395", "9" * 20, "0." + 19 * "0" + "1", "21", "100")
UNITS = ("KILOGRAM", "GRAM", "METER", "POUND", "MILLIMETER")
BLANK = ("\x0b", "\u200b", " ")
STEPS: tuple[Any, ...] = (
    *("strip_html", "upper", "trim", "slug", "only_digits", "first_of", "join", "format_price"),
    *({"truncate": 5}, {"truncate": 0}, {"prefix": "\u200b"}, {"suffix": "<"}, {"split": ","}),
    *({"multiply": "-1"}, {"multiply": "0.0000001"}, {"round": 40}, {"add": "0.005"}),
    *({"unit": "GRAM"}, {"convert_unit": "KILOGRAM"}, {"date": "%d-%m-%Y"}),
)
SOURCES = (*TYPES, "$identifier", "$root", "$link", "$pictures", "$category", "$family")


def hostile(random: Random, number: int) -> ListableProduct:
    """A product that could be sold, but for some values."""
    body = f"871{number:09d}"
    document: dict[str, Any] = {
        "name-nl_NL": f"Fiets {number}",
        "description-nl_NL": "<p>Rijdt.</p>",
        "brand": "gazelle",
        "ean": body + ean.calc_check_digit(body),
        "price-EUR": "9.95",
        "stock": "3",
        "vat": "21",
        "availability": "in_stock",
        "condition": "new",
        "pictures": ["a1"],
    }
    for address in random.sample(sorted(document), 3):
        if address != "ean":
            document[address] = _value(random, address.partition("-")[0])
    for attribute in random.sample(("weight", "length", "customs_code", "eprel", "color"), 3):
        document[attribute] = _value(random, attribute)
    return ListableProduct(f"A{number}", document, family="bikes", categories=("city",))


def _value(random: Random, attribute: str) -> Any:
    kind = TYPES[attribute]
    if kind in ("number", "price"):
        return random.choice(AMOUNTS)
    if kind == "measurement":
        return {"amount": random.choice(AMOUNTS), "unit": random.choice(UNITS)}
    if kind == "choice":
        return random.choice(("red", "gone", "NL", "in_stock", "new"))
    return ["a1", "lost", "b"] if kind == "asset" else random.choice(WORDS)


def rule(random: Random, field: Field) -> dict[str, Any]:
    if field.kind == "properties":
        return {"from": ["$properties"]}
    if random.random() < 0.4:
        return {"value": random.choice((*WORDS, *AMOUNTS, *BLANK, *field.choices))}
    sources = random.sample(SOURCES, random.randint(1, 3))
    return {"from": sources, "do": [random.choice(STEPS) for _ in range(random.randint(0, 3))]}


def mappings(exporter: type[Exporter], random: Random) -> dict[str, Any]:
    """Rules for some of its fields; what tells items apart stays as it is."""
    fields = exporter.fields_for(read_options(exporter, exporter.example.options))
    free = [one for one in fields if not one.unique and one.kind != "gtin"]
    chosen = random.sample(free, random.randint(1, min(4, len(free))))
    return {one.name: rule(random, one) for one in chosen}


def files(build: Callable[..., Any], code: str, **strict: Any) -> Any:
    """The file of each round, after what is asked of all."""
    for seed in range(ROUNDS):
        random = Random(seed)
        products = [hostile(random, number) for number in range(4)]
        rules = mappings(registry.get(code), random)
        built = build(
            code, products=products, extra={name: one | strict for name, one in rules.items()}
        )
        assert list(verify(built.exporter, built.path, built.records)) == [], rules
        for reasons in built.reasons.values():
            assert all(one.address and str(one.message) for one in reasons), rules
            assert "failed" not in {one.rule for one in reasons}, rules
        if built.records:
            yield built.path, rules


@pytest.mark.parametrize("code", sorted(registry.all_exporters()))
@pytest.mark.parametrize("strict", [{}, {"invalid": "drop"}, {"invalid": "warn"}], ids=str)
def test_nothing_breaks(build: Callable[..., Any], code: str, strict: dict[str, Any]) -> None:
    # Most values of a channel with three fields keep the product out.
    assert len(list(files(build, code, **strict))) >= ROUNDS / 20


@pytest.mark.parametrize("strict", [{}, {"invalid": "warn"}], ids=str)
def test_a_ubl_catalogue_stays_one(
    build: Callable[..., Any], shared: Path, strict: dict[str, Any]
) -> None:
    schemas = shared / "specs/schemas"
    schema = etree.XMLSchema(file=str(schemas / "ubl/xsd-2.1/maindoc/UBL-Catalogue-2.1.xsd"))
    peppol = read_peppol(schemas / "peppol/structure")
    for path, rules in files(build, "ubl_catalogue", **strict):
        assert schema.validate(etree.parse(path)), (rules, schema.error_log.last_error)
        assert peppol.complaints(path) == [], rules
        assert broken_rules(path) == [], rules


@pytest.mark.parametrize("strict", [{}, {"invalid": "warn"}], ids=str)
def test_a_bmecat_catalogue_stays_one(
    build: Callable[..., Any], shared: Path, strict: dict[str, Any]
) -> None:
    schema = etree.XMLSchema(file=str(shared / "specs/schemas/bmecat/2005/bmecat_2005.xsd"))
    for path, rules in files(build, Bmecat2005.code, **strict):
        assert schema.validate(etree.parse(path)), (rules, schema.error_log.last_error)
