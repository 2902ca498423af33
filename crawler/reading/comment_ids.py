"""Ids for comments whose platform prints none."""

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256

from crawler.reading.markup import fold_text

N_WORDS = 12
"""First words of a comment that count; a typo mended further down keeps the id."""
_DERIVED = re.compile(r"d-[0-9a-f]{20}")


def derive_comment_id(
    author_name: str | None, parent_id: str | None, body_text: str, ordinal: int = 0
) -> str:
    """Return the id of a comment from what it says.

    Neither its place nor the page it stands on count, so that a discussion read in another order or cut into
    pages elsewhere gives the same ids.

    Args:
        author_name: As printed; None for a removed comment.
        parent_id: Id of the comment it answers; None at the top.
        body_text: Its words; the first `N_WORDS` count, folded by `fold_text`.
        ordinal: How many comments before it are the same in all of the above; >= 0.

    Returns:
        "d-" and 20 hexadecimal digits.
    """
    return _hash((fold_text(author_name or ""), parent_id or "", _first_words(body_text)), ordinal)


def is_derived_id(comment_id: str) -> bool:
    """Tell whether an id was derived from what a comment says.

    Example:
        >>> is_derived_id(derive_comment_id("Ann", None, "Hi")), is_derived_id("20417")
        (True, False)
    """
    return _DERIVED.fullmatch(comment_id) is not None


def _first_words(text: str) -> str:
    words = " ".join(text.split(None, N_WORDS)[:N_WORDS])
    return words.lower() if words.isascii() else fold_text(words)  # the same, with blanks single already


def _hash(key: tuple[str, str, str], ordinal: int) -> str:
    text = "\x00".join((*key, str(ordinal)))
    return f"d-{sha256(text.encode('utf-8', 'replace')).hexdigest()[:20]}"


def derive_comment_ids(comments: Iterable[tuple[str | None, int | None, str]]) -> Iterator[str]:
    """Yield an id for each comment of one article.

    Args:
        comments: (author name, place of the comment it answers among these or None, body text); a parent
            stands before its replies.

    Example:
        >>> ids = list(derive_comment_ids([("A", None, "Hi"), ("B", 0, "Oh"), ("A", None, "Hi")]))
        >>> len(set(ids)), ids[0] == next(iter(derive_comment_ids([("a", None, "HI ")])))
        (3, True)
    """
    ids: list[str] = []
    seen: dict[tuple[str, str, str], int] = {}
    for author_name, parent, body_text in comments:
        parent_id = ids[parent] if parent is not None else ""
        key = (fold_text(author_name or ""), parent_id, _first_words(body_text))
        ordinal = seen.get(key, 0)
        seen[key] = ordinal + 1
        ids.append(_hash(key, ordinal))
        yield ids[-1]
