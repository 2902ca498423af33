"""README.md says what is there: every command has help with an example, every setting is described."""

import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

import cli
from crawler.config import Config
from crawler.seeds import Seed
from plugin.digests import Digest
from tests.reference import command_reference, help_text, setting_rows, settings_reference, walk_commands

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = dict(walk_commands())


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_with_an_example(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    assert command.help, f"{path} has no help"
    assert command.epilog, f"{path} has no example"
    example = command.epilog.removeprefix("Example: ").partition(" > ")[0]
    assert shlex.split(example)[: len(path)] == list(path)
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            assert parameter.help or parameter.metavar, f"{path} {parameter.opts} is not described"


def shown_commands() -> list[str]:
    """Return each ``gleanings ...`` line of the README's own shell blocks."""
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("gleanings ")]


@pytest.mark.parametrize("line", shown_commands())
def test_every_line_the_readme_shows_is_accepted(line: str) -> None:
    words = shlex.split(line.partition(" > ")[0])[1:]
    command: click.Command = cli.main_group
    context = click.Context(command, info_name="gleanings", help_option_names=["-h", "--help"])
    while isinstance(command, click.Group):
        found = command.get_command(context, words[0])
        assert found is not None, f"there is no command {words[0]}"
        command, words = found, words[1:]
    command.make_context(command.name, words, parent=context)


def test_the_reference_is_as_the_code_says() -> None:
    assert command_reference() in README, "run: cog -r README.md"
    assert settings_reference() in README, "run: cog -r README.md"


def test_help_fits_a_terminal() -> None:
    for path, command in COMMANDS.items():
        assert max(map(len, help_text(path, command).splitlines())) <= 100, path


@pytest.mark.parametrize(("model", "prefix"), [(Config, ""), (Seed, "publication."), (Digest, "")])
def test_every_setting_is_described(model: type, prefix: str) -> None:
    bare = [key for key, _, text in setting_rows(model, prefix) if not text]
    assert not bare, f"no comment above {bare}"


def test_the_version_is_the_changelogs_newest() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(version)}\b", changelog, re.MULTILINE)
