"""Imports: pages that lie in files are read by the same readers as fetched ones, without a request."""

import logging
import re
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Literal

from crawler.errors import FetchError, GleaningsError, NotAnArticle, PageError, RecordError
from crawler.platforms import read_page
from crawler.platforms.base import Page
from crawler.reading.urls import is_http_url
from crawler.runner.following import parse_address
from crawler.runner.reports import Clock
from crawler.runner.vault import read_warc
from crawler.store import Store
from crawler.store.views import PageSave, SaveReport

MAX_FILE_BYTES = 64 * 1024 * 1024
"""Largest file read; the largest real page seen has 3 MB."""

log = logging.getLogger(__name__)

_SNIFFED = 4_096
_EXPORT_LINE = re.compile(rb'\s*\{"(?:id|slug|digest)": ')
_SAVED_FROM = re.compile(
    rb"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(\S+)\s", re.IGNORECASE
)

_OTHER_PAGES = {
    "list": "this is a list of articles, not an article",
    "author": "this is an author's page, not an article",
    "login_wall": "this is a sign-in page, not an article",
    "error": "this is an error page, not an article",
}
_IMPORTABLE = "give a story's saved page, its text as copied from the browser, an export or a WARC file"


@dataclass
class ImportReport:
    """What an import did.

    Attributes:
        lines: One sentence for each file kept, and for each warning.
        failures: Why a file was not kept, in the order of the files.
        n_saved: Articles kept.
    """

    lines: list[str] = field(default_factory=list)
    failures: list[GleaningsError] = field(default_factory=list)
    n_saved: int = 0

    @property
    def exit_code(self) -> int:
        """0 when all were kept, 1 when none was, 3 when some were."""
        if not self.failures:
            return 0
        return 3 if self.n_saved else 1


def import_files(
    paths: Sequence[Path],
    store: Store,
    *,
    url: str | None = None,
    seen_at: datetime | None = None,
    platform: str | None = None,
    clock: Clock,
) -> ImportReport:
    """Read files and keep the articles in them, each in a transaction of its own.

    Args:
        paths: Saved HTML pages, a page's text as copied from a browser, exports, or WARC files.
        store: Where to keep them.
        url: The page's address; None: what a saved page says of itself, and none for a text.
        seen_at: When the page was saved, aware UTC; None: the file's own date.
        platform: Name of the platform whose reader to use; None: found out from the page.
        clock: Gives the present instant, the latest that any file may claim.

    Returns:
        A report; one bad file never stops the others.

    Raises:
        ConfigError: ``url`` is no web address.
    """
    if url is not None:
        parse_address(url)
    report = ImportReport()
    known_tags = store.articles.known_tags()
    for path in paths:
        try:
            if _import_collection(path, store, report, known_tags=known_tags, clock=clock):
                continue
            body = read_bytes(path)
            moment = seen_at or min(_modified_at(path), clock())
            address = url or saved_from(body)
            page = read_page(body, address, seen_at=moment, platform=platform, known_tags=known_tags)
            saved = _save(page, store, path, moment)
        except GleaningsError as error:
            report.failures.append(error)
            continue
        report.n_saved += 1
        report.lines.append(_describe(page, saved, path))
        report.lines.extend(f"Warning: {path}: {warning}" for warning in page.warnings)
    return report


def _import_collection(
    path: Path, store: Store, report: ImportReport, *, known_tags: Collection[str], clock: Clock
) -> bool:
    """Import a file that holds many things, an export or a WARC file; False when it is neither."""
    kind = sniff_collection(path)
    if kind == "export":
        with path.open(encoding="utf-8") as lines:
            restored = store.restore(lines, seen_at=min(_modified_at(path), clock()))
        counts = ", ".join(f"{count} {name}" for name, count in restored.counts.items())
        report.lines.append(f"{path}: {counts}")
        report.lines.extend(
            f"Warning: {path}: {count} {name} belong to nothing here and were left out"
            for name, count in restored.skipped.items()
        )
        report.n_saved += 1
        return True
    if kind == "warc":
        n_articles, n_pages = _import_warc(path, store, known_tags=known_tags)
        report.lines.append(f"{path}: {n_articles} articles on {n_pages} pages")
        report.n_saved += 1
        return True
    return False


def sniff_collection(path: Path) -> Literal["export", "warc"] | None:
    """Tell an export or a WARC file from a page by its first bytes; None for a page or no file at all."""
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            start = file.read(_SNIFFED)
    except OSError:
        return None
    if start[:2] == b"\x1f\x8b":
        try:
            start = zlib.decompressobj(wbits=47).decompress(start, _SNIFFED)
        except zlib.error:
            return None
    if start.startswith(b"WARC/"):
        return "warc"
    return "export" if _EXPORT_LINE.match(start) else None


def _import_warc(path: Path, store: Store, *, known_tags: Collection[str]) -> tuple[int, int]:
    """Keep the articles of a WARC file; return how many, and of how many pages."""
    n_articles = n_pages = 0
    with path.open("rb") as file:
        for kept in read_warc(file):
            if kept.status != HTTPStatus.OK:
                continue
            n_pages += 1
            try:
                page = read_page(
                    kept.body, kept.url, seen_at=kept.received_at, headers=kept.headers, known_tags=known_tags
                )
            except (PageError, RecordError) as error:
                log.info("left out: %s", error)
                continue
            if page.article is None:
                continue
            n_articles += 1
            store.save_pages([_to_save(page, kept.received_at)])
    return n_articles, n_pages


def _modified_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def read_bytes(path: Path) -> bytes:
    """Return a file's content.

    Raises:
        FetchError: There is no such file, or it is a directory, empty, unreadable, or too large.
    """
    if path.is_dir():
        raise FetchError("is a directory, name the files in it", url=str(path), outcome="broken")
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise FetchError("the file is larger than 64 MiB", url=str(path), outcome="too_large")
        body = path.read_bytes()
    except FileNotFoundError:
        raise FetchError("no such file", url=str(path), outcome="broken") from None
    except OSError as error:
        reason = f"cannot be read ({error.strerror})"
        raise FetchError(reason, url=str(path), outcome="broken") from None
    if not body.strip():
        raise FetchError("the file is empty", url=str(path), outcome="broken")
    return body


def saved_from(body: bytes) -> str | None:
    """Return the address that a browser wrote into a page it saved, or None.

    Source:
        The "Mark of the Web" comment that Chrome and Edge write at the top of saved pages, and the one of the
        SingleFile extension.
    """
    match = _SAVED_FROM.search(body[:4_096])
    address = match[1].decode("utf-8", "replace") if match else None
    return address if address is not None and is_http_url(address) else None


def _save(page: Page, store: Store, path: Path, seen_at: datetime) -> SaveReport:
    if page.article is None:
        what = _OTHER_PAGES.get(page.kind, "not an article that can be read")
        raise NotAnArticle(f"{what}; {_IMPORTABLE}", url=str(path), kind=page.kind)
    return store.save_pages([_to_save(page, seen_at)])[0]


def _to_save(page: Page, seen_at: datetime) -> PageSave:
    return PageSave(
        seen_at=seen_at,
        article=page.article,
        comments=tuple(page.comments),
        authors=tuple(page.authors),
    )


def _describe(page: Page, saved: SaveReport, path: Path) -> str:
    article = page.article
    headline = article.headline if article else ""
    n_comments = len(page.comments)
    comments = "1 comment" if n_comments == 1 else f"{n_comments} comments"
    return f'{path}: "{headline}", {comments}, {saved.change or "unchanged"}, article {saved.article_id}'
