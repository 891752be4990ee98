"""All facts of a repository: each under its name, worked out when it is first asked for, and once."""

from __future__ import annotations

from functools import cached_property
from textwrap import dedent

import pytest

from mlops_ladder.facts.repo import Facts
from mlops_ladder.facts.seen import Seen
from mlops_ladder.facts.source.disk import TreeSource
from mlops_ladder.project.tree import File
from support.facts import facts_of

NAMES = [name for name, value in vars(Facts).items() if isinstance(value, cached_property)]

TEXTS = {
    "train.py": "from sklearn.svm import SVC\nSVC(random_state=1).fit([[0]], [0])\n",
    "Makefile": "train:\n\tpython train.py\n",
    "requirements.txt": "scikit-learn==1.5\n",
    "test_a.py": "import train\n\ndef test_a():\n    assert train.SVC\n",
    ".github/workflows/ci.yml": """\
        on: pull_request
        jobs:
          a:
            steps:
            - uses: actions/checkout@v4
            - run: make train
        """,
}


class Counting(TreeSource):
    """A source that remembers what was read of it."""

    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__({path: File(dedent(text).encode()) for path, text in texts.items()})
        self.seen: list[str] = []

    def read(self, path: str, limit: int) -> bytes | None:
        self.seen.append(path)
        return super().read(path, limit)


def test_nothing_is_read_before_it_is_asked_for_and_each_file_once() -> None:
    source = Counting(TEXTS)
    facts = Facts(source)
    assert source.seen == []

    assert len(facts.ci) == 1
    assert source.seen == [".github/workflows/ci.yml"]
    for name in NAMES:
        getattr(facts, name)
    assert sorted(source.seen) == sorted(TEXTS)


@pytest.mark.parametrize("name", NAMES)
def test_a_fact_is_worked_out_once_and_an_empty_repository_has_it_too(name: str) -> None:
    facts = facts_of({})

    assert getattr(facts, name) is getattr(facts, name)


def test_facts_that_others_are_made_of_fit_together() -> None:
    facts = facts_of(TEXTS)
    (job,) = facts.ci

    assert [task.name for task in facts.tasks] == ["train"]
    assert [hit.where for hit in facts.ml.training] == ["train.py:2"]
    assert facts.graph.of_job(job) & facts.ml.train_nodes
    assert facts.own_tests == [("test_a.py", "test_a.py:3")]
    assert facts.pull_request.jobs == [job]
    assert facts.triggers == []


def test_what_is_not_there_is_not_seen() -> None:
    facts = facts_of({"README.md": "# A\n"})

    assert (facts.ci, facts.tasks, facts.gates, facts.stages, facts.own_tests, facts.drift) == ([], [], [], [], [], [])
    assert [facts.canary, facts.approval, facts.rollback, facts.alarms, facts.promotion_policy] == [Seen()] * 5
