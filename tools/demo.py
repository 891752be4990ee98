"""`make demo`: a project in ./demo, generated from the sample data and run to the end of its job."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
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
    for step in (
        ["ladder", "new", "demo", "--yes", "--level", str(LEVEL)],
        ["make", "--no-print-directory", "-C", "demo", "setup"],
        ["make", "--no-print-directory", "-C", "demo", "run"],
    ):
        print(f"\n$ {' '.join(step)}", flush=True)
        code = subprocess.run(step, cwd=ROOT, env=environment, check=False).returncode
        if code:
            return code
        if not MARK.exists():
            MARK.write_text(_head(), "utf-8")
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
            f"A level-{LEVEL} project was made from the sample data, trained and scored in {DEMO}",
            f"  {loss} on held-out flights: {report['model'][loss]:.4f}; baseline: {report['baseline'][loss]:.4f}",
            f"  the gate's verdict: {gate['verdict']}",
            "  look at: reports/holdout.png, reports/metrics.json, reports/model_card.md, reports/predictions.csv",
            "",
            "Next:",
            *path,
            "  cd demo",
            "  make        # lists the verbs",
            "  make test   # its own tests",
            "  make ui     # its tracked runs in the browser",
            "On your own data, from this folder:",
            "  uv run ladder new ../churn --level 3 --data FILE.csv --target COLUMN",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
