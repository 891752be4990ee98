"""The level of a repository, computed from evidence. Nothing of the repository is executed or imported."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlops_ladder.assess.catalogue import Capability, catalogue
from mlops_ladder.assess.vocabulary import AREAS, TRACKS
from mlops_ladder.checks import advice, run
from mlops_ladder.checks.base import Status, Verdict
from mlops_ladder.errors import BUG, LadderError
from mlops_ladder.facts.repo import Facts
from mlops_ladder.facts.source.disk import DiskSource, Source, TreeSource
from mlops_ladder.facts.source.git import GitSource
from mlops_ladder.project.layers import LEVELS
from mlops_ladder.project.tree import Tree


@dataclass(frozen=True)
class Finding:
    """What became of one capability."""

    capability: Capability
    status: Status
    evidence: tuple[str, ...]
    note: str
    advice: str

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON has it; `advice` is empty unless something is missing."""
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

    The levels are what has been shown. Where checks of ours failed, `at_most` is the level that the repository would
    have if all that they look for were there; where that is higher than `level`, the level is not certain.
    `truncated` tells that the repository was larger than the reading budget.
    """

    level: int
    tracks: dict[str, int]
    areas: dict[str, int]
    findings: tuple[Finding, ...]
    at_most: int
    truncated: bool = False

    @property
    def certain(self) -> bool:
        """Whether no failed check could change the level."""
        return self.level == self.at_most

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings of the checks that failed: bugs of ours."""
        return tuple(finding for finding in self.findings if finding.status == "not judged")

    @property
    def complete(self) -> bool:
        """Whether all was read and every check gave a verdict."""
        return not self.truncated and not self.errors

    def missing(self, level: int) -> list[Finding]:
        """The findings of one level that are missing, the required ones first."""
        hits = [f for f in self.findings if f.capability.level == level and f.status == "missing"]
        return sorted(hits, key=lambda finding: not finding.capability.required)

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
            "truncated": self.truncated,
            "errors": [{"check": finding.capability.id, "error": finding.note} for finding in self.errors],
            "findings": [finding.as_dict() for finding in self.findings],
        }


def assess(path: Path, revision: str = "", track: str = "", *, keep_going: bool = False) -> Assessment:
    """Assess a folder, or a revision of the git repository there.

    With `keep_going` a check that fails costs its own verdict only: its finding is "not judged".

    Raises:
        LadderError: there is no such folder or revision; or, unless it is to keep going, a check failed (`BUG`).
    """
    if not revision:
        return assess_source(DiskSource(path), track, keep_going=keep_going)
    source = GitSource(path, revision)
    try:
        return assess_source(source, track, keep_going=keep_going)
    finally:
        source.close()


def assess_tree(tree: Tree, track: str = "") -> Assessment:
    """Assess a project in memory."""
    return assess_source(TreeSource(tree), track)


def assess_source(source: Source, track: str = "", *, keep_going: bool = False) -> Assessment:
    """Assess a source; `track` limits it to one of the two."""
    facts = Facts(source)
    used = tracks_in_use(facts, track)
    found = verdicts(facts, used, keep_going=keep_going)
    return judge(found, used, truncated=facts.files.truncated)


def level_of(path: Path) -> tuple[int, list[Capability]]:
    """The overall level alone, and the required capabilities that the next one lacks.

    The same level as `assess` computes, in a fraction of its time: checks that no level stands on are not run.

    Raises:
        LadderError: a check failed, which is a bug of ours (`BUG`).
    """
    facts = Facts(DiskSource(path))
    used = tracks_in_use(facts)
    for level in LEVELS:
        stands_on = [c for c in catalogue() if c.required and c.level == level]
        lacking = [c for c in stands_on if _verdict(c, facts, used, keep_going=False).status == "missing"]
        if lacking:
            return level - 1, lacking
    return LEVELS[-1], []


def verdicts(facts: Facts, tracks: list[str], *, keep_going: bool = False) -> dict[Capability, Verdict]:
    """Run every check that belongs to the tracks."""
    return {capability: _verdict(capability, facts, tracks, keep_going=keep_going) for capability in catalogue()}


def judge(verdicts: dict[Capability, Verdict], tracks: list[str], *, truncated: bool = False) -> Assessment:
    """The levels that follow from the verdicts."""
    findings = tuple(
        Finding(c, v.status, v.evidence, v.note, advice(c.id) if v.status == "missing" else "")
        for c, v in verdicts.items()
    )
    levels = {track: _track_level(findings, track, ("missing", "not judged")) for track in tracks}
    highest = [_track_level(findings, track, ("missing",)) for track in tracks]
    areas = {area: level for area in AREAS if (level := _area_level(findings, area)) is not None}
    at_most = min(highest, default=0)
    return Assessment(min(levels.values(), default=0), levels, areas, findings, at_most, truncated)


def tracks_in_use(facts: Facts, only: str = "") -> list[str]:
    """MLOps where a model is trained, LLMOps where a language model is called; MLOps when neither is."""
    if only:
        return [only]
    used = {"mlops": facts.ml.trains, "llmops": facts.llm.used}
    return [track for track in TRACKS if used[track]] or ["mlops"]


def _verdict(capability: Capability, facts: Facts, tracks: list[str], *, keep_going: bool) -> Verdict:
    if not any(capability.counts_for(track) for track in tracks):
        name = "MLOps" if capability.track == "mlops" else "LLMOps"
        return Verdict("not applicable", (), f"the {name} track is not in use")
    try:
        return run(capability.id, facts)
    except LadderError as problem:
        if problem.code != BUG or not keep_going:
            raise
        return Verdict("not judged", (), problem.message)


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
