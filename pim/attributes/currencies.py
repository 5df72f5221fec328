"""Currencies of ISO 4217: how many decimals an amount has, and how people write one. Pure."""

import re
from functools import cache

from pim.attributes.base import InvalidValue, shown
from pim.errors import text

# By the number of decimals that an amount is written with.
DECIMALS = {
    currency: decimals
    for decimals, currencies in {
        0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
        3: "BHD IQD JOD KWD LYD OMR TND",
        2: """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD
        CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
        GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL
        MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN
        PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP
        SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG
        """,
    }.items()
    for currency in currencies.split()
}

# What stands beside an amount instead of the code. A sign may be that of several currencies: in a
# column of Canadian dollars, $ is that.
SIGNS = {
    "AUD": "$ A$ AU$",
    "BRL": "R$",
    "CAD": "$ C$ CA$",
    "CHF": "Fr. Fr SFr. SFr",
    "CNY": "¥ 元 RMB",
    "CZK": "Kč",
    "DKK": "kr. kr",
    "EUR": "€ euro",
    "GBP": "£",
    "HKD": "$ HK$",
    "HUF": "Ft",
    "ILS": "₪",
    "INR": "₹ Rs. Rs",
    "ISK": "kr. kr",
    "JPY": "¥ 円",
    "KRW": "₩",
    "MXN": "$ MX$",
    "NOK": "kr. kr",
    "NZD": "$ NZ$",
    "PLN": "zł",
    "RON": "lei",
    "RUB": "₽",
    "SEK": "kr. kr",
    "SGD": "$ S$",
    "TRY": "₺ TL",
    "TWD": "$ NT$",
    "UAH": "₴",
    "USD": "$ US$",
    "VND": "₫",
    "ZAR": "R",
}


def decimals_of(currency: str) -> int:
    """How many decimals an amount of that currency has; 2 for one that the list does not have."""
    return DECIMALS.get(currency, 2)


def without_currency(raw: str, currency: str | None) -> str:
    """``€ 12,50``, ``EUR 12,50`` or ``12,50 EUR`` without what it says of the currency.

    :class:`InvalidValue` (rule ``currency``) where it says another one than ``currency``.
    """
    found = _beside().fullmatch(raw.strip())
    said = [] if found is None else [one for one in found.group("before", "after") if one]
    if found is None or not said or currency is None:
        return raw
    meant = _spellings(currency)
    if any(one.casefold() not in meant for one in said):
        raise InvalidValue(
            "currency",
            text(
                "“%(value)s” is not an amount in %(currency)s.",
                value=shown(raw),
                currency=currency,
            ),
        )
    return found["sign"] + found["amount"]


def _spellings(currency: str) -> frozenset[str]:
    return frozenset(one.casefold() for one in (currency, *SIGNS.get(currency, "").split()))


@cache
def _beside() -> re.Pattern[str]:
    """An amount with a code or sign on either side of it; a minus may stand before either."""
    known = {one for currency in (*DECIMALS, *SIGNS) for one in _spellings(currency)}
    some = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    return re.compile(
        rf"(?P<sign>[-+−]?)\s*(?:(?P<before>{some})\s*)?"
        rf"(?P<amount>[-+−]?[0-9.,][^a-z]*?)(?:\s*(?P<after>{some}))?",
        re.IGNORECASE,
    )
