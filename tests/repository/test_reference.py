"""The generated pages say what the catalogue and the checks say."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import reference

ROOT = Path(__file__).parents[2]


def test_generated_pages_are_not_stale() -> None:
    done = subprocess.run(
        [sys.executable, "tools/reference.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("page", "old"), [("docs/reference/capabilities.md", "## Level 3"), ("README.md", "| 3 ")])
def test_a_stale_page_is_found_and_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str, old: str
) -> None:
    for path in ("docs/reference/capabilities.md", "README.md"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    text = (tmp_path / page).read_text("utf-8")
    assert old in text
    (tmp_path / page).write_text(text.replace(old, "something else"), "utf-8")
    monkeypatch.setattr(reference, "ROOT", tmp_path)

    monkeypatch.setattr(sys, "argv", ["reference.py", "--check"])
    with pytest.raises(SystemExit, match=page):
        reference.main()
    monkeypatch.setattr(sys, "argv", ["reference.py"])
    reference.main()
    assert (tmp_path / page).read_text("utf-8") == text
