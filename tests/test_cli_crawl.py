"""Commands around a crawl: progress, log lines, kept pages read again, status, metrics, exports read back."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from crawler.config import load_config
from crawler.demo import DemoOptions, DemoPlatform, Faults, serve_demo
from crawler.demo.synthetic import make_content
from crawler.runner.leasing import new_owner
from crawler.seeds import load_seeds
from crawler.store import open_store
from plugin.archive import open_library
from plugin.operations.metrics import RunMetrics
from plugin.operations.status import read_status
from plugin.server.metrics import serve_metrics
from tests.commanding import run_forked, run_gleanings
from tests.serving import free_port


@pytest.fixture(scope="module")
def platform_url() -> Iterator[str]:
    now = datetime.now(UTC)
    platform = DemoPlatform(
        make_content(15, seed=3, page_bytes=4_000),
        anchor=now,
        clock=lambda: datetime.now(UTC),
        options=DemoOptions(markup="plain"),
    )
    with serve_demo(platform) as url:
        yield url


@pytest.fixture(scope="module")
def crawled(platform_url: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a workspace that was crawled with kept pages, and what the crawl said."""
    folder = tmp_path_factory.mktemp("crawled")
    (folder / "seeds").mkdir()
    (folder / "gleanings.toml").write_text(
        '[crawl]\nallow_private_hosts = ["127.0.0.1"]\ndefault_delay = "0s"\nkeep_pages = true\n'
    )
    (folder / "seeds" / "demo.toml").write_text(
        f'[[publication]]\nslug = "demo"\nplatform = "vocal"\nname = "Demo"\nurl = "{platform_url}/latest-stories"\n'
    )
    run = run_gleanings("crawl", "-v", "--log-format", "json", "--workspace", str(folder))
    assert run.returncode == 0, run.stderr
    assert "demo: 15 new articles" in run.stdout
    return folder, run.stderr


def test_log_lines_carry_run_publication_and_url(crawled: tuple[Path, str], platform_url: str) -> None:
    lines = [json.loads(line) for line in crawled[1].splitlines()]
    fetches = [line for line in lines if line["url"]]
    assert len(fetches) > 15
    assert {line["publication"] for line in fetches} == {"demo"}
    assert {line["run"] for line in fetches} == {1}
    assert all(line["url"].startswith(platform_url) for line in fetches)
    assert all({"run", "publication", "url", "issue", "format", "outlet"} <= line.keys() for line in lines)


def test_a_publication_may_get_another_slug(crawled: tuple[Path, str], tmp_path: Path) -> None:
    folder = shutil.copytree(crawled[0], tmp_path / "renamed")
    seeds = folder / "seeds" / "demo.toml"
    seeds.write_text(seeds.read_text().replace('slug = "demo"', 'slug = "plenty"'))
    run = run_gleanings("crawl", "--full", "--workspace", str(folder))
    assert run.returncode == 0, run.stderr
    assert "plenty: 0 new articles, 0 changed, 15 unchanged" in run.stdout
    rows = [
        json.loads(line)
        for line in run_forked("export", "articles", "--workspace", str(folder)).stdout.splitlines()
    ]
    assert {row["publication"] for row in rows} == {"plenty"}
    again = run_gleanings("crawl", "--url", rows[0]["url"], "--workspace", str(folder))
    assert again.returncode == 0, again.stderr


def test_kept_pages_are_read_again_without_a_request(crawled: tuple[Path, str]) -> None:
    run = run_forked("replay", "--json", "--workspace", str(crawled[0]))
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)
    assert report["pages"] >= 15
    assert (report["changed"], report["fields"], report["failures"]) == (0, {}, {})


def test_a_warc_file_of_others_is_imported(crawled: tuple[Path, str], tmp_path: Path) -> None:
    files = sorted((crawled[0] / "pages").glob("*.warc.gz"))
    assert files
    run = run_forked("import", *map(str, files), "--workspace", str(tmp_path))
    assert run.returncode == 0, run.stderr
    with open_library(f"sqlite:///{tmp_path}/gleanings.db") as archive:
        assert archive.store.articles.count() == 15


def test_an_export_restores_the_library(crawled: tuple[Path, str], tmp_path: Path) -> None:
    exported = {}
    for kind in ("publications", "authors", "articles", "comments"):
        exported[kind] = run_forked("export", kind, "--workspace", str(crawled[0])).stdout
        path = tmp_path / f"{kind}.jsonl"
        path.write_text(exported[kind], encoding="utf-8")
        run = run_forked("import", str(path), "--workspace", str(tmp_path))
        assert run.returncode == 0, run.stderr
    for kind in ("authors", "articles", "comments"):
        assert run_forked("export", kind, "--workspace", str(tmp_path)).stdout == exported[kind], kind


def test_pages_that_failed_are_named_with_their_reason(tmp_path: Path) -> None:
    platform = DemoPlatform(
        make_content(15, seed=3, page_bytes=4_000),
        anchor=datetime.now(UTC),
        clock=lambda: datetime.now(UTC),
        options=DemoOptions(markup="plain", faults=Faults(login_wall_every=5)),
    )
    (tmp_path / "seeds").mkdir()
    with serve_demo(platform) as url:
        (tmp_path / "gleanings.toml").write_text(
            '[crawl]\nallow_private_hosts = ["127.0.0.1"]\ndefault_delay = "0s"\n'
        )
        (tmp_path / "seeds" / "demo.toml").write_text(
            f'[[publication]]\nslug = "demo"\nplatform = "vocal"\nname = "Demo"\nurl = "{url}/latest-stories"\n'
        )
        crawl = run_forked("crawl", "-v", "--workspace", str(tmp_path))
    assert "3 pages behind a sign-in.\n  `gleanings publications show demo` names" in crawl.stdout
    shown = run_forked("publications", "show", "demo", "--workspace", str(tmp_path)).stdout
    row = json.loads(
        run_forked("publications", "show", "demo", "--json", "--workspace", str(tmp_path)).stdout
    )
    assert [failure["outcome"] for failure in row["failures"]] == ["login_wall"] * 3
    for failure in row["failures"]:
        assert f"{failure['url']}\n    login_wall: {failure['error']}; again {failure['due_at']}" in shown
        assert (
            f"Info: login_wall: {failure['error']} run=1 publication=demo url={failure['url']}"
            in crawl.stderr
        )


def test_status_tells_how_it_fares(crawled: tuple[Path, str]) -> None:
    run = run_forked("status", "--workspace", str(crawled[0]))
    assert run.returncode == 0, run.stdout
    assert re.search(r"^demo: fine, 15 articles, last good run 20\d\d-", run.stdout, re.MULTILINE)
    rows = [
        json.loads(line)
        for line in run_forked("status", "--json", "--workspace", str(crawled[0])).stdout.splitlines()
    ]
    assert next(row for row in rows if row["kind"] == "publication")["outcomes"]["saved"] >= 15


def test_prometheus_reads_the_run_tables(crawled: tuple[Path, str]) -> None:
    port = free_port()
    with serve_metrics(RunMetrics(f"sqlite:///{crawled[0]}/gleanings.db"), "127.0.0.1", port):
        text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    assert 'gleanings_articles{publication="demo"} 15.0' in text
    assert 'gleanings_last_run_failed{publication="demo"} 0.0' in text
    assert 'outcome="saved"' in text


def test_prometheus_reads_a_library_that_only_crawls_have_opened(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/gleanings.db"
    open_store(url).close()
    assert "gleanings_articles" in [family.name for family in RunMetrics(url).collect()]


@pytest.mark.parametrize(
    ("error", "is_ended", "is_crawled", "failed", "interrupted"),
    [
        (None, True, False, 0, 0),
        ("its start page is gone", True, False, 1, 0),
        ("interrupted", True, False, 0, 1),
        (None, False, False, 0, 1),
        (None, False, True, 0, 0),
    ],
    ids=["fine", "failing", "interrupted by a signal", "killed", "crawling"],
)
def test_prometheus_and_status_agree_on_how_a_crawl_ended(
    tmp_path: Path, error: str | None, is_ended: bool, is_crawled: bool, failed: int, interrupted: int
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.toml").write_text(
        '[[publication]]\nslug = "a"\nplatform = "auto"\nname = "A"\nurl = "https://A.example:8443/x"\n',
        encoding="utf-8",
    )
    url, now = f"sqlite:///{tmp_path}/gleanings.db", datetime.now(UTC)
    with open_library(url) as archive:
        [seed] = load_seeds(tmp_path / "seeds")
        archive.store.publications.sync([seed])
        run = archive.store.runs.start("a", now - timedelta(minutes=1))
        if is_ended:
            archive.store.runs.finish(run, now, outcomes={}, error=error)
        if is_crawled:
            archive.store.frontier.acquire_lease(seed.host, new_owner(), now)
        [status] = read_status(archive, load_config(tmp_path), [], now=now).publications
    figures = {
        family.name: [sample.value for sample in family.samples] for family in RunMetrics(url).collect()
    }
    assert figures["gleanings_last_run_failed"] == [failed]
    assert figures["gleanings_last_run_interrupted"] == [interrupted]
    assert (status.state == "failing", status.error == "interrupted") == (bool(failed), bool(interrupted))
    # A crawl that goes on is longer by what this test took.
    longest = 60 if is_ended else (datetime.now(UTC) - now).total_seconds() + 60
    lengths = figures["gleanings_last_run_seconds"]
    assert len(lengths) == (is_ended or is_crawled)
    assert all(59.999 <= each <= longest + 0.001 for each in lengths)


@pytest.fixture
def copy(crawled: tuple[Path, str], tmp_path: Path) -> Callable[[], Path]:
    def make() -> Path:
        run = run_forked("db", "backup", str(tmp_path / "gleanings.db"), "--workspace", str(crawled[0]))
        assert run.returncode == 0, run.stderr
        return tmp_path

    return make


def test_the_library_is_checked_moved_and_backed_up(copy: Callable[[], Path]) -> None:
    folder = copy()
    assert run_forked("db", "check", "--workspace", str(folder)).returncode == 0
    run = run_forked("db", "move", f"sqlite:///{folder}/moved.db", "--json", "--workspace", str(folder))
    assert run.returncode == 0, run.stderr
    rows = {row["table"]: row["rows"] for row in map(json.loads, run.stdout.splitlines())}
    assert rows["article"] == 15
    again = run_forked("db", "backup", str(folder / "gleanings.db"), "--workspace", str(folder))
    assert again.returncode == 1
    assert "exists already" in again.stderr


def test_a_relative_file_is_moved_to_where_the_settings_look_for_it(copy: Callable[[], Path]) -> None:
    folder, url = copy(), "sqlite:///moved.db"
    assert run_forked("db", "move", url, "--workspace", str(folder)).returncode == 0
    run = run_forked("articles", "list", "--json", "--workspace", str(folder), "--database", url)
    assert len(run.stdout.splitlines()) == 15


def test_a_dry_run_tells_and_changes_nothing(crawled: tuple[Path, str], tmp_path: Path) -> None:
    for name in ("gleanings.toml", "seeds"):
        source = crawled[0] / name
        if source.is_dir():
            (tmp_path / name).mkdir()
            (tmp_path / name / "demo.toml").write_text((source / "demo.toml").read_text())
        else:
            (tmp_path / name).write_text(source.read_text())
    run = run_forked("crawl", "--dry-run", "--workspace", str(tmp_path))
    assert run.returncode == 0, run.stderr
    assert "would fetch" in run.stdout
    with open_library(f"sqlite:///{tmp_path}/gleanings.db") as archive:
        assert archive.store.articles.count() == 0
        assert archive.store.runs.latest("demo") is None
