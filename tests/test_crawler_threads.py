"""Comments whose markup says in an odd way who wrote what and whom it answers."""

import json
from datetime import UTC, datetime
from time import process_time

import pytest

from crawler.platforms import read_page
from crawler.records import CommentRecord

SEEN = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://vocal.media/poets/the-heron"

PAGE = """<html lang="en"><body><main><img alt="Poets logo"><h1>The Heron</h1>
<p>By <a href="/authors/ida">Ida Moss</a> Published 3 months ago 2 min read</p>
<p>Every weekday at nine the heron arrives at the lock and stands on the same stone.</p>
<p>Nobody has told him that the canal office closed years ago.</p>
<h2>About the Creator</h2><p>Ida Moss</p>
<section><h2>Comments ({n})</h2><p>Sign in to comment</p>{comments}</section>
<footer>Find us on social media</footer></main></body></html>"""


def head(name: str, ago: str = "2 days ago") -> str:
    return f'<a href="/authors/{name.lower()}">{name}</a> <span>{ago}</span>'


def comments_of(comments: str, n: int = 2) -> list[CommentRecord]:
    page = PAGE.format(comments=comments, n=n)
    return list(read_page(page, URL, seen_at=SEEN).comments)


def read(comments: str, n: int = 2) -> list[tuple[str | None, str, str | None]]:
    found = comments_of(comments, n)
    words = {comment.platform_id: comment.body_text for comment in found}
    return [
        (comment.author_name, comment.body_text, words[comment.parent_id] if comment.parent_id else None)
        for comment in found
    ]


NESTED = {
    "a list of descriptions": (
        f"<dl><dt>{head('Ann')}</dt><dd><p>One.</p></dd><dt>{head('Bo')}</dt><dd><p>Two.</p>"
        f"<dl><dt>{head('Cy')}</dt><dd><p>Three.</p></dd></dl></dd><dt>{head('Di')}</dt><dd><p>Four.</p></dd></dl>"
    ),
    "a list right after its item": (
        f"<ul><li>{head('Ann')}<p>One.</p></li><li>{head('Bo')}<p>Two.</p></li>"
        f"<ul><li>{head('Cy')}<p>Three.</p></li></ul><li>{head('Di')}<p>Four.</p></li></ul>"
    ),
    "a box of answers after each comment, classes without meaning": (
        f'<div class="css-1"><div>{head("Ann")}</div><p>One.</p></div>'
        f'<div class="css-1"><div>{head("Bo")}</div><p>Two.</p></div>'
        f'<div class="css-2"><div class="css-1"><div>{head("Cy")}</div><p>Three.</p></div></div>'
        f'<div class="css-1"><div>{head("Di")}</div><p>Four.</p></div>'
    ),
    "a box around each comment and its answers": (
        f'<div class="css-1"><div class="css-2"><div>{head("Ann")}</div><p>One.</p></div></div>'
        f'<div class="css-1"><div class="css-2"><div>{head("Bo")}</div><p>Two.</p></div>'
        f'<div class="css-3"><div class="css-1"><div class="css-2"><div>{head("Cy")}</div><p>Three.</p></div></div>'
        "</div></div>"
        f'<div class="css-1"><div class="css-2"><div>{head("Di")}</div><p>Four.</p></div></div>'
    ),
    "names under the words": (
        f"<ul><li><p>One.</p><cite>{head('Ann')}</cite></li><li><p>Two.</p><cite>{head('Bo')}</cite>"
        f"<ul><li><p>Three.</p><cite>{head('Cy')}</cite></li></ul></li>"
        f"<li><p>Four.</p><cite>{head('Di')}</cite></li></ul>"
    ),
}


@pytest.mark.parametrize("name", NESTED)
def test_an_answer_stands_under_what_it_answers(name: str) -> None:
    assert read(NESTED[name], 4) == [
        ("Ann", "One.", None),
        ("Bo", "Two.", None),
        ("Cy", "Three.", "Two."),
        ("Di", "Four.", None),
    ]


def test_the_link_of_an_answer_decides_between_two_comments_of_one_person() -> None:
    rows = [("Ann", "One.", None), ("Bo", "Two.", 0), ("Ann", "Three.", 1), ("Cy", "Four.", 0)]
    html = "".join(
        f'<div id="comment-{at}"><div>{head(name)}</div>'
        + (f'<a href="#comment-{to}">In reply to {rows[to][0]}</a>' if to is not None else "")
        + f"<p>{words}</p></div>"
        for at, (name, words, to) in enumerate(rows)
    )
    assert [parent for _, _, parent in read(html, 4)] == [None, "One.", "Two.", "One."]


def test_a_heart_on_a_button_is_not_said() -> None:
    tail = '<div><button aria-label="Like">♡</button>4<button>Reply</button></div>'
    html = f"<ul><li>{head('Ann')}<p>One.</p>{tail}</li><li>{head('Bo')}<p>Two.</p>{tail}</li></ul>"
    assert read(html) == [("Ann", "One.", None), ("Bo", "Two.", None)]


def test_an_age_that_begins_a_comment_is_said() -> None:
    html = (
        f"<ul><li>{head('Ann')}<p>2 days ago</p><p>I was there.</p></li><li>{head('Bo')}<p>Two.</p></li></ul>"
    )
    assert read(html) == [("Ann", "2 days ago\n\nI was there.", None), ("Bo", "Two.", None)]


def test_an_age_of_letters_dates_a_comment() -> None:
    html = f"<ul><li>{head('Ann', '3d')}<p>One.</p></li><li>{head('Bo', '5mo')}<p>Two.</p></li></ul>"
    assert read(html) == [("Ann", "One.", None), ("Bo", "Two.", None)]


@pytest.mark.parametrize("mark", ["[deleted]", "Comment removed by the author", "Deleted by its author."])
def test_a_removed_comment_says_nothing(mark: str) -> None:
    html = f"<ul><li>{head('Ann')}<p>{mark}</p></li><li>{head('Bo')}<p>Two.</p></li></ul>"
    assert read(html) == [("Ann", "", None), ("Bo", "Two.", None)]


LINK = '<a href="/authors/{0}">{0}</a>'
SIGNED = {
    "Posted, on a line of its own": "<div>{link}</div><div>Posted 2 days ago</div>{words}",
    "a verb between name and date": "<p>{name} commented 2 days ago</p>{words}",
    "the date above the name": "<div>2 days ago</div><div>{link}</div>{words}",
    "a day beside the name": "<div>{link} <span>November 21, 2026</span></div>{words}",
    "a day on a line of its own": "<div>{link}</div><div>Nov 21, 2026</div>{words}",
    "letters on a line of their own": "<div>{link}</div><div>2d</div>{words}",
    "letters for a picture above the name": "<span>{name[0]}</span><div>{link}</div><div>2 days ago</div>{words}",
    "buttons that are links": '<div>{link} 2 days ago</div>{words}<p><a href="#">Reply</a> <a href="#">Report</a></p>',
}


@pytest.mark.parametrize("name", SIGNED)
def test_a_comment_is_signed_in_any_order(name: str) -> None:
    rows = [("Ann", "One, with 3 words."), ("Bo", "Two."), ("Cy", "3")]
    html = "".join(
        f"<li>{SIGNED[name].format(name=who, link=LINK.format(who), words=f'<p>{said}</p>')}</li>"
        for who, said in rows
    )
    assert read(f"<ul>{html}</ul>", 3) == [(who, said, None) for who, said in rows]


def test_comments_without_dates_have_their_authors_links() -> None:
    html = "".join(f"<li><div>{LINK.format(who)}</div><p>I am {who}.</p></li>" for who in ("Ann", "Bo"))
    assert read(f"<ul>{html}</ul>") == [("Ann", "I am Ann.", None), ("Bo", "I am Bo.", None)]


def test_a_box_in_the_list_that_holds_one_comment_above_the_others_holds_its_answers() -> None:
    """Without any class, next to boxes of single comments."""
    rows = [("A", []), ("B", [("C", [("D", []), ("E", [])])]), ("F", [])]
    plain = (
        _boxes("around", rows).replace(' class="t"', "").replace(' class="c"', "").replace(' class="k"', "")
    )
    said = [(name, parent) for name, _, parent in read(plain, 6)]
    assert said == [("A", None), ("B", None), ("C", "B!"), ("D", "C!"), ("E", "C!"), ("F", None)]


def _boxes(kind: str, rows: list[tuple[str, list]]) -> str:
    """Return comments in one of the ways to put answers beside what they answer; names are their words too."""
    html = ""
    for name, answers in rows:
        item = f"<div>{head(name)}</div><p>{name}!</p>"
        inner = _boxes(kind, answers) if answers else ""
        if kind == "beside":
            html += f'<div class="c">{item}</div>' + (f'<div class="replies">{inner}</div>' if inner else "")
        elif kind == "around":
            html += (
                f'<div class="t"><div class="c">{item}</div>'
                + (f'<div class="k">{inner}</div>' if inner else "")
                + "</div>"
            )
        elif kind == "inside":
            html += f'<div class="c">{item}' + (f'<div class="k">{inner}</div>' if inner else "") + "</div>"
        else:
            html += (
                f"<div>{item}"
                + (f"<details><summary>Replies</summary>{inner}</details>" if inner else "")
                + "</div>"
            )
    return html


@pytest.mark.parametrize("kind", ["beside", "around", "inside", "details"])
@pytest.mark.parametrize(
    "rows",
    [
        [("A", [("B", []), ("C", [("D", []), ("E", [])])])],
        [("A", [("B", [("C", [])]), ("D", [])])],
        [("A", []), ("B", [("C", [("D", [])]), ("E", [])]), ("F", [("G", [])])],
        [("A", []), ("B", []), ("C", [("D", []), ("E", [("F", [])])]), ("G", [])],
        [("A", [("B", []), ("C", [("D", [("E", [])]), ("F", [])])]), ("G", [])],
    ],
)
def test_a_tree_of_boxes_is_read_as_it_grew(kind: str, rows: list[tuple[str, list]]) -> None:
    def edges(rows: list[tuple[str, list]], parent: str | None = None) -> list[tuple[str, str | None]]:
        return [edge for name, answers in rows for edge in [(name, parent), *edges(answers, f"{name}!")]]

    assert [(name, parent) for name, _, parent in read(_boxes(kind, rows), len(edges(rows)))] == edges(rows)


@pytest.mark.parametrize("place", ["beside the post", "edges"])
def test_comments_of_a_state_are_found_where_it_keeps_them(place: str) -> None:
    def comment(number: int, replies: list) -> dict:
        made = {"id": f"c{number}", "body": f"Words {number}.", "createdAt": "2026-11-20T10:00:00Z"}
        edges = {"edges": [{"node": reply} for reply in replies]} if place == "edges" else replies
        return {**made, "author": {"name": f"Reader {number}"}, "replies": edges}

    comments = [comment(1, [comment(2, [])]), comment(3, [])]
    words = [{"object": "text", "leaves": [{"text": "Every weekday the heron arrives at the lock."}]}]
    post = {
        "name": "The Heron",
        "slug": "the-heron",
        "publishedAt": "2026-11-01T10:00:00Z",
        "author": {"name": "Ida Moss", "slug": "ida"},
        "vocalSite": {"slug": "poets", "name": "Poets"},
        "content": {"document": {"nodes": [{"object": "block", "type": "paragraph", "nodes": words}]}},
    }
    if place == "edges":
        post["comments"] = {"edges": [{"node": each} for each in comments]}
    props = {"post": post} if place == "edges" else {"post": post, "comments": comments}
    state = json.dumps({"props": {"pageProps": props}})
    page = read_page(
        f'<html><body><script id="__NEXT_DATA__" type="application/json">{state}</script></body></html>',
        "https://vocal.media/poets/the-heron",
        seen_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
    )
    assert [(each.platform_id, each.parent_id) for each in page.comments] == [
        ("c1", None),
        ("c2", "c1"),
        ("c3", None),
    ]


@pytest.mark.parametrize(
    "row",
    [
        "<li><strong>{name}</strong> 2 days ago<br>{words}</li>",
        "<p><strong>{name}</strong> <em>2 days ago</em><br>{words}</p>",
        "<div><span>{name}</span><span>2 days ago</span><span>{words}</span></div>",
        '<div><a href="/authors/x">{name}</a> · <time datetime="2026-11-21">2 days ago</time> {words}</div>',
    ],
)
def test_a_comment_that_is_one_line_is_read(row: str) -> None:
    said = [("Ann", "One line.<br>And I sang 3 years ago"), ("Bo", "Two <b>days</b> later."), ("Cy", "Yes.")]
    rows = "".join(row.format(name=name, words=words) for name, words in said)
    words = ["One line.\nAnd I sang 3 years ago", "Two days later.", "Yes."]
    assert read(rows, 3) == [(name, text, None) for (name, _), text in zip(said, words, strict=True)]


RECORD = "5f1e9a0c4b7d2e6f8a9b0c1"


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        (["c00101", "c00102"], ["c00101", "c00102"]),
        (["comment-20417", "comment-20418"], ["20417", "20418"]),
        ([RECORD + "2", RECORD + "3"], [RECORD + "2", RECORD + "3"]),
    ],
)
def test_an_id_that_is_a_records_keeps_a_comment_the_same_when_its_words_go(
    printed: list[str], kept: list[str]
) -> None:
    first, second = printed
    html = (
        f'<ul><li id="{first}">{head("Ann")}<p>{{}}</p><ul><li id="{second}">{head("Bo")}<p>Two.</p></li></ul>'
        "</li></ul>"
    )
    for words in ("One.", "Wholly other.", "This comment has been deleted"):
        assert [(each.platform_id, each.parent_id) for each in comments_of(html.format(words), 2)] == [
            (kept[0], None),
            (kept[1], kept[0]),
        ]


@pytest.mark.parametrize("printed", ["comment-{}", ":r{}:", "react-aria-8842190-{}", "item{}"])
def test_an_id_that_counts_along_the_page_is_no_comments_own(printed: str) -> None:
    items = (
        f'<li id="{printed.format(at)}">{head(name)}<p>One.</p></li>' for at, name in enumerate(("Ann", "Bo"))
    )
    found = comments_of(f"<ul>{''.join(items)}</ul>", 2)
    assert [each.platform_id[:2] for each in found] == ["d-", "d-"]


FURTHER = """<html lang="en"><head>{head}</head><body><header><nav><a href="/top-stories">Top Stories</a></nav></header>
<main><a href="/poets/the-heron">Back to the story</a><section><h2>Comments (12)</h2><a href="/login">Sign in to
comment</a><ul>{items}</ul><a href="/poets/the-heron/comments?page=3">View more comments</a></section></main>
<footer>Find us on social media</footer></body></html>"""


@pytest.mark.parametrize("canonical", ["", f'<link rel="canonical" href="{URL}">'])
@pytest.mark.parametrize("place", ["/comments?page=2", "/comments/2", "?comments=2"])
def test_a_further_page_may_hold_comments_alone(place: str, canonical: str) -> None:
    items = "".join(f"<li>{head(name)}<p>Well, {name}.</p></li>" for name in ("Ann", "Bo"))
    page = read_page(FURTHER.format(head=canonical, items=items), URL + place, seen_at=SEEN, platform="vocal")
    assert page.article is None
    assert [(each.author_name, each.body_text, each.article_url) for each in page.comments] == [
        ("Ann", "Well, Ann.", URL),
        ("Bo", "Well, Bo.", URL),
    ]
    assert page.links.comment_pages == (f"{URL}/comments?page=3",)


def test_comments_of_a_later_page_stand_after_those_of_the_pages_before() -> None:
    items = "".join(f"<li>{head(name)}<p>Well.</p></li>" for name in ("Ann", "Bo", "Cy"))
    html = PAGE.format(comments=f"<ul>{items}</ul>", n=12)
    places = ("", "?comments=2", "?comments=3", "/comments/page/4", "/comment-page-11#comments")
    pages = [read_page(html, URL + place, seen_at=SEEN).comments for place in places]
    positions = [each.position for comments in pages for each in comments]
    assert positions == sorted(set(positions))
    assert positions[:3] == [0, 1, 2]


def folding(name: str, words: str, answers: str = "", mark: str = "Hide replies (2)") -> str:
    folded = f'<details open><summary>{mark}</summary><div class="R">{answers}</div></details>'
    own = f'<div class="O"><div>{head(name)}</div><p>{words}</p></div>'
    return f'<div class="C">{own}{folded if answers else ""}</div>'


@pytest.mark.parametrize("mark", ["Hide replies (2)", "View 2 replies", "1 Reply"])
def test_a_box_that_folds_answers_belongs_to_the_comment_above(mark: str) -> None:
    below = folding("Bo", "Two.", folding("Cy", "Three."), mark) + folding("Di", "Four.")
    html = folding("Ann", "One.", below, mark) + folding("Ed", "Five.")
    assert read(html, 5) == [
        ("Ann", "One.", None),
        ("Bo", "Two.", "One."),
        ("Cy", "Three.", "Two."),
        ("Di", "Four.", "One."),
        ("Ed", "Five.", None),
    ]


def test_a_box_that_folds_the_rest_of_all_comments_holds_no_answers() -> None:
    rest = folding("Bo", "Two.") + folding("Cy", "Three.")
    html = f"{folding('Ann', 'One.')}<details><summary>Show 2 more comments</summary>{rest}</details>"
    assert [parent for _, _, parent in read(html, 3)] == [None, None, None]


@pytest.mark.parametrize(
    "row",
    [
        "<div><strong>{name}</strong><p>{words}</p><small>2 days ago</small></div>",
        "<li><h4>{name}</h4><div><p>{words}</p><p>So.</p></div><time>2 days ago</time></li>",
        "<div><b>{name}</b> <span>November 21, 2026</span><p>{words}</p></div>",
    ],
)
def test_a_date_may_stand_below_the_words_or_be_a_day(row: str) -> None:
    said = {"Ann": "Short words.", "Bo": "Long words, " * 20 + "at last."}
    rows = "".join(row.format(name=name, words=words) for name, words in said.items())
    more = "\n\nSo." if "So." in row else ""
    assert read(rows) == [(name, words + more, None) for name, words in said.items()]


@pytest.mark.parametrize("query", ["?after=c8Xk2", "?cursor=eyJpZCI6MTB9", "?offset=10"])
@pytest.mark.parametrize("words", ["Load more comments", "View 7 more comments", "Older comments"])
def test_a_link_to_more_comments_is_known_by_its_words(query: str, words: str) -> None:
    items = "".join(f"<li>{head(name)}<p>Well.</p></li>" for name in ("Ann", "Bo"))
    html = PAGE.format(comments=f'<ul>{items}</ul><a href="{query}">{words}</a>', n=12)
    page = read_page(html, URL, seen_at=SEEN)
    assert page.links.comment_pages == (URL + query,)
    assert [each.body_text for each in page.comments] == ["Well.", "Well."]


@pytest.mark.parametrize("link", ['<a href="?reply=7">Reply</a>', '<a href="?sort=new">Newest comments</a>'])
def test_other_links_among_comments_lead_to_no_page_of_them(link: str) -> None:
    html = PAGE.format(comments=f"<ul><li>{head('Ann')}<p>Well.</p>{link}</li></ul>", n=1)
    assert read_page(html, URL, seen_at=SEEN).links.comment_pages == ()


def test_as_many_items_as_are_counted_are_comments_without_dates() -> None:
    rows = "<ul><li><b>Ann</b><p>One.</p></li><li><b>Bo</b><p>Two.</p></li></ul>"
    assert read(rows) == [("Ann", "One.", None), ("Bo", "Two.", None)]
    assert read(rows, 3) == []


def test_a_footer_in_one_line_is_no_part_of_the_last_comment() -> None:
    foot = "<div>Find us on social media | Explore | © 2026 Creatd, Inc. All Rights Reserved.</div>"
    assert read(f"<div><b>Ann</b> <i>2 days ago</i></div><div>One.</div>{foot}", 1) == [("Ann", "One.", None)]


@pytest.mark.parametrize(
    "rows",
    [
        "<div><div>AN</div><p>Ann Nye</p><span>2 days ago</span><p>One.</p></div>"
        "<div><div>BO</div><p>Bo Orr</p><span>2 days ago</span><p>Two.</p></div>",
        "<b>Newest first</b><p>Ann Nye</p><span>2 days ago</span><p>One.</p><p>Bo Orr</p><span>2 days ago</span><p>Two.</p>",
    ],
)
def test_a_name_that_is_a_paragraph_is_not_the_words(rows: str) -> None:
    assert [each[:2] for each in read(rows)] == [("Ann Nye", "One."), ("Bo Orr", "Two.")]


@pytest.mark.parametrize(
    "around", ["<table><tr><td>{}</td></tr></table>", "<table><tr>{cells}<td>{}</td></tr></table>"]
)
def test_many_comments_in_one_cell_take_no_time(around: str) -> None:
    rows = "".join(f"<div>{head(f'Ann{at}')}<p>One of many.</p></div>" for at in range(2000))
    started = process_time()
    assert len(comments_of(around.format(rows, cells="<td></td>" * 2000), 2000)) == 2000
    assert process_time() - started < 2


def test_a_long_style_takes_no_time() -> None:
    rows = "".join(f"<div>{head(name)}<p>Well.</p></div>" for name in ("Ann", "Bo"))
    started = process_time()
    assert len(comments_of(f'<div style="{"-" * 20_000}">{rows}</div>')) == 2
    assert process_time() - started < 2
