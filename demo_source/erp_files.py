"""The two files as the shop's ERP would drop them: Windows-1252, semicolons, decimal commas, Dutch
heads, and a few faults.
"""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from demo_source.articles import COLORS, FAMILIES, Article, articles

ErpRow = dict[str, str]

MODEL_HEAD = (
    "Modelnummer",
    "Hoofdmodel",
    "Artikelgroep",
    "Variantsoort",
    "Groep",
    "Merk",
    "Kleur",
    "Doelgroep",
    "Leeftijd",
    "Land",
    "Goederencode",
)
ARTICLE_HEAD = (
    "Artikelnummer",
    "Model",
    "Artikelgroep",
    "Groep",
    "Kassatekst",
    "EAN",
    "Merk",
    "Kleur",
    "Maat",
    "Schoenmaat",
    "Framemaat",
    "Verkoopprijs",
    "Groothandelsprijs",
    "Btw",
    "Voorraad",
    "Gewicht",
    "Eenheid",
    "Minimum afname",
    "Land",
    "Goederencode",
    "Leverbaar vanaf",
    "Actief",
    "Memo",
)
FAMILY_NUMBERS = {code: str(100 * number) for number, code in enumerate(FAMILIES, 1)}
VARIANT_WORDS = {
    "bikes_frame_size": "FRAMEMAAT",
    "clothing_color_size": "KLEUR-MAAT",
    "shoes_size": "SCHOENMAAT",
    "backpacks_color": "KLEUR",
}
SIZE_COLUMN = {"bikes": "Framemaat", "clothing": "Maat", "shoes": "Schoenmaat"}
UNITS = {"piece": "STUK", "pair": "PAAR", "set": "SET"}
GENDERS = {"female": "DAMES", "male": "HEREN", "unisex": "UNISEKS"}
NOT_ON_MARKETPLACE = frozenset({"FI-1030", "SC-3230", "TE-4220", "AC-6031", "AC-6612"})
"""Articles the shop keeps for itself; feeds of the marketplace channel say “not in the channel's
tree”.
"""

FAULTS = {
    "KL-2210-WIT-XXL": {"Verkoopprijs": "12,,50"},
    "SC-3110-45": {"Gewicht": "-0,580"},
    "AC-6031": {"Gewicht": "130,000"},
    "FI-1230-60": {"Leverbaar vanaf": "31-02-2026"},
    "SC-3220-43": {"Kassatekst": "Grindtij Plensbui regenlaars groen maat 43"},
    "KL-2310-ZAND-XS": {"Maat": "XSS"},
}
"""Article -> the cells in which somebody at the ERP slipped: price, weight, date, length, option.
"""

WRONG_EANS = frozenset({"KL-2010-GEEL-L", "AC-6831"})
"""Check digit one too high: doubtful, comes in and is listed; the feeds refuse it."""

TWICE = "KL-2120-GRIJS-M"
"""Stands in the file a second time, with another stock."""

ORPHANS = (
    {
        "Artikelnummer": "AC-6998",
        "Artikelgroep": "990",
        "Kassatekst": "Cadeaubon 25",
        "Verkoopprijs": "25,00",
        "Btw": "21",
        "Actief": "J",
    },
    {
        "Artikelnummer": "KL-2999-ROOD-M",
        "Model": "KL-2999-ROOD",
        "Artikelgroep": "200",
        "Maat": "M",
        "Verkoopprijs": "59,95",
        "Btw": "21",
    },
)
"""A family the profile does not know, a model nobody has."""


def model_rows() -> Iterator[ErpRow]:
    """Models before the models below them. The price, the EAN and the rest that is sold stand in
    the article file.
    """
    for article in articles():
        if article.variant is None:
            continue
        yield _root(article)
        if article.variant == "clothing_color_size":
            for identifier, color in article.pictured():
                known = {"Hoofdmodel": article.code, "Artikelgroep": _family(article)}
                yield known | {"Modelnummer": identifier, "Kleur": COLORS[color].upper()}


def article_rows() -> Iterator[ErpRow]:
    """What is sold, one row each, faults included."""
    for number, (row, seed) in enumerate(_sound_rows(), 10_001):
        identifier = row["Artikelnummer"]
        row["EAN"] = ean(number, wrong=identifier in WRONG_EANS)
        row |= _commerce(Random(seed))  # noqa: S311 - figures of a demo
        row |= FAULTS.get(identifier, {})
        yield row
        if identifier == TWICE:
            yield row | {"Voorraad": "3", "Memo": "dubbel ingevoerd"}
    yield from ORPHANS


def ean(number: int, wrong: bool = False) -> str:
    """An EAN-13 of the shop's own number range; GS1's modulo 10, weights 1 and 3 from the left."""
    digits = f"8719990{number:05d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str((10 - total % 10 + wrong) % 10)


def comma(amount: Decimal | str | float, decimals: int = 2) -> str:
    """1234.5 -> ``1234,50``, as the ERP writes it."""
    return str(Decimal(str(amount)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)).replace(
        ".", ","
    )


def _root(article: Article) -> ErpRow:
    row = _common(article) | {
        "Modelnummer": article.code,
        "Variantsoort": VARIANT_WORDS[str(article.variant)],
        "Doelgroep": GENDERS.get(article.facts.get("gender", ""), ""),
    }
    if len(article.colors) == 1:
        row["Kleur"] = COLORS[article.colors[0]].upper()
    if article.family in SIZE_COLUMN:
        row["Leeftijd"] = "KIND" if article.facts.get("age") == "kids" else "VOLWASSEN"
    return row


def _common(article: Article) -> ErpRow:
    groups = (
        [article.kind.category]
        if article.code in NOT_ON_MARKETPLACE
        else [article.kind.category, article.kind.market]
    )
    return {
        "Artikelgroep": _family(article),
        "Groep": "|".join(groups).upper(),
        "Merk": article.brand.upper(),
        "Land": article.origin,
        "Goederencode": article.kind.customs,
    }


def _family(article: Article) -> str:
    return FAMILY_NUMBERS[article.family]


def _sound_rows() -> Iterator[tuple[ErpRow, str]]:
    """(row without EAN and stock, seed of its figures)."""
    for article in articles():
        for carrier, color in article.pictured():
            for size in article.sizes or ("",):
                yield _sold(article, carrier, color, size), f"{article.code}-{color}-{size}"


def _sold(article: Article, carrier: str, color: str, size: str) -> ErpRow:
    row = (
        {"Artikelgroep": _family(article)}
        if article.variant
        else _common(article) | {"Kleur": COLORS[color].upper()}
    )
    row["Artikelnummer"] = f"{carrier}-{size}" if size else carrier
    if article.variant:
        row["Model"] = carrier if size else article.code
    if article.variant == "backpacks_color":
        row["Kleur"] = COLORS[color].upper()
    if size:
        row[SIZE_COLUMN[article.family]] = size
    net = Decimal(article.price) / Decimal("1.21")
    return row | {
        "Kassatekst": f"{article.name} {COLORS[color]} {size}".strip()[:30],
        "Verkoopprijs": comma(article.price),
        "Groothandelsprijs": comma(net * Decimal("0.58")),
        "Btw": "21",
        "Gewicht": comma(article.facts["weight"], 3),
        "Eenheid": UNITS[article.kind.unit],
    }


def _commerce(random: Random) -> ErpRow:
    stock = 0 if random.random() < 0.08 else random.randint(1, 60)
    return {
        "Voorraad": str(stock),
        "Minimum afname": str(random.choice((1, 1, 2, 5, 10))),
        "Leverbaar vanaf": (
            f"{random.randint(1, 28):02d}-{random.randint(1, 12):02d}-{random.choice((2025, 2026))}"
        ),
        "Actief": "N" if random.random() < 0.015 else "J",
        "Memo": random.choice(
            (
                "",
                "",
                "",
                "zie inkoop",
                "display beschikbaar",
                "uitlopend in voorjaar – nabestellen kan",
            )
        ),
    }
