"""Behind the undo of a wrong file, the right one comes in as if the wrong one had never been; a
file that names a retired product says so, and brings it back where its profile says that.
"""

from typing import Any

import pytest

from pim.accounts.permissions import Permission
from pim.accounts.principals import Grant, Principal
from pim.errors import Conflict
from pim.imports.undo import take_back
from pim.products import queries
from pim.products.change import Origin
from tests.support.imports import UNDO, ImportingHub, counts

STRUCTURE: dict[str, Any] = {
    "locales": ["nl_NL"],
    "currencies": ["EUR"],
    "channels": {"till": {"locales": ["nl_NL"], "currencies": ["EUR"]}},
    "attributes": {
        "sku": {"type": "identifier"},
        "name": {"type": "text", "owner": "erp"},
        "ean": {"type": "text", "unique": True, "owner": "erp"},
        "size": {"type": "choice", "options": {"s": {}, "l": {}}},
    },
    "families": {"socks": {"attributes": ["sku", "name", "ean", "size"], "label": "name"}},
    "variants": {
        "by_size": {"family": "socks", "levels": [{"axes": ["size"], "attributes": ["sku", "ean"]}]}
    },
}
PROFILE = "{code: erp, owner: erp, key: Nr, columns: {Nr: sku, Name: name, EAN: ean}}"
RETURNING = PROFILE.replace("key: Nr", "key: Nr, retired: return")
HEADER = "Nr,Name,EAN"
RIGHT = [HEADER, "S-1,Sock,4006381333931", "S-2,Stocking,4012345678901"]


@pytest.fixture
def hub(database: Any, clock: Any, tmp_path: Any) -> ImportingHub:
    return ImportingHub(database, clock, tmp_path, STRUCTURE)


def undo(hub: ImportingHub, run: Any) -> list[str]:
    return [one.outcome for one in take_back(hub.database, run.id, UNDO, hub.clock)]


def test_behind_the_undo_the_right_numbers_come_in_with_the_same_unique_values(
    hub: ImportingHub,
) -> None:
    wrong = hub.file([HEADER, "X-1,Sock,4006381333931", "X-2,Stocking,4012345678901"], PROFILE)
    assert undo(hub, wrong) == ["removed", "removed"]
    assert counts(hub.file(RIGHT, PROFILE)) == (2, 0, 0, 0)
    with hub.database.reading() as session:
        assert queries.by_identifiers(session, ["X-1", "X-2"]) == {}


def test_behind_the_undo_the_same_file_comes_in_anew(hub: ImportingHub) -> None:
    undo(hub, hub.file(RIGHT, PROFILE))
    other = PROFILE.replace("code: erp", "code: other")
    undo(hub, hub.file([HEADER, "S-1,Other,"], other))
    hub.file([HEADER, "S-1,Another,"], other)
    assert counts(hub.file(RIGHT, PROFILE)) == (1, 1, 0, 0)
    assert hub.get("S-1").values["name"] == "Sock"
    assert hub.get("S-2").status == "draft"


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_file_says_when_it_names_a_retired_product(hub: ImportingHub, dry_run: bool) -> None:
    hub.file(RIGHT, PROFILE)
    hub.move("S-1", "retired")
    for _ in range(2):  # the same file again does not hide it
        run = hub.file(RIGHT, PROFILE, dry_run=dry_run)
        assert hub.report(run) == [("S-1", "retired", "warning")]
    assert hub.get("S-1").status == "retired"


def test_a_retired_product_comes_back_as_a_draft_where_the_profile_says_so(
    hub: ImportingHub,
) -> None:
    hub.file(RIGHT, PROFILE)
    hub.approve("S-1", force="urgent")
    hub.move("S-1", "retired")
    trial = hub.file(RIGHT, RETURNING, dry_run=True)
    run = hub.file(RIGHT, RETURNING)
    assert counts(trial) == counts(run) == (0, 1, 1, 0)
    assert hub.report(run) == hub.report(trial) == [("S-1", "retired", "warning")]
    one = hub.get("S-1")
    assert (one.status, one.published) == ("draft", None)


def test_a_retired_product_comes_back_with_new_values(hub: ImportingHub) -> None:
    hub.file(RIGHT, PROFILE)
    hub.move("S-1", "retired")
    hub.file([HEADER, "S-1,Long sock,4006381333931"], RETURNING)
    one = hub.get("S-1")
    assert (one.status, one.values["name"]) == ("draft", "Long sock")


def test_the_undo_of_every_run_leaves_nothing_whatever_their_order(hub: ImportingHub) -> None:
    for order in ((2, 1, 0), (0, 1, 2), (1, 0, 2), (1, 2, 0)):
        runs = [
            hub.file([HEADER, "S-1,One,4006381333931", "S-2,One,"], PROFILE),
            hub.file([HEADER, "S-1,Two,", "S-2,Two,"], PROFILE),
            hub.file([HEADER, "S-1,Three,"], PROFILE),
        ]
        for place in order:
            undo(hub, runs[place])
        with hub.database.reading() as session:
            assert queries.by_identifiers(session, ["S-1", "S-2"]) == {}, order


def test_what_a_run_that_was_undone_had_written_does_not_come_back(hub: ImportingHub) -> None:
    hub.edit("S-1", {"family": "socks", "name": "By hand"})
    wrong = hub.file([HEADER, "S-1,Wrong,"], PROFILE)
    later = hub.file([HEADER, "S-1,Later,"], PROFILE)
    undo(hub, wrong)
    assert hub.get("S-1").values["name"] == "Later"
    undo(hub, later)
    assert hub.get("S-1").values["name"] == "By hand"


def test_what_the_run_brought_back_is_retired_again(hub: ImportingHub) -> None:
    hub.file(RIGHT, PROFILE)
    for code in ("S-1", "S-2"):
        hub.move(code, "retired")
    run = hub.file([HEADER, "S-1,Warm sock,4006381333931", RIGHT[2]], RETURNING)
    assert hub.report(run) == [("S-1", "retired", "warning"), ("S-2", "retired", "warning")]
    assert [hub.get(code).status for code in ("S-1", "S-2")] == ["draft", "draft"]
    assert undo(hub, run) == ["updated", "updated"]
    assert [hub.get(code).status for code in ("S-1", "S-2")] == ["retired", "retired"]
    assert hub.get("S-1").values["name"] == "Sock"


def test_what_somebody_worked_on_is_said_to_be_retired(hub: ImportingHub) -> None:
    created = hub.file(RIGHT, PROFILE)
    hub.edit("S-1", {"family": "socks"})
    assert sorted(undo(hub, created)) == ["removed", "retired"]


def test_who_takes_a_run_back_again_hears_by_whom_and_when_it_was_done(hub: ImportingHub) -> None:
    """Also where somebody has brought back since what the undo retired."""
    run = hub.file(RIGHT, PROFILE)
    hub.edit("S-1", {"family": "socks"})
    undo(hub, run)
    hub.move("S-1", "draft")
    said = f"already undone by {UNDO.actor} on {hub.clock():%Y-%m-%d}"
    for _ in range(2):
        with pytest.raises(Conflict, match=said):
            undo(hub, run)
    assert hub.get("S-1").status == "draft"


def test_what_one_person_could_not_take_back_another_one_can(hub: ImportingHub) -> None:
    hub.restructure(
        {
            "groups": {"till": {}},
            "attributes": {"name": {"type": "text", "owner": "erp", "group": "till"}},
        }
    )
    hub.edit("S-1", {"name": "Sock"})
    hub.edit("S-2", {"ean": "4012345678901"})
    run = hub.file([HEADER, "S-1,Wrong,", "S-2,,4006381333931"], PROFILE)
    only_till = Grant(Permission.PRODUCTS_REVERT, groups=frozenset({"till"}))
    anna = Principal("person", "anna@example.org", None, (only_till,))
    some = take_back(hub.database, run.id, Origin.by(anna, "revert"), hub.clock)
    assert [one.outcome for one in some] == ["updated", "refused"]
    assert undo(hub, run) == ["updated"]
    assert hub.get("S-2").values["ean"] == "4012345678901"


def test_what_never_wrote_anything_cannot_be_taken_back(hub: ImportingHub) -> None:
    trial = hub.file(RIGHT, PROFILE, dry_run=True)
    with pytest.raises(Conflict, match="trial"):
        undo(hub, trial)
    hub.file(RIGHT, PROFILE)
    same = hub.file(RIGHT, PROFILE)
    with pytest.raises(Conflict, match="changed nothing"):
        undo(hub, same)


MODELS = "{code: models, owner: erp, key: Nr, kind: model, columns: {Nr: sku, By: family_variant}}"
VARIANTS = "{code: variants, owner: erp, key: Nr, columns: {Nr: sku, Model: parent, Size: size}}"


def test_a_model_goes_with_its_last_variant_although_its_own_undo_came_before(
    hub: ImportingHub,
) -> None:
    models = hub.file(["Nr,By", "M,by_size", "N,by_size"], MODELS)
    small = hub.file(["Nr,Model,Size", "M-s,M,s"], VARIANTS)
    large = hub.file(["Nr,Model,Size", "M-l,M,l", "N-l,N,l"], VARIANTS)
    hub.edit("N", {"name": "By hand"}, kind="model")
    undo(hub, models)
    assert [hub.get(code).status for code in ("M", "N")] == ["retired", "retired"]
    assert undo(hub, small) == ["removed"]
    assert hub.get("M").status == "retired"
    assert undo(hub, large) == ["removed", "removed", "removed"]
    with hub.database.reading() as session:
        left = queries.by_identifiers(session, ["M", "M-s", "M-l", "N", "N-l"])
    assert {name: one.status for name, one in left.items()} == {"N": "retired"}


def test_a_model_goes_where_a_variant_leaves_it_by_the_undo(hub: ImportingHub) -> None:
    hub.edit("S", {"family": "socks", "size": "s"})
    models = hub.file(["Nr,By", "M,by_size"], MODELS)
    moved = hub.file(["Nr,Model", "S,M"], VARIANTS.replace(", Size: size", ""))
    undo(hub, models)
    assert sorted(undo(hub, moved)) == ["removed", "updated"]
    with hub.database.reading() as session:
        assert set(queries.by_identifiers(session, ["M", "S"])) == {"S"}
