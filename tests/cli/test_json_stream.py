"""A long answer is spelled piece by piece, as orjson spells it in one."""

import orjson
import pytest

from pim.cli.json_stream import pieces


def of_iterators(data):
    return {name: iter(one) if isinstance(one, list) else one for name, one in data.items()}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"products": 0, "cells": []},
        {"cells": [1], "by": None},
        {
            "products": 2,
            "cells": [{"old": "a\nb", "new": ["“é”", {"deep": []}]}, {}, [], "x"],
            "more": {"in": {"it": 1.5}},
            "left": [],
        },
    ],
)
def test_it_is_spelled_as_in_one_piece(data):
    whole = orjson.dumps(data, option=orjson.OPT_INDENT_2).decode()
    assert "".join(pieces(of_iterators(data))) == whole
    assert "".join(pieces(data)) == whole


def test_no_item_is_asked_for_before_its_turn():
    asked = []

    def items():
        for number in range(3):
            asked.append(number)
            yield number

    spelled = pieces({"cells": items()})
    seen = ""
    while "0" not in seen:
        seen += next(spelled)
    assert asked == [0]
