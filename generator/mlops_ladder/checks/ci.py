"""CI: every proposed change is built and tested, and can fail."""

from __future__ import annotations

import re

from mlops_ladder.checks.base import Verdict, check, found, met, missing
from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.code.resolve import Node
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.gate import Gate
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.pull_request import PullRequest
from mlops_ladder.facts.read.files import Files

_BUILDS = re.compile(
    r"pip3? install|uv (sync|pip|run)|poetry install|pdm (install|sync)|pipenv (install|sync)|conda (env|install)|mamba|npm (ci|install)|"
    r"docker (build|buildx)|hatch |tox|nox|make |just |renv::restore|install\.packages|sbt |bazel (build|test)|python -m build|pixi|setup\.py"
)
_SETS_UP = re.compile(r"setup-(uv|python|miniconda|pixi|poetry)|build-push-action|python/install")
_LINT = re.compile(
    r"^(ruff|flake8|black|mypy|pylint|isort|pyright|pre-commit|basedpyright|ty|bandit|yapf|pydocstyle|lintr|prek|interrogate)\b|"
    r"python[\d.]* -m (ruff|flake8|black|mypy|pylint|isort|pyright|compileall)|lintr::|sqlfluff"
)
_LINT_ACTION = re.compile(r"ruff|black|flake8|pre-commit|super-linter|mypy|reviewdog")
_SECRETS = re.compile(
    r"gitleaks|trufflehog|detect[-_]secrets|ggshield|secret[_-]?(scan|detect)|Secret-Detection|git-secrets|talisman",
    re.I,
)
_REFUSES = re.compile(
    r"refus|worse|reject|not_promot|block|keep|fail|degrad|lower|equal|tie|insufficient|blocked", re.IGNORECASE
)
_LOAD = re.compile(r"^(k6 run|locust|hey|wrk|ab|vegeta|oha|artillery|jmeter|bombardier)\b")


@check("unit-tests")
def unit_tests(own_tests: list[tuple[str, str]], code: Code) -> Verdict:
    """Write tests under tests/ that call the project's own functions and assert what comes back."""
    note = "the tests assert nothing about the project's own code" if code.tests else ""
    return found((where for _, where in own_tests), note)


@check("ci-pull-request")
def builds(ci: list[Job], pull_request: PullRequest, graph: Graph) -> Verdict:
    """Add a workflow that runs on every pull request, checks the code out and installs the project from its lock file."""
    if not ci:
        return missing("no CI configuration that a host would load")
    if not pull_request.jobs:
        return missing(f"{ci[0].where} does not run on a proposed change")
    reason = ""
    for job in pull_request.jobs:
        builds = [step for command, step in graph.job_commands(job) if _BUILDS.search(command.line)]
        builds = builds or [step for step in job.steps if _SETS_UP.search(step.uses)]
        if not builds and not pull_request.test_commands(job):
            reason = reason or f"{job.where} builds nothing"
        elif failing := pull_request.cannot_install(job):
            reason = failing
        else:
            return met(job.where, *(f"{job.file}:{step.line}" for step in builds[:1]))
    return missing(reason)


@check("ci-tests")
def tests(ci: list[Job], pull_request: PullRequest) -> Verdict:
    """Run the tests in the pull request's workflow, with nothing that hides a failure (`|| true`, continue-on-error)."""
    reason = ""
    for job in pull_request.jobs:
        for command, line in pull_request.test_commands(job):
            where = f"{job.file}:{line}"
            if command.ignored:
                reason = f"{where} runs tests whose failure is ignored"
            elif failing := pull_request.cannot_install(job):
                reason = failing
            elif hits := pull_request.tests_of(command):
                return met(where, *hits[:1])
            else:
                reason = reason or f"{where} runs no test that asserts anything about the project"
    none = "no test runs on a proposed change" if ci else "no CI configuration that a host would load"
    return missing(reason or none)


@check("ci-lint")
def lint(pull_request: PullRequest, graph: Graph) -> Verdict:
    """Run ruff (or flake8, black) and mypy in the pull request's workflow."""
    places = []
    for job in pull_request.jobs:
        run = [s for c, s in graph.job_commands(job) if _LINT.search(c.line) and not c.ignored]
        used = [step for step in job.steps if _LINT_ACTION.search(step.uses)]
        places += [f"{job.file}:{step.line}" for step in [*run, *used]]
    return found(places)


@check("ci-tiny-train")
def tiny_train(pull_request: PullRequest, graph: Graph, code: Code, ml: Ml) -> Verdict:
    """Let CI train on a few hundred rows, by a test or by a small configuration of the same pipeline."""
    nodes: set[Node] = {("py", m.path, name) for m in code.tests for name in [*m.functions, ""]}
    tested = bool(graph.reach(nodes) & ml.train_nodes)
    return found(
        job.where
        for job in pull_request.jobs
        if (tested and pull_request.test_commands(job)) or graph.of_job(job) & ml.train_nodes
    )


@check("secret-scan")
def secret_scan(ci: list[Job], files: Files, graph: Graph) -> Verdict:
    """Add detect-secrets or gitleaks to the commit hooks and to CI."""
    places = [f"{job.file}:{step.line}" for job in ci for step in job.steps if _SECRETS.search(step.uses)]
    places += [
        f"{job.file}:{s.line}"
        for job in ci
        for c, s in graph.job_commands(job)
        if _SECRETS.search(c.line) and not c.ignored
    ]
    for path in files.match(r"(^|/)\.pre-commit-config\.ya?ml$|^\.gitlab-ci\.ya?ml$"):
        text = files.text(path)
        kept = "\n".join("" if line.lstrip().startswith("#") else line for line in text.split("\n"))
        if match := _SECRETS.search(kept):
            places.append(Place.at(path, kept, match.start()))
    return found(places)


@check("gate-tests")
def gate_tests(code: Code, graph: Graph, gates: list[Gate]) -> Verdict:
    """Write a test that hands the gate a worse challenger and expects a refusal."""
    held = [gate for gate in gates if not gate.ignored and gate.nodes]
    nodes = frozenset({gate.node for gate in held}).union(*{gate.nodes for gate in held})
    return found(
        module.where(function.line)
        for module in code.tests
        for name, function in module.functions.items()
        if function.last.startswith("test")
        and graph.reach({("py", module.path, name)}) & nodes
        and _REFUSES.search(function.last + " " + " ".join(text for text, _, s in module.strings if s == name))
    )


@check("data-tests")
def data_tests(code: Code) -> Verdict:
    """Write a test that breaks the data (a missing column, a value out of range) and expects the pipeline to stop."""
    about = re.compile(r"valid|schema|(^|[._])check|expect|corrupt|bad|missing_col", re.IGNORECASE)
    return found(
        module.where(function.line)
        for module in code.tests
        for function in module.functions.values()
        if function.last.startswith("test")
        and any(
            c.scope == function.name and re.search(r"(^|\.)(raises|assertRaises\w*|SystemExit)$", c.name)
            for c in module.calls
        )
        and any(about.search(ref) for ref in module.refs.get(function.name, ()))
    )


@check("contract-tests")
def contract(code: Code) -> Verdict:
    """Test the service through its interface: status, schema of the answer, and a 4xx that names the wrong field."""
    hits = code.named(
        r"(^|\.)(TestClient|AsyncClient|test_client|from_asgi|from_url|ASGITransport|Starlette\w*Client)$",
        modules=code.tests,
    )
    hits += code.named(r"(^|\.)from_(uri|path|dict|asgi|wsgi|url)$", "schemathesis", modules=code.tests)
    return found(hit.where for hit in hits)


@check("load-tests")
def load_tests(code: Code, files: Files, graph: Graph, ci: list[Job]) -> Verdict:
    """Put the service under load (Locust, k6) and fail when the 95th percentile leaves its budget."""
    places = [m.where(1) for m in [*code.modules, *code.tests] if m.uses("locust", "molotov")]
    places += [path for path in files.match(r"\.js$") if "k6/http" in files.text(path)] + files.match(r"\.jmx$")
    scripts = [(task.script, task.where) for task in graph.tasks] + [(job.text, job.where) for job in ci]
    places += [where for script, where in scripts for c in graph.commands(script) if _LOAD.search(c.line)]
    about = re.compile(r"latency|load_test|throughput|p9[59]")
    places += [m.where(f.line) for m in code.tests for f in m.functions.values() if about.search(f.last)]
    measures = re.compile(r"p9[59]|latency|percentile")
    for module in code.modules:
        if re.search(r"(^|/)load(_?test)?\w*\.py$", module.path):
            if measures.search(" ".join(text for text, _, _ in module.strings)):
                places.append(module.where(1))
    return found(places)


@check("sbom")
def sbom(ci: list[Job], graph: Graph) -> Verdict:
    """Write a bill of materials (CycloneDX, Syft) or scan the image (Trivy, Grype) on each release."""
    tools = re.compile(r"cyclonedx|syft|sbom|trivy|grype|snyk|pip-audit|docker scout|cdxgen", re.IGNORECASE)
    places = [
        f"{job.file}:{step.line}"
        for job in ci
        for step in job.steps
        if tools.search(step.uses) or tools.search(step.run)
    ]
    places += [f"{job.file}:{s.line}" for job in ci for c, s in graph.job_commands(job) if tools.search(c.line)]
    return found(places)


@check("loop-test")
def loop_test(code: Code, graph: Graph, ml: Ml) -> Verdict:
    """Write a test that plants drift and expects a retraining, a gate and a promotion or a refusal."""
    about = re.compile(r"drift|loop|retrain|signal|simulat|degrad|replay", re.IGNORECASE)
    return found(
        module.where(function.line)
        for module in code.tests
        for name, function in module.functions.items()
        if function.last.startswith("test")
        and about.search(function.last)
        and (
            graph.reach({("py", module.path, name)}) & ml.train_nodes
            or any(
                re.search(r"retrain|trigger|drift|loop|cooldown", node[1] + node[2])
                for node in graph.reach({("py", module.path, name)})
                if node[1] != module.path
            )
        )
    )
