"""What is printed beside an article on pages of no known platform and is no part of it, whatever its marks."""

import pytest

from tests.test_crawler_generic_fronts import plain
from tests.test_crawler_generic_pages import BODY, HEADLINE, PARAGRAPHS, article_of, jsonld, page

WORDS = "I was on that ferry and I still have the ticket for it, which my sister does not believe."
TEXT = "\n\n".join(PARAGRAPHS)
NOTICE = (
    "<p>We use cookies so that our site is the better for you. By reading on you agree to all of them.</p>"
)
LETTER = (
    "<h3>Subscribe to our newsletter</h3><p>The best of Harbor Post in your inbox each week, for nothing.</p>"
    '<form><input type="email"><button>Subscribe</button></form>'
)


@pytest.mark.parametrize(
    "dialog",
    [
        f'<div role="dialog">{NOTICE}<button>Yes</button></div>',
        f'<section role="AlertDialog"><div>{NOTICE}</div></section>',
        f'<div aria-modal="true"><h2>Cookies</h2>{NOTICE}</div>',
    ],
)
def test_a_dialog_is_no_part_of_the_body(dialog: str) -> None:
    assert article_of(plain("").replace("<body>", f"<body>{dialog}")).body_text == TEXT


def test_an_article_in_a_dialog_is_read() -> None:
    main = f'<div role="dialog"><h1>{HEADLINE}</h1>{BODY}</div>'
    assert article_of(page(main=main)).body_text == TEXT
    assert article_of(page(main=f'<h1>{HEADLINE}</h1><div role="dialog">{BODY}</div>')).body_text == TEXT


@pytest.mark.parametrize(
    "box",
    [
        f"<div>{LETTER}</div>",
        f"<section><div>{LETTER}</div></section>",
        f"<div>{LETTER}<style>{'.form p { color: red } ' * 90}</style><script>{'go(1); ' * 99}</script></div>",
        "<div><p>The best of Harbor Post, by mail, once a week and for nothing at all. Sign up here.</p>"
        '<form><p><input name="your-email"></p></form></div>',
        '<form><h3>Get our letter</h3><p>One mail a week.</p><input name="mail"><button>Subscribe</button></form>',
    ],
)
def test_a_box_to_subscribe_is_no_part_of_the_body(box: str) -> None:
    for markup in (
        plain("", body=BODY + box),
        page(main=f"<article><h1>{HEADLINE}</h1>{BODY}{box}</article>"),
    ):
        assert article_of(markup).body_text == TEXT
    middle = f"<p>{PARAGRAPHS[0]}</p>{box}" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS[1:])
    assert article_of(plain("", body=middle)).body_text == TEXT


def test_an_article_with_a_form_in_its_own_box_is_read() -> None:
    form = '<form><input type="email"><button>Subscribe</button></form>'
    assert article_of(page(main=f"<div><h1>{HEADLINE}</h1><div>{BODY}{form}</div></div>")).body_text == TEXT


@pytest.mark.parametrize(
    "comments",
    [
        f"<h2>Comments</h2><ol><li><b>Ola</b> 4 November 2026<p>{WORDS}</p></li></ol>",
        f"<h3>2 Comments</h3><div><b>Ola</b> <time datetime='2026-11-04'>Wed</time><p>{WORDS}</p></div><p>{WORDS}</p>",
        f"<div><h2>Kommentare (1)</h2></div><div><p>Ola</p><p>{WORDS}</p><p>Antworten</p></div>",
        f"<h2>One thought on “{HEADLINE}”</h2><p>Ola says, 3 days ago</p><p>{WORDS}</p><h2>Leave a reply</h2>"
        "<form><textarea></textarea></form>",
        "<h2>Comments</h2><p>No comments yet.</p>",
        f"<h2>Comments</h2><p>{WORDS} {WORDS}</p><form><textarea></textarea></form>",
    ],
)
def test_comments_in_the_box_of_the_text_are_no_part_of_it(comments: str) -> None:
    assert article_of(plain("", body=BODY + comments)).body_text == TEXT


@pytest.mark.parametrize(
    "text",
    [
        f"{WORDS} On 3 November 2026 the language got a new kind of them as well.",
        "Since 2019-03-04 they may be nested.",
        "They begin with a hash.",
    ],
)
def test_a_chapter_called_comments_is_part_of_the_text(text: str) -> None:
    chapters = f"<h2>Comments</h2><p>{text}</p><h2>Functions</h2><p>{PARAGRAPHS[0][:99]}</p>"
    body = article_of(page(main=f"<article><h1>{HEADLINE}</h1>{BODY}{chapters}</article>")).body_text
    assert body.removeprefix(TEXT).split("\n\n")[1:] == ["Comments", text, "Functions", PARAGRAPHS[0][:99]]


CARDS = "".join(
    f'<li><h4><a href="/news/{at}">The bakery counted its second batch again</a></h4><p>{WORDS}</p></li>'
    for at in range(3)
)


@pytest.mark.parametrize(
    "more",
    [
        f"<section><h3>You may also like</h3><ul>{CARDS}</ul></section>",
        f"<div><h2>More from Harbor Post</h2>{CARDS.replace('li>', 'div>')}</div>",
        f"<h3>Related articles</h3><ul>{CARDS}</ul>",
        f"<div><h3>Related articles</h3></div><ul>{CARDS}</ul>",
        f"<div><span><h3>Related articles</h3></span></div><div><ul>{CARDS}</ul></div>",
        f"<aside><p>{WORDS}</p></aside>",
        "<div>Advertisement</div>",
    ],
)
@pytest.mark.parametrize("box", ["article", "div"])
def test_what_leads_to_other_articles_is_no_part_of_the_body(box: str, more: str) -> None:
    cut = BODY.replace("</p>", f"</p>{more}", 1) if "Advert" in more else f"{BODY}{more}"
    for main in (f"<h1>{HEADLINE}</h1><div>{cut}</div>", f"<h1>{HEADLINE}</h1><div>{BODY}</div>{more}"):
        assert article_of(page(main=f"<{box}>{main}</{box}>")).body_text == TEXT


@pytest.mark.parametrize(
    "chapter",
    [
        f"<h2>Related work</h2><p>{WORDS}</p>",
        f"<h2>Read next</h2><p>{WORDS} See <a href='/x'>this</a>.</p><p>{WORDS}</p>",
        f"<h2>Most popular</h2><ul><li>{WORDS}</li><li>{WORDS} Really.</li></ul>",
    ],
)
def test_a_chapter_called_so_is_part_of_the_text(chapter: str) -> None:
    text = article_of(
        page(main=f"<article><h1>{HEADLINE}</h1><div>{BODY}{chapter}</div></article>")
    ).body_text
    assert text.startswith(f"{TEXT}\n\n")
    assert WORDS in text


@pytest.mark.parametrize(
    "button", ["<button>Accept all</button>", '<a href="#">Got it</a>', "<div><button>OK</button></div>"]
)
def test_a_notice_about_cookies_is_no_part_of_the_body(button: str) -> None:
    notice = f"<div><div>{NOTICE}</div>{button}</div>"
    for body in (f"<body>{notice}", f"<body><div>{notice}</div>"):
        assert article_of(plain("").replace("<body>", body)).body_text == TEXT


@pytest.mark.parametrize(
    "box",
    [
        f"<div><p>{WORDS}</p><button>Accept the challenge</button></div>",
        f"<div><p>{WORDS}</p><a href='#'>Close</a></div>",
        f"<div><p>{WORDS}</p><a href='#a'><i></i><i></i><i></i><i></i>OK</a> on cookies</div>",
        f"<div><p>{WORDS}</p><form><input type='email'><button>Send</button></form></div>",
    ],
)
def test_a_box_with_a_button_and_other_words_is_part_of_the_text(box: str) -> None:
    middle = f"<p>{PARAGRAPHS[0]}</p>{box}" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS[1:])
    text = article_of(page(main=f"<article><h1>{HEADLINE}</h1><div>{middle}</div></article>")).body_text
    assert [part for part in text.split("\n\n") if len(part) > 60] == [PARAGRAPHS[0], WORDS, *PARAGRAPHS[1:]]


@pytest.mark.parametrize("above", ["<h3>Related articles</h3>", "<h2>Trending</h2>", "<h2>Comments</h2>"])
def test_a_heading_above_the_headline_takes_nothing_with_it(above: str) -> None:
    article = article_of(page(main=f"<article>{above}<h1>{HEADLINE}</h1><div>{BODY}</div></article>"))
    assert (article.headline, article.body_text) == (HEADLINE, TEXT)


@pytest.mark.parametrize("word", ["Advertisement", "ANZEIGE:", "Sponsored content"])
def test_the_word_over_an_advertisement_takes_no_words_with_it(word: str) -> None:
    box = f"<div>{word}<p>{WORDS}</p></div>"
    text = article_of(page(main=f"<article><h1>{HEADLINE}</h1><div>{BODY}{box}</div></article>")).body_text
    assert [part for part in text.split("\n\n") if len(part) > 60] == [*PARAGRAPHS, WORDS]


def teasers_of(
    n: int, form: str, words: str = "Some say it was the tide, and some say it was the captain."
) -> str:
    return "".join(
        form.format(f"/news/2026/story-{at}", f"The {at}th story of the year", words) for at in range(n)
    )


TEASER_FORMS = {
    "cards": '<div><a href="{0}"><h3>{1}</h3></a><div><p>{2}</p></div><div>By <a href="/people/ida">Ida</a></div></div>',
    "pictures": '<article><a href="{0}"><img src="/{1}.jpg" alt=""><div>{1}</div></a></article>',
    "items": '<li><a href="{0}">{1}</a></li>',
}


@pytest.mark.parametrize("form", TEASER_FORMS)
@pytest.mark.parametrize("above", ["<h2>In depth</h2>", "<div>Harbor life</div>", ""])
@pytest.mark.parametrize("is_listed_before", [False, True])
def test_a_box_of_teasers_below_the_text_is_no_part_of_the_body(
    form: str, above: str, is_listed_before: bool
) -> None:
    teasers = teasers_of(4, TEASER_FORMS[form])
    before = f"<div><ul>{teasers_of(4, TEASER_FORMS['items'])}</ul></div>" if is_listed_before else ""
    main = f"<div><h1>{HEADLINE}</h1><div>{BODY}</div></div><div>{before}{above}<div>{teasers}</div></div>"
    assert article_of(page('<meta property="og:type" content="article">', main=main)).body_text == TEXT


def test_lists_of_links_longer_than_the_text_are_no_part_of_it() -> None:
    links = "<ul>" + teasers_of(12, '<li><a href="{0}">{1}</a> 3 May 2026</li>') + "</ul>"
    main = f"<div><h1>{HEADLINE}</h1><div>{BODY}</div><div>{links}</div></div><div>{links}</div>"
    assert article_of(page('<meta property="og:type" content="article">', main=main)).body_text == TEXT


@pytest.mark.parametrize("host", ["", "https://sport.harborpost.example"])
def test_teasers_with_many_labels_are_no_part_of_the_body(host: str) -> None:
    labels = "".join(
        f"<li>{label}</li>" for label in ("Share", "Send by mail", "Save for later", "12 replies")
    )
    teasers = teasers_of(4, f'<div><a href="{{0}}"><h3>{{1}}</h3></a><ul>{labels}{labels}{labels}</ul></div>')
    teasers = teasers.replace('"/news', f'"{host}/news')
    main = f"<div><h1>{HEADLINE}</h1><div>{BODY}</div></div><div><p>For you</p>{teasers}</div>"
    assert article_of(page('<meta property="og:type" content="article">', main=main)).body_text == TEXT


def test_a_list_of_articles_that_is_the_article_is_part_of_it() -> None:
    listed = teasers_of(
        12, '<h3><a href="{0}">{1}</a></h3><p>{2} It has been told ever since, and never twice the same.</p>'
    )
    main = f"<article><h1>{HEADLINE}</h1><div>{BODY}</div><div>{listed}</div></article>"
    text = article_of(page(jsonld({"@type": "Article", "headline": HEADLINE}), main=main)).body_text
    assert "The 7th story of the year" in text


def test_a_section_with_links_in_its_sentences_is_part_of_the_text() -> None:
    links = "".join(
        f'<p>Nobody forgets <a href="/news/2026/ice-{at}">the winter {at}</a>, when the ferry lay in the ice.</p>'
        for at in range(3)
    )
    main = f"<article><h1>{HEADLINE}</h1><div>{BODY}</div><div><h2>Ice</h2>{links}</div></article>"
    assert (
        "Nobody forgets the winter 2, when the ferry lay in the ice." in article_of(page(main=main)).body_text
    )


@pytest.mark.parametrize("heading", ["Further reading", "See also"])
def test_a_list_of_sentences_with_links_in_them_is_part_of_the_text(heading: str) -> None:
    items = "".join(
        f'<li>The clerk of {town} <a href="https://books.example/{town}">wrote a book</a> on its ferry, long ago.</li>'
        for town in ("Lund", "Askvik", "Ness")
    )
    main = f"<article><h1>{HEADLINE}</h1>{BODY}<div><h2>{heading}</h2><ul>{items}</ul></div></article>"
    assert "The clerk of Ness wrote a book on its ferry, long ago." in article_of(page(main=main)).body_text


@pytest.mark.parametrize("sign", ["#", "¶", "\U0001f517"])
def test_the_sign_by_which_a_heading_links_to_itself_is_no_part_of_it(sign: str) -> None:
    heading = f'<h2 id="tides">Of tides <a href="#tides">{sign}</a></h2><p>{WORDS}</p>'
    article = article_of(page(main=f"<article><h1>{HEADLINE}</h1>{BODY}{heading}</article>"))
    assert article.body_text == f"{TEXT}\n\nOf tides\n\n{WORDS}"
    assert "<h2>Of tides</h2>" in article.body_html


def test_paragraphs_below_links_to_other_articles_are_a_text_that_links() -> None:
    related = '<p>RELATED: <a href="/2026/08/the-story-of-the-{0}-harbor">The story of the {0} harbor</a></p>'
    chapters = [f"<p>{WORDS} {WORDS} Chapter {at}.</p>" for at in range(10)]
    first, second = "".join(chapters[:6]), "".join(chapters[6:])
    more = (
        related.format("old")
        + second[: len(second) // 2]
        + related.format("new")
        + second[len(second) // 2 :]
    )
    text = article_of(
        page(main=f"<article><h1>{HEADLINE}</h1><div>{first}</div><div>{more}</div></article>")
    ).body_text
    assert all(f"Chapter {at}." in text for at in range(10))
