"""How a crawl walks: what a fetch means, what is queued, and when the walk ends."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from crawler.platforms.base import ArticleCard, Page, PageLinks
from crawler.reading.robots import robots_directives
from crawler.records import ArticleRecord, CommentRecord
from crawler.seeds import Seed
from crawler.spiders.job import Budget, Plan, Tally, both_names
from crawler.spiders.keeping import MAX_LINKS, Visit, judge_page, keep_ending, keep_page
from crawler.spiders.queue import FrontierQueue
from crawler.spiders.visits import (
    Answer,
    Ending,
    Rhythm,
    close_entry,
    conditions,
    decide_by_status,
    keep_validators,
    seen_at,
)
from crawler.spiders.walking import (
    Ground,
    KnownArticle,
    Walk,
    card_mark,
    decide_next_page,
    find_changed,
)
from crawler.store.agenda import DuePage
from crawler.store.revisit import (
    LONGEST_RETRY_AFTER,
    LONGEST_REVISIT,
    SHORTEST_REVISIT,
    next_visit_at,
    parse_retry_after,
    recheck_gone_at,
    retry_at,
)
from crawler.store.views import FrontierEntry, PageSave, SaveReport

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SITE = "https://example.org"
SEED = Seed(slug="a", name="A", url=f"{SITE}/list")
RHYTHM = Rhythm(timedelta(hours=6), frozenset({f"{SITE}/list"}))


def entry(url: str = f"{SITE}/story", role: str = "article", **more: Any) -> FrontierEntry:
    return FrontierEntry(url=url, role=role, publication="a", due_at=NOW, **more)  # type: ignore[arg-type]


def answer(asked: FrontierEntry | None = None, **more: Any) -> Answer:
    asked = asked or entry()
    given: dict[str, Any] = {"url": asked.url, "status": 200, "headers": {}, "body": b"x", **more}
    return Answer(entry=asked, received_at=NOW, **given)


def visit(
    asked: FrontierEntry | None = None, *, seed: Seed = SEED, known: int | None = None, **more: Any
) -> Visit:
    return Visit(
        answer(asked, **more), seed, RHYTHM, frozenset({"example.org"}), known, (f"{SITE}/story?c=2",)
    )


def story(url: str = f"{SITE}/story", **more: Any) -> ArticleRecord:
    given = {"headline": "A headline", "url": url, "canonical_url": url, "platform": "generic", **more}
    return ArticleRecord(**given)


NO_LINKS = PageLinks()


def article_page(url: str = f"{SITE}/story", *, links: PageLinks = NO_LINKS, **more: Any) -> Page:
    return Page("generic", "article", url, article=story(url, **more), links=links)


# What a status means


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (206, "broken"),
        (304, "unchanged"),
        (400, "broken"),
        (401, "blocked"),
        (402, "login_wall"),
        (403, "blocked"),
        (404, "gone"),
        (405, "broken"),
        (408, "later"),
        (410, "gone"),
        (418, "broken"),
        (425, "later"),
        (429, "later"),
        (451, "blocked"),
        (500, "later"),
        (502, "later"),
        (503, "later"),
        (520, "later"),
        (599, "later"),
        (300, "broken"),
        (302, "broken"),
    ],
)
def test_every_status_has_one_outcome(status: int, outcome: str) -> None:
    ending = decide_by_status(status, {}, now=NOW)
    assert ending is not None
    assert ending.outcome == outcome


@pytest.mark.parametrize("status", [200, 203, 299])
def test_a_success_must_be_read(status: int) -> None:
    assert decide_by_status(status, {}, now=NOW) is None


def test_a_redirect_to_another_kind_of_address_is_refused() -> None:
    ending = decide_by_status(302, {"location": "file:///etc/passwd"}, now=NOW)
    assert ending is not None
    assert ending.outcome == "refused_address"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Mon, 23 Nov 2026 12:01:00 GMT", 60),
        ("Mon, 23 Nov 2020 12:01:00 GMT", 0),
        ("99999999999999999999", 10**9),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert parse_retry_after(value, now=NOW) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, NOW),
        ({"date": "nonsense"}, NOW),
        ({"date": "Mon, 23 Nov 2026 11:00:00 GMT"}, NOW - timedelta(hours=1)),
        ({"date": "Mon, 23 Nov 2026 11:00:00 GMT", "age": "3600"}, NOW - timedelta(hours=2)),
        ({"date": "Mon, 23 Nov 2026 11:00:00 GMT", "age": "-1"}, NOW - timedelta(hours=1)),
        ({"date": "Mon, 23 Nov 2026 11:00:00 GMT", "age": "x"}, NOW - timedelta(hours=1)),
        ({"date": "Thu, 01 Jan 1970 00:00:00 GMT"}, NOW),
        ({"date": "Fri, 31 Dec 9999 23:59:59 GMT"}, NOW),
        ({"date": "Tue, 24 Nov 2026 11:00:00 GMT"}, NOW + timedelta(hours=23)),
        ({"date": "Wed, 25 Nov 2026 11:00:00 GMT"}, NOW),
        ({"date": "Mon, 23 Nov 2033 11:00:00 GMT", "age": "60"}, NOW),
    ],
)
def test_a_page_was_made_at_its_date_less_its_age(headers: dict[str, str], expected: datetime) -> None:
    assert seen_at(headers, received_at=NOW) == expected


@pytest.mark.parametrize(
    ("value", "directives"),
    [
        (None, []),
        ("", []),
        ("noindex", ["noindex"]),
        ("NOINDEX, NoArchive", ["noindex", "noarchive"]),
        ("googlebot: noindex", []),
        ("googlebot: noindex, nofollow", []),
        ("gleanings: noindex", ["noindex"]),
        ("noarchive, otherbot: noindex, Gleanings: nosnippet", ["noarchive", "nosnippet"]),
        ("unavailable_after: 25 jun 2027 15:00:00 pst", ["unavailable_after: 25 jun 2027 15:00:00 pst"]),
        ("max-snippet: 20, noindex", ["max-snippet: 20", "noindex"]),
    ],
)
def test_robots_directives_are_those_for_us(value: str | None, directives: list[str]) -> None:
    assert robots_directives(value) == directives


# The frontier entry afterwards


def test_validators_are_kept_and_sent_back_verbatim() -> None:
    etag = 'W/"a, \\"b\\" à é ✓"'.encode()
    headers = {"etag": etag.decode("latin-1"), "last-modified": "yesterday, more or less"}
    kept = keep_validators(entry(), headers)
    assert conditions(kept) == {"If-None-Match": etag, "If-Modified-Since": b"yesterday, more or less"}


def test_validators_that_went_are_forgotten() -> None:
    kept = keep_validators(entry(etag='"old"', last_modified="old"), {"etag": "\x00bad"})
    assert conditions(kept) == {}


def test_a_failure_counts_and_a_success_forgets() -> None:
    failed = close_entry(entry(attempts=2), Ending("later", "slow"), now=NOW, rhythm=RHYTHM)
    assert (failed.attempts, failed.outcome, failed.error) == (3, "later", "slow")
    saved = close_entry(failed, Ending("saved"), now=NOW, rhythm=RHYTHM)
    assert (saved.attempts, saved.error, saved.fetched_at) == (0, None, NOW)


@pytest.mark.parametrize(
    ("role", "outcome", "days"),
    [
        ("list", "saved", None),
        ("comments", "saved", None),
        ("feed", "saved", 0.25),
        ("sitemap", "saved", 1),
        ("author", "saved", 30),
        ("article", "moved", None),
        ("article", "blocked", 7),
        ("article", "login_wall", 30),
        ("article", "too_large", 30),
        ("article", "layout_changed", 1),
        ("article", "gone", 1),
        ("comments", "gone", None),
    ],
)
def test_each_ending_has_its_wait(role: str, outcome: str, days: float | None) -> None:
    closed = close_entry(entry(role=role), Ending(outcome), now=NOW, rhythm=RHYTHM)  # type: ignore[arg-type]
    assert closed.due_at == (None if days is None else NOW + timedelta(days=days))


@pytest.mark.parametrize("outcome", ["saved", "unchanged", "gone", "blocked", "layout_changed"])
def test_a_start_page_is_due_again_whatever_happened(outcome: str) -> None:
    closed = close_entry(entry(SEED.url, "list"), Ending(outcome), now=NOW, rhythm=RHYTHM)  # type: ignore[arg-type]
    assert closed.due_at == NOW + RHYTHM.every


def test_an_unchanged_article_is_asked_for_less_and_less() -> None:
    known = entry(fetched_at=NOW - timedelta(days=4))
    closed = close_entry(known, Ending("unchanged"), now=NOW, rhythm=RHYTHM)
    assert closed.due_at is not None
    assert timedelta(days=4) < closed.due_at - NOW < timedelta(days=8)


# When to come again


def test_visits_thin_out_with_age() -> None:
    waits = [next_visit_at(now=NOW, active_at=NOW - timedelta(days=days)) - NOW for days in range(2_000)]
    assert waits == sorted(waits)
    assert waits[0] == SHORTEST_REVISIT
    assert waits[-1] == LONGEST_REVISIT


def test_a_young_discussion_brings_us_back() -> None:
    old = NOW - timedelta(days=400)
    quiet = next_visit_at(now=NOW, active_at=old)
    lively = next_visit_at(now=NOW, active_at=old, comments_at=NOW - timedelta(hours=1))
    growing = next_visit_at(now=NOW, active_at=old, is_growing=True)
    assert lively == growing == NOW + SHORTEST_REVISIT < quiet


def test_a_date_in_the_future_does_no_harm() -> None:
    assert next_visit_at(now=NOW, active_at=NOW + timedelta(days=900)) == NOW + SHORTEST_REVISIT


def test_retries_back_off_and_stay_bounded() -> None:
    waits = [retry_at(now=NOW, attempts=attempts, key="u") - NOW for attempts in range(1, 60)]
    assert waits[0] < timedelta(seconds=4)
    assert all(wait <= timedelta(days=1.5) for wait in waits)
    assert waits[7] > timedelta(hours=6)


def test_retries_of_pages_that_failed_together_spread() -> None:
    waits = {retry_at(now=NOW, attempts=4, key=f"u{n}") for n in range(100)}
    assert len(waits) == 100


def test_retry_after_is_a_bounded_lower_bound() -> None:
    wait = retry_at(now=NOW, attempts=1, key="u", retry_after=timedelta(days=3)) - NOW
    assert wait == timedelta(days=3)
    endless = retry_at(now=NOW, attempts=1, key="u", retry_after=timedelta(days=3_000)) - NOW
    assert endless == LONGEST_RETRY_AFTER


def test_what_is_gone_is_looked_for_a_few_times() -> None:
    waits = [recheck_gone_at(now=NOW, attempts=attempts) for attempts in range(1, 6)]
    assert waits[3:] == [None, None]
    assert all(wait is not None for wait in waits[:3])


# What a page leads to


def test_a_story_leads_to_its_comments_and_authors() -> None:
    links = PageLinks(
        comment_pages=(f"{SITE}/story?c=2",), authors=(f"{SITE}/ann", "https://elsewhere.net/ann")
    )
    (save,) = keep_page(visit(), article_page(links=links), Ending("saved"))
    assert [(each.url, each.role) for each in save.discovered] == [
        (f"{SITE}/story?c=2", "comments"),
        (f"{SITE}/ann", "author"),
    ]
    assert save.article is not None
    assert save.article.publication == "a"


def test_comments_are_left_alone_where_the_seed_says_so() -> None:
    seed = SEED.model_copy(update={"comments": False})
    (save,) = keep_page(
        visit(seed=seed), article_page(links=PageLinks(comment_pages=(f"{SITE}/story?c=2",))), Ending("saved")
    )
    assert save.discovered == save.requeued == ()


@pytest.mark.parametrize(("known", "n_requeued"), [(3, 1), (4, 0)])
def test_further_comments_are_looked_at_again_when_their_number_changed(known: int, n_requeued: int) -> None:
    page = article_page(comment_count=4)
    (save,) = keep_page(visit(entry(fetched_at=NOW), known=known), page, Ending("saved"))
    assert len(save.requeued) == n_requeued


def test_a_page_of_comments_belongs_to_its_story_and_leaves_it_as_it_is() -> None:
    page = article_page(links=PageLinks(comment_pages=(f"{SITE}/story?c=3",)))
    comment = CommentRecord(article_url=f"{SITE}/story", platform_id="c1", author_name="B", body_text="Hi")
    page = replace(page, comments=[comment])
    (save,) = keep_page(visit(entry(f"{SITE}/story?c=2", "comments")), page, Ending("saved"))
    assert save.article is None
    assert save.article_url == f"{SITE}/story"
    assert [each.role for each in save.discovered] == ["comments"]
    assert save.fetched is not None
    assert save.fetched.url == f"{SITE}/story?c=2"


def test_a_list_leads_to_stories_on_its_host_only() -> None:
    links = PageLinks(articles=(f"{SITE}/1", "https://elsewhere.net/2"), next_page=f"{SITE}/list?page=2")
    page = Page("generic", "list", SEED.url, links=links)
    walk = Walk(links.next_page, (f"{SITE}/0",))
    (save,) = keep_page(visit(entry(SEED.url, "list")), page, Ending("saved"), walk)
    assert [each.url for each in save.discovered] == [f"{SITE}/1"]
    requeued = [(each.url, each.role) for each in save.requeued]
    assert requeued == [(f"{SITE}/list?page=2", "list"), (f"{SITE}/0", "article")]


def test_an_author_page_leads_nowhere() -> None:
    page = Page("generic", "author", f"{SITE}/ann", links=PageLinks(articles=(f"{SITE}/1",)))
    (save,) = keep_page(visit(entry(f"{SITE}/ann", "author")), page, Ending("saved"))
    assert save.discovered == ()


def test_a_million_links_are_not_all_taken() -> None:
    links = PageLinks(articles=tuple(f"{SITE}/{n}" for n in range(100_000)))
    (save,) = keep_page(
        visit(entry(SEED.url, "list")), Page("generic", "list", SEED.url, links=links), Ending("saved")
    )
    assert len(save.discovered) == MAX_LINKS


@pytest.mark.parametrize(
    ("seed_url", "urls"), [(f"{SITE}/list", ["new"]), (f"{SITE}/sitemap.xml", ["old", "new", "undated"])]
)
def test_a_sitemap_tells_what_is_new_or_is_the_publication_itself(seed_url: str, urls: list[str]) -> None:
    cards = [
        ArticleCard(url=f"{SITE}/old", modified_at=NOW - timedelta(days=300)),
        ArticleCard(url=f"{SITE}/new", modified_at=NOW - timedelta(days=3)),
        ArticleCard(url=f"{SITE}/undated"),
    ]
    links = PageLinks(articles=tuple(card.url for card in cards), lists=(f"{SITE}/sitemap-2.xml",))
    page = Page("generic", "sitemap", f"{SITE}/sitemap.xml", cards=cards, links=links)
    seed = SEED.model_copy(update={"url": seed_url})
    (save,) = keep_page(visit(entry(f"{SITE}/sitemap.xml", "sitemap"), seed=seed), page, Ending("saved"))
    articles = [each.url.rpartition("/")[2] for each in save.discovered if each.role == "article"]
    assert articles == urls
    assert [each.url for each in save.discovered if each.role == "sitemap"] == [f"{SITE}/sitemap-2.xml"]


def test_a_lasting_redirect_moves_the_entry_and_leaves_an_alias() -> None:
    asked = entry(f"{SITE}/old", article_id=7, etag='"x"')
    moved, save = keep_page(
        visit(asked, url=f"{SITE}/new", via=((301, f"{SITE}/old"),)),
        article_page(f"{SITE}/new"),
        Ending("saved"),
    )
    assert moved.fetched is not None
    assert (moved.fetched.url, moved.fetched.outcome, moved.fetched.due_at) == (f"{SITE}/old", "moved", None)
    assert save.fetched is not None
    assert (save.fetched.url, save.fetched.outcome, save.fetched.article_id) == (f"{SITE}/new", "saved", 7)
    assert [(alias.value, alias.reason) for alias in save.aliases] == [(f"{SITE}/old", "redirect")]


@pytest.mark.parametrize(("status", "outcome"), [(301, "moved"), (302, "saved")])
def test_a_page_of_comments_that_leads_to_its_story_does_not_take_its_place(
    status: int, outcome: str
) -> None:
    asked = entry(f"{SITE}/story/comment-page-1/", "comments")
    comment = CommentRecord(article_url=f"{SITE}/story", platform_id="c1", author_name="B", body_text="Hi")
    page = replace(article_page(f"{SITE}/story/"), comments=[comment])
    (save,) = keep_page(visit(asked, url=f"{SITE}/story/", via=((status, asked.url),)), page, Ending("saved"))
    assert save.fetched is not None
    assert (save.fetched.url, save.fetched.outcome) == (asked.url, outcome)
    assert (save.article, save.comments) == (None, ())


def test_a_passing_redirect_keeps_the_entry() -> None:
    asked = entry(f"{SITE}/old")
    page = article_page(f"{SITE}/new")
    (save,) = keep_page(visit(asked, url=f"{SITE}/new", via=((302, f"{SITE}/old"),)), page, Ending("saved"))
    assert save.fetched is not None
    assert save.fetched.url == f"{SITE}/old"


def test_a_start_page_that_redirects_stays_the_start() -> None:
    asked = entry(SEED.url, "list")
    page = Page("generic", "list", f"{SITE}/new")
    (save,) = keep_page(visit(asked, url=f"{SITE}/new", via=((301, SEED.url),)), page, Ending("saved"))
    assert save.fetched is not None
    assert save.fetched.url == SEED.url


def test_a_moved_page_that_fails_is_asked_for_at_its_old_address() -> None:
    asked = entry(f"{SITE}/old")
    (save,) = keep_ending(
        visit(asked, url=f"{SITE}/new", via=((301, f"{SITE}/old"),)), Ending("later", "slow")
    )
    assert save.fetched is not None
    assert (save.fetched.url, save.fetched.outcome) == (f"{SITE}/old", "later")


def test_the_seed_adds_a_language() -> None:
    seed = SEED.model_copy(update={"language": "EN"})
    (save,) = keep_page(visit(seed=seed), article_page(), Ending("saved"))
    assert save.article is not None
    assert save.article.language == "en"


@pytest.mark.parametrize(
    ("kind", "role", "outcome"),
    [
        ("article", "article", "saved"),
        ("login_wall", "article", "login_wall"),
        ("error", "article", "broken"),
        ("list", "article", "broken"),
        ("list", "list", "saved"),
        ("feed", "list", "saved"),
        ("unknown", "list", "layout_changed"),
        ("author", "author", "saved"),
        ("unknown", "author", "broken"),
    ],
)
def test_a_page_is_judged_by_what_was_expected(kind: str, role: str, outcome: str) -> None:
    page = article_page() if kind == "article" else Page("generic", kind, SITE)  # type: ignore[arg-type]
    assert judge_page(page, role).outcome == outcome  # type: ignore[arg-type]


# Walking lists


def listing(n_links: int = 2, following: str | None = f"{SITE}/list?page=2") -> Page:
    links = PageLinks(articles=tuple(f"{SITE}/{n}" for n in range(n_links)), next_page=following)
    return Page("generic", "list", SEED.url, links=links)


def ground(*known: str, n_walked: int = 1, n_now: int = 1, max_pages: int = 50) -> Ground:
    return Ground({url: entry(url) for url in known}, n_walked, n_now, max_pages)


def test_a_first_crawl_walks_back() -> None:
    assert decide_next_page(listing(), ground()) == f"{SITE}/list?page=2"


def test_a_walk_that_was_cut_off_goes_on_over_known_ground() -> None:
    known = (f"{SITE}/0", f"{SITE}/1")
    assert decide_next_page(listing(), ground(*known)) == f"{SITE}/list?page=2"


def test_a_later_crawl_stops_at_known_ground() -> None:
    known = (f"{SITE}/0", f"{SITE}/1", f"{SITE}/list?page=2")
    assert decide_next_page(listing(), ground(*known)) is None


def test_a_later_crawl_goes_on_while_there_is_news() -> None:
    assert decide_next_page(listing(), ground(f"{SITE}/1", f"{SITE}/list?page=2")) == f"{SITE}/list?page=2"


def test_a_walk_ends_at_max_pages_and_at_the_last_page() -> None:
    assert decide_next_page(listing(), ground(n_now=50)) is None
    assert decide_next_page(listing(0), ground(n_walked=50)) is None
    assert decide_next_page(listing(following=None), ground()) is None


@pytest.mark.parametrize(
    ("card", "is_changed"),
    [
        ({}, False),
        ({"headline": "A  headline"}, False),
        ({"headline": "A head…"}, False),
        ({"headline": "Another headline"}, True),
        ({"comment_count": 3}, False),
        ({"comment_count": 4}, True),
        ({"modified_at": NOW + timedelta(hours=1)}, True),
        ({"modified_at": NOW - timedelta(hours=1)}, False),
    ],
)
def test_a_list_tells_of_changes_on_known_ground(card: dict[str, Any], is_changed: bool) -> None:
    url = f"{SITE}/1"
    found = find_changed(
        [ArticleCard(url=url, **card), ArticleCard(url=f"{SITE}/unknown", headline="X")],
        articles={url: KnownArticle("A headline", 3)},
        known={url: entry(url, fetched_at=NOW)},
    )
    assert found == ([url] if is_changed else [])


def test_a_list_that_shows_a_story_otherwise_for_good_is_news_once() -> None:
    url = f"{SITE}/1"
    card = ArticleCard(url=url, headline="A quite other headline", comment_count=9)
    article = {url: KnownArticle("A headline", 3)}
    seen = entry(url, fetched_at=NOW, card=card_mark(card))
    assert find_changed([card], articles=article, known={url: entry(url, fetched_at=NOW)}) == [url]
    assert find_changed([card], articles=article, known={url: seen}) == []
    for change in ({"headline": "Now another"}, {"comment_count": 10}):
        assert find_changed([replace(card, **change)], articles=article, known={url: seen}) == [url]


def test_what_a_list_showed_is_kept_with_its_address() -> None:
    card = ArticleCard(url=f"{SITE}/1", headline="A headline")
    page = Page("generic", "list", cards=(card,), links=PageLinks(articles=(card.url,)))
    walk = Walk(changed=(card.url,))
    (save,) = keep_page(visit(entry(f"{SITE}/list", "list")), page, Ending("saved"), walk)
    assert [each.card for each in (*save.discovered, *save.requeued)] == [card_mark(card)] * 2


@pytest.mark.parametrize(("n_cards", "spread", "n_changed"), [(8, 0, 0), (8, 1, 8), (4, 0, 4)])
def test_a_sitemap_that_dates_every_page_alike_tells_of_no_change(
    n_cards: int, spread: int, n_changed: int
) -> None:
    cards = [
        ArticleCard(url=f"{SITE}/{n}", modified_at=NOW + timedelta(hours=1, minutes=n * spread))
        for n in range(n_cards)
    ]
    known = {card.url: entry(card.url, fetched_at=NOW) for card in cards}
    assert len(find_changed(cards, articles={}, known=known)) == n_changed


# The queue


@dataclass
class FakeAgenda:
    """Hands out what a test put there; `on_due` runs while the question is under way."""

    pages: list[DuePage] = field(default_factory=list)
    on_due: Callable[[], None] = lambda: None
    retry: datetime | None = None
    roles: list[Sequence[str]] = field(default_factory=list)

    def due(self, now: datetime, *, limit: int, roles: Sequence[str]) -> list[DuePage]:
        found = [page for page in self.pages if page.entry.role in roles][:limit]
        self.roles.append(roles)
        self.on_due()
        return found

    def next_retry_at(self) -> datetime | None:
        return self.retry


def job(agenda: FakeAgenda, **more: Any) -> Any:
    given = {"plan": Plan(), "budget": Budget(), "now": lambda: NOW, "n_waiting": 0, **more}
    return SimpleNamespace(agenda=agenda, **given)


def settle(queue: FrontierQueue, agenda: FakeAgenda, url: str) -> None:
    agenda.pages = [page for page in agenda.pages if page.entry.url != url]
    queue.settle([PageSave(seen_at=NOW, fetched=entry(url))])


async def drain(queue: FrontierQueue, agenda: FakeAgenda) -> list[str]:
    taken = []
    async for page in queue.pages():
        taken.append(page.entry.url)
        asyncio.get_running_loop().call_later(0.001, settle, queue, agenda, page.entry.url)
    return taken


def test_each_due_page_is_handed_out_once() -> None:
    agenda = FakeAgenda([DuePage(entry(f"{SITE}/{n}")) for n in range(500)])
    taken = asyncio.run(drain(FrontierQueue(job(agenda)), agenda))
    assert sorted(taken) == sorted(f"{SITE}/{n}" for n in range(500))


def test_what_is_saved_while_the_frontier_is_asked_is_not_missed() -> None:
    """A page's save and what it discovered may arrive between the question and its answer."""
    agenda = FakeAgenda([DuePage(entry(f"{SITE}/list"))])
    queue = FrontierQueue(job(agenda))

    def save_meanwhile() -> None:
        if queue.in_flight and agenda.pages and agenda.pages[0].entry.url == f"{SITE}/list":
            agenda.pages = [DuePage(entry(f"{SITE}/found"))]
            loop.call_soon_threadsafe(queue.settle, [PageSave(seen_at=NOW, fetched=entry(f"{SITE}/list"))])

    async def run() -> list[str]:
        nonlocal loop
        loop = asyncio.get_running_loop()
        agenda.on_due = save_meanwhile
        taken = []
        async for page in queue.pages():
            taken.append(page.entry.url)
            if page.entry.url == f"{SITE}/found":
                settle(queue, agenda, page.entry.url)
        return taken

    loop: asyncio.AbstractEventLoop
    assert asyncio.run(asyncio.wait_for(run(), 60)) == [f"{SITE}/list", f"{SITE}/found"]


def test_a_spent_budget_leaves_comments_and_authors() -> None:
    pages = [DuePage(entry(f"{SITE}/{n}")) for n in range(5)]
    pages += [DuePage(entry(f"{SITE}/ann", "author")), DuePage(entry(f"{SITE}/l", "list"))]
    agenda = FakeAgenda(pages)
    taken = asyncio.run(drain(FrontierQueue(job(agenda, budget=Budget(2))), agenda))
    assert [url for url in taken if url not in (f"{SITE}/ann", f"{SITE}/l")] == [f"{SITE}/0", f"{SITE}/1"]
    assert f"{SITE}/ann" in taken


def test_patience_is_bounded_as_a_whole() -> None:
    agenda = FakeAgenda(retry=NOW + timedelta(seconds=0.05))
    plan = Plan(patience=timedelta(seconds=0.12))
    assert asyncio.run(drain(FrontierQueue(job(agenda, plan=plan)), agenda)) == []
    assert len(agenda.roles) == 3


def test_patience_is_spent_on_tries_that_fail_again() -> None:
    """A page that never ends takes its whole time at each try; waiting for it is bounded all the same."""
    passed = timedelta()
    slow = DuePage(entry(f"{SITE}/slow"))
    agenda = FakeAgenda()

    class Clock:
        def __call__(self) -> datetime:
            return NOW + passed

    async def run() -> int:
        nonlocal passed
        queue = FrontierQueue(job(agenda, now=Clock(), plan=Plan(patience=timedelta(seconds=60))))
        agenda.pages, agenda.retry, n_tries = [slow], None, 0
        async for page in queue.pages():
            n_tries += 1
            passed += timedelta(seconds=25)
            agenda.pages, agenda.retry = [], NOW + passed
            queue.settle([PageSave(seen_at=NOW, fetched=replace(page.entry, outcome="later"))])
            agenda.on_due = lambda: agenda.pages.append(slow) if not agenda.pages else None
        return n_tries

    assert asyncio.run(asyncio.wait_for(run(), 60)) == 4


def test_a_closed_queue_ends() -> None:
    agenda = FakeAgenda([DuePage(entry())])
    queue = FrontierQueue(job(agenda))
    queue.close()
    assert asyncio.run(drain(queue, agenda)) == []


# Counting


def test_a_tally_counts_what_was_saved() -> None:
    tally = Tally()
    page = PageSave(seen_at=NOW, fetched=entry(outcome="saved"))
    tally.count_save(page, SaveReport(1, "new", (), 3))
    tally.count_save(page, SaveReport(1, "unchanged"))
    tally.count_save(page, SaveReport(1, "substantive", ("headline",)))
    tally.count_save(page, SaveReport())
    assert dict(tally.outcomes) == {"saved": 3, "unchanged": 1}
    counts = (tally.articles_new, tally.articles_changed, tally.articles_unchanged, tally.comments_new)
    assert counts == (1, 1, 1, 3)


def test_a_tally_counts_articles_and_not_the_pages_of_their_comments() -> None:
    tally = Tally()
    not_modified = PageSave(seen_at=NOW, fetched=entry(outcome="unchanged"))
    tally.count_save(not_modified, SaveReport(1))
    tally.count_save(not_modified, SaveReport(3))
    tally.count_save(PageSave(seen_at=NOW, fetched=entry(outcome="gone")), SaveReport(2, "gone"))
    for role, outcome in (("comments", "gone"), ("comments", "unchanged"), ("list", "unchanged")):
        page = PageSave(seen_at=NOW, fetched=entry(role=role, outcome=outcome))
        tally.count_save(page, SaveReport(2, "unchanged" if outcome == "gone" else None))
    assert (tally.articles_new, tally.articles_changed, tally.articles_unchanged) == (0, 1, 2)
    assert dict(tally.outcomes) == {"unchanged": 4, "gone": 2}


def test_a_host_goes_by_both_its_names() -> None:
    assert both_names(["www.example.org", "example.org", "a.b"]) == [
        "example.org",
        "www.example.org",
        "a.b",
        "www.a.b",
    ]
