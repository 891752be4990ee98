"""Merge drivers that git calls during a climb, as `python -m THIS_MODULE lines|toml BASE OURS THEIRS SIZE`.

Each lets git's own text merge try first, and steps in only where that leaves a conflict. The result replaces OURS;
exit 0 means merged, 1 that a person must look.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mlops_ladder.git.run import Git


class GiveUp(Exception):  # noqa: N818
    """The sides differ by more than additions."""


def lines(base: str, ours: str, theirs: str) -> str:
    """Merge two sets of lines: ours, followed by what theirs adds to the base.

    Raises:
        GiveUp: theirs takes lines away or reorders them, or excludes what ours includes.
    """
    before, after = base.splitlines(), theirs.splitlines()
    if [line for line in after if line in set(before)] != before:
        raise GiveUp
    mine = ours.splitlines()
    added = [line for line in after if line not in set(before)]
    new = [line for line in added if not line.strip() or line.startswith("#") or line not in set(mine)]
    if any(line.startswith("!") for line in (*_minus(mine, before), *added)):
        raise GiveUp  # the order of exceptions carries meaning
    end = "\r\n" if "\r\n" in ours else "\n"
    return end.join([*mine, *new]) + end


def merged(base: Any, ours: Any, theirs: Any) -> Any:
    """Merge plain values of which theirs may only add: list entries, keys and tables.

    Raises:
        GiveUp: theirs changes or removes something, or both add the same thing differently.
    """
    if theirs == base or ours == theirs:
        return ours
    if isinstance(ours, dict) and isinstance(theirs, dict) and isinstance(base, dict):
        if set(base) - set(theirs):
            raise GiveUp
        result = dict(ours)
        for key, value in theirs.items():
            if key in ours:
                empty: Any = {} if isinstance(value, dict) else [] if isinstance(value, list) else None
                result[key] = merged(base.get(key, empty), ours[key], value)
            elif key not in base:
                result[key] = value
            elif base[key] != value:
                raise GiveUp
        return result
    if isinstance(ours, list) and isinstance(theirs, list) and isinstance(base, list):
        if [item for item in theirs if item in base] != base:
            raise GiveUp
        added = [item for item in theirs if item not in base and item not in ours]
        if {_package(item) for item in added} & {_package(item) for item in ours} - {""}:
            raise GiveUp
        return [*ours, *added]
    raise GiveUp


def toml(base: str, ours: str, theirs: str) -> str:
    """Merge two TOML texts by their values, keeping ours as it is written.

    Raises:
        GiveUp: one is no TOML, or theirs does more than add.
    """
    import tomllib

    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        wanted = merged(tomllib.loads(base), tomllib.loads(ours), tomllib.loads(theirs))
        document = tomlkit.parse(ours)
        _extend(document, wanted, tomlkit.parse(theirs))
        text = tomlkit.dumps(document)
        if tomllib.loads(text) != wanted:
            raise GiveUp
    except (tomllib.TOMLDecodeError, TOMLKitError) as error:
        raise GiveUp from error
    return text


def _extend(target: Any, wanted: dict[str, Any], source: Any) -> None:
    """Bring a tomlkit table to the wanted values, taking what is new from the table `source`."""
    for key, value in wanted.items():
        if key not in target:
            target[key] = source[key]
        elif isinstance(value, dict):
            _extend(target[key], value, source.get(key, {}))
        elif isinstance(value, list):
            for item in value[len(target[key]) :]:
                target[key].append(item)


def _package(item: Any) -> str:
    """The normalised name of a requirement, or nothing where it is none."""
    from mlops_ladder.facts.requirements import requirement

    found = requirement(item) if isinstance(item, str) else None
    return found.name if found else ""


def _minus(some: Sequence[str], others: Sequence[str]) -> list[str]:
    return [line for line in some if line not in set(others)]


def _text_merge(base: str, ours: str, theirs: str, size: str) -> tuple[bytes, bool] | None:
    """git's own merge of three files and whether it was clean; nothing where it cannot merge them as text."""
    labels = ("-L", "HEAD", "-L", "the render before", "-L", "the new render")
    how = ("-p", "-q", "--zdiff3", f"--marker-size={size}")
    done = Git(Path()).call("merge-file", *how, *labels, ours, base, theirs)
    return (done.stdout, done.returncode == 0) if 0 <= done.returncode < 128 else None


def _is_toml(content: bytes) -> bool:
    import tomllib

    try:
        tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False
    return True


def main(arguments: Sequence[str]) -> int:
    """Merge three files; the exit code is the one that git expects of a driver."""
    kind, base, ours, theirs, size = arguments
    tried = _text_merge(base, ours, theirs, size)
    if tried is None:
        return 1
    content, clean = tried
    # Two tables of one name merge clean as text, and are no TOML any more.
    broken = kind == "toml" and _is_toml(Path(ours).read_bytes()) and not _is_toml(content)
    if not clean or broken:
        try:
            texts = [Path(path).read_bytes().decode() for path in (base, ours, theirs)]
            content, clean = (lines(*texts) if kind == "lines" else toml(*texts)).encode(), True
        except (GiveUp, UnicodeDecodeError):
            clean = False
    Path(ours).write_bytes(content)
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
