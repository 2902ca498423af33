"""Comments without ids of their own stay who they were when one with answers is edited or removed."""

from dataclasses import replace
from datetime import timedelta
from time import process_time

import pytest

from crawler.reading.comment_ids import derive_comment_ids
from crawler.records import CommentRecord, build_record
from crawler.store.renaming import find_followed
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


LONG = [
    ("Ann", None, "The wall was never there, whatever the old maps of the parish say."),
    ("Bo", 0, "It was."),
    ("Ann", 1, "So you say."),
    ("Cy", None, "Thank you!"),
    ("Bo", 3, "I have leaned on it every single morning of my life."),
]
"""As `TALK`; two of them say enough to be known by it."""


def linked(talk, urls):
    """Return the comments with the addresses of their writers, by name."""
    return [each.model_copy(update={"author_url": urls.get(each.author_name)}) for each in records(talk)]


def identities(store):
    return {comment.body_text: comment.id for comment in store.comments.list(1)}


def test_comments_stay_when_their_writer_takes_another_name(store, now):
    home = "https://vocal.media/authors/ann"
    show(store, now, 0, linked(LONG, {"Ann": home}))
    before = identities(store)
    talk = [("Ann Bell" if name == "Ann" else name, parent, words) for name, parent, words in LONG]
    assert show(store, now, 1, linked(talk, {"Ann Bell": home})) == (0, 2)
    assert identities(store) == before
    assert [(name, parent, state) for name, parent, _, state in kept(store)] == [
        ("Ann Bell", None, "visible"),
        ("Bo", "Ann Bell", "visible"),
        ("Ann Bell", "Bo", "visible"),
        ("Cy", None, "visible"),
        ("Bo", "Cy", "visible"),
    ]
    [change] = store.comments.revisions(before[LONG[0][2]])
    assert (change.change, change.before["author_name"]) == ("cosmetic", "Ann")
    assert show(store, now, 2, linked(talk, {"Ann Bell": home})) == (0, 0)
    assert store.check() == []


def test_a_long_comment_stays_when_name_and_address_of_its_writer_change(store, now):
    show(store, now, 0, linked(LONG, {"Ann": "https://vocal.media/authors/ann"}))
    before = identities(store)
    talk = [("Ann Bell", *LONG[0][1:]), *LONG[1:2], *LONG[3:]]
    talk[-1] = (*talk[-1][:1], 2, *talk[-1][2:])
    show(store, now, 1, linked(talk, {"Ann Bell": "https://vocal.media/authors/bell"}))
    assert kept(store)[:2] == [
        ("Ann Bell", None, LONG[0][2], "visible"),
        ("Bo", "Ann Bell", "It was.", "visible"),
    ]
    assert {words: identities(store)[words] for words in (LONG[0][2], "It was.")} == {
        words: before[words] for words in (LONG[0][2], "It was.")
    }


@pytest.mark.parametrize("answers", [[], [("Cy", 4, "Mind the nettles.")]])
def test_a_comment_that_is_put_below_another_stays_with_its_answers(store, now, answers):
    talk = [*LONG, *answers]
    show(store, now, 0, records(talk))
    before = identities(store)
    talk[4] = ("Bo", 0, LONG[4][2])
    assert show(store, now, 1, records(talk))[0] == 0
    assert identities(store) == before
    parents = {words: (parent, state) for _, parent, words, state in kept(store)}
    assert parents[LONG[4][2]] == ("Ann", "visible")
    assert [parents[words] for _, _, words in answers] == [("Bo", "visible") for _ in answers]
    assert show(store, now, 2, records(talk)) == (0, 0)
    assert store.check() == []


def test_what_many_say_is_not_known_by_its_words(store, now):
    show(store, now, 0, records([("Ann", None, "Thank you!"), ("Bo", None, LONG[0][2])]))
    show(store, now, 1, records([("Cy", None, "Thank you!"), ("Di", 0, LONG[0][2])]))
    assert sorted(kept(store), key=lambda each: (each[3], each[0])) == [
        ("Ann", None, "", "removed"),
        ("Bo", None, "", "removed"),
        ("Cy", None, "Thank you!", "visible"),
        ("Di", "Cy", LONG[0][2], "visible"),
    ]


def test_the_same_words_on_a_page_of_some_comments_are_another_comment(store, now):
    show(store, now, 0, records([("Ann", None, "One."), ("Bo", None, LONG[0][2])]))
    page = make_page(1, now, comments=records([("Cy", None, "Two."), ("Bo", 0, LONG[0][2])]), comment_count=4)
    partial = page.article.model_copy(update={"comments_complete": False})
    store.save_pages([replace(page, seen_at=now + DAY, article=partial)])
    parents = {parent for _, parent, words, _ in kept(store) if words == LONG[0][2]}
    assert parents == {None, "Cy"}


def named(talk, *, offset=0):
    """Return the same comments as a page gives them that prints ids."""
    own = {each.platform_id: f"c{number + offset}" for number, each in enumerate(records(talk))}
    return [
        each.model_copy(
            update={"platform_id": own[each.platform_id], "parent_id": own.get(each.parent_id or "")}
        )
        for each in records(talk)
    ]


def show(store, now, day, comments):
    page = make_page(1, now, comments=comments, comment_count=len(comments))
    [report] = store.save_pages([replace(page, seen_at=now + day * DAY)])
    return report.new_comments, report.changed_comments


@pytest.mark.parametrize("first", [records, named])
def test_comments_outlive_the_coming_and_going_of_their_ids(store, now, first):
    """As when a text is imported before its page is crawled, or one of two servers prints the ids."""
    other = named if first is records else records
    assert show(store, now, 0, first(TALK)) == (len(TALK), 0)
    ids = [comment.id for comment in store.comments.list(1)]
    for day, make in enumerate([other, first, other, other, first], start=1):
        assert show(store, now, day, make(TALK)) == (0, 0)
        assert kept(store) == WHOLE
    longer = [*TALK, ("Eve", 4, "That one.")]
    assert show(store, now, 7, records(longer)) == (1, 0)
    assert show(store, now, 8, named(longer)) == (0, 0)
    assert [comment.id for comment in store.comments.list(1)][: len(ids)] == ids
    assert [comment.platform_id for comment in store.comments.list(1)] == [f"c{n}" for n in range(6)]
    edited = [("Ann", None, "I take it back, there was a wall."), *longer[1:]]
    assert show(store, now, 9, named(edited)) == (0, 1)
    assert store.check() == []


def test_answers_elsewhere_follow_the_new_id_of_what_they_answer(store, now):
    """The page that prints ids shows the first comment only; its answers stand on another page."""
    show(store, now, 0, records(TALK))
    page = make_page(1, now, comments=named(TALK)[:1], comment_count=5)
    partial = page.article.model_copy(update={"comments_complete": False})
    store.save_pages([replace(page, seen_at=now + DAY, article=partial)])
    assert kept(store) == WHOLE
    assert store.check() == []


def test_a_comment_that_was_kept_twice_keeps_both_its_ids(store, now):
    """As in a library of the days when a comment that got an id was kept once more, and its first row removed."""
    show(store, now, 0, [*records(TALK[:1]), *named(TALK[:1])])
    show(store, now, 1, named(TALK[:1]))
    first, second = store.comments.list(1)
    assert [each.state for each in (first, second)] == ["removed", "visible"]
    assert show(store, now, 2, named(TALK)) == (len(TALK) - 1, 0)
    assert store.comments.list(1)[:2] == [first, second.model_copy(update={"last_seen_at": now + 2 * DAY})]
    assert store.check() == []


@pytest.mark.parametrize("words", ["Hi.", LONG[0][2]])
def test_many_comments_of_the_same_words_are_told_apart_in_no_time(words):
    before, after = (
        linked([(f"{name} {n}", None, words) for n in range(6_000)], {}) for name in ("Ann", "Bo")
    )
    started = process_time()
    assert find_followed(after, before) == {}
    assert process_time() - started < 2


def test_many_comments_get_their_ids_in_no_time(store, now):
    talk = [(f"Ann {number}", number - 1 if number % 2 else None, "Hi.") for number in range(6000)]
    show(store, now, 0, records(talk))
    started = process_time()
    assert show(store, now, 1, named(talk)) == (0, 0)
    assert process_time() - started < 4
    kept_ids = [(each.platform_id, each.parent_id) for each in store.comments.list(1)]
    assert kept_ids[:4] == [("c0", None), ("c1", "c0"), ("c2", None), ("c3", "c2")]
    assert store.check() == []
