"""Repositories that nobody would write: valid files, torn, swapped and stuffed; run as a program, in bounds of its own.

    python -m support.fuzz KIND FIRST COUNT

plays the seeds FIRST to FIRST + COUNT - 1 and prints a line for each that did not end as it should.
"""

from __future__ import annotations

import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from mlops_ladder.deadline import OutOfTime, deadline
from mlops_ladder.errors import BUG
from support.ladder import invoked
from support.trees import write

MEMORY = 1_000_000_000  # bytes of address space, for Python and all that it loads
SECONDS = 20.0  # for one command, many times what it takes

TRAIN = (
    "from sklearn.svm import SVC\nimport mlflow\n\n\ndef main():\n    SVC(random_state=1).fit([[0]], [0])\n\n\nmain()\n"
)
SEEDS = {
    "train.py": TRAIN,
    "tests/test_train.py": "from train import main\n\n\ndef test_main():\n    assert main() is None\n",
    "noxfile.py": "import nox\n\n\n@nox.session\ndef tests(session):\n    session.run('pytest', '-q')\n",
    "setup.py": "from setuptools import setup\nsetup(entry_points={'console_scripts': ['t=train:main']})\n",
    "explore.ipynb": '{"cells": [{"cell_type": "code", "source": ["import pandas\\n", "pandas.read_csv(0)"]}]}',
    "pyproject.toml": '[project]\nname = "x"\ndependencies = ["mlflow"]\n[tool.poe.tasks]\ntrain = "python train.py"\n',
    "params.yaml": "model: &m\n  lr: 0.1\n  when: 2013-03-17\n  at: 12:30:45\nother:\n  <<: *m\n",
    "dvc.yaml": "stages:\n  train:\n    cmd: python train.py\n    deps: [train.py]\n    outs: [model.skops]\n",
    "Makefile": "A := $(B)\nB := x\n\ntrain: data ## fit\n\t@python train.py $(A)\n\ndata:\n\tdvc pull\n",
    "justfile": "train arg='x':\n    python train.py {{arg}}\n",
    "Dockerfile": "FROM python:3.12\nRUN pip install \\\n  mlflow\nCMD [\"python\", \"train.py\"]\n",
    "Jenkinsfile": "pipeline { triggers { cron('H 4 * * *') } stages { stage('t') { steps { sh 'pytest' } } } }\n",
    ".github/workflows/ci.yml": "on:\n  pull_request:\njobs:\n  t:\n    runs-on: x\n    steps:\n"
    "    - uses: actions/checkout@v4\n    - run: |\n        pip install -r requirements.txt\n        pytest -q\n",
    ".gitlab-ci.yml": "test:\n  rules:\n  - if: $CI_PIPELINE_SOURCE == 'merge_request_event'\n  script: [make test]\n",
    "k8s/rollout.yaml": "kind: Rollout\nspec: {strategy: {canary: {steps: [{setWeight: 10}, {pause: {}}]}}}\n",
    "rules.yml": "groups:\n- name: a\n  rules:\n  - alert: Drift\n    expr: psi > 0.2\n",
    "package.json": '{"scripts": {"test": "vitest run", "evals": "promptfoo eval"}}',
    "README.md": "# X\n\n```sh\npip install -r requirements.txt\npython train.py\n```\n",
    "requirements.txt": "mlflow==2.1\nscikit-learn>=1\n",
    "tox.ini": "[testenv]\ncommands = pytest\n",
    "Snakefile": "rule train:\n    shell: 'python train.py'\n",
    ".gitignore": "*.csv\n!a.csv\n/models/\n",
}  # fmt: skip
STUFFING = (
    b"\n" * 9000, b" " * 9000, b"\t", b"[" * 4000, b"{" * 4000, b"(" * 4000, b"a" * 20_000, b"a " * 9000, b"- " * 4000,
    b"\0", b"\xff\xfe", b"1" * 6000, b"&a [*a]", b"<<: *m\n", b"!!python/object:os.system {}\n", b"${{ x }}",
    b"$(A)$(B)" * 300, b"define X\n", b"endef\n", b"\\\n" * 900, b"'" * 999, b'"""', b"\x1b]0;x\x07", b"::error::\n",
    b"1:59:59:" * 900, b"\r", b"? " * 2000, b"9e99999", b"nan", b"{{ cycler.__init__.__globals__ }}", b"../../../",
    b"/etc/passwd", b"#", b"=" * 900,
)  # fmt: skip


def torn(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """A file with a few things done to it that no editor does, as often as not in the place of a whole word."""
    for _ in range(chance.randint(1, 4)):
        words = [match.span() for match in re.finditer(rb"\w+", content[:100_000])]
        if words and chance.random() < 0.5:
            at, end = chance.choice(words)
            content = content[:at] + chance.choice(STUFFING) + content[end:]
            continue
        at, end = sorted(chance.randint(0, len(content)) for _ in range(2))
        piece = chance.choice([b"", chance.randbytes(9), chance.choice(others), content[at : min(end, at + 9000)] * 40])
        content = content[:at] + piece + content[chance.choice((at, end)) :]
    return content[:400_000]


def name(chance: random.Random) -> str:
    """A name that the disk takes and nobody gives."""
    odd = bytes(byte for byte in chance.randbytes(chance.randint(1, 40)) if byte not in b"\0/")
    return os.fsdecode(
        (odd if odd.strip(b".") else b"x") + chance.choice((b".py", b".ipynb", b".yaml", b"", b"/x.py", b".toml"))
    )


def tree(folder: Path, chance: random.Random) -> list[tuple[object, ...]]:
    """A repository of torn files."""
    seeds = {path: text.encode() for path, text in SEEDS.items()}
    texts = list(seeds.values())
    chosen = chance.sample(sorted(seeds), chance.randint(2, 8))
    files = {path: torn(seeds[path], chance, texts) if chance.random() < 0.8 else seeds[path] for path in chosen}
    write(folder, files | {name(chance): chance.choice(texts) for _ in range(chance.randint(0, 3))})
    return [("assess", folder, "--format", chance.choice(("table", "json", "markdown", "html"))), ("plan", folder)]


def lock(folder: Path, chance: random.Random) -> list[tuple[object, ...]]:
    """A project whose `.ladder.toml` is torn, and committed."""
    project = folder / "trips"
    shutil.copytree(os.environ["FUZZ_PROJECT"], project, symlinks=True)
    path = project / ".ladder.toml"
    path.write_bytes(torn(path.read_bytes(), chance, [text.encode() for text in SEEDS.values()]))
    subprocess.run(["git", "commit", "--quiet", "--all", "-m", "torn"], cwd=project, capture_output=True, check=False)
    return [
        ("up", project, "--dry-run"), ("update", project), ("set", "ci=gitlab", project), ("up", project),
        ("assess", project),
    ]  # fmt: skip


def objects(folder: Path, chance: random.Random) -> list[tuple[object, ...]]:
    """A repository whose objects, index, refs and settings are torn."""
    project = folder / "trips"
    shutil.copytree(os.environ["FUZZ_PROJECT"], project, symlinks=True)
    found = [path for path in sorted((project / ".git").rglob("*")) if path.is_file() and "hooks" not in path.parts]
    for path in chance.sample(found, chance.randint(1, 6)):
        path.chmod(0o644)
        path.write_bytes(torn(path.read_bytes(), chance, [b"tree", b"blob 4\0abcd"]))
    return [
        ("assess", project),
        ("assess", project, "--rev", "HEAD"),
        ("up", project, "--dry-run"),
        ("update", project),
    ]


KINDS: dict[str, Callable[[Path, random.Random], list[tuple[object, ...]]]] = {
    "tree": tree, "lock": lock, "objects": objects,
}  # fmt: skip


def ended(words: tuple[object, ...]) -> str:
    """What is wrong with how a command ended; empty where nothing is."""
    try:
        with deadline(SECONDS):
            done = invoked(*words)
    except OutOfTime:
        return f"took more than {SECONDS:g} s"
    problem = done.exception
    code = getattr(problem, "code", BUG) if problem is not None else 0
    return f"{type(problem).__name__}: {problem} (exit {code})" if code not in (0, 1, 2) else ""


def main(kind: str, first: int, count: int) -> None:
    """Play some seeds."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for seed in range(first, first + count):
        with tempfile.TemporaryDirectory() as folder:
            for words in KINDS[kind](Path(folder), random.Random(seed)):
                wrong = ended(words)
                if wrong:
                    print(f"{kind} {seed}: {words[0]} {words[2:]}: {wrong}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
