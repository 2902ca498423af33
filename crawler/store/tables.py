"""The tables, as SQLModel classes: what is kept, with its keys and indexes.

Scalar fields come from `crawler.records`; a row is only ever made from a validated record. Nothing here
leaves the store. The classes serve as schema: the crawl's path works with their `__table__` through Core.

Times are aware UTC. An interval is a pair of columns, `*_earliest` and `*_latest`. Keys (`bytes`) are
hashes of addresses and ids that may be longer than an index entry, see `crawler.store.identity`.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, MetaData, Table, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from crawler.records import ArticleFields, AuthorFields, CommentFields

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""How constraints are called, so that a migration can name them on both databases."""

SQLModel.metadata.naming_convention = NAMING

metadata: MetaData = SQLModel.metadata
"""Holds every table of the library, the plugin's as well once they are imported."""

_NEVER_REUSE_IDS = {"sqlite_autoincrement": True}
"""Ids are part of guids: a deleted row's id must not come back with another article."""


def _parent(target: str, *, is_key: bool = False, is_optional: bool = False) -> Column[int]:
    """Return a foreign key column whose row goes with its parent."""
    return Column(
        Integer,
        ForeignKey(target, ondelete="SET NULL" if is_optional else "CASCADE"),
        primary_key=is_key,
        nullable=is_optional,
    )


class LibraryRow(SQLModel, table=True):
    """The library itself: exactly one row."""

    __tablename__ = "library"

    id: int = Field(default=1, primary_key=True)
    # Twelve hexadecimal digits, minted when the library was made.
    key: str
    created_at: datetime
    # Moves with every committed write.
    generation: int = 0


class PublicationRow(SQLModel, table=True):
    """A publication as seeded, with what became of it."""

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("slug"),)

    id: int | None = Field(default=None, primary_key=True)
    slug: str
    platform: str
    name: str
    url: str
    language: str | None = None
    rights: str = "excerpt"
    enabled: bool = True
    # Set by the operator with `publications pause`; survives a change of the seeds.
    paused: bool = False
    last_good_run_at: datetime | None = None
    next_due_at: datetime | None = None


class ArticleRow(ArticleFields, table=True):
    """An article."""

    __tablename__ = "article"
    __table_args__ = (
        Index(None, "publication_id", "listed_at", "id"),
        Index(None, "listed_at", "id"),
        Index(None, "first_seen_at", "id"),
        Index(None, "changed_at", "id"),
        Index(None, "updated_at", "id"),
        Index(None, "published_latest", "id"),
        Index(None, "language", "listed_at", "id"),
        Index(None, "content_key"),
        Index(
            "ix_article_same_as_id",
            "same_as_id",
            sqlite_where=text("same_as_id IS NOT NULL"),
            postgresql_where=text("same_as_id IS NOT NULL"),
        ),
        _NEVER_REUSE_IDS,
    )

    id: int | None = Field(default=None, primary_key=True)
    publication_id: int | None = Field(default=None, foreign_key="publication.id")
    community_name: str | None = None
    community_url: str | None = None
    published_earliest: datetime | None = None
    published_latest: datetime | None = None
    modified_earliest: datetime | None = None
    modified_latest: datetime | None = None
    robots: list[str] = Field(default=[], sa_type=JSON)
    provenance: dict[str, str] = Field(default={}, sa_type=JSON)
    # Class of the last visit that changed anything.
    change: str = "new"
    first_seen_at: datetime
    last_seen_at: datetime
    # First seen in its present substance.
    changed_at: datetime
    # Last time that any exported field but `last_seen_at` changed.
    updated_at: datetime
    # Sort key of lists: `published_at` where known, but never later than `first_seen_at`.
    listed_at: datetime
    # When its date was last contradicted by a page; None when it never was.
    redated_at: datetime | None = None
    stored_comment_count: int = 0
    # When the present round of reading its comment pages began; None when one page had them all.
    comment_round_at: datetime | None = None
    # Hash of the last record seen, dates left out: equal means nothing else to compare.
    fingerprint: bytes
    # Hash of author, headline and body; not unique, see `crawler.store.identity`.
    content_key: bytes | None = None
    # Field -> how restless it is, see `crawler.store.decide`.
    restlessness: dict[str, int] = Field(default={}, sa_type=JSON)
    # The article this row turned out to be; such a row is "gone".
    same_as_id: int | None = Field(default=None, foreign_key="article.id")


class AuthorRow(AuthorFields, table=True):
    """An author: a person with a page of their own, or a name of a byline in one publication."""

    __tablename__ = "author"
    __table_args__ = (Index(None, "updated_at", "id"), Index(None, "folded_name"), _NEVER_REUSE_IDS)

    id: int | None = Field(default=None, primary_key=True)
    # Words of the name, folded.
    folded_name: str
    links: list[str] = Field(default=[], sa_type=JSON)
    first_seen_at: datetime
    last_seen_at: datetime
    updated_at: datetime
    fingerprint: bytes | None = None
    # Field -> how restless it is, see `crawler.store.decide`.
    restlessness: dict[str, int] = Field(default={}, sa_type=JSON)


class AuthorAliasRow(SQLModel, table=True):
    """An id, address, handle or name under which an author is known."""

    __tablename__ = "author_alias"

    key: bytes = Field(primary_key=True)
    author_id: int = Field(sa_column=_parent("author.id"))
    kind: str
    value: str

    __table_args__ = (Index(None, "author_id"),)


class ArticleAuthorRow(SQLModel, table=True):
    """One name of an article's byline."""

    __tablename__ = "article_author"
    __table_args__ = (Index(None, "author_id", "article_id"),)

    article_id: int = Field(sa_column=_parent("article.id", is_key=True))
    position: int = Field(primary_key=True)
    name: str
    url: str | None = None
    author_id: int | None = Field(sa_column=_parent("author.id", is_optional=True))


class TagRow(SQLModel, table=True):
    """A tag of the library, whatever its case."""

    __tablename__ = "tag"
    __table_args__ = (UniqueConstraint("folded"), _NEVER_REUSE_IDS)

    id: int | None = Field(default=None, primary_key=True)
    folded: str
    # As first seen.
    name: str


class ArticleTagRow(SQLModel, table=True):
    """A tag of an article, as printed there."""

    __tablename__ = "article_tag"
    __table_args__ = (Index(None, "tag_id", "article_id"),)

    article_id: int = Field(sa_column=_parent("article.id", is_key=True))
    position: int = Field(primary_key=True)
    tag_id: int = Field(sa_column=_parent("tag.id"))
    name: str
    url: str | None = None


class MediumRow(SQLModel, table=True):
    """A picture of an article; `role` is "hero"."""

    __tablename__ = "medium"

    article_id: int = Field(sa_column=_parent("article.id", is_key=True))
    position: int = Field(primary_key=True)
    role: str = "hero"
    url: str | None = None
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None


class InsightRow(SQLModel, table=True):
    """What readers chose to say of an article."""

    __tablename__ = "insight"

    article_id: int = Field(sa_column=_parent("article.id", is_key=True))
    position: int = Field(primary_key=True)
    kind: str
    label: str
    explanation: str | None = None
    count: int | None = None


class BadgeRow(SQLModel, table=True):
    """A distinction or warning printed with an article."""

    __tablename__ = "badge"

    article_id: int = Field(sa_column=_parent("article.id", is_key=True))
    position: int = Field(primary_key=True)
    name: str


class CommentRow(CommentFields, table=True):
    """A comment; `parent_id` is the platform's id of its parent, which may not be known yet."""

    __tablename__ = "comment"
    __table_args__ = (
        UniqueConstraint("article_id", "platform_id"),
        Index(None, "updated_at", "id"),
        _NEVER_REUSE_IDS,
    )

    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(sa_column=_parent("article.id"))
    published_earliest: datetime | None = None
    published_latest: datetime | None = None
    first_seen_at: datetime
    last_seen_at: datetime
    updated_at: datetime
    fingerprint: bytes


class AliasRow(SQLModel, table=True):
    """An address or id under which an article is known, with the reason to believe it."""

    __tablename__ = "alias"
    __table_args__ = (Index(None, "article_id"),)

    key: bytes = Field(primary_key=True)
    article_id: int = Field(sa_column=_parent("article.id"))
    kind: str
    value: str
    reason: str
    first_seen_at: datetime


class RevisionRow(SQLModel, table=True):
    """What one visit changed of an article, an author or a comment: exactly one of the three ids is set."""

    __tablename__ = "revision"
    __table_args__ = (
        Index(None, "article_id", "id"),
        Index(None, "author_id", "id"),
        Index(None, "comment_id", "id"),
        Index(None, "seen_at", "id"),
        _NEVER_REUSE_IDS,
    )

    id: int | None = Field(default=None, primary_key=True)
    article_id: int | None = Field(
        sa_column=Column(Integer, ForeignKey("article.id", ondelete="CASCADE"), nullable=True)
    )
    author_id: int | None = Field(
        sa_column=Column(Integer, ForeignKey("author.id", ondelete="CASCADE"), nullable=True)
    )
    comment_id: int | None = Field(
        sa_column=Column(Integer, ForeignKey("comment.id", ondelete="CASCADE"), nullable=True)
    )
    seen_at: datetime
    change: str
    # Field -> value, as exported.
    before: dict[str, Any] = Field(sa_type=JSON)
    after: dict[str, Any] = Field(sa_type=JSON)


class FrontierRow(SQLModel, table=True):
    """One address the crawl knows."""

    __tablename__ = "frontier"
    __table_args__ = (
        UniqueConstraint("key"),
        Index(None, "host", "due_at"),
        Index(None, "publication_id", "due_at"),
        Index(None, "article_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    # Hash of `url`.
    key: bytes
    url: str
    host: str
    role: str
    publication_id: int = Field(sa_column=_parent("publication.id"))
    article_id: int | None = Field(sa_column=_parent("article.id", is_optional=True))
    due_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    attempts: int = 0
    outcome: str | None = None
    error: str | None = None
    fetched_at: datetime | None = None
    # What a list showed of it last, as one word to compare.
    card: str | None = None


class HostRow(SQLModel, table=True):
    """A host: who crawls it now, and until when it asked to be left alone."""

    __tablename__ = "host"

    name: str = Field(primary_key=True)
    owner: str | None = None
    lease_expires_at: datetime | None = None
    paused_until: datetime | None = None
    pause_reason: str | None = None


class RunRow(SQLModel, table=True):
    """One crawl run of one publication."""

    __tablename__ = "crawl_run"
    __table_args__ = (Index(None, "publication_id", "started_at"),)

    id: int | None = Field(default=None, primary_key=True)
    publication_id: int = Field(sa_column=_parent("publication.id"))
    started_at: datetime
    ended_at: datetime | None = None
    outcomes: dict[str, int] = Field(default={}, sa_type=JSON)
    missing: dict[str, int] = Field(default={}, sa_type=JSON)
    articles_new: int = 0
    articles_changed: int = 0
    comments_new: int = 0
    error: str | None = None


class TakedownRow(SQLModel, table=True):
    """The hash of what was taken down: enough to know it again, too little to tell what it was."""

    __tablename__ = "takedown"

    key: bytes = Field(primary_key=True)
    # "article" or "author".
    kind: str
    taken_down_at: datetime


class Tables:
    """The Core tables, by the name of what they hold."""

    library: ClassVar[Table] = metadata.tables["library"]
    publication: ClassVar[Table] = metadata.tables["publication"]
    article: ClassVar[Table] = metadata.tables["article"]
    author: ClassVar[Table] = metadata.tables["author"]
    author_alias: ClassVar[Table] = metadata.tables["author_alias"]
    article_author: ClassVar[Table] = metadata.tables["article_author"]
    tag: ClassVar[Table] = metadata.tables["tag"]
    article_tag: ClassVar[Table] = metadata.tables["article_tag"]
    medium: ClassVar[Table] = metadata.tables["medium"]
    insight: ClassVar[Table] = metadata.tables["insight"]
    badge: ClassVar[Table] = metadata.tables["badge"]
    comment: ClassVar[Table] = metadata.tables["comment"]
    alias: ClassVar[Table] = metadata.tables["alias"]
    revision: ClassVar[Table] = metadata.tables["revision"]
    frontier: ClassVar[Table] = metadata.tables["frontier"]
    host: ClassVar[Table] = metadata.tables["host"]
    run: ClassVar[Table] = metadata.tables["crawl_run"]
    takedown: ClassVar[Table] = metadata.tables["takedown"]

    @staticmethod
    def by_name(name: str) -> Table:
        """Return a table by its name in the database."""
        return metadata.tables[name]
