"""Real servers for tests: started on a free port of 127.0.0.1, waited for, stopped by their own process."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(url: str) -> bool:
    """Whether an HTTP server answers there, with whatever status."""
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


@contextmanager
def running(
    *command: str | Path, url: str, log: Path, cwd: Path, env: Mapping[str, str], seconds: float = 90
) -> Iterator[subprocess.Popen[bytes]]:
    """A server while the block runs; `AssertionError` with its log if it ends or does not answer in time."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command], cwd=cwd, env=env, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            last = time.monotonic() + seconds
            while not answers(url):
                said = f"{command[0]} does not answer at {url}:\n"
                ended = process.poll() is not None or time.monotonic() > last
                assert not ended, said + log.read_text("utf-8", "replace")
                time.sleep(0.1)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
