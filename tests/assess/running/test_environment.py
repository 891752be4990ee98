"""What a command gets to know of the machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlops_ladder.assess.running.environment import HANDED_ON, check_names, environment
from mlops_ladder.errors import LadderError

# Written out once more: who adds a name answers for it that no credential, address or account comes along.
ALLOWED = {
    "PATH", "LD_LIBRARY_PATH", "SHELL", "USER", "LOGNAME", "TZ",
    "LANG", "LANGUAGE", "LC_ALL", "LC_COLLATE", "LC_CTYPE", "LC_MESSAGES", "LC_NUMERIC", "LC_TIME",
    "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE",
    "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS",
}  # fmt: skip
PLACES = {
    "HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR",
    "DVC_SITE_CACHE_DIR", "PIP_CACHE_DIR", "UV_CACHE_DIR", "GIT_CEILING_DIRECTORIES",
}  # fmt: skip
SILENT = {
    "DO_NOT_TRACK", "DVC_NO_ANALYTICS", "HF_HUB_DISABLE_TELEMETRY", "MLFLOW_DISABLE_TELEMETRY",
    "RAY_USAGE_STATS_ENABLED", "WANDB_MODE",
}  # fmt: skip


def test_the_names_that_are_handed_on() -> None:
    assert set(HANDED_ON) == ALLOWED


def test_whatever_the_caller_has_the_names_are_these(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = (
        "AWS_SECRET_ACCESS_KEY",
        "HTTPS_PROXY",
        "UV_INDEX_URL",
        "MLFLOW_TRACKING_URI",
        "GIT_DIR",
        "SSH_AUTH_SOCK",
    )
    for name in (*ALLOWED, *PLACES, *SILENT, *secrets):
        monkeypatch.setenv(name, "the caller's")
    found = environment(tmp_path / "home", tmp_path / "tmp")

    assert set(found) == ALLOWED | PLACES | SILENT
    assert {name for name, value in found.items() if value == "the caller's"} == ALLOWED
    assert all(Path(found[name]).is_relative_to(tmp_path) for name in PLACES)


def test_what_is_not_set_is_not_made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ALLOWED:
        monkeypatch.delenv(name, raising=False)

    assert set(environment(tmp_path, tmp_path)) == PLACES | SILENT


def test_a_variable_that_was_asked_for_is_handed_over_and_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_INDEX_URL", "https://mirror.example")
    monkeypatch.setenv("UV_CACHE_DIR", "/cache")
    found = environment(tmp_path, tmp_path, ["UV_INDEX_URL", "UV_CACHE_DIR"])

    assert (found["UV_INDEX_URL"], found["UV_CACHE_DIR"]) == ("https://mirror.example", "/cache")


@pytest.mark.parametrize("name", ["NOT_SET_ANYWHERE", "", "PATH=x"])
def test_a_variable_that_is_not_there_is_named(name: str) -> None:
    assert name not in os.environ
    with pytest.raises(LadderError, match=f"--env {name}: there is no such variable") as caught:
        check_names(["PATH", name])
    assert "--env UV_INDEX_URL" in caught.value.hint
