"""Markdown, as CommonMark reads it."""

import re
from typing import Protocol

from markdownify import ATX, BACKSLASH, MarkdownConverter

from plugin.formats.base import Document
from plugin.formats.cleaning import clean_feed, clean_html, shift_headings
from plugin.formats.fragments import entry_link
from plugin.formats.links import absolute
from plugin.formats.wording import (
    GONE_TEXT,
    author_names,
    count_of,
    group_sections,
    isolate,
    issue_text,
    own_community,
    printed_date,
    rights_text,
)
from plugin.issues import Entry, EntryComment, Feed

_SPECIAL = re.compile(r"[\\`*_\[\]<>#|~&$!]")
_LIST_MARK = re.compile(r"^([-+=]|\d{1,9}[.)])(?=\s|$)")
_TABLE_PART = re.compile(r"</?t(?:body|foot)\b[^>]*>")
"""What parts the rows of a table, of which each part would begin with a head of its own."""
_UNSAFE_TARGET = re.compile(r"[()]")
_NO_TARGET = re.compile(r"[\s<>\\]")


class MarkdownFormat:
    """Renders a feed as Markdown: a heading an entry, notes and comments as quotations."""

    name = "markdown"
    media_type = "text/markdown; charset=utf-8"
    extension = "md"

    def render(self, feed: Feed, *, base_url: str) -> Document:
        """Return the document; see ``Format.render``."""
        feed = clean_feed(feed)
        blocks = [f"# {escape_markdown(feed.title)}"]
        if feed.description:
            blocks.append(_emphasize(feed.description))
        if words := issue_text(feed):
            blocks.append(words)
        blocks += [
            _quote(f"**Correction to No. {each.number}:** {escape_markdown(each.text)}")
            for each in feed.errata
        ]
        level = 3 if any(entry.section for entry in feed.entries) else 2
        for place, (section, entries) in enumerate(group_sections(feed.entries)):
            if section or place:
                blocks.append(f"## {escape_markdown(section)}" if section else "---")
            for entry in entries:
                blocks += _entry_blocks(entry, base_url, level)
        return Document(("\n\n".join(blocks) + "\n").encode(), self.media_type, f"index.{self.extension}")


def escape_markdown(text: str) -> str:
    r"""Return plain text as Markdown that shows just it, on one line.

    Example:
        >>> escape_markdown("1. C* <b>")
        '1\\. C\\* \\<b\\>'
    """
    one_line = " ".join(text.split())
    marked = _LIST_MARK.match(one_line)
    escaped = _SPECIAL.sub(lambda match: "\\" + match[0], one_line)
    if marked is None:
        return escaped
    mark = marked[1]
    return f"{mark[:-1]}\\{mark[-1]}{escaped[len(mark) :]}"


def to_markdown(html: str, top: int) -> str:
    """Return an HTML fragment as Markdown.

    Args:
        html: Any HTML; it is cleaned first.
        top: Level of its highest heading.
    """
    converter = _Converter(heading_style=ATX, newline_style=BACKSLASH, escape_misc=True, bullets="-")
    # Inside an element, or markdownify's parser takes a lone address for a mistake and warns.
    joined = _TABLE_PART.sub("", shift_headings(clean_html(html), top))
    text: str = converter.convert(f"<div>{joined}</div>")
    return text.strip()


class _Element(Protocol):
    def get(self, name: str) -> str | None:
        """Return an attribute's value, or None."""


class _Converter(MarkdownConverter):
    """markdownify, with targets and texts of links and images that can't end early."""

    def convert_a(self, el: _Element, text: str, parent_tags: set[str]) -> str:
        """Write a link whose text and target cannot end early."""
        del parent_tags
        target = el.get("href")
        return _link(text.strip(), target) if target and text.strip() else text

    def convert_pre(self, el: _Element, text: str, parent_tags: set[str]) -> str:
        del el, parent_tags
        code = text.strip("\n")
        # Longer than any fence inside, or the code could end its block and go on as Markdown.
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", code)), default=0))
        return f"\n\n{fence}\n{code}\n{fence}\n\n" if code.strip() else ""

    def convert_img(self, el: _Element, text: str, parent_tags: set[str]) -> str:
        """Write an image whose description and target cannot end early."""
        del text, parent_tags
        return f"!{_link(escape_markdown(el.get('alt') or ''), el.get('src'))}"


def _entry_blocks(entry: Entry, base_url: str, level: int) -> list[str]:
    headline = _link(escape_markdown(entry.headline), entry_link(entry, base_url))
    blocks = [f"{'#' * level} {headline}"]
    if entry.is_gone:
        return [*blocks, GONE_TEXT]
    if entry.dek:
        blocks.append(_emphasize(entry.dek))
    if line := _credit_line(entry, base_url):
        blocks.append(line)
    if entry.note:
        blocks.append(_quote(f"**Editor’s note:** {escape_markdown(entry.note)}"))
    if body := to_markdown(entry.content_html or entry.summary_html, level + 1):
        blocks.append(body)
    blocks += [_quote(_comment(comment, base_url, level)) for comment in entry.comments]
    return [*blocks, _source_line(entry, base_url)]


def _credit_line(entry: Entry, base_url: str) -> str:
    urls = {author.name: author.url for author in entry.authors}
    authors = [
        _link(escape_markdown(isolate(name)), absolute(urls.get(name), base_url))
        for name in author_names(entry)
    ]
    parts = [f"By {', '.join(authors)}"] if authors else []
    if community := own_community(entry):
        parts.append(_link(escape_markdown(isolate(community.name)), absolute(community.url, base_url)))
    if entry.publication_name:
        parts.append(
            _link(escape_markdown(isolate(entry.publication_name)), absolute(entry.publication_url, base_url))
        )
    if date := printed_date(entry):
        parts.append(date)
    if entry.reading_minutes:
        parts.append(f"{entry.reading_minutes} min read")
    return " · ".join(parts)


def _source_line(entry: Entry, base_url: str) -> str:
    parts = []
    if url := absolute(entry.url, base_url):
        parts.append(_link("Read the original", url))
    if entry.comment_count:
        parts.append(_link(count_of(entry.comment_count, "comment"), absolute(entry.comments_url, base_url)))
    parts += [
        f"Also at {_link(escape_markdown(isolate(place.publication)), absolute(place.url, base_url))}"
        for place in entry.also_at
    ]
    return " · ".join([*parts, escape_markdown(rights_text(entry))])


def _comment(comment: EntryComment, base_url: str, level: int) -> str:
    name = _link(
        escape_markdown(isolate(comment.author_name or "A reader")), absolute(comment.author_url, base_url)
    )
    when = f", {date}" if (date := printed_date(comment)) else ""
    return f"{to_markdown(comment.body_html, level + 1)}\n\n— {name}{when}"


def _link(text: str, target: str | None) -> str:
    if target is None:
        return text
    target = _NO_TARGET.sub(lambda match: f"%{ord(match[0]):02X}" if match[0].isascii() else "", target)
    return f"[{text}](<{target}>)" if _UNSAFE_TARGET.search(target) else f"[{text}]({target})"


def _emphasize(text: str) -> str:
    return f"*{escape_markdown(text)}*"


def _quote(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
