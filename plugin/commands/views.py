"""What the plugin's commands print."""

import shlex
import shutil
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.context import Session, print_data, print_json
from plugin.commands.library import Workspace
from plugin.issues import Entry, Erratum, Issue
from plugin.selection import Chosen, Rejected, Selection

if TYPE_CHECKING:
    from plugin.operations.demo import DemoReport


def digest_rows(workspace: Workspace) -> list[dict[str, Any]]:
    """Return one row for each digest with what became of it."""
    rows = []
    for digest in workspace.digests:
        issues = workspace.archive.issues(digest.slug)
        rows.append(
            {
                "slug": digest.slug,
                "title": digest.title,
                "cadence": digest.cadence,
                "issues": len(issues),
                "last_made_at": max((issue.made_at for issue in issues), default=None),
            }
        )
    return rows


def print_selection(session: Session, selection: Selection, *, why: bool) -> None:
    """Print what an issue would hold; with ``why`` also what it would not, and every score."""
    if session.as_json:
        print_json(_selection_rows(selection))
        return
    if not selection.chosen:
        session.say("Nothing would be in the next issue.")
    for place, chosen in enumerate(selection.chosen, 1):
        section = f"  [{chosen.section}]" if chosen.section else ""
        click.echo(f"{place:>3}. {_name(chosen)}{section}")
        _print_note(chosen.note)
        if why:
            click.echo(f"     {_explain(chosen)}")
    _print_errata(selection.errata)
    if selection.rejected and not why:
        session.say(f"{len(selection.rejected)} more are left out; --why tells why.")
    elif why:
        click.echo(
            f"\nLeft out: {len(selection.rejected)}" if selection.rejected else "\nNothing is left out."
        )
        for rejected in selection.rejected:
            click.echo(f"  -  {_name(rejected)}\n     {rejected.rule}: {rejected.reason}")
            click.echo(f"     {_explain(rejected)}")


def print_issue(session: Session, issue: Issue) -> None:
    """Print an issue's table of contents with the editor's words, or the whole issue as one JSON line."""
    if session.as_json:
        print_data(issue.model_dump_json())
        return
    n_entries = len(issue.entries)
    click.echo(f"{issue.title}: {n_entries} {'entry' if n_entries == 1 else 'entries'}")
    for place, (section, entries) in enumerate(groupby(issue.entries, key=lambda entry: entry.section)):
        if section or place:
            click.echo(f"\n{section or '-'}")
        for entry in entries:
            click.echo(_entry_line(entry))
            _print_note(entry.note)
    _print_errata(issue.errata)


def _print_note(note: str | None) -> None:
    if note is not None:
        click.echo(f"     Note: {_one_line(note)}")


def _print_errata(errata: Iterable[Erratum]) -> None:
    for place, each in enumerate(errata):
        click.echo(f"{'' if place else chr(10)}Correction to No. {each.number}: {_one_line(each.text)}")


def print_demo_report(report: "DemoReport") -> None:
    """Print what the demo did and where to go next."""
    for line in _demo_lines(report):
        click.echo(line)


def _demo_lines(report: "DemoReport") -> Iterator[str]:
    yield f"Crawled   {report.platform_url}"
    yield f"Kept      {report.n_articles} stories, {report.n_comments} comments, {report.n_authors} authors"
    state = "made" if report.is_new_issue else "nothing new since"
    yield f"Issue     {report.issue_number} ({state}), {report.n_entries} entries"
    public = [path for path in report.files if path.parts[0] == "public"]
    yield f"Files     {len(public)} under {report.folder / 'public'}"
    front = report.folder / "public" / "index.html"
    program, folder = _program(), shlex.quote(str(report.folder))
    flag = "" if report.folder == Path("gleanings-demo") else f" --dir {folder}"
    yield ""
    yield "Where to go next:"
    yield f"  look at {front} in a browser"
    yield f"  {program} articles list --workspace {folder}"
    yield f"  {program} digest preview lantern --why --workspace {folder}"
    yield f"  {program} demo --serve{flag}      serves the feeds to subscribe to"
    yield f"  {program} init my-digest          starts a workspace of your own"


def _program() -> str:
    """Return how this program can be called again from here: by name, or by the path it was called by."""
    called = Path(sys.argv[0])
    return (
        shlex.quote(str(called))
        if called.name == "gleanings" and not shutil.which("gleanings")
        else "gleanings"
    )


def _selection_rows(selection: Selection) -> Iterator[dict[str, Any]]:
    for chosen in selection.chosen:
        yield {
            **_row(chosen),
            "chosen": True,
            "section": chosen.section,
            "note": chosen.note,
            "rule": None,
            "reason": None,
        }
    for rejected in selection.rejected:
        yield {
            **_row(rejected),
            "chosen": False,
            "section": None,
            "note": None,
            "rule": rejected.rule,
            "reason": rejected.reason,
        }


def _row(candidate: Chosen | Rejected) -> dict[str, Any]:
    return {
        "article_id": candidate.article.id,
        "headline": candidate.article.headline,
        "url": candidate.article.canonical_url,
        "total": round(candidate.total, 4),
        "scores": {
            name: {"value": round(score.value, 4), "weight": score.weight, "why": score.why}
            for name, score in candidate.scores.items()
        },
    }


def _name(candidate: Chosen | Rejected) -> str:
    article = candidate.article
    authors = ", ".join(author.name for author in article.authors)
    return f"{_one_line(article.headline)} ({_one_line(authors) or '-'}) #{article.id}"


def _explain(candidate: Chosen | Rejected) -> str:
    parts = [
        f"{name} {score.value:.2f} x {score.weight:g} ({score.why})"
        for name, score in candidate.scores.items()
        if score.weight
    ]
    return f"{candidate.total:.2f} = " + " + ".join(parts) if parts else f"{candidate.total:.2f}"


def _entry_line(entry: Entry) -> str:
    if entry.is_gone:
        return "  - (taken down)"
    authors = ", ".join(author.name for author in entry.authors) or entry.byline or "-"
    place = entry.community.name if entry.community else entry.publication_name
    return "  - " + _one_line(f"{entry.headline} · {authors}" + (f" · {place}" if place else ""))


def _one_line(text: str) -> str:
    return " ".join(text.split())
