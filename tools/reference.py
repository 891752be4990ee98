"""Write the reference pages and README tables that are generated from the catalogue; `--check` only compares."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from mlops_ladder.assess.catalogue import catalogue
from mlops_ladder.assess.reports.reference import capabilities_page, levels_table
from mlops_ladder.checks import advice

ROOT = Path(__file__).parents[1]
MARKED = re.compile(r"(<!-- levels -->\n).*?(\n<!-- /levels -->)", re.DOTALL)


def pages() -> dict[Path, str]:
    """Every generated file with what belongs in it."""
    found = {ROOT / "docs/reference/capabilities.md": capabilities_page({c.id: advice(c.id) for c in catalogue()})}
    readme = (ROOT / "README.md").read_text("utf-8")
    if MARKED.search(readme):
        found[ROOT / "README.md"] = MARKED.sub(lambda m: m[1] + levels_table() + m[2], readme)
    return found


def stale() -> list[Path]:
    """The generated files that say something else."""
    return [path for path, text in pages().items() if not path.is_file() or path.read_text("utf-8") != text]


def main() -> None:
    """Write, or with `--check` end with 1 when something is stale."""
    late = stale()
    if "--check" in sys.argv:
        sys.exit(f"Stale: {', '.join(map(str, late))}. Run: python tools/reference.py" if late else 0)
    for path in late:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(pages()[path], "utf-8")
        print(f"Written: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
