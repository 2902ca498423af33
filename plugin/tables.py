"""The plugin's tables: issues with what they quote, ledgers, editors' actions, pushes.

They stand beside the library's own in one database and refer to articles by id. What an issue quotes has no
foreign key to its article: an issue stays as it was made when the article's row is gone; only
`Archive.redact` changes it.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, Table, UniqueConstraint
from sqlmodel import Field, SQLModel

from crawler.store.tables import metadata


def _article(*, is_key: bool = False) -> Column[int]:
    """Return a column that goes with its article."""
    return Column(Integer, ForeignKey("article.id", ondelete="CASCADE"), primary_key=is_key, nullable=False)


class DigestRow(SQLModel, table=True):
    """How far a digest has come; a digest that was never tried has no row."""

    __tablename__ = "digest"

    slug: str = Field(primary_key=True)
    # Every article up to this row has been considered; those that wait are in `ledger`. None before the first
    # issue.
    considered_to_id: int | None = None
    # When an issue was last made or tried: the cut of its selection.
    last_cut_at: datetime


class LedgerRow(SQLModel, table=True):
    """An article that a digest has considered and may still take."""

    __tablename__ = "ledger"
    __table_args__ = (Index(None, "article_id"),)

    digest: str = Field(primary_key=True)
    article_id: int = Field(sa_column=_article(is_key=True))
    considered_at: datetime
    times_limited: int = 0
    # What kept it out the last time.
    rule: str


class IssueRow(SQLModel, table=True):
    """An issue without its entries."""

    __tablename__ = "issue"
    __table_args__ = (Index(None, "made_at"),)

    digest: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    # The cut of its selection.
    made_at: datetime
    # When it was saved; None for issues made before this was noted.
    saved_at: datetime | None = None
    entry_count: int
    # The issue's other fields, as `plugin.issues.Issue` names them.
    head: dict[str, Any] = Field(sa_type=JSON)


class IssueEntryRow(SQLModel, table=True):
    """An entry of an issue, with all that it quotes."""

    __tablename__ = "issue_entry"
    __table_args__ = (UniqueConstraint("digest", "article_id"), Index(None, "article_id"))

    digest: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    article_id: int
    # What tells the same story again: an `IssuedArticle`.
    traits: dict[str, Any] = Field(sa_type=JSON)
    # The `Entry`.
    entry: dict[str, Any] = Field(sa_type=JSON)


class IssueMentionRow(SQLModel, table=True):
    """An entry that names another article or quotes a comment, so that both can be taken out."""

    __tablename__ = "issue_mention"
    __table_args__ = (Index(None, "kind", "target_id"),)

    digest: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    # "article" or "comment".
    kind: str = Field(primary_key=True)
    target_id: int = Field(primary_key=True)


class ErratumRow(SQLModel, table=True):
    """A correction printed in an issue."""

    __tablename__ = "erratum"
    __table_args__ = (Index(None, "article_id"),)

    # The issue it is printed in.
    digest: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    # The issue it corrects.
    about_number: int
    article_id: int | None = None
    text: str


class EditorActionRow(SQLModel, table=True):
    """What an editor asked for."""

    __tablename__ = "editor_action"
    __table_args__ = (Index(None, "digest", "applied_to"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    digest: str
    # "pin", "drop", "note", "order" or "erratum".
    verb: str
    article_ids: list[int] = Field(sa_type=JSON)
    text: str | None = None
    # The issue an erratum corrects.
    about_number: int | None = None
    who: str
    at: datetime
    undone_at: datetime | None = None
    undone_by: str | None = None
    # The issue it acted on.
    applied_to: int | None = None


class PushRow(SQLModel, table=True):
    """The last time an issue was pushed to an outlet."""

    __tablename__ = "push"

    digest: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    # Kind and place: "folder /srv/www".
    outlet: str = Field(primary_key=True)
    pushed_at: datetime
    # One sentence; None when it went well.
    error: str | None = None


class SchedulerRow(SQLModel, table=True):
    """A sign of life of the scheduler; there is one row, and none before its first start."""

    __tablename__ = "scheduler"

    # Always 1.
    id: int = Field(primary_key=True)
    # Names the process.
    owner: str
    started_at: datetime
    beat_at: datetime
    # When it ended in good order; None while it runs, or when it died.
    stopped_at: datetime | None = None


class PluginTables:
    """The Core tables, by the name of what they hold."""

    digest: ClassVar[Table] = metadata.tables["digest"]
    ledger: ClassVar[Table] = metadata.tables["ledger"]
    issue: ClassVar[Table] = metadata.tables["issue"]
    issue_entry: ClassVar[Table] = metadata.tables["issue_entry"]
    issue_mention: ClassVar[Table] = metadata.tables["issue_mention"]
    erratum: ClassVar[Table] = metadata.tables["erratum"]
    editor_action: ClassVar[Table] = metadata.tables["editor_action"]
    push: ClassVar[Table] = metadata.tables["push"]
    scheduler: ClassVar[Table] = metadata.tables["scheduler"]
