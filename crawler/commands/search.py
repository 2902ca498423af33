"""``gleanings search``: find articles and comments by their words."""

from typing import TYPE_CHECKING

import click

from crawler.commands.context import Command, Session, json_option, limit_option, pass_session, print_rows

if TYPE_CHECKING:
    from crawler.store.search import Over


@click.command(
    cls=Command, epilog="""Example: gleanings search '"night train" OR tag:maps after:2026-01-01'"""
)
@click.argument("query", nargs=-1, required=True)
@click.option(
    "--in",
    "over",
    type=click.Choice(["all", "articles", "comments"]),
    default="all",
    show_default=True,
    help="Where to look.",
)
@click.option("--best", is_flag=True, help="Best match first. [default: newest first]")
@limit_option
@json_option
@pass_session
def search(session: Session, query: tuple[str, ...], over: "Over", best: bool, limit: int) -> None:
    """Find articles and comments.

    Words must all be there; "quoted words" stand side by side; OR, NOT and brackets combine; trai* finds what
    begins so. author:, tag: and publication: narrow it down, after: and before: take dates. A minus means
    NOT; a query that begins with one follows --.
    """
    from crawler.commands.views import hit_rows

    with session.open_store() as store:
        rows = hit_rows(store, " ".join(query), over=over, is_best_first=best, limit=limit + 1)
    columns = ("id", "published", "headline", "by", "comment_id", "snippet")
    print_rows(session, rows, columns, empty="Nothing found.", limit=limit)
