"""Text without case and accents: how words are compared, and names sorted. Pure."""

import unicodedata

# Letters that are no letter with an accent in Unicode, and that people without them on their
# keyboard write so all the same: ışık as isik, Ørsted as Orsted, Łódź as Lodz.
_PLAIN = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe"}
    | {"þ": "th", "ŋ": "n", "ĸ": "k", "ə": "e", "ƒ": "f"}
)


def fold(text: str) -> str:
    """Lower case without accents: ``Über-Café`` -> ``uber-cafe``."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize(
        "NFKD", text
    ).casefold()  # in this order: the letters of ™ and 𝐓 are large ones
    plain = decomposed.translate(_PLAIN)
    return "".join(character for character in plain if not unicodedata.combining(character))
