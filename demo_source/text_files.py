"""What the shop's own editors deliver: texts in three languages, with the gaps that editors leave,
specifications and pictures.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from random import Random
from typing import Any

from demo_source.articles import Article, articles, picture_name, read_yaml
from pim.demo.load import HERE as SHOP

Entry = dict[str, str]

LOCALES = {"nl": "nl_NL", "en": "en_GB", "de": "de_DE"}
LOCALIZED = (
    "name",
    "description",
    "highlight_1",
    "highlight_2",
    "highlight_3",
    "seo_title",
    "seo_description",
)
HEAD = (
    "sku",
    *(f"{code}-{locale}" for locale in LOCALES.values() for code in LOCALIZED),
    "teaser-nl_NL-webshop",
    "teaser-en_GB-webshop",
    "teaser-nl_NL-marketplace",
    "material",
    "gears",
    "wheel_size",
    "persons",
    "water_column",
    "volume",
    "waterproof",
    "pictures",
    "cross_sell-products",
)
SPECIFICATIONS = {
    "gears": "gears",
    "wheel": "wheel_size",
    "persons": "persons",
    "water": "water_column",
    "volume": "volume",
}
CROSS_SELL = {
    "bikes": ("AC-6310", "AC-6120", "AC-6510"),
    "tents": ("AC-6710", "AC-6720", "AC-6210"),
    "shoes": ("AC-6910",),
    "backpacks": ("AC-6940",),
}
NO_PICTURE = frozenset({"AC-6211", "AC-6421", "AC-6712", "KL-2120-PRUIM"})
"""Not photographed yet."""

BEGINS_WITH = {"AC-6011": ("AC-6010", "teal")}
"""Somebody put the picture of the bottle beside it first."""

NOT_TRANSLATED, MISSPELLED, NEAR_OPTION = "AC-6021", "AC-6030", "AC-6130"
"""The English description is the Dutch one; it has a slip; the material is one that somebody made
beside the one that there was.
"""

DUTCH_MISSING = frozenset({"AC-6521", "AC-6612", "TE-4420"})
"""Named, but without a Dutch description."""

SPEC_WORDS = {
    "nl": {
        "gears": "{} versnellingen, wielen van {} inch",
        "single": "Eén versnelling, wielen van {} inch",
        "persons": "Slaapt {}, waterkolom {} mm",
        "volume": "Inhoud {} liter",
        "origin": "Gemaakt in {}",
        "material": "Materiaal: {}. Gewicht: {} kg.",
    },
    "en": {
        "gears": "{} gears, {} inch wheels",
        "single": "Single speed, {} inch wheels",
        "persons": "Sleeps {}, hydrostatic head {} mm",
        "volume": "Holds {} litres",
        "origin": "Made in {}",
        "material": "Material: {}. Weight: {} kg.",
    },
    "de": {
        "gears": "{} Gänge, Laufräder mit {} Zoll",
        "single": "Ein Gang, Laufräder mit {} Zoll",
        "persons": "Für {} Personen, Wassersäule {} mm",
        "volume": "Volumen {} Liter",
        "origin": "Hergestellt in {}",
        "material": "Material: {}. Gewicht: {} kg.",
    },
}


def model_rows() -> Iterator[Entry]:
    """Texts of the models, and the pictures of their colours."""
    for article in articles():
        if article.variant is None:
            continue
        colored = article.variant != "clothing_color_size"
        yield _texts(article) | (
            _pictures(article, article.code, article.colors[0])
            if colored and len(article.colors) == 1
            else {}
        )
        if not colored:
            yield from (
                {"sku": carrier} | _pictures(article, carrier, color)
                for carrier, color in article.pictured()
            )


def article_rows() -> Iterator[Entry]:
    """Texts of what has no model, and pictures of variants that carry their own."""
    for article in articles():
        for carrier, color in article.pictured():
            if article.variant is None:
                yield _texts(article) | _pictures(article, carrier, color)
            elif article.variant == "backpacks_color":
                yield {"sku": carrier} | _pictures(article, carrier, color)


def has_detail(article: Article) -> bool:
    """Articles with a second picture, the close-up."""
    return article.family in ("bikes", "tents", "shoes")


def _pictures(article: Article, carrier: str, color: str) -> Entry:
    if carrier in NO_PICTURE:
        return {}
    names = [picture_name(carrier, color)]
    if carrier in BEGINS_WITH:
        names.insert(0, picture_name(*BEGINS_WITH[carrier]))
    if has_detail(article):
        names.append(picture_name(carrier, color, detail=True))
    return {"pictures": "|".join(names)}


def _texts(article: Article) -> Entry:
    row = {"sku": article.code}
    for language, locale in LOCALES.items():
        gap = gaps(article, language)
        written = _written(article, language)
        row |= {
            f"{code}-{locale}": value
            for code, value in written.items()
            if gap == "" or (gap == "story" and code == "name")
        }
        if gap == "" and language != "de":
            row[f"teaser-{locale}-webshop"] = _first_sentence(article, language)
    row["teaser-nl_NL-marketplace"] = article.kind.points["nl"][0]
    row |= {
        code: str(article.facts[fact])
        for fact, code in SPECIFICATIONS.items()
        if fact in article.facts
    }
    row |= (
        {"waterproof": "ja" if article.facts["waterproof"] else "nee"}
        if "waterproof" in article.facts
        else {}
    )
    row["material"] = "|".join(article.facts["material"])
    row |= _slips(article, row)
    return row | {"cross_sell-products": "|".join(CROSS_SELL.get(article.family, ()))}


def _slips(article: Article, row: Entry) -> Entry:
    """What an editor did wrong on purpose: the hub warns of it."""
    if article.code == NOT_TRANSLATED:
        return {"description-en_GB": row["description-nl_NL"]}
    if article.code == MISSPELLED:
        return {"description-en_GB": row["description-en_GB"].replace("holiday", "holliday")}
    if article.code == NEAR_OPTION:
        return {"material": row["material"].replace("plastic", "kunststof")}
    return {}


def gaps(article: Article, language: str) -> str:
    """ "all" where a language has not been started, "story" where just the name is there, "" where
    nothing is missing.
    """
    if language == "nl":
        return "story" if article.code in DUTCH_MISSING else ""
    drawn = Random(f"{article.code}-{language}").random()  # noqa: S311 - demo gaps
    untouched, started = {"en": (0.05, 0.1), "de": (0.15, 0.28)}[language]
    return "all" if drawn < untouched else "story" if drawn < started else ""


def _written(article: Article, language: str) -> Entry:
    full, story = _name(article, language), _story(article, language)
    points = [*article.kind.points[language], _specification(article, language)]
    listed = "".join(f"<li>{point}</li>" for point in points)
    return {
        "name": full,
        "description": f"<p>{story}</p><ul>{listed}</ul><p>{_facts(article, language)}</p>",
        **{f"highlight_{number}": point for number, point in enumerate(points, 1)},
        "seo_title": f"{full} | Veerpad"[:70],
        "seo_description": story if len(story) <= 320 else _first_sentence(article, language),
    }


def _name(article: Article, language: str) -> str:
    name = short_name(article, language)
    if article.variant is None:
        name += f", {color_word(article.colors[0], language)}"
    return name


def short_name(article: Article, language: str) -> str:
    """What it is called, without its colour."""
    return f"{_brand(article)} {article.name} {article.kind.noun[language]}"


def color_word(color: str, language: str) -> str:
    """A colour as it stands within a sentence."""
    label: str = _labels()["color"][color][LOCALES[language]]
    return label.lower()


def _story(article: Article, language: str) -> str:
    return str(article.kind.text[language]).replace("{name}", f"{_brand(article)} {article.name}")


def _first_sentence(article: Article, language: str) -> str:
    return _story(article, language).partition(". ")[0].rstrip(".") + "."


def _brand(article: Article) -> str:
    return article.brand.capitalize()


def _specification(article: Article, language: str) -> str:
    """The third bullet point: the figures a customer compares."""
    words, facts = SPEC_WORDS[language], article.facts
    if "gears" in facts:
        return (
            words["single"].format(facts["wheel"])
            if facts["gears"] == 1
            else words["gears"].format(facts["gears"], facts["wheel"])
        )
    if "persons" in facts:
        return words["persons"].format(facts["persons"], facts["water"])
    if "volume" in facts:
        return words["volume"].format(_spoken(facts["volume"], language))
    return words["origin"].format(_labels()["country_of_origin"][article.origin][LOCALES[language]])


def _facts(article: Article, language: str) -> str:
    labels = [_labels()["material"][code][LOCALES[language]] for code in article.facts["material"]]
    materials = ", ".join(label if language == "de" else label.lower() for label in labels)
    return SPEC_WORDS[language]["material"].format(
        materials, _spoken(article.facts["weight"], language)
    )


def _spoken(number: float, language: str) -> str:
    plain = f"{number:g}"
    return plain if language == "en" else plain.replace(".", ",")


@lru_cache(maxsize=1)
def _labels() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Attribute -> option -> locale -> label, from the structure."""
    attributes: Mapping[str, Any] = read_yaml(SHOP / "structure.yaml")["attributes"]
    return {
        code: {option: one["labels"] for option, one in attributes[code]["options"].items()}
        for code in ("color", "material", "country_of_origin")
    }
