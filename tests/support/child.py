"""A program that measures one thing after another, and is ended when one of them hangs."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any


def answers(program: Path, questions: list[Any], seconds: float) -> tuple[list[Any], bool]:
    """What a program answers to questions, a line of JSON each, and whether one took it longer than that."""
    found: list[Any] = []
    with tempfile.TemporaryFile("w+") as asked:
        asked.writelines(json.dumps(question) + "\n" for question in questions)
        asked.seek(0)
        with subprocess.Popen([sys.executable, str(program)], stdin=asked, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            watch = _watch(child, seconds)
            for line in child.stdout:
                watch.cancel()
                found.append(json.loads(line))
                watch = _watch(child, seconds)
            watch.cancel()
    return found, child.returncode != 0


def _watch(child: subprocess.Popen[str], seconds: float) -> threading.Timer:
    watch = threading.Timer(seconds, child.kill)
    watch.start()
    return watch
