"""A project in memory, put into git's object store beside whatever else the repository holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mlops_ladder.errors import LadderError
from mlops_ladder.git.state import Checkout, Entry, checkout
from mlops_ladder.git.store import commit, contents, identify, ignored, without, write_commit
from mlops_ladder.project.tree import File
from support.repos import files, git, isolate, save, state
from support.trees import write

own_git = pytest.fixture(autouse=True)(isolate)

HELD = {"a.txt": "a\n", "bytes": b"\0\n\xff", "empty": "", "sub dir/b.txt": "b\n"}


@pytest.fixture(params=["sha1", "sha256"])
def top(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A repository with a project in `app dir`, beside files of others."""
    folder = write(tmp_path / "repo", {f"app dir/{path}": content for path, content in HELD.items()})
    write(folder, {"other.txt": "other\n", "app/x": "x\n"})
    git(folder, "init", "-q", f"--object-format={request.param}")
    save(folder)
    return folder


@pytest.fixture
def repo(top: Path) -> Checkout:
    return checkout(top / "app dir")


def shown(top: Path, treeish: str) -> dict[str, str]:
    """Path -> mode of all files of a tree."""
    lines = git(top, "ls-tree", "-r", "-z", treeish).split("\0")[:-1]
    return {line.split("\t")[1]: line.split(" ")[0] for line in lines}


def test_the_id_of_some_bytes_is_gits(repo: Checkout, top: Path) -> None:
    for path, content in HELD.items():
        text = content.encode() if isinstance(content, str) else content
        assert identify(repo)(text) == git(top, "rev-parse", f"HEAD:app dir/{path}").strip()


def test_committed_bytes_whatever_lies_on_disk(repo: Checkout) -> None:
    (repo.folder / "a.txt").write_text("changed\n")

    assert contents(repo, ["bytes", "a.txt", "empty"]) == {"bytes": b"\0\n\xff", "a.txt": b"a\n", "empty": b""}
    assert contents(repo, []) == {}


def test_content_that_the_repository_has_lost_is_named(repo: Checkout, top: Path) -> None:
    path, entry = next(iter(repo.mine.items()))
    (top / ".git/objects" / entry.id[:2] / entry.id[2:]).unlink()

    with pytest.raises(LadderError, match=f"the content of {re.escape(path)}"):
        contents(repo, [path])


def test_what_git_ignores_and_does_not_hold(repo: Checkout, top: Path) -> None:
    write(top, {".gitignore": "*.log\n/app dir/out/\nbytes\n"})

    assert ignored(repo, ["run.log", "out/x", "a.txt", "bytes", "é.log", "[a].log"]) == [
        "run.log", "out/x", "é.log", "[a].log",
    ]  # fmt: skip
    assert ignored(repo, ["a.txt"]) == ignored(repo, []) == []


def test_a_commit_has_the_render_in_the_place_of_the_project_and_all_else_as_it_is(repo: Checkout, top: Path) -> None:
    before = state(top)
    render = files(("a.txt", "new\n"), ("deep/er/run.sh", "x\n", True), ("é", b"\r\n"))
    more = {"held.txt": Entry("100644", repo.mine["a.txt"].id)}
    made = write_commit(repo, render, more, "a message\n", repo.head)

    assert shown(top, made) == {
        "app dir/a.txt": "100644", "app dir/deep/er/run.sh": "100755", "app dir/held.txt": "100644",
        "app dir/é": "100644", "app/x": "100644", "other.txt": "100644",
    }  # fmt: skip
    assert git(top, "show", f"{made}:app dir/a.txt") == "new\n"
    assert git(top, "show", f"{made}:app dir/held.txt") == "a\n"
    assert git(top, "cat-file", "-s", f"{made}:app dir/é") == "2\n"
    assert git(top, "log", "-1", "--format=%P %s", made) == f"{repo.head} a message\n"
    assert state(top) == before


def test_a_project_deep_in_a_repository_and_one_at_its_top(top: Path) -> None:
    write(top, {"one/two/a.txt": "a\n", "one/three/b.txt": "b\n"})
    save(top)
    render = {"new.txt": File(b"new\n")}
    deep = checkout(top / "one/two")
    found = shown(top, write_commit(deep, render, {}, "x", deep.head))
    assert set(found) == set(shown(top, "HEAD")) - {"one/two/a.txt"} | {"one/two/new.txt"}

    at_top = checkout(top)
    assert set(shown(top, write_commit(at_top, render, {}, "x", at_top.head))) == {"new.txt"}


def test_a_commit_with_its_parents_moves_no_branch(repo: Checkout, top: Path) -> None:
    tree = git(top, "rev-parse", "HEAD^{tree}").strip()
    first = commit(repo.git, tree, "one")
    both = commit(repo.git, tree, "two\n\nmore\n", first, repo.head)

    assert git(top, "log", "-1", "--format=%P", first) == "\n"
    assert git(top, "log", "-1", "--format=%P|%B", both).strip() == f"{first} {repo.head}|two\n\nmore"
    assert git(top, "rev-parse", "HEAD").strip() == repo.head


def test_a_tree_less_some_paths(repo: Checkout, top: Path) -> None:
    tree = git(top, "rev-parse", "HEAD^{tree}").strip()
    less = without(repo.git, tree, ["app dir/sub dir/b.txt", "other.txt"])

    assert set(shown(top, less)) == {"app dir/a.txt", "app dir/bytes", "app dir/empty", "app/x"}
    assert without(repo.git, tree, []) == tree
    assert without(repo.git, tree, ["none"]) == tree
