"""Two repositories for each check of the area `retraining`."""

from __future__ import annotations

from checks.examples import ROWS, Example, drift, gate, nightly, scheduled

EXAMPLES = {
    "training-trigger": Example(
        met=ROWS
        | {
            ".github/workflows/t.yml": nightly("python train.py"),
        },
        missing=ROWS
        | {
            ".github/workflows/t.yml": """
                on: workflow_dispatch
                jobs:
                  t:
                    steps:
                    - run: python train.py
                """,
        },
    ),
    "training-on-demand": Example(
        met=ROWS
        | {
            ".github/workflows/t.yml": """
                on: workflow_dispatch
                jobs:
                  t:
                    steps:
                    - run: python train.py
                """,
        },
        missing=ROWS,
    ),
    "champion-gate": Example(
        met=ROWS
        | {
            "gate.py": gate("if not better:\n        sys.exit(1)"),
        },
        missing=ROWS
        | {
            "gate.py": gate("print('better:', better)"),
        },
    ),
    "signal-retraining": Example(
        met=ROWS | scheduled(drift("retrain()")),
        missing=ROWS | scheduled(drift("print('drift')")),
    ),
    "retraining-limits": Example(
        met=ROWS
        | {
            "loop.toml": "cooldown_days = 7\n",
        },
        missing=ROWS
        | {
            "loop.toml": "days = 7\n",
        },
    ),
}
