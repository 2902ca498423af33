"""The house keeps its shape: who may import what, how large a thing may grow, what `--help` may load."""

import ast
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = [
    path
    for folder in ("crawler", "plugin")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "bundled" not in path.parts and "versions" not in path.parts and path.parent.name != "migrations"
] + [ROOT / "cli.py"]

MAX_MODULE, MAX_FUNCTION, MAX_CLASS, MAX_PARAMETERS = 500, 60, 300, 8

LAYERS = {
    "crawler": [
        {"errors", "reading"},
        {"config"},
        {"records", "seeds"},
        {"entrypoints"},
        {"platforms", "store"},
        {"spiders", "pipelines", "middlewares", "extensions", "guard"},
        {"settings"},
        {"runner", "demo"},
        {"commands"},
    ],
    "plugin": [
        {"errors"},
        {"digests", "issues", "tables"},
        {"archive", "selection", "formats", "migrations"},
        {"composing", "mailing", "outlets"},
        {"publishing", "server"},
        {"operations"},
        {"commands"},
    ],
}
OF_THE_CRAWLER = {"store", "records", "errors", "config", "seeds", "reading"}
"""Rooms of the crawler that every room of the plugin may enter."""

EXTERNAL = {
    "sqlmodel": (
        "crawler/store/",
        "crawler/records.py",
        "plugin/tables.py",
        "plugin/migrations/",
        "plugin/archive",
    ),
    "sqlalchemy": (
        "crawler/store/",
        "crawler/records.py",
        "plugin/tables.py",
        "plugin/migrations/",
        "plugin/archive",
    ),
    "scrapy": tuple(
        f"crawler/{room}"
        for room in (
            "spiders/",
            "pipelines.py",
            "middlewares.py",
            "extensions.py",
            "guard.py",
            "settings.py",
            "runner/",
        )
    ),
    "twisted": tuple(
        f"crawler/{room}"
        for room in (
            "spiders/",
            "pipelines.py",
            "middlewares.py",
            "extensions.py",
            "guard.py",
            "settings.py",
            "runner/",
        )
    ),
    "click": ("cli.py", "crawler/commands/", "plugin/commands/"),
    "starlette": ("plugin/server/", "crawler/demo/"),
    "bs4": ("crawler/reading/",),
}
"""Library -> where it may be imported."""


def imported_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the layer"
            module = node.module or ""
            yield from (f"{module}.{alias.name}" for alias in node.names)


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> tuple[str, str] | None:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return (parts[0], parts[1]) if len(parts) > 1 and parts[1] != "__init__" else None


def rank(package: str, room: str) -> int:
    return next(n for n, layer in enumerate(LAYERS[package]) if room in layer)


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_a_module_imports_only_from_lower_layers(path: Path) -> None:
    room = room_of(path)
    if room is None:  # cli.py and the packages' own __init__, which import nothing of ours but commands
        return
    package, own = room
    own_rank = rank(package, own)
    for name in imported_names(parse(path)):
        head, _, rest = name.partition(".")
        target = rest.partition(".")[0]
        if head == "cli":
            pytest.fail(f"{place(path)} imports the command line")
        if head == package and target and target != own and any(target in layer for layer in LAYERS[package]):
            assert rank(package, target) < own_rank, f"{place(path)} reaches up or sideways to {name}"
        elif head == "plugin":
            assert package == "plugin", f"{place(path)} must not hear of the plugin"
        elif head == "crawler" and package == "plugin" and own not in ("operations", "commands"):
            assert target in OF_THE_CRAWLER, f"{place(path)} enters crawler.{target}"


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_libraries_stay_in_their_rooms(path: Path) -> None:
    for name in imported_names(parse(path)):
        allowed = EXTERNAL.get(name.partition(".")[0])
        assert allowed is None or place(path).startswith(allowed), f"{place(path)} imports {name}"


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_nothing_outgrows_its_ceiling(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MAX_MODULE, f"{place(path)} has {text.count(chr(10))} lines"
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            assert lines <= MAX_FUNCTION, f"{place(path)}:{node.name} has {lines} lines"
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            count = len([each for each in given if each.arg not in ("self", "cls")])
            assert count <= MAX_PARAMETERS, f"{place(path)}:{node.name} has {count} parameters"
        elif isinstance(node, ast.ClassDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            assert lines <= MAX_CLASS, f"{place(path)}:{node.name} has {lines} lines"


SHELVES = {
    "crawler.platforms": {"base", "drafts"},
    "plugin.outlets": {"base"},
    "plugin.formats": {
        "base", "cleaning", "elements", "fragments", "links", "pages", "templating", "threads", "wording",
    },
}  # fmt: skip
"""Shelf of alike things -> what they share; all else on it are strangers to each other."""


@pytest.mark.parametrize("shelf", SHELVES)
def test_siblings_are_strangers(shelf: str) -> None:
    depth, shared = shelf.count(".") + 1, SHELVES[shelf]
    siblings = {
        parts[depth]
        for path in SOURCES
        if (parts := path.relative_to(ROOT).with_suffix("").parts)[:depth] == tuple(shelf.split("."))
        and parts[depth] not in {"__init__", *shared}
    }
    assert siblings
    for path in SOURCES:
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[:depth] != tuple(shelf.split(".")) or parts[depth] not in siblings:
            continue
        for name in imported_names(parse(path)):
            if name.startswith(f"{shelf}."):
                other = name.split(".")[depth]
                assert other in {parts[depth], *shared}, f"{place(path)} knows its sibling {name}"


def module_graph() -> dict[str, set[str]]:
    modules: dict[str, Path] = {}
    for path in SOURCES:
        parts = list(path.relative_to(ROOT).with_suffix("").parts)
        if parts[-1] == "__init__":
            parts.pop()
        modules[".".join(parts)] = path
    graph: dict[str, set[str]] = {}
    for name, path in modules.items():
        targets = set()
        for imported in imported_names(parse(path)):
            target = imported if imported in modules else imported.rpartition(".")[0]
            if target in modules and target != name:
                targets.add(target)
        graph[name] = targets
    return graph


def test_no_import_goes_in_a_circle() -> None:
    """Not one that a function makes when it is called either: a circle put off is a circle."""
    graph = module_graph()
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail[trail.index(name) :], name))
        if name not in done:
            for target in sorted(graph[name]):
                visit(target, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def public_definitions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Yield public functions, classes and methods; what stands inside a function is its own affair."""
    bodies = [tree.body]
    while bodies:
        for node in bodies.pop():
            if (
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
                and node.name[0] != "_"
            ):
                yield node
                if isinstance(node, ast.ClassDef):
                    bodies.append(node.body)


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_every_public_name_is_described(path: Path) -> None:
    tree = parse(path)
    assert ast.get_docstring(tree) or not tree.body, f"{place(path)} has no docstring"
    for node in public_definitions(tree):
        assert ast.get_docstring(node), f"{place(path)}:{node.name} is not described"


def test_only_the_allowed_names_stand_at_the_top() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    tops = {line.partition("/")[0] for line in listed.stdout.splitlines() if not line.startswith(".")}
    assert tops <= {
        "crawler",
        "plugin",
        "cli.py",
        "tests",
        "seeds",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "requirements.lock",
    }


HELP = """
import sys
sys.argv = ["gleanings", "--help"]
import cli
try:
    cli.main()
except SystemExit as end:
    heavy = {"scrapy", "twisted", "starlette", "sqlalchemy", "pydantic", "lxml"} & set(sys.modules)
    print("loaded:", sorted(heavy), "code:", end.code)
"""


def test_help_is_light_and_quick() -> None:
    costs = []
    # The first run may compile, and another may share its core with whoever is busy: the cheapest one counts.
    while len(costs) < 10 and min(costs, default=1.0) >= 0.3:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run = subprocess.run(
            [sys.executable, "-c", HELP], cwd=ROOT, capture_output=True, text=True, check=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        costs.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert "loaded: [] code: 0" in run.stdout, run.stdout + run.stderr
        assert "Usage: gleanings" in run.stdout
    assert min(costs) < 0.3, f"--help took {min(costs):.2f} s of CPU"
