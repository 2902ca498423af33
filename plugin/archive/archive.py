"""The archive: one object over the library's store and the plugin's own tables."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from sqlalchemy.exc import IntegrityError

from crawler.store import CRAWLER_BRANCH, MigrationBranch, Store, open_store
from plugin.archive import actions, candidates, issue_rows, pushes
from plugin.archive.candidates import Candidates
from plugin.archive.issue_rows import IssueDraft
from plugin.archive.sql import chunked
from plugin.errors import IssueExists, IssueNotFound
from plugin.issues import EditorAction, EditorVerb, Issue, IssueExport, IssueSummary, LedgerChange, Push
from plugin.tables import PluginTables

_issue = PluginTables.issue

PLUGIN_BRANCH: Final = MigrationBranch("plugin", 3, Path(__file__).parent.parent / "migrations" / "versions")
"""The tables of `plugin.tables`."""

HIGHEST_NUMBER: Final = 2**31 - 1
"""No issue has a higher number: the column ends there."""

_BRANCHES: Final = (CRAWLER_BRANCH, PLUGIN_BRANCH)


def open_library(url: str, *, upgrade: bool | None = None) -> "Archive":
    """Open a library with both branches of its schema.

    Args:
        url: "sqlite:///path", "sqlite://" (in memory) or "postgresql+psycopg://...".
        upgrade: None upgrades SQLite files and leaves PostgreSQL alone; True upgrades both, False neither.

    Raises:
        StoreTooOld: The schema must be upgraded first.
        StoreTooNew: A newer Gleanings wrote it.
        StoreLocked: Another process holds it.
        StoreError: No such folder, read-only, not a database, unreachable server.
    """
    return Archive(open_store(url, upgrade=upgrade, branches=_BRANCHES))


def to_archive(store: Store) -> "Archive":
    """Return the archive of a library that was opened as a store, perhaps without the plugin's tables.

    Raises:
        StoreTooOld: It has none, and is in PostgreSQL: `gleanings db upgrade` makes them.
        StoreTooNew: A newer Gleanings wrote it.
    """
    store.extend(_BRANCHES)
    return Archive(store)


class _Outdated(Exception):
    """What an issue was composed of has changed; rolls its transaction back."""


class Archive:
    """Issues, ledgers and editors' actions beside the articles they are about.

    Args:
        store: Opened with both branches.

    Attributes:
        store: The library itself.
    """

    def __init__(self, store: Store) -> None:
        self.store: Final = store

    # Issues

    def issues(self, digest: str) -> list[IssueSummary]:
        """Return a digest's issues without their entries, the newest first."""
        with self.store.reading() as connection:
            return issue_rows.load_summaries(connection, digest)

    def get_issue(self, digest: str, number: int) -> Issue:
        """Return one issue.

        Raises:
            IssueNotFound: The digest has none of that number.
        """
        with self.store.reading() as connection:
            found = issue_rows.load_issues(
                connection, (_issue.c.digest == digest) & (_issue.c.number == number)
            )
        if not found:
            raise IssueNotFound("no issue has that number", f"{digest} {number}")
        return found[0]

    def latest_issue(self, digest: str) -> Issue | None:
        """Return a digest's newest issue, or None before the first."""
        return next(iter(self.list_issues(digest, limit=1)), None)

    def list_issues(self, digest: str, *, limit: int, before: int | None = None) -> list[Issue]:
        """Return whole issues, the newest first.

        Args:
            digest: Slug.
            limit: Most issues returned; >= 1.
            before: Only those with a lower number.
        """
        wanted = _issue.c.digest == digest
        if before is not None:
            # PostgreSQL refuses to compare a column with what it could not hold.
            wanted &= _issue.c.number < min(before, HIGHEST_NUMBER)
        with self.store.reading() as connection:
            return issue_rows.load_issues(connection, wanted, limit=limit)

    def iterate_issues(self, *, since: datetime | None = None) -> Iterator[IssueExport]:
        """Yield every issue of every digest, oldest first, one in memory at a time.

        Args:
            since: Only those made at or after this instant.
        """
        with self.store.reading() as connection:
            keys = issue_rows.list_keys(connection, since=since)
        for digest, number in keys:
            issue = self.get_issue(digest, number)
            articles = tuple(entry.article_id for entry in issue.entries if entry.article_id is not None)
            yield IssueExport(**dict(issue), articles=articles)

    # Making

    def candidates(
        self, digest: str, *, first_seen_since: datetime, pinned: Iterable[int] = (), is_final: bool = False
    ) -> Candidates:
        """Find what the next issue of a digest chooses from.

        Args:
            digest: Slug.
            first_seen_since: How far back a first issue looks; aware UTC.
            pinned: Articles an editor wants in, considered or not.
            is_final: An issue will be made of them, so that none may be overlooked; a preview needs no
                waiting.
        """
        ceiling = candidates.read_ceiling(self.store, is_final=is_final)
        with self.store.reading() as connection:
            return candidates.find_candidates(
                connection, digest, first_seen_since=first_seen_since, ceiling_id=ceiling, pinned=pinned
            )

    def matching(self, query: str, article_ids: Iterable[int]) -> frozenset[int]:
        """Return those articles that a search query finds; the rest of the library is not looked at.

        Raises:
            QueryError: The query can't be understood.
        """
        with self.store.reading() as connection:
            return frozenset(candidates.find_matching(connection, query, article_ids))

    def bodies(self, article_ids: Iterable[int]) -> Iterator[tuple[int, str]]:
        """Yield the plain bodies of articles with their ids, a few hundred in memory at once."""
        for part in chunked(article_ids):
            with self.store.reading() as connection:
                bodies = candidates.read_bodies(connection, part)
            yield from bodies

    def save_issue(self, draft: IssueDraft) -> bool:
        """Save an issue with all that its making changes, in one transaction.

        Returns:
            False, with nothing saved, when an article it quotes has gone or an action it uses up was undone
            since it was composed: it must be made anew.

        Raises:
            IssueExists: Another maker was faster.
            StoreLocked: Another process has been writing for too long.
        """
        issue = draft.issue
        try:
            with self.store.transaction() as connection:
                _check_number(candidates.latest_number(connection, issue.digest), issue)
                quoted = {each.article_id for each in issue.entries if each.article_id is not None}
                if not issue_rows.all_showable(connection, quoted):
                    raise _Outdated
                if not issue_rows.apply_actions(connection, draft.applied, number=issue.number):
                    raise _Outdated
                issue_rows.insert_issue(connection, draft)
                candidates.write_ledger(connection, issue.digest, draft.change, cut_at=issue.made_at)
        except _Outdated:
            return False
        except IntegrityError:
            # On PostgreSQL another maker, or a takedown of a candidate, may commit between our look and our
            # write.
            with self.store.reading() as connection:
                _check_number(candidates.latest_number(connection, issue.digest), issue)
            return False
        return True

    def save_attempt(self, digest: str, change: LedgerChange, *, cut_at: datetime) -> None:
        """Save what a digest has considered when no candidate was left for an issue.

        Without it a digest that finds nothing for long would look at all it has seen again and again. Before
        its first issue a digest remembers nothing but the attempt, for its window moves on with the clock.

        Args:
            digest: Slug.
            change: What becomes of its ledger.
            cut_at: The cut, aware UTC.
        """
        with self.store.transaction() as connection:
            if candidates.latest_number(connection, digest) == 0:
                candidates.write_first_attempt(connection, digest, cut_at=cut_at)
            else:
                candidates.write_ledger(connection, digest, change, cut_at=cut_at)

    def last_cut_at(self, digest: str) -> datetime | None:
        """Return when an issue was last made or tried; None: never. `plugin.digests.is_due` asks for it."""
        with self.store.reading() as connection:
            return candidates.read_last_cut(connection, digest)

    # Editing

    def pin(self, digest: str, article_id: int, *, who: str, at: datetime) -> EditorAction:
        """Put an article into the next issue, whatever filters, ``settle`` and limits say.

        Raises:
            ArticleNotFound: No article has that id.
            IssueError: An issue of the digest holds it already.
        """
        return self._act(digest, "pin", [article_id], who=who, at=at)

    def drop(self, digest: str, article_id: int, *, who: str, at: datetime) -> EditorAction:
        """Keep an article out of the next issue and all later ones; raises as `pin` does."""
        return self._act(digest, "drop", [article_id], who=who, at=at)

    def note(self, digest: str, article_id: int, text: str, *, who: str, at: datetime) -> EditorAction:
        """Print a word above an article's entry; raises as `pin` does."""
        return self._act(digest, "note", [article_id], text=text, who=who, at=at)

    def order(self, digest: str, article_ids: Sequence[int], *, who: str, at: datetime) -> EditorAction:
        """Print articles in this order, before the others of their section; raises as `pin` does."""
        return self._act(digest, "order", list(dict.fromkeys(article_ids)), who=who, at=at)

    def _act(
        self,
        digest: str,
        verb: EditorVerb,
        article_ids: list[int],
        *,
        text: str | None = None,
        who: str,
        at: datetime,
    ) -> EditorAction:
        with self.store.transaction() as connection:
            actions.check_articles(connection, digest, article_ids)
            return actions.insert_action(
                connection, digest, verb, article_ids=article_ids, text=text, who=who, at=at
            )

    def correct(
        self, digest: str, number: int, text: str, *, article_id: int | None = None, who: str, at: datetime
    ) -> EditorAction:
        """Print an erratum to a sent issue in the next one.

        Args:
            digest: Slug.
            number: The issue it corrects.
            text: Plain text.
            article_id: The article it is about; None for the issue as a whole.
            who: The editor's name.
            at: When, aware UTC.

        Raises:
            IssueNotFound: No issue has that number.
            IssueError: That issue does not hold the article.
        """
        with self.store.transaction() as connection:
            actions.check_erratum(connection, digest, number, article_id)
            ids = [] if article_id is None else [article_id]
            return actions.insert_action(
                connection, digest, "erratum", article_ids=ids, text=text, about=number, who=who, at=at
            )

    def undo(self, digest: str, *, action_id: int | None = None, who: str, at: datetime) -> EditorAction:
        """Take an action back before an issue uses it up.

        Args:
            digest: Slug.
            action_id: Which; None: the last one that stands.
            who: Who takes it back.
            at: When, aware UTC.

        Raises:
            IssueError: There is none that stands.
        """
        with self.store.transaction() as connection:
            return actions.undo_action(connection, digest, action_id=action_id, who=who, at=at)

    def actions(self, digest: str, *, standing: bool = False) -> list[EditorAction]:
        """Return what editors asked for, oldest first.

        Args:
            digest: Slug.
            standing: Only what waits for the next issue.
        """
        with self.store.reading() as connection:
            return actions.list_actions(connection, digest, standing=standing)

    # Taking down and pushing

    def redact(
        self, article_ids: Iterable[int] = (), *, comment_ids: Iterable[int] = (), at: datetime
    ) -> list[tuple[str, int]]:
        """Turn what issues quote into tombstones: the one exception to their freezing.

        An article's entry keeps its place and guid; links "also at" it, errata and notes about it lose their
        text. A quoted comment vanishes. Doing it again changes nothing more.

        Args:
            article_ids: Articles taken down, whether their rows are still there or not.
            comment_ids: Comments taken down.
            at: When, aware UTC; becomes ``updated_at`` of what changed, so that feed readers fetch it.

        Returns:
            (digest, number) of every issue changed, sorted: what must be published again.
        """
        articles = set(article_ids)
        with self.store.transaction() as connection:
            touched = issue_rows.redact_articles(connection, articles, at=at)
            touched |= issue_rows.redact_comments(connection, comment_ids, at=at)
            issue_rows.redact_notes(connection, articles)
        return sorted(touched)

    def save_push(self, push: Push) -> None:
        """Note how the last push of an issue to an outlet ended."""
        with self.store.transaction() as connection:
            pushes.write_push(connection, push)

    def pushes(self, digest: str, number: int | None = None) -> list[Push]:
        """Return where an issue, or each issue of a digest, was pushed to, sorted by outlet and number."""
        with self.store.reading() as connection:
            return pushes.list_pushes(connection, digest, number)

    # The rest

    def generation(self) -> int:
        """Return a number that moves with every write to articles or issues, by whichever process."""
        return self.store.generation()

    def peek_generation(self) -> int | None:
        """Return the generation if it can be told within microseconds; None: ask `generation`."""
        return self.store.peek_generation()

    def close(self) -> None:
        """Close the library."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _check_number(latest: int, issue: Issue) -> None:
    """Refuse an issue whose number stands already."""
    if latest >= issue.number:
        message = f"another maker was faster: issue {issue.number} stands"
        raise IssueExists(message, f"{issue.digest} {issue.number}")
