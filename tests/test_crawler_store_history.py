"""What happens to an article over its visits: edits, threads that grow and shrink, dates, copies, odd input."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.records import ArticleRecord, CommentRecord, Tag, build_record
from crawler.store.comments import order_thread
from crawler.store.identity import MAX_LABEL
from crawler.store.views import FrontierEntry, PageSave
from tests.test_crawler_store import BODY, make_comment, make_page

DAY = timedelta(days=1)


def visit(number, now, at, **fields):
    """Return a story's page as it stands at an instant; its date stays what it was at ``now``."""
    return replace(make_page(number, now, **fields), seen_at=at)


def revise(store, now, *changes):
    """Save the first story, then each change of it a day later; return the reports."""
    reports = store.save_pages([make_page(1, now)])
    for day, fields in enumerate(changes, 1):
        reports += store.save_pages([visit(1, now, now + day * DAY, **fields)])
    return reports


def gone(number, at, *, article_id=None):
    entry = FrontierEntry(
        f"https://vocal.media/01/story-{number}", "article", "vocal-01", article_id, outcome="gone"
    )
    return PageSave(at, fetched=entry)


def test_an_edit_is_a_revision_with_both_sides(store, now):
    reports = revise(
        store, now, {"headline": "Story one", "dek": "New"}, {"headline": "Story one", "dek": "New"}
    )
    assert [report.change for report in reports] == ["new", "substantive", "unchanged"]
    assert reports[1].changed_fields == ("dek", "headline")
    [revision] = store.articles.revisions(1)
    assert revision.before == {"dek": None, "headline": "Story 1"}
    assert revision.after == {"dek": "New", "headline": "Story one"}
    article = store.articles.get(1)
    assert (article.change, article.changed_at) == ("substantive", now + DAY)
    assert article.last_seen_at == now + 2 * DAY


def test_a_cosmetic_edit_does_not_move_changed_at(store, now):
    revise(store, now, {"headline": "Story 1!"})
    article = store.articles.get(1)
    assert (article.change, article.changed_at, article.updated_at) == ("cosmetic", now, now + DAY)


def test_an_unchanged_visit_moves_times_only(store, now):
    revise(store, now)
    before = store.articles.get(1)
    later = now + DAY
    shown = {"published_text": "2 days ago"}
    assert store.save_pages([visit(1, now, later, **shown)])[0].change == "unchanged"
    after = store.articles.get(1)
    assert after.model_copy(update={"last_seen_at": now}) == before
    assert after.last_seen_at == later


def test_an_interval_narrows_over_the_visits(store, now):
    low, high = now - 40 * DAY, now - 10 * DAY
    first = {"published_at": now - 25 * DAY, "published_bounds": (low, high), "published_text": "a month ago"}
    reports = revise(store, now, first)
    narrower = {"published_at": now - 30 * DAY, "published_bounds": (now - 60 * DAY, now - 28 * DAY)}
    reports += store.save_pages([make_page(2, now, **first), visit(2, now, now + DAY, **first | narrower)])
    article = store.articles.get(2)
    assert article.published_bounds == (low, now - 28 * DAY)
    assert article.published_at == now - 28 * DAY
    assert article.published_text == "a month ago"
    assert reports[-1].change == "unchanged"
    assert article.redated_at is None


def test_a_redated_story_is_flagged(store, now):
    moved = {
        "published_at": now - DAY,
        "published_bounds": (now - DAY, now - DAY),
        "published_text": "yesterday",
    }
    store.save_pages([make_page(3, now)])
    store.save_pages([make_page(3, now + 5 * DAY, **moved)])
    article = store.articles.get(1)
    assert (article.redated_at, article.published_at) == (now + 5 * DAY, now - DAY)


def test_gone_and_back(store, now):
    revise(store, now)
    assert store.save_pages([gone(1, now + DAY)])[0].change == "gone"
    assert store.save_pages([gone(1, now + 2 * DAY)])[0].change == "unchanged"
    assert store.articles.list().items == ()
    assert store.articles.get(1).change == "gone"
    assert [article.id for article in store.articles.iterate()] == [1]
    assert store.save_pages([visit(1, now, now + 3 * DAY)])[0].change == "back"
    assert store.articles.get(1).changed_at == now + 3 * DAY
    assert [each.change for each in store.articles.revisions(1)] == ["gone", "back"]


def test_an_article_is_gone_by_its_row_too(store, now):
    store.save_pages([make_page(1, now)])
    entry = FrontierEntry("https://vocal.media/01/story-1", "article", "vocal-01", 1, outcome="gone")
    assert store.save_pages([PageSave(now + DAY, fetched=entry)])[0].article_id == 1


def test_a_page_older_than_the_last_visit_overwrites_nothing(store, now):
    revise(store, now, {"headline": "Newer headline here"})
    store.save_pages([visit(1, now, now - 30 * DAY, headline="Old draft", dek="Only then")])
    article = store.articles.get(1)
    assert (article.headline, article.dek) == ("Newer headline here", "Only then")
    assert (article.first_seen_at, article.last_seen_at) == (now - 30 * DAY, now + DAY)


def test_a_flickering_page_makes_few_revisions_and_rests(store, now):
    for day in range(60):
        store.save_pages([visit(1, now, now + day * DAY, dek=f"Read {day} times")])
    assert len(store.articles.revisions(1)) <= 5
    assert store.articles.get(1).dek == "Read 59 times"
    changed_at = store.articles.get(1).changed_at
    store.save_pages([visit(1, now, now + 61 * DAY, dek="Read again")])
    assert store.articles.get(1).changed_at == changed_at


def thread(store, article_id=1):
    return [
        (comment.platform_id, comment.state, comment.body_text) for comment in store.comments.list(article_id)
    ]


def test_comments_are_edited_removed_and_restored(store, now):
    first = [make_comment(0, "One wall"), make_comment(1, "Two walls", parent="c0")]
    store.save_pages([make_page(1, now, comments=first)])
    edited = [make_comment(0, "I have changed my mind about everything"), first[1]]
    assert store.save_pages([visit(1, now, now + DAY, comments=edited)])[0].changed_comments == 1
    assert store.save_pages([visit(1, now, now + 2 * DAY, comments=edited[:1])])[0].changed_comments == 1
    assert thread(store) == [("c0", "visible", edited[0].body_text), ("c1", "removed", "")]
    assert store.articles.get(1).stored_comment_count == 1
    assert store.save_pages([visit(1, now, now + 3 * DAY, comments=edited)])[0].changed_comments == 1
    assert thread(store)[1] == ("c1", "visible", "Two walls")
    [edit] = store.comments.revisions(1)
    assert (edit.change, edit.before["body_text"]) == ("substantive", "One wall")
    removal, restoration = store.comments.revisions(2)
    assert (removal.change, removal.before["body_text"]) == ("gone", "Two walls")
    assert restoration.change == "back"
    assert store.check() == []


def test_an_incomplete_page_removes_no_comment(store, now):
    store.save_pages([make_page(1, now, comments=[make_comment(0), make_comment(1)])])
    store.save_pages([visit(1, now, now + DAY, comments=[make_comment(0)], comments_complete=False)])
    assert [state for _, state, _ in thread(store)] == ["visible", "visible"]


def comment_page(at, *numbers):
    return PageSave(
        at,
        comments=tuple(make_comment(number) for number in numbers),
        article_url="https://vocal.media/01/story-1",
    )


def read_round(store, at, printed, *pages):
    """Read the article's page and its comment pages, in separate batches as a crawl does."""
    first, *others = pages
    comments = [make_comment(number) for number in first]
    article = visit(
        1, at.replace(day=23), at, comments=comments, comments_complete=False, comment_count=printed
    )
    store.save_pages([article])
    for minute, numbers in enumerate(others, 1):
        store.save_pages([comment_page(at + timedelta(minutes=minute), *numbers)])


def test_a_whole_round_of_comment_pages_tells_what_was_removed(store, now):
    read_round(store, now, 6, [0, 1], [2, 3], [4, 5])
    assert store.articles.get(1).comments_complete
    assert store.articles.get(1).stored_comment_count == 6
    read_round(store, now + DAY, 5, [0, 1], [2, 4], [5])
    assert [number for number, state, _ in thread(store) if state == "removed"] == ["c3"]
    assert store.articles.get(1).stored_comment_count == 5


def test_half_a_round_removes_nothing(store, now):
    read_round(store, now, 6, [0, 1], [2, 3], [4, 5])
    read_round(store, now + DAY, 5, [0, 1], [2, 4])
    assert all(state == "visible" for _, state, _ in thread(store))


def test_answers_may_come_before_what_they_answer(store, now):
    answer = make_comment(7, "An answer", parent="c2")
    store.save_pages([make_page(1, now, comments=[answer], comments_complete=False, comment_count=3)])
    assert [comment.platform_id for comment in store.comments.list(1)] == ["c7"]
    store.save_pages([comment_page(now, 2, 1)])
    assert [comment.platform_id for comment in store.comments.list(1)] == ["c1", "c2", "c7"]


def test_comments_of_an_unknown_article_are_left_out(store, now):
    [report] = store.save_pages([comment_page(now, 1)])
    assert (report.article_id, report.new_comments) == (None, 0)


def test_threads_in_a_circle_are_shown_all_the_same(store, now):
    circle = [make_comment(0, parent="c1"), make_comment(1, parent="c0"), make_comment(2)]
    store.save_pages([make_page(1, now, comments=circle)])
    assert {comment.platform_id for comment in store.comments.list(1)} == {"c0", "c1", "c2"}
    assert order_thread([]) == []


def test_a_new_batch_of_the_same_story_in_one_transaction(store, now):
    later = now + DAY
    reports = store.save_pages(
        [
            make_page(1, now, comments=[make_comment(0)]),
            visit(
                1, now, later, headline="Quite another headline", comments=[make_comment(0), make_comment(1)]
            ),
            visit(1, now, later + DAY, headline="Quite another headline", comments=[make_comment(1)]),
        ]
    )
    assert [report.change for report in reports] == ["new", "substantive", "unchanged"]
    assert [report.article_id for report in reports] == [1, 1, 1]
    assert [(report.new_comments, report.changed_comments) for report in reports] == [(1, 0), (1, 0), (0, 1)]
    assert len(store.articles.revisions(1)) == 1
    assert store.articles.get(1).stored_comment_count == 1
    assert [article.id for article in store.articles.list().items] == [1]
    assert store.check() == []


HOSTILE = "x" * 9_000


def test_labels_of_any_length_are_kept_and_told_apart(store, now):
    comments = [
        build_record(
            CommentRecord, platform_id=f"{HOSTILE}{n}", parent_id=f"{HOSTILE}0" if n else None, body_text="b"
        )
        for n in range(3)
    ]
    tags = [Tag(name=f"{HOSTILE}a"), Tag(name=f"{HOSTILE}b"), Tag(name="🧱" * 3_000)]
    page = make_page(1, now, tags=tags, comments=comments, publication="p" * 300)
    url = f"https://vocal.media/{'a' * 3_900}"
    store.save_pages([page, make_page(2, now, url=url, canonical_url=url, platform_id=HOSTILE)])
    assert store.save_pages([page])[0].new_comments == 0
    assert len(store.comments.list(1)) == 3
    assert {comment.parent_id for comment in store.comments.list(1)[1:]} == {
        store.comments.list(1)[0].platform_id
    }
    assert max(len(comment.platform_id) for comment in store.comments.list(1)) == MAX_LABEL
    assert [tag.name for tag in store.articles.get(1).tags] == [tag.name for tag in tags]
    assert store.articles.find(url).id == 2
    assert store.check() == []


@pytest.mark.parametrize(
    "text",
    [
        "\u202eright to left",
        "emoji 🧱👩‍👩‍👧",
        "null\x00byte",
        "lone \ud800 surrogate",
        "'; DROP TABLE article",
        "\ufffe\uffff x",
    ],
)
def test_any_text_is_kept_as_its_record_has_it(store, now, text):
    page = make_page(1, now, headline=text, body_text=f"{text} {BODY}", comments=[make_comment(0, text)])
    store.save_pages([page])
    article = store.articles.get(1)
    assert (article.headline, article.body_text) == (page.article.headline, page.article.body_text)
    assert store.comments.list(1)[0].body_text == page.comments[0].body_text
    assert store.save_pages([page])[0].change == "unchanged"


def test_a_megabyte_of_body_is_kept(store, now):
    body = "Äpfel und Birnen — " * 60_000
    store.save_pages([make_page(1, now, body_text=body)])
    assert store.articles.get(1).body_text == body


def test_an_unknown_publication_is_made_from_what_names_it(store, now):
    store.save_pages([make_page(1, now, publication="never-seeded")])
    publication = store.publications.get("never-seeded")
    assert (publication.platform, publication.enabled, publication.article_count) == ("vocal", False, 1)


def test_a_minimal_record_is_enough(store, now):
    record = build_record(ArticleRecord, platform="generic", headline="Only a headline")
    reports = store.save_pages([PageSave(now, record), PageSave(now, record)])
    assert [report.change for report in reports] == ["new", "unchanged"]
    article = store.articles.get(1)
    assert (article.url, article.authors, article.tags, article.published_at) == (None, [], [], None)


def test_nothing_to_save_is_no_error(store):
    assert store.save_pages([]) == []


def test_every_address_of_a_page_is_known(store, now):
    store.save_pages([make_page(1, now)])
    asked = [
        "http://VOCAL.media./01/story-1/?utm_source=x",
        "https://vocal.media/01/story-2",
        "no address",
        "",
    ]
    assert store.articles.urls_known(asked) == {asked[0]}


def test_revisions_and_authors_stream_since(store, now):
    revise(store, now, {"headline": "Another headline now"})
    assert len(list(store.history.iterate())) == 1
    assert list(store.history.iterate(since=now + 2 * DAY)) == []
    assert len(list(store.history.iterate(since=now + DAY))) == 1
    assert [author.name for author in store.authors.iterate(since=now)] == ["Ada Moss"]
    assert list(store.authors.iterate(since=now + DAY)) == []


def test_articles_stream_since_whatever_changed(store, now):
    store.save_pages([make_page(n, now) for n in range(1, 4)])
    later = now + DAY
    store.save_pages([visit(1, now, later, like_count=9), visit(2, now, later)])
    assert [article.id for article in store.articles.iterate(since=later)] == [1]
    store.save_pages([gone(3, later)])
    assert {article.id for article in store.articles.iterate(since=later)} == {1, 3}


def test_comments_of_pages_without_a_number_stand_after_those_before(store, now):
    def look(at, *pages):
        numbered = [[make_comment(number) for number in page] for page in pages]
        pages = [
            [each.model_copy(update={"position": place}) for place, each in enumerate(page)]
            for page in numbered
        ]
        first = visit(1, now, at, comments=pages[0], comments_complete=False, comment_count=9)
        url = first.article.canonical_url
        store.save_pages(
            [first, *(PageSave(at, comments=tuple(page), article_url=url) for page in pages[1:])]
        )
        return [comment.platform_id for comment in store.comments.list(1)]

    assert look(now, [0, 1, 2], [3, 4, 5], [6]) == [f"c{number}" for number in range(7)]
    newest_first = [7, 8, 0, 1], [2, 3, 4], [5, 6]
    assert look(now + DAY, *newest_first) == ["c7", "c8", *(f"c{number}" for number in range(7))]
