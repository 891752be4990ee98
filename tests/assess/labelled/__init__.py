"""Small repositories with the levels that a careful person would give them.

Layouts and tools are unlike those of the projects that we generate. A label names every required capability of the
tracks in use that holds; all others of those tracks do not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import dedent

from mlops_ladder.project.tree import File, Tree


@dataclass(frozen=True)
class Case:
    """One repository and its label.

    `met` are the required capabilities that hold. `also` and `lacks` are labels of further capabilities.
    `why` says what is tricky about it.
    """

    name: str
    why: str
    level: int
    files: dict[str, str]
    met: frozenset[str]
    also: frozenset[str] = field(default_factory=frozenset)
    lacks: frozenset[str] = field(default_factory=frozenset)

    def tree(self) -> Tree:
        """The files in memory."""
        return {path: File(dedent(text).lstrip("\n").encode()) for path, text in self.files.items()}


def ids(text: str) -> frozenset[str]:
    """A set of capability ids, written as words."""
    return frozenset(text.split())


ONE = ids("training metrics seeded runbook model-saved predictions")
TWO = ONE | ids("data-versioned tracked-runs one-command ci-pull-request ci-tests")
THREE = TWO | ids("data-validated registered training-trigger champion-gate")
FOUR = THREE | ids("staging-deploy canary approval auto-rollback alerts")
FIVE = FOUR | ids("cluster-engine promotion-policy signal-retraining")
LLM_ONE = ids("runbook llm-model-named llm-eval-cases")
LLM_TWO = LLM_ONE | ids("ci-pull-request ci-tests llm-prompts-versioned llm-evals-in-ci llm-calls-traced")
LLM_THREE = LLM_TWO | ids("llm-prompt-registry llm-eval-gate llm-eval-trigger")
