"""``gleanings demo``: the whole job on the bundled platform."""

from pathlib import Path

import click

from crawler.commands.context import Command, GivenPath, Session, pass_session


@click.command(cls=Command, epilog="Example: gleanings demo --dir my-demo --serve")
@click.option(
    "--dir",
    "folder",
    type=GivenPath(),
    default=Path("gleanings-demo"),
    show_default=True,
    metavar="D",
    help="Workspace to make or go on with.",
)
@click.option("--serve", "stay", is_flag=True, help="Stay, and serve the platform, the feeds and the pages.")
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    metavar="P",
    help="Where the platform is served. [default: 8765]",
)
@click.option(
    "--feeds-port",
    type=click.IntRange(1, 65_535),
    default=8000,
    show_default=True,
    metavar="P",
    help="Where --serve serves the feeds.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME",
    help="Let the platform misbehave: throttle, flaky, login-wall, moved, deleted, edited; repeatable.",
)
@pass_session
def demo(
    session: Session, folder: Path, stay: bool, port: int | None, feeds_port: int, faults: tuple[str, ...]
) -> int:
    """Crawl a small publishing platform on this machine, make an issue, write its feeds and pages.

    Needs no network. The folder is a workspace like any other: look around in it with the other commands,
    with --workspace D.
    """
    from crawler.commands.progress import ProgressPrinter
    from plugin.commands.views import print_demo_report
    from plugin.operations.demo import running_demo, serve_feeds

    with (
        ProgressPrinter(session) as progress,
        running_demo(folder, port=port, faults=faults, clock=session.clock, on_progress=progress) as report,
    ):
        progress.stop()
        print_demo_report(report)
        if stay:
            serve_feeds(
                folder,
                port=feeds_port,
                say=lambda url: session.say(f"Serving the feeds at {url} ; stop with Ctrl-C."),
            )
    return report.crawl.exit_code
