"""What is deployed stays as narrow as docs/threats.md says, and each of its mitigations has a test."""

import re
from pathlib import Path

import yaml

DEPLOY = Path("deploy")


def test_every_threat_has_a_test_that_is_there() -> None:
    rows = [
        line for line in Path("docs/threats.md").read_text("utf-8").splitlines() if "| `" in line
    ]

    assert len(rows) > 10
    for row in rows:
        named = re.findall(r"`(\w+\.py)::(\w+)`", row)
        assert named, row
        for file, test in named:
            assert f"def {test}(" in Path("tests", file).read_text("utf-8"), f"{file}::{test}"


def test_the_image_is_pinned_and_has_no_rights() -> None:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()

    assert re.fullmatch(r"ARG BASE=\S+@sha256:[0-9a-f]{64}", next(x for x in lines if "BASE=" in x))
    assert [line for line in lines if line.startswith("USER ")][-1] != "USER root"
    assert Path(".dockerignore").read_text("utf-8").splitlines()[1] == "*", "a list of what goes in"


def test_no_secret_lies_in_what_is_deployed() -> None:
    for path in [*DEPLOY.rglob("*.yaml"), *Path("monitoring").glob("*.yml")]:
        for document in yaml.safe_load_all(path.read_text("utf-8")):
            assert document.get("kind") != "Secret", path
        for name, value in re.findall(
            r"(\w*(?:PASSWORD|SECRET|KEY)\w*): (\S+)", path.read_text("utf-8")
        ):
            assert value.startswith("${"), f"{path}: {name}"


def test_what_compose_opens_is_open_to_this_machine_only() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]

    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
