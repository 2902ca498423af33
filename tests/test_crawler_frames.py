"""What sites put above, around and into a story: bylines in every dress, boxes that ask, walls, sections in any order."""

import json
from time import process_time
from typing import Any

import pytest

from crawler.platforms import read_page
from crawler.platforms.base import Page
from tests.test_crawler_layouts import BODY, P1, P2, SEEN_AT, URL, base, story, value_of

LINK = '<a href="/authors/ida-moss">Ida Moss</a>'
REST = "Published 5 months ago Updated 3 days ago 3 min read"
PICTURE = "https://images.example/upload/w_1024/tide.jpg"
HERO = (
    f'<figure><img src="{PICTURE}" alt="A clock"><figcaption>Photo by Jo Ek on Unsplash</figcaption></figure>'
)
CREDITED = (PICTURE, "A clock", "Photo by Jo Ek on Unsplash", "Jo Ek")
TIP = (
    "<div><p>Enjoyed the story? Support the Creator.</p><p>Subscribe for free to receive all their stories in your feed."
    " You could also pledge your support or give them a one-off tip, letting them know you liked it.</p>"
    "<button>Subscribe For Free</button></div>"
)
LETTER = (
    "<aside><h4>Get our newsletter</h4><p>The best stories, in your inbox every Friday.</p>"
    "<form><input><button>Subscribe</button></form></aside>"
)


def read(html: str) -> Page:
    return read_page(html, URL, seen_at=SEEN_AT)


def got(html: str, *names: str) -> dict[str, Any]:
    page = read(html)
    return {name: value_of(page, name) for name in names}


@pytest.mark.parametrize(
    "byline",
    [
        f"<div><span>By</span>{LINK} {REST}</div>",
        f"<div><i class='material-icons'>person</i>By {LINK} {REST}</div>",
        f"<div><span>Author: </span><span>By</span> {LINK} {REST}</div>",
        f"<div>Written by {LINK} {REST}</div>",
        f"<div>By {LINK} <span>Vocal+</span> {REST}</div>",
        f"<div>By {LINK} in <a href='/poets'>Poets</a> {REST}</div>",
        f"<div>By {LINK} {REST} 1,204 views</div>",
        f"<div>By {LINK} {REST} · 12 comments</div>",
        "<div>By <button>Ida Moss</button>" + f" {REST}</div>",
    ],
)
def test_a_byline_is_read_in_every_dress(byline: str) -> None:
    wanted = {"names": ["Ida Moss"], "published_text": "5 months ago", "modified_text": "3 days ago"}
    assert got(story(byline=byline), *wanted, "reading_minutes") == {**wanted, "reading_minutes": 3}


def test_two_authors_are_not_one_with_a_badge() -> None:
    byline = f'<div>By {LINK} and <a href="/authors/bo">Bo Lind</a> {REST}</div>'
    assert got(story(byline=byline), "byline") == {"byline": "By Ida Moss and Bo Lind"}


@pytest.mark.parametrize(
    "body",
    [
        "<p>For sale: one umbrella, never rained.</p>",
        "<p>“Go.”</p><p>“No.”</p>{letter}<p>“Go!”</p><p>She went.</p>",
        "<p>I lit the first with paper,</p><p>the second with a name,</p>{letter}<p>the third with the winters</p>",
        f"<p>{P1}</p>{{letter}}<p>{P2}</p>",
    ],
)
@pytest.mark.parametrize("hero", ["", HERO])
def test_boxes_that_ask_are_no_part_of_a_short_body(body: str, hero: str) -> None:
    words = "\n\n".join(
        part.split("<p>")[1] for part in body.format(letter="").split("</p>") if "<p>" in part
    )
    html = story(body=body.format(letter=LETTER), hero=hero, after=TIP)
    assert got(html, "body_text") == {"body_text": words}


@pytest.mark.parametrize("box", [LETTER, "<div><p>Enjoying it?</p><button>Subscribe For Free</button></div>"])
def test_what_stands_below_a_box_that_asks_is_the_authors(box: str) -> None:
    kept = f'<figure><img src="{PICTURE}" alt="A door"></figure><h2>Comments (2)</h2>'
    page = read(story(body=f"<p>{P1}</p>{box}{kept}<p>{P2}</p>"))
    assert page.article is not None
    assert f'<img src="{PICTURE}" alt="A door">' in page.article.body_html
    assert "<h2>Comments (2)</h2>" in page.article.body_html


def test_a_heading_of_the_authors_own_may_say_keep_reading() -> None:
    body = f"<p>{P1}</p><h3>Keep reading</h3><p>{P2}</p>"
    assert got(story(body=body), "body_text") == {"body_text": f"{P1}\n\nKeep reading\n\n{P2}"}


@pytest.mark.parametrize(
    "card",
    [
        '<a href="/poets/other"><img src="/c.jpg"><span>Other</span><span>By Orla Reyes</span></a>',
        '<div><a href="/poets/other"><b>Other</b><i>By Orla Reyes</i></a></div>',
    ],
)
def test_the_byline_of_an_embedded_story_is_not_in_the_body(card: str) -> None:
    text = value_of(read(story(body=f"<p>{P1}</p>{card}<p>{P2}</p>")), "body_text")
    assert "Orla" not in text
    assert text.startswith(P1)
    assert text.endswith(P2)


@pytest.mark.parametrize(
    "between",
    [
        "<div><audio controls src='/a.mp3'></audio></div>",
        "<div><a href='#comments'>Comments (1)</a></div>",
        "<div><button>Story</button><button>Comments (1)</button></div>",
        "<div><img src='/me.jpg' alt='Ida Moss'></div>",
        "<div><img src='/me.jpg' alt='' style='width:40px;height:40px'></div>",
        "<div><img src='https://images.example/upload/w_48/me.jpg' alt=''></div>",
    ],
)
def test_the_hero_is_not_what_stands_above_it(between: str) -> None:
    assert got(story(hero=between + HERO), "hero") == {"hero": CREDITED}


@pytest.mark.parametrize("alt", ["Ida Moss", "", "Avatar", "Author's photo", None])
@pytest.mark.parametrize(
    "box",
    [
        "<div>{image}<span>By {link} {rest}</span></div>",
        "<div><div>{image}</div><div>By {link}</div><div>{rest}</div></div>",
        "<div><p>{image} By {link}</p><p>{rest}</p></div>",
        "<ul><li>{image}</li><li>By {link}</li><li>{rest}</li></ul>",
    ],
)
@pytest.mark.parametrize("hero", ["", HERO])
def test_an_avatar_beside_the_byline_is_no_hero(box: str, alt: str | None, hero: str) -> None:
    image = '<img src="/me.jpg">' if alt is None else f'<img src="/me.jpg" alt="{alt}">'
    html = story(byline=box.format(image=image, link=LINK, rest=REST), hero=hero)
    assert got(html, "hero", "names") == {"hero": CREDITED if hero else None, "names": ["Ida Moss"]}


@pytest.mark.parametrize("src", ["/badge.svg", "/badge.png"])
@pytest.mark.parametrize(
    "row",
    [
        "<div>{image}<strong>Top Story - May 2025</strong></div>",
        "<p>{image} Top Story - May 2025</p>",
        "<div><span>{image}</span><div>Top Story - May 2025</div></div>",
        "<div><div>{image}<span>Top Story - May 2025</span></div><div>{image}<span>16</span></div></div>",
        "<p>Top Story - May 2025</p><button>{image}<span>16</span></button>",
        "<p>Top Story - May 2025</p><div>{image}<div>16</div></div>",
    ],
)
@pytest.mark.parametrize("hero", ["", HERO])
def test_an_icon_beside_a_badge_or_a_count_is_no_hero(row: str, src: str, hero: str) -> None:
    html = story(hero=row.format(image=f'<img src="{src}" alt="">') + hero)
    wanted = {"hero": CREDITED if hero else None, "badges": ["Top Story - May 2025"]}
    assert got(html, *wanted, "body_text") == {**wanted, "body_text": base["body_text"]}


@pytest.mark.parametrize("above", [True, False])
def test_a_picture_without_words_is_a_hero(above: bool) -> None:
    picture = f'<div><img src="{PICTURE}" alt=""></div>'
    byline = f"<div>By {LINK} {REST}</div>"
    html = story(byline=picture + byline if above else byline + picture)
    assert got(html, "hero") == {"hero": (PICTURE, None, None, None)}


def test_the_picture_that_repeats_the_headline_is_the_hero() -> None:
    above = '<div><img src="/frame.png" alt=""></div>'
    html = story(hero=above + HERO.replace("A clock", "The Tide Clock"))
    assert got(html, "hero") == {"hero": (PICTURE, "The Tide Clock", *CREDITED[2:])}


@pytest.mark.parametrize("alt", ["A clock", "The Tide Clock"])
def test_a_credited_picture_at_the_top_of_the_bodys_box_is_the_hero(alt: str) -> None:
    html = story(body=HERO.replace("A clock", alt) + BODY)
    assert got(html, "hero", "body_text") == {
        "hero": (PICTURE, alt, *CREDITED[2:]),
        "body_text": base["body_text"],
    }


def test_a_background_may_be_the_hero() -> None:
    box = f"<div role='img' aria-label='A clock' style='background-image:url({PICTURE})'></div>"
    html = story(hero=f"{box}<p>Photo by Jo Ek on Unsplash</p>")
    assert got(html, "hero", "body_text") == {"hero": CREDITED, "body_text": base["body_text"]}


@pytest.mark.parametrize(
    ("head", "dek"),
    [
        ("<h1>The Tide Clock</h1><h1>The Tide Clock</h1><h2>A small dek</h2>", "A small dek"),
        ("<h1>The Tide Clock</h1><div>Ida Moss</div><h2>A small dek</h2>", "A small dek"),
        ("<h1>The Tide Clock <small>A small dek</small></h1>", "A small dek"),
        ("<h1>The Tide Clock<a href='#top'>#</a></h1><h2>A small dek</h2>", "A small dek"),
        ("<h1>The Tide Clock</h1><div>IM</div>", None),
    ],
)
def test_headline_and_standfirst_are_told_from_what_repeats_them(head: str, dek: str | None) -> None:
    assert got(story(head=head), "headline", "dek") == {"headline": "The Tide Clock", "dek": dek}


@pytest.mark.parametrize(
    ("printed", "badges"),
    [
        ("<div><span>Content Warning</span><span>Top Story - May 2026</span></div>", 2),
        ("<div>🏆 Top Story - May 2026</div>", 1),
    ],
)
@pytest.mark.parametrize("place", ["above", "below"])
def test_badges_stand_side_by_side_and_anywhere_above_the_body(printed: str, badges: int, place: str) -> None:
    head = "<h1>The Tide Clock</h1>"
    page = read(story(head=printed + head) if place == "above" else story(head=head, hero=printed))
    assert page.article is not None
    assert page.article.badges == ["Content Warning", "Top Story - May 2026"][-badges:]


TAGS = '<div><a href="/poets/tag/ode">ode</a><a href="/poets/tag/family">family</a></div>'


@pytest.mark.parametrize(
    "html",
    [
        story(head=TAGS + "<h1>The Tide Clock</h1>", after=""),
        story(hero=TAGS, after=""),
    ],
)
def test_tags_may_stand_around_the_headline(html: str) -> None:
    assert got(html, "tags", "body_text") == {"tags": ["ode", "family"], "body_text": base["body_text"]}


def test_a_button_is_no_tag() -> None:
    assert got(story(after="<div><button>Save for later</button></div>"), "tags") == {"tags": []}


ABOUT = "<section><h3>About the Creator</h3><a href='/authors/ida-moss'>Ida Moss</a><p>Keeps time badly.</p></section>"
COMMENTS = (
    "<section><h3>Comments (1)</h3><a href='/in'>Sign in to comment</a><ul><li><div>"
    "<a href='/authors/bo'>Bo</a> <i>2 days ago</i></div><p>Slow!</p></li></ul></section>"
)
BO = [("Bo", "Slow!", "2 days ago", None)]


@pytest.mark.parametrize(
    "html",
    [
        story(about="", comments=COMMENTS + ABOUT),
        story(about=COMMENTS + ABOUT, comments=""),
        story(hero=ABOUT, about="", comments=COMMENTS),
    ],
)
def test_the_sections_may_stand_in_any_order(html: str) -> None:
    wanted = {"body_text": base["body_text"], "bio": "Keeps time badly.", "comments": BO, "comment_count": 1}
    assert got(html, *wanted) == wanted


@pytest.mark.parametrize("sign", ["💡 ", "<i class='material-icons'>info</i>", "<svg></svg>"])
def test_a_picture_may_stand_before_a_label(sign: str) -> None:
    html = story(about=ABOUT, comments=COMMENTS).replace("<h3>", f"<h3>{sign}")
    wanted = {"body_text": base["body_text"], "bio": "Keeps time badly.", "comments": BO, "comment_count": 1}
    assert got(html, *wanted) == wanted


def test_a_list_beside_the_page_is_no_discussion() -> None:
    none = (
        "<section><h3>Comments</h3><p>There are no comments for this story</p>"
        "<p>Be the first to respond and start the conversation.</p><a href='/in'>Sign in to comment</a></section>"
    )
    recent = "<aside><h2>Recent</h2><ul><li><a href='/poets/x'>A Goat</a> <span>5 days ago</span></li></ul></aside>"
    assert got(story(comments=none + recent), "comments", "comment_count") == {
        "comments": [],
        "comment_count": 0,
    }


def test_a_head_printed_for_two_sizes_of_screen_is_one() -> None:
    head = "<div class='md:hidden'><a href='/authors/bo'>Bo</a> <i>2 days ago</i></div>"
    html = story(comments=COMMENTS.replace("<li><div>", f"<li>{head}<div>"))
    assert got(html, "comments") == {"comments": BO}


def test_answers_in_a_plain_box_in_their_comment_all_answer_it() -> None:
    def one(name: str, inner: str = "") -> str:
        return f"<div><a href='/authors/{name}'>{name}</a><i>2 days ago</i><p>Hm, {name}.</p>{inner}</div>"

    talk = one("bo", f"<div>{one('cy')}{one('di')}</div>")
    html = story(comments=f"<section><h3>Comments (3)</h3><p>Sign in to comment</p>{talk}</section>")
    assert [each[3] for each in value_of(read(html), "comments")] == [None, 0, 0]


def test_answers_in_json_ld_need_no_ids() -> None:
    def said(name: str, *replies: dict[str, Any]) -> dict[str, Any]:
        told = {"@type": "Comment", "author": {"@type": "Person", "name": name}, "text": f"Hm, {name}."}
        return {**told, "datePublished": "2026-11-01T10:00:00Z", "comment": list(replies)}

    node = {
        "@type": "Article",
        "headline": "The Tide Clock",
        "comment": [said("Bo", said("Cy", said("Di")), said("Ed"))],
    }
    script = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    html = story(comments="").replace("<head>", f"<head>{script}")
    assert [each[3] for each in value_of(read(html), "comments")] == [None, 0, 1, 0]


@pytest.mark.parametrize(
    "wall",
    [
        "<h3>Sign in to read this story</h3><p>Already a member? <a href='/login'>Log in</a></p>",
        "<p>You must be logged in to view this story.</p>",
        "<p>Create a free account to continue reading</p>",
    ],
)
def test_a_wall_under_a_byline_is_no_story(wall: str) -> None:
    assert read(story(body=wall, after="", about="", insights="", comments="")).kind == "login_wall"


def test_the_end_of_what_is_shown_is_told() -> None:
    wall = "<h3>Subscribe to continue reading</h3><p>Already a member? <a href='/login'>Sign in</a></p>"
    assert got(story(body=f"<p>{P1}</p><p>{P2}</p>{wall}"), "body_text", "access") == {
        "body_text": base["body_text"],
        "access": "members",
    }


def test_a_last_sentence_that_asks_is_said() -> None:
    plea = "Subscribe to keep reading what my aunt writes."
    assert got(story(body=f"{BODY}<p>{plea}</p>"), "body_text", "access") == {
        "body_text": f"{base['body_text']}\n\n{plea}",
        "access": "free",
    }


@pytest.mark.parametrize(
    "notice", ["This story has been removed.", "Sorry, this story is no longer available."]
)
def test_a_story_that_was_taken_down_is_no_story(notice: str) -> None:
    assert read(story(body=f"<p>{notice}</p>", after="")).kind == "error"


@pytest.mark.parametrize("sign", ["class='whitespace-pre-wrap'", "style='white-space:pre-wrap'"])
def test_lines_that_styles_keep_stay_apart(sign: str) -> None:
    verse = "A small line of words\nAbout the Creator\nan end of words"
    page = read(story(body=f"<div {sign}>{verse}</div>"))
    assert value_of(page, "body_text").split() == verse.split()
    assert len(value_of(page, "body_text").replace("\n\n", "\n").split("\n")) == 3


@pytest.mark.parametrize("votes", ["<p>3 likes</p>", "<p>❤️ 3</p>"])
def test_a_count_in_a_paragraph_is_not_said(votes: str) -> None:
    html = story(comments=COMMENTS.replace("</li>", f"{votes}<p>Liked by the creator</p></li>"))
    assert got(html, "comments") == {"comments": BO}


@pytest.mark.parametrize("src", ["/media/avatar/ida-moss.svg", "/authors/ida.jpg"])
def test_a_portrait_may_be_drawn(src: str) -> None:
    page = read(story(about=ABOUT.replace("<a ", f"<img src='{src}' alt=''><a ", 1)))
    assert [author.avatar_url for author in page.authors] == [f"https://vocal.media{src}"]


TABS = "<div><button>Story</button><button>Comments (1)</button><button>About the Creator</button></div>"


@pytest.mark.parametrize("rest", [ABOUT + COMMENTS, ""])
def test_tabs_are_no_sections(rest: str) -> None:
    html = story(hero=TABS, about="", insights="", comments=rest)
    assert got(html, "body_text", "comments") == {
        "body_text": base["body_text"],
        "comments": BO if rest else [],
    }


def test_the_author_may_stand_in_a_column_before_the_story() -> None:
    column = ABOUT.replace("</section>", "<h3>More stories</h3><p>A Goat by Lorne 5 days ago</p></section>")
    html = story(about="", comments=COMMENTS).replace("<main>", f"<main><aside>{column}</aside>")
    wanted = {"bio": "Keeps time badly.", "body_text": base["body_text"], "comments": BO}
    assert got(html, *wanted) == wanted


def test_minutes_above_the_byline_are_no_standfirst() -> None:
    byline = f"<div>4 min read</div><div>By {LINK} Published 5 months ago</div>"
    assert got(story(head="<h1>The Tide Clock</h1>", byline=byline), "dek", "reading_minutes") == {
        "dek": None,
        "reading_minutes": 4,
    }


def test_tags_may_stand_under_the_author() -> None:
    html = story(about=ABOUT.replace("</section>", f"{TAGS}</section>"), after="")
    assert got(html, "tags", "bio") == {"tags": ["ode", "family"], "bio": "Keeps time badly."}


@pytest.mark.parametrize(
    "byline",
    [
        '<div>By Ida Moss · <time datetime="2026-11-01T10:00:00Z">Nov 1, 2026</time> · 4 min read</div>',
        '<p>By Ida Moss</p><p><time datetime="2026-11-01T10:00:00Z">Nov 1, 2026</time></p>',
    ],
)
def test_a_byline_needs_no_link_where_its_date_has_an_element(byline: str) -> None:
    page = read(story(head="<h1>The Tide Clock</h1>", byline=byline))
    assert page.article is not None
    assert page.article.published_at is not None
    assert page.article.published_at.isoformat() == "2026-11-01T10:00:00+00:00"
    assert ([author.name for author in page.article.authors], page.article.dek) == (["Ida Moss"], None)
    assert page.article.body_text == base["body_text"]


VERSE = (
    "<p>I lit the first with paper,</p><p>the second with a name,</p><p>the third with all the winters.</p>"
)
BUTTONS = [
    "<button>Subscribe</button>",
    "<div><a href='/join'>Support the Creator</a></div>",
    "<form><input type='email'><button>Subscribe</button></form>",
    "<div><h4>Never miss a story</h4><p>Join thousands of readers.</p><button>Sign up</button></div>",
]


@pytest.mark.parametrize("button", BUTTONS)
@pytest.mark.parametrize(
    "form", ["{verse}{button}", "{button}{verse}", "<p>A line above.</p>{button}{verse}"]
)
def test_a_button_in_the_bodys_box_takes_no_verse_with_it(button: str, form: str) -> None:
    text = value_of(read(story(body=form.format(verse=VERSE, button=button), hero=HERO)), "body_text")
    assert text.split("\n\n")[-3:] == [
        "I lit the first with paper,",
        "the second with a name,",
        "the third with all the winters.",
    ]
    assert "Subscribe" not in text
    assert "Never miss" not in text


@pytest.mark.parametrize(
    "after",
    [
        "<p><a href='#top'>Back to top</a></p>",
        "<div><h4>Popular in Poets</h4><p>A Goat</p></div>",
        "<p>Advertisement</p>",
    ],
)
def test_a_lone_comment_ends_with_its_box(after: str) -> None:
    card = "<div><div><a href='/authors/bo'>Bo</a> <i>2 days ago</i></div><div><p>Slow!</p></div></div>"
    section = f"<section><h3>Comments (1)</h3><a href='/in'>Sign in to comment</a>{card}</section>"
    assert got(story(comments=section + after), "comments") == {"comments": BO}


def test_an_embedded_story_may_be_all_inline() -> None:
    card = '<div><a href="/poets/other"><strong>Other</strong></a><span>By Orla Reyes</span></div>'
    assert "Orla" not in value_of(read(story(body=f"<p>{P1}</p>{card}<p>{P2}</p>")), "body_text")


def test_a_bar_of_links_to_share_is_no_caption() -> None:
    bar = "<div><a href='#f'>Facebook</a><a href='#t'>Twitter</a><button>Copy link</button></div>"
    html = story(hero=f'<div><img src="{PICTURE}" alt="A clock"></div>{bar}', body=f"<p>{P1}</p>")
    assert got(html, "hero", "body_text") == {"hero": (PICTURE, "A clock", None, None), "body_text": P1}


@pytest.mark.parametrize("sign", ["#", "¶", "link"])
def test_a_link_to_the_comment_beside_its_date_is_not_said(sign: str) -> None:
    html = story(comments=COMMENTS.replace("</i></div>", f"</i> <a href='#c1'>{sign}</a></div>"))
    assert got(html, "comments") == {"comments": BO}


def test_an_icons_word_is_not_read() -> None:
    html = story(hero="<button><mat-icon>favorite</mat-icon><span>16</span></button>")
    assert got(html, "like_count", "body_text") == {"like_count": 16, "body_text": base["body_text"]}


def test_a_judgment_and_its_sentence_may_share_a_paragraph() -> None:
    said = "<p><b>Outstanding</b> Excellent work. Looking forward to reading more!</p>"
    html = story(insights=f"<section><h3>Reader insights</h3>{said}</section>")
    assert got(html, "insights") == {
        "insights": [("rating", "Outstanding", "Excellent work. Looking forward to reading more!", None)]
    }


BARS = [
    "<div>12%</div>",
    "<span>12%</span>",
    '<progress value="12" max="100">12%</progress>',
    '<div role="progressbar"><span>Reading progress</span><span>12 %</span></div>',
    "<div>0% read</div>",
]


@pytest.mark.parametrize(
    "above", ["<body>", "<article>", "<h1>", "<h2>", "<div>By", f"<p>{P1}", "</article>"]
)
@pytest.mark.parametrize("wrap", ["<div>{}</div>", "{}"])
@pytest.mark.parametrize("bar", BARS)
def test_how_much_was_read_is_no_part_of_the_story(bar: str, wrap: str, above: str) -> None:
    html = story(wrap=wrap).replace(above, bar + above, 1)
    names = ("headline", "dek", "body_text", "tags", "like_count", "comments")
    assert got(html, *names) == {name: base.get(name) for name in names}


def test_a_share_is_said_where_it_is_a_heading_or_a_paragraph() -> None:
    assert got(story(head="<h1>12%</h1>", body=f"<p>3%</p><p>{P1}</p>"), "headline", "body_text") == {
        "headline": "12%",
        "body_text": f"3%\n\n{P1}",
    }


@pytest.mark.parametrize("hero", ["", f'<img src="{PICTURE}" alt="A clock">'])
@pytest.mark.parametrize(
    "logo",
    [
        '<a href="/poets" aria-label="The Poets"><img src="/p.png"></a>',
        '<a href="/poets" aria-label="Poets"><svg><path d="M0"/></svg></a>',
        '<nav><a href="/poets" aria-label="Go to Poets community"><span></span></a></nav>',
        '<a href="https://vocal.media/poets" title="Poets"><img src="/p.png" alt=""></a>',
        '<a href="/poets"><img src="/p.png" alt="Poets"></a>',
        '<a href="/poets"><svg aria-label="Poets"></svg></a>',
        '<a href="/fiction" aria-label="Fiction"><img src="/f.png"></a><a href="/poets" aria-label="Poets"><img src="/p.png"></a>',
        '<div role="img" aria-label="Vocal logo"></div><div role="img" aria-label="Poets logo"></div>',
    ],
)
def test_a_community_may_be_named_in_a_label_alone(logo: str, hero: str) -> None:
    page = read(story(logo=logo, hero=hero))
    assert page.article is not None
    assert page.article.community is not None
    assert (page.article.community.name, page.article.headline) == ("Poets", "The Tide Clock")
    found = page.article.hero.url if page.article.hero is not None else None
    assert found == (PICTURE if hero else None)


def test_a_label_that_is_no_name_leaves_the_address() -> None:
    page = read(story(logo='<a href="/poets" aria-label="Home"><img src="/p.png"></a>'))
    assert page.article is not None
    assert page.article.community is not None
    assert page.article.community.name == "poets"


SHOWN = f'<img src="{PICTURE}" alt="A clock">'


@pytest.mark.parametrize("place", ["above the body's box", "no box", "inside the body's box"])
@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("Photo by Jo Ek on Unsplash", "Jo Ek"),
        ("(Photo by Jo Ek)", "Jo Ek"),
        ("Photo: Jo Ek", "Jo Ek"),
        ("Photo credit: Jo Ek", "Jo Ek"),
        ("Photography by Jo Ek", None),
        ("© Jo Ek", "Jo Ek"),
        ("Image: Pexels", None),
        ("Unsplash", None),
        ("My own photo", None),
    ],
)
def test_a_paragraph_under_the_hero_that_credits_it_is_its_caption(
    caption: str, credit: str | None, place: str
) -> None:
    hero = f"{SHOWN}<p>{caption}</p>"
    if place == "inside the body's box":
        html = story(body=hero + BODY)
    else:
        html = story(hero=hero, wrap="{}" if place == "no box" else "<div>{}</div>")
    wanted = {
        "dek": base["dek"],
        "body_text": base["body_text"],
        "hero": (PICTURE, "A clock", caption, credit),
    }
    assert got(html, *wanted) == wanted


def test_a_first_sentence_that_speaks_of_a_picture_is_the_storys() -> None:
    first = "Picture: a boat, no oars. Nobody in it but the dog."
    html = story(hero=SHOWN, wrap="{}", body=f"<p>{first}</p><p>{P1}</p>")
    assert got(html, "body_text") == {"body_text": f"{first}\n\n{P1}"}


COPY = f'<noscript><img src="{PICTURE}" alt="A clock"></noscript>'


@pytest.mark.parametrize("wrap", ["<div>{}</div>", "{}"])
@pytest.mark.parametrize(
    "hero",
    [
        f'<img class="lazy" src="data:image/gif;base64,R0" alt="A clock">{COPY}',
        f'<div><img class="lazy" src="/static/placeholder.png" alt="A clock">{COPY}</div>',
        f'<div><span><img src="data:image/svg+xml,%3Csvg/%3E" alt=""></span>{COPY}</div>',
        f'<div>{COPY}<img src="/t.jpg?w=20" alt=""></div>',
        f'<div><div class="gray"></div>{COPY}</div>',
        f"<span>{COPY}</span>",
        f"<div><div><div><div><div>{COPY}</div></div></div></div></div>",
        COPY,
    ],
)
def test_a_hero_may_be_shown_only_where_scripts_are_not_run(hero: str, wrap: str) -> None:
    counting = '<div><noscript><img src="https://c.example/tr?id=1" alt="x"></noscript><noscript><img src="https://c.example/a.gif"></noscript></div>'
    html = story(hero=hero, wrap=wrap).replace("<body>", f"<body>{counting}")
    wanted = {"hero": (PICTURE, "A clock", None, None), "body_text": base["body_text"], "dek": base["dek"]}
    assert got(html, *wanted) == wanted


@pytest.mark.parametrize(
    "copy",
    [
        f'<div><img src="/b.jpg" alt="A boat"><noscript><img src="{PICTURE}" alt="A boat"></noscript></div>',
        f'<div><amp-img src="/b.jpg" alt="A boat"><noscript><img src="{PICTURE}" alt="A boat"></noscript></amp-img></div>',
        '<div><noscript><p>Turn scripts on.</p><img src="/b.jpg" alt="A boat"></noscript></div>',
        '<div><noscript><img src="https://c.example/b.jpg" width="1" height="1" alt=""></noscript></div>',
        '<div><noscript><img src="https://c.example/b.jpg" style="display:none" alt="x"></noscript></div>',
    ],
)
def test_nothing_else_is_shown_of_what_scripts_replace(copy: str) -> None:
    page = read(story(body=f"<p>{P1}</p>{copy}<p>{P2}</p>"))
    assert page.article is not None
    assert page.article.body_html.count("<img") == ("src" in copy.split("<noscript>", maxsplit=1)[0])
    assert "scripts" not in page.article.body_text


OLD_HEADS = [
    "<center><font size=6><b>The Tide Clock</b></font><br><font size=3>Notes from a slow house</font></center>",
    "<div><font size=6>The Tide Clock</font></div><div><font size=3>Notes from a slow house</font></div>",
    "<table><tr><td><font size=5>The Tide Clock</font></td></tr><tr><td>Notes from a slow house</td></tr></table>",
    "<table><tr><td><b><big>The Tide Clock</big></b><br><br>Notes from a slow house</td></tr></table>",
    "<b><big>The Tide Clock</big></b><br><i>Notes from a slow house</i><br><br>",
]


@pytest.mark.parametrize("logo", ["", '<img src="/p.png" alt="Poets logo">'])
@pytest.mark.parametrize("body", [BODY, f"<font face=Arial>{P1}<br><br>{P2}</font>"])
@pytest.mark.parametrize(
    "byline",
    [
        f"<center>By Ida Moss {REST}</center>",
        f"<font size=2>By {LINK} {REST}</font><br><br>",
    ],
)
@pytest.mark.parametrize("title", ["The Tide Clock | Poets", "The Tide Clock by Ida Moss", "The Tide Clock"])
@pytest.mark.parametrize("head", OLD_HEADS)
def test_a_page_of_fonts_and_breaks_has_headline_standfirst_and_body(
    head: str, title: str, byline: str, body: str, logo: str
) -> None:
    html = story(head=head, byline=byline, body=body, wrap="{}", logo=logo)
    html = html.replace("<title>The Tide Clock | Poets", f"<title>{title}")
    names = ("headline", "dek", "names", "reading_minutes", "body_text")
    assert got(html, *names) == {name: base[name] for name in names}


def test_a_verse_that_begins_with_by_is_not_cut_apart() -> None:
    body = "<div>By the river 3 days ago<br>I lost a key,<br><br>By noon I had another.</div>"
    text = "By the river 3 days ago\nI lost a key,\n\nBy noon I had another."
    assert got(story(body=body), "body_text", "names") == {"body_text": text, "names": ["Ida Moss"]}


@pytest.mark.parametrize(
    "button",
    [
        "<button><span>Like this story</span><svg></svg><span>16</span></button>",
        "<button><span>16 likes</span> <span>16</span></button>",
        "<button><span>16</span> <span>people like this</span></button>",
    ],
)
def test_a_button_to_like_may_have_words_for_screen_readers(button: str) -> None:
    assert got(story(hero=button + HERO), "like_count", "hero") == {"like_count": 16, "hero": CREDITED}


def test_a_heading_that_is_a_number_is_a_standfirst() -> None:
    assert got(story(head="<h1>The Tide Clock</h1><h2>2021</h2>"), "dek") == {"dek": "2021"}


def test_links_to_share_are_no_part_of_a_short_body() -> None:
    row = "<div><button>Share</button><a href='https://x.example/t'>Tweet</a><a href='https://f.example/s'>Facebook</a></div>"
    html = story(body="<p>For sale: one umbrella.</p>", after=f"<p></p>{TIP}{row}")
    assert got(html, "body_text") == {"body_text": "For sale: one umbrella."}


@pytest.mark.parametrize(
    ("row", "likes"),
    [
        ("<div><span>16 likes</span><span>1,204 views</span></div>", 16),
        ("<div><span>16 likes</span> <span>0 comments</span></div>", 16),
        ("<div>1.2K likes · 3 comments · 9 shares</div>", 1200),
        ("<div><span>3 comments</span> <span>16 likes</span></div>", 16),
        ("<div><span>3 comments</span> <span>1,204 views</span></div>", None),
    ],
)
@pytest.mark.parametrize("hero", ["", HERO])
def test_a_row_of_counts_tells_the_likes(row: str, likes: int | None, hero: str) -> None:
    wanted = {"like_count": likes, "hero": CREDITED if hero else None, "body_text": base["body_text"]}
    assert got(story(hero=row + hero), *wanted) == wanted


@pytest.mark.parametrize(
    "labels",
    [
        '<a href="/poets" aria-label="' + " ".join(["x" * 300_000] * 12) + '"></a>',
        '<b aria-label="x"></b>' * 100_000,
    ],
)
def test_hostile_labels_take_no_time(labels: str) -> None:
    started = process_time()
    read(f'<div id="vocalSite"><h1>The Tide Clock</h1><p>By {LINK} {REST}</p>{BODY}{labels}</div>')
    assert process_time() - started < 3
