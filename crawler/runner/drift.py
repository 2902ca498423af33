"""Layout drift: fields that pages lack more often than they used to. Pure functions of past runs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crawler.store.views import RunView

ALL_PAGES: Final = "*"
"""Key under which a run's ``missing`` counts the article pages that were read; no field is called so."""

MIN_PAGES: Final = 10
"""Fewer pages than this, on either side, say nothing."""

THRESHOLD: Final = 0.25
"""A field that is missing on so much larger a share of the pages than before is an alarm: a platform's own
variety from run to run stayed below 0.15 on the demo platform's stories, a renamed label makes it 1."""

HARDLY_EVER: Final = 0.1
"""Publications differ in what they print: of one without a history of its own, only a field tells that the
others of its platform lack on no larger share of their pages."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A field that went missing.

    Attributes:
        field: Its name, or "layout" for pages of which not even headline and body were found.
        share: Of the latest pages that lack it.
        usual_share: Of the pages before.
        n_pages: How many pages the latest share is of.
        is_against_others: Those before were of other publications of the platform.
    """

    field: str
    share: float
    usual_share: float
    n_pages: int
    is_against_others: bool = False

    def __str__(self) -> str:
        usual = "other publications lack it" if self.is_against_others else "it used to be"
        return (
            f"{self.field} is missing on {self.share:.0%} of {self.n_pages} pages, "
            f"where {usual} on {self.usual_share:.0%}"
        )


def find_drift(
    latest: Sequence[RunView],
    history: Sequence[RunView],
    *,
    others: Sequence[RunView] = (),
    threshold: float = THRESHOLD,
) -> list[Drift]:
    """Compare the latest runs with those before.

    Args:
        latest: The last run of some publications, or the last few.
        history: Earlier runs of the same publications, any order.
        others: Runs of other publications of the platform, for where the history is too short to tell.
        threshold: By how much a share must have grown, in (0, 1].

    Returns:
        The fields that drifted, worst first; none when there are too few pages to tell.

    Example:
        >>> from datetime import UTC, datetime
        >>> def run(missing):
        ...     moment = datetime(2026, 11, 23, tzinfo=UTC)
        ...     return RunView(1, "a", moment, moment, {}, missing, 0, 0, 0, None)
        >>> [str(each) for each in find_drift([run({"*": 20, "byline": 18})], [run({"*": 100, "byline": 2})])]
        ['byline is missing on 90% of 20 pages, where it used to be on 2%']
    """
    now, before = _shares(latest), _shares(history)
    is_short = before.n_pages < MIN_PAGES
    if is_short:
        before = _shares(others)
    if now.n_pages < MIN_PAGES or before.n_pages < MIN_PAGES:
        return []
    drifts = [
        Drift(name, share, usual, now.n_pages, is_short)
        for name, share in now.by_field.items()
        if share - (usual := before.by_field.get(name, 0.0)) >= threshold
        and not (is_short and usual > HARDLY_EVER)
    ]
    return sorted(drifts, key=lambda drift: (drift.usual_share - drift.share, drift.field))


def enough_runs(runs: Sequence[RunView]) -> Sequence[RunView]:
    """Return the latest runs that together read enough pages to tell; all when none are enough.

    A crawl that comes every hour reads a few pages each time, or none.

    Args:
        runs: Of one publication, newest first.
    """
    n_pages = 0
    for position, run in enumerate(runs, start=1):
        n_pages += run.missing.get(ALL_PAGES, 0) + run.outcomes.get("layout_changed", 0)
        if n_pages >= MIN_PAGES:
            return runs[:position]
    return runs


@dataclass(frozen=True, slots=True)
class _Shares:
    by_field: Mapping[str, float]
    n_pages: int


def _shares(runs: Sequence[RunView]) -> _Shares:
    """Return the share of article pages that lack each field."""
    missing: Counter[str] = Counter()
    n_read = 0
    for run in runs:
        n_read += run.missing.get(ALL_PAGES, 0)
        missing.update({name: count for name, count in run.missing.items() if name != ALL_PAGES})
        missing["layout"] += run.outcomes.get("layout_changed", 0)
    n_pages = n_read + missing["layout"]
    if not n_pages:
        return _Shares({}, 0)
    return _Shares({name: count / n_pages for name, count in missing.items() if count}, n_pages)
