"""An author's own page: the person, and the stories it lists."""

import re
from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from crawler.platforms.base import Page, PageInput, PageLinks
from crawler.platforms.vocal.addresses import canonical_url, first_page, handle_of, leads_to_story, site_of
from crawler.platforms.vocal.bylines import is_author_link
from crawler.platforms.vocal.cards import Card, to_card
from crawler.platforms.vocal.elsewhere import (
    icon_addresses,
    is_lone_link,
    is_row_of_links,
    is_row_of_tabs,
    linked_addresses,
)
from crawler.platforms.vocal.facts import (
    WORDS,
    facts_of,
    is_count,
    is_number,
    read_counts,
    read_joined,
    since,
    words_beside_counts,
)
from crawler.platforms.vocal.labels import label_of, strip_site_name
from crawler.platforms.vocal.listings import read_cards
from crawler.platforms.vocal.paging import find_next_page
from crawler.platforms.vocal.people import author_record, is_initials, is_more
from crawler.platforms.vocal.portraits import find_portrait
from crawler.platforms.vocal.states import find_person
from crawler.reading.claims import PersonClaims, claims_of_person
from crawler.reading.dates import parse_date
from crawler.reading.markup import elements_around, fold_text, html_to_text, render_lines, sanitize_html
from crawler.reading.outline import Line, lines_to_text, text_of
from crawler.reading.urls import absolute_url
from crawler.records import AuthorRecord

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ABOVE_NAME = 4
"""Lines above the name among which the picture and the counts may stand."""
_MAX_LISTS = 5
"""Most lists of facts that are looked at."""
_PLACE = re.compile(r"[^\W\d_][\w .'’-]{1,38}, [^\W\d_][\w .'’-]{1,38}[^\W_.]")
_LOCATION = re.compile(
    r"(?:location|lives in|based in)\s*:\s*(.{2,80})|\U0001f4cd\s*(.{2,80})", re.IGNORECASE
)
_BIO_TITLES = ("about", "about me", "bio", "biography")
_STORIES = ("stories", "all stories", "latest stories", "recent stories")
_NO_BIO = ("achievements", "awards", "badges", "challenges", "pinned", "pinned stories")
_COUNT = re.compile(r"\([\d.,/ ]{1,20}[km]?\)", re.IGNORECASE)
_TITLE = re.compile(
    rf"(?P<title>{'|'.join(_BIO_TITLES + _STORIES + _NO_BIO)})"
    rf":?\s*(?P<count>{_COUNT.pattern})?",
    re.IGNORECASE,
)
_NO_STORIES = re.compile(
    r".{0,100}\b(?:has not|hasn.t) (?:yet )?(?:published|posted|written) any(?:thing| stories)\b.{0,20}"
    r"|(?:there are )?no stories(?: here)?(?: yet| to show)?\.?",
    re.IGNORECASE,
)


def read_author_page(page: PageInput) -> Page:
    """Read an author's own page: the person, and the stories it lists."""
    cards = read_cards(page)
    url = canonical_url(page.url) if page.url else None
    next_page = find_next_page(page)  # before the person, whose loose links are taken out of the tree
    author = _read_person(page, first_page(url) if url else None, cards)
    return Page(
        "vocal",
        "author" if author is not None else "unknown",
        url=url,
        title=author.name if author is not None else None,
        authors=[author] if author is not None else [],
        cards=[to_card(card) for card in cards],
        links=PageLinks(articles=tuple(card.url for card in cards), next_page=next_page),
        missing={} if author is not None else {"author": "no name is printed"},
    )


def _read_person(page: PageInput, url: str | None, cards: Sequence[Card]) -> AuthorRecord | None:
    """Read what an author's page says of the person, which is what stands before the first card."""
    lines = page.lines
    claims = find_person(page.structured.states, handle_of(url)) or claims_of_person(page.structured)
    claims = claims or PersonClaims()
    end = min((card.first for card in cards), default=len(lines))
    at, name = _find_name(page, lines[:end], url, claims)
    if not name:
        return None
    start = at + 1 if at is not None else 0
    if at is not None and end == len(lines):
        ends = (index for index in range(start, end) if _ends_profile(lines[index]))
        end = next(ends, end)
    block = lines[max(0, (at or 0) - _ABOVE_NAME) : end] if at is not None else []
    location, place = _read_location(block)
    joined, dated = read_joined(block)
    told = [*place, *dated]

    def is_said(line: Line) -> bool:
        is_own = line not in told and _is_bio(line) and not is_initials(line.text, name)
        return is_own and not is_row_of_tabs(line, page.url, url)

    bio = _find_bio(lines[start:end], is_said) if block else []
    bio = [line for line in bio if _is_described(line)] or bio
    said = {id(line) for line in bio}
    others = [line for line in lines if id(line) not in said]
    counts = read_counts([line for line in block if id(line) not in said and line not in told])
    joined = joined or claims.joined
    joined_at = parse_date(joined, seen_at=page.seen_at, language="en") if joined else None
    links = linked_addresses(lines[start:end] if block else [], page.url, url)
    if at is not None:
        links += icon_addresses(lines[at], lines[end] if end < len(lines) else None, page.url)
    links += claims.links
    site = site_of(url) if url else None
    html = render_lines(bio, page.url, around=elements_around(others))
    described = claims.bio or _preview_text(page, name)
    if not html and described:
        html = sanitize_html(described, page.url)
    return author_record(
        name=name,
        url=url,
        platform_id=claims.platform_id,
        bio_html=html or None,
        bio_text=lines_to_text(bio) or html_to_text(html) or None,
        avatar_url=find_portrait(
            _above_card(block, lines[end : end + 1]),
            name=name,
            base_url=page.url,
            own_url=url,
            told=absolute_url(page.url, claims.avatar),
        )
        or _preview(page),
        links=list(dict.fromkeys(found for found in links if site_of(found) != site)),
        location=location or claims.location,
        follower_count=counts.get("follower", claims.follower_count),
        article_count=counts.get("story", claims.article_count),
        joined_at=joined_at.at if joined_at else None,
    )


def _preview(page: PageInput) -> str | None:
    """Return the picture that a page which calls itself a profile has for previews."""
    is_profile = page.structured.first_meta("og:type") == "profile"
    return absolute_url(page.url, page.structured.first_meta("og:image")) if is_profile else None


def _preview_text(page: PageInput, name: str) -> str | None:
    """Return what a page which calls itself a profile says for previews, unless that names site or person.

    "Read stories by Ada Moss on Vocal" is the site's sentence, not the person's.
    """
    text = page.structured.first_meta("og:description") or ""
    site = page.structured.first_meta("og:site_name") or "Vocal"
    is_own = not any(fold_text(each) in fold_text(text) for each in (name, site, "Vocal"))
    return text if text and is_own and page.structured.first_meta("og:type") == "profile" else None


def _find_name(
    page: PageInput, lines: Sequence[Line], url: str | None, claims: PersonClaims
) -> tuple[int | None, str | None]:
    """Return the line of the name, and the name: the main heading, or what other sources call the person.

    Args:
        page: The page.
        lines: Those above the first card.
        url: Canonical address of the page; its own links elsewhere are worded like the name.
        claims: What structured sources say.
    """
    site = page.structured.first_meta("og:site_name") or "Vocal"
    told = page.structured.first_meta("og:title", "profile:username") or page.structured.title
    title = strip_site_name(told, page.structured.first_meta("og:site_name")) if told else None
    names = [name for name in (claims.name, title, *_own_links(page, url)) if name and name != site]
    heading = next((at for at, line in enumerate(lines) if line.tag == "h1" and line.text != site), None)
    if heading is not None:
        return heading, lines[heading].text
    for name in names:
        at = next((at for at, line in enumerate(lines) if fold_text(line.text) == fold_text(name)), None)
        if at is not None:
            return at, lines[at].text
    at = next((at for at, line in enumerate(lines) if line.tag in _HEADINGS and line.text != site), None)
    if claims.name is None and at is not None:
        return at, lines[at].text
    return None, next(iter(names), None)


def _own_links(page: PageInput, url: str | None) -> Iterator[str]:
    """Yield the words of the page's links to itself, as its cards print them."""
    for line in page.lines:
        for mark in line.marks:
            if is_author_link(mark):
                address = absolute_url(page.url, mark.get("href"))
                if address is not None and canonical_url(address) == url and text_of(mark):
                    yield text_of(mark)


def _ends_profile(line: Line) -> bool:
    is_new_part = line.tag in _HEADINGS and line.text.lower() not in (*_BIO_TITLES, "location")
    return label_of(line.text) == "footer" or is_new_part


def _find_bio(lines: Sequence[Line], is_said: Callable[[Line], bool]) -> list[Line]:
    """Return the lines of the bio among those between the name and the first card.

    A page parts them by headings, or by lines that stand for some: "Bio", "Achievements", "Stories (220)".
    The bio is the part below its own title, else the first that says anything; below the title of the
    stories stands what sorts them.

    Args:
        lines: Between the name and the first card.
        is_said: Tells a line that the person may have written.
    """
    parts: list[tuple[str, list[Line]]] = [("", [])]
    for at, line in enumerate(lines):
        title = _title_at(lines, at)
        if title is not None:
            parts.append((title, []))
        elif is_said(line):
            parts[-1][1].append(line)
    named = [said for title, said in parts if said and title in _BIO_TITLES]
    others = [said for title, said in parts if said and title not in ("stories", *_NO_BIO)]
    return next(iter(named or others), [])


def _title_at(lines: Sequence[Line], at: int) -> str | None:
    """Return the title, in small letters and without its count, where one begins a part of a profile."""
    line = lines[at]
    match = _TITLE.fullmatch(line.text)
    if match is None:
        return line.text.lower() if line.tag in _HEADINGS else None
    title = match["title"].lower()
    if title not in _STORIES or line.tag in _HEADINGS:
        return "stories" if title in _STORIES else title
    is_counted = match["count"] is not None or (
        at + 1 < len(lines) and _COUNT.fullmatch(lines[at + 1].text) is not None
    )
    return "stories" if is_counted else None


def _read_location(lines: Sequence[Line]) -> tuple[str | None, list[Line]]:
    """Return where the person lives, and the lines that say so."""
    texts = [line for line in lines if line.text]
    for index, line in enumerate(texts):
        if line.tag == "address" and len(line.text) <= 80 and not line.marks:
            return line.text, [line]
        match = _LOCATION.fullmatch(line.text)
        if match:
            return match[1] or match[2], [line]
        if line.text.lower().rstrip(":") == "location" and index + 1 < len(texts):
            below = texts[index + 1]
            if len(below.text) <= 80 and below.text.lower() not in WORDS:
                return below.text, [line, below]
    return _read_lone_place(texts)


def _read_lone_place(texts: Sequence[Line]) -> tuple[str | None, list[Line]]:
    """Return the one item without a label in a list of facts ("Joined May 2023", "947 Followers")."""
    lists: set[etree._Element | None] = set()
    for index, fact in enumerate(texts):
        if since(fact.text) is None and not is_count(fact.text):
            continue
        if fact.tag != "li":
            return _read_place_beside(texts, index) if index > 0 else (None, [])
        around = fact.element.getparent()
        if around in lists:
            continue
        lists.add(around)
        rest = [line for line in texts if line.element.getparent() is around and _is_bio(line)]
        if rest:
            is_place = len(rest) == 1 and len(rest[0].text) <= 80 and not rest[0].marks
            return (rest[0].text, rest) if is_place else (None, [])
        if len(lists) > _MAX_LISTS:
            break
    return None, []


def _read_place_beside(texts: Sequence[Line], index: int) -> tuple[str | None, list[Line]]:
    """Return the place right above or below a fact, where the bio is something else."""
    above = texts[index - 1]
    places = [line for line in (above, *texts[index + 1 : index + 2]) if _is_place(line)]
    has_bio = bool(places) and any(_is_bio(line) for line in texts if line is not places[0])
    return (places[0].text, places[:1]) if has_bio else (None, [])


def _is_place(line: Line) -> bool:
    """Tell "Hull, England" beside a fact from a bio of a few words: "Father of two, mender of nets"."""
    if line.marks or _PLACE.fullmatch(line.text) is None or not _is_bio(line):
        return False
    return all(part.strip()[0].isupper() for part in line.text.split(","))


def _is_bio(line: Line) -> bool:
    text = line.text
    if not text or line.tag in _HEADINGS or line.tag == "button" or label_of(text) is not None:
        return False
    if facts_of(line) or is_row_of_links(line) or is_lone_link(line) or is_more(text):
        return False
    if _NO_STORIES.fullmatch(text) or is_number(text):
        return False
    left = words_beside_counts(text)
    if not left and not any(char.isalnum() for char in text):
        return not text.isascii()  # an emoji is a bio, a dash is none
    if not left or left in WORDS:
        return False
    return not any(above.tag in ("nav", "footer", "button") for above in line.element.iterancestors())


def _is_described(line: Line) -> bool:
    """Tell a line that the page's own microdata call the person's description."""
    around = (line.element, *line.element.iterancestors())
    return any("description" in (above.get("itemprop") or "").split() for above in around)


def _above_card(block: Sequence[Line], first_card: Sequence[Line]) -> list[Line]:
    """Return a profile without the lines of the first card, whose picture may stand above its headline."""
    names = {above for line in block if line.text for above in line.element.iterancestors()}
    cards = {above for line in first_card for above in (line.element, *line.element.iterancestors())}
    own = cards - names
    return [
        line
        for line in block
        if own.isdisjoint((line.element, *line.element.iterancestors()))
        and not any(leads_to_story(link.get("href"), None) for link in line.element.iterancestors("a"))
    ]
