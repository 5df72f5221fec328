"""An incremental build is byte for byte the full one, whatever happened since; and both engines
write the same bytes.
"""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from media.storage import Storage
from pim.db import Database
from pim.feeds import queries
from pim.feeds.files import index_key, report_key
from pim.products import published_products as products
from pim.products.change import Origin, ProductInput

CODES = ("google_nl", "google_de", "shopify", "till", "wholesale")
ERP = Origin("import", "erp", "erp")
MIGRATION = Origin("import", "test", None)
MODELS = ("M1", "M2", "M3")
VARIANTS = [f"{model}-{color}" for model in MODELS for color in ("red", "blue")]
NEW = {"family": "goods", "name-nl_NL": "Nieuw", "price-EUR": "1.00", "categories": ["bikes"]}
WORDS = ("Fiets", "Rad & Tat", "<b>Zadel</b>", "Bel “ring”", "Lamp;snel", 'Tas "groot"', "Überzug")


def fill(shop: Any, full: dict[str, Any]) -> None:
    """Twelve single products, three models with variants; not all complete, not all approved."""
    inherited = {
        key: full[key] for key in ("family", "categories", "name-nl_NL", "brand", "vat")
    } | {"family_variant": "by_color"}
    edits = [ProductInput(model, inherited, "model") for model in MODELS]
    edits += [
        ProductInput(name, {"parent": name[:2], "color": name[3:], "price-EUR": "5.00"})
        for name in VARIANTS
    ]
    edits += [
        ProductInput(f"P{number}", full | ({"name-de_DE": None} if number % 3 else {}))
        for number in range(12)
    ]
    shop.batch(edits, MIGRATION)
    shop.approve("P1", "P2", "P3", "M1-red", "M1-blue", "M2-red")


def change(shop: Any, random: Random) -> None:
    """One thing that happens in a shop."""
    singles = [f"P{number}" for number in range(12)]
    name = random.choice(singles + VARIANTS)
    match random.randrange(9):
        case 0:
            shop.edit(
                name, {"price-EUR": f"{random.randrange(1, 900)}.{random.randrange(100):02}"}, ERP
            )
        case 1:
            shop.edit(
                name,
                {
                    random.choice(["name-nl_NL", "name-de_DE", "description-nl_NL"]): random.choice(
                        [*WORDS, None]
                    )
                },
                MIGRATION,
            )
        case 2 | 3:
            shop.approve(
                *[one for one in random.sample(singles + VARIANTS, 4) if shop.is_approvable(one)]
            )
        case 4:
            shop.edit(name, {"enabled": random.random() < 0.7}, MIGRATION)
        case 5:
            shop.edit(
                random.choice(MODELS), {"name-nl_NL": random.choice(WORDS)}, MIGRATION, "model"
            )
        case 6:
            shop.adopt(random.choice(VARIANTS), random.choice([*MODELS, None]))
        case 7:
            shop.move(name, random.choice(["retired", "draft"]))
        case 8:
            shop.edit(f"N{random.randrange(5)}", NEW, MIGRATION)


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3))]
)
def test_an_incremental_build_is_the_full_one(shop: Any, full: dict[str, Any], seed: int) -> None:
    random = Random(seed)
    shop.define(*CODES)
    fill(shop, full)
    copied = 0
    for _ in range(12):
        for _ in range(random.randrange(1, 6)):
            change(shop, random)
        for code in CODES:
            one = shop.run(code)
            other = shop.run(code, full=True)
            assert (one.sha256, one.items, one.excluded, one.warned) == (
                other.sha256,
                other.items,
                other.excluded,
                other.warned,
            )
            assert one.seq == other.seq
            assert shop.storage.get(report_key(one)) == shop.storage.get(report_key(other))
            assert shop.storage.get(index_key(one)) == shop.storage.get(index_key(other))
            copied += other.rendered - one.rendered
    assert copied > 100


def test_every_product_is_an_item_or_has_a_reason(shop: Any, full: dict[str, Any]) -> None:
    shop.define(*CODES)
    fill(shop, full)
    for code in ("google_nl", "google_de", "wholesale"):
        build = shop.run(code)
        out = [line for line in queries.report(shop.storage, build) if line.excluded]
        assert (build.items + len(out), len(out)) == (18, build.excluded)
        assert all(any(reason.is_error for reason in line.reasons) for line in out)


def test_a_build_of_many_pieces_is_the_same(
    shop: Any, full: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.define("google_nl")
    fill(shop, full)
    whole = shop.run("google_nl", full=True)
    for at_once in (1, 2, 15):
        monkeypatch.setattr(products, "VERSIONS_AT_ONCE", at_once)
        pieces = shop.run("google_nl", full=True)
        assert (pieces.sha256, pieces.items) == (whole.sha256, whole.items)
        assert shop.storage.get(report_key(pieces)) == shop.storage.get(report_key(whole))
        assert shop.storage.get(index_key(pieces)) == shop.storage.get(index_key(whole))


def test_the_same_data_gives_the_same_bytes_on_both_engines(
    sqlite_database: Database,
    postgresql_database: Database,
    make_shop: Any,
    full: dict[str, Any],
    tmp_path: Path,
) -> None:
    """All four exporters, after a history of changes, with reports and indexes."""
    shops = [
        make_shop(sqlite_database, Storage((tmp_path / "one").as_uri())),
        make_shop(postgresql_database, Storage((tmp_path / "two").as_uri())),
    ]
    for shop in shops:
        random = Random(7)
        shop.define(*CODES)
        fill(shop, full)
        for _ in range(40):
            change(shop, random)
    for code in CODES:
        one, two = (shop.run(code) for shop in shops)
        assert one.items > 0
        assert shops[0].storage.get(one.path) == shops[1].storage.get(two.path)
        assert shops[0].storage.get(report_key(one)) == shops[1].storage.get(report_key(two))
        assert shops[0].storage.get(index_key(one)) == shops[1].storage.get(index_key(two))
