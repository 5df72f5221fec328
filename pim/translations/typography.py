"""What French sentences need that no keyboard types. The extraction sets it, so that whoever adds
a sentence need not think of it.
"""

import re

NO_BREAK = "\N{NO-BREAK SPACE}"
QUOTED = re.compile(rf"[«“][ {NO_BREAK}]*|[ {NO_BREAK}]*[»”]")
BEFORE_A_SIGN = re.compile(r"(?<=\S) (?=[:;?!]|%%(?!\w))")
BETWEEN_LETTERS = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_]|[«%{])")


def french(sentence: str) -> str:
    """Its own quotes, a no-break space inside of them and before ``: ; ? !`` and a percent sign,
    and an apostrophe between letters; what is set already stays.
    """
    sentence = BETWEEN_LETTERS.sub("’", sentence)
    sentence = BEFORE_A_SIGN.sub(NO_BREAK, sentence)
    return QUOTED.sub(_guillemet, sentence)


def _guillemet(quote: re.Match[str]) -> str:
    return f"«{NO_BREAK}" if quote.group()[0] in "«“" else f"{NO_BREAK}»"
