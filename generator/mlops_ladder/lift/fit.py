"""The two pristine sides of a merge, fitted to the project they are merged into. Pure.

`base` is the render that the project was made from, `theirs` the render that it shall become. What must not be
left to git's merge is settled here: line endings, ignored and kept paths, and files that templates dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from mlops_ladder.project.tree import File, Tree


@dataclass(frozen=True)
class Aside:
    """A path that the new render changes but the project's stays as it is, and why."""

    path: str
    why: str
    dropped: bool = False  # no template has it any more


@dataclass(frozen=True)
class Sides:
    """Both renders, ready to be merged. `withdrawn` are paths to take out of the result afterwards."""

    base: Tree
    theirs: Tree
    withdrawn: tuple[str, ...]
    aside: tuple[Aside, ...]


def fit(
    base: Tree,
    theirs: Tree,
    mine: Mapping[str, str],
    edited: Mapping[str, bytes],
    identity: Callable[[bytes], str],
    *,
    foreign: Iterable[str] = (),
    kept: Iterable[str] = (),
    removes: Iterable[str] = (),
) -> Sides:
    """Fit two renders to a project.

    `mine` gives git's id of each of the project's files, `edited` the bytes of those that are not the base's, and
    `identity` git's id of some bytes. `foreign` paths are rendered, but git does not hold them; `removes` are those
    that the templates say they drop or rename.
    """
    base, theirs = dict(base), dict(theirs)
    aside: list[Aside] = []
    for path in sorted(set(foreign)):
        if path in theirs and theirs[path] != base[path]:
            aside.append(Aside(path, "not in git: left as it is, though its template changes"))
        base.pop(path, None)
        theirs.pop(path, None)
    for path in sorted(set(kept)):
        if path in theirs and theirs[path] != base.get(path):
            aside.append(Aside(path, "kept as yours: its template changes"))
        base.pop(path, None)
        if path in theirs:
            base[path] = theirs[path]
    _same_line_ends(base, theirs, mine, edited)
    withdrawn = []
    for path in sorted(set(base) - set(theirs) - set(removes)):
        # A file that only one render has would be taken for the origin of some look-alike in the other,
        # and the user's lines would land there. So it stays on both sides, and goes afterwards.
        if path not in mine:
            del base[path]
            continue
        theirs[path] = base[path]
        if mine[path] == identity(base[path].content):
            withdrawn.append(path)
        else:
            why = "edited by you: left in place, though no template has it any more"
            aside.append(Aside(path, why, dropped=True))
    return Sides(base, theirs, tuple(withdrawn), tuple(aside))


def _same_line_ends(base: Tree, theirs: Tree, mine: Mapping[str, str], edited: Mapping[str, bytes]) -> None:
    """Give both renders the line ends that the project's own copy was committed with."""
    crlf = {path for path, content in edited.items() if _is_crlf(content)}
    texts = [path for path in base if path in mine and b"\n" in base[path].content and _is_text(base[path].content)]
    if texts and crlf.issuperset(texts):
        # A repository of CRLF files: one that was moved away can only be recognised in the same form.
        crlf |= {path for path in base if path not in mine}
    for side in (base, theirs):
        for path in crlf & set(side):
            side[path] = File(_to_crlf(side[path].content), side[path].executable)


def _is_text(content: bytes) -> bool:
    return b"\0" not in content[:8000]


def _is_crlf(content: bytes) -> bool:
    lines = content.count(b"\n")
    return _is_text(content) and lines > 0 and lines == content.count(b"\r\n")


def _to_crlf(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") if _is_text(content) else content
