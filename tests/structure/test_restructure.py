"""Changing the structure of a shop that has products: nothing they use goes, and the index follows
in the same transaction.
"""

from typing import Any

import pytest
from sqlalchemy import delete, select

from pim.db import Database
from pim.errors import Conflict
from pim.products import consistency, maintenance, publishing, restructure, service
from pim.products.change import Origin, ProductInput
from pim.products.models import Product
from pim.search.models import IndexPart, Term
from pim.structure import queries as catalog

MIGRATION = Origin("import", "test", None)


@pytest.fixture
def hub(database: Database, document: dict[str, Any], clock: Any) -> Database:
    """Two shirts below one model; no product has a weight or is size m."""
    with database.writing() as session:
        restructure.apply(session, document)
        service.write(
            session,
            [
                ProductInput(
                    "M",
                    {
                        "family": "shirts",
                        "family_variant": "by_color_size",
                        "name-nl_NL": "Hemd",
                        "categories": ["men"],
                    },
                    "model",
                ),
                ProductInput("M-R", {"parent": "M", "color": "red"}, "model"),
                ProductInput("A", {"parent": "M-R", "size": "s", "price-EUR": "9.00"}),
                ProductInput(
                    "B",
                    {
                        "family": "shirts",
                        "name-nl_NL": "Bloes",
                        "name-en_GB": "Blouse",
                        "price-EUR": "5.00",
                        "upsell-products": ["A"],
                    },
                ),
            ],
            MIGRATION,
            clock(),
        )
    return database


def terms(database: Database) -> set[tuple[str, str, int]]:
    with database.reading() as session:
        return {(one.address, one.term, one.product_id) for one in session.scalars(select(Term))}


def refused(database: Database, document: dict[str, Any], prune: bool = True) -> str:
    with database.reading() as session, pytest.raises(Conflict) as shown:
        restructure.compare(session, document, prune)
    with pytest.raises(Conflict) as done, database.writing() as session:
        restructure.apply(session, document, prune)
    assert str(done.value) == str(shown.value)
    return str(shown.value)


def test_what_nobody_uses_may_go(hub: Database, document: dict[str, Any]) -> None:
    del document["attributes"]["weight"], document["attributes"]["size"]["options"]["m"]
    del document["categories"]["shop"]["children"]["women"]
    document["currencies"] = ["EUR"]
    with hub.writing() as session:
        assert len(restructure.apply(session, document, prune=True)) == 5
    with hub.reading() as session:
        assert "weight" not in catalog.structure(session).attributes


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("attribute", "attribute name (2)"),
        ("option", "option color:red (1)"),
        ("family", "family shirts (4)"),
        ("variant", "variant by_color_size (1)"),
        ("locale", "value name-en_GB (1)"),
        ("currency", "value price-EUR (2)"),
        ("category", "category men (1)"),
        ("association", "association upsell (1)"),
        ("type", "attribute color (1)"),
        ("list", "attribute pictures (1)"),
        ("localizable", "value name-en_GB (1), value name-nl_NL (2)"),
    ],
)
def test_what_products_use_stays(
    hub: Database, document: dict[str, Any], clock: Any, change: str, sentence: str
) -> None:
    family = document["families"]["shirts"]
    if change == "attribute":
        del document["attributes"]["name"], family["label"]
        family |= {"attributes": ["sku", "price", "color", "size", "pictures"], "requirements": {}}
    elif change == "option":
        del document["attributes"]["color"]["options"]["red"]
    elif change == "family":
        del document["families"]
        del document["variants"]
    elif change == "variant":
        document["variants"]["by_color_size"]["levels"] = [{"axes": ["size"]}, {"axes": ["color"]}]
    elif change == "locale":
        document["locales"] = document["channels"]["webshop"]["locales"] = ["nl_NL"]
    elif change == "currency":
        document["currencies"] = document["channels"]["webshop"]["currencies"] = ["USD"]
    elif change == "category":
        del document["categories"]["shop"]["children"]["men"]
    elif change == "association":
        del document["associations"]
    elif change == "type":
        document["attributes"]["color"] = {"type": "text"}
    elif change == "list":
        with hub.writing() as session:
            service.write(
                session, [ProductInput("B", {"pictures": ["0" * 20]})], MIGRATION, clock()
            )
        document["attributes"]["pictures"] = {"type": "asset"}
    else:
        document["attributes"]["name"]["localizable"] = False
    before = terms(hub)
    assert sentence in refused(hub, document)
    assert terms(hub) == before


def test_what_channels_still_see_stays_too(
    hub: Database, document: dict[str, Any], clock: Any
) -> None:
    """A value that was cleared but not yet approved is still in the feeds."""
    with hub.writing() as session:
        publishing.approve(session, ["B"], MIGRATION, clock(), "now")
        service.write(session, [ProductInput("B", {"name-en_GB": None})], MIGRATION, clock())
    document["locales"] = document["channels"]["webshop"]["locales"] = ["nl_NL"]
    assert "value name-en_GB (1)" in refused(hub, document)


def test_a_type_may_change_where_there_are_no_values(
    hub: Database, document: dict[str, Any]
) -> None:
    document["attributes"]["weight"] = {"type": "text"}
    with hub.writing() as session:
        restructure.apply(session, document)
    with hub.reading() as session:
        assert catalog.structure(session).attributes["weight"].type.code == "text"


def test_a_requirement_that_changes_changes_who_is_complete(
    hub: Database, document: dict[str, Any]
) -> None:
    def complete(locale: str) -> int:
        return sum(term[:2] == ("complete", f"webshop-{locale}") for term in terms(hub))

    assert (complete("nl_NL"), complete("en_GB")) == (2, 1)
    document["families"]["shirts"]["requirements"]["webshop"] = ["name"]
    with hub.writing() as session:
        restructure.apply(session, document)
    assert (complete("nl_NL"), complete("en_GB")) == (4, 1)


def test_what_becomes_filterable_is_found(hub: Database, document: dict[str, Any]) -> None:
    document["attributes"]["color"]["filterable"] = True
    document["attributes"]["name"]["filterable"] = False
    with hub.writing() as session:
        restructure.apply(session, document)
    found = terms(hub)
    assert {term for address, term, _ in found if address == "color"} == {"red"}
    assert not any(address.startswith("name") for address, _, _ in found)


def test_a_label_makes_nothing_of_the_index_out_of_date(
    hub: Database, document: dict[str, Any]
) -> None:
    document["attributes"]["name"]["labels"] = {"en_GB": "Name of the article"}
    with hub.writing() as session:
        assert restructure.apply(session, document)
        assert not maintenance.mark_outdated(session)


def test_only_the_parts_that_a_change_concerns_are_rebuilt(
    hub: Database, document: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintenance, "FEW", 0)
    document["attributes"]["color"]["filterable"] = True
    document["families"]["shirts"]["requirements"]["webshop"] = ["name"]
    with hub.writing() as session:
        restructure.apply(session, document)
        behind = [part.part for part in maintenance.outdated(session)]
    assert "color" in behind
    assert "complete:webshop-nl_NL" in behind
    assert "words" not in behind
    before = terms(hub)
    maintenance.rebuild_index(hub)
    with hub.reading() as session:
        assert not maintenance.outdated(session)
        assert list(consistency.out_of_step(session)) == []
    assert terms(hub) != before


def test_a_rebuild_that_was_stopped_goes_on_and_edits_meanwhile_count(
    hub: Database, document: dict[str, Any], clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch of one product, stopped after each; what is edited in between is right at the end."""
    monkeypatch.setattr(maintenance, "FEW", 0)
    monkeypatch.setattr(maintenance, "CHUNK", 1)
    monkeypatch.setattr(maintenance, "REMOVED_AT_ONCE", 1)
    document["attributes"]["color"]["filterable"] = True
    document["attributes"]["name"]["filterable"] = False
    document["families"]["shirts"]["label"] = "sku"
    document["families"]["shirts"]["requirements"]["webshop"] = ["name"]
    with hub.writing() as session:
        restructure.apply(session, document)
        identifiers = session.scalars(select(Product.identifier).order_by(Product.id)).all()
    steps = 0
    while rebuilt_some(hub):
        identifier = identifiers[steps % len(identifiers)]
        values = {"name-nl_NL": None if steps % 3 else f"Naam {steps}"}
        with hub.writing() as session:
            kind = session.scalar(select(Product.kind).where(Product.identifier == identifier))
            edit = ProductInput(identifier, values, kind)
            service.write(session, [edit], MIGRATION, clock())
        steps += 1
    assert steps > len(identifiers)
    with hub.reading() as session:
        assert list(consistency.out_of_step(session)) == []
        addresses = {address for address, _, _ in terms(hub)}
        names = {"_name:en_GB", "_name:nl_NL", "_named"}
        assert addresses == {"color", "complete", "categories", "gaps:", "_missing"} | names


def rebuilt_some(hub: Database) -> bool:
    """One batch in a transaction of its own; was there one?"""
    with hub.writing() as session:
        return maintenance.rebuild_step(session) is not None


def test_an_index_from_before_its_parts_were_known_is_made_once_more(hub: Database) -> None:
    """It lacks what later versions say of a product: which of them are retired, for example."""
    before = terms(hub)
    with hub.writing() as session:
        session.execute(delete(IndexPart))
        session.execute(delete(Term).where(Term.address != "complete"))
    assert maintenance.rebuild_if_outdated(hub)
    assert terms(hub) == before
    assert not maintenance.rebuild_if_outdated(hub)
