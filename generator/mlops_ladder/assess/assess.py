"""The level of a repository, computed from evidence. Nothing of the repository is executed or imported."""

from __future__ import annotations

import time
from pathlib import Path

from mlops_ladder.assess.catalogue import Capability, catalogue
from mlops_ladder.assess.judge import Assessment, judge
from mlops_ladder.assess.vocabulary import TRACKS
from mlops_ladder.checks import run
from mlops_ladder.checks.base import Verdict
from mlops_ladder.deadline import OutOfTime, deadline
from mlops_ladder.errors import BUG, LadderError
from mlops_ladder.facts.repo import Facts
from mlops_ladder.facts.source.disk import DiskSource, Source, TreeSource
from mlops_ladder.facts.source.git import GitSource
from mlops_ladder.progress import Say, silent
from mlops_ladder.project.layers import LEVELS
from mlops_ladder.project.tree import Tree

WITHIN = 120.0
"""Seconds that an assessment may take; what has no verdict by then is not seen."""


def assess(
    path: Path,
    revision: str = "",
    track: str = "",
    *,
    keep_going: bool = False,
    within: float = WITHIN,
    say: Say = silent,
) -> Assessment:
    """Assess a folder, or a revision of the git repository there, within so many seconds.

    With `keep_going` a check that fails costs its own verdict only: its finding is "not judged". `say` hears of
    progress.

    Raises:
        LadderError: there is no such folder or revision, or its files cannot be listed in time; or, unless it is to
            keep going, a check failed (`BUG`).
    """
    begun = time.monotonic()
    say("listing files")
    source = opened(path, revision, within)
    try:
        left = begun + within - time.monotonic()
        return assess_source(source, track, keep_going=keep_going, within=left, say=say)
    finally:
        if isinstance(source, GitSource):
            source.close()


def opened(path: Path, revision: str = "", within: float = WITHIN) -> DiskSource | GitSource:
    """The files of a folder, or of a revision of the git repository there, listed within so many seconds.

    Raises:
        LadderError: there is no such folder or revision, or it takes longer.
    """
    try:
        with deadline(within):
            return GitSource(path, revision) if revision else DiskSource(path)
    except OutOfTime:
        raise LadderError(
            f"The files of {path} could not be listed within {within:g} seconds.",
            "Assess a smaller folder of it, or give it more time: --within SECONDS",
        ) from None


def assess_tree(tree: Tree, track: str = "") -> Assessment:
    """Assess a project in memory."""
    return assess_source(TreeSource(tree), track)


def assess_source(
    source: Source, track: str = "", *, keep_going: bool = False, within: float = WITHIN, say: Say = silent
) -> Assessment:
    """Assess a source; `track` limits it to one of the two."""
    facts = Facts(source)
    used, found = verdicts(facts, track, keep_going=keep_going, within=within, say=say)
    return judge(found, used, facts.files.unseen)


def level_of(path: Path) -> tuple[int, list[Capability]]:
    """The overall level alone, and the required capabilities that the next one lacks.

    The same level as `assess` computes, in a fraction of its time: checks that no level stands on are not run.

    Raises:
        LadderError: it takes longer than an assessment may; or a check failed, which is a bug of ours (`BUG`).
    """
    facts = Facts(opened(path))
    try:
        with deadline(WITHIN) as check_time:
            used = tracks_in_use(facts)
            for level in LEVELS:
                check_time()
                stands_on = [c for c in catalogue() if c.required and c.level == level]
                lacking = [c for c in stands_on if _verdict(c, facts, used, keep_going=False).status == "missing"]
                if lacking:
                    return level - 1, lacking
    except OutOfTime:
        raise LadderError(
            f"{path} could not be assessed within {WITHIN:g} seconds.",
            "Give it more time: ladder assess --within SECONDS",
        ) from None
    return LEVELS[-1], []


def verdicts(
    facts: Facts, track: str = "", *, keep_going: bool = False, within: float = WITHIN, say: Say = silent
) -> tuple[list[str], dict[Capability, Verdict]]:
    """The tracks in use and the verdict of every check, in the time there is.

    What there was no time for is not seen, and said in `facts.files.unseen`.
    """
    used = [track] if track else []
    found: dict[Capability, Verdict] = {}
    try:
        with deadline(within) as check_time:
            say("reading code")
            used = tracks_in_use(facts, track)
            for number, capability in enumerate(catalogue(), 1):
                check_time()
                say(f"looking for evidence: {number} of {len(catalogue())}")
                found[capability] = _verdict(capability, facts, used, keep_going=keep_going)
    except OutOfTime:
        before = facts.files.unseen.get(".", "")
        late = f"could not be judged whole within {round(within, 1):g} seconds"
        facts.files.unseen["."] = f"{before}, and {late}" if before else late
    open_still = Verdict("not seen", (), "there was no time to look for it")
    return used or list(TRACKS), {capability: found.get(capability, open_still) for capability in catalogue()}


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
