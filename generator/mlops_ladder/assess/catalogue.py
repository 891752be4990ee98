"""The capabilities that make up the levels, as they stand in each `capabilities.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from mlops_ladder.assess.vocabulary import AREAS, COSTS, ROLES, SOURCES, STAGES, TOOLS, TRACKS, Track
from mlops_ladder.errors import BUG, LadderError
from mlops_ladder.project.layers import LEVELS, templates_root

FILE = "capabilities.toml"


@dataclass(frozen=True)
class Capability:
    """One thing that a level consists of.

    `required` marks the few that the level's one-sentence test stands on. `effort_days` is our estimate of the
    person-days to get there, low and high; `needs` are the capabilities to have first.
    """

    id: str
    level: int
    area: str
    track: Track
    stage: str
    title: str
    sources: tuple[str, ...]
    tools: tuple[str, ...]
    roles: tuple[str, ...]
    effort_days: tuple[float, float]
    costs: tuple[str, ...]
    required: bool = False
    ml_test_score: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    def counts_for(self, track: str) -> bool:
        """Whether it belongs to a track."""
        return self.track in (track, "both")


_HOME = "assess/vocabulary.py"
_SOURCE = re.compile(rf"({'|'.join(SOURCES)})(\d|:\w+|\(\w+\))?")
_SCORE = re.compile(r"[DMIO][1-7]")

# key -> what its value is, and the words that it may be made of where they are given.
_TEXTS: dict[str, Iterable[str] | re.Pattern[str] | None] = {
    "id": re.compile(r"[a-z0-9]+(-[a-z0-9]+)*"), "area": AREAS, "track": (*TRACKS, "both"), "stage": STAGES,
    "title": None,
}  # fmt: skip
_LISTS: dict[str, Iterable[str] | re.Pattern[str] | None] = {
    "sources": _SOURCE, "tools": TOOLS, "roles": ROLES, "costs": COSTS, "ml_test_score": _SCORE, "needs": None,
}  # fmt: skip
_OPTIONAL = ("required", "ml_test_score", "needs")
_KEYS = (*_TEXTS, *_LISTS, "effort_days", "required")


@cache
def catalogue(root: Path | None = None) -> tuple[Capability, ...]:
    """Every capability, by level and then in the order of the files.

    Raises:
        LadderError: a capability is described wrongly (a bug of the catalogue): all that is wrong with it, each key
            with the way out.
    """
    found: list[Capability] = []
    for level in LEVELS:
        path = (root or templates_root()) / f"level{level}" / FILE
        for place, raw in enumerate(_read(path), 1):
            name = raw.get("id") or f"number {place}"
            if wrong := list(_wrong(raw)):
                raise _error(path, name, wrong)
            values: dict[str, Any] = {
                key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()
            }
            if any(values["id"] == other.id for other in found):
                raise _error(path, name, ["id: another capability has it already; choose an id of its own"])
            found.append(Capability(level=level, **values))
    levels = {capability.id: capability.level for capability in found}
    for capability in found:
        if wrong := list(_wrong_needs(capability, levels)):
            raise _error((root or templates_root()) / f"level{capability.level}" / FILE, capability.id, wrong)
    return tuple(found)


def of_level(level: int, root: Path | None = None) -> tuple[Capability, ...]:
    """The capabilities of one level."""
    return tuple(capability for capability in catalogue(root) if capability.level == level)


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LadderError(f"{path} cannot be read: {error}.", "It holds [[capability]] tables.", BUG) from error
    entries = table.pop("capability", [])
    if table or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise LadderError(f"{path} holds something else than [[capability]] tables.", "Nothing else is read.", BUG)
    return entries


def _error(path: Path, name: str, wrong: list[str]) -> LadderError:
    listed = "".join(f"\n  {line}" for line in wrong)
    return LadderError(f"{path}, capability {name}:{listed}", "Compare with the other capabilities of the file.", BUG)


def _wrong(raw: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the keys and values of a capability, as `key: what; the way out`."""
    for key in _KEYS:
        if key not in raw and key not in _OPTIONAL:
            yield f"{key}: is missing; write {_wanted(key)}"
    for key, value in raw.items():
        if key not in _KEYS:
            near = get_close_matches(key, _KEYS, 1) or [", ".join(_KEYS)]
            yield f"{key}: is no key of a capability; did you mean {near[0]}?"
        elif not _has_type(key, value):
            yield f"{key}: {value!r} is of the wrong type; write {_wanted(key)}"
        elif words := _TEXTS.get(key) or _LISTS.get(key):
            for word in value if isinstance(value, list) else [value]:
                if not (words.fullmatch(word) if isinstance(words, re.Pattern) else word in words):
                    yield f"{key}: {word!r} is not known; {_way_out(key, word, words)}"


def _wrong_needs(capability: Capability, levels: dict[str, int]) -> Iterator[str]:
    for need in capability.needs:
        if need not in levels:
            yield f"needs: {need!r} is not known; {_way_out('needs', need, levels)}"
        elif levels[need] > capability.level:
            yield f"needs: {need!r} belongs to level {levels[need]}; need nothing of a higher level"


def _has_type(key: str, value: Any) -> bool:
    if key == "required":
        return isinstance(value, bool)
    if key == "effort_days":
        numbers = value if isinstance(value, list) and all(type(item) in (int, float) for item in value) else []
        return len(numbers) == 2 and 0 < numbers[0] < numbers[1]
    if key in _TEXTS:
        return isinstance(value, str) and bool(value)
    filled = isinstance(value, list) and bool(value or key in _OPTIONAL)
    return filled and all(isinstance(item, str) and item for item in value)


def _wanted(key: str) -> str:
    if key == "required":
        return "true or false"
    if key == "effort_days":
        return "two numbers of person-days, the lower first: [0.5, 2]"
    words = _TEXTS.get(key) or _LISTS.get(key)
    kind = "a text in quotes" if key in _TEXTS else "a list of texts in quotes"
    return f"{kind}{'' if words is None else ': ' + _choice(words)}"


def _way_out(key: str, word: str, words: Iterable[str] | re.Pattern[str]) -> str:
    near = [] if isinstance(words, re.Pattern) else get_close_matches(word, list(words), 1)
    grows = f", or add it to {key.upper()} in {_HOME}" if key in ("tools", "roles") else ""
    if near:
        return f"did you mean {near[0]!r}?{grows}"
    return f"use {_choice(words)}{grows}"


def _choice(words: Iterable[str] | re.Pattern[str]) -> str:
    if words is _SOURCE:
        return f"a tag of {', '.join(SOURCES)}, with its place: G1, K:P3, T:D5"
    if words is _SCORE:
        return "a test of the ML Test Score: D1 to O7"
    if isinstance(words, re.Pattern):
        return "words of small letters, with hyphens between them"
    some = sorted(words, key=str.casefold)
    return f"one of {', '.join(some)}" if len(some) < 20 else f"a name that others use: {', '.join(some[::40])}, ..."
