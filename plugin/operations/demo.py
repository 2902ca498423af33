"""The whole job on the bundled platform: serve it, crawl it, make an issue, publish it into a folder."""

import json
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.config import Config, load_config
from crawler.demo import DemoOptions, DemoPlatform, Faults, bundled_content, serve_demo
from crawler.demo.content import DemoContent
from crawler.errors import ConfigError
from crawler.runner import CrawlReport, crawl
from crawler.runner.reports import CrawlProgress
from crawler.seeds import bundled_seeds, load_seeds
from plugin.archive import Archive, open_library
from plugin.digests import Digest, find_digest, load_digests
from plugin.errors import NothingToPublish
from plugin.publishing import make_issue, publish_issue
from plugin.server import serve
from plugin.server.app import create_app

Clock = Callable[[], datetime]

DIGEST_SLUG = "lantern"
DEFAULT_PORT = 8765
_STATE_FILE = ".demo.toml"


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What the demo did.

    Attributes:
        folder: The workspace it wrote: settings, seeds, library and ``public``.
        platform_url: Where the platform was, or is, served.
        crawl: What the crawl did.
        n_articles: Articles in the library.
        n_comments: Comments in the library.
        n_authors: Authors in the library.
        issue_number: The newest issue of the digest.
        n_entries: Its entries.
        is_new_issue: False when nothing was new, so that the last issue stands.
        files: What lies under ``public``, relative to ``folder``, sorted.
    """

    folder: Path
    platform_url: str
    crawl: CrawlReport
    n_articles: int
    n_comments: int
    n_authors: int
    issue_number: int
    n_entries: int
    is_new_issue: bool
    files: tuple[Path, ...]


@contextmanager
def running_demo(
    folder: Path,
    *,
    port: int | None = None,
    faults: tuple[str, ...] = (),
    clock: Clock,
    on_progress: Callable[[CrawlProgress], None] | None = None,
) -> Iterator[DemoReport]:
    """Do the whole job, and keep the platform served until the block ends.

    A second run in the same folder finds the same stories at the same addresses with the same dates, so it
    goes on from what the first one kept, however that ended.

    Args:
        folder: The workspace; made when missing.
        port: Where to serve the platform on loopback; None: as in the folder's first run, else 8765.
        faults: Names of ``crawler.demo.options.FAULT_NAMES``.
        clock: Tells the time.
        on_progress: Called as the crawl goes on.

    Raises:
        ConfigError: The folder can't be written, holds another workspace, or the port is taken.
        GleaningsError: The crawl, the digest or the publishing failed.
    """
    content = bundled_content()
    anchor, chosen_port = _prepare(folder, content, port=port, clock=clock)
    options = DemoOptions(exposes=frozenset({"body", "comments"}), faults=Faults.named(faults))
    platform = DemoPlatform(content, anchor=anchor, clock=clock, options=options)
    config = load_config(folder)
    with _served(platform, chosen_port) as url, open_library(config.database_url) as archive:
        report = crawl(
            load_seeds(config.seeds_dir), archive.store, config=config, clock=clock, on_progress=on_progress
        )
        digest = find_digest(load_digests(config.seeds_dir / "digests"), DIGEST_SLUG)
        number, is_new = _issue(archive, digest, config, clock)
        n_entries = len(archive.get_issue(digest.slug, number).entries)
        yield DemoReport(
            folder=folder,
            platform_url=url,
            crawl=report,
            n_articles=archive.store.articles.count(),
            n_comments=archive.store.comments.count(),
            n_authors=archive.store.authors.count(),
            issue_number=number,
            n_entries=n_entries,
            is_new_issue=is_new,
            files=tuple(
                sorted(path.relative_to(folder) for path in (folder / "public").rglob("*") if path.is_file())
            ),
        )


def serve_feeds(folder: Path, *, port: int) -> None:
    """Serve a demo's feeds and pages on loopback until a signal ends it.

    Raises:
        GleaningsError: The port is taken.
    """
    config = load_config(folder)
    with open_library(config.database_url) as archive:
        serve(create_app(archive, config), host="127.0.0.1", port=port)


def _issue(archive: Archive, digest: Digest, config: Config, clock: Clock) -> tuple[int, bool]:
    """Make and publish an issue; fall back to the last one when nothing is new."""
    try:
        issue = make_issue(archive, digest, now=clock())
        is_new = True
    except NothingToPublish:
        latest = archive.latest_issue(digest.slug)
        if latest is None:
            raise
        issue, is_new = latest, False
    publish_issue(archive, digest, issue, config=config, now=clock())
    return issue.number, is_new


@contextmanager
def _served(platform: DemoPlatform, port: int) -> Iterator[str]:
    try:
        with serve_demo(platform, port=port) as url:
            yield url
    except OSError as error:
        if error.errno is None or "in use" not in str(error.strerror).lower():
            raise
        raise ConfigError(f"port {port} is in use; choose another with --port in a new --dir") from None


def _prepare(folder: Path, content: DemoContent, *, port: int | None, clock: Clock) -> tuple[datetime, int]:
    """Write the workspace once; return the instant that ages count back from, and the port."""
    state_path = folder / _STATE_FILE
    if state_path.is_file():
        state = tomllib.loads(state_path.read_text(encoding="utf-8"))
        if port is not None and port != state["port"]:
            raise ConfigError(
                f"this demo's stories live at port {state['port']}; choose another folder for port {port}",
                path=folder,
            )
        return state["anchor"], state["port"]
    if folder.exists() and not folder.is_dir():
        raise ConfigError("is not a folder", path=folder)
    if folder.is_dir() and any(folder.iterdir()):
        raise ConfigError("is not empty and holds no demo; choose another folder with --dir", path=folder)
    anchor, chosen = clock().replace(microsecond=0), port or DEFAULT_PORT
    try:
        _write_workspace(folder, content, chosen)
        state_path.write_text(f"anchor = {anchor.isoformat()}\nport = {chosen}\n", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"cannot be written ({error.strerror})", path=folder) from None
    return anchor, chosen


def _write_workspace(folder: Path, content: DemoContent, port: int) -> None:
    (folder / "seeds" / "digests").mkdir(parents=True, exist_ok=True)
    (folder / "gleanings.toml").write_text(
        "# The demo's workspace: the platform it crawls is served on this machine.\n"
        f'[crawl]\nallow_private_hosts = ["127.0.0.1:{port}"]\ndefault_delay = "0s"\n',
        encoding="utf-8",
    )
    tables = [
        f'[[publication]]\nslug = {json.dumps("demo-" + community.slug.lower())}\nplatform = "vocal"\n'
        f'name = {json.dumps(community.name)}\nurl = "http://127.0.0.1:{port}/{community.slug}"\n'
        'language = "en"\nevery = "1h"\n'
        for community in content.communities
    ]
    (folder / "seeds" / "demo.toml").write_text("\n".join(tables), encoding="utf-8")
    digest = bundled_seeds() / "demo" / "digest.toml"
    (folder / "seeds" / "digests" / f"{DIGEST_SLUG}.toml").write_text(
        digest.read_text(encoding="utf-8"), encoding="utf-8"
    )
