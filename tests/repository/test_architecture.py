"""Which room may import which, which module may write, which may use what: read from the source, held with `==`."""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import mlops_ladder

PACKAGE = Path(mlops_ladder.__file__).parent

# A room is a folder, or a module that stands alone. Whoever adds an arrow adds it here on purpose, pointing down.
ROOMS: dict[str, set[str]] = {
    "atomic": set(),
    "deadline": set(),
    "errors": set(),
    "legible": set(),
    "progress": set(),
    "console": {"atomic", "errors", "legible"},
    "project": {"atomic", "errors", "legible"},
    "git": {"errors", "project"},
    "intake": {"errors", "progress", "project"},
    "facts": {"errors", "git", "project"},
    "checks": {"errors", "facts"},
    "assess": {"checks", "deadline", "errors", "facts", "git", "legible", "progress", "project"},
    "new": {"errors", "git", "intake", "progress", "project"},
    "lift": {"atomic", "errors", "facts", "git", "legible", "project"},
    "commands": {"assess", "console", "errors", "git", "legible", "lift", "new", "project"},
    "cli": {"console", "errors"},
    "__main__": {"cli"},
}

# A library with one door: the modules that import it.
DOORS = {
    "typer": {"cli", "commands", "console"},
    "duckdb": {"intake"},
    "jinja2": {"project/render"},
    "questionary": {"new/ask"},
    "subprocess": {
        "assess/running/process",
        "git/run",
    },
    "tomlkit": {"lift/merge_toml"},
    "tomli_w": {"project/lock"},
}

# Every module that may change something on disk, and what.
WRITERS = {
    "assess/running/clone": "the settings of the copy, and the links that lead out of it",
    "assess/running/copying": "the folder of the copy, which --run works in",
    "assess/running/files": "the files of the copy",
    "assess/running/scratch": "the folder around it, which is gone afterwards",
    "atomic": "one file, whole, for those below",
    "cli": "the log of a bug",
    "console/files": "the files that a user named for reports",
    "git/first_commit": "takes back a repository that git could not finish",
    "git/store": "git's temporary inputs",
    "intake/draw": "the sample",
    "intake/engine": "a copy of a file whose name is a pattern, where links cannot be made",
    "intake/table": "scratch space for a large file",
    "lift/plan": "a scratch object store, so that a plan leaves no trace",
    "lift/merge": "git's temporary inputs",
    "lift/roll_back": "the files that git left halfway, as they were",
    "lift/merge_drivers": "the file that git asks a driver to merge, and git's temporary inputs",
    "project/disk": "the project's tree",
    "project/dvc": "the project's data and its cache",
    "project/history": "the history of the templates",
}

FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if "templates" not in path.parts and path.name != "compiled.py"]


def module(path: Path) -> str:
    """The name of a module as the tables above have it."""
    return path.relative_to(PACKAGE).with_suffix("").as_posix().removesuffix("/__init__")


def room(path: Path) -> str:
    return module(path).split("/")[0]


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


def arrows(path: Path) -> set[str]:
    """The rooms that a file imports from, less its own."""
    parts = [name.split(".") for name in imported(path)]
    ours = {name[1] for name in parts if name[0] == "mlops_ladder" and len(name) > 1}
    return {name for name in ours if not name.startswith("__")} - {room(path)}


def test_the_arrows_between_rooms() -> None:
    drawn: dict[str, set[str]] = {room(path): set() for path in FILES if room(path) != "__init__"}
    for path in FILES:
        if arrows(path):
            drawn[room(path)] |= arrows(path)
    assert drawn == ROOMS


def test_the_arrows_point_one_way() -> None:
    order = list(TopologicalSorter(ROOMS).static_order())  # raises CycleError
    assert order.index("project") < order.index("facts") < order.index("assess") < order.index("commands")


@pytest.mark.parametrize("library", DOORS)
def test_a_library_is_used_behind_one_door(library: str) -> None:
    users = {module(path) for path in FILES if library in {name.split(".")[0] for name in imported(path)}}
    rooms = {door for door in DOORS[library] if "/" not in door}
    assert {user.split("/")[0] if user.split("/")[0] in rooms else user for user in users} == DOORS[library]


def test_every_dependency_is_imported() -> None:
    import tomllib

    root = Path(__file__).parents[2]
    declared = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {"pyyaml": "yaml", "tomli-w": "tomli_w"}
    used = {name.split(".")[0] for path in FILES for name in imported(path)}
    for requirement in declared:
        name = requirement.split(">")[0]
        assert names.get(name, name) in used, f"{requirement} is declared, and nothing imports it"


# A call of any of these changes the disk, whatever it is called on.
METHODS = {"write_text", "write_bytes", "mkdir", "touch", "rmdir", "unlink", "symlink_to", "hardlink_to", "chmod"}
FUNCTIONS = {
    "os": {"link", "makedirs", "mkdir", "remove", "removedirs", "rename", "renames", "replace", "rmdir", "symlink",
           "truncate", "unlink"},
    "shutil": {"copy", "copy2", "copyfile", "copytree", "make_archive", "move", "rmtree", "unpack_archive"},
    "tempfile": {"NamedTemporaryFile", "TemporaryDirectory", "TemporaryFile", "mkdtemp", "mkstemp"},
}  # fmt: skip


def changes_disk(call: ast.Call) -> bool:
    """Whether a call changes files: by its name, or by the mode in which it opens one."""
    function = call.func
    name = (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )
    owner = function.value.id if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) else ""
    if owner in FUNCTIONS and name in FUNCTIONS[owner]:
        return True
    if isinstance(function, ast.Attribute):
        if name in METHODS:
            return True
        # `Path.replace(target)` and `Path.rename(target)`; `str.replace` takes two, `dataclasses.replace` keywords.
        if name in {"replace", "rename"} and len(call.args) == 1 and not call.keywords:
            return True
    if name in {"open", "fdopen"}:
        # `open(path, mode)` and `os.fdopen(handle, mode)`, but `path.open(mode)`.
        first = 0 if name == "open" and owner else 1
        modes = [*call.args[first:], *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
        texts = [mode.value for mode in modes if isinstance(mode, ast.Constant) and isinstance(mode.value, str)]
        return any(set(text) <= set("rwxabt+") and set(text) & set("wxa+") for text in texts)
    return False


def writers(path: Path) -> Iterator[ast.Call]:
    yield from (node for node in nodes(path) if isinstance(node, ast.Call) and changes_disk(node))


def test_only_writers_write() -> None:
    assert {module(path) for path in FILES if any(writers(path))} == set(WRITERS)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("open('x', 'w')", True),
        ("open('x', mode='a')", True),
        ("open('x', 'rb')", False),
        ("path.open('r+')", True),
        ("path.open(encoding='utf-8')", False),
        ("os.fdopen(handle, 'w+b')", True),
        ("os.replace(a, b)", True),
        ("Path(a).replace(b)", True),
        ("text.replace('a', 'b')", False),
        ("replace(lock, level=2)", False),
        ("shutil.copytree(a, b)", True),
        ("shutil.move(a, b)", True),
        ("names.copy()", False),
        ("tempfile.mkstemp()", True),
    ],
)
def test_a_write_is_recognised(code: str, found: bool) -> None:
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    assert changes_disk(call) is found


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
    tops = {name for path in (PACKAGE / "cli.py", PACKAGE / "console/say.py") for name in _top_imports(path)}
    heavy = {"duckdb", "jinja2", "questionary", "rich", "tomlkit", "yaml", "subprocess", "tempfile"}
    assert "typer" in tops
    assert not tops & heavy


def _top_imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(str(node.module).split(".")[0])
    return names
