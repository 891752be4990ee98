from __future__ import annotations

import pytest

from mlops_ladder.facts.code import graph as module
from mlops_ladder.facts.code.graph import Graph
from support.facts import facts_of

TRAIN = """\
    from pkg.model import fit
    from pkg import aside
    def main():
        fit()
    if __name__ == "__main__":
        main()
    """
MODEL = """\
    import subprocess
    def fit():
        Machine().learn()
    def unused():
        pass
    class Machine:
        def learn(self):
            subprocess.run(["dvc", "repro", "score"])
    """
TEXTS = {
    "Makefile": "all: data train\ndata:\n\tbash scripts/get.sh\ntrain: data\n\tpython -m pkg.train\n",
    "scripts/get.sh": "python load.py\n",
    "load.py": "print(1)\n",
    "pkg/train.py": TRAIN,
    "pkg/model.py": MODEL,
    "pkg/aside.py": "x = 1\n",
    "dvc.yaml": "stages:\n  score:\n    cmd: python score.py\n",
    "score.py": "pass\n",
    "pyproject.toml": "[project.scripts]\ntool = 'pkg.cli:main'\n",
    "pkg/cli.py": "def main():\n    pass\ndef serve():\n    pass\n",
}


@pytest.fixture(scope="module")
def graph() -> Graph:
    return facts_of(TEXTS).graph


def reached(graph: Graph, command: str) -> set[str]:
    return {f"{path}:{name}" if name else path for kind, path, name in graph.of_shell(command) if kind == "py"}


@pytest.mark.parametrize(
    ("command", "files"),
    [
        ("python load.py", {"load.py"}),
        ("bash scripts/get.sh", {"load.py"}),
        ("cd scripts && ./get.sh", {"load.py"}),
        ("make data", {"load.py"}),
        ("python -m pkg.train", {"pkg/train.py", "pkg/model.py", "pkg/aside.py", "score.py"}),
        ("make", {"load.py", "pkg/train.py", "pkg/model.py", "pkg/aside.py", "score.py"}),
        ("dvc repro", {"score.py"}),
        ("tool", {"pkg/cli.py"}),
        ("python none.py", set()),
        ("echo python load.py", {"load.py"}),
    ],
)
def test_what_a_command_runs(graph: Graph, command: str, files: set[str]) -> None:
    assert {name.partition(":")[0] for name in reached(graph, command)} == files


def test_functions_are_reached_through_calls_and_methods(graph: Graph) -> None:
    names = reached(graph, "python -m pkg.train")

    assert {"pkg/train.py:main", "pkg/model.py:fit", "pkg/model.py:Machine.learn"} <= names
    assert "pkg/model.py:unused" not in names


def test_a_sub_command_narrows_the_run(graph: Graph) -> None:
    assert "pkg/cli.py:serve" in reached(graph, "tool serve")
    assert "pkg/cli.py:main" not in reached(graph, "tool serve")


def test_commands_are_opened_up_and_know_the_line_of_the_outermost(graph: Graph) -> None:
    found = graph.commands("echo a\nmake train || true")

    assert [(command.line, command.offset, command.ignored) for command in found] == [
        ("echo a", 0, False), ("make train", 1, True), ("python -m pkg.train", 1, True),
        ("bash scripts/get.sh", 1, True), ("python load.py", 1, True), ("true", 1, False),
    ]  # fmt: skip


def test_alive_is_what_anything_starts(graph: Graph) -> None:
    assert ("py", "pkg/model.py", "fit") in graph.alive
    assert ("py", "pkg/model.py", "unused") not in graph.alive


def test_commands_are_followed_into_tasks_up_to_a_number_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OPENINGS", 50)
    layers = "".join(f"t{i}:\n" + f"\tmake t{i + 1}\n" * 9 for i in range(6))
    facts = facts_of({"Makefile": layers})

    assert len(facts.graph.commands("make t0")) < 200
    assert facts.files.unseen == {"commands": "are followed into 50 others"}


def test_what_runs_what_is_followed_for_a_number_of_steps_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STEPS", 50)
    facts = facts_of({"Makefile": "".join(f"t{i}: t{i + 1}\n" for i in range(100))})
    reached = [len(facts.graph.reach({("task", "Makefile", f"make t{i}")})) for i in range(3)]

    assert reached == [100, 1, 1]
    assert facts.files.unseen == {"what runs what": "is followed in 50 steps"}
