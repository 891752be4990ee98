"""A job as every CI host knows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.read.yaml import Script

EVERY_CHANGE = frozenset({"pull_request", "push"})
"""What starts a job of a host that runs on every push and every proposed change."""

STEPS = 2_000
"""Steps of a job that are looked at, those of actions and commands that it uses included."""

AUTOMATIC = frozenset({"schedule", "event", "push", "chain", "tag"})
"""Triggers that need nobody: the clock, a call from another system, a push, the end of another workflow."""


@dataclass(frozen=True)
class Step:
    """One step: a shell text or a ready-made action (`uses`), with the line it stands on.

    `lines` has the line of the file for each line of the shell text, where that is known.
    """

    run: str = ""
    uses: str = ""
    line: int = 1
    folder: str = ""
    lenient: bool = False  # its failure stops nothing
    condition: str = ""
    inputs: dict[str, Any] = field(default_factory=dict, hash=False)
    lines: tuple[int, ...] = ()

    def at(self, offset: int) -> int:
        """The line of the file on which a line (from 0) of the shell text stands."""
        return self.lines[offset] if offset < len(self.lines) else self.line


def shell_step(text: Script, **options: Any) -> Step:
    """A step that runs a shell text."""
    return Step(run=text.text, line=text.line or 1, lines=text.lines if text.line else (), **options)


@dataclass(frozen=True)
class Job:
    """One job of one CI host.

    `triggers` are what starts it: pull_request, push, tag, schedule, event (another system), chain (another
    workflow), call (a workflow that includes it), manual. `branches` limits pushes, `paths` what must have
    changed. `approval` says where a person must agree before it runs; `environment` where it deploys to.
    """

    host: str
    file: str
    name: str
    workflow: str
    triggers: frozenset[str]
    steps: tuple[Step, ...]
    line: int = 1
    branches: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    environment: str = ""
    approval: str = ""
    lenient: bool = False
    condition: str = ""
    checks_out: bool = True

    @property
    def text(self) -> str:
        """All shell text and actions of the job."""
        return "\n".join(part for step in self.steps for part in (step.run, step.uses) if part)

    @property
    def where(self) -> str:
        """Evidence."""
        return Place(self.file, self.line)

    def on_pull_request(self) -> bool:
        """Whether a proposed change starts it before it is merged."""
        return "pull_request" in self.triggers or ("push" in self.triggers and not self.branches)

    def unattended(self) -> bool:
        """Whether it starts by itself for reasons other than a proposed change."""
        if self.approval:
            return False
        if self.triggers & {"schedule", "event", "chain"}:
            return True
        return bool(self.triggers & {"push", "tag"}) and "pull_request" not in self.triggers
