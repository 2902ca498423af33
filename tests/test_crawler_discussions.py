"""Comments as different sites print them: who said what, and when, in every order of name, date, words and buttons."""

import pytest

from crawler.platforms import read_page
from crawler.records import CommentRecord
from tests.test_crawler_threads import PAGE, SEEN, URL, comments_of


def link(name: str) -> str:
    return f'<a href="/authors/{name.lower().replace(" ", "-")}">{name}</a>'


def told(comment: CommentRecord) -> tuple[str | None, str | None, str]:
    return comment.author_name, comment.published_text, comment.body_text


def item(name: str, words: str, ago: str = "2 days ago") -> str:
    return f"<li><div>{link(name)} <span>{ago}</span></div><p>{words}</p></li>"


ONE = {
    "clock": (f"<div>{link('Ann')} <span>May 1, 2024 at 3:04 PM</span></div>", "May 1, 2024 at 3:04 PM"),
    "clock of a relative day": (
        f"<div>{link('Ann')} <i>yesterday at 3:04 PM</i></div>",
        "yesterday at 3:04 PM",
    ),
    "day in numbers": (f"<div>{link('Ann')} <i>05/06/2024</i></div>", "05/06/2024"),
    "age without ago": (f"<div>{link('Ann')} <i>2 hrs</i></div>", "2 hrs"),
    "name without link, exact time": (
        '<h4>Ann</h4><time datetime="2024-05-01T10:00:00Z">May 1, 2024</time>',
        "May 1, 2024",
    ),
    "name without link, whole day": ("<h4>Ann</h4><div>May 1, 2024</div>", "May 1, 2024"),
    "wrote": (f"<div>{link('Ann')} wrote 3 days ago:</div>", "3 days ago"),
    "date first": (f"<div>3 days ago by {link('Ann')}</div>", "3 days ago"),
    "dot": ("<div><span>Ann · 3d</span></div>", "3d"),
    "changed": (f"<div>{link('Ann')} <i>May 1, 2024</i> <i>(edited 2 hours ago)</i></div>", "May 1, 2024"),
    "toggle": (f"<div>{link('Ann')} <i>3 days ago</i> <a href='#x'>[–]</a></div>", "3 days ago"),
    "badge": (f"<div><span>Top Fan</span> {link('Ann')} <i>3 days ago</i></div>", "3 days ago"),
    "button between": (f"<div>{link('Ann')}</div><button>Follow</button><div>3 days ago</div>", "3 days ago"),
    "scripted": (
        f'<div>{link("Ann")}<relative-time datetime="2024-05-01T10:00:00Z">a year ago</relative-time></div>',
        "a year ago",
    ),
}


@pytest.mark.parametrize("form", ONE)
def test_the_author_and_the_date_are_read_in_every_form(form: str) -> None:
    head, date = ONE[form]
    rows = f"<section><div>{head}<p>One.</p></div><div>{head.replace('Ann', 'Bo')}<p>Two.</p></div></section>"
    assert [told(each) for each in comments_of(rows)] == [("Ann", date, "One."), ("Bo", date, "Two.")]


@pytest.mark.parametrize("name", ["Guest 42", "K9", "April May", "Just Now Jim", "Edited Ed"])
@pytest.mark.parametrize("date", ["March 9, 2024", "9 March 2024", "3 days ago"])
def test_a_name_that_reads_like_a_date_stays_a_name(name: str, date: str) -> None:
    rows = "".join(item(each, words, date) for each, words in ((name, "One."), ("Bo", "Two.")))
    found = [told(each) for each in comments_of(f"<ul>{rows}</ul>")]
    assert found == [(name, date, "One."), ("Bo", date, "Two.")]


@pytest.mark.parametrize("name", ["Alexander the Great", "Dr. Who?", "Kim, a poet", "Poet: A Life"])
@pytest.mark.parametrize("box", ["h4", "figcaption class='by'"])
def test_a_name_glued_to_its_date_may_read_like_a_sentence(name: str, box: str) -> None:
    rows = "".join(
        f"<div><{box}>{each} 3 days ago</{box.split(maxsplit=1)[0]}><p>{words}</p></div>"
        for each, words in (("Bo Lee", "One."), (name, "Two."), ("Cy Lee", "Three."))
    )
    assert [each.author_name for each in comments_of(rows, 3)] == ["Bo Lee", name, "Cy Lee"]


@pytest.mark.parametrize("above", ["Sort by: Newest", "Join the conversation", "Most relevant"])
@pytest.mark.parametrize("last", ["Like", "4", "<img src='/a.gif' alt=''>", "Three."])
def test_a_line_above_the_comments_is_nobodys(above: str, last: str) -> None:
    rows = "".join(item(name, words) for name, words in (("Ann", "One."), ("Bo", "Two."), ("Cy", last)))
    found = [
        (each.author_name, each.body_text) for each in comments_of(f"<div>{above}</div><ul>{rows}</ul>", 3)
    ]
    assert found[:2] == [("Ann", "One."), ("Bo", "Two.")]
    assert found[2][0] == "Cy"
    assert found[2][1] in ("", last)


@pytest.mark.parametrize("box", ["li", "div"])
def test_names_below_the_words_keep_them_whatever_follows(box: str) -> None:
    rows = "".join(
        f"<{box}><p>{words}</p><div>{link(name)} 3 days ago</div></{box}>"
        for name, words in (("Ann", "One."), ("Bo", "Two."))
    )
    after = '<section><h2>Keep reading</h2><a href="/poets/x">Another Story</a> By Zed 5 days ago</section>'
    assert [told(each) for each in comments_of(f"<ul>{rows}</ul>{after}")] == [
        ("Ann", "3 days ago", "One."),
        ("Bo", "3 days ago", "Two."),
    ]


@pytest.mark.parametrize("sign", ["?", "🦊", "▲", "Pinned by Ann"])
def test_what_stands_above_a_name_in_its_box_is_not_the_one_aboves(sign: str) -> None:
    rows = "".join(
        f"<li><div>{sign}</div><div>{link(name)} <i>2 days ago</i></div><p>{words}</p></li>"
        for name, words in (("Ann", "One."), ("Bo", "Two."))
    )
    assert [each.body_text for each in comments_of(f"<ul>{rows}</ul>")] == ["One.", "Two."]


@pytest.mark.parametrize(
    "row",
    [
        "3 days ago · 1,204 likes · <a href='#'>Like</a> · <a href='#'>Reply</a>",
        "<a href='#'>Like</a> · <a href='#'>Reply</a> · <span>1,204 likes</span> · <span>3 days ago</span>",
        "<time>3 days ago</time> <span>1,204 likes</span> <button>Reply</button>",
    ],
)
def test_a_row_below_the_words_dates_and_counts(row: str) -> None:
    rows = "".join(
        f"<div><p>{link(name)}</p><div><p>{words}</p></div><div>{row}</div></div>"
        for name, words in (("Ann", "One."), ("Bo", "Two."))
    )
    found = comments_of(rows)
    assert [told(each) for each in found] == [("Ann", "3 days ago", "One."), ("Bo", "3 days ago", "Two.")]
    assert [each.like_count for each in found] == [1204, 1204]


@pytest.mark.parametrize(
    ("votes", "count"),
    [
        ("Like (1,204)", 1204),
        ("17 ♥", 17),
        ("▲ 4 ▼", 4),
        ("17 claps", 17),
        ("Likes: 17", 17),
        ("👍 2 👎 1", 2),
    ],
)
def test_likes_are_counted_in_every_wording(votes: str, count: int) -> None:
    [found] = comments_of(f"<ul>{item('Ann', 'One.').replace('</li>', f'<div>{votes}</div></li>')}</ul>", 1)
    assert (found.body_text, found.like_count) == ("One.", count)


@pytest.mark.parametrize(
    "control",
    [
        "<a href='#c1'>Permalink</a>",
        "<ul role='menu'><li>Block Ann</li><li>Copy to a list of mine</li></ul>",
        "<form><label>Your reply to Ann<textarea></textarea></label></form>",
        "<a href='/in'>Log in to reply</a>",
        "<div>Edited 2 hours ago</div>",
        "<div>Liked by the creator</div>",
        "<a href='#'>See translation</a>",
        "<div>Reply · Share · Report</div>",
    ],
)
def test_buttons_menus_and_forms_are_not_said(control: str) -> None:
    rows = (item(name, "Well.").replace("</li>", f"{control}</li>") for name in ("Ann", "Bo"))
    assert [each.body_text for each in comments_of(f"<ul>{''.join(rows)}</ul>")] == ["Well.", "Well."]


@pytest.mark.parametrize("words", ["In reply to my mother, I said no.", "Replying to all: thanks!"])
def test_a_sentence_may_begin_as_an_answer_does(words: str) -> None:
    [found] = comments_of(f"<ul>{item('Ann', words)}</ul>", 1)
    assert found.body_text == words


def test_a_button_above_the_first_name_hides_no_level() -> None:
    rows = "".join(
        f"<section data-depth='{at}'><button>Reply</button><div>{link(name)} <i>2 days ago</i></div><p>One.</p></section>"
        for at, name in enumerate(("Ann", "Bo", "Cy"))
    )
    found = comments_of(rows, 3)
    assert [each.parent_id for each in found] == [None, found[0].platform_id, found[1].platform_id]


def test_names_in_headings_are_an_outline() -> None:
    rows = "".join(
        f"<h{level}>{link(name)} <i>2 days ago</i></h{level}><p>One.</p>"
        for level, name in ((3, "Ann"), (4, "Bo"), (5, "Cy"), (3, "Di"))
    )
    found = comments_of(rows, 4)
    ids = [each.platform_id for each in found]
    assert [each.parent_id for each in found] == [None, ids[0], ids[1], None]


def test_a_lone_comment_in_an_aside_keeps_its_words() -> None:
    [found] = comments_of(
        f"<aside><div><div>{link('Ann')} <i>3 days ago</i></div><p>One.</p></div></aside>", 1
    )
    assert told(found) == ("Ann", "3 days ago", "One.")


def test_a_comment_without_its_authors_link_stands_among_linked_ones() -> None:
    rows = item("Ann", "One.", "May 1, 2024") + "".join(
        f"<li><div>{name}</div><time>May 2, 2024</time><p>{words}</p></li>"
        for name, words in (("Old Guest", "Two."), ("Cy", "[removed]"))
    )
    found = comments_of(f"<ul>{rows}</ul>", 3)
    assert [(each.author_name, each.published_text, each.state) for each in found] == [
        ("Ann", "May 1, 2024", "visible"),
        ("Old Guest", "May 2, 2024", "visible"),
        ("Cy", "May 2, 2024", "removed"),
    ]


def test_a_comment_in_one_cell_may_have_a_whole_date() -> None:
    rows = "<hr>".join(
        f"<div><strong>{name}</strong> <small>May 2, 2024 at 3:04 PM</small><br>{words}</div>"
        for name, words in (("Ann", "One."), ("Guest 42", "Two."))
    )
    assert [told(each) for each in comments_of(rows)] == [
        ("Ann", "May 2, 2024 at 3:04 PM", "One."),
        ("Guest 42", "May 2, 2024 at 3:04 PM", "Two."),
    ]


def test_an_empty_time_dates_a_comment() -> None:
    rows = (
        f"<ul><li><div>{link('Ann')} <time datetime='2024-05-01T10:00:00Z'></time></div><p>One.</p></li></ul>"
    )
    [found] = comments_of(rows, 1)
    assert (found.author_name, found.body_text, found.published_text) == ("Ann", "One.", None)
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2024-05-01T10:00:00+00:00"


@pytest.mark.parametrize("sign", ["replied to", "▸", "in reply to"])
def test_a_head_may_say_whom_it_answers(sign: str) -> None:
    rows = item("Ann", "One.") + item("Bo", "Two.").replace("<span>", f"{sign} {link('Ann')} <span>")
    found = comments_of(f"<ul>{rows}</ul>")
    assert [(each.author_name, each.parent_id) for each in found] == [
        ("Ann", None),
        ("Bo", found[0].platform_id),
    ]


@pytest.mark.parametrize("side", ['class="ml-12"', 'class="p-2 pl-8"', 'style="margin-left:40px"'])
def test_comments_may_be_set_in(side: str) -> None:
    rows = "".join(
        f"<div {looks}><div>{link(name)} <i>2 days ago</i></div><p>One.</p></div>"
        for name, looks in (("Ann", 'class="p-2"'), ("Bo", side), ("Cy", side), ("Di", 'class="p-2"'))
    )
    found = comments_of(rows, 4)
    first = found[0].platform_id
    assert [each.parent_id for each in found] == [None, first, first, None]


def test_what_a_comment_answers_may_stand_after_its_date() -> None:
    def one(at: int, name: str, answered: str = "") -> str:
        return f"<div id='n10{at}'><div>#10{at} {link(name)} 3 days ago {answered}</div><p>One.</p></div>"

    rows = one(1, "Ann") + one(2, "Bo") + one(3, "Ann", "<a href='#n101'>in reply to #101</a>")
    found = comments_of(rows, 3)
    assert [(each.author_name, each.parent_id) for each in found] == [
        ("Ann", None),
        ("Bo", None),
        ("Ann", found[0].platform_id),
    ]


def test_a_number_in_a_row_of_buttons_counts() -> None:
    row = "<div><button><svg></svg></button><p>4</p><button>Hide replies</button><p><button>Reply</button></p></div>"
    [found] = comments_of(f"<ul>{item('Ann', 'One.').replace('</li>', f'{row}</li>')}</ul>", 1)
    assert (found.body_text, found.like_count) == ("One.", 4)


def thread(name: str, *answers: str, classes: tuple[str, str, str]) -> str:
    outer, own, below = classes
    rest = f"<div{below}>{''.join(answers)}</div>" if answers else ""
    return f"<div{outer}><div{own}><div>{link(name)} <i>2 days ago</i></div><p>One.</p></div>{rest}</div>"


@pytest.mark.parametrize("classes", [("", "", ""), (' class="thread"', ' class="item"', "")])
def test_threads_may_stand_in_threads(classes: tuple[str, str, str]) -> None:
    def one(name: str, *answers: str) -> str:
        return thread(name, *answers, classes=classes)

    rows = one("Ann", one("Bo", one("Cy"))) + one("Di") + one("Ed", one("Flo"), one("Gus", one("Hal")))
    found = comments_of(f"<div>{rows}</div>", 8)
    place = {each.platform_id: index for index, each in enumerate(found)}
    parents = [place.get(each.parent_id or "") for each in found]
    assert parents == [None, 0, 1, None, None, 4, 4, 6]


@pytest.mark.parametrize(
    ("row", "likes"),
    [
        ("<div><span>4</span> <span>Reply</span></div>", 4),
        ("<div><span>4</span> <span>replies</span></div>", None),
        ("<div><span>1</span> <span>Reply</span></div>", None),
        ("<button><span>Like this comment</span> <span>4</span></button><button>Reply</button>", 4),
        ("<button><span>4 likes</span><span>4</span></button>", 4),
    ],
)
def test_a_count_beside_words_for_screen_readers_or_reply_counts_likes(row: str, likes: int | None) -> None:
    [found] = comments_of(f"<ul>{item('Ann', 'One.').replace('</li>', f'{row}</li>')}</ul>", 1)
    assert (found.body_text, found.like_count) == ("One.", likes)


@pytest.mark.parametrize(
    ("pieces", "date"),
    [
        ("<span>11 month</span><span>s ago</span>", "11 months ago"),
        ("<span>11 months </span><span>ago</span>", "11 months ago"),
        ("<span>11</span> <span>months</span> <span>ago</span>", "11 months ago"),
        ("<b>about </b><b>4 hours ago</b>", "about 4 hours ago"),
        ("a<span>bout 4 hours</span> ago", "about 4 hours ago"),
        ("<span>a d</span><span>ay ago</span>", "a day ago"),
        ("<span>less than a </span><span>minute ago</span>", "less than a minute ago"),
    ],
)
@pytest.mark.parametrize("box", ["<div>{} {}</div>", "<div>{}</div><div>{}</div>", "{} {}"])
def test_a_date_may_stand_in_several_elements(box: str, pieces: str, date: str) -> None:
    rows = "".join(
        f"<li>{box.format(link(name), pieces)}<p>{words}</p></li>"
        for name, words in (("Ann", "One."), ("Guest 4", "Two."))
    )
    assert [told(each) for each in comments_of(f"<ul>{rows}</ul>")] == [
        ("Ann", date, "One."),
        ("Guest 4", date, "Two."),
    ]


@pytest.mark.parametrize(
    "mark",
    [
        "<div>[deleted]</div><p>This comment has been deleted</p>",
        "<span>3 days ago</span><p>This comment was removed by a moderator.</p>",
        "<div><span>3 days ago</span></div><p>[removed]</p>",
        "<em>Comment deleted</em>",
    ],
)
@pytest.mark.parametrize("is_listed", [True, False])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_removed_comment_is_one_comment(mark: str, *, is_listed: bool, is_first: bool) -> None:
    gone = f"<li>{mark}<ul>{item('Bo', 'Two.')}</ul></li>"
    rows = gone + item("Ann", "One.") if is_first else item("Ann", "One.") + gone
    html = f"<ul>{rows}</ul>"
    if not is_listed:
        for name, other in (("li", 'div class="c"'), ("ul", 'div class="r"')):
            html = html.replace(f"<{name}>", f"<{other}>").replace(f"</{name}>", "</div>")
    found = comments_of(html, 3)
    names = [None, "Bo", "Ann"] if is_first else ["Ann", None, "Bo"]
    assert [(each.author_name, each.state) for each in found] == [
        (name, "visible" if name else "removed") for name in names
    ]
    removed = found[names.index(None)]
    if is_listed:
        assert found[names.index("Bo")].parent_id == removed.platform_id
    assert removed.published_text == ("3 days ago" if "3 days" in mark else None)
    assert found[names.index("Ann")].body_text == "One."


@pytest.mark.parametrize("exact", ["soon", "2026-13-45", ""])
def test_an_exact_time_that_is_none_leaves_the_printed_one(exact: str) -> None:
    rows = "".join(
        f'<li>{link(name)} <time datetime="{exact}">2 days ago</time><p>{words}</p></li>'
        for name, words in (("Ann", "One."), ("Bo", "Two."))
    )
    found = comments_of(f"<ul>{rows}</ul>")
    assert [told(each) for each in found] == [("Ann", "2 days ago", "One."), ("Bo", "2 days ago", "Two.")]
    assert all(each.published_at is not None for each in found)


@pytest.mark.parametrize("age", ["just now", "2h", "an hour ago"])
def test_an_age_may_stand_in_a_line_below_the_name(age: str) -> None:
    rows = "".join(
        f"<li><div>{link(name)}</div><div>{age}</div><p>{words}</p></li>"
        for name, words in (("Ann", "One."), ("Bo", "Two."))
    )
    assert [told(each) for each in comments_of(f"<ul>{rows}</ul>")] == [
        ("Ann", age, "One."),
        ("Bo", age, "Two."),
    ]


def test_a_long_sentence_with_a_day_in_it_begins_no_comment() -> None:
    words = f"May 3, 2024 {'was a day ' * 40}".strip()
    found = comments_of(f"<ul>{item('Ann', words)}{item('Bo', 'Two.')}</ul>")
    assert [told(each) for each in found] == [("Ann", "2 days ago", words), ("Bo", "2 days ago", "Two.")]


def test_where_there_are_no_comments_names_are_nobodys_comments() -> None:
    names = f"<ul><li>{link('Ann')}</li><li>{link('Bo')}</li></ul>"
    assert comments_of(f"<p>There are no comments for this story</p>{names}", 0) == []


@pytest.mark.parametrize("href", ["https://other.example/poets/the-heron?comments=2", "/poets", "/"])
def test_more_comments_are_on_pages_of_the_story_alone(href: str) -> None:
    rows = f"<ul>{item('Ann', 'One.')}{item('Bo', 'Two.')}</ul><a href='{href}'>Load more comments</a>"
    page = read_page(PAGE.format(comments=rows, n=2), URL, seen_at=SEEN)
    assert [each.body_text for each in page.comments] == ["One.", "Two."]
    assert page.links.comment_pages == ()
