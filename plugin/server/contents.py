"""What stands at each address: read from the library, composed, rendered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlencode

from crawler.errors import QueryError, StoreError
from crawler.store.views import ArticleFilter, ArticleSummary, Listing, PublicationView
from plugin.archive import Archive
from plugin.composing import (
    FEED_TYPES,
    MAX_ENTRIES,
    archive_feed,
    author_feed,
    comments_feed,
    digest_feed,
    is_republishable,
    issue_to_feed,
    issues_feed,
    publication_feed,
    search_feed,
    tag_feed,
    to_entry,
    to_page_entry,
)
from plugin.digests import Content, Digest
from plugin.errors import IssueNotFound
from plugin.formats import get_format
from plugin.formats.cleaning import clean_feed, clean_model
from plugin.formats.pages import (
    FEED_NAMES,
    FeedAddress,
    Frame,
    Turn,
    render_article_page,
    render_digest_page,
    render_feed_page,
    render_index_page,
    render_search_page,
)
from plugin.formats.templating import read_asset
from plugin.issues import Entry, Feed, FeedLink
from plugin.server.addresses import Address
from plugin.server.opml import Outline, render_opml
from plugin.server.replies import HTML, Place, Reply, message
from plugin.server.requests import PATH_CHARACTERS

ISSUES_PER_PAGE: Final = 20
IN_FEEDS: Final = Content(mode="full", words=80, comments=2)
"""How much of an article a feed shows that no digest defines; its rights decide whether it is the whole."""
IN_LISTS: Final = Content(mode="excerpt", words=60, comments=0)
"""How much of an article a page with many shows."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a client asks for.

    Attributes:
        address: What stands there.
        path: Its path within the site.
        query: What is known of its query: "q", "after".
        place: Where the site stands for the client.
    """

    address: Address
    path: str
    query: Mapping[str, str]
    place: Place

    @property
    def target(self) -> str:
        """The path with its query, as the document's own address names it."""
        return quote(self.path, safe=PATH_CHARACTERS) + (f"?{urlencode(self.query)}" if self.query else "")

    @property
    def frame(self) -> Frame:
        """Where a page at this address stands."""
        return Frame(self.target, self.place.base_url, self.place.prefix)


class Contents:
    """The site's content.

    Safe to use from several threads.

    Args:
        archive: The library.
        hub_url: WebSub hub that feeds name; None: none.
    """

    def __init__(self, archive: Archive, *, hub_url: str | None = None) -> None:
        self._archive = archive
        self._store = archive.store
        self._hub_url = hub_url

    def answer(self, ask: Ask, digests: Sequence[Digest]) -> Reply:
        """Return what stands at an address; a message where nothing does.

        Args:
            ask: Address, query and place.
            digests: The definitions as they now stand.

        Raises:
            StoreError: The library can't be read.
        """
        match ask.address.kind:
            case "index":
                return self._index(ask, digests)
            case "opml":
                return self._opml(ask, digests)
            case "script":
                return Reply(read_asset("copy.js").encode(), "text/javascript; charset=utf-8", "asset")
            case "digest" | "digest_feed" | "issues_feed" | "archive" | "issue":
                found = next((each for each in digests if each.slug == ask.address.name), None)
                reply = self._of_digest(ask, found) if found else None
            case "article" | "comments_feed":
                reply = self._of_article(ask)
            case _:
                reply = self._list(ask)
        return reply or message(404, ask.place)

    # Digests

    def _index(self, ask: Ask, digests: Sequence[Digest]) -> Reply:
        shelf = [
            clean_feed(
                issues_feed(
                    digest,
                    self._archive.list_issues(digest.slug, limit=1),
                    library=self._store.library,
                    extension="html",
                )
            )
            for digest in digests
        ]
        return _page(render_index_page(shelf, ask.frame))

    def _of_digest(self, ask: Ask, digest: Digest) -> Reply | None:
        kind, extension = ask.address.kind, ask.address.format_name or "html"
        library = self._store.library
        if kind == "digest":
            return self._digest_page(ask, digest)
        if kind == "digest_feed":
            issues = self._archive.list_issues(digest.slug, limit=self._n_issues(digest.slug))
            return self._feed(ask, digest_feed(digest, issues, library=library, extension=extension))
        if kind == "issues_feed":
            issues = self._archive.list_issues(digest.slug, limit=MAX_ENTRIES)
            return self._feed(ask, issues_feed(digest, issues, library=library, extension=extension))
        try:
            issue = self._archive.get_issue(digest.slug, ask.address.number or 0)
        except IssueNotFound:
            return None
        latest = self._archive.issues(digest.slug)[0].number
        if kind == "archive":
            feed = archive_feed(digest, issue, library=library, latest_number=latest)
            return self._feed(ask, feed)
        feed = clean_feed(issue_to_feed(issue, latest_number=latest))
        return _page(render_feed_page(feed, ask.frame, feeds=feed_addresses(feed)))

    def _n_issues(self, slug: str) -> int:
        """Return how many of the newest issues a feed of entries needs, with the first that has no room."""
        n_entries = 0
        for number, summary in enumerate(self._archive.issues(slug), 1):
            n_entries += summary.entry_count
            if n_entries > MAX_ENTRIES:
                return number
        return MAX_ENTRIES

    def _digest_page(self, ask: Ask, digest: Digest) -> Reply:
        after = ask.query.get("after", "")
        if after and not (after.isascii() and after.isdecimal() and len(after) < 10):
            return message(400, ask.place)
        found = self._archive.list_issues(
            digest.slug, limit=ISSUES_PER_PAGE + 1, before=int(after) if after else None
        )
        shown = found[:ISSUES_PER_PAGE]
        home = f"/digests/{digest.slug}/"
        series = issues_feed(digest, shown, library=self._store.library, extension="html")
        entries = digest_feed(digest, (), library=self._store.library, extension="html")
        turn = Turn(
            older=f"{home}?after={shown[-1].number}" if len(found) > len(shown) else None,
            newer=home if after else None,
        )
        page = render_digest_page(clean_feed(series), ask.frame, feeds=feed_addresses(entries), turn=turn)
        return _page(page)

    def _opml(self, ask: Ask, digests: Sequence[Digest]) -> Reply:
        base = ask.place.base_url
        outlines = []
        for digest in digests:
            home = f"{base}/digests/{digest.slug}/"
            stories = Outline(digest.title, f"{home}feed.atom", home, digest.description)
            series = Outline(f"{digest.title}: issues", f"{home}issues.atom", home)
            outlines.append(Outline(digest.title, outlines=(stories, series)))
        publications = [
            Outline(
                each.name, f"{base}/publications/{each.slug}/feed.atom", f"{base}/publications/{each.slug}/"
            )
            for each in self._store.publications.list()
            if each.article_count
        ]
        if publications:
            outlines.append(Outline("Publications", outlines=tuple(publications)))
        return Reply(render_opml("Gleanings", outlines), "text/x-opml; charset=utf-8", "feed")

    # Articles

    def _of_article(self, ask: Ask) -> Reply | None:
        number = ask.address.number or 0
        article = self._store.articles.get_many([number]).get(number)
        if article is None:
            return None
        if article.change == "gone":
            return message(410, ask.place)
        if not is_republishable(article):
            return None
        comments, library = self._store.comments.list(number), self._store.library
        if ask.address.kind == "comments_feed":
            extension = ask.address.format_name or "atom"
            return self._feed(ask, comments_feed(article, comments, library=library, extension=extension))
        publication = self._publications().get(article.publication or "")
        entry = to_page_entry(article, library=library, publication=publication, comments=comments)
        talk = comments_feed(article, (), library=library)
        page = render_article_page(clean_model(entry), ask.frame, feeds=feed_addresses(talk))
        return _page(page)

    # Lists

    def _list(self, ask: Ask) -> Reply | None:
        try:
            match ask.address.kind:
                case "publication" | "publication_feed":
                    return self._of_publication(ask)
                case "author" | "author_feed":
                    return self._of_author(ask)
                case "tag" | "tag_feed":
                    return self._of_tag(ask)
                case _:
                    return self._of_search(ask)
        except StoreError as error:
            if error.subject != ask.query.get("after") or "after" not in ask.query:
                raise
            return message(400, ask.place)

    def _of_publication(self, ask: Ask) -> Reply | None:
        found = self._publications().get(ask.address.name or "")
        if found is None:
            return None
        entries, older = self._entries(ask, ArticleFilter(publications=(found.slug,)))
        feed = publication_feed(
            found, entries, library=self._store.library, extension=_extension(ask), older_url=older
        )
        return self._listing(ask, feed, "Publication", found.url)

    def _of_author(self, ask: Ask) -> Reply | None:
        number = ask.address.number or 0
        try:
            found = self._store.authors.get(number)
        except StoreError as error:
            if error.subject != number:
                raise
            return None
        entries, older = self._entries(ask, ArticleFilter(author_id=number))
        feed = author_feed(
            found, entries, library=self._store.library, extension=_extension(ask), older_url=older
        )
        return self._listing(ask, feed, "Author", found.url)

    def _of_tag(self, ask: Ask) -> Reply | None:
        name = ask.address.name or ""
        for spelling in dict.fromkeys((name, name.replace("-", " "))):
            entries, older = self._entries(ask, ArticleFilter(tags=(spelling,)))
            if entries:
                feed = tag_feed(
                    spelling,
                    entries,
                    library=self._store.library,
                    extension=_extension(ask),
                    older_url=older,
                )
                return self._listing(ask, feed, "Tag", None)
        return None

    def _of_search(self, ask: Ask) -> Reply | None:
        query, is_feed = ask.query.get("q", "").strip(), bool(ask.address.format_name)
        if not query:
            return message(400, ask.place) if is_feed else _page(render_search_page("", None, ask.frame))
        try:
            entries, older = self._entries(ask, ArticleFilter(query=query))
        except QueryError as error:
            if is_feed:
                return message(400, ask.place, f"{error.message}.")
            page = render_search_page(query, None, ask.frame, problem=f"{error.message}.")
            return Reply(page.encode(), HTML, "message", HTTPStatus.BAD_REQUEST)
        feed = search_feed(
            query, entries, library=self._store.library, extension=_extension(ask), older_url=older
        )
        if is_feed:
            return self._feed(ask, feed)
        feed = clean_feed(feed)
        first = f"{ask.path}?{urlencode({'q': query})}"
        turn = Turn(
            older=feed.link("next"), newer=first if "after" in ask.query else None, newer_words="Newest"
        )
        page = render_search_page(query, feed, ask.frame, feeds=feed_addresses(feed), turn=turn)
        return _page(page)

    def _entries(self, ask: Ask, wanted: ArticleFilter) -> tuple[list[Entry], str | None]:
        """Return the entries of one page of a list, and where the older ones are."""
        listing = self._store.articles.list(wanted, limit=MAX_ENTRIES, after=ask.query.get("after"))
        content = IN_FEEDS if ask.address.format_name else IN_LISTS
        older = (
            f"{ask.path}?{urlencode({**ask.query, 'after': listing.next_after})}"
            if listing.next_after
            else None
        )
        return self._to_entries(listing, content), older

    def _to_entries(self, listing: Listing[ArticleSummary], content: Content) -> list[Entry]:
        ids = [each.id for each in listing.items if is_republishable(each)]
        articles = self._store.articles.get_many(ids)
        comments = self._store.comments.list_many(ids) if content.comments else {}
        publications = self._publications()
        return [
            to_entry(
                article,
                library=self._store.library,
                content=content,
                publication=publications.get(article.publication or ""),
                comments=comments.get(article.id, ()),
            )
            for article in articles.values()
        ]

    def _publications(self) -> dict[str, PublicationView]:
        return {each.slug: each for each in self._store.publications.list()}

    def _listing(self, ask: Ask, feed: Feed, kind: str, original_url: str | None) -> Reply:
        if ask.address.format_name:
            return self._feed(ask, feed)
        feed = clean_feed(feed)
        turn = Turn(
            older=feed.link("next"), newer=ask.path if "after" in ask.query else None, newer_words="Newest"
        )
        page = render_feed_page(
            feed, ask.frame, feeds=feed_addresses(feed), kind=kind, original_url=original_url, turn=turn
        )
        return _page(page)

    def _feed(self, ask: Ask, feed: Feed) -> Reply:
        """Render a feed under the address it was asked for."""
        own = ask.target
        links = [link.model_copy(update={"href": own}) if link.rel == "self" else link for link in feed.links]
        if self._hub_url and not feed.is_archive:
            links.append(FeedLink(rel="hub", href=self._hub_url))
        feed = feed.model_copy(update={"links": tuple(links)})
        document = get_format(ask.address.format_name or "atom").render(feed, base_url=ask.place.base_url)
        announced = (("hub", self._hub_url),) if self._hub_url and not feed.is_archive else ()
        return Reply(
            document.content,
            document.media_type,
            "feed",
            links=(*announced, ("self", ask.place.base_url + own)),
        )


def feed_addresses(feed: Feed) -> list[FeedAddress]:
    """Return the addresses that a page offers for a feed, the best first."""
    offered = {link.media_type: link for link in feed.links if link.rel in ("self", "alternate")}
    return [
        FeedAddress(offered[type_].href, type_, f"{offered[type_].title or feed.title} ({name})")
        for type_, (name, _) in FEED_NAMES.items()
        if type_ in offered and type_ in FEED_TYPES.values()
    ]


def _extension(ask: Ask) -> str:
    return ask.address.format_name or "html"


def _page(text: str) -> Reply:
    return Reply(text.encode(), HTML, "page")
