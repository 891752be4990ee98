"""Merge drivers that git calls during a climb, as `python -m THIS_MODULE KIND BASE OURS THEIRS SIZE`.

Each lets git's own text merge try first, and steps in only where that leaves a conflict. The result replaces OURS;
exit 0 means merged, 1 that a person must look.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path

from mlops_ladder.git.run import Git
from mlops_ladder.lift.blocks import Settled, settle_blocks
from mlops_ladder.lift.meeting import GiveUp, settle

KINDS = {
    "lines": (".gitignore", ".dockerignore"),
    "toml": ("*.toml",),
    "make": ("Makefile", "*.mk"),
    "yaml": ("*.yaml", "*.yml"),
    "prose": ("*.md",),
    "python": ("*.py",),
}
"""The kinds of files that have a driver, and the names by which git's attributes know them."""

Merged = tuple[bytes, bool]
"""A text, and whether it is free of conflicts."""


def merge(kind: str, base: bytes, ours: bytes, theirs: bytes, size: int = 7) -> Merged | None:
    """Three texts made one; nothing where they are no texts."""
    tried = _text_merge((base, ours, theirs), size)
    if tried is None:
        return None
    content, clean = tried
    try:
        texts = [side.decode() for side in (base, ours, theirs)]
        if clean:
            return (_sound_toml(texts, content.decode()).encode() if kind == "toml" else content), True
        driver = _DRIVERS.get(kind)
        return (driver(texts, size) if driver else None) or tried
    except UnicodeDecodeError:
        return tried
    except GiveUp:
        return content, False


def lines(base: str, ours: str, theirs: str) -> str:
    """Merge two sets of lines: ours, followed by what theirs adds to the base.

    Raises:
        GiveUp: theirs takes lines away or reorders them, or excludes what ours includes.
    """
    before, after, mine = base.splitlines(), theirs.splitlines(), ours.splitlines()
    if _excepts(before, mine) or _excepts(before, after):
        raise GiveUp  # the order of exceptions carries meaning
    result = list(mine)
    for how, first, end, start, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if how == "equal":
            continue
        new = [line for line in after[start:stop] if line.strip() and line not in mine]
        if any(line.strip() for line in before[first:end]):
            raise GiveUp
        if any(not line.startswith("#") for line in new):
            parted = new[0].startswith("#") and result and result[-1].strip()
            result += [*([""] if parted else []), *new]
    end_of_line = "\r\n" if "\r\n" in ours else "\n"
    return end_of_line.join(result) + end_of_line


def _excepts(before: Sequence[str], after: Sequence[str]) -> bool:
    return any(line.startswith("!") and line not in before for line in after)


def _merged_lines(texts: Sequence[str], size: int) -> Merged | None:
    try:
        return lines(*texts).encode(), True
    except GiveUp:
        before, *sides = (text.splitlines() for text in texts)
        return None if any(_excepts(before, side) for side in sides) else _by_place("lines", texts, size)


def _merged_toml(texts: Sequence[str], size: int) -> Merged | None:
    from mlops_ladder.lift.merge_toml import Clash, toml

    try:
        return toml(*texts).encode(), True
    except Clash as clash:
        return _text_merge(clash.texts, size)
    except GiveUp:
        return _by_place("toml", texts, size)


def _sound_toml(texts: Sequence[str], content: str) -> str:
    """A clean merge of the lines of TOML that is TOML, too, and installs the groups that come."""
    from mlops_ladder.lift.merge_toml import is_toml, toml, with_new_groups

    # Two tables of one name merge clean as text, and are no TOML any more.
    broken = is_toml(texts[1]) and not is_toml(content)
    return with_new_groups(texts[0], toml(*texts) if broken else content, texts[2])


def _by_place(kind: str, texts: Sequence[str], size: int) -> Merged | None:
    """Both sides brought together at each place where git stopped, or block by block; nothing where that is no help."""
    from mlops_ladder.lift.meaning import holds

    base, ours, theirs = texts
    if not base:
        return None  # without a base these are two files
    rest = None
    for words in (False, True) if kind in _WORDED else (False,):
        settle_one = partial(_settled, prose=kind == "prose", words=words)
        for settled in (settle_one((base, ours, theirs)), settle_blocks(kind, (base, ours, theirs), settle_one)):
            if settled and len(set(settled)) == 1 and holds(kind, base, ours, theirs, settled[0], words=words):
                return settled[0].encode(), True
            rest = settled or rest
    return _text_merge(rest, size) if kind == "prose" and rest else None


def _settled(texts: Settled, *, prose: bool, words: bool) -> Settled:
    """Three texts, alike wherever git's merge, or ours of the places where it stops, brings them together."""
    wide = 71  # no line of a user is taken for such a marker
    tried = _text_merge(texts, wide, "diff3")
    return settle(tried[0].decode(), wide, prose=prose, words=words) if tried else texts


def _text_merge(texts: Sequence[str | bytes], size: int, style: str = "zdiff3") -> Merged | None:
    """git's own merge of base, ours and theirs; nothing where it cannot merge them as text."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("base", "ours", "theirs")]
        for path, text in zip(paths, texts, strict=True):
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        labels = ("-L", "HEAD", "-L", "the render before", "-L", "the new render")
        base, ours, theirs = map(str, paths)
        how = ("-p", "-q", f"--{style}", f"--marker-size={size}")
        done = Git(Path()).call("merge-file", *how, *labels, ours, base, theirs)
    return (done.stdout, done.returncode == 0) if 0 <= done.returncode < 128 else None


_WORDED = ("make", "prose")  # in whose lines the words of both sides may meet
_DRIVERS: dict[str, Callable[[Sequence[str], int], Merged | None]] = {
    "lines": _merged_lines,
    "toml": _merged_toml,
    **{kind: partial(_by_place, kind) for kind in ("make", "yaml", "prose", "python")},
}


def main(arguments: Sequence[str]) -> int:
    """Merge three files; the exit code is the one that git expects of a driver."""
    kind, *paths, size = arguments
    base, ours, theirs = (Path(path).read_bytes() for path in paths)
    done = merge(kind, base, ours, theirs, int(size))
    if done is None:
        return 1
    Path(paths[1]).write_bytes(done[0])
    return 0 if done[1] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
