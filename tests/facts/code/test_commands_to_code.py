from __future__ import annotations

import pytest

from mlops_ladder.facts.code.shell import parse_shell
from support.facts import facts_of

TEXTS = {
    "Makefile": "first:\n\tls\nsecond:\n\tls\n",
    "app/Makefile": "second:\n\tls\n",
    "Dockerfile": "CMD ls\n",
    "job.yml": "command: python train.py\n",
    "train.py": "def fit(): pass\ndef run_eval(): pass\n",
    "src/pkg/__init__.py": "",
    "src/pkg/__main__.py": "x = 1\n",
    "src/pkg/deep/unique.py": "x = 1\n",
    "run.sh": "ls\n",
    "pyproject.toml": "[project.scripts]\ntool = 'pkg.deep.unique:main'\n[tool.hatch.envs.a.scripts]\ncheck = 'ls'\n",
    "MLproject": "entry_points:\n  main: {command: ls}\n",
}


@pytest.mark.parametrize(
    ("command", "nodes"),
    [
        ("make", {"Makefile:make first"}),
        ("make second X=1 -j2", {"Makefile:make second"}),
        ("make -C app second", {"app/Makefile:make second"}),
        ("cd app && make second", {"app/Makefile:make second"}),
        ("docker run image", {"Dockerfile:"}),
        ("az ml job create -f job.yml", {"job.yml:"}),
        ("cat job.yml", set()),
        ("python train.py", {"train.py:", "train.py:__main__"}),
        ("python train.py eval --fast", {"train.py:", "train.py:run_eval"}),
        ("python -m pkg", {"src/pkg/__main__.py:", "src/pkg/__main__.py:__main__"}),
        ("python -c 'from train import fit; fit()'", {"train.py:", "train.py:fit"}),
        ("uvicorn train:fit", {"train.py:", "train.py:fit"}),
        ("python /opt/app/deep/unique.py", set()),
        ("python /app/pkg/deep/unique.py", {"src/pkg/deep/unique.py:", "src/pkg/deep/unique.py:__main__"}),
        ("./run.sh", {"run.sh:"}),
        ("tool --fast", {"pyproject.toml:script tool"}),
        ("hatch run a:check", {"pyproject.toml:hatch check"}),
        ("mlflow run .", {"MLproject:mlproject main"}),
        ("ls", set()),
    ],
)
def test_what_a_command_means(command: str, nodes: set[str]) -> None:
    graph = facts_of(TEXTS).graph
    found = {node for part in parse_shell(command) for node in graph.targets(part)}

    assert {f"{path}:{name}" for _, path, name in found} == nodes
