"""Replay: kept pages are read again with today's readers, without one request."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from crawler.config import Config
from crawler.errors import GleaningsError, PageError
from crawler.platforms import read_page
from crawler.platforms.base import Page
from crawler.runner.vault import read_kept
from crawler.seeds import Seed
from crawler.spiders.keeping import finish_article
from crawler.store import Store
from crawler.store.views import KeptPage, PageSave

BATCH_SIZE: Final = 64
MAX_FAILURES: Final = 100
"""Failures listed one by one; the rest is counted."""


@dataclass
class ReplayReport:
    """What a replay did.

    Attributes:
        n_pages: Kept pages that were read.
        n_missing: Pages of the index whose file is gone.
        n_changed: Articles of which a field changed.
        fields: Field -> articles in which it changed, most first.
        comments_new: Comments that today's readers found beyond those known.
        failures: Address -> why it could not be read, at most ``MAX_FAILURES``.
        n_failed: How many could not be read.
    """

    n_pages: int = 0
    n_missing: int = 0
    n_changed: int = 0
    n_failed: int = 0
    comments_new: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0 when every page could be read, 1 when none could, 3 when some could."""
        if not self.n_failed:
            return 0
        return 3 if self.n_pages > self.n_failed else 1


def replay(
    store: Store,
    config: Config,
    *,
    seeds: Mapping[str, Seed],
    publication: str | None = None,
    since: datetime | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> ReplayReport:
    """Read kept pages again and save what today's readers find in them.

    The latest kept page of each address is read; the frontier stays as it is.

    Args:
        store: Knows which pages are kept, and takes what is found.
        config: Of the workspace; its folder holds the vault.
        seeds: By slug; tells each publication's platform and language.
        publication: Only pages fetched for this one.
        since: Only pages seen at or after this instant.
        on_progress: Called with the number of pages read so far, after each batch.

    Raises:
        StoreError: A file of the vault can't be read, or the store refuses.
    """
    report = ReplayReport()
    known_tags = store.articles.known_tags()
    batch: list[PageSave] = []
    for place, seen_at in store.kept.iterate(publication=publication, since=since):
        try:
            kept = read_kept(config.pages_dir, place)
        except PageError as error:
            report.n_pages += 1
            _note_failure(report, place.url, error)
            continue
        if kept is None:
            report.n_missing += 1
            continue
        report.n_pages += 1
        seed = seeds.get(place.publication)
        try:
            page = read_page(
                kept.body,
                kept.url,
                seen_at=seen_at,
                headers=kept.headers,
                platform=seed.platform if seed is not None and seed.platform != "auto" else None,
                known_tags=known_tags,
            )
        except (PageError, GleaningsError) as error:
            _note_failure(report, kept.url, error)
            continue
        save = to_save(page, place, seen_at=seen_at, seed=seed)
        if save is not None:
            batch.append(save)
        if len(batch) >= BATCH_SIZE:
            _save(store, batch, report)
            if on_progress is not None:
                on_progress(report.n_pages)
    _save(store, batch, report)
    return report


def to_save(page: Page, place: KeptPage, *, seen_at: datetime, seed: Seed | None) -> PageSave | None:
    """Return what to save of a kept page; None when it holds neither article, comments nor persons.

    Args:
        page: As today's readers read it.
        place: Tells what the page was fetched as.
        seen_at: When it was made.
        seed: Its publication, where the workspace still has it.
    """
    article = page.article if place.role != "comments" else None
    if article is not None:
        article = article.model_copy(update={"publication": place.publication})
        article = finish_article(article, seed) if seed is not None else article
    if article is None and not page.comments and not page.authors:
        return None
    owner = page.article.canonical_url if page.article is not None else None
    return PageSave(
        seen_at=seen_at,
        article=article,
        comments=tuple(page.comments),
        authors=tuple(page.authors),
        article_url=owner if article is None and page.comments else None,
    )


def _save(store: Store, batch: list[PageSave], report: ReplayReport) -> None:
    for saved in store.save_pages(batch) if batch else ():
        report.comments_new += saved.new_comments
        if saved.changed_fields:
            report.n_changed += 1
            report.fields.update(saved.changed_fields)
    batch.clear()


def _note_failure(report: ReplayReport, url: str, error: GleaningsError) -> None:
    report.n_failed += 1
    if len(report.failures) < MAX_FAILURES:
        report.failures[url] = str(error)
