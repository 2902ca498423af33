"""Names of persons in declarations and printed lines of pages of no known platform."""

import pytest

from crawler.platforms.generic.naming import names_in_line, part_names


def part(told: str, *outlets: str) -> list[str]:
    return part_names(told, lambda name: name in outlets)


def test_an_outlet_whose_name_is_a_conjunction_parts_no_name() -> None:
    assert part("ida & y, staff", "y") == ["ida"]


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ("Von Dahl", ["Von Dahl"]),
        ("Par Lunde", ["Par Lunde"]),
        ("Von Ida Lunde", ["Von Ida Lunde"]),
        ("von Dahl", ["von Dahl"]),
        ("von Ida Lunde", ["Ida Lunde"]),
        ("BY Ida Lunde", ["Ida Lunde"]),
        ("par: Ida Lunde", ["Ida Lunde"]),
    ],
)
def test_a_declared_name_is_not_cut_where_it_begins_like_a_label(told: str, names: list[str]) -> None:
    assert part(told) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Von Dahl", "Von Dahl"),
        ("Di Vik | 3 May 2026", "Di Vik"),
        ("Von Dahl and Bo Moe", "Von Dahl and Bo Moe"),
        ("von Ida Lunde", "Ida Lunde"),
        ("Von Ida van Lunde", "Ida van Lunde"),
        ("af: Ida Lunde", "Ida Lunde"),
    ],
)
def test_a_printed_label_other_than_by_has_a_whole_name_behind(line: str, names: str) -> None:
    assert names_in_line(line, is_marked=True) == names


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ("IDA LUNDE and Per Dahl", ["IDA LUNDE", "Per Dahl"]),
        ("IDA LUNDE AND Per Dahl", ["IDA LUNDE", "Per Dahl"]),
        ("DR. I.R. Lunde", ["DR. I.R. Lunde"]),
        ("IDA LUNDE, Correspondante en mer", ["IDA LUNDE"]),
        ("IDA LUNDE Correspondante en mer et au port", ["IDA LUNDE"]),
        ("IDA LUNDE, JR.", ["IDA LUNDE, JR."]),
    ],
)
def test_names_in_capitals_keep_those_beside_them(told: str, names: list[str]) -> None:
    assert part(told) == names


@pytest.mark.parametrize(
    "told",
    ["Ida Lunde @ida and Per Dahl @per", "Ida Lunde (@ida), Per Dahl", "Ida Lunde @ida; Per Dahl @p.d"],
)
def test_an_account_takes_no_name_behind_it_away(told: str) -> None:
    assert part(told) == ["Ida Lunde", "Per Dahl"]


@pytest.mark.parametrize(
    "line",
    ["Photo by Ida Lunde", "Powered by Ida Lunde", "Sponsored by Harbor Post", "Updated By Ida Lunde"],
)
def test_what_is_by_somebody_but_no_text_names_no_author(line: str) -> None:
    assert names_in_line(line, is_marked=True) is None


@pytest.mark.parametrize("label", ["By", "Written by", "Words by", "Story by", "Reported By", "Essay by"])
def test_a_text_by_somebody_names_the_author(label: str) -> None:
    assert names_in_line(f"{label} Ida Lunde", is_marked=True) == "Ida Lunde"


def test_an_outlet_before_the_names_goes() -> None:
    assert part("Harbor Post, Ida Lunde", "Harbor Post") == ["Ida Lunde"]
    assert part("Harbor Post, Inc.", "Harbor Post") == ["Harbor Post, Inc."]


def test_what_is_told_of_a_person_behind_the_name_is_no_name() -> None:
    assert names_in_line("By Ida Lunde, born June 5, 1990", is_marked=True) == "Ida Lunde"
    assert names_in_line("by ida lunde, per dahl", is_marked=True) == "ida lunde, per dahl"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("作者：林小舟 责任编辑：何远", ["林小舟"]),
        ("来源：海港报 作者：林小舟、何远 2026-05-03", ["林小舟", "何远"]),
        ("文 | 林小舟", ["林小舟"]),
        ("（记者：林小舟）", ["林小舟"]),
    ],
)
def test_a_label_in_chinese_or_japanese_names_the_authors(line: str, names: list[str]) -> None:
    assert part(names_in_line(line, is_marked=True) or "") == names
    assert part(line) == names


@pytest.mark.parametrize(
    "line", ["作者：未知 责任编辑：何远", "海港城市新闻发布 关注", "海港必读 发布时间：10-08"]
)
def test_a_line_in_chinese_without_a_writer_names_nobody(line: str) -> None:
    assert names_in_line(line, is_marked=True) is None


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ida Lunde @ida and Per Dahl @per", "Ida Lunde and Per Dahl"),
        ("By Ida Lunde (@ida), Per Dahl (@per) and Bo Moe", "Ida Lunde, Per Dahl and Bo Moe"),
        ("By Ida Lunde @ida, who sails", "Ida Lunde"),
        ("By Ida Lunde @ida and the crew", "Ida Lunde"),
    ],
)
def test_an_account_between_two_printed_names_ends_nothing(line: str, names: str) -> None:
    assert names_in_line(line, is_marked=False) == names


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ("View all posts by Ida Lunde", ["Ida Lunde"]),
        ("Posts by Ida Lunde", ["Ida Lunde"]),
        ("Alle Beiträge von Ida Lunde", ["Ida Lunde"]),
        ("SHOW ALL ARTICLES", []),
        ("people/dr.-ida-lunde.html", []),
        ("https://harborpost.example/people/ida", []),
        ("Lunde Design - www.lunde.example", ["Lunde Design"]),
        ("Super User", []),
        ("admin", []),
        ("All Moe", ["All Moe"]),
        ("Ida More", ["Ida More"]),
    ],
)
def test_words_of_a_link_an_address_and_a_fresh_account_are_no_name(told: str, names: list[str]) -> None:
    assert part(told) == names
