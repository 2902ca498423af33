"""``gleanings init``: a starter workspace."""

from pathlib import Path

import click

from crawler.commands.context import Command, GivenPath, Session, pass_session


@click.command(cls=Command, epilog="Example: gleanings init my-digest")
@click.argument("folder", metavar="[DIR]", type=GivenPath(), default=Path())
@pass_session
def init(session: Session, folder: Path) -> None:
    """Write a starter workspace: settings, a first publication and a first digest; never overwrites."""
    from plugin.operations.workspace import init_workspace

    for path in init_workspace(folder):
        session.say(f"Wrote {path}")
    session.say(
        "Next: set contact_url in gleanings.toml, enable a publication in seeds/, then `gleanings crawl`."
    )
