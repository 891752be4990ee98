"""Configurations of any shape are judged: each labelled repository, with values put where they do not belong."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
import yaml

from assess.labelled.all import CASES
from mlops_ladder.assess.assess import assess_tree
from mlops_ladder.assess.catalogue import catalogue
from mlops_ladder.project.tree import File, Tree

pytestmark = pytest.mark.slow

JUNK = [3, "x", None, [], {}, [3], {"a": 3}, True, 1.5, [[]], {"x": None}, ["a", {"b": 2}], {3: 4}]
BYTES = [b"", b"\n", b"[", b"'", b"{{", b"\x00", b":", b"\t"]


def mutated(value: Any, chance: random.Random) -> Any:
    places: list[tuple[Any, Any]] = []
    stack = [value]
    while stack:
        item = stack.pop()
        keys = list(item) if isinstance(item, dict) else range(len(item)) if isinstance(item, list) else ()
        places += [(item, key) for key in keys]
        stack += [item[key] for key in keys]
    for _ in range(chance.randint(1, 3)):
        if places:
            holder, key = chance.choice(places)
            if (key in holder) if isinstance(holder, dict) else key < len(holder):
                holder[key] = chance.choice(JUNK)
    return value


def disturbed(tree: Tree, chance: random.Random) -> Tree:
    found = dict(tree)
    for path, file in tree.items():
        if path.endswith((".yml", ".yaml", ".lock", ".dvc")) and chance.random() < 0.7:
            documents = [mutated(document, chance) for document in yaml.safe_load_all(file.content)]
            found[path] = File(yaml.safe_dump_all(documents).encode())
        elif path.endswith((".ipynb", ".json")):
            found[path] = File(json.dumps(mutated(json.loads(file.content), chance)).encode())
        elif chance.random() < 0.2:
            at = chance.randrange(len(file.content) + 1)
            rest = file.content[at + chance.randint(0, 20) :]
            found[path] = File(file.content[:at] + chance.choice(BYTES) + rest)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_check_gives_a_verdict_on_malformed_files(case: Any) -> None:
    chance = random.Random(case.name)
    for _ in range(8):
        result = assess_tree(disturbed(case.tree(), chance))  # raises where a check fails
        assert len(result.findings) == len(catalogue())
