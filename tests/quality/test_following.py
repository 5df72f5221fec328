"""The warnings follow what is written, and are those that a recount of everything gives."""

import random

import pytest
from sqlalchemy import delete, func, select

from pim.products import deleting, matching
from pim.products.conditions import Condition
from pim.products.matching import Filters
from pim.products.models import Product
from pim.quality import figures, following, queries, service
from pim.quality.models import ChangedGroup, QualityFact, QualityWarning
from pim.quality_kinds import ANY, OUTLIER, REPEATED_NAME, UNTRANSLATED
from tests.support.campaigns import times
from tests.support.hub import HUB
from tests.support.lamp_shop import STRUCTURE, LampShop

SENTENCE = "A lamp that turns with the light of the day"


def test_what_was_written_is_behind_until_it_is_followed(shop):
    def is_behind():
        with shop.database.reading() as session:
            return following.is_behind(session)

    assert is_behind()
    shop.follow()
    assert not is_behind()
    shop.add("A", **{"price-EUR": "9.00"})
    assert is_behind()
    shop.follow()
    assert not is_behind()
    with shop.database.writing() as session:
        following.recount(session)
    assert is_behind()


def test_a_mended_value_takes_the_warning_of_the_other_along(shop):
    shop.add("A", **{"name-nl_NL": "Leeslamp"})
    shop.add("B", **{"name-nl_NL": "Leeslamp"})
    assert shop.warned(REPEATED_NAME) == ["A", "B"]
    shop.edit("B", {"name-nl_NL": "Bureaulamp"})
    assert shop.warnings() == []


def test_a_product_that_is_gone_takes_its_warnings_along(shop):
    for one in ("A", "B"):
        shop.add(one, **{"name-nl_NL": "Leeslamp"})
    assert shop.warned(REPEATED_NAME) == ["A", "B"]
    with shop.database.writing() as session:
        deleting.delete(session, "B", HUB, shop.clock())
    assert shop.stored_warnings() == [("A", REPEATED_NAME, "name-nl_NL")]
    assert shop.warnings() == []


def test_another_structure_has_all_products_looked_at(shop):
    shop.add("A", code="X", **{"name-nl_NL": SENTENCE, "name-en_GB": SENTENCE})
    assert shop.warned(UNTRANSLATED) == ["A"]
    names = {**STRUCTURE["attributes"], "name": {"type": "text", "localizable": True}}
    families = {code: {**family, "label": "code"} for code, family in STRUCTURE["families"].items()}
    shop.add("B", code="X")
    assert shop.warned(REPEATED_NAME) == []
    shop.restructure({**STRUCTURE, "attributes": names, "families": families})
    assert shop.warned(REPEATED_NAME) == ["A", "B"]


def test_many_small_steps_find_what_one_large_one_finds(shop, monkeypatch):
    for number in range(12):
        name = "Leeslamp" if number % 4 == 0 else f"Lamp {number}"
        grams = {"amount": "9000" if number == 3 else "30", "unit": "GRAM"}
        family = "shades" if number == 11 else "lamps"
        shop.edit(f"A{number}", {"family": family, "name-nl_NL": name, "weight": grams})
    shop.follow()
    at_once = shop.stored_warnings()
    assert {kind for _, kind, _ in at_once} == {REPEATED_NAME, OUTLIER}
    for size in ("PRODUCTS", "GROUPS", "MEASUREMENTS"):
        monkeypatch.setattr(following, size, 1)
    with shop.database.writing() as session:
        for table in (QualityFact, QualityWarning, ChangedGroup):
            session.execute(delete(table))
    recount(shop)
    assert shop.stored_warnings() == at_once
    with shop.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ChangedGroup)) == 0


def test_work_that_was_stopped_goes_on_where_it_was(shop, monkeypatch):
    monkeypatch.setattr(following, "PRODUCTS", 2)
    for number in range(7):
        shop.add(f"A{number}", **{"name-nl_NL": "Leeslamp"})

    class Stop(Exception):
        pass

    for steps in (1, 2):  # of six, each time some more
        left = iter(range(steps))

        def guard(_session, left=left):
            if next(left, None) is None:
                raise Stop

        with pytest.raises(Stop):
            following.follow(shop.database, guard=guard)
    assert len(shop.warned(REPEATED_NAME)) == 7


def dismiss(shop, identifier, kind, address):
    number = shop.get(identifier).id
    with shop.database.writing() as session:
        structure, by = shop.structure(), "anna@example.org"
        service.dismiss(session, structure, number, kind, address, by, shop.clock())


def dismissed(shop, identifier):
    number = shop.get(identifier).id
    with shop.database.reading() as session:
        return [(one.kind, one.address) for one in queries.dismissals(session, [number])]


def test_what_is_right_is_not_warned_of_until_it_changes(shop):
    shop.add("A", **{"name-nl_NL": SENTENCE, "name-en_GB": SENTENCE})
    shop.follow()
    dismiss(shop, "A", UNTRANSLATED, "name-en_GB")
    assert shop.warned(UNTRANSLATED) == []
    recount(shop)
    assert shop.warned(UNTRANSLATED) == []
    assert dismissed(shop, "A") == [(UNTRANSLATED, "name-en_GB")]
    shop.edit("A", {"name-en_GB": f"{SENTENCE}."})
    assert shop.warned(UNTRANSLATED) == []
    assert dismissed(shop, "A") == []
    shop.edit("A", {"name-en_GB": SENTENCE})
    assert shop.warned(UNTRANSLATED) == ["A"]


def test_one_of_two_that_share_a_name_may_be_right(shop):
    for one in ("A", "B"):
        shop.add(one, **{"name-nl_NL": "Leeslamp"})
    shop.follow()
    dismiss(shop, "A", REPEATED_NAME, "name-nl_NL")
    shop.add("C", **{"name-nl_NL": "Leeslamp"})
    assert shop.warned(REPEATED_NAME) == ["B", "C"]
    with shop.database.writing() as session:
        number = session.scalar(select(Product.id).where(Product.identifier == "A"))
        service.restore(session, shop.structure(), number, REPEATED_NAME, "name-nl_NL")
    assert [one for one, _, _ in shop.stored_warnings()] == ["A", "B", "C"]
    assert shop.warned(REPEATED_NAME) == ["A", "B", "C"]


def test_what_was_just_saved_is_looked_at_at_once(shop):
    for one in ("A", "B"):
        shop.add(one, **{"name-nl_NL": "Leeslamp"})
    shop.follow()
    shop.edit("B", {"name-nl_NL": "Bureaulamp"})
    number = shop.get("B").id
    with shop.database.writing() as session:
        service.check_now(session, shop.structure(), [number])
    assert shop.stored_warnings() == []


def test_a_list_asks_for_warnings_and_a_figure_counts_as_many(shop):
    shop.model("M", {"family": "lamps", "family_variant": "by_color", "name-nl_NL": "Leeslamp"})
    shop.edit("M-red", {"parent": "M", "color": "red"})
    shop.add("A", **{"name-nl_NL": "Leeslamp", "name-en_GB": SENTENCE, "name-nl_BE": SENTENCE})
    shop.add("B", **{"name-nl_NL": "Bureaulamp"})
    shop.follow()

    def listed(kind):
        condition = Condition("_quality", "one_of", (kind,))
        with shop.database.reading() as session:
            filters = Filters(conditions=(condition,))
            ids = matching.newest(session, shop.structure(), filters, 100)
            named = select(Product.identifier).where(Product.id.in_(ids))
            return sorted(session.scalars(named))

    with shop.database.reading() as session:
        counts = figures.counts(session)
    assert listed(ANY) == ["A", "M"]
    assert listed(REPEATED_NAME) == ["A", "M"]
    assert listed(UNTRANSLATED) == ["A"]
    assert counts == {ANY: 2, REPEATED_NAME: 2, UNTRANSLATED: 1}
    shop.move("M", "retired")  # the job has not run yet
    with shop.database.reading() as session:
        assert figures.counts(session)[ANY] == len(listed(ANY)) == 1


def recount(shop):
    with shop.database.writing() as session:
        following.recount(session)
    shop.follow()


def afresh(shop):
    """The warnings that come of the products alone."""
    with shop.database.writing() as session:
        for table in (QualityWarning, QualityFact, ChangedGroup):
            session.execute(delete(table))
        following.recount(session)
    return shop.warnings()


@pytest.mark.parametrize("seed", range(times(4)))
def test_following_gives_what_a_recount_gives(shop, seed):
    some = random.Random(seed)
    edits = RandomEdits(shop, some)
    for _ in range(12):
        for _ in range(some.randint(1, 8)):
            edits.one()
        followed = shop.warnings()
        assert followed == afresh(shop)
    assert edits.seen  # not that nothing was ever warned of


class RandomEdits:
    """Edits that often meet: few names, pictures and weights at few products."""

    def __init__(self, shop: LampShop, some: random.Random) -> None:
        self.shop, self.some, self.seen = shop, some, []
        shop.model("M", {"family": "lamps", "family_variant": "by_color"})
        shop.edit("M-red", {"parent": "M", "color": "red"})
        shop.edit("M-blue", {"parent": "M", "color": "blue"})

    def one(self) -> None:
        steps = (self.write, self.write, self.write, self.retire, self.dismiss, self.move)
        self.some.choice(steps)()

    def write(self) -> None:
        names = ["Leeslamp", "Bureaulamp", SENTENCE, None]
        weight = self.some.choice([300, 320, 350, 350000, 60000, None])
        values = {
            f"name-{self.some.choice(['nl_NL', 'en_GB'])}": self.some.choice(names),
            "weight": weight and {"amount": str(weight), "unit": "GRAM"},
            "photos": self.some.choice([["abc"], ["def", "abc"], None]),
        }
        some = dict(self.some.sample(sorted(values.items()), self.some.randint(1, 3)))
        who = self.some.choice(["M-red", "M-blue", *(f"A{n}" for n in range(14))])
        family = {} if who.startswith("M") else {"family": "lamps"}
        self.shop.edit(who, {**family, **some})

    def retire(self) -> None:
        who = self.some.choice(["M", "M-red", "A1", "A2"])
        with self.shop.database.reading() as session:
            status = session.scalar(select(Product.status).where(Product.identifier == who))
        if status:
            self.shop.move(who, "draft" if status == "retired" else "retired")

    def move(self) -> None:
        """Into another family."""
        self.shop.edit("A3", {"family": self.some.choice(["lamps", "shades"])})

    def dismiss(self) -> None:
        found = self.shop.stored_warnings()
        if found:
            who = self.some.choice(found)
            self.seen.append(who)
            dismiss(self.shop, *who)
