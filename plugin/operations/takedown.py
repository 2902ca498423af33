"""Takedown: an article or an author leaves the library, the issues and the published folders, for good."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crawler.config import Config
from crawler.runner.vault import erase_kept
from crawler.store.views import TakedownTarget
from plugin.archive import Archive
from plugin.digests import Digest
from plugin.errors import DigestError
from plugin.publishing import HUB, announce_issue, publish_issue


@dataclass(frozen=True, slots=True)
class TakedownReport:
    """What a takedown removed.

    Attributes:
        target: Articles, comments, authors and revisions that are gone.
        issues: (digest, number) of the issues that now hold a tombstone.
        places: Folders that were written again.
        failures: One sentence for each folder that still shows it.
        n_pages: Raw pages of the vault that were erased.
    """

    target: TakedownTarget
    issues: tuple[tuple[str, int], ...]
    places: tuple[str, ...]
    failures: tuple[str, ...]
    n_pages: int = 0

    @property
    def exit_code(self) -> int:
        """3 when a published folder could not be written again, else 0."""
        return 3 if self.failures else 0


def take_down(
    archive: Archive, address: str, *, digests: Iterable[Digest], config: Config, now: datetime
) -> TakedownReport:
    """Remove an article, or an author with everything of theirs, and keep it out of later crawls.

    The issues keep their numbers and a tombstone in its place; feeds show it gone at their next fetch.
    Doing it again finishes what a failure left undone.

    Args:
        archive: The library.
        address: Of the article or the author, in any spelling or former form.
        digests: Of the workspace, to write their folders again.
        config: Of the workspace.
        now: Aware UTC.

    Raises:
        StoreError: It is no http(s) address, or the database refuses.
    """
    found = archive.store.takedowns.find(address)
    # Quotes go first: were the rows gone and the quotes not, nothing would lead to them any more.
    comment_ids = _quotable(archive, found)
    issues = archive.redact(found.article_ids, comment_ids=comment_ids, at=now)
    n_pages = _erase_pages(archive, found, config)
    target = archive.store.takedowns.take_down(address, now)
    # Once more, for an issue that was made in between.
    issues = sorted({*issues, *archive.redact(target.article_ids, comment_ids=comment_ids, at=now)})
    places, failures = _publish_again(archive, issues, digests, config, now)
    return TakedownReport(target, tuple(issues), tuple(places), tuple(failures), n_pages)


def format_takedown(report: TakedownReport) -> str:
    """Return what was removed, a line each."""
    target = report.target
    lines = [f"Taken down: {target.kind} {target.address}"]
    counts = {
        "articles": len(target.article_ids),
        "comments": target.comment_count + len(target.comment_ids),
        "authors": len(target.author_ids),
        "revisions": target.revision_count,
        "kept pages": report.n_pages,
    }
    if any(counts.values()):
        lines.append("Removed: " + ", ".join(f"{count} {name}" for name, count in counts.items()))
    else:
        lines.append("The library held nothing of it; it is kept out all the same.")
    for slug, number in report.issues:
        lines.append(f"Issue {number} of {slug} now holds a tombstone in its place.")
    lines += [f"Written again: {place}" for place in report.places]
    return "\n".join(lines)


def _erase_pages(archive: Archive, target: TakedownTarget, config: Config) -> int:
    """Erase the raw pages of what goes; return how many."""
    kept = archive.store.kept
    pages = list(dict.fromkeys([*kept.of_articles(target.article_ids), *kept.of_urls(target.urls)]))
    n_erased = sum(erase_kept(config.pages_dir, page) for page in pages)
    kept.forget(pages)
    return n_erased


def _quotable(archive: Archive, target: TakedownTarget) -> list[int]:
    """Return every comment that goes, with its article or on its own."""
    threads = archive.store.comments.list_many(target.article_ids)
    inside = [comment.id for thread in threads.values() for comment in thread]
    return [*inside, *target.comment_ids]


def _publish_again(
    archive: Archive,
    issues: Iterable[tuple[str, int]],
    digests: Iterable[Digest],
    config: Config,
    now: datetime,
) -> tuple[list[str], list[str]]:
    """Write again every folder an issue was published to, tell the hub; return places and failures."""
    known = {digest.slug: digest for digest in digests}
    places: list[str] = []
    failures: list[str] = []
    for slug, number in issues:
        for push in archive.pushes(slug, number):
            if push.outlet.startswith(f"{HUB} "):
                continue
            place = push.outlet.removeprefix("folder ")
            if slug not in known:
                failures.append(f"{place} still shows issue {number} of {slug}, whose definition is gone")
                continue
            issue = archive.get_issue(slug, number)
            try:
                report = publish_issue(archive, known[slug], issue, config=config, to=place, now=now)
            except DigestError as error:
                failures.append(str(error))
                continue
            failures += report.failures
            if not report.failures and push.outlet not in places:
                places.append(push.outlet)
        if slug in known:
            told = announce_issue(
                archive, known[slug], archive.get_issue(slug, number), config=config, now=now
            )
            failures += [told.error] if told is not None and told.error is not None else []
    return places, failures
