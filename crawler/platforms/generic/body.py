"""Headline and body of an article on a page of no known platform."""

import re
from html import escape
from itertools import islice

from crawler.platforms.generic.opening import Html
from crawler.platforms.generic.people import group_names
from crawler.reading.markup import count_words, fold_text, html_to_text, sanitize_html
from crawler.reading.outline import text_of
from crawler.reading.structured import as_list
from crawler.records import MAX_HEADLINE

MAX_FURNITURE = 60
"""Most words looked at to tell navigation from a very short article."""

MAX_ELEMENTS = 100_000
MAX_ANCHORS = 20_000
"""Beyond these a page has no running text worth the search: trafilatura took 16 s of CPU and 400 MB for
170,000 links, a tenth of a millisecond for each; the longest articles of encyclopedias have some 10,000."""


def read_headline(html: Html) -> str | None:
    """Return the headline: declared, else the first heading, else the title; never with the site's name."""
    declared = next((claims.headline for claims in html.claims if claims.headline), None)
    candidate = html.h1 if html.h1 and _is_longer_form(html.h1, declared) else declared
    candidate = _without_site(candidate or html.h1 or html.data.title, html)
    return candidate if candidate and len(candidate) <= MAX_HEADLINE else None


def read_body(html: Html) -> str:
    """Return the sanitized body: the page's running text, or the declared one where that is much longer."""
    found = _extract(html) if _is_bounded(html) else None
    body = _without_headline(sanitize_html(found, html.base), html) if found else ""
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

    found: str | None = trafilatura.extract(
        html.page.text,
        url=html.page.url,
        output_format="html",
        include_comments=False,
        include_formatting=True,
        include_images=True,
        include_links=True,
        fast=True,
    )
    return found


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


def _is_longer_form(heading: str, declared: str | None) -> bool:
    """Tell whether a heading is what a declared headline was cut from, or carries no site's name."""
    if declared is None:
        return True
    stem = fold_text(declared).rstrip(".… ")
    return fold_text(heading).startswith(stem) or stem.startswith(fold_text(heading))


def _without_site(title: str | None, html: Html) -> str | None:
    if title is None or title == html.h1:
        return title
    names = {fold_text(name) for name in (html.site_name, *group_names(html)) if name}
    for mark in (" | ", " - ", " – ", " — ", " · ", " » ", ": "):
        head, found, tail = title.rpartition(mark)
        if found and fold_text(tail) in names:
            return head.strip() or title
    return title


def _without_headline(body: str, html: Html) -> str:
    """Take the headline off a body that begins with it."""
    match = re.match(r"<(h2|p)>(.{1,2500}?)</\1>", body, re.DOTALL)
    headline = read_headline(html)
    if (
        match
        and headline
        and fold_text(html_to_text(match[2])) in (fold_text(headline), fold_text(html.h1 or ""))
    ):
        return body[match.end() :]
    return body
