"""How long work shows itself: a bar on a terminal, plain lines elsewhere; and a crawl's report at the end."""

import sys
import time
from dataclasses import asdict
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from crawler.commands.context import Session
from crawler.runner.reports import CrawlProgress, CrawlReport, PublicationReport, count_of
from crawler.store.views import FAILED

PLAIN_INTERVAL = timedelta(seconds=10)
"""Between two progress lines where standard error is no terminal."""

_NOTHING = (
    "Nothing to crawl: no publication is enabled, or it is paused; `gleanings publications list` shows them, "
    "`enabled = true` in a file of seeds/ and `gleanings publications resume` change it."
)

OUTCOME_WORDS = {
    "later": ("try put off", "tries put off"),
    "blocked": ("page blocked", "pages blocked"),
    "login_wall": ("page behind a sign-in", "pages behind a sign-in"),
    "refused_address": ("refused address", "refused addresses"),
    "too_large": ("page too large", "pages too large"),
    "broken": ("page broken", "pages broken"),
    "layout_changed": ("page with a changed layout", "pages with a changed layout"),
    "gone": ("page gone", "pages gone"),
    "moved": ("page moved", "pages moved"),
}
"""Outcome -> how a report names one fetch or several that ended so; what went well is counted otherwise."""


_LASTING = FAILED - {"later"}
"""Outcomes that a try in the same crawl does not mend."""


class ProgressPrinter:
    """Shows on standard error how far long work has come: a bar on a terminal, plain lines elsewhere.

    Args:
        session: Nothing is shown when it is quiet.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._live: Any = None
        self._last_line_at = time.monotonic()

    def __enter__(self) -> Self:
        if sys.stderr.isatty() and not self._session.quiet:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

            columns = (
                SpinnerColumn(),
                BarColumn(bar_width=20),
                TextColumn("{task.description}", markup=False),
            )
            self._live = Progress(*columns, console=Console(stderr=True), transient=True)
            self._live.add_task("starting", total=None)
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Take the bar away; harmless when there is none."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def __call__(self, progress: CrawlProgress) -> None:
        """Take a crawl's latest figures."""
        self.show(
            format_progress(progress), done=progress.n_pages, total=progress.n_pages + progress.n_waiting
        )

    def show(self, line: str, *, done: int, total: int | None = None) -> None:
        """Show how far the work has come.

        Args:
            line: In words.
            done: How many pages, files or rows are done.
            total: Of how many, as far as is known; None where nobody knows.
        """
        if self._live is not None:
            self._live.update(self._live.task_ids[0], description=line, completed=done, total=total)
        elif time.monotonic() - self._last_line_at >= PLAIN_INTERVAL.total_seconds():
            self._last_line_at = time.monotonic()
            self._session.say(line)


def format_progress(progress: CrawlProgress) -> str:
    """Return one line: pages, rate, what waits, time left."""
    left = progress.time_left
    rest = f", {progress.n_waiting} waiting" if progress.n_waiting else ""
    soon = f", about {_short_span(left)} left" if left and progress.n_waiting else ""
    return (
        f"{count_of(progress.n_pages, 'page')} ({progress.pages_per_second:.1f}/s), "
        f"{count_of(progress.n_articles, 'article')}, {count_of(progress.n_comments, 'new comment')}"
        f"{rest}{soon}"
    )


def format_crawl_report(report: CrawlReport, *, due_only: bool = False) -> str:
    """Return one line for each publication, and one about them all when there are several.

    Args:
        report: Of the crawl.
        due_only: Whether only what was due was asked for, which explains an empty report.
    """
    lines = [_publication_line(each) for each in report.publications]
    if not lines:
        lines = ["Nothing is due." if due_only else _NOTHING]
    elif len(lines) > 1:
        lines.append(
            f"All: {count_of(report.articles_new, 'new article')}, {report.articles_changed} changed, "
            f"{report.articles_unchanged} unchanged, {count_of(report.comments_new, 'new comment')}."
        )
    if report.is_interrupted:
        lines.append("Interrupted: what was fetched is kept, the next crawl goes on from there.")
    return "\n".join(lines)


def crawl_report_rows(report: CrawlReport) -> list[dict[str, Any]]:
    """Return the report as one JSON-ready row for each publication."""
    return [asdict(each) for each in report.publications]


def _publication_line(report: PublicationReport) -> str:
    if report.planned:
        return "\n".join([f"{report.publication}: would fetch", *(f"  {url}" for url in report.planned)])
    parts = [
        count_of(report.articles_new, "new article"),
        f"{report.articles_changed} changed",
        f"{report.articles_unchanged} unchanged",
        count_of(report.comments_new, "new comment"),
        *(
            f"{number} {words[number != 1]}"
            for outcome, words in OUTCOME_WORDS.items()
            if (number := report.outcomes.get(outcome, 0))
        ),
    ]
    lines = [f"{report.publication}: {', '.join(parts)}."]
    lines.extend(
        f"  Warning ({n_times} times): {warning}" if n_times > 1 else f"  Warning: {warning}"
        for warning, n_times in report.warnings.items()
    )
    if report.error:
        lines.append(f"  Error: {report.error}")
    elif _LASTING.intersection(report.outcomes):
        lines.append(f"  `gleanings publications show {report.publication}` names the pages that failed.")
    return "\n".join(lines)


def _short_span(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7_200 else f"{seconds // 3_600} h"
