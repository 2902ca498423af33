"""Headline and body of an article on a page of no known platform."""

import re
from html import escape
from itertools import islice, pairwise

from crawler.platforms.generic.cutting import is_of_names, without_front
from crawler.platforms.generic.headings import SITE_MARKS, begins_title, first_subheading
from crawler.platforms.generic.opening import Html, find_classed
from crawler.platforms.generic.people import group_names, read_authors, read_byline
from crawler.platforms.generic.preparing import Prepared, prepare
from crawler.platforms.generic.restoring import restore_lines
from crawler.platforms.generic.teasing import size_of_text
from crawler.reading.markup import count_words, fold_text, html_to_text, sanitize_html
from crawler.reading.outline import text_of
from crawler.reading.structured import as_list
from crawler.records import MAX_HEADLINE

MAX_DEK = 500
"""Longest standfirst, in characters."""
MIN_RUNNING = 250
"""Fewest words of paragraphs beside each other that must be an article's."""
MAX_FURNITURE = 60
"""Most words looked at to tell navigation from a very short article."""

MAX_ELEMENTS = 100_000
MAX_ANCHORS = 20_000
"""Beyond these a page has no running text worth the search: trafilatura took 16 s of CPU and 400 MB for
170,000 links, a tenth of a millisecond for each; the longest articles of encyclopedias have some 10,000."""
_DEK_CLASS = re.compile(
    r"(?:^|[\s_-])(?:sub-?title|sub-?head(?:line|ing)?|standfirst|dek|deck)(?:$|[\s_-])", re.IGNORECASE
)
_SLUG = re.compile(r"[a-z0-9äöüß]+(?:[-_][a-z0-9äöüß]+){2,30}")
"""A page's short name, which some software declares in the place of its headline."""
_CODE = re.compile(r"(</?)var>")


def read_headline(html: Html) -> str | None:
    """Return the headline: declared, else the first heading, else the title; never with the site's name.

    Nor is it the site's name alone, which some sites declare for each of their pages, as long as something
    else names the article.
    """
    site = fold_text(html.site_name or "")
    told = (c.headline for c in html.claims if c.headline and fold_text(c.headline) != site)
    declared = next((text for text in told if html.h1 is None or _SLUG.fullmatch(text) is None), None)
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
    body = ""
    if _is_bounded(html):
        prepared = prepare(html)
        body = restore_lines(_find_text(html, prepared), html, prepared)
    body = without_front(body, html, headline=read_headline(html), dek=read_dek(html))
    declared = _declared_body(html)
    text = html_to_text(body)
    is_unbroken = "\n\n" in declared and "\n" not in text and declared.split() == text.split()
    if is_unbroken or count_words(declared) > 1.5 * count_words(text):
        is_markup = "</p>" in declared or "<br" in declared
        paragraphs = [part.strip() for part in re.split(r"\n\s*\n|\r\n", declared) if part.strip()]
        markup = declared if is_markup else "".join(f"<p>{escape(part)}</p>" for part in paragraphs)
        return sanitize_html(markup, html.base)
    return "" if _is_furniture(text, html) else body


def _declared_body(html: Html) -> str:
    """Return the body that the page's data say; of microdata only what stands in no text of the page.

    An element of the text is found with the text, and without the scripts and buttons in it.
    """
    node = html.data.article_node()
    if node is None:
        return ""
    if node[1] == "microdata" and next(html.root.iterfind(".//meta[@itemprop='articleBody']"), None) is None:
        return ""
    return next((text for text in as_list(node[0].get("articleBody")) if isinstance(text, str)), "")


def _find_text(html: Html, prepared: Prepared) -> str:
    """Return the running text, looked for again with more care where a box holds far more than was found."""
    found = sanitize_html(_extract(prepared, html.page.url), html.base)
    n_running = size_of_text(html.page.lines)
    if n_running < MIN_RUNNING or 3 * count_words(html_to_text(found)) >= n_running:
        return found
    other = sanitize_html(_extract(prepared, html.page.url, is_fast=False), html.base)
    return other if 2 * count_words(html_to_text(other)) > n_running else found


def _extract(prepared: Prepared, url: str | None, *, is_fast: bool = True) -> str:
    import trafilatura

    found: str | None = trafilatura.extract(
        prepared.markup(),
        url=url,
        output_format="html",
        include_comments=False,
        include_formatting=True,
        include_images=True,
        include_links=True,
        fast=is_fast,
    )
    # Its one element for all kinds of code in a sentence.
    return _CODE.sub(r"\1code>", found or "")


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
