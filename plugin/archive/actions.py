"""What editors ask for, as rows: kept with who and when, undone but never deleted."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from crawler.errors import ArticleNotFound
from crawler.store.tables import Tables
from plugin.archive.candidates import find_issued, latest_number
from plugin.archive.sql import chunked
from plugin.errors import IssueError, IssueNotFound
from plugin.issues import EditorAction, EditorVerb
from plugin.tables import PluginTables

_action = PluginTables.editor_action
_entry = PluginTables.issue_entry


def insert_action(
    connection: Connection,
    digest: str,
    verb: EditorVerb,
    *,
    article_ids: Sequence[int] = (),
    text: str | None = None,
    about: int | None = None,
    who: str,
    at: datetime,
) -> EditorAction:
    """Insert an action and return it.

    Args:
        connection: In a write transaction.
        digest: Slug.
        verb: What is asked for.
        article_ids: As in `EditorAction`.
        text: Of a note or an erratum.
        about: The issue an erratum corrects.
        who: The editor's name.
        at: When, aware UTC.
    """
    values = {
        "digest": digest,
        "verb": verb,
        "article_ids": list(article_ids),
        "text": text,
        "about_number": about,
        "who": who,
        "at": at,
    }
    key = connection.execute(insert(_action).values(values)).inserted_primary_key
    row = connection.execute(select(_action).where(_action.c.id == (key or (None,))[0])).mappings().one()
    return _read(row)


def list_actions(connection: Connection, digest: str, *, standing: bool) -> list[EditorAction]:
    """Return a digest's actions, oldest first.

    Args:
        connection: In a transaction.
        digest: Slug.
        standing: Only those that wait for the next issue.
    """
    query = select(_action).where(_action.c.digest == digest).order_by(_action.c.id)
    if standing:
        query = query.where(_action.c.applied_to.is_(None), _action.c.undone_at.is_(None))
    return [_read(row) for row in connection.execute(query).mappings()]


def undo_action(
    connection: Connection, digest: str, *, action_id: int | None, who: str, at: datetime
) -> EditorAction:
    """Take an action back, the last one when none is named.

    Raises:
        IssueError: There is none that stands.
    """
    standing = list_actions(connection, digest, standing=True)
    if action_id is not None:
        standing = [action for action in standing if action.id == action_id]
    if not standing:
        message = (
            "nothing to undo; no wish of an editor waits for the next issue"
            if action_id is None
            else f"action {action_id} is not one that waits for the next issue"
        )
        raise IssueError(message, digest)
    action = standing[-1]
    connection.execute(update(_action).where(_action.c.id == action.id).values(undone_at=at, undone_by=who))
    return action.model_copy(update={"undone_at": at, "undone_by": who})


def check_articles(connection: Connection, digest: str, article_ids: Collection[int]) -> None:
    """Refuse articles that are unknown, or that an issue of the digest holds already.

    Raises:
        ArticleNotFound: No article has that id.
        IssueError: An issue holds it.
    """
    known: set[int] = set()
    for part in chunked(article_ids):
        known |= set(
            connection.execute(select(Tables.article.c.id).where(Tables.article.c.id.in_(part))).scalars()
        )
    for article_id in article_ids:
        if article_id not in known:
            raise ArticleNotFound("no such article; `gleanings articles list` shows them", article_id)
    for article_id in sorted(find_issued(connection, digest, article_ids)):
        number = number_holding(connection, digest, article_id)
        where = f"issue {number}" if number is not None else "an issue, under another row"
        raise IssueError(f"article {article_id} is in {where} already, and issues never change", digest)


def number_holding(connection: Connection, digest: str, article_id: int) -> int | None:
    """Return the number of the issue that holds an article, or None."""
    query = select(_entry.c.number).where(_entry.c.digest == digest, _entry.c.article_id == article_id)
    return connection.execute(query).scalar()


def check_erratum(connection: Connection, digest: str, number: int, article_id: int | None) -> None:
    """Refuse an erratum to what no issue holds.

    Raises:
        IssueNotFound: No issue has that number.
        IssueError: That issue does not hold the article.
    """
    if not 1 <= number <= latest_number(connection, digest):
        raise IssueNotFound("no issue has that number", f"{digest} {number}")
    if article_id is not None and number_holding(connection, digest, article_id) != number:
        raise IssueError(f"that issue does not hold article {article_id}", f"{digest} {number}")


def _read(row: RowMapping) -> EditorAction:
    names = {name: "about_number" if name == "number" else name for name in EditorAction.model_fields}
    return EditorAction(**{name: row[column] for name, column in names.items()})
