"""Pages that list stories: communities, latest, top, tags; and the stories on an author's page."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from crawler.platforms.base import ArticleCard, Page, PageInput, PageLinks
from crawler.platforms.vocal.addresses import HOME, address_kind, canonical_url, path_segments, site_of
from crawler.platforms.vocal.boxes import CardBoxes
from crawler.platforms.vocal.bylines import is_author_link, time_value
from crawler.platforms.vocal.labels import (
    count_of_comments,
    is_badge,
    label_of,
    split_badges,
    strip_site_name,
)
from crawler.platforms.vocal.states import claims_of_post, find_posts, post_address
from crawler.reading.claims import Claims, claims_of_node
from crawler.reading.dates import DateReading, find_days, find_relative_dates, parse_date
from crawler.reading.outline import DATE_TAGS, Line, normalize_line, read_lines, text_of
from crawler.reading.relative import parse_age
from crawler.reading.structured import as_list, types_of
from crawler.reading.urls import absolute_url

MAX_CARDS = 1_000
"""Most stories taken from one list page; a real one has twelve."""
MAX_LINKS = 10_000
"""Most links of a page looked at; a real list page has about a hundred."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_NEXT = re.compile(
    r"(?:next|older|more|(?:load|show|view|see) more)(?: (?:stories|page|posts))?|[»›→>]|next ?[»›→>]",
    re.IGNORECASE,
)
_AFTER_DATE = re.compile(
    r"\s*(?:[•·|]?\s*in(?:\s.{1,80})?|[•·|]?\s*\d{1,4} min(?:ute)?s? read)?(?:[\s•·|]+\d{1,7}){0,3}[\s•·|]*",
    re.IGNORECASE,
)
_PUBLISHED_END = re.compile(r"(?:Published|PUBLISHED)?(?:\s(?:on|ON))?$")
_READ_MORE = re.compile(
    r"(?:(?:continue|keep) reading|read(?: (?:more|now|on|(?:the |full |this )?story))?|view story)"
    r"[\s.…»›→]*",
    re.IGNORECASE,
)
_MAX_TITLE = 300
_HELP = "resources"
"""Community of the platform's own posts."""


@dataclass(slots=True)
class Card:
    """What a list shows of one story, while it is read.

    Attributes:
        url: Canonical address.
        title: As printed, badges taken off.
        is_heading: The title stands in a heading.
        author: As printed.
        published: What the printed date means.
        badges: In printed order.
        comment_count: As printed.
        first: The line it begins in.
        last_line: The line last seen, where it has neither link nor date.
        heading: The first heading in its box that is no link, or "".
        is_boxed: Its author or date stands in its box, so no line outside is its own.
    """

    url: str
    title: str | None = None
    is_heading: bool = False
    author: str | None = None
    published: DateReading | None = None
    badges: list[str] = field(default_factory=list)
    comment_count: int | None = None
    first: int = 0
    last_line: str | None = None
    heading: str = ""
    is_boxed: bool = False


def read_list(page: PageInput) -> Page:
    """Read a page that lists stories."""
    cards = read_cards(page)
    title = _page_title(page)
    return Page(
        "vocal",
        "list",
        url=canonical_url(page.url) if page.url else None,
        title=title,
        cards=[to_card(card) for card in cards],
        links=PageLinks(
            articles=tuple(card.url for card in cards),
            authors=() if cards else tuple(_author_links(page)),
            next_page=find_next_page(page),
        ),
    )


def story_links(page: PageInput) -> list[str]:
    """Return the canonical addresses of all stories that a page links to, in order, without doubles."""
    found = (_story_url(mark, page.url) for mark in _links(page))
    return list(dict.fromkeys(url for url in found if url is not None))


def find_next_page(page: PageInput) -> str | None:
    """Return the address of the next page of a list; None on the last one.

    A ``rel=next`` link decides, then a link that says "Next", then the numbers: lists count from 0 or from
    1, which the difference between a link's words and its address tells.
    """
    here = canonical_url(page.url) if page.url else None
    for href, _ in page.structured.links.get("next", []):
        found = _list_url(href, page, here)
        if found:
            return found
    numbered: dict[int, tuple[int, str]] = {}
    current: int | None = None
    beside: dict[int, str] = {}
    for link in _links(page):
        hint = link.get("aria-label") or link.get("title") or ""
        words = (text_of(link) or hint).removeprefix("Page ")
        is_next = "next" in (link.get("rel") or "").lower().split() or hint.lower().startswith("next")
        url = _list_url(link.get("href"), page, here)
        if link.get("aria-current") and words.isdigit():
            current = int(words)
        is_off = link.get("aria-disabled") == "true" or "disabled" in (link.get("class") or "").split()
        if is_off or url is None:
            continue
        if is_next or (_NEXT.fullmatch(words) and _page_number(url) is not None):
            return url
        number = _page_number(url)
        if number is not None:
            beside.setdefault(number, url)
        if number is not None and words.isascii() and words.isdigit() and len(words) < 8:
            numbered[int(words)] = (number, url)
    own = _page_number(here) if here else None
    unnamed = beside.get(own + 1) if own is not None and not numbered else None
    return _next_by_number(numbered, current, here) or unnamed


def _next_by_number(
    numbered: dict[int, tuple[int, str]], current: int | None, here: str | None
) -> str | None:
    if not numbered:
        return None
    offset = next(iter(words - number for words, (number, _) in numbered.items()))
    if current is None:
        own = _page_number(here) if here else None
        current = own + offset if own is not None else 1
    following = numbered.get(current + 1)
    return following[1] if following else None


def _list_url(href: str | None, page: PageInput, here: str | None) -> str | None:
    """Return the canonical address of another page of the same list."""
    url = absolute_url(page.url, href) if href else None
    if url is None:
        return None
    found = canonical_url(url)
    if here is None:
        return found
    one, other = urlsplit(found), urlsplit(here)
    is_same = one.netloc == other.netloc and one.path.rstrip("/") == other.path.rstrip("/")
    return found if is_same and found != here else None


def _page_number(url: str) -> int | None:
    value = parse_qs(urlsplit(url).query).get("page", [""])[0]
    return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else None


def _links(page: PageInput) -> Iterator[etree._Element]:
    return islice(page.root.iter("a"), MAX_LINKS) if page.root is not None else iter(())


def _story_url(link: etree._Element, base_url: str | None) -> str | None:
    href = link.get("href")
    if not href or href.startswith("#"):
        return None
    url = absolute_url(base_url, href)
    if url is None:
        return None
    found = canonical_url(url)
    if base_url is not None and site_of(found) != site_of(base_url):
        return None
    return found if address_kind(found) == "story" else None


def _author_links(page: PageInput) -> Iterator[str]:
    found = (absolute_url(page.url, link.get("href")) for link in _links(page) if is_author_link(link))
    return iter(dict.fromkeys(canonical_url(url) for url in found if url))


def read_cards(page: PageInput) -> list[Card]:
    """Return one card for each story the page names, in page order; its JSON states' where it shows none."""
    return _visible_cards(page) or list(_state_cards(page)) or list(_told_cards(page))


def _told_cards(page: PageInput) -> Iterator[Card]:
    """Yield the cards of a page whose JSON-LD lists its stories."""
    structured, seen = page.structured, set[str]()
    lists = (node for node in structured.jsonld if "ItemList" in types_of(node))
    items = (item for node in lists for item in as_list(node.get("itemListElement")))
    for item in islice((item for item in items if isinstance(item, dict)), MAX_CARDS):
        found = structured.resolve(item.get("item"))
        node = found if isinstance(found, dict) else item
        href = found if isinstance(found, str) else node.get("url") or node.get("@id")
        address = _story_address(absolute_url(page.url, href) if isinstance(href, str) else None)
        if address is not None and address not in seen:
            seen.add(address)
            yield _to_card(address, claims_of_node(node, "jsonld", structured), page)


def _state_cards(page: PageInput) -> Iterator[Card]:
    """Yield the cards of a page that a script is to fill from its states."""
    seen: set[str] = set()
    for post, resolve in islice(find_posts(page.structured.states), MAX_CARDS):
        address = _story_address(absolute_url(page.url or f"https://{HOME}/", post_address(post, resolve)))
        if address is not None and address not in seen:
            seen.add(address)
            yield _to_card(address, claims_of_post(post, resolve), page)


def _story_address(url: str | None) -> str | None:
    """Return the one address of a story; None where another thing, or nothing, stands there."""
    address = canonical_url(url) if url else None
    return address if address is not None and address_kind(address) == "story" else None


def _to_card(address: str, told: Claims, page: PageInput) -> Card:
    """Return what a structured source tells of a listed story."""
    return Card(
        address,
        title=told.headline,
        author=next((name for name, _ in told.authors), None),
        published=parse_date(told.published, seen_at=page.seen_at) if told.published else None,
        comment_count=told.comment_count,
    )


def _visible_cards(page: PageInput) -> list[Card]:
    cards: dict[str, Card] = {}
    current: Card | None = None
    urls = {link: _story_url(link, page.url) for link in _links(page)}
    boxes = CardBoxes(((link, url) for link, url in urls.items() if url is not None), page.lines)
    for index, line in enumerate(page.lines):
        if len(cards) >= MAX_CARDS or (cards and label_of(line.text) == "footer"):
            break
        found, own = _urls_of_line(line, page, urls), boxes.story_of(line)
        if (found or own is not None or current is not None) and _is_outside(line, is_linked=bool(found)):
            current = None
        elif len(found) > 1:
            fresh = (address for address in found if address not in cards)
            cards.update({url: _read_inline_card(url, found[url], page, first=index) for url in list(fresh)})
            current = None
        else:
            current = _card_of(line, index, next(iter(found), own), cards, current)
            if current is not None:
                _see(line, current, page, has_link=bool(found))
                is_told = current.author is not None or current.published is not None
                current.is_boxed = current.is_boxed or (own is not None and is_told)
    for card in cards.values():
        if card.title is None or _READ_MORE.fullmatch(card.title):
            _take_heading(card)
    is_help = page.url is not None and path_segments(page.url)[:1] == [_HELP]
    return [card for card in cards.values() if is_help or not _is_help_link(card)]


def _card_of(
    line: Line, index: int, url: str | None, cards: dict[str, Card], above: Card | None
) -> Card | None:
    """Return the card a line belongs to, a new one where it is the first of its story.

    Args:
        line: With one link to a story, or none.
        index: Its place.
        url: The story it leads to or in whose box it stands.
        cards: By address.
        above: The card of the line above.
    """
    if url is None:
        return None if above is None or above.is_boxed else above
    if url not in cards and (line.text or line.tag != "img"):
        cards[url] = Card(url, first=index)
    return cards.get(url, above)


def _take_heading(card: Card) -> None:
    """Take the heading of a card whose only link says "Read more"."""
    title, badges = split_badges(card.heading)
    card.title = title or None
    card.badges.extend(badges)


def _is_help_link(card: Card) -> bool:
    """Tell a link to the platform's own help, which stands around any list, from a listed story."""
    return path_segments(card.url)[0] == _HELP and card.author is None and card.published is None


def _read_inline_card(url: str, link: etree._Element, page: PageInput, *, first: int) -> Card:
    """Read a card that is one of several links in a line: its words, or all it holds where that is more."""
    card = Card(url, first=first)
    for line in read_lines(link):
        _see(line, card, page, has_link=True)
    card.title = card.title or text_of(link) or None
    return card


def _is_outside(line: Line, *, is_linked: bool) -> bool:
    """Tell what stands around the cards; a card may have a footer of its own, and a label's words."""
    label = label_of(line.text) if not is_linked else None
    if label == "insights" or (label == "comments" and count_of_comments(line.text) is None):
        return True
    around = [above.tag for above in (line.element, *line.element.iterancestors())]
    at = next((at for at, tag in enumerate(around) if tag in ("footer", "nav")), None)
    return at is not None and not any(tag in ("article", "li") for tag in around[at:])


def _urls_of_line(
    line: Line, page: PageInput, urls: dict[etree._Element, str | None]
) -> dict[str, etree._Element]:
    """Return the stories a line's links lead to with the links, or the story of the link around it."""
    links = [mark for mark in line.marks if mark.tag == "a"] or list(line.element.iterancestors("a"))
    found: dict[str, etree._Element] = {}
    for link in links:
        if link not in urls:
            urls[link] = _story_url(link, page.url)
        url = urls[link]
        if url is not None and (url not in found or not text_of(found[url])):
            found[url] = link
    return found


def _see(line: Line, card: Card, page: PageInput, *, has_link: bool) -> None:
    """Take what one line of a card tells."""
    text = line.text
    if not text:
        return
    is_heading = line.tag in _HEADINGS
    parts = [piece for part in line.parts if (piece := normalize_line(part).strip(" •·|"))]
    is_title = has_link and card.title is None
    dated = _read_byline(line, parts, card, page, is_title=is_title)
    count = next((found for part in (text, *parts) if (found := count_of_comments(part)) is not None), None)
    if count is not None and not is_title:
        card.comment_count = count
    elif is_badge(text):
        card.badges.append(text.rstrip("."))
    elif not has_link:
        card.last_line = None if dated else text
        if is_heading and len(text) <= _MAX_TITLE * 4:
            card.heading = card.heading or text
    elif not card.is_heading and (card.title is None or is_heading):
        if dated and not is_heading:
            text = parts[0] if len(parts) > 1 and not _begins_byline(line, parts[0]) else ""
        title, badges = split_badges(text)
        is_label = label_of(title) is not None and (not is_heading or label_of(title) == "action")
        if title and len(title) <= _MAX_TITLE * 4 and not is_label:
            card.title, card.is_heading = title, is_heading
            card.badges.extend(badges)


def _begins_byline(line: Line, part: str) -> bool:
    """Tell the first words of a byline, into which the link around a picture above may run, from a title."""
    is_name = any(is_author_link(mark) and text_of(mark) == part for mark in line.marks)
    return is_name or f"{part} ".lower().startswith("by ")


def _read_byline(line: Line, parts: Sequence[str], card: Card, page: PageInput, *, is_title: bool) -> bool:
    """Take author and date from a line; return whether it has a date.

    Args:
        line: Of a card.
        parts: Its pieces, without what is printed between them.
        card: To be filled.
        page: The page.
        is_title: It may be the title: "By the River" names no author there.
    """
    link = next((mark for mark in line.marks if is_author_link(mark) and text_of(mark)), None)
    if link is not None and card.author is None:
        card.author = text_of(link)
    exact = next(
        (value for mark in line.marks if mark.tag in DATE_TAGS and (value := time_value(mark))), None
    )
    spans = list(find_relative_dates(line.text)) if len(line.text) < 1_000 else []
    if not spans and exact is None and not is_title and len(line.text) < _MAX_TITLE:
        spans = _find_days(line.text, parts, page)
    if not spans and exact is None:
        if (
            card.author is None
            and not is_title
            and line.text.lower().startswith("by ")
            and len(line.text) < 100
            and line.tag not in _HEADINGS
        ):
            card.author = line.text[3:].strip() or None
        return False
    if line.tag in _HEADINGS and exact is None:
        return False
    start, end = spans[-1] if spans else (len(line.text), len(line.text))
    if not _AFTER_DATE.fullmatch(line.text, end):
        return False
    reading = parse_date(exact or line.text[start:end], seen_at=page.seen_at)
    card.published = card.published or reading
    if card.author is None:
        begun = _begun_part(line.text[:start], parts)
        before = _without_title(line, line.text[:start])
        card.author = _glued_author(begun, before, parts) or _lone_name(card.last_line)
    return True


def _find_days(text: str, parts: Sequence[str], page: PageInput) -> list[tuple[int, int]]:
    """Return where a line of a card names a day, or an age in a piece of its own: "Jan 5, 2024", "3d"."""
    found = list(find_days(text))
    if not found:
        own = (part for part in parts if len(part) < 20 and parse_age(part.lower()) is not None)
        found = [(text.rindex(part), text.rindex(part) + len(part)) for part in own if part in text]
    known = (span for span in found if parse_date(text[slice(*span)], seen_at=page.seen_at, language="en"))
    return list(known)


def _without_title(line: Line, before: str) -> str:
    """Return what stands before a date without the linked title that begins the line."""
    titles = (text_of(mark) for mark in line.marks if mark.tag == "a" and not is_author_link(mark))
    title = next((text for text in titles if text and before.startswith(text)), "")
    rest = before[len(title) :].strip()
    return rest or before


def _lone_name(text: str | None) -> str | None:
    """Return the line right before a date where it can be a name: up to four words, no sentence."""
    if text is None or len(text) > 60 or len(text.split()) > 4 or text[-1] in ".!?:":
        return None
    return text


def _glued_author(begun: str, before: str, parts: Sequence[str]) -> str | None:
    """Return the name before a date: "By Ann Lee", "Ann LeePublished ", or the part that says so.

    Args:
        begun: As `_begun_part` gives it.
        before: What stands before the date, without a title.
        parts: Of the line.
    """
    name = _plain_name(begun)
    if not name:
        own = next((part for part in parts if part.lower().startswith("by ") and part in before), None)
        last = next(
            (part for part in reversed(parts) if part in before and part not in ("By", "Published")), None
        )
        if own is not None:
            name = before[before.rindex(own) :]
        else:
            name = last if last is not None and len(parts) > 2 else before
        name = _plain_name(name)
    return name if 0 < len(name) <= 100 else None


def _begun_part(before: str, parts: Sequence[str]) -> str:
    """Return the beginning, before the date, of the part that the date stands in."""
    n_left = sum(char.isalnum() for char in before)
    for part in parts:
        n_own = sum(char.isalnum() for char in part)
        if n_left < n_own:
            seen = accumulate(char.isalnum() for char in part)
            return part[: next(at for at, count in enumerate(seen) if count > n_left)]
        n_left -= n_own
    return ""


def _plain_name(text: str) -> str:
    name = _PUBLISHED_END.sub("", text.strip()).strip(" •·|")
    return name[3:].strip() if name[:3].lower() == "by " else ("" if name.lower() == "by" else name)


def to_card(card: Card) -> ArticleCard:
    """Return a card as the page's readers are given it."""
    return ArticleCard(
        url=card.url,
        headline=card.title,
        author_name=card.author,
        published_bounds=card.published.bounds if card.published else None,
        badges=tuple(dict.fromkeys(card.badges)),
        comment_count=card.comment_count,
    )


def _page_title(page: PageInput) -> str | None:
    heading = next((line.text for line in page.lines if line.tag == "h1"), None)
    if heading:
        return heading
    told = page.structured.first_meta("og:title") or page.structured.title
    return strip_site_name(told, page.structured.first_meta("og:site_name")) if told else None
