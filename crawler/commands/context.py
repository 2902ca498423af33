"""What every command shares: global options wherever they stand, the workspace, printing."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import os

    from crawler.commands.logs import LogFormat
    from crawler.config import Config
    from crawler.store import Store


MIN_TABLE_WIDTH = 72
"""Columns that a table has at least, however narrow the terminal."""


@dataclass
class Session:
    """The global options of one call.

    Attributes:
        workspace: As given, or None: looked for upward from the current folder.
        database: As given, or None: as configured.
        as_json: Lists are printed as JSON Lines.
        verbose: 0, 1 or 2.
        quiet: Nothing but results and errors.
        log_format: "text" or "json".
    """

    workspace: Path | None = None
    database: str | None = None
    as_json: bool = False
    verbose: int = 0
    quiet: bool = False
    log_format: "LogFormat" = "text"

    def update(self, **options: object) -> None:
        """Take over the options that were given; a later one outranks an earlier one."""
        for name, value in options.items():
            if value:
                setattr(self, name, value)

    def load_config(self) -> "Config":
        """Read the workspace's settings.

        Raises:
            ConfigError: A file or variable is wrong.
        """
        from crawler.commands.logs import start_logging
        from crawler.config import find_workspace, load_config

        start_logging(self.log_format, verbose=self.verbose, is_quiet=self.quiet)
        workspace = self.workspace or find_workspace(Path.cwd())
        return load_config(workspace, options={"database": self.database})

    @contextmanager
    def open_store(self) -> Iterator["Store"]:
        """Open the configured store for the length of a command."""
        from crawler.store import open_store

        with open_store(self.load_config().database_url) as store:
            yield store

    def say(self, line: str) -> None:
        """Print a line about progress to standard error, as log lines look, unless told to be quiet."""
        if self.quiet:
            return
        if self.log_format == "json":
            from crawler.commands.logs import to_json_line

            line = to_json_line(line)
        click.echo(line, err=True)

    def clock(self) -> datetime:
        """Return the present instant; the one place where commands take it from."""
        return datetime.now(UTC)


pass_session = click.make_pass_decorator(Session, ensure=True)


def _update_session(ctx: click.Context, param: click.Parameter, value: object) -> None:
    ctx.ensure_object(Session).update(**{str(param.name): value})


def global_options() -> list[click.Option]:
    """Return the global options as a command takes them after its name; hidden from its help."""
    common: dict[str, Any] = {"hidden": True, "expose_value": False, "callback": _update_session}
    return [
        click.Option(["--workspace"], type=click.Path(path_type=Path), **common),
        click.Option(["--database"], **common),
        click.Option(["-v", "--verbose"], count=True, **common),
        click.Option(["-q", "--quiet"], is_flag=True, **common),
        click.Option(["--log-format"], type=click.Choice(["text", "json"]), **common),
    ]


def _hidden_json_option() -> click.Option:
    return click.Option(
        ["--json", "as_json"], is_flag=True, hidden=True, expose_value=False, callback=_update_session
    )


class Command(click.Command):
    """A command that takes the global options after its name too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - handed on to click
        super().__init__(*args, **kwargs)
        self.params.extend(global_options())


class CommandShelf(click.Group):
    """A group that suggests the nearest name for a misspelled one, and shortens no line of its list."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command and what follows it.

        Raises:
            UsageError: There is no command of that name ("did you mean").
        """
        name, known = args[0], self.list_commands(ctx)
        if name not in known and not name.startswith("-") and not ctx.resilient_parsing:
            from difflib import get_close_matches

            close = get_close_matches(name, known, n=1, cutoff=0.6)
            hint = f'; did you mean "{close[0]}"?' if close else f"; there are {', '.join(known)}"
            raise click.UsageError(f'there is no command "{name}"{hint}', ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each command with the whole first sentence of its help."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl([(name, each.get_short_help_str(1_000)) for name, each in commands if each])


class Group(CommandShelf):
    """A group of commands that take the global options after its name and after their own."""

    command_class = Command

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - handed on to click
        super().__init__(*args, **kwargs)
        self.params.extend([*global_options(), _hidden_json_option()])


json_option = click.option(
    "--json",
    "as_json",
    is_flag=True,
    expose_value=False,
    callback=_update_session,
    help="Print JSON Lines.",
)
limit_option = click.option(
    "--limit", type=click.IntRange(1, 1_000_000_000), default=50, show_default=True, help="At most so many."
)


def require_text(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Refuse a word that is empty, as an unset variable of a script gives it; a callback of click's."""
    if value is not None and not value.strip():
        raise click.BadParameter("it says nothing", ctx, param)
    return value


class GivenPath(click.Path):
    """A path that says something: "", as an unset variable of a script gives it, is not this folder."""

    def __init__(self) -> None:
        # What cannot be read is told by whoever reads it, and stops no other file.
        super().__init__(path_type=Path, readable=False)

    def convert(
        self, value: "str | os.PathLike[str]", param: click.Parameter | None, ctx: click.Context | None
    ) -> Any:  # noqa: ANN401 - as click has it
        """Return the path."""
        if value == "":
            self.fail("it says nothing", param, ctx)
        return super().convert(value, param, ctx)


class Moment(click.ParamType[datetime]):
    """An instant: ISO 8601, or "7d" for so long ago. Without a zone it is UTC."""

    name = "T"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return an aware UTC datetime."""
        if isinstance(value, datetime):
            return value
        from crawler.config import parse_duration

        text = str(value)
        try:
            return datetime.now(UTC) - parse_duration(text)
        except ValueError:
            pass
        try:
            moment = datetime.fromisoformat(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(
                f'"{text}" is neither a time such as 2026-11-23T07:00 nor a span such as 7d', param, ctx
            )


def print_json(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print JSON Lines on standard output."""
    for row in rows:
        print_data(json.dumps(row, ensure_ascii=False, default=_to_json))


def print_data(line: str) -> None:
    """Print a line for programs on standard output: UTF-8, whatever the locale says."""
    click.echo(line.encode("utf-8", "replace"))


def print_rows(
    session: Session,
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[str],
    *,
    empty: str,
    limit: int | None = None,
) -> None:
    """Print rows as a table for people, or whole as JSON Lines for programs.

    Args:
        session: Says which.
        rows: Values by name; those outside ``columns`` show in JSON only.
        columns: What the table shows, in order.
        empty: What to say instead of an empty table.
        limit: Most rows printed; that there are more of them is said. None: all.
    """
    if limit is not None:
        rows = list(rows)
        if len(rows) > limit:
            rows = rows[:limit]
            session.say(f"More than {limit} fit; --limit shows more.")
    if session.as_json:
        print_json(rows)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_edge=False)
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    n_rows = 0
    for row in rows:
        table.add_row(*(_to_cell(row.get(column)) for column in columns))
        n_rows += 1
    if n_rows:
        # Below that, columns are letters under each other: the terminal's own wrapping reads better.
        width = max(Console().width, MIN_TABLE_WIDTH) if sys.stdout.isatty() else 160
        Console(width=width, highlight=False, markup=False).print(table)
    else:
        session.say(empty)


def _to_json(value: object) -> object:
    if isinstance(value, datetime):
        return format_instant(value)
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    return str(value)


def _to_cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "-"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%MZ")
    return str(value)


def format_instant(value: datetime) -> str:
    """Return ISO 8601 in UTC with a Z.

    Example:
        >>> format_instant(datetime(2026, 11, 23, 7, tzinfo=UTC))
        '2026-11-23T07:00:00Z'
    """
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
