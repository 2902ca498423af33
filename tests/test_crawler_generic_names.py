"""Names of persons in declarations and printed lines of pages of no known platform."""

from crawler.platforms.generic.naming import part_names


def part(told: str, *outlets: str) -> list[str]:
    return part_names(told, lambda name: name in outlets)


def test_an_outlet_whose_name_is_a_conjunction_parts_no_name() -> None:
    assert part("ida & y, staff", "y") == ["ida"]


def test_an_outlet_before_the_names_goes() -> None:
    assert part("Harbor Post, Ida Lunde", "Harbor Post") == ["Ida Lunde"]
    assert part("Harbor Post, Inc.", "Harbor Post") == ["Harbor Post, Inc."]
