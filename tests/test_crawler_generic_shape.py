"""The shape of a body on pages of no known platform: code, captions, pictures, embeds and lists as the page has them."""

import pytest

from tests.test_crawler_generic_pages import HEADLINE, PARAGRAPHS, article_of, page

FIRST, SECOND, THIRD, FOURTH = (f"<p>{text}</p>" for text in PARAGRAPHS)
SITE = "https://harborpost.example"


def body_of(inside: str) -> str:
    return article_of(page(main=f"<article><h1>{HEADLINE}</h1><div>{inside}</div></article>")).body_html or ""


def test_code_keeps_its_lines_and_blanks() -> None:
    code = "<pre><code>def ring(bell):\n    return bell + 1\n\nring(3)\n</code></pre>"
    assert body_of(FIRST + code + SECOND + THIRD) == FIRST + code + SECOND + THIRD


def test_a_mark_in_a_sentence_keeps_the_blanks_around_it() -> None:
    first = FIRST.replace("1911", '<a href="/1911"><em>the year of the</em> storm</a> itself')
    expected = first.replace('"/1911"', f'"{SITE}/1911"')
    assert body_of(first + SECOND + THIRD + FOURTH) == expected + SECOND + THIRD + FOURTH


@pytest.mark.parametrize("tag", ["label", "output"])
def test_the_words_of_a_form_s_field_in_a_sentence_are_kept(tag: str) -> None:
    first = FIRST.replace("1911", f"<{tag}>1911</{tag}>")
    assert body_of(first + SECOND + THIRD + FOURTH) == FIRST + SECOND + THIRD + FOURTH


def test_headings_and_cells_stay_what_they_are() -> None:
    table = "<table><tbody><tr><th>Day</th><th>Boats</th></tr><tr><td>Tuesday</td><td>11</td></tr></tbody></table>"
    quote = f"<blockquote><p>{PARAGRAPHS[2]}</p><p><cite>The baker</cite></p></blockquote>"
    parts = f"{FIRST}<h2>The angle</h2>{SECOND}{table}<h4>The bread</h4>{quote}{FOURTH}"
    assert body_of(parts) == parts


@pytest.mark.parametrize("box", ["{}", "<div>{}</div>", '<div class="wide"><div>{}</div></div>'])
@pytest.mark.parametrize("link", ["{}", '<a href="https://prints.example/quay">{}</a>'])
def test_pictures_keep_their_captions(box: str, link: str) -> None:
    picture = link.format('<img src="/quay.jpg" alt="A quay">')
    figure = box.format(
        f"<figure>{picture}<figcaption>The <b>quay</b> in May. Photo: Ola Ness</figcaption></figure>"
    )
    body = body_of(FIRST + SECOND + figure + THIRD + FOURTH)
    shown = picture.replace('"/quay', f'"{SITE}/quay')
    caption = "<figcaption>The <b>quay</b> in May. Photo: Ola Ness</figcaption>"
    assert body == f"{FIRST}{SECOND}<figure>{shown}{caption}</figure>{THIRD}{FOURTH}"


def test_pictures_between_the_lines_are_kept_once() -> None:
    late = '<div><img data-original="/a.jpg" src="data:,"></div>'
    linked = '<p><a href="/b.jpg"><img srcset="/b-small.jpg 300w"></a></p>'
    body = body_of(FIRST + late + SECOND + linked + late + THIRD + FOURTH)
    assert body.count("/a.jpg") == 1
    assert body.index("/a.jpg") < body.index("Captain")
    assert body.index("Captain") < body.index("/b-small.jpg") < body.index("We plan")


def test_captions_that_are_the_article_are_kept() -> None:
    figures = "".join(
        f'<figure><img src="/{at}.jpg" alt=""><figcaption>{text}</figcaption></figure>'
        for at, text in enumerate(PARAGRAPHS)
    )
    text = article_of(
        page(main=f"<article><h1>{HEADLINE}</h1><p>By Ida Lunde</p>{figures}</article>")
    ).body_text
    assert text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "beside",
    [
        '<div><a href="https://shop.example/nets"><img srcset="/nets.jpg 300w"></a></div>',
        '<div><img srcset="/face.jpg 40w" width="48" height="48"></div>',
        '<div><img srcset="/other.jpg 300w"><p><a href="/news/2026/the-baker">The baker</a></p></div>',
        '<iframe src="https://ads.example/frame.html"></iframe>',
        '<iframe src="https://social.example/plugins/like.php?href=x"></iframe>',
        '<iframe src="https://letters.example/embed"></iframe>',
        '<iframe src="https://ads.example/v/123"></iframe>',
        '<img src="https://count.example/p?x=1">',
        '<div><img src="https://count.example/p?x=1" alt=""></div>',
        '<div class="author-box"><img src="/faces/ida.jpg"></div>',
        '<div class="entry-bio"><div><img src="/faces/ida.jpg" alt="Ida"></div></div>',
        '<figure class="promo"><img src="/other.jpg"></figure>',
        '<figure><a href="/news/2026/the-baker-and-his-bread"><img src="/other.jpg"></a>'
        "<figcaption>Read about the baker</figcaption></figure>",
    ],
    ids=[
        *("advertisement", "face", "teaser", "frame", "button", "form", "frame of a number", "pixel"),
        *("pixel in a box", "author", "bio", "promotion", "teaser in a figure"),
    ],
)
def test_what_else_stands_between_the_lines_stays_out(beside: str) -> None:
    assert body_of(FIRST + SECOND + beside + THIRD + FOURTH) == FIRST + SECOND + THIRD + FOURTH


@pytest.mark.parametrize(
    ("embed", "url", "words"),
    [
        (
            '<iframe src="https://www.youtube.com/embed/a1B2c3D4e5F" title="The ferry"></iframe>',
            "https://www.youtube.com/watch?v=a1B2c3D4e5F",
            "The ferry",
        ),
        ('<video><source src="/ferry.mp4"></video>', f"{SITE}/ferry.mp4", "harborpost.example"),
        (
            '<iframe data-src="https://w.sounds.example/player/?url=12"></iframe>',
            "https://w.sounds.example/player/?url=12",
            "w.sounds.example",
        ),
    ],
)
@pytest.mark.parametrize("box", ["{}", "<p>{}</p>", "<figure><div>{}</div></figure>"])
def test_videos_and_sounds_become_links_where_they_stood(embed: str, url: str, words: str, box: str) -> None:
    body = body_of(FIRST + SECOND + box.format(embed) + THIRD + FOURTH)
    before, link, after = body.partition(f'href="{url}">{words}</a>')
    assert link
    assert "Captain" in before
    assert "We plan" in after


def test_a_rule_parts_paragraphs_and_boxes_none() -> None:
    parts = f"{FIRST}<hr>{SECOND}<hr><div><hr></div>{THIRD}{FOURTH}<hr>"
    assert body_of(parts) == f"{FIRST}<hr>{SECOND}{THIRD}{FOURTH}"


def test_a_teaser_marked_as_the_article_does_not_hide_the_text() -> None:
    promo = f"<article><h2>The ferry museum opens on Sundays</h2><p>{PARAGRAPHS[0]} And whoever comes gets in.</p></article>"
    text = "".join(f"<p>{part}</p>" for part in PARAGRAPHS) * 2
    main = f'{promo}<div><h1>{HEADLINE}</h1><div class="copy"><div>{text}</div></div></div>'
    assert article_of(page(main=main)).body_text == "\n\n".join(PARAGRAPHS * 2)


@pytest.mark.parametrize("size", ["²", "9" * 5_000, "١٢"])
def test_a_size_that_is_no_number_says_nothing(size: str) -> None:
    picture = f'<div><img srcset="/quay.jpg 300w" width="{size}" height="300"></div>'
    assert "/quay.jpg" in body_of(FIRST + SECOND + picture + THIRD + FOURTH)
    hero = article_of(
        page(main=f"<article><h1>{HEADLINE}</h1>{picture}{FIRST}{SECOND}{THIRD}{FOURTH}</article>")
    ).hero
    assert hero is not None


@pytest.mark.parametrize(
    "picture",
    [
        '<img src="https://cdn.example/p/12" alt="The quay">',
        '<img src="https://cdn.example/p/12?w=800" width="800" height="600">',
        '<img src="https://cdn.example/p/quay.jpg?w=800">',
        '<figure><img src="https://cdn.example/p?x=1"></figure>',
        '<figure><a href="/news/2026/ferry-early/the-quay-in-may"><img src="/quay.jpg"></a></figure>',
        '<figure><a rel="attachment wp-att-12" href="/news/2026/the-quay-in-may"><img src="/quay.jpg"></a></figure>',
        '<figure><a href="/media/2026/05/the-quay-in-may.jpg"><img src="/quay.jpg"></a></figure>',
    ],
)
def test_pictures_of_other_hosts_and_with_pages_of_their_own_are_kept(picture: str) -> None:
    assert "<img " in body_of(f"{FIRST}{SECOND}<div>{picture}</div>{THIRD}{FOURTH}")


def test_an_article_about_stories_keeps_their_pictures() -> None:
    story = "/news/2026/the-baker-and-his-bread"
    figure = f'<figure><a href="{story}"><img src="/bread.jpg"></a></figure>'
    heading = f'<h2><a href="{story}">The baker and his bread</a></h2>'
    assert "/bread.jpg" in body_of(FIRST + heading + figure + SECOND + THIRD + FOURTH)
