"""A git revision as a source: read through the object store, nothing of the repository is started."""

from __future__ import annotations

from pathlib import Path

from mlops_ladder.errors import LadderError
from mlops_ladder.facts.source.process import Blobs, ask, listed, refusal, sizes
from mlops_ladder.facts.source.scope import OUTER_FILES, OUTER_FOLDERS, TOO_MANY, own, readable

_REGULAR = (b"100644 ", b"100755 ")


class GitSource:
    """A revision of a repository, bare or not, read through git's object store; no work tree is needed.

    A partial clone, or one that lost objects, has files without content: they are listed and `absent`.
    """

    def __init__(self, repository: Path, revision: str) -> None:
        self._repository = repository
        if not repository.is_dir():
            raise LadderError(f"{repository} is not a folder.", "Name the folder of a repository.")
        commit = ask(repository, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
        if commit is None and (why := refusal(repository)):
            raise LadderError(
                f"git finds no repository in {repository} that it may read: {why}.",
                "Name a repository; one that belongs to another user must be listed in git's safe.directory.",
            )
        if commit is None or commit.startswith(b"^"):
            raise LadderError(
                f"{repository} has no revision '{revision}'.", "Name a branch, tag or commit that git knows."
            )
        prefix = ask(repository, "rev-parse", "--show-prefix") or b""
        self.base = readable(prefix.removesuffix(b"\n")).rstrip("/")
        objects, whole = _listing(repository, commit.decode().strip(), self.base)
        self._paths = own(objects, self.base)
        self.partial = "" if whole else TOO_MANY
        self._blobs = {path: objects[path] for path in self._paths}
        self._sizes = sizes(repository, set(self._blobs.values()))
        self.absent = frozenset(path for path, blob in self._blobs.items() if blob not in self._sizes)
        self._contents = Blobs(repository)

    @property
    def held(self) -> frozenset[str]:
        """Every file: a revision holds what is committed."""
        return frozenset(self._paths)

    def paths(self) -> list[str]:
        """Every regular file of the revision, without foreign ones."""
        return list(self._paths)

    def read(self, path: str, limit: int) -> bytes | None:
        """The content of one blob."""
        blob = self._blobs[path]
        if self._sizes.get(blob, limit + 1) > limit:
            return None
        return self._contents.read(blob)

    def close(self) -> None:
        """End the git process that hands out blobs."""
        self._contents.close()


def _listing(repository: Path, commit: str, base: str) -> tuple[dict[str, str], bool]:
    """Path -> blob of every regular file of a commit, and whether these are all."""
    asked = ("--", base, *sorted(OUTER_FILES), *OUTER_FOLDERS) if base else ()
    found = listed(repository, "ls-tree", "-r", "-z", "--full-tree", commit, *asked)
    if found is None:
        raise LadderError(
            f"git cannot list the files of {commit[:12]} in {repository}: objects are missing.",
            "Fetch them (git fetch --refetch), or assess a complete clone.",
        )
    entries = [line.partition(b"\t") for line in found[0]]
    blobs = {readable(name): meta.split()[2].decode() for meta, _, name in entries if meta.startswith(_REGULAR)}
    return blobs, found[1]
