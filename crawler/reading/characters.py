"""Which characters may be kept at all."""

import re

_UNSTORABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def strip_unstorable(text: str) -> str:
    r"""Return text without the characters that no XML document and no PostgreSQL text may hold.

    Args:
        text: Any string, lone surrogates allowed.

    Source:
        XML 1.0 section 2.2 (``Char``); PostgreSQL refuses U+0000. They are deleted and not replaced, as the
        W3C feed validator asks.

    Example:
        >>> strip_unstorable("a\x00b\ud800c\ufffe")
        'abc'
    """
    return _UNSTORABLE.sub("", text)
