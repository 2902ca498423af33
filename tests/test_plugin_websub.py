"""WebSub: a hub hears of every issue, if not at once then later, whoever made the issue."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import feedparser
import pytest

from cli import main
from crawler.config import Config, ServerConfig, load_config
from plugin.archive import open_library
from plugin.digests import Digest
from plugin.errors import UnknownOutlet
from plugin.operations.scheduling import ScheduleOptions, Scheduler
from plugin.publishing import announce_issue, is_published, make_issue, publish_issue, websub
from tests.samples import LANTERN, NOW, make_library

BASE = "https://digests.example.org/reading"
TOPICS = [
    f"{BASE}/digests/lantern/{name}.{ending}"
    for name in ("feed", "issues")
    for ending in ("atom", "rss", "json")
]


@dataclass
class Hub:
    """A hub on loopback.

    Attributes:
        statuses: What it answers, the last one for good.
        heard: Topics of each ping.
    """

    url: str
    statuses: list[int] = field(default_factory=lambda: [204])
    heard: list[list[str]] = field(default_factory=list)


@contextmanager
def _serve_hub() -> Iterator[Hub]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            assert sent["hub.mode"] == ["publish"]
            hub.heard.append(sent["hub.url"])
            self.send_response(hub.statuses.pop(0) if len(hub.statuses) > 1 else hub.statuses[0])
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    hub = Hub(f"http://127.0.0.1:{server.server_port}/hub")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def hub(monkeypatch):
    monkeypatch.setattr(websub, "WAITS", (timedelta(0),))
    with _serve_hub() as served:
        yield served


@pytest.fixture
def workspace(tmp_path, hub):
    """A workspace with a hub, a digest without outlets, and stories for an issue."""
    (tmp_path / "seeds" / "digests").mkdir(parents=True)
    (tmp_path / "seeds" / "digests" / "lantern.toml").write_text('title = "The Lantern"\nwindow = "9999d"\n')
    (tmp_path / "gleanings.toml").write_text(
        f'[server]\nbase_url = "{BASE}/"\nhub_url = "{hub.url}"\n', encoding="utf-8"
    )
    url = f"sqlite:///{tmp_path / 'gleanings.db'}"
    make_library(url, n_articles=4, issues=0).close()
    return tmp_path


@pytest.fixture
def run(workspace, capsys):
    """Run a command in the workspace, and return its exit code, output and complaints."""

    def runner(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["--workspace", str(workspace), *arguments])
        return (ended.value.code or 0, *capsys.readouterr())

    return runner


def test_making_an_issue_tells_the_hub_of_all_its_feeds(run, hub):
    code, _, _ = run("digest", "make", "lantern")
    assert (code, hub.heard) == (0, [TOPICS])
    code, _, _ = run("digest", "make", "lantern")
    assert code == 0
    assert len(hub.heard) == 1


def test_a_hub_that_fails_leaves_a_whole_issue_and_is_told_later(run, hub):
    hub.statuses = [503, 503, 204]
    code, _, complaints = run("digest", "make", "lantern")
    assert code == 3
    assert "answered 503" in complaints
    assert "gleanings publish lantern --to hub" in complaints
    assert len(hub.heard) == 2
    code, _, said = run("publish", "lantern", "--to", "hub")
    assert (code, len(hub.heard)) == (0, 3)
    assert "Told hub" in said
    assert "6 feeds" in said


def test_the_scheduler_tells_a_hub_that_did_not_hear(workspace, hub):
    config = load_config(workspace)
    with open_library(config.database_url) as archive:
        digest = Digest(slug="lantern", title="The Lantern")
        issue = make_issue(archive, LANTERN, now=NOW)
        assert not is_published(archive, digest, issue, config=config)
    assert Scheduler(config, ScheduleOptions(is_once=True), say=lambda _: None).run() == 0
    assert hub.heard == [TOPICS]
    assert Scheduler(config, ScheduleOptions(is_once=True), say=lambda _: None).run() == 0
    assert len(hub.heard) == 1
    with open_library(config.database_url) as archive:
        assert is_published(archive, digest, archive.get_issue("lantern", 1), config=config)


def test_a_takedown_tells_the_hub_and_writes_no_folder_called_hub(run, workspace, hub, monkeypatch):
    monkeypatch.chdir(workspace)
    run("digest", "make", "lantern")
    with open_library(load_config(workspace).database_url) as archive:
        url = archive.get_issue("lantern", 1).entries[0].url
    code, _, _ = run("takedown", url, "--yes")
    assert code == 0
    assert hub.heard == [TOPICS, TOPICS]
    assert not [path for path in workspace.iterdir() if path.name.startswith("hub")]


def test_a_hub_is_told_beside_outlets(workspace, hub, tmp_path):
    config = load_config(workspace)
    with open_library(config.database_url) as archive:
        issue = make_issue(archive, LANTERN, now=NOW)
        report = publish_issue(archive, LANTERN, issue, config=config, to=str(tmp_path / "public"), now=NOW)
        assert (len(report.results), hub.heard) == (1, [])
        digest = LANTERN.model_copy(update={"outlet": ()})
        report = publish_issue(archive, digest, issue, config=config, now=NOW)
        assert [result.outlet for result in report.results] == [f"hub {hub.url}"]
        assert (report.exit_code, len(hub.heard)) == (0, 1)


def test_without_a_hub_nobody_is_told(tmp_path):
    with make_library(f"sqlite:///{tmp_path / 'a.db'}", n_articles=4) as archive:
        issue = archive.get_issue("lantern", 1)
        assert announce_issue(archive, LANTERN, issue, config=Config(), now=NOW) is None
        with pytest.raises(UnknownOutlet, match=r"server\.hub_url"):
            publish_issue(archive, LANTERN, issue, config=Config(), to="hub", now=NOW)


@pytest.mark.parametrize(("base_url", "hubs"), [(BASE, ["https://hub.example/"]), (None, [])])
def test_the_feeds_of_a_folder_name_the_hub_that_is_told_of_them(tmp_path, base_url, hubs):
    config = Config(server=ServerConfig(base_url=base_url, hub_url="https://hub.example/"))
    with make_library(f"sqlite:///{tmp_path / 'a.db'}", n_articles=4) as archive:
        issue = archive.get_issue("lantern", 1)
        publish_issue(archive, LANTERN, issue, config=config, to=str(tmp_path / "out"), now=NOW)
    home = tmp_path / "out" / "digests" / "lantern"
    for name in ("feed.rss", "feed.atom", "issues.rss", "issues.atom"):
        links = feedparser.parse((home / name).read_bytes()).feed.links
        assert [link.href for link in links if link.rel == "hub"] == hubs, name
    for name in ("feed.json", "issues.json"):
        assert [each["url"] for each in json.loads((home / name).read_bytes()).get("hubs", [])] == hubs
    archived = feedparser.parse((home / "archive" / "1.atom").read_bytes())
    assert not any(link.rel == "hub" for link in archived.feed.links)


def test_a_hub_without_an_address_of_our_own_is_told_what_is_missing(tmp_path):
    config = Config(server=ServerConfig(hub_url="https://hub.example/"))
    with make_library(f"sqlite:///{tmp_path / 'a.db'}", n_articles=4) as archive:
        issue = archive.get_issue("lantern", 1)
        told = announce_issue(archive, LANTERN, issue, config=config, now=NOW)
        assert told is not None
        assert "server.base_url" in told.error
        assert is_published(archive, LANTERN, issue, config=config)
