"""A digest's file says when an issue is due, and nothing wrong gets past it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from plugin.digests import find_digest, is_due, load_digest_file, load_digests, next_due_at
from plugin.errors import DigestError, DigestNotFound
from tests.curating import make_digest


def moment(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("keys", "after", "expected"),
    [
        ({"cadence": "daily"}, "2026-11-23T06:59", "2026-11-23T07:00"),
        ({"cadence": "daily"}, "2026-11-23T07:00", "2026-11-24T07:00"),
        ({"cadence": "daily", "at": "23:59"}, "2026-12-31T23:59", "2027-01-01T23:59"),
        ({"cadence": "weekly"}, "2026-11-23T12:00", "2026-11-30T07:00"),
        ({"cadence": "weekly", "at": "Sun 18:00"}, "2026-11-23T12:00", "2026-11-29T18:00"),
        ({"cadence": "weekly", "at": "sat 7:05"}, "2026-11-23T12:00", "2026-11-28T07:05"),
        ({"cadence": "monthly"}, "2026-11-23T12:00", "2026-12-01T07:00"),
        ({"cadence": "monthly", "at": "28 08:00"}, "2026-02-28T08:00", "2026-03-28T08:00"),
        ({"cadence": "monthly", "at": "last 08:00"}, "2028-02-01T00:00", "2028-02-29T08:00"),
        ({"cadence": "30 6 * * 1-5"}, "2026-11-20T07:00", "2026-11-23T06:30"),
    ],
)
def test_the_next_issue_is_due_at_its_time(keys, after, expected):
    assert next_due_at(make_digest(**keys), moment(after)) == moment(expected)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        # 02:30 does not exist on 29 March: the instant after the gap is meant.
        ("2026-03-28T12:00:00+00:00", "2026-03-29T01:00:00+00:00"),
        # 02:30 comes twice on 25 October: the first is meant, and only once.
        ("2026-10-24T12:00:00+00:00", "2026-10-25T00:30:00+00:00"),
        ("2026-10-25T00:30:00+00:00", "2026-10-26T01:30:00+00:00"),
        ("2026-10-25T01:10:00+00:00", "2026-10-26T01:30:00+00:00"),
    ],
)
def test_a_time_zone_is_followed_through_its_clock_changes(after, expected):
    digest = make_digest(cadence="daily", at="02:30", timezone="Europe/Vienna")
    assert next_due_at(digest, datetime.fromisoformat(after)) == datetime.fromisoformat(expected)


def test_due_times_ascend_for_a_year_in_a_zone_with_clock_changes():
    digest = make_digest(cadence="daily", at="02:30", timezone="America/New_York")
    slots = [moment("2026-01-01T00:00")]
    while slots[-1] < moment("2027-01-01T00:00"):
        slots.append(next_due_at(digest, slots[-1]))
    days = {slot.astimezone(ZoneInfo("America/New_York")).date() for slot in slots[1:]}
    assert slots == sorted(set(slots))
    assert len(days) == len(slots) - 1 == 366


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        (None, "2026-11-25T12:00", True),
        ("2026-11-23T07:00", "2026-11-30T06:59", False),
        ("2026-11-23T07:00", "2026-11-30T07:00", True),
        # Asleep for three weeks: due once.
        ("2026-11-02T07:00", "2026-11-25T12:00", True),
        ("2026-11-25T12:00", "2026-11-25T12:00", False),
        # The clock went back a little: wait.
        ("2026-11-23T07:00", "2026-11-23T06:58", False),
        # The last issue was made with a clock years ahead: go on.
        ("2031-01-06T07:00", "2026-11-23T07:00", True),
    ],
)
def test_an_issue_is_due_once_for_all_the_times_missed(last, now, expected):
    last_cut_at = None if last is None else moment(last)
    assert is_due(make_digest(cadence="weekly"), last_cut_at, moment(now)) is expected


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ('cadence = "fortnightly"', "cadence", "daily, weekly, monthly"),
        ('cadence = "0 7 * *"', "cadence", "cron line"),
        ('cadence = "61 7 * * *"', "cadence", "not a cron line"),
        ('cadence = "0 0 31 2 *"', "cadence", "cron line"),
        ('cadence = "0 0 */5 2 1#5"', "cadence", "no day that exists"),
        ('cadence = "daily"\nat = "Mon 07:00"', "at", '"07:00"'),
        ('cadence = "weekly"\nat = "07:00"', "at", '"Mon 07:00"'),
        ('cadence = "weekly"\nat = "Moon 07:00"', "at", '"Mon 07:00"'),
        ('cadence = "monthly"\nat = "31 07:00"', "at", "last 07:00"),
        ('cadence = "0 7 * * 1"\nat = "07:00"', "at", "leave this key out"),
        ('at = "Mon 24:00"', "at", "weekly"),
        ('timezone = "Europe/Wien"', "timezone", "time zone"),
        ('[select]\nquery = "(a"', "select.query", ""),
        ('[select]\nquery = ""', "select.query", "no word"),
        ('slug = "ai"', "slug", "name of the file"),
        ("[limit]\nentries = 3", "limit", 'did you mean "limits"'),
        ('[[section]]\ntitle = "A"\n[[section]]\ntitel = "B"', "section.1.titel", 'did you mean "title"'),
        ('[[outlet]]\nkind = "folder"\npaht = "x"', "outlet.0.paht", 'did you mean "path"'),
        ("[limits]\nentries = 0", "limits.entries", "greater than or equal"),
        ('[select]\naccess = ["everyone"]', "select.access.0", "'free'"),
        ('[[section]]\ntags = ["a"]', "section.0.title", "missing"),
        # What TOML calls a number is one, and nothing else is.
        ('[select]\nmin_words = "200"', "select.min_words", "whole number"),
        ("[select]\nmin_words = true", "select.min_words", "whole number"),
        ('[rank]\nfreshness = "1"', "rank.freshness", "must be a number"),
        ("[rank]\nfreshness = true", "rank.freshness", "must be a number"),
        ('[limits]\nper_author = "2"', "limits.per_author", "whole number"),
        ("window = 7", "window", '"7d"'),
        ('window = "0d"', "window", "longer than nothing"),
        ("settle = true", "settle", '"7d"'),
        ("settle = 00:30:00", "settle", '"7d"'),
        ('formats = "rss"', "formats", "list"),
        ("select = []", "select", "table"),
        ('section = "Tech"', "section", "list"),
        ('language = "not a language"', "language", "language tag"),
        ('language = ""', "language", "language tag"),
        ('[select]\nlanguages = ["english please"]', "select.languages.0", "language tag"),
        ('link = "javascript:alert(1)"', "link", "http(s) address"),
        ('[[section]]\ntitle = " "', "section.0.title", "empty"),
        ('[[outlet]]\nkind = "folder"\npath = ""', "outlet.0.path", "folder"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_key(tmp_path, text, key, words):
    path = tmp_path / "ai.toml"
    path.write_text(f'title = "AI"\n{text}\n', encoding="utf-8")
    with pytest.raises(DigestError) as caught:
        load_digest_file(path)
    assert caught.value.path == path
    assert caught.value.key == key
    assert words in str(caught.value)


@pytest.mark.parametrize("title", ['""', '" \\n "', "3"])
def test_a_title_says_something(tmp_path, title):
    path = tmp_path / "ai.toml"
    path.write_text(f"title = {title}\n", encoding="utf-8")
    with pytest.raises(DigestError) as caught:
        load_digest_file(path)
    assert caught.value.key == "title"


def test_a_title_stands_on_one_line(tmp_path):
    path = tmp_path / "ai.toml"
    path.write_text('title = " AI\\nBcc: a@b.example "\n', encoding="utf-8")
    assert load_digest_file(path).title == "AI Bcc: a@b.example"


def test_the_whole_example_is_read(tmp_path):
    (tmp_path / "ai.toml").write_text(
        """
title = "AI this week"
description = "..."
link = "https://example.org/ai"
language = "en"
cadence = "weekly"
at = "Mon 07:00"
timezone = "UTC"
window = "7d"
settle = "12h"
formats = ["rss", "atom", "json", "html", "markdown"]
[select]
publications = ["vocal-01"]
authors = []
tags = ["tech news"]
query = "deepseek OR huawei"
languages = ["en"]
min_words = 200
published_within = "30d"
access = ["free"]
exclude_badges = ["AI-Generated"]
[rank]
freshness = 1.0
[limits]
entries = 12
per_author = 2
per_publication = 6
carry_over = 2
[content]
mode = "excerpt"
words = 80
comments = 2
[[section]]
title = "Tech"
tags = ["tech news", "startup"]
[[outlet]]
kind = "folder"
path = "public"
""",
        encoding="utf-8",
    )
    [digest] = load_digests(tmp_path)
    assert (digest.slug, digest.settle, digest.limits.per_publication) == ("ai", timedelta(hours=12), 6)
    assert digest.cron_line == "0 7 * * 1"
    assert find_digest([digest], "ai") is digest
    with pytest.raises(DigestNotFound, match="known are ai"):
        find_digest([digest], "art")


def test_a_missing_folder_holds_no_digests(tmp_path):
    assert load_digests(tmp_path / "none") == []


def test_due_is_told_in_utc():
    assert next_due_at(make_digest(timezone="Asia/Kathmandu"), moment("2026-11-23T12:00")).tzinfo is UTC
