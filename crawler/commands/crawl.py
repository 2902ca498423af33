"""``gleanings crawl``: collect what is new."""

import click

from crawler.commands.context import Command, Session, json_option, pass_session, print_json


@click.command(cls=Command, epilog="Example: gleanings crawl vocal-01 --limit 20")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--url", "urls", multiple=True, metavar="URL", help="Fetch just this page; may be repeated.")
@click.option("--due", is_flag=True, help="Only the publications whose time has come.")
@click.option("--full", is_flag=True, help="Every known article again.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Stop after so many articles.")
@click.option("--dry-run", is_flag=True, help="Tell what would be fetched; fetch and change nothing.")
@json_option
@pass_session
def crawl(
    session: Session,
    slugs: tuple[str, ...],
    urls: tuple[str, ...],
    due: bool,
    full: bool,
    limit: int | None,
    dry_run: bool,
) -> int:
    """Collect new articles, comments and authors of the named publications, or of all enabled ones."""
    from crawler.commands.progress import ProgressPrinter, crawl_report_rows, format_crawl_report
    from crawler.runner import CrawlLimits, crawl_publications

    limits = CrawlLimits(max_articles=limit, urls=urls, due_only=due, full=full, dry_run=dry_run)
    with session.open_store() as store, ProgressPrinter(session) as progress:
        report = crawl_publications(
            slugs,
            store,
            config=session.load_config(),
            limits=limits,
            clock=session.clock,
            on_progress=progress,
        )
    if session.as_json:
        print_json(crawl_report_rows(report))
    else:
        click.echo(format_crawl_report(report, due_only=due))
    return report.exit_code
