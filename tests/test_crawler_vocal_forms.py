"""Story pages of Vocal in other developers' markup: each part in one more form, read to the last field."""

import json
from datetime import UTC, datetime

import pytest

from crawler.platforms import read_page
from crawler.platforms.base import Page
from crawler.records import ArticleRecord

SEEN_AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://vocal.media/fiction/ten-doors"
AUTHOR = '<a href="/authors/orla-tisk">Orla Tisk</a>'
BYLINE = f"<div>By {AUTHOR}</div><div>Published 8 months ago</div><div>4 min read</div>"
BODY = (
    "<div><p>The tenth door had been painted on the brick by somebody with time.</p>"
    "<p>We knocked on it once, because that is only polite.</p>"
    "<p>The knock that came back was a little late.</p></div>"
)
PARAGRAPHS = [
    "The tenth door had been painted on the brick by somebody with time.",
    "We knocked on it once, because that is only polite.",
    "The knock that came back was a little late.",
]
ABOUT = f"<section><h3>About the Creator</h3><h4>{AUTHOR}</h4><p>Beans, mostly.</p></section>"
NO_COMMENTS = (
    "<section><h3>Comments</h3><p>There are no comments for this story</p>"
    "<p>Be the first to respond and start the conversation.</p><p>Sign in to comment</p></section>"
)
TITLE = "<h1>Ten Doors</h1>"


def story(
    *, title: str = TITLE, byline: str = BYLINE, body: str = BODY, about: str = ABOUT, rest: str = NO_COMMENTS
) -> str:
    """Return a page of these parts, from the community's logo to the footer."""
    return (
        '<html><head><title>Ten Doors | Fiction</title></head><body><header><a href="/">Vocal</a></header>'
        f'<main><a href="/fiction"><img alt="Fiction logo" src="f.png"></a>{title}{byline}{body}{about}{rest}'
        "</main><footer><p>Find us on social media</p><p>Miscellaneous links</p>"
        "<p>© 2026 Creatd, Inc. All Rights Reserved.</p></footer></body></html>"
    )


def read(html: str, url: str | None = URL) -> tuple[Page, ArticleRecord]:
    page = read_page(html, url, seen_at=SEEN_AT, platform="vocal")
    assert page.article is not None, page.kind
    return page, page.article


@pytest.mark.parametrize(
    "words",
    [
        "<p>Published a year ago, updated 3 days ago</p>",
        "<p>Published a year ago and updated 3 days ago</p>",
        "<p>Published a year ago. Last updated 3 days ago</p>",
    ],
)
def test_both_dates_of_a_byline_stand_where_words_part_them(words: str) -> None:
    _, article = read(story(byline=f"<p>Written by {AUTHOR}</p>{words}<p>4 min read</p>"))
    assert (article.published_text, article.modified_text) == ("a year ago", "3 days ago")
    assert article.reading_minutes == 4
    assert article.body_text.split("\n\n") == PARAGRAPHS


@pytest.mark.parametrize(
    "byline",
    [
        f'<div><img src="av.jpg" alt=""><div>{AUTHOR}</div><div>8 months ago</div><div>4 min read</div></div>',
        f"<p>{AUTHOR}</p><p>8 months ago · 4 min read</p>",
        f"<div>{AUTHOR} <span>8 months ago</span> · <span>4 min read</span></div>",
        f"<div>{AUTHOR}<br>8 months ago · 4 min read</div>",
    ],
)
def test_a_linked_name_above_a_date_is_a_byline_without_its_by(byline: str) -> None:
    dek = "<div>A story about a wall</div>"
    title = '<div role="heading" aria-level="1">Ten Doors</div>' + dek
    embed = "<div><div>Nine Windows</div><div>By Ned Oakes Published 2 years ago in Fiction</div></div>"
    for heading in (TITLE + dek, title):
        _, article = read(
            story(title=heading, byline=byline, body=BODY + (embed if "<h1" in heading else ""))
        )
        assert (article.headline, article.dek) == ("Ten Doors", "A story about a wall")
        assert [(each.name, each.url) for each in article.authors] == [
            ("Orla Tisk", "https://vocal.media/authors/orla-tisk")
        ]
        assert (article.published_text, article.reading_minutes) == ("8 months ago", 4)
        assert article.byline is None
        assert article.hero is None
        assert article.body_text.split("\n\n")[:3] == PARAGRAPHS


@pytest.mark.parametrize(
    "byline",
    [
        f"<p>4 min read · Published 8 months ago · By {AUTHOR}</p>",
        f"<p>Published 8 months ago By {AUTHOR} · 4 min read</p>",
        f"<div><span>8 months ago</span> <span>By {AUTHOR}</span></div><div>4 min read</div>",
    ],
)
def test_a_byline_may_end_with_the_name(byline: str) -> None:
    _, article = read(story(title=TITLE + "<p>A story about a wall</p>", byline=byline))
    assert (article.headline, article.dek) == ("Ten Doors", "A story about a wall")
    assert (article.byline, article.authors[0].url) == (
        "By Orla Tisk",
        "https://vocal.media/authors/orla-tisk",
    )
    assert (article.published_text, article.reading_minutes) == ("8 months ago", 4)
    assert article.body_text.split("\n\n") == PARAGRAPHS


def test_a_sentence_that_ends_with_a_name_is_no_byline() -> None:
    body = BODY.replace("<div>", f"<div><p>Two days later the wall was painted over by {AUTHOR}</p>", 1)
    _, article = read(story(body=body))
    assert article.published_text == "8 months ago"
    assert article.body_text.split("\n\n") == [
        "Two days later the wall was painted over by Orla Tisk",
        *PARAGRAPHS,
    ]


@pytest.mark.parametrize(
    "about",
    [
        "<div><h3>About the Creator</h3><b>Orla Tisk</b><br>Beans, mostly.</div>",
        f"<table><tr><th>About the Creator</th></tr><tr><td>{AUTHOR}<br>Beans, mostly.</td></tr></table>",
        ABOUT.replace(
            "</section>", '<a href="/tip">Leave a tip</a> <a href="/pledge">Pledge your support</a></section>'
        ),
        ABOUT.replace("</section>", '<a href="/authors/orla-tisk">See more from Orla Tisk</a></section>'),
    ],
)
def test_a_bio_is_what_the_author_says_and_nothing_else(about: str) -> None:
    page, _ = read(story(about=about))
    assert [(each.name, each.bio_text) for each in page.authors] == [("Orla Tisk", "Beans, mostly.")]


def test_an_author_block_below_the_insights_is_no_insight() -> None:
    insights = (
        "<div><div>Reader insights</div><div>Outstanding</div><div>Top insights</div>"
        "<div>Easy to read and follow</div><div>Well-structured &amp; engaging content</div></div>"
    )
    about = "<div><div>About the Creator</div><div>Orla Tisk</div><div>Beans, mostly.</div></div>"
    page, article = read(story(about=insights + about))
    assert [each.label for each in article.insights] == ["Outstanding", "Easy to read and follow"]
    assert page.authors[0].bio_text == "Beans, mostly."


def test_dates_of_an_archived_page_count_from_its_capture() -> None:
    page = f"https://web.archive.org/web/20250301123456/{URL}"
    comments = "<h3>Comments (1)</h3><p>Sign in to comment</p><ul><li><b>Ned Oakes</b> <i>3 days ago</i><p>Yes.</p></li></ul>"
    for url in (page, page.replace("123456", "123456id_")):
        found, article = read(story(rest=comments), url)
        assert article.canonical_url == URL
        assert article.published_bounds is not None
        assert article.published_bounds[0] < datetime(2024, 7, 1, tzinfo=UTC) < article.published_bounds[1]
        assert found.comments[0].published_bounds is not None
        assert found.comments[0].published_bounds[1] < datetime(2025, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "byline",
    [
        f"<dl><dt>By</dt><dd>{AUTHOR}</dd><dt>Published</dt><dd>8 months ago</dd>"
        "<dt>Reading time</dt><dd>4 min</dd></dl>",
        f"<dl><div><dt>Creator</dt><dd>{AUTHOR}</dd></div><div><dt>Published</dt><dd>8 months ago</dd></div>"
        "<div><dt>Length</dt><dd>4 min read</dd></div></dl>",
    ],
)
def test_a_byline_may_be_a_list_of_labels_and_values(byline: str) -> None:
    _, article = read(story(byline=byline + "<div>Top Story - March 2026</div>"))
    assert article.authors[0].name == "Orla Tisk"
    assert (article.published_text, article.reading_minutes) == ("8 months ago", 4)
    assert article.badges == ["Top Story - March 2026"]
    assert article.body_text.split("\n\n") == PARAGRAPHS


def test_what_keeps_a_pictures_place_is_not_the_hero() -> None:
    source = "https://res.cloudinary.com/jerrick/image/upload/w_1024/65f0aa11bb22cc33dd44ee99.jpg"
    link = source.replace(":", "%3A").replace("/", "%2F")
    hero = (
        '<div><span><span><img alt="" aria-hidden="true" src="data:image/svg+xml,%3csvg/%3e"></span>'
        f'<img alt="A door" src="/_next/image?url={link}&amp;w=1080&amp;q=75"></span></div>'
        "<div>Photo by Dorrit Vane on Unsplash</div>"
    )
    _, article = read(story(byline=BYLINE + hero))
    assert article.hero is not None
    assert (article.hero.url, article.hero.alt) == (source, "A door")
    assert article.hero.caption == "Photo by Dorrit Vane on Unsplash"


def discussion(rows: list[str], *, around: str = "table") -> str:
    comments = "".join(rows)
    heading = f"<h3>Comments ({len(rows)})</h3><p>Sign in to comment</p>"
    return f"<section>{heading}<{around}>{comments}</{around}></section>"


def parents_of(page: Page) -> list[int | None]:
    ids = [comment.platform_id for comment in page.comments]
    return [ids.index(each.parent_id) if each.parent_id else None for each in page.comments]


COMMENTERS = ["Ned Oakes", "Orla Tisk", "Una Vale", "Ines Pym"]
LEVELS = [0, 1, 2, 0]
"""How deep each comment stands."""


@pytest.mark.parametrize(
    "cells",
    [
        ['<td width="{w}"></td><td>', "</td>"],
        ['<td><img src="s.gif" height="1" width="{w}"></td><td>', "</td>"],
        ['<td style="width:{w}px"></td><td>', "</td>"],
        ["{empty}", '<td colspan="{rest}">', "</td>"],
    ],
)
def test_replies_are_told_by_the_empty_cells_before_them(cells: list[str]) -> None:
    rows = []
    for name, level in zip(COMMENTERS, LEVELS, strict=True):
        parts = [
            part.format(w=40 * level, empty="<td></td>" * level, rest=4 - level) if "{" in part else part
            for part in cells
        ]
        rows.append(f"<tr>{''.join(parts[:-1])}<b>{name}</b> 3 days ago<br>A quiet word.{parts[-1]}</tr>")
    page, _ = read(story(rest=discussion(rows)))
    assert [each.author_name for each in page.comments] == COMMENTERS
    assert parents_of(page) == [None, 0, 1, None]


def test_a_commenter_without_a_picture_answers_nobody() -> None:
    pictures = ['<img src="a.jpg" height="48">', "", '<img src="b.jpg" height="48">', ""]
    rows = [
        f'<tr><td width="48">{picture}</td><td><b>{name}</b> 3 days ago<br>A quiet word.</td></tr>'
        for name, picture in zip(COMMENTERS, pictures, strict=True)
    ]
    page, _ = read(story(rest=discussion(rows)))
    assert parents_of(page) == [None] * 4


def test_replies_are_told_by_a_level_in_their_style() -> None:
    rows = [
        f'<div style="--depth:{level}"><div><b>{name}</b> <i>3 days ago</i></div><p>A quiet word.</p></div>'
        for name, level in zip(COMMENTERS, LEVELS, strict=True)
    ]
    page, _ = read(story(rest=discussion(rows, around="div")))
    assert parents_of(page) == [None, 0, 1, None]


@pytest.mark.parametrize(
    "tags",
    [
        "<div><span>family</span> <span>Quiet Doors</span> <span>vintage</span></div>",
        '<div><span class="a1">family</span><span class="b2">Quiet Doors</span><span>vintage</span></div>',
        "<ul><li>family</li><li>Quiet Doors</li><li>vintage</li></ul>",
        '<h4>Tags</h4><p><a href="/fiction/tag/family">family</a> <a href="/fiction/tag/quiet">Quiet Doors</a> '
        '<a href="/fiction/tag/vintage">vintage</a></p>',
    ],
)
def test_tags_in_elements_of_their_own_are_told_apart(tags: str) -> None:
    loose = BODY.removeprefix("<div>").removesuffix("</div>")
    for body in (BODY, loose) if "<ul>" not in tags else (BODY,):
        page, article = read(story(body=body + tags))
        assert [tag.name for tag in article.tags] == ["family", "Quiet Doors", "vintage"]
        assert article.body_text.split("\n\n") == PARAGRAPHS
        assert page.warnings == ()


def test_a_list_of_buttons_under_a_body_is_no_list_of_tags() -> None:
    _, article = read(story(body=BODY + "<ul><li>Bookmark</li><li>Print</li><li>Copy link</li></ul>"))
    assert article.tags == []


def listed(items: str) -> Page:
    html = f"<html><head><title>Fiction</title></head><body><h1>Fiction</h1><h2>Latest Stories</h2>{items}</body></html>"
    return read_page(html, "https://vocal.media/fiction/latest-stories", seen_at=SEEN_AT, platform="vocal")


def test_badges_after_a_title_are_read_where_the_link_has_the_title_alone() -> None:
    card = (
        '<article><a href="/fiction/{slug}"><span class="sr-only">{title}</span></a><img alt="" src="/i.jpg">'
        "<h2>{title}.{badges}</h2><p>Something about a thing.</p><div>By Abel Norcross 2 days ago in Fiction</div></article>"
    )
    page = listed(
        card.format(
            slug="ink-season", title="Ink Season", badges=" Top Story - October 2026. Content Warning."
        )
        + card.format(slug="ten-doors", title="Ten Doors", badges="")
    )
    assert [(each.headline, each.badges) for each in page.cards] == [
        ("Ink Season", ("Top Story - October 2026", "Content Warning")),
        ("Ten Doors", ()),
    ]


def test_a_link_around_a_picture_and_the_title_tells_the_title() -> None:
    card = (
        '<li><a href="/fiction/{slug}"><figure><img alt="{title}"></figure><strong>{title}</strong></a>'
        "<span>Abel Norcross</span><span>2 days ago</span></li>"
    )
    slugs = {"ink-season": "Ink Season", "ten-doors": "Ten Doors"}
    page = listed(f"<ul>{''.join(card.format(slug=slug, title=title) for slug, title in slugs.items())}</ul>")
    assert [(each.headline, each.author_name) for each in page.cards] == [
        ("Ink Season", "Abel Norcross"),
        ("Ten Doors", "Abel Norcross"),
    ]


LIST = (
    "<ul><li><b>Ned Oakes</b> <i>3 days ago</i><p>A quiet word.</p></li>"
    "<li><b>Una Vale</b> <i>2 days ago</i><p>Another.</p></li></ul>"
)


def test_comments_below_the_footer_leave_the_footer_out_of_the_bio() -> None:
    html = story(rest="").replace(
        "</body>", f"<dialog open><h2>Comments (2)</h2><p>Sign in to comment</p>{LIST}</dialog></body>"
    )
    html = html.replace("<p>Find us on social media</p>", "<div>Find us on social media</div>")
    page, article = read(html)
    assert [each.bio_text for each in page.authors] == ["Beans, mostly."]
    assert [each.author_name for each in page.comments] == ["Ned Oakes", "Una Vale"]
    assert article.comments_complete


def test_comments_printed_twice_for_two_screens_are_read_once() -> None:
    section = f"<section><h3>Comments (2)</h3><p>Sign in to comment</p>{LIST}</section>"
    page, _ = read(story(rest=section + section))
    assert [(each.author_name, each.body_text) for each in page.comments] == [
        ("Ned Oakes", "A quiet word."),
        ("Una Vale", "Another."),
    ]


def test_what_a_person_is_subscribed_to_is_no_bio() -> None:
    facts = "<dl><dt>Stories</dt><dd>48</dd><dt>Subscribers</dt><dd>1,204</dd><dt>Subscribed to</dt><dd>12</dd></dl>"
    html = f"<html><body><h1>Orla Tisk</h1><p>Beans, mostly.</p>{facts}<p>Joined March 2021</p><h2>Stories</h2></body></html>"
    page = read_page(html, "https://vocal.media/authors/orla-tisk", seen_at=SEEN_AT, platform="vocal")
    told = [(each.bio_text, each.follower_count, each.article_count) for each in page.authors]
    assert told == [("Beans, mostly.", 1204, 48)]


@pytest.mark.parametrize("logo", ['<h1><a href="/">Vocal</a></h1>', '<a href="/"><h1>Vocal</h1></a>'])
def test_a_logo_set_as_the_main_heading_is_no_headline(logo: str) -> None:
    dek = "<p>A story about a wall</p>"
    html = story(title="<h2>Ten Doors</h2>" + dek).replace("<main>", f"{logo}<main>")
    html = html.replace('<img alt="Fiction logo" src="f.png">', "<span>Fiction</span>")
    _, article = read(html.replace("Ten Doors | Fiction", "Ten Doors - Fiction"))
    assert (article.headline, article.dek) == ("Ten Doors", "A story about a wall")


def test_replies_of_a_state_are_told_by_the_comment_they_reply_to() -> None:
    person = {"name": "Ned Oakes", "slug": "ned-oakes"}
    first = {"id": "k1", "body": "A quiet word.", "createdAt": "2026-09-10T00:00:00Z", "author": person}
    reply = {"id": "k2", "body": "Another.", "createdAt": "2026-09-11T00:00:00Z", "author": person}
    for name in ("parent", "replyTo", "inReplyTo", "parentComment"):
        comments = {"edges": [{"node": first}, {"node": {**reply, name: {"id": "k1"}}}]}
        post = {"id": "10", "name": "Ten Doors", "slug": "ten-doors", "comments": comments}
        state = json.dumps(
            {"props": {"pageProps": {"post": {**post, "publishedAt": "2026-09-09T09:09:09Z"}}}}
        )
        script = f'<script id="__NEXT_DATA__" type="application/json">{state}</script>'
        page, _ = read(story(rest="<h3>Comments (2)</h3><p>Sign in to comment</p><p>Loading</p>" + script))
        assert parents_of(page) == [None, 0], name


def test_a_lone_number_beside_a_count_of_comments_counts_likes() -> None:
    row = '<div><button aria-label="Like">♥</button> <span>31</span> <a href="#comments">2 comments</a></div>'
    _, article = read(story(byline=BYLINE + row))
    assert article.like_count == 31


def test_an_insight_keeps_its_explanation_apart_from_how_many_chose_it() -> None:
    item = "<li><strong>{0}</strong> <span>{1}</span><meter value='.5'></meter><span>{2} readers</span></li>"
    told = [
        ("Eye opening", "Niche topic &amp; fresh perspectives", 5),
        ("Easy to read and follow", "Clear", 2),
    ]
    items = "".join(item.format(*each) for each in told)
    rating = "<p>Outstanding</p><p>Excellent work. Looking forward to reading more!</p>"
    section = f"<section><h3>Reader insights</h3>{rating}<h4>Top insights</h4><ul>{items}</ul></section>"
    _, article = read(story(about=ABOUT + section))
    assert [(each.label, each.explanation, each.count) for each in article.insights[1:]] == [
        ("Eye opening", "Niche topic & fresh perspectives", 5),
        ("Easy to read and follow", "Clear", 2),
    ]


def test_a_link_to_more_replies_leads_to_a_further_page() -> None:
    link = f'<a href="{URL}?replies=k1">Load 3 more replies</a>'
    fold = '<a href="#">View 3 replies</a>'
    for more, pages in ((link, (f"{URL}?replies=k1",)), (fold, ())):
        rows = [
            f"<li><b>{name}</b> <i>3 days ago</i><p>A quiet word.</p>{more}</li>" for name in COMMENTERS[:2]
        ]
        page, article = read(story(rest=discussion(rows, around="ul")))
        assert page.links.comment_pages == pages
        assert article.comments_complete == (pages == ())


@pytest.mark.parametrize(
    "comment",
    [
        "<li><cite>{0}</cite> <abbr>3 days ago</abbr> <span>says:</span><p>A quiet word.</p></li>",
        "<li><b>{0}</b> <i>3 days ago</i><p>A quiet word.</p><p>(edited)</p></li>",
    ],
)
def test_what_a_page_says_of_a_comment_is_none_of_its_words(comment: str) -> None:
    page, _ = read(story(rest=discussion([comment.format(name) for name in COMMENTERS], around="ul")))
    assert [each.author_name for each in page.comments] == COMMENTERS
    assert {each.body_text for each in page.comments} == {"A quiet word."}


def test_a_picture_inside_a_saved_page_is_the_hero_of_its_preview() -> None:
    picture = '<img alt="Ten Doors" src="data:image/png;base64,iVBORw0KGgo="><div>Photo by Dorrit Vane on Unsplash</div>'
    preview = "https://res.cloudinary.com/jerrick/image/upload/w_1200/65f0aa11bb22cc33dd44ee99.jpg"
    html = story(byline=f"{BYLINE}<div>{picture}</div>")
    for url, head in ((None, ""), (preview, f'<meta property="og:image" content="{preview}">')):
        _, article = read(html.replace("<head>", f"<head>{head}"))
        assert article.hero is not None
        assert (article.hero.url, article.hero.alt) == (url, "Ten Doors")
        assert article.hero.caption == "Photo by Dorrit Vane on Unsplash"


def test_likes_may_follow_the_minutes_of_a_byline() -> None:
    _, article = read(story(byline=f"<p>By {AUTHOR} · Published 8 months ago · 4 min read · 5 likes</p>"))
    assert (article.reading_minutes, article.like_count) == (4, 5)


def test_a_button_in_an_authors_block_is_no_link_of_theirs() -> None:
    about = ABOUT.replace(
        "</section>", '<a href="https://orla.example/">My shelf</a> <a href="#">Follow</a></section>'
    )
    page, _ = read(story(about=about))
    assert page.authors[0].links == ["https://orla.example/"]


def test_a_lone_reply_in_a_box_classed_like_its_comment_answers_it() -> None:
    one = '<div class="c"><div><div><b>{0}</b> <i>3 days ago</i></div><p>A quiet word.</p></div>{1}</div>'
    reply = f'<div class="r">{one.format("Orla Tisk", "")}</div>'
    for rest, parents in ((one.format("Ned Oakes", reply), [None, 0]), (one.format("Ned Oakes", ""), [None])):
        html = f"<section><h3>Comments ({len(parents)})</h3><p>Sign in to comment</p>{rest}</section>"
        page, _ = read(story(rest=html))
        assert parents_of(page) == parents


def test_a_notice_that_the_rest_is_for_members_is_no_part_of_the_body() -> None:
    gate = (
        '<div class="gate"><h3>Sign in to keep reading</h3>'
        "<p>This story is for members. Create a free account to continue.</p><button>Sign in</button></div>"
    )
    _, article = read(story(body=BODY + gate))
    assert article.body_text.split("\n\n") == PARAGRAPHS
    assert article.access == "members"


def test_a_removed_comment_that_names_nobody_has_no_author() -> None:
    one = "<div><div>{0}</div><div>3 days ago</div><div><p>{1}</p></div></div>"
    rows = [one.format("[deleted]", "[deleted]"), one.format("Una Vale", "A quiet word.")]
    page, _ = read(story(rest=discussion(rows, around="div")))
    assert [(each.author_name, each.state, each.body_text) for each in page.comments] == [
        (None, "removed", ""),
        ("Una Vale", "visible", "A quiet word."),
    ]


@pytest.mark.parametrize(
    "byline",
    [
        f"<div>Published a year ago</div><div>Updated 3 days ago</div><div>By {AUTHOR}</div><div>4 min read</div>",
        f"<p>By {AUTHOR} (Published a year ago, updated 3 days ago, 4 min read)</p>",
        f"<p>By {AUTHOR}, <time>Published a year ago</time>, <time>Updated 3 days ago</time>, 4 min read</p>",
        f"<p>Author: {AUTHOR}</p><p>Published: a year ago</p><p>Updated: 3 days ago</p><p>Reading time: 4 min</p>",
    ],
)
def test_a_byline_may_be_worded_and_ordered_in_other_ways(byline: str) -> None:
    _, article = read(story(title=TITLE + "<p>A story about a wall</p>", byline=byline))
    assert (article.headline, article.dek) == ("Ten Doors", "A story about a wall")
    assert [(each.name, each.url) for each in article.authors] == [
        ("Orla Tisk", "https://vocal.media/authors/orla-tisk")
    ]
    assert (article.published_text, article.modified_text) == ("a year ago", "3 days ago")
    assert article.reading_minutes == 4
    assert article.byline in (None, "By Orla Tisk")
    assert article.body_text.split("\n\n") == PARAGRAPHS


def test_a_date_above_a_byline_with_one_of_its_own_is_another_ones() -> None:
    note = "<div>Updated 3 days ago</div>"
    _, article = read(story(byline=note + BYLINE))
    assert (article.published_text, article.modified_text) == ("8 months ago", None)


def test_replies_stand_inside_boxes_with_the_role_of_an_item() -> None:
    def item(name: str, replies: str) -> str:
        head = f'<div><a href="/authors/{name.lower().replace(" ", "-")}">{name}</a><div>A quiet word.</div></div>'
        return f'<div role="article">{head}<ul><li>3 days ago</li><li>Reply</li></ul>{replies}</div>'

    una = item("Una Vale", "")
    rows = [item("Ned Oakes", item("Orla Tisk", una)), item("Ines Pym", "")]
    html = f"<section><h3>Comments (4)</h3><p>Sign in to comment</p>{''.join(rows)}</section>"
    page, _ = read(story(rest=html))
    assert [each.author_name for each in page.comments] == ["Ned Oakes", "Orla Tisk", "Una Vale", "Ines Pym"]
    assert parents_of(page) == [None, 0, 1, None]


def test_tags_under_the_author_with_signs_between_are_no_bio() -> None:
    tags = '<div><a href="/fiction/tag/family">family</a> / <a href="/fiction/tag/love">Love</a></div>'
    page, article = read(story(about=ABOUT + tags))
    assert page.authors[0].bio_text == "Beans, mostly."
    assert [tag.name for tag in article.tags] == ["family", "Love"]


def test_tabs_between_insights_and_comments_are_no_insight() -> None:
    told = "<div>Reader insights</div><div>Outstanding</div><div>Top insights</div>"
    item = "<div>Easy to read and follow</div><div>Well-structured &amp; engaging content</div>"
    tabs = (
        '<div role="tablist"><button role="tab">Comments</button><button role="tab">Insights</button></div>'
    )
    rows = ["<li><b>Ned Oakes</b> <i>3 days ago</i><p>A quiet word.</p></li>"]
    page, article = read(story(rest=f"<div>{told}{item}</div>{tabs}{discussion(rows, around='ul')}"))
    assert [each.label for each in article.insights] == ["Outstanding", "Easy to read and follow"]
    assert [each.author_name for each in page.comments] == ["Ned Oakes"]


def test_a_card_of_another_page_in_a_body_keeps_its_link() -> None:
    card = '<div><a href="https://vocal.media/challenges/letters"><div>The Letters Challenge</div><div>vocal.media</div></a></div>'
    _, article = read(story(body=BODY.replace("<p>We", card + "<p>We")))
    assert '<a href="https://vocal.media/challenges/letters">The Letters Challenge</a>' in article.body_html
    assert article.body_text.split("\n\n")[1:3] == ["The Letters Challenge", "vocal.media"]


def test_badges_beside_a_title_are_no_part_of_it() -> None:
    card = (
        '<div><a href="/fiction/{slug}"><span>{title}</span></a>{badges}<div>By Abel Norcross</div>'
        "<div>2 days ago in Fiction</div></div>"
    )
    chips = " <b>Top Story - October 2026</b> <b>Content Warning</b>"
    page = listed(
        card.format(slug="ink-season", title="Ink Season", badges=chips)
        + card.format(slug="why", title="Why?", badges="")
    )
    assert [(each.headline, each.badges) for each in page.cards] == [
        ("Ink Season", ("Top Story - October 2026", "Content Warning")),
        ("Why?", ()),
    ]


@pytest.mark.parametrize(
    "label", ["<h3>Responses</h3>", "<div>What readers say</div>", "<div>Winners</div>", ""]
)
@pytest.mark.parametrize("title", [TITLE, "<div>Ten Doors</div>"])
def test_a_name_above_a_date_below_the_body_is_no_byline(title: str, label: str) -> None:
    rows = "".join(
        f'<div><div><a href="/authors/a-{at}">{name}</a></div><div>3 days ago</div><p>A quiet word.</p></div>'
        for at, name in enumerate(COMMENTERS)
    )
    claim = {"@type": "Article", "headline": "Ten Doors", "author": {"@type": "Person", "name": "Orla Tisk"}}
    script = f'<script type="application/ld+json">{json.dumps(claim)}</script>'
    body = BODY.replace("</p>", " It was a door like any other door in the street of the doors.</p>")
    _, article = read(story(title=title, byline=script, body=body, about="", rest=label + rows))
    assert [each.name for each in article.authors] == ["Orla Tisk"]
    assert article.published_text is None
    assert article.body_text.startswith(PARAGRAPHS[0])


def test_a_commenters_name_above_a_date_is_no_byline() -> None:
    rows = [
        f'<div><div><a href="/authors/a-{at}">{name}</a></div><div>3 days ago</div><p>A quiet word.</p></div>'
        for at, name in enumerate(COMMENTERS)
    ]
    page, article = read(story(byline="<p>Orla Tisk, 8 months ago</p>", rest=discussion(rows, around="div")))
    assert [each.author_name for each in page.comments] == COMMENTERS
    assert article.published_text != "3 days ago"
    assert article.body_text.split("\n\n")[-3:] == PARAGRAPHS


@pytest.mark.parametrize("picture", ["", "<div>{0[0]}</div>"])
def test_dates_below_the_words_leave_the_names_above_them(picture: str) -> None:
    words = [["A quiet word."], ["Another.", "And one more."], ["Yes."]]
    rows = [
        f"<div>{picture.format(name)}<div><strong>{name}</strong>{''.join(f'<div>{line}</div>' for line in said)}</div>"
        '<div><span>3 days ago</span> <a href="#">Like</a> <a href="#">Reply</a></div></div>'
        for name, said in zip(COMMENTERS, words, strict=False)
    ]
    page, _ = read(story(rest=discussion(rows, around="div")))
    assert [(each.author_name, each.body_text.split()) for each in page.comments] == [
        (name, " ".join(said).split()) for name, said in zip(COMMENTERS, words, strict=False)
    ]


def test_a_name_above_its_date_keeps_its_words_below() -> None:
    rows = [
        f"<div><div>{name}</div><div>3 days ago</div><div>A quiet word.</div></div>" for name in COMMENTERS
    ]
    page, _ = read(story(rest=discussion(rows, around="div")))
    assert [(each.author_name, each.body_text) for each in page.comments] == [
        (name, "A quiet word.") for name in COMMENTERS
    ]


def test_a_label_printed_twice_above_the_comments_leaves_them() -> None:
    label = "<h3>Comments (2)</h3><p>Sign in to comment</p>"
    page, _ = read(story(rest=f"<div>{label}</div><section>{label}{LIST}</section>"))
    assert [each.author_name for each in page.comments] == ["Ned Oakes", "Una Vale"]


@pytest.mark.parametrize(
    "reference", ["&#2;", "&#11;", "&#x1F;", "&#31;", "&#65534;", "&#xffff;", "\x01", "\uffff"]
)
def test_a_reference_to_no_character_keeps_no_page_from_being_read(reference: str) -> None:
    body = f"""<div>The door{reference} is shut.<br>Always.<p>Nobody minds{reference} it.</p>We{reference} do not.
    <p>So.</p><a href="/x{reference}"><div>The{reference} lock</div><div>Its other side.</div></a><p>It&#39;s so.</p></div>"""
    _, article = read(story(body=body))
    parted = story(body=body.replace("Nobody minds", "Nobody\x0bminds").replace("We", "We\x0c"))
    assert read(parted)[1].body_text.split() == article.body_text.split()
    words = "The door is shut. Always. Nobody minds it. We do not. So. The lock Its other side. It's so."
    assert article.body_text.split() == words.split()


@pytest.mark.parametrize("moment", ["00010101000000", "19691231235959", "20261399000000"])
def test_an_address_that_no_archive_made_leaves_the_dates(moment: str) -> None:
    _, article = read(story(), f"https://archive.example/web/{moment}/{URL}")
    assert article.published_text == "8 months ago"
    assert article.published_at is not None
    assert article.published_at.year == 2026
