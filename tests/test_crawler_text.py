"""A page's plain text, as a reader copies it, gives every field that is printed and None for the rest."""

import textwrap
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import PageLayoutChanged
from crawler.platforms import read_page
from crawler.platforms.base import Page, PageInput
from crawler.platforms.vocal.text import is_vocal_text, read_text
from crawler.reading.markup import html_to_text
from crawler.records import ArticleRecord

TEXTS = Path(__file__).parent / "texts"
SEEN_AT = datetime(2026, 11, 23, 20, tzinfo=UTC)
BODY_STARTS = (
    "The old rye of Harrow Fen",
    "By now three fields",
    "Long straw",
    "Nobody can say",
    "The moral",
)

# Sections of the twin, each a text between empty lines; what drops out with each, by field.
TWIN = (TEXTS / "twin.txt").read_text(encoding="utf-8")
SECTIONS = {
    "community": "Feast logo",
    "dek": "When Patience Is the Only Ingredient Left",
    "byline": "By Marisol QuennellPublished 7 months ago 3 min read",
    "tags": "recipefarm to tablehistory",
    "about": TWIN[TWIN.index("About the Creator") : TWIN.index("Reader insights")].strip(),
    "insights": TWIN[TWIN.index("Reader insights") : TWIN.index("Comments (1)")].strip(),
    "comments": TWIN[TWIN.index("Comments (1)") : TWIN.index("Find us")].strip(),
    "footer": TWIN[TWIN.index("Find us") :].strip(),
}


def read(text: str, *, url: str | None = None, known_tags: tuple[str, ...] = ()) -> Page:
    return read_text(PageInput(url, SEEN_AT, "text/plain", text, known_tags))


def read_file(name: str) -> Page:
    return read((TEXTS / f"{name}.txt").read_text(encoding="utf-8"))


def article_of(page: Page) -> ArticleRecord:
    assert page.kind == "article"
    assert page.article is not None
    return page.article


def told(page: Page) -> dict[str, object]:
    """Return what a page says, by section of the twin."""
    article = article_of(page)
    return {
        "community": article.community and article.community.name,
        "headline": article.headline,
        "dek": article.dek,
        "byline": (article.byline, article.published_text, article.published_bounds, article.reading_minutes),
        "body": article.body_text,
        "tags": [tag.name for tag in article.tags],
        "about": [(author.name, author.bio_text, author.links) for author in page.authors],
        "insights": [(insight.kind, insight.label) for insight in article.insights],
        "comments": (
            article.comment_count,
            article.comments_complete,
            [(c.author_name, c.published_text, c.body_text, c.parent_id) for c in page.comments],
        ),
        "footer": article.rights_line,
    }


WHOLE = {
    "community": "Feast",
    "headline": "How a Village Bakery Brought Back the Rye That Winter Forgot",
    "dek": "When Patience Is the Only Ingredient Left",
    "byline": (
        "By Marisol Quennell",
        "7 months ago",
        (SEEN_AT - timedelta(days=225), SEEN_AT - timedelta(days=195)),
        3,
    ),
    "body": TWIN[TWIN.index("The old rye") : TWIN.index("recipefarm")].strip(),
    "tags": ["recipe", "farm to table", "history"],
    "about": [
        (
            "Marisol Quennell",
            "Baker's daughter @HarrowFen | Writes on bread & weather | Keeper of the village almanac\n\n"
            "Letters: https://quennell.example/letters/",
            ["https://quennell.example/letters/"],
        )
    ],
    "insights": [],
    "comments": (
        1,
        True,
        [("Tobias R Ferncastle", "7 months ago", "My aunt kept such a jar! Lovely piece", None)],
    ),
    "footer": "© 2026 Creatd, Inc. All Rights Reserved.",
}
ABSENT: dict[str, object] = {
    "community": None,
    "dek": None,
    "byline": (None, None, None, None),
    "tags": [],
    "about": [],
    "insights": [],
    "comments": (None, False, []),
    "footer": None,
}


def test_the_twin_of_the_seed_page_gives_every_field() -> None:
    page = read(TWIN)
    article = article_of(page)
    assert told(page) == WHOLE
    assert [author.name for author in article.authors] == ["Marisol Quennell"]
    assert article.published_at == SEEN_AT - timedelta(days=210)
    assert article.body_html.count("<p>") == 5
    assert article.word_count == len(article.body_text.split())
    assert (article.url, article.canonical_url, article.hero, article.like_count) == (None, None, None, None)
    assert page.warnings == ()
    assert page.authors[0].bio_html == (
        "<p>Baker's daughter @HarrowFen | Writes on bread &amp; weather | Keeper of the village almanac</p>"
        '<p>Letters: <a href="https://quennell.example/letters/">https://quennell.example/letters/</a></p>'
    )
    assert page.comments[0].published_bounds == article.published_bounds
    assert page.missing == {
        "url": "a copied text has no address",
        "modified_at": "not printed",
        "hero": "not printed",
        "like_count": "not printed",
    }


def test_an_address_tells_canonical_address_and_community() -> None:
    page = read(TWIN, url="https://vocal.media/feast/how-a-village-bakery?via=tobias")
    article = article_of(page)
    assert article.canonical_url == "https://vocal.media/feast/how-a-village-bakery"
    assert article.community is not None
    assert (article.community.name, article.community.url) == ("Feast", "https://vocal.media/feast")
    assert page.comments[0].article_url == article.canonical_url
    assert "url" not in page.missing


def with_dropped(names: set[str]) -> str:
    text = TWIN
    for name in names:
        text = text.replace(SECTIONS[name], "")
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip() + "\n"


def rewrap(text: str, width: int) -> str:
    return "\n\n".join(textwrap.fill(part, width) for part in text.split("\n\n"))


def fold_lines(text: str, width: int) -> str:
    """Wrap each line by itself, as ``fold -s`` and mail programs do."""
    lines = [
        textwrap.fill(line, width, break_on_hyphens=False, break_long_words=False)
        for line in text.split("\n")
    ]
    return "\n".join(lines)


DRESSES = {
    "windows": lambda text: text.replace("\n", "\r\n"),
    "old mac": lambda text: text.replace("\n", "\r"),
    "byte order mark": lambda text: "\ufeff" + text,
    "no-break blanks": lambda text: text.replace(" ", "\u00a0"),
    "trailing blanks": lambda text: text.replace("\n", "  \n"),
    "tabs": lambda text: text.replace("  • ", "\t•\t"),
    "stars": lambda text: text.replace("  • ", "* "),
    "dashes": lambda text: text.replace("  • ", "- "),
    "numbers": lambda text: text.replace("  • ", "1. "),
    "no bullets": lambda text: text.replace("  • ", ""),
    "no indentation": lambda text: "\n".join(line.strip() for line in text.split("\n")),
    "single line ends": lambda text: text.replace("\n\n", "\n"),
    "wide gaps": lambda text: text.replace("\n\n", "\n\n\n\n"),
    "72 columns": lambda text: rewrap(text, 72),
    "80 columns": lambda text: rewrap(text, 80),
    "72 columns, by line": lambda text: fold_lines(text, 72),
    "zero-width": lambda text: text.replace("About", "\u200bAbout"),
    "bullets in the byline": lambda text: text.replace(" ago 3 min", " ago • 3 min"),
    "mis-decoded bullets": lambda text: text.replace(" ago 3 min", " ago β€’ 3 min"),
    "byline in pieces": lambda text: text.replace(
        "QuennellPublished 7 months ago 3", "Quennell\nPublished 7 months ago\n3"
    ),
    "blank before Published": lambda text: text.replace("QuennellPublished", "Quennell Published"),
    "comment in pieces": lambda text: text.replace("Ferncastle 7 months", "Ferncastle\n7 months"),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_the_same_page_in_another_dress_gives_the_same_fields(dress: str) -> None:
    text = DRESSES[dress](TWIN)
    assert text != TWIN
    assert told(read(text)) == WHOLE


@pytest.mark.parametrize("width", [60, 66, 72, 76, 80, 90, 100])
def test_any_usual_width_of_wrapping_is_undone(width: int) -> None:
    assert told(read(rewrap(TWIN, width))) == WHOLE
    assert told(read(fold_lines(TWIN, width))) == WHOLE


def test_balanced_rows_are_joined() -> None:
    """The twin as ``fmt -w 72`` prints it."""
    assert told(read_file("twin_balanced")) == WHOLE


def test_a_mail_quote_is_read_without_its_marks() -> None:
    assert told(read("".join(f"> {line}\n" for line in TWIN.splitlines()))) == WHOLE


VERSE = """I have been told that the river keeps a ledger of everyone
who crosses it,
and that on windy evenings, when the ferry is late, you can hear
the pages turning under the water, slowly,
one by one by one,
until the whole long account of the town has been read out loud
and nobody is left who owes the river anything,
and the ferry comes, and it is empty,
and we get in"""


def test_long_verse_is_not_taken_for_wrapped_prose() -> None:
    text = (TEXTS / "poem.txt").read_text(encoding="utf-8")
    start, end = text.index("I came here"), text.index("nature poetryfor")
    article = article_of(read(text[:start] + VERSE + "\n\n" + text[end:]))
    assert article.body_text == VERSE
    assert article.body_html == "<p>" + VERSE.replace("\n", "<br>") + "</p>"


def test_html_and_text_of_a_body_say_the_same() -> None:
    lists = "Three things:\n\n  • a jar\n  • a label\n  • patience\n\nIn order:\n\n1. first\n2. second\n\n- No, she said."
    article = article_of(read(TWIN.replace("Long straw has", f"{lists}\n\nLong straw has")))
    assert "<ul><li>a jar</li><li>a label</li><li>patience</li></ul>" in article.body_html
    assert "<ol><li>first</li><li>second</li></ol><p>- No, she said.</p>" in article.body_html
    assert html_to_text(article.body_html) == article.body_text


@pytest.mark.parametrize("name", SECTIONS)
def test_an_absent_section_is_none_with_a_reason_and_changes_nothing_else(name: str) -> None:
    page = read(with_dropped({name}))
    assert told(page) == {**WHOLE, name: ABSENT[name]}
    reasons = {"byline": "published_at", "comments": "comment_count", "footer": "rights_line"}
    if name in ("community", "dek", "byline", "tags", "comments", "footer"):
        assert page.missing[reasons.get(name, name)]


@settings(max_examples=60)
@given(
    dropped=st.sets(st.sampled_from(sorted(set(SECTIONS) - {"byline"}))),
    dress=st.sampled_from(
        ["windows", "72 columns", "80 columns", "stars", "no indentation", "wide gaps", "tabs"]
    ),
)
def test_any_sections_may_be_absent_in_any_dress(dropped: set[str], dress: str) -> None:
    is_followed = {"about", "insights", "comments"} - dropped
    expected = {**WHOLE, **{name: ABSENT[name] for name in dropped}}
    page = read(DRESSES[dress](with_dropped(dropped)))
    assert told(page) == expected, (dropped, bool(is_followed))


@settings(max_examples=40)
@given(dropped=st.sets(st.sampled_from(["community", "tags", "insights", "comments", "footer"])))
def test_without_a_byline_the_author_block_tells_who_wrote_it(dropped: set[str]) -> None:
    page = read(with_dropped(dropped | {"byline"}))
    expected = {**WHOLE, **{name: ABSENT[name] for name in dropped | {"byline"}}}
    assert told(page) == expected
    assert [author.name for author in article_of(page).authors] == ["Marisol Quennell"]


def test_a_page_with_everything_and_labels_quoted_everywhere() -> None:
    page = read_file("discussion")
    article = article_of(page)
    assert article.byline == "By Ilse @ Vocal - Published Poet 🐚"
    assert (article.published_text, article.modified_text) == ("about a year ago", "3 months ago")
    assert (article.reading_minutes, article.like_count, article.comment_count) == (6, 16, 4)
    assert article.badges == ["Top Story - October 2025"]
    assert article.hero is not None
    assert article.hero.model_dump() == {
        "url": None,
        "alt": "The Night the Lighthouse Keeper Counted Eels",
        "caption": "Photo by Bram Osterhuis on Unsplash",
        "credit": "Bram Osterhuis",
    }
    assert article.body_text.startswith("On the last night of October")
    assert article.body_text.endswith("closed the book.")
    for quoted in (
        "Comments (3)",
        "By Jonas Wale Published 3 years ago",
        "About the Creator",
        "Reader insights",
    ):
        assert quoted in article.body_text
    assert [tag.name for tag in article.tags] == ["Humor", "Microfiction", "Fan Fiction"]
    assert page.authors[0].bio_text == (
        "Poems from the coast.\n\nSecond paragraph of a short life.\n\n"
        "https://coast.example/ilse and https://coast.example/eels."
    )
    assert page.authors[0].links == ["https://coast.example/ilse", "https://coast.example/eels"]


DISCUSSION = (TEXTS / "discussion.txt").read_text(encoding="utf-8")
TRUE_ABOUT = DISCUSSION.index("About the Creator\n\nIlse")
TRUE_INSIGHTS = DISCUSSION.index("Reader insights\n\nOutstanding")
TRUE_COMMENTS = DISCUSSION.index("Comments (4)")
PARTS = {
    "about": DISCUSSION[TRUE_ABOUT:TRUE_INSIGHTS],
    "insights": DISCUSSION[TRUE_INSIGHTS:TRUE_COMMENTS],
    "comments": DISCUSSION[TRUE_COMMENTS : DISCUSSION.index("Find us")],
    "footer": DISCUSSION[DISCUSSION.index("Find us") :],
}


@settings(max_examples=40)
@given(dropped=st.sets(st.sampled_from(sorted(PARTS))), wrapped=st.booleans())
def test_quoted_labels_are_body_whatever_true_sections_are_absent(dropped: set[str], wrapped: bool) -> None:
    text = DISCUSSION
    for name in dropped:
        text = text.replace(PARTS[name], "")
    page = read(rewrap(text, 72) if wrapped else text)
    article = article_of(page)
    whole = read(DISCUSSION)
    assert article.body_text == article_of(whole).body_text
    assert [tag.name for tag in article.tags] == ["Humor", "Microfiction", "Fan Fiction"]
    assert len(page.authors) == ("about" not in dropped)
    assert len(article.insights) == (0 if "insights" in dropped else 4)
    assert article.comment_count == (None if "comments" in dropped else 4)
    assert len(page.comments) == (0 if "comments" in dropped else 4)
    assert (article.rights_line is None) == ("footer" in dropped)


def test_filled_insights_are_a_rating_and_two_lists() -> None:
    insights = article_of(read_file("discussion")).insights
    assert [(insight.kind, insight.label, insight.explanation) for insight in insights] == [
        ("rating", "Outstanding", "Excellent work. Looking forward to reading more!"),
        ("top_insight", "Compelling and original writing", "Creative use of language & vocab"),
        ("top_insight", "Easy to read and follow", "Well-structured & engaging content"),
        ("top_insight", "Heartfelt and relatable", "The story invoked strong personal emotions"),
    ]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Nice Work", ("Nice Work", None)),
        (
            "Very well written. Keep up the good work!",
            ("Nice Work", "Very well written. Keep up the good work!"),
        ),
        ("Somebody new judges", ("Somebody new judges", None)),
    ],
)
def test_a_rating_may_be_a_name_or_a_sentence(printed: str, expected: tuple[str, str | None]) -> None:
    text = TWIN.replace("Be the first to share your insights about this piece.", printed)
    insights = article_of(read(text)).insights
    assert [(i.kind, i.label, i.explanation) for i in insights] == [("rating", *expected)]


def test_insights_without_numbers_or_on_one_line() -> None:
    listed = (
        "Top insights\n\nEye opening\n\nNiche topic & fresh perspectives\n\n1. Excellent storytelling (3) "
    )
    text = TWIN.replace(
        "Be the first to share your insights about this piece.", listed.split("1. ", maxsplit=1)[0]
    )
    assert [(i.label, i.explanation) for i in article_of(read(text)).insights] == [
        ("Eye opening", "Niche topic & fresh perspectives")
    ]
    glued = "Top insights\n\n1. Easy to read and follow Well-structured & engaging content\n\n2. Kind (3)"
    text = TWIN.replace("Be the first to share your insights about this piece.", glued)
    assert [(i.label, i.explanation, i.count) for i in article_of(read(text)).insights] == [
        ("Easy to read and follow", "Well-structured & engaging content", None),
        ("Kind", None, 3),
    ]


def test_comments_keep_paragraphs_replies_and_quoted_labels() -> None:
    page = read_file("discussion")
    comments = page.comments
    assert [c.author_name for c in comments] == [
        "Perpetua Lind",
        "Ilse @ Vocal - Published Poet 🐚",
        "Perpetua Lind",
        "Comments (3)",
    ]
    assert comments[0].body_text == "I stopped at the weir.\n\nIs there a second part?"
    assert comments[0].body_html == "<p>I stopped at the weir.</p><p>Is there a second part?</p>"
    assert [c.parent_id for c in comments] == [None, comments[0].platform_id, comments[1].platform_id, None]
    assert [c.position for c in comments] == [0, 1, 2, 3]
    assert len({c.platform_id for c in comments}) == 4
    assert comments[3].body_text == "About the Creator"
    assert article_of(page).comments_complete


def test_fewer_comments_than_printed_are_not_complete() -> None:
    page = read(TWIN.replace("Comments (1)", "Comments (12)"))
    assert article_of(page).comment_count == 12
    assert not article_of(page).comments_complete
    assert page.warnings == ("1 of 12 comments are in the text",)


def test_a_removed_comment_has_no_body() -> None:
    page = read(TWIN.replace("My aunt kept such a jar! Lovely piece", "This comment has been deleted."))
    assert [(c.state, c.body_text, c.body_html) for c in page.comments] == [("removed", "", "")]


def test_a_poem_keeps_its_lines_and_no_comments_is_a_count() -> None:
    page = read_file("poem")
    article = article_of(page)
    assert article.body_text.split("\n\n")[6:8] == ["while I,", "since the morning,"]
    assert [tag.name for tag in article.tags] == ["nature poetry", "for fun"]
    assert (article.comment_count, article.comments_complete) == (0, True)
    assert [author.name for author in article.authors] == ["Nell Oakleaf"]
    assert page.authors == []
    assert article.hero is not None
    assert article.hero.credit == "Ruta Vance"


def test_verse_without_empty_lines_is_a_stanza() -> None:
    text = (TEXTS / "poem.txt").read_text(encoding="utf-8")
    start, end = text.index("I came here"), text.index("nature poetryfor")
    stanzas = text[start:end].strip().replace("\n\n", "\n").replace("absurd.\n", "absurd.\n\n")
    article = article_of(read(text[:start] + stanzas + "\n\n" + text[end:]))
    assert article.body_html.count("<p>") == 2
    assert article.body_html.startswith("<p>I came here on foot,<br>if foot is the word,<br>")


def test_the_layout_of_2021_has_the_standfirst_under_the_byline() -> None:
    page = read_file("era2")
    article = article_of(page)
    assert (article.headline, article.dek) == (
        "Nine Bridges Before Breakfast",
        "A walk that was meant to be shorter",
    )
    assert (article.byline, article.published_text, article.modified_text) == (
        "by Casimir Dole",
        "2 years ago",
        "about a year ago",
    )
    assert [tag.name for tag in article.tags] == ["solo travel", "bucket list"]
    assert article.hero is not None
    assert (article.hero.caption, article.hero.credit) == ("Photo by Casimir Dole", "Casimir Dole")
    assert article.body_text.startswith("The first bridge of Ansel")
    assert page.authors[0].bio_text == "I walk. Then I write it down."


@pytest.mark.parametrize(
    ("name", "headline", "dek", "authors"),
    [
        ("era1", "Kettle Song", "Morning in Four Parts", ["Wanda Ricketts"]),
        ("era0", "The Lamp Across the River", "A Small Poem", []),
    ],
)
def test_the_oldest_layouts_have_no_byline(name: str, headline: str, dek: str, authors: list[str]) -> None:
    page = read_file(name)
    article = article_of(page)
    assert (article.headline, article.dek, article.byline) == (headline, dek, None)
    assert [author.name for author in article.authors] == authors
    assert article.community is not None
    assert article.community.name == "Poets"
    assert "Now Reading" not in article.body_text
    assert "Vocal" not in article.body_text
    assert page.missing["byline"] == "not printed"


@pytest.mark.parametrize(
    ("line", "byline", "published", "updated", "minutes"),
    [
        ("By Published AuthorPublished 3 days ago 2 min read", "By Published Author", "3 days ago", None, 2),
        ("By Anna LindPublished a day ago", "By Anna Lind", "a day ago", None, None),
        ("By X Æ 🐚Published about an hour ago 12 min read", "By X Æ 🐚", "about an hour ago", None, 12),
        (
            "By Mo @ VocalPublished 2 years ago Updated a day ago 1 min read",
            "By Mo @ Vocal",
            "2 years ago",
            "a day ago",
            1,
        ),
        (
            "By A - B Published 5 years ago β€’ Updated 2 years ago β€’ 4 min read",
            "By A - B",
            "5 years ago",
            "2 years ago",
            4,
        ),
        ("By Room 101Published 4 months ago 3 min read", "By Room 101", "4 months ago", None, 3),
        ("By Ed TellPublished March 3, 2024 3 min read", "By Ed Tell", "March 3, 2024", None, 3),
    ],
)
def test_bylines(line: str, byline: str, published: str, updated: str | None, minutes: int | None) -> None:
    article = article_of(read(TWIN.replace(SECTIONS["byline"], line)))
    assert (article.byline, article.published_text, article.modified_text, article.reading_minutes) == (
        byline,
        published,
        updated,
        minutes,
    )
    assert [author.name for author in article.authors] == [byline[3:]]


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("Photo by Ada Rue on Unsplash", "Ada Rue"),
        ("Photo by Ada Rue from Pexels", "Ada Rue"),
        ("Base photo by Ada Rue on Unsplash", "Ada Rue"),
        ("Ada Rue L.N. - Unsplash", "Ada Rue L.N."),
        ("Image: Photo by cottonwood studio of Pexels", "cottonwood studio"),
        ("The author, in better light", None),
        ("https://pictures.example/rye.jpg", None),
    ],
)
def test_captions_under_the_byline(caption: str, credit: str | None) -> None:
    article = article_of(read(TWIN.replace("3 min read\n", f"3 min read\n{caption}\n")))
    assert article.hero is not None
    assert (article.hero.alt, article.hero.caption, article.hero.credit) == (None, caption, credit)
    assert article.body_text == WHOLE["body"]


@pytest.mark.parametrize(
    "opening", ["1", "The photo from my grandmother's kitchen shows nothing but a jar, a lamp and a window."]
)
def test_a_first_paragraph_is_no_like_and_no_caption(opening: str) -> None:
    article = article_of(read(TWIN.replace("3 min read\n", f"3 min read\n\n{opening}\n")))
    assert (article.like_count, article.hero) == (None, None)
    assert article.body_text == f"{opening}\n\n{WHOLE['body']}"


def test_one_like_above_a_picture_is_a_count() -> None:
    article = article_of(
        read(TWIN.replace("3 min read\n", "3 min read\n\n1\n\nPhoto by Ada Rue on Unsplash\n"))
    )
    assert article.like_count == 1
    assert article.body_text == WHOLE["body"]


def test_a_byline_quoted_in_a_body_is_not_the_page_s_own() -> None:
    quoted = "By Jonas Wale Published 3 years ago"
    text = with_dropped({"byline"}).replace(BODY_STARTS[1], f"{quoted}\n\n{BODY_STARTS[1]}")
    article = article_of(read(text))
    assert (article.byline, article.published_at) == (None, None)
    assert [author.name for author in article.authors] == ["Marisol Quennell"]
    assert quoted in article.body_text


def test_a_name_printed_above_the_byline_is_no_standfirst() -> None:
    assert told(read(TWIN.replace("By Marisol", "Marisol Quennell\n\nBy Marisol"))) == WHOLE


def test_a_lone_like_is_no_count_and_no_body() -> None:
    article = article_of(read(TWIN.replace("3 min read\n", "3 min read\n\nLike\n")))
    assert article.like_count is None
    assert article.body_text == WHOLE["body"]


def test_a_lost_headline_is_found_in_the_picture_that_repeats_it() -> None:
    text = (TEXTS / "poem.txt").read_text(encoding="utf-8")
    article = article_of(read(text.replace("What the Snail Said to the Gate\n\n", "", 1)))
    assert (article.headline, article.dek) == ("What the Snail Said to the Gate", "A slow poem")


def test_the_address_tells_the_headline_from_what_stands_above_it() -> None:
    text = "Explore\n\n" + with_dropped({"community"})
    slug = "how-a-village-bakery-brought-back-the-rye-that-winter-forgot"
    page = read(text, url=f"https://vocal.media/feast/{slug}")
    assert article_of(page).headline == WHOLE["headline"]


@pytest.mark.parametrize("lost", ["headline", "body"])
def test_a_story_without_headline_or_body_is_an_error(lost: str) -> None:
    text = with_dropped({"dek"}).replace(str(WHOLE[lost]) + "\n", "")
    with pytest.raises(PageLayoutChanged, match=f"no {lost}"):
        read(text.replace("recipefarm to tablehistory\n", ""))


def test_unknown_tags_are_one_tag_with_a_warning_and_known_ones_help() -> None:
    text = TWIN.replace("recipefarm to tablehistory", "rye revivalbread ovens")
    page = read(text)
    assert [tag.name for tag in article_of(page).tags] == ["rye revivalbread ovens"]
    assert page.warnings == ("tags printed without separator, kept as one: no split into known tags",)
    page = read(text, known_tags=("Rye Revival", "bread ovens"))
    assert [tag.name for tag in article_of(page).tags] == ["rye revival", "bread ovens"]
    assert page.warnings == ()


def test_a_last_line_that_may_be_verse_is_body() -> None:
    text = (TEXTS / "poem.txt").read_text(encoding="utf-8").replace("nature poetryfor fun\n\n", "")
    page = read(text.replace("have conquered the wall.", "have conquered the wall"))
    assert article_of(page).tags == []
    assert article_of(page).body_text.endswith("have conquered the wall")
    assert page.missing["tags"] == "ambiguous: the last line may be tags or body"


def test_markup_in_a_text_is_text() -> None:
    page = read(TWIN.replace("Long straw", "<script>alert(1)</script> & long straw"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; long" in article_of(page).body_html


@pytest.mark.parametrize(
    ("name", "kind"),
    [("list", "list"), ("login", "login_wall"), ("error", "error"), ("shopping", "unknown")],
)
def test_what_is_no_story_is_never_an_article(name: str, kind: str) -> None:
    page = read_file(name)
    assert (page.kind, page.article) == (kind, None)
    assert page.missing["article"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t\r\n",
        "\ufeff",
        "\x00\x01\x02binary\x00",
        "\ufffd" * 50,
        "One line.",
        "word " * 400_000,
        "\n" * 100_000,
    ],
)
def test_nothing_readable_is_unknown(text: str) -> None:
    page = read(text)
    assert (page.kind, page.article) == ("unknown", None)


def test_an_unmarked_text_is_an_article_only_by_request() -> None:
    text = (TEXTS / "unmarked.txt").read_text(encoding="utf-8")
    assert not is_vocal_text(text)
    page = read(text)
    assert article_of(page).headline == "A Field Guide to Borrowed Umbrellas"
    assert article_of(page).dek == "Notes from a wet year"


def test_the_public_way_in_knows_text_from_pages() -> None:
    page = read_page(TWIN.encode("utf-16"), None, seen_at=SEEN_AT)
    assert (page.platform, told(page)) == ("vocal", WHOLE)
    unmarked = (TEXTS / "unmarked.txt").read_bytes()
    assert read_page(unmarked, None, seen_at=SEEN_AT).kind == "unknown"
    assert read_page(unmarked, None, seen_at=SEEN_AT, platform="vocal").kind == "article"
    for name in ("shopping", "login", "error"):
        page = read_page((TEXTS / f"{name}.txt").read_bytes(), None, seen_at=SEEN_AT)
        assert page.article is None


@pytest.mark.parametrize("name", ["twin", "discussion", "poem", "era2", "era1", "era0", "list"])
def test_marks_of_the_platform_are_recognized(name: str) -> None:
    assert is_vocal_text((TEXTS / f"{name}.txt").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "tail",
    [
        "About the author\n\nJo Lee",
        "Comments\n\nBe the first to comment",
        "By Jo Lee 3 days ago",
        "© 2026 Press",
    ],
)
def test_words_of_any_site_are_no_mark(tail: str) -> None:
    text = (TEXTS / "unmarked.txt").read_text(encoding="utf-8")
    assert not is_vocal_text(f"{text}\n{tail}\n")


@pytest.mark.parametrize("name", ["shopping", "unmarked", "error"])
def test_texts_without_marks_are_not_recognized(name: str) -> None:
    assert not is_vocal_text((TEXTS / f"{name}.txt").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [name for name in SECTIONS if name not in ("dek", "tags", "footer")])
def test_one_mark_is_enough(name: str) -> None:
    rest = with_dropped(set(SECTIONS) - {name})
    assert is_vocal_text(rest)


HOSTILE = {
    "one line": "a" * 5_000_000,
    "one line of words": "ab " * 1_500_000,
    "lines": "a\n" * 300_000,
    "a million empty lines": "\n" * 1_000_000,
    "labels": "Comments (1)\nAbout the Creator\nReader insights\n" * 30_000,
    "comment heads": TWIN.replace("  • Tobias", "  • Tobias 7 months ago\n\n    x\n" * 20_000 + "  • Tobias"),
    "deep replies": "".join(f"{' ' * n}• Ann {n} 2 days ago\n\n{' ' * n}x\n\n" for n in range(400)),
    "Published": TWIN.replace("Published", "Published " * 100_000),
    "digits": TWIN.replace("7 months", "7" * 1_000_000 + " months"),
    "quotes": "By " + "a ago " * 500_000,
    "wrapped": ("word " * 14 + "\n") * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_take_linear_time(name: str) -> None:
    started = time.process_time()
    for text in (HOSTILE[name], TWIN + HOSTILE[name]):
        try:
            read(text)
        except PageLayoutChanged:
            continue
    assert time.process_time() - started < 20
