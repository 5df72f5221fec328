"""Values that know more than their text: amounts of money or of a unit, and pictures. They are what
prices, measurements and assets are once they left the document.
"""

from functools import lru_cache

from pim.attributes import units


class Money(str):
    """The text "129.95 EUR" that knows its ``amount``, a decimal string, and its ``currency``, ISO
    4217.
    """

    __slots__ = ("amount", "currency")
    amount: str
    currency: str

    def __new__(cls, amount: str, currency: str) -> "Money":
        money = super().__new__(cls, f"{amount} {currency}")
        money.amount = amount
        money.currency = currency
        return money


class Measure(str):
    """The text "1.5 kg" that knows its ``amount``, a decimal string, its ``unit`` (our code,
    KILOGRAM), that unit's ``symbol`` (kg) and UN/ECE Rec 20 ``code`` (KGM, "" where there is none).
    """

    __slots__ = ("amount", "code", "symbol", "unit")
    amount: str
    unit: str
    symbol: str
    code: str

    def __new__(cls, amount: str, unit: str, symbol: str, code: str) -> "Measure":
        measure = super().__new__(cls, f"{amount} {symbol}")
        measure.amount, measure.unit, measure.symbol, measure.code = amount, unit, symbol, code
        return measure


class Picture(str):
    """The address of a picture that knows its ``width`` and ``height`` in pixels, 0 when
    unknown.
    """

    __slots__ = ("height", "width")
    width: int
    height: int

    def __new__(cls, url: str, width: int = 0, height: int = 0) -> "Picture":
        picture = super().__new__(cls, url)
        picture.width, picture.height = width, height
        return picture


# A catalog has far fewer different measures than products, and looking one up is slow.
@lru_cache(maxsize=65536)
def measure(amount: str, unit: str) -> Measure:
    """The measure of an amount (a decimal string) and a unit's code."""
    known = units.find_unit(unit)
    return Measure(amount, unit, known.symbol, known.rec20 or "")
