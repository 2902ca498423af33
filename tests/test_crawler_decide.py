"""What a visit changes is decided by the old state and the new record alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.records import (
    ArticleRecord,
    AuthorRecord,
    AuthorRef,
    CommentRecord,
    Community,
    Image,
    Insight,
    Tag,
    build_record,
)
from crawler.store.decide import (
    RESTLESS_AFTER,
    Dating,
    count_restlessness,
    decide_author,
    decide_comment,
    decide_save,
    is_complete,
    is_substantive,
    is_typo,
    merge_dates,
)
from crawler.store.views import ArticleView, AuthorView, CommentView

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
BODY = (
    "The wall behind the church was built in 1742 by two brothers who never spoke to each other again. "
    "Every stone was carried up from the river in baskets, and the moss came by itself within a decade. "
    "Visitors still ask why the two halves do not meet in the middle, and the sexton tells them the story "
    "for the price of a coffee. It is said that the last stone lies under the altar, wrapped in a letter. "
) * 3

TYPOS = [
    (BODY, BODY.replace("brothers", "brohters")),
    (BODY, BODY.replace("recieve", "receive").replace("wall", "Wall")),
    (BODY, BODY.replace(", and", " and")),
    (BODY, BODY.replace("The wall", "THE WALL").replace(".", " .")),
    (BODY, BODY.replace("decade", "decades")),
    (BODY, BODY.replace("Visitors", "Visiters").replace("coffee", "cofee").replace("altar", "alter")),
    (BODY, BODY.replace("“", '"').replace("'", "’")),
    (BODY, BODY.replace("by itself ", "", 1)),
    (BODY, BODY.replace("the last stone", "the very last stone", 1)),
    (BODY, BODY.replace(". ", ".\n\n")),
    (BODY, "\u200b" + BODY.replace(" ", "\u00a0")),
    ("It was colour.", "It was color."),
    ("a b c d", "a b c d e"),
]
"""Corrections: what an editor does without telling anybody."""

REWRITES = [
    (BODY, BODY + "Update: the wall collapsed on Sunday, nobody was hurt."),
    (BODY, BODY[: len(BODY) // 2]),
    (BODY, BODY.replace("built in 1742 by two brothers", "built in 1842 by three hundred prisoners")),
    (BODY, "This story was removed by its author."),
    (BODY, " ".join([*BODY.split()[40:], "a", "quite", "new", "ending", "follows", "here"])),
    ("Yes, the council approved it.", "No, nobody in the government agreed to anything at all."),
    ("1 2 3 4 5 6 7 8", "9 10 11 12 13 14 15 16"),
    ("short", "an entirely different text of several words"),
]
"""Edits that a reader who comes back should be told of."""


@pytest.mark.parametrize(("old", "new"), TYPOS)
def test_a_correction_is_cosmetic(old, new):
    assert not is_substantive(old, new)


@pytest.mark.parametrize(("old", "new"), REWRITES)
def test_a_rewrite_is_substantive(old, new):
    assert is_substantive(old, new)
    assert is_substantive(new, old)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_can_be_compared(old, new):
    assert not is_substantive(old, old)
    assert is_substantive(old, new) in (True, False)


def test_a_long_text_is_compared_in_bounded_time():
    old = " ".join(f"word{n}" for n in range(30_000))
    new = " ".join(f"term{n}" for n in range(30_000))
    assert is_substantive(old, new)


def test_numbers_are_no_typos():
    assert not is_typo("1742", "1743")
    assert is_typo("grey", "gray")


def make_record(**fields):
    return build_record(
        ArticleRecord,
        **{
            "platform": "vocal",
            "platform_id": "65a0",
            "publication": "vocal-01",
            "community": Community(name="01"),
            "url": "https://vocal.media/01/wall",
            "canonical_url": "https://vocal.media/01/wall",
            "headline": "The wall behind the church",
            "dek": "Two brothers",
            "byline": "By Ada Moss",
            "authors": [AuthorRef(name="Ada Moss")],
            "published_at": NOW - 30 * DAY,
            "published_bounds": (NOW - 45 * DAY, NOW - 15 * DAY),
            "published_text": "a month ago",
            "body_html": f"<p>{BODY}</p>",
            "body_text": BODY,
            "word_count": 200,
            "tags": [Tag(name="walls")],
            "badges": ["Top Story"],
            "hero": Image(url="https://i.example/1.jpg"),
            "insights": [Insight(kind="rating", label="Outstanding")],
            "like_count": 3,
            "comment_count": 1,
        }
        | fields,
    )


def make_view(record=None, **fields):
    record = record or make_record()
    kept = {name: getattr(record, name) for name in ArticleRecord.model_fields}
    times = dict.fromkeys(("first_seen_at", "last_seen_at", "changed_at", "updated_at"), NOW - DAY)
    return ArticleView.model_construct(**kept, **({"id": 1, "change": "new", **times} | fields))


def test_a_new_article_keeps_everything():
    record = make_record()
    decision = decide_save(None, record, NOW)
    assert decision.change == "new"
    assert {name: decision.values[name] for name in ("headline", "tags", "like_count")} == {
        "headline": record.headline,
        "tags": record.tags,
        "like_count": 3,
    }


def test_the_same_record_changes_nothing():
    decision = decide_save(make_view(), make_record(), NOW)
    assert (decision.change, decision.changed_fields, dict(decision.before)) == ("unchanged", (), {})


@pytest.mark.parametrize(
    ("fields", "change"),
    [
        ({"headline": "The wall behind the church!"}, "cosmetic"),
        ({"headline": "The wal behind the church"}, "cosmetic"),
        ({"headline": "The wall that fell"}, "substantive"),
        ({"body_text": BODY + "Update: it fell down on Sunday morning."}, "substantive"),
        ({"body_text": BODY.replace("moss", "mosses")}, "cosmetic"),
        ({"body_html": f"<p><b>{BODY}</b></p>"}, "cosmetic"),
        ({"dek": "Two brothers and a wall"}, "cosmetic"),
        ({"tags": [Tag(name="walls"), Tag(name="moss")]}, "cosmetic"),
        ({"access": "paid"}, "cosmetic"),
        ({"authors": [AuthorRef(name="Ada Moss"), AuthorRef(name="Bo")]}, "cosmetic"),
        ({"url": "https://vocal.media/01/new", "canonical_url": "https://vocal.media/01/new"}, "unchanged"),
        ({"like_count": 4}, "unchanged"),
        ({"comment_count": 9, "reading_minutes": 3}, "unchanged"),
        ({"insights": [Insight(kind="rating", label="Nice Work")]}, "unchanged"),
        ({"published_text": "2 months ago"}, "unchanged"),
    ],
)
def test_each_change_has_its_class(fields, change):
    decision = decide_save(make_view(), make_record(**fields), NOW)
    assert decision.change == change
    assert bool(decision.before) is (change != "unchanged")


def test_counters_follow_without_a_revision():
    decision = decide_save(make_view(), make_record(like_count=9), NOW)
    assert decision.changed_fields == ("like_count",)
    assert not decision.before


SILENT = {
    "dek": None, "byline": None, "authors": [], "hero": None, "tags": [], "badges": [], "insights": [],
    "community": None, "language": None, "like_count": None, "comment_count": None, "license": None,
    "published_at": None, "published_bounds": None, "published_text": None, "body_html": "", "body_text": "",
    "word_count": 0, "publication": None, "platform_id": None,
}  # fmt: skip


@pytest.mark.parametrize(
    "name", [name for name in SILENT if name not in ("published_bounds", "published_text")]
)
def test_silence_erases_nothing(name):
    names = [each for each in SILENT if each.startswith("published")] if name == "published_at" else [name]
    names = (
        ["body_html", "body_text", "word_count"]
        if name in ("body_html", "body_text", "word_count")
        else names
    )
    decision = decide_save(make_view(), make_record(**{each: SILENT[each] for each in names}), NOW)
    assert (decision.change, decision.changed_fields) == ("unchanged", ())


def test_access_always_follows_the_page():
    decision = decide_save(
        make_view(), make_record(access="paid", body_html="", body_text="", word_count=0), NOW
    )
    assert decision.values == {"access": "paid"}


def test_an_older_page_fills_gaps_and_overwrites_nothing():
    view = make_view(make_record(dek=None))
    decision = decide_save(view, make_record(headline="Old", body_text="old", like_count=1), NOW - 9 * DAY)
    assert decision.values == {"dek": "Two brothers"}
    assert decision.change == "cosmetic"


def test_another_copy_overwrites_nothing_but_wakes_the_gone():
    record = make_record(headline="As copied", url="https://copy.example/wall")
    assert decide_save(make_view(), record, NOW, is_elsewhere=True).values == {}
    back = decide_save(make_view(change="gone"), record, NOW, is_elsewhere=True)
    assert (back.change, back.values["url"]) == ("back", "https://copy.example/wall")


def test_a_gone_article_is_back_even_unchanged():
    assert decide_save(make_view(change="gone"), make_record(), NOW).change == "back"


def test_the_first_publication_stays():
    assert decide_save(make_view(), make_record(publication="vocal-earth"), NOW).values == {}
    taken = decide_save(make_view(make_record(publication=None)), make_record(), NOW)
    assert taken.values == {"publication": "vocal-01"}


def dating(*days, text="x", at=None):
    low, high = (NOW + day * DAY for day in days)
    return Dating(NOW + at * DAY if at is not None else low + (high - low) / 2, (low, high), text)


@pytest.mark.parametrize(
    ("stored", "seen", "expected", "contradicts"),
    [
        (Dating(), dating(0, 4), dating(0, 4), False),
        (dating(0, 4), Dating(), dating(0, 4), False),
        (dating(0, 8), dating(2, 9), dating(2, 8, at=4), False),
        (dating(0, 8), dating(6, 9), dating(6, 8, at=6), False),
        (dating(0, 8), dating(-5, 1), dating(0, 1, at=1), False),
        (dating(0, 8), dating(3, 3), dating(3, 3), False),
        (dating(3, 3), dating(0, 8), dating(3, 3), False),
        (dating(3, 3), dating(5, 5), dating(5, 5), True),
        (dating(0, 2), dating(5, 9), dating(5, 9), True),
    ],
)
def test_dates_narrow_and_never_jump(stored, seen, expected, contradicts):
    assert merge_dates(stored, seen) == (expected, contradicts)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=20))
def test_a_date_that_every_interval_holds_is_never_lost(widths):
    truth = NOW
    known = Dating()
    for before, after in widths:
        seen = Dating(truth, (truth - before * DAY, truth + after * DAY), "x")
        merged, contradicts = merge_dates(known, seen)
        assert not contradicts
        assert merged.bounds[0] <= truth <= merged.bounds[1]
        assert merged.bounds[0] <= merged.at <= merged.bounds[1]
        if known.bounds is not None:
            assert known.bounds[0] <= merged.bounds[0] <= merged.bounds[1] <= known.bounds[1]
        known = merged


def test_a_redated_story_is_flagged_and_keeps_both_dates():
    later = {
        "published_at": NOW - DAY,
        "published_bounds": (NOW - DAY, NOW - DAY),
        "published_text": "yesterday",
    }
    decision = decide_save(make_view(), make_record(**later), NOW)
    assert decision.is_redated
    assert decision.change == "cosmetic"
    assert decision.before == {"published_bounds": (NOW - 45 * DAY, NOW - 15 * DAY)}
    assert decision.values["published_bounds"] == (NOW - DAY, NOW - DAY)


def test_a_late_page_does_not_redate():
    old = {"published_at": NOW - 90 * DAY, "published_bounds": (NOW - 90 * DAY, NOW - 90 * DAY)}
    decision = decide_save(make_view(), make_record(**old), NOW - 9 * DAY)
    assert not decision.is_redated
    assert decision.values == {}


def simulate(texts):
    """Save one text after the other; return how many revisions that makes and the last view's text."""
    view, restlessness, revisions = make_view(), {}, 0
    for number, text in enumerate(texts):
        decision = decide_save(view, make_record(dek=text), NOW + number * DAY, restlessness=restlessness)
        restlessness = decision.restlessness
        revisions += decision.change != "unchanged"
        view = view.model_copy(update={**decision.values, "last_seen_at": NOW + number * DAY})
    return revisions, view.dek


@pytest.mark.parametrize(
    "texts",
    [
        [f"Read by {n} people" for n in range(400)],
        ["heads" if n % 2 else "tails" for n in range(400)],
        ["heads" if n % 3 else "tails" for n in range(400)],
        ["same" if n % 4 < 2 else f"other {n}" for n in range(400)],
    ],
)
def test_a_flickering_field_makes_few_revisions_and_stays_up_to_date(texts):
    revisions, last = simulate(texts)
    assert revisions <= 12
    assert last == texts[-1]


def test_an_article_that_is_edited_now_and_then_keeps_every_revision():
    texts = [f"Version {n // 10}" for n in range(400)]
    assert simulate(texts)[0] == 40


def test_a_restless_field_counts_again_after_a_long_rest():
    texts = [f"flicker {n}" for n in range(50)] + ["at rest"] * 40 + ["edited"]
    quiet = simulate(texts[:-1])[0]
    assert simulate(texts)[0] == quiet + 1


def test_restlessness_is_bounded():
    counts = {}
    for _ in range(100):
        counts = count_restlessness(counts, changed=["dek"], visited=["dek"])
    assert counts["dek"] <= 2 * RESTLESS_AFTER
    for _ in range(100):
        counts = count_restlessness(counts, changed=[], visited=["dek"])
    assert counts == {}


@pytest.mark.parametrize(
    ("says", "printed", "kept", "expected"),
    [
        (True, None, 0, True),
        (False, None, 3, False),
        (False, 3, 3, True),
        (False, 3, 2, False),
        (None, 0, 0, False),
    ],
)
def test_comments_are_complete_when_told_or_counted(says, printed, kept, expected):
    assert is_complete(says, printed=printed, kept=kept) is expected


def make_author(**fields):
    return build_record(AuthorRecord, **({"platform": "vocal", "name": "Ada", "bio_text": "Moss."} | fields))


def author_view(**fields):
    kept = {name: getattr(make_author(**fields), name) for name in AuthorRecord.model_fields}
    return AuthorView.model_construct(**kept, id=1, first_seen_at=NOW - DAY, last_seen_at=NOW - DAY)


def test_a_changed_bio_is_a_revision_and_a_first_one_is_not():
    changed = decide_author(author_view(), make_author(bio_text="Ferns."), NOW)
    assert (changed.change, changed.before) == ("cosmetic", {"bio_text": "Moss."})
    first = decide_author(author_view(bio_text=None), make_author(), NOW)
    assert (first.change, first.values) == ("unchanged", {"bio_text": "Moss."})
    assert decide_author(author_view(), make_author(bio_text=None), NOW).values == {}
    assert decide_author(author_view(), make_author(follower_count=7), NOW).change == "unchanged"


def visit_author(names, visits_a_day):
    """Let pages print one name after the other; return how many revisions that makes and the last name."""
    view, restlessness, n_revisions = author_view(name=names[0]), {}, 0
    for number, name in enumerate(names):
        seen_at = NOW + number * DAY / visits_a_day
        decision = decide_author(view, make_author(name=name), seen_at, restlessness=restlessness)
        restlessness = decision.restlessness
        n_revisions += decision.change != "unchanged"
        view = view.model_copy(update={**decision.values, "last_seen_at": seen_at})
    return n_revisions, view.name


@pytest.mark.parametrize(("period", "visits_a_day"), [(2, 1), (3, 1), (2, 10), (3, 10), (10, 10)])
def test_an_authors_flickering_name_makes_few_revisions_and_stays_up_to_date(period, visits_a_day):
    names = ["Ann Moss" if n % period else "ANN MOSS" for n in range(1000)]
    n_revisions, last = visit_author(names, visits_a_day)
    assert n_revisions <= 12
    assert last == names[-1]


def test_an_author_who_changes_their_name_now_and_then_keeps_every_revision():
    assert visit_author([f"Ann {n // 60}" for n in range(1200)], 10)[0] == 19
    thrice = ["Ann", "Anne", "Anna", "Hannah"]
    assert visit_author([*thrice, *["Hannah"] * 120, "Ann"], 10) == (4, "Ann")


def test_an_authors_first_bio_is_no_restlessness():
    decision = decide_author(author_view(bio_text=None), make_author(), NOW)
    assert decision.restlessness == {}
    late = decide_author(
        author_view(), make_author(bio_text="Ferns."), NOW - 9 * DAY, restlessness={"name": 3}
    )
    assert late.restlessness == {"name": 3}


def make_comment(**fields):
    return build_record(
        CommentRecord,
        **(
            {
                "platform_id": "c1",
                "author_name": "C D",
                "body_html": "<p>Lovely wall.</p>",
                "body_text": "Lovely wall.",
            }
            | fields
        ),
    )


def comment_view(**fields):
    kept = {name: getattr(make_comment(**fields), name) for name in CommentRecord.model_fields}
    return CommentView.model_construct(
        **kept, id=1, article_id=1, first_seen_at=NOW - DAY, last_seen_at=NOW - DAY
    )


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ({}, {}, "unchanged"),
        ({}, {"like_count": 4, "position": 7}, "unchanged"),
        ({}, {"body_text": "Lovley wall."}, "cosmetic"),
        ({}, {"body_text": "I take back everything I said about it."}, "substantive"),
        ({}, {"state": "removed", "body_text": "", "body_html": "", "author_name": None}, "gone"),
        ({"state": "removed", "body_text": "", "body_html": ""}, {}, "back"),
        ({}, {"parent_id": None}, "unchanged"),
        ({"parent_id": "c0"}, {"parent_id": None}, "unchanged"),
    ],
)
def test_each_change_of_a_comment_has_its_class(old, new, change):
    assert decide_comment(comment_view(**old), make_comment(**new), NOW).change == change


def test_a_removed_comment_loses_its_text_and_keeps_it_in_the_revision():
    decision = decide_comment(comment_view(), make_comment(state="removed", body_text="", body_html=""), NOW)
    assert decision.values["body_text"] == ""
    assert decision.before["body_text"] == "Lovely wall."


def test_a_parent_told_later_is_taken_without_a_revision():
    decision = decide_comment(comment_view(), make_comment(parent_id="c0"), NOW)
    assert (decision.change, decision.values) == ("unchanged", {"parent_id": "c0"})


def test_a_card_that_shows_the_beginning_of_a_bio_changes_nothing():
    known = author_view(bio_text="Moss. Ferns.\n\nUnder a hedge", article_count=3)
    card = decide_author(known, make_author(bio_text="Moss. Ferns."), NOW)
    assert (card.change, card.values) == ("unchanged", {})
    profile = decide_author(known, make_author(bio_text="Moss. Ferns.", article_count=3), NOW)
    assert profile.change == "cosmetic", "the author's own page tells of a bio that was shortened"
    assert decide_author(known, make_author(bio_text="Moss. Reeds."), NOW).change == "cosmetic"
