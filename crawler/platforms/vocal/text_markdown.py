"""A page's text as a program keeps it that writes Markdown: its marks taken off, its words left."""

import re
from collections.abc import Sequence
from itertools import pairwise

from crawler.platforms.vocal.labels import label_of, parse_logo

_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(\S[^\n]{0,1000}?)[ \t]{0,100}#{0,6}$")
_PICTURE = re.compile(r"!\[([^\]\n]{0,300})\]\([^)\s]{0,2000}(?: \"[^\"\n]{0,300}\")?\)")
_LINK = re.compile(r"\[([^\]\n]{1,300})\]\([^)\s]{1,2000}(?: \"[^\"\n]{0,300}\")?\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^\n]{1,300}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=[^\s*_])([^\n*_]{1,300}?)(?<=\S)\1(?![\w*_])")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_ADDRESS = re.compile(r"<(https?://[^<>\s]{1,2000})>")
_MARKED_BYLINE = re.compile(r"by (?:\*\*|__|\[)\S", re.IGNORECASE)
_UNDERLINE = re.compile(r"={3,}|-{3,}")
_QUOTED = re.compile(r" {0,3}> ")
_MIN_LETTERS = 2
_MAX_ROW = 10_000
"""Longest row looked at for marks inside it, in characters; no paragraph is longer."""
_SECTIONS = frozenset({"about", "insights", "comments"})


def is_markdown(rows: Sequence[str]) -> bool:
    """Tell whether a text is Markdown: one of the page's own lines is marked so.

    That is a label as a heading, the community's logo as a picture, the byline's name as a link, or a line of
    "=" under a heading. A hash or a star elsewhere is the author's.

    Args:
        rows: Of the text.

    Example:
        >>> is_markdown(["# The Lake", "## About the Creator"]), is_markdown(["# The Lake"])
        (True, False)
    """
    return any(_is_marked(row, below) for row, below in pairwise([*rows, ""]))


def take_off_block_marks(rows: Sequence[str], *, is_marked: bool) -> list[str]:
    """Return the rows without lines under headings and signs before quotes, which hide where rows go on.

    In a text that is not Markdown a line under a heading is as long as it, and a quote is whole sentences.

    Args:
        rows: Of the text.
        is_marked: It is Markdown.

    Example:
        >>> take_off_block_marks(["The Lake", "--------", "> It is deep."], is_marked=False)
        ['The Lake', '', 'It is deep.']
        >>> take_off_block_marks(["> go north"], is_marked=False)
        ['> go north']
    """
    kept: list[str] = []
    for index, row in enumerate(rows):
        above = rows[index - 1] if index else ""
        is_line = _UNDERLINE.fullmatch(row) is not None and _may_be_heading(above)
        kept.append("" if is_line and (is_marked or len(row) == len(above)) else row)
    start = 0
    while start < len(kept):
        end = start
        while end < len(kept) and _QUOTED.match(kept[end]):
            end += 1
        quote = [_QUOTED.sub("", row) for row in kept[start:end]]
        if quote and (is_marked or _is_sentence(quote)):
            kept[start:end] = quote
        start = max(end, start + 1)
    return kept


def take_off_marks(rows: Sequence[str]) -> list[str]:
    """Return the rows of a Markdown text without the marks inside them.

    Args:
        rows: Of the text, wraps undone; one that breaks inside a link is joined with the next.

    Example:
        >>> take_off_marks(["# The *Lake*", "By **Ann**Published 3 days ago", "", "## About the Creator"])
        ['The Lake', 'By AnnPublished 3 days ago', '', 'About the Creator']
        >>> take_off_marks(["See [a long", "link](https://example.org/) here."])
        ['See a long link here.']
    """
    joined: list[str] = []
    for row in rows:
        if joined and row and _is_open(joined[-1]) and "](" in row:
            joined[-1] = f"{joined[-1]} {row.strip()}"
        else:
            joined.append(row)
    return [_take_off(row) for row in joined]


def _is_marked(row: str, below: str) -> bool:
    text = row.strip()
    if _MARKED_BYLINE.match(text) or _is_heading(text, below):
        return True
    if text.startswith(("![", "[![")):
        picture = _PICTURE.match(f"{text[:2_000]} {below.strip()[:2_000]}".lstrip("["))
        return picture is not None and parse_logo(picture[1]) is not None
    heading = _HEADING.fullmatch(text) if text[:1] == "#" else None
    return heading is not None and label_of(heading[1]) in _SECTIONS


def _is_heading(text: str, below: str) -> bool:
    if _UNDERLINE.fullmatch(below) is None or not _may_be_heading(text):
        return False
    return (below[0] == "=" and len(below) == len(text)) or label_of(text) in _SECTIONS


def _may_be_heading(row: str) -> bool:
    """Tell a row of words from another ruler, an item of a list and a number."""
    return sum(char.isalpha() for char in row[:100]) > _MIN_LETTERS and row.lstrip()[0] not in "=-*#>"


def _is_sentence(rows: Sequence[str]) -> bool:
    start = rows[0].lstrip(" \"'“‘*_")[:1]
    return start.isupper() and rows[-1].rstrip("*_").endswith((".", "!", "?", "…", '"', "”"))


def _is_open(row: str) -> bool:
    return len(row) <= _MAX_ROW and row.rfind("[") > row.rfind("]")


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
