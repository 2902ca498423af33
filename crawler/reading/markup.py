"""Markup made safe, and markup turned into text."""

import re
import unicodedata
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Sequence
from html import escape

import nh3
from lxml import etree

from crawler.reading.images import embed_link, image_url
from crawler.reading.outline import (
    BLOCK_TAGS,
    GENERIC_TAGS,
    MEDIA_TAGS,
    UNSEEN_TAGS,
    Line,
    lines_to_text,
    normalize_line,
    parse_html,
    read_lines,
    text_of,
)
from crawler.reading.urls import absolute_url

_ALLOWED_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "dl", "dt", "em",
    "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark",
    "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "strong", "sub", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var", "wbr",
}  # fmt: skip
_ALLOWED_ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"alt", "height", "src", "title", "width"},
    "ol": {"start", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_DROPPED_WITH_CONTENT = {
    "button", "canvas", "datalist", "dialog", "input", "label", "math", "noscript", "object", "option",
    "script", "select", "style", "svg", "template", "textarea", "title",
}  # fmt: skip
_CLEANER = nh3.Cleaner(
    tags=_ALLOWED_TAGS,
    attributes=_ALLOWED_ATTRIBUTES,
    clean_content_tags=_DROPPED_WITH_CONTENT,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)

_UNITS = frozenset({"blockquote", "dl", "figure", "ol", "pre", "table", "ul"})
"""Elements whose lines belong together and are kept with their tags around them."""
_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h5", "h6": "h6"}
_EMBEDS = ("iframe", "video", "audio", "embed", "object")
_PLAIN_TAGS = frozenset({"a", "b", "br", "em", "i", "s", "span", "strong", "u"})
_IGNORED = frozenset({"class", "href", "id", "rel", "style", "target"})
"""Attributes of plain tags that may be passed over; "lang", "dir" and "title" may not."""
_CUTS = BLOCK_TAGS | MEDIA_TAGS - {"img", "picture"}
"""Elements that end the text before them."""
_PREPARED = ("a", "img", "h1", "abbr", "li", "ol", "p", "td", "th", *_EMBEDS)
_BOXES = (*GENERIC_TAGS, "article", "main", "aside", "header", "footer")
_BLOCK_NAMES = "|".join(BLOCK_TAGS - {*GENERIC_TAGS, "h1", "body", "html"} | {"br", "hr"})
_AROUND_BLOCK = re.compile(rf"\s*(</?(?:{_BLOCK_NAMES})\b[^>]*>)\s*")
_BLANKS = re.compile(r"\s+")
_PREFORMATTED = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL)
_EMPTY = re.compile(
    r"<(p|li|figure|figcaption|blockquote|h[2-6]|ul|ol|pre|a|b|i|em|strong|u|s)\b[^>]*>\s*</\1>"
)
_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_CJK_LEADS = tuple(bytes([lead]) for lead in (*range(0xE3, 0xEA), 0xEF))
_UNPARTED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
"""Letters and marks of Thai, Lao, Burmese and Khmer, which put no blanks between words."""
_UNPARTED_LEADS = (b"\xe0", b"\xe1")
_LETTERS_PER_WORD = 5
"""Letters and marks of a word of these."""


def sanitize_html(html: str | etree._Element, base_url: str | None) -> str:
    """Return markup that is safe to publish, with the same words in the same order.

    Links and pictures become absolute, lazy pictures get their address, embeds become links, and what has no
    place in an article goes: scripts, event handlers, styles, forms, tracking pixels, ``javascript:`` and
    ``data:`` addresses. Text that stood in plain boxes becomes paragraphs. Blanks are collapsed, so that two
    spellings of one text give one string.

    Args:
        html: A fragment, or an element whose content is meant; the element's tree is changed.
        base_url: Address of the page it stands on; None drops relative links.

    Returns:
        Valid HTML of paragraphs, headings (2 to 6), lists, quotes, tables, figures and inline marks; "" when
        nothing is left.

    Example:
        >>> sanitize_html('<div onclick="x()">A <a href="/b">b</a><script>1</script></div>', "https://c.example/")
        '<p>A <a href="https://c.example/b">b</a></p>'
    """
    root = parse_html(f"<div>{html}</div>") if isinstance(html, str) else html
    return "" if root is None else render_lines(read_lines(root), base_url)


def render_lines(
    lines: Sequence[Line],
    base_url: str | None,
    *,
    around: Collection[etree._Element] = frozenset(),
    runs: "Runs | None" = None,
) -> str:
    """Return the markup of some lines of a page, sanitized as `sanitize_html` does.

    Args:
        lines: Lines in page order, of one tree; the tree is changed.
        base_url: Address of the page.
        around: Elements that hold other lines too; see `elements_around`. Lists, quotes, tables and figures
            are kept whole unless they are among these.
        runs: What earlier calls cut from this tree, where several render parts of one.
    """
    pieces: list[str] = []
    runs = Runs() if runs is None else runs
    seen: set[etree._Element] = set()
    for line in lines:
        unit = _find_unit(line, around)
        if line.tag == "button":
            continue
        if unit is None:
            pieces.append(_render_line(line, base_url, runs))
        elif unit not in seen:
            seen.add(unit)
            pieces.append(_render_unit(unit, base_url))
    return "".join(pieces)


def elements_around(lines: Iterable[Line]) -> set[etree._Element]:
    """Return every element that holds one of these lines."""
    found: set[etree._Element] = set()
    for line in lines:
        element: etree._Element | None = line.element
        while element is not None and element not in found:
            found.add(element)
            element = element.getparent()
    return found


def text_to_html(text: str) -> str:
    r"""Return plain text as markup: blank lines part paragraphs, other line ends become ``<br>``.

    Example:
        >>> text_to_html("A & b\n\nc\nd")
        '<p>A &amp; b</p><p>c<br>d</p>'
    """
    paragraphs = (" ".join(part.split(" ")) for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")))
    escaped = (escape(part.strip(), quote=False).replace("\n", "<br>") for part in paragraphs)
    return "".join(f"<p>{part}</p>" for part in escaped if part)


def html_to_text(html: str, *, with_marks: bool = False) -> str:
    r"""Return the text of a fragment: paragraphs and blank lines, one line for each ``<br>`` and item.

    Args:
        html: Any markup, sanitized or not; scripts and hidden parts give nothing.
        with_marks: Write "- " or "1. " before items of lists and "> " before lines of quotes.

    Example:
        >>> html_to_text("<p>A<br>b</p><ul><li>c</li><li>d</li></ul>")
        'A\nb\n\nc\nd'
        >>> html_to_text("<blockquote><p>A</p></blockquote><ol><li>c</li></ol>", with_marks=True)
        '> A\n\n1. c'
    """
    root = parse_html(f"<div>{html}</div>")
    lines = [] if root is None else read_lines(root)
    if with_marks:
        for line in lines:
            _mark(line)
    return lines_to_text(lines)


def count_words(text: str, *, is_tidy: bool = False) -> int:
    """Count words as a word processor does: runs between blanks, and each ideograph or kana by itself.

    Of scripts that put no blanks between words each five letters and marks count as one.

    Args:
        text: Any string.
        is_tidy: Between two words stands one blank, one line break or one empty line and nothing else, which
            spares looking at each word of an ASCII text.

    Example:
        >>> count_words("Two words"), count_words("春の海 ok"), count_words("ทะเลสีคราม ok")
        (2, 4, 3)
    """
    if text.isascii():
        if is_tidy and text:
            return text.count(" ") + sum(map(bool, text.split("\n")))
        return len(text.split())
    data = text.encode("utf-8", "replace")
    n_words = 0
    if any(lead in data for lead in _UNPARTED_LEADS):
        text, n_letters = _UNPARTED.subn(" ", text)
        n_words += -(-n_letters // _LETTERS_PER_WORD)
    if any(lead in data for lead in _CJK_LEADS):
        text, n_ideographs = _CJK.subn(" ", text)
        n_words += n_ideographs
    return n_words + len(text.split())


def fold_text(text: str) -> str:
    r"""Return a key under which spellings of one name are equal: NFKC, case-folded, single blanks.

    Accents stay, since they tell words apart in many languages ("pâte", "pâté").

    Example:
        >>> fold_text("  Tech\u00a0NEWS ") == fold_text("tech news")
        True
    """
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def _find_unit(line: Line, around: Collection[etree._Element]) -> etree._Element | None:
    """Return the outermost list, quote, table or figure around a line that holds only lines wanted."""
    unit = None
    element: etree._Element | None = line.element
    while element is not None and element not in around:
        if element.tag in _UNITS:
            unit = element
        element = element.getparent()
    return unit


def _render_line(line: Line, base_url: str | None, runs: "Runs") -> str:
    element, tag = line.element, line.tag
    if not line.text:
        return _render_media(element, tag, base_url)
    name = _HEADINGS.get(tag, "p")
    is_cut = element in runs
    if not is_cut and len(element) == 0:
        return f"<{name}>{_escape(line.text)}</{name}>"
    content = None if is_cut else _render_inline(element, base_url)
    if content is not None:
        content = normalize_line(content)
        if "<br>" in content:
            content = _AROUND_BLOCK.sub(r"\1", content)
        return f"<{name}>{content}</{name}>"
    if is_cut or next(element.iterdescendants(*_CUTS), None) is not None:
        run = runs.take(line)
        if run is None:
            return f"<{name}>{_escape(line.text)}</{name}>"
        element = run
    _prepare(element, base_url)
    html = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    inner = html[html.index(">") + 1 : html.rindex("<")]
    return _clean(f"<{name}>{inner}</{name}>")


def _escape(text: str) -> str:
    """Return text as markup, its line breaks as elements."""
    text = _escape_inline(text)
    return text.replace("\n", "<br>") if "\n" in text else text


def _escape_inline(text: str) -> str:
    """Return text as markup; looking first is several times faster than three vain replacements."""
    return escape(text, quote=False) if "&" in text or "<" in text or ">" in text else text


def _render_inline(element: etree._Element, base_url: str | None) -> str | None:
    """Return an element's content where it holds nothing but text, plain marks and plain links.

    What is put out is only escaped text, fixed tags and addresses made by `absolute_url`, so it is as safe
    as what the sanitizer lets through, for a fraction of its time. None leaves the element to the sanitizer.
    """
    text = element.text
    pieces = [_escape_inline(text)] if text else []
    for child in element:
        tag = child.tag
        if tag not in _PLAIN_TAGS or (child.attrib and not _IGNORED.issuperset(child.keys())):
            return None
        if tag == "br":
            pieces.append("<br>")
        else:
            inner = _render_inline(child, base_url)
            if inner is None:
                return None
            if inner and tag == "a":
                url = absolute_url(base_url, child.get("href"))
                if url is None or "&" in url:
                    return None
                inner = f'<a href="{url}">{inner}</a>'
            elif inner and tag != "span":
                inner = f"<{tag}>{inner}</{tag}>"
            pieces.append(inner)
        tail = child.tail
        if tail:
            pieces.append(_escape_inline(tail))
    return "".join(pieces)


class Runs:
    """The runs of text between the blocks inside one element, each made a paragraph of its own.

    A run is known by its words: other lines of the element may be no part of what is rendered.
    """

    def __init__(self) -> None:
        self._runs: dict[etree._Element, dict[str, deque[etree._Element]]] = {}

    def __contains__(self, element: etree._Element) -> bool:
        """Tell whether an element was cut already; its runs stand in it no longer."""
        return element in self._runs

    def take(self, line: Line) -> etree._Element | None:
        """Return a paragraph with the run that is ``line``; the first asked for cuts its element.

        None when blocks stand inside the element's inline elements, so that it cannot be cut, and when no run
        left has the line's words.
        """
        runs = self._runs.get(line.element)
        if runs is None:
            runs = self._runs[line.element] = defaultdict(deque)
            for run in _cut_runs(line.element):
                runs[_words_alone(text_of(run))].append(run)
        same = runs.get(_words_alone(line.text))
        return same.popleft() if same else None


def _words_alone(text: str) -> str:
    """Return text without blanks, by which a line and its run are equal whatever breaks the line."""
    return "".join(normalize_line(text).split())


def _cut_runs(element: etree._Element) -> list[etree._Element]:
    runs: list[etree._Element] = []
    if any(child.tag not in _CUTS and next(child.iter(*_CUTS), None) is not None for child in element):
        return runs
    run = _begin_run(runs, element.text) if element.text else None
    for child in list(element):
        if child.tag in _CUTS:
            run = _begin_run(runs, child.tail) if child.tail else None
        else:
            if child.tag in UNSEEN_TAGS:  # its words are in no line, so they make no run
                child.text = None
                del child[:]
            run = run if run is not None else _begin_run(runs, " ")
            run.append(child)
    return [run for run in runs if text_of(run)]


def _begin_run(runs: list[etree._Element], text: str) -> etree._Element:
    run = etree.Element("p")
    run.text = text
    runs.append(run)
    return run


def _render_media(element: etree._Element, tag: str, base_url: str | None) -> str:
    if tag == "hr":
        return "<hr>"
    if tag == "img":
        url = image_url(element, base_url)
        if url is None:
            return ""
        element.tag = "template"  # shown; a paragraph around it must not show it again
        alt = " ".join((element.get("alt") or "").split())
        return f'<figure><img src="{escape(url)}" alt="{escape(alt)}"></figure>'
    link = embed_link(element, base_url)
    return "" if link is None else f'<p><a href="{escape(link[0])}">{escape(link[1], quote=False)}</a></p>'


def _render_unit(unit: etree._Element, base_url: str | None) -> str:
    _prepare(unit, base_url)
    _box_to_paragraph(unit)
    return _clean(etree.tostring(unit, encoding="unicode", method="html", with_tail=False))


def _prepare(root: etree._Element, base_url: str | None) -> None:
    """Make links and pictures absolute, turn embeds into links and empty what nobody sees, in place."""
    for element in list(root.iter(*_PREPARED)):
        if len(element.attrib) > 1:
            _sort_attributes(element)
        if element.tag == "a":
            _prepare_link(element, base_url)
        elif element.tag == "img":
            _prepare_image(element, base_url)
        elif element.tag == "h1":
            element.tag = "h2"
        elif element.tag in _EMBEDS:
            _prepare_embed(element, base_url)
    for element in list(root.iter(*UNSEEN_TAGS)):
        # What stands in one the sanitizer reads by other rules, by which it may end earlier.
        element.text = None
        del element[:]


def _sort_attributes(element: etree._Element) -> None:
    """Bring attributes into one order, so that two spellings of one text give one string."""
    items = sorted(element.attrib.items(), key=lambda item: (item[0] not in ("href", "src"), item[0]))
    element.attrib.clear()
    for name, value in items:
        element.set(name, value)


def _prepare_link(link: etree._Element, base_url: str | None) -> None:
    href = link.get("href")
    url = absolute_url(base_url, href)
    if url is not None:
        link.set("href", url)
    elif href is None or not href.strip().lower().startswith("mailto:"):
        link.tag = "span"


def _prepare_image(image: etree._Element, base_url: str | None) -> None:
    source = image_url(image, base_url)
    image.set("src", source or "")
    image.tag = "img" if source else "template"
    for side in ("height", "width"):
        value = image.get(side)
        if value is not None and not (value.isascii() and value.isdigit()):
            del image.attrib[side]  # "365.6", "100%" and "auto" are no numbers of pixels


def _prepare_embed(embed: etree._Element, base_url: str | None) -> None:
    link = embed_link(embed, base_url)
    for child in list(embed):
        embed.remove(child)
    embed.tag = "a" if link else "template"
    if link:
        embed.set("href", link[0])
        embed.text = link[1]


def _box_to_paragraph(unit: etree._Element) -> None:
    """Turn boxes that hold text into paragraphs, so that their texts do not run together."""
    for box in list(unit.iter(*_BOXES)):
        parent = box.getparent()
        if parent is None or any(child.tag in BLOCK_TAGS for child in box) or not text_of(box):
            continue
        alone = len(parent) == 1 and not (parent.text or "").strip() and not (box.tail or "").strip()
        if not (alone and parent.tag in ("li", "td", "th", "dd", "dt", "figcaption", *_BOXES)):
            box.tag = "p"


def _clean(html: str) -> str:
    """Sanitize, and bring blanks and empty elements into one form."""
    cleaned: str = _CLEANER.clean(html)
    if "<pre" in cleaned:
        pieces = _PREFORMATTED.split(cleaned)
        tidied = (piece if index % 2 else _tidy(piece) for index, piece in enumerate(pieces))
        cleaned = _drop_empty("".join(tidied))
    else:
        cleaned = _tidy(cleaned)
    return cleaned


def _tidy(html: str) -> str:
    html = _AROUND_BLOCK.sub(r"\1", _BLANKS.sub(" ", html.replace("&nbsp;", " ")))
    return _drop_empty(html)


def _drop_empty(html: str) -> str:
    n_removed = 1
    while n_removed:
        html, n_removed = _EMPTY.subn("", html)
    return html


def _mark(line: Line) -> None:
    """Write the mark of a list or quote before a line's text."""
    prefix = ""
    element: etree._Element | None = line.element
    while element is not None:
        parent = element.getparent()
        if element.tag == "li" and not prefix:
            ordered = parent is not None and parent.tag == "ol"
            number = 1 + sum(1 for _ in element.itersiblings("li", preceding=True))
            prefix = f"{number}. " if ordered else "- "
        elif element.tag == "blockquote":
            prefix = f"> {prefix}"
        element = parent
    if line.text:
        line.text = prefix + line.text.replace("\n", "\n> " if prefix.startswith(">") else "\n")
