"""What the store hands out and takes in: frozen views, and the page to be saved.

No session and no table object leaves the store; these values do. Views carry the field names of the
export (DESIGN section 9), so ``view.model_dump_json()`` is one line of it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar

from pydantic import ConfigDict

from crawler.records import (
    ArticleFields,
    ArticleRecord,
    ArticleSummaryFields,
    AuthorFields,
    AuthorRecord,
    AuthorRef,
    Bounds,
    CommentFields,
    CommentRecord,
    Community,
    Image,
    Insight,
    Tag,
)

Change = Literal["new", "unchanged", "cosmetic", "substantive", "gone", "back"]
"""How an article's latest visit differed from the one before (DESIGN section 4)."""

Outcome = Literal[
    "saved",
    "unchanged",
    "moved",
    "gone",
    "later",
    "blocked",
    "login_wall",
    "refused_address",
    "too_large",
    "broken",
    "layout_changed",
]
"""How one fetch ended (DESIGN section 6)."""

FAILED: Final = frozenset[Outcome](
    ("later", "blocked", "login_wall", "refused_address", "too_large", "broken", "layout_changed")
)
"""Outcomes after which nothing new is known about the page."""

PageRole = Literal["list", "article", "comments", "author", "feed", "sitemap"]
"""What a frontier entry's address is expected to be."""


@dataclass(frozen=True, slots=True)
class Alias:
    """Another address or id under which an article is known.

    Attributes:
        kind: "url" for an address, "platform_id", or "content" for author + headline + body hash.
        value: The address in canonical form, the id, or the hash.
        reason: Why it is believed: "canonical", "requested", "redirect", "mirror", "content match".
    """

    kind: Literal["url", "platform_id", "content"]
    value: str
    reason: str


class ArticleSummary(ArticleSummaryFields):
    """An article without its body, for lists."""

    model_config = ConfigDict(frozen=True)  # type: ignore[assignment]

    id: int
    # Slug of the publication, None for an import that named none.
    publication: str | None = None
    community: Community | None = None
    authors: list[AuthorRef] = []
    published_bounds: Bounds | None = None
    modified_bounds: Bounds | None = None
    hero: Image | None = None
    tags: list[Tag] = []
    badges: list[str] = []
    insights: list[Insight] = []
    robots: list[str] = []
    # The class of the last visit that changed anything: never "unchanged" once saved.
    change: Change = "new"
    first_seen_at: datetime
    last_seen_at: datetime
    # When it was first seen in its present substance: moves on "new", "substantive", "back" and "gone" only.
    changed_at: datetime
    # Comments kept of it that are visible.
    stored_comment_count: int = 0
    # Rows of ``author`` in byline order, where known; same length as ``authors``.
    author_ids: list[int | None] = []
    # The article that this one turned out to be: two rows were one, this one is "gone".
    same_as_id: int | None = None
    # When a page last contradicted the publication date known before; None when none did.
    redated_at: datetime | None = None
    # Last time that any field above but ``last_seen_at`` changed.
    updated_at: datetime


class ArticleView(ArticleSummary, ArticleFields):
    """An article whole."""

    model_config = ConfigDict(frozen=True)  # type: ignore[assignment]

    provenance: dict[str, str] = {}
    # Every name under which it is known, in no particular order.
    aliases: list[Alias] = []


class AuthorView(AuthorFields):
    """An author."""

    model_config = ConfigDict(frozen=True)  # type: ignore[assignment]

    id: int
    links: list[str] = []
    first_seen_at: datetime
    last_seen_at: datetime
    # Articles kept of them.
    stored_article_count: int = 0


class CommentView(CommentFields):
    """A comment; ``parent_id`` is the platform's id of its parent."""

    model_config = ConfigDict(frozen=True)  # type: ignore[assignment]

    id: int
    article_id: int
    published_bounds: Bounds | None = None
    first_seen_at: datetime
    last_seen_at: datetime


Thread: TypeAlias = list[CommentView]
"""Comments of one article, each before its answers."""


@dataclass(frozen=True, slots=True)
class PublicationView:
    """A publication as seeded, with what became of it.

    Attributes:
        rights: "excerpt" or "full": what may be republished.
        last_good_run_at: When a crawl of it last ended well.
        next_due_at: When it is due next.
    """

    id: int
    slug: str
    platform: str
    name: str
    url: str
    language: str | None
    rights: Literal["excerpt", "full"]
    enabled: bool
    paused: bool
    article_count: int
    last_good_run_at: datetime | None
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class FrontierEntry:
    """One address the crawl knows: what it is, when to fetch it, how it went.

    Attributes:
        due_at: Fetch it at or after this instant; None when it will not be fetched again.
        etag: Validator to echo verbatim.
        last_modified: Validator to echo verbatim.
        attempts: Failures since the last success.
        outcome: How the last fetch ended; None before the first.
        error: One sentence about the last failure.
        card: What a list showed of it last, as one word to compare; None where no list did.
    """

    url: str
    role: PageRole
    publication: str
    article_id: int | None = None
    due_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    attempts: int = 0
    outcome: Outcome | None = None
    error: str | None = None
    fetched_at: datetime | None = None
    card: str | None = None


@dataclass(frozen=True, slots=True)
class AliasView(Alias):
    """An alias as kept.

    Attributes:
        article_id: The article it leads to.
        first_seen_at: When it was first believed.
    """

    article_id: int
    first_seen_at: datetime


RevisionSubject = Literal["article", "author", "comment"]


@dataclass(frozen=True, slots=True)
class RevisionView:
    """What one visit changed.

    Attributes:
        subject: Whose fields: an article's, an author's or a comment's.
        subject_id: Its row.
        change: The class of the change.
        before: Field -> value before, as exported; only fields that changed.
        after: Field -> value after; the same fields.
    """

    id: int
    subject: RevisionSubject
    subject_id: int
    seen_at: datetime
    change: Change
    before: dict[str, Any]
    after: dict[str, Any]


Revisions: TypeAlias = list[RevisionView]
Aliases: TypeAlias = list[AliasView]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Listing(Generic[Item]):
    """One page of a list, by key.

    Attributes:
        items: In the list's order.
        next_after: Hand it back as ``after`` to go on; None at the end.
    """

    items: tuple[Item, ...]
    next_after: str | None = None


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A fetched page that is kept as it came.

    Attributes:
        url: Where it was fetched.
        role: What its address was expected to be.
        publication: Slug.
        file: Name of the WARC file in the vault's folder.
        start: Where its record begins in the file, in bytes.
        length: Bytes of its record.
    """

    url: str
    role: PageRole
    publication: str
    file: str
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class PageSave:
    """All that one fetched page changes, saved in one transaction.

    Attributes:
        seen_at: The response's time less its Age; aware UTC.
        article: The article, when the page is one.
        comments: Comments of ``article``, or of ``article_url`` on a further comment page.
        authors: Persons described by the page.
        article_url: Canonical address of the article that ``comments`` belong to when ``article`` is None.
        article_id: Row of that article, where it is known; goes before ``article_url``.
        aliases: Addresses that led here (redirects, the requested address when it differs).
        fetched: The frontier entry of this page as it should stand afterwards; None for imports.
        discovered: Addresses to add to the frontier; known ones keep what they have.
        requeued: Addresses to add to the frontier; known ones become due when these are.
        kept: Where the page itself is kept; None when it is not.
    """

    seen_at: datetime
    article: ArticleRecord | None = None
    comments: tuple[CommentRecord, ...] = ()
    authors: tuple[AuthorRecord, ...] = ()
    article_url: str | None = None
    aliases: tuple[Alias, ...] = ()
    fetched: FrontierEntry | None = None
    discovered: tuple[FrontierEntry, ...] = ()
    requeued: tuple[FrontierEntry, ...] = ()
    article_id: int | None = None
    kept: KeptPage | None = None


@dataclass(frozen=True, slots=True)
class SaveReport:
    """What saving one page did.

    Attributes:
        article_id: Row of the article the page is or belongs to; None for other pages.
        change: What happened to the article; None when the page is none.
        changed_fields: Names of the article's fields that differ, sorted.
        new_comments: Comments stored for the first time.
        changed_comments: Comments whose text or state changed.
        taken_down: The page was left out because it was taken down before.
    """

    article_id: int | None = None
    change: Change | None = None
    changed_fields: tuple[str, ...] = ()
    new_comments: int = 0
    changed_comments: int = 0
    taken_down: bool = False


@dataclass(frozen=True, slots=True)
class TakedownTarget:
    """What a takedown removes.

    Attributes:
        address: As asked for.
        kind: "article" or "author"; an unknown address is taken for an article's.
        article_ids: Articles removed with all their comments, ascending.
        comment_ids: Comments of a taken down author on articles that stay; they lose text and name.
        author_ids: Persons removed, ascending.
        urls: Every address under which the library knows them: what raw pages are to be looked for.
        comment_count: Comments that go with the articles.
        revision_count: Revisions that go.
    """

    address: str
    kind: Literal["article", "author"]
    article_ids: tuple[int, ...] = ()
    comment_ids: tuple[int, ...] = ()
    author_ids: tuple[int, ...] = ()
    urls: tuple[str, ...] = ()
    comment_count: int = 0
    revision_count: int = 0


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles to list; every condition given must hold.

    Attributes:
        publications: Slugs; any of them.
        authors: Names or author addresses, case-folded; any of them.
        author_id: Row of one author.
        tags: Names, case-folded; any of them.
        languages: BCP 47 prefixes; any of them.
        access: Any of them.
        min_words: At least so many words.
        seen_since: First seen at or after this instant.
        changed_since: ``changed_at`` at or after this instant.
        published_since: Latest bound of the publication date at or after this instant.
        query: Full-text query, in the language of ``gleanings search``.
        with_gone: Also articles that are gone.
    """

    publications: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    author_id: int | None = None
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    min_words: int = 0
    seen_since: datetime | None = None
    changed_since: datetime | None = None
    published_since: datetime | None = None
    query: str | None = None
    with_gone: bool = False


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One find of a search.

    Attributes:
        article: The article found, or whose comment was found.
        comment: The comment found; None when it is the article.
        snippet: Some words around the first match, on one line.
        score: How well it matches, for the order "relevance"; comparable within one search only.
    """

    article: ArticleSummary
    comment: CommentView | None
    snippet: str
    score: float


@dataclass(frozen=True, slots=True)
class RunView:
    """One crawl run of one publication.

    Attributes:
        outcomes: Outcome -> number of fetches that ended so.
        missing: Field -> number of article pages on which it was None.
        error: Why the run failed, one sentence; None when it ended well.
    """

    id: int
    publication: str
    started_at: datetime
    ended_at: datetime | None
    outcomes: dict[str, int]
    missing: dict[str, int]
    articles_new: int
    articles_changed: int
    comments_new: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Library:
    """What names a library for good.

    Attributes:
        key: Twelve hexadecimal digits, minted when the library was made; part of every guid.
        created_at: When that was.
    """

    key: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Lease:
    """One process's right to crawl a host.

    Attributes:
        host: "vocal.media" or "127.0.0.1:8000".
        owner: Names the process: host name, pid and a random part.
        expires_at: When another may take it over.
    """

    host: str
    owner: str
    expires_at: datetime


LEASE_TIME = timedelta(minutes=2)
"""How long a lease lasts without renewal; a crawl renews it every half of that."""
