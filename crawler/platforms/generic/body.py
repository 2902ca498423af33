"""Headline and body of an article on a page of no known platform."""

import re
from collections.abc import Iterator
from html import escape
from itertools import islice, pairwise

from lxml import etree

from crawler.platforms.generic.cutting import is_of_names, without_front
from crawler.platforms.generic.fronts import is_sentence
from crawler.platforms.generic.headings import SITE_MARKS, begins_title, first_subheading
from crawler.platforms.generic.loose import find_loose, unwrap, wrap
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

MAX_ELEMENTS = 100_000
MAX_ANCHORS = 20_000
"""Beyond these a page has no running text worth the search: trafilatura took 16 s of CPU and 400 MB for
170,000 links, a tenth of a millisecond for each; the longest articles of encyclopedias have some 10,000."""
_DEK_CLASS = re.compile(
    r"(?:^|[\s_-])(?:sub-?title|sub-?head(?:line|ing)?|standfirst|dek|deck)(?:$|[\s_-])", re.IGNORECASE
)
_CODE = re.compile(r"(</?)var>")


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
    taken = set(furniture)
    layout = list(_layout(html))
    wrapped = [(wrap(each), each) for each in find_loose(html.root) if taken.isdisjoint(each.marks)]
    changed = dict.fromkeys(layout, "div")
    changed |= {element: "tt" if element.tag == "code" else "span" for element in _inline(html)}
    names = {element: element.tag for element in changed}
    for element, name in changed.items():
        element.tag = name
    gaps = [(_take_out(element), element) for element in furniture]
    is_changed = bool(changed or gaps or wrapped)
    text = etree.tostring(html.root, method="html", encoding="unicode") if is_changed else None
    for gap, element in reversed(gaps):
        _put_back(gap, element)
    for paragraph, each in wrapped:
        unwrap(paragraph, each)
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
