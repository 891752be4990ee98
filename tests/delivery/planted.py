"""Run inside a project: versions that can be told, while they serve, to do something wrong.

`python planted.py PACKAGE plant NAME...` registers them, `... drive VERSION CHAMPION` rolls one out with the held-out
rows as traffic, `... approve` approves it with traffic. What is wrong with them is the word in the file `fault`.
"""

from __future__ import annotations

import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

PACKAGE, VERB, *ARGUMENTS = sys.argv[1:]
# The project's own model.py with this below serves everybody as before, but for those with the step "planted".
OWN = '''

FAULT = Path("fault")
_plain = predict


def predict(model: Pipeline, frame: pd.DataFrame, config: Config) -> pd.DataFrame:  # type: ignore[no-redef]
    """What the model says, unless it is one that can be told to say something else."""
    result = _plain(model, frame, config)
    planted = os.environ.get("LIVE") and "planted" in getattr(model, "named_steps", {})
    fault = FAULT.read_text("utf-8") if planted and FAULT.is_file() else ""
    chances = result.columns.drop("prediction")
    if fault == "slow":
        time.sleep(0.05)
    elif fault == "failing" and (frame.index.to_numpy() + int(time.time() * 1e4)).sum() % 3 == 0:
        raise ValueError("planted")
    elif fault == "swapped":
        result[chances] = result[chances[::-1]].to_numpy()
    elif fault == "constant":
        result[chances] = [0.8, 0.2]
    elif fault == "shifted":
        low = result[chances[0]].to_numpy() * 0.7
        result[chances] = np.column_stack([low, 1 - low])
    result["prediction"] = model.classes_[result[chances].to_numpy().argmax(axis=1)]
    return result
'''


def use(name: str) -> Any:
    return import_module(f"{PACKAGE}.{name}")


def plant(names: list[str]) -> None:
    """Register versions of the trained model that differ from it by a step of a name, which does nothing."""
    artifact, config, fingerprint, registry, tracking = map(
        use, ("artifact", "config", "fingerprint", "registry", "tracking")
    )
    knobs, origin = config.load(), fingerprint.origin()
    before = artifact.MODEL.read_bytes()
    tracking.connect()
    for n, name in enumerate(names):
        artifact.MODEL.write_bytes(before)
        model = artifact.load()
        model.steps.insert(1, (name, "passthrough"))
        artifact.save(model)
        run = tracking.log(knobs, origin | {"made_of": f"planted {n}"})
        print(registry.register(run, knobs).version)
    artifact.MODEL.write_bytes(before)


def drive(version: str, champion: str) -> None:
    """Roll a version out up to the approval, as `make deploy` does once the gate has judged."""
    deploy, rollout, settings, traffic, tracking = map(use, ("deploy", "rollout", "settings", "traffic", "tracking"))
    tracking.connect()
    standing = rollout.read()
    same = standing and standing.running and standing.version == version
    deploy.drive(standing if same else rollout.new(version, champion), settings.load(), traffic.replay)


def approve() -> None:
    """Approve what waits, with traffic."""
    approve, deploy, rollout, settings, traffic = map(use, ("approve", "deploy", "rollout", "settings", "traffic"))
    record = approve.approved(rollout.read(), "Ada", "as planned")
    deploy.drive(record, settings.load(), traffic.replay)


def main() -> None:
    start = time.time()
    if VERB == "edit":
        path = Path("src", PACKAGE, "model.py")
        top = '"""The model'
        text = path.read_text("utf-8").replace(
            "\nimport numpy", "\nimport os\nimport time\nfrom pathlib import Path\n\nimport numpy", 1
        )
        assert text.startswith(top)
        path.write_text(text + OWN, "utf-8")
        return
    verb = {"plant": lambda: plant(ARGUMENTS), "drive": lambda: drive(*ARGUMENTS), "approve": approve}[VERB]
    try:
        use("errors").run(verb)
    finally:
        print(f"{VERB} took {time.time() - start:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
