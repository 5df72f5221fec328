"""The demo shop's pictures, and which of its products are approved."""

from pathlib import Path

from pim.demo.articles import articles, picture_name
from pim.demo.draw import draw
from pim.demo.text_files import NO_PICTURE, has_detail

IN_REVIEW = ("KL-2320", "TE-4220", "AC-6950")
IN_DRAFT = ("FI-1320", "RU-5120", "AC-6821")
RETIRED = ("AC-6032",)
SMALL_PICTURE = frozenset({"AC-6130", "AC-6311", "RU-5310-GEEL"})
"""Carriers whose picture was sent by telephone: 400 pixels, which feeds complain about."""


def status(identifier: str) -> str:
    """What the demo makes of a product or model: "approved" for all that is complete, save these articles and their variants."""
    for word, codes in (("review", IN_REVIEW), ("draft", IN_DRAFT), ("retired", RETIRED)):
        if any(identifier == code or identifier.startswith(f"{code}-") for code in codes):
            return word
    return "approved"


def pictures(folder: Path) -> list[Path]:
    """Draw every picture that texts*.csv names into ``folder`` (JPEG, 1200 x 1200); pictures that are there already stay."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for article in articles():
        for carrier, color in article.pictured():
            if carrier in NO_PICTURE:
                continue
            for detail in (False, True) if has_detail(article) else (False,):
                path = folder / picture_name(carrier, color, detail)
                if not path.exists():
                    path.write_bytes(draw(article.kind.code, color, detail=detail, side=400 if carrier in SMALL_PICTURE else 1200))
                paths.append(path)
    return paths
