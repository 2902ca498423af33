"""The errors a user can act upon, one tree under one root.

The branch says who must act: the operator (seed, config), the world (fetch), a reader of pages
(page, record) or the keeper of the database (store). The command line catches the root only.
"""

from datetime import timedelta
from pathlib import Path


class GleaningsError(Exception):
    """Any failure a user can do something about.

    Rendered as ``message: subject: CauseType: cause``, leaving out what is absent; the cause is the
    exception this one was raised from.

    Args:
        message: One sentence without a full stop: what is wrong and what to do.
        subject: What it is about (a path, an address, a key), or None.

    Source:
        The rendering follows lemon24/reader's ``exceptions.py``.
    """

    exit_code = 1

    def __init__(self, message: str, subject: object = None) -> None:
        super().__init__(message, subject)
        self.message = message
        self.subject = subject

    def __str__(self) -> str:
        parts = [self.message]
        if self.subject is not None:
            parts.append(str(self.subject))
        if self.__cause__ is not None:
            parts.append(f"{type(self.__cause__).__name__}: {self.__cause__}")
        return ": ".join(parts)


class ConfigError(GleaningsError, ValueError):
    """A file or setting the operator wrote is wrong.

    Attributes:
        path: The file at fault, or None when the setting came from the environment.
        key: The dotted key at fault, or None.
    """

    exit_code = 2

    def __init__(self, message: str, *, path: Path | None = None, key: str | None = None) -> None:
        where = f"{path}" if path is not None else None
        super().__init__(message, where)
        self.path = path
        self.key = key

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, {"path": self.path, "key": self.key}))


class SeedError(ConfigError):
    """A seed file is wrong."""


class SeedNotFound(SeedError, LookupError):
    """No publication has that slug."""


class FetchError(GleaningsError, OSError):
    """The world said no.

    Attributes:
        url: The address asked for.
        outcome: How the fetch ended, one of the outcomes of DESIGN section 6.
        retry_after: How long the server asked to be left alone; None where it did not.
    """

    def __init__(self, message: str, *, url: str, outcome: str, retry_after: timedelta | None = None) -> None:
        super().__init__(message, url)
        self.url = url
        self.outcome = outcome
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[object, ...]:
        keywords = {"url": self.url, "outcome": self.outcome, "retry_after": self.retry_after}
        return (_rebuild, (type(self), self.message, keywords))


class PageError(GleaningsError):
    """A page is not what its page object knows.

    Attributes:
        url: The page's address, or None for a text without one.
        kind: What the page seems to be instead ("list", "login_wall", "error", ...), or None.
    """

    def __init__(self, message: str, *, url: str | None = None, kind: str | None = None) -> None:
        super().__init__(message, url)
        self.url = url
        self.kind = kind

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, {"url": self.url, "kind": self.kind}))


class PageLayoutChanged(PageError):
    """A field no article can do without is gone: a person must look."""


class NotAnArticle(PageError):
    """An index, a login wall, a consent wall or an error page stands where an article was expected."""


class RecordError(GleaningsError, ValueError):
    """A record breaks its promise.

    Attributes:
        field: The field at fault.
    """

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message, field)
        self.field = field

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, {"field": self.field}))


class StoreError(GleaningsError):
    """The database refused.

    The subject is the database's URL without its password.
    """


class StoreLocked(StoreError):
    """Another process holds the database for longer than the busy timeout."""


class StoreTooNew(StoreError):
    """The schema was written by a newer Gleanings."""


class StoreTooOld(StoreError):
    """The schema must be upgraded first, with ``gleanings db upgrade``."""


class QueryError(GleaningsError, ValueError):
    """A search can't be understood; the subject is the part at fault, where there is one."""

    exit_code = 2


class ArticleNotFound(StoreError, LookupError):
    """No article has that id or address."""


def _rebuild(cls: type[GleaningsError], message: str, keywords: dict[str, object]) -> GleaningsError:
    """Make an error again from its pickle; keyword arguments do not survive ``Exception.__reduce__``."""
    return cls(message, **keywords)
