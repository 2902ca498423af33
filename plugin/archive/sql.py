"""Small pieces of SQL that every room of the archive needs."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

_MAX_IDS: Final = 900
"""Values in one query; SQLite builds with the oldest limits allow 999 variables."""


def chunked(ids: Iterable[int]) -> Iterator[list[int]]:
    """Yield ids in lists that fit one query.

    Example:
        >>> [len(part) for part in chunked(range(1000))]
        [900, 100]
    """
    source = iter(ids)
    while part := list(islice(source, _MAX_IDS)):
        yield part
