"""Adding a publication to a seed file: a readable slug, no doubles, the file's own words kept."""

import fcntl
import os
import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import tomlkit
from tomlkit.items import Array

from crawler.config import check_toml, read_toml
from crawler.errors import ConfigError, SeedError
from crawler.platforms import platform_named
from crawler.reading.urls import canonicalize_url, host_of
from crawler.runner.recognizing import Candidate
from crawler.seeds import SLUG_PATTERN, Seed, load_seed_file, load_seeds

FOLLOWED_FILE: Final = "followed.toml"

_HEADER: Final = "# Publications added by `gleanings follow`; yours to edit.\n"
_MAX_SLUG: Final = 100
_NO_NAMES: Final = frozenset(("feed", "feeds", "rss", "atom", "index", "sitemap", "wp-json", "home", "page"))
_EXTENSION: Final = re.compile(r"\.(?:xml|rss|atom|json|html?|php|aspx?|gz|txt)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Known:
    """A publication that stands in a seed file.

    Attributes:
        seed: The publication.
        path: The file.
    """

    seed: Seed
    path: Path


def load_known(folder: Path) -> list[Known]:
    """Read the publications of a workspace with the files they stand in.

    Args:
        folder: The workspace's ``seeds``; a missing folder holds none.

    Raises:
        SeedError: A file is wrong.
    """
    load_seeds(folder)
    return [Known(seed, path) for path in sorted(folder.glob("*.toml")) for seed in load_seed_file(path)]


def check_slug(slug: str, known: Sequence[Known]) -> None:
    """See that a slug may be given to a new publication.

    Raises:
        SeedError: It is no slug, or taken.
    """
    if not re.fullmatch(SLUG_PATTERN, slug) or len(slug) > _MAX_SLUG:
        raise SeedError(
            f'"{slug}" is no slug: up to {_MAX_SLUG} lower-case letters and digits, joined by "-", "_", "."',
            key="slug",
        )
    for each in known:
        if each.seed.slug == slug:
            raise SeedError(f'the slug "{slug}" is taken by {each.seed.url}', path=each.path, key="slug")


def check_double(url: str, known: Sequence[Known], *, platform: str | None = None) -> None:
    """See that an address is not followed yet, under whatever spelling.

    Args:
        url: The address.
        known: What is followed.
        platform: Which the address is known to be of; None or "auto": as the other publication says.

    Raises:
        SeedError: It is; names the file.
    """
    for each in known:
        own = each.seed.platform
        name = own if platform in (None, "auto") else platform
        if _key(url, name) == _key(each.seed.url, own if own != "auto" else name):
            hint = "" if each.seed.enabled else "; set enabled = true there to crawl it"
            raise SeedError(f'{url} is followed already as "{each.seed.slug}"{hint}', path=each.path)


def make_slug(candidate: Candidate, taken: Collection[str]) -> str:
    """Return a slug that tells what it is: the platform, or else the host, and the way to the page.

    Args:
        candidate: What is to be followed.
        taken: Slugs that others have; a number is added to what would be one of them.

    Example:
        >>> url = "https://vocal.media/authors/jane-doe"
        >>> make_slug(Candidate("author", "vocal", "Jane Doe", url), {"vocal-01"})
        'vocal-authors-jane-doe'
        >>> make_slug(Candidate("feed", "auto", "Notes", "https://www.a.example/notes/feed.xml"), ())
        'a-example-notes'
        >>> make_slug(Candidate("community", "vocal", "01", "https://vocal.media/01"), {"vocal-01"})
        'vocal-01-2'
    """
    own = candidate.platform not in ("auto", "generic")
    parts = [candidate.platform if own else (host_of(candidate.url) or "site").removeprefix("www.")]
    for segment in unquote(urlsplit(candidate.url).path).split("/"):
        word = _EXTENSION.sub("", segment)
        if word and word.lower() not in _NO_NAMES:
            parts.append(word)
    slug = "-".join(filter(None, map(_slugify, parts)))[: _MAX_SLUG - 6].strip("-") or "site"
    number = 2
    numbered = slug
    while numbered in taken:
        numbered = f"{slug}-{number}"
        number += 1
    return numbered


def make_seed(values: Mapping[str, Any], path: Path | None = None) -> Seed:
    """Check the values of a new publication.

    Args:
        values: As they will stand in the file.
        path: The file, for the message.

    Raises:
        SeedError: One is wrong; names it.
    """
    return check_toml(values, Seed, path=path, error_type=SeedError)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep every other `gleanings follow` out of a folder, which is made when missing.

    Raises:
        SeedError: It can't be made or opened.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise SeedError(f"cannot be written ({error.strerror})", path=folder) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def append_publication(path: Path, values: Mapping[str, Any]) -> None:
    """Add a publication at the end of a seed file, which is made when missing.

    Whatever stands in the file stays as it is, to the byte. The file is replaced in one step, so that a crawl
    never reads half of it.

    Args:
        path: The file.
        values: Of the publication, in the order they are to stand in.

    Raises:
        SeedError: It can't be read or written, is marked read-only, or would be no seed file with the
            addition.
    """
    path = path.resolve()
    _check_writable(path)
    before = read_toml(path, error_type=SeedError) if path.exists() else {}
    text = path.read_bytes().decode("utf-8") if path.exists() else _HEADER
    added = _append(text, before, values)
    try:
        after = tomllib.loads(added.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise SeedError(f"nothing can be added at its end ({error})", path=path) from None
    if after.get("publication") != [*before.get("publication", []), dict(values)]:
        raise SeedError("nothing can be added at its end", path=path)
    _replace(path, added.encode("utf-8"))


def _append(text: str, before: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """Return the text of a seed file with one more publication."""
    newline = "\r\n" if "\r\n" in text else "\n"
    if "publication" in before and not re.search(r"^\s*\[\[\s*[\"']?publication", text, re.MULTILINE):
        # The publications are written as one array, `publication = [{...}]`, which headers can't extend.
        document = tomlkit.parse(text.removeprefix("\ufeff"))
        array = document["publication"]
        if isinstance(array, Array):
            inline = tomlkit.inline_table()
            inline.update(values)
            array.append(inline)
        return tomlkit.dumps(document)
    table = tomlkit.table()
    table.update(values)
    publications = tomlkit.aot()
    publications.append(table)
    block = tomlkit.dumps({"publication": publications}).strip("\n") + "\n"
    start = text if not text or text.endswith("\n") else text + newline
    return start + newline + block.replace("\n", newline)


def _check_writable(path: Path) -> None:
    """See that a file's owner has not shut it; a file can be replaced even so where its folder is open.

    Raises:
        SeedError: It is shut.
    """
    if path.is_file() and not path.stat().st_mode & 0o222:
        raise SeedError("is read-only; make it writable, or add the publication by hand", path=path)


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            part.chmod(path.stat().st_mode & 0o7777)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise SeedError(f"cannot be written ({error.strerror})", path=path) from None


def _key(url: str, platform: str | None) -> str:
    """Return what two spellings of one address share: scheme, "www." and a last slash do not count."""
    try:
        canonical = platform_named(platform or "generic").canonical_url(url)
    except ConfigError:
        canonical = canonicalize_url(url) or url
    parts = urlsplit(canonical)
    # On a known platform all that a canonical query holds is the page of a list.
    query = parts.query if platform in (None, "auto", "generic") else ""
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}?{query}"


def _slugify(text: str) -> str:
    """Return lower-case ASCII letters and digits, joined by "-"; "" where there are none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))
