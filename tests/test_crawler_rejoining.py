"""Comments without ids of their own stay who they were when one with answers is edited or removed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.reading.comment_ids import derive_comment_ids
from crawler.records import CommentRecord, build_record
from tests.test_crawler_store import make_page

DAY = timedelta(days=1)
TALK = [
    ("Ann", None, "The wall was never there."),
    ("Bo", 0, "It was, I leaned on it."),
    ("Cy", 1, "So did I."),
    ("Cy", 1, "So did I."),
    ("Di", None, "Which wall?"),
]
"""Author, place of the comment it answers, words; "" for a removed one."""


def records(talk: list[tuple[str | None, int | None, str]]) -> list[CommentRecord]:
    """Return comments as a page without ids gives them."""
    ids = list(derive_comment_ids(talk))
    return [
        build_record(
            CommentRecord,
            article_url="https://vocal.media/01/story-1",
            platform_id=ids[at],
            parent_id=ids[parent] if parent is not None else None,
            position=at,
            author_name=name,
            body_html=f"<p>{words}</p>" if words else "",
            body_text=words,
            state="visible" if words else "removed",
        )
        for at, (name, parent, words) in enumerate(talk)
    ]


def say(store, now, day, talk):
    page = make_page(1, now, comments=records(talk), comment_count=len(talk))
    [report] = store.save_pages([replace(page, seen_at=now + day * DAY)])
    return report.changed_comments


def kept(store):
    by_id = {comment.platform_id: comment.author_name for comment in store.comments.list(1)}
    return [
        (comment.author_name, by_id.get(comment.parent_id), comment.body_text, comment.state)
        for comment in store.comments.list(1)
    ]


WHOLE = [
    ("Ann", None, "The wall was never there.", "visible"),
    ("Bo", "Ann", "It was, I leaned on it.", "visible"),
    ("Cy", "Bo", "So did I.", "visible"),
    ("Cy", "Bo", "So did I.", "visible"),
    ("Di", None, "Which wall?", "visible"),
]


@pytest.mark.parametrize("name", [None, "Ann"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_removed_comment_keeps_its_place_and_its_answers(store, now, name, place):
    say(store, now, 0, TALK)
    ids = [comment.id for comment in store.comments.list(1)]
    talk, left = TALK.copy(), WHOLE.copy()
    talk[place] = (name and TALK[place][0], TALK[place][1], "")
    left[place] = (*WHOLE[place][:2], "", "removed")
    assert say(store, now, 1, talk) == 1
    assert kept(store) == left
    assert say(store, now, 2, talk) == 0
    assert say(store, now, 3, TALK) == 1
    assert kept(store) == WHOLE
    assert [comment.id for comment in store.comments.list(1)] == ids
    assert [revision.change for revision in store.comments.revisions(ids[place])] == ["gone", "back"]
    assert store.check() == []


def test_an_edited_comment_keeps_its_history_and_its_answers(store, now):
    say(store, now, 0, TALK)
    talk = [("Ann", None, "I take it all back, the wall was there."), *TALK[1:]]
    assert say(store, now, 1, talk) == 1
    assert kept(store) == [("Ann", None, talk[0][2], "visible"), *WHOLE[1:]]
    [edit] = store.comments.revisions(store.comments.list(1)[0].id)
    assert (edit.change, edit.before["body_text"]) == ("substantive", TALK[0][2])
    assert say(store, now, 2, talk) == 0


def test_a_comment_of_somebody_else_is_not_the_one_that_is_gone(store, now):
    say(store, now, 0, [("Ann", None, "One."), ("Bo", 0, "Thanks!")])
    say(store, now, 1, [("Di", None, "Two."), ("Bo", 0, "Thanks!")])
    assert sorted(kept(store), key=lambda each: each[3]) == [
        ("Ann", None, "", "removed"),
        ("Bo", "Ann", "", "removed"),
        ("Di", None, "Two.", "visible"),
        ("Bo", "Di", "Thanks!", "visible"),
    ]
