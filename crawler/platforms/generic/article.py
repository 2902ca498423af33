"""The record of an article, from what its page declares and prints."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from crawler.platforms.base import Page, PageLinks
from crawler.platforms.generic.body import read_dek
from crawler.platforms.generic.comments import read_discussion
from crawler.platforms.generic.fronts import CHANGED, part_day
from crawler.platforms.generic.lead import read_hero
from crawler.platforms.generic.lists import feed_links
from crawler.platforms.generic.moments import is_in_margin, is_of_change, own_times, read_stamp
from crawler.platforms.generic.naming import is_of_names
from crawler.platforms.generic.opening import Html, is_same_site, letters_of, parse_printed
from crawler.platforms.generic.people import read_authors, read_byline
from crawler.platforms.generic.tagging import read_tags
from crawler.reading.dates import DateReading, intersect_bounds
from crawler.reading.markup import count_words, html_to_text
from crawler.reading.outline import text_of
from crawler.reading.robots import read_robots
from crawler.reading.structured import as_text, types_of
from crawler.reading.urls import absolute_url
from crawler.records import ArticleRecord, Community, build_record

_NOT_PRINTED = "not printed"
_EXPECTED = (
    "byline",
    "published_at",
    "dek",
    "language",
    "hero",
    "community",
    "comment_count",
    "rights_line",
    "authors",
    "tags",
)
MAX_ABOVE, MAX_BELOW = 1, 14
"""Most lines above and below a headline among which its standfirst begins."""
MIN_BEGINNING = 20
"""Fewest letters of a line that is the beginning of a longer standfirst."""
_UNPRINTED = timedelta(minutes=1)
"""What a printed time leaves out."""
_PAGE_DATES = {"published": "datePublished", "modified": "dateModified"}
_DAY_IN_PATH = re.compile(
    r"/(?P<year>(?:19|20)\d\d)(?P<mark>[/-])(?P<month>\d\d)(?P=mark)(?P<day>\d\d)(?:(?P=mark)|/)"
)
_YEAR = re.compile(r"\d{4}|\d[./-] ?\d{1,2}[./-] ?\d\d|['’]\d\d")
_MINUTES = re.compile(r"(?<![\w.,])(\d{1,3})[ -]?min(?:ute)?s?(?: to)? read\b(?!.*[.!?]$)", re.IGNORECASE)
_RIGHTS = re.compile(r"(?:©|copyright\b|\(c\)).{0,200}\d{4}.{0,200}|\d{4}.{0,20}©.{0,200}", re.IGNORECASE)


def to_article(html: Html, headline: str, body: str, *, is_paid: bool) -> Page:
    """Return the page with its article.

    Args:
        html: The page.
        headline: As `body.read_headline` gives it.
        body: Sanitized; "" when it is withheld.
        is_paid: The page says that its text is not free to read.

    Raises:
        RecordError: A field breaks its promise.
    """
    authors = read_authors(html)
    byline = read_byline(html)
    fields: dict[str, Any] = {
        **_read_dates(html, byline),
        **_read_details(html),
        "headline": headline,
        "dek": _near_headline(html, read_dek(html)),
        "byline": byline,
        "authors": authors,
        "tags": read_tags(html),
        "robots": read_robots(html.data.meta, html.page.headers.get("x-robots-tag")),
    }
    text = html_to_text(body)
    discussion = read_discussion(html)
    if fields["comment_count"] is None:
        fields["comment_count"] = discussion.count
    article = build_record(
        ArticleRecord,
        platform="generic",
        url=html.page.url,
        canonical_url=html.url,
        body_html=body,
        body_text=text,
        word_count=count_words(text),
        access="paid" if is_paid else "free",
        comments_complete=not discussion.pages and len(discussion.comments) == fields["comment_count"],
        provenance=_provenance(html, fields),
        **fields,
    )
    links = PageLinks(
        comment_pages=discussion.pages,
        authors=tuple(author.url for author in authors if author.url and is_same_site(html, author.url)),
        lists=feed_links(html),
    )
    return Page(
        "generic",
        "article",
        url=html.url,
        article=article,
        comments=discussion.comments,
        links=links,
        missing=_missing(fields, is_paid=is_paid),
    )


def _missing(fields: dict[str, Any], *, is_paid: bool) -> dict[str, str]:
    """Name the fields that a reader would expect and the page does not tell."""
    missing = {name: _NOT_PRINTED for name in _EXPECTED if not fields[name]}
    if is_paid:
        missing["body_html"] = "withheld: the page says it is not free"
    return missing


def _near_headline(html: Html, dek: str | None) -> str | None:
    """Return a standfirst, unless it is declared nowhere and printed far from the headline."""
    if dek is None or html.heading is None or any(claims.dek == dek for claims in html.claims):
        return dek
    lines = [line for line in html.page.lines if line.text]
    own = set(html.heading.iter())
    place = next((at for at, line in enumerate(lines) if line.element in own), None)
    if place is None:
        return dek
    letters = letters_of(dek)
    near = (letters_of(line.text) for line in lines[max(0, place - MAX_ABOVE) : place + MAX_BELOW])
    least = min(len(letters), MIN_BEGINNING)
    return dek if any(len(each) >= least and letters.startswith(each) for each in near) else None


def _provenance(html: Html, fields: dict[str, Any]) -> dict[str, str]:
    """Name the source of each field that a declared source gives; the rest comes from the structure."""
    told = {
        "headline": "headline",
        "authors": "authors",
        "published_at": "published",
        "modified_at": "modified",
        "hero": "image",
        "tags": "tags",
        "community": "section",
        "language": "language",
        "comment_count": "comment_count",
        "like_count": "like_count",
        "license": "license",
    }
    sources: dict[str, str] = {"body_html": "structure"}
    for field, value in fields.items():
        if value not in (None, []):
            claim = told.get(field)
            found = (c.source for c in html.claims if claim and getattr(c, claim) not in (None, []))
            sources[field] = next(found, "structure")
    return sources


def _read_dates(html: Html, byline: str | None) -> dict[str, Any]:
    """Return the fields of both dates; a declared instant before a printed day."""
    declared = {
        "published": [claims.published for claims in html.claims if claims.published],
        "modified": [claims.modified for claims in html.claims if claims.modified],
    }
    printed = _printed_dates(html, byline)
    if not declared["published"] and not printed["published"]:
        declared = {name: [*declared[name], *_page_dates(html, name)] for name in declared}
    if not declared["published"] and (day := _day_of_address(html, printed["published"])):
        declared["published"].append(day)
    fields: dict[str, Any] = {}
    for name in ("published", "modified"):
        told = [reading for text in declared[name] if (reading := parse_printed(html, text))]
        best = next((reading for reading in told if reading.is_exact), told[0] if told else None)
        shown = next((each for each in printed[name] if best is None or _agree(each, best)), None)
        if shown is not None and (best is None or (shown.is_exact and not best.is_exact)):
            best = shown
        fields[f"{name}_at"] = best.at if best else None
        fields[f"{name}_bounds"] = best.bounds if best else None
        fields[f"{name}_text"] = shown.text if shown else None
    return fields


def _printed_dates(html: Html, byline: str | None) -> dict[str, list[DateReading]]:
    """Return the days that the page prints of its article, of elements before those of lines."""
    printed: dict[str, list[DateReading]] = {"published": [], "modified": []}
    in_margin: list[DateReading] = []
    for element in own_times(html):
        reading = parse_printed(html, element.get("datetime")) or parse_printed(html, text_of(element))
        if reading is not None and is_of_change(element):
            printed["modified"].append(reading)
        elif reading is not None:
            (in_margin if is_in_margin(html, element) else printed["published"]).append(reading)
    if not printed["published"]:
        printed["published"] += [html.front.day] if html.front.day is not None else in_margin
    stamp = None if printed["published"] else read_stamp(html)
    if stamp is not None:
        printed["modified" if stamp[1] else "published"].append(stamp[0])
    if not printed["published"] and byline is not None:
        before, day, behind = part_day(byline, html.page.seen_at, html.data.language)
        if day is not None and not CHANGED.search(before) and is_of_names(before, behind):
            printed["published"].append(day)
    return printed


def _page_dates(html: Html, name: str) -> list[str]:
    """Return what the page's data say of the page itself, where they know no article on it."""
    pages = (node for node in html.data.jsonld if "WebPage" in types_of(node))
    return [date for node in pages if (date := as_text(node.get(_PAGE_DATES[name])))]


def _day_of_address(html: Html, printed: Sequence[DateReading]) -> str | None:
    """Return the day in the page's address, where none is printed or only its year is missing.

    Source:
        The permalinks of WordPress and Jekyll: ``/2026/11/03/``, ``/2026-11-03-``.
    """
    match = _DAY_IN_PATH.search(urlsplit(html.url or "").path)
    if match is None or int(match["year"]) > html.page.seen_at.year:
        return None
    day = f"{match['year']}-{match['month']}-{match['day']}"
    if not printed:
        return day
    first = printed[0]
    is_without_year = _has_number(first.text, first.at.day) and not _YEAR.search(first.text)
    return day if is_without_year and day.endswith(f"{first.at:%m-%d}") else None


def _agree(printed: DateReading, declared: DateReading) -> bool:
    """Tell whether a printed day may be the declared one: seconds, and often the year, are not printed."""
    first, last = printed.bounds[0] - _UNPRINTED, printed.bounds[1] + _UNPRINTED
    is_same_day = (printed.at.month, printed.at.day) == (declared.at.month, declared.at.day)
    if is_same_day or intersect_bounds((first, last), declared.bounds) is not None:
        return True
    # Without the year its bounds are those of another; that of an instant may be printed in another zone.
    if not declared.is_exact or _YEAR.search(printed.text) or not _has_number(printed.text, printed.at.day):
        return False
    around = (declared.at + timedelta(days=n_days) for n_days in (-1, 1))
    return any((printed.at.month, printed.at.day) == (day.month, day.day) for day in around)


def _has_number(text: str, number: int) -> bool:
    return any(int(digits) == number for digits in re.findall(r"\d{1,9}", text))


def _read_details(html: Html) -> dict[str, Any]:
    """Return the fields that some source declares and that need no weighing."""
    section = next((claims.section for claims in html.claims if claims.section), None)
    license_link = next((href for href, _ in html.data.links.get("license", [])), None)
    declared_license = next((claims.license for claims in html.claims if claims.license), None)
    language = html.data.language or next(
        (claims.language for claims in html.claims if claims.language), None
    )
    lines = [line.text for line in html.page.lines if line.text and len(line.text) <= 300]
    short = (text for text in lines if len(text) <= 100)
    minutes = next((match[1] for text in short if (match := _MINUTES.search(text))), None)
    return {
        "community": Community(name=section[0], url=absolute_url(html.base, section[1])) if section else None,
        "hero": read_hero(html),
        "language": language.strip().replace("_", "-").lower() if language and language.strip() else None,
        "license": absolute_url(html.base, license_link) if license_link else declared_license,
        "rights_line": next((text for text in reversed(lines) if _RIGHTS.fullmatch(text)), None),
        "reading_minutes": int(minutes) if minutes else None,
        "comment_count": next((c.comment_count for c in html.claims if c.comment_count is not None), None),
        "like_count": next((c.like_count for c in html.claims if c.like_count is not None), None),
    }
