"""The command line: global options, lazily loaded commands, errors to exit codes."""

import importlib
import io
import logging
import os
import select
import signal
import sys
import threading
from pathlib import Path
from typing import NoReturn

import click

from crawler.commands.context import CommandShelf, Session
from crawler.errors import GleaningsError

COMMANDS = {
    "demo": "plugin.commands.demo:demo",
    "init": "plugin.commands.workspace:init",
    "follow": "crawler.commands.follow:follow",
    "crawl": "crawler.commands.crawl:crawl",
    "import": "crawler.commands.imports:import_pages",
    "replay": "crawler.commands.replay:replay",
    "publications": "crawler.commands.listing:publications",
    "articles": "crawler.commands.listing:articles",
    "authors": "crawler.commands.listing:authors",
    "comments": "crawler.commands.listing:comments",
    "search": "crawler.commands.search:search",
    "export": "plugin.commands.export:export",
    "digest": "plugin.commands.digest:digest",
    "render": "plugin.commands.publish:render",
    "publish": "plugin.commands.publish:publish",
    "serve": "plugin.commands.serve:serve",
    "schedule": "plugin.commands.schedule:schedule",
    "status": "plugin.commands.schedule:status",
    "takedown": "plugin.commands.takedown:takedown",
    "db": "plugin.commands.database:db",
}
"""Command -> "module:object", in the order of the help; loaded when asked for."""


class CommandGroup(CommandShelf):
    """A group whose commands are imported when they are needed, in the order they are listed."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; that the reader of its output went away, as `head` does, is no failure."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            if not _drop_broken_streams():
                raise
            return 0

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of ``COMMANDS``."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; None when there is no such name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(
    cls=CommandGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: gleanings demo --dir my-demo",
)
@click.option(
    "--workspace",
    type=click.Path(path_type=Path),
    metavar="DIR",
    envvar="GLEANINGS_WORKSPACE",
    help="Folder with gleanings.toml. [default: the nearest one upward, else this folder]",
)
@click.option("--database", metavar="URL", help="SQLite or PostgreSQL address, instead of the workspace's.")
@click.option("--json", "as_json", is_flag=True, help="Print lists as JSON Lines.")
@click.option("-v", "--verbose", count=True, help="Say more; twice for debugging.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but results and errors.")
@click.option("--log-format", type=click.Choice(["text", "json"]), help="How log lines look. [default: text]")
@click.version_option(package_name="gleanings", prog_name="gleanings")
@click.pass_context
def main_group(ctx: click.Context, /, **options: object) -> None:
    """Collect articles with their discussions from creator platforms; republish digests as feeds.

    The options below may also stand after the command. Exit codes: 0 done, 1 failed, 2 wrong usage,
    3 partly done.
    """
    ctx.ensure_object(Session).update(**options)


def main(args: list[str] | None = None) -> NoReturn:
    """Run a command and end the process with its exit code."""
    logging.captureWarnings(capture=True)
    _prepare_streams()
    if threading.current_thread() is threading.main_thread():
        # As Ctrl-C does: blocks are left in good order. Long work brings handlers of its own.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = main_group.main(args, prog_name="gleanings", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except GleaningsError as error:
        click.echo(f"Error: {error}" if error.exit_code else str(error), err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        click.echo(f"Error: {(error.strerror or str(error)).lower()}{where}", err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _prepare_streams() -> None:
    """Let any text reach standard output and error whatever the locale, and nothing fail on a closed one."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - as long as we run
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace" if name == "stderr" else "replace")


def _drop_broken_streams() -> bool:
    """Lead the standard streams that nobody reads any more to nowhere; tell whether there was one."""
    is_any = False
    for descriptor in (sys.stdout.fileno(), sys.stderr.fileno()):
        poll = select.poll()
        poll.register(descriptor, 0)
        # Linux reports an error on a pipe without a reader, macOS that it was hung up.
        if any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0)):
            is_any = True
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, descriptor)
            os.close(nowhere)
    return is_any


if __name__ == "__main__":
    main()
