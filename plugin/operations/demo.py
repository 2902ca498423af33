"""The whole job on the bundled platform: serve it, crawl it, make an issue, publish it into a folder."""

import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.config import CONFIG_FILE, Config, load_config, read_toml
from crawler.demo import DemoOptions, DemoPlatform, Faults, bundled_content, serve_demo
from crawler.demo.content import DemoContent
from crawler.demo.options import FAULT_NAMES
from crawler.errors import ConfigError, GleaningsError
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
_PART = ".part"


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
    content, misbehavior = bundled_content(), _faults_named(faults)
    anchor, chosen_port = _prepare(folder, content, port=port, clock=clock)
    options = DemoOptions(exposes=frozenset({"body", "comments"}), faults=misbehavior)
    platform = DemoPlatform(content, anchor=anchor, clock=clock, options=options)
    config = load_config(folder)
    with _served(platform, chosen_port) as url, open_library(config.database_url) as archive:
        report = crawl(
            load_seeds(config.seeds_dir), archive.store, config=config, clock=clock, on_progress=on_progress
        )
        if report.is_interrupted:
            raise GleaningsError("interrupted; what was fetched is kept, run the demo again to go on", folder)
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


def _faults_named(names: tuple[str, ...]) -> Faults:
    for name in names:
        if name not in FAULT_NAMES:
            raise ConfigError(f'there is no fault "{name}"; known are {", ".join(sorted(FAULT_NAMES))}')
    return Faults.named(names)


def serve_feeds(folder: Path, *, port: int, say: Callable[[str], None]) -> None:
    """Serve a demo's feeds and pages on loopback until a signal ends it.

    Args:
        folder: The demo's workspace.
        port: On loopback.
        say: Told the address once it can be asked at.

    Raises:
        GleaningsError: The port is taken.
    """
    config = load_config(folder)
    with open_library(config.database_url) as archive:
        serve(create_app(archive, config), host="127.0.0.1", port=port, say=say)


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
    state = _read_state(folder)
    if state is None:
        if folder.exists() and not folder.is_dir():
            raise ConfigError("is not a folder", path=folder)
        if folder.is_dir() and any(path.name != _STATE_FILE + _PART for path in folder.iterdir()):
            raise ConfigError("is not empty and holds no demo; choose another folder with --dir", path=folder)
        state = (clock().replace(microsecond=0), port or DEFAULT_PORT)
        _require_free(state[1])
    anchor, chosen = state
    if port is not None and port != chosen:
        raise ConfigError(
            f"this demo's stories live at port {chosen}; choose another folder for port {port}", path=folder
        )
    try:
        _write_workspace(folder, content, anchor, chosen)
    except OSError as error:
        raise ConfigError(f"cannot be written ({error.strerror})", path=folder) from None
    return anchor, chosen


def _read_state(folder: Path) -> tuple[datetime, int] | None:
    """Return the anchor and the port of a demo made before in this folder, or None."""
    path = folder / _STATE_FILE
    if not path.is_file():
        return None
    state = read_toml(path)
    anchor, port = state.get("anchor"), state.get("port")
    if not isinstance(anchor, datetime) or anchor.tzinfo is None or not isinstance(port, int):
        raise ConfigError("holds a damaged demo; choose another folder with --dir", path=folder)
    return anchor, port


def _require_free(port: int) -> None:
    """Refuse a port that is taken before anything is written that would tie the demo to it."""
    try:
        with socket.create_server(("127.0.0.1", port)):
            pass
    except OSError as error:
        reason = os.strerror(error.errno or 0).lower()
        raise ConfigError(f"port {port} cannot be used ({reason}); choose another with --port") from None


def _write_workspace(folder: Path, content: DemoContent, anchor: datetime, port: int) -> None:
    """Write what is missing, the state first: after a kill at any instant the next run goes on."""
    digest = bundled_seeds() / "demo" / "digest.toml"
    for name, text in {
        _STATE_FILE: f"anchor = {anchor.isoformat()}\nport = {port}\n",
        CONFIG_FILE: _settings_text(port),
        "seeds/demo.toml": _seeds_text(content, port),
        f"seeds/digests/{DIGEST_SLUG}.toml": digest.read_text(encoding="utf-8"),
    }.items():
        path = folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(path.name + _PART)
            part.write_text(text, encoding="utf-8")
            part.replace(path)


def _settings_text(port: int) -> str:
    return (
        "# The demo's workspace: the platform it crawls is served on this machine.\n"
        f'[crawl]\nallow_private_hosts = ["127.0.0.1:{port}"]\ndefault_delay = "0s"\n'
    )


def _seeds_text(content: DemoContent, port: int) -> str:
    tables = [
        f'[[publication]]\nslug = {json.dumps("demo-" + community.slug.lower())}\nplatform = "vocal"\n'
        f'name = {json.dumps(community.name)}\nurl = "http://127.0.0.1:{port}/{community.slug}"\n'
        'language = "en"\nevery = "1h"\n'
        for community in content.communities
    ]
    return "\n".join(tables)
