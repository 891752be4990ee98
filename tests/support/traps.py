"""Small repositories on which a reader may hang or run out of memory; nothing in them is rare in kind.

Run as a program, it assesses those whose names are asked for, and answers with the CPU seconds, or with the error.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

from mlops_ladder.assess.assess import assess_tree
from mlops_ladder.project.tree import File

TRAIN = {"train.py": "from sklearn.svm import SVC\nSVC(random_state=1).fit([[0]], [0])\n"}
HELP = "This Makefile installs the project, trains the model and then prints metrics\n"
RECIPE = "    echo this recipe installs everything that the project needs before the first training\n"


def workflow(script: str) -> dict[str, str]:
    """A workflow that runs a script."""
    head = "on: [push, pull_request]\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: |\n"
    return {".github/workflows/ci.yml": head + "".join(f"          {line}\n" for line in script.split("\n"))}


def _layers(name: str, width: int = 40, deep: int = 12) -> str:
    return "".join(
        f"  {name}{layer}x{at}:\n    runs-on: x\n    steps: [{{run: promote}}]\n"
        f"    needs: [{', '.join(f'{name}{layer - 1}x{i}' for i in range(width))}]\n"
        for layer in range(deep - 1, 0, -1)
        for at in range(width)
    )


# One repository a name; made when it is asked for.
TRAPS: dict[str, Callable[[], dict[str, str]]] = {
    "a help text in a Makefile": lambda: {"Makefile": f"define HELP\n{HELP}endef\n" + HELP * 7_000},
    "words in a Makefile": lambda: {"Makefile": "a" + " aa" * 40 + "\n" + ("a" + " aa" * 40 + "\n") * 4_000},
    "a sentence in a justfile": lambda: {"justfile": "a:\n" + RECIPE * 6_000},
    "words in a justfile": lambda: {"justfile": ("a" + " aa" * 40 + "\n") * 4_000},
    "variables of a Makefile": lambda: {
        "Makefile": f"A={'$(B)' * 3_000}\nB={'$(C)' * 3_000}\nC={'$(D)' * 3_000}\nD=x\nrun: $(A)\n\techo $(A)\n"
    },
    "one variable on many lines": lambda: {"Makefile": f"A={'x' * 9_000}\nrun:\n" + "\techo $(A)\n" * 20_000},
    "a chain of targets": lambda: {"Makefile": "".join(f"t{i}: t{i + 1}\n\tmake t{i + 1}\n" for i in range(9_000))},
    "targets that call targets": lambda: {
        "Makefile": "".join(f"t{i}:\n" + f"\tmake t{i + 1}\n" * 50 for i in range(12)), **workflow("make t0"),
    },
    "empty lines in rules": lambda: {"rules.yml": "groups:\n" + "\n" * 300_000},
    "empty lines in a here-document": lambda: workflow("cat <<EOF\n" + "\n" * 30_000 + "ls"),
    "here-documents without an end": lambda: workflow("\n".join(f"cat <<E{i}" for i in range(20_000))),
    "empty lines in parameters": lambda: {"params.yaml": "\n" * 300_000},
    "empty lines in a workflow": lambda: {".github/workflows/ci.yml": "on: push\njobs:\n" + "\n" * 300_000},
    "empty lines in a Jenkinsfile": lambda: {"Jenkinsfile": "cron" + "\n" * 900 + "sh" + "\n" * 300_000},
    "quotes in a Jenkinsfile": lambda: {"Jenkinsfile": "sh '''\n/* when {\n" * 20_000},
    "empty lines in a Dockerfile": lambda: {"Dockerfile": "\n" * 300_000},
    "a word in setup.py": lambda: {"setup.py": "x" * 500_000},
    "a word in R": lambda: {"train.R": "x" * 500_000},
    "calls in R": lambda: {"train.R": "fit(\n" * 60_000},
    "a picture in Python": lambda: TRAIN | {"picture.py": f'PNG = "{"QUJD" * 100_000}"\n'},
    "blanks in a schema": lambda: {"schema.toml": "pii" + " " * 500_000},
    "quotes in a README": lambda: {"README.md": "`" * 300_000 + "\n" + "`a" * 100_000},
    "many keys of a pyproject.toml": lambda: {
        "pyproject.toml": "[tool.poe.tasks]\n" + "".join(f"a{i}='poe a{i + 1}'\n" for i in range(20_000))
    },
    "a long key of TOML": lambda: {"pyproject.toml": "a" + ".a" * 200_000 + "=1\n"},
    "a long number of TOML": lambda: {"pyproject.toml": "a=" + "1" * 5_000},
    "a long number of YAML": lambda: {"dvc.yaml": "a: 1" + ":59" * 190_000},
    "a long number of Python": lambda: TRAIN | {"x.py": f"import sklearn\nmodel.dump(0x{'f' * 20_000})\n"},
    "a deep list in YAML": lambda: {"dvc.yaml": f"stages:\n  a:\n    cmd: {'[' * 600}x{']' * 600}\n"},
    "shells in shells": lambda: workflow("bash -c \"bash -c 'bash -c x'\"\n" * 6_000),
    "a chain of functions": lambda: {
        "g.py": "import typer\nfrom sklearn.svm import SVC\n"
        + "".join(f"@typer.command\ndef f{i}():\n    f{i + 1}()\n" for i in range(6_000))
        + "def f6000():\n    SVC().fit(1, 2)\n"
    },
    "templates of GitLab": lambda: {
        ".gitlab-ci.yml": "".join(
            f"a{i}:\n  extends: [{', '.join([f'a{i + 1}'] * 8)}]\n  script: [pytest]\n" for i in range(12)
        )
    },
    "layers of jobs": lambda: TRAIN | {
        "gate.py": "if champion > challenger:\n    raise SystemExit(1)\n",
        ".github/workflows/ci.yml": "on: push\njobs:\n  gate:\n    runs-on: x\n    steps: [{run: python gate.py}]\n"
        + _layers("a"),
    },
    "installations of one large file": lambda: {
        "r.txt": "a>=1\n" * 90_000,
        "pyproject.toml": "[project]\nname='a'\n" + "".join(f"[a{i}]\nb=1\n" for i in range(30_000)),
        **workflow("\n".join(f"pip install -r r.txt . -t x{i}" for i in range(2_000)) + "\npytest"),
    },
    "many files of npm": lambda: {
        f"p{number}/package.json": '{"scripts": {' + ", ".join(f'"a{i}": "b"' for i in range(300))
        + '}, "x": [' + "1," * 150_000 + "1]}" for number in range(30)
    },
    "an attribute of git": lambda: TRAIN | {
        ".gitattributes": "*a*a*a*a*a*a*a*a.csv filter=lfs\n" * 100, f"{'a' * 900}b.csv": "",
    },
    "branches in branches": lambda: TRAIN | {
        "gate.py": "import sklearn\nif champion > 1:\n    exit(1)\n"
        + "".join(f"elif champion > {i}:\n    exit(1)\n" for i in range(600)),
        "noxfile.py": f"import nox\n@nox.session(name={'a + ' * 600}a)\ndef t(session):\n    session.run('pytest')\n",
    },
    "long numbers in a list of packages": lambda: {
        "pyproject.toml": f"[tool.poetry.dependencies]\na=0x{'f' * 20_000}\n"
    },
    "tags that lie": lambda: {"params.yaml": "a: !!int ''\n", "dvc.yaml": "a: !!bool x\n"},
    "aliases in many documents": lambda: {
        "k.yaml": ("---\nkind: x\napiVersion: v1\na: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
                   + "".join(f"{n}: &{n} [{', '.join(['*' + o] * 9)}]\n" for o, n in ("ab", "bc", "cd"))) * 3_000,
    },
    "lines of a tox.ini": lambda: {"tox.ini": "[testenv]\n" + "x\n" * 100_000},
    "methods of one name": lambda: {
        "m.py": "import sklearn\n" + "".join(f"class A{i}:\n def run(self): x.run()\n" for i in range(9_000)),
    },
    "pipelines of kedro": lambda: {
        "p.py": "import sklearn\n" + "".join(f"def a{i}_create_pipeline(): ...\n" for i in range(9_000)),
        **workflow("\n".join(f"kedro run --env e{i}" for i in range(10_000))),
    },
    "rules and mounts": lambda: {
        "compose.yml": "services: {a: {image: x}}\n#" + "rules " * 80_000,
        "prometheus.yml": "rule_files: ['/etc/p/*.yml']\n", "rules/a.yml": "groups:\n- rules:\n  - alert: x\n",
    },
}  # fmt: skip


def main() -> None:
    """Assess what stdin names."""
    for line in sys.stdin:
        tree = {path: File(text.encode()) for path, text in TRAPS[json.loads(line)]().items()}
        start = time.process_time()
        try:
            assess_tree(tree)
            print(json.dumps(time.process_time() - start), flush=True)
        except Exception as error:
            print(json.dumps(f"{type(error).__name__}: {error}"), flush=True)


if __name__ == "__main__":
    main()
