"""Which module may import which: the arrows of the design, one way, read from the source."""

import ast
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import mlops_ladder

PACKAGE = Path(mlops_ladder.__file__).parent

# A folder counts as one module. Whoever adds an arrow here adds it on purpose, pointing down.
ALLOWED: dict[str, set[str]] = {
    # nouns and errors
    "errors": set(),
    "model": set(),
    "sql": set(),
    # the pure middle and the edges below it
    "naming": {"errors"},
    "levels": {"errors", "model"},
    "lock": {"errors", "model"},
    "render": {"errors", "levels", "model"},
    "disk": {"errors", "model"},
    "dataset": {"errors", "model"},
    "first_commit": set(),
    # lifting a project: git at the edge, both sides of the merge in the middle
    "git": {"errors"},
    "preflight": {"errors", "git", "lock", "model"},
    "objects": {"git", "model", "preflight"},
    "merging": {"git", "objects"},
    "drivers": set(),
    "sides": {"model"},
    "delta": {"model"},
    "history": {"errors", "levels", "lock", "model", "render"},
    "history_samples": {"levels", "model", "render"},
    # the user's data
    "flaws": {"errors"},
    "csvfile": {"flaws"},
    "parquetfile": {"errors", "flaws", "sql"},
    "table": {"csvfile", "errors", "flaws", "parquetfile", "sql"},
    "columns": {"parquetfile", "sql", "table"},
    "target": {"columns", "errors", "flaws", "model", "table"},
    "profile": {"columns", "csvfile", "errors", "model", "table", "target"},
    "sample": {"columns", "csvfile", "model", "sql", "table", "target"},
    "shipped": {"levels", "lock", "model"},
    # actions
    "create": {
        "dataset",
        "disk",
        "errors",
        "first_commit",
        "levels",
        "lock",
        "model",
        "naming",
        "profile",
        "render",
        "sample",
        "shipped",
    },
    "lift": {"dataset", "delta", "errors", "git", "lock", "merging", "model", "objects", "preflight", "sides"},
    "upgrade": {"dataset", "errors", "git", "lift", "merging", "objects", "preflight"},
    "changes": {"dataset", "errors", "history", "levels", "lift", "lock", "model", "render"},
    # any repository: its facts, the checks on them, the level that follows
    "catalogue": {"errors", "levels"},
    "facts": {"errors", "model"},
    "checks": {"errors", "facts"},
    "assess": {"catalogue", "checks", "facts", "levels", "model"},
    "execute": {"assess", "checks", "facts"},
    "plan": {"assess", "catalogue", "errors", "levels"},
    "rates": {"errors", "plan"},
    "outfile": {"errors"},
    # what a person meets
    "reports": {"assess", "catalogue", "levels", "plan", "rates"},
    "lift_report": {"lift", "upgrade"},
    "console": {"errors"},
    "ask": {"create", "errors", "levels", "model", "naming", "profile"},
    "commands": {
        "ask",
        "assess",
        "catalogue",
        "changes",
        "console",
        "create",
        "errors",
        "execute",
        "first_commit",
        "levels",
        "lift",
        "lift_report",
        "model",
        "outfile",
        "plan",
        "preflight",
        "rates",
        "reports",
        "upgrade",
    },
    "cli": {"commands", "console", "errors"},
    "__main__": {"cli"},
}

# A library with one door: the modules that may import it.
DOORS = {
    "click": {"cli", "commands", "console"},
    "duckdb": {"table", "parquetfile"},
    "jinja2": {"render"},
    "questionary": {"ask"},
    "rich": {"console"},
    "subprocess": {"drivers", "execute", "facts", "first_commit", "git"},
    "tomlkit": {"drivers"},
    "tomli_w": {"lock"},
}

# May change files, each of one kind: the project's tree, its data, the sample, scratch space for a large file, a
# repository, the log of a bug; git's temporary inputs, the file that git asks a driver to merge, the history of the
# templates.
WRITERS = {
    "disk",
    "dataset",
    "sample",
    "table",
    "first_commit",
    "cli",
    "objects",
    "merging",
    "drivers",
    "history",
    "outfile",
}
WRITES = {"write_text", "write_bytes", "mkdir", "touch", "rmtree", "rmdir", "unlink", "copyfile", "copy", "symlink_to"}

FILES = sorted(PACKAGE.rglob("*.py"))
FILES = [path for path in FILES if "templates" not in path.relative_to(PACKAGE).parts]


def module(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text("utf-8"))))


def imported(path: Path) -> set[str]:
    """Full names of all modules that a file imports, also inside functions."""
    names: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: imports are absolute"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def own(path: Path) -> set[str]:
    parts = [name.split(".") for name in imported(path)]
    ours = {name[1] for name in parts if name[0] == "mlops_ladder" and len(name) > 1}
    return {name for name in ours if not name.startswith("__")} - {module(path)}


def test_every_module_has_its_place() -> None:
    assert {module(path) for path in FILES} - {"__init__"} == set(ALLOWED)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_what_lies_below_it(path: Path) -> None:
    assert own(path) <= ALLOWED.get(module(path), set())


def test_the_arrows_point_one_way() -> None:
    order = list(TopologicalSorter(ALLOWED).static_order())  # raises CycleError
    assert order.index("model") < order.index("render") < order.index("create") < order.index("commands")


@pytest.mark.parametrize("library", DOORS)
def test_a_library_is_used_behind_one_door(library: str) -> None:
    users = {module(path) for path in FILES if library in {name.split(".")[0] for name in imported(path)}}
    assert users <= DOORS[library]


def test_only_writers_write() -> None:
    calls = [
        (module(path), node.attr)
        for path in FILES
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr in WRITES and not _ours(node.value)
    ]
    assert {name for name, _ in calls} <= WRITERS
    assert ("disk", "write_bytes") in calls


def _ours(value: ast.expr) -> bool:
    """Whether a call is to one of our modules: `disk.copy` is the writer's business, not the caller's."""
    return isinstance(value, ast.Name) and value.id in ALLOWED


def test_nothing_prints_but_the_console() -> None:
    prints = {
        module(path)
        for path in FILES
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert prints == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_stays_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 250


def test_the_package_starts_without_heavy_libraries() -> None:
    """`ladder --help` imports at its top only what it needs to list the commands."""
    tops = {name for path in (PACKAGE / "cli.py", PACKAGE / "console.py") for name in _top_imports(path)}
    heavy = {"duckdb", "jinja2", "questionary", "rich", "tomlkit", "yaml", "subprocess", "tempfile"}
    assert "click" in tops
    assert not tops & heavy


def _top_imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module).split(".")[0])
    return names
