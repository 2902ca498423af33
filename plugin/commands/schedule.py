"""``gleanings schedule`` and ``gleanings status``: crawl and publish on time, and see that it happens."""

from functools import partial

import click

from crawler.commands.context import Command, Session, json_option, pass_session, print_json


@click.command(cls=Command, epilog="Example: gleanings schedule --once")
@click.option("--once", is_flag=True, help="Do what is due now, then end: for cron and systemd timers.")
@click.option(
    "--max-crawls",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    metavar="N",
    help="Hosts crawled at once.",
)
@click.option(
    "--metrics-port", type=click.IntRange(0, 65_535), metavar="M", help="Serve Prometheus metrics here."
)
@pass_session
def schedule(session: Session, once: bool, max_crawls: int, metrics_port: int | None) -> int:
    """Crawl publications and make issues when they are due, each in a process of its own.

    Runs until stopped with Ctrl-C or SIGTERM. A crash of one crawl stops nothing else; what was missed while
    the machine slept is caught up on once.
    """
    from crawler.commands.logs import start_logging
    from plugin.operations.scheduling import ScheduleOptions, Scheduler

    log = partial(start_logging, session.log_format, verbose=session.verbose, is_quiet=session.quiet)
    options = ScheduleOptions(max_crawls, is_once=once, metrics_port=metrics_port, start_logging=log)
    return Scheduler(session.load_config(), options, say=session.say, clock=session.clock).run()


@click.command(cls=Command, epilog="Example: gleanings status")
@json_option
@pass_session
def status(session: Session) -> int:
    """Show how each publication fares, and whether the scheduler lives; exits 1 when something is wrong."""
    from plugin.commands.library import open_workspace
    from plugin.operations.status import format_status, read_status, status_rows

    with open_workspace(session) as workspace:
        found = read_status(workspace.archive, workspace.config, workspace.digests, now=session.clock())
    if session.as_json:
        print_json(status_rows(found))
    else:
        click.echo(format_status(found))
    return 1 if found.alarms else 0
