"""The distribution as others get it: built, installed in every usual way, and run from somewhere else."""

from __future__ import annotations

import shutil
import sys
import tarfile
import tomllib
import venv
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from zipfile import ZipFile

import pytest

from mlops_ladder import __version__
from support.cases import LEVELS
from support.command import run as command_run
from support.env import shell

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packaging")]

ROOT = Path(__file__).parents[2]
LIMIT = 600


@cache
def user() -> dict[str, str]:
    """A user's shell, with one home for all of these tests."""
    return shell(Path(mkdtemp(prefix="packaging-")))


def run(*command: str | Path, cwd: Path) -> str:
    done = command_run(*command, cwd=cwd, env=user(), seconds=LIMIT, apart=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What git holds of this work tree, and nothing else of it."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in run("git", "ls-files", "-z", cwd=ROOT).split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def built(checkout: Path) -> Path:
    """The folder with the sdist and the wheel made from it."""
    run("uv", "build", "--quiet", "--out-dir", "dist", cwd=checkout)
    return checkout / "dist"


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


def makes_a_project(ladder: list[str | Path], cwd: Path) -> None:
    """Installed in this way, every level can be generated from any folder."""
    assert run(*ladder, "--version", cwd=cwd) == f"ladder, version {__version__}\n"
    for level in LEVELS:
        run(*ladder, "new", f"house-{level}", "--level", str(level), "--no-git", "--yes", cwd=cwd)
        config = tomllib.loads((cwd / f"house-{level}" / "config.toml").read_text("utf-8"))
        assert (cwd / f"house-{level}" / config["data"]["path"]).stat().st_size > 100_000
        assert (cwd / f"house-{level}" / ".gitignore").is_file()


def test_the_wheel_ships_what_git_holds_and_the_compiled_templates(wheel: Path) -> None:
    shipped = set(ZipFile(wheel).namelist())
    templates = set(run("git", "ls-files", "-z", "templates", cwd=ROOT).split("\0")) - {""}
    modules = set(run("git", "ls-files", "-z", "generator", cwd=ROOT).split("\0")) - {""}
    expected = {f"mlops_ladder/{path}" for path in templates} | {path.removeprefix("generator/") for path in modules}
    expected.add("mlops_ladder/project/compiled.py")

    assert {path for path in shipped if ".dist-info/" not in path} == expected


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    archive = ZipFile(wheel)
    (metadata,) = (name for name in archive.namelist() if name.endswith("METADATA"))
    text = archive.read(metadata).decode()

    assert f"Version: {__version__}" in text
    assert "License-Expression: Apache-2.0" in text
    assert "Requires-Python: <3.15,>=3.11" in text
    assert [line for line in text.splitlines() if line.startswith("Requires-Dist") and "<" not in line] == []
    assert any(name.endswith("licenses/LICENSE") for name in archive.namelist())


def test_the_sdist_has_what_is_needed_to_test_it(built: Path) -> None:
    (found,) = built.glob("*.tar.gz")
    with tarfile.open(found) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    for path in ("Makefile", "README.md", "LICENSE", "CHANGELOG.md", "pyproject.toml", ".ci/run"):
        assert path in names
    for path in ("tests/project/test_render.py", "templates/level1/level.toml", "tools/get_uv.sh", "bench/new.py"):
        assert path in names


def test_the_wheel_works_from_a_plain_environment(wheel: Path, tmp_path: Path) -> None:
    run("uv", "venv", "--quiet", "--python", sys.executable, tmp_path / "env", cwd=tmp_path)
    run("uv", "pip", "install", "--quiet", "--python", tmp_path / "env", wheel, cwd=tmp_path)
    makes_a_project([tmp_path / "env" / "bin" / "ladder"], tmp_path)


def test_uvx_runs_the_wheel(wheel: Path, tmp_path: Path) -> None:
    makes_a_project(["uvx", "--python", sys.executable, "--from", str(wheel), "ladder"], tmp_path)


def test_an_editable_install_shows_edits_of_templates_at_once(checkout: Path, tmp_path: Path) -> None:
    run("uv", "venv", "--quiet", "--python", sys.executable, tmp_path / "env", cwd=tmp_path)
    run("uv", "pip", "install", "--quiet", "--python", tmp_path / "env", "--editable", checkout, cwd=tmp_path)
    ladder = tmp_path / "env" / "bin" / "ladder"
    makes_a_project([ladder], tmp_path)
    template = checkout / "templates/level1/files/docs/model.md.jinja"
    template.write_text(template.read_text("utf-8").replace("# Model card", "# Edited card"), "utf-8")
    run(ladder, "new", "edited", "--no-git", "--yes", cwd=tmp_path)

    assert (tmp_path / "edited/docs/model.md").read_text("utf-8").startswith("# Edited card")


def test_pip_installs_the_wheel(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    run(tmp_path / "env/bin/python", "-m", "pip", "install", "--quiet", wheel, cwd=tmp_path)
    makes_a_project([tmp_path / "env/bin/ladder"], tmp_path)
