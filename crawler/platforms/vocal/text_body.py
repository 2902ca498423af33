"""The body of a copied story page: paragraphs, verse and lists."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from crawler.platforms.vocal.text_lines import PROSE, Line

_URL = re.compile(r"https?://[^\s<>\"]{1,2000}")
_URL_END = ".,;:!?)]}'\"”’"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a stanza or a list.

    Attributes:
        lines: One of a paragraph, the verses of a stanza, or the items of a list without their bullets.
        is_list: Every line has a bullet or a number.
        is_ordered: They are numbers.
    """

    lines: tuple[str, ...]
    is_list: bool = False
    is_ordered: bool = False


def to_blocks(lines: Sequence[Line], *, is_tight: bool) -> list[Block]:
    """Group lines into paragraphs, stanzas and lists.

    Args:
        lines: A body, a bio or a comment.
        is_tight: The page has no empty lines, so each line is a paragraph. Otherwise lines without an empty
            one between them are verse, unless one is too long for it.
    """
    groups: list[list[Line]] = []
    for line in lines:
        is_alike = bool(groups) and _bullet_kind(line) == _bullet_kind(groups[-1][0])
        if is_alike and (line.gap <= 1 if line.bullet else line.gap == 0 and not is_tight):
            groups[-1].append(line)
        else:
            groups.append([line])
    blocks: list[Block] = []
    for group in groups:
        blocks.extend(_to_blocks(group))
    return blocks


def to_text(blocks: Sequence[Block]) -> str:
    """Return the blocks as text, an empty line between two; what ``html_to_text`` gives for their HTML."""
    return "\n\n".join("\n".join(block.lines) for block in blocks)


def to_html(blocks: Sequence[Block], *, is_linked: bool = False) -> str:
    """Return the blocks as HTML that needs no further sanitizing.

    Args:
        blocks: Texts, never markup.
        is_linked: Make links of printed addresses.

    Example:
        >>> to_html([Block(("a < b", "c"))])
        '<p>a &lt; b<br>c</p>'
    """
    parts: list[str] = []
    for block in blocks:
        lines = [_link(line) if is_linked else escape(line, quote=False) for line in block.lines]
        if block.is_list:
            tag = "ol" if block.is_ordered else "ul"
            items = "".join(f"<li>{line}</li>" for line in lines)
            parts.append(f"<{tag}>{items}</{tag}>")
        else:
            parts.append(f"<p>{'<br>'.join(lines)}</p>")
    return "".join(parts)


def find_urls(text: str) -> list[str]:
    """Return the addresses printed in a text, in order without doubles.

    Example:
        >>> find_urls("See https://example.org/a (or https://example.org/b).")
        ['https://example.org/a', 'https://example.org/b']
    """
    return list(dict.fromkeys(match[0].rstrip(_URL_END) for match in _URL.finditer(text)))


def _link(line: str) -> str:
    parts: list[str] = []
    at = 0
    for match in _URL.finditer(line):
        url = match[0].rstrip(_URL_END)
        parts.append(escape(line[at : match.start()], quote=False))
        parts.append(f'<a href="{escape(url)}">{escape(url, quote=False)}</a>')
        at = match.start() + len(url)
    return "".join([*parts, escape(line[at:], quote=False)])


def _bullet_kind(line: Line) -> str:
    return "1" if line.bullet[:1].isdigit() else line.bullet


def _to_blocks(group: Sequence[Line]) -> list[Block]:
    if group[0].bullet and len(group) > 1 and group[0].bullet not in "-–—+":
        is_ordered = group[0].bullet[0].isdigit()
        return [Block(tuple(line.text for line in group), True, is_ordered)]
    printed = [line.printed for line in group]
    if any(len(text) > PROSE for text in printed) or group[0].bullet:
        return [Block((text,)) for text in printed]
    return [Block(tuple(printed))]
