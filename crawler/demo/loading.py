"""Reads the demo platform's content from TOML files."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeAlias

from crawler.demo.content import (
    Author,
    Comment,
    Community,
    DemoContent,
    Hero,
    Insight,
    Insights,
    Matter,
    Story,
    make_id,
)
from crawler.demo.fragment import parse_fragment
from crawler.demo.relative import parse_age

_Table: TypeAlias = dict[str, Any]


def load_content(folder: Traversable | Path) -> DemoContent:
    """Read a platform from a folder.

    Args:
        folder: Holds ``platform.toml``, ``authors.toml`` and
            ``stories/<slug>.toml``, one file for each story.

    Raises:
        ValueError: A file lacks a key, has a wrong value, or names an author
            or a community that does not exist; the message names the file.
        OSError: A file is missing or cannot be read.
    """
    platform = _read(folder / "platform.toml")
    authors = tuple(_author(table) for table in _read(folder / "authors.toml")["author"])
    communities = tuple(Community(**table) for table in platform["community"])
    paths = sorted((folder / "stories").iterdir(), key=lambda path: path.name)
    stories = tuple(
        _checked_story(path, authors=authors, communities=communities)
        for path in paths
        if path.name.endswith(".toml")
    )
    return DemoContent(
        name=platform["name"],
        tagline=platform["tagline"],
        owner=platform["owner"],
        communities=communities,
        authors=authors,
        stories=stories,
    )


def bundled_content() -> DemoContent:
    """Read the stories that come with Gleanings, installed or in a checkout."""
    package = files("crawler")
    shipped = package / "bundled" / "demo"
    if shipped.is_dir():
        return load_content(shipped)
    return load_content(Path(__file__).parents[2] / "seeds" / "demo")


def _read(path: Traversable) -> _Table:
    """Parse one TOML file, naming it when it is malformed."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path.name}: {error}") from error


def _author(table: _Table) -> Author:
    """Build an author, whose biography is a list of paragraphs."""
    return Author(**{**table, "bio": tuple(table.get("bio", ()))})


def _checked_story(
    path: Traversable, *, authors: tuple[Author, ...], communities: tuple[Community, ...]
) -> Story:
    """Build the story in a file and check the names it refers to."""
    slug = path.name.removesuffix(".toml")
    try:
        story = _story(slug, _read(path))
    except KeyError as error:
        raise ValueError(f"{path.name}: missing key {error}") from error
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    members = {author.slug for author in authors}
    named = {story.author}
    for comment in story.source.read().comments:
        named |= {reply.author for reply in comment.walk() if reply.author}
    if strangers := named - members:
        raise ValueError(f"{path.name}: unknown authors {sorted(strangers)}")
    if story.community not in {community.slug for community in communities}:
        raise ValueError(f"{path.name}: unknown community {story.community!r}")
    return story


def _story(slug: str, table: _Table) -> Story:
    """Build a story from its table."""
    comments = [
        _comment(entry, place=f"{slug}/{position}")
        for position, entry in enumerate(table.get("comments", ()))
    ]
    comments.sort(key=lambda comment: comment.age)
    parse_fragment(table["body"])
    updated = table.get("updated")
    hero = table.get("hero")
    return Story(
        slug=slug,
        headline=table["headline"],
        community=table["community"],
        author=table["author"],
        source=Matter(table["body"].strip(), tuple(comments)),
        age=parse_age(table["age"]),
        dek=table.get("dek"),
        updated=None if updated is None else parse_age(updated),
        tags=tuple(table.get("tags", ())),
        badges=tuple(table.get("badges", ())),
        likes=table.get("likes", 0),
        hero=None if hero is None else Hero(**hero),
        insights=_insights(table.get("insights", {})),
    )


def _comment(table: _Table, *, place: str) -> Comment:
    """Build a comment and, below it, its replies in the order of the file."""
    parse_fragment(table["body"])
    replies = tuple(
        _comment(entry, place=f"{place}/{position}")
        for position, entry in enumerate(table.get("replies", ()))
    )
    age: timedelta = parse_age(table["age"])
    if any(reply.age > age for reply in replies):
        raise ValueError(f"comment {place}: a reply is older than what it answers")
    if ("author" in table) == ("name" in table):
        raise ValueError(f"comment {place}: needs either an author or a name")
    return Comment(
        id=make_id("comment", place),
        body_html=table["body"].strip(),
        age=age,
        author=table.get("author"),
        name=table.get("name"),
        likes=table.get("likes", 0),
        replies=replies,
        is_removed=table.get("removed", False),
    )


def _insights(table: _Table) -> Insights:
    """Build the insights, each written as a pair of label and explanation."""
    rating = table.get("rating")
    return Insights(
        rating=None if rating is None else Insight(*rating),
        top=tuple(Insight(*pair) for pair in table.get("top", ())),
        more=tuple(Insight(*pair) for pair in table.get("more", ())),
    )
