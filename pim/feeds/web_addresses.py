"""What an address in the web looks like (RFC 3986); letters beyond ASCII may stand in it as they
are, for shops have them and channels read them. Pure.
"""

import re

_CHARACTER = r"[^\s<>\"{}|\\^`%#\x00-\x20\x7f-\x9f]"
# With "++" and "*+", which give nothing back once they have taken it: every product of a feed has a
# few addresses.
_RUN = rf"{_CHARACTER}*+(?:%[0-9A-Fa-f]{{2}}{_CHARACTER}*+)*+"
_LABEL = r"\w++(?:-++\w++)*+"
_PORT = r"[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5]"
WEB_ADDRESS = re.compile(
    rf"https?://(?:{_LABEL}(?:\.{_LABEL})*+\.?|\[[0-9A-Fa-f:.]+\])(?::(?:{_PORT}))?"
    rf"(?:[/?]{_RUN})?(?:#{_RUN})?"
)


def is_web_address(spelling: str) -> bool:
    """Whether somebody can follow it: http or https, a host, nothing that has no place there."""
    return WEB_ADDRESS.fullmatch(spelling) is not None and spelling.isprintable()
