"""Seeds: the publications a crawl starts from, written by the operator in ``seeds/*.toml``."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from crawler.config import Duration, Language, Settings, WrittenSettings, check_toml, list_toml, read_toml
from crawler.errors import SeedError, SeedNotFound

Rights = Literal["excerpt", "full"]
SLUG_PATTERN = r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$"


def _check_slug(value: str) -> str:
    if re.fullmatch(SLUG_PATTERN, value) is None:
        raise ValueError(
            f'"{value}" is no slug: small letters and digits, with single "-", "_" or "." between'
        )
    return value


Slug = Annotated[str, AfterValidator(_check_slug)]
"""The name of a publication or a digest in commands, files and addresses."""


def _check_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", value):
        raise ValueError(f'"{value}" is not an http(s) address')
    return value


def _check_positive(value: timedelta) -> timedelta:
    if value <= timedelta(0):
        raise ValueError("must be longer than nothing")
    return value


class Politeness(WrittenSettings):
    """``[publication.politeness]``: how gently its host is asked; robots.txt may only raise it."""

    # Wait between two requests; None: ``crawl.default_delay``.
    delay: Duration | None = None


class Seed(WrittenSettings):
    """One ``[[publication]]`` of a seed file."""

    # Unique; the name used everywhere. Under another slug a publication keeps what it has.
    slug: Annotated[Slug, Field(max_length=100)]
    # A platform's name, or "auto": found out from its pages.
    platform: str = "auto"
    # As printed beside its articles.
    name: str = Field(min_length=1, max_length=200)
    # A community, author, tag or list page, a site, a feed or a sitemap.
    url: Annotated[str, AfterValidator(_check_url)]
    # BCP 47; None: as its pages say.
    language: Language | None = None
    # How often it is due.
    every: Annotated[Duration, AfterValidator(_check_positive)] = timedelta(hours=6)
    # Whether further comment pages are fetched.
    comments: bool = True
    # What may be republished: an excerpt, or the full text.
    rights: Rights = "excerpt"
    # Whether a crawl without slugs includes it.
    enabled: bool = True
    # List pages walked on a first crawl.
    max_pages: int = Field(default=50, ge=1, le=100_000)
    politeness: Politeness = Politeness()

    @property
    def host(self) -> str:
        """The host, with its port where the address names one: the unit that politeness counts by."""
        return crawled_host(self.url)


def crawled_host(url: str) -> str:
    """Return the unit that politeness and leases count by: an address's host, with a port that it names.

    Example:
        >>> crawled_host("https://Vocal.media/01"), crawled_host("http://127.0.0.1:8000/x")
        ('vocal.media', '127.0.0.1:8000')
    """
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def load_seeds(folder: Path) -> list[Seed]:
    """Read every ``*.toml`` directly in a folder, in the order of file names.

    Args:
        folder: The workspace's ``seeds``; a missing folder holds no seeds.

    Raises:
        SeedError: A file is wrong, or two publications share a slug; names file and key.
    """
    seeds: list[Seed] = []
    origin: dict[str, Path] = {}
    for path in list_toml(folder, error_type=SeedError):
        for seed in load_seed_file(path):
            if seed.slug in origin:
                other = "" if origin[seed.slug] == path else f", also in {origin[seed.slug]}"
                raise SeedError(
                    f'the slug "{seed.slug}" is used twice{other}',
                    path=path,
                    key="publication.slug",
                )
            origin[seed.slug] = path
            seeds.append(seed)
    return seeds


def load_seed_file(path: Path) -> list[Seed]:
    """Read the publications of one file.

    Raises:
        SeedError: It can't be read, holds an unknown key, or a wrong value.
    """
    table = read_toml(path, error_type=SeedError)
    check_toml(table, _SeedFile, path=path, error_type=SeedError)
    return [
        check_toml(each, Seed, path=path, at=f"publication[{number}]", error_type=SeedError)
        for number, each in enumerate(table.get("publication", []), 1)
    ]


def select_seeds(seeds: Sequence[Seed], slugs: Iterable[str]) -> list[Seed]:
    """Return the named seeds, or all enabled ones when none is named.

    Raises:
        SeedNotFound: No publication has that slug.
    """
    wanted = list(dict.fromkeys(slugs))
    if not wanted:
        return [seed for seed in seeds if seed.enabled]
    by_slug = {seed.slug: seed for seed in seeds}
    for slug in wanted:
        if slug not in by_slug:
            known = ", ".join(sorted(by_slug)) or "none yet; `gleanings init` or `follow` makes one"
            raise SeedNotFound(f'no publication is called "{slug}"; known are {known}')
    return [by_slug[slug] for slug in wanted]


def bundled_seeds() -> Traversable:
    """Return the folder of seeds that travels along: ``crawler/bundled`` in a wheel, else ``seeds``."""
    bundled = files("crawler") / "bundled"
    return bundled if bundled.is_dir() else Path(__file__).parent.parent / "seeds"


class _SeedFile(Settings):
    """The frame of a seed file; the publications are checked one by one, so that errors count from 1."""

    publication: list[dict[str, object]] = []
