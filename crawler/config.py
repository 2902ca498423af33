"""Settings of a workspace, and the one way TOML files of users become validated values.

Precedence: command-line option, then ``GLEANINGS_*`` (nested with ``__``), then ``gleanings.toml``, then the
default. A key nobody knows is an error that names the file and the nearest key that exists.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    create_model,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from crawler.errors import ConfigError

CONFIG_FILE = "gleanings.toml"
ENVIRONMENT_PREFIX = "GLEANINGS_"

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(s|m|h|d|w)\s*")

ModelType = TypeVar("ModelType", bound=BaseModel)


def parse_duration(text: str) -> timedelta:
    """Turn "90s", "12h" or "1d 6h" into a time span.

    Args:
        text: One or more numbers, each with a unit: s, m (minutes), h, d, w. No sign.

    Raises:
        ValueError: It is anything else, or longer than a thousand years.

    Example:
        >>> parse_duration("1d 6h")
        datetime.timedelta(days=1, seconds=21600)
    """
    matches = list(_DURATION.finditer(text))
    if not matches or "".join(match[0] for match in matches) != text:
        raise ValueError(f'"{text}" is not a duration such as "90s", "12h" or "7d"')
    seconds = sum(float(match[1]) * _UNITS[match[2]] for match in matches)
    if seconds > 1_000 * 365 * _UNITS["d"]:
        raise ValueError(f'"{text}" is too long')
    return timedelta(seconds=seconds)


def format_duration(span: timedelta) -> str:
    """Return a time span as it is written in files.

    Example:
        >>> [format_duration(span) for span in (timedelta(hours=36), timedelta(days=2), timedelta())]
        ['36h', '2d', '0s']
    """
    seconds = span.total_seconds()
    for unit in ("d", "h", "m"):
        if seconds and seconds % _UNITS[unit] == 0:
            return f"{seconds / _UNITS[unit]:.0f}{unit}"
    return f"{seconds:g}s"


def _to_duration(value: object) -> object:
    return parse_duration(value) if isinstance(value, str) else value


Duration = Annotated[timedelta, BeforeValidator(_to_duration)]
"""A time span, written "90s", "12h", "7d" in files."""


class Settings(BaseModel):
    """Root of every model a user's file is checked against: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WrittenSettings(Settings):
    """Settings that come from TOML alone, which has types of its own: ``"3"`` and ``true`` are no numbers.

    What may also come from the environment, where all is text, stays a plain ``Settings``.
    """

    model_config = ConfigDict(strict=True)

    @model_validator(mode="before")
    @classmethod
    def _freeze_lists(cls, values: object) -> object:
        if not isinstance(values, Mapping):
            return values
        return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}


def _check_language(value: str) -> str:
    if _LANGUAGE.fullmatch(value) is None:
        raise ValueError(f'"{value}" is not a language tag such as "en" or "pt-BR"')
    return value


Language = Annotated[str, AfterValidator(_check_language)]
"""A language tag in the form of BCP 47."""


def _to_list(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return tuple(value) if isinstance(value, list) else value


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_to_list)]
"""A list of words; in an environment variable they are separated by commas."""


class CrawlConfig(Settings):
    """``[crawl]``: how the crawler behaves towards the world."""

    # Hosts, or host:port, outside the public internet that may be crawled all the same.
    allow_private_hosts: Words = ()
    # Wait between two requests to one host where seed and robots.txt say nothing.
    default_delay: Duration = timedelta(seconds=1)
    # Whether fetched pages are kept as they came, as WARC files in the folder "pages".
    keep_pages: bool = False

    def opens(self, host: str) -> bool:
        """Tell whether a host, or one port of it, was opened by `allow_private_hosts`.

        Args:
            host: "host" or "host:port", in lower case.

        Example:
            >>> CrawlConfig(allow_private_hosts=("127.0.0.1",)).opens("127.0.0.1:8765")
            True
        """
        opened = {each.lower() for each in self.allow_private_hosts}
        return bool(opened & {host, urlsplit(f"//{host}").hostname or ""})


def _check_web_address(value: str) -> str:
    if re.fullmatch(r"https?://[^\s/]+(/\S*)?", value) is None:
        raise ValueError(f'"{value}" is not an http(s) address')
    return value


def _check_base_url(value: str) -> str:
    """Return an address that paths can be joined to."""
    if not {"?", "#"}.isdisjoint(_check_web_address(value)):
        raise ValueError(f'"{value}" has a query or fragment; name the folder that the feeds stand in')
    return value.rstrip("/")


def _check_contact(value: str) -> str:
    if re.fullmatch(r"https?://\S+|mailto:\S+@\S+", value) is None:
        raise ValueError(f'"{value}" is neither an http(s) address nor one such as "mailto:me@example.org"')
    return value


WebAddress = Annotated[str, AfterValidator(_check_web_address)]
BaseAddress = Annotated[str, AfterValidator(_check_base_url)]


class ServerConfig(Settings):
    """``[server]``: what the feeds call themselves."""

    # Public address of the feeds; None: the address they are asked for at.
    base_url: BaseAddress | None = None
    # WebSub hub that is told of each new issue, so that it tells subscribers at once; needs base_url.
    hub_url: WebAddress | None = None


class Config(BaseSettings):
    """``gleanings.toml``: the settings of a workspace; every key is optional.

    ``workspace`` is not a key of the file: it is the folder the file stands in.
    """

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        env_prefix=ENVIRONMENT_PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
    )

    workspace: Path = Field(default=Path(), exclude=True)
    # SQLite file (relative to the workspace) or PostgreSQL URL.
    database: str = "sqlite:///gleanings.db"
    # Page that tells site owners who crawls them; public hosts are crawled only when it is set.
    contact_url: Annotated[str, AfterValidator(_check_contact)] | None = None
    crawl: CrawlConfig = CrawlConfig()
    server: ServerConfig = ServerConfig()

    @property
    def database_url(self) -> str:
        """``database`` with a relative SQLite path made absolute by the workspace."""
        prefix = "sqlite:///"
        if not self.database.startswith(prefix) or self.database == f"{prefix}:memory:":
            return self.database
        path = Path(self.database.removeprefix(prefix))
        return prefix + str(path if path.is_absolute() else (self.workspace / path).absolute())

    @property
    def seeds_dir(self) -> Path:
        """The folder of the workspace's seed files."""
        return self.workspace / "seeds"

    @property
    def pages_dir(self) -> Path:
        """The folder of kept pages, see ``crawl.keep_pages``."""
        return self.workspace / "pages"


_written: Any = {
    name: (field.annotation, field) for name, field in Config.model_fields.items() if not field.exclude
}
_WrittenConfig = create_model("_WrittenConfig", __base__=Settings, **_written)
"""What the file alone may hold: the environment, where all is text, is heard only after it is found right."""


def find_workspace(start: Path) -> Path:
    """Return the nearest folder from ``start`` upward that holds ``gleanings.toml``, else ``start``.

    Args:
        start: An existing folder.
    """
    return next(
        (folder for folder in (start, *start.absolute().parents) if (folder / CONFIG_FILE).is_file()), start
    )


def load_config(workspace: Path, *, options: Mapping[str, Any] | None = None) -> Config:
    """Read the settings of a workspace.

    Args:
        workspace: The folder; ``gleanings.toml`` in it is optional.
        options: Values that outrank all others, by key; None values are passed over.

    Raises:
        ConfigError: The folder does not exist, or the file or a variable is wrong.
    """
    if not workspace.is_dir():
        raise ConfigError("no such folder for a workspace", path=workspace)
    path = workspace / CONFIG_FILE
    written = read_toml(path) if path.is_file() else {}
    if "workspace" in written:
        raise ConfigError('unknown key "workspace"; the workspace is the folder of the file', path=path)
    check_toml(written, _WrittenConfig, path=path, strict=True)
    given = {key: value for key, value in (options or {}).items() if value is not None}

    class Loaded(Config):
        """The settings with the file's table as one more source, below the environment."""

        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class asks for it
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            """Rank the sources: options, environment, file."""
            return (init_settings, env_settings, InitSettingsSource(settings_cls, init_kwargs=written))

    try:
        loaded = Loaded(**given, workspace=workspace)
    except (ValidationError, SettingsError) as error:
        raise _settings_error(error) from None
    return Config.model_construct(**dict(loaded))


_WORDS_OF_FAULTS = {
    "string_type": 'must be text in quotes, such as "a"',
    "string_too_short": "must not be empty",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "tuple_type": 'must be a list, such as ["a", "b"]',
    "list_type": 'must be a list, such as ["a", "b"]',
    "time_delta_type": 'must be a duration in quotes, such as "90s", "12h" or "7d"',
    "model_type": "must be a table",
    "dict_type": "must be a table",
}
"""Kind of fault -> how it is told to people who know TOML and not our types."""


def read_toml(path: Path, *, error_type: type[ConfigError] = ConfigError) -> dict[str, Any]:
    """Read a TOML file.

    Args:
        path: The file.
        error_type: Which error to raise.

    Raises:
        ConfigError: It can't be read, is not UTF-8, or is not TOML; the message holds line and column.
    """
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise error_type("no such file", path=path) from None
    except OSError as error:
        raise error_type(f"cannot be read ({error.strerror})", path=path) from None
    except UnicodeDecodeError:
        raise error_type("not UTF-8 text", path=path) from None
    except tomllib.TOMLDecodeError as error:
        raise error_type(f"not valid TOML ({error})", path=path) from None


def list_toml(folder: Path, *, error_type: type[ConfigError] = ConfigError) -> list[Path]:
    """Return the ``*.toml`` directly in a folder, in the order of their names; a missing folder holds none.

    Args:
        folder: Where to look.
        error_type: Which error to raise.

    Raises:
        ConfigError: It is no folder, or can't be read: taking it for empty would forget all that is in it.
    """
    try:
        return sorted(path for path in folder.iterdir() if path.name.endswith(".toml"))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise error_type(f"cannot be read ({error.strerror})", path=folder) from None


def check_toml(
    values: Mapping[str, Any],
    model: type[ModelType],
    *,
    path: Path | None,
    at: str = "",
    strict: bool | None = None,
    error_type: type[ConfigError] = ConfigError,
) -> ModelType:
    """Validate a TOML table.

    Args:
        values: The table.
        model: What it must be.
        path: The file it came from, for the message.
        at: Dotted prefix of the keys in the message, such as ``publication[2]``.
        strict: Whether TOML's types are held to; None: as the model says.
        error_type: Which error to raise.

    Raises:
        ConfigError: A key is unknown ("did you mean"), missing, or has a wrong value.
    """
    try:
        return model.model_validate(dict(values), strict=strict)
    except ValidationError as error:
        message, key = _explain(error, model, at=at)
        raise error_type(message, path=path, key=key) from None


def _explain(error: ValidationError, model: type[BaseModel], *, at: str = "") -> tuple[str, str]:
    """Return one sentence about the first fault, and the dotted key it is about."""
    faults = error.errors(include_url=False, include_context=False)
    # A misspelt key also makes the right one missing: the misspelling is what the user can see.
    first = next((fault for fault in faults if fault["type"] == "extra_forbidden"), faults[0])
    location = first["loc"]
    key = ".".join(filter(None, (at, *(str(part) for part in location))))
    if first["type"] == "extra_forbidden":
        return f'unknown key "{key}"{_did_you_mean(str(location[-1]), _keys_at(model, location[:-1]))}', key
    if first["type"] == "missing":
        return f'the key "{key}" is missing', key
    message = _WORDS_OF_FAULTS.get(first["type"], first["msg"].removeprefix("Value error, "))
    return f'wrong value for "{key}" ({message})', key


def _settings_error(error: ValidationError | SettingsError) -> ConfigError:
    """Blame the environment or the option: the file was found right before they were heard."""
    if isinstance(error, SettingsError):
        name = next((name for name in Config.model_fields if f'"{name}"' in str(error)), "")
        variable = f"{ENVIRONMENT_PREFIX}{name.upper()}"
        return ConfigError(f"{variable} is no single value; set one of its keys, as in {variable}__KEY")
    message, key = _explain(error, Config)
    variable = ENVIRONMENT_PREFIX + key.upper().replace(".", "__")
    return ConfigError(f"{message}, set by {variable}" if variable in os.environ else message, key=key)


def _did_you_mean(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f'; did you mean "{close[0]}"?' if close else f"; known keys are {', '.join(sorted(known))}"


def _keys_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """Return the names a table at this place may hold."""
    for part in location:
        if isinstance(part, int) or part not in model.model_fields:
            continue
        annotation = model.model_fields[part].annotation
        candidates = (annotation, *get_args(annotation))
        model = next(
            (each for each in candidates if isinstance(each, type) and issubclass(each, BaseModel)), model
        )
    return [field.alias or name for name, field in model.model_fields.items() if not field.exclude]
