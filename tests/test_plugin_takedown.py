"""Takedown: gone from the library, from search, from issues, from published folders, and kept out for good."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.config import load_config
from crawler.errors import ArticleNotFound, ConfigError
from crawler.records import ArticleRecord, AuthorRecord, AuthorRef, CommentRecord, build_record
from crawler.store.views import PageSave
from plugin.archive import Archive, open_library
from plugin.digests import Content, Digest, OutletSettings
from plugin.operations.takedown import format_takedown, take_down
from plugin.publishing import make_issue, publish_issue

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
AUTHOR = "https://vocal.media/authors/odalys"
DIGEST = Digest(
    slug="weekly",
    title="Weekly",
    window=timedelta(days=3650),
    content=Content(comments=5),
    formats=("rss", "atom", "json", "html", "markdown", "text"),
    outlet=(OutletSettings(kind="folder", path=Path("public")),),
)


def page(slug: str, *, author: str = AUTHOR, words: str = "herons") -> PageSave:
    url = f"https://vocal.media/hedgerow/{slug}"
    text = f"All about {words} and nothing else, in the {slug} of the year."
    article = build_record(
        ArticleRecord, platform="vocal", url=url, canonical_url=url, headline=f"The {slug}",
        authors=[AuthorRef(name=author.rpartition("/")[2].title(), url=author)],
        body_html=f"<p>{text}</p>", body_text=text, word_count=11, comments_complete=True,
    )  # fmt: skip
    comment = build_record(
        CommentRecord, article_url=url, platform_id=f"c-{slug}", author_name="Fenwick",
        author_url="https://vocal.media/authors/fenwick", body_html="<p>Well watched.</p>", body_text="Well watched.",
    )  # fmt: skip
    person = build_record(AuthorRecord, platform="vocal", url=author, name=author.rpartition("/")[2].title())
    return PageSave(seen_at=NOW, article=article, comments=(comment,), authors=(person,))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_library(f"sqlite:///{tmp_path}/gleanings.db") as opened:
        opened.store.save_pages(
            [
                page("heron"),
                page("otter", words="otters"),
                page("lock", words="locks", author="https://vocal.media/authors/bram"),
            ]
        )
        yield opened


def publish(archive: Archive, folder: Path) -> None:
    issue = make_issue(archive, DIGEST, now=NOW)
    publish_issue(archive, DIGEST, issue, config=load_config(folder), now=NOW)


def published_text(folder: Path) -> str:
    files = [path for path in (folder / "public").rglob("*") if path.is_file()]
    assert files
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_an_article_goes_from_every_place(archive: Archive, tmp_path: Path) -> None:
    publish(archive, tmp_path)
    assert "herons" in published_text(tmp_path)
    url = "https://vocal.media/hedgerow/heron"
    report = take_down(
        archive, url, digests=[DIGEST], config=load_config(tmp_path), now=NOW + timedelta(hours=1)
    )
    assert (report.exit_code, report.issues) == (0, (("weekly", 1),))
    assert "herons" not in published_text(tmp_path), "folders are written again"
    assert "otters" in published_text(tmp_path)
    assert archive.store.articles.find(url) is None
    assert not archive.store.search.find("herons").items
    issue = archive.get_issue("weekly", 1)
    assert len(issue.entries) == 3, "the issue keeps its number and its places"
    assert [entry.is_gone for entry in issue.entries].count(True) == 1
    assert "herons" not in issue.model_dump_json()
    assert "1 article, 1 comment" in format_takedown(report)


def test_an_article_goes_from_folders_that_only_a_later_issue_was_published_to(
    archive: Archive, tmp_path: Path
) -> None:
    config = load_config(tmp_path)
    first = make_issue(archive, DIGEST, now=NOW)
    archive.store.save_pages([page("frog", words="frogs")])
    second = make_issue(archive, DIGEST, now=NOW + timedelta(days=7))
    publish_issue(archive, DIGEST, first, config=config, to=str(tmp_path / "first"), now=NOW)
    later = NOW + timedelta(days=8)
    publish_issue(archive, DIGEST, second, config=config, to=str(tmp_path / "public"), now=later)
    assert "herons" in published_text(tmp_path)
    url = "https://vocal.media/hedgerow/heron"
    report = take_down(archive, url, digests=[DIGEST], config=config, now=later)
    assert (report.exit_code, report.issues) == (0, (("weekly", 1),))
    assert set(report.places) == {f"folder {tmp_path / name}" for name in ("first", "public")}
    assert "herons" not in published_text(tmp_path)
    assert "frogs" in published_text(tmp_path)
    report = take_down(
        archive, "https://vocal.media/hedgerow/frog", digests=[DIGEST], config=config, now=later
    )
    assert (report.exit_code, report.issues) == (0, (("weekly", 2),))
    assert "frogs" not in published_text(tmp_path)


def test_no_crawl_brings_it_back(archive: Archive, tmp_path: Path) -> None:
    url = "https://vocal.media/hedgerow/heron"
    take_down(archive, url, digests=[DIGEST], config=load_config(tmp_path), now=NOW)
    (saved,) = archive.store.save_pages([page("heron")])
    assert saved.taken_down
    assert archive.store.articles.find(url) is None


def test_an_author_goes_with_everything_of_theirs(archive: Archive, tmp_path: Path) -> None:
    publish(archive, tmp_path)
    report = take_down(archive, AUTHOR, digests=[DIGEST], config=load_config(tmp_path), now=NOW)
    assert (len(report.target.article_ids), len(report.target.author_ids)) == (2, 1)
    assert archive.store.articles.count() == 1
    text = published_text(tmp_path)
    assert "Odalys" not in text
    assert "The lock" in text


def test_a_commenter_goes_from_the_quotes_too(archive: Archive, tmp_path: Path) -> None:
    publish(archive, tmp_path)
    assert "Fenwick" in published_text(tmp_path)
    take_down(
        archive,
        "https://vocal.media/authors/fenwick",
        digests=[DIGEST],
        config=load_config(tmp_path),
        now=NOW,
    )
    assert "Fenwick" not in published_text(tmp_path)
    assert archive.store.articles.count() == 3


def test_doing_it_again_changes_nothing_more(archive: Archive, tmp_path: Path) -> None:
    publish(archive, tmp_path)
    config = load_config(tmp_path)
    take_down(archive, AUTHOR, digests=[DIGEST], config=config, now=NOW)
    before = published_text(tmp_path)
    again = take_down(archive, AUTHOR, digests=[DIGEST], config=config, now=NOW + timedelta(days=1))
    assert not again.target.article_ids
    assert published_text(tmp_path) == before


def test_a_folder_that_cannot_be_written_is_told_of(archive: Archive, tmp_path: Path) -> None:
    publish(archive, tmp_path)
    moved = tmp_path / "elsewhere"
    (tmp_path / "public").rename(moved)
    (tmp_path / "public").write_text("in the way")
    report = take_down(archive, AUTHOR, digests=[DIGEST], config=load_config(tmp_path), now=NOW)
    assert report.exit_code == 3
    assert "public" in report.failures[0]


HERON = "https://vocal.media/hedgerow/heron"
LATER = NOW + timedelta(hours=1)


def test_a_folder_named_from_elsewhere_is_found_again(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    issue = make_issue(archive, DIGEST, now=NOW)
    publish_issue(archive, DIGEST, issue, config=load_config(tmp_path), to="public", now=NOW)
    monkeypatch.chdir(tmp_path / "there")
    report = take_down(archive, HERON, digests=[DIGEST], config=load_config(tmp_path), now=LATER)
    assert (report.places, report.failures) == ((f"folder {tmp_path / 'here' / 'public'}",), ())
    assert "herons" not in published_text(tmp_path / "here")
    assert list((tmp_path / "there").iterdir()) == []


def test_the_folder_of_a_workspace_that_was_moved_is_found_and_no_other_made(
    archive: Archive, tmp_path: Path
) -> None:
    (tmp_path / "old").mkdir()
    publish(archive, tmp_path / "old")
    (tmp_path / "old").rename(tmp_path / "new")
    report = take_down(archive, HERON, digests=[DIGEST], config=load_config(tmp_path / "new"), now=LATER)
    assert (report.places, report.failures) == ((f"folder {tmp_path / 'new' / 'public'}",), ())
    assert "herons" not in published_text(tmp_path / "new")
    assert not (tmp_path / "old").exists()


def test_a_folder_that_is_not_there_any_more_is_told_of_and_not_made_anew(
    archive: Archive, tmp_path: Path
) -> None:
    issue = make_issue(archive, DIGEST, now=NOW)
    for place in (None, str(tmp_path / "stick")):
        publish_issue(archive, DIGEST, issue, config=load_config(tmp_path), to=place, now=NOW)
    (tmp_path / "stick").rename(tmp_path / "elsewhere")
    report = take_down(archive, HERON, digests=[DIGEST], config=load_config(tmp_path), now=LATER)
    assert report.places == (f"folder {tmp_path / 'public'}",)
    [failure] = report.failures
    assert failure.startswith(f"{tmp_path / 'stick'} does not hold issue 1 of weekly any more")
    assert not (tmp_path / "stick").exists()


def test_what_was_published_in_a_format_that_was_dropped_since_is_replaced_too(
    archive: Archive, tmp_path: Path
) -> None:
    publish(archive, tmp_path)
    fewer = DIGEST.model_copy(update={"formats": ("rss",)})
    report = take_down(archive, HERON, digests=[fewer], config=load_config(tmp_path), now=LATER)
    assert report.failures == ()
    assert "herons" not in published_text(tmp_path)


def test_doing_it_again_finishes_what_a_failure_left_undone(archive: Archive, tmp_path: Path) -> None:
    publish(archive, tmp_path)
    page_file = tmp_path / "public" / "digests" / "weekly" / "1" / "index.html"
    kept = page_file.read_bytes()
    page_file.unlink()
    page_file.mkdir()
    (page_file / "in-the-way").touch()
    config = load_config(tmp_path)
    first = take_down(archive, HERON, digests=[DIGEST], config=config, now=LATER)
    assert first.exit_code == 3
    (page_file / "in-the-way").unlink()
    page_file.rmdir()
    page_file.write_bytes(kept)
    again = take_down(archive, HERON, digests=[DIGEST], config=config, now=LATER)
    assert again.places == (f"folder {tmp_path / 'public'}",)
    assert again.exit_code == 0
    assert "herons" not in published_text(tmp_path)


def test_what_is_no_address_is_refused(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='"heron" is not a web address'):
        take_down(archive, "heron", digests=[], config=load_config(tmp_path), now=NOW)


def test_the_row_is_gone_for_good(archive: Archive, tmp_path: Path) -> None:
    view = archive.store.articles.find("https://vocal.media/hedgerow/heron")
    assert view is not None
    take_down(
        archive, "https://vocal.media/hedgerow/heron", digests=[], config=load_config(tmp_path), now=NOW
    )
    with pytest.raises(ArticleNotFound):
        archive.store.articles.get(view.id)
