"""Two repositories for each check of the area `pipeline`."""

from __future__ import annotations

from checks.examples import ROWS, TEST, Example

EXAMPLES = {
    "runbook": Example(
        met=ROWS
        | {
            "README.md": "Run `python train.py`.\n",
        },
        missing=ROWS
        | {
            "README.md": "Run `python src/fit.py`.\n",
        },
    ),
    "one-command": Example(
        met=ROWS
        | {
            "Makefile": "run:\n\tpython train.py\n",
        },
        missing={
            "fit.ipynb": r"""
                {"cells": [
                    {"cell_type": "code", "source": "from sklearn.svm import SVC\nSVC(random_state=1).fit([[0]], [0])"}
                ]}
                """,
        },
    ),
    "declared-stages": Example(
        met=ROWS
        | {
            "dvc.yaml": """
                stages:
                  a: {cmd: python a.py}
                  b: {cmd: python train.py, deps: [a]}
                """,
        },
        missing=ROWS
        | {
            "dvc.yaml": "stages: {}\n",
        },
    ),
    "pipeline-test": Example(
        met=ROWS
        | {
            "test_train.py": TEST,
        },
        missing=ROWS
        | {
            "test_train.py": """
                import train


                def test_a():
                    assert train.pd
                """,
        },
    ),
    "container-image": Example(
        met=ROWS
        | {
            "Dockerfile": """
                FROM python:3.12
                COPY . .
                """,
        },
        missing=ROWS
        | {
            "Dockerfile": "# later\n",
        },
    ),
    "environments-by-config": Example(
        met=ROWS
        | {
            "overlays/staging/kustomization.yaml": "a: 1\n",
            "overlays/production/kustomization.yaml": "a: 1\n",
        },
        missing=ROWS
        | {
            "overlays/staging/kustomization.yaml": "a: 1\n",
        },
    ),
    "cluster-engine": Example(
        met=ROWS
        | {
            "tune.py": """
                import ray
                ray.init()
                """,
        },
        missing=ROWS
        | {
            "requirements.txt": "ray==2\n",
        },
    ),
}
