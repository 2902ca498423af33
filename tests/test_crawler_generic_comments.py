"""The comments on pages of no known platform: their threads, names, days, words and further pages."""

from datetime import date
from time import process_time

import pytest

from crawler.platforms.base import Page
from crawler.records import CommentRecord
from tests.test_crawler_generic_pages import BODY, HEADLINE, PARAGRAPHS, URL, jsonld, page, read

FIRST = "I was on that ferry and I still have the ticket for it."
ANSWER = "Nobody believes you, as ever."
SECOND = "The tide was with her that morning."
WORDS = [FIRST, ANSWER, SECOND]
NAMES = ["Bo Ray", "Cy Dee", "Di Fell"]
DAYS = [date(2026, 11, 17), date(2026, 11, 18), date(2026, 11, 19)]


def wordpress(at: int, *, answers: str = "") -> str:
    stamp = f"2026-11-{17 + at}T10:00:00+00:00"
    return (
        f'<li id="comment-{40 + at}" class="comment even depth-1"><article id="div-comment-{40 + at}" class="comment-body">'
        f'<footer class="comment-meta"><div class="comment-author vcard"><img class="avatar" src="/face.png" width="80">'
        f'<b class="fn"><a href="https://{at}.example/" rel="external nofollow" class="url">{NAMES[at]}</a></b>'
        f' <span class="says">says:</span></div><div class="comment-metadata"><a href="{URL}#comment-{40 + at}">'
        f'<time datetime="{stamp}">November {17 + at}, 2026 at 10:00 am</time></a></div></footer>'
        f'<div class="comment-content"><p>{WORDS[at]}</p></div><div class="reply"><a class="comment-reply-link" '
        f'href="?replytocom={40 + at}#respond">Reply</a></div></article>{answers}</li>'
    )


def block_theme(at: int, *, answers: str = "") -> str:
    return (
        f'<li id="comment-{40 + at}" class="comment byuser depth-1"><div class="wp-block-columns">'
        f'<div class="wp-block-comment-author-name"><a href="https://{at}.example/" rel="external nofollow ugc">'
        f'{NAMES[at]}</a></div><div class="wp-block-comment-date"><time datetime="2026-11-{17 + at}T10:00:00Z">'
        f'<a href="{URL}#comment-{40 + at}">November {17 + at}, 2026</a></time></div>'
        f'<div class="wp-block-comment-content"><p>{WORDS[at]}</p></div>'
        f'<div class="wp-block-comment-reply-link"><a href="#respond">Reply</a></div></div>{answers}</li>'
    )


def old_theme(at: int, *, answers: str = "") -> str:
    return (
        f'<li class="alt" id="comment-{40 + at}"><p>{WORDS[at]}</p><p><cite>Comment by <a href="https://{at}.example/"'
        f' rel="external nofollow">{NAMES[at]}</a> &#8212; November {17 + at}, 2026 @ <a href="#comment-{40 + at}">10:00'
        f"</a></cite></p>{answers}</li>"
    )


def blogger(at: int, *, answers: str = "") -> str:
    replies = f'<div class="comment-replies"><ol>{answers}</ol></div>' if answers else ""
    return (
        f'<li class="comment" id="c{40 + at}"><div class="avatar-image-container"><img src="/face.png"></div>'
        f'<div class="comment-block"><div class="comment-header"><cite class="user"><a href="https://{at}.example/" '
        f'rel="nofollow">{NAMES[at]}</a></cite><span class="icon user"></span><span class="datetime secondary-text">'
        f'<a href="{URL}?showComment=9#c{40 + at}">November {17 + at}, 2026 at 10:00 AM</a></span></div>'
        f'<p class="comment-content">{WORDS[at]}</p><span class="comment-actions"><a class="comment-reply">Reply</a>'
        f"</span></div>{replies}</li>"
    )


def movable_type(at: int, *, answers: str = "") -> str:
    return (
        f'<div class="comment" id="comment-{40 + at}"><div class="comment-header"><span class="vcard author">'
        f'<a href="https://{at}.example/">{NAMES[at]}</a></span> <a href="#comment-{40 + at}">'
        f'<abbr class="published" title="2026-11-{17 + at}T10:00:00Z">November {17 + at}, 2026 10:00 AM</abbr></a></div>'
        f'<div class="comment-content"><p>{WORDS[at]}</p></div><div class="comment-footer"><a>Reply</a></div>{answers}</div>'
    )


def drupal(at: int, *, answers: str = "") -> str:
    return (
        f'<a id="comment-{40 + at}"></a><article id="comment-{40 + at}" class="comment js-comment">'
        f'<footer class="comment__meta"><p class="comment__author"><a href="https://{at}.example/">{NAMES[at]}</a></p>'
        f'<p class="comment__time">November {17 + at}, 2026</p></footer>'
        f'<div class="comment__content"><div class="field"><p>{WORDS[at]}</p></div><ul class="links"><li class="comment-reply">'
        f'<a href="/reply">Reply</a></li></ul></div></article><div class="indented">{answers}</div>'
    )


def h_entry(at: int, *, answers: str = "") -> str:
    return (
        f'<li class="u-comment h-cite"><a class="p-author h-card" href="https://{at}.example/">{NAMES[at]}</a>'
        f'<time class="dt-published" datetime="2026-11-{17 + at}T10:00:00Z">17 Nov</time>'
        f'<div class="e-content">{WORDS[at]}</div>{answers}</li>'
    )


FORMS = {
    "wordpress": (wordpress, "<ol class='children'>{0}</ol>", "<ol class='comment-list'>{0}</ol>"),
    "block theme": (block_theme, "<ol>{0}</ol>", "<ol class='wp-block-comment-template'>{0}</ol>"),
    "old theme": (old_theme, "<ul class='children'>{0}</ul>", "<ol id='commentlist'>{0}</ol>"),
    "blogger": (blogger, "{0}", "<div class='comment-thread'><ol>{0}</ol></div>"),
    "movable type": (movable_type, "{0}", "<div class='comments-content'>{0}</div>"),
    "drupal": (drupal, "{0}", "<section>{0}</section>"),
    "microformats": (h_entry, "<ul>{0}</ul>", "<ul>{0}</ul>"),
}


def discussion(comments: str, *, heading: str = "3 Comments", head: str = "", url: str = URL) -> Page:
    form = '<div id="respond"><form><textarea name="comment"></textarea><button>Post</button></form></div>'
    main = f"<article class='h-entry'><h1>{HEADLINE}</h1><div>{BODY}</div></article>"
    below = f'<div id="comments" class="comments-area"><h2>{heading}</h2>{comments}{form}</div>'
    return read(page(head, main=main + below), url)


def told(comments: list[CommentRecord]) -> list[tuple[str | None, str, date | None]]:
    return [
        (each.author_name, each.body_text, each.published_at.date() if each.published_at else None)
        for each in comments
    ]


@pytest.mark.parametrize("form", FORMS)
def test_marked_comments_are_read_with_their_threads(form: str) -> None:
    make, around, listed = FORMS[form]
    found = discussion(listed.format(make(0, answers=around.format(make(1))) + make(2)))
    assert told(found.comments) == list(zip(NAMES, WORDS, DAYS, strict=True))
    ids = [each.platform_id for each in found.comments]
    assert [each.parent_id for each in found.comments] == [None, ids[0], None]
    assert [each.author_url for each in found.comments] == [f"https://{at}.example/" for at in range(3)]
    assert form == "microformats" or ids == ["40", "41", "42"]
    assert all(each.body_html == f"<p>{words}</p>" for each, words in zip(found.comments, WORDS, strict=True))
    assert found.article is not None
    assert found.article.body_text == "\n\n".join(PARAGRAPHS)
    assert (found.article.comment_count, found.article.comments_complete) == (3, True)
    assert {each.article_url for each in found.comments} == {found.article.canonical_url}


def node(at: int, *answers: dict[str, object]) -> dict[str, object]:
    return {
        "@type": "Comment",
        "author": {"@type": "Person", "name": NAMES[at], "url": f"https://{at}.example/"},
        "datePublished": f"2026-11-{17 + at}T10:00:00Z",
        "text": WORDS[at],
        "upvoteCount": at,
        "comment": list(answers),
    }


def test_declared_comments_are_read_where_none_are_marked() -> None:
    article = {
        "@type": "BlogPosting",
        "headline": HEADLINE,
        "commentCount": 3,
        "comment": [node(0, node(1)), node(2)],
    }
    found = discussion("", heading="Comments", head=jsonld(article)).comments
    assert told(found) == list(zip(NAMES, WORDS, DAYS, strict=True))
    assert [each.parent_id for each in found] == [None, found[0].platform_id, None]
    assert [each.like_count for each in found] == [0, 1, 2]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("Comment", ("datePublished", "author", "text")),
        ("UserComments", ("commentTime", "creator", "commentText")),
    ],
)
def test_comments_in_microdata_are_read(kind: str, names: tuple[str, str, str]) -> None:
    comments = "".join(
        f'<div itemprop="comment" itemscope itemtype="https://schema.org/{kind}">'
        f'<span itemprop="{names[1]}" itemscope itemtype="https://schema.org/Person"><a itemprop="url" '
        f'href="https://{at}.example/"><span itemprop="name">{NAMES[at]}</span></a></span>'
        f'<time itemprop="{names[0]}" datetime="2026-11-{17 + at}T10:00:00Z">then</time>'
        f'<div itemprop="{names[2]}">{WORDS[at]}</div></div>'
        for at in range(3)
    )
    main = (
        '<div itemscope itemtype="https://schema.org/DiscussionForumPosting"><h1 itemprop="headline">'
        f'{HEADLINE}</h1><div itemprop="articleBody">{BODY}</div>{comments}</div>'
    )
    found = read(page(main=main))
    assert told(found.comments) == list(zip(NAMES, WORDS, DAYS, strict=True))
    assert found.article is not None
    assert found.article.body_text == "\n\n".join(PARAGRAPHS)


def test_posts_of_a_forum_are_answers_to_its_first() -> None:
    posts = "".join(
        f'<div id="post_{at + 2}" itemprop="comment" itemscope itemtype="http://schema.org/Comment" class="crawler-post">'
        f'<div class="crawler-post-meta"><span class="creator" itemprop="author" itemscope '
        f'itemtype="http://schema.org/Person"><a itemprop="url" href="https://{at}.example/"><span itemprop="name">'
        f'{NAMES[at]}</span></a></span><time itemprop="datePublished" datetime="2026-11-{17 + at}T10:00:00Z">then</time>'
        f'<span itemprop="position">{at + 2}</span></div><div class="post" itemprop="text"><p>{WORDS[at]}</p>'
        f"<blockquote><p>Late</p></blockquote></div></div>"
        for at in range(2)
    )
    main = (
        '<div itemscope itemtype="http://schema.org/DiscussionForumPosting"><h1><a itemprop="headline">'
        f'{HEADLINE}</a></h1><div class="crawler-post"><div class="post" itemprop="text">{BODY}</div></div>{posts}</div>'
    )
    found = read(page(main=main))
    assert [each.author_name for each in found.comments] == NAMES[:2]
    assert [each.author_url for each in found.comments] == ["https://0.example/", "https://1.example/"]
    assert [each.body_html for each in found.comments] == [
        f"<p>{words}</p><blockquote><p>Late</p></blockquote>" for words in WORDS[:2]
    ]
    assert found.article is not None
    assert found.article.body_text == "\n\n".join(PARAGRAPHS)


def test_further_pages_of_comments_lead_to_the_same_article() -> None:
    story = f"{URL}/"
    links = f'<nav><a href="{URL}/comment-page-1/#comments">1</a><a href="{URL}/comment-page-2/#comments">2</a></nav>'
    other = '<a href="/news/2026/other/comment-page-2/">Other</a>'
    first = discussion(f"<ol>{wordpress(0)}</ol>{links}{other}", heading="80 thoughts on it", url=story)
    assert first.links.comment_pages == (f"{URL}/comment-page-1/", f"{URL}/comment-page-2/")
    assert first.article is not None
    assert (first.article.comment_count, first.article.comments_complete) == (80, False)
    address = f"{URL}/comment-page-2/"
    canonical = f'<link rel="canonical" href="{address}#comments">'
    second = discussion(f"<ol>{wordpress(1)}</ol>{links}", head=canonical, url=address)
    assert second.article is not None
    assert second.article.canonical_url == first.article.canonical_url == story
    assert second.links.comment_pages == (f"{URL}/comment-page-1/",)
    assert second.comments[0].position > first.comments[0].position
    assert second.comments[0].article_url == story


def test_a_notice_of_a_link_is_no_comment() -> None:
    notices = (
        '<li class="pingback" id="comment-7"><p>Pingback: <a href="https://other.example/">Ferries</a> 3 May 2026</p></li>'
        '<li class="comment" id="comment-8"><cite class="fn">Ferries</cite><p>[…] as the Post says […]</p></li>'
    )
    assert told(discussion(f"<ol>{notices}{wordpress(0)}</ol>").comments) == [(NAMES[0], FIRST, DAYS[0])]


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ('<div class="comment-author">Bo Ray says:</div>', "Bo Ray"),
        (
            '<div class="comment-author"><strong>Bo Ray</strong> 17 November 2026 <a href="#r">Reply</a></div>',
            "Bo Ray",
        ),
        ('<p class="comment-author">Posted by Bo Ray on 17 November 2026</p>', "Bo Ray"),
        ('<cite class="fn">Bo at Sea<br><span>Author</span></cite>', "Bo at Sea"),
        ('<a class="c-comment__author-name" href="#">Bo Ray</a>', "Bo Ray"),
        ('<span itemprop="author">Bo Ray</span>', "Bo Ray"),
        ('<div class="author_name"><a href="/bo">Bo Ray</a></div>', "Bo Ray"),
        ('<div class="comment-author">Bo Ray sagt am 17 November 2026:</div>', "Bo Ray"),
    ],
)
def test_the_name_of_a_commenter_stands_alone(printed: str, name: str) -> None:
    comment = f'<div class="comment" id="comment-4">{printed}<p>{FIRST}</p><p>17 November 2026</p></div>'
    found = discussion(comment).comments
    assert told(found) == [(name, FIRST, DAYS[0])]


def test_a_comment_keeps_its_paragraphs_and_links_and_not_its_buttons() -> None:
    words = f'<p>{FIRST}</p><blockquote><p>{ANSWER}</p></blockquote><p>See <a href="/tide">the tide</a><br>and go</p>'
    buttons = '<div class="reply"><a href="#">Reply</a></div><p><a href="?like">Like</a></p><form><p>Send</p></form>'
    comment = f'<div class="comment" id="comment-4"><b class="fn">Bo</b>{words}{buttons}</div>'
    [found] = discussion(comment).comments
    assert found.body_text == f"{FIRST}\n\n{ANSWER}\n\nSee the tide\nand go"
    assert "<blockquote>" in found.body_html
    assert 'href="https://harborpost.example/tide"' in found.body_html


@pytest.mark.parametrize(
    "other",
    [
        "<div class='comment'><p>A box in the text that is called so, and has neither name nor day.</p></div>",
        "<ul class='recent'><li class='recentcomments'><span class='comment-author-link'>Bo</span> on Ferry</li></ul>",
        "<div id='comment-form'><label class='comment-author'>Name</label></div>",
    ],
)
def test_what_is_only_called_so_is_no_comment(other: str) -> None:
    assert discussion(other, heading="Notes").comments == []


def test_comments_without_ids_keep_theirs_when_read_again() -> None:
    listed = "".join(h_entry(at) for at in range(3))
    ids = [each.platform_id for each in discussion(listed).comments]
    later = "".join(h_entry(at) for at in (2, 0, 1))
    assert sorted(each.platform_id for each in discussion(later).comments) == sorted(ids)


def test_numbers_that_only_count_the_comments_are_no_ids() -> None:
    def numbered(*order: int) -> str:
        return "".join(
            f'<li class="comment" id="comment-{place}"><b class="fn">{NAMES[at]}</b><p>{WORDS[at]}</p></li>'
            for place, at in enumerate(order, 1)
        )

    before = {each.body_text: each.platform_id for each in discussion(numbered(1, 0)).comments}
    after = {each.body_text: each.platform_id for each in discussion(numbered(2, 1, 0)).comments}
    assert {words: after[words] for words in before} == before
    assert len(set(after.values())) == 3


def test_a_day_to_come_is_no_comment_s() -> None:
    comment = f'<div class="comment" id="comment-4"><b class="fn">Bo</b><p class="date">3 May 2031</p><p>{FIRST}</p></div>'
    [found] = discussion(comment).comments
    assert found.published_at is None


@pytest.mark.parametrize(
    "names", ["class='content comment'", "itemscope itemtype='https://schema.org/Comment'"]
)
def test_an_article_that_is_called_a_comment_is_no_comment(names: str) -> None:
    byline = '<p class="author">By Ann Lee</p>'
    found = read(page(main=f"<h1>{HEADLINE}</h1><section {names}>{byline}<div>{BODY}</div></section>"))
    assert found.article is not None
    assert found.article.body_text.endswith(PARAGRAPHS[-1])
    assert found.comments == []


def test_a_long_comment_on_a_picture_is_no_article() -> None:
    comment = f'<div class="comment"><b class="fn">Bo Ray</b><div class="comment-content">{BODY}</div></div>'
    main = f'<h1>{HEADLINE}</h1><img src="/ferry.jpg" alt="The ferry"><h3>1 comment</h3>{comment}'
    head = '<meta property="og:type" content="article">' + jsonld(
        {"@type": "NewsArticle", "headline": HEADLINE}
    )
    found = read(page(head, main=main))
    assert found.article is None or PARAGRAPHS[-1] not in found.article.body_text


def test_the_number_of_the_article_around_its_comments_is_none_of_theirs() -> None:
    found = discussion(f'<section id="comments-4711">{h_entry(0)}{h_entry(1)}{h_entry(2)}</section>')
    assert told(found.comments) == list(zip(NAMES, WORDS, DAYS, strict=True))
    assert found.article is not None
    assert found.article.comments_complete


def test_a_comment_that_is_shown_above_all_once_more_is_one() -> None:
    found = discussion(f"<ul>{wordpress(1)}</ul><ol>{wordpress(1)}{wordpress(2)}</ol>")
    assert [each.platform_id for each in found.comments] == ["41", "42"]
    assert found.article is not None
    assert not found.article.comments_complete


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        (f"{URL}/?from=front", f"{URL}/"),
        ("https://harborpost.example/news/?cpage=1&p=4", f"{URL}/comment-page-1/#comments"),
    ],
)
def test_pages_of_comments_are_found_by_either_address_of_the_article(address: str, canonical: str) -> None:
    link = f'<a href="{URL}/comment-page-2/#comments">2</a>'
    found = discussion(
        f"<ol>{wordpress(0)}</ol>{link}", head=f'<link rel="canonical" href="{canonical}">', url=address
    )
    assert found.article is not None
    assert found.article.canonical_url == found.comments[0].article_url == f"{URL}/"
    assert found.links.comment_pages == (f"{URL}/comment-page-2/",)


def test_boxes_within_each_other_in_a_comment_are_read_in_time() -> None:
    words = f"<p class='meta author'>{'Tide and salt ' * 20}</p>" * 3_000
    boxes = "<div class='author meta item'>" * 200
    markup = f"<div class='comment' id='comment-4'>{boxes}{words}"
    started = process_time()
    discussion(markup)
    assert process_time() - started < 6
