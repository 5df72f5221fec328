"""What a list can be asked beside its plain filters, with every operator, on both engines; and how
an address spells it.
"""

from datetime import UTC, datetime

import pytest

from pim.accounts import service as accounts
from pim.attributes.operators import Operator
from pim.errors import Invalid
from pim.i18n import translate
from pim.imports.models import ImportProfile, ImportRun
from pim.products import change_names, conditions, filter_fields, matching, own_filters, queries
from pim.products.change import Origin
from pim.products.condition_words import said
from pim.products.conditions import Condition
from pim.products.matching import Filters
from tests.support.hub import ERP, HubDriver
from tests.support.listed_shop import STRUCTURE


@pytest.fixture
def shop(database, clock):
    driver = HubDriver(database, clock)
    driver.restructure(STRUCTURE)
    crates = {
        "a": {
            "title-nl_NL": "Lichte Tent",
            "depth": "9",
            "load": {"amount": "900", "unit": "GRAM"},
            "cost-EUR": "9.50",
            "launch": "2026-01-31",
            "tint": ["red", "grey"],
            "boxed": True,
            "categories": ["low"],
        },
        "b": {
            "title-nl_NL": "Tentzeil",
            "depth": "10.5",
            "load": {"amount": "1.5", "unit": "KILOGRAM"},
            "cost-EUR": "10.00",
            "launch": "2026-02-01",
            "tint": ["green"],
            "boxed": False,
            "categories": ["high"],
        },
        "c": {
            "title-nl_NL": "lichte tent",
            "title-en_GB": "Lamp",
            "story": "<p>Een <strong>lichte</strong> lamp</p>",
            "depth": "-2",
            "cost-EUR": "100.00",
            "tint": ["red"],
            "enabled": False,
        },
        "d": {"depth": "-10", "cost-EUR": "-3.00", "categories": ["store"]},
    }
    for identifier, values in crates.items():
        driver.edit(identifier, {"family": "crates", **values})
    driver.model("rack", {"family": "racks", "family_variant": "by_size", "title-nl_NL": "Rek"})
    driver.edit("rack-s", {"parent": "rack", "size": "s"})
    driver.edit("rack-l", {"parent": "rack", "size": "l"})
    driver.edit("stray", {})
    driver.edit("d", {"photo": "0123456789abcdef0123"}, ERP)
    driver.edit("rack-s", {"categories": ["low"]}, ERP)
    with database.writing() as session:
        session.add(run_of("run-1", "prices"))
        session.add(run_of("run-2", "texts"))
    return driver


def run_of(code, profile, filename="", started=None, *, dry_run=False):
    return ImportRun(
        id=code,
        profile=profile,
        definition={},
        filename=filename,
        sha256="",
        dry_run=dry_run,
        state="done",
        actor="anna",
        started=started or datetime.now(UTC),
        **dict.fromkeys(
            (
                *("cursor", "rows", "created", "updated", "unchanged"),
                *("refused", "warnings", "milliseconds"),
            ),
            0,
        ),
    )


@pytest.fixture(params=["short lists", "no short list"])
def ways(request, monkeypatch):
    if request.param == "no short list":
        monkeypatch.setattr(matching, "SHORT", -1)


def found(shop, *spellings, **filters):
    structure = shop.structure()
    asked = tuple(conditions.read(structure, one) for one in spellings)
    with shop.database.reading() as session:
        wanted = Filters(conditions=asked, **filters)
        page = queries.page(session, structure, wanted)
        assert len(matching.newest(session, structure, wanted, 100)) == len(page.rows), spellings
    return "".join(row.identifier[0] for row in page.rows[::-1])


FINDS = (
    ("title-nl_NL.contains.TENT", "abc"),
    ("title-nl_NL.contains.tent licht", "ac"),
    ("title-en_GB.contains.tent", ""),
    ("title-nl_NL.is.lichte tent", "c"),
    ("title-nl_NL.one_of.lichte tent,Lichte Tent,Rek", "acr"),
    ("title-nl_NL.empty", "ds"),
    ("title-nl_NL.filled", "abcr"),
    ("story.contains.licht", "c"),
    ("story.contains.strong", ""),
    ("depth.is.10.50", "b"),
    ("depth.at_least.9", "ab"),
    ("depth.at_most.-2", "cd"),
    ("depth.between.-9..9.0", "ac"),
    ("depth.between.9..-9", ""),
    ("load.at_least.1", "b"),
    ("load.at_most.1000 GRAM", "a"),
    ("load.between.0.9..1.5", "ab"),
    ("cost-EUR.at_least.9.5", "abc"),
    ("cost-EUR.at_most.9.5", "ad"),
    ("cost-EUR.is.10", "b"),
    ("launch.at_least.2026-02-01", "b"),
    ("launch.between.2026-01-01..2026-01-31", "a"),
    ("launch.empty", "cdrs"),
    ("tint.one_of.grey", "a"),
    ("tint.one_of.grey,green", "ab"),
    ("tint.none_of.red", "bdrs"),
    ("tint.filled", "abc"),
    ("boxed.yes", "a"),
    ("boxed.no", "b"),
    ("boxed.empty", "cdrs"),
    ("size.one_of.s", "r"),
    ("_identifier.one_of.B,d,nobody", "bd"),
    ("_family.one_of.crates", "abcd"),
    ("_family.one_of.crates,racks", "abcdr"),
    ("_family.none_of.crates", "rs"),
    ("_family.empty", "s"),
    ("_category.one_of.store", "abd"),
    ("_category.one_of.low,high", "ab"),
    ("_category.none_of.low", "bcdrs"),
    ("_category.empty", "crs"),
    ("_status.one_of.draft,review", "abcdrs"),
    ("_status.none_of.draft", ""),
    ("_complete.one_of.web-nl_NL", "abcrrr"),
    ("_complete.one_of.web-nl_NL,web-en_GB", "abcrrr"),
    ("_incomplete.one_of.web-nl_NL", "d"),
    ("_incomplete.one_of.web-nl_NL,web-en_GB", "abd"),
    ("_missing.one_of.title-nl_NL", "d"),
    ("_missing.one_of.title-nl_NL,title-en_GB", "abd"),
    ("_picture.yes", "d"),
    ("_picture.no", "abcrs"),
    ("photo.filled", "d"),
    ("_changed_by.one_of.anna", "abcdrrrs"),
    ("_changed_by.one_of.erp import", "dr"),
    ("_changed_by.one_of.erp import,anna", "abcdrrrs"),
    ("_run.one_of.run-1", "dr"),
    ("_run.one_of.run-1,run-2", "dr"),
    ("_run.one_of.run-2", ""),
    ("_profile.one_of.prices", "dr"),
    ("_profile.one_of.prices,texts", "dr"),
    ("_profile.one_of.texts", ""),
    ("_enabled.no", "c"),
    ("_enabled.yes", "abdrrrs"),
    ("_changed.at_least.2000-01-01", "abcdrrrs"),
    ("_changed.at_most.2000-01-01", ""),
)


@pytest.mark.usefixtures("ways")
def test_a_condition_finds_exactly_what_fits(shop):
    assert [(spelling, found(shop, spelling)) for spelling, _ in FINDS] == list(FINDS)


@pytest.mark.usefixtures("ways")
def test_conditions_all_hold_beside_the_plain_filters(shop):
    assert found(shop, "depth.at_least.-5", "tint.one_of.red") == "ac"
    assert found(shop, "depth.at_least.-5", "tint.one_of.red", "_enabled.yes") == "a"
    assert found(shop, "depth.at_least.-5", category="store") == "ab"
    assert found(shop, "depth.at_least.-5", words="licht") == "ac"
    assert found(shop, "tint.none_of.red", "title-nl_NL.filled", grouped=False) == "brr"


@pytest.mark.usefixtures("ways")
def test_what_is_retired_is_listed_where_a_condition_asks_for_it(shop):
    shop.move("b", "retired")
    shop.move("rack", "retired")
    assert found(shop, "depth.at_least.9") == "a"
    assert found(shop, "_status.one_of.retired") == "br"
    assert found(shop, "_status.one_of.retired", grouped=False) == "brr"
    assert found(shop, "_status.one_of.retired,draft", "_family.one_of.crates") == "abcd"


def test_a_condition_follows_an_edit(shop):
    shop.edit("a", {"depth": None, "title-nl_NL": "Doos", "enabled": False})
    shop.edit("c", {"enabled": True})
    assert found(shop, "depth.filled") == "bcd"
    assert found(shop, "title-nl_NL.contains.tent") == "bc"
    assert found(shop, "_enabled.no") == "a"


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize(
    "condition",
    [
        Condition("depth", Operator.BETWEEN, ("-1", "2.5")),
        Condition("title-nl_NL", Operator.CONTAINS, ("a.b, c..d",)),
        Condition("title-nl_NL", Operator.ONE_OF, ("a,b", "c\\", "\\,", "d")),
        Condition("boxed", Operator.YES),
        Condition("_changed", Operator.AT_LEAST, ("2026-11-22T10:00:00+00:00",)),
    ],
)
def test_an_address_spells_a_condition_so_that_it_is_read_back(shop, condition):
    assert conditions.read(shop.structure(), conditions.spelled(condition)) == condition


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize(
    ("spelling", "problem"),
    [
        ("", "is no filter"),
        ("depth", "is no filter"),
        ("height.is.5", "nothing called “height”"),
        ("hidden.is.5", "its attribute is not filterable"),
        ("depth.above.5", "“above” is no operator"),
        ("depth.contains.5", "“depth” cannot be asked “contains”"),
        ("depth.is", "“is” wants 1 value."),
        ("depth.between.5", "“between” wants 2 values."),
        ("depth.between.1..2..3", "“between” wants 2 values."),
        ("depth.filled.5", "“filled” takes no value."),
        ("depth.at_least.deep", "“deep” is not a number"),
        ("load.is.5 METER", "METER"),
        ("tint.one_of.", "wants at least one value"),
        ("tint.one_of.red,violet", "“violet” is none of the options"),
        ("_family.one_of.sheds", "nothing called “sheds”"),
        ("_changed.at_least.yesterday", "neither a day nor a moment"),
    ],
)
def test_what_is_not_understood_is_named(shop, spelling, problem):
    with pytest.raises(Invalid) as caught:
        conditions.read(shop.structure(), spelling)
    assert problem in str(caught.value)


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize(
    ("spelling", "english", "dutch"),
    [
        ("depth.between.1..2.5", "Depth: 1 to 2.5", "Depth: 1 tot 2,5"),
        (
            "title-nl_NL.contains.tent",
            "Title (Dutch) contains “tent”",
            "Titel (Nederlands) bevat “tent”",
        ),
        ("tint.one_of.red,grey", "Tint: Red, [grey]", "Tint: Red, [grey]"),
        ("boxed.yes", "Boxed: yes", "Boxed: ja"),
        ("_status.none_of.draft", "Status: not Draft", "Status: niet Concept"),
        ("_complete.one_of.web-nl_NL", "Complete: Web, Dutch", "Compleet: Web, Nederlands"),
        ("_family.one_of.crates", "Family: Crates", "Familie: Crates"),
        ("load.at_least.1.5", "Load: from 1.5 kg", "Load: vanaf 1,5 kg"),
    ],
)
def test_a_condition_is_said_in_the_language_of_the_reader(shop, spelling, english, dutch):
    structure = shop.structure()
    condition = conditions.read(structure, spelling)
    with shop.database.reading() as session:
        assert translate(said(session, structure, condition, "en"), "en") == english
        assert translate(said(session, structure, condition, "nl"), "nl") == dutch


def in_words(shop, *spellings):
    """Each condition in English."""
    structure = shop.structure()
    with shop.database.reading() as session:
        return [
            translate(said(session, structure, conditions.read(structure, one), "en"), "en")
            for one in spellings
        ]


def offered(shop, code):
    """What a filter has to choose from: code -> words."""
    field = own_filters.OWN[code]
    with shop.database.reading() as session:
        named = field.named(session, shop.structure(), "en")
    return {one: str(words) for one, words in named.items()}


def test_who_changed_a_product_is_called_by_name(shop, clock):
    shop.edit("a", {"depth": "1"}, Origin("user", "ann@example.org", "hub"))
    shop.edit("b", {"depth": "1"}, Origin("user", "two@example.org", "hub"))
    shop.edit("c", {"depth": "1"}, Origin("user", "too@example.org", "hub"))
    with shop.database.writing() as session:
        accounts.add_user(session, "ann@example.org", "Ann Smit", "editor", clock())
        for email in ("two@example.org", "too@example.org", "idle@example.org"):
            accounts.add_user(session, email, "Twin", "editor", clock())
    assert offered(shop, "_changed_by") == {
        "ann@example.org": "Ann Smit",
        "anna": "anna",
        "erp import": "erp import",
        "too@example.org": "Twin (too@example.org)",
        "two@example.org": "Twin (two@example.org)",
    }
    chip = "_changed_by.one_of.ann@example.org,erp import,gone@example.org"
    assert in_words(shop, chip) == ["Changed by: Ann Smit, erp import, gone@example.org"]
    assert found(shop, "_changed_by.one_of.ann@example.org") == "a"


def test_an_import_run_is_called_by_its_file_and_day(shop, monkeypatch):
    monkeypatch.setattr(change_names, "LATEST", 2)
    with shop.database.writing() as session:
        for day, code in enumerate(("early", "middle", "late"), 1):
            moment = datetime(2031, 5, day, 9, tzinfo=UTC)
            session.add(run_of(code, "prices", f"{code}.csv", moment))
        trial = datetime(2031, 5, 9, tzinfo=UTC)
        session.add(run_of("trial", "prices", "trial.csv", trial, dry_run=True))
    assert offered(shop, "_run") == {
        "late": "late.csv, 2031-05-03 09:00 UTC",
        "middle": "middle.csv, 2031-05-02 09:00 UTC",
    }
    assert in_words(shop, "_run.one_of.early,gone") == [
        "Import run: early.csv, 1 May 2031, 09:00:00, gone"
    ]


def test_an_import_profile_is_called_by_its_label(shop, clock):
    with shop.database.writing() as session:
        session.add(ImportProfile(code="prices", label="Prices", document="", updated=clock()))
    assert offered(shop, "_profile") == {"prices": "Prices", "texts": "texts"}
    assert in_words(shop, "_profile.one_of.prices") == ["Import profile: Prices"]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_every_filterable_attribute_is_offered_at_each_of_its_addresses(shop):
    offered = {field.code: field.operators for field in filter_fields.offered(shop.structure())}
    assert offered["title-nl_NL"] == offered["title-en_GB"]
    assert Operator.BETWEEN in offered["cost-EUR"]
    assert "hidden" not in offered
    assert list(own_filters.OWN) == [code for code in offered if code.startswith("_")]


def test_changes_are_found_by_their_moment(shop):
    moment = datetime.now(UTC).isoformat()
    assert found(shop, f"_changed.at_most.{moment}") != ""
