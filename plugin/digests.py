"""Digests: the standing definitions an editor writes in ``seeds/digests/<slug>.toml``."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from crawler.config import Duration, Language, WrittenSettings, check_toml, list_toml, read_toml
from crawler.errors import QueryError
from crawler.seeds import Slug
from crawler.store.queries import parse_query
from plugin.errors import DigestError, DigestNotFound

FormatName = str
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""How a day of the week is written in ``at``."""

_CLOCK = r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)"
_AT = {
    "daily": (re.compile(_CLOCK), "07:00", '"07:00"'),
    "weekly": (
        re.compile(rf"(?P<day>{'|'.join(WEEKDAYS)}) {_CLOCK}", re.IGNORECASE),
        "Mon 07:00",
        '"Mon 07:00"',
    ),
    "monthly": (
        re.compile(rf"(?P<day>[1-9]|1\d|2[0-8]|last) {_CLOCK}", re.IGNORECASE),
        "1 07:00",
        '"1 07:00" (a day from 1 to 28) or "last 07:00"',
    ),
}
"""Cadence -> what ``at`` must look like, its default, and how to say so."""


def _check_query(query: str) -> str:
    try:
        parse_query(query)
    except QueryError as error:
        raise ValueError(str(error)) from None
    return query


def _check_title(text: str) -> str:
    folded = " ".join(text.split())
    if not folded:
        raise ValueError("must not be empty")
    return folded


def _check_link(link: str) -> str:
    if re.fullmatch(r"https?://[^\s/]\S*", link) is None:
        raise ValueError(f'"{link}" is not an http(s) address')
    return link


def _to_path(value: object) -> object:
    if value == "":
        raise ValueError('must name a folder, such as "public"')
    return Path(value) if isinstance(value, str) else value


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f'"{name}" is not a time zone such as "Europe/Vienna"') from error
    return name


Weight = Annotated[float, Field(ge=0, le=100)]
Title = Annotated[str, AfterValidator(_check_title)]
Link = Annotated[str, AfterValidator(_check_link)]


class Select(WrittenSettings):
    """``[select]``: which articles are candidates; all conditions given must hold."""

    # Slugs; any of them.
    publications: tuple[str, ...] = ()
    # Names or author addresses; any of them.
    authors: tuple[str, ...] = ()
    # Any of them, case-folded.
    tags: tuple[str, ...] = ()
    # Full-text query, as `gleanings search` takes it.
    query: Annotated[str, AfterValidator(_check_query)] | None = None
    # BCP 47 prefixes; any of them.
    languages: tuple[Language, ...] = ()
    # Shorter articles stay out.
    min_words: int = Field(default=0, ge=0)
    # Of the cut, on the latest bound of ``published_at``.
    published_within: Duration | None = None
    # Any of them.
    access: tuple[Literal["free", "members", "paid", "password"], ...] = ("free",)
    # Articles with any of them stay out; case-folded.
    exclude_badges: tuple[str, ...] = ()


class Rank(WrittenSettings):
    """``[rank]``: weights of the normalized scores."""

    # How new it is.
    freshness: Weight = 1.0
    # How many comments, and how fast they come.
    discussion: Weight = 1.0
    # What readers chose to say of it.
    insights: Weight = 0.5
    # As printed.
    likes: Weight = 0.5
    # Words of the body.
    length: Weight = 0.0


class Limits(WrittenSettings):
    """``[limits]``: how much an issue holds."""

    # Most entries of an issue.
    entries: int = Field(default=12, ge=1, le=1_000)
    # Most entries of one author.
    per_author: int | None = Field(default=None, ge=1)
    # Most entries of one publication.
    per_publication: int | None = Field(default=None, ge=1)
    # For how many more issues what only a limit kept out stays a candidate.
    carry_over: int = Field(default=2, ge=0, le=100)


class Content(WrittenSettings):
    """``[content]``: how much of an article an entry shows; never more than the rights allow."""

    # "full" republishes whole bodies, where the publication's rights are "full" too.
    mode: Literal["excerpt", "full"] = "excerpt"
    # Of an excerpt.
    words: int = Field(default=80, ge=1, le=1_000)
    # How many top comments an entry quotes.
    comments: int = Field(default=2, ge=0, le=50)


class Section(WrittenSettings):
    """``[[section]]``: an entry goes to the first that fits."""

    # Its heading.
    title: Title
    # Any of them, case-folded.
    tags: tuple[str, ...] = ()
    # Slugs; any of them.
    publications: tuple[str, ...] = ()
    # Names or author addresses; any of them.
    authors: tuple[str, ...] = ()
    # BCP 47 prefixes; any of them.
    languages: tuple[Language, ...] = ()


class OutletSettings(WrittenSettings):
    """``[[outlet]]``: a place the documents are pushed to."""

    # "folder".
    kind: str
    # Of a folder, relative to the workspace.
    path: Annotated[Path, BeforeValidator(_to_path)] | None = None


class Digest(WrittenSettings):
    """A digest's definition; ``slug`` is the name of its file."""

    slug: Slug
    # What the digest and its feeds are called.
    title: Title
    # One or two sentences below the title.
    description: str | None = None
    # Page about the digest, such as its home on your site.
    link: Link | None = None
    # BCP 47, of the digest itself.
    language: Language | None = None
    # "daily", "weekly", "monthly" or a cron line of five fields.
    cadence: str = "weekly"
    # When an issue is due within its cadence: "07:00" of a day, "Mon 07:00" of a week, "1 07:00" or
    # "last 07:00" of a month; None: 07:00 of the first day. A cron line says it itself.
    at: Annotated[str | None, Field(validate_default=True)] = None
    # Zone that `at` and cron lines are read in, and that issues are dated in.
    timezone: Annotated[str, AfterValidator(_check_zone)] = "UTC"
    # How far back the first issue looks; the ledger decides from then on.
    window: Duration = timedelta(days=7)
    # A story waits this long, so that a discussion can grow.
    settle: Duration = timedelta(0)
    # What is written and offered.
    formats: tuple[FormatName, ...] = ("rss", "atom", "json", "html", "markdown")
    select: Select = Select()
    rank: Rank = Rank()
    limits: Limits = Limits()
    content: Content = Content()
    section: tuple[Section, ...] = ()
    outlet: tuple[OutletSettings, ...] = ()

    @field_validator("window")
    @classmethod
    def _check_window(cls, window: timedelta) -> timedelta:
        if window <= timedelta(0):
            raise ValueError('must be longer than nothing, such as "7d"')
        return window

    @field_validator("cadence")
    @classmethod
    def _check_cadence(cls, cadence: str) -> str:
        if cadence not in _AT and len(cadence.split()) != 5:
            raise ValueError(
                f'"{cadence}" is neither daily, weekly, monthly nor a cron line such as "0 7 * * 1"'
            )
        if cadence not in _AT:
            _check_cron_line(cadence)
        return cadence

    @field_validator("at")
    @classmethod
    def _check_at(cls, at: str | None, info: ValidationInfo) -> str | None:
        cadence = info.data.get("cadence")
        if at is None or cadence is None:
            return at
        if cadence not in _AT:
            raise ValueError("a cron line says when by itself; leave this key out")
        pattern, _, shape = _AT[cadence]
        if pattern.fullmatch(at) is None:
            raise ValueError(f'"{at}" does not fit a {cadence} cadence; write {shape}')
        return at

    @property
    def cron_line(self) -> str:
        """The cadence as a cron line in the digest's time zone.

        Example:
            >>> Digest(slug="ai", title="AI", cadence="weekly", at="Fri 18:30").cron_line
            '30 18 * * 5'
        """
        if self.cadence not in _AT:
            return self.cadence
        pattern, default, _ = _AT[self.cadence]
        match = next(pattern.finditer(self.at or default))
        time = f"{int(match['minute'])} {int(match['hour'])}"
        if self.cadence == "daily":
            return f"{time} * * *"
        if self.cadence == "weekly":
            return f"{time} * * {WEEKDAYS.index(match['day'].title()) + 1}"
        return f"{time} {'L' if match['day'].lower() == 'last' else match['day']} * *"


def _check_cron_line(line: str) -> None:
    try:
        next(CronSim(line, datetime(2000, 1, 1, tzinfo=UTC)))
    except CronSimError:
        raise ValueError(f'"{line}" is not a cron line such as "0 7 * * 1"') from None
    except StopIteration:
        raise ValueError(f'the cron line "{line}" names no day that exists') from None


def next_due_at(digest: Digest, after: datetime) -> datetime:
    """Return the first instant after another at which an issue is due.

    Args:
        digest: Its cadence, at and time zone decide. Where a clock change skips the hour, the instant right
            after the gap is meant; where it doubles it, the first of the two.
        after: Aware.

    Returns:
        Aware UTC, later than ``after``.

    Example:
        >>> digest = Digest(slug="ai", title="AI", cadence="daily", at="07:00", timezone="Europe/Vienna")
        >>> next_due_at(digest, datetime(2026, 11, 23, 12, tzinfo=UTC)).isoformat()
        '2026-11-24T06:00:00+00:00'
    """
    slots = CronSim(digest.cron_line, after.astimezone(ZoneInfo(digest.timezone)))
    # In the second pass of a doubled hour cronsim still answers with the first.
    return next(slot for slot in (each.astimezone(UTC) for each in slots) if slot > after)


def is_due(digest: Digest, last_cut_at: datetime | None, now: datetime) -> bool:
    """Tell whether an issue should be made now.

    However many slots have passed since, one issue catches up on all of them.

    Args:
        digest: Its cadence, at and time zone decide.
        last_cut_at: When an issue was last made or tried (``Archive.last_cut_at``); None: never, so the first
            is due at once. A cut that lies ahead of the clock by more than a whole period was made by a wrong
            clock: an issue is due, lest the digest falls silent until then.
        now: Aware.
    """
    if last_cut_at is None:
        return True
    if last_cut_at > now:
        upcoming = next_due_at(digest, now)
        return last_cut_at > next_due_at(digest, upcoming)
    return next_due_at(digest, last_cut_at) <= now


def load_digests(folder: Path) -> list[Digest]:
    """Read every ``*.toml`` of a folder, in the order of file names.

    Args:
        folder: The workspace's ``seeds/digests``; a missing folder holds none.

    Raises:
        DigestError: A file is wrong; names file and key.
    """
    return [load_digest_file(path) for path in list_toml(folder, error_type=DigestError)]


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
