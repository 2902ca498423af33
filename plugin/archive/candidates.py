"""Which articles an issue has to look at, and what its digest remembers of them.

The number of rows touched grows with the candidates, never with the library: new articles are a range of row
numbers (of first sights, for the first issue), and those that wait stand in the ledger.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, text

from crawler.errors import StoreLocked
from crawler.store import Store
from crawler.store.filtering import Condition, field_condition
from crawler.store.finding import HIGHEST, LOWEST, Wanted, find_keys
from crawler.store.indexing import ARTICLE_WORDS, make_key, split_key
from crawler.store.queries import parse_query
from crawler.store.tables import Tables
from plugin.archive.sql import chunked
from plugin.issues import IssuedArticle, LedgerChange, LedgerEntry
from plugin.tables import PluginTables

MEMORY: Final = 26
"""Issues whose stories are known again when they come from another place: half a year of a weekly digest."""

MAX_REMEMBERED: Final = 2_000
"""Stories known again, the newest; 2,000 sketches are read in a tenth of a second."""

_BETWEEN_LOOKS: Final = 0.01
"""Seconds; a batch of pages takes some fifty times that."""
_MAX_LOOKS: Final = 3_000

_article = Tables.article
_ledger = PluginTables.ledger
_entry = PluginTables.issue_entry


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the next issue of a digest chooses from.

    Attributes:
        article_ids: Ascending, each once.
        ceiling_id: Largest row that was looked at; every later one belongs to the next issue.
        ledger: Article -> what the digest remembers; new ones are absent.
        issued: What its recent issues hold, the newest first.
        latest_number: Of its newest issue; 0 before the first.
        latest_saved_at: When that was saved; None before the first.
    """

    article_ids: tuple[int, ...]
    ceiling_id: int
    ledger: Mapping[int, LedgerEntry]
    issued: tuple[IssuedArticle, ...]
    latest_number: int
    latest_saved_at: datetime | None


def read_ceiling(store: Store, *, is_final: bool) -> int:
    """Return the largest row that an issue looks at; 0 in an empty library.

    PostgreSQL gives row numbers out before a transaction commits, so that a lower one may appear after a
    higher one; an issue made in between would never look at it. Whoever takes a number holds a lock on the
    sequence until its transaction ends: once those that hold one now have ended, no lower number can appear
    any more. Nobody is kept from writing meanwhile. SQLite has one writer, and numbers appear in order.

    Args:
        store: The library.
        is_final: An issue will be made; a preview does not wait for writers.

    Raises:
        StoreLocked: A transaction that stores articles does not end.

    Source:
        That waiting for the present holders is enough is how ``CREATE INDEX CONCURRENTLY`` waits.
    """
    with store.reading() as connection:
        if connection.dialect.name == "sqlite" or not is_final:
            return connection.execute(select(func.max(_article.c.id))).scalar() or 0
        name = connection.execute(text("SELECT pg_get_serial_sequence('article', 'id')")).scalar_one()
        ceiling: int = connection.execute(text(f"SELECT last_value FROM {name}")).scalar_one()  # noqa: S608
    holders = _find_holders(store, name)
    for _ in range(_MAX_LOOKS):
        if not holders:
            return ceiling
        time.sleep(_BETWEEN_LOOKS)
        holders &= _find_holders(store, name)
    raise StoreLocked("another process has been storing articles for too long; try again", store.url)


def _find_holders(store: Store, sequence: str) -> set[str]:
    """Return the transactions that took a number of a sequence and have not ended."""
    query = text(
        "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' "
        "AND relation = CAST(:name AS regclass)"
    )
    with store.reading() as connection:
        return set(connection.execute(query, {"name": sequence}).scalars())


def read_bodies(connection: Connection, article_ids: list[int]) -> list[tuple[int, str]]:
    """Return the plain bodies of a few hundred articles with their ids."""
    query = select(_article.c.id, _article.c.body_text).where(_article.c.id.in_(article_ids))
    return [(row.id, row.body_text) for row in connection.execute(query)]


def find_matching(connection: Connection, query: str, article_ids: Iterable[int]) -> set[int]:
    """Return those articles that a search query finds; the rest of the library is not looked at.

    Args:
        connection: In a transaction.
        query: In the language of `crawler.store.queries`.
        article_ids: Those to look at.

    Raises:
        QueryError: The query can't be understood.
    """
    parsed = parse_query(query)
    low = make_key(parsed.after, 0) if parsed.after is not None else LOWEST
    high = make_key(parsed.before, 0) - 1 if parsed.before is not None else HIGHEST
    fields = [field_condition(each) for each in parsed.filters]
    found: set[int] = set()
    for part in chunked(article_ids):
        is_asked = _article.c.id.in_(part)
        conditions = (Condition(is_asked, select(_article.c.id).where(is_asked)), *fields)
        wanted = Wanted(ARTICLE_WORDS, parsed.expression, conditions, (), (low, high))
        found.update(split_key(key)[1] for key in find_keys(connection, wanted).keys)
    return found


def find_candidates(
    connection: Connection, digest: str, *, first_seen_since: datetime, ceiling_id: int, pinned: Iterable[int]
) -> Candidates:
    """Find what a digest has to look at.

    Args:
        connection: In a transaction.
        digest: Slug.
        first_seen_since: How far back a first issue looks; aware UTC.
        ceiling_id: Largest row to look at.
        pinned: Articles an editor wants in, considered or not.
    """
    considered = PluginTables.digest.c.considered_to_id
    floor = connection.execute(select(considered).where(PluginTables.digest.c.slug == digest)).scalar()
    new = select(_article.c.id).where(_article.c.id <= ceiling_id)
    if floor is None:
        new = new.where(_article.c.first_seen_at >= first_seen_since)
    else:
        new = new.where(_article.c.id > floor)
    ledger = {
        row["article_id"]: LedgerEntry(**{name: row[name] for name in LedgerEntry.model_fields})
        for row in connection.execute(select(_ledger).where(_ledger.c.digest == digest)).mappings()
    }
    found = {*connection.execute(new).scalars(), *ledger, *pinned}
    number = latest_number(connection, digest)
    return Candidates(
        article_ids=tuple(sorted(found - find_issued(connection, digest, found))),
        ceiling_id=ceiling_id,
        ledger=ledger,
        issued=_recently_issued(connection, digest, number),
        latest_number=number,
        latest_saved_at=_saved_at(connection, digest, number),
    )


def latest_number(connection: Connection, digest: str) -> int:
    """Return the number of a digest's newest issue; 0 before the first."""
    issue = PluginTables.issue
    return connection.execute(select(func.max(issue.c.number)).where(issue.c.digest == digest)).scalar() or 0


def read_last_cut(connection: Connection, digest: str) -> datetime | None:
    """Return when an issue was last made or tried; None: never."""
    table = PluginTables.digest
    return connection.execute(select(table.c.last_cut_at).where(table.c.slug == digest)).scalar()


def find_issued(connection: Connection, digest: str, article_ids: Iterable[int]) -> set[int]:
    """Return those articles that an issue holds, under their own row or that of a double since merged."""
    meant = {each: each for each in article_ids}
    issued: set[int] = set()
    while meant:
        aliases: dict[int, int] = {}
        for part in chunked(sorted(meant)):
            held = select(_entry.c.article_id).where(_entry.c.digest == digest, _entry.c.article_id.in_(part))
            issued |= {meant[each] for each in connection.execute(held).scalars()}
            same = select(_article.c.id, _article.c.same_as_id).where(_article.c.same_as_id.in_(part))
            aliases |= {row.id: meant[row.same_as_id] for row in connection.execute(same)}
        meant = aliases
    return issued


def _saved_at(connection: Connection, digest: str, number: int) -> datetime | None:
    issue = PluginTables.issue
    query = select(func.coalesce(issue.c.saved_at, issue.c.made_at)).where(
        issue.c.digest == digest, issue.c.number == number
    )
    return connection.execute(query).scalar()


def _recently_issued(connection: Connection, digest: str, latest: int) -> tuple[IssuedArticle, ...]:
    query = select(_entry.c.traits).where(_entry.c.digest == digest, _entry.c.number > latest - MEMORY)
    query = query.order_by(_entry.c.number.desc(), _entry.c.position).limit(MAX_REMEMBERED)
    rows = connection.execute(query)
    return tuple(IssuedArticle.model_validate(traits) for traits in rows.scalars())


def write_ledger(connection: Connection, digest: str, change: LedgerChange, *, cut_at: datetime) -> None:
    """Put a decided change into the ledger; articles whose rows are gone meanwhile are passed over.

    Args:
        connection: In a write transaction.
        digest: Slug.
        change: What was decided.
        cut_at: The cut it was decided at, aware UTC.
    """
    waiting = {entry.article_id: entry for entry in change.waiting}
    for part in chunked(sorted({*waiting, *change.settled})):
        connection.execute(delete(_ledger).where(_ledger.c.digest == digest, _ledger.c.article_id.in_(part)))
        kept = connection.execute(select(_article.c.id).where(_article.c.id.in_(part))).scalars()
        rows = [{"digest": digest, **waiting[each].model_dump()} for each in kept if each in waiting]
        if rows:
            connection.execute(insert(_ledger), rows)
    _write_digest(connection, digest, {"considered_to_id": change.ceiling_id, "last_cut_at": cut_at})


def write_first_attempt(connection: Connection, digest: str, *, cut_at: datetime) -> None:
    """Note that a first issue was tried in vain; nothing counts as considered yet."""
    _write_digest(connection, digest, {"last_cut_at": cut_at})


def _write_digest(connection: Connection, digest: str, values: dict[str, object]) -> None:
    table = PluginTables.digest
    statement = table.update().where(table.c.slug == digest).values(values)
    if connection.execute(statement).rowcount == 0:
        connection.execute(insert(table).values(slug=digest, **values))
