"""CPU per request of a generated project's service and of `mlflow models serve`, with the same model, in one run.

    python bench/serving.py [--seconds 6] [--keep FOLDER]

A level-4 project is made, trained and its version packaged; then each server in turn answers `wrk` (Debian package)
with one row a request, 400 different ones over and over, at one connection and at 32. The figure is CPU (user + system,
from /proc) of the server's whole process tree, by requests answered with 200. The service logs and counts every
request; its latency budget is raised to ten seconds, so that it turns none away where others use the machine too. "Any
model" is the same service after a change of `model.predict`, so that it answers by that function itself. The ratio is
mlflow's figure by the row's.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROWS = 400
START = 180  # seconds until a server must answer
CONNECTIONS = (1, 32)
PACKAGE = """
from bench import config, package, registry
package.build(registry.find("candidate"), config.load())
package.fetch(registry.find("candidate"))
registry.promote(registry.find("candidate"), "the bench", "to serve it", "")
"""
SCRIPT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local bodies, place = {}, 0
for line in io.lines("BODIES") do bodies[#bodies + 1] = line end
request = function()
  place = place % #bodies + 1
  return wrk.format(nil, nil, nil, bodies[place])
end
"""


def run(project: Path, *command: str) -> None:
    """Run a command in the project's environment."""
    subprocess.run(command, cwd=project, env=environment(project), check=True, timeout=900, stdout=subprocess.DEVNULL)


def environment(project: Path) -> dict[str, str]:
    """That of the project: a server may look for its own programs on the path."""
    own = {"OMP_NUM_THREADS": "1", "PATH": f"{project / '.venv/bin'}:{os.environ['PATH']}"}
    return {key: text for key, text in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"} | own


def make(project: Path) -> None:
    """A project with a champion and its package."""
    ladder = Path(sys.executable).with_name("ladder")
    subprocess.run([ladder, "new", project, "--level", "4", "--yes"], check=True, capture_output=True, timeout=60)
    run(project, "make", "setup")
    for step in ("validate", "train", "fingerprint", "evaluate", "tracking"):
        run(project, "python", "-m", f"bench.{step}")
    run(project, "python", "-c", "from bench import release; release.judged()")
    run(project, "python", "-c", PACKAGE)


def tree(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from tree(int(child))


def cpu(pid: int) -> float:
    """CPU seconds of a process tree so far, with children that have ended."""
    ticks = 0
    for one in tree(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def server(project: Path, port: int, command: list[str], ready: str) -> Iterator[int]:
    """A running server that answers at a path with 200."""
    with (project / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=project, env=environment(project), stdout=log, stderr=log, start_new_session=True
        )
    try:
        end = time.monotonic() + START
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{ready}", timeout=5):
                    break
            except (OSError, urllib.error.URLError):
                if time.monotonic() > end or process.poll() is not None:
                    sys.exit((project / "server.log").read_text()[-3000:])
                time.sleep(0.2)
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def per_request(pid: int, url: str, script: Path, connections: int, seconds: int) -> tuple[float, float]:
    """CPU milliseconds a request, and requests a second."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(script), url]
    subprocess.run([*command[:3], "-d2s", *command[4:]], check=True, capture_output=True, timeout=120)
    before, start = cpu(pid), time.monotonic()
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
    spent, took = cpu(pid) - before, time.monotonic() - start
    if "Non-2xx" in said or "Socket errors" in said:
        sys.exit(said)
    answered = int(re.findall(r"(\d+) requests in", said)[0])
    return 1000 * spent / answered, answered / took


def bodies(project: Path, folder: Path) -> dict[str, Path]:
    """The requests for either server, as wrk reads them."""
    rows = json.loads((project / ".serving/1/proving.json").read_text("utf-8"))[:ROWS]
    columns = list(rows[0])
    split = [{"dataframe_split": {"columns": columns, "data": [[row[name] for name in columns]]}} for row in rows]
    scripts = {}
    for name, requests in {"service": rows, "mlflow": split}.items():
        lines = folder / f"{name}.jsonl"
        lines.write_text("".join(json.dumps(request) + "\n" for request in requests), "utf-8")
        scripts[name] = folder / f"{name}.lua"
        scripts[name].write_text(SCRIPT.replace("BODIES", str(lines)), "utf-8")
    return scripts


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--keep", type=Path, help="where the project is left, or taken from if it is there")
    args = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is missing: apt-get install wrk")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        project = (args.keep or folder).resolve() / "bench"
        if not project.exists():
            make(project)
        knobs = project / "service.toml"
        knobs.write_text(re.sub("^budget = .*", "budget = 10.0", knobs.read_text("utf-8"), flags=re.M), "utf-8")
        scripts, found = bodies(project, folder), {}
        predict = project / "src/bench/model.py"
        for name in ("mlflow models serve", "service", "service, any model"):
            port, own = free_port(), predict.read_text("utf-8")
            command, ready, path = (
                ["python", "-m", "bench.serve", "--foreground", "--port", str(port)],
                "/ready",
                "/predict",
            )
            if name.startswith("mlflow"):
                command = [
                    "mlflow",
                    "models",
                    "serve",
                    "-m",
                    "models:/bench/1",
                    "--env-manager",
                    "local",
                    "-p",
                    str(port),
                ]
                command, ready, path = [*command, "-h", "127.0.0.1"], "/ping", "/invocations"
                os.environ["MLFLOW_TRACKING_URI"] = f"sqlite:///{project / 'mlflow.db'}"
            else:
                os.environ.pop("MLFLOW_TRACKING_URI", None)
            if name.endswith("any model"):
                predict.write_text(
                    own.replace("    result = pd.DataFrame(", "    result = pd.DataFrame(data="), "utf-8"
                )
            try:
                with server(project, port, command, ready) as pid:
                    for connections in CONNECTIONS:
                        url = f"http://127.0.0.1:{port}{path}"
                        script = scripts[name.split()[0].strip(",")]
                        found[name, connections] = per_request(pid, url, script, connections, args.seconds)
                    if path == "/predict":
                        with urllib.request.urlopen(f"http://127.0.0.1:{port}/version", timeout=5) as answer:
                            print(f"{name}: {json.load(answer)['way']}")
            finally:
                predict.write_text(own, "utf-8")
    print(f"{'':24}" + "".join(f"c={c}: ms CPU    ratio      a second " for c in CONNECTIONS))
    for name in dict.fromkeys(name for name, _ in found):
        cells = []
        for connections in CONNECTIONS:
            spent, rate = found[name, connections]
            ratio = found["mlflow models serve", connections][0] / spent
            cells.append(f"{spent:12.3f} {ratio:8.1f} {rate:13.0f}")
        print(f"{name:24}" + "".join(cells))


if __name__ == "__main__":
    main()
