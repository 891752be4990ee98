"""From level to level: a level adds files, and edits few, in named blocks. Seen in the renders of neighbours."""

from __future__ import annotations

import os
from difflib import unified_diff
from pathlib import Path

import pytest
from jinja2 import nodes

from mlops_ladder.project.layers import SUFFIX, layers
from mlops_ladder.project.lock import LOCK
from mlops_ladder.project.render import chains_of, environment
from mlops_ladder.project.tree import Tree
from support.cases import kinds, steps
from support.shapes import SHAPES, project

SNAPSHOTS = Path(__file__).parent / "snapshots"
ACCEPT = "ACCEPT_SNAPSHOTS"  # set it, run the tests, and review what git shows as changed
REVIEWABLE = 300  # lines of a difference that a person still reads
SHARED = 8  # files of lower levels that a level may change


def pristine(shape: str, level: int, variant: str) -> Tree:
    return {path: file for path, file in project(shape, level, variant).tree.items() if path != LOCK}


def changed(below: Tree, above: Tree) -> list[str]:
    return sorted(path for path in below if above.get(path) != below[path])


def compare(name: str, lines: list[str]) -> None:
    path = SNAPSHOTS / name
    text = "".join(f"{line}\n" for line in lines)
    if os.environ.get(ACCEPT):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert path.is_file(), f"{name} is new: accept it with {ACCEPT}=1"
    assert path.read_text("utf-8") == text, f"accept the change with {ACCEPT}=1"


@pytest.mark.parametrize(("level", "variant"), kinds())
def test_the_list_of_files(level: int, variant: str) -> None:
    compare(f"level{level}-{variant}.txt", sorted(project("flights", level, variant).files))


@pytest.mark.parametrize(("below", "above", "variant"), steps())
def test_the_difference_between_neighbours(below: int, above: int, variant: str) -> None:
    before, after = pristine("flights", below, variant), pristine("flights", above, variant)
    lines = [f"+ {path}" for path in sorted(after.keys() - before.keys())]
    for path in changed(before, after):
        old, new = (tree[path].content.decode().splitlines() for tree in (before, after))
        lines += ["", *unified_diff(old, new, path, path, lineterm="", n=2)]

    # An editor that strips blanks at the ends of lines must not change a snapshot.
    compare(f"level{below}-to-{above}-{variant}.diff", [line.rstrip() for line in lines])
    assert len(lines) <= REVIEWABLE


@pytest.mark.parametrize(("below", "above", "variant"), steps())
@pytest.mark.parametrize("shape", SHAPES)
def test_a_level_adds_and_hardly_edits(shape: str, below: int, above: int, variant: str) -> None:
    before, after = pristine(shape, below, variant), pristine(shape, above, variant)
    touched = changed(before, after)

    assert before.keys() <= after.keys(), "a level removes no file"
    assert [path for path in touched if path.startswith(("src/", "tests/"))] == []
    assert 0 < len(touched) <= SHARED
    assert after.keys() - before.keys()


@pytest.mark.parametrize(("below", "above", "variant"), steps())
def test_what_changes_lies_in_named_blocks(below: int, above: int, variant: str) -> None:
    """A changed file extends the one below, and the lint forbids text outside of blocks; so nothing else can differ."""
    made = project("flights", above, variant)
    chains = chains_of(layers(above, made.answers))
    for path in changed(pristine("flights", below, variant), pristine("flights", above, variant)):
        chain = chains[path.replace(made.answers.package, "{{ package }}")]
        assert chain[-1].suffix == SUFFIX
        top = environment(chain).parse(chain[-1].read_text("utf-8"))
        assert top.find(nodes.Extends), f"{path} of level {above} replaces the whole file"


@pytest.mark.parametrize(("below", "above", "variant"), steps())
def test_lines_outside_of_blocks_stay(below: int, above: int, variant: str) -> None:
    """The same law without Jinja's word for it: every line of the lower file outside its blocks is still there."""
    made = project("flights", above, variant)
    chains = chains_of(layers(above, made.answers))
    after = pristine("flights", above, variant)
    for path in changed(pristine("flights", below, variant), after):
        frame = _frame(chains[path.replace(made.answers.package, "{{ package }}")][0].read_text("utf-8"))
        lines = iter(after[path].content.decode().splitlines())
        assert frame
        assert all(line in lines for line in frame), path


def _frame(source: str) -> list[str]:
    """The lines of a lowest template that stand outside of blocks and conditions and name nothing."""
    depth, frame = 0, []
    for line in source.splitlines():
        opens = sum(line.count(f"{{% {word}") for word in ("block", "if", "for", "macro"))
        closes = sum(line.count(f"{{% end{word}") for word in ("block", "if", "for", "macro"))
        if depth == 0 and not opens and not closes and "{" not in line and line.strip():
            frame.append(line)
        depth += opens - closes
    return frame
