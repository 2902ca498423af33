"""Takes apart the HTML fragments that stories and comments are written in.

The fragments are the platform's own, so this needs to understand well-formed
HTML only; it is no parser for pages of others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"img", "br", "hr"})
# What stands in a body without being part of its text.
_ASIDE = frozenset({"aside", "figure", "noscript"})
_BLOCKS = frozenset({"p", "h2", "h3", "li", "pre"})
_OWN_TEXT_ENDS = _BLOCKS | _ASIDE | {"ul", "ol", "blockquote"}


@dataclass(slots=True)
class Element:
    """An element of a fragment, with its children in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def text(self) -> str:
        """Return the element's own text, blanks collapsed.

        Blocks inside it, such as the list in a list item, are not its own.
        """
        return " ".join("".join(self._strings()).split())

    def _strings(self) -> Iterator[str]:
        """Yield the pieces of text; a line break counts as a blank."""
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag == "br":
                yield " "
            elif child.tag not in _OWN_TEXT_ENDS:
                yield from child._strings()


def parse_fragment(html: str) -> Element:
    """Return the fragment's elements below a nameless root.

    Args:
        html: Well-formed HTML without document, head or script.

    Raises:
        ValueError: An end tag has no matching start tag, or the reverse.
    """
    builder = _TreeBuilder()
    builder.feed(html)
    builder.close()
    if len(builder.open) != 1:
        raise ValueError(f"never closed: <{builder.open[-1].tag}>")
    return builder.open[0]


def text_blocks(html: str) -> tuple[str, ...]:
    """Return the paragraphs, headings and list items of a fragment as text.

    Figures and embedded cards are left out: they stand beside the text.

    Args:
        html: As for `parse_fragment`.

    Example:
        >>> text_blocks("<h2>Tea</h2><blockquote><p>Two <em>cups</em>.</p></blockquote>")
        ('Tea', 'Two cups.')
        >>> text_blocks("<ul><li>Green<ol><li>hot</li></ol></li><li>Black</li></ul>")
        ('Green', 'hot', 'Black')
    """
    return block_texts(parse_fragment(html))


def block_texts(root: Element) -> tuple[str, ...]:
    """Return what `text_blocks` does, of a fragment that is parsed already."""
    return tuple(text for text in _blocks(root) if text)


def _blocks(element: Element) -> Iterator[str]:
    """Yield the texts of the blocks below an element."""
    for child in element.children:
        if isinstance(child, str) or child.tag in _ASIDE:
            continue
        if child.tag in _BLOCKS:
            yield child.text()
        yield from _blocks(child)


class _TreeBuilder(HTMLParser):
    """Builds elements from the events of the parser."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element, unless it is one that has no content."""
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Treat ``<img/>`` like ``<img>``."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element, which must be of this kind."""
        if self.open[-1].tag != tag or len(self.open) == 1:
            raise ValueError(f"unexpected </{tag}>")
        self.open.pop()

    def handle_data(self, data: str) -> None:
        """Keep a piece of text."""
        self.open[-1].children.append(data)
