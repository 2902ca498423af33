"""Settings: precedence, and errors that name file and key."""

import pickle
import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.config import Config, find_workspace, load_config, parse_duration, read_toml
from crawler.errors import ConfigError


def write(folder: Path, text: str) -> Path:
    (folder / "gleanings.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_workspace_without_a_file_has_the_defaults(tmp_path: Path) -> None:
    config = load_config(tmp_path)
    assert config.contact_url is None
    assert config.crawl.default_delay == timedelta(seconds=1)
    assert config.database_url == f"sqlite:///{tmp_path}/gleanings.db"


def test_option_outranks_environment_outranks_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, 'database = "sqlite:///file.db"\n[crawl]\ndefault_delay = "5s"\n')
    assert load_config(tmp_path).database == "sqlite:///file.db"
    monkeypatch.setenv("GLEANINGS_DATABASE", "sqlite:///env.db")
    monkeypatch.setenv("GLEANINGS_CRAWL__ALLOW_PRIVATE_HOSTS", "127.0.0.1, localhost")
    config = load_config(tmp_path)
    assert config.database == "sqlite:///env.db"
    assert config.crawl.allow_private_hosts == ("127.0.0.1", "localhost")
    assert config.crawl.default_delay == timedelta(seconds=5), "the environment must not reset its neighbors"
    assert load_config(tmp_path, options={"database": "sqlite:///o.db"}).database == "sqlite:///o.db"
    assert load_config(tmp_path, options={"database": None}).database == "sqlite:///env.db"


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ("databse = 'x'", "databse", 'did you mean "database"?'),
        ("[crawl]\ndefault_dealy = '1s'", "crawl.default_dealy", 'did you mean "default_delay"?'),
        ("[crawl]\ndefault_delay = 'soon'", "crawl.default_delay", "not a duration"),
        ("[crawl]\ndefault_delay = '365001d'", "crawl.default_delay", '"365001d" is too long'),
        ("[crawl]\ndefault_delay = '-1s'", "crawl.default_delay", "not a duration"),
        ("contact_url = 7", "contact_url", "must be text in quotes"),
        ("contact_url = 'me'", "contact_url", '"me" is neither an http(s) address nor'),
        ("[crawl]\ndefault_delay = 5", "crawl.default_delay", "must be a duration in quotes"),
        ("[crawl]\nkeep_pages = 'yes'", "crawl.keep_pages", "must be true or false"),
        ("crawl = 3", "crawl", "must be a table"),
        ("[server]\nbase_url = 'digests.example.org'", "server.base_url", "is not an http(s) address"),
        ("[server]\nbase_url = 'https://a.example/?x=1'", "server.base_url", "has a query or fragment"),
        ("[server]\nbase_url = 'https://a.example/a#b'", "server.base_url", "has a query or fragment"),
        ("workspace = '.'", None, "the workspace is the folder"),
        ("[zebra]\nx = 1", "zebra", "known keys are"),
    ],
)
def test_a_wrong_key_is_named_with_its_file(tmp_path: Path, text: str, key: str | None, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(write(tmp_path, text))
    assert caught.value.key == key
    assert caught.value.path == tmp_path / "gleanings.toml"
    assert message in str(caught.value)
    assert str(tmp_path / "gleanings.toml") in str(caught.value)


def test_a_wrong_variable_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLEANINGS_CRAWL__DEFAULT_DELAY", "soon")
    with pytest.raises(ConfigError, match="set by GLEANINGS_CRAWL__DEFAULT_DELAY"):
        load_config(tmp_path)


def test_a_variable_for_a_whole_table_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLEANINGS_CRAWL", "fast")
    with pytest.raises(ConfigError, match="GLEANINGS_CRAWL is no single value"):
        load_config(tmp_path)


def test_an_empty_variable_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, 'contact_url = "https://example.org/us"')
    monkeypatch.setenv("GLEANINGS_CONTACT_URL", "")
    assert load_config(tmp_path).contact_url == "https://example.org/us"


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"a = ", "not valid TOML"), (b"\xff\xfe\x00", "not UTF-8"), (b"a = 1\na = 2", "not valid TOML")],
)
def test_a_broken_file_is_one_sentence(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        read_toml(path)


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^no such file: .*x\.toml$"):
        read_toml(tmp_path / "x.toml")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_toml(tmp_path)


def test_a_base_url_ends_without_a_slash(tmp_path: Path) -> None:
    write(tmp_path, "[server]\nbase_url = 'https://a.example/b/'")
    assert load_config(tmp_path).server.base_url == "https://a.example/b"


def test_a_missing_workspace_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder"):
        load_config(tmp_path / "nowhere")


def test_the_nearest_folder_upward_is_the_workspace(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert find_workspace(inner) == inner
    write(tmp_path, "")
    assert find_workspace(inner) == tmp_path


def test_an_absolute_database_path_stays(tmp_path: Path) -> None:
    config = Config(workspace=tmp_path, database="sqlite:////var/lib/x.db")
    assert config.database_url == "sqlite:////var/lib/x.db"


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_library_in_memory_is_no_file_of_the_workspace(tmp_path: Path, url: str) -> None:
    assert Config(workspace=tmp_path, database=url).database_url == url


def test_errors_survive_pickling() -> None:
    error = ConfigError("wrong", path=Path("x.toml"), key="a.b")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.path, again.key) == (str(error), error.path, error.key)


@given(st.integers(0, 10_000), st.sampled_from(["s", "m", "h", "d", "w"]))
def test_durations_read_what_they_say(number: int, unit: str) -> None:
    seconds = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}[unit]
    if number * seconds <= 1_000 * 365 * 86_400:
        assert parse_duration(f"{number}{unit}") == timedelta(seconds=number * seconds)


@given(st.text(min_size=1, max_size=20))
def test_any_other_text_is_refused_in_words(text: str) -> None:
    if re.fullmatch(r"(\s*\d+(\.\d+)?\s*[smhdw]\s*)+", text):
        return
    with pytest.raises(ValueError, match=re.escape(text)):
        parse_duration(text)
