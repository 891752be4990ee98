"""How often the loop promotes in years without drift, and how soon it finds what is better.

    python bench/null_years.py --project FOLDER [--years 1000] [--models 12]

The project is a level-5 one with the shipped data. Half of the days of the year, drawn at random, train `--models`
models on 90 days each; the other half is predicted by all of them. Their losses are shifted by a constant so that every
model has the same mean, so no change is ever worth anything; all else is as it was: storms, weekends, the models'
disagreement. A year is 275 days of that half, and its newest model another one each week:

- days: each day is drawn by itself
- weeks: seven days in a row, as they were
- fortnights: fourteen days in a row, as they were: the weather lasts

Decisions are those of the project's own `policy.py` and `loop.toml`, looked at each day. With `--better`, the newest
models are better than the champion by so large a share of the loss: the share of years in which that is found, and
after how many days. Standard output has the table as JSON.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

SHARES = (0.0, 0.01, 0.02, 0.05)
INSIDE = '''
import json
import math
import sys
from datetime import date, timedelta
from statistics import median

import numpy as np
import pandas as pd

from {package} import config, data, eprocess, model, policy, replay
from {package}.policy import State

YEARS, MODELS, DAYS, SHARES = int(sys.argv[1]), int(sys.argv[2]), 275, json.loads(sys.argv[3])
knobs, rules = config.load(), policy.load()
draws = np.random.default_rng(7)
year = replay.all_rows(knobs)
rows = data.features(year, knobs)
rows[knobs.data.target] = data.target(year[knobs.data.target])
day = rows[knobs.data.time].dt.floor("D")
days = np.sort(day.unique())
train = draws.permutation(len(days))[: len(days) // 2]
judge = np.setdiff1d(np.arange(len(days)), train)
part = rows[day.isin(days[judge])]
truth = part[knobs.data.target]
of = pd.Series(np.searchsorted(days[judge], day.loc[part.index]), index=part.index)
said = []
for _ in range(MODELS):
    some = rows[day.isin(days[draws.permutation(train)[:90]])]
    said.append(model.predict(model.fit(some, knobs), part, knobs))
size = np.bincount(of)
means = np.zeros((MODELS, MODELS, len(judge)))  # of the difference of the losses, by day
units = np.zeros_like(means)
for a in range(MODELS):
    for b in range(MODELS):
        theirs, mine, _ = eprocess.by_probability(truth, said[a], said[b])
        names = [name for name in said[a] if name.startswith("p(")]
        logs = [np.log(np.clip(each[names].to_numpy(), eprocess.SMALLEST, None)) for each in (said[a], said[b])]
        apart = logs[1] - logs[0]
        means[a, b] = np.bincount(of, theirs - mine) / size
        units[a, b] = np.bincount(of, apart.max(axis=1) - apart.min(axis=1)) / size
        means[a, b] -= (theirs - mine).mean()
level = float(theirs.mean())


def year_of(run):
    """The days of a year, drawn in runs of so many."""
    starts = draws.integers(0, len(judge) - run + 1, math.ceil(DAYS / run))
    return np.concatenate([np.arange(start, start + run) for start in starts])[:DAYS]


def lived(run, share):
    """After how many days a year promotes; 0 if it does not."""
    champion, start = draws.integers(MODELS), date(2024, 1, 1)
    state, newest = State(champion="c", newest="n"), champion
    for number, place in enumerate(year_of(run)):
        if number % 7 == 0:
            newest = draws.choice(np.delete(np.arange(MODELS), champion))
        unit = rules.proof.kappa * units[champion, newest, place]
        outcome = (means[champion, newest, place] + share * level) / unit
        today = start + timedelta(days=number)
        state = policy.after(state, today, float(np.clip(outcome, -1, 1)))
        action = policy.decide(state, rules, today).action
        if action == "refuse":
            state = policy.refused(state)
        if action == "promote":
            return number + 1
    return 0


found = []
for share in SHARES:
    for name, run in (("days", 1), ("weeks", 7), ("fortnights", 14)):
        ends = [lived(run, share) for _ in range(YEARS)]
        hits = [end for end in ends if end]
        after = median(hits) if hits else None
        found.append({{"world": name, "better": share, "years": YEARS, "promoted": len(hits) / YEARS, "days": after}})
print(json.dumps(found))
'''


def table(project: Path, years: int, models: int, shares: list[float]) -> list[dict[str, Any]]:
    """The figures of each world, by the project's own code."""
    package = next(path.parent.name for path in project.glob("src/*/policy.py"))
    command = [str(project / ".venv/bin/python"), "-c", INSIDE.format(package=package)]
    command += [str(years), str(models), json.dumps(shares)]
    ran = subprocess.run(command, cwd=project, stdout=subprocess.PIPE, text=True, check=True, timeout=7200)
    found: list[dict[str, Any]] = json.loads(ran.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--years", type=int, default=1000)
    parser.add_argument("--models", type=int, default=12)
    parser.add_argument("--better", type=float, nargs="*", default=list(SHARES), help="shares of the loss")
    args = parser.parse_args()
    found = table(args.project.resolve(), args.years, args.models, args.better)
    for row in found:
        after = f", after {row['days']:.0f} days" if row["days"] else ""
        said = f"{row['world']:<12} better by {row['better']:.0%}: promoted in {row['promoted']:.1%} of years{after}"
        print(said, file=sys.stderr)
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
