"""Which characters may be kept at all, and which are seen."""

import re

_UNSTORABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_SHORT = 200
"""Characters up to which a look at each is faster than encoding."""
_LONG = 2_000
"""Bytes from which a search for each control is faster than a copy without them."""
_CONTROLS = bytes(code for code in (*range(0x20), 0x7F) if code not in (0x09, 0x0A, 0x0D))
_HIGH_CONTROLS = re.compile(rb"\xc2[\x80-\x84\x86-\x9f]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
_UNPARTED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
"""Letters of Thai, Lao, Burmese and Khmer, whose words such a character parts."""
_REFUSED = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01]|6553[45])(?!\d)|x0*(?:[0-8bcef]|1[\da-f]|fff[ef])(?![\da-f]));?",
    re.IGNORECASE | re.ASCII,
)
"""References to characters that no document may hold, which a parser makes and no element takes again."""
_PARTED: dict[int, str | None] = {
    code: " " if chr(code).isspace() else None
    for code in (*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
}
"""Such characters -> what stands for them: what is a blank to Python stays one, so that words stay apart."""
_NONCHARACTERS = re.compile(rb"\xef(?:\xb7[\x90-\xaf]|\xbf[\xbe\xbf])")


def strip_unstorable(text: str) -> str:
    r"""Return text without the characters that no XML document and no PostgreSQL text may hold.

    Long texts are looked through as bytes first, which is several times faster than a search by character
    and finds nothing to strip nearly always.

    Args:
        text: Any string, lone surrogates allowed.

    Source:
        XML 1.0 section 2.2 (``Char``); PostgreSQL refuses U+0000. They are deleted and not replaced, as the
        W3C feed validator asks.

    Example:
        >>> strip_unstorable("a\x00b\ud800c\ufffe")
        'abc'
    """
    if len(text) < _SHORT and text.isprintable():
        return text
    return text if is_storable(text) else _UNSTORABLE.sub("", text)


def strip_refused(text: str) -> str:
    r"""Return a page without characters, or references to any, that lxml puts into no element.

    Args:
        text: Markup.

    Source:
        XML 1.0 section 2.2 (``Char``), which lxml keeps to and HTML parsers do not.

    Example:
        >>> strip_refused("It&#39;s sh&#2;ut,\x01 a\x0bhouse&#x1F;.")
        'It&#39;s shut, a house.'
    """
    return _REFUSED.sub("", text).translate(_PARTED)


def strip_invisible(text: str) -> str:
    r"""Return a page without the characters of no width that editors and trackers leave in its words.

    Args:
        text: Markup or plain text.

    Example:
        >>> strip_invisible("Pub\u200blished 3\ufeff days ago"), strip_invisible("\u0e01\u200b\u0e02")
        ('Published 3 days ago', '\u0e01\u200b\u0e02')
    """
    is_seen = "\u200b" not in text and "\u2060" not in text and "\ufeff" not in text
    return text if is_seen else _INVISIBLE.sub(_unseen, text)


def _unseen(match: re.Match[str]) -> str:
    return match[0] if match.start() and _UNPARTED.match(match.string, match.start() - 1) else ""


def is_storable(text: str) -> bool:
    """Tell whether there is nothing to strip, without looking at single characters."""
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return False
    if len(data) < _LONG:
        if len(data.translate(None, _CONTROLS)) != len(data):
            return False
    elif any(control in data for control in _CONTROLS):
        return False
    if len(data) == len(text):
        return True
    return not (
        (b"\xc2" in data and _HIGH_CONTROLS.search(data)) or (b"\xef" in data and _NONCHARACTERS.search(data))
    )
