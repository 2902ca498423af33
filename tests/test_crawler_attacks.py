"""Pages written to mislead the reader, by one who had not read it: each names what it once got wrong."""

from datetime import UTC, datetime

import pytest

from crawler.platforms import read_page
from crawler.platforms.base import Page

SEEN_AT = datetime(2025, 6, 15, 12, tzinfo=UTC)
URL = "https://vocal.media/fiction/the-salt-ferry"
P1 = "The ferry left at dawn with nobody aboard but the gulls, who paid no fare."
P2 = "By noon the harbour had forgotten it, as harbours do with the things they love."
P3 = "“Who steers?” asked the boy, and the old man only pointed at the tide."
PROSE = f"<p>{P1}</p><p>{P2}</p><p>{P3}</p>"
TEXT = f"{P1}\n\n{P2}\n\n{P3}"
TAGS = '<ul><li><a href="/fiction/tag/sea">Sea</a></li><li><a href="/fiction/tag/fog">Fog</a></li></ul>'
FOOT = "<footer><p>Find us on social media</p><p>© 2024 Creatd, Inc. All Rights Reserved.</p></footer>"
ABOUT = "<section><h2>About the Creator</h2><h3>Ada Quill</h3><p>Writes by the sea.</p></section>"


def read(html: str, url: str = URL) -> Page:
    return read_page(
        html.encode(), url, seen_at=SEEN_AT, headers={"content-type": "text/html; charset=utf-8"}
    )


def story(body: str = f"<div>{PROSE}</div>", *, after: str = "", about: str = ABOUT, comments: str = "", tags: str = TAGS) -> Page:  # fmt: skip
    return read(
        f'<html><head><title>The Salt Ferry | Fiction</title></head><body><main><article><img alt="Fiction logo">'
        f"<h1>The Salt Ferry</h1><p>A crossing in fog</p><p>By <a href='/authors/ada-quill'>Ada Quill</a> "
        f"Published 2 months ago 6 min read</p>{body}{after}{tags}</article>{about}"
        "<section><h2>Reader insights</h2><p>Be the first to share your insights about this piece.</p></section>"
        f"<section><h2>Comments (1)</h2><p>Sign in to comment</p>{comments}</section></main>{FOOT}</body></html>"
    )


def body_of(page: Page) -> str:
    assert page.article is not None, page.missing
    return page.article.body_text or ""


def card(number: int, teaser: str) -> str:
    return (
        f'<div><a href="/fiction/other-{number}"><h3>Other Tale {number}</h3></a><p>{teaser}</p>'
        f'<p>By <a href="/authors/x">Xavier Y</a> {number + 2} days ago in Fiction</p></div>'
    )


@pytest.mark.parametrize("wrap", ["{}", "<section>{}</section>", "<div><div>{}</div></div>"])
@pytest.mark.parametrize(
    "teaser", ["Tells much about little.", "A long teaser of another tale entirely. " * 4]
)
def test_teasers_before_the_tags_are_not_the_body(wrap, teaser):
    more = wrap.format("<h2>Keep reading</h2>" + "".join(card(number, teaser) for number in range(4)))
    page = story(after=more)
    assert body_of(page) == TEXT
    assert page.article is not None
    assert [tag.name for tag in page.article.tags] == ["Sea", "Fog"]


def test_newsletter_box_takes_no_paragraph_of_a_short_body_with_it():
    box = (
        "<div><h3>Subscribe to our newsletter</h3><p>Get the best stories in your inbox every week.</p>"
        '<form><input type="email"><button>Sign up</button></form></div>'
    )
    assert body_of(story(f"<div><p>{P1}</p>{box}<p>{P2}</p><p>{P3}</p></div>")) == TEXT


def test_teasers_under_the_author_are_not_the_bio():
    more = "<section><h2>More stories from Ada Quill and writers in Fiction and other communities.</h2>"
    page = story(about=ABOUT + more + card(1, "Tells much.") + "</section>")
    assert [author.bio_text for author in page.authors] == ["Writes by the sea."]


def test_microdata_story_with_comments_but_no_author_block_is_a_story():
    page = read(
        '<html><body><article itemscope itemtype="https://schema.org/BlogPosting"><h1 itemprop="headline">The Salt'
        ' Ferry</h1><span itemprop="author" itemscope itemtype="https://schema.org/Person">By <a itemprop="url"'
        ' href="/authors/ada-quill"><span itemprop="name">Ada Quill</span></a></span>'
        '<meta itemprop="datePublished" content="2025-04-15T12:00:00Z"> '
        f'<div itemprop="articleBody">{PROSE}</div></article><section><h3>Comments (1)</h3><p>Sign in to comment</p>'
        f"<ul><li>Tom Reed 3 days ago<p>Lovely fog.</p></li></ul></section>{FOOT}</body></html>"
    )
    assert page.kind == "article"
    assert body_of(page) == TEXT
    assert [comment.body_text for comment in page.comments] == ["Lovely fog."]


def test_paragraph_that_links_to_a_tag_is_the_bodys():
    page = story(f'<div><p>{P1}</p><p>See <a href="/fiction/tag/tide">tide</a>.</p><p>{P2}</p></div>')
    assert body_of(page) == f"{P1}\n\nSee tide.\n\n{P2}"
    assert page.article is not None
    assert [tag.name for tag in page.article.tags] == ["Sea", "Fog"]


def test_like_after_the_tags_is_not_the_body_on_a_page_without_boxes():
    tags = '<p><a href="/fiction/tag/sea">#Sea</a> <a href="/fiction/tag/fog">#Fog</a></p><p>Like</p>'
    page = story(PROSE, tags=tags)
    assert body_of(page) == TEXT
    assert page.article is not None
    assert [tag.name for tag in page.article.tags] == ["Sea", "Fog"]


def test_like_inside_the_prose_stays():
    assert body_of(story(f"<div><p>{P1}</p><p>Like</p><p>{P2}</p></div>")) == f"{P1}\n\nLike\n\n{P2}"


def test_old_card_with_title_and_author_in_one_line_names_only_the_author():
    cards = "".join(
        f'<div><a href="/fiction/s-{n}">Night Bus {n}</a><span>Bo Lind{n + 2} years ago</span></div>'
        for n in range(3)
    )
    page = read(f"<html><body><h1>Fiction</h1>{cards}{FOOT}</body></html>", "https://vocal.media/fiction")
    assert [(found.headline, found.author_name) for found in page.cards] == [
        (f"Night Bus {n}", "Bo Lind") for n in range(3)
    ]


def test_heart_and_short_numbers_are_likes():
    comments = (
        '<ul><li><a href="/authors/tom">Tom Reed</a> 3 days ago<p>Lovely fog.</p><button>♥ 3</button></li>'
        '<li><a href="/authors/mia">Mia Orr</a> 2 days ago<p>I wept.</p><button>1.2K likes</button></li></ul>'
    )
    page = story(comments=comments)
    assert [(found.body_text, found.like_count) for found in page.comments] == [
        ("Lovely fog.", 3),
        ("I wept.", 1200),
    ]


def test_minutes_count_without_a_printed_publication_date():
    page = read(
        '<html><head><meta property="article:published_time" content="2025-04-15T12:00:00Z"></head><body><main>'
        "<h1>The Salt Ferry</h1><p>By <a href='/authors/ada-quill'>Ada Quill</a> <time datetime='2025-06-10'>Updated 5"
        f" days ago</time> 6 min read</p><div>{PROSE}</div>{ABOUT}</main>{FOOT}</body></html>"
    )
    assert body_of(page) == TEXT
    assert page.article is not None
    assert page.article.reading_minutes == 6


@pytest.mark.parametrize(
    ("tag", "sentence"),
    [
        ("p", 'By the way, do read <a href="/authors/bo">Bo Lind</a>.'),
        ("p", 'By the way, do read <a href="/authors/bo">Bo Lind</a> too'),
        ("div", 'By the way, do read <a href="/authors/bo">Bo Lind</a>.'),
        ("div", "By noon it rained."),
    ],
)
def test_sentence_that_begins_with_by_is_no_byline(tag, sentence):
    page = story(f"<div><p>{P1}</p><{tag}>{sentence}</{tag}><p>{P2}</p></div>")
    plain = sentence.replace('<a href="/authors/bo">', "").replace("</a>", "")
    assert body_of(page) == f"{P1}\n\n{plain}\n\n{P2}"


def test_byline_of_an_embedded_story_is_still_dropped():
    page = story(f'<div><p>{P1}</p><p>By <a href="/authors/wsp">WillSpirit L.N.</a></p><p>{P2}</p></div>')
    assert body_of(page) == f"{P1}\n\n{P2}"


def test_next_link_beside_loose_profile_links_is_found():
    cards = "".join(f"<li>{card(number, 'Tells much.')}</li>" for number in range(3))
    page = read(
        '<html><body><main><h1>Ada Quill</h1><p>Writes by the sea.</p><a href="https://quill.example/">quill</a>'
        f'<div>12 Stories</div><ul>{cards}</ul><a href="?page=2">Next</a></main>{FOOT}</body></html>',
        "https://vocal.media/authors/ada-quill",
    )
    assert page.kind == "author"
    assert page.links.next_page == "https://vocal.media/authors/ada-quill?page=2"


@pytest.mark.parametrize("date", ["yesterday", "Yesterday", "just now", "a day ago"])
def test_a_comments_date_may_stand_alone_in_any_wording(date):
    thread = (
        f"<h3>Comments (2)</h3><a>Sign in to comment</a><ul><li><div>Cy Dee</div><div>{date}</div><p>Lovely.</p></li>"
        "<li><div>Eff Gee</div><div>2 days ago</div><p>Fine.</p></li></ul>"
    )
    page = read(
        f"<html><body><h1>Tides</h1><div>By Bo LindPublished 3 days ago</div><p>{P1}</p>"
        f"<h3>About the Creator</h3><p>Bo Lind</p>{thread}{FOOT}</body></html>"
    )
    assert [(each.author_name, each.published_text) for each in page.comments] == [
        ("Cy Dee", date),
        ("Eff Gee", "2 days ago"),
    ]
