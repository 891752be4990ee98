"""A commit as a repository of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mlops_ladder.assess.running.clone import clone
from mlops_ladder.assess.running.origin import Origin, look
from mlops_ladder.errors import LadderError
from support.env import isolate
from support.facts import committed, git_at
from support.trees import write

own_git = pytest.fixture(autouse=True)(isolate)


FILES = {"a.py": "1\n", "svc/b.py": "2\n", "run.sh": "#!/bin/sh\n"}


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    committed(tmp_path / "r", FILES)
    return tmp_path / "r"


@pytest.fixture
def cloned(tmp_path: Path) -> Callable[[Path], tuple[Path, list[str]]]:
    """A way to clone: the clone, and what was left out."""

    def made(repository: Path) -> tuple[Path, list[str]]:
        target = tmp_path / "scratch" / "copy"
        target.parent.mkdir()
        return target, clone(look(repository, ""), target, target.parent / "settings")

    return made


Cloned = Callable[[Path], tuple[Path, list[str]]]


def tree(folder: Path) -> dict[str, str]:
    paths = [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.relative_to(folder).parts]
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths}


def test_the_commit_is_checked_out_and_what_is_not_committed_is_not(repo: Path, cloned: Cloned) -> None:
    write(repo, {"a.py": "changed\n", "new.py": "", ".env": "SECRET=1\n"})
    (copy, left_out) = cloned(repo)

    assert (tree(copy), left_out) == (FILES, [])
    assert (copy / "run.sh").stat().st_mode & 0o111
    assert git_at(copy, "rev-parse", "HEAD") == git_at(repo, "rev-parse", "HEAD")
    assert git_at(copy, "rev-parse", "--abbrev-ref", "HEAD").strip() == "HEAD"  # detached
    assert git_at(copy, "status", "--porcelain") == ""


@pytest.mark.parametrize("linked", [False, True])
def test_nothing_in_it_leads_back(repo: Path, tmp_path: Path, cloned: Cloned, linked: bool) -> None:
    source = repo
    if linked:
        source = tmp_path / "linked"
        git_at(repo, "worktree", "add", "--quiet", str(source))
    copy, _ = cloned(source)
    content = b"".join(path.read_bytes() for path in copy.rglob("*") if path.is_file())

    assert git_at(copy, "remote") == ""
    assert (copy / ".git").is_dir()
    assert not (copy / ".git/objects/info/alternates").exists()
    for path in (repo, source):
        assert str(path).encode() not in content


def test_a_shallow_repository_can_be_cloned(repo: Path, tmp_path: Path, cloned: Cloned) -> None:
    git_at(repo, "commit", "--quiet", "--allow-empty", "--message", "two")
    git_at(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repo}", "shallow")

    assert tree(cloned(tmp_path / "shallow")[0]) == FILES


def test_a_detached_head_is_cloned(repo: Path, cloned: Cloned) -> None:
    git_at(repo, "checkout", "--quiet", "--detach")
    write(repo, {"a.py": "2\n"})
    git_at(repo, "commit", "--quiet", "--all", "--message", "on no branch")

    assert tree(cloned(repo)[0])["a.py"] == "2\n"


def test_no_hook_filter_template_or_setting_takes_part(
    repo: Path, tmp_path: Path, cloned: Cloned, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither of the repository nor of the user."""
    mark = tmp_path / "mark"
    program = write(tmp_path / "bin", {"program.sh": f"#!/bin/sh\ntouch {mark}\ncat\n"}) / "program.sh"
    write(repo, {".gitattributes": "* filter=x\n"})
    git_at(repo, "add", "--all")
    git_at(repo, "commit", "--quiet", "--message", "attributes")
    settings = {
        "core.fsmonitor": program,
        "core.hooksPath": program.parent,
        "core.sshCommand": program,
        "filter.x.smudge": program,
        "init.templateDir": tmp_path / "template",
        "uploadpack.packObjectsHook": program,
    }
    hook = f"#!/bin/sh\ntouch {mark}\n"
    write(tmp_path / "template/hooks", {"post-checkout": hook})
    write(program.parent, {"post-checkout": hook})
    for path in (tmp_path / "template/hooks/post-checkout", program.parent / "post-checkout"):
        path.chmod(0o755)
    for key, value in settings.items():
        git_at(repo, "config", key, str(value))
        git_at(repo, "config", "--file", str(tmp_path / "home/.gitconfig"), key, str(value))
    git_at(repo, "config", "--file", str(tmp_path / "home/.gitconfig"), "url.ext::false.insteadOf", "/")
    (copy, _) = cloned(repo)

    assert tree(copy) == FILES | {".gitattributes": "* filter=x\n"}
    assert not mark.exists()
    assert not (copy / ".git/hooks").exists()


def test_submodules_stay_empty(repo: Path, tmp_path: Path, cloned: Cloned) -> None:
    committed(tmp_path / "sub", {"x": "1"})
    git_at(repo, "submodule", "--quiet", "add", str(tmp_path / "sub"), "sub")
    git_at(repo, "commit", "--quiet", "--message", "sub")
    copy, _ = cloned(repo)

    assert list((copy / "sub").iterdir()) == []


def test_links_that_lead_out_are_left_out_and_named(repo: Path, tmp_path: Path, cloned: Cloned) -> None:
    outside = write(tmp_path / "scratch-neighbour", {"file": "x"})
    links = {
        "absolute": str(outside),
        "up": "../..",
        "svc/up": "../../other",
        "here": ".",
        "round": "here/here/../x",  # inside by its letters, outside by where it leads
        "second": "absolute",
        "inside": "svc/b.py",
        "svc/inside": "../a.py",
        "dangling": "not/there",
        "loop": "loop",
    }
    for name, target in links.items():
        (repo / name).symlink_to(target)
    git_at(repo, "add", "--all")
    git_at(repo, "commit", "--quiet", "--message", "links")
    copy, left_out = cloned(repo)
    left = {path.relative_to(copy).as_posix() for path in copy.rglob("*") if path.is_symlink()}

    assert set(left_out) == {"absolute", "up", "svc/up", "round", "second"}
    assert left == {"here", "inside", "svc/inside", "dangling", "loop"}


def test_names_are_no_obstacle(repo: Path, cloned: Cloned) -> None:
    odd = {"a\nb": "x", "-x": "y", ":(top)": "z"}
    write(repo, odd)
    git_at(repo, "add", "--all")
    git_at(repo, "commit", "--quiet", "--message", "odd")

    assert tree(cloned(repo)[0]) == FILES | odd


def test_a_commit_that_cannot_be_checked_out_is_an_error_of_one_line(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()
    origin = Origin(repo, "", "0" * 40)
    with pytest.raises(LadderError, match="git checkout failed: fatal"):
        clone(origin, tmp_path / "scratch/copy", tmp_path / "scratch/settings")
