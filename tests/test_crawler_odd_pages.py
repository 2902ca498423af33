"""Pages on which the reader fell, or took far longer than for others of their size; and words that were lost."""

import json
from typing import Any

import pytest

from crawler.platforms import read_page
from crawler.platforms.base import Page
from tests.test_crawler_discussions import comments_of, item, link, told
from tests.test_crawler_frames import CREDITED, HERO, got, read
from tests.test_crawler_layouts import BODY, P1, P2, SEEN_AT, URL, base, story, value_of


@pytest.mark.parametrize(
    "html",
    [
        "<html><body><h1>Sign in</h1><p>By signing in you agree to our terms.</p></body></html>",
        "<html><body><h1>404</h1><p>By Ann</p></body></html>",
    ],
)
def test_a_short_page_that_begins_a_line_with_by_is_no_story(html: str) -> None:
    assert read(html).article is None


def test_a_last_comment_may_begin_with_by() -> None:
    [found] = comments_of(item("Bo", "By the way, I loved it."), 1)
    assert found.body_text == "By the way, I loved it."


@pytest.mark.parametrize("number", ["3,000,000,000", "1,111,111,111,111,111", "9" * 4_600])
@pytest.mark.parametrize("place", ["<div>{}</div>", "<h3>Comments ({})</h3>", "<div>Likes ({})</div>"])
def test_no_number_loses_a_page(number: str, place: str) -> None:
    for html in (
        story(hero=place.format(number)),
        story(after=place.format(number)),
        story(comments=f"<section>{place.format(number)}<p>Sign in to comment</p></section>"),
    ):
        article = read(html).article
        assert article is not None
        assert (article.like_count, article.headline) == (None, "The Tide Clock")


def _grown(size: int) -> dict[str, str]:
    many = range(size)
    return {
        "a style of backgrounds": f'<div role="img" style="{"background: url( " * size}"></div>',
        "a style of blanks": f'<div role="img" style="background:url({" " * size * 10}"></div>',
        "labels in boxes": "<div>" * 100 + "<div><p>Subscribe</p><p>x</p></div>" * 20 + "<p>x</p>" * size,
        "pictures of the author": f"<h3>About the Creator</h3>{'<img src=/a.jpg>' * size}<p>Ida Moss</p>",
        "dates under paragraphs": "".join(f"<div><p>{P1}</p><div>3 days ago</div></div>" for _ in many),
        "threads of two": "".join(f"<div>{item('Ann', 'x')}{item('Bo', 'y')}</div>" for _ in many),
        "support under the author": f"<h3>About the Creator</h3>{'<p>x</p>' * size}<p>Enjoyed the story?</p>",
        "tabs of the discussion": "<button>Comments</button>" * size * 5,
        "comments of loose words": "".join(f"{link('Bo')}<div>2 years ago</div>said <i>so</i>" for _ in many),
        "labels under comments": "<h3>Comments (1)</h3><p>Sign in to comment</p>"
        + "<p>Keep reading</p><p>word</p>" * size,
    }


@pytest.mark.parametrize("kind", _grown(1))
def test_no_page_takes_longer_than_its_size_allows(kind: str) -> None:
    """The pages have up to 400 KB; each was read in minutes, or not to its end."""
    page = read(story(comments=f"<section>{_grown(4_000)[kind]}</section>"))
    assert page.kind == "article"


def test_a_story_may_ask_its_readers_to_subscribe_line_after_line() -> None:
    """The page has 400 KB; each line was held against every line below it."""
    page = read(story(PLAIN.format("<p>Subscribe to read on</p>" * 15_000)))
    assert page.kind == "article"


PLAIN = f"<p>{P1}</p><p>The tide is out and no one calls.</p>{{}}<p>{P2}</p>"


@pytest.mark.parametrize(
    "kept",
    [
        "<p>Keep reading</p>",
        "<p>Subscribe</p>",
        "<p>Enjoyed the story? Leave a like!</p>",
        "<h2>Newsletter</h2>",
        "<blockquote><p>The tide is out</p><p>Keep reading</p></blockquote>",
        "<ul><li>One</li><li>Subscribe</li></ul>",
        "<p>Members only</p>",
        "<h2>You must be logged in to see the stars</h2>",
        "<p><a href='https://vocal.media/poets/another'>By the river</a></p>",
        "<table><tr><td>Monday</td><td>17</td></tr></table>",
    ],
)
@pytest.mark.parametrize("body", [PLAIN, "<p>The tide is out.</p><p>A gull, a rope.</p>{}"])
def test_the_authors_words_stay_though_a_site_uses_them_too(kept: str, body: str) -> None:
    page = read(story(body=body.format(kept)))
    assert page.article is not None
    shown = " ".join(body.format(kept).replace("<", " <").split())
    words = [word for word in shown.replace(">", "> ").split() if "<" not in word and ">" not in word]
    missing = [word for word in words if word not in page.article.body_text and "=" not in word]
    assert (missing, page.article.access) == ([], "free")


@pytest.mark.parametrize("line", ["She left.", "You must be logged in to see the stars"])
def test_a_story_may_be_one_line(line: str) -> None:
    assert got(story(body=f"<p>{line}</p>", hero=HERO), "kind", "body_text") == {
        "kind": "article",
        "body_text": line,
    }


@pytest.mark.parametrize("title", ["1984", "300", "Top Story", "42"])
def test_a_headline_may_be_a_number_or_a_badges_words(title: str) -> None:
    html = story(head=f"<h1>{title}</h1><h2>What a cold morning taught me</h2>")
    assert got(html, "headline", "dek") == {"headline": title, "dek": "What a cold morning taught me"}


def test_the_first_chapters_number_is_no_like() -> None:
    body = f"<p>1</p><p>{P1}</p><p>2</p><p>{P2}</p>"
    assert got(story(body=body, hero=HERO), "body_text", "like_count") == {
        "body_text": f"1\n\n{P1}\n\n2\n\n{P2}",
        "like_count": None,
    }


@pytest.mark.parametrize("alt", ["Ida Moss at sea", "Ida Mosses"])
def test_a_hero_may_be_called_like_its_author(alt: str) -> None:
    assert got(story(hero=HERO.replace("A clock", alt)), "hero") == {
        "hero": (CREDITED[0], alt, *CREDITED[2:])
    }


def test_a_caption_may_be_a_dot() -> None:
    html = story(hero=HERO.replace("Photo by Jo Ek on Unsplash", "•"))
    assert got(html, "body_text") == {"body_text": base["body_text"]}


def test_a_word_set_small_stays_in_the_headline() -> None:
    wanted: dict[str, Any] = {"headline": "The Lake", "dek": None}
    assert got(story(head="<h1>The <small>Lake</small></h1>"), *wanted) == wanted


@pytest.mark.parametrize("mark", ["© 1999 Ann Lee", "Find us on social media", "Miscellaneous links"])
def test_a_footers_words_in_a_comment_end_nothing(mark: str) -> None:
    rows = "".join(
        f"<p>{link(name)} 2 days ago</p><p>One.</p><p>{mark}</p><p>It was.</p>"
        for name in ("Ann", "Bo", "Cy")
    )
    found = comments_of(rows, 3)
    assert [each.author_name for each in found] == ["Ann", "Bo", "Cy"]
    assert all(mark in each.body_text for each in found[:2])


@pytest.mark.parametrize("words", ["$5", "+4", "10 points", "Likes 1984", "Loved by the sea"])
def test_a_last_line_with_a_number_is_said(words: str) -> None:
    [found] = comments_of(item("Ann", f"One.</p><p>{words}"), 1)
    assert (found.body_text, found.like_count) == (f"One.\n\n{words}", None)


def test_a_row_of_buttons_is_no_name() -> None:
    rows = "".join(
        f"<div><div>{link(name)}</div><div>Hm, {name}.</div><div>Like · Reply · 3d</div></div>"
        for name in ("Ann", "Bo")
    )
    assert [told(each) for each in comments_of(rows)] == [("Ann", "3d", "Hm, Ann."), ("Bo", "3d", "Hm, Bo.")]


@pytest.mark.parametrize("date", ["May 5, 2024 at 3:04 PM", "2024-05-05 15:04", "5/6/2024"])
def test_a_whole_date_under_a_plain_name_begins_a_comment(date: str) -> None:
    rows = "".join(
        f"<div><div>{name}</div><div>{date}</div><p>One.</p></div>" for name in ("Ann Lee", "Bo Lind")
    )
    assert [told(each) for each in comments_of(rows)] == [
        ("Ann Lee", date, "One."),
        ("Bo Lind", date, "One."),
    ]


def test_a_count_of_replies_is_not_said() -> None:
    [found] = comments_of(f"<ul>{item('Ann', 'One.').replace('</li>', '<div>Reply (2)</div></li>')}</ul>", 1)
    assert found.body_text == "One."


def test_the_frame_is_left_out_all_the_same() -> None:
    box = "<div><h3>Keep reading</h3><a href='/poets/x'>The X story</a><p>By Zed 5 days ago</p></div>"
    page: Page = read_page(story(body=BODY + box), URL, seen_at=SEEN_AT)
    assert page.article is not None
    assert page.article.body_text == base["body_text"]


@pytest.mark.parametrize("words", ["1984", "Share", "Top Story", "Keep reading"])
def test_what_stands_in_the_heros_figure_is_its_caption(words: str) -> None:
    html = story(hero=HERO.replace("Photo by Jo Ek on Unsplash", words))
    page = read(html)
    assert page.article is not None
    assert page.article.hero is not None
    assert (page.article.hero.caption, page.article.like_count, page.article.badges) == (words, None, [])
    assert page.article.body_text == base["body_text"]


@pytest.mark.parametrize("box", ["<div>{}</div><div>{}</div>", "<div>{}{}</div>"])
def test_words_beside_a_box_are_published_as_their_own_writers(box: str) -> None:
    """The markup was made of the first loose words in the box: the name, or the comment above."""
    one, two = (
        f"{link(name)}<div>2 years ago</div>{words}<div><button>Reply</button></div>"
        for name, words in (("Ann", "Hello <i>there</i> one"), ("Bo", "Second <b>words</b>"))
    )
    page = read(story(comments=f"<section><h3>Comments (2)</h3>{box.format(one, two)}</section>"))
    assert [comment.body_html for comment in page.comments] == [
        "<p>Hello <i>there</i> one</p>",
        "<p>Second <b>words</b></p>",
    ]


@pytest.mark.parametrize("sign", ["\u200b", "\u2060", "\ufeff"])
def test_characters_of_no_width_hide_nothing(sign: str) -> None:
    rows = item("Ann", "One.", f"2 days{sign} ago{sign}") + item(f"{sign}Bo", f"Two.{sign}")
    html = story(
        byline=f"<div>{sign}By{sign} {link('Ida Moss')}{sign}<p>{sign}Published 5 mon{sign}ths ago</p></div>",
        hero=f"<p>Top Story - May 2025{sign}</p><button>{sign}16</button>",
        comments=f"<section><h3>{sign}Comments (2){sign}</h3><p>Sign in to comment</p><ul>{rows}</ul></section>",
    )
    wanted = {"names": ["Ida Moss"], "published_text": "5 months ago", "like_count": 16}
    assert got(html, *wanted, "badges") == {**wanted, "badges": ["Top Story - May 2025"]}
    assert [told(each) for each in read(html).comments] == [
        ("Ann", "2 days ago", "One."),
        ("Bo", "2 days ago", "Two."),
    ]


def test_what_parts_words_without_blanks_stays() -> None:
    words = "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35\u200b\u0e0a\u0e32\u0e27\u0e42\u0e25\u0e01"
    assert got(story(body=f"<p>{words}</p><p>{P2}</p>"), "body_text") == {"body_text": f"{words}\n\n{P2}"}


@pytest.mark.parametrize(
    "publisher",
    [
        {"@type": "Organization", "name": "Vocal"},
        [{"@type": "Organization", "name": "Vocal Media"}],
        {"@id": "https://vocal.media/#publisher"},
    ],
)
def test_a_page_that_is_only_data_names_its_publisher(publisher: object) -> None:
    person = {"@type": "Person", "name": "Bo Lind"}
    node = {
        "@type": "BlogPosting",
        "headline": "The Tide Clock",
        "articleBody": "I wound it once,\nthen twice.\n\nIt stopped.",
        "author": {"@type": "Person", "name": "Ida Moss"},
        "datePublished": "2025-05-01T10:00:00Z",
        "publisher": publisher,
        "comment": [
            {"@type": "Comment", "text": "One.", "author": person, "dateCreated": "2025-05-02T10:00:00Z"}
        ],
    }
    house = {"@type": "Organization", "@id": "https://vocal.media/#publisher", "name": "Vocal"}
    data = json.dumps({"@context": "https://schema.org", "@graph": [node, house]})
    page = read(
        f'<html><head><script type="application/ld+json">{data}</script></head><body>Loading</body></html>'
    )
    assert page.platform == "vocal"
    assert page.article is not None
    assert page.article.body_text == "I wound it once,\nthen twice.\n\nIt stopped."
    assert [(each.author_name, each.body_text) for each in page.comments] == [("Bo Lind", "One.")]


SHADOW = '<template shadowrootmode="open"><style>p {{ margin: 0 }}</style>{}</template>'


@pytest.mark.parametrize(
    "wrap",
    [
        f"<my-story>{SHADOW}</my-story>",
        f"<my-story>{SHADOW.format('<div><slot>Loading</slot></div>')}{{}}</my-story>",
        f"<my-story>{SHADOW.format('<h6>Menu</h6><main><slot name=page></slot></main>')}<div slot=page>{{}}</div></my-story>",
        f"<my-app>{SHADOW.format('<my-story>' + SHADOW + '</my-story>')}</my-app>",
        "<my-story>"
        + SHADOW.format("<div><slot name=page></slot></div>")
        + "<div slot=page>{}</div><i slot=no>x</i></my-story>",
    ],
)
def test_what_a_component_draws_is_seen(wrap: str) -> None:
    before, _, rest = story().partition("<main>")
    inside, _, after = rest.partition("</main>")
    page = read(before + wrap.replace("{}", f"<main>{inside}</main>") + after)
    for name, wanted in base.items():
        assert value_of(page, name) == wanted, name


def test_other_templates_and_what_has_no_slot_are_not_seen() -> None:
    hidden = (
        "<template><p>Never</p></template><my-box>"
        + SHADOW.format("<p>Drawn.</p>")
        + "<p>Light.</p></my-box>"
    )
    text = value_of(read(story(body=BODY + hidden)), "body_text")
    assert text == f"{base['body_text']}\n\nDrawn."


def test_plain_words_in_a_component_stand_where_it_has_a_slot_for_them() -> None:
    drawn = SHADOW.format("<p>Note: <slot>none</slot></p><p>End.</p>")
    for words in ("mind the tide", "mind <b>the</b> tide"):
        text = value_of(read(story(body=f"{BODY}<my-note>{drawn}{words}</my-note>")), "body_text")
        assert text == f"{base['body_text']}\n\nNote: mind the tide\n\nEnd."


@pytest.mark.parametrize(
    "hosts",
    [
        "<my-box>" + SHADOW.format("<slot></slot>") * 2_000 + "</my-box>",
        ("<my-box>" + SHADOW.format("<div>" * 50 + "<slot></slot>" + "</div>" * 50)) * 60,
        ("<my-box>" + SHADOW.format("<slot></slot>")) * 120,
    ],
)
def test_components_in_components_lose_no_page(hosts: str) -> None:
    page = read(story(after=f"<div>{hosts}</div>"))
    assert page.article is not None
    assert page.article.body_text == base["body_text"]


@pytest.mark.parametrize(
    ("block", "bio"),
    [
        ('<a href="/authors/ida-moss"><img src="/me.jpg"></a>', None),
        ('<a href="/authors/ida-moss">Ida Moss</a>', None),
        ('<img alt="Ida Moss"><img src="/me.jpg" alt="Ida Moss"><h4>Ida Moss</h4><p>Keeps time badly.</p>', base["bio"]),
    ],
)  # fmt: skip
def test_a_block_on_the_author_may_say_next_to_nothing(block: str, bio: str | None) -> None:
    page = read(story(about=f"<section><h3>About the Creator</h3>{block}</section>"))
    for name, wanted in {**base, "bio": bio}.items():
        assert value_of(page, name) == wanted, name


def test_a_block_on_nobody_makes_nobody() -> None:
    page = read(
        story(
            about="<section><h3>About the Creator</h3></section>", byline="<div>Published 5 months ago</div>"
        )
    )
    assert page.article is not None
    assert (page.article.authors, page.authors) == ([], [])


def state(**post: object) -> str:
    known = {
        "title": "The Tide Clock",
        "slug": "the-tide-clock",
        "publishedAt": "2026-06-01",
        "author": {"name": "Ida Moss"},
    }
    return f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"post": known | post})}</script></body>'


REMARK = {"body": "Wow! So slow! Great work", "author": {"name": "Alex H Mittelman"}}


@pytest.mark.parametrize("told", [{}, {"id": "5f2b8c1d9e0a47"}])
def test_comments_told_for_scripts_need_no_ids(told: dict[str, str]) -> None:
    known = state(comments=[REMARK | told, {"body": "Ho", "author": {"name": "Bo"}}])
    page = read(story(comments="").replace("</body>", known))
    assert [(each.author_name, each.body_text) for each in page.comments] == [
        ("Alex H Mittelman", "Wow! So slow! Great work"),
        ("Bo", "Ho"),
    ]
    at = state(comments=[REMARK | told | {"createdAt": "2025-12-18T10:00:00Z"}])
    [shown] = read(story().replace("</body>", at)).comments
    assert (shown.published_at and shown.published_at.isoformat()) == "2025-12-18T10:00:00+00:00"


@pytest.mark.parametrize(
    ("published", "at"),
    [("2026-06-20", "2026-06-20"), ("2020-01-01", "2020-01-01"), ("2026-06-20T10:00:00Z", "2026-06-20"), ("soon", "2026-06-21")],
)  # fmt: skip
def test_a_day_that_is_declared_outranks_an_age_that_is_printed(published: str, at: str) -> None:
    node = json.dumps({"@type": "BlogPosting", "headline": "The Tide Clock", "datePublished": published})
    page = read(story().replace("</head>", f'<script type="application/ld+json">{node}</script></head>'))
    assert page.article is not None
    assert page.article.published_at is not None
    assert page.article.published_text == "5 months ago"
    assert page.article.published_at.date().isoformat() == at


@pytest.mark.parametrize(
    ("html", "path", "kind"),
    [
        ("<h1>Creators we love</h1><ul>{people}</ul>", "/vocal-plus", "list"),
        ("<h1>About us</h1><p>We are.</p>", "/vocal-plus", "unknown"),
        ("<h1>Sign in</h1><p>Log in to read this story</p><input type=password>", "/poets/ode", "login_wall"),
        ("<h1>The Tide Clock</h1><div>By <a href='/authors/i'>Ida Moss</a>Published 5 months ago</div><p>Sign in to read</p><h3>About the Creator</h3><h4>Ida Moss</h4><input type=password>",
         "/poets/the-tide-clock", "login_wall"),
        ("", "/poets/ode", "unknown"),
    ],
)  # fmt: skip
def test_a_page_that_is_no_story_is_told_as_what_it_is(html: str, path: str, kind: str) -> None:
    people = "".join(f'<li><a href="/authors/a{n}">Ann {n}</a></li>' for n in range(6))
    page = read_page(
        f"<html><body>{html.format(people=people)}</body></html>" if html else "",
        f"https://vocal.media{path}",
        seen_at=SEEN_AT,
        platform="vocal",
        headers={"content-type": "text/html"},
    )
    assert (page.kind, page.article) == (kind, None)


@pytest.mark.parametrize(
    ("head", "logo"),
    [
        ("<h2>The Tide Clock</h2>", '<img src="/p.png" alt="Poets logo">'),
        ("<h2>Poets corner</h2><h2>The Tide Clock</h2>", ""),
        ("<div>The Tide Clock</div>", "<div>Poets logo</div>"),
    ],
)
@pytest.mark.parametrize("url", [URL, None])
def test_a_headline_needs_no_first_level(head: str, logo: str, url: str | None) -> None:
    html = story(head=head, logo=logo).replace("<title>The Tide Clock | Poets</title>", "")
    page = read_page(html, url, seen_at=SEEN_AT)
    assert page.article is not None
    assert (page.article.headline, page.article.body_text) == ("The Tide Clock", base["body_text"])


def test_the_authors_link_between_headline_and_standfirst_is_neither() -> None:
    head = '<h1>The Tide Clock</h1><div><a href="/authors/ida-moss">Ida Moss</a></div><h2>Notes from a slow house</h2>'
    assert got(story(head=head), "headline", "dek", "names") == {
        name: base[name] for name in ("headline", "dek", "names")
    }


@pytest.mark.parametrize(
    "card",
    [
        '<div><a href="/poets/other"><img src="/c.jpg"></a><div>By Orla Reyes</div></div>',
        '<div><a href="/poets/other">By Orla Reyes</a><p>By Orla Reyes</p></div>',
        '<a href="/poets/other">By Orla Reyes</a>',
    ],
)
def test_an_embedded_story_without_a_title_leaves_nothing_of_its_byline(card: str) -> None:
    assert got(story(body=f"<p>{P1}</p>{card}<p>{P2}</p>"), "body_text") == {"body_text": base["body_text"]}


@pytest.mark.parametrize(
    ("hero", "wanted"),
    [('<img src="./x_files/t.jpg" alt="A clock">', (None, "A clock", None, None)), ('<img src="./x_files/t.jpg">', None)],
)  # fmt: skip
def test_a_saved_page_without_an_address_tells_of_its_hero_what_is_printed(hero: str, wanted: object) -> None:
    page = read_page(story(hero=hero), None, seen_at=SEEN_AT)
    assert value_of(page, "hero") == wanted


@pytest.mark.parametrize(
    "path",
    [
        "/amp/poets/the-tide-clock",
        "/poets/the-tide-clock/amp",
        "/poets/the-tide-clock/print",
        "//poets//The-Tide-Clock",
    ],
)
def test_every_form_of_a_storys_address_is_the_story(path: str) -> None:
    assert read_page(story(), f"https://vocal.media{path}", seen_at=SEEN_AT).url == URL


def test_a_link_that_cannot_be_one_is_only_its_words() -> None:
    page = read(story(body=f"<p>{P1} <a href='http://['>There.</a></p><p>{P2}</p>"))
    assert page.article is not None
    assert page.article.body_html == f"<p>{P1} There.</p><p>{P2}</p>"
