"""The forms in which a page's text arrives: under navigation, in mails, from text browsers, as Markdown, wrapped."""

import textwrap
from datetime import UTC, datetime

import pytest

from crawler.errors import PageLayoutChanged
from crawler.platforms import read_page
from crawler.platforms.base import Page
from crawler.records import ArticleRecord

SEEN_AT = datetime(2026, 11, 23, 20, tzinfo=UTC)
TITLE, DEK = "The Ferry That Ran on Tuesdays", "Notes from a landing stage"
BYLINE = "By Ilse BrandtPublished 3 days ago4 min read"
BODY = (
    "The ferry to Skarne Island left on Tuesdays, and on no other day, for as long as anybody could remember.",
    "On the other days the captain mended nets. He said that a boat wants rest as much as a horse does.",
)
ABOUT = ("About the Creator", "Ilse Brandt", "Ilse writes down what boats do.")
COMMENTS = (
    "Comments (2)", "Sign in to comment", "• Nils Voss 2 days ago", "  I took that boat.",
    "  ◦ Ilse Brandt a day ago", "    So you know the captain.",
)  # fmt: skip
FOOTER = ("Find us on social media", "Miscellaneous links", "© 2026 Creatd, Inc. All Rights Reserved.")
STORY = (TITLE, DEK, BYLINE, *BODY, *ABOUT)
TEXT = "\n\n".join((*STORY, *COMMENTS, *FOOTER))


def read(text: str, url: str | None = None) -> Page:
    return read_page(text, url, seen_at=SEEN_AT, headers={"content-type": "text/plain; charset=utf-8"})


def article_of(page: Page) -> ArticleRecord:
    assert page.article is not None
    return page.article


def told(text: str) -> dict[str, object]:
    """Return what a reader sees of a copy, by field."""
    page = read(text)
    article = article_of(page)
    ids = [comment.platform_id for comment in page.comments]
    return {
        "head": (article.headline, article.dek, article.published_text, article.reading_minutes),
        "authors": [author.name for author in article.authors],
        "body": article.body_text,
        "tags": [tag.name for tag in article.tags],
        "bio": [author.bio_text for author in page.authors],
        "count": article.comment_count,
        "comments": [(each.author_name, each.published_text, each.body_text) for each in page.comments],
        "parents": [ids.index(each.parent_id) if each.parent_id else None for each in page.comments],
    }


WHOLE = {
    "head": (TITLE, DEK, "3 days ago", 4),
    "authors": ["Ilse Brandt"],
    "body": "\n\n".join(BODY),
    "tags": [],
    "bio": ["Ilse writes down what boats do."],
    "count": 2,
    "comments": [
        ("Nils Voss", "2 days ago", "I took that boat."),
        ("Ilse Brandt", "a day ago", "So you know the captain."),
    ],
    "parents": [None, 0],
}
MAIL = "From: Ann Reader <ann@example.org>\nDate: Tue, 24 Nov 2026 at 09:12\nSubject: read this\nTo: <bo@example.org>"
ABOVE = {
    "a menu": ("Home", "Search", "Log in", "Menu", "Explore"),
    "a word nobody knows": ("Home", "Search", "Log in", "Menu", "Vocal Weekly"),
    "a name and a count": ("Home", "Search", "Create", "Notifications", "Ann Reader", "3"),
    "a forwarded mail": (f"---------- Forwarded message ---------\n{MAIL}",),
    "a forwarded mail of another program": ("Begin forwarded message:", MAIL),
    "a note": ("Hi Bo,", "you will like this.", "See you,", "Ann"),
    "a long note": (
        "Hi Bo,",
        "this is the story of which I told you when we met last week at the harbor, and I like it a lot.",
        "See you soon,",
        "your Ann",
        "PS: read the comments too.",
    ),
}


def test_a_plain_copy_gives_every_field() -> None:
    assert told(TEXT) == WHOLE


@pytest.mark.parametrize("above", ABOVE.values(), ids=ABOVE)
@pytest.mark.parametrize("glue", ["\n\n", "\n"])
def test_what_is_copied_above_a_story_is_no_part_of_it(above: tuple[str, ...], glue: str) -> None:
    assert told(glue.join(above) + "\n\n" + TEXT) == WHOLE


@pytest.mark.parametrize("above", ["Explore", "Vocal Weekly", "Ann Reader"])
def test_an_address_tells_the_headline_under_a_menu(above: str) -> None:
    lines = ("Home", "Search", "Log in", "Menu", above, TITLE, BYLINE, *BODY, *ABOUT)
    article = article_of(read("\n\n".join(lines), "https://vocal.media/earth/the-ferry-that-ran-on-tuesdays"))
    assert (article.headline, article.dek) == (TITLE, None)


@pytest.mark.parametrize("title", ["Explore", "Home", "Notifications", "Search"])
def test_a_headline_may_be_a_word_of_the_menu(title: str) -> None:
    article = article_of(read("\n\n".join((title, BYLINE, *BODY, *ABOUT))))
    assert (article.headline, article.dek) == (title, None)


def test_a_quoted_byline_far_below_is_not_the_pages() -> None:
    lines = (
        TITLE,
        *BODY * 3,
        "The Baker's Almanac",
        "By Jo LindqvistPublished 2 years ago 3 min read",
        *BODY,
    )
    article = article_of(read("\n\n".join((*lines, "About the Creator", "Ilse Brandt", "She writes."))))
    assert article.headline == TITLE
    assert BODY[0] in article.body_text


def quoted(text: str, mark: str = "> ") -> str:
    return "\n".join((mark + row).rstrip() for row in text.split("\n"))


WROTE = "On Tue, Nov 24, 2026 at 9:12 AM Ann <ann@example.org> wrote:"
MAILS = {
    "all": quoted(TEXT),
    "with a bar": quoted(TEXT, "| "),
    "without blanks": quoted(TEXT, ">"),
    "under its head": f"{WROTE}\n\n{quoted(TEXT)}",
    "under a note": f"Hi Bo,\n\nyou will like this one.\n\n{WROTE}\n\n{quoted(TEXT)}",
    "above a signature": f"{quoted(TEXT)}\n\n-- \nBo\nSent from my phone\n",
    "twice": quoted(quoted(TEXT)),
    "twice without blanks": quoted(TEXT, ">> "),
    "twice with both heads": f"{WROTE}\n\n{quoted(f'{WROTE}{chr(10)}{chr(10)}{quoted(TEXT)}')}",
}


@pytest.mark.parametrize("text", MAILS.values(), ids=MAILS)
def test_a_mail_that_quotes_a_story_is_the_story(text: str) -> None:
    assert told(text) == WHOLE


def test_quotes_in_a_story_are_its_own() -> None:
    lines = [f"> go {way}" for way in ("north", "south", "east", "west")] * 12
    article = article_of(read("\n".join((TITLE, DEK, BYLINE, BODY[0], *lines, *ABOUT))))
    assert "> go north" in article.body_text
    assert article.headline == TITLE


def numbered(text: str) -> str:
    """Return a copy as a text browser prints it that numbers the links."""
    text = text.replace("By Ilse", "By [2]Ilse").replace("\nIlse Brandt\n", "\n[3]Ilse Brandt\n")
    text = text.replace("captain mended", "captain [1984] [4]mended").replace(
        FOOTER[1], f"{FOOTER[1]}\n\n[5]Explore"
    )
    return f"   Skip to content\n\n   [1]Earth logo\n\n{text}"


LISTED = "References\n\n   Visible links:\n" + "\n".join(
    f"   {n}. https://vocal.media/{word}" for n, word in enumerate(("earth", "authors/ilse", "explore"), 1)
)


@pytest.mark.parametrize("end", ["", f"\n\n{LISTED}", f"\n\n{LISTED.replace('   Visible links:', '')}"])
def test_numbers_of_links_are_no_part_of_a_story(end: str) -> None:
    body = WHOLE["body"]
    assert isinstance(body, str)
    expected = {**WHOLE, "body": body.replace("captain", "captain [1984]")}
    # The second link of the author is the fourth on the page, so numbers follow the order of the text.
    text = (
        numbered(TEXT)
        .replace("[3]Ilse", "[5]Ilse")
        .replace("[4]mended", "[3]mended")
        .replace("[5]Exp", "[6]Exp")
    )
    assert told(text + end) == expected


def test_notes_and_references_of_a_story_are_its_own() -> None:
    notes = ("It ran until 1931.[1] Then it did not.[2]", "References", "1. https://boats.example/a")
    body = article_of(read("\n\n".join((TITLE, DEK, BYLINE, *BODY, *notes)))).body_text
    assert "1931.[1]" in body
    assert "https://boats.example/a" in body


def test_addresses_in_brackets_beside_links_are_no_part_of_a_story() -> None:
    text = TEXT.replace("Ilse Brandt\n\nIlse", "Ilse Brandt <https://vocal.media/authors/ilse>\n\nIlse")
    text = text.replace("By Ilse Brandt", "By Ilse Brandt <https://vocal.media/authors/ilse>")
    text = text.replace("mended nets", "mended nets <https://nets.example/>")
    assert told(text.replace(FOOTER[1], f"{FOOTER[1]}\n\nExplore <https://vocal.media/explore>")) == WHOLE


def underlined(text: str) -> str:
    for part, sign in ((TITLE, "="), (DEK, "-"), (ABOUT[0], "-")):
        text = text.replace(f"{part}\n", f"{part}\n{sign * len(part)}\n", 1)
    return text


MARKDOWN = {
    "lines under headings": underlined(TEXT),
    "a longer line": underlined(TEXT).replace("=" * len(TITLE), "=" * 60),
    "a quote": underlined(TEXT).replace(BODY[1], f"> {BODY[1]}"),
    "a quote in two rows": TEXT.replace(BODY[1], "> " + BODY[1].replace("nets. ", "nets.\n> ")),
    "a broken link": underlined(TEXT).replace("mended nets", "[mended\nnets](https://nets.example/)"),
    "a linked logo": f"[![Earth\nlogo](https://img.example/e.png)](https://vocal.media/earth)\n\n# {TEXT}",
    "a linked logo in one row": f"[![Earth logo](https://img.example/e.png)](https://vocal.media/earth)\n\n# {TEXT}",
}


@pytest.mark.parametrize("name", MARKDOWN)
def test_markdown_of_other_programs_is_read_like_the_plain_text(name: str) -> None:
    expected = dict(WHOLE)
    if name == "a quote in two rows":
        expected["body"] = "\n\n".join(BODY).replace("nets. ", "nets.\n")
    assert told(MARKDOWN[name]) == expected


def test_markdown_wrapped_with_its_links_is_unwrapped() -> None:
    link = (
        "[the whole list of all the boats that ever went to the island](https://boats.example/the/whole/list)"
    )
    text = underlined(TEXT).replace("as long as anybody", f"as {link} long as anybody")
    wrapped = "\n".join(textwrap.fill(row, 72, break_on_hyphens=False) for row in text.split("\n"))
    body = WHOLE["body"]
    assert isinstance(body, str)
    assert told(wrapped) == {
        **WHOLE,
        "body": body.replace("as long as anybody", f"as {link[1 : link.index(']')]} long as anybody"),
    }


LABELS = {
    "count and sign-in glued": TEXT.replace("Comments (2)\n\nSign", "Comments (2)Sign"),
    "count and sign-in in a row": TEXT.replace("Comments (2)\n\nSign", "Comments (2) Sign"),
    "count below": TEXT.replace("Comments (2)", "Comments\n\n(2)"),
    "the first comment glued": TEXT.replace("comment\n\n• Nils", "commentNils").replace("  ◦ ", ""),
    "author glued": TEXT.replace("Creator\n\nIlse", "CreatorIlse"),
    "insights glued": TEXT.replace(
        "Comments (2)\n\n",
        "Reader insightsBe the first to share your insights about this piece.How does it work?Add your insights"
        "Comments (2)",
    ),
}


@pytest.mark.parametrize("name", LABELS)
def test_glued_and_broken_labels_are_labels(name: str) -> None:
    parents = [None, None] if name == "the first comment glued" else [None, 0]
    assert told(LABELS[name]) == {**WHOLE, "parents": parents}


SIGNED_IN = "Sign in to comment\n\n• Nils Voss 2 days ago"
ODD_ROWS = {
    "a comment in the row of the button": TEXT.replace(
        SIGNED_IN, "Sign in to comment * Nils Voss 2 days ago"
    ),
    "a comment's name in it": TEXT.replace(SIGNED_IN, "Sign in to comment • Nils Voss\n\n2 days ago"),
    "a label of insights with none": TEXT.replace("Comments (2)", "Reader insights\n\nComments (2)"),
    "a judgment of three rows": TEXT.replace(
        "Comments (2)", "Reader insights\n\nOutstanding\n\nExcellent work.\n\nAnd more.\n\nComments (2)"
    ),
    "a badge above the byline": f"Home\n\nSearch\n\nLog in\n\nMenu\n\n{TEXT}".replace(
        BYLINE, f"Top Story - October 2026\n\n{BYLINE}"
    ),
    "a mail passed on five times": quoted(quoted(quoted(quoted(quoted(TEXT))))),
    "a second logo": f"Vocal logo\n\nEarth logo\n\n{TEXT}",
    "likes below the story": TEXT.replace(ABOUT[0], f"16 likes\n\nLike\n\nShare\n\n{ABOUT[0]}"),
}


@pytest.mark.parametrize("name", ODD_ROWS)
def test_rows_in_odd_places_change_nothing(name: str) -> None:
    assert told(ODD_ROWS[name]) == WHOLE


@pytest.mark.parametrize("button", ["", "Like\n\n", "16\n\nLike\n\nShare\n\n"])
@pytest.mark.parametrize("tags", ["travel\n\nfamily\n\n", "travelfamily\n\n"])
def test_buttons_under_the_tags_are_none(tags: str, button: str) -> None:
    assert told(TEXT.replace(ABOUT[0], f"{tags}{button}{ABOUT[0]}")) == {
        **WHOLE,
        "tags": ["travel", "family"],
    }


@pytest.mark.parametrize(
    "words", ["That was long ago", "I left 2 days ago, or so; not yesterday, long ago", "Ago"]
)
def test_a_last_line_that_ends_with_ago_may_be_words(words: str) -> None:
    [first, _] = read(TEXT.replace("I took that boat.", f"I took that boat.\n\n  {words}")).comments
    assert first.body_text == f"I took that boat.\n\n{words}"


@pytest.mark.parametrize(
    "quote", ["By Ann Lee", "The Tide, Again,\n\nBy Ann Lee", "The Baker\n\nBy Ann Lee 2 years ago, not 3 years ago, was done"]
)  # fmt: skip
def test_a_line_that_begins_with_by_and_heads_no_story_is_the_authors(quote: str) -> None:
    body = f"{BODY[0]}\n\n{BODY[1]}\n\n{quote}"
    assert told(TEXT.replace(BODY[1], f"{BODY[1]}\n\n{quote}")) == {**WHOLE, "body": body}


def test_a_page_without_a_byline_may_have_its_standfirst_right_below_the_headline() -> None:
    article = article_of(read("\n\n".join((f"{TITLE}\n{DEK}", *BODY, *ABOUT, *COMMENTS, *FOOTER))))
    assert (article.headline, article.dek, article.body_text) == (TITLE, DEK, "\n\n".join(BODY))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Vocal logo\n\nTop Stories\n\nLatest Stories\n\nA Tide\n\n" + FOOTER[2], "list"),
        ("Latest Stories\n\nA Tide\n\nBy Ann Lee5 days ago in Fiction", "list"),
        ("\n\n".join(f"word {n}" for n in range(60)) + "\n\n" + FOOTER[2], "unknown"),
        ("", "unknown"),
        (" \n\n ", "unknown"),
    ],
)
def test_a_copy_that_is_no_story_is_told_as_what_it_is(text: str, kind: str) -> None:
    assert read(text, "https://vocal.media/fiction").kind == kind


@pytest.mark.parametrize("mark", ["◦", "○", "□", "▫", "o", "+", "-", "▪", "‣", "–"])
def test_any_bullet_may_stand_before_an_answer(mark: str) -> None:
    assert told(TEXT.replace("◦", mark)) == WHOLE


def test_a_letter_that_stands_in_is_a_word_outside_of_lists() -> None:
    verse = "\n".join((BODY[0], "", "  o sea, o sea,", "  o harbor light", "o home"))
    article = article_of(read("\n\n".join((TITLE, DEK, BYLINE, verse, *ABOUT))))
    assert article.body_text.endswith("o sea, o sea,\no harbor light\no home")


def test_brackets_around_a_picture_s_words_are_the_browsers() -> None:
    article = article_of(
        read(f"[Earth logo]\n\n{TEXT.replace(BYLINE, f'{BYLINE}{chr(10)}{chr(10)}[{TITLE}]')}")
    )
    assert (article.community and article.community.name, article.headline, article.dek) == (
        "Earth",
        TITLE,
        DEK,
    )
    assert article.hero is not None
    assert article.hero.alt == TITLE


def ended(*lines: str, glue: str = "\n\n") -> ArticleRecord:
    """Return the article of a page whose body has these lines at its end, or whose tags they are."""
    return article_of(read("\n\n".join((TITLE, DEK, BYLINE, *BODY, glue.join(lines), *ABOUT))))


@pytest.mark.parametrize("glue", ["\n\n", "\n"])
@pytest.mark.parametrize("bullet", ["", "• ", "* "])
@pytest.mark.parametrize(
    "tags",
    [
        ["Historical", "Short Story"],
        ["Shipwrights", "Family", "Humanity"],
        ["Family", "Friendship"],
        ["humor", "love"],
    ],
)
def test_tags_on_lines_of_their_own_are_tags(tags: list[str], bullet: str, glue: str) -> None:
    article = ended(*(f"{bullet}{tag}" for tag in tags), glue=glue)
    assert [tag.name for tag in article.tags] == tags
    assert article.body_text == WHOLE["body"]


@pytest.mark.parametrize(
    ("line", "tags"),
    [
        ("• Haiku", ["Haiku"]),
        ("Historical Short Story", ["Historical", "Short Story"]),
        ("Family Friendship Love", ["Family", "Friendship", "Love"]),
        ("Fan Fiction Horror Love", ["Fan Fiction", "Horror", "Love"]),
    ],
)
def test_tags_with_a_bullet_or_blanks_between_are_tags(line: str, tags: list[str]) -> None:
    article = ended(line)
    assert [tag.name for tag in article.tags] == tags
    assert article.body_text == WHOLE["body"]


@pytest.mark.parametrize(
    "lines",
    [
        ["Love, Mum"],
        ["Yours, Ann"],
        ["love, always"],
        ["With love, from me"],
        ["With love, Aunt May"],
        ["father, son, ghost"],
        ["I remain, yours"],
        ["Love Mum"],
        ["My Love Story"],
        ["Yours", "Ilse"],
        ["• Flour", "• Water", "• Salt"],
    ],
)
def test_the_last_words_of_a_body_are_not_taken_for_tags(lines: list[str]) -> None:
    article = ended(*lines)
    assert article.tags == []
    assert article.body_text.split("\n")[-1] == lines[-1].removeprefix("• ")


@pytest.mark.parametrize("lines", [["Ilse Brandt"], ["Ilse"], ["The End"], ["Flour", "Water", "Salt"]])
def test_a_signature_or_a_list_above_a_tag_is_body(lines: list[str]) -> None:
    article = ended(*lines, "Humor")
    assert [tag.name for tag in article.tags] == ["Humor"]
    assert article.body_text.endswith("\n\n".join(lines))


SHORT = "And so the captain had a day for nets."
CARDS = {
    "no title": ("By Rosa Lind",),
    "a date glued": ("By Rosa LindPublished 2 days ago",),
    "a date of the list": ("By Rosa Lind2 days ago in Feast",),
    "a date with minutes": ("By Rosa Lind • 2 days ago • 3 min read",),
}


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
@pytest.mark.parametrize(
    "below", [(BODY[1],), (SHORT,), ("The Nets", BODY[1])], ids=["long", "short", "heading"]
)
@pytest.mark.parametrize("titles", [(), ("The Bread of the Islands",)])
def test_the_byline_of_an_embedded_story_is_never_body(
    card: tuple[str, ...], below: tuple[str, ...], titles: tuple[str, ...]
) -> None:
    lines = (TITLE, DEK, BYLINE, BODY[0], *titles, *card, *below, "humor", *ABOUT)
    assert article_of(read("\n\n".join(lines))).body_text == "\n\n".join((BODY[0], *titles, *below))


def test_the_byline_of_a_story_embedded_last_is_no_body() -> None:
    article = ended("The Bread of the Islands", "By Rosa Lind", "humor")
    assert article.body_text.endswith("The Bread of the Islands")


@pytest.mark.parametrize(
    "lines",
    [
        ("“A boat wants rest as much as any horse.”", "By Rosa Lind", SHORT),
        ("The Sea Wall", "By Rosa Lind", "a wall keeps nothing", "but its own shadow"),
        ("The Sea Wall", "By Rosa Lind", "A wall keeps nothing.", "It keeps no shadow."),
        ("By then I had left that house, and 3 days ago",),
        ("By Rosa Lind, whom I met 2 days ago",),
        ("By Monday the nets were dry.", SHORT),
        ("By the Numbers", BODY[1]),
        ("By Popular Demand", BODY[1]),
        ("By Way of an Answer", BODY[1]),
        ("A Long Question", "By Boats in the Night", BODY[1]),
    ],
)
def test_a_line_that_begins_with_by_may_be_body(lines: tuple[str, ...]) -> None:
    text = "\n\n".join((TITLE, DEK, BYLINE, BODY[0], *lines, *ABOUT))
    assert article_of(read(text)).body_text == "\n\n".join((BODY[0], *lines))


BYLINES = {
    "in the date": "By Ilse BrandtPublished 3 days\nago4 min read",
    "in the minutes": "By Ilse BrandtPublished 3 days ago4\nmin read",
    "in the name": "By Ilse\nBrandtPublished 3 days ago4 min read",
    "twice": "By Ilse BrandtPublished 3\ndays ago4 min\nread",
    "without a blank": "By Ilse BrandtPublished 3 days ago4min read",
    "a bullet mis-decoded": "By Ilse Brandt β€’ Published 3 days ago β€’ 4 min read",
    "a bullet mis-decoded otherwise": "By Ilse Brandt â€¢ Published 3 days ago â€¢ 4 min read",
}


@pytest.mark.parametrize("byline", BYLINES.values(), ids=BYLINES)
def test_a_broken_or_mis_decoded_byline_is_one(byline: str) -> None:
    assert told(TEXT.replace(BYLINE, byline)) == WHOLE


@pytest.mark.parametrize("glue", ["\n", "\n\n"])
def test_a_title_that_begins_with_by_is_no_part_of_the_byline(glue: str) -> None:
    lines = ("By the Ferry", "By boat or not at all", BYLINE, *BODY, *ABOUT)
    article = article_of(read(glue.join(lines)))
    assert (article.headline, article.dek, article.byline) == (*lines[:2], "By Ilse Brandt")


INSIGHTS = (
    "Reader insights", "Be the first to share your insights about this piece.", "How does it work?",
    "Add your insights",
)  # fmt: skip


@pytest.mark.parametrize("width", [36, 40, 44, 50])
@pytest.mark.parametrize("is_broken_at_byline", [True, False])
def test_a_page_in_a_narrow_window_is_unwrapped(width: int, is_broken_at_byline: bool) -> None:
    byline = BYLINE.replace("3 days ago", "3 days ago Updated a day ago ") if is_broken_at_byline else BYLINE
    insights = () if is_broken_at_byline else INSIGHTS
    body = (*BODY, *(f"{part} {BODY[0]}" for part in BODY)) if is_broken_at_byline else BODY
    parts = (TITLE, DEK, byline, *body, *ABOUT, *insights, *COMMENTS, *FOOTER)
    text = "\n\n".join(
        textwrap.fill(
            part, width, break_on_hyphens=False, subsequent_indent=" " * (len(part) - len(part.lstrip()))
        )
        for part in parts
    )
    assert told(text) == {**WHOLE, "body": "\n\n".join(body)}


@pytest.mark.parametrize("glue", ["\n", "\n\n"])
def test_short_verse_is_not_unwrapped(glue: str) -> None:
    verse = ("we went to sea on a tuesday, my love,", "and on no other day of the week, and the", "rain came")
    text = "\n\n".join((TITLE, BYLINE, glue.join(verse), *ABOUT, *INSIGHTS, *FOOTER))
    assert article_of(read(text)).body_text == glue.join(verse)


def test_a_byline_in_pieces_does_not_make_verse_prose() -> None:
    verse = "\n".join(
        ("the sea keeps nothing of", "a hand half closed around", "whatever it was that we had")
    )
    byline = "By Ilse BrandtPublished\n2 months ago\n1 min read"
    text = "\n\n".join((TITLE, byline, verse, "About the Creator", "Ilse Brandt", "Poems."))
    article = article_of(read(text))
    assert article.body_text == verse
    assert (article.published_text, article.reading_minutes) == ("2 months ago", 1)


def test_questions_and_rulers_of_a_story_are_its_own() -> None:
    odd = ("How does it work?Well, it *has* to.", "Then it rained.\n=====\n*Nobody* came.")
    body = article_of(read("\n\n".join((TITLE, DEK, BYLINE, *BODY, *odd, *ABOUT)))).body_text
    assert odd[0] in body
    assert "*Nobody* came." in body


def test_the_words_of_the_picture_tell_the_headline_under_a_menu() -> None:
    lines = (
        "Home",
        "Search",
        "Log in",
        "Menu",
        "Vocal Weekly",
        TITLE,
        BYLINE,
        TITLE,
        "Photo by Jo Lind",
        *BODY,
    )
    article = article_of(read("\n\n".join((*lines, *ABOUT))))
    assert (article.headline, article.dek) == (TITLE, None)


@pytest.mark.parametrize("width", [40, 46, 50])
def test_a_page_of_2021_in_a_narrow_window_is_unwrapped(width: int) -> None:
    byline = "by Ilse Brandt 4 years ago in ferry / island · updated 3 years ago"
    parts = (TITLE, byline, "Report Story", DEK, *BODY * 5, "About the author", *ABOUT[1:])
    text = "\n\n".join(textwrap.fill(part, width, break_on_hyphens=False) for part in parts)
    article = article_of(read(text))
    assert (article.dek, article.published_text, article.modified_text) == (DEK, "4 years ago", "3 years ago")
    assert [tag.name for tag in article.tags] == ["ferry", "island"]
    assert article.body_text == "\n\n".join(BODY * 5)


def test_a_page_of_2021_has_a_pictures_words_below_its_standfirst() -> None:
    byline = "by Ilse Brandt 6 months ago in ferry"
    caption = "You can stand on this deck, too."
    article = article_of(
        read("\n\n".join((TITLE, byline, DEK, caption, *BODY, "About the author", *ABOUT[1:])))
    )
    assert (article.dek, article.body_text) == (DEK, "\n\n".join((caption, *BODY)))


def test_a_label_is_no_end_of_a_full_row() -> None:
    text = TEXT.replace(ABOUT[2], "Ilse writes. Her list is at https://boats.example/list").replace(
        "\n\n", "\n"
    )
    rows = [row for part in text.split("\n") for row in textwrap.wrap(part, 42, break_on_hyphens=False)]
    page = read(
        "\n".join((*rows[:-3], *INSIGHTS, *rows[-3:])).replace(
            INSIGHTS[1], INSIGHTS[1].replace(" this", "\nthis")
        )
    )
    assert [author.bio_text for author in page.authors] == [
        "Ilse writes. Her list is at https://boats.example/list"
    ]


def test_a_byline_in_the_first_line_has_no_headline_above() -> None:
    with pytest.raises(PageLayoutChanged, match="headline"):
        read("\n\n".join((BYLINE, *BODY, *ABOUT, BYLINE)))


CARD = ("A Lamp in Every Window", "By Olaf Brenn", "5 months ago in Earth")


@pytest.mark.parametrize("label", ["Keep reading", "You might also like", "Related stories", "Read Next"])
@pytest.mark.parametrize("card", [CARD, (CARD[0], f"{CARD[1]} {CARD[2]}")])
def test_cards_of_other_stories_are_no_part_of_the_last_comment(label: str, card: tuple[str, ...]) -> None:
    text = "\n\n".join((*STORY, *COMMENTS, label, *card, *card, *FOOTER))
    assert told(text) == WHOLE


def test_a_comment_that_asks_to_keep_reading_is_whole() -> None:
    comments = (*COMMENTS[:4], "  Keep reading", "  A lamp is lit 5 months ago in Earth", *COMMENTS[4:])
    said = told("\n\n".join((*STORY, *comments, *FOOTER)))["comments"]
    assert said == [
        (
            "Nils Voss",
            "2 days ago",
            "I took that boat.\n\nKeep reading\n\nA lamp is lit 5 months ago in Earth",
        ),
        ("Ilse Brandt", "a day ago", "So you know the captain."),
    ]


def test_the_word_over_an_advertisement_is_no_part_of_the_body() -> None:
    lines = (*STORY[:4], "Advertisement", *STORY[4:], *COMMENTS, *FOOTER)
    assert told("\n\n".join(lines)) == WHOLE


@pytest.mark.parametrize(
    ("rows", "insights"),
    [
        (("Top insights", "1. Eye opening", "2. Kind (3)"), [("Eye opening", None), ("Kind", None)]),
        (("Top insights", "Eye opening", "Niche topic & fresh perspectives", "Kind", "Words"),
         [("Eye opening", "Niche topic & fresh perspectives"), ("Kind", "Words")]),
        (("Top insights", "1. Eye opening", "Niche topic & fresh perspectives", "And more words"),
         [("Eye opening", "Niche topic & fresh perspectives")]),
    ],
)  # fmt: skip
def test_an_insight_is_a_label_and_perhaps_a_sentence(rows: tuple[str, ...], insights: object) -> None:
    block = "\n\n".join(("Reader insights", *rows, "Comments (2)"))
    article = article_of(read(TEXT.replace("Comments (2)", block)))
    assert [(each.label, each.explanation) for each in article.insights] == insights


@pytest.mark.parametrize(
    "byline",
    [
        "By\nIlse Brandt\nPublished 3 days ago\n4 min read", "By:\nIlse BrandtPublished 3 days ago4 min read",
        "By Ilse Brandt\nPublished 3 days ago\n4 min read", "By Ilse BrandtPublished 3 days ago • 4 min read",
    ],
)  # fmt: skip
def test_a_byline_may_be_broken_after_any_word(byline: str) -> None:
    assert told(TEXT.replace(BYLINE, byline)) == WHOLE
