"""The product list: what a search finds, page by page in both directions, with other filters,
counted, and how the engine reads it.
"""

import pytest
from sqlalchemy import event

from pim.products import consistency, matching, queries
from pim.products.change import ProductInput
from pim.products.matching import NO_FAMILY, Filters
from pim.search import query
from tests.support.hub import MIGRATION


@pytest.fixture
def filled(shop, migration):
    names = ["Snelle Fiets", "Fietsbel", "Bel", "Über-Fiets snel", "Trui"]
    families = ["shirts", "bikes", "bikes"]
    categories = [["city"], ["race", "city"], None, ["shop"]]
    edits = [
        ProductInput(
            f"p{number:02}",
            {
                "family": families[number % 3],
                "name-nl_NL": names[number % 5],
                "material": f"m{number % 2}",
                "categories": categories[number % 4],
                "price-EUR": "1.00" if number % 7 else None,
            },
        )
        for number in range(30)
    ]
    shop.batch(edits, migration)
    shop.approve(*(f"p{number:02}" for number in range(0, 30, 6)), force="test")
    return shop


COMPLETE = "webshop-nl_NL"


def is_complete(number):
    """Bikes with a price: shirts lack their color."""
    return number % 3 > 0 and number % 7 > 0


@pytest.fixture(params=["as it is", "every limit reached"])
def limits(request, monkeypatch):
    """The second time a word has too many beginnings to be looked up, and no list is short."""
    if request.param != "as it is":
        monkeypatch.setattr(query, "MANY", 1)
        monkeypatch.setattr(matching, "SHORT", -1)


def leaf(shop, filters, size=4):
    """Every page forwards, then back from the last one."""
    structure = shop.structure()
    forwards, backwards = [], []
    with shop.database.reading() as session:
        page = queries.page(session, structure, filters, size=size)
        forwards += [row.identifier for row in page.rows]
        while page.older is not None:
            page = queries.page(session, structure, filters, after=page.older, size=size)
            forwards += [row.identifier for row in page.rows]
        backwards = [row.identifier for row in page.rows]
        while page.newer is not None:
            page = queries.page(session, structure, filters, before=page.newer, size=size)
            backwards = [row.identifier for row in page.rows] + backwards
    return forwards, backwards


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        (Filters(), lambda number: True),
        (Filters(words="fiets"), lambda number: number % 5 in (0, 1, 3)),
        (Filters(words="FIETS snel"), lambda number: number % 5 in (0, 3)),
        (Filters(words="uber"), lambda number: number % 5 == 3),
        (Filters(words="p07"), lambda number: number == 7),
        (Filters(identifiers=("p03", "P11", "p29", "none")), lambda number: number in (3, 11, 29)),
        (
            Filters(identifiers=("p03", "p05"), words="fiets", within=frozenset({"city"})),
            lambda number: number == 5,
        ),
        (
            Filters(words="fiets", family="shirts"),
            lambda number: number % 5 in (0, 1, 3) and number % 3 == 0,
        ),
        (
            Filters(words="fiets", terms=(("material", "m1"),)),
            lambda number: number % 5 in (0, 1, 3) and number % 2,
        ),
        (
            Filters(words="fiets", grouped=False, status="draft"),
            lambda number: number % 5 in (0, 1, 3) and number % 6,
        ),
        (Filters(terms=(("material", "m0"),)), lambda number: number % 2 == 0),
        (Filters(words="bel fiets p0"), lambda number: False),
        (Filters(words="p"), lambda number: True),
        (Filters(words="p0 f"), lambda number: number < 10 and number % 5 in (0, 1, 3)),
        (Filters(words="nothing like it"), lambda number: False),
        (Filters(status="approved"), lambda number: number % 6 == 0),
        (Filters(status="approved", family="bikes"), lambda number: False),
        (
            Filters(status="approved", family="shirts", words="snel"),
            lambda number: number % 6 == 0 and number % 5 in (0, 3),
        ),
        (Filters(complete=COMPLETE), is_complete),
        (
            Filters(complete=COMPLETE, words="fiets"),
            lambda number: is_complete(number) and number % 5 in (0, 1, 3),
        ),
        (Filters(incomplete=COMPLETE), lambda number: not is_complete(number)),
        (
            Filters(incomplete=COMPLETE, family="bikes"),
            lambda number: number % 3 and number % 7 == 0,
        ),
        (
            Filters(incomplete=COMPLETE, words="bel", status="draft"),
            lambda number: not is_complete(number) and number % 5 == 2 and number % 6,
        ),
        (Filters(incomplete="till-nl_NL", complete=COMPLETE), lambda number: False),
        (Filters(category="race"), lambda number: number % 4 == 1),
        (Filters(category="shop"), lambda number: number % 4 != 2),
        (
            Filters(category="shop", words="fiets"),
            lambda number: number % 4 != 2 and number % 5 in (0, 1, 3),
        ),
        (
            Filters(category="shop", incomplete=COMPLETE),
            lambda number: number % 4 != 2 and not is_complete(number),
        ),
        (Filters(category="nowhere"), lambda number: False),
        (Filters(words="\"') OR 1 -- &|!:*"), lambda number: False),
        (Filters(words="%"), lambda number: False),
        (Filters(words='" * \U0001f45e'), lambda number: False),
        (Filters(words=" "), lambda number: True),
    ],
)
@pytest.mark.usefixtures("limits")
def test_pages_show_what_was_asked_for_newest_first(filled, filters, wanted):
    expected = [f"p{number:02}" for number in reversed(range(30)) if wanted(number)]
    forwards, backwards = leaf(filled, filters)
    assert (forwards, backwards) == (expected, expected)
    structure = filled.structure()
    with filled.database.reading() as session:
        assert matching.count(session, structure, filters, 100) == len(expected)


def test_a_count_stops_at_its_limit(filled):
    with filled.database.reading() as session:
        assert matching.count(session, filled.structure(), Filters(words="fiets"), limit=5) == 5


def test_a_search_finds_variants_and_a_list_shows_their_model(shop):
    shop.model("m", {"family": "shirts", "family_variant": "by_color", "name-nl_NL": "Hemd"})
    shop.edit("v", {"parent": "m", "color": "red"})
    assert leaf(shop, Filters())[0] == ["m"]
    assert leaf(shop, Filters(words="hemd"))[0] == ["v", "m"]
    assert leaf(shop, Filters(words="hemd", grouped=False))[0] == ["v"]


def test_retired_products_are_listed_only_where_they_are_asked_for(shop):
    whole = {"family": "bikes", "name-nl_NL": "Bel", "price-EUR": "5.00"}
    shop.batch([ProductInput(one, whole) for one in ("horn", "bell")], MIGRATION)
    shop.edit("half", {"family": "bikes", "name-nl_NL": "Halve bel"})
    for one in ("bell", "half"):
        shop.move(one, "retired")
    assert leaf(shop, Filters())[0] == ["horn"]
    assert leaf(shop, Filters(words="bel"))[0] == ["horn"]
    assert leaf(shop, Filters(grouped=False, family="bikes"))[0] == ["horn"]
    assert leaf(shop, Filters(complete=COMPLETE))[0] == ["horn"]
    assert leaf(shop, Filters(incomplete=COMPLETE))[0] == []
    assert leaf(shop, Filters(status="retired"))[0] == ["half", "bell"]
    assert leaf(shop, Filters(status="retired", complete=COMPLETE))[0] == ["bell"]
    assert leaf(shop, Filters(status="retired", incomplete=COMPLETE, words="bel"))[0] == ["half"]
    shop.move("bell", "draft")
    assert leaf(shop, Filters(status="draft"))[0] == ["bell", "horn"]
    assert leaf(shop, Filters(status="retired"))[0] == ["half"]


def test_with_a_retired_model_goes_what_stands_below_it(shop):
    """No channel gets it, and nobody can approve it."""
    shop.model("m", {"family": "shirts", "family_variant": "by_color_size"})
    shop.model("m-red", {"parent": "m", "color": "red"})
    shop.edit("m-red-s", {"parent": "m-red", "size": "s"})
    shop.model("m-blue", {"parent": "m", "color": "blue"})
    shop.edit("m-blue-s", {"parent": "m-blue", "size": "s"})
    shop.move("m-red", "retired")
    assert leaf(shop, Filters(grouped=False))[0] == ["m-blue-s"]
    assert leaf(shop, Filters(grouped=False, status="draft"))[0] == ["m-blue-s"]
    assert leaf(shop, Filters(grouped=False, status="retired"))[0] == ["m-red-s"]
    shop.edit("m-red-s", {"parent": "m-blue", "size": "m"})
    assert leaf(shop, Filters(grouped=False))[0] == ["m-blue-s", "m-red-s"]
    shop.move("m", "retired")
    assert leaf(shop, Filters())[0] == []
    assert leaf(shop, Filters(grouped=False, status="retired"))[0] == ["m-blue-s", "m-red-s"]
    shop.move("m", "draft")
    assert leaf(shop, Filters())[0] == ["m"]
    with shop.database.reading() as session:
        assert list(consistency.out_of_step(session)) == []


def test_a_gap_is_listed_once_at_the_level_that_holds_it(shop, erp):
    """Its variants are not complete either, and nobody can do anything about it there."""
    shop.model("m", {"family": "shirts", "family_variant": "by_color_size"})
    shop.model("m-red", {"parent": "m", "color": "red"})
    shop.edit("m-red-s", {"parent": "m-red", "size": "s", "price-EUR": "9.00"}, erp)
    shop.edit("m-red-l", {"parent": "m-red", "size": "l"})
    shop.edit("whole", {"family": "bikes", "name-nl_NL": "Fiets", "price-EUR": "9.00"}, erp)
    shop.edit("half", {"family": "bikes", "name-nl_NL": "Fiets"})
    shop.edit("nothing is required of it", {})
    assert leaf(shop, Filters(incomplete=COMPLETE))[0] == ["half", "m-red-l", "m"]
    assert leaf(shop, Filters(incomplete=COMPLETE, grouped=False))[0] == ["half", "m-red-l", "m"]
    assert leaf(shop, Filters(incomplete=COMPLETE, family="bikes"))[0] == ["half"]
    assert leaf(shop, Filters(complete=COMPLETE))[0] == ["whole"]
    shop.model("m", {"name-nl_NL": "Hemd"})
    assert leaf(shop, Filters(incomplete=COMPLETE))[0] == ["half", "m-red-l"]
    assert leaf(shop, Filters(complete=COMPLETE))[0] == ["whole", "m-red-s", "m-red", "m"]
    with shop.database.reading() as session:
        assert list(consistency.out_of_step(session)) == []


def test_a_gap_goes_along_when_a_variant_moves_to_another_model(shop):
    shop.model("m", {"family": "shirts", "family_variant": "by_color", "name-nl_NL": "Hemd"})
    shop.edit("v", {"parent": "m", "color": "red", "price-EUR": "9.00"}, MIGRATION)
    shop.model("n", {"family": "shirts", "family_variant": "by_color"})
    assert leaf(shop, Filters(incomplete=COMPLETE))[0] == ["n"]
    shop.edit("v", {"parent": "n"})
    assert leaf(shop, Filters(incomplete=COMPLETE))[0] == ["n"]
    assert leaf(shop, Filters(complete=COMPLETE))[0] == ["m"]
    shop.edit("v", {"parent": None})
    assert leaf(shop, Filters(incomplete=COMPLETE))[0] == ["n", "v"]
    with shop.database.reading() as session:
        assert list(consistency.out_of_step(session)) == []


def test_what_has_no_family_can_be_listed(shop):
    shop.edit("bike", {"family": "bikes"})
    shop.edit("stray", {})
    shop.model("m", {})
    assert leaf(shop, Filters(family=NO_FAMILY))[0] == ["m", "stray"]
    assert leaf(shop, Filters(family=NO_FAMILY, grouped=False))[0] == ["stray"]


@pytest.mark.parametrize("address", ["ean", "sku"])
def test_a_whole_number_finds_the_one_product(shop, erp, address):
    for number in range(3):
        shop.edit(
            f"AB-{number}",
            {"family": "bikes", "ean": ("4006381333931", "4006381333924", "4006381333917")[number]},
            erp,
        )
    assert leaf(shop, Filters(words={"ean": "4006381333924", "sku": "ab-1"}[address]))[0] == [
        "AB-1"
    ]


@pytest.mark.parametrize("typed", ["042100005264", "0042100005264"])
def test_a_gtin_is_found_in_the_length_that_a_scanner_reads(shop, erp, typed):
    shop.edit("can", {"family": "bikes", "ean": "042100005264"}, erp)
    shop.edit("tin", {"family": "bikes", "ean": "036000291452"}, erp)
    assert leaf(shop, Filters(words=typed))[0] == ["can"]


@pytest.mark.usefixtures("limits")
def test_every_word_that_begins_so_is_found_whatever_comes_next(shop, migration):
    names = ["ten", "ten0", "ten_t", "tena", "tenten", "tenzz", "te", "teo", "töne", "tenœ"]
    shop.batch(
        [
            ProductInput(f"p{number}", {"family": "bikes", "name-nl_NL": name})
            for number, name in enumerate(names)
        ],
        migration,
    )
    assert leaf(shop, Filters(words="ten"))[0] == ["p9", "p5", "p4", "p3", "p2", "p1", "p0"]
    assert leaf(shop, Filters(words="tön"))[0] == ["p8"]


def test_the_first_page_knows_how_many_there_are_and_says_when_it_stopped_counting(
    filled, monkeypatch
):
    structure = filled.structure()
    with filled.database.reading() as session:
        assert queries.page(session, structure, Filters(words="fiets"), size=4).total == 18
        monkeypatch.setattr(queries, "MOST", 17)
        assert queries.page(session, structure, Filters(words="fiets"), size=4).total == 18
        monkeypatch.setattr(queries, "MOST", 5)
        assert queries.page(session, structure, Filters(words="fiets"), size=4).total == 6


ORDERED = [
    Filters(),
    Filters(grouped=False),
    Filters(family="bikes", status="draft"),
    Filters(words="fiets snel"),
    Filters(
        words="fiets snel", family="bikes", status="approved", complete=COMPLETE, grouped=False
    ),
    Filters(words="fiets", category="race", incomplete=COMPLETE),
    Filters(incomplete=COMPLETE),
    Filters(status="retired"),
    Filters(family=NO_FAMILY),
    Filters(status="retired", incomplete=COMPLETE, grouped=False),
    Filters(terms=(("material", "m1"), ("colors", "red"))),
]


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("filters", ORDERED)
@pytest.mark.parametrize("edge", [{}, {"after": 20}, {"before": 5}])
def test_sqlite_reads_indexes_in_their_order_and_sorts_nothing(filled, monkeypatch, filters, edge):
    """Then a page stops at its last row. A look at products one by one, a sort or a merge of all
    beginnings would read everything.
    """
    monkeypatch.setattr(matching, "SHORT", -1)
    structure, asked = filled.structure(), []
    with filled.database.reading() as session:
        event.listen(
            session.connection(), "before_cursor_execute", lambda *given: asked.append(given[2:4])
        )
        queries.page(session, structure, filters, **edge)
        merges = [
            one
            for one in asked
            if not any(part in one[0] for part in ("word_vocabulary", "identifier", "count("))
        ]
        assert len(merges) == 1
        statement, parameters = merges[0]
        assert not any("*" in str(value) for value in parameters)
        plan = [
            row[3]
            for row in session.connection().exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", parameters
            )
        ]
    assert not [
        step for step in plan if "TEMP B-TREE" in step or step.startswith("SCAN product")
    ], plan
    assert all("COVERING INDEX" in step for step in plan if "product USING" in step), plan


@pytest.mark.usefixtures("limits")
def test_a_word_with_an_underscore_is_found_by_its_beginning(shop):
    shop.edit("MTB_29_black", {"family": "bikes"})
    shop.edit("MTB-29-red", {"family": "bikes"})
    assert leaf(shop, Filters(words="mtb_2"))[0] == ["MTB_29_black"]
