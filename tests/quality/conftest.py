import pytest

from tests.support.lamp_shop import STRUCTURE, LampShop


@pytest.fixture
def shop(database, clock):
    found = LampShop(database, clock)
    found.restructure(STRUCTURE)
    return found
