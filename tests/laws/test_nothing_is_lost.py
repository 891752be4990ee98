"""The second law of `ladder up`, for edits that nobody thought of: no line of the user's is ever lost."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mlops_ladder.lift.report import as_data, plan_text, result_text, undo
from mlops_ladder.new.create import Request, create
from mlops_ladder.new.create import plan as make_plan
from mlops_ladder.project.layers import available
from support.repos import climb, git, isolate, lay_out, state, templates, under_way

pytestmark = pytest.mark.slow

own_git = pytest.fixture(autouse=True)(isolate)

# Few in a normal run, and always the same; more, and new ones each time, when asked for.
EXAMPLES = int(os.environ.get("LADDER_EXAMPLES", "0"))
NEW_PATHS = (
    "src/trips/track.py",  # level 2 brings it, too
    "src/trips/gate.py",  # level 3
    "dvc.yaml",
    "src/trips/tracking.py",
    ".github/workflows/ci.yml",
    "docs/notes.md",
    "src/trips/own.py",
    ".dvc/config",
    "data/raw/.gitignore",
    "run.sh.txt",
)
FOLDERS = ("src/trips", "tests", ".github/workflows")


@dataclass(frozen=True)
class Edit:
    """One thing that a user does to the file of a number, or to a new one, and the mark that it leaves."""

    kind: str
    file: int
    line: int
    mark: str

    def apply(self, project: Path) -> None:
        """Do it, where it can be done."""
        held = sorted(path for path in project.rglob("*") if path.is_file() and ".git" not in path.parts)
        held = [path for path in held if path.name != ".ladder.toml"]
        path = held[self.file % len(held)]
        if self.kind == "add":
            path = project / NEW_PATHS[self.file % len(NEW_PATHS)]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(f"line {n}\n" for n in range(self.line)) + self.mark + "\n")
        elif self.kind == "rename folder":
            folder = project / FOLDERS[self.line % len(FOLDERS)]
            if folder.is_dir() and not (project / "renamed").exists():
                folder.rename(project / "renamed")
        else:
            self._change(project, path)

    def _change(self, project: Path, path: Path) -> None:
        content = path.read_bytes()
        lines = content.splitlines(keepends=True)
        at = self.line % (len(lines) + 1)
        mark = self.mark.encode() + (b"\r\n" if b"\r\n" in content else b"\n")
        if self.kind == "insert":
            path.write_bytes(b"".join([*lines[:at], mark, *lines[at:]]))
        elif self.kind == "replace":
            path.write_bytes(b"".join([*lines[:at], mark, *lines[at + 3 :]]))
        elif self.kind == "delete lines":
            path.write_bytes(b"".join([*lines[:at], *lines[at + 4 :]]))
        elif self.kind == "rewrite":
            path.write_bytes(mark)
        elif self.kind == "no last newline":
            path.write_bytes(content.rstrip(b"\r\n") + b"\n" + mark.rstrip(b"\r\n"))
        elif self.kind == "crlf":
            path.write_bytes(content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        elif self.kind == "mode":
            path.chmod(path.stat().st_mode ^ 0o111)
        elif self.kind == "delete":
            path.unlink()
        elif self.kind == "move":
            target = project / f"moved/{self.line}/{path.name}"
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
        elif self.kind == "binary":
            path.write_bytes(b"\0\1" + mark)


KINDS = (
    *("insert", "replace", "rewrite", "delete lines", "no last newline"),
    *("crlf", "mode", "delete", "move", "binary", "rename folder"),
)
the_marks = st.uuids().map(lambda uuid: f"mark-{uuid}")
changed = st.builds(Edit, st.sampled_from(KINDS), st.integers(0, 60), st.integers(0, 80), the_marks)
added = st.builds(Edit, st.just("add"), st.integers(0, 60), st.integers(0, 20), the_marks)


@pytest.fixture(scope="module", params=["small templates", pytest.param("real ones", marks=pytest.mark.slow)])
def origin(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path | None]:
    """A level-1 project without a repository, and the templates that it was made from."""
    folder = tmp_path_factory.mktemp("origin") / "trips"
    if request.param == "real ones":
        create(make_plan(Request(folder)), commit=False)
        return folder, None
    root = templates(tmp_path_factory.mktemp("templates"))
    return lay_out(folder, root, 1), root


def marks(top: Path) -> dict[str, set[str]]:
    """By mark, the files that hold it."""
    found: dict[str, set[str]] = {}
    for path in top.rglob("*"):
        name = path.relative_to(top).as_posix()
        if path.is_file() and not name.startswith(".git/"):
            for word in path.read_bytes().decode("utf-8", "replace").split():
                if word.startswith("mark-"):
                    found.setdefault(word, set()).add(name)
    return found


@settings(
    max_examples=EXAMPLES or 25,
    derandomize=not EXAMPLES,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, *([Phase.shrink] if EXAMPLES else [])),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.one_of(changed, added), min_size=1, max_size=8), st.booleans(), st.integers(2, 4))
def test_no_line_is_lost_and_everything_comes_back(
    origin: tuple[Path, Path | None], edits: list[Edit], inside: bool, to: int
) -> None:
    pristine, root = origin
    with tempfile.TemporaryDirectory(prefix="lost-") as folder:
        top = Path(folder) / "top"
        prefix = "teams/p/" if inside else ""
        project = Path(shutil.copytree(pristine, top / prefix))
        git(top, "init", "-q")
        if inside:
            (top / "README.md").write_text("a neighbour\nmark-neighbour\n")
        commit_all(top)
        for edit in edits:
            edit.apply(project)
        commit_all(top)
        raw = sorted(path for path in (project / "data/raw").glob("*") if path.suffix in (".csv", ".parquet"))
        before, had = state(top), marks(top)
        found, outcome = climb(project, root, min(to, available(root)[-1]))
        has = marks(top)
        assert set(had) <= set(has), (plan_text(found), result_text(found, outcome))
        assert all(path.exists() for path in raw)
        told = str(as_data(found, outcome, dry_run=False))
        assert under_way(top) == outcome.in_progress == bool(found.conflicts), told
        touched = git(top, "diff", "--name-only", "-z", before[0].split()[0]).split("\0")[:-1]
        assert all(path.startswith(prefix) for path in touched)
        for mark in had:
            for name in has[mark] ^ had[mark]:
                assert name.removeprefix(prefix) in told or ".dvc/cache/" in name
        for step in undo(found, in_progress=outcome.in_progress).split(" && "):
            git(top, *step.split()[1:])
        *same, disk = state(top)
        assert tuple(same) == before[:3]
        assert {path: about for path, about in disk.items() if ".dvc/cache/" not in path} == before[3]


def commit_all(top: Path) -> None:
    """Commit what there is, also what the user's own rules ignore."""
    git(top, "add", "-A", "-f")
    git(top, "commit", "-q", "--allow-empty", "-m", "work")
