"""Changes in words a person can read."""

import difflib
import json
import textwrap
from collections.abc import Iterator

from crawler.store.views import RevisionView

PROSE = frozenset({"headline", "dek", "body_text", "bio_text"})
"""Fields compared word by word; their HTML twins say the same and are left out."""

TWINS = {"body_html": "body_text", "bio_html": "bio_text"}
"""Field -> the plain one that is shown in its place, where that changed too."""

CONTEXT_WORDS = 6
"""Words shown on each side of a change."""

WIDTH = 96
"""Columns of a line."""


def diff_revision(revision: RevisionView) -> Iterator[str]:
    """Yield lines that tell what a visit changed: "-" what was there before, "+" what came.

    Args:
        revision: With the same fields before and after.
    """
    for name in sorted(revision.after):
        before, after = revision.before.get(name), revision.after[name]
        if TWINS.get(name) in revision.after:
            continue
        if name in PROSE and isinstance(before, str) and isinstance(after, str):
            yield f"{name}:"
            yield from diff_words(before, after)
        else:
            told = _names(before), _names(after)
            if None in told or told[0] == told[1]:
                told = _show(before), _show(after)
            yield f"{name}: {told[0]} -> {told[1]}"


def diff_words(before: str, after: str) -> Iterator[str]:
    """Yield the changed passages of a text, each with some words around it.

    Example:
        >>> list(diff_words("one night at sea", "two nights at sea"))
        ['  [-one night-] {+two nights+} at sea']
    """
    old, new = before.split(), after.split()
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for group in matcher.get_grouped_opcodes(CONTEXT_WORDS):
        parts = [] if group[0][1] == 0 and group[0][3] == 0 else ["…"]
        for kind, a_from, a_to, b_from, b_to in group:
            if kind == "equal":
                parts.append(" ".join(old[a_from:a_to]))
                continue
            if a_to > a_from:
                parts.append(f"[-{' '.join(old[a_from:a_to])}-]")
            if b_to > b_from:
                parts.append("{+" + " ".join(new[b_from:b_to]) + "+}")
        if group[-1][2] < len(old) or group[-1][4] < len(new):
            parts.append("…")
        yield from textwrap.wrap(" ".join(parts), WIDTH, initial_indent="  ", subsequent_indent="  ")


def _names(value: object) -> str | None:
    """Return the names in a list of tags, authors or badges; None where it is something else."""
    if not isinstance(value, list):
        return None
    names = [each.get("name") if isinstance(each, dict) else each for each in value]
    texts = [name for name in names if isinstance(name, str)]
    return (", ".join(texts) or "none") if len(texts) == len(names) else None


def _show(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return textwrap.shorten(text, WIDTH, placeholder=" …") or '""'
