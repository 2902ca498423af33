"""``gleanings import``: read pages that lie in files."""

from datetime import datetime
from pathlib import Path

import click

from crawler.commands.context import Command, GivenPath, Moment, Session, pass_session


@click.command(
    "import", cls=Command, epilog="Example: gleanings import story.txt --url https://vocal.media/01/story"
)
@click.argument("files", nargs=-1, required=True, type=GivenPath(), metavar="FILE...")
@click.option("--url", metavar="U", help="Where the page came from; only with one file.")
@click.option(
    "--seen-at", type=Moment(), metavar="T", help="When it was saved. [default: each file's own date]"
)
@click.option("--platform", metavar="NAME", help="Read it as a page of this platform. [default: found out]")
@pass_session
def import_pages(
    session: Session, files: tuple[Path, ...], url: str | None, seen_at: datetime | None, platform: str | None
) -> int:
    """Keep articles from saved HTML pages, a page's text as copied from the browser, WARC files, or exports.

    Relative dates ("11 months ago") count back from the file's own date unless --seen-at says better. A
    copied text has no address: --url gives it one, else its content is its identity.
    """
    from crawler.commands.progress import ProgressPrinter
    from crawler.runner.importing import import_files

    if url is not None and len(files) > 1:
        raise click.UsageError("--url names one page, but there are several files")
    with session.open_store() as store, ProgressPrinter(session) as printer:
        report = import_files(
            files,
            store,
            url=url,
            seen_at=seen_at,
            platform=platform,
            clock=session.clock,
            on_progress=lambda path, n_done: printer.show(
                f"{n_done} of {len(files)} files, now {path}", done=n_done, total=len(files)
            ),
        )
    for line in report.lines:
        session.say(line)
    for failure in report.failures:
        click.echo(f"Error: {failure}", err=True)
    return report.exit_code
