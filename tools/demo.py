"""`make demo`: a project in ./demo, generated from the sample data and run to the end of its job."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from mlops_ladder.project.layers import available

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "demo"
MARK = DEMO / ".git" / "made-by-make-demo"
LEVEL = max(available())


def main() -> int:
    """Make and run the project; the exit code of the first step that fails."""
    if DEMO.exists():
        if not _own():
            print(f"{DEMO} is not as the last demo left it. Move it away first.", file=sys.stderr)
            return 2
        shutil.rmtree(DEMO)
    environment = _environment()
    make = ["make", "--no-print-directory", "-C", "demo"]
    try:
        for step in (
            ["ladder", "new", "demo", "--yes", "--level", str(LEVEL)],
            [*make, "setup"],
            ["git", "-C", "demo", "add", "--all"],
            ["git", "-C", "demo", "commit", "--quiet", "--message", "The environment"],
            [*make, "run"],
            [*make, "approve", "WHY=The demo"],
        ):
            print(f"\n$ {shlex.join(step)}", flush=True)
            code = subprocess.run(step, cwd=ROOT, env=environment, check=False).returncode
            if code:
                return code
            MARK.write_text(_head(), "utf-8")
        print(_answer())
    finally:
        if DEMO.is_dir():
            subprocess.run([*make, "stop"], cwd=ROOT, env=environment, check=False)
    print(_closing())
    return 0


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


def _closing() -> str:
    report = json.loads((DEMO / "reports" / "metrics.json").read_text("utf-8"))
    loss = report["loss"]
    gate = json.loads((DEMO / "reports" / "gate.json").read_text("utf-8"))
    uv = Path(shutil.which("uv") or "")
    # The verbs of the project call uv; where make has brought its own, a shell does not know it yet.
    path = [f'  export PATH="$PATH:{uv.parent}"'] if uv.is_relative_to(ROOT) else []
    return "\n".join(
        [
            "",
            f"A level-{LEVEL} project was made from the sample data, trained, rolled out and asked in {DEMO}",
            f"  {loss} on held-out flights: {report['model'][loss]:.4f}; baseline: {report['baseline'][loss]:.4f}",
            f"  the gate's verdict: {gate['verdict']}",
            "  look at: reports/holdout.png, reports/metrics.json, reports/model_card.md, reports/rollout.json",
            "",
            "Next:",
            *path,
            "  cd demo",
            "  make        # lists the verbs",
            "  make test   # its own tests",
            "  make ui     # its tracked runs in the browser",
            "  make serve  # the service again",
            "On your own data, from this folder:",
            "  uv run ladder new ../churn --level 3 --data FILE.csv --target COLUMN",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
