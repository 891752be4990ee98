"""What CI has to stop, planted into a project."""

from __future__ import annotations

from pathlib import Path

# In two parts, so that no scanner takes this file for a leak.
KEY = "AKIA" + "QX7RT4PLM2ZD8WVK"

FAULTS = {
    # name: (file, content, the verb that has to stop, what it says)
    "secret": ("docs/access.md", f"Log in with {KEY}.\n", "check", "AWS Access Key"),
    "lint": ("src/{package}/planted.py", '"""Planted."""\n\nimport os\n', "check", "F401"),
    "format": ("src/{package}/planted.py", '"""Planted."""\n\nWIDTH = [1,2]\n', "check", "would be reformatted"),
    "type": (
        "src/{package}/planted.py",
        '"""Planted."""\n\n\ndef width() -> int:\n    """Width."""\n    return "wide"\n',
        "check",
        "return-value",
    ),
    "test": ("tests/test_a_planted.py", "def test_planted() -> None:\n    assert 1 + 1 == 3\n", "test", "test_planted"),
}


def plant(project: Path, fault: str, package: str) -> tuple[str, str]:
    """Plant a fault; returns the verb that has to stop and the text that it has to say."""
    file, content, verb, text = FAULTS[fault]
    (project / file.format(package=package)).write_text(content, "utf-8")
    return verb, text


RECORDING = """\
setup pull run rehearse:
\t@echo "verb $@: aws=$$AWS_ACCESS_KEY_ID,$$AWS_SECRET_ACCESS_KEY" \\
\t\t"mlflow=$$MLFLOW_TRACKING_URI,$$MLFLOW_TRACKING_PASSWORD"
\t@mkdir -p reports && touch reports/$@.json && [ ! -e broken-$@ ]
"""


def record_verbs(project: Path, *broken: str) -> None:
    """Replace the Makefile: each verb says which credentials it sees, and fails if it is one of `broken`.

    It shows what a workflow decides and whom it trusts with what, in a fraction of a second.
    """
    (project / "Makefile").write_text(RECORDING, "utf-8")
    for verb in broken:
        (project / f"broken-{verb}").touch()
