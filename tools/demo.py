"""`make demo`, `make demo LEVEL=n`: a project in ./demo, from the sample data, run to the end of its level's job."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from mlops_ladder.errors import LadderError
from mlops_ladder.project.layers import available, check_available

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "demo"
MARK = DEMO / ".git" / "made-by-make-demo"


def main(asked: str = "") -> int:
    """Make and run the project of a level, the highest unless asked; the exit code of the first step that fails."""
    try:
        level = level_of(asked)
    except LadderError as error:
        print(f"{error} {error.hint}", file=sys.stderr)
        return error.code
    if DEMO.exists():
        if not _own():
            print(f"{DEMO} is not as the last demo left it. Move it away first.", file=sys.stderr)
            return 2
        shutil.rmtree(DEMO)
    environment = _environment()
    make = ["make", "--no-print-directory", "-C", "demo"]
    try:
        for step in (
            ["ladder", "new", "demo", "--yes", "--level", str(level)],
            [*make, "setup"],
            ["git", "-C", "demo", "add", "--all"],
            ["git", "-C", "demo", "commit", "--quiet", "--message", "The environment"],
            [*make, "run"],
            [*make, "approve", "WHY=The demo"],
        ):
            if step[0] == "make" and not _has(step[len(make)]):
                continue
            print(f"\n$ {shlex.join(step)}", flush=True)
            code = subprocess.run(step, cwd=ROOT, env=environment, check=False).returncode
            if code:
                return code
            MARK.write_text(_head(), "utf-8")
        if _has("serve"):
            print(_answer())
    finally:
        if DEMO.is_dir() and _has("stop"):
            subprocess.run([*make, "stop"], cwd=ROOT, env=environment, check=False)
    print(_closing(level))
    return 0


def level_of(asked: str) -> int:
    """The level that was asked for.

    Raises:
        LadderError: it is no number, or no project of it can be made.
    """
    if not asked:
        return max(available())
    if not asked.isdecimal():
        raise LadderError(f"LEVEL is '{asked}', which is no level.", "As in: make demo LEVEL=2")
    check_available(int(asked))
    return int(asked)


def _has(verb: str) -> bool:
    """Whether the project has a verb."""
    return re.search(rf"^{verb}:", (DEMO / "Makefile").read_text("utf-8"), re.MULTILINE) is not None


def _own() -> bool:
    """Whether the folder is a demo in which nothing was committed since."""
    return MARK.is_file() and MARK.read_text("utf-8") == _head()


def _head() -> str:
    command = ["git", "-C", str(DEMO), "rev-parse", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _environment() -> dict[str, str]:
    """The caller's, less our own virtual environment; with a name for commits where git knows none."""
    environment = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    known = subprocess.run(
        ["git", "-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"], capture_output=True, check=False
    )
    if known.returncode:
        for role in ("AUTHOR", "COMMITTER"):
            environment |= {f"GIT_{role}_NAME": "Demo", f"GIT_{role}_EMAIL": "demo@localhost"}
    return environment


def _answer() -> str:
    """What the service says of the first row that proves its version."""
    version = json.loads((DEMO / "reports/rollout.json").read_text("utf-8"))["version"]
    (row, *_) = json.loads((DEMO / ".serving" / version / "proving.json").read_text("utf-8"))
    where = json.loads((DEMO / ".serving/service.json").read_text("utf-8"))
    url = f"http://127.0.0.1:{where['port']}/predict"
    last = time.monotonic() + 30  # it looks for a new champion every second
    while True:
        try:
            with urllib.request.urlopen(url, json.dumps(row).encode(), timeout=10) as answer:
                return f"\nPOST {url} {json.dumps(row)}\n  {answer.read().decode()}\n"
        except urllib.error.HTTPError as error:
            if error.code != 503 or time.monotonic() > last:
                raise
            time.sleep(0.5)


def _closing(level: int) -> str:
    report = json.loads((DEMO / "reports" / "metrics.json").read_text("utf-8"))
    loss = report["loss"]
    gate = DEMO / "reports" / "gate.json"
    verdict = [f"  the gate's verdict: {json.loads(gate.read_text('utf-8'))['verdict']}"] if gate.is_file() else []
    reports = ("holdout.png", "metrics.json", "model_card.md", "rollout.json")
    made = ", ".join(f"reports/{name}" for name in reports if (DEMO / "reports" / name).is_file())
    verbs = {"test": "its own tests", "ui": "its tracked runs in the browser", "serve": "the service again"}
    uv = Path(shutil.which("uv") or "")
    # The verbs of the project call uv; where make has brought its own, a shell does not know it yet.
    path = [f'  export PATH="$PATH:{uv.parent}"'] if uv.is_relative_to(ROOT) else []
    return "\n".join(
        [
            "",
            f"A level-{level} project was made from the sample data and has done its whole job in {DEMO}",
            f"  {loss} on held-out flights: {report['model'][loss]:.4f}; baseline: {report['baseline'][loss]:.4f}",
            *verdict,
            f"  look at: {made}",
            "",
            "Next:",
            *path,
            "  cd demo",
            "  make        # lists the verbs",
            *(f"  make {verb:6} # {what}" for verb, what in verbs.items() if _has(verb)),
            "On your own data, from this folder:",
            f"  uv run ladder new ../churn --level {level} --data FILE.csv --target COLUMN",
        ]
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
