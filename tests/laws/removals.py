"""What to take away from a generated project for a capability to be gone.

Every required capability of a level that can be generated has one, and any other may have one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mlops_ladder.project.tree import File, Tree


@dataclass(frozen=True)
class Removal:
    """Edits of (path pattern, text pattern, replacement), in their order; without a text pattern the files are deleted.

    `takes` are the other required capabilities of its level and below that cannot but go with it; `why` says so. `adds`
    are files that stand in for what is taken away.
    """

    edits: tuple[tuple[str, str, str], ...]
    takes: frozenset[str] = frozenset()
    why: str = ""
    adds: tuple[tuple[str, str], ...] = ()

    def apply(self, tree: Tree) -> Tree:
        """The project without it."""
        found = dict(tree)
        for pattern, old, new in self.edits:
            for path in [path for path in found if re.search(pattern, path)]:
                if old:
                    file = found[path]
                    found[path] = File(re.sub(old, new, file.content.decode()).encode(), file.executable)
                else:
                    del found[path]
        assert found != tree, "nothing was taken away"
        found |= {path: File(text.encode()) for path, text in self.adds}
        return found


def gone(*patterns: str) -> tuple[tuple[str, str, str], ...]:
    """Files that are deleted."""
    return tuple((pattern, "", "") for pattern in patterns)


_SRC = r"src/.*\.py$"
_RELEASE = r"workflows/release\.yml$|\.gitlab/ci/release\.yml$"
# Training that only a person starts: what `make run` did is in a notebook.
_NOTEBOOK = r"""
{"cells": [{"cell_type": "code", "source": [
    "from late_flights import evaluate, predict, tracking, train\n",
    "for step in (train, evaluate, predict, tracking):\n    step.main()\n"
]}]}
"""

REMOVALS: dict[str, Removal] = {
    # Level 1
    "training": Removal(
        ((_SRC, r"\.fit\(", ".look_at("),),
        takes=frozenset({"runbook"}),
        why="what a document has to say is how to train; where nothing trains, there is nothing to say",
    ),
    "metrics": Removal(
        (
            (
                _SRC,
                r"(?i)\bscore\b|\b(\w*_)?(acc(uracy)?|roc|auc|precision|f1|rmse|mae|mse|r2|log_?loss|brier|metrics)(_\w+)?\b",
                "seen",
            ),
        )
    ),
    "model-saved": Removal(((_SRC, r"skops\.io\.dump|artifact\.save|log_model|register_model", "print"),)),
    "predictions": Removal(
        (
            (_SRC, r"\.predict(_proba)?\(|(?<!def )\bpredict\(", ".look_at("),
            (_SRC, r"(?<![\w.])(?<!def )serve\(", "look_at("),
        )
    ),
    "seeded": Removal(
        ((_SRC, r"random_state=[\w.]+,?|default_rng\([\w.]+\)|, seed=\w+", ""), (r"\.toml$", r"(?m)^seed = .*$", ""))
    ),
    "runbook": Removal(
        gone(
            "README.md",
            "AGENTS.md",
            "Makefile",
            r"dvc\.yaml$",
            r"workflows/(train|release)\.yml$",
            r"\.gitlab/ci/(train|release)\.yml$",
        )
    ),
    "unit-tests": Removal(gone(r"tests/test_.*\.py$")),
    "no-secrets": Removal(((r"config\.toml$", r"\Z", '\nkey = "AKIA' + 'ZQ3DJ7GH4KLM5NPQ"\n'),)),
    "ignore-rules": Removal(gone(r"^\.gitignore$")),
    # Level 2
    "data-versioned": Removal(gone(r"\.dvc$", r"dvc\.lock$", r"data/raw/.*\.(csv|parquet)$")),
    "tracked-runs": Removal(((r"src/.*/tracking\.py$", r"log_\w+\(|autolog\(", "str("),)),
    "one-command": Removal(
        (
            *gone(r"dvc\.yaml$"),
            ("Makefile", r"uv run python -m (?!pytest).*", "true"),
            (_SRC, r'if __name__ == "__main__":\n    .*', ""),
        ),
        adds=(("notebooks/run.ipynb", _NOTEBOOK),),
    ),
    "ci-pull-request": Removal(
        gone(r"workflows/ci\.yml$", r"\.gitlab/ci/check\.yml$"),
        takes=frozenset({"ci-tests"}),
        why="tests of a proposed change are run by a job that a proposed change starts",
    ),
    "ci-tests": Removal(((r"tests/test_.*\.py$", r"(?m)^def test_", "def look_at_"),)),
    # Level 3
    "data-validated": Removal(
        (
            (r"src/.*/validate\.py$", r"raise DataError", "print"),
            (r"src/.*/(follow|package|serve|signing)\.py$", r"raise \w+Error", "print"),
        )
    ),
    "registered": Removal(((r"src/.*/registry\.py$", r"mlflow\.register_model", "print"),)),
    "training-trigger": Removal(gone(r"workflows/(train|release)\.yml$", r"\.gitlab/ci/(train|release)\.yml$")),
    "champion-gate": Removal(
        (
            (r"src/.*/release\.py$", r"registry\.promote\(", "print("),
            *gone(r"src/.*/(abort|approve|deploy|staging|watch)\.py$", _RELEASE),
        )
    ),
    # Level 4
    "staging-deploy": Removal(((_RELEASE, r"(?i)stag(e|ing)", "first"),)),
    "canary": Removal(((_RELEASE, r"(?i)canary", "next"), (_SRC, r"(?i)canary|shadow", "beside"))),
    "approval": Removal(
        (
            (_RELEASE, r"when: manual", "when: on_success"),
            (_RELEASE, r"(?i)production", "last"),
            (_SRC, r"(?i)approv", "agree"),
        )
    ),
    "auto-rollback": Removal(((_RELEASE, r"rollout undo", "get pods"), (_SRC, r"rollback\.back|undo", "note"))),
    "alerts": Removal(((r"monitoring/prometheus\.yml$", r"rule_files", "other_files"),)),
}
