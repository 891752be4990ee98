"""Add the present templates to the history, under the version that is about to be released.

Run it as the last change before a release: python tools/freeze.py
"""

from __future__ import annotations

from history_samples import samples
from mlops_ladder import __version__
from mlops_ladder.project import history
from mlops_ladder.project.layers import templates_root


def main() -> None:
    """Freeze, and say what the history holds and weighs."""
    root = templates_root()
    history.freeze(__version__, samples(root), root)
    size = (history.SHIPPED / history.STORE).stat().st_size
    print(f"{history.STORE}: {', '.join(history.versions())}; {size:,} bytes")


if __name__ == "__main__":
    main()
