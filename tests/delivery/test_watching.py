"""The watch for real: Prometheus and Alertmanager of Debian, a service that runs, and the page in a browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import golden
from support.cases import TOP
from support.command import must
from support.env import shell
from support.projects import Project, new
from support.servers import free_port, running

BINARIES = ("prometheus", "promtool", "prometheus-alertmanager", "amtool")
MISSING = [name for name in BINARIES if not shutil.which(name)]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("delivery/watching"),
    pytest.mark.skipif(bool(MISSING), reason="apt-get install prometheus prometheus-alertmanager"),
]
CHROMIUM = shutil.which("chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
VERBS = """
set -e
make setup
for verb in train fingerprint evaluate tracking release; do uv run --no-sync python -m flights.$verb; done
"""
PROMOTE = """
import json
from flights import config, package, registry
version = registry.find("candidate")
registry.promote(version, "a test", "somebody has to", "")
package.build(version, config.load())
print(json.dumps(package.fetch(version).proving[:200]))
"""
SHADOW = """
import json
from flights import config, fingerprint, package, registry, rollout, tracking
tracking.connect()
knobs = config.load()
version = registry.register(tracking.log(knobs, fingerprint.origin() | {"made_of": "another"}), knobs)
package.build(version, knobs)
seen = {"offset": 0.0, "spread": 0.1, "loss": 1.0, "disagreement": 0.0}
record = rollout.new(str(version.version), "1").model_copy(update={"stage": "shadow", "seen": seen})
rollout.write(record)
print(json.dumps(record.id))
"""
SEEN = """
import json
from flights import evidence
print(json.dumps([reading.model_dump() for reading in evidence.read({name!r}).values()]))
"""
COLOURS = """
import json
from matplotlib.image import imread
seen = (imread({path!r})[:, :, :3] * 255).round().astype(int)
print(json.dumps([int((seen == colour).all(axis=2).sum()) for colour in ([195, 204, 213], [37, 99, 168])]))
"""


@dataclass
class Watched:
    """A service, what scrapes it, and what the alerts' receiver has got."""

    project: Project
    service: str
    prometheus: str
    rows: list[dict[str, Any]]
    alerts: list[dict[str, Any]] = field(default_factory=list)

    def predict(self, rows: list[dict[str, Any]]) -> list[str]:
        """Have rows predicted one by one; returns the names of the requests."""
        return [post(f"{self.service}/predict", row)["request"] for row in rows]

    def query(self, expression: str) -> list[dict[str, Any]]:
        """What Prometheus answers; an error fails the test."""
        url = f"{self.prometheus}/api/v1/query?{urllib.parse.urlencode({'query': expression})}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            found = json.load(answer)
        assert found["status"] == "success", found
        result: list[dict[str, Any]] = found["data"]["result"]
        return result

    def metrics(self) -> str:
        with urllib.request.urlopen(f"{self.service}/metrics", timeout=10) as answer:
            text: str = answer.read().decode()
        return text


def post(url: str, body: Any) -> Any:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def wait_for(what: Callable[[], Any], seconds: float = 60) -> Any:
    """What is true at last; `AssertionError` after so many seconds."""
    last = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < last, f"not within {seconds} s"
        time.sleep(0.3)
    return found


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project of the sample with a champion, committed."""
    folder = tmp_path_factory.mktemp("watching")
    env = shell(folder / "home")
    golden.lend(TOP, folder / "venv")
    env["UV_PROJECT_ENVIRONMENT"] = str(folder / "venv")
    made = new(folder / "flights", env, "--level", str(TOP), "--yes")
    made.run("sh", "-c", VERBS)
    yield made
    shutil.rmtree(folder / "venv", ignore_errors=True)


@pytest.fixture(scope="module")
def watched(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """The project's own rules and routes, at free ports, quicker than in operation."""
    folder = tmp_path_factory.mktemp("servers")
    rows = project.python(PROMOTE)
    ports = {name: free_port() for name in ("service", "prometheus", "alertmanager", "receiver")}
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    found = Watched(project, urls["service"], urls["prometheus"], rows)
    shutil.copytree(project.path / "monitoring", folder / "monitoring")
    env = project.env
    with ExitStack() as stack:
        stack.enter_context(receiver(ports["receiver"], found.alerts))
        serve = ("uv", "run", "--no-sync", "python", "-m", "flights.serve", "--foreground", "--port")
        log = folder / "service.log"
        ready = f"{found.service}/ready"
        stack.enter_context(running(*serve, str(ports["service"]), url=ready, log=log, cwd=project.path, env=env))
        quicken(folder / "monitoring", ports)
        for name, *more in (
            ("prometheus-alertmanager", "--cluster.listen-address=", "--storage.path=alerts"),
            ("prometheus", "--storage.tsdb.path=series"),
        ):
            short = name.rpartition("-")[2]
            address = f"--web.listen-address=127.0.0.1:{ports[short]}"
            command = (name, *more, address, f"--config.file=monitoring/{short}.yml")
            log = folder / f"{short}.log"
            stack.enter_context(running(*command, url=urls[short], log=log, cwd=folder, env=env))
        wait_for(lambda: "model_info{" in found.metrics())
        yield found


def quicken(folder: Path, ports: dict[str, int]) -> None:
    """Put ports and intervals of a test in the place of those of operation; all else stays."""
    path = folder / "prometheus.yml"
    config = yaml.safe_load(path.read_text("utf-8"))
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    config["scrape_configs"][0]["static_configs"][0]["targets"] = [f"127.0.0.1:{ports['service']}"]
    managers = config["alerting"]["alertmanagers"][0]["static_configs"][0]
    managers["targets"] = [f"127.0.0.1:{ports['alertmanager']}"]
    path.write_text(yaml.safe_dump(config), "utf-8")
    path = folder / "alertmanager.yml"
    config = yaml.safe_load(path.read_text("utf-8"))
    config["route"]["group_wait"] = "1s"
    for who in config["receivers"]:
        who["webhook_configs"][0]["url"] = f"http://127.0.0.1:{ports['receiver']}/{who['name']}"
    path.write_text(yaml.safe_dump(config), "utf-8")


class Receiver(BaseHTTPRequestHandler):
    """Keeps what is posted, with the path that it came to."""

    alerts: list[dict[str, Any]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.alerts += [{"to": self.path.strip("/"), **alert} for alert in body["alerts"]]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def receiver(port: int, alerts: list[dict[str, Any]]) -> Iterator[None]:
    """A web server in a thread that keeps the alerts it gets."""
    server = HTTPServer(("127.0.0.1", port), type("Own", (Receiver,), {"alerts": alerts}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def test_configuration_rules_and_routes_are_valid_and_each_alert_trips(project: Project) -> None:
    folder = project.path / "monitoring"
    for command in (
        ("promtool", "check", "config", "prometheus.yml"),
        ("promtool", "check", "rules", "rules.yml"),
        ("promtool", "test", "rules", "rules_test.yml"),
        ("amtool", "check-config", "alertmanager.yml"),
    ):
        must(*command, cwd=folder, env=project.env)
    rules = yaml.safe_load((folder / "rules.yml").read_text("utf-8"))
    tests = yaml.safe_load((folder / "rules_test.yml").read_text("utf-8"))["tests"]
    alerts = {rule["alert"]: rule for group in rules["groups"] for rule in group["rules"] if "alert" in rule}
    cases = [case for test in tests for case in test["alert_rule_test"]]
    assert {case["alertname"] for case in cases if case.get("exp_alerts")} == alerts.keys()
    assert {case["alertname"] for case in cases if not case.get("exp_alerts")} == alerts.keys()
    runbook = (project.path / "docs" / "runbook.md").read_text("utf-8")
    assert set(re.findall(r"^## (\w+)$", runbook, re.MULTILINE)) == alerts.keys()
    for name, alert in alerts.items():
        assert alert["annotations"]["runbook_url"] == f"docs/runbook.md#{name.lower()}"
        urgent = {"page": "Page", "ticket": "Ticket"}[alert["labels"]["severity"]]
        assert f"## {name}\n\n{urgent}" in runbook, name


def test_no_query_asks_for_what_is_not_exported(watched: Watched) -> None:
    watched.predict(watched.rows[:5])
    families = dict(re.findall(r"^# TYPE (\S+) (\S+)$", watched.metrics(), re.MULTILINE))
    names = set(families) | {"up"}
    for name, kind in families.items():
        names |= {f"{name}_{part}" for part in ("sum", "count")} if kind in ("histogram", "summary") else set()
        names |= {f"{name}_bucket"} if kind == "histogram" else set()
    names |= {"drift_found", "drift_psi", "drift_checked_seconds"}  # there once the watch has looked
    folder = watched.project.path / "monitoring"
    rules = yaml.safe_load((folder / "rules.yml").read_text("utf-8"))
    rules = [rule for group in rules["groups"] for rule in group["rules"]]
    names |= {rule["record"] for rule in rules if "record" in rule}
    asked = [rule["expr"] for rule in rules] + queries(folder)
    assert {name for expression in asked for name in named(expression)} - names == set()


def test_alerts_reach_who_is_to_act_and_every_query_has_an_answer(watched: Watched) -> None:
    same = watched.rows[0]
    watched.predict([same] * 300)  # predictions that never differ, which training never had
    start = time.monotonic()
    said = watched.project.run("make", "watch", ok=False)
    assert "predictions drift" in said.stdout + said.stderr
    looked = time.monotonic()
    page = wait_for(lambda: [a for a in watched.alerts if a["labels"]["alertname"] == "PredictionsDrift"])
    print(f"make watch {looked - start:.1f} s, webhook {time.monotonic() - looked:.1f} s later")
    assert page[0]["to"] == "pager"
    assert page[0]["status"] == "firing"
    assert page[0]["annotations"]["runbook_url"] == "docs/runbook.md#predictionsdrift"
    ticket = wait_for(lambda: [a for a in watched.alerts if a["labels"]["alertname"] == "InputsDrift"])
    assert ticket[0]["to"] == "ticket"

    requests = watched.predict([row | {"distance": 1e6} for row in watched.rows])
    post(f"{watched.service}/labels", {"labels": [{"request": name, "label": "true"} for name in requests]})
    wait_for(lambda: watched.query("service:loss:mean1d") and watched.query("service:outside:ratio1h"))
    answered = {query: watched.query(query) for query in queries(watched.project.path / "monitoring")}
    without = {query for query, found in answered.items() if not found}
    assert all("rollout" in query for query in without), without  # there is none here


def queries(folder: Path) -> list[str]:
    """What the dashboard asks."""
    panels = json.loads((folder / "dashboard.json").read_text("utf-8"))["panels"]
    return [target["expr"] for panel in panels for target in panel["targets"]]


def named(expression: str) -> set[str]:
    """The series that an expression names."""
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\"[^\"]*\"", "", expression)
    bare = re.sub(r"\b(by|on|without|group_left|ignoring)\s*\([^)]*\)", "", bare)
    words = re.findall(r"(?<![\w:.])[a-zA-Z_][\w:]*(?!\s*\(|[\w:])", bare)
    return set(words) - {"unless", "or", "and", "by", "on"}


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium")
def test_a_browser_shows_the_page_and_its_pictures(watched: Watched, tmp_path: Path) -> None:
    watched.predict(watched.rows)
    watched.project.run("sh", "-c", "make watch || true")
    page = watched.project.path / "reports" / "drift.html"
    report = watched.project.record("drift.json")
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", "--window-size=1100,1800"]

    def browse(flag: str) -> str:
        done = subprocess.run([*command, flag, page.as_uri()], capture_output=True, timeout=120, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout.decode()

    dom = browse("--dump-dom")
    groups = [each["groups"] for of in ("inputs", "predictions") for each in report[of]]
    assert dom.count("<svg") == len(groups)
    assert dom.count("<rect") == 2 * sum(map(len, groups))
    browse("--screenshot=shot.png")
    grey, blue = watched.project.python(COLOURS.format(path=str(tmp_path / "shot.png")))
    assert min(grey, blue) > 2_000, "bars of before, bars of now"


def test_the_guards_read_the_same_from_prometheus_as_from_the_service(watched: Watched) -> None:
    name = watched.project.python(SHADOW)
    wait_for(lambda: f'rollout="{name}"' in watched.metrics())
    requests = watched.predict(watched.rows)
    post(f"{watched.service}/labels", {"labels": [{"request": one, "label": "true"} for one in requests]})
    counted = f'rollout_requests_total{{rollout="{name}"}}'
    wait_for(lambda: [one for one in watched.query(counted) if float(one["value"][1]) >= len(requests)])

    def seen(**more: str) -> Any:
        env = watched.project.env | {"SERVICE_URLS": watched.service, **more}
        return Project(watched.project.path, env).python(SEEN.format(name=name))

    direct, told = seen(), seen(PROMETHEUS_URL=watched.prometheus)
    assert told == direct
    assert direct[0]["requests"] == {"shadow": len(requests)}
    assert direct[0]["values"].keys() == {"errors", "latency", "order", "higher", "lower", "quality"}
    asked = [query for query in queries(watched.project.path / "monitoring") if "rollout" in query]
    assert asked
    wait_for(lambda: all(watched.query(query) for query in asked))
