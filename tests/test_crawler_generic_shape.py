"""The shape of a body on pages of no known platform: code, captions, pictures, embeds and lists as the page has them."""


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


def test_headings_and_cells_stay_what_they_are() -> None:
    table = "<table><tbody><tr><th>Day</th><th>Boats</th></tr><tr><td>Tuesday</td><td>11</td></tr></tbody></table>"
    quote = f"<blockquote><p>{PARAGRAPHS[2]}</p><p><cite>The baker</cite></p></blockquote>"
    parts = f"{FIRST}<h2>The angle</h2>{SECOND}{table}<h4>The bread</h4>{quote}{FOURTH}"
    assert body_of(parts) == parts
