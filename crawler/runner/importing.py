"""Imports: pages that lie in files are read by the same readers as fetched ones, without a request."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from crawler.errors import FetchError, GleaningsError, NotAnArticle
from crawler.platforms import read_page
from crawler.platforms.base import Page
from crawler.store import Store
from crawler.store.views import PageSave, SaveReport

MAX_FILE_BYTES = 64 * 1024 * 1024
"""Largest file read; the largest real page seen has 3 MB."""

_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S+)\s*-->", re.IGNORECASE)


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
    clock: Callable[[], datetime],
) -> ImportReport:
    """Read files and keep the articles in them, each in a transaction of its own.

    Args:
        paths: Saved HTML pages, or a page's text as copied from a browser.
        store: Where to keep them.
        url: The page's address; None: what a saved page says of itself, and none for a text.
        seen_at: When the page was saved, aware UTC; None: the file's own date.
        platform: Name of the platform whose reader to use; None: found out from the page.
        clock: Gives the present instant, the latest that any file may claim.

    Returns:
        A report; one bad file never stops the others.
    """
    report = ImportReport()
    known_tags = store.articles.known_tags()
    for path in paths:
        try:
            body = read_bytes(path)
            moment = seen_at or min(datetime.fromtimestamp(path.stat().st_mtime, UTC), clock())
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
        The "Mark of the Web" comment that Chrome and Edge write at the top of saved pages.
    """
    match = _SAVED_FROM.search(body[:4_096])
    return match[1].decode("utf-8", "replace") if match else None


def _save(page: Page, store: Store, path: Path, seen_at: datetime) -> SaveReport:
    if page.article is None:
        what = {
            "list": "a list of articles",
            "author": "an author's page",
            "login_wall": "a sign-in page",
            "error": "an error page",
        }.get(page.kind, "nothing that Gleanings knows")
        raise NotAnArticle(f"this is {what}, not an article", url=str(path), kind=page.kind)
    save = PageSave(
        seen_at=seen_at,
        article=page.article,
        comments=tuple(page.comments),
        authors=tuple(page.authors),
    )
    return store.save_pages([save])[0]


def _describe(page: Page, saved: SaveReport, path: Path) -> str:
    article = page.article
    headline = article.headline if article else ""
    n_comments = len(page.comments)
    comments = "1 comment" if n_comments == 1 else f"{n_comments} comments"
    return f'{path}: "{headline}", {comments}, {saved.change or "unchanged"}, article {saved.article_id}'
