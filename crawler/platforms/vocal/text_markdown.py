"""A page's text as a program keeps it that writes Markdown: its marks taken off, its words left."""

import re
from collections.abc import Sequence

from crawler.platforms.vocal.labels import label_of, parse_logo

_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(\S.*?)[ \t]*#*$")
_PICTURE = re.compile(r"!\[([^\]\n]{0,300})\]\([^)\s]{0,2000}(?: \"[^\"\n]{0,300}\")?\)")
_LINK = re.compile(r"\[([^\]\n]{1,300})\]\([^)\s]{1,2000}(?: \"[^\"\n]{0,300}\")?\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^\n]{1,300}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=[^\s*_])([^\n*_]{1,300}?)(?<=\S)\1(?![\w*_])")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_ADDRESS = re.compile(r"<(https?://[^<>\s]{1,2000})>")
_MARKED_BYLINE = re.compile(r"by (?:\*\*|__|\[)\S", re.IGNORECASE)
_MAX_ROW = 10_000
"""Longest row looked at for marks inside it, in characters; no paragraph is longer."""
_SECTIONS = frozenset({"about", "insights", "comments"})


def take_off_marks(rows: Sequence[str]) -> list[str]:
    """Return the rows of a text without Markdown's marks; as they are where the text is not Markdown.

    A text is Markdown where one of the page's own lines is marked so: a label as a heading, the community's
    logo as a picture, the byline's name as a link. A hash or a star elsewhere is the author's.

    Args:
        rows: Of the text.

    Example:
        >>> take_off_marks(["# The *Lake*", "By **Ann**Published 3 days ago", "", "## About the Creator"])
        ['The Lake', 'By AnnPublished 3 days ago', '', 'About the Creator']
        >>> take_off_marks(["# The *Lake*"])
        ['# The *Lake*']
    """
    return [_take_off(row) for row in rows] if any(map(_is_marked, rows)) else list(rows)


def _is_marked(row: str) -> bool:
    text = row.strip()
    if _MARKED_BYLINE.match(text):
        return True
    picture = _PICTURE.fullmatch(text) if text[:1] == "!" else None
    if picture:
        return parse_logo(picture[1]) is not None
    heading = _HEADING.fullmatch(text) if text[:1] == "#" else None
    return heading is not None and label_of(heading[1]) in _SECTIONS


def _take_off(row: str) -> str:
    heading = _HEADING.fullmatch(row)
    text = heading[1] if heading else row
    if len(text) > _MAX_ROW:
        return text
    text = _PICTURE.sub(r"\1", text)
    text = _LINK.sub(r"\1", text)
    text = _ADDRESS.sub(r"\1", text)
    text = _STRONG.sub(r"\2", text)
    text = _EMPHASIS.sub(r"\2", text)
    return _ESCAPED.sub(r"\1", text)
