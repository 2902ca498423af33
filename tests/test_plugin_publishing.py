"""Issues become documents in folders: whole, in one step each, the same addresses as the served ones."""

import json
import os
import re
import threading
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from crawler.config import Config, load_config
from plugin.archive import open_library
from plugin.digests import OutletSettings, load_digests
from plugin.errors import (
    DigestError,
    IssueNotFound,
    OutletRejected,
    OutletUnavailable,
    UnknownFormat,
    UnknownOutlet,
)
from plugin.formats import Document
from plugin.outlets import OUTLETS, FolderOutlet, PushReport, open_outlet
from plugin.outlets import folder as folder_module
from plugin.publishing import PublishReport, is_published, make_issue, publish_issue, pushing, render_issue
from plugin.publishing.pushing import OutletResult
from tests.curating import NOW, make_digest, make_page, make_reply

DAY = timedelta(days=1)
ALL = ["rss", "atom", "json", "html", "markdown", "text", "email"]


@pytest.fixture
def archive():
    with open_library("sqlite://") as opened:
        comments = (make_reply(1, "I lived there."),)
        opened.store.save_pages(
            [make_page(n, seen_at=NOW - n * timedelta(hours=1), comments=comments) for n in range(1, 10)]
        )
        yield opened


@pytest.fixture
def digest():
    return make_digest(formats=ALL, limits={"entries": 3}, outlet=[{"kind": "folder", "path": "public"}])


@pytest.fixture
def config(tmp_path) -> Config:
    return load_config(tmp_path)


def make(archive, digest, count):
    return [make_issue(archive, digest, now=NOW + n * DAY) for n in range(count)]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


class Links(HTMLParser):
    def __init__(self, page: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


# Documents


def test_a_folder_holds_the_served_addresses(archive, digest, config, tmp_path):
    [issue] = make(archive, digest, 1)
    report = publish_issue(archive, digest, issue, config=config, now=NOW)
    assert set(files(tmp_path / "public")) == {
        "index.html",
        "digests/ai/index.html",
        "digests/ai/feed.rss",
        "digests/ai/feed.atom",
        "digests/ai/feed.json",
        "digests/ai/issues.rss",
        "digests/ai/issues.atom",
        "digests/ai/issues.json",
        "digests/ai/archive/1.atom",
        "digests/ai/1/index.html",
        "digests/ai/1/issue.md",
        "digests/ai/1/issue.txt",
        "digests/ai/1/issue.eml",
    }
    assert report.exit_code == 0
    assert report.failures == []
    assert report.lines == [f"Published ai 1 to folder {tmp_path / 'public'}: 13 written, 0 unchanged."]
    [push] = archive.pushes("ai", 1)
    assert (push.outlet, push.pushed_at, push.error) == (f"folder {tmp_path / 'public'}", NOW, None)


@pytest.mark.parametrize("formats", [["atom"], ["html"], ["markdown"], ["rss", "text"], []])
def test_only_the_formats_asked_for_are_written(archive, config, tmp_path, formats):
    digest = make_digest(formats=formats, outlet=[{"kind": "folder", "path": "public"}])
    [issue] = make(archive, digest, 1)
    publish_issue(archive, digest, issue, config=config, now=NOW)
    endings = {"atom": ".atom", "html": ".html", "markdown": ".md", "rss": ".rss", "text": ".txt"}
    assert {Path(name).suffix for name in files(tmp_path / "public")} == {endings[each] for each in formats}


def test_every_link_between_the_pages_of_a_folder_leads_to_a_file(archive, digest, config, tmp_path):
    for issue in make(archive, digest, 3):
        publish_issue(archive, digest, issue, config=config, now=NOW)
    public = tmp_path / "public"
    seen = 0
    for page in public.rglob("*.html"):
        for link in Links(page.read_text(encoding="utf-8")).found:
            if re.match(r"[a-z]+:|#", link):
                assert not link.startswith("javascript")
                continue
            target = (page.parent / link.partition("#")[0]).resolve()
            assert target.is_file(), f"{page.relative_to(public)} links to {link}"
            seen += 1
    assert seen > 10


def test_the_feeds_of_a_folder_read_alike(archive, digest, config, tmp_path):
    issues = make(archive, digest, 2)
    publish_issue(archive, digest, issues[-1], config=config, now=NOW)
    home = tmp_path / "public" / "digests" / "ai"
    expected = [entry.guid for issue in reversed(issues) for entry in issue.entries]
    for name in ("feed.rss", "feed.atom"):
        feed = feedparser.parse((home / name).read_bytes())
        assert not feed.bozo
        assert [entry.id for entry in feed.entries] == expected
        assert all(entry.link.startswith("https://site.example/") for entry in feed.entries)
    items = json.loads((home / "feed.json").read_bytes())["items"]
    assert [item["id"] for item in items] == expected
    assert [entry.id for entry in feedparser.parse((home / "issues.atom").read_bytes()).entries] == [
        issue.guid for issue in reversed(issues)
    ]


def test_a_folder_links_to_no_page_that_only_a_server_has(archive, digest, config, tmp_path):
    [issue] = make(archive, digest, 1)
    publish_issue(archive, digest, issue, config=config, now=NOW)
    for name, content in files(tmp_path / "public").items():
        assert b"/articles/" not in re.sub(rb"tag:gleanings[^<\"]*", b"", content), name


def addresses_in(document: bytes) -> list[str]:
    """Return what an XML or JSON feed gives as addresses, as written."""
    if document.startswith(b"<"):
        root = etree.fromstring(document)
        texts = [each.text or "" for each in root.iter("link", "{*}uri", "{*}commentRss", "comments")]
        return [*root.xpath("//@href | //@url"), *filter(None, texts)]
    return re.findall(r'"(?:\w+_)?url": "([^"]*)"', document.decode())


@pytest.mark.parametrize("formats", [ALL, ["rss", "atom"], ["json"]], ids=str)
def test_without_a_public_address_a_folder_can_stand_anywhere(archive, config, tmp_path, formats):
    """Opened from disk or under any prefix: no link of the site's own counts from the host's root."""
    digest = make_digest(
        formats=formats, limits={"entries": 3}, outlet=[{"kind": "folder", "path": "public"}]
    )
    for issue in make(archive, digest, 3):
        publish_issue(archive, digest, issue, config=config, now=NOW)
    public, n_relative = tmp_path / "public", 0
    for name, content in files(public).items():
        if Path(name).suffix not in (".rss", ".atom", ".json"):
            continue
        for link in addresses_in(content):
            if re.match("https?://", link):
                continue
            assert name.endswith(".atom"), f"{name} links to {link}"
            target = (public / name).parent / link
            assert (target / "index.html" if link.endswith("/") else target).is_file(), f"{name}: {link}"
            n_relative += 1
    assert n_relative > 10 or "atom" not in formats


def test_a_folder_under_a_prefix_is_read_whole_from_its_atom_feed(archive, digest, config, tmp_path):
    for issue in make(archive, digest, 3):
        publish_issue(archive, digest, issue, config=config, now=NOW)
    home = "https://me.example/some/prefix/"
    headers = {"content-location": f"{home}digests/ai/issues.atom"}
    content = (tmp_path / "public/digests/ai/issues.atom").read_bytes()
    feed = feedparser.parse(content, response_headers=headers)
    assert {link.rel: link.href for link in feed.feed.links} == {
        "alternate": f"{home}digests/ai/",
        "self": f"{home}digests/ai/issues.atom",
    }
    assert [entry.link for entry in feed.entries] == [f"{home}digests/ai/{n}/" for n in (3, 2, 1)]


@pytest.mark.parametrize("base_url", ["https://me.example/feeds", "https://me.example/feeds/"])
def test_with_a_public_address_feeds_carry_whole_links(archive, digest, tmp_path, base_url):
    config = load_config(tmp_path, options={"server": {"base_url": base_url}})
    [issue] = make(archive, digest, 1)
    publish_issue(archive, digest, issue, config=config, now=NOW)
    feed = feedparser.parse((tmp_path / "public/digests/ai/feed.atom").read_bytes())
    assert {link.rel: link.href for link in feed.feed.links}[
        "self"
    ] == "https://me.example/feeds/digests/ai/feed.atom"


def test_feeds_link_to_no_page_that_is_not_published(archive, tmp_path):
    config = load_config(tmp_path, options={"server": {"base_url": "https://me.example"}})
    digest = make_digest(formats=["rss", "atom", "json"], outlet=[{"kind": "folder", "path": "public"}])
    [issue] = make(archive, digest, 1)
    publish_issue(archive, digest, issue, config=config, now=NOW)
    for name, content in files(tmp_path / "public").items():
        own = [link for link in addresses_in(content) if link.startswith("https://me.example")]
        assert own, name
        assert not any(link.endswith("/") for link in own), name


def test_publishing_again_touches_nothing(archive, digest, config, tmp_path):
    [issue] = make(archive, digest, 1)
    publish_issue(archive, digest, issue, config=config, now=NOW)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "public").rglob("*")}
    report = publish_issue(archive, digest, issue, config=config, now=NOW)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "public").rglob("*")} == before
    assert report.results[0].report == PushReport((), 13)


def test_a_new_issue_changes_the_page_before_it_and_no_older_one(archive, digest, config):
    for n in range(3):
        issue = make_issue(archive, digest, now=NOW + n * DAY)
        report = publish_issue(archive, digest, issue, config=config, now=NOW)
    written = set(report.results[0].report.written)
    assert {"digests/ai/2/index.html", "digests/ai/archive/2.atom", "digests/ai/3/index.html"} <= written
    assert not any("/1/" in name or "archive/1" in name for name in written)


def test_issues_that_an_outlet_lacks_are_pushed_with_the_next(archive, digest, config, tmp_path):
    issues = make(archive, digest, 3)
    publish_issue(archive, digest, issues[-1], config=config, now=NOW)
    assert all((tmp_path / "public/digests/ai" / f"{n}" / "issue.md").is_file() for n in (1, 2, 3))
    (tmp_path / "public/digests/ai/archive/1.atom").unlink()
    publish_issue(archive, digest, issues[-1], config=config, now=NOW)
    assert (tmp_path / "public/digests/ai/archive/1.atom").is_file()


def test_an_issue_links_to_the_next_also_where_that_was_pushed_later(archive, digest, config, tmp_path):
    publish_issue(archive, digest, *make(archive, digest, 1), config=config, now=NOW)
    make_issue(archive, digest, now=NOW + DAY)
    latest = make_issue(archive, digest, now=NOW + 2 * DAY)
    publish_issue(archive, digest, latest, config=config, now=NOW)
    publish_issue(archive, digest, latest, config=config, to=str(tmp_path / "at once"), now=NOW)
    assert files(tmp_path / "public") == files(tmp_path / "at once")


def test_the_archive_of_a_folder_holds_every_entry_of_large_issues_once(tmp_path):
    digest = make_digest(formats=["rss", "atom"], limits={"entries": 120})
    config = load_config(tmp_path, options={"server": {"base_url": "https://me.example"}})
    with open_library("sqlite://") as archive:
        archive.store.save_pages(
            [make_page(n, seen_at=NOW - n * timedelta(minutes=1)) for n in range(1, 172)]
        )
        issues = make(archive, digest, 2)
        for issue in issues:
            publish_issue(archive, digest, issue, config=config, to=str(tmp_path / "out"), now=NOW)
    expected = [entry.guid for issue in reversed(issues) for entry in issue.entries]
    assert len(expected) == 171
    for first in ("feed.atom", "feed.rss"):
        met, address = [], f"https://me.example/digests/ai/{first}"
        while address:
            file = tmp_path / "out" / address.removeprefix("https://me.example/")
            feed = feedparser.parse(file.read_bytes())
            met += [entry.id for entry in feed.entries]
            address = {link.rel: link.href for link in feed.feed.links}.get("prev-archive")
        assert met == expected


def test_the_page_of_a_long_series_in_a_folder_says_where_the_older_issues_are(config, tmp_path):
    digest = make_digest(
        formats=["html"],
        limits={"entries": 1, "carry_over": 60},
        outlet=[{"kind": "folder", "path": "public"}],
    )
    with open_library("sqlite://") as archive:
        archive.store.save_pages([make_page(n, seen_at=NOW - n * timedelta(minutes=1)) for n in range(1, 53)])
        issues = make(archive, digest, 52)
        publish_issue(archive, digest, issues[-1], config=config, now=NOW)
    index = (tmp_path / "public/digests/ai/index.html").read_text(encoding="utf-8")
    links = [link for link in Links(index).found if link.endswith("/index.html")]
    assert links == [*(f"{number}/index.html" for number in range(52, 2, -1)), "2/index.html"]
    assert "Older issues" in index


def test_a_takedown_replaces_what_was_written(archive, digest, config, tmp_path):
    issues = make(archive, digest, 2)
    publish_issue(archive, digest, issues[-1], config=config, now=NOW)
    entry = issues[0].entries[0]
    assert any(entry.url.encode() in content for content in files(tmp_path / "public").values())
    for slug, number in archive.redact([entry.article_id], at=NOW + 9 * DAY):
        publish_issue(archive, digest, archive.get_issue(slug, number), config=config, now=NOW)
    for name, content in files(tmp_path / "public").items():
        # "story-1" is not "story-10"
        assert not re.search(entry.url.encode() + rb"(?!\d)", content), name
        assert f"Body of story {entry.article_id}.".encode() not in content, name


def test_digests_that_share_a_folder_share_its_front_page(archive, config, tmp_path):
    folder = tmp_path / "seeds" / "digests"
    folder.mkdir(parents=True)
    for slug, outlet in (("art", "public"), ("tech", "public"), ("far", "elsewhere")):
        (folder / f"{slug}.toml").write_text(
            f'title = "All {slug}"\n[[outlet]]\nkind = "folder"\npath = "{outlet}"\n', encoding="utf-8"
        )
    (folder / "odd.toml").write_text('title = "Odd"\n[[outlet]]\nkind = "ftp"\n', encoding="utf-8")
    for digest in load_digests(folder):
        if digest.slug != "odd":
            publish_issue(archive, digest, make_issue(archive, digest, now=NOW), config=config, now=NOW)
    page = (tmp_path / "public" / "index.html").read_text(encoding="utf-8")
    assert "All art" in page
    assert "All tech" in page
    assert "All far" not in page


def test_a_folder_is_the_same_from_wherever_it_is_named(archive, digest, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    [issue] = make(archive, digest, 1)
    publish_issue(archive, digest, issue, config=load_config(Path()), now=NOW)
    assert [push.outlet for push in archive.pushes("ai", 1)] == [f"folder {tmp_path / 'public'}"]
    assert is_published(archive, digest, issue, config=load_config(tmp_path))
    publish_issue(archive, digest, issue, config=load_config(tmp_path), to="./other/../public/", now=NOW)
    assert len(archive.pushes("ai", 1)) == 1


# Choosing outlets


def test_a_digest_without_outlet_is_told_what_to_do(archive, config):
    digest = make_digest()
    [issue] = make(archive, digest, 1)
    with pytest.raises(
        DigestError, match=r'the digest "ai" has no \[\[outlet\]\]; add one, or name a folder with --to'
    ):
        publish_issue(archive, digest, issue, config=config, now=NOW)


@pytest.mark.parametrize("name", ["elsewhere", "a/b/c"])
def test_a_folder_can_be_named(archive, digest, config, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    [issue] = make(archive, digest, 1)
    publish_issue(archive, digest, issue, config=config, now=NOW, to=name)
    assert (tmp_path / name / "digests/ai/1/index.html").is_file()
    assert not (tmp_path / "public").exists()


def test_an_outlet_can_be_named_by_its_kind(archive, digest, config, tmp_path):
    [issue] = make(archive, digest, 1)
    publish_issue(archive, digest, issue, config=config, now=NOW, to="folder")
    assert (tmp_path / "public" / "index.html").is_file()
    with pytest.raises(UnknownOutlet, match='has no outlet of kind "folder"'):
        publish_issue(archive, make_digest(), issue, config=config, now=NOW, to="folder")


def test_an_unknown_kind_of_outlet_is_told_the_nearest(config):
    with pytest.raises(UnknownOutlet, match='no outlet is of kind "foldr"; did you mean "folder"'):
        open_outlet(OutletSettings(kind="foldr"), workspace=config.workspace)
    with pytest.raises(UnknownOutlet, match="known are folder"):
        open_outlet(OutletSettings(kind="zzz"), workspace=config.workspace)
    with pytest.raises(DigestError, match='needs the key "path"'):
        open_outlet(OutletSettings(kind="folder"), workspace=config.workspace)


def test_an_unknown_format_is_refused_before_anything_is_written(archive, config, tmp_path):
    digest = make_digest(formats=["html", "atmo"], outlet=[{"kind": "folder", "path": "public"}])
    issue = make_issue(archive, digest, now=NOW)
    with pytest.raises(UnknownFormat, match='did you mean "atom"'):
        publish_issue(archive, digest, issue, config=config, now=NOW)
    assert not (tmp_path / "public").exists()


# One outlet's failure


class BrokenOutlet:
    kind, place = "broken", "nowhere"

    def __init__(self, error):
        self.error = error

    def holds(self, address):
        return False

    def push(self, documents):
        raise self.error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OutletUnavailable("is not there now", "nowhere"), "is not there now: nowhere"),
        (ZeroDivisionError("a bug"), "the outlet failed: broken nowhere: ZeroDivisionError: a bug"),
    ],
)
def test_one_outlet_that_fails_does_not_stop_another(
    archive, digest, config, tmp_path, monkeypatch, error, words
):
    monkeypatch.setattr(
        pushing, "_choose_outlets", lambda *_: [BrokenOutlet(error), FolderOutlet(tmp_path / "public")]
    )
    [issue] = make(archive, digest, 1)
    report = publish_issue(archive, digest, issue, config=config, now=NOW)
    assert (report.exit_code, report.failures) == (3, [words])
    assert len(report.lines) == 1
    assert (tmp_path / "public" / "index.html").is_file()
    assert [push.error for push in archive.pushes("ai", 1)] == [words, None]


def test_an_issue_is_published_when_every_outlet_was_reached(archive, config, tmp_path):
    (tmp_path / "file").write_text("in the way")
    digest = make_digest(outlet=[{"kind": "folder", "path": "public"}, {"kind": "folder", "path": "file"}])
    issue = make_issue(archive, digest, now=NOW)
    assert not is_published(archive, digest, issue, config=config)
    assert publish_issue(archive, digest, issue, config=config, now=NOW).exit_code == 3
    assert not is_published(archive, digest, issue, config=config)
    (tmp_path / "file").unlink()
    assert publish_issue(archive, digest, issue, config=config, now=NOW).exit_code == 0
    assert is_published(archive, digest, issue, config=config)
    assert is_published(archive, make_digest(), issue, config=config)


def test_when_every_outlet_fails_publishing_failed():
    assert PublishReport("ai", 1, (OutletResult("a", error="no"),)).exit_code == 1


# The folder


def document(text: str) -> Document:
    return Document(text.encode(), "text/plain; charset=utf-8", "a.txt")


def test_files_are_made_where_they_belong_and_replaced_whole(tmp_path):
    outlet = FolderOutlet(tmp_path / "a" / "b")
    assert outlet.push({"x/1.txt": document("one"), "y.txt": document("two")}) == PushReport(
        ("x/1.txt", "y.txt"), 0
    )
    assert outlet.push({"x/1.txt": document("1"), "y.txt": document("two")}) == PushReport(("x/1.txt",), 1)
    assert files(tmp_path / "a" / "b") == {"x/1.txt": b"1", "y.txt": b"two"}
    assert outlet.holds("y.txt")
    assert not outlet.holds("x")


def test_a_reader_never_sees_half_a_file(tmp_path):
    outlet = FolderOutlet(tmp_path)
    texts = {letter * 400_000 for letter in "ab"}
    outlet.push({"f": document(next(iter(texts)))})
    seen, stop = set(), threading.Event()

    def read():
        while not stop.is_set():
            seen.add((tmp_path / "f").read_text())

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(30):
        for text in texts:
            outlet.push({"f": document(text)})
    stop.set()
    reader.join()
    assert seen <= texts


def test_what_a_killed_push_left_behind_is_written_over(tmp_path):
    (tmp_path / ".f.part").write_text("half of")
    FolderOutlet(tmp_path).push({"f": document("whole")})
    assert files(tmp_path) == {"f": b"whole"}


def test_publishers_take_turns(tmp_path):
    outlets = [FolderOutlet(tmp_path) for _ in range(4)]
    texts = [f"{n}" * 50_000 for n in range(4)]
    threads = [
        threading.Thread(target=lambda n=n: [outlets[n].push({"f": document(texts[n])}) for _ in range(10)])
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / "f").read_text() in texts
    assert set(files(tmp_path)) == {"f"}


def test_a_path_that_is_no_folder_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(OutletRejected) as caught:
            FolderOutlet(path).push({"f": document("x")})
        assert str(caught.value) == f"cannot be written: it is not a folder: {path}"


def test_a_folder_in_a_files_place_is_refused(tmp_path):
    (tmp_path / "f").mkdir()
    with pytest.raises(OutletRejected, match="is not a folder"):
        FolderOutlet(tmp_path).push({"f": document("x")})


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_folder_is_told_in_one_sentence(tmp_path):
    folder = tmp_path / "public"
    folder.mkdir(mode=0o555)
    with pytest.raises(
        OutletRejected, match=r"cannot be written \(Permission denied\); check the folder and its rights"
    ):
        FolderOutlet(folder).push({"f": document("x")})


@pytest.mark.parametrize(
    ("number", "kind"), [(13, OutletRejected), (30, OutletRejected), (28, OutletUnavailable)]
)
def test_what_the_disk_says_decides_whether_to_try_again(tmp_path, monkeypatch, number, kind):
    def fail(path, content):
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(folder_module, "_write", fail)
    with pytest.raises(kind, match=re.escape(f"cannot be written ({os.strerror(number)})")):
        FolderOutlet(tmp_path).push({"f": document("x")})


def test_a_lock_that_fails_for_another_reason_is_told(tmp_path, monkeypatch):
    def refuse(_handle, _mode):
        raise OSError(5, os.strerror(5))

    monkeypatch.setattr(folder_module.fcntl, "flock", refuse)
    with pytest.raises(OutletUnavailable):
        FolderOutlet(tmp_path).push({"f": document("x")})


@pytest.mark.parametrize("number", [37, 95])
def test_a_file_system_without_locks_is_written_all_the_same(tmp_path, monkeypatch, number):
    def refuse(_handle, _mode):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(folder_module.fcntl, "flock", refuse)
    FolderOutlet(tmp_path).push({"f": document("x")})
    assert files(tmp_path) == {"f": b"x"}


def test_every_outlet_is_in_the_list_once():
    kinds = [outlet.kind for outlet in OUTLETS]
    assert kinds == sorted(set(kinds)) == ["folder"]


# Rendering one issue


def test_an_issue_rendered_alone_links_to_nothing_beside_it(archive, digest, config):
    make(archive, digest, 3)
    for name in ("rss", "atom", "json"):
        links = addresses_in(render_issue(archive, digest, 2, name, config=config).content)
        assert links
        assert all(re.match("https?://", link) for link in links)
    page = render_issue(archive, digest, 2, "html", config=config).content.decode()
    assert all(re.match(r"[a-z]+:|#", link) for link in Links(page).found)


def test_an_issue_is_rendered_in_any_format(archive, digest, config):
    first, second = make(archive, digest, 2)
    for name in ALL:
        newest = render_issue(archive, digest, None, name, config=config)
        older = render_issue(archive, digest, 1, name, config=config)
        assert second.entries[0].headline.encode() in newest.content
        assert first.entries[0].headline.encode() in older.content
    with pytest.raises(UnknownFormat):
        render_issue(archive, digest, 1, "pdf", config=config)
    with pytest.raises(IssueNotFound, match="no issue has that number: ai 9"):
        render_issue(archive, digest, 9, "html", config=config)
    with pytest.raises(IssueNotFound, match="no issue yet; `gleanings digest make none` makes the first one"):
        render_issue(archive, make_digest("none"), None, "html", config=config)
