"""The demo's files belong together: generated from the articles, readable by their profiles, at
home in the structure.
"""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from demo_source import erp_files, generate
from demo_source.articles import articles
from demo_source.text_files import LOCALES
from pim.attributes.gtin import GtinType
from pim.demo.load import HERE
from pim.demo.statuses import IN_DRAFT, IN_REVIEW, RETIRED, status
from pim.i18n import LANGUAGES
from pim.imports.profiles import read_profile
from pim.labels import Labels
from pim.structure.document import flatten, nest
from pim.structure.objects import Structure
from pim.structure.parse import build_structure

NAMES = ("erp_models", "erp", "texts_models", "texts")


def rows(name: str) -> list[dict[str, str]]:
    erp = name.startswith("erp")
    text = (HERE / f"{name}.csv").read_bytes().decode("windows-1252" if erp else "utf-8")
    return list(csv.DictReader(io.StringIO(text), delimiter=";" if erp else ","))


@pytest.fixture(scope="module")
def structure() -> Structure:
    return build_structure(
        flatten(yaml.safe_load((HERE / "structure.yaml").read_text("utf-8"))), version=1
    )


def named(document: Any, path: str = "") -> Iterator[tuple[str, Labels]]:
    """Where something has labels, or help, in a structure's file."""
    for key, inside in document.items() if isinstance(document, dict) else ():
        if key in ("labels", "help"):
            yield f"{path}{key}", inside
        else:
            yield from named(inside, f"{path}{key}.")


def test_everything_has_a_name_in_each_language_of_the_interface() -> None:
    document = yaml.safe_load((HERE / "structure.yaml").read_text("utf-8"))
    spoken = {path: {code[:2] for code in labels} for path, labels in named(document)}
    assert "attributes.color.options.red.labels" in spoken
    assert {path for path, languages in spoken.items() if languages != set(LANGUAGES)} == set()


@pytest.mark.parametrize("name", [*NAMES, "pictures"])
def test_the_generator_rebuilds_the_committed_file(name: str) -> None:
    assert generate.files()[f"{name}.csv"] == (HERE / f"{name}.csv").read_bytes(), (
        "run python -m demo_source.generate"
    )


def test_the_structure_goes_round() -> None:
    document = yaml.safe_load((HERE / "structure.yaml").read_text("utf-8"))
    assert flatten(nest(flatten(document))) == flatten(document)


@pytest.mark.parametrize("name", NAMES)
def test_each_profile_names_the_columns_of_its_file(name: str) -> None:
    profile = read_profile((HERE / f"{name}.yaml").read_bytes())
    assert [column.name for column in profile.columns] == list(rows(name)[0])


def test_the_erp_file_looks_like_an_erps() -> None:
    content = (HERE / "erp.csv").read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n") == len(rows("erp")) + 1
    assert b"\x96" in content  # a dash of Windows-1252, no character in UTF-8
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")


def test_articles_use_what_the_structure_knows(structure: Structure) -> None:
    def options(attribute: str) -> set[str]:
        return set(structure.attributes[attribute].type.options)  # type: ignore[attr-defined]

    for article in articles():
        assert set(article.colors) <= options("color"), article.code
        assert set(article.facts["material"]) <= options("material"), article.code
        assert {
            article.kind.category,
            article.kind.market,
        } <= structure.categories.keys(), article.code
        assert article.brand in options("brand"), article.code
        assert article.origin in options("country_of_origin"), article.code
        assert (
            article.variant is None or structure.variants[article.variant].family == article.family
        ), article.code


def test_just_the_two_marked_eans_have_a_wrong_check_digit() -> None:
    numbers = {row["Artikelnummer"]: row["EAN"] for row in rows("erp") if row["EAN"]}
    doubtful = {article for article, number in numbers.items() if GtinType().check(number)}
    assert doubtful == erp_files.WRONG_EANS
    assert len(set(numbers.values())) == len(numbers) >= 300
    assert all(number.startswith("8719990") for number in numbers.values())


@pytest.mark.parametrize(
    ("language", "least", "most"), [("de", 0.15, 0.35), ("en", 0.03, 0.15), ("nl", 0.01, 0.05)]
)
def test_each_language_has_its_gaps(language: str, least: float, most: float) -> None:
    texts = [row for name in ("texts_models", "texts") for row in rows(name) if row["material"]]
    missing = sum(not row[f"description-{LOCALES[language]}"] for row in texts) / len(texts)
    assert least < missing < most


def test_descriptions_tell_products_apart() -> None:
    told = [
        row["description-nl_NL"] + row["name-nl_NL"]
        for name in ("texts_models", "texts")
        for row in rows(name)
        if row["name-nl_NL"]
    ]
    assert len(told) > 100
    assert len(set(told)) > 0.98 * len(told)


def test_a_status_goes_with_an_article_and_its_variants() -> None:
    sold = [row["Artikelnummer"] for row in rows("erp")]
    assert status("KL-2320-ZAND-M") == status("KL-2320") == "review"
    assert status("KL-23200") == "approved"
    for code in (*IN_REVIEW, *IN_DRAFT, *RETIRED):
        assert any(
            identifier == code or identifier.startswith(f"{code}-") for identifier in sold
        ), code
    assert sum(status(identifier) == "approved" for identifier in sold) > 0.9 * len(sold)


def test_the_readme_lists_every_fault() -> None:
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    for article in (
        *erp_files.FAULTS,
        *erp_files.WRONG_EANS,
        erp_files.TWICE,
        *(row["Artikelnummer"] for row in erp_files.ORPHANS),
    ):
        assert article in readme


def test_every_picture_is_described_in_dutch_and_fits_its_limit(structure: Structure) -> None:
    named = {
        picture
        for name in ("texts_models", "texts")
        for row in rows(name)
        for picture in row["pictures"].split("|")
        if picture
    }
    described = rows("pictures")
    assert {row["filename"] for row in described} == named
    for row in described:
        assert row["alt_text-nl_NL"]
        for locale in LOCALES.values():
            alt_text = row[f"alt_text-{locale}"]
            assert not alt_text or structure.attributes["alt_text"].type.check(alt_text) == []
    assert [row for row in described if not row["alt_text-de_DE"]]  # some work is left to do
