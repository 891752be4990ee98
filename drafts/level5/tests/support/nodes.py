"""A Ray cluster of this machine: a head without CPUs and workers of one CPU, each on a loopback address of its own."""

from __future__ import annotations

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

LIMIT = 120  # seconds for a node to be there


class Cluster:
    """The nodes by their addresses, and the environment in which a program finds them."""

    def __init__(self, project: Path, env: Mapping[str, str], folder: Path, net: str) -> None:
        self.project, self.folder, self.host = project, folder, f"{net}.2"
        self.port = free_port(self.host)
        self.address = f"{self.host}:{self.port}"
        token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(24)}
        # Not the address: what is started with it joins a cluster, and a head must not.
        self.node_env = {**env, **token, "RAY_USAGE_STATS_ENABLED": "0", "OMP_NUM_THREADS": "1"}
        self.env = {**self.node_env, "RAY_ADDRESS": self.address}
        self.nodes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, host: str, *options: str, **env: str) -> None:
        """Start a node; two at a time take each other's ports."""
        command = [str(self.project / ".venv/bin/ray"), "start", "--block", "--disable-usage-stats"]
        command += [f"--node-ip-address={host}", "--object-store-memory=100000000", *options]
        with (self.folder / f"{host}.log").open("wb") as log:
            self.nodes[host] = subprocess.Popen(
                command,
                cwd=self.project,
                env=self.node_env | env,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )
        self.wait(host)

    def head(self) -> None:
        """Start the head."""
        self.start(
            self.host,
            "--head",
            f"--port={self.port}",
            "--num-cpus=0",
            "--include-dashboard=false",
            f"--temp-dir={self.folder / 'r'}",
        )

    def worker(self, host: str, **env: str) -> None:
        """Start a worker."""
        self.start(host, f"--address={self.address}", "--num-cpus=1", **env)

    def wait(self, host: str) -> None:
        """Until a node says that it has joined."""
        log, last = self.folder / f"{host}.log", time.monotonic() + LIMIT
        while "Ray runtime started" not in log.read_text("utf-8", "replace"):
            assert self.nodes[host].poll() is None, f"{host} ended:\n{log.read_text('utf-8', 'replace')}"
            assert time.monotonic() < last, f"{host} has not joined in {LIMIT} s:\n{log.read_text('utf-8', 'replace')}"
            time.sleep(0.1)

    def kill(self, host: str) -> None:
        """Kill all processes of a node at once, as a power cut does."""
        node = self.nodes.pop(host)
        os.killpg(node.pid, signal.SIGKILL)
        node.wait(30)

    def stop(self) -> None:
        """Kill what is left."""
        for host in list(self.nodes):
            with suppress(ProcessLookupError):
                self.kill(host)


@contextmanager
def cluster(project: Path, env: Mapping[str, str], net: str = "127.0.0") -> Iterator[Cluster]:
    """A head and two workers while the block runs; of loopback addresses Ray takes all but 127.0.0.1 as they are."""
    # Sockets lie in this folder, and their paths must be short.
    with TemporaryDirectory(prefix="r", dir="/tmp", ignore_cleanup_errors=True) as folder:
        made = Cluster(project, env, Path(folder), net)
        try:
            made.head()
            made.worker(f"{net}.3")
            made.worker(f"{net}.4")
            yield made
        finally:
            made.stop()


def free_port(host: str) -> int:
    """A port that nobody listens on, outside those that Ray gives to its workers."""
    for port in range(21000, 29000, 7):
        with socket.socket() as probe, suppress(OSError):
            probe.bind((host, port))
            return port
    raise AssertionError("no port is free")


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
