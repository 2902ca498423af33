"""Printed dates as intervals: the table, the program that prints them, a year of crawls."""

import math
import random
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.dates import DateReading, find_relative_dates, intersect_bounds, parse_date

SEEN_AT = datetime(2026, 11, 18, 12, tzinfo=UTC)
TABLE = tomllib.loads((Path(__file__).parent / "data" / "dates.toml").read_text(encoding="utf-8"))["date"]


def say_age(age: timedelta) -> str:
    """Return what jQuery-timeago 1.6.7 prints, written anew from its rules."""
    seconds = age.total_seconds()
    minutes, hours, days = seconds / 60, seconds / 3600, seconds / 86400
    years = days / 365

    def rounded(value: float) -> int:
        return math.floor(value + 0.5)

    steps = (
        (seconds < 45, "less than a minute"),
        (seconds < 90, "about a minute"),
        (minutes < 45, f"{rounded(minutes)} minutes"),
        (minutes < 90, "about an hour"),
        (hours < 24, f"about {rounded(hours)} hours"),
        (hours < 42, "a day"),
        (days < 30, f"{rounded(days)} days"),
        (days < 45, "about a month"),
        (days < 365, f"{rounded(days / 30)} months"),
        (years < 1.5, "about a year"),
        (True, f"{rounded(years)} years"),
    )
    return next(words for holds, words in steps if holds) + " ago"


def read(text: str, language: str | None = "en") -> DateReading:
    reading = parse_date(text, seen_at=SEEN_AT, language=language)
    assert reading is not None, text
    return reading


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["text"] or "empty")
def test_table(row: dict[str, object]) -> None:
    reading = parse_date(str(row["text"]), seen_at=SEEN_AT, language="en")
    if row.get("none"):
        assert reading is None
    else:
        assert reading is not None
        assert reading.bounds == (row["earliest"], row["latest"])
        assert reading.bounds[0] <= reading.at <= reading.bounds[1]
        assert reading.is_exact == (row["earliest"] == row["latest"])


@given(st.integers(min_value=0, max_value=50 * 365 * 86400))
def test_the_interval_holds_every_age_the_wording_is_printed_for(seconds: int) -> None:
    age = timedelta(seconds=seconds)
    earliest, latest = read(say_age(age)).bounds
    assert earliest <= SEEN_AT - age <= latest <= SEEN_AT


@given(st.integers(min_value=0, max_value=50 * 365 * 86400))
def test_the_interval_holds_no_age_another_wording_is_printed_for(seconds: int) -> None:
    earliest, latest = read(say_age(timedelta(seconds=seconds))).bounds
    inside = [latest - timedelta(seconds=1), earliest + timedelta(seconds=1)]
    wordings = {say_age(SEEN_AT - moment) for moment in inside if earliest < moment < latest}
    assert wordings <= {say_age(timedelta(seconds=seconds))}


@given(st.text(max_size=200))
def test_odd_text_never_raises(text: str) -> None:
    reading = parse_date(text, seen_at=SEEN_AT, language="en")
    assert reading is None or reading.bounds[0] <= reading.at <= reading.bounds[1]


@pytest.mark.parametrize("seen_at", [datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)])
@pytest.mark.parametrize("text", ["50 years ago", "2 days ago", "March 3, 2024", "yesterday", "Dec 3"])
def test_the_ends_of_time_do_not_overflow(text: str, seen_at: datetime) -> None:
    reading = parse_date(text, seen_at=seen_at, language="en")
    assert reading is None or reading.bounds[0] <= reading.bounds[1]


def test_what_is_longer_than_a_date_is_none_even_if_most_of_it_is_blank() -> None:
    assert parse_date("2 days ago" + " " * 40, seen_at=SEEN_AT) is not None
    assert parse_date("2 days ago" + " " * 4_000, seen_at=SEEN_AT) is None


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        parse_date("2 days ago", seen_at=datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("hace 3 días", "es", 15),
        ("il y a 3 jours", "fr", 15),
        ("vor 3 Tagen", "de", 15),
        ("3 дня назад", "ru", 15),
    ],
)
def test_other_languages_are_the_last_resort(text: str, language: str, day: int) -> None:
    earliest, latest = read(text, language).bounds
    assert earliest < datetime(2026, 11, day, 12, tzinfo=UTC) < latest <= SEEN_AT


def test_a_leap_day_without_a_year_is_the_last_one() -> None:
    reading = parse_date("Feb 29", seen_at=datetime(2025, 1, 10, tzinfo=UTC))
    assert reading is not None
    assert reading.at.date().isoformat() == "2024-02-29"
    assert parse_date("Feb 29", seen_at=SEEN_AT) is None


def test_another_program_may_round_otherwise() -> None:
    exact = read("5 days ago")
    wide = parse_date("5 days ago", seen_at=SEEN_AT, is_timeago=False)
    assert wide is not None
    assert wide.bounds[0] < exact.bounds[0]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("By AnnPublished 2 years agoUpdated a day ago6 min read", ["2 years ago", "a day ago"]),
        ("Alex H Mittelman 11 months ago", ["11 months ago"]),
        ("Ann2 years ago", ["2 years ago"]),
        ("Ann Okafora day agoLea Vossan hour ago", ["a day ago", "an hour ago"]),
        ("two pizzas ago, when Sam ago was spoken", []),
        ("long ago, in a day of agony", []),
        ("Just now", ["Just now"]),
    ],
)
def test_find_relative_dates(line: str, found: list[str]) -> None:
    assert [line[start:end] for start, end in find_relative_dates(line)] == found


def test_a_year_of_weekly_crawls_narrows_each_date_and_holds_the_truth(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rng = random.Random(20261118)
    start = datetime(2025, 11, 18, tzinfo=UTC)
    widths: list[list[timedelta]] = [[] for _ in range(53)]
    for _ in range(300):
        published_at = start - timedelta(seconds=rng.randrange(3 * 365 * 86400))
        stored = None
        for week in range(53):
            seen_at = start + timedelta(weeks=week, seconds=rng.randrange(86400))
            reading = parse_date(say_age(seen_at - published_at), seen_at=seen_at)
            assert reading is not None
            narrowed = reading.bounds if stored is None else intersect_bounds(stored, reading.bounds)
            assert narrowed is not None, "two true intervals have something in common"
            assert narrowed[0] <= published_at <= narrowed[1]
            if stored is not None:
                assert stored[0] <= narrowed[0] <= narrowed[1] <= stored[1], "it only narrows"
            stored = narrowed
            widths[week].append(narrowed[1] - narrowed[0])
    means = [sum(found, timedelta()) / len(found) for found in widths]
    assert means == sorted(means, reverse=True)
    assert means[-1] < means[0] / 10
    with capsys.disabled():
        told = ", ".join(
            f"{week + 1}: {means[week] / timedelta(days=1):.1f}" for week in (0, 1, 3, 7, 25, 52)
        )
        print(f"\nmean width of a date in days by number of weekly crawls: {told}")  # noqa: T201


def test_intervals_that_contradict_each_other_have_nothing_in_common() -> None:
    older, newer = read("5 days ago").bounds, read("2 days ago").bounds
    assert intersect_bounds(older, newer) is None
    assert intersect_bounds(older, older) == older


def test_what_nobody_prints_is_no_date_and_asks_no_other_program() -> None:
    """The last resort looks through two hundred languages, which takes longer than all the rest of a page."""
    script = (
        "import sys; from datetime import UTC, datetime; from crawler.reading.dates import parse_date\n"
        "for text in ('73 years ago', '433 years ago', '99 months ago ago'):\n"
        "    assert parse_date(text, seen_at=datetime(2026, 11, 23, tzinfo=UTC)) is None\n"
        "sys.exit('dateparser' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, timeout=120).returncode == 0
