"""``gleanings digest``: look at what would be in the next issue, and make it."""

import getpass
from collections.abc import Iterable

import click

from crawler.commands.context import Group, Session, json_option, pass_session, print_rows, require_text


def _login_name() -> str:
    """Return who is at the keyboard; a container may know its user by number only."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"


def _warn(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        click.echo(f"Warning: {sentence}", err=True)


who_option = click.option(
    "--who",
    default=_login_name,
    show_default="your login name",
    metavar="NAME",
    callback=require_text,
    help="Whose wish it is.",
)


@click.group(cls=Group, epilog="Example: gleanings digest preview weekly --why")
def digest() -> None:
    """List digests; preview, edit and make the next issue; show those made."""


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
        definition = workspace.digest(slug)
        workspace.take_over_seeds()
        _warn(workspace.unknown_publications(definition))
        selection = preview(workspace.archive, definition, now=session.clock())
    print_selection(session, selection, why=why)


@digest.command("make", epilog="Example: gleanings digest make weekly")
@click.argument("slug")
@json_option
@pass_session
def make_digest(session: Session, slug: str) -> int:
    """Make the next numbered issue from what is new, and tell the hub; says so when nothing is new."""
    # Before all else: of two makers started at once, the slower must see that it was overtaken.
    now = session.clock()
    from plugin.commands.library import open_workspace
    from plugin.commands.views import print_issue
    from plugin.publishing import announce_issue, make_issue

    with open_workspace(session) as workspace:
        definition = workspace.digest(slug)
        workspace.take_over_seeds()
        _warn(workspace.unknown_publications(definition))
        issue = make_issue(workspace.archive, definition, now=now, clock=session.clock)
        print_issue(session, issue)
        told = announce_issue(
            workspace.archive, definition, issue, config=workspace.config, now=session.clock()
        )
    if told is None or told.error is None:
        return 0
    click.echo(f"Error: {told.error}; `gleanings publish {slug} --to hub` tries again", err=True)
    return 3


@digest.command("show", epilog="Example: gleanings digest show weekly --issue 1")
@click.argument("slug")
@click.option(
    "--issue", "number", type=click.IntRange(1, 1_000_000_000), metavar="N", help="[default: the newest]"
)
@json_option
@pass_session
def show_digest(session: Session, slug: str, number: int | None) -> None:
    """Show an issue: its sections and entries."""
    from plugin.commands.library import open_workspace
    from plugin.commands.views import print_issue

    with open_workspace(session) as workspace:
        issue = workspace.issue(workspace.digest(slug).slug, number)
    print_issue(session, issue)


@digest.command("pin", epilog="Example: gleanings digest pin weekly 7")
@click.argument("slug")
@click.argument("article", metavar="ID|URL")
@who_option
@pass_session
def pin_article(session: Session, slug: str, article: str, who: str) -> None:
    """Put an article into the next issue, whatever filters and limits say."""
    from plugin.commands.editing import edit

    session.say(edit(session, slug, "pin", [article], who=who))


@digest.command("drop", epilog="Example: gleanings digest drop weekly 7")
@click.argument("slug")
@click.argument("article", metavar="ID|URL")
@who_option
@pass_session
def drop_article(session: Session, slug: str, article: str, who: str) -> None:
    """Keep an article out of the next issue and all later ones."""
    from plugin.commands.editing import edit

    session.say(edit(session, slug, "drop", [article], who=who))


@digest.command("note", epilog="Example: gleanings digest note weekly 7 'Read this one aloud.'")
@click.argument("slug")
@click.argument("article", metavar="ID|URL")
@click.argument("text", callback=require_text)
@who_option
@pass_session
def note_article(session: Session, slug: str, article: str, text: str, who: str) -> None:
    """Print a word of yours above an article's entry in the next issue."""
    from plugin.commands.editing import edit

    session.say(edit(session, slug, "note", [article], text=text, who=who))


@digest.command("order", epilog="Example: gleanings digest order weekly 9 7")
@click.argument("slug")
@click.argument("articles", metavar="ID|URL...", nargs=-1, required=True)
@who_option
@pass_session
def order_articles(session: Session, slug: str, articles: tuple[str, ...], who: str) -> None:
    """Print these articles first in their sections of the next issue, in this order."""
    from plugin.commands.editing import edit

    session.say(edit(session, slug, "order", articles, who=who))


@digest.command("correct", epilog="Example: gleanings digest correct weekly 3 'It was her second book.'")
@click.argument("slug")
@click.argument("number", type=click.IntRange(1, 1_000_000_000))
@click.argument("text", callback=require_text)
@click.option("--article", metavar="ID|URL", help="The entry it is about. [default: the whole issue]")
@who_option
@pass_session
def correct_issue(session: Session, slug: str, number: int, text: str, article: str | None, who: str) -> None:
    """Print a correction of a sent issue in the next one."""
    from plugin.commands.editing import correct

    session.say(correct(session, slug, number, text, article=article, who=who))


@digest.command("undo", epilog="Example: gleanings digest undo weekly")
@click.argument("slug")
@click.option(
    "--action",
    type=click.IntRange(1, 1_000_000_000),
    metavar="ID",
    help="[default: the last one that stands]",
)
@who_option
@pass_session
def undo_action(session: Session, slug: str, action: int | None, who: str) -> None:
    """Take back a pin, drop, note, order or correction before an issue uses it."""
    from plugin.commands.editing import undo

    session.say(undo(session, slug, action, who=who))


@digest.command("actions", epilog="Example: gleanings digest actions weekly")
@click.argument("slug")
@click.option("--all", "with_past", is_flag=True, help="Also those used up or taken back.")
@json_option
@pass_session
def list_actions(session: Session, slug: str, with_past: bool) -> None:
    """List what editors asked for of the next issue, who and when."""
    from plugin.commands.editing import action_rows

    rows = action_rows(session, slug, with_past=with_past)
    columns = ("id", "verb", "number", "articles", "text", "who", "at", "state")
    print_rows(session, rows, columns, empty="No editor has asked for anything.")
