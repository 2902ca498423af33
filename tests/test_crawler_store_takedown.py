"""What is taken down leaves no word behind, and no crawl brings it back."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from crawler.errors import StoreError
from crawler.records import ArticleRecord, AuthorRecord, AuthorRef, CommentRecord, build_record
from crawler.store.views import Alias, FrontierEntry, PageSave

SECRET = "xylophonic"
ADA = "https://vocal.media/authors/ada-moss"
CY = "https://vocal.media/authors/cy-reader"


def make_page(number, now, *, author="Ada Moss", author_url=ADA, word=SECRET, comments=(), **fields):
    url = f"https://vocal.media/01/{word}-{number}"
    body = f"{word} " + f"moss number {number} grows on walls of every kind " * 6
    article = build_record(
        ArticleRecord,
        **{
            "platform": "vocal",
            "platform_id": f"65a0c0ffee65a0c0ffee{number:04d}",
            "url": url,
            "canonical_url": url,
            "headline": f"{word.title()} {number}",
            "authors": [AuthorRef(name=author, url=author_url)],
            "body_text": body,
            "body_html": f"<p>{body}</p>",
        }
        | fields,
    )
    return PageSave(
        now,
        article,
        tuple(comments),
        (build_record(AuthorRecord, platform="vocal", name=author, url=author_url, bio_text=f"{word} bio"),),
        fetched=FrontierEntry(url, "article", "vocal-01", due_at=now),
        discovered=(FrontierEntry(author_url, "author", "vocal-01", due_at=now),),
    )


def make_comment(number, body, *, author="Cy Reader", url=CY, parent=None):
    return build_record(
        CommentRecord,
        platform_id=f"c{number}",
        parent_id=parent,
        position=number,
        author_name=author,
        author_url=url,
        body_text=body,
        body_html=f"<p>{body}</p>",
    )


def count_everywhere(store, word):
    """Return how many rows of any table hold a word."""
    found = 0
    with store.reading() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        query = (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%_words%'"
            if is_sqlite
            else "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        )
        for table in connection.execute(text(query)).scalars().all():
            for row in connection.execute(text(f"SELECT * FROM {table}")):
                found += any(word in str(value).lower() for value in row)
    return found


def test_an_article_goes_with_all_that_belongs_to_it(store, now):
    edited = make_page(
        1, now + timedelta(days=1), headline=f"{SECRET} edited", comments=[make_comment(0, SECRET)]
    )
    store.save_pages([make_page(1, now), edited, make_page(2, now, word="other")])
    assert count_everywhere(store, SECRET) > 5
    target = store.takedowns.find("http://vocal.media/01/xylophonic-1?utm_source=x")
    assert store.articles.count() == 2
    assert store.takedowns.take_down("https://vocal.media/01/xylophonic-1", now) == target.__class__(
        **{name: getattr(target, name) for name in target.__slots__}
        | {"address": "https://vocal.media/01/xylophonic-1", "urls": ("https://vocal.media/01/xylophonic-1",)}
    )
    assert (target.kind, target.article_ids, target.comment_count) == ("article", (1,), 1)
    assert target.revision_count == 1
    assert [article.id for article in store.articles.list().items] == [2]
    assert store.search.find(SECRET, over="all").items == ()
    assert count_everywhere(store, SECRET) == 1  # the author's bio, who was not taken down


def test_no_crawl_brings_an_article_back(store, now):
    page = make_page(1, now)
    store.save_pages([page])
    store.takedowns.take_down(page.article.url, now)
    renamed = {"url": "https://vocal.media/01/new-slug", "canonical_url": "https://vocal.media/01/new-slug"}
    copied = {
        **renamed,
        "platform_id": None,
        "url": "https://copy.example/x",
        "canonical_url": "https://copy.example/x",
    }
    redirected = PageSave(
        now,
        build_record(
            ArticleRecord, platform="generic", url="https://e.example/", canonical_url=None, headline="E"
        ),
        aliases=(Alias("url", page.article.url, "redirect"),),
    )
    listing = PageSave(
        now,
        fetched=FrontierEntry("https://vocal.media/01", "list", "vocal-01"),
        discovered=(FrontierEntry(page.article.url, "article", "vocal-01", due_at=now),),
        requeued=(FrontierEntry(page.article.url, "article", "vocal-01", due_at=now),),
    )
    reports = store.save_pages(
        [page, make_page(1, now, **renamed), make_page(1, now, **copied), redirected, listing]
    )
    assert [report.taken_down for report in reports] == [True, True, True, True, False]
    assert store.articles.count() == 0
    assert store.frontier.get([page.article.url]) == {}


def test_an_address_never_seen_is_kept_out_too(store, now):
    page = make_page(1, now)
    assert store.takedowns.take_down(page.article.url, now).article_ids == ()
    assert store.save_pages([page])[0].taken_down
    assert store.articles.count() == 0


def test_a_person_goes_with_articles_comments_and_row(store, now):
    mine = make_comment(0, f"{SECRET} comment", author="Ada Moss", url=ADA)
    answer = make_comment(1, "An answer", parent="c0")
    store.save_pages(
        [
            make_page(1, now),
            make_page(2, now, word="other", author="Bo Lind", author_url="https://vocal.media/authors/bo",
                      comments=[mine, answer]),
        ]
    )  # fmt: skip
    target = store.takedowns.take_down(ADA, now)
    assert (target.kind, target.article_ids, len(target.comment_ids)) == ("author", (1,), 1)
    assert count_everywhere(store, SECRET) == 0
    assert count_everywhere(store, "ada moss") == 0
    assert store.search.find("comment", over="comments").items == ()
    blanked, kept = store.comments.list(2)
    assert (blanked.state, blanked.author_name, blanked.author_url, blanked.body_text) == (
        "removed",
        None,
        None,
        "",
    )
    assert (kept.body_text, kept.parent_id) == ("An answer", "c0")
    assert store.articles.get(2).stored_comment_count == 1


def test_no_crawl_brings_a_person_back(store, now):
    mine = make_comment(0, f"{SECRET} comment", author="Ada Moss", url=ADA)
    pages = [
        make_page(1, now),
        make_page(2, now, word="other", author="Bo Lind", author_url="https://vocal.media/authors/bo", comments=[mine]),
    ]  # fmt: skip
    store.save_pages(pages)
    store.takedowns.take_down(ADA, now)
    again = [make_page(3, now), *pages, make_page(4, now, author="Renamed", author_url=f"{ADA}/")]
    reports = store.save_pages(again)
    assert [report.taken_down for report in reports] == [True, True, False, True]
    assert count_everywhere(store, SECRET) == 0
    listing = PageSave(now, discovered=tuple(page.fetched for page in again))
    store.save_pages([listing])
    kept = {pages[1].fetched.url, "https://vocal.media/authors/bo"}
    assert {entry.url for entry in store.frontier.due(now)} == kept
    assert [author.name for author in store.authors.iterate()] == ["Bo Lind"]
    assert store.frontier.get([ADA]) == {}


def test_a_person_who_takes_another_address_stays_out(store, now):
    """The platform's own id tells that it is the same person."""

    def of_ada(number, seen_at, url):
        page = make_page(number, seen_at, author_url=url)
        return replace(
            page, authors=(page.authors[0].model_copy(update={"platform_id": "65a0c0ffee65a0c0ffee9999"}),)
        )

    store.save_pages([of_ada(1, now, ADA)])
    store.takedowns.take_down(ADA, now)
    new = "https://vocal.media/authors/ada-of-the-wall"
    later = now + timedelta(days=7)
    by_cy = make_page(
        3, later, author="Cy Reader", author_url=CY, word="other",
        comments=[make_comment(1, SECRET, author="Ada Moss", url=new), make_comment(2, "Fine.")],
    )  # fmt: skip
    reports = store.save_pages([by_cy, of_ada(2, later, new)])
    assert [report.taken_down for report in reports] == [False, True]
    store.save_pages([replace(by_cy, seen_at=later + timedelta(days=1))])
    assert count_everywhere(store, SECRET) == 0
    assert [comment.body_text for comment in store.comments.list(reports[0].article_id)] == ["Fine."]
    assert store.frontier.get([new]) == {}


def test_a_commenter_without_a_story_can_be_taken_down(store, now):
    store.save_pages([make_page(2, now, word="other", comments=[make_comment(0, SECRET)])])
    target = store.takedowns.take_down(CY, now)
    assert (target.kind, target.article_ids, len(target.comment_ids)) == ("author", (), 1)
    assert count_everywhere(store, SECRET) == 0
    store.save_pages(
        [make_page(2, now + timedelta(days=1), word="other", comments=[make_comment(0, SECRET)])]
    )
    assert count_everywhere(store, SECRET) == 0


@pytest.mark.parametrize(
    "asked",
    ["http://vocal.media/authors/cy-reader/?utm_source=x", "HTTPS://www.Vocal.media./authors/cy-reader#top"],
)
def test_a_commenter_is_found_by_any_spelling_of_the_address(store, now, asked):
    store.save_pages([make_page(1, now, comments=[make_comment(0, f"I am {SECRET}.", url=f"{CY}/")])])
    target = store.takedowns.take_down(asked, now)
    assert (target.kind, target.comment_ids) == ("author", (1,))
    assert store.comments.get(1).body_text == ""


def test_comments_written_under_a_former_address_go_too(store, now):
    former = "https://vocal.media/authors/ada-before"
    known = {"platform": "vocal", "name": "Ada Moss", "platform_id": "65a0c0ffee65a0c0ffee1111"}
    store.save_pages(
        [make_page(1, now, author="Bo", author_url=CY, comments=[make_comment(0, SECRET, url=former)])]
    )
    for number, url in enumerate((former, ADA)):
        described = build_record(AuthorRecord, **known, url=url)
        store.save_pages([PageSave(now + timedelta(days=number), authors=(described,))])
    assert store.takedowns.take_down(ADA, now + timedelta(days=2)).comment_ids == (1,)


def test_a_short_text_taken_down_does_not_keep_its_like_out(store, now):
    short = {"headline": "Good morning", "body_text": "Good morning, friends!", "platform_id": None}
    first, second = make_page(1, now, **short), make_page(2, now + timedelta(days=1), **short)
    store.save_pages([first, second])
    store.takedowns.take_down(first.article.url, now)
    [again, like] = store.save_pages([first, make_page(3, now + timedelta(days=2), **short)])
    assert (again.taken_down, like.taken_down) == (True, False)
    copied = make_page(1, now, **short, url=None, canonical_url=None)
    assert store.save_pages([PageSave(now, copied.article)])[0].taken_down


def test_taking_down_twice_changes_nothing_more(store, now):
    store.save_pages([make_page(1, now)])
    store.takedowns.take_down(ADA, now)
    hashes = store.takedowns.count()
    assert store.takedowns.take_down(ADA, now).article_ids == ()
    assert store.takedowns.count() == hashes


def test_ids_of_what_was_taken_down_are_not_given_again(store, now):
    store.save_pages([make_page(1, now)])
    store.takedowns.take_down("https://vocal.media/01/xylophonic-1", now)
    [report] = store.save_pages([make_page(2, now, word="other")])
    assert report.article_id == 2


@pytest.mark.parametrize("address", ["", "Ada Moss", "mailto:a@b.c", "7", "javascript:alert(1)"])
def test_only_an_address_can_be_taken_down(store, now, address):
    with pytest.raises(StoreError, match="address"):
        store.takedowns.take_down(address, now)


def test_deleted_text_is_overwritten_in_the_file(store, now, tmp_path):
    path = tmp_path / "library.db"
    if not path.exists():
        pytest.skip("PostgreSQL keeps its own files")
    body = "quixotical " + "filler words of no importance " * 2_000
    store.save_pages([make_page(1, now, body_text=body, body_html=f"<p>{body}</p>")])
    store.takedowns.take_down("https://vocal.media/01/xylophonic-1", now)
    store.close()
    sqlite3.connect(path).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"filler words of no importance filler" not in path.read_bytes()
