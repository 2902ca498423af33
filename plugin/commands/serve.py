"""``gleanings serve``: answer feeds and pages over HTTP."""

import click

from crawler.commands.context import Command, Session, pass_session


@click.command(cls=Command, epilog="Example: gleanings serve --port 8000")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="H", help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65_535), metavar="P")
@click.option(
    "--metrics-port", type=click.IntRange(0, 65_535), metavar="M", help="Serve Prometheus metrics here."
)
@pass_session
def serve(session: Session, host: str, port: int, metrics_port: int | None) -> None:
    """Serve the digests' feeds and pages until stopped with Ctrl-C."""
    from plugin.commands.library import open_workspace
    from plugin.server import serve as run_server
    from plugin.server.app import create_app

    with open_workspace(session) as workspace:
        workspace.take_over_seeds()
        app = create_app(workspace.archive, workspace.config)
        run_server(
            app,
            host=host,
            port=port,
            metrics_port=metrics_port,
            say=lambda url: session.say(f"Serving at {url} ; stop with Ctrl-C."),
        )
