"""Plain text: hard-wrapped, with numbered links at the end."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from typing import NamedTuple

from plugin.formats.base import Document
from plugin.formats.cleaning import clean_feed, clean_html
from plugin.formats.fragments import entry_link
from plugin.formats.links import absolute
from plugin.formats.wording import (
    GONE_TEXT,
    author_names,
    count_of,
    group_sections,
    isolate,
    issue_text,
    join_names,
    own_community,
    printed_date,
    rights_text,
)
from plugin.issues import Entry, EntryComment, Feed

WIDTH = 72
"""Columns of a line, as in mail."""

MAX_INDENTS = 8
"""Deepest list or quotation that is shown deeper than the one around it: a line must keep room for words."""

_PIECE = re.compile(
    # A run of narrow letters, or one wide character with what is joined to it or must not begin a line.
    r"[\x21-\u02ff]+[、。，．」』）]*"
    r"|(?:[\U0001f1e6-\U0001f1ff]{2}|.)"
    r"(?:\u200d.|[\u0300-\u036f\ufe0f\u20e3\U0001f3fb-\U0001f3ff、。，．」』）])*"
)
_ORDINAL = re.compile(r"-?\d{1,6}")
_FOLDED = re.compile(r"[ \t\n\r\f]+")
"""What HTML takes for one blank; no-break and wide spaces stand for themselves."""
_INDENT = re.compile(r"[ \t\n\r\f]*([^\S \t\n\r\f]*)")
_BLOCK = re.compile(r"p|div|blockquote|[uod]l|li|d[td]|h[1-6r]|figure|figcaption|pre|table|tr")


class TextFormat:
    """Renders a feed as plain text that reads well in a mail or a terminal."""

    name = "text"
    media_type = "text/plain; charset=utf-8"
    extension = "txt"

    def render(self, feed: Feed, *, base_url: str) -> Document:
        """Return the document; see ``Format.render``."""
        feed = clean_feed(feed)
        links = _Links()
        blocks = [_underline(feed.title, "=")]
        if feed.description:
            blocks.append(wrap(feed.description))
        if words := issue_text(feed):
            blocks.append(words)
        blocks += [wrap(f"Correction to No. {each.number}: {each.text}", "! ") for each in feed.errata]
        for place, (section, entries) in enumerate(group_sections(feed.entries)):
            if section or place:
                blocks.append(_underline(section.upper(), "-") if section else "* * *")
            for entry in entries:
                blocks += _entry_blocks(entry, base_url, links)
        if links.targets:
            blocks.append(_underline("LINKS", "-"))
            blocks.append("\n".join(f"[{number}] {url}" for number, url in enumerate(links.targets, 1)))
        return Document(
            ("\n\n".join(filter(None, blocks)) + "\n").encode(), self.media_type, f"index.{self.extension}"
        )


class _Links:
    """The numbered links of a document, each address once."""

    def __init__(self) -> None:
        self.targets: dict[str, int] = {}

    def mark(self, url: str | None) -> str:
        """Return " [3]" for an address, "" for none."""
        return f" [{self.targets.setdefault(url, len(self.targets) + 1)}]" if url else ""


def display_width(text: str) -> int:
    """Return how many columns a text takes: wide characters two, combining ones none.

    Example:
        >>> display_width("añ日")
        4
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1
        for each in text
    )


def wrap(text: str, prefix: str = "", *, width: int = WIDTH) -> str:
    r"""Return a paragraph wrapped at blanks, each line with a prefix.

    Args:
        text: One paragraph; its line breaks are kept, and the indent of a line of verse, which is made of
            no-break or wide spaces; other white space is folded.
        prefix: Begins each line: "> " for a quotation.
        width: Columns of a line with its prefix. A longer word stands alone, uncut; a text without blanks
            in a wide script (Chinese, Japanese) is cut anywhere.

    Example:
        >>> wrap("one two three", "> ", width=10)
        '> one two\n> three'
    """
    lines = []
    for paragraph in text.split("\n"):
        line = _indent(paragraph, width // 2)
        for word in _words(paragraph):
            candidate = line + word
            if line.strip() and display_width(prefix + candidate.rstrip()) > width:
                lines.append(prefix + line.rstrip())
                line = word.lstrip()
            else:
                line = candidate
        lines.append((prefix + line).rstrip())
    return "\n".join(lines)


def _indent(line: str, most: int) -> str:
    r"""Return the blanks that a line of verse begins with.

    Example:
        >>> _indent(" \xa0\xa0\u2003and the rain", 20), _indent(" and the rain", 20)
        ('   ', '')
    """
    found = _INDENT.match(line)
    return " " * min(display_width(found[1]) if found else 0, most)


def _words(paragraph: str) -> Iterator[str]:
    """Yield what may not be cut, each with the blank before it; of wide scripts single characters."""
    for number, word in enumerate(paragraph.split()):
        blank = " " if number else ""
        if display_width(word) <= len(word):
            yield blank + word
            continue
        for place, piece in enumerate(_PIECE.findall(word)):
            yield piece if place else blank + piece


def _entry_blocks(entry: Entry, base_url: str, links: _Links) -> list[str]:
    blocks = [wrap("* " + entry.headline + links.mark(entry_link(entry, base_url)))]
    if entry.is_gone:
        return [*blocks, GONE_TEXT]
    if entry.dek:
        blocks.append(wrap(entry.dek))
    blocks.append(wrap(_credit_line(entry)))
    if entry.note:
        blocks.append(wrap(f"Editor's note: {entry.note}", "| "))
    blocks.append(to_text(entry.content_html or entry.summary_html, links, base_url))
    blocks += [_comment(comment, base_url, links) for comment in entry.comments]
    return [*blocks, wrap(_source_line(entry, base_url, links))]


def _credit_line(entry: Entry) -> str:
    names, community = author_names(entry), own_community(entry)
    parts = [
        f"By {join_names(list(map(isolate, names)))}" if names else None,
        community and isolate(community.name),
        entry.publication_name and isolate(entry.publication_name),
        printed_date(entry),
        f"{entry.reading_minutes} min read" if entry.reading_minutes else None,
    ]
    return " - ".join(part for part in parts if part)


def _source_line(entry: Entry, base_url: str, links: _Links) -> str:
    parts = []
    if url := absolute(entry.url, base_url):
        parts.append(f"Read the original{links.mark(url)}")
    if entry.comment_count:
        parts.append(
            count_of(entry.comment_count, "comment") + links.mark(absolute(entry.comments_url, base_url))
        )
    parts += [
        f"Also at {isolate(place.publication)}{links.mark(absolute(place.url, base_url))}"
        for place in entry.also_at
    ]
    return " - ".join([*parts, rights_text(entry)])


def _comment(comment: EntryComment, base_url: str, links: _Links) -> str:
    when = f", {date}" if (date := printed_date(comment)) else ""
    body = to_text(comment.body_html, links, base_url, "> ")
    name = isolate(comment.author_name or "A reader")
    return f"{body}\n>\n{wrap(f'-- {name}{when}', '> ')}"


def _underline(text: str, mark: str) -> str:
    wrapped = wrap(text)
    return f"{wrapped}\n{mark * min(WIDTH, max(map(display_width, wrapped.split(chr(10)))))}"


def to_text(html: str, links: "_Links", base_url: str, prefix: str = "") -> str:
    """Return an HTML fragment as wrapped text.

    Args:
        html: Any HTML; it is cleaned first.
        links: Where its links are numbered.
        base_url: As in ``Format.render``.
        prefix: Begins each line.
    """
    reader = _BlockReader(links, base_url)
    reader.feed(clean_html(html))
    reader.close()
    return "".join(_fold(reader.end(), prefix))


def _fold(blocks: Iterable["_Block"], prefix: str) -> Iterator[str]:
    before: _Block | None = None
    for block in blocks:
        if before is not None:
            is_alike = (block.kind, block.depth) == (before.kind, before.depth)
            is_tight = is_alike and block.kind in ("item", "row")
            between = prefix + "> " * min(block.depth, before.depth)
            yield "\n" if is_tight else f"\n{between.rstrip()}\n"
        start = prefix + "> " * block.depth
        if block.kind == "pre":
            yield "\n".join(f"{start}    {line}".rstrip() for line in block.text.strip("\n").split("\n"))
        else:
            hanging = start + " " * len(block.mark)
            yield start + block.mark + wrap(block.text, hanging)[len(hanging) :]
        before = block


class _Block(NamedTuple):
    """A paragraph of plain text.

    Attributes:
        text: Not wrapped yet.
        kind: "item" of a list and "row" of a table stand close together; "pre" keeps its lines.
        mark: Before its first line; the others hang below the text.
        depth: Of quotations that it stands in.
    """

    text: str
    kind: str = ""
    mark: str = ""
    depth: int = 0


class _BlockReader(HTMLParser):
    """Splits cleaned HTML into blocks of text."""

    def __init__(self, links: _Links, base_url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links = links
        self.base_url = base_url
        self.blocks: list[_Block] = []
        self.parts: list[str] = []
        self.mark = ""
        self.lists: list[int | None] = []
        self.targets: list[str | None] = []
        self.preformatted = 0
        self.quotes = 0
        self.is_in_row = False
        self.cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, a list, a bullet or a link."""
        if _BLOCK.fullmatch(tag):
            self._break()
        if tag in ("ul", "ol"):
            start = dict(attrs).get("start") or ""
            self.lists.append(None if tag == "ul" else int(start) if _ORDINAL.fullmatch(start) else 1)
        elif tag == "li":
            self.mark = self._bullet()
        elif tag == "tr":
            self.is_in_row = True
            self.cells = 0
        elif tag == "blockquote":
            self.quotes += 1
        elif tag == "pre":
            self.preformatted += 1
        elif tag == "hr":
            self.blocks.append(_Block("* * *", depth=min(self.quotes, MAX_INDENTS)))
        else:
            self._start_inline(tag, dict(attrs))

    def _start_inline(self, tag: str, given: Mapping[str, str | None]) -> None:
        if tag == "br":
            self.parts.append("\n")
        elif tag == "a":
            self.targets.append(absolute(given.get("href"), self.base_url))
        elif tag == "img" and given.get("alt"):
            self.parts.append(f"[Image: {given['alt']}]")
        elif tag in ("td", "th"):
            self.parts.append(" | " if self.cells else " ")
            self.cells += 1

    def handle_endtag(self, tag: str) -> None:
        """End what the tag began."""
        if _BLOCK.fullmatch(tag):
            self._break()
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "blockquote":
            self.quotes -= 1
        elif tag == "pre":
            self.preformatted -= 1
        elif tag == "tr":
            self.is_in_row = False
        elif tag == "li":
            self.mark = ""
        elif tag == "a" and self.targets:
            self.parts.append(self.links.mark(self.targets.pop()))

    def handle_data(self, data: str) -> None:
        """Take text, with its spaces folded outside preformatted blocks."""
        self.parts.append(data if self.preformatted else _FOLDED.sub(" ", data))

    def end(self) -> list[_Block]:
        """Return the blocks, the last one included."""
        self._break()
        return self.blocks

    def _bullet(self) -> str:
        indent = "  " * min(len(self.lists) - 1, MAX_INDENTS)
        if not self.lists or self.lists[-1] is None:
            return f"{indent}- "
        self.lists[-1] += 1
        return f"{indent}{self.lists[-1] - 1}. "

    def _break(self) -> None:
        text = "".join(self.parts)
        if text.strip():
            depth = min(self.quotes, MAX_INDENTS)
            if self.preformatted:
                self.blocks.append(_Block(text, "pre", depth=depth))
            else:
                kind = "item" if self.mark else "row" if self.is_in_row else ""
                stripped = text.strip() if kind else text.rstrip().strip(" \t\n\r\f")
                self.blocks.append(_Block(stripped, kind, self.mark, depth))
            self.mark = ""
            self.cells = 0
        self.parts = []
