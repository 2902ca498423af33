"""An article stays itself through all that happens to it, and never becomes another one.

The corpus tells stories as a list of pages; all pages of one story must end in one article, no two stories in
the same one. The bar is 0 false merges and 0 false splits.
"""

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup

from crawler.demo import bundled_content
from crawler.records import ArticleRecord, AuthorRecord, AuthorRef, Community, build_record
from crawler.store.identity import author_names, reduce_url, site_of, url_key
from crawler.store.sightings import MIN_SHARED_RUNS, share_words
from crawler.store.views import Alias, FrontierEntry, PageSave

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
THEMES = {
    "moss": "moss grows slowly over stone walls in the shade where nobody walks and rain stays for days",
    "bread": "the dough rests all night beside the oven until the crust cracks under a thumb at dawn",
    "trains": "the night train to the coast was late again and the guard told us about the winter floods",
    "birds": "a pair of swifts came back to the tower this year and screamed around it every evening",
    "letters": "she kept every letter in a biscuit tin and read them aloud on the last day of the year",
}


def body_of(theme, n_words=120):
    """Return a text of one theme, the same each time."""
    rng = random.Random(theme)
    words = THEMES[theme.split("#")[0]].split()
    extra = [f"{rng.choice(words)}{rng.randint(2, 99)}" for _ in range(n_words // 2)]
    return " ".join(rng.sample(words * (n_words // len(words) + 1), n_words - len(extra)) + extra)


@dataclass(frozen=True)
class Sight:
    """One page on one day, as the corpus tells it."""

    story: str
    theme: str = "moss"
    headline: str = "A wall and its moss"
    author: str = "Ada Moss"
    author_url: str | None = None
    url: str | None = "https://blog.example/a-wall"
    canonical: str | None = ""
    platform: str = "generic"
    platform_id: str | None = None
    publication: str | None = None
    community: str | None = None
    published: str | None = "2026-03-01"
    width: timedelta = timedelta(hours=12)
    redirects: tuple[str, ...] = ()
    body: str | None = None
    day: int = 0

    def page(self):
        at = datetime.fromisoformat(f"{self.published}T12:00:00+00:00") if self.published else None
        canonical = self.url if self.canonical == "" else self.canonical
        record = build_record(
            ArticleRecord,
            platform=self.platform,
            platform_id=self.platform_id,
            publication=self.publication,
            community=Community(name=self.community) if self.community else None,
            url=self.url,
            canonical_url=canonical,
            headline=self.headline,
            authors=[AuthorRef(name=self.author, url=self.author_url)] if self.author else [],
            published_at=at,
            published_bounds=(at - self.width, at + self.width) if at else None,
            body_text=self.body if self.body is not None else body_of(self.theme),
            body_html="<p>x</p>",
        )
        return PageSave(
            NOW + timedelta(days=self.day),
            record,
            aliases=tuple(Alias("url", url, "redirect") for url in self.redirects),
        )


def story(name, first, *changes):
    """Return a story's sights: the first one, then each change of it a day later."""
    sights = [replace(first, story=name)]
    for day, change in enumerate(changes, 1):
        sights.append(replace(sights[0], **change, day=day))
    return sights


WALL = Sight("")
VOCAL = Sight(
    "",
    platform="vocal",
    platform_id="65a0c0ffee65a0c0ffee0001",
    url="https://vocal.media/earth/a-wall",
    author="Bo Lind",
    community="Earth",
    publication="vocal-earth",
)

SURVIVES = [
    story("unchanged", replace(WALL, url="https://u.example/a"), {}),
    story(
        "spelling of the address",
        replace(WALL, theme="bread", url="https://s.example/loaf"),
        {"url": "http://s.example/loaf"},
        {"url": "https://www.s.example/loaf/"},
        {"url": "https://S.Example.:443/loaf#end"},
        {"url": "https://s.example/loaf?utm_source=feed&via=friend&fbclid=1"},
        {"url": "https://s.example/%6Coaf"},
    ),
    story(
        "order of parameters",
        replace(WALL, theme="trains", url="https://q.example/?p=7&lang=en"),
        {"url": "https://q.example/?lang=en&p=7&utm_medium=mail"},
    ),
    story(
        "new slug, platform id stays",
        replace(
            VOCAL,
            platform_id="65a0c0ffee65a0c0ffee1001",
            author="Cy",
            url="https://vocal.media/earth/old-slug",
        ),
        {"url": "https://vocal.media/earth/new-slug"},
        {"url": "https://vocal.media/earth/new-slug", "headline": "Another headline"},
    ),
    story(
        "new slug, redirect",
        replace(WALL, theme="birds", url="https://r.example/old"),
        {
            "url": "https://r.example/new",
            "redirects": ("https://r.example/old",),
            "headline": "Swifts, again",
        },
        {"url": "https://r.example/old", "canonical": "https://r.example/new", "headline": "Swifts, again"},
    ),
    story(
        "chain of redirects",
        replace(WALL, theme="letters", url="http://c.example/1"),
        {
            "url": "https://c.example/4",
            "redirects": ("http://c.example/1", "https://c.example/2", "https://c.example/3"),
            "headline": "Letters",
        },
        {"url": "https://c.example/3", "canonical": "https://c.example/3", "headline": "Letters"},
    ),
    story(
        "new slug, nothing but the text",
        replace(WALL, theme="bread#2", url="https://n.example/old"),
        {"url": "https://n.example/new"},
    ),
    story(
        "new host, text only",
        replace(
            WALL, theme="trains#2", url="https://old-host.example/t", platform_id="17", platform="wordpress"
        ),
        {"url": "https://new-host.example/2026/t", "platform_id": "17"},
    ),
    story(
        "new host, redirect and edit",
        replace(WALL, theme="birds#2", url="https://before.example/t"),
        {"url": "https://after.example/t", "redirects": ("https://before.example/t",), "headline": "Edited"},
    ),
    story(
        "mirror with canonical",
        replace(WALL, theme="letters#2", url="https://home.example/t"),
        {"url": "https://mirror.example/t", "canonical": "https://home.example/t"},
        {"url": "https://mirror.example/t", "canonical": "https://home.example/t", "headline": "Edited"},
    ),
    story(
        "mirror without canonical",
        replace(WALL, theme="moss#2", url="https://origin.example/t"),
        {"url": "https://copy.example/t"},
        {"url": "https://origin.example/t", "headline": "Edited at home"},
        {"url": "https://copy.example/t"},
    ),
    story(
        "new guid",
        replace(WALL, theme="bread#3", url="https://g.example/t", platform_id="https://g.example/?p=1"),
        {"platform_id": "urn:uuid:0f0e0d0c"},
        {"platform_id": "https://g.example/?p=1", "headline": "Edited"},
    ),
    story(
        "headline edited",
        replace(WALL, theme="trains#3", url="https://h.example/t"),
        {"headline": "A quite different headline"},
        {"headline": "A third one", "body": body_of("trains#3") + " and a late addition of some words"},
    ),
    story(
        "rewritten in place",
        replace(WALL, theme="birds#3", url="https://w.example/t"),
        {"theme": "bread#4", "headline": "All new", "published": "2026-06-01"},
    ),
    story(
        "re-dated",
        replace(WALL, theme="letters#3", url="https://d.example/t"),
        {"published": "2026-09-09"},
        {"published": "2026-03-01"},
    ),
    story(
        "one platform id in two communities",
        replace(
            VOCAL, platform_id="65a0c0ffee65a0c0ffee2001", author="Dee", url="https://vocal.media/earth/two"
        ),
        {"url": "https://vocal.media/journal/two", "community": "Journal", "publication": "vocal-journal"},
        {"url": "https://vocal.media/earth/two"},
        {"url": "https://vocal.media/journal/two", "community": "Journal", "publication": "vocal-journal"},
    ),
    story(
        "two platform ids in two communities",
        replace(
            VOCAL,
            theme="moss#4",
            platform_id="65a0c0ffee65a0c0ffee3001",
            url="https://vocal.media/earth/twice",
        ),
        {
            "platform_id": "65a0c0ffee65a0c0ffee3002",
            "url": "https://vocal.media/journal/twice",
            "community": "Journal",
            "publication": "vocal-journal",
            "published": "2026-05-05",
        },
    ),
    story(
        "a copied text, later with its address",
        replace(WALL, theme="bread#5", url=None, published=None),
        {"url": "https://t.example/text"},
        {"url": None, "published": None},
    ),
    story(
        "a short copied text twice",
        replace(WALL, url=None, author="", body="Roses are red.", headline="Poem"),
        {},
    ),
    story(
        "case, accents and punctuation of the text",
        replace(WALL, theme="trains#4", url="https://p.example/t", headline="The Café, at night"),
        {"url": "https://p.example/moved", "headline": "the cafe – at night", "author": "ADA MOSS"},
    ),
    story(
        "stored twice, then the redirect tells",
        replace(WALL, theme="birds#5", url="https://x.example/old"),
        {
            "url": "https://x.example/new",
            "headline": "Quite new",
            "body": body_of("birds#5") + " p.s. they left",
        },
        {
            "url": "https://x.example/new",
            "redirects": ("https://x.example/old",),
            "headline": "Quite new",
            "body": body_of("birds#5") + " p.s. they left",
        },
    ),
    story(
        "a short poem copied, later with its address",
        replace(WALL, url=None, published=None, headline="Rain", body="Rain on slates, nobody home."),
        {"url": "https://poem.example/rain", "published": "2026-03-01"},
        {"url": None, "published": None},
    ),
    story(
        "a short poem in two communities",
        replace(
            VOCAL,
            headline="Sleet",
            body="Sleet on slates, nobody home.",
            platform_id="65a0c0ffee65a0c0ffee4001",
            url="https://vocal.media/earth/sleet",
        ),
        {
            "platform_id": "65a0c0ffee65a0c0ffee4002",
            "url": "https://vocal.media/poets/sleet",
            "community": "Poets",
            "publication": "vocal-poets",
        },
    ),
    story(
        "new guid and new slug on one day",
        replace(
            WALL, theme="moss#6", url="https://guid.example/old", platform_id="https://guid.example/?p=1"
        ),
        {"url": "https://guid.example/new", "platform_id": "urn:uuid:0f0e0d0d"},
    ),
    story(
        "body withheld at times",
        replace(WALL, theme="letters#5", url="https://pay.example/t"),
        {"body": ""},
        {"url": "https://pay.example/t?utm_source=x"},
    ),
]

STAYS_APART = [
    story("one headline, first text", replace(WALL, theme="moss#a", url="https://same.example/1")),
    story("one headline, second text", replace(WALL, theme="moss#b", url="https://same.example/2")),
    *(
        story(
            f"series part {part}",
            replace(
                WALL,
                headline="My week",
                url=f"https://series.example/week-{part}",
                body=body_of("moss#c") + f" this was week {part}",
                published=f"2026-03-{7 * part:02}",
            ),
        )
        for part in (1, 2, 3, 4)
    ),
    *(
        story(
            f"open thread {part}",
            replace(
                WALL,
                headline="Open thread",
                theme="moss#d",
                url=f"https://thread.example/{part}",
                platform="wordpress",
                platform_id=str(100 + part),
                width=timedelta(days=15),
                published=f"2026-03-{7 * part:02}",
            ),
        )
        for part in (1, 2, 3)
    ),
    *(
        story(
            f"open thread without ids {part}",
            replace(
                WALL,
                headline="Open thread",
                theme="moss#e",
                url=f"https://dated.example/{part}",
                published=f"2026-03-{7 * part:02}",
            ),
        )
        for part in (1, 2, 3)
    ),
    story("original", replace(WALL, theme="moss#f", url="https://orig.example/t", author="Eve Fern")),
    story(
        "reposted by another", replace(WALL, theme="moss#f", url="https://theft.example/t", author="Mallory")
    ),
    story(
        "reposted without a byline", replace(WALL, theme="moss#f", url="https://theft.example/n", author="")
    ),
    story(
        "of one of two namesakes",
        replace(
            WALL,
            theme="moss#q",
            url="https://names.example/1",
            author_url="https://names.example/authors/ada",
        ),
    ),
    story(
        "reposted by the other",
        replace(
            WALL,
            theme="moss#q",
            url="https://names.example/2",
            author_url="https://names.example/authors/ada-2",
        ),
    ),
    *(
        story(
            f"a short greeting {part}",
            replace(
                WALL,
                headline="Good morning",
                body="Good morning, friends!",
                url=f"https://hello.example/{part}",
                published=f"2026-03-0{part}",
            ),
        )
        for part in (1, 2, 3)
    ),
    story(
        "post 17 of one blog", replace(WALL, theme="moss#g", url="https://one.example/a", platform_id="17")
    ),
    story("post 17 of another", replace(WALL, theme="moss#h", url="https://two.example/a", platform_id="17")),
    story(
        "teaser of one story",
        replace(WALL, headline="Members only", body="Sign up to read.", url="https://wall.example/1"),
    ),
    story(
        "teaser of another",
        replace(WALL, headline="Members only", body="Sign up to read.", url="https://wall.example/2"),
    ),
    story("without a body, one", replace(WALL, headline="Soon", body="", url="https://empty.example/1")),
    story("without a body, two", replace(WALL, headline="Soon", body="", url="https://empty.example/2")),
    story("a query that matters, one", replace(WALL, theme="moss#i", url="https://query.example/?p=1")),
    story("a query that matters, two", replace(WALL, theme="moss#j", url="https://query.example/?p=2")),
    story("a path in capitals", replace(WALL, theme="moss#k", url="https://caps.example/AbC")),
    story("a path in small letters", replace(WALL, theme="moss#l", url="https://caps.example/abc")),
    story(
        "an address's first story",
        replace(
            WALL, theme="moss#m", url="https://reuse.example/hello", platform_id="65a0c0ffee65a0c0ffee9001"
        ),
    ),
    story(
        "an address's second story",
        replace(
            WALL,
            theme="bread#m",
            headline="Bread",
            url="https://reuse.example/hello",
            platform_id="65a0c0ffee65a0c0ffee9002",
            day=3,
        ),
    ),
    story("a story that was taken off", replace(WALL, theme="moss#n", url="https://off.example/gone")),
    story(
        "where its address leads now",
        replace(WALL, theme="bread#n", headline="Latest", url="https://off.example/latest"),
        {"redirects": ("https://off.example/gone",)},
    ),
    story(
        "two copied texts, one", replace(WALL, url=None, author="", headline="Poem", body="Roses are blue.")
    ),
    story(
        "two copied texts, two", replace(WALL, url=None, author="", headline="Poem", body="Roses are white.")
    ),
    story("another port", replace(WALL, theme="moss#o", url="https://port.example:8443/t")),
    story("the usual port", replace(WALL, theme="moss#p", url="https://port.example/t")),
]

CORPUS = SURVIVES + STAYS_APART


def _count_mistakes(ids_by_story):
    """Return (false merges, false splits) with the stories at fault."""
    stories_by_id = {}
    for name, ids in ids_by_story.items():
        for each in ids:
            stories_by_id.setdefault(each, set()).add(name)
    merges = [sorted(names) for names in stories_by_id.values() if len(names) > 1]
    splits = [name for name, ids in ids_by_story.items() if len(ids) > 1]
    return merges, splits


def _resolve(store, article_id):
    """Return the article that a row turned out to be."""
    same = store.articles.get(article_id).same_as_id
    return same if same is not None else article_id


@pytest.mark.parametrize("order", ["story by story", "day by day", "shuffled stories", "one batch a day"])
def test_no_false_merge_and_no_false_split(store, order):
    stories = list(CORPUS)
    if order == "shuffled stories":
        random.Random(3).shuffle(stories)
    sights = [sight for each in stories for sight in each]
    if order in ("day by day", "one batch a day"):
        sights.sort(key=lambda sight: sight.day)
    seen = []
    if order == "one batch a day":
        for day in range(10):
            today = [sight for sight in sights if sight.day == day]
            reports = store.save_pages([sight.page() for sight in today]) if today else []
            seen += zip(today, (report.article_id for report in reports), strict=True)
    else:
        for sight in sights:
            [report] = store.save_pages([sight.page()])
            seen.append((sight, report.article_id))
    ids_by_story = {}
    for sight, article_id in seen:
        ids_by_story.setdefault(sight.story, set()).add(_resolve(store, article_id))
    merges, splits = _count_mistakes(ids_by_story)
    assert (merges, splits) == ([], [])
    # One address belongs to its second story now, another leads to a second one: the first ones are gone, but
    # for the one that the shuffled crawl meets last.
    assert store.articles.count() == len(CORPUS) - (1 if order == "shuffled stories" else 2)
    assert store.check() == []


def test_each_alias_says_why(store):
    for sight in next(each for each in SURVIVES if each[0].story == "chain of redirects"):
        store.save_pages([sight.page()])
    for sight in next(each for each in SURVIVES if each[0].story == "mirror without canonical"):
        store.save_pages([sight.page()])
    reasons = {alias.value: alias.reason for alias in store.articles.aliases(1)}
    assert reasons == {
        "http://c.example/1": "canonical",
        "https://c.example/4": "canonical",
        "https://c.example/2": "redirect",
        "https://c.example/3": "redirect",
    }
    assert {alias.value: alias.reason for alias in store.articles.aliases(2)} == {
        "https://origin.example/t": "canonical",
        "https://copy.example/t": "content match",
    }


def test_two_copies_do_not_overwrite_each_other(store):
    first, *others = next(each for each in SURVIVES if each[0].story == "one platform id in two communities")
    store.save_pages([first.page()])
    for day in range(1, 9):
        for sight in (first, *others):
            store.save_pages([replace(sight, day=day).page()])
    article = store.articles.get(1)
    assert article.community.name == "Earth"
    assert article.url == first.url
    assert store.articles.revisions(1) == []


def test_a_merged_double_points_to_its_survivor(store):
    sights = next(each for each in SURVIVES if each[0].story.startswith("stored twice"))
    ids = [store.save_pages([sight.page()])[0].article_id for sight in sights]
    assert ids == [1, 2, 1]
    double = store.articles.get(2)
    assert (double.change, double.same_as_id) == ("gone", 1)
    assert (
        store.articles.find("https://x.example/new").id
        == store.articles.find("https://x.example/old").id
        == 1
    )
    assert [each.after for each in store.articles.revisions(2)] == [{"same_as_id": 1}]
    assert store.articles.get(1).headline == "Quite new"


def test_an_address_that_a_story_has_left_may_be_given_to_another(store):
    left = replace(WALL, story="left", theme="moss#z", url="https://left.example/hello")
    new = replace(WALL, story="new", theme="bread#z", headline="Bread", author="Bo", url=left.url, day=3)
    moved = replace(left, url="https://left.example/hello-2", redirects=(left.url,), day=1)
    ids = [store.save_pages([sight.page()])[0].article_id for sight in (left, moved, new)]
    assert ids == [1, 1, 2]
    assert store.articles.find("https://left.example/hello").headline == "Bread"
    assert store.articles.get(1).change == "new"
    assert store.check() == []


@pytest.mark.parametrize("in_one_batch", [True, False])
def test_a_story_whose_address_was_given_to_another_is_gone(store, in_one_batch):
    first = next(each for [each] in STAYS_APART if each.story == "an address's first story")
    second = next(each for [each] in STAYS_APART if each.story == "an address's second story")
    pages = [first.page(), second.page()]
    for batch in [pages] if in_one_batch else [[page] for page in pages]:
        store.save_pages(batch)
    assert [store.articles.get(number).change for number in (1, 2)] == ["gone", "new"]
    assert store.check() == []
    assert (
        store.save_pages([replace(first, url="https://reuse.example/old", day=5).page()])[0].change == "back"
    )


def test_a_wrong_canonical_address_displaces_nobody(store):
    home = "https://broken.example/"
    sights = [
        replace(
            WALL,
            theme=f"moss#broken{number}",
            headline=f"Story {number}",
            url=f"{home}{number}",
            canonical=home,
            platform_id=f"65a0c0ffee65a0c0ffee700{number}",
        )
        for number in (1, 2)
    ]
    for day in range(4):
        store.save_pages([replace(sights[day % 2], day=day).page()])
    assert [store.articles.get(number).change for number in (1, 2)] == ["new", "new"]


def test_a_story_that_is_gone_at_home_comes_back_at_its_copy(store, now):
    home, copy, *_ = next(each for each in SURVIVES if each[0].story == "mirror without canonical")
    store.save_pages([home.page(), copy.page()])
    later = NOW + timedelta(days=5)
    vanished = FrontierEntry(copy.url, "article", "p", outcome="gone")
    assert store.save_pages([PageSave(later, fetched=vanished)])[0].change == "unchanged"
    vanished = FrontierEntry(home.url, "article", "p", outcome="gone")
    assert store.save_pages([PageSave(later, fetched=vanished)])[0].change == "gone"
    [report] = store.save_pages([replace(copy, day=6).page()])
    assert (report.article_id, report.change) == (1, "back")
    assert store.articles.get(1).url == copy.url


@pytest.mark.parametrize(
    ("left", "right", "is_same"),
    [
        ("https://a.example/x", "http://www.a.example/x/", True),
        ("https://a.example/x/index.html", "https://a.example/x", True),
        ("https://a.example/x?b=1&a=2", "https://a.example/x?a=2&b=1", True),
        ("https://a.example/x?page=2", "https://a.example/x", False),
        ("https://a.example/x", "https://b.example/x", False),
        ("https://www2.a.example/x", "https://a.example/x", False),
        ("https://xn--bcher-kva.example/", "https://bücher.example", True),
        ("not an address", "not an address", True),
    ],
)
def test_addresses_are_reduced_to_what_tells_them_apart(left, right, is_same):
    assert (url_key(left) == url_key(right)) is is_same
    assert reduce_url(left) == reduce_url(left)


def test_short_ids_are_unique_on_their_site_only():
    assert site_of("17", "https://one.example/a", None) != site_of("17", "https://two.example/a", None)
    assert site_of("17", None, "pub") == "pub"
    assert site_of("0f0e0d0c-0000", "https://one.example/a", None) == ""


def _author(**fields):
    return build_record(AuthorRecord, **({"platform": "vocal", "name": "Ada Moss"} | fields))


def _save_byline(store, number, *authors, publication="p", described=()):
    record = build_record(
        ArticleRecord,
        platform="vocal",
        publication=publication,
        url=f"https://a.example/{number}",
        canonical_url=f"https://a.example/{number}",
        headline=f"Story {number}",
        authors=list(authors),
    )
    [report] = store.save_pages([PageSave(NOW + timedelta(days=number), record, authors=tuple(described))])
    return store.articles.get(report.article_id).author_ids


def test_an_author_without_an_address_takes_one_on(store):
    named = AuthorRef(name="Ada Moss")
    linked = AuthorRef(name="Ada Moss", url="https://a.example/authors/ada")
    assert _save_byline(store, 1, named) == [1]
    assert _save_byline(store, 2, linked) == [1]
    assert _save_byline(store, 3, named) == [1]
    assert store.authors.get(1).url == linked.url
    assert store.authors.get(1).stored_article_count == 3


def test_namesakes_stay_two_persons(store):
    one = AuthorRef(name="Ada Moss", url="https://a.example/authors/ada")
    two = AuthorRef(name="Ada Moss", url="https://a.example/authors/ada-2")
    assert _save_byline(store, 1, one) == [1]
    assert _save_byline(store, 2, two) == [2]
    assert _save_byline(store, 3, two, one) == [2, 1]
    assert _save_byline(store, 4, AuthorRef(name="Ada Moss"), publication="other") == [3]


def test_a_page_of_the_team_is_nobodys_address(store):
    team = "https://a.example/team"
    ids = _save_byline(store, 1, AuthorRef(name="Ada", url=team), AuthorRef(name="Bo", url=team))
    assert len(set(ids)) == 2
    assert store.authors.get(ids[0]).url is None


def test_an_author_keeps_their_row_through_a_new_name_or_address(store):
    first = _author(
        url="https://a.example/authors/ada", platform_id="65a0c0ffee65a0c0ffee0001", bio_text="Moss."
    )
    renamed = _author(url="https://a.example/authors/ada", name="Ada Fern", bio_text="Ferns.")
    moved = _author(
        url="https://a.example/authors/ada-fern", platform_id="65a0c0ffee65a0c0ffee0001", name="Ada Fern"
    )
    _save_byline(store, 1, described=[first])
    _save_byline(store, 2, described=[renamed])
    _save_byline(store, 3, described=[moved])
    assert store.authors.count() == 1
    author = store.authors.get(1)
    assert (author.name, author.bio_text, author.url) == ("Ada Fern", "Ferns.", moved.url)
    [revision] = store.authors.revisions(1)
    assert revision.before == {"name": "Ada Moss", "bio_text": "Moss."}
    assert store.authors.find("https://a.example/authors/ada").id == 1
    assert store.authors.find("ADA  FERN").id == 1


@pytest.mark.parametrize("pages_at_once", [1, 7])
def test_an_author_whom_pages_spell_in_two_ways_is_changed_a_few_times_only(store, pages_at_once):
    url = "https://a.example/authors/ada"
    pages = [
        PageSave(NOW + n * timedelta(hours=2), authors=(_author(url=url, name=name),))
        for n, name in enumerate(["Ada Moss", "Ada Moss", "ADA MOSS"] * 30)
    ]
    for n in range(0, len(pages), pages_at_once):
        store.save_pages(pages[n : n + pages_at_once])
    assert store.authors.count() == 1
    assert len(store.authors.revisions(1)) <= 12
    assert store.authors.get(1).name == "ADA MOSS"
    n_before = len(store.authors.revisions(1))
    quiet = [
        PageSave(NOW + timedelta(days=10 + n), authors=(_author(url=url, name="Ada Moss"),))
        for n in range(40)
    ]
    for n in range(0, len(quiet), pages_at_once):
        store.save_pages(quiet[n : n + pages_at_once])
    store.save_pages([PageSave(NOW + timedelta(days=60), authors=(_author(url=url, name="Ada Fern"),))])
    assert len(store.authors.revisions(1)) == n_before + 1, "after a long rest it counts again"


def test_handles_are_unique_on_their_site_only():
    one = author_names(
        _author(handle="admin", url="https://one.example/author/admin"), platform="wp", scope="x"
    )
    two = author_names(
        _author(handle="admin", url="https://two.example/author/admin"), platform="wp", scope="x"
    )
    assert {name.key for name in one[:-1]}.isdisjoint(name.key for name in two[:-1])


def test_versions_of_a_text_share_more_words_than_two_texts():
    base = body_of("moss")
    versions = [base + " and more", " ".join(base.split()[:90]), base.replace("stone", "rock")]
    others = [body_of(theme) for theme in ("bread", "trains", "birds", "letters")]
    assert min(share_words(base, each) for each in versions) > 2 * MIN_SHARED_RUNS
    assert max(share_words(base, each) for each in others) < MIN_SHARED_RUNS / 2


def test_stories_of_one_language_share_less_than_versions_of_one():
    bodies = [
        BeautifulSoup(story.source.read().body_html, "lxml").get_text(" ")
        for story in bundled_content().stories
    ]
    long = [body for body in bodies if len(body.split()) > 300]
    assert max(share_words(left, right) for left, right in pairwise(long)) < MIN_SHARED_RUNS / 3
    for body in long[:5]:
        words = body.split()
        edited = " ".join("other" if place % 8 == 0 else word for place, word in enumerate(words))
        halved = " ".join(words[: len(words) // 2])
        assert min(share_words(body, edited), share_words(body, halved)) > 1.5 * MIN_SHARED_RUNS
