"""How well a text fulfills a query, and what of it to show; pure."""

import math
import re
from collections.abc import Sequence
from typing import Final

from crawler.store.queries import Expression, count_matches, list_terms
from crawler.store.words import list_words

WEIGHTS: Final = (8.0, 3.0, 1.0)
"""What a find in headline, dek and body counts."""
SNIPPET_WORDS: Final = 30

_CHUNK = re.compile(r"\S+")


def score_match(expression: Expression | None, fields: Sequence[str]) -> float:
    """Return how well folded texts match: more terms, in the headline, more often; long texts count for less.

    Args:
        expression: What was asked for.
        fields: Folded headline, dek and body, or the last of these only.

    Example:
        >>> from crawler.store.queries import parse_query
        >>> moss = parse_query("moss").expression
        >>> score_match(moss, ["moss", "", "a wall"]) > score_match(moss, ["walls", "", "moss on a wall"])
        True
    """
    score = 0.0
    for term in list_terms(expression):
        for weight, field in zip(WEIGHTS[-len(fields) :], fields, strict=True):
            found = count_matches(term, field) if field else 0
            if found:
                share = found / math.sqrt(1 + field.count(" "))
                score += weight * (1 + share)
    return round(score, 6)


def make_snippet(expression: Expression | None, texts: Sequence[str]) -> str:
    """Return some words around the first match, on one line, an ellipsis where something was cut.

    Args:
        expression: What was asked for; None shows the beginning.
        texts: The texts as printed, the one to prefer first; not all empty.

    Example:
        >>> from crawler.store.queries import parse_query
        >>> make_snippet(parse_query("moss").expression, ["", "Soft Moss grows."])
        'Soft Moss grows.'
    """
    wanted = [(term.words[0], term.is_prefix and len(term.words) == 1) for term in list_terms(expression)]
    first: tuple[str, int] | None = None
    for text in texts:
        place = _find_first(text, wanted)
        if place is not None:
            first = (text, place)
            break
    text, place = first or (next((text for text in texts if text), ""), 0)
    chunks = _CHUNK.findall(text)
    start = max(0, min(place - SNIPPET_WORDS // 3, len(chunks) - SNIPPET_WORDS))
    shown = " ".join(chunks[start : start + SNIPPET_WORDS])
    return ("… " if start else "") + shown + (" …" if start + SNIPPET_WORDS < len(chunks) else "")


def _find_first(text: str, wanted: Sequence[tuple[str, bool]]) -> int | None:
    """Return which chunk of a text holds the first wanted word."""
    for place, match in enumerate(_CHUNK.finditer(text)):
        words = list_words(match[0])
        for word, is_prefix in wanted:
            if word in words or (is_prefix and any(each.startswith(word) for each in words)):
                return place
    return None
