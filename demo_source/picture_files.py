"""What the shop's photographer delivers with the pictures: what is on them, in the languages that
the editors have begun with.
"""

from collections.abc import Iterator

from demo_source.articles import Article, articles, picture_name
from demo_source.text_files import LOCALES, NO_PICTURE, color_word, gaps, has_detail, short_name

HEAD = ("filename", "family", *(f"alt_text-{one}" for one in LOCALES.values()), "copyright")
CLOSE_UP = {"nl": "van dichtbij", "en": "close-up", "de": "Nahaufnahme"}
PHOTOGRAPHER = "Veerpad, atelier Noord"


def picture_rows() -> Iterator[dict[str, str]]:
    """A row for each picture."""
    for article in articles():
        for carrier, color in article.pictured():
            if carrier in NO_PICTURE:
                continue
            yield _row(article, carrier, color, is_detail=False)
            if has_detail(article):
                yield _row(article, carrier, color, is_detail=True)


def _row(article: Article, carrier: str, color: str, *, is_detail: bool) -> dict[str, str]:
    row = {
        "filename": picture_name(carrier, color, detail=is_detail),
        "family": "photo",
        "copyright": PHOTOGRAPHER,
    }
    for language, locale in LOCALES.items():
        if language == "nl" or gaps(article, language) == "":
            row[f"alt_text-{locale}"] = _alt_text(article, color, language, is_detail)
    return row


def _alt_text(article: Article, color: str, language: str, is_detail: bool) -> str:
    seen = f"{short_name(article, language)}, {color_word(color, language)}"
    return f"{seen}, {CLOSE_UP[language]}" if is_detail else seen
