"""What Prometheus may know of crawls: read from the run tables at each scrape."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crawler.runner.planning import INTERRUPTED
from crawler.seeds import crawled_host
from plugin.archive import Archive, open_library
from plugin.archive.beats import last_beat
from plugin.operations.status import find_error, is_leased

if TYPE_CHECKING:
    from prometheus_client import Metric


class RunMetrics:
    """Figures of the last run of each publication, and of the scheduler.

    Args:
        database_url: The library; opened for each scrape, in the thread that answers it.
    """

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url

    def collect(self) -> Iterator["Metric"]:
        """Yield the metric families, as prometheus_client asks a collector for them."""
        # A library that only crawls have opened lacks the plugin's tables; SQLite gets them here.
        with open_library(self._database_url) as archive:
            yield from _collect(archive, datetime.now(UTC))


def _collect(archive: Archive, now: datetime) -> "list[Metric]":
    from prometheus_client.core import GaugeMetricFamily

    label = ["publication"]
    articles = GaugeMetricFamily("gleanings_articles", "Articles kept", labels=label)
    good = GaugeMetricFamily(
        "gleanings_last_good_run_timestamp_seconds", "End of the last good crawl", labels=label
    )
    fetches = GaugeMetricFamily(
        "gleanings_last_run_fetches", "Fetches of the last crawl by outcome", labels=[*label, "outcome"]
    )
    failed = GaugeMetricFamily("gleanings_last_run_failed", "1 when the last crawl failed", labels=label)
    interrupted = GaugeMetricFamily(
        "gleanings_last_run_interrupted",
        "1 when the last crawl was ended before it was done, by a signal or with its process",
        labels=label,
    )
    seconds = GaugeMetricFamily("gleanings_last_run_seconds", "Length of the last crawl", labels=label)
    for publication in archive.store.publications.list():
        slug = [publication.slug]
        articles.add_metric(slug, publication.article_count)
        if publication.last_good_run_at is not None:
            good.add_metric(slug, publication.last_good_run_at.timestamp())
        run = archive.store.runs.latest(publication.slug)
        if run is None:
            continue
        for outcome, count in sorted(run.outcomes.items()):
            fetches.add_metric([*slug, outcome], count)
        is_crawled = run.ended_at is None and is_leased(archive, crawled_host(publication.url), now)
        error = find_error(run, is_leased=is_crawled)
        failed.add_metric(slug, float(error not in (None, INTERRUPTED)))
        interrupted.add_metric(slug, float(error == INTERRUPTED))
        if run.ended_at is not None or is_crawled:
            seconds.add_metric(slug, ((run.ended_at or now) - run.started_at).total_seconds())
    beat = last_beat(archive.store)
    alive = GaugeMetricFamily(
        "gleanings_scheduler_beat_timestamp_seconds",
        "The scheduler's last sign of life; 0 before its first",
        value=beat.beat_at.timestamp() if beat else 0.0,
    )
    return [articles, good, fetches, failed, interrupted, seconds, alive]
