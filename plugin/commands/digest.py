"""``gleanings digest``: look at what would be in the next issue, and make it."""

import click

from crawler.commands.context import Group, Session, json_option, pass_session, print_rows


@click.group(cls=Group, epilog="Example: gleanings digest preview weekly --why")
def digest() -> None:
    """List digests, preview the next issue, make it, show it."""


@digest.command("list", epilog="Example: gleanings digest list")
@json_option
@pass_session
def list_digests(session: Session) -> None:
    """List the digests of the workspace with their newest issues."""
    from plugin.commands.library import open_workspace
    from plugin.commands.views import digest_rows

    with open_workspace(session) as workspace:
        rows = digest_rows(workspace)
    columns = ("slug", "title", "cadence", "issues", "last_made_at")
    print_rows(session, rows, columns, empty="No digests yet; `gleanings init` writes a first one.")


@digest.command("preview", epilog="Example: gleanings digest preview weekly --why")
@click.argument("slug")
@click.option("--why", is_flag=True, help="Also what was left out and by which rule, and every score.")
@json_option
@pass_session
def preview_digest(session: Session, slug: str, why: bool) -> None:
    """Show what the next issue would hold; changes nothing."""
    from plugin.commands.library import open_workspace
    from plugin.commands.views import print_selection
    from plugin.publishing import preview

    with open_workspace(session) as workspace:
        selection = preview(workspace.archive, workspace.digest(slug), now=session.clock())
    print_selection(session, selection, why=why)


@digest.command("make", epilog="Example: gleanings digest make weekly")
@click.argument("slug")
@json_option
@pass_session
def make_digest(session: Session, slug: str) -> None:
    """Make the next numbered issue from what is new; says so when nothing is."""
    from plugin.commands.library import open_workspace
    from plugin.commands.views import print_issue
    from plugin.publishing import make_issue

    with open_workspace(session) as workspace:
        issue = make_issue(workspace.archive, workspace.digest(slug), now=session.clock())
    print_issue(session, issue)


@digest.command("show", epilog="Example: gleanings digest show weekly --issue 1")
@click.argument("slug")
@click.option("--issue", "number", type=click.IntRange(min=1), metavar="N", help="[default: the newest]")
@json_option
@pass_session
def show_digest(session: Session, slug: str, number: int | None) -> None:
    """Show an issue: its sections and entries."""
    from plugin.commands.library import open_workspace
    from plugin.commands.views import print_issue

    with open_workspace(session) as workspace:
        issue = workspace.issue(workspace.digest(slug).slug, number)
    print_issue(session, issue)
