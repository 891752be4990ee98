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
from mlops_ladder.facts.seen import Seen

Status = Literal["met", "missing", "not applicable", "not seen", "not judged"]
"""What became of a capability.

`not seen`: it was not found, but not all was looked at, so nothing is said against the repository. `not judged`: its
check failed, which is a bug of ours.
"""


@dataclass(frozen=True)
class Verdict:
    """What a check found: `evidence` are places (file:line), `note` says what was seen that does not count.

    `absence` tells that the capability is the lack of a flaw: it is met where no flaw was found, and missing where one
    was. The others are met where something was found.

    Raises:
        LadderError: a verdict that shows nothing for what it says, which is a bug of its check.
    """

    status: Status
    evidence: tuple[str, ...] = ()
    note: str = ""
    absence: bool = False

    def __post_init__(self) -> None:
        if self.status == "met" and not (any(self.evidence) or self.note):
            raise LadderError("A capability is said to be met, and nothing shows it.", code=BUG)
        if self.status != "met" and self.evidence:
            raise LadderError(f"Evidence is given for a capability that is {self.status}.", code=BUG)
        if self.status not in ("met", "missing") and not self.note:
            raise LadderError(f"Nothing says why a capability is {self.status}.", code=BUG)

    @property
    def in_part(self) -> Verdict:
        """The same, where not all was looked at: what was not found may be in the rest."""
        if self.status != ("met" if self.absence else "missing"):
            return self
        return Verdict("not seen", (), "; ".join(filter(None, ("not found in what was looked at", self.note))))


Check = Callable[..., Verdict]

CHECKS: dict[str, Check] = {}
"""Every check, by the id of its capability."""


def check(capability: str) -> Callable[[Check], Check]:
    """Register a function as the check of a capability.

    Raises:
        LadderError: two checks claim one capability, a check has no advice, or asks for an unknown fact.
    """

    def register(function: Check) -> Check:
        asked = inspect.signature(function).parameters
        unknown = [name for name in asked if not hasattr(Facts, name) and name != "files"]
        if capability in CHECKS:
            raise LadderError(f"Two checks are named {capability}.", "Each capability has one.", code=BUG)
        if not function.__doc__:
            raise LadderError(f"The check of {capability} has no docstring.", "It is the advice users get.", code=BUG)
        if unknown:
            hint = "Facts are the properties of Facts in facts/repo.py, and files."
            raise LadderError(f"The check of {capability} asks for the unknown fact '{unknown[0]}'.", hint, code=BUG)
        CHECKS[capability] = function
        return function

    return register


def run(capability: str, facts: Facts) -> Verdict:
    """Run one check on the facts it asks for.

    Raises:
        LadderError: the repository cannot be read; or the check, or a fact that it asks for, failed, which is a bug
            of ours (`BUG`) whatever the repository holds.
    """
    function = _check_of(capability)
    try:
        wanted: dict[str, Any] = {name: getattr(facts, name) for name in inspect.signature(function).parameters}
        return function(**wanted)
    except Exception as error:
        if isinstance(error, LadderError) and error.code != BUG:
            raise
        said = " ".join(str(error).split()) or "no message"
        raise LadderError(
            f"The check of {capability} failed: {type(error).__name__}: {said[:200]}",
            "This is a bug of ladder, whatever the repository holds. Please report it.",
            code=BUG,
        ) from error


def advice(capability: str) -> str:
    """The way to get there."""
    return " ".join((_check_of(capability).__doc__ or "").split())


def _check_of(capability: str) -> Check:
    if capability not in CHECKS:
        hint = f'Write one in the module of its area below checks/: @check("{capability}").'
        raise LadderError(f"There is no check of {capability}.", hint, code=BUG)
    return CHECKS[capability]


def met(*where: str, note: str = "") -> Verdict:
    """The capability is there, and this shows it."""
    return Verdict("met", tuple(dict.fromkeys(filter(None, where)))[:5], note)


def missing(note: str = "") -> Verdict:
    """It is not; `note` says what was found that does not count."""
    return Verdict("missing", (), note)


def flawless(*where: str, note: str) -> Verdict:
    """Nothing was found that should not be there; `note` says what was looked for."""
    return Verdict("met", tuple(filter(None, where)), note, absence=True)


def flawed(note: str) -> Verdict:
    """Something was found that should not be there."""
    return Verdict("missing", (), note, absence=True)


def not_applicable(note: str) -> Verdict:
    """The repository has nothing that this could be about."""
    return Verdict("not applicable", (), note)


def found(where: Iterable[str], note: str = "") -> Verdict:
    """Met when there is evidence, else missing with the note."""
    places = [place for place in where if place]
    return met(*places) if places else missing(note)


def judged(seen: Seen) -> Verdict:
    """Met where a fact shows it, else missing with what was seen instead."""
    return met(*seen.places, note=seen.note) if seen else missing(seen.note)
