"""Which encoding a text file is in: byte order mark, strict UTF-8, UTF-16 by its zeros, else the
likeliest code page. Pure.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from pim.errors import Invalid, Text, text
from pim.imports.detection import Sureness

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)  # UTF-32 first: its mark begins with the one of UTF-16

# The letters beyond a-z of the languages of a page. iso-8859-15 stands beside 1252 for its euro
# sign, 850 and 852 for DOS tills, mac-roman for files that Excel saved on an older Mac.
_WEST = {
    "de": "äöüß",
    "nl": "áàâäéèêëíïóôöúûü",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "es": "áéíñóúü",
    "pt": "áâãàçéêíóôõú",
    "it": "àèéìíòóùú",
    "sv": "åäöé",
    "da": "æøåé",
}
_CENTRAL = {
    "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "hu": "áéíóöőúüű",
    "ro": "ăâîşşţșț",
    "sl": "čšž",
    "hr": "čćđšž",
    "sq": "çë",
}
_CYRILLIC = {"ru": "".join(chr(code) for code in range(0x0430, 0x0460))}
_GREEK = {"el": "".join(chr(code) for code in (*range(0x0386, 0x0390), *range(0x03AC, 0x03CF)))}
_TURKISH = {"tr": "çğıöşüâîûİ"}
_BALTIC = {"lv": "āčēģīķļņšūž", "lt": "ąčęėįšųūž", "et": "äöõüšž"}
_SIGNS = "€‘’“”„–—…°²³½¼¾×µ®™©«»±·ªº§£¢¥¿¡ƒ†‡•‰¶‹›¹¦¬"

PAGES: Mapping[str, Mapping[str, str]] = {
    "windows-1252": _WEST,
    "windows-1250": _CENTRAL,
    "windows-1251": _CYRILLIC,
    "windows-1253": _GREEK,
    "windows-1254": _TURKISH,
    "windows-1257": _BALTIC,
    "iso-8859-15": _WEST,
    "iso-8859-2": _CENTRAL,
    "iso-8859-7": _GREEK,
    "cp850": _WEST,
    "cp852": _CENTRAL,
    "cp866": _CYRILLIC,
    "mac-roman": _WEST,
}
"""Code page -> language -> its letters."""

_LANGUAGES = {
    "windows-1250": ["pl", "cs", "sk", "hu", "sl", "hr", "ro", "bs", "sq"],
    "windows-1251": ["ru", "uk", "bg", "sr", "mk", "be", "kk"],
    "windows-1253": ["el"],
    "windows-1254": ["tr", "az"],
    "windows-1257": ["et", "lv", "lt"],
}

_HIGH_WORD = re.compile(rb"[A-Za-z0-9]?[\x80-\xff][A-Za-z0-9\x80-\xff]*")
_SAMPLE = 64 * 1024
_FOR_UTF8 = 2
"""How many well-formed bytes stand against one that is no UTF-8, in a file that is UTF-8."""
_PLAUSIBLE = 0.5
"""What a page scores at least where it reads like one of its languages."""
_CLOSE = 0.1
"""Two pages whose scores differ by less may both be right."""


@dataclass(frozen=True, slots=True)
class FoundEncoding:
    """What a file is in. ``strays``: how many places of it are not, so that their rows are refused.

    ``rival``: another code page that reads the file differently and nearly as well.
    """

    name: str
    sure: Sureness = "certain"
    strays: int = 0
    rival: str | None = None

    @property
    def is_doubtful(self) -> bool:
        return self.sure == "doubtful"


def detect_encoding(chunks: Iterable[bytes], locales: Sequence[str] = ()) -> FoundEncoding:
    """The encoding of a whole file given in chunks. Pure ASCII is ``utf-8``.

    Text that is UTF-8 is hardly ever something else, so a file that nearly is UTF-8 is, and some
    rows of it come from elsewhere. ``locales``: the shop's locales (``pl_PL``); they break the tie
    between code pages that read the same bytes differently.
    """
    iterator = iter(chunks)
    first = next(iterator, b"")
    marked = _by_mark(first) or _by_zeros(first)
    if marked and marked != "utf-8-sig":
        return FoundEncoding(marked)
    evidence = _Utf8Evidence()
    sample = bytearray()
    for chunk in chain([first], iterator):
        evidence.take(chunk)
        if len(sample) < _SAMPLE and not chunk.isascii():
            sample += b"\n".join(_HIGH_WORD.findall(chunk))[:_SAMPLE]
    evidence.take(b"", final=True)
    if marked or evidence.speaks_for_it:
        return FoundEncoding(
            marked or "utf-8", "likely" if evidence.strays else "certain", evidence.strays
        )
    return _likeliest_page(bytes(sample), locales)


class _Utf8Evidence:
    """What speaks for UTF-8 in a file, and what against it."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.well_formed = 0
        self.strays = 0

    def take(self, chunk: bytes, *, final: bool = False) -> None:
        decoded = self._decoder.decode(chunk, final)
        self.strays += decoded.count("\ufffd") - chunk.count(b"\xef\xbf\xbd")
        self.well_formed += max(0, len(chunk) - len(decoded))

    @property
    def speaks_for_it(self) -> bool:
        return self.well_formed >= self.strays * _FOR_UTF8


def check_encoding(chunks: Iterable[bytes], encoding: str) -> None:
    """Decode everything once; :class:`Invalid` names the first line that this encoding cannot read,
    or an unknown encoding.
    """
    check_name(encoding)
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    try:
        for chunk in chunks:
            line += decoder.decode(chunk).count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        line += error.object[: error.start].count(b"\n")
        wrong = error.object[error.start : error.end]
        raise Invalid({"encoding": [unreadable_bytes(line, encoding, wrong)]}) from None
    except UnicodeError as error:  # UTF-16 without its mark, for one
        message = text(
            "The file cannot be read as %(encoding)s: %(reason)s.", encoding=encoding, reason=error
        )
        raise Invalid({"encoding": [message]}) from None


def unreadable_bytes(line: int, encoding: str, wrong: bytes) -> Text:
    """The sentence about bytes that are not of the encoding."""
    return text(
        "Line %(line)s cannot be read as %(encoding)s (bytes %(bytes)s).",
        line=line,
        encoding=encoding,
        bytes=wrong[:4].hex(" ").upper(),
    )


def check_name(encoding: str) -> None:
    """:class:`Invalid` for what is no encoding of text: a word nobody knows, or a codec of another
    kind (``zlib``, ``idna``).
    """
    try:
        "a".encode(encoding)
        b"a".decode(encoding, errors="replace")
    except (LookupError, ValueError):
        raise Invalid(
            {"encoding": [text("“%(encoding)s” is not a known encoding.", encoding=encoding)]}
        ) from None


def _by_mark(head: bytes) -> str | None:
    return next((encoding for mark, encoding in MARKS if head.startswith(mark)), None)


def _by_zeros(head: bytes) -> str | None:
    """UTF-16 without a mark: Western text has a zero in nearly every second byte."""
    sample = head[:4096]
    if len(sample) < 4 or (len(sample) % 2 and len(head) < 4096):
        return None
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > half * 0.6 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.6 and odd < half * 0.05:
        return "utf-16-be"
    return None


def _likeliest_page(sample: bytes, locales: Sequence[str]) -> FoundEncoding:
    preferred = _pages_of(locales)
    order = preferred + [page for page in PAGES if page not in preferred]
    scores = {page: _plausibility(sample, page) for page in order}
    spoken = [PAGES[page] for page in preferred]
    for page in order:
        if PAGES[page] in spoken:
            scores[page] += 0.15
    best = max(order, key=lambda page: scores[page])
    close = (page for page in order if page != best and scores[page] > scores[best] - _CLOSE)
    read = sample.decode(best, errors="replace")
    rival = next((one for one in close if sample.decode(one, errors="replace") != read), None)
    is_doubtful = rival is not None or scores[best] < _PLAUSIBLE
    return FoundEncoding(best, "doubtful" if is_doubtful else "likely", rival=rival)


def _pages_of(locales: Sequence[str]) -> list[str]:
    languages = {locale.split("_")[0] for locale in locales}
    pages = [page for page, spoken in _LANGUAGES.items() if languages.intersection(spoken)]
    named = {language for spoken in _LANGUAGES.values() for language in spoken}
    return (["windows-1252"] if languages - named else []) + pages


def _plausibility(sample: bytes, page: str) -> float:
    """Mean over what is not ASCII: a letter of the page's languages in fitting company 1, a usual
    sign 0.5, anything else less. And a little for letters that one language has all of.
    """
    try:
        decoded = sample.decode(page)
    except UnicodeDecodeError:
        return -2.0
    letters = _letters(page)
    points = count = 0.0
    for before, letter, after in zip(" " + decoded, decoded, decoded[1:] + " ", strict=False):
        if letter > "\x7f":
            count += 1
            points += _points(before, letter, after, letters)
    return points / count + 0.2 * _share_of_one_language(decoded, page) if count else 0.0


@lru_cache
def _letters(page: str) -> str:
    return "".join(_both_cases(letters) for letters in PAGES[page].values())


def _both_cases(letters: str) -> str:
    return letters + "".join(one.upper() for one in letters if len(one.upper()) == 1)


def _share_of_one_language(decoded: str, page: str) -> float:
    """How much beyond ASCII is a sign, or a letter of the language that has the most of them."""
    counted = Counter(letter for letter in decoded if letter > "\x7f")
    signs = sum(number for letter, number in counted.items() if letter in _SIGNS)
    letters = max(
        sum(counted[letter] for letter in set(_both_cases(letters)))
        for letters in PAGES[page].values()
    )
    return (signs + letters) / counted.total()


def _points(before: str, letter: str, after: str, letters: str) -> float:
    if (
        letter < "\xa0" or "\u2500" <= letter <= "\u25ff" or letter == "¤"
    ):  # control, box drawing, what was a euro sign
        return -1.0
    if letter not in letters:
        return _sign_points(before, letter, after)
    beside_ascii = (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())
    beside_own = before in letters or after in letters
    if (letter.isupper() and before.islower()) or (letter.islower() and after.isupper()):
        return -0.7
    if letters[0] >= "\u0370":  # no Latin ones
        return -1.0 if beside_ascii else (1.0 if beside_own else 0.3)
    if before.isdigit() or after.isdigit():
        return 0.1
    return 1.0 if beside_ascii else (-0.4 if beside_own else 0.4)


def _sign_points(before: str, letter: str, after: str) -> float:
    """``£5`` and ``¿Qué`` are where such signs stand; within a word hardly one does."""
    if letter not in _SIGNS:
        return -0.5 if letter.isalpha() else -0.3
    if before.isalpha() and after.isalpha():
        return -0.5 if letter in "£¥¢¿¡ƒ†‡•‰¶§¹¦¬" else 0.5
    is_in_place = (letter in "¿¡" and after.isalpha()) or (
        letter in "£¥¢€°²³½¼¾" and (before.isdigit() or after.isdigit())
    )
    return 1.0 if is_in_place else 0.5
