"""Headline and body of an article on a page of no known platform."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import islice, pairwise

from lxml import etree

from crawler.platforms.generic.cutting import is_of_names, without_front
from crawler.platforms.generic.fronts import is_sentence
from crawler.platforms.generic.headings import SITE_MARKS, begins_title, first_subheading
from crawler.platforms.generic.opening import Html, find_classed
from crawler.platforms.generic.people import group_names, read_authors, read_byline
from crawler.platforms.generic.pruning import find_furniture
from crawler.platforms.generic.restoring import restore_lines
from crawler.reading.characters import strip_invisible
from crawler.reading.markup import count_words, fold_text, html_to_text, sanitize_html
from crawler.reading.outline import text_of
from crawler.reading.structured import as_list
from crawler.records import MAX_HEADLINE

MAX_DEK = 500
"""Longest standfirst, in characters."""
MAX_INLINE = 500
"""Most dates and pieces of code in sentences kept in their place."""
MAX_FURNITURE = 60
"""Most words looked at to tell navigation from a very short article."""

MAX_TABLES = 20
"""Most tables looked at to tell whether they are the page's layout."""
MAX_CELL = 100
"""Most words of a cell of facts."""

MIN_LOOSE = 12
"""Fewest words of a paragraph without an element of its own."""

MAX_ELEMENTS = 100_000
MAX_ANCHORS = 20_000
"""Beyond these a page has no running text worth the search: trafilatura took 16 s of CPU and 400 MB for
170,000 links, a tenth of a millisecond for each; the longest articles of encyclopedias have some 10,000."""
_DEK_CLASS = re.compile(
    r"(?:^|[\s_-])(?:sub-?title|sub-?head(?:line|ing)?|standfirst|dek|deck)(?:$|[\s_-])", re.IGNORECASE
)
_CODE = re.compile(r"(</?)var>")
_BLOCKS = frozenset({"p", "blockquote", "ul", "ol", "pre", "figure", "h2", "h3", "h4"})
_MARKS = frozenset({"a", "b", "br", "em", "i", "strong"})


def read_headline(html: Html) -> str | None:
    """Return the headline: declared, else the first heading, else the title; never with the site's name.

    Nor is it the site's name alone, which some sites declare for each of their pages, as long as something
    else names the article.
    """
    site = fold_text(html.site_name or "")
    declared = next((c.headline for c in html.claims if c.headline and fold_text(c.headline) != site), None)
    candidate = html.h1 if html.h1 and _is_better(html.h1, declared, html) else declared
    title = _without_site(html.data.title, html)
    found = [text for text in (_without_site(candidate, html), html.h1, title) if text]
    own = (text for text in found if fold_text(text) != site)
    headline = next(own, None) or first_subheading(html.root) or next(iter(found), None)
    if headline is not None and html.heading is None:
        headline = _printed_part(headline, html) or headline
    return headline if headline and len(headline) <= MAX_HEADLINE else None


def read_dek(html: Html) -> str | None:
    """Return the standfirst: declared, marked as one, or a description that is printed as one.

    A description alone is for previews, and often the beginning of the text.
    """
    declared = next((claims.dek for claims in html.claims if claims.dek), None)
    if declared:
        return declared
    texts = find_classed(html, _DEK_CLASS, "p", "h2", "h3", "div", "span")
    found = next((text for text in texts if len(text) <= MAX_DEK), None)
    description = next((claims.description for claims in html.claims if claims.description), None)
    if found or description is None or len(description) > MAX_DEK:
        return found
    lines = [line for line in html.page.lines if line.text]
    folded = fold_text(description)
    names = [author.name for author in read_authors(html)]
    bylines = {read_byline(html), *html.front.lines}
    for line, below in pairwise(lines):
        if len(line.text) <= MAX_DEK and fold_text(line.text) == folded:
            is_above_byline = below.text in bylines or is_of_names(below.text, names)
            is_above_date = any(mark.tag == "time" for mark in below.marks)
            if line.tag in ("h2", "h3", "h4") or is_above_byline or is_above_date:
                return description
    return None


def read_body(html: Html) -> str:
    """Return the sanitized body: the page's running text, or the declared one where that is much longer."""
    found = _extract(html) if _is_bounded(html) else None
    body = restore_lines(sanitize_html(found, html.base), html) if found else ""
    body = without_front(body, html, headline=read_headline(html), dek=read_dek(html))
    node = html.data.article_node()
    declared = (
        next((t for t in as_list(node[0].get("articleBody")) if isinstance(t, str)), "") if node else ""
    )
    text = html_to_text(body)
    is_unbroken = "\n\n" in declared and "\n" not in text and declared.split() == text.split()
    if is_unbroken or count_words(declared) > 1.5 * count_words(text):
        is_markup = "</p>" in declared or "<br" in declared
        paragraphs = [part.strip() for part in re.split(r"\n\s*\n|\r\n", declared) if part.strip()]
        markup = declared if is_markup else "".join(f"<p>{escape(part)}</p>" for part in paragraphs)
        return sanitize_html(markup, html.base)
    return "" if _is_furniture(text, html) else body


def _extract(html: Html) -> str | None:
    import trafilatura

    prepared = _prepare(html)
    found: str | None = trafilatura.extract(
        strip_invisible(html.page.text) if prepared is None else prepared,
        url=html.page.url,
        output_format="html",
        include_comments=False,
        include_formatting=True,
        include_images=True,
        include_links=True,
        fast=True,
    )
    # Its one element for all kinds of code in a sentence.
    return found if found is None or prepared is None else _CODE.sub(r"\1code>", found)


def _prepare(html: Html) -> str | None:
    """Return the page without its furniture and with its sentences in one piece; None where it is so.

    trafilatura takes every ``<time>`` for furniture and makes a block of every ``<code>``.
    """
    furniture = find_furniture(html)
    changed = dict.fromkeys(_layout(html), "div")
    changed |= {element: "tt" if element.tag == "code" else "span" for element in _inline(html)}
    loose = list(islice(_loose_paragraphs(html), MAX_INLINE))
    if not changed and not furniture and not loose:
        return None
    names = {element: element.tag for element in changed}
    for element, name in changed.items():
        element.tag = name
    taken = set(furniture)
    wrapped = [(_wrap(each), each) for each in loose if taken.isdisjoint(each.marks)]
    gaps = [(_take_out(element), element) for element in furniture]
    text = etree.tostring(html.root, method="html", encoding="unicode")
    for gap, element in reversed(gaps):
        _put_back(gap, element)
    for paragraph, each in wrapped:
        _unwrap(paragraph, each)
    for element, tag in names.items():
        element.tag = tag
    return text


def _take_out(element: etree._Element) -> etree._Element:
    """Put an empty element in the place of one; trafilatura finds the paragraphs of what is only renamed."""
    gap = etree.Element("aside")
    _put_back(element, gap)
    return gap


def _put_back(gap: etree._Element, element: etree._Element) -> None:
    parent = gap.getparent()
    if parent is not None:
        element.tail, gap.tail = gap.tail, None
        parent.replace(gap, element)


@dataclass(frozen=True, slots=True)
class _Loose:
    """A paragraph without an element: the text behind ``above``, or at the box's start, and some marks."""

    box: etree._Element
    above: etree._Element | None
    marks: list[etree._Element]

    @property
    def opening(self) -> str:
        """The text before the first mark."""
        return (self.box.text if self.above is None else self.above.tail) or ""

    def is_running(self) -> bool:
        """Tell running text from a row of links or labels: its words stand around its marks."""
        n_around = count_words(self.opening) + sum(count_words(each.tail or "") for each in self.marks)
        n_inside = sum(count_words(text_of(each)) for each in self.marks)
        return n_inside <= 2 * n_around and n_around + n_inside >= MIN_LOOSE

    def has_words(self) -> bool:
        """Tell a paragraph from what is only breaks."""
        return bool(self.opening.strip()) or any(
            text_of(each) or (each.tail or "").strip() for each in self.marks
        )

    def set_opening(self, text: str | None) -> None:
        """Change the text before the first mark."""
        if self.above is None:
            self.box.text = text
        else:
            self.above.tail = text


def _loose_paragraphs(html: Html) -> Iterator[_Loose]:
    """Yield the paragraphs that stand beside blocks without an element, parted by blocks and double breaks.

    trafilatura drops what begins with a mark there, to the next block.
    """
    for box in html.root.iter("div", "td", "font", "section", "article"):
        if next((each for each in box if each.tag in _BLOCKS), None) is None:
            continue
        parts = [_Loose(box, None, [])]
        for child in box:
            last = parts[-1].marks[-1] if parts[-1].marks else None
            is_double = last is not None and child.tag == last.tag == "br" and not (last.tail or "").strip()
            if child.tag in _MARKS and not is_double:
                parts[-1].marks.append(child)
                continue
            if is_double:
                parts[-1].marks.pop()
            else:
                yield from _running(parts)
                parts = []
            parts.append(_Loose(box, child, []))
        yield from _running(parts)


def _running(parts: list[_Loose]) -> list[_Loose]:
    """Return what stands between two blocks, if one of its paragraphs is running text.

    A text alone, without mark or break, is found as it is.
    """
    is_text = (len(parts) > 1 or bool(parts[0].marks)) and any(part.is_running() for part in parts)
    return [part for part in parts if is_text and part.has_words()]


def _wrap(loose: _Loose) -> etree._Element:
    """Put a paragraph around a text that has none."""
    paragraph = etree.Element("p")
    paragraph.text = loose.opening
    loose.set_opening(None)
    if loose.above is None:
        loose.box.insert(0, paragraph)
    else:
        loose.above.addnext(paragraph)
    paragraph.extend(loose.marks)
    return paragraph


def _unwrap(paragraph: etree._Element, loose: _Loose) -> None:
    loose.set_opening(paragraph.text)
    for element in list(paragraph):
        paragraph.addprevious(element)
    loose.box.remove(paragraph)


def _layout(html: Html) -> Iterator[etree._Element]:
    """Yield the tables that only put the page's parts beside each other, with their rows and cells."""
    above = set(html.heading.iterancestors()) if html.heading is not None else set()
    n_letters = sum(len(line.text) for line in html.page.lines)
    for table in islice(html.root.iter("table"), MAX_TABLES):
        parts = [part for part in table if part.tag in ("tbody", "thead", "tfoot")]
        rows = [row for part in (table, *parts) for row in part if row.tag == "tr"]
        cells = [cell for row in rows for cell in row if cell.tag in ("td", "th")]
        is_page = any(cell in above for cell in cells)
        if is_page or (any(map(_holds_text, cells)) and 2 * len(text_of(table)) > n_letters):
            yield from (table, *parts, *rows, *cells)


def _holds_text(cell: etree._Element) -> bool:
    """Tell a cell with a page's running text from one of a table of facts."""
    return len(list(islice(cell.iter("p"), 2))) == 2 and count_words(text_of(cell)) > MAX_CELL


def _inline(html: Html) -> Iterator[etree._Element]:
    """Yield the dates and pieces of code that stand in sentences."""
    for element in islice(html.root.iter("time", "code"), MAX_INLINE):
        above = islice(element.iterancestors("p", "pre", "li", "blockquote"), 1)
        box = next(above, None)
        if box is None or box.tag == "pre":
            continue
        if element.tag == "code" or is_sentence(text_of(box).replace(text_of(element), " ", 1)):
            yield element


def _is_bounded(html: Html) -> bool:
    """Tell whether a page is no larger than an article can be."""
    n_anchors = sum(1 for _ in islice(html.root.iter("a"), MAX_ANCHORS + 1))
    n_elements = sum(1 for _ in islice(html.root.iter(), MAX_ELEMENTS + 1))
    return n_anchors <= MAX_ANCHORS and n_elements <= MAX_ELEMENTS


def _is_furniture(text: str, html: Html) -> bool:
    """Tell a page without running text, of which only its headline, navigation and footer were found."""
    if count_words(text) > MAX_FURNITURE:
        return False
    around = [html.h1 or "", html.data.title or ""]
    around += [text_of(element) for element in html.root.iter("nav", "header", "footer")]
    known = set(fold_text(" ".join(around)).split())
    return known.issuperset(fold_text(text).split())


def _is_better(heading: str, declared: str | None, html: Html) -> bool:
    """Tell whether a heading says more than a declared headline, or is believed before it.

    It says more where the declared one was cut from it or adds the site's name. It is believed where the
    title agrees with it and the declared one is printed nowhere, or is what the title of a page that is
    declared no article ends with: so it is with one for all pages of a site.
    """
    if declared is None:
        return True
    stem = fold_text(declared).rstrip(".… ")
    if fold_text(heading).startswith(stem) or stem.startswith(fold_text(heading)):
        return True
    title = fold_text(html.data.title or "")
    if not begins_title(heading, title):
        return False
    if stem in title and (html.data.first_meta("og:type") == "article" or not title.endswith(stem)):
        return False
    printed = islice(html.root.iter("h1", "h2", "h3"), MAX_FURNITURE)
    return not any(fold_text(text_of(element)) == stem for element in printed)


def _printed_part(title: str, html: Html) -> str | None:
    """Return the part of a title that a page without headings prints in a line near its top.

    The part that is the site's name is a link there.
    """
    marks = [mark for mark in SITE_MARKS if mark in title]
    parts = [part for mark in marks for part in (title.rpartition(mark)[0], title.partition(mark)[2])]
    named = {fold_text(part): part.strip() for part in parts}
    for line in html.page.lines[:MAX_FURNITURE] if named else ():
        part = named.get(fold_text(line.text.partition("\n")[0]))
        if part and not line.marks and next(line.element.iterancestors("a", "nav", "footer"), None) is None:
            return part
    return None


def _without_site(title: str | None, html: Html) -> str | None:
    """Return a title without the site's name before or behind it."""
    if title is None or title == html.h1:
        return title
    names = {fold_text(name) for name in (html.site_name, *group_names(html)) if name}
    for mark in SITE_MARKS:
        head, found, tail = title.rpartition(mark)
        if found and fold_text(tail) in names:
            return head.strip() or title
        head, found, tail = title.partition(mark)
        if found and fold_text(head) in names:
            return tail.strip() or title
    return title
