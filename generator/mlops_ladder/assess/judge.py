"""From verdicts to a level: the findings, the level of each track and area, and what is certain of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from mlops_ladder.assess.catalogue import Capability
from mlops_ladder.assess.vocabulary import AREAS
from mlops_ladder.checks import advice
from mlops_ladder.checks.base import Status, Verdict
from mlops_ladder.legible import line
from mlops_ladder.project.layers import LEVELS

NAMED = 100
"""Of the paths that were not looked at for one reason, as many are named in JSON."""


@dataclass(frozen=True)
class Finding:
    """What became of one capability."""

    capability: Capability
    status: Status
    evidence: tuple[str, ...]
    note: str
    advice: str

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON has it; `advice` is empty unless something is missing or not seen."""
        return {
            "id": self.capability.id,
            "area": self.capability.area,
            "track": self.capability.track,
            "level": self.capability.level,
            "required": self.capability.required,
            "title": self.capability.title,
            "status": self.status,
            "evidence": list(self.evidence),
            "note": self.note,
            "advice": self.advice,
        }


@dataclass(frozen=True)
class Assessment:
    """The outcome: an overall level, the level of each track in use and of each area, and all findings.

    The levels are what has been shown. Where checks of ours failed, or something was not seen, `at_most` is the level
    that the repository would have if all that these look for were there; where that is higher than `level`, the level
    is not certain. `unseen` is what was not looked at: path, or "." for the repository, -> the rest of a sentence.
    """

    level: int
    tracks: dict[str, int]
    areas: dict[str, int]
    findings: tuple[Finding, ...]
    at_most: int
    unseen: Mapping[str, str] = field(default_factory=dict)

    @property
    def certain(self) -> bool:
        """Whether nothing that is open could change the level."""
        return self.level == self.at_most

    @property
    def unseen_by_reason(self) -> dict[str, list[str]]:
        """Reason -> the paths that were not looked at for it."""
        found: dict[str, list[str]] = {}
        for path, why in self.unseen.items():
            found.setdefault(why, []).append(path)
        return found

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings of the checks that failed: bugs of ours."""
        return tuple(finding for finding in self.findings if finding.status == "not judged")

    @property
    def complete(self) -> bool:
        """Whether all was read and every check gave a verdict."""
        return not self.unseen and not self.errors

    def missing(self, level: int) -> list[Finding]:
        """The findings of one level that are missing, the required ones first."""
        hits = [f for f in self.findings if f.capability.level == level and f.status == "missing"]
        return sorted(hits, key=lambda finding: not finding.capability.required)

    def not_seen(self, level: int) -> list[Finding]:
        """The required findings of one level that were not seen."""
        hits = [f for f in self.findings if f.capability.level == level and f.status == "not seen"]
        return [finding for finding in hits if finding.capability.required]

    def counts(self, area: str, level: int) -> tuple[int, int]:
        """How many capabilities of an area and level are met, of how many that apply."""
        hits = [f for f in self.findings if (f.capability.area, f.capability.level) == (area, level)]
        applying = [f for f in hits if f.status != "not applicable"]
        return sum(f.status == "met" for f in applying), len(applying)

    def as_dict(self) -> dict[str, Any]:
        """The assessment as JSON has it."""
        return {
            "level": self.level,
            "tracks": self.tracks,
            "areas": self.areas,
            "at_most": self.at_most,
            "complete": self.complete,
            "truncated": bool(self.unseen),
            "unseen": [
                {"why": why, "count": len(paths), "paths": paths[:NAMED]}
                for why, paths in self.unseen_by_reason.items()
            ],
            "errors": [{"check": finding.capability.id, "error": finding.note} for finding in self.errors],
            "findings": [finding.as_dict() for finding in self.findings],
        }


def judge(
    verdicts: dict[Capability, Verdict], tracks: list[str], unseen: Mapping[str, str] = MappingProxyType({})
) -> Assessment:
    """The levels that follow from the verdicts; where something was not looked at, nothing is called missing."""
    final = {c: verdict.in_part if unseen else verdict for c, verdict in verdicts.items()}
    findings = tuple(
        Finding(
            c,
            v.status,
            tuple(map(line, v.evidence)),
            line(v.note),
            advice(c.id) if v.status in ("missing", "not seen") else "",
        )
        for c, v in final.items()
    )
    shown = {track: _track_level(findings, track, ("missing", "not seen", "not judged")) for track in tracks}
    highest = [_track_level(findings, track, ("missing",)) for track in tracks]
    areas = {area: level for area in AREAS if (level := _area_level(findings, area)) is not None}
    at_most = min(highest, default=0)
    said = {line(path): line(why) for path, why in unseen.items()}
    return Assessment(min(shown.values(), default=0), shown, areas, findings, at_most, said)


def _track_level(findings: tuple[Finding, ...], track: str, lacking: tuple[Status, ...]) -> int:
    """The highest level of which, and below which, no required capability has a status among `lacking`."""
    for level in LEVELS:
        required = [f for f in findings if f.capability.required and f.capability.level == level]
        if any(f.status in lacking and f.capability.counts_for(track) for f in required):
            return level - 1
    return LEVELS[-1]


def _area_level(findings: tuple[Finding, ...], area: str) -> int | None:
    """The highest level of an area: all that is required is there, and at least half of the rest.

    A level at which the area has nothing to show does not count; an area that does not apply has none. What could
    not be judged is not there.
    """
    own = [f for f in findings if f.capability.area == area and f.status != "not applicable"]
    if not own:
        return None
    reached = 0
    for level in LEVELS:
        here = [f for f in own if f.capability.level == level]
        met = sum(f.status == "met" for f in here)
        if any(f.status != "met" and f.capability.required for f in here) or met * 2 < len(here):
            break
        reached = level if here else reached
    return reached
