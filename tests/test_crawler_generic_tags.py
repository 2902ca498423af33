"""Tags and the picture of an article on pages of no known platform, and none of the site's own."""

import time

import pytest

from tests.test_crawler_generic_pages import BODY, HEADLINE, article_of, jsonld, page

SITE = '<meta property="og:site_name" content="Harbor Post">'
PHOTO = "https://harborpost.example/media/ferry-1200.jpg"


def tags_of(markup: str) -> list[str]:
    return [tag.name for tag in article_of(markup).tags]


@pytest.mark.parametrize(
    "link",
    [
        '<a rel="tag" href="/tags/sea/">sea <span>321</span></a>',
        '<a rel="tag" href="/tags/sea/">sea<b>(12)</b></a>',
        '<a rel="tag" href="/tags/sea/">#sea</a>',
        '<a rel="tag" href="/tags/sea/"><i>#</i>sea</a>',
    ],
)
def test_a_tag_is_its_name_without_sign_and_count(link: str) -> None:
    assert tags_of(page(above=f"<p>{link}</p>")) == ["sea"]
    assert tags_of(page(above='<p><a rel="tag" href="/tags/2026/">storms of <b>2026</b> again</a></p>')) == [
        "storms of 2026 again"
    ]


@pytest.mark.parametrize(
    "box",
    [
        '<p>Topics: <a href="/topic/sea">Sea</a>, <a href="/topic/mail">Mail</a></p>',
        '<ul><li><a href="/tag/sea/a/">Sea</a></li><li><a href="/tag/mail/a/">Mail</a></li></ul>',
        '<div class="tags"><a href="/tags/sea.html">Sea</a> <a href="/tags/mail.html">#Mail</a></div>',
    ],
)
def test_links_to_pages_of_tags_below_the_headline_are_tags(box: str) -> None:
    main = f"<article><h1>{HEADLINE}</h1><div>{BODY}</div>{box}</article>"
    assert tags_of(page(main=main)) == ["Sea", "Mail"]


@pytest.mark.parametrize(
    "elsewhere",
    [
        '<nav><a href="/tag/sport">Sport</a> <a href="/tag/art">Art</a></nav>',
        '<div class="tagcloud"><a href="/tag/sport">Sport</a> <a href="/tag/art">Art</a></div>',
        '<p>She writes about <a href="/tag/sport">sport</a>, the sea and whatever the mail brings to her.</p>',
        '<h3><a href="/topic/boats">Are the new boats dry?</a></h3>',
        '<div class="external"><a href="/topic/news">More</a></div>',
        '<div class="tags">' + "".join(f'<a href="/tag/{n}">Word {n}</a> ' for n in range(40)) + "</div>",
    ],
)
def test_links_to_tags_in_menus_clouds_and_sentences_are_none(elsewhere: str) -> None:
    assert (
        tags_of(page(main=f"{elsewhere}<article><h1>{HEADLINE}</h1>{BODY}</article>", below=elsewhere)) == []
    )


def test_a_tag_told_twice_is_one_and_the_outlet_is_none() -> None:
    told = jsonld(
        {
            "@type": "NewsArticle",
            "headline": HEADLINE,
            "keywords": ["sea-mail", "Harbor Post"],
            "datePublished": "2026",
        }
    )
    box = '<div class="tags"><a href="/tag/sea-mail">Sea mail</a></div>'
    assert tags_of(page(SITE + told, above=box)) == ["Sea mail"]


@pytest.mark.parametrize(
    "mark",
    [
        "logo-xl.png",
        "web-app-manifest-192x192.png",
        "Blank.gif",
        "HP_Logo_RGB.gif",
        "harbor_logo_1200x800.jpg",
        "avatar.png",
    ],
)
def test_a_declared_mark_of_the_site_is_not_the_picture(mark: str) -> None:
    head = f'<meta property="og:image" content="/media/{mark}">'
    header = f'<header><a href="/"><img src="/media/{mark}"></a></header>'
    assert article_of(page(head, below=header)).hero is None
    opened = article_of(page(head, above=f'<figure><img src="{PHOTO}" width="1200" height="800"></figure>'))
    assert opened.hero is not None
    assert opened.hero.url == PHOTO


def test_another_source_s_picture_is_taken_before() -> None:
    told = jsonld(
        {"@type": "NewsArticle", "headline": HEADLINE, "image": "/logo.png", "datePublished": "2026-11-17"}
    )
    hero = article_of(page(f'{told}<meta property="og:image" content="{PHOTO}">')).hero
    assert hero is not None
    assert hero.url == PHOTO


def test_an_article_about_a_logo_shows_it() -> None:
    head = '<meta property="og:image" content="/media/new-logo-of-the-ferry.png">'
    article = article_of(page(head, above='<figure><img src="/media/new-logo-of-the-ferry.png"></figure>'))
    assert article.hero is not None
    assert article.hero.url.endswith("/new-logo-of-the-ferry.png")


def test_what_stands_for_a_picture_while_it_loads_opens_no_article() -> None:
    figure = '<figure><img src="/images/preload.gif"></figure><figure><img src="/ornament-7.gif"></figure>'
    assert article_of(page(above=figure)).hero is None


def test_a_class_of_a_thousand_marks_takes_no_time() -> None:
    main = (
        f'<article><h1>{HEADLINE}</h1>{BODY}<div class="{"_" * 30_000}"><a href="/tag/sea">Sea</a> '
        '<a href="/tag/mail">Mail</a></div></article>'
    )
    start = time.perf_counter()
    assert tags_of(page(main=main)) == ["Sea", "Mail"]
    assert time.perf_counter() - start < 2


def test_a_tag_named_like_the_host_is_one() -> None:
    told = '<meta property="article:tag" content="Harbor Post">'
    assert tags_of(page(told)) == ["Harbor Post"]
    assert tags_of(page(SITE + told)) == []
