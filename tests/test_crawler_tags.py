"""Glued tags are told apart where exactly one way exists, and kept whole otherwise."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.platforms import read_page
from crawler.platforms.vocal.tags import MAX_LINE, common_tags, split_glued_tags
from tests.test_crawler_layouts import BODY, SEEN_AT, URL, story, value_of

NAMES = sorted(common_tags())


@pytest.mark.parametrize(
    ("text", "known", "tags"),
    [
        ("startuptech newsfuture", (), ("startup", "tech news", "future")),
        ("performance poetryslam poetry", (), ("performance poetry", "slam poetry")),
        ("HumorMicrofictionFan Fiction", (), ("Humor", "Microfiction", "Fan Fiction")),
        ("nature poetry", (), ("nature poetry",)),
        ("fact or fiction", (), ("fact or fiction",)),
        ("  haiku \n", (), ("haiku",)),
        ("moss gardenstidepools", ("Moss Gardens", "tidepools"), ("moss gardens", "tidepools")),
        ("lighthouseshaiku", ("lighthouses",), ("lighthouses", "haiku")),
        (
            "moss gardenstidepools",
            ("moss gardenstidepools", "Moss Gardens", "tidepools"),
            ("moss gardens", "tidepools"),
        ),
        ("moss gardenstidepools", ("moss gardenstidepools",), ("moss gardenstidepools",)),
        ("tech\u00a0newsstartup", (), ("tech news", "startup")),
        ("Unknown Thing, haiku", (), ("Unknown Thing", "haiku")),
        ("startup • tech news • future", (), ("startup", "tech news", "future")),
        ("#haiku #moss", (), ("haiku", "moss")),
        ("poets / tide / Tide", (), ("poets", "tide")),
    ],
)
def test_tags_are_told_apart(text: str, known: tuple[str, ...], tags: tuple[str, ...]) -> None:
    split = split_glued_tags(text, known)
    assert (split.tags, split.is_certain, split.warning) == (tags, True, None)


@pytest.mark.parametrize(
    ("text", "known", "reason"),
    [
        ("glimmerquartz dunes", (), "no split into known tags"),
        ("startupquartz", (), "no split into known tags"),
        ("tidewrack", ("tide", "wrack", "tidewrack"), "several splits into known tags"),
        ("QuokkaYodeling", (), "no split into known tags"),
        ("ab" * MAX_LINE, ("ab", "abab"), "the line is too long"),
    ],
)
def test_what_cannot_be_told_apart_is_one_tag_with_a_warning(
    text: str, known: tuple[str, ...], reason: str
) -> None:
    split = split_glued_tags(text, known)
    assert split.tags == (text,)
    assert not split.is_certain
    assert split.warning == f"tags printed without separator, kept as one: {reason}"


def test_blanks_are_no_seam() -> None:
    """Glue has no blank: "tech" and "news" are not two tags of "tech news"."""
    assert split_glued_tags("tech news", ("tech", "news")).tags == ("tech news",)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("TideWrack", ("Tide", "Wrack")),
        ("Tidewrack", ("Tidewrack",)),
    ],
)
def test_capitals_choose_among_known_splits(text: str, tags: tuple[str, ...]) -> None:
    split = split_glued_tags(text, ("tide", "wrack", "tidewrack"))
    assert (split.tags, split.is_certain) == (tags, True)


def test_nothing_has_no_tags() -> None:
    assert split_glued_tags("  ").tags == ()
    assert not split_glued_tags(" , ").is_certain


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
def test_glued_common_tags_come_back_or_stay_whole(names: list[str]) -> None:
    """A split that is called certain is the true one."""
    glued = "".join(names)
    split = split_glued_tags(glued)
    assert list(split.tags) == (names if split.is_certain else [glued])


def test_most_pairs_of_common_tags_are_told_apart() -> None:
    pairs = [(NAMES[i], NAMES[(i * 7 + 13) % len(NAMES)]) for i in range(len(NAMES))]
    certain = sum(split_glued_tags(a + b).is_certain for a, b in pairs if a != b)
    assert certain >= 0.95 * len(pairs)


@pytest.mark.parametrize("name", NAMES)
def test_every_bundled_tag_alone_is_one_tag(name: str) -> None:
    assert split_glued_tags(name).tags == (name,)


@pytest.mark.parametrize("text", ["a" * MAX_LINE, "ab" * (MAX_LINE // 2), "x" * 5_000_000, "a " * 2_500_000])
def test_hostile_lines_take_no_time(text: str) -> None:
    started = time.process_time()
    split_glued_tags(text, ["a" * length for length in range(1, 61)])
    assert time.process_time() - started < 10


@pytest.mark.parametrize("wrap", ["<div>{}</div>", "{}"])
@pytest.mark.parametrize(
    ("after", "tags"),
    [
        ("<div><button>poetry</button><button>family</button></div>", ["poetry", "family"]),
        ("<div><button>poetry</button><button>moss gardens</button></div>", ["poetry", "moss gardens"]),
        ("<ul><li><button>poetry</button></li><li><button>family</button></li></ul>", ["poetry", "family"]),
        ("<div><button type='button'><span>poetry</span></button></div><div>16</div>", ["poetry"]),
        ("<div><button>Like</button></div><div><button>poetry</button></div>", ["poetry"]),
        ("<div><button>poetry</button><button>16</button><button>Share</button></div>", ["poetry"]),
        ("<div><p>Tags:</p><button>moss</button><button>ferns</button></div>", ["moss", "ferns"]),
        ("<div class='css-1x-Tags'><button>moss</button><button>ferns</button></div>", ["moss", "ferns"]),
        ("<div><button>#moss</button><button>#ferns</button></div>", ["moss", "ferns"]),
        ("<div><button>Listen</button><button>Bookmark</button></div>", []),
        ("<div><button>Like</button><button>Share</button><button>Tip</button></div>", []),
        ("<aside><h4>Pick a community</h4><button>poetry</button><button>family</button></aside>", []),
    ],
)
def test_tags_may_be_buttons(after: str, tags: list[str], wrap: str) -> None:
    page = read_page(story(wrap=wrap, after=after), URL, seen_at=SEEN_AT)
    assert value_of(page, "tags") == tags
    assert value_of(page, "body_text") == value_of(
        read_page(story(after=""), URL, seen_at=SEEN_AT), "body_text"
    )


def test_a_button_above_the_end_of_a_body_is_no_tag() -> None:
    page = read_page(story(body=f"<button>poetry</button>{BODY}", after=""), URL, seen_at=SEEN_AT)
    assert value_of(page, "tags") == []


@pytest.mark.parametrize("row", ["<span>family</span> <span>travel</span>", "<i>family</i> · <i>travel</i>"])
def test_a_row_of_common_names_that_ends_a_body_is_tags(row: str) -> None:
    page = read_page(story(body=f"{BODY}<div>{row}</div>", after=""), URL, seen_at=SEEN_AT)
    assert (value_of(page, "tags"), value_of(page, "body_text")) == (
        ["family", "travel"],
        value_of(read_page(story(), URL, seen_at=SEEN_AT), "body_text"),
    )
