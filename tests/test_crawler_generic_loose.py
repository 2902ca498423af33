"""Text on pages of no known platform that stands in a box beside its paragraphs, without an element of its own."""

import pytest

from crawler.platforms.generic.loose import find_loose
from crawler.reading.outline import parse_html
from tests.test_crawler_generic_pages import HEADLINE, PARAGRAPHS, article_of, page

TEXT = "\n\n".join(PARAGRAPHS)
PICTURE = '<div style="text-align: center"><img src="/quay.jpg" alt="The quay"></div>'
RELATED = (
    '<div><div><h3>Related content</h3><ul><li><a href="/news/2026/the-baker"><img src="/bread.jpg" alt=""></a>'
    '<a href="/news/2026/the-baker">The baker and his bread</a><p><em>57 mins ago</em></p></li></ul></div></div>'
)


def boxed(inside: str) -> str:
    return page(main=f"<h1>{HEADLINE}</h1><div>{inside}</div>")


@pytest.mark.parametrize("box", ["div", "section", "article", "main"])
def test_text_before_the_first_paragraph_is_kept(box: str) -> None:
    first, second, third, fourth = PARAGRAPHS
    text = f"{first}<p>{second}</p>{third}<p>{fourth}</p>"
    markup = page(main=f"<h1>{HEADLINE}</h1><{box}>{text}</{box}>")
    assert article_of(markup).body_text == TEXT


def test_text_behind_a_box_in_a_paragraph_is_kept() -> None:
    first, *rest = PARAGRAPHS
    following = "".join(f"<p>{text}</p>" for text in rest * 3)
    article = article_of(boxed(f"<div><p>{RELATED}{first}</p>{following}</div>"))
    assert article.body_html == f"<p>{first}</p>{following}"


@pytest.mark.parametrize("below", [PICTURE, "<table><tr><td>11</td></tr></table>", "<center>* * *</center>"])
def test_text_with_links_beside_any_box_is_kept(below: str) -> None:
    link = '<a href="/lund">Lund</a>'
    parts = [text.replace("Lund", link) for text in PARAGRAPHS]
    body = article_of(boxed(" <br><br>".join(parts) + f"<br><br>{below}")).body_html
    assert '<p>The ferry between <a href="https://harborpost.example/lund">Lund</a> and Askvik' in body
    assert "<br><br>" not in body


@pytest.mark.parametrize(
    ("tag", "told"),
    [("span", "{}"), ("code", "<code>{}</code>"), ("time", "{}"), ("u", "{}"), ("sup", "{}")]
    + [(tag, "{}") for tag in ("acronym", "bdi", "bdo", "data", "dfn", "label", "meter", "nobr", "output")]
    + [(tag, "{}") for tag in ("ruby", "samp", "strike", "x-year")],
)
def test_a_sentence_beside_blocks_stays_in_one_piece(tag: str, told: str) -> None:
    marked = PARAGRAPHS[0].replace("1911", f"<{tag}>1911</{tag}>")
    below = f"<blockquote><p>{PARAGRAPHS[1]}</p></blockquote>{PARAGRAPHS[2]}<p>{PARAGRAPHS[3]}</p>"
    article = article_of(boxed(marked + below))
    assert article.body_text == TEXT
    assert told.format("1911") in article.body_html


@pytest.mark.parametrize(
    "between",
    [
        "<wbr>",
        '<img src="/smile.png" width="16" height="16" alt="">',
        '<img class="wp-smiley" src="/smile.svg" alt="">',
        "<math><mi>x</mi></math>",
    ],
)
def test_what_stands_between_two_words_parts_no_sentence(between: str) -> None:
    marked = PARAGRAPHS[0].replace("1911", f"1911{between}")
    article = article_of(boxed(f"<p>{PARAGRAPHS[1]}</p>{marked}<p>{PARAGRAPHS[2]}</p><p>{PARAGRAPHS[3]}</p>"))
    assert article.body_html is not None
    assert article.body_html.count("<p>") == len(PARAGRAPHS)
    assert "<figure>" not in article.body_html


def test_text_between_elements_of_the_page_s_own_and_breaks_is_kept() -> None:
    root = parse_html(f"<div>{PARAGRAPHS[0]}<br><br><x-ad></x-ad><br>{PARAGRAPHS[1]}<p>x</p></div>")
    assert root is not None
    assert len(find_loose(root)) == 2
