"""The store keeps what pages said, once, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.errors import ArticleNotFound
from crawler.records import ArticleRecord, AuthorRecord, AuthorRef, CommentRecord, Tag, build_record
from crawler.seeds import Seed
from crawler.store.views import ArticleFilter, FrontierEntry, PageSave

BODY = "Lichens grow a millimeter a year, and the graveyard wall was built in 1742. " * 4


def make_page(n, now, *, comments=(), **fields):
    """Return the n-th article's page as one crawl sees it."""
    url = f"https://vocal.media/01/story-{n}"
    article = {
        "platform": "vocal",
        "platform_id": f"65a0c0ffee65a0c0ffee{n:04d}",
        "publication": "vocal-01",
        "url": url,
        "canonical_url": url,
        "headline": f"Story {n}",
        "byline": "By Ada Moss",
        "authors": [AuthorRef(name="Ada Moss", url="https://vocal.media/authors/ada-moss")],
        "published_at": now - timedelta(days=n),
        "published_bounds": (
            now - timedelta(days=n, hours=12),
            now - timedelta(days=n) + timedelta(hours=12),
        ),
        "published_text": f"{n} days ago",
        "body_html": f"<p>{BODY}</p>",
        "body_text": f"{n} {BODY}",
        "word_count": 60,
        "tags": [Tag(name="Nature"), Tag(name="walls")],
        "comments_complete": True,
    } | fields
    return PageSave(
        seen_at=now,
        article=build_record(ArticleRecord, **article),
        comments=tuple(comments),
        authors=(
            build_record(
                AuthorRecord, platform="vocal", name="Ada Moss", url="https://vocal.media/authors/ada-moss"
            ),
        ),
        fetched=FrontierEntry(
            url=url, role="article", publication="vocal-01", due_at=now + timedelta(days=1)
        ),
        discovered=(FrontierEntry(url=f"{url}?page=2", role="comments", publication="vocal-01", due_at=now),),
    )


def make_comment(number, text="Lovely.", parent=None):
    return build_record(
        CommentRecord,
        platform_id=f"c{number}",
        parent_id=parent,
        position=number,
        author_name="C D",
        body_html=f"<p>{text}</p>",
        body_text=text,
    )


def test_a_page_comes_back_as_saved(store, now):
    page = make_page(1, now, comments=[make_comment(0), make_comment(1, parent="c0")])
    [report] = store.save_pages([page])
    assert (report.change, report.new_comments) == ("new", 2)
    article = store.articles.get(report.article_id)
    for name in (
        "headline",
        "authors",
        "tags",
        "published_bounds",
        "body_text",
        "publication",
        "platform_id",
    ):
        assert getattr(article, name) == getattr(page.article, name)
    assert article.first_seen_at == article.last_seen_at == article.changed_at == now
    assert article.stored_comment_count == 2
    assert [comment.platform_id for comment in store.comments.list(article.id)] == ["c0", "c1"]
    assert store.authors.get(article.author_ids[0]).name == "Ada Moss"


def test_saving_twice_stores_nothing_twice(store, now):
    pages = [make_page(n, now, comments=[make_comment(0)]) for n in range(1, 4)]
    first = store.save_pages(pages)
    again = store.save_pages(pages)
    assert [report.article_id for report in again] == [report.article_id for report in first]
    assert {report.change for report in again} == {"unchanged"}
    assert store.articles.count() == 3
    assert len(list(store.comments.iterate())) == 3
    assert len(list(store.authors.iterate())) == 1


def test_a_page_and_its_frontier_entry_are_one_transaction(store, now):
    page = make_page(1, now)
    bad = PageSave(seen_at=now, article=page.article, fetched=FrontierEntry("x" * 9, "article", None))
    with pytest.raises(ValueError, match="names its publication"):
        store.save_pages([page, bad])
    assert store.articles.count() == 0
    assert store.frontier.get([page.fetched.url]) == {}
    store.save_pages([page])
    entry = store.frontier.get([page.fetched.url])[page.fetched.url]
    assert (entry.article_id, entry.due_at) == (
        store.articles.find(page.fetched.url).id,
        now + timedelta(days=1),
    )


def test_lists_page_by_key_newest_first(store, now):
    store.save_pages([make_page(n, now) for n in range(1, 8)])
    seen, after = [], None
    while True:
        listing = store.articles.list(limit=3, after=after)
        seen += [article.headline for article in listing.items]
        after = listing.next_after
        if after is None:
            break
    assert seen == [f"Story {n}" for n in range(1, 8)]


def test_filters_hold_together(store, now):
    store.save_pages([make_page(1, now), make_page(2, now, tags=[Tag(name="Sea")], language="en-gb")])
    listed = store.articles.list(ArticleFilter(tags=("SEA",), authors=("ada moss",), languages=("en",)))
    assert [article.headline for article in listed.items] == ["Story 2"]
    assert store.articles.list(ArticleFilter(tags=("sea",), min_words=61)).items == ()


def test_an_unknown_article_is_an_error_with_a_hint(store):
    with pytest.raises(ArticleNotFound, match="articles list"):
        store.articles.get(7)
    assert store.articles.find("https://nowhere.example/") is None


def test_generation_moves_with_every_write(store, now):
    before = store.generation()
    store.save_pages([make_page(1, now)])
    after = store.generation()
    assert after > before
    store.articles.list()
    assert store.generation() == after


VOCAL = "https://vocal.media/01"


def test_a_publication_keeps_what_it_has_under_another_slug(store, now):
    store.publications.sync([Seed(slug="vocal-01", name="01", url=VOCAL)], are_all=True)
    store.save_pages([make_page(1, now)])
    store.publications.pause("vocal-01")
    store.publications.sync([Seed(slug="startups", name="Startups", url=f"{VOCAL}/")], are_all=True)
    [view] = store.publications.list()
    assert (view.slug, view.name, view.article_count, view.paused) == ("startups", "Startups", 1, True)
    assert store.articles.get(1).publication == "startups"
    assert {entry.publication for entry in store.frontier.due(now + timedelta(days=2))} == {"startups"}


@pytest.mark.parametrize(
    ("seeds", "are_all"),
    [
        ([("startups", VOCAL)], False),
        ([("startups", VOCAL), ("vocal-01", VOCAL)], True),
        ([("startups", f"{VOCAL}/latest-stories")], True),
        ([("startups", VOCAL), ("business", VOCAL)], True),
    ],
    ids=["of some seeds", "beside the old slug", "at another address", "under two new slugs"],
)
def test_a_new_publication_takes_nothing_from_another(store, now, seeds, are_all):
    store.publications.sync([Seed(slug="vocal-01", name="01", url=VOCAL)], are_all=True)
    store.save_pages([make_page(1, now)])
    store.publications.sync([Seed(slug=slug, name="New", url=url) for slug, url in seeds], are_all=are_all)
    assert {view.slug: view.article_count for view in store.publications.list()} == {
        slug: int(slug == "vocal-01") for slug in ("vocal-01", *dict(seeds))
    }


@pytest.mark.parametrize("seeds_now", ["disabled", "removed"])
def test_a_publication_takes_over_what_it_shares_with_one_that_is_not_crawled_any_more(store, now, seeds_now):
    community = Seed(slug="vocal-01", name="01", url=VOCAL)
    author = Seed(slug="ada", name="Ada Moss", url="https://vocal.media/authors/ada-moss")
    page = make_page(1, now)
    listing = PageSave(now, discovered=(replace(page.fetched, publication="ada"),))
    store.publications.sync([community, author], are_all=True)
    store.save_pages([page, listing])
    assert store.frontier.get([page.fetched.url])[page.fetched.url].publication == "vocal-01"
    left = [community.model_copy(update={"enabled": False}), author] if seeds_now == "disabled" else [author]
    store.publications.sync(left, are_all=True)
    store.save_pages([listing])
    entry = store.frontier.get([page.fetched.url])[page.fetched.url]
    assert (entry.publication, entry.due_at, entry.article_id) == ("ada", now + timedelta(days=1), 1)
    assert store.articles.get(1).publication == "vocal-01"
    store.publications.sync([community, author], are_all=True)
    store.save_pages([replace(listing, discovered=(page.fetched,))])
    assert store.frontier.get([page.fetched.url])[page.fetched.url].publication == "ada"
