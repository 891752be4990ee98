"""What a team does in its first month comes through a lift: no line is lost, and hardly ever has anybody to decide.

`LADDER_SESSIONS=10000 LADDER_SEED=1` plays that many months, others than the ones of an ordinary run, in some minutes.
"""

from __future__ import annotations

import ast
import os
import re
import tomllib
from collections import Counter
from dataclasses import replace
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from random import Random

import pytest

from mlops_ladder.facts.read.yaml import parse_yaml
from mlops_ladder.lift.meaning import holds
from mlops_ladder.lift.merge_drivers import KINDS, merge
from mlops_ladder.new.create import create
from mlops_ladder.project import history
from mlops_ladder.project.lock import LOCK
from mlops_ladder.project.render import render
from support import month
from support.cases import LEVELS, TOP
from support.month import Texts
from support.repos import climb, isolate, save
from support.shapes import project

own_git = pytest.fixture(autouse=True)(isolate)

SESSIONS = int(os.environ.get("LADDER_SESSIONS", "150"))
SEED = int(os.environ.get("LADDER_SEED", "0"))
CLEAN = 0.95
UPDATED = 0.6  # an update says in other words what people have edited


@cache
def pristine(level: int) -> Texts:
    return {path: file.content.decode() for path, file in project(level=level).tree.items() if path != LOCK}


def kind_of(path: str) -> str:
    name = path.rpartition("/")[2]
    return next((kind for kind, names in KINDS.items() if any(fnmatch(name, one) for one in names)), "none")


def lifted(base: Texts, ours: Texts, theirs: Texts) -> tuple[Texts, list[str]]:
    """What git's merge with our drivers makes of files that nobody moved, and the paths that are in conflict."""
    result, conflicts = dict(ours), []
    for path, new in theirs.items():
        before, mine = base.get(path), ours.get(path)
        if new in (before, mine) or (mine is None and before is not None):
            continue
        if mine in (None, before):
            result[path] = new
        elif before is None:
            conflicts.append(path)
        else:
            merged = merge(kind_of(path), before.encode(), mine.encode(), new.encode())
            assert merged
            result[path] = merged[0].decode()
            conflicts += [] if merged[1] else [path]
    return result, conflicts


def lost(base: str, mine: str, result: str) -> set[str]:
    """The words that the team wrote and the result does not have, where it does not have the whole line."""
    gone = set(mine.splitlines()) - set(base.splitlines()) - set(result.splitlines())
    return {word for line in gone for word in line.split()} - set(base.split()) - set(result.split())


def session(number: int) -> tuple[int, Texts]:
    """A level and what a team has made of its project there."""
    chance = Random(f"{SEED} {number}")
    level = chance.choice(LEVELS[:-1])
    return level, month.month(pristine(level), chance)


@pytest.mark.parametrize("level", LEVELS)
def test_an_import_of_the_team_leaves_the_code_python(level: int) -> None:
    """Whatever import it stands beside: of a file that is no Python nobody can say what its merge must say."""
    code = {path: text for path, text in pristine(level).items() if path.endswith(".py")}
    places = [(path, found) for path, text in code.items() for found in re.finditer(month.IMPORT, text, re.MULTILINE)]
    assert {path for path, _ in places} == {
        path for path, text in code.items() if re.search(r"^(import|from) ", text, re.M)
    }
    for path, found in places:
        ast.parse(f"{code[path][: found.end()]}import ours\n{code[path][found.end() :]}")


def test_no_line_is_lost_and_hardly_any_month_needs_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    reasons: Counter[str] = Counter()
    clean = 0
    for number in range(SESSIONS):
        level, ours = session(number)
        base, theirs = pristine(level), pristine(level + 1)
        result, conflicts = lifted(base, ours, theirs)
        for path, mine in ours.items():
            assert not lost(base.get(path, ""), mine, result[path]), (number, path)
            both_changed = path in base and path in theirs and base[path] not in (mine, theirs[path])
            if both_changed and path not in conflicts:
                checks = [{"words": words} for words in (False, True)[: 1 + (kind_of(path) == "make")]]
                right = [holds(kind_of(path), base[path], mine, theirs[path], result[path], **how) for how in checks]
                assert any(right), (number, path)
                tomllib.loads(result[path]) if path.endswith(".toml") else None
                assert not path.endswith((".yml", ".yaml")) or parse_yaml(result[path])
        clean += not conflicts
        reasons.update(f"{level} -> {level + 1}: {path}" for path in conflicts)
    with capsys.disabled():
        print(
            f"\n{clean} of {SESSIONS} months ({clean / SESSIONS:.1%}) end without a conflict; others: {dict(reasons)}"
        )
    assert clean >= CLEAN * SESSIONS


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("version", history.versions())
def test_no_line_is_lost_by_an_update_of_an_older_version(
    version: str, level: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with history.templates(version) as root:
        tree = render(project(level=1).answers, level, root)
    base = {path: file.content.decode() for path, file in tree.items()}
    theirs = pristine(level)
    reasons: Counter[str] = Counter()
    clean = 0
    for number in range(SESSIONS // 4):
        ours = month.month(base, Random(f"{SEED} {number}"))
        result, conflicts = lifted(base, ours, theirs)
        for path, mine in ours.items():
            assert not lost(base.get(path, ""), mine, result[path]), (number, path)
        clean += not conflicts
        reasons.update(conflicts)
    with capsys.disabled():
        print(f"\n{version}, level {level}: {clean / (SESSIONS // 4):.1%} update cleanly; others: {dict(reasons)}")
    assert clean >= UPDATED * (SESSIONS // 4)


def written(folder: Path, files: Texts) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(4))
def test_the_months_end_in_git_as_they_do_in_memory(tmp_path: Path, number: int) -> None:
    level, ours = session(number)
    create(replace(project(level=level), path=tmp_path / "p"))
    written(tmp_path / "p", ours)
    save(tmp_path / "p")
    result, conflicts = lifted(pristine(level), ours, pristine(level + 1))
    found, _ = climb(tmp_path / "p", None, level + 1)
    assert sorted(path for path, _ in found.conflicts) == sorted(conflicts)
    on_disk = {path: (tmp_path / "p" / path).read_text() for path in result if path not in conflicts}
    assert on_disk == {path: text for path, text in result.items() if path not in conflicts}


def test_a_whole_month_at_once_climbs_to_the_top_without_a_conflict(tmp_path: Path) -> None:
    place = tmp_path / "p"
    create(replace(project(level=1), path=place))
    for level in LEVELS[1:]:
        before = {path: (place / path).read_text() for path in ("README.md", "Makefile", ".gitignore", "config.toml")}
        written(
            place,
            {
                "README.md": before["README.md"].replace("# ", f"# Birds {level}: ", 1).replace("\n", "\n\n![](b)\n", 1)
                + f"\n## Who we are {level}\n\nAsk Ann.\n",
                "Makefile": before["Makefile"] + f"\nnb{level}: ## notebooks\n\tuv run jupyter lab\n",
                ".gitignore": before[".gitignore"] + f".idea{level}/\n.vscode{level}/\n",
                "config.toml": before["config.toml"].replace("max_iter = ", "max_iter = 1"),
                "pyproject.toml": (place / "pyproject.toml").read_text().replace(
                    '    "matplotlib', f'    "lightgbm{level}>=4",\n    "matplotlib'
                ),
                f"notebooks/look{level}.ipynb": '{"cells": []}\n',
            },
        )  # fmt: skip
        save(place)
        found, outcome = climb(place, None, level, branch=f"up-{level}")
        assert found.conflicts == ()
        assert not outcome.in_progress
    ends = [(place / path).read_text() for path in ("README.md", "Makefile", ".gitignore")]
    assert [end.rpartition("\n\n")[2] for end in ends[:2]] == [
        "Ask Ann.\n",
        f"nb{TOP}: ## notebooks\n\tuv run jupyter lab\n",
    ]
    assert ends[2].endswith("".join(f".idea{level}/\n.vscode{level}/\n" for level in LEVELS[1:]))
