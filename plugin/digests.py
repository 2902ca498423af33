"""Digests: the standing definitions an editor writes in ``seeds/digests/<slug>.toml``."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from crawler.config import Duration, Settings, check_toml, read_toml
from crawler.seeds import SLUG_PATTERN
from plugin.errors import DigestError, DigestNotFound

FormatName = str
Weight = Annotated[float, Field(ge=0, le=100)]


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f'"{name}" is not a time zone such as "Europe/Vienna"') from error
    return name


class Select(Settings):
    """``[select]``: which articles are candidates; all conditions given must hold."""

    publications: tuple[str, ...] = ()
    # Names or author addresses; any of them.
    authors: tuple[str, ...] = ()
    # Any of them, case-folded.
    tags: tuple[str, ...] = ()
    # Full-text query.
    query: str | None = None
    languages: tuple[str, ...] = ()
    min_words: int = Field(default=0, ge=0)
    # Of the cut, on the latest bound of ``published_at``.
    published_within: Duration | None = None
    access: tuple[Literal["free", "members", "paid", "password"], ...] = ("free",)
    exclude_badges: tuple[str, ...] = ()


class Rank(Settings):
    """``[rank]``: weights of the normalized scores."""

    freshness: Weight = 1.0
    discussion: Weight = 1.0
    insights: Weight = 0.5
    likes: Weight = 0.5
    length: Weight = 0.0


class Limits(Settings):
    """``[limits]``: how much an issue holds."""

    entries: int = Field(default=12, ge=1, le=1_000)
    per_author: int | None = Field(default=None, ge=1)
    per_publication: int | None = Field(default=None, ge=1)
    # For how many more issues what only a limit kept out stays a candidate.
    carry_over: int = Field(default=2, ge=0, le=100)


class Content(Settings):
    """``[content]``: how much of an article an entry shows; never more than the publication's rights allow."""

    mode: Literal["excerpt", "full"] = "excerpt"
    # Of an excerpt.
    words: int = Field(default=80, ge=10, le=1_000)
    # How many top comments an entry quotes.
    comments: int = Field(default=2, ge=0, le=50)


class Section(Settings):
    """``[[section]]``: an entry goes to the first that fits."""

    title: str = Field(min_length=1)
    tags: tuple[str, ...] = ()
    publications: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


class OutletSettings(Settings):
    """``[[outlet]]``: a place the documents are pushed to."""

    kind: str
    # Of a folder, relative to the workspace.
    path: Path | None = None


class Digest(Settings):
    """A digest's definition; ``slug`` is the name of its file."""

    slug: str = Field(pattern=SLUG_PATTERN)
    title: str = Field(min_length=1)
    description: str | None = None
    link: str | None = Field(default=None, pattern=r"^https?://\S+$")
    language: str | None = None
    # "daily", "weekly", "monthly" or a cron line.
    cadence: str = "weekly"
    # "07:00", "Mon 07:00", "1 07:00": when an issue is due within its cadence.
    at: str | None = None
    timezone: Annotated[str, AfterValidator(_check_zone)] = "UTC"
    # How far back the first issue looks; the ledger decides from then on.
    window: Duration = timedelta(days=7)
    # A story waits this long, so that a discussion can grow.
    settle: Duration = timedelta(0)
    formats: tuple[FormatName, ...] = ("rss", "atom", "json", "html", "markdown")
    select: Select = Select()
    rank: Rank = Rank()
    limits: Limits = Limits()
    content: Content = Content()
    section: tuple[Section, ...] = ()
    outlet: tuple[OutletSettings, ...] = ()


def load_digests(folder: Path) -> list[Digest]:
    """Read every ``*.toml`` of a folder, in the order of file names.

    Args:
        folder: The workspace's ``seeds/digests``; a missing folder holds none.

    Raises:
        DigestError: A file is wrong; names file and key.
    """
    return [load_digest_file(path) for path in sorted(folder.glob("*.toml"))]


def load_digest_file(path: Path) -> Digest:
    """Read one digest; its slug is the file's stem.

    Raises:
        DigestError: It can't be read, holds an unknown key, or a wrong value.
    """
    table = read_toml(path, error_type=DigestError)
    if "slug" in table:
        raise DigestError('unknown key "slug"; the name of the file is the slug', path=path, key="slug")
    return check_toml({**table, "slug": path.stem}, Digest, path=path, error_type=DigestError)


def find_digest(digests: list[Digest], slug: str) -> Digest:
    """Return the digest of that slug.

    Raises:
        DigestNotFound: There is none; the message lists those that are.
    """
    for digest in digests:
        if digest.slug == slug:
            return digest
    known = ", ".join(digest.slug for digest in digests) or "none yet; `gleanings init` writes a first one"
    raise DigestNotFound(f'no digest is called "{slug}"; known are {known}')
