"""A page as a person sees it: its lines from top to bottom, each with the element it stands in.

One walk over the tree gives every reader the same material. A line is what stands between two block
boundaries, a picture or an embed is a line of its own; scripts, drawings and hidden elements are not seen.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import cast

from lxml import etree

from crawler.reading.assembling import (
    has_late_parts,
    is_icon,
    keeps_breaks,
    open_shadow,
    place_late_parts,
    show_fallbacks,
    show_painted,
    show_plain,
)

# Blocks that say what their text is, blocks that say nothing, and blocks that end what was said around them.
_MEANING = (
    "address", "blockquote", "button", "caption", "dd", "dt", "figcaption", "h1", "h2", "h3", "h4",
    "h5", "h6", "legend", "li", "p", "pre", "summary", "td", "th",
)  # fmt: skip
GENERIC_TAGS = frozenset({"div", "section", "center", "hgroup", "fieldset"})
_RESETTING = (
    "article", "aside", "body", "details", "dialog", "dir", "dl", "figure", "footer", "form", "header",
    "html", "main", "menu", "nav", "ol", "table", "tbody", "tfoot", "thead", "tr", "ul",
)  # fmt: skip
BLOCK_TAGS = frozenset({*_MEANING, *GENERIC_TAGS, *_RESETTING})
"""Elements that begin a line and end one."""
_SCRIPTED_TIMES = ("local-time", "relative-time", "time-ago")
"""Elements that a script keeps current, with what `<time>` says in them too."""
DATE_TAGS = frozenset({"abbr", "time", *_SCRIPTED_TIMES})
"""Elements that may tell a date exactly."""
_TEXT, _MARK, _SKIP, _BREAK, _MEDIA, _SHADOW = range(6)
UNSEEN_TAGS = (
    "amp-ad", "amp-analytics", "amp-consent", "amp-embed", "amp-sidebar", "applet", "area", "canvas",
    "datalist", "head", "iconify-icon", "input", "ion-icon", "link", "map", "mat-icon", "math", "meta",
    "noscript", "option", "script", "select", "style", "svg", "template", "textarea", "title",
)  # fmt: skip
"""Elements whose text nobody sees."""
MEDIA_TAGS = frozenset({"audio", "embed", "hr", "iframe", "img", "object", "picture", "video"})
"""Elements that are a line of their own."""
_KNOWN = frozenset({
    "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark",
    "output", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var",
})  # fmt: skip
_NOT_TEXT = frozenset({*_MEANING} - {"dd", "li", "td", "th"})
"""Blocks in which an element of the page's own is a piece of the text."""
_KINDS: dict[object, str | int] = {
    **{name: name for name in _MEANING},
    **dict.fromkeys(_RESETTING, "div"),
    **dict.fromkeys(GENERIC_TAGS, ""),
    **dict.fromkeys(_KNOWN, _TEXT),
    **dict.fromkeys(UNSEEN_TAGS, _SKIP),
    **dict.fromkeys(("a", *DATE_TAGS), _MARK),
    "br": _BREAK,
    "template": _SHADOW,
    **dict.fromkeys(MEDIA_TAGS, _MEDIA),
}
"""Block -> what a line inside it is, "" where the elements around it decide; any other -> how it is seen."""

_BREAK_MARK = "\x02"
_AROUND_BREAK = re.compile(rf" ?{_BREAK_MARK} ?")
_MANY_BREAKS = re.compile(r"\n{3,}")

_PARSER_OPTIONS = {"encoding": "utf-8", "remove_comments": True, "remove_pis": True, "huge_tree": False}

_PIECES = frozenset({*_KNOWN, "a", *DATE_TAGS})
"""Elements that are pieces of a text themselves."""
_MAX_SIBLINGS = 40
"""Most elements beside one that are looked at."""
_LARGE = 100_000
"""Characters from which a page may hold a tag that takes the parser seconds."""
_MAX_ATTRIBUTES = 2_000
_HUGE = 20_000
"""Characters of such a tag."""
_HUGE_TAG = re.compile(rf"<([a-zA-Z][a-zA-Z0-9]{{0,20}})[^<>]{{{_HUGE},}}>?")

_FindElements = Callable[[etree._Element], list[etree._Element]]
# React streams late parts of a page into hidden elements with such ids and shows them by script.
_FIND_HIDDEN = cast(_FindElements, etree.XPath(".//@hidden/parent::*[not(starts-with(@id, 'S:'))]"))
_FIND_STYLES = cast(Callable[[etree._Element], list[str]], etree.XPath(".//@style", smart_strings=False))
_FIND_STYLED = cast(_FindElements, etree.XPath(".//@style/.."))
_NOT_DISPLAYED = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_KEEPS_BREAKS = re.compile(r"white-space\s*:\s*(?:pre(?:-wrap|-line)?|break-spaces)\b", re.IGNORECASE)


class Line:
    r"""One line of a page.

    Attributes:
        text: With single blanks; ``\n`` where the page breaks the line. "" for a picture or an embed.
        parts: The text nodes it is made of, in order, as they stand.
        element: The innermost block element around it; the picture or embed itself.
        tag: What the line is: "p", "h1", "li", "td", ... of the nearest element with a meaning, "div" where
            there is none; "img", "iframe", "hr", ... for what is no text.
        marks: Links and elements of `DATE_TAGS` that begin in it, and pictures in the middle of its text.
    """

    __slots__ = ("element", "marks", "parts", "tag", "text")

    def __init__(
        self,
        text: str,
        parts: Sequence[str],
        element: etree._Element,
        tag: str,
        marks: Sequence[etree._Element],
    ) -> None:
        self.text = text
        self.parts = parts
        self.element = element
        self.tag = tag
        self.marks = marks

    def __repr__(self) -> str:
        return f"<Line {self.tag} {self.text[:60]!r}>"


def parse_html(text: str, data: bytes | None = None) -> etree._Element | None:
    """Parse a page or a fragment as HTML, without comments; None when there is nothing to parse.

    Depth is bounded by the parser at 255; what is nested deeper is dropped.

    Args:
        text: The page.
        data: The same in UTF-8, where it is at hand, which spares encoding it.
    """
    if not text or text.isspace():
        return None
    if len(text) > _LARGE and _may_hold_huge_tag(text):
        text, data = _HUGE_TAG.sub(_drop_attributes, text), None
    is_streamed = has_late_parts(text)
    options = {**_PARSER_OPTIONS, "remove_comments": False} if is_streamed else _PARSER_OPTIONS
    parser = etree.HTMLParser(**options)  # type: ignore[arg-type]
    try:
        root = etree.fromstring(text.encode("utf-8", "replace") if data is None else data, parser)
    except etree.XMLSyntaxError:
        return None
    if is_streamed and root is not None:
        place_late_parts(root)
        etree.strip_tags(root, etree.Comment)
    if root is not None and next(root.iter("noscript"), None) is not None:
        show_fallbacks(root)
    return root


def _may_hold_huge_tag(text: str) -> bool:
    """Tell, many times faster than the pattern, most pages in which it finds nothing.

    A tag of `_HUGE` characters without another's sign in it spans a whole one of these windows.
    """
    window = _HUGE // 2
    for start in range(0, len(text), window):
        if text.find("<", start, start + window) < 0:
            opened = text.rfind("<", 0, start)
            if opened >= 0 and text.find(">", opened, opened + _HUGE) < 0:
                return True
    return False


def _drop_attributes(match: re.Match[str]) -> str:
    """Spare the parser a tag with attributes without end, for which its time is quadratic."""
    return match[0] if match[0].count("=") < _MAX_ATTRIBUTES else f"<{match[1]}>"


def read_lines(root: etree._Element) -> list[Line]:
    """Return the lines under ``root`` in reading order.

    Args:
        root: Any element of an HTML tree; its own text is included, its tail is not.
    """
    return _Walk(root).lines


class _Walk:
    """The walk over one tree; a class only so that the recursion shares its lists.

    This is the hot path of all reading: one call for each element that has children, no object for an
    element without text. That is why the walk is one long function.
    """

    def __init__(self, root: etree._Element) -> None:
        self.lines: list[Line] = []
        self._parts: list[str] = []
        self._marks: list[etree._Element] = []
        self._hidden = set(_FIND_HIDDEN(root))
        self._preformatted: set[etree._Element] = set()
        styles = "\n".join(_FIND_STYLES(root))
        if _NOT_DISPLAYED.search(styles) or _KEEPS_BREAKS.search(styles):
            for element in _FIND_STYLED(root):
                style = element.get("style", "")
                if _NOT_DISPLAYED.search(style):
                    self._hidden.add(element)
                if _KEEPS_BREAKS.search(style):
                    self._preformatted.add(element)
        self._is_plain = not self._hidden and not self._preformatted
        kind = _KINDS.get(root.tag)
        tag = kind if kind and isinstance(kind, str) else "div"
        if root.text and not root.text.isspace():
            self._parts.append(root.text)
        self._walk(root, root, tag)
        self._flush(root, tag)

    def _walk(self, parent: etree._Element, block: etree._Element, tag: str) -> None:  # noqa: C901, PLR0912
        """Add the lines of all children; ``block`` is the element a line now begun stands in."""
        lines, parts, marks, kind_of = self.lines, self._parts, self._marks, _KINDS.get
        hidden, is_plain = self._hidden, self._is_plain
        for child in parent:
            kind = kind_of(child.tag)
            if kind is None:
                name = show_plain(child)
                kind = _KINDS.get(name, "" if _stands_apart(child, name) else _TEXT)
            if hidden and child in hidden:
                pass
            elif isinstance(kind, str):
                if parts:
                    self._flush(block, tag)
                inner = kind or tag
                text = child.text
                if text and text.isspace():
                    text = None
                n_inside = len(child)
                if n_inside > 1 or inner == "pre" or not is_plain:
                    self._walk_block(child, inner, text)
                elif n_inside == 0:  # most lines: what `_flush` does
                    if text is None:
                        if child.get("role") and show_painted(child):
                            self._see_media(child, block, tag)
                    elif "\n" in text and keeps_breaks(child):
                        parts.append(text)
                        self._flush(child, inner)
                    elif line := normalize_line(text):
                        lines.append(Line(line, (text,), child, inner, tuple(marks) if marks else ()))
                    if marks:
                        marks.clear()
                elif text or not self._see_only(child, child[0], inner):
                    self._walk_block(child, inner, text)
            elif kind <= _MARK:
                if kind:
                    marks.append(child)
                text = child.text
                if text and (parts or not text.isspace()) and not (text.isidentifier() and is_icon(child)):
                    parts.append(text)
                if len(child):
                    self._walk(child, block, tag)
            elif kind == _BREAK:
                if parts:
                    parts.append(_BREAK_MARK)
            elif kind == _MEDIA:
                self._see_media(child, block, tag)
            elif kind == _SHADOW and self._see_shadow(child, block, tag):
                return
            tail = child.tail
            if tail and (parts or not tail.isspace()):
                parts.append(tail)

    def _walk_block(self, block: etree._Element, tag: str, text: str | None) -> None:
        """Add the lines of a block that begins with ``text``."""
        if text:
            self._parts.append(text)
        self._walk(block, block, tag)
        if self._parts:
            self._flush(block, tag)
        elif self._marks:
            self._marks.clear()

    def _see_only(self, block: etree._Element, only: etree._Element, tag: str) -> bool:
        """Add the line of a block with one child and nothing beside it, as menus and icons are made.

        Returns:
            Whether that was all; False leaves the block to the walk.
        """
        kind = _KINDS.get(only.tag)
        if only.tail or not isinstance(kind, int) or kind > _SKIP:
            return False
        marks = self._marks
        if kind != _SKIP:
            if len(only):
                return False
            if kind == _MARK:
                marks.append(only)
            text = only.text
            if text and not (text.isidentifier() and is_icon(only)) and (line := normalize_line(text)):
                self.lines.append(Line(line, (text,), block, tag, tuple(marks) if marks else ()))
        if marks:
            marks.clear()
        return True

    def _see_shadow(self, child: etree._Element, block: etree._Element, tag: str) -> bool:
        """Add what a template shows of its parent, if it does; nothing else of the parent is seen then."""
        if not open_shadow(child):
            return False
        if self._parts:
            self._flush(block, tag)
        self._walk_block(child, tag, child.text)
        return True

    def _see_media(self, child: etree._Element, block: etree._Element, tag: str) -> None:
        name = str(child.tag)
        if name == "picture":
            image = next(child.iter("img"), None)
            if image is None:
                return
            child, name = image, "img"
        if name == "img" and self._parts:
            self._marks.append(child)
            return
        if self._parts:
            self._flush(block, tag)
        self.lines.append(Line("", (), child, name, tuple(self._marks)))

    def _flush(self, block: etree._Element, tag: str) -> None:
        """End the line that was begun."""
        parts = self._parts
        text = parts[0] if len(parts) == 1 else "".join(parts)
        is_kept = tag == "pre" or (self._preformatted and block in self._preformatted)
        if is_kept or ("\n" in text and keeps_breaks(block)):
            text = text.strip("\n").replace("\n", _BREAK_MARK)
        text = normalize_line(text)
        marks = self._marks
        if text:
            self.lines.append(Line(text, tuple(parts), block, tag, tuple(marks) if marks else ()))
        parts.clear()
        if marks:
            marks.clear()


def _stands_apart(element: etree._Element, name: object) -> bool:
    """Tell an element of the page's own that is a box ("my-byline") from a piece of text ("time-ago").

    Scripts give such elements their looks. A box holds boxes or stands among them; a piece of text stands
    beside text or links.
    """
    parent = element.getparent()
    if parent is None or not isinstance(name, str) or "-" not in name:
        return False
    if any(each.tag in BLOCK_TAGS for each in islice(element, _MAX_SIBLINGS)):
        return True
    if parent.tag in _NOT_TEXT:
        return False
    if parent.tag == "a" or parent.tag in _KNOWN or (parent.text and not parent.text.isspace()):
        return False
    siblings = islice(parent, _MAX_SIBLINGS)
    return not any(each.tag in _PIECES or (each.tail and not each.tail.isspace()) for each in siblings)


def normalize_line(text: str) -> str:
    r"""Return a line's text with single blanks, none around it, and ``\n`` where it was broken."""
    if "\n" in text or "  " in text or "\xa0" in text or "\t" in text or text.strip(" ") != text:
        text = " ".join(text.split())
    if _BREAK_MARK in text:
        text = _MANY_BREAKS.sub("\n\n", _AROUND_BREAK.sub("\n", text)).strip("\n ")
    return text


def text_of(element: etree._Element) -> str:
    """Return all text in an element as one line with single blanks."""
    if len(element) == 0:
        return " ".join((element.text or "").split())
    return " ".join("".join(cast(Iterator[str], element.itertext())).split())


def lines_to_text(lines: Sequence[Line]) -> str:
    """Return lines as text: paragraphs separated by a blank line, items of a list and rows by a line break.

    Lines without text are left out.
    """
    pieces: list[str] = []
    last = ""
    for line in lines:
        if not line.text:
            continue
        if pieces:
            pieces.append("\n" if line.tag == last and last in _CLOSE else "\n\n")
        pieces.append(line.text)
        last = line.tag
    return "".join(pieces)


_CLOSE = frozenset({"li", "td", "th"})
