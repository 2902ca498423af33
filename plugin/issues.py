"""The values that are published: an entry, a frozen issue, and the feed that every format renders.

An `Issue` quotes all that it shows, so what happens to an article afterwards can't change it. Issues, digest
series, authors, tags, publications, searches and comment threads all become a `Feed`; a format knows nothing
else.
"""

from datetime import datetime, timedelta, timezone
from typing import Literal

from pydantic import BaseModel, ConfigDict

from crawler.records import AuthorRef, Community, Image, Insight, Tag


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EntryComment(_Frozen):
    """A reader's comment as an entry quotes it.

    Attributes:
        guid: tag: URI.
        comment_id: Row of the comment.
        parent_guid: The comment it answers; None at the top.
        depth: 0 at the top.
        published_within: As of an entry.
    """

    guid: str
    comment_id: int | None = None
    parent_guid: str | None = None
    depth: int = 0
    author_name: str | None = None
    author_url: str | None = None
    published_at: datetime | None = None
    published_text: str | None = None
    published_within: timedelta | None = None
    body_html: str
    body_text: str
    like_count: int | None = None


class AlsoAt(_Frozen):
    """Another place where the same story stands.

    Attributes:
        publication: Printed name of that place.
        article_id: Row of the article there; None where it is not kept.
    """

    publication: str
    url: str
    article_id: int | None = None


class Entry(_Frozen):
    """One article as it is republished.

    Attributes:
        guid: tag: URI; outlives edits, moves and crawls.
        article_id: Row of the article; None in a feed whose entries are issues or comments.
        url: The original, where the link leads; None for a copied text without an address.
        page_url: Our own page about it, path-absolute ("/articles/7/") or absolute; None where there is none.
        author_page_url: Our own page about the first author who has one.
        author_page_urls: Our own page about each of ``authors``; None where there is none.
        publication_name: Printed name of its publication.
        publication_url: Address of its publication.
        published_at: Best guess; None when the page gave no date.
        published_within: How far its earliest and its latest lie apart; None where that was not kept.
        updated_at: When its substance last changed, as far as we know; never None.
        summary_html: The excerpt: sanitized, valid, whole words.
        content_html: The whole body, only where rights and digest allow it.
        comment_count: As printed, else as kept.
        comments: The comments quoted.
        comments_url: Page of the discussion.
        comments_feed_url: Comment feed, path-absolute or absolute.
        rights_line: "© A B" or the license's name, as printed.
        note: The editor's word above the entry, plain text.
        section: Title of its section; None stands untitled at the end.
        in_reply_to: In a comment feed, the guid of what this comment answers: another comment or the article.
        in_reply_to_url: Page of what it answers, path-absolute or absolute.
        is_gone: Taken down: a tombstone without text.
    """

    guid: str
    article_id: int | None = None
    url: str | None = None
    page_url: str | None = None
    headline: str
    dek: str | None = None
    byline: str | None = None
    authors: tuple[AuthorRef, ...] = ()
    author_page_url: str | None = None
    author_page_urls: tuple[str | None, ...] = ()
    community: Community | None = None
    publication: str | None = None
    publication_name: str | None = None
    publication_url: str | None = None
    published_at: datetime | None = None
    published_text: str | None = None
    published_within: timedelta | None = None
    updated_at: datetime
    language: str | None = None
    summary_html: str
    summary_text: str
    content_html: str | None = None
    hero: Image | None = None
    tags: tuple[Tag, ...] = ()
    badges: tuple[str, ...] = ()
    insights: tuple[Insight, ...] = ()
    word_count: int = 0
    reading_minutes: int | None = None
    like_count: int | None = None
    comment_count: int = 0
    comments: tuple[EntryComment, ...] = ()
    comments_url: str | None = None
    comments_feed_url: str | None = None
    license: str | None = None
    rights_line: str | None = None
    note: str | None = None
    section: str | None = None
    also_at: tuple[AlsoAt, ...] = ()
    in_reply_to: str | None = None
    in_reply_to_url: str | None = None
    is_gone: bool = False


class Erratum(_Frozen):
    """A correction of an earlier issue, printed in a later one.

    Attributes:
        number: The issue corrected.
        article_id: The article it is about; None for the issue as a whole.
        text: Plain text.
    """

    number: int
    article_id: int | None = None
    text: str


class Issue(_Frozen):
    """One numbered, frozen instance of a digest.

    Attributes:
        digest: Slug of the digest.
        number: From 1, without gaps.
        guid: tag: URI.
        made_at: When it was made; also the cut of its selection.
        utc_offset: Of its digest's time zone at that time: the day printed on it is that of its readers.
        entries: In printed order; those of one section stand together.
    """

    digest: str
    number: int
    guid: str
    title: str
    digest_title: str
    description: str | None = None
    link: str | None = None
    language: str | None = None
    made_at: datetime
    utc_offset: timedelta = timedelta(0)
    entries: tuple[Entry, ...]
    errata: tuple[Erratum, ...] = ()

    @property
    def local_made_at(self) -> datetime:
        """``made_at`` as the clocks of its digest's time zone showed it."""
        return self.made_at.astimezone(timezone(self.utc_offset))


class IssueSummary(_Frozen):
    """An issue without its entries, for lists.

    Attributes:
        entry_count: Entries it was made with, tombstones included.
    """

    digest: str
    number: int
    guid: str
    title: str
    made_at: datetime
    entry_count: int


class IssueExport(Issue):
    """An issue as ``gleanings export issues`` writes it.

    Attributes:
        articles: Rows of the articles of its entries, in printed order.
    """

    articles: tuple[int, ...] = ()


class IssuedArticle(_Frozen):
    """What a digest remembers of an article that an issue of it holds, to know the same story again.

    Attributes:
        number: The issue.
        author_keys: Addresses or folded names, see ``plugin.selection.traits``.
        sketch: Of its body, ascending; empty where the body was too short to compare.
        text_key: Of its whole body; None where the body was too short to compare.
    """

    article_id: int
    number: int
    headline: str
    publication: str | None = None
    community: str | None = None
    author_keys: tuple[str, ...] = ()
    sketch: tuple[int, ...] = ()
    text_key: str | None = None


class LedgerEntry(_Frozen):
    """An article that a digest has considered and may still take.

    Attributes:
        considered_at: Cut of the issue that considered it first, moved back where the clock went back.
        times_limited: In how many issues nothing but a limit kept it out.
        rule: What kept it out the last time.
    """

    article_id: int
    considered_at: datetime
    times_limited: int = 0
    rule: str


class LedgerChange(_Frozen):
    """What making an issue, or finding nothing for one, does to a digest's ledger.

    Attributes:
        ceiling_id: Every article up to this row has now been considered.
        waiting: Those that may still be taken, as they now stand.
        settled: Those that never will be, or are in the issue.
    """

    ceiling_id: int
    waiting: tuple[LedgerEntry, ...] = ()
    settled: tuple[int, ...] = ()


EditorVerb = Literal["pin", "drop", "note", "order", "erratum"]


class EditorAction(_Frozen):
    """What an editor asked for before an issue was made.

    Attributes:
        article_ids: What it is about: one article; several in printed order for "order"; for "erratum" none
            when it is about the issue as a whole.
        text: Of a note or an erratum, plain text.
        number: The issue an erratum corrects.
        who: The editor's name.
        undone_at: When it was taken back; None while it stands.
        undone_by: Who took it back.
        applied_to: The issue it acted on; None while it waits for the next.
    """

    id: int
    digest: str
    verb: EditorVerb
    article_ids: tuple[int, ...] = ()
    text: str | None = None
    number: int | None = None
    who: str
    at: datetime
    undone_at: datetime | None = None
    undone_by: str | None = None
    applied_to: int | None = None


class Push(_Frozen):
    """How the last push of an issue to an outlet ended.

    Attributes:
        outlet: Kind and place: "folder /srv/www".
        error: One sentence; None when it went well.
    """

    digest: str
    number: int
    outlet: str
    pushed_at: datetime
    error: str | None = None


class Beat(_Frozen):
    """A sign of life of the scheduler.

    Attributes:
        owner: Names the process.
        stopped_at: When it ended in good order; None while it runs, or when it died.
    """

    owner: str
    started_at: datetime
    beat_at: datetime
    stopped_at: datetime | None = None


LinkRel = Literal["self", "alternate", "next", "prev-archive", "next-archive", "current", "hub", "replies"]


class FeedLink(_Frozen):
    """A link of a feed; ``href`` is absolute once rendered for a known base."""

    rel: LinkRel
    href: str
    media_type: str | None = None
    title: str | None = None


class Feed(_Frozen):
    """What every format renders.

    Attributes:
        guid: tag: URI of the feed.
        links: self, alternate, paging, archives, hub.
        home_url: A page elsewhere about what the feed is of: a digest's ``link``.
        updated_at: The latest ``updated_at`` among the entries, or the issue's ``local_made_at``: formats
            print the day of its zone.
        author_name: Who publishes the feed.
        entries: In order; sections are read off ``Entry.section``.
        issue_number: Set where the feed is one issue.
        previous_issue_url: Page of the issue before, path-absolute.
        next_issue_url: Page of the issue after, path-absolute.
        is_archive: An RFC 5005 archive document: it never changes.
        ttl_minutes: How long a reader may wait before it asks again; None leaves it open.
    """

    guid: str
    title: str
    description: str | None = None
    links: tuple[FeedLink, ...] = ()
    home_url: str | None = None
    language: str | None = None
    updated_at: datetime
    author_name: str | None = None
    entries: tuple[Entry, ...] = ()
    errata: tuple[Erratum, ...] = ()
    issue_number: int | None = None
    previous_issue_url: str | None = None
    next_issue_url: str | None = None
    is_archive: bool = False
    ttl_minutes: int | None = None

    def link(self, rel: LinkRel) -> str | None:
        """Return the first link of a kind, or None."""
        return next((link.href for link in self.links if link.rel == rel), None)
