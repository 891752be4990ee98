"""Putting a project in memory into git's object store, beside whatever else the repository holds."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from mlops_ladder.errors import LadderError
from mlops_ladder.git.run import Git, failed, records
from mlops_ladder.git.state import Checkout, Entry, Listing
from mlops_ladder.project.tree import File, Tree


def identify(repo: Checkout) -> Callable[[bytes], str]:
    """The function that gives git's id of some bytes, in the repository's own object format."""
    algorithm = "sha256" if len(repo.head) == 64 else "sha1"

    def identity(content: bytes) -> str:
        return hashlib.new(algorithm, b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()

    return identity


def contents(repo: Checkout, paths: Iterable[str]) -> dict[str, bytes]:
    """The committed bytes of some of the project's files.

    Raises:
        LadderError: the repository has lost one of them.
    """
    wanted = list(paths)
    ids = "".join(repo.mine[path].id + "\n" for path in wanted)
    output = repo.git.run("cat-file", "--batch", stdin=ids.encode()) if wanted else b""
    found, at = {}, 0
    for path in wanted:
        end = output.index(b"\n", at)
        _, kind, *length = output[at:end].split(b" ")
        if kind == b"missing":
            raise LadderError(f"git does not have the content of {path} any more.", "git fsck tells what is broken.")
        size = int(length[0])
        found[path] = output[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
    return found


def ignored(repo: Checkout, paths: Iterable[str]) -> list[str]:
    """Those of the project's paths that git ignores and does not hold."""
    names = "".join(repo.prefix + path + "\0" for path in paths)
    args = ("--no-literal-pathspecs", "check-ignore", "-z", "--stdin")
    done = repo.git.call(*args, stdin=_bytes(names))
    if done.returncode not in (0, 1):  # 1: none of them
        raise failed(args, done)
    return [path.removeprefix(repo.prefix) for path in records(done.stdout)]


def write_commit(repo: Checkout, tree: Tree, more: Listing, message: str, *parents: str) -> str:
    """A commit that holds the repository as it is, with a render in the place of the project.

    `more` are entries that are in the object store already.
    """
    entries = {**_blobs(repo, tree), **more}
    whole = _splice(repo.git, f"{repo.head}^{{tree}}", repo.prefix.split("/")[:-1], _tree(repo.git, entries))
    return commit(repo.git, whole, message, *parents)


def commit(git: Git, tree: str, message: str, *parents: str, sign: bool = False) -> str:
    """Make a commit object; no branch moves."""
    above = [part for parent in parents for part in ("-p", parent)]
    return git.line("commit-tree", *(["-S"] if sign else []), tree, *above, stdin=message.encode())


def without(git: Git, tree: str, paths: Iterable[str]) -> str:
    """A tree, by its full id, less some paths."""
    gone = list(paths)
    if not gone:
        return tree
    with tempfile.TemporaryDirectory() as folder:
        index = git.with_env(GIT_INDEX_FILE=str(Path(folder) / "index"))
        index.run("read-tree", tree)
        none = "0" * len(tree)
        lines = "".join(f"0 {none}\t{path}\0" for path in gone)
        index.run("update-index", "-z", "--index-info", stdin=_bytes(lines))
        return index.line("write-tree", "--missing-ok")


def _blobs(repo: Checkout, tree: Tree) -> Listing:
    """The entries of a render, written where the project does not hold the same bytes already."""
    identity = identify(repo)
    entries = {path: Entry(_mode(file), identity(file.content)) for path, file in tree.items()}
    held = {entry.id for entry in repo.mine.values()}
    new = {entry.id: tree[path].content for path, entry in entries.items() if entry.id not in held}
    if new:
        with tempfile.TemporaryDirectory() as folder:
            names = []
            for number, content in enumerate(new.values()):
                path = Path(folder) / str(number)
                path.write_bytes(content)
                names.append(f"{path}\n")
            repo.git.run("hash-object", "-w", "--no-filters", "--stdin-paths", stdin="".join(names).encode())
    return entries


def _tree(git: Git, entries: Listing) -> str:
    with tempfile.TemporaryDirectory() as folder:
        index = git.with_env(GIT_INDEX_FILE=str(Path(folder) / "index"))
        lines = "".join(f"{entry.mode} {entry.id}\t{path}\0" for path, entry in entries.items())
        index.run("update-index", "-z", "--add", "--index-info", stdin=_bytes(lines))
        return index.line("write-tree", "--missing-ok")


def _splice(git: Git, root: str, parts: list[str], subtree: str) -> str:
    """The tree `root` with another tree in the place of one of its folders."""
    if not parts:
        return subtree
    below = _splice(git, f"{root}:{parts[0]}" if ":" not in root else f"{root}/{parts[0]}", parts[1:], subtree)
    kept = [record for record in records(git.run("ls-tree", "-z", root)) if record.split("\t", 1)[1] != parts[0]]
    kept.append(f"040000 tree {below}\t{parts[0]}")
    return git.line("mktree", "-z", "--missing", stdin=_bytes("".join(f"{record}\0" for record in kept)))


def _mode(file: File) -> str:
    return "100755" if file.executable else "100644"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
