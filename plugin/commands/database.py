"""``gleanings db``: upgrade, check, back up and move the library."""

from pathlib import Path

import click

from crawler.commands.context import GivenPath, Group, Session, json_option, pass_session, print_rows


@click.group(cls=Group, epilog="Example: gleanings db check")
def db() -> None:
    """Upgrade, check, back up or move the library."""


@db.command(
    "upgrade", epilog="Example: gleanings db upgrade --database postgresql+psycopg://me@localhost/gleanings"
)
@pass_session
def upgrade(session: Session) -> None:
    """Bring the library's tables to this version; SQLite files are also upgraded when opened."""
    from plugin.archive import open_library

    with open_library(session.load_config().database_url, upgrade=True) as archive:
        session.say(f"{archive.store.url} is up to date.")


@db.command("check", epilog="Example: gleanings db check --json")
@click.option("--reindex", is_flag=True, help="Build the search index anew first.")
@json_option
@pass_session
def check(session: Session, reindex: bool) -> int:
    """Look for orphans, broken threads, doubled identities and more; exits 1 when something is wrong."""
    from plugin.commands.library import open_workspace

    with open_workspace(session) as workspace:
        if reindex:
            workspace.archive.store.rebuild_search()
        problems = workspace.archive.store.check()
    rows = [
        {"kind": each.kind, "count": each.count, "problem": each.sentence, "examples": list(each.examples)}
        for each in problems
    ]
    print_rows(session, rows, ("kind", "count", "problem", "examples"), empty="Nothing is wrong.")
    return 1 if problems else 0


@db.command("backup", epilog="Example: gleanings db backup gleanings-2026-11-23.db")
@click.argument("file", type=GivenPath())
@pass_session
def backup(session: Session, file: Path) -> None:
    """Write one state of the library to a new SQLite file, also while a crawl goes on."""
    from plugin.commands.library import open_workspace

    with open_workspace(session) as workspace:
        workspace.archive.store.back_up(file)
    session.say(f"Wrote {file} ({file.stat().st_size:,} bytes).")


@db.command("move", epilog="Example: gleanings db move postgresql+psycopg://me@localhost/gleanings")
@click.argument("url")
@json_option
@pass_session
def move(session: Session, url: str) -> None:
    """Copy the library into an empty database and compare counts and checksums; the old one stays."""
    from crawler.commands.progress import ProgressPrinter
    from plugin.commands.library import open_workspace

    with open_workspace(session) as workspace, ProgressPrinter(session) as printer:
        # Read as it will be in gleanings.toml: a relative file lies in the workspace.
        target = workspace.config.model_copy(update={"database": url}).database_url
        copies = workspace.archive.store.move(
            target,
            progress=lambda table, n_rows: printer.show(f"{table}: {n_rows:,} rows copied", done=n_rows),
        )
    rows = [{"table": each.table, "rows": each.row_count, "checksum": each.checksum} for each in copies]
    print_rows(session, rows, ("table", "rows", "checksum"), empty="There was nothing to copy.")
    session.say("Both sides are equal. Set database in gleanings.toml to use the new one.")
