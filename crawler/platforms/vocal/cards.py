"""What a list shows of one story, and the lists that only scripts and machines are told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from crawler.platforms.base import ArticleCard, PageInput
from crawler.platforms.vocal.addresses import HOME, address_kind, canonical_url
from crawler.platforms.vocal.states import claims_of_post, find_posts, post_address
from crawler.reading.claims import Claims, claims_of_node
from crawler.reading.dates import DateReading, parse_date
from crawler.reading.structured import as_list, is_article_node, types_of
from crawler.reading.urls import absolute_url

MAX_CARDS = 1_000
"""Most stories taken from one list page; a real one has twelve."""
_LISTS = frozenset({"ItemList", "Blog", "CollectionPage"})
_LISTED = ("itemListElement", "blogPost", "blogPosts", "hasPart")
"""Properties of such objects that hold stories, or items that do."""


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
        guesses: Names in lines that begin with "By" and have no date, which a standfirst may do as well.
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
    guesses: list[str] = field(default_factory=list)
    is_boxed: bool = False


def told_cards(page: PageInput) -> list[Card]:
    """Return the stories that a page's JSON states list, else its JSON-LD; in their order."""
    return list(_state_cards(page)) or list(_listed_cards(page))


def complete_cards(cards: Sequence[Card], page: PageInput) -> None:
    """Give listed stories the author and the date that the page prints nowhere and tells machines."""
    if all(card.author is not None and card.published is not None for card in cards):
        return
    told = {card.url: card for card in (*_marked_cards(page), *_state_cards(page))}
    for card in cards:
        if card.url in told:
            card.author = card.author or told[card.url].author
            card.published = card.published or told[card.url].published


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


def _listed_cards(page: PageInput) -> Iterator[Card]:
    """Yield the cards of a page whose JSON-LD lists its stories."""
    structured, seen = page.structured, set[str]()
    nodes = [node for node in structured.jsonld if _LISTS.intersection(types_of(node))]
    items = (item for node in nodes for name in _LISTED for item in as_list(node.get(name)))
    for item in islice((item for item in items if isinstance(item, dict)), MAX_CARDS):
        told = structured.resolve(item)
        listed = told if isinstance(told, dict) else item
        found = structured.resolve(listed.get("item"))
        node = found if isinstance(found, dict) else listed
        href = found if isinstance(found, str) else node.get("url") or node.get("@id")
        address = _story_address(absolute_url(page.url, href) if isinstance(href, str) else None)
        if address is not None and address not in seen:
            seen.add(address)
            yield _to_card(address, claims_of_node(node, "jsonld", structured), page)


def _marked_cards(page: PageInput) -> Iterator[Card]:
    """Yield what JSON-LD and microdata tell of stories, each by its own address."""
    structured = page.structured
    for nodes, source in ((structured.microdata, "microdata"), (structured.jsonld, "jsonld")):
        for node in islice((node for node in nodes if is_article_node(node)), MAX_CARDS):
            claims = claims_of_node(node, source, structured)
            address = _story_address(absolute_url(page.url, claims.url) if claims.url else None)
            if address is not None:
                yield _to_card(address, claims, page)


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
