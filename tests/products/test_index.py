"""Whatever is done to products: the index says what is in them, and the undo log leads back to
every earlier state.
"""

import re
from random import Random

import pytest

from pim.products import consistency as audit
from pim.products.change import ProductInput
from pim.search.words import asked

VALUES = {
    "name-nl_NL": ["Fiets", "Snelle Fiets", "Über-Café", "naïef café", None],
    "name-en_GB": ["Bicycle", "Quick_Bike 7", None],
    "notes": ["a note", None],
    "material": ["steel", "wool, dyed", "x" * 300, None],
    "price-EUR": ["1.00", "2.50", None],
    "stock": ["0", "5", None],
    "colors": [["red"], ["red", "blue"], ["green"], None],
    "categories": [["city"], ["city", "race"], None],
    "upsell-products": [["p1"], None],
    "enabled": [True, False],
}


SORTED_AS = {
    "Fiets": "fiets",
    "Snelle Fiets": "snelle fiets",
    "Über-Café": "uber-cafe",
    "naïef café": "naief cafe",
    "Bicycle": "bicycle",
    "Quick_Bike 7": "quick_bike 7",
}


def folded(text):
    return {
        "Fiets": "fiets",
        "Snelle Fiets": "fiets snelle",
        "Über-Café": "cafe uber",
        "naïef café": "cafe naief",
        "Bicycle": "bicycle",
        "Quick_Bike 7": "7 quick_bike",
    }[text].split()


def expected(structure, products):
    """Terms and words of every product, reckoned plainly from the stored documents."""
    terms, words = set(), {}
    for one in products.values():
        chain, above = [one], one.parent_id
        while above is not None:
            chain.insert(0, products[above])
            above = products[above].parent_id
        document = {address: value for each in chain for address, value in each.values.items()}
        for code in document.get("categories", []):
            terms.add((one.id, "categories", code))
        for address in ("material", "color", "size", "ean"):
            if address in document:
                term = document[address]
                terms.add((one.id, address, term.zfill(14) if address == "ean" else term[:200]))
        if "ean" in document:
            terms.add((one.id, "endings:", document["ean"].zfill(14)[::-1]))
        for code in document.get("colors", []):
            terms.add((one.id, "colors", code))
        terms |= {
            (one.id, "_named", f"upsell-products {named.lower()}")
            for named in document.get("upsell-products", [])
        }
        depth = len(chain) - 1 if one.kind == "model" else None
        required = structure.required(
            one.family, chain[0].family_variant if one.kind == "model" else None, depth
        )
        terms |= {
            (one.id, "complete", str(scope))
            for scope, needed in required.items()
            if needed <= document.keys()
        }
        here = needed_by_variant if len(chain) > 1 else set
        terms |= {
            (one.id, "gaps:", str(scope))
            for scope, needed in required.items()
            if here(needed) - document.keys()
        }
        terms |= {
            (one.id, "_missing", address)
            for needed in required.values()
            for address in here(needed) - document.keys()
        }
        if one.family:
            terms |= {
                (one.id, f"_name:{locale}", SORTED_AS[document[f"name-{locale}"]])
                for locale in ("nl_NL", "en_GB")
                if f"name-{locale}" in document
            }
        names = [
            document[address] for address in ("name-nl_NL", "name-en_GB") if address in document
        ]
        terms |= set() if one.enabled else {(one.id, "_disabled", "1")}
        of_material = {
            f"_material__{word[:100]}" for word in re.findall(r"\w+", document.get("material", ""))
        }
        words[one.id] = sorted(
            {one.identifier.lower(), *(word for name in names for word in folded(name))}
            | of_material
        )
    return terms, words


def needed_by_variant(needed):
    """What a variant by color must fill itself; its model is asked for the rest."""
    return {one for one in needed if one.partition("-")[0] in ("color", "sku", "ean", "price")}


def rewound(product, changes):
    """The document before all changes: today's and the old values, newest first."""
    document = dict(product.values)
    for change in reversed(changes):
        for address, before in change.old.items():
            if address in (
                "status",
                "published",
                "reason",
                "family",
                "family_variant",
                "enabled",
                "parent",
            ):
                continue
            if before is None:
                document.pop(address, None)
            else:
                document[address] = before
    return document


def drawn(random, addresses):
    return {
        address: random.choice(VALUES[address])
        for address in random.sample(sorted(addresses), random.randint(1, 5))
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_index_and_undo_log_after_any_edits(shop, migration, seed):
    random = Random(seed)
    shop.model("m", {"family": "shirts", "family_variant": "by_color"}, migration)
    first = {"m": {}}
    for _ in range(25):
        batch = []
        for number in random.sample(range(6), 3):
            batch.append(
                ProductInput(
                    f"p{number}",
                    {"family": random.choice(["bikes", "shirts", None]), **drawn(random, VALUES)},
                )
            )
        if random.random() < 0.5:
            batch.append(ProductInput("m", drawn(random, VALUES), "model"))
        if random.random() < 0.5:
            color = random.choice(["red", "blue"])
            batch.append(
                ProductInput(f"v-{color}", {"parent": "m", "color": color, **drawn(random, VALUES)})
            )
        random.shuffle(batch)
        assert "refused" not in [one.outcome for one in shop.batch(batch, migration)]
        products = shop.products()
        for one in products.values():
            first.setdefault(one.identifier, dict(one.values))
        if random.random() < 0.2:
            shop.approve(
                *random.sample([one.identifier for one in products.values()], 2), force="test"
            )
    products = shop.products()
    terms, words = expected(shop.structure(), products)
    assert shop.all_terms() == terms
    assert {number: sorted(one) for number, one in shop.words().items()} == {
        number: sorted(word for spelled in one for word in spelled.split("-"))
        for number, one in words.items()
    }
    for one in products.values():
        changes = [change for change in shop.changes(one.identifier) if change.version > 1]
        assert rewound(one, changes) == first[one.identifier]
        assert [change.version for change in changes] == list(range(2, one.version + 1))


def out_of_step(shop):
    with shop.database.reading() as session:
        return list(audit.out_of_step(session))


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("𝐓𝐡𝐞 Bike™ İnci STRASSE", ["the", "biketm", "inci", "straße"]),
        ("x" * 60_000, ["x" * 60_000]),
        (
            "IŞIK Ørsted Łódź Þór œuvre æble Đilas",
            ["ışık", "isik", "orsted", "lodz", "thor", "oeuvre", "aeble", "dilas"],
        ),
    ],
    ids=[
        "letters of every shape",
        "a word longer than any index takes",
        "letters that are no accents",
    ],
)
def test_what_was_typed_begins_a_word_of_the_index(shop, name, typed):
    shop.edit("a", {"family": "bikes", "name-nl_NL": name})
    (stored,) = shop.words().values()
    assert [[word for word in stored if word.startswith(tuple(asked(one)))] for one in typed] == [
        asked(one) for one in typed
    ]
    assert out_of_step(shop) == []
