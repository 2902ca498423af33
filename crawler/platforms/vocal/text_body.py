"""The body of a copied story page: paragraphs, verse, lists, and the line of tags under it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape

from crawler.platforms.vocal.tags import TagSplit, split_glued_tags
from crawler.platforms.vocal.text_lines import LONG_LINE, PROSE, Line

_URL = re.compile(r"https?://[^\s<>\"]{1,2000}")
_URL_END = ".,;:!?)]}'\"”’"
_BY_NAME = re.compile(r"By [^\W\d_a-z][^\s,;:!?]*(?: [^\s,;:!?]+){1,4}")
_LIKE = re.compile(r"like|\d{1,7}(?: likes?)?", re.IGNORECASE)
_SENTENCE_END = (".", "!", "?", "…", '"', "”", "’", "'", ")", ":", ";", ",", "*", "~")
_MAX_TAG_LINE, _MAX_TAG_WORDS = 200, 14
_MAX_NEW_TAG_WORDS = 3
"""Most words of a tag nobody knows, where commas part it from the next."""
_NOT_PRINTED = "not printed"


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


def take_tags(
    lines: Sequence[Line], known_tags: Collection[str], *, is_followed: bool
) -> tuple[list[Line], TagSplit | None, str | None]:
    """Take the tags off a body's end.

    Args:
        lines: The body with what is printed between it and the next label.
        known_tags: Names besides the bundled ones.
        is_followed: Another section follows, as the page prints tags only before one. Without it only two or
            more known tags are taken.

    Returns:
        (lines without the tags, the tags or None, why there are none or None).
    """
    kept = list(lines)
    while len(kept) > 1 and _LIKE.fullmatch(kept[-1].label):
        kept.pop()
    single = _take_single_tags(kept, known_tags)
    if len(single) > 1:
        return _drop_likes(kept[: -len(single)]), TagSplit(tuple(single), True), None
    last = kept[-1] if len(kept) > 1 else None
    if last is None or last.bullet or not _is_tag_line(last):
        return kept, None, _NOT_PRINTED
    split = split_glued_tags(last.label, known_tags)
    if "," in last.label and not _is_list_of_tags(
        split.tags, known_tags, is_sure=is_followed and _is_prose(kept[-2])
    ):
        return kept, None, "ambiguous: the last line may be tags or body"
    if split.is_certain and (is_followed or len(split.tags) > 1):
        return _drop_likes(kept[:-1]), split, None
    if is_followed and not split.is_certain and _looks_glued(last.text) and _is_prose(kept[-2]):
        return _drop_likes(kept[:-1]), split, None
    return kept, None, "ambiguous: the last line may be tags or body"


def drop_embedded_bylines(lines: Sequence[Line]) -> list[Line]:
    """Drop the "By NAME" that the card of an embedded story leaves under its title between two paragraphs.

    Under a poem's title verse follows, so the name of its poet stays.
    """
    return [line for index, line in enumerate(lines) if not _is_embedded_byline(lines, index)]


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


def _is_embedded_byline(lines: Sequence[Line], index: int) -> bool:
    if not 0 < index < len(lines) - 1 or _BY_NAME.fullmatch(lines[index].label) is None:
        return False
    title, following = lines[index - 1], lines[index + 1]
    is_titled = (
        0 < len(title.label) <= 120 and not title.bullet and not title.text.endswith((".", ",", ";", ":"))
    )
    return is_titled and len(following.text) >= LONG_LINE and not lines[index].text.endswith(".")


def _take_single_tags(lines: Sequence[Line], known_tags: Collection[str]) -> list[str]:
    """Return the tags that stand one on a line at the end, in printed order."""
    found: list[str] = []
    for line in reversed(lines[1:]):
        split = split_glued_tags(line.label, known_tags) if _is_tag_line(line) else None
        if split is None or not split.is_certain or len(split.tags) != 1 or len(found) == 5:
            break
        found.insert(0, split.tags[0])
    return found


def _drop_likes(lines: list[Line]) -> list[Line]:
    while len(lines) > 1 and _LIKE.fullmatch(lines[-1].label):
        lines.pop()
    return lines


def _is_tag_line(line: Line) -> bool:
    text = line.label
    is_short = 0 < len(text) <= _MAX_TAG_LINE and len(text.split()) <= _MAX_TAG_WORDS
    return is_short and not text.endswith(_SENTENCE_END) and not text.startswith(("http", "www.", "@"))


def _is_list_of_tags(tags: Sequence[str], known_tags: Collection[str], *, is_sure: bool) -> bool:
    """Tell tags with commas between them from a verse or a cut sentence: by their length, or all known."""
    if is_sure and all(len(tag.split()) <= _MAX_NEW_TAG_WORDS for tag in tags):
        return True
    return all(split_glued_tags(tag, known_tags).is_certain for tag in tags)


def _looks_glued(text: str) -> bool:
    """Tell a line of unknown tags from a signature: no capitals at all, or one right after a small letter."""
    return len(text.split()) <= 6 and (text == text.lower() or re.search(r"[a-z][A-Z]", text) is not None)


def _is_prose(line: Line) -> bool:
    return len(line.text) >= LONG_LINE or line.text.endswith((".", "!", "?", "…", '"', "”"))
