"""The whole way over real HTTP: platform, crawl, library, issue, feeds, and a feed reader's parser at the end."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import httpx
import pytest

from crawler.demo import DemoOptions, DemoPlatform, StoryTruth, bundled_content
from plugin.archive import open_library
from tests.commanding import run_forked, run_gleanings
from tests.serving import free_port

ROOT = Path(__file__).parent.parent


def export(folder: Path, kind: str) -> list[dict[str, object]]:
    run = run_forked("export", kind, "--workspace", str(folder))
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the workspace that ``gleanings demo`` made."""
    folder = tmp_path_factory.mktemp("demo") / "workspace"
    started = time.monotonic()
    run = run_gleanings("demo", "--dir", str(folder), "--port", str(free_port()))
    assert run.returncode == 0, run.stderr
    assert time.monotonic() - started < 60, "the README promises less than a minute"
    assert "40 stories" in run.stdout
    return folder


def true_stories(folder: Path) -> dict[str, StoryTruth]:
    anchor = tomllib.loads((folder / ".demo.toml").read_text())["anchor"]
    options = DemoOptions(exposes=frozenset({"body", "comments"}))
    platform = DemoPlatform(
        bundled_content(), anchor=anchor, clock=lambda: datetime.now(UTC), options=options
    )
    return dict(platform.truth())


def slug_of(row: dict[str, object]) -> str:
    return str(row["canonical_url"]).rpartition("/")[2]


def test_every_story_is_kept_as_it_is(demo: Path) -> None:
    truth = true_stories(demo)
    kept = {slug_of(row): row for row in export(demo, "articles")}
    assert kept.keys() == truth.keys()
    for slug, story in truth.items():
        row = kept[slug]
        assert (row["headline"], row["dek"]) == (story.headline, story.dek), slug
        assert [author["name"] for author in row["authors"]] == [story.author_name], slug
        assert [tag["name"] for tag in row["tags"]] == list(story.tags), slug
        assert " ".join(str(row["body_text"]).split()).startswith(" ".join(story.paragraphs[0].split())), slug
        earliest, latest = (datetime.fromisoformat(each) for each in row["published_bounds"])
        assert earliest <= story.published_at <= latest, slug
        assert row["comments_complete"] is True, slug


def test_every_comment_is_kept_under_its_parent(demo: Path) -> None:
    truth = true_stories(demo)
    urls = {row["id"]: slug_of(row) for row in export(demo, "articles")}
    kept: dict[str, list[dict[str, object]]] = {slug: [] for slug in truth}
    for row in export(demo, "comments"):
        kept[urls[row["article_id"]]].append(row)
    for slug, story in truth.items():
        names = {row["platform_id"]: row["author_name"] for row in kept[slug]}
        # What is left of a removed comment on the page is a mark without a name.
        true_names = {each.id: None if each.is_removed else each.author_name for each in story.comments}
        found = [(row["author_name"], names.get(row["parent_id"]), row["state"]) for row in kept[slug]]
        expected = [
            (true_names[each.id], true_names.get(each.parent_id), "removed" if each.is_removed else "visible")
            for each in story.comments
        ]
        assert sorted(map(str, found)) == sorted(map(str, expected)), slug


@pytest.mark.parametrize("name", ["feed.rss", "feed.atom"])
def test_a_feed_readers_parser_finds_the_issues_entries(demo: Path, name: str) -> None:
    (issue,) = export(demo, "issues")
    feed = feedparser.parse(demo.joinpath("public/digests/lantern", name).read_bytes())
    assert not feed.bozo, feed.get("bozo_exception")
    expected = [(entry["headline"], entry["url"]) for entry in issue["entries"]]
    assert sorted((entry.title, entry.link) for entry in feed.entries) == sorted(expected)
    assert len({entry.id for entry in feed.entries}) == len(expected)
    assert all(entry.author for entry in feed.entries)


def test_the_json_feed_holds_the_same(demo: Path) -> None:
    (issue,) = export(demo, "issues")
    feed = json.loads(demo.joinpath("public/digests/lantern/feed.json").read_bytes())
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert {item["url"] for item in feed["items"]} == {entry["url"] for entry in issue["entries"]}


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    server = subprocess.Popen(
        [sys.executable, "-m", "cli", "serve", "--workspace", str(folder), "--port", "0"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    try:
        said = server.stderr.readline()
        told = re.match(r"Serving at (http://127\.0\.0\.1:\d+)/ ", said)
        assert told is not None, said
        yield told[1]
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=60) == 0
        server.stderr.close()


def test_a_second_fetch_costs_nothing(demo: Path) -> None:
    with serving(demo) as url, httpx.Client(base_url=url) as client:
        for name in ("feed.rss", "feed.atom", "feed.json", "1/", ""):
            first = client.get(f"/digests/lantern/{name}")
            assert first.status_code == 200, name
            again = client.get(f"/digests/lantern/{name}", headers={"If-None-Match": first.headers["etag"]})
            assert (again.status_code, again.content) == (304, b""), name


NEWSBOAT = shutil.which("newsboat")


@pytest.mark.skipif(NEWSBOAT is None, reason="newsboat is not installed")
@pytest.mark.parametrize("name", ["feed.rss", "feed.atom"])
def test_an_independent_feed_reader_reads_the_same(demo: Path, tmp_path: Path, name: str) -> None:
    cache = tmp_path / "cache.db"
    with serving(demo) as url:
        (tmp_path / "urls").write_text(f"{url}/digests/lantern/{name}\n")
        files = ["-u", str(tmp_path / "urls"), "-c", str(cache), "-C", os.devnull]
        command = [str(NEWSBOAT), *files, "-x", "reload"]
        subprocess.run(command, check=True, timeout=120, env={**os.environ, "HOME": str(tmp_path)})
    rows = sqlite3.connect(cache).execute("select title, url, author, pubDate from rss_item").fetchall()
    (issue,) = export(demo, "issues")
    entries = {(str(entry["headline"]), str(entry["url"])): entry for entry in issue["entries"]}
    assert {(title, url) for title, url, _, _ in rows} == entries.keys()
    for title, url, author, moment in rows:
        entry = entries[title, url]
        assert author == ", ".join(each["name"] for each in entry["authors"])
        assert moment == int(datetime.fromisoformat(entry["published_at"]).timestamp())


@pytest.mark.slow
def test_a_killed_demo_goes_on_without_loss(tmp_path: Path) -> None:
    folder, port = tmp_path / "workspace", str(free_port())
    command = [sys.executable, "-m", "cli", "demo", "--dir", str(folder), "--port", port]
    database = folder / "gleanings.db"
    for n_articles in (1, 15):
        child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while child.poll() is None and time.monotonic() < deadline and kept_articles(database) < n_articles:
            time.sleep(0.002)
        child.kill()
        child.wait(timeout=30)
    run = run_gleanings("demo", "--dir", str(folder), "--port", port)
    assert run.returncode == 0, run.stderr
    truth = true_stories(folder)
    with open_library(f"sqlite:///{database}") as archive:
        assert archive.store.articles.count() == len(truth)
        assert archive.store.comments.count() == sum(len(story.comments) for story in truth.values())
    assert len({slug_of(row) for row in export(folder, "articles")}) == len(truth)


def kept_articles(database: Path) -> int:
    """Count without disturbing: the file may not exist yet, or hold no table."""
    if not database.is_file():
        return 0
    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=1) as connection:
            count: int = connection.execute("select count(*) from article").fetchone()[0]
            return count
    except sqlite3.OperationalError:
        return 0
