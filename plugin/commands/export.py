"""``gleanings export``: everything kept, as JSON Lines."""

from datetime import datetime

import click

from crawler.commands.context import Command, Moment, Session, json_option, pass_session, print_data

KINDS = ("articles", "authors", "comments", "publications", "revisions", "issues")


@click.command(cls=Command, epilog="Example: gleanings export articles --since 7d > articles.jsonl")
@click.argument("kind", type=click.Choice(KINDS), metavar="|".join(KINDS))
@click.option("--since", type=Moment(), help="Only what changed since this time, or so long ago (7d).")
@json_option
@pass_session
def export(session: Session, kind: str, since: datetime | None) -> None:
    """Write one JSON object a line to standard output."""
    from plugin.commands.library import open_workspace
    from plugin.operations.exporting import export_lines

    with open_workspace(session) as workspace:
        for line in export_lines(workspace.archive, kind, since=since):
            print_data(line)
