"""``gleanings publications|articles|authors|comments``: look at what is kept."""

from datetime import datetime

import click

from crawler.commands.context import (
    Group,
    Moment,
    Session,
    json_option,
    limit_option,
    pass_session,
    print_rows,
)


@click.group(cls=Group, epilog="Example: gleanings publications list")
def publications() -> None:
    """List the publications, or show one."""


@publications.command("list", epilog="Example: gleanings publications list --json")
@json_option
@pass_session
def list_publications(session: Session) -> None:
    """List every publication of the seeds with what is kept of it."""
    from crawler.commands.views import publication_rows

    columns = ("slug", "platform", "url", "enabled", "paused", "articles", "last_good_run_at", "next_due_at")
    with session.open_store() as store:
        rows = publication_rows(store, session.load_config())
    print_rows(
        session, rows, columns, empty="No publications yet; `gleanings init` writes a first seed file."
    )


@publications.command("show", epilog="Example: gleanings publications show vocal-01")
@click.argument("slug")
@json_option
@pass_session
def show_publication(session: Session, slug: str) -> None:
    """Show one publication: its seed, its state, and which of its pages failed."""
    from crawler.commands.views import failure_rows, print_publication, publication_row

    with session.open_store() as store:
        row = publication_row(store, session.load_config(), slug)
        row["failures"] = failure_rows(store, slug)
    print_publication(session, row)


@publications.command("pause", epilog="Example: gleanings publications pause vocal-01")
@click.argument("slug")
@pass_session
def pause_publication(session: Session, slug: str) -> None:
    """Leave a publication out of every crawl until it is resumed."""
    from crawler.commands.views import set_paused

    with session.open_store() as store:
        set_paused(store, session.load_config(), slug, is_paused=True)
    session.say(f"{slug} is paused; `gleanings publications resume {slug}` ends that.")


@publications.command("resume", epilog="Example: gleanings publications resume vocal-01")
@click.argument("slug")
@pass_session
def resume_publication(session: Session, slug: str) -> None:
    """Crawl a paused publication again."""
    from crawler.commands.views import set_paused

    with session.open_store() as store:
        set_paused(store, session.load_config(), slug, is_paused=False)
    session.say(f"{slug} is crawled again.")


@click.group(cls=Group, epilog='Example: gleanings articles list --tag "tech news"')
def articles() -> None:
    """List the articles kept, or show one."""


@articles.command("list", epilog='Example: gleanings articles list --tag "tech news" --since 7d')
@click.option("--publication", multiple=True, metavar="SLUG", help="Of this publication; may be repeated.")
@click.option("--author", multiple=True, metavar="NAME", help="By this author; may be repeated.")
@click.option("--tag", multiple=True, metavar="TAG", help="With this tag; may be repeated.")
@click.option("--since", type=Moment(), help="First seen since this time, or so long ago (7d).")
@limit_option
@json_option
@pass_session
def list_articles(
    session: Session,
    publication: tuple[str, ...],
    author: tuple[str, ...],
    tag: tuple[str, ...],
    since: datetime | None,
    limit: int,
) -> None:
    """List articles, newest first."""
    from crawler.commands.views import article_rows
    from crawler.store.views import ArticleFilter

    wanted = ArticleFilter(
        publications=publication, authors=author, tags=tag, seen_since=since, with_gone=True
    )
    with session.open_store() as store:
        rows = article_rows(store, wanted, limit=limit + 1)
    columns = ("id", "published", "publication", "headline", "by", "comments", "change")
    empty = (
        "No article fits; `gleanings publications list` and `gleanings authors list` show what there is."
        if publication or author or tag or since
        else "No articles; `gleanings crawl` or `gleanings import` collects some."
    )
    print_rows(session, rows, columns, empty=empty, limit=limit)


@articles.command("show", epilog="Example: gleanings articles show 7")
@click.argument("article", metavar="ID|URL")
@json_option
@pass_session
def show_article(session: Session, article: str) -> None:
    """Show one article with its comments."""
    from crawler.commands.views import print_article

    with session.open_store() as store:
        print_article(session, store, article)


@articles.command("why", epilog="Example: gleanings articles why 7")
@click.argument("article", metavar="ID|URL")
@json_option
@pass_session
def explain_article(session: Session, article: str) -> None:
    """List every address and id an article is known by, and why each is believed to be the same."""
    from crawler.commands.views import print_names

    with session.open_store() as store:
        print_names(session, store, article)


@articles.command("diff", epilog="Example: gleanings articles diff 7")
@click.argument("article", metavar="ID|URL")
@json_option
@pass_session
def diff_article(session: Session, article: str) -> None:
    """Show what each later visit found changed."""
    from crawler.commands.views import print_history

    with session.open_store() as store:
        print_history(session, store, article)


@click.group(cls=Group, epilog="Example: gleanings authors list")
def authors() -> None:
    """List the authors known, or show one."""


@authors.command("list", epilog="Example: gleanings authors list --limit 10")
@limit_option
@json_option
@pass_session
def list_authors(session: Session, limit: int) -> None:
    """List authors in the order in which they were first met."""
    with session.open_store() as store:
        views = store.authors.list(limit=limit + 1).items
    rows = (view.model_dump(mode="json") for view in views)
    columns = ("id", "name", "handle", "url", "stored_article_count")
    print_rows(session, rows, columns, empty="No authors yet.", limit=limit)


@authors.command("show", epilog="Example: gleanings authors show 3")
@click.argument("author", metavar="ID|URL|NAME")
@json_option
@pass_session
def show_author(session: Session, author: str) -> None:
    """Show one author: name, bio, links."""
    from crawler.commands.views import find_author, print_details

    with session.open_store() as store:
        view = find_author(store, author)
    print_details(session, view.model_dump(mode="json"))


@click.group(cls=Group, epilog="Example: gleanings comments list 7")
def comments() -> None:
    """List the comments kept, or show one."""


@comments.command("list", epilog="Example: gleanings comments list 7 --json")
@click.argument("article", metavar="ID|URL")
@json_option
@pass_session
def list_comments(session: Session, article: str) -> None:
    """List the comments of an article in reading order."""
    from crawler.commands.views import comment_rows

    with session.open_store() as store:
        rows = comment_rows(store, article)
    print_rows(session, rows, ("id", "published", "author_name", "text", "state"), empty="No comments.")


@comments.command("show", epilog="Example: gleanings comments show 3")
@click.argument("comment", metavar="ID", type=click.IntRange(0, 1_000_000_000))
@json_option
@pass_session
def show_comment(session: Session, comment: int) -> None:
    """Show one comment whole."""
    from crawler.commands.views import print_details

    with session.open_store() as store:
        view = store.comments.get(comment)
    print_details(session, view.model_dump(mode="json"))
