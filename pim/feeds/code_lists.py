"""Code lists that channels share: countries, currencies, languages, units of order. Pure."""

from pim.attributes import units
from pim.attributes.currencies import DECIMALS


def _words(spelling: str) -> list[str]:
    return spelling.split()


# ISO 3166-1 alpha-2.
COUNTRIES = frozenset(
    _words(
        """
        AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN
        BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ
        DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL
        GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM
        JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME
        MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP
        NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD
        SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
        TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
        """
    )
)

# ISO 639-1 with the code that ISO 639-2/B has for the same language.
LANGUAGES = dict(
    pair.split(":")
    for pair in _words(
        """
        af:afr sq:alb am:amh ar:ara hy:arm az:aze eu:baq be:bel bn:ben bs:bos bg:bul my:bur
        ca:cat zh:chi hr:hrv cs:cze da:dan nl:dut en:eng eo:epo et:est fo:fao fi:fin fr:fre
        fy:fry gl:glg ka:geo de:ger el:gre gu:guj he:heb hi:hin hu:hun is:ice id:ind ga:gle
        it:ita ja:jpn kk:kaz ko:kor ku:kur lo:lao la:lat lv:lav lt:lit lb:ltz mk:mac ms:may
        mt:mlt mn:mon nb:nob ne:nep nn:nno no:nor fa:per pl:pol pt:por ro:rum rm:roh ru:rus
        gd:gla sr:srp sk:slo sl:slv es:spa sw:swa sv:swe ta:tam th:tha tr:tur uk:ukr ur:urd
        uz:uzb vi:vie cy:wel yi:yid zu:zul
        """
    )
)

# UN/ECE Recommendation 20 (and the packages of Recommendation 21, with an X before them): the units
# that Etalage knows, and what things are ordered in.
ORDER_UNITS = frozenset(
    _words(
        """
        C62 DAY DZN EA GRO H87 HUR KT MIL MON P1 PR SET WEE XBG XBO XBX XCT XPK XPX XRO XTU ANN MIN
        SEC
        """
    )
)
UNITS = ORDER_UNITS | {
    unit.rec20 for known in units.DIMENSIONS.values() for unit in known.values() if unit.rec20
}
# What the revision of 2005 had, and what came later.
UNITS_DROPPED = frozenset(_words("BX CA CL CT NPR PF PK RO ST TU"))
UNITS_ADDED = frozenset(
    _words(
        """
        A99 B68 C37 D36 E09 E14 E32 E34 E35 E45 E61 E62 E63 E64 G51 G52 G53 G54 G55 H16 H18 H48 H87
        K14 KMT M43 M44 M50 M60 M66 N90 XBG XBO XBX XCT XPK XPX XRO XTU
        """
    )
)

# What BMEcat 2005 has no code for: countries and currencies that are younger than its lists.
COUNTRIES_ADDED = frozenset(_words("AX BL BQ CW GG IM JE ME MF MH RS SS SX TL UM"))
CURRENCIES_ADDED = frozenset(
    _words(
        """
        AFN AMD AOA ARS AZN BAM BRL BYN CDF CZK ERN GEL GHS KGS KZT MDL MGA MKD MMK MRU MXN MZN
        NAD NIO PEN PLN RON RSD RUB SDG SLE SRD SSP STN TJS TMT TRY UAH UGX UYU UZS VES XAF XCD
        XOF XPF ZMW ZWG
        """
    )
)

# Schemes of electronic addresses (EAS) that Peppol's list of 2025 has.
ADDRESS_SCHEMES = frozenset(
    _words(
        """
        0002 0007 0009 0037 0060 0088 0096 0097 0106 0130 0135 0142 0147 0151 0154 0158 0170 0177
        0183 0184 0188 0190 0191 0192 0193 0194 0195 0196 0198 0199 0200 0201 0202 0203 0204 0205
        0208 0209 0210 0211 0212 0213 0215 0216 0217 0218 0221 0225 0230 0235 0240 9910 9913 9914
        9915 9918 9919 9920 9922 9923 9924 9925 9926 9927 9928 9929 9930 9931 9932 9933 9934 9935
        9936 9937 9938 9939 9940 9941 9942 9943 9944 9945 9946 9947 9948 9949 9950 9951 9952 9953
        9957 9959
        """
    )
)

CODE_LISTS: dict[str, frozenset[str]] = {
    "eas": ADDRESS_SCHEMES,
    "iso3166": COUNTRIES,
    "iso3166_2005": COUNTRIES - COUNTRIES_ADDED,
    "iso4217": frozenset(DECIMALS),
    "iso4217_2005": frozenset(DECIMALS) - CURRENCIES_ADDED,
    "iso639": frozenset(LANGUAGES),
    "rec20": frozenset(UNITS),
    "rec20_2005": frozenset(UNITS | UNITS_DROPPED) - UNITS_ADDED,
}


def language_code(language: str) -> str:
    """The three letters of ISO 639-2/B: ``nl`` -> ``dut``; "" for a language without any."""
    return LANGUAGES.get(language, "")


def is_gln(number: str) -> bool:
    """Whether it has the 13 digits of a Global Location Number, the last one its check digit."""
    if len(number) != 13 or not (number.isascii() and number.isdecimal()):
        return False
    weighted = [int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(number)]
    return sum(weighted) % 10 == 0
