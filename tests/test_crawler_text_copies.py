"""Copies of a page's text that carry more or less than the page: navigation above, a header without its byline."""

import textwrap
from datetime import UTC, datetime
from time import process_time

import pytest

from crawler.platforms import read_page
from crawler.platforms.base import Page
from crawler.records import ArticleRecord

SEEN_AT = datetime(2026, 11, 23, 20, tzinfo=UTC)
PARAGRAPHS = (
    "On the first Thursday of each month the lamp room at Cape Harrow smells of tea and varnish. The keeper sets "
    "out two boards and a tin of biscuits, and then he waits for the bell to ring.",
    "Nobody wins there very often. A game takes three evenings, because every move must be argued over, and "
    "because the tide table decides when the causeway opens.",
    "By the third visit I had begun to write the sentences down. They make a better record of the winter than my "
    "diary does, and I will keep them for as long as the paper lasts.",
)
HEAD = ("Gamers logo", "The Lamp Room Chess Club", "What four keepers taught me about losing slowly")
BYLINE = "By Orla VennPublished 3 months ago 4 min read"
UNDER = ("Top Story - October 2026", "16", "Photo by Lena Brask on Unsplash")
ABOUT = (
    "About the Creator",
    "Orla Venn",
    "Orla writes about slow hobbies.",
    "More: https://orlavenn.example/slow",
)
FOOTER = ("Find us on social media", "Miscellaneous links", "© 2026 Creatd, Inc. All Rights Reserved.")
NAVIGATION = (
    "Skip to content", "Vocal logo", "Communities", "Challenges", "Vocal+", "Resources", "Log in", "Sign up",
    "We use cookies to give you the best experience.", "Accept all", "Manage preferences",
)  # fmt: skip


def read(*parts: str, glue: str = "\n\n") -> Page:
    return read_page(glue.join(parts), "", seen_at=SEEN_AT, headers={"content-type": "text/plain"})


def article_of(page: Page) -> ArticleRecord:
    assert page.article is not None
    return page.article


def heads(article: ArticleRecord) -> tuple[object, ...]:
    community = article.community and article.community.name
    return community, article.headline, article.dek, article.published_text, article.reading_minutes


def test_an_empty_address_is_none() -> None:
    article = article_of(read(*HEAD, BYLINE, *PARAGRAPHS, *ABOUT, *FOOTER))
    assert (article.url, article.canonical_url) == (None, None)
    assert heads(article) == ("Gamers", HEAD[1], HEAD[2], "3 months ago", 4)


@pytest.mark.parametrize("glue", ["\n\n", "\n"])
@pytest.mark.parametrize("community", ["Gamers", "Tidepool", None])
@pytest.mark.parametrize("dek", [HEAD[2], None])
def test_navigation_copied_with_a_page_is_no_part_of_it(
    glue: str, community: str | None, dek: str | None
) -> None:
    logo = [f"{community} logo"] if community else []
    page = read(
        *NAVIGATION, *logo, HEAD[1], *filter(None, [dek]), BYLINE, *PARAGRAPHS, *ABOUT, *FOOTER, glue=glue
    )
    article = article_of(page)
    assert heads(article) == (community, HEAD[1], dek, "3 months ago", 4)
    assert article.body_text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize("n_under", [1, 2, 3])
@pytest.mark.parametrize("has_dek", [True, False])
def test_a_header_that_lost_its_byline_is_still_a_header(n_under: int, has_dek: bool) -> None:
    under = UNDER[-n_under:]
    article = article_of(read(*HEAD[: 2 + has_dek], *under, *PARAGRAPHS, *ABOUT, *FOOTER))
    assert article.body_text == "\n\n".join(PARAGRAPHS)
    assert article.dek == (HEAD[2] if has_dek else None)
    assert article.badges == [text for text in under if text.startswith("Top")]
    assert article.like_count == (16 if "16" in under else None)
    assert article.hero is not None
    assert article.hero.credit == "Lena Brask"


def test_a_caption_in_any_words_stands_under_the_picture_that_repeats_the_headline() -> None:
    article = article_of(read(*HEAD, BYLINE, HEAD[1], "Cape Harrow from the sea", *PARAGRAPHS, *ABOUT))
    assert article.hero is not None
    assert (article.hero.alt, article.hero.caption) == (HEAD[1], "Cape Harrow from the sea")
    assert article.body_text == "\n\n".join(PARAGRAPHS)


def test_a_title_under_the_picture_is_body() -> None:
    article = article_of(read(*HEAD, BYLINE, HEAD[1], "The First Winter", *PARAGRAPHS, *ABOUT))
    assert article.body_text.startswith("The First Winter\n\n")


@pytest.mark.parametrize("mark", ["•", "·", "|", "-", "–"])
def test_any_mark_parts_the_pieces_of_a_byline(mark: str) -> None:
    byline = f"By Orla Venn {mark} Published 3 months ago {mark} Updated 2 months ago {mark} 4 min read"
    article = article_of(read(*HEAD, byline, *PARAGRAPHS, *ABOUT))
    assert heads(article) == ("Gamers", HEAD[1], HEAD[2], "3 months ago", 4)
    assert (article.byline, article.modified_text) == ("By Orla Venn", "2 months ago")


def test_a_date_with_hyphens_is_one_date() -> None:
    article = article_of(read(*HEAD, "By Orla Venn - Published 2024-03-03 - 4 min read", *PARAGRAPHS, *ABOUT))
    assert (article.published_text, article.reading_minutes) == ("2024-03-03", 4)


def test_the_byline_of_an_embedded_story_is_not_in_the_body() -> None:
    card = ("The Clock Repairer of Dunmore", "By Iva Stone")
    article = article_of(read(*HEAD, BYLINE, PARAGRAPHS[0], *card, *PARAGRAPHS[1:], *ABOUT))
    assert article.body_text == "\n\n".join((PARAGRAPHS[0], card[0], *PARAGRAPHS[1:]))


def test_the_poet_of_a_quoted_poem_is_in_the_body() -> None:
    quoted = ("The Sea Wall", "By Iva Stone", "a wall keeps nothing", "but its own shadow")
    article = article_of(read(*HEAD, BYLINE, PARAGRAPHS[0], *quoted, *PARAGRAPHS[1:], *ABOUT))
    assert "By Iva Stone" in article.body_text


@pytest.mark.parametrize(
    ("lines", "body"),
    [
        (["x"], "x"),
        (["Support"], "Support"),
        (["Like", "a bell."], "Like\n\na bell."),
        (["Lovely.", "Like", "Reply"], "Lovely."),
        (["Like"], "Like"),
    ],
)
def test_a_comment_in_the_words_of_buttons_and_footer_is_kept(lines: list[str], body: str) -> None:
    comments = ["Comments (1)", "Sign in to comment", "  • Pim Ostler 2 months ago", *lines]
    page = read(*HEAD, BYLINE, *PARAGRAPHS, *ABOUT, *comments, *FOOTER)
    assert [comment.body_text for comment in page.comments] == [body]


@pytest.mark.parametrize("width", [60, 72, 76])
def test_a_page_wrapped_without_empty_lines_is_read(width: int) -> None:
    parts = (*HEAD, BYLINE, *PARAGRAPHS, "startuptech newsfuture", *ABOUT, *FOOTER)
    rows = [row for part in parts for row in textwrap.wrap(part, width, break_on_hyphens=False)]
    page = read(*rows, glue="\n")
    article = article_of(page)
    assert heads(article) == ("Gamers", HEAD[1], HEAD[2], "3 months ago", 4)
    assert article.body_text == "\n\n".join(PARAGRAPHS)
    assert [tag.name for tag in article.tags] == ["startup", "tech news", "future"]
    assert page.authors[0].bio_text == "\n\n".join(ABOUT[2:])


@pytest.mark.parametrize(
    ("first", "dek"),
    [
        ("What four keepers taught me about losing slowly", True),
        ("Four keepers taught me to lose slowly.", True),
        ("Losing Slowly!", True),
        (PARAGRAPHS[0], False),
    ],
)
@pytest.mark.parametrize("glue", ["\n\n", "\n", "\n\n\n\n"])
def test_the_standfirst_of_2021_is_one_phrase_or_sentence_under_the_byline(
    first: str, dek: bool, glue: str
) -> None:
    byline = ("by Orla Venn 3 years ago in chess · updated 2 years ago", "Report Story")
    page = read(*HEAD[:2], *byline, first, *PARAGRAPHS[1:], *ABOUT, *FOOTER, glue=glue)
    article = article_of(page)
    assert article.dek == (first if dek else None)
    assert article.body_text == "\n\n".join(PARAGRAPHS[1:] if dek else (first, *PARAGRAPHS[1:]))


def test_tags_may_stand_above_the_footer_alone() -> None:
    article = article_of(read(*HEAD, BYLINE, *PARAGRAPHS, "startup", *FOOTER))
    assert [tag.name for tag in article.tags] == ["startup"]
    assert article.body_text == "\n\n".join(PARAGRAPHS)


def test_no_row_of_a_wrapped_text_need_reach_the_edge() -> None:
    word = "harbors"
    sentences = [" ".join([word] * n) + "." for n in (40, 29, 33)]
    rows = [textwrap.fill(part, 60) for part in (*HEAD, BYLINE, *sentences, *ABOUT, *FOOTER)]
    assert max(len(row) for part in rows for row in part.split("\n")) < 60
    assert article_of(read(*rows)).body_text == "\n\n".join(sentences)


def marked(text: str) -> str:
    """Return a copied page as a program writes it that keeps Markdown."""
    text = text.replace("Gamers logo", "![Gamers logo](https://img.example/gamers.png)")
    text = text.replace("By Orla Venn", "By [Orla Venn](https://vocal.media/authors/orla-venn)")
    for label in ("About the Creator", "Reader insights", "Comments (1)"):
        text = text.replace(label, f"## {label}")
    return (
        text.replace(HEAD[1], f"# {HEAD[1]}")
        .replace("  • ", "* ")
        .replace("tea and varnish", "**tea** and *varnish*")
    )


def test_a_copy_in_markdown_is_read_like_the_plain_one() -> None:
    comments = ("Comments (1)", "Sign in to comment", "  • Bo Lind 2 months ago\n\n    I lost too.")
    text = "\n\n".join((*HEAD, BYLINE, *PARAGRAPHS, *ABOUT, *comments, *FOOTER))
    plain, page = read(text), read(marked(text))
    assert article_of(page) == article_of(plain)
    assert page.comments == plain.comments
    assert [(each.author_name, each.body_text) for each in page.comments] == [("Bo Lind", "I lost too.")]
    assert [author.bio_text for author in page.authors] == [author.bio_text for author in plain.authors]


def test_marks_in_a_plain_copy_are_the_authors() -> None:
    odd = "# 1 is *not* a heading, and [this](https://x.example/) is no link. It is how the keeper writes."
    article = article_of(read(*HEAD, BYLINE, PARAGRAPHS[0], odd, PARAGRAPHS[1], *ABOUT))
    assert odd in article.body_text


def test_a_long_standfirst_and_buttons_to_share_are_no_body() -> None:
    dek = " ".join(PARAGRAPHS[:2])
    buttons = ("Share", "Facebook", "Twitter", "Copy link")
    article = article_of(read(*HEAD[:2], dek, BYLINE, *buttons, *PARAGRAPHS, *ABOUT))
    assert heads(article) == ("Gamers", HEAD[1], dek, "3 months ago", 4)
    assert article.body_text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize("mark", ["[", "[a](b", "**a ", "*a "])
def test_marks_without_end_are_read_in_no_time(mark: str) -> None:
    started = process_time()
    read(
        "# A",
        "By **Ada Moss**Published 3 days ago 2 min read",
        mark * 30_000,
        "## About the Creator",
        "Ada Moss",
    )
    assert process_time() - started < 20


@pytest.mark.parametrize("order", [(0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
def test_sections_in_another_order_are_read_alike(order: tuple[int, ...]) -> None:
    insights = (
        "Reader insights",
        "Be the first to share your insights about this piece.",
        "Add your insights",
    )
    comments = ("Comments (1)", "Sign in to comment", "  • Pim Ostler 2 months ago", "A warm room.")
    sections = [ABOUT, insights, comments]
    parts = [part for place in order for part in sections[place]]
    page = read(*HEAD, BYLINE, *PARAGRAPHS, "startuptech news", *parts, *FOOTER)
    article = article_of(page)
    assert article.body_text == "\n\n".join(PARAGRAPHS)
    assert [tag.name for tag in article.tags] == ["startup", "tech news"]
    assert page.authors[0].bio_text == "\n\n".join(ABOUT[2:])
    assert [(each.author_name, each.body_text) for each in page.comments] == [("Pim Ostler", "A warm room.")]


@pytest.mark.parametrize(
    ("last", "tags"),
    [
        ("startup, tech news", ["startup", "tech news"]),
        ("Keeping time, Slow hobbies", ["Keeping time", "Slow hobbies"]),
        ("By morning the tide had turned, and the bell was still", []),
    ],
)
def test_a_sentence_without_its_end_is_not_a_list_of_tags(last: str, tags: list[str]) -> None:
    article = article_of(read(*HEAD, BYLINE, *PARAGRAPHS, last, *ABOUT))
    assert [tag.name for tag in article.tags] == tags
    assert (last in article.body_text) == (not tags)


def test_a_copy_cut_off_inside_a_sentence_keeps_it() -> None:
    cut = PARAGRAPHS[1][:60]
    article = article_of(read(*HEAD, BYLINE, PARAGRAPHS[0], cut))
    assert article.body_text == f"{PARAGRAPHS[0]}\n\n{cut}"
    assert article.tags == []


def test_a_footer_in_one_line_is_no_part_of_the_last_comment() -> None:
    comments = ("Comments (1)", "Sign in to comment", "  • Pim Ostler 2 months ago", "A warm room.")
    page = read(
        *HEAD, BYLINE, *PARAGRAPHS, *ABOUT, *comments, " ".join((*FOOTER[:2], "Explore Contact", FOOTER[2]))
    )
    assert [each.body_text for each in page.comments] == ["A warm room."]
    assert article_of(page).rights_line == FOOTER[2]
