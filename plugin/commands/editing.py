"""What an editor asks for before an issue is made, as the commands say it."""

from collections.abc import Sequence
from typing import Any, Literal

from crawler.commands.context import Session
from crawler.commands.views import find_article
from plugin.commands.library import open_workspace


def edit(
    session: Session,
    slug: str,
    verb: Literal["pin", "drop", "note", "order"],
    articles: Sequence[str],
    *,
    text: str = "",
    who: str,
) -> str:
    """Note an editor's wish for a digest's next issue.

    Args:
        session: Of the command.
        slug: The digest.
        verb: The wish.
        articles: Ids or addresses.
        text: Of a note.
        who: The editor's name.

    Returns:
        One sentence about it.

    Raises:
        DigestNotFound: There is no such digest.
        ArticleNotFound: There is no such article.
        IssueError: An issue of the digest holds the article already.
    """
    with open_workspace(session) as workspace:
        name = workspace.digest(slug).slug
        archive = workspace.archive
        ids = [find_article(archive.store, each).id for each in articles]
        now = session.clock()
        match verb:
            case "pin":
                action = archive.pin(name, ids[0], who=who, at=now)
            case "drop":
                action = archive.drop(name, ids[0], who=who, at=now)
            case "note":
                action = archive.note(name, ids[0], text, who=who, at=now)
            case "order":
                action = archive.order(name, ids, who=who, at=now)
    return f"Noted as action {action.id} for the next issue; `gleanings digest undo {slug}` takes it back."


def correct(session: Session, slug: str, number: int, text: str, *, article: str | None, who: str) -> str:
    """Note a correction of a sent issue, or of an entry by its headline; returns one sentence about it."""
    with open_workspace(session) as workspace:
        name, archive = workspace.digest(slug).slug, workspace.archive
        article_id = None if article is None else find_article(archive.store, article).id
        if article_id is not None:
            entries = archive.get_issue(name, number).entries
            headline = next((each.headline for each in entries if each.article_id == article_id), None)
            text = text if headline is None else f"“{headline}”: {text}"
        action = archive.correct(name, number, text, article_id=article_id, who=who, at=session.clock())
    return f"Noted as action {action.id}: the next issue corrects issue {number}."


def undo(session: Session, slug: str, action_id: int | None, *, who: str) -> str:
    """Take a wish back; returns one sentence about it."""
    with open_workspace(session) as workspace:
        name = workspace.digest(slug).slug
        action = workspace.archive.undo(name, action_id=action_id, who=who, at=session.clock())
    return f"Took back action {action.id} ({action.verb})."


def action_rows(session: Session, slug: str, *, with_past: bool) -> list[dict[str, Any]]:
    """Return one row for each wish, oldest first."""
    with open_workspace(session) as workspace:
        actions = workspace.archive.actions(workspace.digest(slug).slug, standing=not with_past)
    return [
        {
            "id": action.id,
            "verb": action.verb,
            "articles": list(action.article_ids),
            "text": action.text,
            "number": action.number,
            "who": action.who,
            "at": action.at,
            "state": "undone"
            if action.undone_at
            else f"issue {action.applied_to}"
            if action.applied_to
            else "waiting",
        }
        for action in actions
    ]
