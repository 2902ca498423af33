"""Whole HTML pages: what the HTML format writes, and what the server answers beside it.

Every function is pure: values in, the text of a page out. A page carries its stylesheet, needs no script and
loads nothing but the pictures of its stories.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from urllib.parse import quote

from plugin.formats.links import absolute, page_link
from plugin.formats.templating import environment, read_asset, trusted
from plugin.formats.threads import build_thread
from plugin.formats.wording import group_sections
from plugin.issues import Entry, Feed

SITE = "Gleanings"
MAX_TAG = 200
"""Longest tag that has a page, in characters."""

FEED_NAMES = {
    "application/atom+xml": ("Atom", "reads in every feed reader"),
    "application/rss+xml": ("RSS", "the oldest kind; reads everywhere too"),
    "application/feed+json": ("JSON Feed", "for newer readers and for programs"),
}
"""Media type of a feed -> its name and a word on it, the best first."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a page stands.

    Attributes:
        path: Its path-absolute address within the feeds' site: "/digests/ai/3/".
        base_url: Public address of the site without a trailing slash; "" for a folder opened from disk.
        prefix: Path of the site on its host, "" at the root, for a page that the server answers; None for
            a document that stands alone.
        robots: Directives for search engines; None for none.
    """

    path: str
    base_url: str = ""
    prefix: str | None = None
    robots: str | None = None

    @property
    def is_served(self) -> bool:
        """Whether search, index and script stand beside the page."""
        return self.prefix is not None

    @property
    def has_pages(self) -> bool:
        """Whether our own page of an article can be reached from here."""
        return self.is_served or bool(self.base_url)

    def link(self, href: str | None) -> str | None:
        """Return an address as this page links to it, None where there is none or an unsafe one."""
        if self.prefix is not None:
            return absolute(href, self.prefix)
        return page_link(href, self.base_url, self.path)

    def foreign(self, href: str | None) -> str | None:
        """Return an address on another site, None for one of our own."""
        return None if href is None or href.startswith("/") else self.link(href)

    def whole(self, href: str | None) -> str | None:
        """Return an address as another program needs it, None where the site's own is not known."""
        return absolute(href, self.base_url) if self.base_url else self.foreign(href)


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """One of the addresses a page offers to subscribe to.

    Attributes:
        href: Path-absolute, or relative to the page.
        media_type: Without charset.
        title: For feed readers that find it by themselves.
    """

    href: str
    media_type: str
    title: str

    @property
    def name(self) -> str:
        """What people call the kind of feed."""
        return FEED_NAMES[self.media_type][0]

    @property
    def hint(self) -> str:
        """Say in a few words whom the kind suits."""
        return FEED_NAMES[self.media_type][1]


def stylesheet_hash() -> str:
    """Return the stylesheet's source expression for a Content-Security-Policy: "sha256-..."."""
    return "sha256-" + base64.b64encode(sha256(read_asset("style.css").encode()).digest()).decode()


@dataclass(frozen=True, slots=True)
class Turn:
    """Neighbors of a page: path-absolute addresses and what their links say."""

    older: str | None = None
    newer: str | None = None
    older_words: str = "Older"
    newer_words: str = "Newer"


def render_feed_page(
    feed: Feed,
    frame: Frame,
    *,
    feeds: Sequence[FeedAddress] = (),
    kind: str | None = None,
    original_url: str | None = None,
    turn: Turn | None = None,
) -> str:
    """Return the page of an issue, or of a list of entries.

    Args:
        feed: A cleaned feed.
        frame: Where the page stands.
        feeds: What it offers to subscribe to.
        kind: What the list is of, printed above the title: "Author".
        original_url: Where the author or publication is at home.
        turn: Neighbors; of an issue they are taken from the feed.
    """
    sections = _number_sections(feed)
    if turn is None:
        turn = Turn(feed.previous_issue_url, feed.next_issue_url, "Issue before", "Next issue")
    return _render(
        "feed.html",
        frame,
        title=feed.title if feed.issue_number is None else f"{feed.title}, No. {feed.issue_number}",
        description=feed.description,
        language=feed.language,
        feeds=feeds,
        feed=feed,
        kind=kind,
        original_url=original_url,
        numbered_sections=sections,
        numbered=feed.entries,
        what="new issues" if feed.issue_number is not None else "what is new here",
        **_turn(turn, frame),
    )


def render_digest_page(
    feed: Feed, frame: Frame, *, feeds: Sequence[FeedAddress] = (), turn: Turn | None = None
) -> str:
    """Return the page of a digest.

    Args:
        feed: Its series: one entry an issue, newest first; cleaned.
        frame: Where the page stands.
        feeds: What it offers to subscribe to.
        turn: Pages with older and newer issues.
    """
    return _render(
        "digest.html",
        frame,
        title=feed.title,
        description=feed.description,
        language=feed.language,
        feeds=feeds,
        feed=feed,
        **_turn(turn or Turn(), frame),
    )


def render_index_page(shelf: Sequence[Feed], frame: Frame) -> str:
    """Return the page of all digests.

    Args:
        shelf: Each digest's series, cleaned; their "alternate" links lead to their pages.
        frame: Where the page stands.
    """
    return _render(
        "index.html",
        frame,
        title=SITE,
        description="Stories worth reading, with the talk about them, gathered into numbered issues.",
        shelf=shelf,
    )


def render_article_page(
    entry: Entry, frame: Frame, *, language: str | None = None, feeds: Sequence[FeedAddress] = ()
) -> str:
    """Return the page of an article with its discussion.

    Args:
        entry: Cleaned; ``comments`` holds the whole thread in reading order.
        frame: Where the page stands.
        language: Of the page around the article; BCP 47.
        feeds: Feeds of its comments.
    """
    return _render(
        "article.html",
        frame,
        title=entry.headline,
        description=entry.dek or entry.summary_text or None,
        language=entry.language or language,
        feeds=feeds,
        og_type="article",
        entry=entry,
        thread=build_thread(entry.comments),
        tag_link=lambda name: frame.link(tag_path(name)) if frame.is_served else None,
    )


def render_search_page(
    query: str,
    feed: Feed | None,
    frame: Frame,
    *,
    problem: str | None = None,
    feeds: Sequence[FeedAddress] = (),
    turn: Turn | None = None,
) -> str:
    """Return the search page.

    Args:
        query: What was looked for, "" before the first search.
        feed: What was found, cleaned; None before the first search or when the query is wrong.
        frame: Where the page stands.
        problem: What is wrong with the query, one sentence.
        feeds: Feeds of this search.
        turn: Further finds.
    """
    return _render(
        "search.html",
        frame,
        title=f"“{query}”" if query else "Search",
        feeds=feeds,
        query=query,
        feed=feed,
        problem=problem,
        **_turn(turn or Turn(), frame),
    )


def render_message_page(status: int, title: str, text: str, frame: Frame) -> str:
    """Return a small page that says one thing: not found, gone, not allowed."""
    return _render(
        "message.html", replace(frame, robots="noindex"), title=title, status=f"{status}", text=text
    )


def tag_path(name: str) -> str | None:
    """Return the path-absolute address of a tag's page; None for what no address can hold.

    Example:
        >>> tag_path("tech news"), tag_path("..")
        ('/tags/tech%20news/', None)
    """
    folded = name.casefold()
    # Clients take dots for a step upward, also when they are encoded.
    has_page = folded not in (".", "..") and len(folded) <= MAX_TAG
    return f"/tags/{quote(folded, safe='')}/" if has_page else None


def _number_sections(feed: Feed) -> list[tuple[str | None, list[tuple[int, str, Entry]]]]:
    """Return the sections with their entries numbered through, each with its anchor."""
    number = 0
    sections = []
    for section, entries in group_sections(feed.entries):
        rows = []
        for entry in entries:
            number += 1
            rows.append(
                (number, f"a{entry.article_id}" if entry.article_id is not None else f"e{number}", entry)
            )
        sections.append((section, rows))
    return sections


def _turn(turn: Turn, frame: Frame) -> dict[str, str | None]:
    return {
        "older": frame.link(turn.older),
        "newer": frame.link(turn.newer),
        "older_words": turn.older_words,
        "newer_words": turn.newer_words,
    }


def _render(template: str, frame: Frame, *, title: str, **values: object) -> str:
    icon = read_asset("icon.svg").strip()
    mark = icon.replace("#b07f22", "currentColor").replace("<svg ", '<svg aria-hidden="true" ')
    defaults = {"description": None, "language": None, "feeds": (), "og_type": "website"}
    always = {
        "title": title,
        "frame": frame,
        "scripted": bool(values.get("feeds")),
        "SITE": SITE,
        "STYLE": trusted(read_asset("style.css")),
        "ICON": f"data:image/svg+xml;base64,{base64.b64encode(icon.encode()).decode()}",
        "MARK": trusted(mark),
    }
    return environment().get_template(template).render(defaults | values | always)
