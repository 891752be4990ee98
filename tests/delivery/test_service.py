"""The service as a process: fuzzed, swapped under load, killed, stopped, overloaded, and asked oddly."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from support import golden
from support.cases import TOP
from support.command import must
from support.env import shell
from support.projects import Project, new
from support.servers import answers, free_port, running

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("delivery/service")]

VERBS = """
set -e
make setup
for verb in train fingerprint evaluate tracking release; do uv run --no-sync python -m flights.$verb; done
sed -i 's/max_iter = 400/max_iter = 100/' config.toml
for verb in train fingerprint evaluate tracking; do uv run --no-sync python -m flights.$verb; done
"""
PACKAGES = """
import json
from flights import config, package, registry, tracking
first = registry.find("candidate")
knobs = config.load()
second = registry.register(json.loads(tracking.RUN.read_text("utf-8")), knobs)
registry.promote(first, "a test", "somebody has to", "")
for version in (first, second):
    package.build(version, knobs)
print(json.dumps(package.fetch(first).proving[:300]))
"""
MOVE = """
from flights import registry, tracking
tracking.connect()
registry.move("champion", registry.get("{}"))
print("0")
"""
UNSIGNED = """
import mlflow
from flights import registry, tracking
tracking.connect()
second = registry.get("2")
third = mlflow.MlflowClient().create_model_version(tracking.NAME, second.source, second.run_id)
registry.move("champion", third)
print("0")
"""
LOAD = """
import asyncio, json
from flights.load import Sender
rows = json.load(open("rows.json"))
print(json.dumps(asyncio.run(Sender("{address}", rows).send({rate}, {seconds}))))
"""
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


class Served:
    """A project with two versions, and its service while it runs."""

    def __init__(self, project: Project, rows: list[dict[str, Any]]) -> None:
        self.project, self.rows, self.port = project, rows, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        (project.path / "rows.json").write_text(json.dumps(rows), "utf-8")

    @contextmanager
    def service(self) -> Iterator[int]:
        """The process id of a service that is ready; it is ended with the block, unless it has gone."""
        python = str(self.project.path / ".venv/bin/python")
        serve = (python, "-m", "flights.serve", "--foreground", "--port", str(self.port))
        log, env = self.project.path / "service.log", self.project.env
        with running(*serve, url=f"{self.address}/ready", log=log, cwd=self.project.path, env=env):
            until(lambda: self.ask("GET", "/ready")[0] == 200)
            yield json.loads((self.project.path / ".serving/service.json").read_text("utf-8"))["pid"]

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """The status of a request, and what it says."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
            connection.request(method, path, content, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def version(self) -> str:
        return str(self.ask("GET", "/version")[1]["version"])

    def serves(self, version: str) -> bool:
        return self.version() == version

    def load(self, rate: float, seconds: float) -> list[tuple[int, float]]:
        """Status and seconds of requests at a rate."""
        code = LOAD.format(address=self.address, rate=rate, seconds=seconds)
        shots: list[tuple[int, float]] = self.project.python(code)
        return shots

    def answered(self) -> float:
        """How many predictions it has made, by its own count."""
        with urllib.request.urlopen(f"{self.address}/metrics", timeout=60) as answer:
            lines = answer.read().decode().splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith("predictions_total{"))

    def logged(self) -> list[dict[str, Any]]:
        """The lines of the log, the oldest first; one that a kill has cut off is none, as for `make watch`."""
        files = sorted((self.project.path / ".serving").glob("predictions.jsonl*"), reverse=True)
        found = []
        for line in (line for file in files for line in file.read_text("utf-8").splitlines()):
            with suppress(json.JSONDecodeError):
                found.append(json.loads(line))
        return found


def until(what: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.2)


def memory(process: int) -> float:
    """Resident memory in MB."""
    text = Path(f"/proc/{process}/status").read_text("utf-8")
    return int(text.split("VmRSS:")[1].split()[0]) / 1024


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("service")
    env = shell(folder / "home")
    made = new(folder / "flights", env, "--level", str(TOP), "--yes")
    golden.lend(TOP, made.path / ".venv")
    settings = made.path / "service.toml"
    text = (
        settings.read_text("utf-8").replace("size = 50_000_000", "size = 2_000_000").replace("poll = 1.0", "poll = 0.3")
    )
    settings.write_text(text, "utf-8")
    made.run("sh", "-c", VERBS)
    yield Served(made, made.python(PACKAGES))
    shutil.rmtree(made.path / ".venv", ignore_errors=True)


def test_nothing_that_its_description_allows_breaks_it(served: Served, tmp_path: Path) -> None:
    env = shell(tmp_path / "home")
    must("uv", "venv", "--quiet", "--python", sys.executable, tmp_path / "venv", cwd=tmp_path, env=env)
    python = tmp_path / "venv/bin/python"
    must(
        "uv",
        "pip",
        "install",
        "--quiet",
        "--python",
        python,
        "schemathesis==4.32.5",
        cwd=tmp_path,
        env=env,
        seconds=300,
    )
    tool = tmp_path / "venv/bin/schemathesis"
    with served.service():
        address = f"{served.address}/openapi.json"
        must(tool, "run", address, "--checks", CHECKS, "--max-examples", "60", cwd=tmp_path, env=env, seconds=400)
        assert served.ask("POST", "/predict", served.rows[0])[0] == 200


def test_versions_are_swapped_under_load_and_no_request_fails(served: Served) -> None:
    with served.service():
        found: list[tuple[int, float]] = []
        sending = threading.Thread(target=lambda: found.extend(served.load(60, 30)))
        sending.start()
        for number in ("2", "1", "2"):
            served.project.python(MOVE.format(number))
            until(partial(served.serves, number))
        served.project.python(UNSIGNED)
        until(lambda: "3" in served.ask("GET", "/version")[1]["refused"])
        assert served.version() == "2"
        served.project.python(MOVE.format("1"))
        until(partial(served.serves, "1"))
        sending.join()
    assert len(found) > 1_000
    others = [shot for shot in found if shot[0] != 200]
    assert not others, others[:5]


def test_what_was_answered_is_in_the_log_of_a_service_that_was_killed(served: Served) -> None:
    answered: list[str] = []

    def client(name: str) -> None:
        body = json.dumps(served.rows[0])
        with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)) as connection:
            for number in count():
                try:
                    connection.request("POST", "/predict", body, {"X-Request-ID": f"{name}-{number}"})
                    with connection.getresponse() as answer:
                        answer.read()
                except (OSError, http.client.HTTPException):
                    return
                if answer.status == 200:
                    answered.append(f"{name}-{number}")

    with served.service() as process:
        clients = [threading.Thread(target=client, args=(f"client{n}",)) for n in range(4)]
        for thread in clients:
            thread.start()
        time.sleep(3)
        os.kill(process, signal.SIGKILL)
        for thread in clients:
            thread.join()
    print(f"{len(answered)} answered before it was killed")
    assert len(answered) > 200
    assert set(answered) <= {line["request"] for line in served.logged()}


def test_it_stops_when_the_last_request_is_answered(served: Served) -> None:
    body = json.dumps(served.rows[0]).encode()
    head = f"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with served.service() as process, socket.create_connection(("127.0.0.1", served.port), timeout=30) as client:
        client.sendall(head + body[:-1])
        time.sleep(0.5)
        os.kill(process, signal.SIGTERM)
        time.sleep(0.5)
        client.sendall(body[-1:])
        assert client.recv(1_000).startswith(b"HTTP/1.1 200")
        until(lambda: not answers(f"{served.address}/health"))


def test_slow_and_cancelled_requests_and_those_in_other_encodings(served: Served) -> None:
    body = json.dumps(served.rows[0]).encode()
    head = f"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with served.service():
        with socket.create_connection(("127.0.0.1", served.port), timeout=30) as slow:
            slow.sendall(head + body[:10])
            with socket.create_connection(("127.0.0.1", served.port), timeout=30) as gone:
                gone.sendall(head + body)
            with socket.create_connection(("127.0.0.1", served.port), timeout=30) as half:
                half.sendall(head + body[:20])
            assert served.ask("POST", "/predict", served.rows[0])[0] == 200
            assert slow.recv(1_000).startswith(b"HTTP/1.1 408")
        assert served.ask("POST", "/predict", json.dumps(served.rows[0]).encode("utf-16"))[0] == 422
        assert served.ask("POST", "/predict/batch", {"rows": served.rows[:1] * 10_000})[0] == 413
        assert served.ask("POST", "/predict/batch", {"rows": [{}] * 10_000})[0] == 422
        assert served.ask("GET", "/ready")[0] == 200


def test_at_twice_the_rate_that_it_holds_it_still_answers_in_time(served: Served) -> None:
    with served.service():
        served.project.run("uv", "run", "--no-sync", "python", "-m", "flights.load")
    report = served.project.record("load.json")
    budget, twice = report["budget"], report["twice"]
    print(json.dumps(report["trials"]))
    assert report["held"] > 0
    assert twice["goodput"] >= report["held"] / 2
    assert twice["p99"] - twice["late"] <= 3 * budget  # a client that is late by itself shares these cores
    assert twice["failed"] == 0


@pytest.mark.skipif(not shutil.which("wrk"), reason="apt-get install wrk")
def test_memory_and_log_stay_within_bounds_over_200_000_requests(served: Served, tmp_path: Path) -> None:
    script = tmp_path / "post.lua"
    rows = ",".join(f"[==[{json.dumps(row)}]==]" for row in served.rows)
    turn = "n = n % #rows + 1 return wrk.format('POST', '/predict', {}, rows[n])"
    script.write_text(f"local rows, n = {{{rows}}}, 0 request = function() {turn} end", "utf-8")
    with served.service() as process:
        command = ["wrk", "-t1", "-c4", "-s", str(script), f"{served.address}/predict"]

        def send(total: int) -> None:
            start = served.answered()
            while served.answered() - start < total:
                subprocess.run([*command, "-d10s"], check=True, capture_output=True, timeout=60)

        send(30_000)
        before = memory(process)
        send(170_000)
        grown = memory(process) - before
        print(f"{before:.0f} MB after 30,000 requests, {grown:+.1f} MB after 200,000")
        assert grown < 15
    files = list((served.project.path / ".serving").glob("predictions.jsonl*"))
    assert len(files) == 5
    assert sum(file.stat().st_size for file in files) < 5 * 2_100_000
