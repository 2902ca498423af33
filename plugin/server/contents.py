"""What stands at each address: read from the library, composed, rendered."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from crawler.errors import QueryError, StoreError
from crawler.store.views import ArticleFilter, ArticleSummary, Listing, PublicationView
from plugin.archive import Archive
from plugin.composing import (
    MAX_ENTRIES,
    author_feed,
    comments_feed,
    is_republishable,
    publication_feed,
    search_feed,
    tag_feed,
    to_entry,
    to_page_entry,
)
from plugin.digests import Content, Digest
from plugin.formats.cleaning import clean_feed, clean_model
from plugin.formats.pages import (
    Turn,
    render_article_page,
    render_feed_page,
    render_search_page,
)
from plugin.formats.templating import read_asset
from plugin.issues import Entry, Feed
from plugin.server.asking import Ask, feed_addresses, feed_reply, page_reply
from plugin.server.opml import Outline, render_opml
from plugin.server.replies import HTML, Reply, message, redirection
from plugin.server.requests import read_place
from plugin.server.series import DigestContents

IN_FEEDS: Final = Content(mode="full", words=80, comments=2)
"""How much of an article a feed shows that no digest defines; its rights decide whether it is the whole."""
IN_LISTS: Final = Content(mode="excerpt", words=60, comments=0)
"""How much of an article a page with many shows."""


class Contents:
    """The site's content.

    Safe to use from several threads.

    Args:
        archive: The library.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._store = archive.store
        self._digests = DigestContents(archive)

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
                return self._digests.index(ask, digests)
            case "opml":
                return self._opml(ask, digests)
            case "script":
                return Reply(read_asset("copy.js").encode(), "text/javascript; charset=utf-8", "asset")
            case "digest" | "digest_feed" | "issues_feed" | "archive" | "issue":
                found = next((each for each in digests if each.slug == ask.address.name), None)
                reply = self._digests.answer(ask, found) if found else None
            case "article" | "comments_feed":
                reply = self._of_article(ask)
            case _:
                reply = self._list(ask)
        return reply or message(404, ask.place)

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
            return message(410, ask.place) if self._store.takedowns.includes("article", number) else None
        if article.change == "gone":
            return self._of_same(ask, article) or message(410, ask.place)
        if not is_republishable(article):
            return None
        comments, library = self._store.comments.list(number), self._store.library
        if ask.address.kind == "comments_feed":
            place = read_place(ask.query["after"]) if "after" in ask.query else None
            if place is None and "after" in ask.query:
                return message(400, ask.place)
            extension = ask.address.format_name or "atom"
            talk = comments_feed(article, comments, library=library, extension=extension, after=place)
            return feed_reply(ask, talk)
        publication = self._publications().get(article.publication or "")
        entry = to_page_entry(article, library=library, publication=publication, comments=comments)
        talk = comments_feed(article, (), library=library)
        page = render_article_page(clean_model(entry), ask.frame, feeds=feed_addresses(talk))
        return page_reply(page)

    def _of_same(self, ask: Ask, article: ArticleSummary) -> Reply | None:
        """Lead to the article that this one turned out to be, so that its readers and subscribers stay."""
        seen = {article.id}
        while article.same_as_id is not None and article.same_as_id not in seen:
            seen.add(article.same_as_id)
            found = self._store.articles.get_summaries([article.same_as_id]).get(article.same_as_id)
            if found is None:
                return None
            article = found
        if article.change == "gone" or not is_republishable(article):
            return None
        folder = f"/articles/{ask.address.number}/"
        return redirection(ask.target.replace(folder, f"/articles/{article.id}/", 1), ask.place)

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
            return message(410, ask.place) if self._store.takedowns.includes("author", number) else None
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
            return message(400, ask.place) if is_feed else page_reply(render_search_page("", None, ask.frame))
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
            return feed_reply(ask, feed)
        feed = clean_feed(feed)
        first = f"{ask.href}?{urlencode({'q': query})}"
        turn = Turn(
            older=feed.link("next"), newer=first if "after" in ask.query else None, newer_words="Newest"
        )
        page = render_search_page(query, feed, ask.frame, feeds=feed_addresses(feed), turn=turn)
        return page_reply(page)

    def _entries(self, ask: Ask, wanted: ArticleFilter) -> tuple[list[Entry], str | None]:
        """Return the entries of one page of a list, and where the older ones are."""
        listing = self._store.articles.list(wanted, limit=MAX_ENTRIES, after=ask.query.get("after"))
        content = IN_FEEDS if ask.address.format_name else IN_LISTS
        older = (
            f"{ask.href}?{urlencode({**ask.query, 'after': listing.next_after})}"
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
            return feed_reply(ask, feed)
        feed = clean_feed(feed)
        turn = Turn(
            older=feed.link("next"), newer=ask.href if "after" in ask.query else None, newer_words="Newest"
        )
        page = render_feed_page(
            feed, ask.frame, feeds=feed_addresses(feed), kind=kind, original_url=original_url, turn=turn
        )
        return page_reply(page)


def _extension(ask: Ask) -> str:
    return ask.address.format_name or "html"
