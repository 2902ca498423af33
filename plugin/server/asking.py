"""What a client asks for, and a feed or a page as the answer to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from plugin.composing import FEED_TYPES
from plugin.formats import get_format
from plugin.formats.pages import FEED_NAMES, FeedAddress, Frame
from plugin.issues import Feed, FeedLink
from plugin.server.addresses import Address
from plugin.server.replies import HTML, Place, Reply
from plugin.server.requests import PATH_CHARACTERS

_TAGS: Final = "/tags/"


@dataclass(frozen=True, slots=True)
class Ask:
    """What a client asks for.

    Attributes:
        address: What stands there.
        path: Its path within the site, decoded.
        query: What is known of its query: "q", "after".
        place: Where the site stands for the client.
        hub_url: WebSub hub that feeds name, save archives; None: none.
    """

    address: Address
    path: str
    query: Mapping[str, str]
    place: Place
    hub_url: str | None = None

    @property
    def href(self) -> str:
        """The path as links name it."""
        kind, name = self.address.kind, self.address.name
        if kind in ("tag", "tag_feed") and name is not None:
            # A tag may hold a slash ("C#/F#"); as in ``tag_path`` nothing of it stands as it is.
            return f"{_TAGS}{quote(name, safe='')}{self.path[len(_TAGS) + len(name) :]}"
        return quote(self.path, safe=PATH_CHARACTERS)

    @property
    def target(self) -> str:
        """``href`` with the query, as the document's own address names it."""
        return self.href + (f"?{urlencode(self.query)}" if self.query else "")

    @property
    def frame(self) -> Frame:
        """Where a page at this address stands."""
        return Frame(self.target, self.place.base_url, self.place.prefix)


def feed_reply(ask: Ask, feed: Feed) -> Reply:
    """Render a feed under the address it was asked for.

    Args:
        ask: What was asked for.
        feed: With the links of its own address, which may differ in the query.
    """
    hub_url = None if feed.is_archive else ask.hub_url
    links = [
        link.model_copy(update={"href": ask.target}) if link.rel == "self" else link for link in feed.links
    ]
    if hub_url:
        links.append(FeedLink(rel="hub", href=hub_url))
    feed = feed.model_copy(update={"links": tuple(links)})
    document = get_format(ask.address.format_name or "atom").render(feed, base_url=ask.place.base_url)
    announced = (("hub", hub_url),) if hub_url else ()
    return Reply(
        document.content,
        document.media_type,
        "feed",
        links=(*announced, ("self", ask.place.base_url + ask.target)),
    )


def page_reply(text: str) -> Reply:
    """Return a page as an answer."""
    return Reply(text.encode(), HTML, "page")


def feed_addresses(feed: Feed) -> list[FeedAddress]:
    """Return the addresses that a page offers for a feed, the best first."""
    offered = {link.media_type: link for link in feed.links if link.rel in ("self", "alternate")}
    return [
        FeedAddress(offered[type_].href, type_, f"{offered[type_].title or feed.title} ({name})")
        for type_, (name, _) in FEED_NAMES.items()
        if type_ in offered and type_ in FEED_TYPES.values()
    ]
