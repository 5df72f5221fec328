"""A structure in which every type of attribute can be filtered by."""

from typing import Any

STRUCTURE: dict[str, Any] = {
    "locales": ["nl_NL", "en_GB"],
    "currencies": ["EUR"],
    "channels": {
        "web": {"labels": {"en_GB": "Web"}, "locales": ["nl_NL", "en_GB"], "currencies": ["EUR"]}
    },
    "attributes": {
        "sku": {"type": "identifier"},
        "title": {
            "type": "text",
            "localizable": True,
            "filterable": True,
            "labels": {"en_GB": "Title", "nl_NL": "Titel"},
        },
        "story": {"type": "richtext", "filterable": True},
        "depth": {"type": "number", "filterable": True, "labels": {"en_GB": "Depth"}},
        "load": {
            "type": "measurement",
            "dimension": "weight",
            "unit": "KILOGRAM",
            "filterable": True,
            "labels": {"en_GB": "Load"},
        },
        "cost": {"type": "price", "filterable": True, "min": "-100"},
        "launch": {"type": "date", "filterable": True},
        "tint": {
            "type": "choices",
            "filterable": True,
            "labels": {"en_GB": "Tint"},
            "options": {"red": {"labels": {"en_GB": "Red"}}, "green": {}, "grey": {}},
        },
        "size": {"type": "choice", "filterable": True, "options": {"s": {}, "m": {}, "l": {}}},
        "boxed": {"type": "boolean", "filterable": True, "labels": {"en_GB": "Boxed"}},
        "photo": {"type": "asset", "filterable": True},
        "hidden": {"type": "text"},
    },
    "families": {
        "crates": {
            "labels": {"en_GB": "Crates"},
            "attributes": [
                *("sku", "title", "story", "depth", "load", "cost", "launch", "tint", "size"),
                *("boxed", "photo", "hidden"),
            ],
            "label": "title",
            "requirements": {"web": ["title"]},
        },
        "racks": {"attributes": ["sku", "title", "size"], "label": "title"},
    },
    "variants": {
        "by_size": {"family": "racks", "levels": [{"axes": ["size"], "attributes": ["sku"]}]}
    },
    "categories": {"store": {"children": {"low": {}, "high": {}}}},
}
