"""A git revision as a source: read through the object store, nothing of the repository is started."""

from __future__ import annotations

from pathlib import Path

from mlops_ladder.errors import LadderError
from mlops_ladder.facts.source.process import Blobs, ask
from mlops_ladder.facts.source.scope import MAX_FILES, own


class GitSource:
    """A revision of a repository, bare or not, read through git's object store; no work tree is needed.

    A partial clone, or one that lost objects, has files without content: they are listed and `absent`.
    """

    def __init__(self, repository: Path, revision: str) -> None:
        self._repository = repository
        if not repository.is_dir():
            raise LadderError(f"{repository} is not a folder.", "Name the folder of a repository.")
        commit = ask(repository, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
        if commit is None and ask(repository, "rev-parse", "--git-dir") is None:
            raise LadderError(
                f"git finds no repository in {repository} that it may read.",
                "Name a repository; one that belongs to another user must be listed in git's safe.directory.",
            )
        if commit is None:
            raise LadderError(
                f"{repository} has no revision '{revision}'.", "Name a branch, tag or commit that git knows."
            )
        prefix = ask(repository, "rev-parse", "--show-prefix") or b""
        self.base = prefix.decode("utf-8", "replace").strip().rstrip("/")
        objects, absent = _listing(repository, commit.decode().strip())
        self._paths = own(objects, self.base)[:MAX_FILES]
        self._objects = {path: objects[path] for path in self._paths}
        self.absent = absent & self._objects.keys()
        self.partial = ""
        self._blobs = Blobs(repository)

    @property
    def held(self) -> frozenset[str]:
        """Every file: a revision holds what is committed."""
        return frozenset(self._paths)

    def paths(self) -> list[str]:
        """Every regular file of the revision, without foreign ones."""
        return list(self._paths)

    def read(self, path: str, limit: int) -> bytes | None:
        """The content of one blob."""
        name, size = self._objects[path]
        if size > limit or path in self.absent:
            return None
        return self._blobs.read(name)

    def close(self) -> None:
        """End the git process that hands out blobs."""
        self._blobs.close()


def _listing(repository: Path, commit: str) -> tuple[dict[str, tuple[str, int]], frozenset[str]]:
    """Path -> (blob, size) of every regular file of a commit, and the paths whose blob is not here."""
    sizes: dict[bytes, bytes] | None = None
    output = ask(repository, "ls-tree", "-r", "-z", "--long", "--full-tree", commit)
    if output is None:
        # Where a clone expects to fetch blobs on demand, git refuses to name the size of one that is not here.
        output = ask(repository, "ls-tree", "-r", "-z", "--full-tree", commit)
        there = ask(repository, "cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objectsize)")
        if output is None or there is None:
            raise LadderError(
                f"git cannot list the files of {commit[:12]} in {repository}: objects are missing.",
                "Fetch them (git fetch --refetch), or assess a complete clone.",
            )
        sizes = dict(line.split() for line in there.splitlines())
    objects: dict[str, tuple[str, int]] = {}
    absent: set[str] = set()
    for line in output.split(b"\0"):
        meta, _, name = line.partition(b"\t")
        parts = meta.split()
        if len(parts) < 3 or parts[0] not in (b"100644", b"100755"):
            continue
        path = name.decode("utf-8", "replace")
        size = parts[3] if sizes is None else sizes.get(parts[2], b"")
        objects[path] = (parts[2].decode(), int(size) if size.isdigit() else 0)
        if not size.isdigit():  # `BAD` in a repository that lost the blob
            absent.add(path)
    return objects, frozenset(absent)
