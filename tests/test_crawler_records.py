"""Records: what a reader may hand to the store."""

import json
import pickle
from datetime import UTC, datetime, timedelta, timezone

import pytest

from crawler.errors import PageLayoutChanged, RecordError
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


def test_a_comment_cannot_answer_itself() -> None:
    with pytest.raises(RecordError):
        build_record(CommentRecord, platform_id="7", parent_id="7")


def test_absent_values_are_null_and_there() -> None:
    row = json.loads(build_record(AuthorRecord, platform="vocal", name="A B").model_dump_json())
    assert row["bio_text"] is None
    assert row["links"] == []


def test_errors_keep_their_subject_through_a_pickle() -> None:
    error = PageLayoutChanged("no headline", url="https://example.org/a", kind="article")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.url, again.kind) == (str(error), error.url, error.kind)
    assert str(error) == "no headline: https://example.org/a"
