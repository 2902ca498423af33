"""``gleanings takedown``: remove an article or an author for good."""

import sys

import click

from crawler.commands.context import Command, Session, pass_session


@click.command(cls=Command, epilog="Example: gleanings takedown https://vocal.media/01/the-story")
@click.argument("address", metavar="URL|AUTHOR-URL")
@click.option("--yes", is_flag=True, help="Do not ask; without a terminal nothing is asked.")
@pass_session
def takedown(session: Session, address: str, yes: bool) -> int:
    """Remove an article, or an author with all articles and comments, and keep them out of later crawls.

    Issues that quote it keep their number and a tombstone; published folders are written again.
    """
    from plugin.commands.library import open_workspace
    from plugin.operations.takedown import format_takedown, take_down

    if not yes and sys.stdin.isatty():
        click.confirm(f"Remove {address} and all that belongs to it, for good?", abort=True, err=True)
    with open_workspace(session) as workspace:
        report = take_down(
            workspace.archive,
            address,
            digests=workspace.digests,
            config=workspace.config,
            now=session.clock(),
        )
    click.echo(format_takedown(report))
    for failure in report.failures:
        click.echo(f"Error: {failure}", err=True)
    return report.exit_code
