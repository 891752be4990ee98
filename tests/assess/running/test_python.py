"""A Python that set-up may install into."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from mlops_ladder.assess.running.python import with_own_python
from mlops_ladder.progress import silent
from support.trees import write

SHELL = "/bin/bash"
PATH = os.environ["PATH"]


@pytest.mark.slow
def test_pip_and_python_are_those_of_a_new_environment(tmp_path: Path) -> None:
    found = with_own_python({"PATH": PATH, "HOME": str(tmp_path)}, tmp_path, SHELL, silent)
    asked = "import pip, sys; print(sys.prefix, pip.__file__)"
    said = subprocess.run(["python", "-c", asked], env=found, capture_output=True, text=True, check=True, timeout=60)

    assert found["VIRTUAL_ENV"] == str(tmp_path / "python")
    assert found["PATH"] == f"{tmp_path}/python/bin:{PATH}"
    prefix, pip = said.stdout.split()
    assert prefix == str(tmp_path / "python")
    assert Path(pip).is_relative_to(prefix)
    assert set(found) == {"PATH", "HOME", "VIRTUAL_ENV"}


@pytest.mark.parametrize("program", ["exit 1", "sleep 60"])
def test_where_none_can_be_made_pip_leaves_the_users_alone(
    tmp_path: Path, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlops_ladder.assess.running.python._SECONDS", 0.5)
    write(tmp_path / "bin", {"python3": f"#!/bin/sh\n{program}\n"})
    (tmp_path / "bin/python3").chmod(0o755)
    told: list[str] = []
    before = {"PATH": f"{tmp_path}/bin:{PATH}"}

    assert with_own_python(before, tmp_path, SHELL, told.append) == before | {"PIP_REQUIRE_VIRTUALENV": "1"}
    assert told == [
        f"{tmp_path}/bin/python3 made no virtual environment, so pip installs only where the project makes one."
    ]


def test_without_python_there_is_nothing_to_protect(tmp_path: Path) -> None:
    before = {"PATH": str(tmp_path)}

    assert with_own_python(before, tmp_path, SHELL, silent) == before


def test_without_a_path_the_systems_own_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "bin", {"python3": "#!/bin/sh\n"})
    (tmp_path / "bin/python3").chmod(0o755)
    monkeypatch.setattr(os, "defpath", str(tmp_path / "bin"))

    assert with_own_python({}, tmp_path, SHELL, silent) == {
        "PATH": f"{tmp_path}/python/bin:{tmp_path}/bin",
        "VIRTUAL_ENV": f"{tmp_path}/python",
    }
