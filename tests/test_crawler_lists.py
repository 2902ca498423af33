"""Cards of list pages in markup that puts a story's link, title, author and date in any order."""

import json
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any

import pytest

from crawler.platforms import read_page
from crawler.platforms.base import ArticleCard, Page
from crawler.platforms.vocal.addresses import address_kind, canonical_url

SEEN_AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
STORIES = [
    ("The Tin Orchard", "tin-orchard", "Ada Moss", "3 days ago", "2026-11-20"),
    ("Salt for the Clock", "salt-clock", "Bo Lind", "a day ago", "2026-11-22"),
    ("A Ferry in Winter", "ferry-winter", "Cleo Vossa", "about an hour ago", "2026-11-23"),
]
FOOT = "<footer><p>Find us on social media</p><p>© 2026 Creatd, Inc. All Rights Reserved.</p></footer>"


def cards_of(html: str, head: str = "") -> tuple[ArticleCard, ...]:
    page = read_page(
        f"<html><head><title>Fiction | Vocal</title>{head}</head><body><h1>Fiction</h1>{html}{FOOT}</body></html>",
        "https://vocal.media/fiction",
        seen_at=SEEN_AT,
        platform="vocal",
    )
    assert page.kind == "list"
    return tuple(page.cards)


CARDS = {
    "author and date above the title": (
        '<section><a href="/authors/{handle}">{author}</a> <time>{ago}</time>'
        '<h3><a href="/fiction/{slug}?via=home">{title}</a></h3><p><a href="/fiction/{slug}">Some words.</a></p>'
        "</section>"
    ),
    "only the last link leads to the story": (
        "<div><h4>{title}</h4><p>Some words.</p><div><span>{author}</span> • <span>{ago}</span></div>"
        '<a href="/fiction/{slug}">Read more</a></div>'
    ),
    "one link around everything": (
        '<div><a href="/fiction/{slug}"><div>{title}</div><p>By {author}{ago} in Fiction</p></a></div>'
    ),
    "nothing around a card": (
        '<h2><a href="/fiction/{slug}">{title}</a></h2><p>By <a href="/authors/{handle}">{author}</a>{ago}</p>'
    ),
}


@pytest.mark.parametrize("name", CARDS)
def test_a_card_has_its_own_title_author_and_date(name: str) -> None:
    html = "".join(
        CARDS[name].format(title=title, slug=slug, author=author, handle=slug, ago=ago)
        for title, slug, author, ago, _ in STORIES
    )
    cards = cards_of(html)
    assert [(card.headline, card.author_name) for card in cards] == [
        (title, author) for title, _, author, _, _ in STORIES
    ]
    for card, (*_, day) in zip(cards, STORIES, strict=True):
        assert card.published_bounds is not None
        earliest, latest = card.published_bounds
        assert earliest.date().isoformat() <= day <= latest.date().isoformat()


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("Published January 5, 2024 in Journal", "2024-01-05"),
        ("5 Jan 2024", "2024-01-05"),
        ("Jan 5", "2026-01-05"),
        ("2024-01-05", "2024-01-05"),
        ("3d", "2026-11-20"),
        ("last week", "2026-11-14"),
    ],
)
def test_a_card_may_name_a_day_or_a_short_age(printed: str, day: str) -> None:
    html = (
        '<article><h2><a href="/fiction/{slug}">{title}</a></h2>'
        '<p><a href="/authors/{slug}">{author}</a> <span>{printed}</span></p></article>'
    )
    for card in cards_of(
        "".join(
            html.format(title=title, slug=slug, author=author, printed=printed)
            for title, slug, author, _, _ in STORIES
        )
    ):
        assert card.published_bounds is not None
        earliest, latest = card.published_bounds
        assert earliest.date().isoformat() <= day <= latest.date().isoformat()


def test_an_advertisement_between_cards_gives_the_card_above_nothing() -> None:
    html = (
        '<div><h2><a href="/fiction/tin">The Tin Orchard</a></h2><p>Ada Moss</p><p>3 days ago</p></div>'
        '<div><a href="https://shop.example/">Kettles</a><p>By <a href="/authors/kettles">Kettle Shop</a></p></div>'
        '<div><h2><a href="/fiction/salt">Salt</a></h2><p>Bo Lind</p><p>2 days ago</p></div>'
    )
    assert [card.author_name for card in cards_of(html)] == ["Ada Moss", "Bo Lind"]


def test_a_title_may_have_the_words_of_a_byline() -> None:
    html = "".join(
        f'<div><{tag}><a href="/fiction/s{at}">{title}</a></{tag}>'
        f'<p>By <a href="/authors/ada">Ada Moss</a>3 days ago</p></div>'
        for at, (tag, title) in enumerate([("div", "By the River"), ("h3", "Salt")])
    )
    assert [(card.headline, card.author_name) for card in cards_of(html)] == [
        ("By the River", "Ada Moss"),
        ("Salt", "Ada Moss"),
    ]


@pytest.mark.parametrize(
    "card",
    [
        '<section><a href="/authors/ada">Ada Moss</a> 3 days ago<h3><a href="/fiction/tin">The Tin Orchard</a></h3></section>',
        '<div><h4>The Tin Orchard</h4><p>Ada Moss</p><p>3 days ago</p><a href="/fiction/tin">Read more</a></div>',
        '<div><a href="/fiction/tin"><h3>The Tin Orchard</h3></a><p><a href="/authors/ada">Ada Moss</a> <span>3 days ago'
        "</span> <span>5 min read</span> <span>12</span> <span>4</span></p></div>",
        '<div><h3><a href="/fiction/tin">The Tin Orchard</a></h3><p>By Ada Moss on November 20, 2026</p></div>',
    ],
)
def test_a_card_is_read_where_it_is_the_only_one(card: str) -> None:
    [found] = cards_of(f"<div><p>Tales of all kinds.</p>{card}</div>")
    assert (found.headline, found.author_name) == ("The Tin Orchard", "Ada Moss")
    assert found.published_bounds is not None


@pytest.mark.parametrize(
    ("pager", "page"),
    [
        (
            '<a href="?page=2" title="Previous page">&lt;</a><a href="?page=4" title="Next page">&lt;i&gt;</a>',
            4,
        ),
        ('<a href="?page=2">&lt;</a><a href="?page=4">&gt;</a>', 4),
        ('<a href="?page=2">Page 2</a><a href="?page=4">Page 4</a>', 4),
        ('<a href="?page=2"><svg></svg></a><a href="?page=4"><svg></svg></a>', 4),
        ('<a href="?page=2">Previous</a><a class="link disabled" href="?page=4">Next</a>', None),
        ('<a href="?page=2"><svg></svg></a><a href="?page=1"><svg></svg></a>', None),
    ],
)
def test_the_next_page_by_any_sign_of_it(pager: str, page: int | None) -> None:
    address = "https://vocal.media/fiction/latest-stories?page="
    found = read_page(
        f'<html><body><h1>Fiction</h1><h2><a href="/fiction/tin">The Tin Orchard</a></h2>{pager}{FOOT}</body></html>',
        f"{address}3",
        seen_at=SEEN_AT,
        platform="vocal",
    )
    assert found.links.next_page == (f"{address}{page}" if page else None)


@pytest.mark.parametrize(
    "path", ["", "/latest-stories", "/fiction", "/fiction/top-stories", "/fiction/tag/ferns"]
)
@pytest.mark.parametrize(
    ("here", "pager", "following"),
    [
        ("", '<a href="{path}/page/2">Next</a>', "/page/2"),
        ("/page/2", '<a href="{path}/">Previous</a><a href="{path}/page/3/">Next</a>', "/page/3"),
        ("/page/2", '<a href="{path}">1</a><b>2</b><a href="{path}/page/3">3</a>', "/page/3"),
        (
            "/page/2",
            '<a href="{path}/page/1">‹</a><a rel="next" href="{path}/page/3?sort=new">›</a>',
            "/page/3",
        ),
        ("/page/3", '<a href="{path}/page/2">2</a><b>3</b>', None),
        ("/page/3", '<a href="{path}/page/2">Previous</a><a href="/horror/page/4">Next</a>', None),
    ],
)
def test_a_list_may_be_paged_by_its_path(path: str, here: str, pager: str, following: str | None) -> None:
    own = f"https://vocal.media{path}"
    found = read_page(
        f'<html><body><h1>Fiction</h1><h2><a href="/fiction/tin">The Tin Orchard</a></h2>'
        f"{pager.format(path=path)}{FOOT}</body></html>",
        f"{own}{here}",
        seen_at=SEEN_AT,
        platform="vocal",
    )
    assert (found.kind, found.url) == ("list", f"{own}{here}" if path or here else f"{own}/")
    assert found.links.articles == ("https://vocal.media/fiction/tin",)
    assert found.links.next_page == (f"{own}{following}" if following else None)


def test_a_story_linked_from_each_of_many_boxes_is_read_in_no_time() -> None:
    html = '<div><a href="/fiction/tin">Tin</a>' * 200 + "</div>" * 200
    started = process_time()
    assert [card.headline for card in cards_of(html)] == ["Tin"]
    assert process_time() - started < 20


@pytest.mark.parametrize("by", ["By ", "by ", ""])
@pytest.mark.parametrize("tag", ["div", "span", "h3"])
def test_a_byline_between_picture_and_title_is_not_the_title(by: str, tag: str) -> None:
    html = "".join(
        f'<article><a href="/fiction/{slug}"><img src="/{slug}.jpg" alt=""></a><div>{by}<a href="/authors/ann">Ann Low</a>'
        f'<span>3 days ago</span> in <a href="/fiction">Fiction</a></div><a href="/fiction/{slug}"><{tag}>{title}</{tag}></a>'
        "</article>"
        for slug, title in (("tin", "The Tin Orchard"), ("by-the-river", "By the River"))
    )
    assert [(card.headline, card.author_name) for card in cards_of(html)] == [
        ("The Tin Orchard", "Ann Low"),
        ("By the River", "Ann Low"),
    ]


BYLINES = {
    "a link and a date": '<p>By <a href="/authors/ann">Ann Low</a> 3 days ago in Fiction</p>',
    "glued": "<p>By Ann Low3 days ago in Fiction</p>",
    "name and date apart": "<div>By Ann Low</div><div>3 days ago in Fiction</div>",
    "a link and a date apart": '<div><a href="/authors/ann">Ann Low</a></div><div>Published 3 days ago</div>',
}


@pytest.mark.parametrize("byline", BYLINES)
@pytest.mark.parametrize(
    "dek", ["By the light of the moon", "By and by", "By Cleo Vossa, retold", "By Candlelight"]
)
def test_a_standfirst_that_begins_with_by_names_no_author(dek: str, byline: str) -> None:
    html = "".join(
        f'<article><h2><a href="/fiction/{slug}">{title}</a></h2><p>{dek}</p>{BYLINES[byline]}</article>'
        for title, slug in (("Tin", "tin"), ("Salt", "salt"))
    )
    assert [(card.headline, card.author_name) for card in cards_of(html)] == [
        ("Tin", "Ann Low"),
        ("Salt", "Ann Low"),
    ]


@pytest.mark.parametrize(("line", "author"), [("By Ann Low", "Ann Low"), ("By the light of the moon", None)])
def test_a_byline_without_a_date_counts_where_there_is_no_other(line: str, author: str | None) -> None:
    html = "".join(
        f'<article><h2><a href="/fiction/{slug}">{slug}</a></h2><p>{line}</p><p>Some words.</p></article>'
        for slug in ("tin", "salt")
    )
    assert [card.author_name for card in cards_of(html)] == [author, author]


def test_an_author_thanked_in_a_standfirst_is_not_its_author() -> None:
    html = "".join(
        f'<article><h2><a href="/fiction/{slug}">{slug}</a></h2><p>For <a href="/authors/bo">Bo Lind</a>.</p>'
        f"{BYLINES['a link and a date']}</article>"
        for slug in ("tin", "salt")
    )
    assert [card.author_name for card in cards_of(html)] == ["Ann Low", "Ann Low"]


@pytest.mark.parametrize(
    "badges",
    [
        "<span>Content Warning</span><span>AI-Generated</span>",
        "<p><span>Content Warning</span> <span>AI-Generated</span></p>",
        "<div>Content Warning</div><div>AI-Generated.</div>",
    ],
)
def test_badges_may_stand_side_by_side(badges: str) -> None:
    html = "".join(
        f'<article><h2><a href="/fiction/{slug}">{slug}</a></h2>{badges}{BYLINES["glued"]}</article>'
        for slug in ("tin", "salt")
    )
    assert [card.badges for card in cards_of(html)] == [("Content Warning", "AI-Generated")] * 2


MENTION = '<a href="/fiction/ferry">A Ferry in Winter</a>'


@pytest.mark.parametrize(
    "card",
    [
        f'<article><h2><a href="/fiction/tin">Tin</a></h2><p>A reply to {MENTION}</p>{{by}}</article>',
        f'<div><a href="/fiction/tin"><img src="/t.jpg" alt=""></a><div><a href="/fiction/tin">Tin</a></div>'
        f"<div>Part two of {MENTION}, at last.</div>{{by}}</div>",
        f'<li><a href="/fiction/tin"><h3>Tin</h3></a><p>What came after {MENTION}</p>{{by}}</li>',
        f'<article><h2><a href="/fiction/tin">Tin</a></h2><p>{MENTION} was the first part.</p>{{by}}</article>',
        f'<article><h2><a href="/fiction/tin">Tin</a></h2><p>After {MENTION} and <a href="/fiction/x-y">X</a>.</p>{{by}}'
        "</article>",
    ],
)
@pytest.mark.parametrize("is_listed", [True, False])
def test_a_story_named_in_anothers_standfirst_takes_nothing_of_it(card: str, is_listed: bool) -> None:
    by = BYLINES["a link and a date"]
    others = [("Salt", "salt"), ("A Ferry in Winter", "ferry")] if is_listed else [("Salt", "salt")]
    html = card.format(by=by) + "".join(
        f'<article><h2><a href="/fiction/{slug}">{title}</a></h2>{by.replace("Ann Low", "Bo Lind")}</article>'
        for title, slug in others
    )
    cards = [(card.headline, card.author_name, card.published_bounds is not None) for card in cards_of(html)]
    assert cards == [("Tin", "Ann Low", True), *((title, "Bo Lind", True) for title, _ in others)]


def test_a_list_of_links_with_words_before_them_is_a_list() -> None:
    html = "".join(
        f'<div>New and good: <a href="/fiction/{slug}">{slug}</a></div>' for slug in ("tin", "salt")
    )
    assert [card.url.rpartition("/")[2] for card in cards_of(html)] == ["tin", "salt"]
    assert [card.url.rpartition("/")[2] for card in cards_of(f"<ul>{html.replace('div', 'li')}</ul>")] == [
        "tin",
        "salt",
    ]


def test_a_title_beside_its_authors_name_ends_where_its_link_does() -> None:
    html = "".join(
        f'<div><a href="/fiction/{slug}">{title}</a><a href="/authors/ada">Ada Moss</a></div>'
        for title, slug in (("The Tin Orchard", "tin"), ("Salt", "salt"))
    )
    assert [(card.headline, card.author_name) for card in cards_of(html)] == [
        ("The Tin Orchard", "Ada Moss"),
        ("Salt", "Ada Moss"),
    ]


@pytest.mark.parametrize(
    "line", ["{link} by Ann Low", "1. {link} by Ann Low, 3 days ago", "{link} – by Ann Low"]
)
def test_a_story_and_its_author_in_one_line(line: str) -> None:
    html = "".join(
        "<li>" + line.format(link=f'<a href="/fiction/{slug}">{title}</a>') + "</li>"
        for title, slug in (("The Tin Orchard", "tin"), ("Stand by Me", "stand"))
    )
    assert [(card.headline, card.author_name) for card in cards_of(f"<ul>{html}</ul>")] == [
        ("The Tin Orchard", "Ann Low"),
        ("Stand by Me", "Ann Low"),
    ]


@pytest.mark.parametrize(
    "date",
    [
        '<p>By Ann Low</p><time datetime="2026-11-01T00:00:00Z">Nov 1</time>',
        '<p>By Ann Low</p><p><time datetime="2026-11-01T00:00:00Z"></time> Fiction</p>',
        '<p>By Ann Low <time datetime="2026-11-01T00:00:00Z">November 1</time> in Fiction</p>',
    ],
)
def test_an_exact_date_is_not_the_author(date: str) -> None:
    html = "".join(
        f'<article><h2><a href="/fiction/{slug}">{slug}</a></h2>{date}</article>' for slug in ("tin", "salt")
    )
    assert [(card.author_name, card.published_bounds is not None) for card in cards_of(html)] == [
        ("Ann Low", True)
    ] * 2


def test_the_only_card_of_a_page_keeps_what_stands_below_its_date() -> None:
    [card] = cards_of(
        '<div><article><h2><a href="/fiction/tin">The Tin Orchard</a></h2><p>Ada Moss</p><p>3 days ago</p>'
        "<span>Content Warning</span></article></div>"
    )
    assert (card.author_name, card.badges) == ("Ada Moss", ("Content Warning",))


MICRODATA = (
    '<div itemscope itemtype="https://schema.org/BlogPosting"><h2><a itemprop="url" href="/fiction/{slug}">'
    '<span itemprop="headline">{title}</span></a></h2><p itemprop="author" itemscope '
    'itemtype="https://schema.org/Person"><span itemprop="name">{author}</span></p>'
    '<meta itemprop="datePublished" content="{day}T10:00:00Z"></div>'
)


def test_what_a_card_tells_only_machines_is_read() -> None:
    html = "".join(
        MICRODATA.format(title=title, slug=slug, author=author, day=day)
        for title, slug, author, _, day in STORIES
    )
    cards = cards_of(html)
    assert [(card.headline, card.author_name) for card in cards] == [
        (title, author) for title, _, author, _, _ in STORIES
    ]
    assert [card.published_bounds and card.published_bounds[0].date().isoformat() for card in cards] == [
        day for *_, day in STORIES
    ]


@pytest.mark.parametrize(
    ("kind", "name"), [("Blog", "blogPost"), ("CollectionPage", "hasPart"), ("ItemList", "itemListElement")]
)
def test_stories_that_only_json_ld_lists_are_read(kind: str, name: str) -> None:
    stories: list[dict[str, Any]] = [
        {
            "@type": "BlogPosting",
            "headline": title,
            "url": f"https://vocal.media/fiction/{slug}",
            "datePublished": f"{day}T10:00:00Z",
            "author": {"@type": "Person", "name": author},
        }
        for title, slug, author, _, day in STORIES
    ]
    told = json.dumps({"@context": "https://schema.org", "@type": kind, name: stories})
    cards = cards_of("", f'<script type="application/ld+json">{told}</script>')
    assert [(card.headline, card.author_name) for card in cards] == [
        (title, author) for title, _, author, _, _ in STORIES
    ]


@pytest.mark.parametrize(
    "wrapped",
    [
        "https://web.archive.org/web/20261120120000/https://vocal.media/poets/ode",
        "http://web.archive.org/web/2026/http://www.vocal.media:80/poets/ode/?via=x",
        "https://vocal.media/web/20261120120000/https://vocal.media/poets/ode",
        "https://vocal.media/web/20261120120000/https:/vocal.media/poets/ode",
        "https://vocal.media/web/20261120120000if_/https://vocal.media/poets/ode#comments",
    ],
)
def test_an_archived_address_is_the_one_it_keeps(wrapped: str) -> None:
    assert canonical_url(wrapped) == "https://vocal.media/poets/ode"
    assert address_kind(wrapped) == "story"


def test_a_storys_own_slug_may_be_web() -> None:
    assert canonical_url("https://vocal.media/web/2026-in-review") == "https://vocal.media/web/2026-in-review"


@pytest.mark.parametrize("origin", ["", "https://web.archive.org"])
@pytest.mark.parametrize("address", ["", "https://web.archive.org/web/20261120120000/"])
def test_an_archived_list_leads_to_the_stories_themselves(address: str, origin: str) -> None:
    wrap = f"{origin}/web/20261120120000/https://vocal.media"
    html = "".join(
        f'<article><h2><a href="{wrap}/fiction/{slug}">{title}</a></h2>'
        f'<p>By <a href="{wrap}/authors/{slug}">{author}</a> {ago} in <a href="{wrap}/fiction">Fiction</a></p></article>'
        for title, slug, author, ago, _ in STORIES
    )
    page = read_page(
        f'<html><body><h1>Fiction</h1>{html}<a href="{wrap}/fiction/latest-stories?page=2">Next</a>{FOOT}</body></html>',
        f"{address}https://vocal.media/fiction/latest-stories",
        seen_at=SEEN_AT,
        platform="vocal",
    )
    assert page.url == "https://vocal.media/fiction/latest-stories"
    assert [card.url for card in page.cards] == [
        f"https://vocal.media/fiction/{slug}" for _, slug, *_ in STORIES
    ]
    assert page.links.next_page == "https://vocal.media/fiction/latest-stories?page=2"


SHORT_LISTS = {
    "articles with teasers": '<article><h2><a href="{url}">{title}</a></h2><time datetime="2026-03-02">2 March 2026</time>'
    "<p>{teaser}</p></article>",
    "items": '<li><a href="{url}"><h3>{title}</h3></a><p>{teaser}</p></li>',
    "boxes with days": '<div><h3><a href="{url}">{title}</a></h3><p>3 March 2026</p></div>',
    "lines": '<li><a href="{url}">{title}</a> <span>2 March 2026</span></li>',
    "headings without boxes": '<h2><a href="{url}">{title}</a></h2><p>{teaser}</p>',
}
TEASED = [
    (
        "Mending nets in winter",
        "/2026/mending-nets",
        "Nobody came to mend the nets that year, so the gulls did.",
    ),
    ("Gulls on the roof again", "/2026/gulls-again", "They took the slates first and then the weather vane."),
]


def plain_page(html: str, url: str) -> Page:
    head = "<header><a href='/'>Harbor</a><nav><a href='/about'>About</a></nav></header>"
    return read_page(
        f"<html><head><title>Harbor</title></head><body>{head}<main>{html}</main><footer><p>© 2026 Harbor</p></footer></body></html>",
        url,
        seen_at=SEEN_AT,
    )


@pytest.mark.parametrize("n_cards", [2, 3])
@pytest.mark.parametrize("name", SHORT_LISTS)
def test_a_list_of_an_unknown_site_may_be_short(name: str, n_cards: int) -> None:
    teased = [*TEASED, ("Salt for the tide clock", "/2026/salt", "It stopped in May.")][:n_cards]
    html = "".join(
        SHORT_LISTS[name].format(title=title, url=url, teaser=teaser) for title, url, teaser in teased
    )
    page = plain_page(f"<h1>Archive</h1>{html}", "https://harbor.example/archive")
    assert (page.platform, page.kind) == ("generic", "list")
    assert [card.headline for card in page.cards] == [title for title, _, _ in teased]


@pytest.mark.parametrize("around", ["{}", "<aside>{}</aside>", "<div><h3>Related</h3>{}</div>"])
@pytest.mark.parametrize("name", SHORT_LISTS)
def test_two_teasers_beside_a_note_make_no_list(name: str, around: str) -> None:
    html = "".join(
        SHORT_LISTS[name].format(title=title, url=url, teaser=teaser) for title, url, teaser in TEASED
    )
    note = (
        "<h1>A note on nets</h1><p>The nets are for sale, all of them, and the gulls come with the roof.</p>"
    )
    page = plain_page(note + around.format(html), "https://harbor.example/2026/a-note-on-nets")
    assert page.kind != "list"


def test_two_bare_links_make_no_list() -> None:
    links = "".join(f'<p><a href="{url}">{title}</a></p>' for title, url, _ in TEASED)
    assert plain_page(f"<h1>Elsewhere</h1>{links}", "https://harbor.example/links").kind == "unknown"


ROWS = {
    "counts after the date": '<h3><a href="/fiction/{slug}">{title}</a></h3><div><a href="/authors/x">{author}</a> · {ago} · 4 min read · 12 comments</div>',
    "a dash before the date": '<li><a href="/fiction/{slug}">{title}</a> by {author} – {ago}</li>',
    "cells": '<tr><td><a href="/fiction/{slug}">{title}</a></td><td>{author}</td><td>{ago}</td></tr>',
    "cells under a head": '<tr><td>{ago}</td><td><a href="/fiction/{slug}">{title}</a></td><td><a href="/authors/x">{author}</a></td></tr>',
    "pieces of one link": '<div><a href="/fiction/{slug}"><span>{title}</span><span>By {author}</span><span>{ago}</span></a></div>',
    "author and date above": '<li><div><a href="/authors/x">{author}</a><span>{ago}</span></div><a href="/fiction/{slug}"><h3>{title}</h3><p>Words.</p></a></li>',
}


@pytest.mark.parametrize("n_cards", [1, 3])
@pytest.mark.parametrize("name", ROWS)
def test_a_card_by_an_author_with_initials_beside_help_in_the_foot(name: str, n_cards: int) -> None:
    told = [
        ("By the River", "river", "Jon Smith Jr.", "3 days ago"),
        ("Is It June Yet?", "june", "D. K. Amari", "a day ago"),
        ("Moss", "moss", "Fay", "2 months ago"),
    ][:n_cards]
    html = "".join(ROWS[name].format(title=t, slug=s, author=a, ago=ago) for t, s, a, ago in told)
    if name.startswith("cells"):
        head = "<thead><tr><th>When</th><th>Story</th><th>Author</th></tr></thead>" if "head" in name else ""
        html = f"<table>{head}<tbody>{html}</tbody></table>"
    cards = cards_of(f'{html}<footer><a href="/resources/help">Help</a></footer>')
    assert [(card.headline, card.author_name) for card in cards] == [(t, a) for t, _, a, _ in told]
    assert all(card.published_bounds is not None for card in cards)


def test_the_next_page_may_be_named_in_a_label_alone() -> None:
    pager = '<a href="?page=2" aria-label="Go to previous page"><svg></svg></a><a href="?page=4" aria-label="Go to next page"><svg></svg></a>'
    own = "https://vocal.media/fiction/latest-stories?page="
    html = f'<html><body><h1>Fiction</h1><h2><a href="/fiction/tin">Tin</a></h2>{pager}{FOOT}</body></html>'
    for here in (own + "3", own.partition("?")[0]):
        page = read_page(html, here, seen_at=SEEN_AT, platform="vocal")
        assert page.links.next_page == f"{own}4"


ROW = "".join(
    f'<div><h4><a href="/fiction/{slug}">{title}</a></h4><p>By {author}{ago}</p></div>'
    for title, slug, author, ago, _ in STORIES
)


@pytest.mark.parametrize(
    ("link", "next_url"),
    [
        ('<link rel="next" href="/fiction?page=2">', "https://vocal.media/fiction?page=2"),
        ('<link rel="next" href="/fiction">', None),
        ('<link rel="next" href="/poets?page=2">', None),
        ('<link rel="next" href="/poets?page=2"><link rel="next" href="/fiction?page=2">', "https://vocal.media/fiction?page=2"),
        ('<link rel="next" href="javascript:x()">', None),
        ("", None),
    ],
)  # fmt: skip
def test_the_next_page_is_another_of_the_same_list(link: str, next_url: str | None) -> None:
    html = f"<html><head><title>Fiction | Vocal</title>{link}</head><body><h1>Fiction</h1>{ROW}{FOOT}</body></html>"
    page = read_page(html, "https://vocal.media/fiction", seen_at=SEEN_AT, platform="vocal")
    assert (page.kind, len(page.cards), page.links.next_page) == ("list", 3, next_url)


def test_a_saved_list_without_an_address_leads_on_where_it_says() -> None:
    head = '<link rel="next" href="https://vocal.media/fiction?page=2">'
    row = ROW.replace('href="/', 'href="https://vocal.media/')
    html = f"<html><head><title>Fiction | Vocal</title>{head}</head><body><h1>Fiction</h1>{row}{FOOT}</body></html>"
    page = read_page(html, None, seen_at=SEEN_AT, platform="vocal")
    assert (page.kind, page.links.next_page) == ("list", "https://vocal.media/fiction?page=2")


@pytest.mark.parametrize("href", ["http://[", "javascript:x()", "#top", ""])
def test_a_link_to_nowhere_is_no_card(href: str) -> None:
    assert len(cards_of(f'{ROW}<div><h4><a href="{href}">Nowhere</a></h4><p>By Ann2 days ago</p></div>')) == 3


def listed(*items: object) -> str:
    told = json.dumps({"@type": "ItemList", "itemListElement": list(items)})
    return f'<script type="application/ld+json">{told}</script>'


TIN = {"@type": "BlogPosting", "headline": "The Tin Orchard", "url": "/fiction/tin-orchard"}


@pytest.mark.parametrize(
    "item",
    [
        TIN, {"@type": "ListItem", "item": "/fiction/tin-orchard"}, {"@type": "ListItem", "url": "/fiction/tin-orchard?via=x"},
        {"@type": "ListItem", "item": TIN},
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "other", ["words", None, {"@type": "ListItem"}, {"url": "/authors/ada"}, {"url": 7}, {"url": "http://["}]
)
def test_what_a_list_declares_beside_stories_is_no_card(item: object, other: object) -> None:
    assert [card.url for card in cards_of("", listed(other, item, item, other))] == [
        "https://vocal.media/fiction/tin-orchard"
    ]


def test_a_state_tells_each_story_of_a_list_once() -> None:
    post = {
        "title": "The Tin Orchard",
        "slug": "tin-orchard",
        "publishedAt": "2026-11-20",
        "site": {"slug": "fiction"},
        "author": "Ada",
    }
    told = json.dumps(
        {"posts": [post, post, post | {"slug": "x", "site": None}, post | {"slug": "salt-clock"}]}
    )
    found = cards_of(f'<script id="__NEXT_DATA__" type="application/json">{told}</script>')
    assert [card.url.rsplit("/", 1)[1] for card in found] == ["tin-orchard", "salt-clock"]


@pytest.mark.parametrize(
    "own",
    [{}, {"url": "/authors/ada-moss"}, {"url": "http://["}, {"url": "https://other.example/fiction/tin"}],
)
def test_an_article_that_is_told_without_a_storys_address_is_no_card(own: dict[str, str]) -> None:
    node = json.dumps({"@type": "BlogPosting", "headline": "The Tin Orchard"} | own)
    head = f'<script type="application/ld+json">{node}</script>'
    assert len(cards_of(ROW, head)) == 3
    assert cards_of("", head) == ()


def test_a_card_ends_where_the_page_of_a_heading_begins() -> None:
    words = "<p>Words about it.</p>" * 80
    card = f'<div><h4><a href="/fiction/tin-orchard">The Tin Orchard</a></h4>{words}</div>'
    assert [card.headline for card in cards_of(f"{card}{ROW}")][:1] == ["The Tin Orchard"]


BY_IN_PIECES = [
    "By {name}{age} in Fiction",
    "<span>By </span><span>{name}</span><span>{age}</span><span> in </span><span>Fiction</span>",
    '<a href="/authors/x">{name}</a><span>Published {age} in <a href="/fiction">Fiction</a></span>',
    '<a href="/authors/x">{name}</a> · <span>{age}</span> · <a href="/fiction">Fiction</a>',
    "{name} • {age} • Fiction • 4 min read",
]


@pytest.mark.parametrize("byline", BY_IN_PIECES)
@pytest.mark.parametrize(("age", "days"), [("a day ago", 1), ("19 days ago", 19), ("about a month ago", 30)])
@pytest.mark.parametrize(
    "name", ["Raphael Fontaine", "Vera @ Vocal", "Raise Your Oar by Vocal", "Ann .", "M. Lin - Host of Tides"]
)
def test_a_name_that_ends_in_the_bylines_words_stays_whole(
    byline: str, age: str, days: int, name: str
) -> None:
    words = "<p>By the time the ferry came, it was two days ago.</p>"
    said = byline.format(name=name, age=age)
    [card] = cards_of(f'<div><h3><a href="/fiction/ferry">The Ferry</a></h3>{words}<div>{said}</div></div>')
    assert (card.headline, card.author_name) == ("The Ferry", name)
    assert card.published_bounds is not None
    assert card.published_bounds[0] <= SEEN_AT - timedelta(days=days) <= card.published_bounds[1]


def test_appended_badges_may_each_end_in_a_full_stop() -> None:
    title = "Is It Calm?. Top Story - May 2026.. Content Warning."
    [card] = cards_of(f'<div><h3><a href="/fiction/calm">{title}</a></h3><p>By Ann2 days ago</p></div>')
    assert (card.headline, card.badges) == ("Is It Calm?", ("Top Story - May 2026", "Content Warning"))
