"""Values that know more than their text: amounts of money or of a unit, and pictures. They are what
prices, measurements and assets are once they left the document.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pim.attributes import units


class Money(NamedTuple):
    """``amount`` is a decimal string, ``currency`` ISO 4217; as text "129.95 EUR".

    A tuple, because every product of a feed makes one, and a frozen dataclass takes three times as
    long to make.
    """

    amount: str
    currency: str

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


@dataclass(frozen=True, slots=True)
class Measure:
    """``amount`` is a decimal string, ``unit`` our code (KILOGRAM), ``symbol`` that unit's symbol
    (kg) and ``code`` its UN/ECE Rec 20 code (KGM, "" where there is none); as text "1.5 kg".
    """

    amount: str
    unit: str
    symbol: str
    code: str

    def __str__(self) -> str:
        return f"{self.amount} {self.symbol}"


@dataclass(frozen=True, slots=True)
class Picture:
    """Where a picture is, with its ``width`` and ``height`` in pixels, 0 when unknown; as text its
    address.
    """

    url: str
    width: int = 0
    height: int = 0

    def __str__(self) -> str:
        return self.url


# A catalog has far fewer different measures than products, and looking one up is slow.
@lru_cache(maxsize=65536)
def measure(amount: str, unit: str) -> Measure:
    """The measure of an amount (a decimal string) and a unit's code."""
    known = units.find_unit(unit)
    return Measure(amount, unit, known.symbol, known.rec20 or "")
