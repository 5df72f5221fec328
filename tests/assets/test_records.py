"""The texts and rights of an asset go through the engine of the products: rules, owners, grants,
completeness, history, index and undo.
"""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from pim.accounts.permissions import Permission
from pim.accounts.principals import Grant, Principal
from pim.consistency import check
from pim.db import Database
from pim.errors import Conflict
from pim.outbox import OutboxRow
from pim.products import queries, restructure, revert, service
from pim.products.change import Origin, ProductInput
from pim.products.consistency import out_of_step, strangers, without_asset
from pim.products.index_parts import fingerprints
from pim.products.maintenance import reindex
from pim.products.matching import Filters
from pim.products.models import Change, StoredRecord
from pim.products.stores import ASSETS
from pim.search.models import Term
from pim.search.query import with_words
from pim.structure import queries as catalog
from pim.structure import service as structures
from pim.values import ReadValues
from tests.support.asset_shop import NOW, STRUCTURE, edit

TEXTS = {
    "family": "photo",
    "title": "Bag from the side",
    "alt_text-nl_NL": "Rode tas",
    "copyright": "Studio Veer",
}


def record_of(shop: Database, code: str) -> StoredRecord:
    with shop.reading() as session:
        return session.scalars(select(StoredRecord).where(StoredRecord.identifier == code)).one()


def entries(shop: Database) -> set[tuple[str, str]]:
    with shop.reading() as session:
        return {tuple(row) for row in session.execute(select(Term.address, Term.term))}


def test_values_given_to_an_asset_are_kept_with_who_gave_them(shop: Database, red: str) -> None:
    result = edit(shop, red, TEXTS)
    assert result.outcome == "created"
    edit(shop, red, {"title": "Bag"})
    record = record_of(shop, red)
    assert record.kind == "asset"
    assert record.values == {
        "title": "Bag",
        "alt_text-nl_NL": "Rode tas",
        "copyright": "Studio Veer",
    }
    assert record.version == 2
    with shop.reading() as session:
        changes = session.scalars(select(Change).order_by(Change.id)).all()
        assert [(one.record_kind, one.product_id, one.old) for one in changes] == [
            ("asset", record.id, {}),
            ("asset", record.id, {"title": "Bag from the side"}),
        ]
        kinds = session.scalars(select(OutboxRow.kind).order_by(OutboxRow.id)).all()
        assert kinds == ["asset.created", "asset.changed"]


def test_there_are_no_texts_of_an_asset_that_is_not_there(shop: Database) -> None:
    result = edit(shop, "0" * 20, TEXTS)
    assert [problem.rule for problem in result.problems] == ["unknown asset"]
    with shop.reading() as session:
        assert session.scalars(select(StoredRecord)).all() == []


def test_an_asset_holds_only_what_families_of_assets_have(shop: Database, red: str) -> None:
    assert edit(shop, red, {"name-nl_NL": "Tas"}).problems[0].rule == "unknown address"
    assert edit(shop, red, {"enabled": False}).problems[0].rule == "unknown address"
    assert edit(shop, red, {"family": "bags"}).problems[0].rule == "family"


def test_a_product_does_not_take_a_family_of_assets(shop: Database) -> None:
    origin = Origin("user", "anna", "hub")
    given = ProductInput("A", ReadValues({"family": "photo"}))
    with shop.writing() as session:
        result = service.write(session, [given], origin, NOW)[0]
    assert [problem.rule for problem in result.problems] == ["family"]


def test_an_asset_and_a_product_may_have_one_identifier(shop: Database, red: str) -> None:
    edit(shop, red, TEXTS)
    origin = Origin("user", "anna", "hub")
    with shop.writing() as session:
        given = ProductInput(red, ReadValues({"family": "bags"}))
        assert service.write(session, [given], origin, NOW)[0].outcome == "created"
    with shop.reading() as session:
        product = queries.get(session, red).product
        assert product.id != record_of(shop, red).id
        assert len(queries.page(session, catalog.structure(session), Filters()).rows) == 1


def test_an_owner_is_asked(shop: Database, red: str) -> None:
    agency = Principal("import", "agency", "agency", (Grant(Permission.MEDIA_EDIT),))
    edit(shop, red, TEXTS, principal=agency)
    result = edit(shop, red, {"copyright": "Ours"})
    assert [(one.rule, one.severity) for one in result.problems] == [("owner", "kept")]
    assert record_of(shop, red).values["copyright"] == "Studio Veer"


def test_a_translator_writes_one_language_of_an_asset(shop: Database, red: str) -> None:
    edit(shop, red, TEXTS)
    german = (Grant(Permission.MEDIA_EDIT, locales=frozenset({"de_DE"})),)
    translator = Principal("person", "dora", "hub", german)
    result = edit(shop, red, {"alt_text-de_DE": "Rote Tasche"}, principal=translator)
    assert result.outcome == "updated"
    refused = edit(shop, red, {"alt_text-nl_NL": "Rood"}, principal=translator)
    assert [problem.rule for problem in refused.problems] == ["permission"]
    nobody = Principal("person", "eve", "hub", (Grant(Permission.PRODUCTS_EDIT),))
    assert edit(shop, red, {"title": "Mine"}, principal=nobody).is_refused


def test_what_a_family_requires_is_told_by_scope(shop: Database, red: str) -> None:
    given = ProductInput(red, ReadValues(TEXTS), "asset")
    with shop.reading() as session:
        plan = service.plan(session, [given], Origin("user", "a", None), NOW, store=ASSETS)[0]
    assert plan.outcome == "created"
    assert plan.complete_after == {"webshop-nl_NL", "till-nl_NL"}
    edit(shop, red, TEXTS)
    assert ("asset:complete", "webshop-nl_NL") in entries(shop)
    edit(shop, red, {"alt_text-nl_NL": None})
    assert ("asset:complete", "webshop-nl_NL") not in entries(shop)


def test_the_index_tells_assets_from_products(shop: Database, red: str) -> None:
    edit(shop, red, TEXTS)
    assert ("asset:copyright", "studio veer\x1fStudio Veer") in entries(shop)
    assert ("copyright", "Studio Veer") not in entries(shop)
    with shop.reading() as session:
        wanted = with_words(session, "bag")
        assert wanted is not None
        assert session.scalars(wanted).all() == []


def test_a_unique_value_stands_at_one_asset(shop: Database, red: str, blue: str) -> None:
    edit(shop, red, {"family": "photo", "licence_number": "L-1"})
    result = edit(shop, blue, {"family": "photo", "licence_number": "L-1"})
    assert [problem.rule for problem in result.problems] == ["unique"]


def test_two_people_on_one_text_are_told(shop: Database, red: str) -> None:
    edit(shop, red, TEXTS)
    anna = Principal("person", "anna", "hub", (Grant(Permission.MEDIA_EDIT),))
    edit(shop, red, {"title": "Hers"}, principal=anna)
    result = edit(shop, red, {"title": "Mine"}, base=1)
    assert [problem.rule for problem in result.problems] == ["conflict"]
    assert edit(shop, red, {"expires": "2027-01-01"}, base=1).outcome == "updated"


def test_a_run_is_taken_back(shop: Database, red: str, blue: str) -> None:
    edit(shop, red, TEXTS)
    edit(shop, red, {"title": "Run"}, kind="import", reference="run-1")
    edit(shop, blue, {"family": "photo", "title": "New"}, kind="import", reference="run-1")
    edit(shop, blue, {"expires": "2027-01-01"})
    undo = Origin("revert", "anna", None)
    with shop.writing() as session:
        ids = revert.products_of(session, "run-1")
        results = list(revert.revert(session, "run-1", ids, undo, NOW).values())
    assert [one.outcome for one in results] == ["updated", "updated"]
    assert record_of(shop, red).values["title"] == "Bag from the side"
    made_by_run = record_of(shop, blue)
    assert made_by_run.values == {"expires": "2027-01-01"}
    assert made_by_run.family is None


def test_taking_back_asks_for_the_right(shop: Database, red: str) -> None:
    edit(shop, red, TEXTS)
    edit(shop, red, {"title": "Run"}, kind="import", reference="run-1")
    editor = Principal("person", "eve", None, (Grant(Permission.MEDIA_EDIT),))
    with shop.writing() as session:
        ids = revert.products_of(session, "run-1")
        undone = revert.revert(session, "run-1", ids, Origin.by(editor, "revert"), NOW)
        results = list(undone.values())
    assert [one.is_refused for one in results] == [True]


def test_the_index_is_rebuilt_for_assets_too(shop: Database, red: str) -> None:
    edit(shop, red, TEXTS)
    before = entries(shop)
    with shop.writing() as session:
        session.execute(Term.__table__.delete())
    with shop.reading() as session:
        assert list(out_of_step(session)) == [red]
    reindex(shop)
    assert entries(shop) == before
    with shop.reading() as session:
        assert list(out_of_step(session)) == []
        assert strangers(session) == []


def test_another_requirement_moves_only_what_tells_of_assets(shop: Database, red: str) -> None:
    edit(shop, red, TEXTS)
    photo = {**STRUCTURE["families"]["photo"], "requirements": {"webshop": ["expires"]}}
    with shop.writing() as session:
        restructure.apply(session, {"families": {"photo": photo}})
    assert ("asset:complete", "webshop-nl_NL") not in entries(shop)
    assert ("asset:complete", "till-nl_NL") in entries(shop)


def test_an_attribute_that_assets_use_is_not_taken_away(shop: Database, red: str) -> None:
    edit(shop, red, TEXTS)
    attributes = dict(STRUCTURE["attributes"])
    del attributes["title"]
    photo = {**STRUCTURE["families"]["photo"], "attributes": ["alt_text", "copyright"]}
    families = {**STRUCTURE["families"], "photo": {**photo, "label": None}}
    without = {**STRUCTURE, "attributes": attributes, "families": families}
    with shop.writing() as session, pytest.raises(Conflict, match="title"):
        restructure.apply(session, without, prune=True)


def test_texts_without_their_asset_are_found(
    shop: Database, red: str, storage: object, add_picture: Callable[[str, str], str]
) -> None:
    edit(shop, red, TEXTS)
    with shop.writing() as session:
        session.execute(StoredRecord.__table__.update().values(identifier="f" * 20, key="f" * 20))
    with shop.reading() as session:
        assert list(without_asset(session)) == ["f" * 20]
    assert any("f" * 20 in str(one) for one in check(shop, storage))  # type: ignore[arg-type]


def test_a_structure_without_families_of_assets_has_no_parts_for_them(database: Database) -> None:
    families = {"bags": STRUCTURE["families"]["bags"]}
    with database.writing() as session:
        structures.apply(session, {**STRUCTURE, "families": families})
        parts = fingerprints(catalog.structure(session))
    assert not [part for part in parts if part.startswith("asset:")]
