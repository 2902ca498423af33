"""Glued tags are told apart where exactly one way exists, and kept whole otherwise."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.platforms.vocal.tags import MAX_LINE, common_tags, split_glued_tags

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
    assert time.process_time() - started < 1
