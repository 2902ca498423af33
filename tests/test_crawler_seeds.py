"""Seeds: what the operator writes, checked strictly."""

from datetime import timedelta
from pathlib import Path

import pytest

from crawler.errors import SeedError, SeedNotFound
from crawler.seeds import bundled_seeds, load_seed_file, load_seeds, select_seeds

MINIMAL = '[[publication]]\nslug = "{slug}"\nname = "A"\nurl = "https://example.org/a"\n'


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_publication_has_the_documented_defaults(tmp_path: Path) -> None:
    (seed,) = load_seed_file(write(tmp_path, "a.toml", MINIMAL.format(slug="a")))
    assert (seed.platform, seed.every, seed.comments, seed.rights) == (
        "auto",
        timedelta(hours=6),
        True,
        "excerpt",
    )
    assert (seed.enabled, seed.max_pages, seed.politeness.delay) == (True, 50, None)
    assert seed.host == "example.org"


def test_every_key_of_the_contract_is_read(tmp_path: Path) -> None:
    text = """
    [[publication]]
    slug = "vocal-01"
    platform = "vocal"
    name = "01"
    url = "https://vocal.media/01"
    language = "en"
    every = "6h"
    comments = true
    rights = "full"
    enabled = true
    max_pages = 7
    [publication.politeness]
    delay = "2s"
    """
    (seed,) = load_seed_file(write(tmp_path, "a.toml", text))
    assert (seed.rights, seed.max_pages, seed.politeness.delay) == ("full", 7, timedelta(seconds=2))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('evry = "6h"', 'unknown key "publication[1].evry"; did you mean "every"?'),
        ('every = "0s"', "longer than nothing"),
        ('every = "often"', "not a duration"),
        ('rights = "all"', "publication[1].rights"),
        ("max_pages = 0", "publication[1].max_pages"),
        ('[publication.politeness]\ndelai = "1s"', 'did you mean "delay"?'),
    ],
)
def test_a_wrong_key_is_named_with_file_and_number(tmp_path: Path, line: str, message: str) -> None:
    path = write(tmp_path, "mine.toml", MINIMAL.format(slug="a") + line + "\n")
    with pytest.raises(SeedError) as caught:
        load_seed_file(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "example.org", "https://", "https://a b/", "javascript:1"]
)
def test_an_address_must_be_one(tmp_path: Path, url: str) -> None:
    text = MINIMAL.format(slug="a").replace("https://example.org/a", url)
    with pytest.raises(SeedError, match="not an http"):
        load_seed_file(write(tmp_path, "a.toml", text))


@pytest.mark.parametrize("slug", ["", "A B", "../x", "ü", "-a", "a/b"])
def test_a_slug_is_fit_for_an_address(tmp_path: Path, slug: str) -> None:
    with pytest.raises(SeedError, match="slug"):
        load_seed_file(write(tmp_path, "a.toml", MINIMAL.format(slug=slug)))


def test_a_doubled_slug_names_both_files(tmp_path: Path) -> None:
    first = write(tmp_path, "a.toml", MINIMAL.format(slug="x"))
    second = write(tmp_path, "b.toml", MINIMAL.format(slug="x"))
    with pytest.raises(SeedError) as caught:
        load_seeds(tmp_path)
    assert str(first) in str(caught.value)
    assert caught.value.path == second


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match=r'the key "publication\[1\]\.name" is missing'):
        load_seed_file(
            write(tmp_path, "a.toml", '[[publication]]\nslug = "a"\nurl = "https://example.org"\n')
        )


def test_choosing_names_what_is_there(tmp_path: Path) -> None:
    write(tmp_path, "a.toml", MINIMAL.format(slug="a") + "enabled = false\n" + MINIMAL.format(slug="b"))
    seeds = load_seeds(tmp_path)
    assert [seed.slug for seed in select_seeds(seeds, [])] == ["b"], "disabled ones only when named"
    assert [seed.slug for seed in select_seeds(seeds, ["a"])] == ["a"]
    with pytest.raises(SeedNotFound, match='no publication is called "c"; known are a, b'):
        select_seeds(seeds, ["c"])


def test_the_shipped_seeds_are_valid_and_disabled() -> None:
    folder = bundled_seeds()
    assert isinstance(folder, Path)
    seeds = load_seeds(folder)
    assert seeds
    assert not any(seed.enabled for seed in seeds)


def test_a_folder_without_seeds_is_no_error(tmp_path: Path) -> None:
    assert load_seeds(tmp_path / "seeds") == []
