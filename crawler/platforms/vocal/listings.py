"""Pages that list stories: communities, latest, top, tags; and the stories on an author's page."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from lxml import etree

from crawler.platforms.base import Page, PageInput, PageLinks
from crawler.platforms.vocal.addresses import (
    address_kind,
    canonical_url,
    leads_to_story,
    path_segments,
    site_of,
)
from crawler.platforms.vocal.boxes import CardBoxes
from crawler.platforms.vocal.bylines import is_author_link
from crawler.platforms.vocal.card_bylines import MAX_TITLE, author_after, read_card_byline
from crawler.platforms.vocal.cards import MAX_CARDS, Card, complete_cards, to_card, told_cards
from crawler.platforms.vocal.labels import (
    count_of_comments,
    is_badge,
    label_of,
    split_badges,
    strip_site_name,
)
from crawler.platforms.vocal.mentions import find_mentions
from crawler.platforms.vocal.paging import find_next_page, page_links
from crawler.reading.dates import find_relative_dates
from crawler.reading.markup import fold_text
from crawler.reading.outline import Line, normalize_line, read_lines, text_of
from crawler.reading.urls import absolute_url

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_READ_MORE = re.compile(
    r"(?:(?:continue|keep) reading|read(?: (?:more|now|on|(?:the |full |this )?story))?|view story)"
    r"[\s.…»›→]*",
    re.IGNORECASE,
)
_HELP = "resources"
"""Community of the platform's own posts."""


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
    found = (_story_url(mark, page.url) for mark in page_links(page))
    return list(dict.fromkeys(url for url in found if url is not None))


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
    found = (absolute_url(page.url, link.get("href")) for link in page_links(page) if is_author_link(link))
    return iter(dict.fromkeys(canonical_url(url) for url in found if url))


def read_cards(page: PageInput) -> list[Card]:
    """Return one card for each story the page names, in page order; its JSON states' where it shows none."""
    return _visible_cards(page) or told_cards(page)


def _visible_cards(page: PageInput) -> list[Card]:
    cards: dict[str, Card] = {}
    current: Card | None = None
    urls = {link: _story_url(link, page.url) for link in page_links(page)}
    urls.update(dict.fromkeys(find_mentions(page.lines, urls)))
    linked = ((link, url) for link, url in urls.items() if url is not None and not _is_of_frame(link, url))
    boxes = CardBoxes(linked, page.lines)
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
                is_told = bool(current.author or current.published or current.guesses)
                current.is_boxed = current.is_boxed or (own is not None and is_told)
    links = _worded_links(cards, urls)
    for card in cards.values():
        _complete_title(card, links.get(card.url), page)
        card.author = card.author or next(iter(card.guesses), None)
    complete_cards(list(cards.values()), page)
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


def _worded_links(
    cards: Mapping[str, Card], urls: Mapping[etree._Element, str | None]
) -> dict[str, etree._Element]:
    """Return the first link with words to each story whose title no line told."""
    untold = {url for url, card in cards.items() if card.title is None}
    found: dict[str, etree._Element] = {}
    for link, url in urls.items() if untold else ():
        if url in untold and url not in found and text_of(link):
            found[url] = link
    return found


def _complete_title(card: Card, link: etree._Element | None, page: PageInput) -> None:
    """Take title and badges from a card's heading where its link says "Read more" or the title alone.

    A link that begins with a picture goes on in the line of the author; its own words are the title.
    """
    title, badges = split_badges(card.heading)
    if card.title is None or _READ_MORE.fullmatch(card.title):
        card.title = title or None
        card.badges.extend(badges)
    elif badges and fold_text(title) == fold_text(card.title):
        card.badges.extend(badges)
    if card.title is None and link is not None:
        told = _read_inline_card(card.url, link, page, first=card.first)
        card.title = None if _READ_MORE.fullmatch(told.title or "") else told.title


def _is_of_frame(link: etree._Element, url: str) -> bool:
    """Tell a link to the platform's own help at the foot of any page, which is no second story beside one."""
    return path_segments(url)[0] == _HELP and any(
        above.tag in ("footer", "nav") for above in link.iterancestors()
    )


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
    dated = read_card_byline(line, parts, card, page, is_title=is_title)
    count = next((found for part in (text, *parts) if (found := count_of_comments(part)) is not None), None)
    if count is not None and not is_title:
        card.comment_count = count
    elif badges := _badges_in(text, parts):
        card.badges.extend(badges)
    elif not has_link:
        card.last_line = None if dated or line.tag == "th" else text
        if is_heading and len(text) <= MAX_TITLE * 4:
            card.heading = card.heading or text
    elif not card.is_heading and (card.title is None or is_heading):
        beside = list(takewhile(is_badge, reversed(parts[1:])))[::-1]
        words = _title_in(line, parts[: len(parts) - len(beside)], page, dated=dated)
        title, appended = split_badges(_without_badges(words, beside))
        card.badges.extend(badge.rstrip(".") for badge in beside)
        is_label = label_of(title) is not None and (not is_heading or label_of(title) == "action")
        if title and len(title) <= MAX_TITLE * 4 and not is_label:
            card.title, card.is_heading = title, is_heading
            card.badges.extend(appended)
            card.guesses.extend(name for name in [author_after(title, text)] if name and not is_heading)


def _without_badges(title: str, beside: Sequence[str]) -> str:
    """Return a title without the badges in elements of their own beside it."""
    for badge in reversed(beside):
        title = title.removesuffix(badge).rstrip(" •·|")
    return title


def _badges_in(text: str, parts: Sequence[str]) -> list[str]:
    """Return the badges of a line that is nothing else, one or several side by side."""
    pieces = [text] if is_badge(text) else parts
    return [piece.rstrip(".") for piece in pieces] if all(map(is_badge, pieces)) else []


def _title_in(line: Line, parts: Sequence[str], page: PageInput, *, dated: bool) -> str:
    """Return the words of a linked line that can be a title: where a byline stands beside, the link's own."""
    is_signed = any(is_author_link(mark) and text_of(mark) for mark in line.marks)
    links = (mark for mark in line.marks if mark.tag == "a" and leads_to_story(mark.get("href"), page.url))
    own = next((text for mark in links if (text := text_of(mark))), line.text)
    if not (dated or is_signed or author_after(own, line.text)):
        return line.text
    if own != line.text and next(find_relative_dates(own), None) is None:
        return own
    if line.tag in _HEADINGS:
        return line.text
    is_signed_below = any(part[:3].lower() == "by " for part in parts[1:])
    is_title = len(parts) > 1 and (is_signed_below or not _begins_byline(line, parts[0]))
    return parts[0] if is_title else ""


def _begins_byline(line: Line, part: str) -> bool:
    """Tell the first words of a byline, into which the link around a picture above may run, from a title."""
    is_name = any(is_author_link(mark) and text_of(mark) == part for mark in line.marks)
    return is_name or f"{part} ".lower().startswith("by ")


def _page_title(page: PageInput) -> str | None:
    heading = next((line.text for line in page.lines if line.tag == "h1"), None)
    if heading:
        return heading
    told = page.structured.first_meta("og:title") or page.structured.title
    return strip_site_name(told, page.structured.first_meta("og:site_name")) if told else None
