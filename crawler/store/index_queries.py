"""Query expressions in the words of each database's index.

SQLite decides an expression wholly. PostgreSQL keeps no order of words, so a phrase becomes "all of its
words", and a phrase that is not wanted is left out: it finds too much, and `is_loose` says that the texts
decide.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from crawler.store.indexing import WordIndex
from crawler.store.queries import Either, Every, Expression, Term


def write_match(expression: Expression) -> str:
    """Return an expression in FTS5's language; every word quoted, so none is an operator.

    Example:
        >>> write_match(Every((Term(("dry", "stone")), Term(("wal",), True)), (Term(("not",)),)))
        '(("dry stone" AND "wal"*) NOT "not")'
    """
    if isinstance(expression, Term):
        return '"' + " ".join(expression.words) + '"' + ("*" if expression.is_prefix else "")
    if isinstance(expression, Either):
        return "(" + " OR ".join(write_match(part) for part in expression.parts) + ")"
    wanted = " AND ".join(write_match(part) for part in expression.parts)
    if not expression.unwanted:
        return f"({wanted})"
    unwanted = " OR ".join(write_match(part) for part in expression.unwanted)
    wanted = f"({wanted})" if len(expression.parts) > 1 else wanted
    return f"({wanted} NOT {unwanted})" if len(expression.unwanted) == 1 else f"({wanted} NOT ({unwanted}))"


def write_tsquery(expression: Expression) -> str:
    """Return an expression in the language of tsquery.

    Example:
        >>> write_tsquery(Every((Term(("dry", "stone")), Term(("wal",), True)), (Term(("not",)),)))
        "(('dry' & 'stone') & 'wal':* & !'not')"
    """
    if isinstance(expression, Term):
        words = [f"'{word}'" for word in expression.words]
        words[-1] += ":*" if expression.is_prefix else ""
        return words[0] if len(words) == 1 else "(" + " & ".join(words) + ")"
    if isinstance(expression, Either):
        return "(" + " | ".join(write_tsquery(part) for part in expression.parts) + ")"
    parts = [write_tsquery(part) for part in expression.parts]
    parts += [f"!{write_tsquery(part)}" for part in expression.unwanted if not is_loose(part)]
    return "(" + " & ".join(parts) + ")"


def is_loose(expression: Expression) -> bool:
    """Tell whether `write_tsquery` finds more than the expression asks for."""
    if isinstance(expression, Term):
        return len(expression.words) > 1
    unwanted = expression.unwanted if isinstance(expression, Every) else ()
    return any(is_loose(part) for part in (*expression.parts, *unwanted))


def fetch_keys(
    connection: Connection,
    index: WordIndex,
    expression: Expression,
    *,
    bounds: tuple[int, int],
    limit: int,
    newest_first: bool,
) -> list[int]:
    """Return the keys of entries that the index believes to match, in order.

    Args:
        connection: Reads.
        index: Which one.
        expression: What to look for.
        bounds: Lowest and highest key wanted, both inclusive.
        limit: Most keys.
        newest_first: Else oldest first.
    """
    order = "DESC" if newest_first else "ASC"
    low, high = bounds
    if connection.dialect.name == "sqlite":
        statement = (
            f"SELECT rowid FROM {index.table} WHERE {index.table} MATCH ? AND rowid BETWEEN ? AND ? "
            f"ORDER BY rowid {order} LIMIT ?"
        )
        rows = connection.exec_driver_sql(statement, (write_match(expression), low, high, limit))
    else:
        statement = (
            f"SELECT key FROM {index.table} WHERE words @@ %(wanted)s::tsquery "
            f"AND key BETWEEN %(low)s AND %(high)s ORDER BY key {order} LIMIT %(limit)s"
        )
        values = {"wanted": write_tsquery(expression), "low": low, "high": high, "limit": limit}
        rows = connection.exec_driver_sql(statement, values)
    return [row[0] for row in rows]


def probe_keys(
    connection: Connection, index: WordIndex, expression: Expression, keys: Sequence[int]
) -> list[int]:
    """Return those of the keys whose entries the index believes to match, in the order given."""
    if not keys:
        return []
    values: Any
    if connection.dialect.name == "sqlite":
        marks = ",".join("?" * len(keys))
        statement = f"SELECT rowid FROM {index.table} WHERE {index.table} MATCH ? AND rowid IN ({marks})"
        values = (write_match(expression), *keys)
    else:
        statement = (
            f"SELECT key FROM {index.table} WHERE words @@ %(wanted)s::tsquery AND key = ANY(%(keys)s)"
        )
        values = {"wanted": write_tsquery(expression), "keys": list(keys)}
    found = {row[0] for row in connection.exec_driver_sql(statement, values)}
    return [key for key in keys if key in found]
