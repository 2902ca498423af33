"""Feeds of everything: issues, digests, archives, publications, authors, tags, searches, comments."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from operator import itemgetter
from typing import Final
from urllib.parse import quote

from crawler.store.views import ArticleView, AuthorView, CommentView, Library, PublicationView
from plugin.composing.entries import to_thread
from plugin.composing.guids import article_guid, feed_guid
from plugin.digests import Digest
from plugin.formats.threads import comment_anchor
from plugin.formats.wording import (
    GONE_TEXT,
    author_names,
    isolate,
    isolate_in_html,
    join_names,
    own_community,
    rights_text,
)
from plugin.issues import Entry, EntryComment, Feed, FeedLink, Issue, IssueSummary, LinkRel

MAX_ENTRIES: Final = 50
"""Most entries of a feed that grows; the rest is where its links say (RFC 5005)."""

FEED_TYPES: Final = {
    "atom": "application/atom+xml",
    "rss": "application/rss+xml",
    "json": "application/feed+json",
}
"""Ending of a feed's address -> its media type."""

OFFERED: Final = tuple(FEED_TYPES)
"""What the server offers of every feed."""

CommentPlace = tuple[int, int]
"""Where a comment stands among those of its article by time: microseconds since 1970, row."""

PAGE: Final = "html"
"""Instead of a feed's ending: the page that the feed belongs to."""


def issue_to_feed(
    issue: Issue, *, latest_number: int | None = None, offered: Iterable[str] = OFFERED
) -> Feed:
    """Return an issue as a feed of its entries: its page, its Markdown, its e-mail.

    Args:
        issue: The issue.
        latest_number: Of its digest; None: unknown, so no issue after it is linked.
        offered: Endings of the digest's feeds that there are.
    """
    home = f"/digests/{issue.digest}/"
    page = f"{home}{issue.number}/"
    return Feed(
        guid=issue.guid,
        title=issue.digest_title,
        description=issue.description,
        links=(
            FeedLink(rel="alternate", href=page, media_type="text/html"),
            *_feed_alternates(f"{home}feed", offered),
        ),
        home_url=issue.link,
        language=issue.language,
        updated_at=issue.local_made_at,
        author_name=issue.digest_title,
        entries=issue.entries,
        errata=issue.errata,
        issue_number=issue.number,
        previous_issue_url=f"{home}{issue.number - 1}/" if issue.number > 1 else None,
        next_issue_url=f"{home}{issue.number + 1}/" if issue.number < (latest_number or 0) else None,
    )


def digest_feed(
    digest: Digest,
    issues: Sequence[Issue],
    *,
    library: Library,
    extension: str = "atom",
    offered: Iterable[str] = OFFERED,
    skip: int = 0,
    is_paged: bool = False,
) -> Feed:
    """Return the entries of a digest's newest issues, and where the older ones are.

    It is made of whole archive documents, so that a reader who goes on to the first one that it does not hold
    meets every entry once.

    Args:
        digest: The definition.
        issues: The newest first without a gap; one more than ``MAX_ENTRIES`` is always enough.
        library: Gives the guid.
        extension: Ending of the address it will stand at, or "html".
        offered: Endings of the digest's feeds that there are; archive documents are among them with "atom".
        skip: Entries of the first issue that the page before holds.
        is_paged: Link to a page of older entries too, for a format that knows no archives: the feed's
            address with "?after=<issue>-<skip>".
    """
    shown: list[Entry] = []
    links = list(_links(f"/digests/{digest.slug}/", "feed", extension, offered))
    starts = [
        (issue, start)
        for issue in issues
        for start in range(skip if issue is issues[0] else 0, len(issue.entries), MAX_ENTRIES)
    ]
    for issue, start in starts:
        part = issue.entries[start : start + MAX_ENTRIES]
        if shown and len(shown) + len(part) > MAX_ENTRIES:
            if "atom" in offered:
                older_part = start // MAX_ENTRIES + 1
                links.append(_archive_link("prev-archive", digest.slug, issue.number, older_part))
            older_url = f"/digests/{digest.slug}/feed.{extension}?after={issue.number}-{start}"
            links += _next_link(older_url if is_paged else None)
            break
        shown += part
    return Feed(
        guid=feed_guid(library, f"/digests/{digest.slug}"),
        title=digest.title,
        description=digest.description,
        links=tuple(links),
        home_url=digest.link,
        language=digest.language,
        updated_at=_latest(shown, *(issue.made_at for issue in issues[:1]), default=library.created_at),
        author_name=digest.title,
        entries=tuple(shown),
    )


def issues_feed(
    digest: Digest,
    issues: Sequence[Issue],
    *,
    library: Library,
    extension: str = "atom",
    offered: Iterable[str] = OFFERED,
    older_url: str | None = None,
) -> Feed:
    """Return a digest's series: one entry an issue.

    Args:
        digest: The definition.
        issues: The newest first; ``MAX_ENTRIES`` of them are shown.
        library: Gives the guid.
        extension: Ending of the address it will stand at, or "html".
        offered: Endings of the digest's feeds that there are.
        older_url: Path-absolute address of the page with older issues.
    """
    entries = tuple(_issue_entry(issue) for issue in issues[:MAX_ENTRIES])
    links = _links(f"/digests/{digest.slug}/", "issues", extension, offered)
    return Feed(
        guid=feed_guid(library, f"/digests/{digest.slug}/issues"),
        title=digest.title,
        description=digest.description,
        links=(*links, *_next_link(older_url)),
        home_url=digest.link,
        language=digest.language,
        updated_at=_latest(entries, default=library.created_at),
        author_name=digest.title,
        entries=entries,
    )


def archive_name(number: int, part: int = 1) -> str:
    """Return the name of a part of an issue among a digest's archive documents.

    Example:
        >>> archive_name(7), archive_name(7, 2)
        ('7.atom', '7-2.atom')
    """
    return f"{number}.atom" if part == 1 else f"{number}-{part}.atom"


def count_parts(entry_count: int) -> int:
    """Return how many archive documents an issue has.

    Example:
        >>> [count_parts(n) for n in (1, 50, 51, 120)]
        [1, 1, 2, 3]
    """
    return max(1, -(-entry_count // MAX_ENTRIES))


def archive_feed(
    digest: Digest, issue: Issue, *, part: int = 1, library: Library, next_issue: IssueSummary | None = None
) -> Feed:
    """Return a part of an issue as an archive document of its digest's feed.

    What it holds never changes, save by a takedown. The parts of an issue stand in printed order, as a feed
    with the newest entry on top has them: "prev-archive" leads from the first part to the second.

    Args:
        digest: The definition.
        issue: The issue.
        part: Which of its ``count_parts``; from 1.
        library: Gives the guid.
        next_issue: The one after it; None: it is the newest.

    Source:
        RFC 5005 section 4.
    """
    home, slug, start = f"/digests/{digest.slug}/", digest.slug, (part - 1) * MAX_ENTRIES
    entries = issue.entries[start : start + MAX_ENTRIES]
    links = [
        _archive_link("self", slug, issue.number, part),
        FeedLink(rel="alternate", href=f"{home}{issue.number}/", media_type="text/html"),
        FeedLink(rel="current", href=f"{home}feed.atom", media_type=FEED_TYPES["atom"]),
    ]
    if part < count_parts(len(issue.entries)):
        links.append(_archive_link("prev-archive", slug, issue.number, part + 1))
    elif issue.number > 1:
        links.append(_archive_link("prev-archive", slug, issue.number - 1))
    if part > 1:
        links.append(_archive_link("next-archive", slug, issue.number, part - 1))
    elif next_issue is not None:
        last = count_parts(next_issue.entry_count)
        links.append(_archive_link("next-archive", slug, next_issue.number, last))
    return Feed(
        guid=feed_guid(library, home),
        title=issue.digest_title,
        description=issue.description,
        links=tuple(links),
        home_url=issue.link,
        language=issue.language,
        updated_at=_latest(entries, issue.made_at, default=issue.made_at),
        author_name=issue.digest_title,
        entries=entries,
        is_archive=True,
    )


def publication_feed(
    publication: PublicationView,
    entries: Sequence[Entry],
    *,
    library: Library,
    extension: str = "atom",
    older_url: str | None = None,
) -> Feed:
    """Return what is new in a publication.

    Args:
        publication: The publication.
        entries: Newest first.
        library: Gives the guid.
        extension: Ending of the address it will stand at, or "html".
        older_url: Path-absolute address of the page with older entries.
    """
    feed = _list_feed(
        f"/publications/{publication.slug}/", publication.name, entries, library, extension, older_url
    )
    return feed.model_copy(update={"language": publication.language, "author_name": publication.name})


def author_feed(
    author: AuthorView,
    entries: Sequence[Entry],
    *,
    library: Library,
    extension: str = "atom",
    older_url: str | None = None,
) -> Feed:
    """Return what is new by an author; arguments as in `publication_feed`."""
    feed = _list_feed(f"/authors/{author.id}/", author.name, entries, library, extension, older_url)
    return feed.model_copy(update={"description": author.bio_text, "author_name": author.name})


def tag_feed(
    tag: str,
    entries: Sequence[Entry],
    *,
    library: Library,
    extension: str = "atom",
    older_url: str | None = None,
) -> Feed:
    """Return what is new under a tag; arguments as in `publication_feed`."""
    folder = f"/tags/{quote(tag.casefold(), safe='')}/"
    return _list_feed(folder, tag, entries, library, extension, older_url)


def search_feed(
    query: str,
    entries: Sequence[Entry],
    *,
    library: Library,
    extension: str = "atom",
    older_url: str | None = None,
) -> Feed:
    """Return what a search finds; arguments as in `publication_feed`."""
    feed = _list_feed("/search/", f"Search: {query}", entries, library, extension, older_url)
    asked = f"?q={quote(query, safe='')}"
    links = tuple(
        link if link.rel == "next" else link.model_copy(update={"href": link.href + asked})
        for link in feed.links
    )
    return feed.model_copy(update={"guid": f"{feed.guid}/{quote(query, safe='')}", "links": links})


def comments_feed(
    article: ArticleView,
    comments: Sequence[CommentView],
    *,
    library: Library,
    extension: str = "atom",
    after: CommentPlace | None = None,
) -> Feed:
    """Return the discussion of an article as a feed, the newest comment first; removed ones are left out.

    Args:
        article: What they are about.
        comments: All that are kept, in thread order.
        library: Gives the guids.
        extension: "rss", "atom" or "json".
        after: Where the page before ended; its "next" link says so as "?after=<microseconds>-<id>".
    """
    folder = f"/articles/{article.id}/"
    seen_at = {comment.id: comment.first_seen_at for comment in comments}
    removed = {comment.id for comment in comments if comment.state == "removed"}
    placed: list[tuple[CommentPlace, EntryComment]] = []
    for each in to_thread(comments, library):
        if each.comment_id is not None and each.comment_id not in removed:
            moment = each.published_at or seen_at[each.comment_id]
            placed.append(((round(moment.timestamp() * 1_000_000), each.comment_id), each))
    placed = [each for each in placed if after is None or each[0] < after]
    placed.sort(key=itemgetter(0), reverse=True)
    entries = [
        _comment_entry(each, article, library, seen_at=seen_at[number])
        for (_, number), each in placed[:MAX_ENTRIES]
    ]
    older_url = None
    if len(placed) > MAX_ENTRIES:
        moment_at, number = placed[MAX_ENTRIES - 1][0]
        older_url = f"{folder}comments.{extension}?after={moment_at}-{number}"
    return Feed(
        guid=feed_guid(library, f"{folder}comments"),
        title=f"Comments on “{article.headline}”",
        links=(*_links(folder, "comments", extension, OFFERED), *_next_link(older_url)),
        language=article.language,
        updated_at=_latest(entries, default=article.changed_at),
        author_name="Gleanings",
        entries=tuple(entries),
    )


def _comment_entry(
    comment: EntryComment, article: ArticleView, library: Library, *, seen_at: datetime
) -> Entry:
    page = f"/articles/{article.id}/"
    name = comment.author_name or "A reader"
    author = {"name": comment.author_name, "url": comment.author_url} if comment.author_name else None
    return Entry.model_validate(
        {
            "guid": comment.guid,
            "page_url": f"{page}#{comment_anchor(comment.guid)}",
            "headline": f"{isolate(name)} on “{isolate(article.headline)}”",
            "authors": (author,) if author else (),
            "published_at": comment.published_at,
            "published_text": comment.published_text,
            "published_within": comment.published_within,
            "updated_at": seen_at,
            "language": article.language,
            "summary_html": comment.body_html,
            "summary_text": comment.body_text,
            "like_count": comment.like_count,
            "in_reply_to": comment.parent_guid or article_guid(library, article.id),
            "in_reply_to_url": f"{page}#{comment_anchor(comment.parent_guid)}"
            if comment.parent_guid
            else page,
        }
    )


def _issue_entry(issue: Issue) -> Entry:
    """Return an issue as one entry: its corrections, and by section each story with its excerpt."""
    parts = [
        f"<p><strong>Correction to No. {each.number}:</strong> {escape(each.text)}</p>"
        for each in issue.errata
    ]
    section: str | None = None
    for entry in issue.entries:
        if entry.section != section:
            parts.append(f"<h2>{escape(entry.section)}</h2>" if entry.section is not None else "<hr>")
        section = entry.section
        parts += _issued_parts(entry)
    headlines = [entry.headline for entry in issue.entries if not entry.is_gone]
    return Entry(
        guid=issue.guid,
        page_url=f"/digests/{issue.digest}/{issue.number}/",
        headline=issue.title,
        published_at=issue.local_made_at,
        updated_at=_latest(
            [each for each in issue.entries if each.is_gone], issue.made_at, default=issue.made_at
        ),
        language=issue.language,
        summary_html="<ul>" + "".join(f"<li>{escape(each)}</li>" for each in headlines) + "</ul>",
        summary_text=" · ".join(map(isolate, headlines)),
        content_html="".join(parts),
        rights_line="Every story belongs to its author.",
    )


def _issued_parts(entry: Entry) -> list[str]:
    """Return a story as an issue's entry shows it: with all that must be named, without pictures."""
    if entry.is_gone:
        return [f"<h3>{escape(entry.headline)}</h3>", f"<p>{GONE_TEXT}</p>"]
    parts = [f"<h3>{_anchor(entry.headline, entry.url)}</h3>"]
    if entry.note:
        parts.append(f"<p><strong>Editor’s note:</strong> {escape(entry.note)}</p>")
    names = [isolate_in_html(name) for name in author_names(entry)]
    credits_ = [f"By {join_names(names)}"] if names else []
    if community := own_community(entry):
        credits_.append(_anchor(community.name, community.url))
    if entry.publication_name:
        credits_.append(_anchor(entry.publication_name, entry.publication_url))
    if credits_:
        parts.append(f"<p>{' · '.join(credits_)}</p>")
    parts.append(entry.summary_html)
    sources = [_anchor("Read the original", entry.url)] if entry.url else []
    sources += [f"Also at {_anchor(place.publication, place.url)}" for place in entry.also_at]
    return [*parts, f"<p><small>{' · '.join([*sources, escape(rights_text(entry))])}</small></p>"]


def _anchor(text: str, url: str | None) -> str:
    html = isolate_in_html(text)
    return f'<a href="{escape(url)}">{html}</a>' if url else html


def _list_feed(
    folder: str,
    title: str,
    entries: Sequence[Entry],
    library: Library,
    extension: str,
    older_url: str | None,
) -> Feed:
    """Return a feed of articles at a folder of the site."""
    shown = tuple(entries[:MAX_ENTRIES])
    return Feed(
        guid=feed_guid(library, folder),
        title=title,
        links=(*_links(folder, "feed", extension, OFFERED), *_next_link(older_url)),
        updated_at=_latest(shown, default=library.created_at),
        author_name="Gleanings",
        entries=shown,
    )


def _links(folder: str, name: str, extension: str, offered: Iterable[str]) -> tuple[FeedLink, ...]:
    """Return self, the page, and the other feeds of the same things.

    Args:
        folder: Path-absolute address of the page.
        name: Of the feeds: "feed", "issues", "comments".
        extension: Ending of the one the links are for; "html" for the page.
        offered: Endings of the feeds that there are.
    """
    page = FeedLink(rel="alternate", href=folder, media_type="text/html")
    if extension == PAGE:
        return page, *_feed_alternates(f"{folder}{name}", offered)
    own = FeedLink(rel="self", href=f"{folder}{name}.{extension}", media_type=FEED_TYPES[extension])
    others = [each for each in offered if each != extension]
    return own, page, *_feed_alternates(f"{folder}{name}", others)


def _feed_alternates(stem: str, offered: Iterable[str]) -> list[FeedLink]:
    return [
        FeedLink(rel="alternate", href=f"{stem}.{each}", media_type=FEED_TYPES[each])
        for each in offered
        if each in FEED_TYPES
    ]


def _next_link(older_url: str | None) -> tuple[FeedLink, ...]:
    return () if older_url is None else (FeedLink(rel="next", href=older_url),)


def _archive_link(rel: LinkRel, digest: str, number: int, part: int = 1) -> FeedLink:
    href = f"/digests/{digest}/archive/{archive_name(number, part)}"
    return FeedLink(rel=rel, href=href, media_type=FEED_TYPES["atom"])


def _latest(entries: Iterable[Entry], *moments: datetime, default: datetime) -> datetime:
    """Return the latest change among entries and moments."""
    return max([*(entry.updated_at for entry in entries), *moments], default=default)
