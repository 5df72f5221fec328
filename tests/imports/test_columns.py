"""The columns of a file and those of its profile."""

from dataclasses import replace

import pytest

from pim.errors import Invalid
from pim.imports.models import ImportProblem, ImportRun
from pim.imports.profiles import read_profile
from pim.imports.run import import_products
from tests.imports.conftest import OPTIONAL, counts


@pytest.mark.parametrize(
    ("header", "line", "where"),
    [
        ("Nr;Naam;Onbekend", "A1;x;y", "Onbekend"),
        ("Naam;Prijs", "x;1,00", "columns"),
        ("Nr;Naam;Naam", "A1;x;y", "header"),
    ],
)
def test_a_file_that_does_not_fit_its_profile_changes_nothing(desk, header, line, where):
    with pytest.raises(Invalid) as caught:
        desk.run(line, header=header)
    assert where in caught.value.messages
    assert (desk.products(), desk.all(ImportRun, ImportRun.id)) == ({}, [])


@pytest.mark.parametrize("dry_run", [True, False])
def test_columns_that_a_file_lacks_are_told_all_at_once_and_change_nothing(desk, dry_run):
    """Without the column of the unit 800 grams would be 800 kilograms."""
    profile = read_profile(OPTIONAL)
    lines = ["A1;800", "A2;800 gr", "A3;"]
    run = desk.run(*lines, header="Nr;Gewicht", profile=profile, dry_run=dry_run)
    assert (counts(run), run.left_out, run.warnings) == ((3, 3, 0, 0, 0), 1, 2)
    assert sorted(desk.report()) == [
        (0, "", "", "missing columns", "warning"),
        (0, "", "", "no family", "warning"),
        (2, "A1", "Gewicht", "unit", "skipped"),
    ]
    told = desk.all(ImportProblem, ImportProblem.number)[0]
    assert told.message.parts == {"missing": "Naam, Gewicht eenheid"}
    if not dry_run:
        assert "weight" not in desk.products()["A1"].values
        assert desk.products()["A2"].values["weight"] == {"amount": "800", "unit": "GRAM"}


def test_a_file_that_does_not_name_its_products_is_refused_with_what_it_has(desk):
    with pytest.raises(Invalid) as caught:
        desk.run("x;800", header="Naam;Gewicht", profile=read_profile(OPTIONAL))
    (sentence,) = caught.value.messages["columns"]
    assert sentence.parts == {"key": "Nr", "there": "Naam, Gewicht"}
    assert (desk.products(), desk.all(ImportRun, ImportRun.id)) == ({}, [])


def test_an_optional_column_may_be_missing_and_is_read_where_it_is_there(desk):
    profile = read_profile(OPTIONAL)
    header = "Nr;Naam;Gewicht;Gewicht eenheid"
    assert counts(desk.run("A1;a;;", header=header, profile=profile)) == (1, 1, 0, 0, 0)
    assert "missing columns" not in [rule for _, _, _, rule, _ in desk.report()]
    desk.run("A1;a;;;red", header=f"{header};Kleur", profile=profile)
    assert desk.products()["A1"].values["color"] == "red"


def test_columns_that_a_profile_ignores_may_be_double_or_nameless(desk):
    header = "Nr;Naam;Gewicht;Gewicht eenheid;Memo;;Memo"
    run = desk.run("A1;a;2;KILOGRAM;x;y;z", header=header, profile=read_profile(OPTIONAL))
    assert (counts(run), desk.products()["A1"].values["name-nl_NL"]) == ((1, 1, 0, 0, 0), "a")


def test_a_column_whose_name_is_written_in_another_case_is_the_same(desk):
    header = "NR;naam;GEWICHT;Gewicht  Eenheid"
    run = desk.run("A1;a;2;KILOGRAM", header=header, profile=read_profile(OPTIONAL))
    assert (counts(run), desk.products()["A1"].values["name-nl_NL"]) == ((1, 1, 0, 0, 0), "a")
    with pytest.raises(Invalid, match="“Naam” is there 2 times"):
        desk.run(
            "A1;a;2;GRAM;b", header="Nr;naam;Gewicht;Gewicht eenheid;NAAM", profile=desk.profile
        )


def test_of_two_names_in_another_case_the_exact_one_counts(desk):
    header = "Nr;Naam;Gewicht;Gewicht eenheid;naam"
    with pytest.raises(Invalid) as caught:
        desk.run("A1;a;2;KILOGRAM;b", header=header, profile=read_profile(OPTIONAL))
    assert list(caught.value.messages) == ["naam"]


def test_a_profile_that_names_an_unknown_attribute_changes_nothing(desk):
    columns = tuple(
        replace(one, to="taste") if one.to == "color" else one for one in desk.profile.columns
    )
    with pytest.raises(Invalid) as caught:
        desk.run("A1;;;;;;;;", profile=replace(desk.profile, columns=columns))
    assert (list(caught.value.messages), desk.products()) == (["Kleur"], {})


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, bytes(range(256)) * 40]
)
def test_empty_and_binary_files_change_nothing(desk, content):
    path = desk.folder / "broken.csv"
    path.write_bytes(content)
    with pytest.raises(Invalid):
        import_products(desk.database, path, desk.profile, "x", desk.clock)
    assert desk.all(ImportRun, ImportRun.id) == []


def test_what_the_file_does_not_say_the_profile_says_for_every_row(desk):
    profile = replace(desk.profile, always={"family": "bikes", "name-nl_NL": "Fiets"})
    desk.run("a;;;;;;;;", "b;;Bakfiets;;;;;;", profile=profile)
    found = {name: (one.family, one.values["name-nl_NL"]) for name, one in desk.products().items()}
    assert found == {"a": ("bikes", "Fiets"), "b": ("bikes", "Bakfiets")}


def test_a_wrong_value_for_every_row_is_named_before_anything_is_written(desk):
    with pytest.raises(Invalid) as refused:
        desk.run("a;;;;;;;;", profile=replace(desk.profile, always={"price-EUR": "cheap"}))
    assert list(refused.value.messages) == ["always.price-EUR"]
