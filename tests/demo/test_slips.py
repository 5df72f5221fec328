"""The slips that are in the demo shop on purpose: an example of each thing that a hub warns of."""

import pytest
import yaml

from pim.demo.load import HERE
from pim.imports.profiles import read_profile
from pim.imports.run import import_products
from pim.products import queries as products
from pim.quality import figures, following, queries
from pim.quality.near_options import near_options
from pim.quality_kinds import ANY, MISSPELLED, NAMES, SHARED_PICTURE
from pim.structure import queries as catalog
from pim.structure import service as structures


@pytest.fixture
def shop(database, clock):
    with database.writing() as session:
        structures.apply(session, yaml.safe_load((HERE / "structure.yaml").read_text("utf-8")))
    for name in ("erp_models", "erp", "texts_models", "texts"):
        profile = read_profile((HERE / f"{name}.yaml").read_bytes())
        import_products(database, HERE / f"{name}.csv", profile, "demo", clock)
    return database


def test_each_kind_of_warning_has_a_few_examples(shop):
    following.follow(shop)
    with shop.reading() as session:
        counts = figures.counts(session)
    # Pictures are compared by what they show, and none is here; words need the extra “spelling”.
    expected = set(NAMES) - {SHARED_PICTURE, MISSPELLED}
    assert {kind for kind in expected if counts.get(kind)} == expected
    assert counts[ANY] < 40


def test_one_option_is_hardly_another_one(shop):
    with shop.reading() as session:
        structure = catalog.structure(session)
        [pair] = near_options(structure)
        product = products.get(session, "AC-6130").product
        [meant] = queries.meant_options(session, structure, product)
        other = products.get(session, "AC-6110").product
        assert list(queries.meant_options(session, structure, other)) == []
    assert (pair.first, pair.second) == ("kunststof", "plastic")
    assert (meant.address, meant.held, meant.meant) == ("material", "kunststof", "plastic")
