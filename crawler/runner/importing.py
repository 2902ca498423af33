"""Imports: pages that lie in files are read by the same readers as fetched ones, without a request."""

import logging
import re
import zlib
from codecs import BOM_UTF8
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

from crawler.errors import FetchError, GleaningsError, NotAnArticle, PageError, RecordError, StoreError
from crawler.platforms import platform_named, read_page
from crawler.platforms.base import Page
from crawler.reading.urls import is_http_url
from crawler.runner.planning import parse_address
from crawler.runner.reports import Clock, count_of
from crawler.runner.vault import WARC_DAMAGES, VaultPage, read_warc
from crawler.store import Store
from crawler.store.export_lines import rank_of_line
from crawler.store.restoring import RestoreReport
from crawler.store.views import PageSave, SaveReport

MAX_FILE_BYTES = 64 * 1024 * 1024
"""Largest file read; the largest real page seen has 3 MB."""

log = logging.getLogger(__name__)

_SNIFFED = 4_096
_SQLITE = b"SQLite format 3\0"
_ANOTHER_LIBRARY = "this is a SQLite database; import what `gleanings export --database` writes from it"
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
    on_progress: Callable[[Path, int], None] | None = None,
) -> ImportReport:
    """Read files and keep the articles in them, each in a transaction of its own.

    Args:
        paths: Saved HTML pages, a page's text as copied from a browser, exports, or WARC files.
        store: Where to keep them.
        url: The page's address; None: what a saved page says of itself, and none for a text.
        seen_at: When the page was saved, aware UTC; None: the file's own date.
        platform: Name of the platform whose reader to use; None: found out from the page.
        clock: Gives the present instant, the latest that any file may claim.
        on_progress: Called before each file with it and how many are done.

    Returns:
        A report; one bad file never stops the others.

    Raises:
        ConfigError: ``url`` is no web address, or no platform has that name.
    """
    if url is not None:
        parse_address(url)
    if platform not in (None, "auto"):
        platform_named(platform)
    report = ImportReport()
    known_tags = set(store.articles.known_tags())
    exports, others = _part_exports(_refuse_library(paths, store, report))
    _import_exports(_in_turn(exports, 0, on_progress), store, report, clock=clock)
    for path in _in_turn(others, len(exports), on_progress):
        if path.suffix == ".jsonl" and path.is_file() and not path.stat().st_size:
            # What `gleanings export` writes where there is nothing of a kind.
            report.lines.append(f"{path}: nothing in it")
            report.n_saved += 1
            continue
        try:
            if is_warc(path):
                _import_warc(path, store, report, known_tags=known_tags)
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
        if page.article is not None and not page.warnings:
            known_tags.update(tag.name for tag in page.article.tags)
        report.lines.append(_describe(page, saved, path))
        report.lines.extend(f"Warning: {path}: {warning}" for warning in page.warnings)
    return report


def _refuse_library(paths: Sequence[Path], store: Store, report: ImportReport) -> list[Path]:
    """Return the files that may be opened: all but the library's own."""
    own = [path for path in paths if store.owns_file(path)]
    said = "this is the library itself, it is not read; `gleanings db backup` copies it"
    report.failures += [FetchError(said, url=str(path), outcome="broken") for path in own]
    return [path for path in paths if path not in own]


def _part_exports(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return the files that are exports, in the order in which they build on each other, and the others."""
    ranked = [(rank_of_file(path), place, path) for place, path in enumerate(paths)]
    exports = sorted((rank, place, path) for rank, place, path in ranked if rank is not None)
    return [path for *_, path in exports], [path for rank, _, path in ranked if rank is None]


def _in_turn(
    paths: Sequence[Path], n_before: int, on_progress: Callable[[Path, int], None] | None
) -> Iterator[Path]:
    """Yield the files, each told before its turn comes."""
    for n_done, path in enumerate(paths, n_before):
        if on_progress is not None:
            on_progress(path, n_done)
        yield path


def _import_exports(paths: Iterable[Path], store: Store, report: ImportReport, *, clock: Clock) -> None:
    """Read the files of one export back."""
    restored: RestoreReport | None = None
    for path in paths:
        try:
            with path.open(encoding="utf-8-sig") as lines:
                moment = min(_modified_at(path), clock())
                restored = store.restore(lines, seen_at=moment, after=restored)
        except UnicodeDecodeError:
            report.failures.append(FetchError("this export is not UTF-8", url=str(path), outcome="broken"))
            continue
        except GleaningsError as error:
            report.failures.append(error)
            continue
        report.failures += _name_refused(restored, path)
        if not restored.counts:
            continue
        report.lines += _describe_restored(restored, path)
        report.n_saved += 1


def _describe_restored(restored: RestoreReport, path: Path) -> Iterator[str]:
    """Yield what came out of an export's file, and what of it was left out."""
    skipped = dict(restored.skipped)
    n_issues = skipped.pop("issues", 0)
    counts = [
        count_of(count, name.removesuffix("s")) for name, count in restored.counts.items() if name != "issues"
    ]
    if counts:
        yield f"{path}: {', '.join(counts)}"
    for name, count in skipped.items():
        lines = count_of(count, name.removesuffix("s"))
        yield f"Warning: {path}: {lines} left out, of what is not here or was taken down"
    if n_issues:
        issues = count_of(n_issues, "issue")
        yield f"Warning: {path}: {issues} left out; `gleanings db move` and `gleanings db backup` carry them"


def _name_refused(restored: RestoreReport, path: Path) -> list[GleaningsError]:
    """Return an error for each line that was refused, and one for those that were too many to name."""
    refused = [StoreError(f"{path}, line {number}, was left out: {why}") for number, why in restored.refused]
    if restored.n_refused > len(refused):
        refused.append(StoreError(f"{path}: {restored.n_refused - len(refused)} more lines were left out"))
    return list(refused)


def rank_of_file(path: Path) -> int | None:
    """Return the place of a file within an export; None when it is none."""
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            start = file.read(_SNIFFED).removeprefix(BOM_UTF8)
            if not start.lstrip().startswith(b"{"):
                return None
            file.seek(0)
            first = next((line for line in file if line.removeprefix(BOM_UTF8).strip()), b"")
    except OSError:
        return None
    rank = rank_of_line(first.decode("utf-8-sig", "replace"))
    # A first line that is cut off or damaged is told as such, not as a page without an article.
    return 0 if rank is None and _EXPORT_LINE.match(start) and first.count(b"\n") else rank


def is_warc(path: Path) -> bool:
    """Tell a WARC file, packed or not, from a page by its first bytes; False where there is no file."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            start = file.read(_SNIFFED)
        if start[:2] == b"\x1f\x8b":
            start = zlib.decompressobj(wbits=47).decompress(start, _SNIFFED)
    except (OSError, zlib.error):
        return False
    return start.startswith(b"WARC/")


def _import_warc(path: Path, store: Store, report: ImportReport, *, known_tags: Collection[str]) -> None:
    """Keep the articles of a WARC file, of a damaged one those before the damage."""
    n_articles = n_pages = 0
    damage: FetchError | None = None
    try:
        with path.open("rb") as file:
            for kept in read_warc(file):
                if kept.status == HTTPStatus.OK:
                    n_pages += 1
                    n_articles += _import_kept(kept, store, known_tags=known_tags)
    except WARC_DAMAGES:
        said = "this WARC file is damaged; what stands before the damage was kept"
        damage = FetchError(said, url=str(path), outcome="broken")
    if n_pages or damage is None:
        report.lines.append(f"{path}: {count_of(n_articles, 'article')} on {count_of(n_pages, 'page')}")
        report.n_saved += 1
    if damage is not None:
        report.failures.append(damage)


def _import_kept(kept: VaultPage, store: Store, *, known_tags: Collection[str]) -> bool:
    """Keep a page of a WARC file if it is an article; tell whether it was."""
    try:
        page = read_page(
            kept.body, kept.url, seen_at=kept.received_at, headers=kept.headers, known_tags=known_tags
        )
    except (PageError, RecordError) as error:
        log.info("left out: %s", error)
        return False
    if page.article is None:
        return False
    store.save_pages([_to_save(page, kept.received_at)])
    return True


def _modified_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def read_bytes(path: Path) -> bytes:
    """Return a file's content.

    Raises:
        FetchError: There is no such file, or it is a directory, a database, empty, unreadable, or too large.
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
    if body.startswith(_SQLITE):
        raise FetchError(_ANOTHER_LIBRARY, url=str(path), outcome="broken")
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
    if saved.taken_down:
        return f'{path}: "{headline}" was taken down and stays out'
    comments = count_of(n_comments, "comment")
    return f'{path}: "{headline}", {comments}, {saved.change or "unchanged"}, article {saved.article_id}'
