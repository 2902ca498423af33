"""``gleanings render`` and ``gleanings publish``: from an issue to documents."""

from pathlib import Path

import click

from crawler.commands.context import Command, GivenPath, Session, pass_session, require_text


@click.command(cls=Command, epilog="Example: gleanings render weekly --format markdown -o weekly.md")
@click.argument("slug")
@click.option(
    "--issue", "number", type=click.IntRange(1, 1_000_000_000), metavar="N", help="[default: the newest]"
)
@click.option(
    "--format",
    "format_name",
    default="html",
    show_default=True,
    metavar="NAME",
    help="rss, atom, json, html, markdown, text or email.",
)
@click.option(
    "-o",
    "--output",
    type=GivenPath(),
    metavar="FILE",
    help="Write here. [default: standard output]",
)
@pass_session
def render(session: Session, slug: str, number: int | None, format_name: str, output: Path | None) -> None:
    """Render an issue of a digest in one format."""
    from plugin.commands.library import open_workspace
    from plugin.publishing import render_issue

    with open_workspace(session) as workspace:
        digest = workspace.digest(slug)
        number = workspace.issue(digest.slug, number).number
        document = render_issue(workspace.archive, digest, number, format_name, config=workspace.config)
    if output is None:
        click.echo(document.content, nl=False)
        return
    output.write_bytes(document.content)
    session.say(f"Wrote {output} ({len(document.content)} bytes).")


@click.command(cls=Command, epilog="Example: gleanings publish weekly --to public")
@click.argument("slug")
@click.option(
    "--issue", "number", type=click.IntRange(1, 1_000_000_000), metavar="N", help="[default: the newest]"
)
@click.option(
    "--to",
    "outlet",
    metavar="OUTLET",
    callback=require_text,
    help="A folder, the kind of one of the digest's outlets, or hub. [default: all its outlets and the hub]",
)
@pass_session
def publish(session: Session, slug: str, number: int | None, outlet: str | None) -> int:
    """Write an issue's feeds and pages to the digest's outlets, or to a folder; tell the hub."""
    from plugin.commands.library import open_workspace
    from plugin.publishing import publish_issue

    with open_workspace(session) as workspace:
        digest = workspace.digest(slug)
        issue = workspace.issue(digest.slug, number)
        report = publish_issue(
            workspace.archive, digest, issue, config=workspace.config, to=outlet, now=session.clock()
        )
    for line in report.lines:
        session.say(line)
    for failure in report.failures:
        click.echo(f"Error: {failure}", err=True)
    return report.exit_code
