"""Writes the parts of README.md that come from the code: commands from their help, settings from their models."""

import inspect
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import click
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

import cli
from crawler.config import format_duration


def walk_commands() -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield (path, command) for every command and group, in the order of the help."""

    def walk(
        path: tuple[str, ...], command: click.Command
    ) -> Iterator[tuple[tuple[str, ...], click.Command]]:
        yield path, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                inner = command.get_command(context, name)
                assert inner is not None
                yield from walk((*path, name), inner)

    yield from walk(("gleanings",), cli.main_group)


def help_text(path: tuple[str, ...], command: click.Command) -> str:
    """Return a command's help at a fixed width."""
    settings = {"help_option_names": cli.main_group.context_settings["help_option_names"]}
    parent = (
        click.Context(cli.main_group, info_name=" ".join(path[:-1]), **settings) if len(path) > 1 else None
    )
    context = click.Context(
        command, info_name=path[-1], parent=parent, terminal_width=100, max_content_width=100, **settings
    )
    return command.get_help(context)


def command_reference() -> str:
    """Return the help of every command as Markdown."""
    blocks = [
        f"### `{' '.join(path)}`\n\n```\n{help_text(path, command)}\n```\n"
        for path, command in walk_commands()
    ]
    return "\n" + "\n".join(blocks)


def settings_reference() -> str:
    """Return a table of the keys of each file a user writes."""
    from crawler.config import Config
    from crawler.seeds import Seed
    from plugin.digests import Digest

    files = {
        "`gleanings.toml`": (Config, ""),
        "`seeds/<anything>.toml`": (Seed, "publication."),
        "`seeds/digests/<slug>.toml`": (Digest, ""),
    }
    parts = []
    for title, (model, prefix) in files.items():
        rows = "\n".join(
            f"| `{key}` | {default} | {text} |" for key, default, text in setting_rows(model, prefix)
        )
        parts.append(f"### {title}\n\n| key | default | what it means |\n| --- | --- | --- |\n{rows}\n")
    return "\n" + "\n".join(parts)


def setting_rows(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield (dotted key, default, meaning) for each key; the meaning is the comment above the field."""
    comments = _field_comments(model)
    for name, field in model.model_fields.items():
        if field.exclude or (name == "slug" and not prefix):
            continue
        inner = _inner_model(field.annotation)
        if inner is not None:
            yield from setting_rows(inner, f"{prefix}{name}.")
            continue
        yield f"{prefix}{name}", _format_default(field.default), comments.get(name, "")


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    candidates = [annotation, *getattr(annotation, "__args__", ())]
    return next((each for each in candidates if isinstance(each, type) and issubclass(each, BaseModel)), None)


def _field_comments(model: type[BaseModel]) -> dict[str, str]:
    comments: dict[str, str] = {}
    pending: list[str] = []
    for line in inspect.getsource(model).splitlines():
        stripped = line.strip()
        if stripped.startswith("# "):
            pending.append(stripped[2:])
            continue
        match = re.match(r"(\w+):", stripped)
        if match and pending:
            comments[match[1]] = " ".join(pending)
        pending = []
    return comments


def _format_default(value: object) -> str:
    if value is PydanticUndefined:
        return "required"
    if value is None or value == ():
        return "—"
    if isinstance(value, timedelta):
        return f"`{format_duration(value)}`"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return "`" + ", ".join(map(str, value)) + "`"
    return f"`{value}`"
