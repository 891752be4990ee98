"""What a check is: a small function that asks for facts by name and finds a capability met, missing or not applicable.

The function's docstring is the advice that a missing capability is reported with.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from mlops_ladder.errors import BUG, LadderError
from mlops_ladder.facts.repo import Facts

Status = Literal["met", "missing", "not applicable"]


@dataclass(frozen=True)
class Verdict:
    """What a check found: `evidence` are places (file:line), `note` says what was seen that does not count."""

    status: Status
    evidence: tuple[str, ...] = ()
    note: str = ""


Check = Callable[..., Verdict]

CHECKS: dict[str, Check] = {}
"""Every check, by the id of its capability."""


def check(capability: str) -> Callable[[Check], Check]:
    """Register a function as the check of a capability.

    Raises:
        LadderError: two checks claim one capability, a check has no advice, or asks for an unknown fact.
    """

    def register(function: Check) -> Check:
        unknown = [
            name for name in inspect.signature(function).parameters if not hasattr(Facts, name) and name != "files"
        ]
        if capability in CHECKS or not function.__doc__ or unknown:
            raise LadderError(f"The check of {capability} is defined wrongly {unknown}.", code=BUG)
        CHECKS[capability] = function
        return function

    return register


def run(capability: str, facts: Facts) -> Verdict:
    """Run one check on the facts it asks for."""
    function = CHECKS[capability]
    wanted: dict[str, Any] = {name: getattr(facts, name) for name in inspect.signature(function).parameters}
    return function(**wanted)


def advice(capability: str) -> str:
    """The way to get there."""
    return " ".join((CHECKS[capability].__doc__ or "").split())


def met(*where: str, note: str = "") -> Verdict:
    """The capability is there, and this shows it."""
    return Verdict("met", tuple(dict.fromkeys(where))[:5], note)


def missing(note: str = "") -> Verdict:
    """It is not; `note` says what was found that does not count."""
    return Verdict("missing", (), note)


def not_applicable(note: str) -> Verdict:
    """The repository has nothing that this could be about."""
    return Verdict("not applicable", (), note)


def found(where: Iterable[str], note: str = "") -> Verdict:
    """Met when there is evidence, else missing with the note."""
    places = [place for place in where if place]
    return met(*places) if places else missing(note)
