"""``gleanings replay``: read kept pages again."""

from datetime import datetime

import click

from crawler.commands.context import Command, Moment, Session, json_option, pass_session, print_json


@click.command(cls=Command, epilog="Example: gleanings replay vocal-01 --since 30d")
@click.argument("publication", required=False, metavar="[PUBLICATION]")
@click.option("--since", type=Moment(), help="Only pages fetched since this time, or so long ago (30d).")
@json_option
@pass_session
def replay(session: Session, publication: str | None, since: datetime | None) -> int:
    """Read the pages that crawls kept with today's readers, without one request.

    Pages are kept where crawl.keep_pages is true. The report tells by field what changed.
    """
    from crawler.commands.progress import ProgressPrinter
    from crawler.commands.views import format_replay
    from crawler.runner.replaying import replay as replay_pages
    from crawler.seeds import load_seeds, select_seeds

    config = session.load_config()
    seeds = {seed.slug: seed for seed in load_seeds(config.seeds_dir)}
    if publication is not None:
        select_seeds(list(seeds.values()), [publication])
    with session.open_store() as store, ProgressPrinter(session) as printer:
        report = replay_pages(
            store,
            config,
            seeds=seeds,
            publication=publication,
            since=since,
            on_progress=lambda n_pages: printer.show(f"{n_pages} pages read", done=n_pages),
        )
    if session.as_json:
        print_json(
            [
                {
                    "pages": report.n_pages,
                    "changed": report.n_changed,
                    "fields": dict(report.fields),
                    "new_comments": report.comments_new,
                    "missing": report.n_missing,
                    "failures": report.failures,
                }
            ]
        )
    else:
        click.echo(format_replay(report))
    return report.exit_code
