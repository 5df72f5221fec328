"""What every exporter owes, ours and anybody's: found by the registry, so a new file is tested by
being there.
"""

import ast
import copy
import importlib.util
import pickle
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from exporters.google_shopping import GoogleShopping
from pim.errors import Invalid, NotFound
from pim.feeds import field_guide, registry
from pim.feeds.check import compile_check
from pim.feeds.contract import (
    BuildContext,
    Csv,
    Exporter,
    Group,
    Listing,
    Measure,
    Missing,
    Money,
    Picture,
    Property,
    Record,
)
from pim.feeds.options import read_options
from pim.meanings import MEANINGS

TYPED = {
    "picture": Picture("https://cdn.example/x.jpg"),
    "price": Money("1.00", "EUR"),
    "measurement": Measure("1", "GRAM", "g", "GRM"),
    "properties": Property("weight", "Gewicht", "1", "g", "GRM"),
}
SHARED = ("pim.feeds.contract", "pim.feeds.google_data", "pim.feeds.variant_options")
"""What an exporter may import of the hub's own."""
CODES = sorted(registry.all_exporters())


@pytest.fixture(params=CODES)
def code(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_exporters_of_the_release_are_all_found() -> None:
    assert set(CODES) >= {
        "bmecat_2005",
        "bol_offers",
        "google_shopping",
        "heureka",
        "shopify",
        "tryton_pos",
        "ubl_catalogue",
    }


def test_an_unknown_exporter_is_not_found() -> None:
    with pytest.raises(NotFound):
        registry.get("fax")


def test_fields_are_complete_and_unambiguous(code: str) -> None:
    exporter = registry.get(code)
    names = [field.name for field in exporter.fields]
    assert len(names) == len(set(names))
    for field in exporter.fields:
        assert field.source, f"{field.name} does not say where its rule is written"
        assert field.kind != "choice" or field.choices, f"{field.name} is a choice of nothing"
        assert field.kind != "boolean" or len(field.choices) == 2, (
            f"{field.name} lacks the words for yes and no"
        )
        assert field.read, f"{field.name} does not say when its rule was read"
        assert not field.meaning or field.meaning in MEANINGS
        assert field.need != "required" or field.meaning or field.help, (
            f"{field.name} is required and nothing helps to fill it"
        )


def test_defaults_of_the_options_are_allowed(code: str) -> None:
    exporter = registry.get(code)
    given = {
        option.name: exporter.example.options[option.name]
        for option in exporter.options
        if option.required and not option.default
    }
    values = read_options(exporter, given)
    assert values.keys() == {option.name for option in exporter.options}


def test_an_unknown_option_is_named(code: str) -> None:
    with pytest.raises(Invalid) as raised:
        read_options(registry.get(code), {"colour_of_paper": "pink"})
    assert "colour_of_paper" in raised.value.messages


def test_the_file_reads_back_with_as_many_records(build: Callable[..., Any], code: str) -> None:
    built = build(code)
    assert built.exporter.format.count(built.path) == built.records >= 2


def test_half_a_file_does_not_pass_for_a_whole_one(build: Callable[..., Any], code: str) -> None:
    built = build(code)
    whole = built.path.read_bytes()
    cut = whole.rstrip().rfind(b"\n")
    built.path.write_bytes(whole[: cut - 20])
    try:
        count = built.exporter.format.count(built.path)
    except Invalid:
        count = None
    assert count != built.records


def test_the_golden_file(build: Callable[..., Any], golden: Callable[..., str], code: str) -> None:
    built = build(code)
    assert built.text == golden(built)


def test_no_record_has_a_name_that_the_header_lacks(build: Callable[..., Any], code: str) -> None:
    exporter = build(code).exporter
    if isinstance(exporter.format, Csv):
        for record in exporter.items(Group([listing_of_everything(exporter)])):
            assert set(record) <= set(exporter.format.columns)


def test_a_product_that_cannot_be_sold_is_kept_out_with_reasons(
    build: Callable[..., Any], code: str
) -> None:
    built = build(code)
    assert {reason.rule for reason in built.reasons["BEL"] if reason.is_error} & {
        "price_zero",
        "gtin_check_digit",
        "missing",
    }
    assert built.reasons["ZZ7-ROOD"] == []
    assert "ZZ7-ROOD" in built.text
    assert "BEL" not in built.text


def test_what_is_required_is_asked_for_by_name(build: Callable[..., Any], code: str) -> None:
    exporter = build(code).exporter
    required = {field.name for field in exporter.fields if field.need == "required"}
    reasons = compile_check(exporter, {}, ())(Listing("X", "X", None))
    assert required <= {reason.address for reason in reasons if reason.rule == "missing"}


def test_a_listing_says_what_it_misses() -> None:
    with pytest.raises(Missing) as raised:
        Listing("X", "X", None)["title"]
    assert raised.value.field == "title"


def test_an_exporter_imports_what_is_shared_and_the_standard_library_only(
    code: str,
) -> None:
    spec = importlib.util.find_spec(registry.get(code).__module__)
    assert spec is not None
    assert spec.origin is not None
    for node in ast.walk(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))):
        for module in _imported(node):
            assert module in SHARED or module.partition(".")[0] in sys.stdlib_module_names, module


def test_the_rest_of_the_file_does_not_depend_on_the_order(
    build: Callable[..., Any], products: Any, code: str
) -> None:
    """An incremental build puts old fragments beside new ones."""
    forward, backward = build(code).text, build(code, products=[*products[2:], *products[:2]]).text
    assert forward != backward
    separator = build(code).exporter.format.separator.decode().strip()
    assert sorted(line.rstrip(separator) for line in forward.splitlines()) == sorted(
        line.rstrip(separator) for line in backward.splitlines()
    )


def listing_of_everything(exporter: Exporter) -> Listing:
    listing = Listing("X", "X", None)
    for field in exporter.fields:
        value: Any = field.choices[0] if field.choices else "1"
        value = TYPED.get(field.kind, value)
        listing[field.name] = [value] if field.repeat else value
    return listing


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_the_page_of_the_docs_is_made_of_the_exporters() -> None:
    """`python -m pim.feeds.field_guide` writes it anew."""
    assert field_guide.PAGE.read_text(encoding="utf-8") == field_guide.page()


def test_a_record_does_not_depend_on_the_day_unless_the_exporter_says_so(
    build: Callable[..., Any], code: str
) -> None:
    """channels.md fault 13."""
    exporter = build(code).exporter
    listing = listing_of_everything(exporter)
    later = type(exporter)(replace(exporter.context, issued=date(2026, 11, 23)))
    same = exporter.render(Group([listing])) == later.render(Group([listing]))
    assert same or exporter.depends_on_day


def test_a_listing_can_be_sent_to_another_process(build: Callable[..., Any], code: str) -> None:
    """Values are plain: what a listing holds arrives as it was."""
    listing = listing_of_everything(build(code).exporter)
    arrived = pickle.loads(pickle.dumps(listing))
    assert (arrived, arrived.identifier, arrived.action) == (listing, "X", "add")
    assert copy.deepcopy(listing) == listing


def test_a_delta_takes_products_back_and_says_what_is_new() -> None:
    class Changes(GoogleShopping):
        def item(self, listing: Listing) -> Record:
            return {"id": listing["id"], "title": listing.action}

        def gone(self, identifier: str) -> Record:
            return {"id": identifier, "title": "delete"}

    context = BuildContext("x", "X", "https://x", "nl_NL", "EUR", date(2026, 11, 22), {})
    listing = Listing("A", "A", None)
    listing |= {"id": "A"}
    listing.action = "update"
    assert b"<g:title>update<" in Changes(context).render(Group([listing]))[0]
    data, count = Changes(context).render_gone(["B", "C"])
    assert (data.count(b"<g:title>delete<"), count) == (2, 2)
    assert GoogleShopping(context).render_gone(["B"]) == (b"", 0)


def test_the_extension_is_known_without_a_build(code: str) -> None:
    exporter = registry.get(code)
    given = read_options(exporter, dict(exporter.example.options))
    assert exporter.format_for(given).extension in ("csv", "tsv", "xml", "json", "jsonl", "zip")
