"""Records: what a reader may hand to the store."""

import json
import pickle
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from crawler.errors import (
    ConfigError,
    FetchError,
    GleaningsError,
    PageLayoutChanged,
    RecordError,
    StoreError,
    StoreLocked,
)
from crawler.records import ArticleRecord, AuthorRecord, CommentRecord, build_record

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def article(**fields: object) -> ArticleRecord:
    return build_record(ArticleRecord, **{"platform": "vocal", "headline": "Tides", **fields})


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"headline": ""}, "headline"),
        ({"headline": "x" * 2_001}, "headline"),
        ({"headline": None}, "headline"),
        ({"byline": ""}, "byline"),
        ({"url": "file:///etc/passwd"}, "url"),
        ({"canonical_url": "javascript:alert(1)"}, "canonical_url"),
        ({"like_count": -1}, "like_count"),
        ({"access": "open"}, "access"),
        ({"published_at": NOON}, "ArticleRecord"),
        ({"published_at": NOON.replace(tzinfo=None), "published_bounds": (NOON, NOON)}, "published_at"),
        (
            {"published_at": NOON, "published_bounds": (NOON + timedelta(1), NOON + timedelta(2))},
            "ArticleRecord",
        ),
        ({"writer": "x"}, "writer"),
        ({"tags": [{"name": ""}]}, "tags.0.name"),
    ],
)
def test_a_broken_promise_names_its_field(fields: dict[str, object], at_fault: str) -> None:
    with pytest.raises(RecordError) as caught:
        article(**fields)
    assert caught.value.field == at_fault


def test_times_become_utc() -> None:
    vienna = NOON.astimezone(timezone(timedelta(hours=1)))
    record = article(published_at=vienna, published_bounds=(vienna, vienna))
    assert json.loads(record.model_dump_json())["published_at"] == "2026-11-23T12:00:00Z"


def test_what_no_database_can_hold_is_deleted() -> None:
    record = article(headline="a\x00b\ud800c\ufffe", body_text="x\x0by\nz\tw")
    assert (record.headline, record.body_text) == ("abc", "xy\nz\tw")


@pytest.mark.parametrize("odd", ["\x00", "\x0b", "\ud800", "\ufffe", "\x80"])
def test_not_even_at_the_end_of_a_long_text(odd: str) -> None:
    prose = "A long evening. " * 200
    assert article(body_text=f"{prose}{odd}").body_text == prose


def test_a_record_is_taken_as_it_is_and_nothing_else_is_a_record() -> None:
    record = article()
    assert ArticleRecord.model_validate(record) == record
    with pytest.raises(ValueError, match="ArticleRecord"):
        ArticleRecord.model_validate(["vocal", "Tides"])


def test_a_comment_cannot_answer_itself() -> None:
    with pytest.raises(RecordError):
        build_record(CommentRecord, platform_id="7", parent_id="7")


def test_absent_values_are_null_and_there() -> None:
    row = json.loads(build_record(AuthorRecord, platform="vocal", name="A B").model_dump_json())
    assert row["bio_text"] is None
    assert row["links"] == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PageLayoutChanged("no headline", url="https://example.org/a", kind="article"), "no headline: https://example.org/a"),
        (
            FetchError("slow down", url="https://example.org/a", outcome="later", retry_after=timedelta(seconds=9)),
            "slow down: https://example.org/a",
        ),
        (RecordError("not a date", field="published_at"), "not a date: published_at"),
        (ConfigError("unknown key", path=Path("x.toml"), key="a"), "unknown key: x.toml"),
        (StoreLocked("in use", "sqlite:///x.db"), "in use: sqlite:///x.db"),
        (StoreError("full"), "full"),
    ],
)  # fmt: skip
def test_errors_keep_their_subject_through_a_pickle(error: GleaningsError, said: str) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), said, vars(error))


def test_an_error_tells_what_caused_it() -> None:
    error = StoreError("cannot write", "x.db")
    error.__cause__ = OSError("disk full")
    assert str(error) == "cannot write: x.db: OSError: disk full"
