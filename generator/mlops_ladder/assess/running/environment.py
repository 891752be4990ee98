"""What a command of somebody else's repository gets to know of this machine: as little as it runs with."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from mlops_ladder.errors import LadderError

HANDED_ON = (
    *("PATH", "LD_LIBRARY_PATH", "SHELL", "USER", "LOGNAME", "TZ"),
    *("LANG", "LANGUAGE", "LC_ALL", "LC_COLLATE", "LC_CTYPE", "LC_MESSAGES", "LC_NUMERIC", "LC_TIME"),
    *("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE"),
    *("MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"),
)
"""The caller's variables that are passed on where they are set: none could carry a credential or name a server."""

SILENT = {
    "DO_NOT_TRACK": "1",
    "DVC_NO_ANALYTICS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "RAY_USAGE_STATS_ENABLED": "0",
    "WANDB_MODE": "offline",
}
"""Nothing is reported to anybody."""


def environment(home: Path, temporary: Path, handed_over: Sequence[str] = ()) -> dict[str, str]:
    """The environment of the commands: a home and a place for temporary files that are thrown away afterwards.

    Without a variable of MLflow's, its runs land in the folder of the commands. `handed_over` are more variables of
    the caller's, by name; they win.
    """
    places = {
        "HOME": home,
        "TMPDIR": temporary,
        "XDG_CACHE_HOME": home / ".cache",
        "XDG_CONFIG_HOME": home / ".config",
        "XDG_DATA_HOME": home / ".local/share",
        "XDG_STATE_HOME": home / ".local/state",
        "XDG_RUNTIME_DIR": temporary,
        "DVC_SITE_CACHE_DIR": home / ".cache/dvc",
        "PIP_CACHE_DIR": home / ".cache/pip",
        "UV_CACHE_DIR": home / ".cache/uv",
        "GIT_CEILING_DIRECTORIES": home.parent,
    }
    ours = {name: str(place) for name, place in places.items()} | SILENT
    return _set(HANDED_ON) | ours | _set(handed_over)


def check_names(names: Sequence[str]) -> None:
    """Refuse to hand over a variable that is not set.

    Raises:
        LadderError: there is none of that name.
    """
    for name in names:
        if name not in os.environ:
            raise LadderError(
                f"--env {name}: there is no such variable in the environment.",
                "Name one that is set, without its value: --env UV_INDEX_URL",
            )


def _set(names: Sequence[str]) -> dict[str, str]:
    return {name: os.environ[name] for name in names if name in os.environ}
