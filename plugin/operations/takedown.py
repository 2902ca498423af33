"""Takedown: an article or an author leaves the library, the issues and the published folders, for good."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.config import Config
from crawler.runner.planning import parse_address
from crawler.runner.reports import count_of
from crawler.runner.vault import erase_kept
from crawler.store.views import TakedownTarget
from plugin.archive import Archive
from plugin.archive.pushes import issues_not_pushed
from plugin.digests import Digest
from plugin.errors import DigestError
from plugin.issues import Issue, Push
from plugin.outlets import FolderOutlet
from plugin.publishing import HUB, announce_issue, publish_issue, shown_formats


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
        ConfigError: It is no http(s) address.
        StoreError: The database refuses.
    """
    parse_address(address)
    found = archive.store.takedowns.find(address)
    # Quotes go first: were the rows gone and the quotes not, nothing would lead to them any more.
    comment_ids = _quotable(archive, found)
    issues = archive.redact(found.article_ids, comment_ids=comment_ids, at=now)
    n_pages = _erase_pages(archive, found, config)
    target = archive.store.takedowns.take_down(address, now)
    # Once more, for an issue that was made in between.
    issues = sorted({*issues, *archive.redact(target.article_ids, comment_ids=comment_ids, at=now)})
    places, failures = _publish_again(archive, {*issues, *_left_undone(archive)}, digests, config, now)
    return TakedownReport(target, tuple(issues), tuple(places), tuple(failures), n_pages)


def format_takedown(report: TakedownReport) -> str:
    """Return what was removed, a line each."""
    target = report.target
    lines = [f"Taken down: {target.kind} {target.address}"]
    counts = {
        "article": len(target.article_ids),
        "comment": target.comment_count + len(target.comment_ids),
        "author": len(target.author_ids),
        "revision": target.revision_count,
        "kept page": report.n_pages,
    }
    if any(counts.values()):
        lines.append("Removed: " + ", ".join(count_of(count, noun) for noun, count in counts.items()))
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
    for slug, number in sorted(issues):
        issue = archive.get_issue(slug, number)
        pushed = _pushes_of(archive, issue)
        if slug not in known:
            failures += [
                f"{_place(push)} still shows issue {number} of {slug}, whose definition is gone"
                for push in pushed
            ]
            continue
        digest = known[slug]
        own = _own_places(digest, config)
        for place in dict.fromkeys([*map(_place, pushed), *own]):
            formats = shown_formats(digest, issue, FolderOutlet(Path(place)))
            if not formats:
                failures += _tell_lost(place, digest, issue, pushed, own)
                continue
            # What was published in a format that the definition has dropped since must be replaced too.
            whole = digest.model_copy(update={"formats": tuple(dict.fromkeys([*digest.formats, *formats]))})
            try:
                report = publish_issue(archive, whole, issue, config=config, to=place, now=now)
            except DigestError as error:
                failures.append(str(error))
                continue
            failures += report.failures
            if not report.failures and f"folder {place}" not in places:
                places.append(f"folder {place}")
        told = announce_issue(archive, digest, issue, config=config, now=now)
        failures += [told.error] if told is not None and told.error is not None else []
    return places, failures


def _pushes_of(archive: Archive, issue: Issue) -> list[Push]:
    """Return the pushes to folders that brought an issue along: its own, and those of others made since.

    A push of one issue brings all that the folder lacks, and feeds that show the newest of them.
    """
    return [
        push
        for push in archive.pushes(issue.digest)
        if not push.outlet.startswith(f"{HUB} ")
        and (push.number >= issue.number or push.pushed_at >= issue.made_at)
    ]


def _left_undone(archive: Archive) -> list[tuple[str, int]]:
    """Return the issues with a tombstone that some folder may still lack, since it could not be written."""
    return [
        (slug, number)
        for slug, number in issues_not_pushed(archive.store)
        if any(entry.is_gone for entry in archive.get_issue(slug, number).entries)
    ]


def _place(push: Push) -> str:
    return push.outlet.removeprefix("folder ")


def _own_places(digest: Digest, config: Config) -> dict[str, Path]:
    """Return where a digest's folders stand now, each with its path as the definition has it."""
    return {
        FolderOutlet(config.workspace / each.path).place: each.path
        for each in digest.outlet
        if each.kind == FolderOutlet.kind and each.path is not None
    }


def _tell_lost(
    place: str, digest: Digest, issue: Issue, pushed: Iterable[Push], own: Mapping[str, Path]
) -> list[str]:
    """Complain of a place that showed an issue once and is not there, unless the workspace was moved."""
    was_there = any(_place(push) == place and push.error is None for push in pushed)
    moved = [here for here, path in own.items() if here != place and place.endswith(f"/{path}")]
    if not was_there or any(shown_formats(digest, issue, FolderOutlet(Path(here))) for here in moved):
        return []
    return [
        f"{place} does not hold issue {issue.number} of {digest.slug} any more; where it was moved to, "
        f"`gleanings publish {digest.slug} --issue {issue.number} --to FOLDER` replaces it"
    ]
