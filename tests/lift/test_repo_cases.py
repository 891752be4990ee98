"""Every kind of repository that a project may lie in, and every state that must be refused, in real git."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest

from mlops_ladder.errors import LadderError
from mlops_ladder.lift.guards import inspect
from support.repos import files, git, isolate, lift, look, numbered, save, start, state, under_way

pytestmark = pytest.mark.slow

own_git = pytest.fixture(autouse=True)(isolate)

BASE = files(("a.txt", numbered()), ("sub/b.txt", "b\n"))
THEIRS = files(("a.txt", numbered((20, "level"))), ("sub/b.txt", "b\n"), ("sub/new.txt", "new\n"))
MERGED = numbered((3, "mine"), (20, "level"))


def edited(folder: Path, prefix: str = "", **more: object) -> Path:
    project = start(folder, BASE, prefix, **more)  # type: ignore[arg-type]
    (project / "a.txt").write_text(numbered((3, "mine")))
    save(folder)
    return project


def lifted(project: Path) -> None:
    found, outcome = lift(project, BASE, THEIRS)
    assert not outcome.in_progress
    assert found.conflicts == ()
    assert (project / "a.txt").read_text() == MERGED
    assert (project / "sub/new.txt").read_text() == "new\n"
    assert git(project, "status", "--porcelain", "--ignore-submodules=dirty") == ""
    assert git(project, "symbolic-ref", "--short", "HEAD") == "ladder/level-2\n"


def refused(project: Path, match: str, top: Path | None = None) -> LadderError:
    before = state(top or project)
    with pytest.raises(LadderError, match=match) as caught:
        lift(project, BASE, THEIRS)
    assert state(top or project) == before
    assert caught.value.hint
    return caught.value


def test_plain(tmp_path: Path) -> None:
    lifted(edited(tmp_path / "r"))


def test_detached_head(tmp_path: Path) -> None:
    project = edited(tmp_path / "r")
    git(project, "switch", "-q", "--detach")
    lifted(project)


def test_sub_folder_with_a_space_of_a_larger_repository(tmp_path: Path) -> None:
    top = tmp_path / "mono"
    project = edited(top, "teams/our team/trips")
    (top / "teams/other").mkdir()
    (top / "teams/other/a.txt").write_text(numbered())
    (top / "a.txt").write_text(numbered())
    save(top)
    lifted(project)
    changed = git(top, "diff", "--name-only", "-z", "HEAD~1").split("\0")[:-1]
    assert changed
    assert all(path.startswith("teams/our team/trips/") for path in changed)
    assert (top / "teams/other/a.txt").read_text() == numbered()


def test_submodule_inside_also_a_dirty_one(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    (other / "x.txt").write_text("x\n")
    save(other)
    project = edited(tmp_path / "r")
    git(project, "submodule", "--quiet", "add", str(other), "sub/module")
    save(project)
    (project / "sub/module/x.txt").write_text("dirty\n")
    lifted(project)
    assert (project / "sub/module/x.txt").read_text() == "dirty\n"


@pytest.mark.parametrize("how", [["--depth=1"], ["--filter=blob:none"]], ids=["shallow", "partial"])
def test_clones_that_lack_history_or_blobs(tmp_path: Path, how: list[str]) -> None:
    origin = edited(tmp_path / "origin")
    git(origin, "config", "uploadpack.allowFilter", "true")
    git(origin, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(tmp_path, "clone", "-q", *how, origin.as_uri(), "clone")
    lifted(tmp_path / "clone")


def test_linked_worktree(tmp_path: Path) -> None:
    main = edited(tmp_path / "r")
    git(main, "worktree", "add", "-q", "-b", "side", "../linked")
    before = state(main)[3]
    lifted(tmp_path / "linked")
    assert state(main)[3] == before


def test_cone_sparse_checkout(tmp_path: Path) -> None:
    project = edited(tmp_path / "r")
    (project / "big").mkdir()
    (project / "big/x.bin").write_bytes(b"\0" * 100)
    save(project)
    git(project, "sparse-checkout", "set", "--cone", "sub")
    assert not (project / "big").exists()
    lifted(project)
    assert not (project / "big").exists()
    assert "big/x.bin" in git(project, "ls-files")


def test_autocrlf(tmp_path: Path) -> None:
    project = edited(tmp_path / "r")
    git(project, "config", "core.autocrlf", "true")
    git(project, "rm", "-q", "--cached", "-r", ".")
    git(project, "reset", "-q", "--hard")
    assert b"\r\n" in (project / "a.txt").read_bytes()
    _, outcome = lift(project, BASE, THEIRS)
    assert not outcome.in_progress
    assert (project / "a.txt").read_bytes() == MERGED.replace("\n", "\r\n").encode()
    assert git(project, "cat-file", "blob", "HEAD:a.txt") == MERGED


def test_attributes_that_ask_for_crlf(tmp_path: Path) -> None:
    project = edited(tmp_path / "r")
    (project / ".gitattributes").write_text("*.txt eol=crlf\n")
    save(project)
    _, outcome = lift(project, BASE, THEIRS)
    assert not outcome.in_progress
    assert (project / "a.txt").read_bytes() == MERGED.replace("\n", "\r\n").encode()


def test_a_repository_committed_in_crlf(tmp_path: Path) -> None:
    project = start(tmp_path / "r", BASE)
    for path in ("a.txt", "sub/b.txt", ".ladder.toml"):
        (project / path).write_bytes((project / path).read_bytes().replace(b"\n", b"\r\n"))
    save(project, "CRLF")
    (project / "moved.txt").write_bytes((project / "a.txt").read_bytes().replace(b"line 3\r", b"mine\r"))
    (project / "a.txt").unlink()
    save(project)
    _, outcome = lift(project, BASE, THEIRS)
    assert not outcome.in_progress
    assert (project / "moved.txt").read_bytes() == MERGED.replace("\n", "\r\n").encode()
    assert not (project / "a.txt").exists()
    assert b"\n" not in (project / ".ladder.toml").read_bytes().replace(b"\r\n", b"")
    assert inspect(project).lock.level == 2


def test_sha256_repository(tmp_path: Path) -> None:
    project = edited(tmp_path / "r", init=["--object-format=sha256"])
    assert len(git(project, "rev-parse", "HEAD").strip()) == 64
    lifted(project)


def test_sha256_repository_drops_files(tmp_path: Path) -> None:
    project = edited(tmp_path / "r", init=["--object-format=sha256"])
    found, _ = lift(project, BASE, files(("a.txt", numbered())))
    assert found.steps[0].removed == ("sub/b.txt",)


def test_odd_file_names(tmp_path: Path) -> None:
    names = [
        "a b.txt",
        "ä.txt",
        'q"uote.txt',
        "tab\t.txt",
        "new\nline.txt",
        "-dash.txt",
        "[x]*?.txt",
        ":(top)x.txt",
    ]
    base = files(("a.txt", "a\n"), *((f"d/{name}", numbered()) for name in names))
    theirs = files(("a.txt", "a\n"), *((f"d/{name}", numbered((20, "level"))) for name in names[:-1]))
    project = start(tmp_path / "r", base)
    for name in names[:-1]:
        (project / "d" / name).write_text(numbered((3, "mine")))
    for name in names:
        (project / f"own {name}").write_text("own\n")
    save(project)
    found, outcome = lift(project, base, theirs)
    assert not outcome.in_progress
    assert all((project / "d" / name).read_text() == MERGED for name in names[:-1])
    assert found.steps[0].removed == ("d/:(top)x.txt",)
    assert set(found.steps[0].merged) == {f"d/{name}" for name in names[:-1]}


def test_a_name_that_looks_like_a_pattern_goes_alone(tmp_path: Path) -> None:
    base = files(("a.txt", "a\n"), ("d/*", "dropped\n"), ("d/b.txt", "stays\n"))
    theirs = files(("a.txt", "level\n"), ("d/b.txt", "stays\n"))
    project = start(tmp_path / "r", base)
    (project / "a.txt").write_text("mine\n")
    save(project)
    _, outcome = lift(project, base, theirs)
    assert outcome.in_progress
    assert not (project / "d/*").exists()
    assert (project / "d/b.txt").read_text() == "stays\n"


def test_environment_of_a_hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = edited(tmp_path / "r")
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_PREFIX", "x/")
    _, outcome = lift(project, BASE, THEIRS)
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX"):
        monkeypatch.delenv(name)
    assert git(project, "rev-parse", "HEAD").strip() == outcome.commit
    assert git(other, "count-objects").startswith("0 ")


def test_settings_of_the_user_that_would_bend_a_merge(tmp_path: Path) -> None:
    project = start(tmp_path / "r", BASE)
    for key, value in {
        "merge.renames": "false",
        "diff.renames": "false",
        "merge.conflictStyle": "merge",
        "core.quotePath": "true",
        "status.short": "true",
        "log.showSignature": "true",
        "diff.noprefix": "true",
        "advice.detachedHead": "false",
        "core.splitIndex": "true",
        "rerere.enabled": "true",
        "rerere.autoUpdate": "true",
    }.items():
        git(project, "config", key, value)
    (project / "a.txt").rename(project / "moved.txt")
    (project / "moved.txt").write_text(numbered((3, "mine")))
    save(project)
    _, outcome = lift(project, BASE, THEIRS)
    assert not outcome.in_progress
    assert (project / "moved.txt").read_text() == MERGED


def test_own_configuration_is_as_before(tmp_path: Path) -> None:
    project = edited(tmp_path / "r")
    before = (project / ".git/config").read_bytes(), git(project, "config", "--global", "--list")
    lifted(project)
    assert ((project / ".git/config").read_bytes(), git(project, "config", "--global", "--list")) == before
    assert not (project / ".git/info/attributes").exists()


def test_a_file_in_the_place_of_a_folder_is_told_by_the_name_that_it_gets(tmp_path: Path) -> None:
    base = files(("a.txt", numbered()))
    project = start(tmp_path / "r", base)
    (project / "docs").write_text("mine\n")
    save(project)
    found, _ = lift(project, base, {**base, **files(("docs/more.md", "more\n"))})

    assert [path for path, _ in found.conflicts] == ["docs~HEAD"]
    assert (project / "docs~HEAD").read_text() == "mine\n"


def test_changes_that_are_not_committed_are_refused(tmp_path: Path) -> None:
    project = edited(tmp_path / "r")
    (project / "a.txt").write_text("dirty\n")
    refused(project, r"not committed: a\.txt")
    git(project, "add", "a.txt")
    refused(project, r"not committed: a\.txt")


def test_a_moved_file_that_is_not_committed_counts_for_two(tmp_path: Path) -> None:
    project = edited(tmp_path / "r")
    git(project, "mv", "a.txt", "b.txt")
    refused(project, r"not committed: a\.txt and 1 more\.")


def test_an_untracked_file_elsewhere_is_no_obstacle(tmp_path: Path) -> None:
    project = edited(tmp_path / "r")
    (project / "notes.txt").write_text("untracked\n")
    _, outcome = lift(project, BASE, THEIRS)
    assert not outcome.in_progress
    assert (project / "notes.txt").read_text() == "untracked\n"


@pytest.mark.parametrize("ignored", [False, True], ids=["untracked", "ignored"])
def test_a_file_in_the_way_is_refused(tmp_path: Path, ignored: bool) -> None:
    project = edited(tmp_path / "r")
    if ignored:
        (project / ".gitignore").write_text("new.txt\n")
        save(project)
    (project / "sub/new.txt").write_text("precious\n")
    assert "sub/new.txt" in refused(project, "in the way").message
    assert (project / "sub/new.txt").read_text() == "precious\n"


def test_a_file_or_link_above_a_new_path_is_refused(tmp_path: Path) -> None:
    project = edited(tmp_path / "r")
    outside = tmp_path / "outside"
    outside.mkdir()
    theirs = {**BASE, **files(("docs/new.txt", "new\n"))}
    for make in (lambda p: p.symlink_to(outside), lambda p: p.write_text("file\n")):
        make(project / "docs")
        with pytest.raises(LadderError, match="docs is in the way"):
            lift(project, BASE, theirs)
        (project / "docs").unlink()
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_edits_that_git_was_told_not_to_see_are_not_overwritten(tmp_path: Path, flag: str) -> None:
    project = edited(tmp_path / "r")
    git(project, "update-index", flag, "a.txt")
    (project / "a.txt").write_text("hidden edit\n")
    with pytest.raises(LadderError, match="marked as unchanged"):
        lift(project, BASE, THEIRS)
    assert (project / "a.txt").read_text() == "hidden edit\n"


def test_no_repository_is_refused_with_the_way_to_make_one(tmp_path: Path) -> None:
    project = tmp_path / "p"
    project.mkdir()
    (project / ".ladder.toml").write_text("x")
    with pytest.raises(LadderError, match="not in a git repository") as caught:
        inspect(project)
    assert "git init" in caught.value.hint
    assert [path.name for path in project.iterdir()] == [".ladder.toml"]


def test_unborn_head_is_refused(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "r")
    with pytest.raises(LadderError, match="no commit yet"):
        inspect(tmp_path / "r")


def test_bare_repository_is_refused(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "r.git")
    with pytest.raises(LadderError, match="no work tree"):
        inspect(tmp_path / "r.git")


def test_a_project_that_is_not_committed_is_refused(tmp_path: Path) -> None:
    edited(tmp_path / "r")
    other = tmp_path / "r/inner"
    other.mkdir()
    (other / ".ladder.toml").write_bytes((tmp_path / "r/.ladder.toml").read_bytes())
    with pytest.raises(LadderError, match="not committed"):
        inspect(other)


def test_a_folder_without_a_lock_is_refused(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "r")
    (tmp_path / "r/x").write_text("x")
    save(tmp_path / "r")
    with pytest.raises(LadderError, match="not made by ladder"):
        inspect(tmp_path / "r")


def test_a_folder_inside_of_a_project_is_refused_and_the_project_named(tmp_path: Path) -> None:
    project = edited(tmp_path / "r")
    (project / "inner").mkdir()
    with pytest.raises(LadderError, match="inside of a project") as caught:
        inspect(project / "inner")
    assert caught.value.hint == f"Name the project: {project}"


@pytest.mark.parametrize("what", ["merge", "cherry-pick", "revert", "rebase", "bisect"])
def test_an_operation_in_progress_is_refused(tmp_path: Path, what: str) -> None:
    project = edited(tmp_path / "r")
    git(project, "switch", "-q", "-c", "other", "HEAD~1")
    (project / "a.txt").write_text(numbered((3, "other")))
    save(project)
    start_it = {
        "merge": ["merge", "main"],
        "cherry-pick": ["cherry-pick", "main"],
        "revert": ["revert", "--no-edit", "main"],
        "rebase": ["rebase", "main"],
        "bisect": ["bisect", "start"],
    }[what]
    subprocess.run(["git", *start_it], cwd=project, capture_output=True, check=False)
    refused(project, f"A {what} is in progress")


def test_no_identity_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = edited(tmp_path / "r")
    (tmp_path / "home/.gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    assert "user.email" in refused(project, "does not know who you are").hint


@pytest.mark.parametrize("conflict", [False, True])
def test_signing_that_fails_leaves_everything_as_it_was(tmp_path: Path, conflict: bool) -> None:
    project = edited(tmp_path / "r")
    git(project, "config", "commit.gpgsign", "true")
    git(project, "config", "gpg.program", "/bin/false")
    if not conflict:
        error = refused(project, "could not be signed")
        assert "commit.gpgsign" in error.hint
        assert not under_way(project)
        return
    theirs = files(("a.txt", numbered((3, "level"))), ("sub/b.txt", "b\n"))
    _, outcome = lift(project, BASE, theirs)
    assert outcome.in_progress
    assert under_way(project)
    git(project, "cherry-pick", "--abort")


def test_signing_that_works_signs(tmp_path: Path) -> None:
    project = edited(tmp_path / "r")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key"], check=True)
    for key, value in {
        "commit.gpgsign": "true",
        "gpg.format": "ssh",
        "user.signingKey": str(tmp_path / "key"),
    }.items():
        git(project, "config", key, value)
    lifted(project)
    assert "BEGIN SSH SIGNATURE" in git(project, "cat-file", "commit", "HEAD")


@pytest.mark.parametrize("taken", ["ladder/level-2", "ladder", "ladder/level-2/more"])
def test_a_taken_branch_name_is_refused(tmp_path: Path, taken: str) -> None:
    project = edited(tmp_path / "r")
    git(project, "branch", taken)
    error = refused(project, f"a branch {taken} already")
    assert "--branch" in error.hint
    found = look(project, BASE, THEIRS, branch="other")
    assert found.branch == "other"


def test_a_name_that_is_no_branch_name_is_refused(tmp_path: Path) -> None:
    project = edited(tmp_path / "r")
    with pytest.raises(LadderError, match="no name for a branch"):
        look(project, BASE, THEIRS, branch="a..b")
    with pytest.raises(LadderError, match="no name for a branch"):
        look(project, BASE, THEIRS, branch="-d")


def test_the_result_goes_on_top_of_the_branch_that_is_checked_out(tmp_path: Path) -> None:
    project = edited(tmp_path / "r")
    git(project, "switch", "-q", "-c", "ladder/level-2")
    lifted(project)
    assert git(project, "log", "--format=%s", "-2").splitlines()[1] == "work"


HOOKS = ("pre-commit", "commit-msg", "prepare-commit-msg", "post-checkout", "post-commit", "post-merge")


def test_hooks_that_fail_do_not_stop_a_clean_lift_and_are_told(tmp_path: Path) -> None:
    project = edited(tmp_path / "r")
    for name in HOOKS:
        hook = project / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran-{name}\nexit 1\n")
        hook.chmod(0o755)
    _, outcome = lift(project, BASE, THEIRS)
    assert not outcome.in_progress
    assert set(outcome.hooks) == {"pre-commit", "commit-msg", "prepare-commit-msg", "post-commit"}
    assert list(tmp_path.glob("ran-*")) == []


def test_hooks_in_a_folder_of_their_own_are_told(tmp_path: Path) -> None:
    project = edited(tmp_path / "r")
    hook = project / "hooks/pre-commit"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)
    save(project)
    git(project, "config", "core.hooksPath", "hooks")
    _, outcome = lift(project, BASE, THEIRS)
    assert outcome.hooks == ("pre-commit",)


def test_a_conflict_ends_by_continue_with_the_hook_or_by_abort(tmp_path: Path) -> None:
    project = edited(tmp_path / "r")
    before = state(project)
    theirs = files(("a.txt", numbered((3, "level"))), ("sub/b.txt", "b\n"), ("sub/new.txt", "new\n"))
    _, outcome = lift(project, BASE, theirs)
    assert outcome.in_progress
    git(project, "cherry-pick", "--abort")
    git(project, "switch", "-q", "main")
    git(project, "branch", "-q", "-D", "ladder/level-2")
    assert state(project) == before
    lift(project, BASE, theirs)
    (project / "a.txt").write_text(numbered((3, "mine and level")))
    git(project, "add", "a.txt")
    git(project, "-c", "core.editor=true", "cherry-pick", "--continue")
    assert git(project, "status", "--porcelain") == ""
    assert git(project, "log", "-1", "--format=%s %an") == "ladder: level 1 -> 2 (Test) Ada\n"
    assert git(project, "rev-list", "--count", "--merges", "HEAD") == "0\n"
