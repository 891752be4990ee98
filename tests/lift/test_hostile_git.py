"""A repository whose `.git/config` names programs: which of them run, command by command, held with `==`."""

from __future__ import annotations

import os
import shutil
from functools import partial
from pathlib import Path

import pytest

from mlops_ladder.errors import LadderError
from mlops_ladder.git.run import Git
from mlops_ladder.new.create import Request, create, plan
from support.ladder import invoked
from support.repos import git, isolate, save, state

pytestmark = pytest.mark.slow

own_git = pytest.fixture(autouse=True)(isolate)

# What git itself runs of a repository's own settings to bring files into the work tree, to merge and to sign; see
# docs/decisions/0063. Nothing else may, and nothing at all where a repository is only read.
CHECKS = {"filter.clean", "filter.process"}
MERGES = CHECKS | {"merge.driver"}
CHECKS_OUT = MERGES | {"filter.smudge", "gpg.program"}
RUN = {
    ("up", "--dry-run"): MERGES,
    ("up",): CHECKS_OUT,
    ("update",): CHECKS,
    ("set", "ci=gitlab", "--dry-run"): MERGES,
    ("set", "ci=gitlab"): CHECKS_OUT,
    ("keep", "Makefile"): set(),
    ("assess",): set(),
    ("assess", "--rev", "HEAD"): set(),
    ("plan",): set(),
}
HOOKS = (
    *("applypatch-msg", "commit-msg", "post-applypatch", "post-checkout", "post-commit", "post-index-change"),
    *("post-merge", "post-rewrite", "pre-applypatch", "pre-auto-gc", "pre-commit", "pre-merge-commit", "pre-rebase"),
    *("prepare-commit-msg", "reference-transaction", "sendemail-validate", "fsmonitor-watchman"),
)
SETTINGS = (
    *("core.alternateRefsCommand", "core.askPass", "core.editor", "core.fsmonitor", "core.gitProxy", "core.pager"),
    *("core.sshCommand", "credential.helper", "diff.external", "diff.x.command", "diff.x.textconv", "difftool.x.cmd"),
    *("gpg.ssh.defaultKeyCommand", "gpg.ssh.program", "gpg.x509.program", "interactive.diffFilter", "mergetool.x.cmd"),
    *("pager.diff", "pager.log", "pager.status", "sequence.editor", "trailer.x.cmd", "trailer.x.command"),
    *("uploadpack.packObjectsHook", "web.browser"),
)
# The greeting of a filter that can do nothing.
SPEAKS = r"printf '0016git-filter-server\n000eversion=2\n00000000'; cat >/dev/null"
SIGNS = 'cat >/dev/null; printf "\\n[GNUPG:] SIG_CREATED x\\n" >&2; echo "-----BEGIN PGP SIGNATURE-----"'


def program(marks: Path, name: str, then: str) -> str:
    """A shell script that leaves a mark, and does what git expects of it."""
    path = marks.parent / "programs" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\ntouch '{marks / name}'\n{then}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    folder = tmp_path / "marks"
    folder.mkdir()
    return folder


def ran(marks: Path) -> set[str]:
    return {path.name for path in marks.iterdir()}


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pristine") / "trips"
    create(plan(Request(folder, level=2)), commit=False)
    return folder


@pytest.fixture
def project(pristine: Path, tmp_path: Path) -> Path:
    """A project in which each level and each host changes a file that the user has changed too."""
    folder = tmp_path / "trips"
    shutil.copytree(pristine, folder)
    git(folder, "init", "-q")
    for path in ("Makefile", "README.md", "pyproject.toml", "docs/data.md"):
        (folder / path).write_text((folder / path).read_text("utf-8") + "\n# mine\n", "utf-8")
    (folder / ".gitattributes").write_text("*.md filter=x merge=x diff=x\nMakefile filter=y merge=x\n")
    save(folder, "start")
    return folder


def plant(project: Path, marks: Path) -> None:
    """Settings that name a program, wherever git knows one; and a clock that makes git look at every file."""
    for name in SETTINGS:
        git(project, "config", name, program(marks, name, "cat"))
    for key, then in (("clean", "cat"), ("smudge", "cat")):
        git(project, "config", f"filter.x.{key}", program(marks, f"filter.{key}", then))
    git(project, "config", "filter.y.process", program(marks, "filter.process", SPEAKS))
    git(project, "config", "merge.x.driver", program(marks, "merge.driver", 'cp "$3" "$2"') + " %O %A %B")
    git(project, "config", "gpg.program", program(marks, "gpg.program", SIGNS))
    git(project, "config", "commit.gpgsign", "true")
    git(project, "config", "log.showSignature", "true")
    git(project, "config", "submodule.recurse", "true")
    more = project / ".git/more"
    more.write_text(f'[filter "z"]\n\tclean = {program(marks, "include.path", "cat")}\n')
    git(project, "config", "include.path", "more")
    for folder in (project / ".git/hooks", project / ".git/other-hooks"):
        folder.mkdir(exist_ok=True)
        for hook in HOOKS:
            shutil.copy(program(marks, f"hook {hook}", "exit 0"), folder / hook)
    git(project, "-c", "core.fsmonitor=false", "config", "core.hooksPath", ".git/other-hooks")
    (project / ".git/objects/info").mkdir(exist_ok=True)
    (project / ".git/objects/info/alternates").write_text(f"{project.parent / 'alternate'}\n")
    git(project.parent, "init", "-q", "--bare", "alternate-repo")
    (project.parent / "alternate-repo/objects").rename(project.parent / "alternate")
    for path in project.rglob("*"):
        if ".git" not in path.parts and path.is_file():
            os.utime(path, (1, 1))


@pytest.mark.parametrize("command", RUN, ids=" ".join)
def test_what_runs_is_what_is_accepted(
    project: Path, marks: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    plant(project, marks)
    for path in marks.iterdir():
        path.unlink()
    monkeypatch.chdir(project)
    done = invoked(*command)

    assert done.exit_code == 0, done.exception
    assert ran(marks) == RUN[command]


@pytest.mark.parametrize("command", [*RUN, ("new", "inner", "--yes")], ids=" ".join)
def test_a_committed_folder_that_is_a_bare_repository_brings_no_settings(
    pristine: Path, tmp_path: Path, marks: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """Its files are committed as any others, so a plain clone has them, and git would take it for a repository."""
    origin, service = tmp_path / "origin", tmp_path / "origin/svc"
    shutil.copytree(pristine, service)
    git(service, "init", "-q")
    (service / ".gitattributes").write_text("* filter=x merge=x\n")
    save(service, "start")
    for key in ("filter.x.clean", "filter.x.smudge", "merge.x.driver", "core.fsmonitor", "core.sshCommand"):
        git(service, "-c", "core.fsmonitor=false", "config", key, program(marks, key, "cat"))
    git(service, "-c", "core.fsmonitor=false", "config", "core.bare", "false")
    git(service, "-c", "core.fsmonitor=false", "config", "core.worktree", ".")
    for name in ("HEAD", "config", "index", "objects", "refs"):
        (service / ".git" / name).rename(service / name)
    shutil.rmtree(service / ".git")
    git(origin, "init", "-q")
    git(origin, "-c", "safe.bareRepository=explicit", "add", "-f", "-A")
    git(origin, "commit", "-q", "-m", "service")
    git(tmp_path, "clone", "-q", "origin", "clone")
    shutil.copy(origin / "svc/index", tmp_path / "clone/svc/index")
    (tmp_path / "clone/svc/refs/tags").mkdir(parents=True, exist_ok=True)
    for path in marks.iterdir():
        path.unlink()
    monkeypatch.chdir(tmp_path / "clone/svc")
    found = invoked(*command).exception

    assert ran(marks) == set()
    assert not isinstance(found, LadderError) or found.code == 2


FETCHES = {"ext": set(), "ssh": {"ssh"}, "file": {"file"}}
"""What `up` may start to get an object that a partial clone lacks, as git does; never a command for an address."""


@pytest.mark.parametrize("command", [("up", "--dry-run"), ("up",), ("assess",), ("assess", "--rev", "HEAD"), ("plan",)])
@pytest.mark.parametrize("transport", FETCHES)
def test_a_missing_object_is_fetched_as_git_does_or_not_at_all(
    project: Path,
    tmp_path: Path,
    marks: Path,
    monkeypatch: pytest.MonkeyPatch,
    transport: str,
    command: tuple[str, ...],
) -> None:
    run = program(marks, transport, "exit 1")
    url = {"ext": f"ext::{run}", "ssh": "ssh://host/x", "file": f"file://{project}"}[transport]
    for key, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": url,
        "remote.origin.uploadpack": run,
        "core.sshCommand": run,
        **{f"protocol.{name}.allow": "always" for name in FETCHES},
    }.items():
        git(project, "config", key, value)
    blob = git(project, "rev-parse", "HEAD:Makefile").strip()
    (project / ".git/objects" / blob[:2] / blob[2:]).unlink()
    # As an old git, which does not know the variable that forbids it.
    (tmp_path / "bin").mkdir()
    wrapper = tmp_path / "bin/git"
    wrapper.write_text(f'#!/bin/sh\nunset GIT_NO_LAZY_FETCH\nexec "{shutil.which("git")}" "$@"\n')
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(project)
    found = invoked(*command).exception

    assert ran(marks) == (FETCHES[transport] if command[0] == "up" else set())
    assert not isinstance(found, LadderError) or found.code == 2


def test_what_is_judged_is_what_was_committed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    before = invoked("assess", "--rev", "HEAD", "--json").stdout
    for path in ("Makefile", "dvc.yaml", "src/trips/train.py"):
        git(project, "replace", git(project, "rev-parse", f"HEAD:{path}").strip(), _blob(project))

    assert invoked("assess", "--rev", "HEAD", "--json").stdout == before


def _blob(project: Path) -> str:
    return git(project, "hash-object", "-w", "--stdin", stdin="nothing\n").strip()


@pytest.mark.parametrize("command", [command for command in RUN if command[0] in ("up", "update", "set")], ids=" ".join)
def test_files_that_lie_elsewhere_by_a_setting_are_none_of_the_projects(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """`core.worktree` may name any folder: here another repository, which would be lifted in its place."""
    other = tmp_path / "other"
    shutil.copytree(project, other)
    git(project, "config", "core.worktree", str(other))
    before = state(other)
    monkeypatch.chdir(project)
    found = invoked(*command).exception

    assert isinstance(found, LadderError)
    assert f"its files lie in {other}" in found.message
    assert state(other) == before


@pytest.mark.parametrize("setting", ["filter.x.clean", "merge.x.driver"])
@pytest.mark.parametrize("command", [("up",), ("up", "--dry-run"), ("set", "ci=gitlab")], ids=" ".join)
def test_a_program_that_hangs_ends_with_the_call(
    project: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], setting: str
) -> None:
    before = state(project)
    git(project, "config", setting, "sleep 60 #")
    for path in project.glob("*.md"):
        os.utime(path, (1, 1))
    monkeypatch.setattr("mlops_ladder.git.state.Git", partial(Git, limit=1.5))
    monkeypatch.chdir(project)
    found = invoked(*command).exception

    assert isinstance(found, LadderError)
    assert "did not end within 1.5 seconds" in found.message
    assert "filter|merge" in found.hint
    git(project, "config", "--unset", setting)
    assert state(project) == before
