"""Words of a text, folded by us, so that identity and search mean the same by a word on every database.

A word is a run of letters, digits and the marks that belong to them, without case, width and accents. Scripts
that write no blanks between words (Chinese, Japanese, Thai, ...) give one word a character; several of them
side by side are found as a phrase.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

MAX_WORD: Final = 40
"""Longest word, in characters; PostgreSQL's lexemes end at 2,046 bytes, real words long before."""
MAX_INDEXED_WORDS: Final = 16_000
"""Words of one text that can be found; PostgreSQL's positions end at 16,383."""
MAX_INDEXED_BYTES: Final = 250_000
"""Bytes of one text's words that can be found; a tsvector ends at 1 MB."""

_FOLDED_ASCII: Final = bytes(
    ord(chr(code).lower()) if code > 127 or chr(code).isalnum() else ord(" ") for code in range(128)
) + bytes(range(128, 256))
_UNDECOMPOSED: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Letters that Unicode gives no base letter, as people without such a keyboard write them."""
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
_UNSPACED: Final = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x31F0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
)  # fmt: skip
_CACHED_RUN: Final = 12
"""Runs up to this length recur: quotation marks, dashes, accented letters."""


def fold_words(text: str) -> str:
    """Return the words of a text, folded, each separated from the next by one blank.

    Args:
        text: Any string; lone surrogates separate words.

    Example:
        >>> fold_words("Don’t — said Ｚoë's CAFÉ_2")
        'don t said zoe s cafe 2'
        >>> fold_words("東京タワー ёлка straße")
        '東 京 タ ワ ー елка strasse'
    """
    if not text.isascii():
        text = _NON_ASCII.sub(_fold_match, text)
    words = text.encode("utf-8", "replace").translate(_FOLDED_ASCII).split()
    if max(map(len, words), default=0) > MAX_WORD:
        return " ".join([word.decode()[:MAX_WORD] for word in words])
    return b" ".join(words).decode()


def list_words(text: str) -> list[str]:
    """Return the words of a text, folded, in order."""
    return fold_words(text).split()


def limit_words(words: str) -> str:
    """Return as much of folded words as a search index takes.

    Args:
        words: From `fold_words`.
    """
    if len(words) < MAX_INDEXED_WORDS:
        return words
    parts = words.split(" ", MAX_INDEXED_WORDS)[:MAX_INDEXED_WORDS]
    limited = " ".join(parts).encode()
    if len(limited) <= MAX_INDEXED_BYTES:
        return limited.decode()
    return limited[:MAX_INDEXED_BYTES].decode("utf-8", "ignore").rpartition(" ")[0]


def _fold_match(match: re.Match[str]) -> str:
    run = match[0]
    return _fold_cached(run) if len(run) <= _CACHED_RUN else _fold_run(run)


@lru_cache(maxsize=8192)
def _fold_cached(run: str) -> str:
    return _fold_run(run)


def _fold_run(run: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", run).casefold()).translate(
        _UNDECOMPOSED
    )
    return "".join(map(_fold_character, folded))


@lru_cache(maxsize=8192)
def _fold_character(character: str) -> str:
    """Return a character as part of a word: its base letter, itself, a blank, or nothing."""
    if character.isascii():
        return character
    parts = unicodedata.normalize("NFD", character)
    if len(parts) > 1 and all("\u0300" <= mark <= "\u036f" for mark in parts[1:]):
        character = parts[0]
    if "\u0300" <= character <= "\u036f" or unicodedata.category(character) == "Cf":
        return ""
    if unicodedata.category(character)[0] not in "LNM":
        return " "
    code = ord(character)
    return f" {character} " if any(low <= code <= high for low, high in _UNSPACED) else character
