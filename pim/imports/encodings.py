"""Which encoding a text file is in: byte order mark, strict UTF-8, UTF-16 by its zeros, else the
likeliest code page. Pure.
"""

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence

from pim.errors import Invalid, text

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)  # UTF-32 first: its mark begins with the one of UTF-16

# The letters beyond a-z that the languages of a code page use. iso-8859-15 stands beside 1252 for
# its euro sign, 850 and 852 for DOS tills.
_WEST = "àâäáãåæçèéêëìíîïñòóôöõøœùúûüÿßÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØŒÙÚÛÜŸ"
_CENTRAL = "áâăąäćčçďđéęëěíîłľĺńňóôőöřŕśšşșťţțúůűüýźžżßÁÂĂĄÄĆČÇĎĐÉĘËĚÍÎŁĽĹŃŇÓÔŐÖŘŔŚŠŞŤŢÚŮŰÜÝŹŽŻ"
_CYRILLIC = "".join(chr(code) for code in range(0x0400, 0x0460))
_GREEK = "".join(chr(code) for code in range(0x0386, 0x03CF))
_TURKISH = "çğıöşüâîûÇĞİÖŞÜ"
_BALTIC = "āčēģīķļņšūžąęėįųäöõüĀČĒĢĪĶĻŅŠŪŽĄĘĖĮŲÄÖÕÜ"
_SIGNS = "€‘’“”„–—…°²³½¼¾×µ®™©«»±·ªº§"

PAGES: dict[str, str] = {
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
}

_LANGUAGES = {
    "windows-1250": ["pl", "cs", "sk", "hu", "sl", "hr", "ro", "bs", "sq"],
    "windows-1251": ["ru", "uk", "bg", "sr", "mk", "be", "kk"],
    "windows-1253": ["el"],
    "windows-1254": ["tr", "az"],
    "windows-1257": ["et", "lv", "lt"],
}

_HIGH_WORD = re.compile(rb"[A-Za-z]?[\x80-\xff][A-Za-z\x80-\xff]*")
_SAMPLE = 64 * 1024


def detect_encoding(chunks: Iterable[bytes], locales: Sequence[str] = ()) -> str:
    """The encoding of a whole file given in chunks. Pure ASCII is ``utf-8``.

    ``locales``: the shop's locales (``pl_PL``); they break the tie between code pages that read the
    same bytes differently.
    """
    iterator = iter(chunks)
    first = next(iterator, b"")
    marked = _by_mark(first) or _by_zeros(first)
    if marked:
        return marked
    decoder = codecs.getincrementaldecoder("utf-8")()
    sample = bytearray()
    is_utf8 = True
    for chunk in _then(first, iterator):
        if is_utf8:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                is_utf8 = False
        if len(sample) < _SAMPLE and not chunk.isascii():
            sample += b"\n".join(_HIGH_WORD.findall(chunk))[:_SAMPLE]
        if not is_utf8 and len(sample) >= _SAMPLE:
            break
    if is_utf8 and not _is_cut(decoder):
        return "utf-8"
    return _likeliest_page(bytes(sample), locales)


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
        wrong = " ".join(f"{byte:02X}" for byte in error.object[error.start : error.end][:4])
        line += error.object[: error.start].count(b"\n")
        message = text(
            "Line %(line)s cannot be read as %(encoding)s (bytes %(bytes)s).",
            line=line,
            encoding=encoding,
            bytes=wrong,
        )
        raise Invalid({"encoding": [message]}) from None
    except UnicodeError as error:  # UTF-16 without its mark, for one
        message = text(
            "The file cannot be read as %(encoding)s: %(reason)s.", encoding=encoding, reason=error
        )
        raise Invalid({"encoding": [message]}) from None


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


def _then(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _is_cut(decoder: codecs.IncrementalDecoder) -> bool:
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return True
    return False


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


def _likeliest_page(sample: bytes, locales: Sequence[str]) -> str:
    preferred = _pages_of(locales)
    order = preferred + [page for page in PAGES if page not in preferred]
    scores = {
        page: _plausibility(sample, page) + (0.15 if page in preferred else 0) for page in order
    }
    return max(order, key=lambda page: scores[page])


def _pages_of(locales: Sequence[str]) -> list[str]:
    languages = {locale.split("_")[0] for locale in locales}
    pages = [page for page, spoken in _LANGUAGES.items() if languages.intersection(spoken)]
    named = {language for spoken in _LANGUAGES.values() for language in spoken}
    return (["windows-1252"] if languages - named else []) + pages


def _plausibility(sample: bytes, page: str) -> float:
    """Mean over what is not ASCII: a letter of the page's languages in fitting company 1, a usual
    sign 0.5, anything else less.
    """
    try:
        decoded = sample.decode(page)
    except UnicodeDecodeError:
        return -2.0
    letters = PAGES[page]
    latin = letters[0] < "\u0370"
    points = count = 0.0
    for before, letter, after in zip(" " + decoded, decoded, decoded[1:] + " ", strict=False):
        if letter > "\x7f":
            count += 1
            points += _points(before, letter, after, letters, latin)
    return points / count if count else 0.0


def _points(before: str, letter: str, after: str, letters: str, latin: bool) -> float:
    if (
        letter < "\xa0" or "\u2500" <= letter <= "\u25ff" or letter == "¤"
    ):  # control, box drawing, what was a euro sign
        return -1.0
    if letter not in letters:
        return 0.5 if letter in _SIGNS else (-0.5 if letter.isalpha() else -0.3)
    beside_ascii = (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())
    beside_own = before in letters or after in letters
    if letter.isupper() and before.islower():
        return -0.7
    if not latin:
        return -1.0 if beside_ascii else (1.0 if beside_own else 0.3)
    return 1.0 if beside_ascii else (-0.4 if beside_own else 0.4)
