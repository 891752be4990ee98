"""Run inside a project: streams of requests through its guards, with real models on its held-out rows.

Prints, as JSON, how many of the streams were stopped for each version, after how many requests and by which guard.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

PACKAGE, STREAMS = sys.argv[1], int(sys.argv[2])
config, data, guards, metrics, model, settings = (
    import_module(f"{PACKAGE}.{name}") for name in ("config", "data", "guards", "metrics", "model", "settings")
)
LIMITS = settings.load().guards
REQUESTS = 2_400  # of a canary
EVERY = 10  # requests between two looks of the driver


@dataclass
class Answer:
    score: float
    seconds: float


@dataclass
class Version:
    """Scores and losses of the held-out rows, as plain numbers, and how it behaves."""

    scores: list[float]
    losses: list[float]
    slower: float = 1.0
    failing: float = 0.0
    champion_failing: float = 0.0
    outage: bool = False
    since: int = 0  # the request with which a fault begins


def stream(control: Version, version: Version, seen: dict[str, float], seed: int) -> tuple[int, str]:
    """After how many requests a guard stops it, and which; 0 if none does."""
    draws = np.random.default_rng(seed)
    evidence = guards.Evidence(LIMITS, **seen)
    count = REQUESTS + version.since
    rows = draws.integers(0, len(control.scores), count).tolist()
    # Bursts of fifty requests in which the machine is four times as slow, for both.
    burst = np.repeat(np.where(draws.random(count // 50 + 1) < 0.1, 4.0, 1.0), 50)[:count]
    theirs, mine = (0.005 * burst * draws.lognormal(0, 0.3, (2, count))).tolist()
    dice = draws.random((2, count)).tolist()
    busy = (burst > 1).tolist()
    for n, row in enumerate(rows):
        faulty = n >= version.since
        down = 0.3 if version.outage and busy[n] else 0.0
        lost = dice[0][n] < version.champion_failing + down
        failed = dice[1][n] < (version.failing if faulty else 0.0) + down
        if lost or failed:
            if lost != failed:
                evidence.failure(failed)
        else:
            new, slower = (version, version.slower) if faulty else (control, 1.0)
            old = Answer(control.scores[row], theirs[n])
            evidence.pair(old, Answer(new.scores[row], mine[n] * slower))
            evidence.label(control.losses[row], new.losses[row])
        if n % EVERY == EVERY - 1 and (guard := guards.tripped(evidence.values, LIMITS.alpha)):
            return n + 1, guard
    return 0, ""


def versions() -> tuple[Version, dict[str, tuple[Version, dict[str, float]]]]:
    """The champion, and others with what the gate would have seen of them."""
    knobs = config.load()
    train, held = data.split(data.load(knobs), knobs)
    truth, column = held[knobs.data.target], f"p({knobs.data.positive})"

    def fitted(rows: Any) -> tuple[np.ndarray, np.ndarray]:
        said = model.predict(model.fit(rows, knobs), held, knobs)
        return said[column].to_numpy(float), metrics.losses(truth, said)

    def of(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        chance = np.where(truth == knobs.data.positive, scores, 1 - scores)
        return scores, -np.log(np.clip(chance, 1e-15, 1))

    def version(scores: np.ndarray, losses: np.ndarray, **more: Any) -> Version:
        return Version(scores.tolist(), losses.tolist(), **more)

    best = fitted(train)
    champion = version(*best)
    newer = fitted(train.tail(int(0.6 * len(train))))
    half = fitted(train.sample(frac=0.5, random_state=1))
    scores = newer[0]
    joined = held.copy()
    numbers = list(knobs.features.number)
    joined[numbers] = held[numbers].sample(frac=1, random_state=1).to_numpy()
    wrong = model.predict(model.fit(train, knobs), joined, knobs)
    logit = np.log(scores / (1 - scores))
    seen = guards.compare(best[0], scores, best[1])
    others = {
        "identical": version(*best),
        "retrained on the last 60 %": version(*newer),
        "retrained on half": version(*half),
        "both failing 1 %": version(*newer, failing=0.01, champion_failing=0.01),
        "outage of both": version(*newer, outage=True),
        "1.2x slower": version(*newer, slower=1.2),
        "constant": version(*of(np.full_like(scores, scores.mean()))),
        "swapped classes": version(*of(1 - scores)),
        "shifted +0.7 logit": version(*of(1 / (1 + np.exp(-logit - 0.7)))),
        "numbers of other rows": version(wrong[column].to_numpy(float), metrics.losses(truth, wrong)),
        "5 % failing": version(*newer, failing=0.05),
        "2x slower": version(*newer, slower=2.0),
        "3x slower": version(*newer, slower=3.0),
        "5 % failing after 2,400 good ones": version(*newer, failing=0.05, since=2_400),
        "swapped after 2,400 good ones": version(*of(1 - scores), since=2_400),
    }
    own = {
        "identical": guards.compare(best[0], best[0], best[1]),
        "retrained on half": guards.compare(best[0], half[0], best[1]),
    }
    return champion, {name: (other, own.get(name, seen)) for name, other in others.items()}


def main() -> None:
    champion, others = versions()
    found = {}
    for name, (version, seen) in others.items():
        ends = [stream(champion, version, seen, seed) for seed in range(STREAMS)]
        after = [count - version.since for count, guard in ends if guard]
        by = sorted({guard for _, guard in ends if guard})
        figures = [int(np.quantile(after, q)) for q in (0.5, 0.95, 1.0)] if after else []
        found[name] = {"stopped": len(after), "after": figures, "by": by}
        print(f"{name:36} {len(after):5} of {STREAMS}, after {figures} by {by}", file=sys.stderr, flush=True)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
