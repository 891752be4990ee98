"""What several checks need to know of CI: which jobs a pull request starts, what they run, whether they can install."""

from __future__ import annotations

import ast
import fnmatch
import re

from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.model import Function, Module, dotted, subtree
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.code.shell import Command, join
from mlops_ladder.facts.read.files import Files, is_test
from mlops_ladder.facts.requirements import file_lines, requirement

TEST_PROGRAMS = frozenset({"pytest", "py.test", "unittest", "tox", "nox", "nose2", "green", "testthat", "hatch"})
_SKIPPED = re.compile(r"(^|\.)skip$|(^|\.)xfail$")


def pull_request_jobs(ci: list[Job], files: Files) -> list[Job]:
    """The jobs that a proposed change to the code starts and waits for."""
    return [
        job for job in ci
        if job.on_pull_request() and job.checks_out and not job.approval and _code_changes(job, files)
    ]  # fmt: skip


def _code_changes(job: Job, files: Files) -> bool:
    """Whether a change of code is among the paths that start the job."""
    if not job.paths:
        return True
    patterns = [pattern.replace("**/", "*").replace("**", "*") for pattern in job.paths if not pattern.startswith("!")]
    code = [path for path in files.paths if path.endswith((".py", ".ipynb", ".R", ".yaml", ".txt"))]
    return any(fnmatch.fnmatch(path, pattern) for pattern in patterns for path in code)


def test_commands(job: Job, graph: Graph) -> list[tuple[Command, int]]:
    """The commands of a job that run tests, with the line of their step."""
    found = []
    for command, step in graph.job_commands(job):
        line = command.line
        runs = command.program in TEST_PROGRAMS - {"hatch"} or re.search(
            r"^python[\d.]* (-\w+ )*-m (pytest|unittest|nose2|tox|nox|xdist)|setup\.py test|^hatch (run )?(\S+:)?test|testthat|"
            r"devtools::test|^Pkg\.test|^julia .*test|^sbt .*test|^bazel test|^go test|^dbt (test|build)|^kedro test", line
        )  # fmt: skip
        if runs and not re.search(r"--collect-only|--co\b|--version|--help|--fixtures|^pytest --markers", line):
            found.append((command, step.line))
    return found


def real_tests(code: Code) -> list[tuple[str, str]]:
    """Every test that asserts something about the project's own code, as (path, where)."""
    found: list[tuple[str, str]] = []
    fixtures = any(m.path.endswith("conftest.py") and _own(m, code) for m in code.tests)
    for module in code.tests:
        if module.tree is None:
            if any(call.last.startswith(("expect_", "test_that", "assert", "@test")) for call in module.calls):
                found.append((module.path, module.where(1)))
            continue
        if _set_aside(module) or not (_own(module, code) or fixtures or _reads_or_runs(module)):
            continue
        for function in module.functions.values():
            if function.last.startswith("test") and not any(_SKIPPED.search(d) for d in function.decorators):
                if _asserts(function, module):
                    found.append((module.path, module.where(function.line)))
    return found


def _own(module: Module, code: Code) -> bool:
    return any((target := code.split(name, module.path)) and not is_test(target[0]) for _, name in module.imported)


def _reads_or_runs(module: Module) -> bool:
    return any(call.name.startswith(("subprocess.", "runpy.", "importlib.", "open", "os.system")) or call.last in (
        "read_text", "read_csv", "read_parquet", "TestClient", "load_model", "post", "notebook", "execute_notebook", "invoke",
    ) for call in module.calls)  # fmt: skip


def _set_aside(module: Module) -> bool:
    """A whole module that is skipped."""
    body = module.tree.body if module.tree else []
    return any(
        isinstance(node, ast.Assign) and "pytestmark" in ast.dump(node.targets[0]) and "skip'" in ast.dump(node.value)
        for node in body
    )


def _asserts(function: Function, module: Module) -> bool:
    """Whether a test asserts anything but constants, itself or through a helper of its module."""
    helpers = {name for name in module.functions if not name.startswith("test")}
    for node in subtree(function.node):
        if isinstance(node, ast.Assert) and any(
            isinstance(part, (ast.Call, ast.Name, ast.Attribute)) for part in subtree(node.test)
        ):
            return True
        if isinstance(node, ast.Call):
            last = dotted(node.func).rpartition(".")[2]
            if re.match(r"assert\w*$|raises$|warns$|check_\w+$|expect\w*$|assert_\w+$|fail$", last) or last in helpers:
                if not (last.startswith("assertTrue") and node.args and isinstance(node.args[0], ast.Constant)):
                    return True
    return False


def tests_that_run(command: Command, tests: list[tuple[str, str]], files: Files) -> list[str]:
    """The real tests that a command runs; none when it names a path that is not there."""
    if command.program in ("tox", "nox", "hatch") or not re.search(r"pytest|py\.test", command.line):
        return [where for _, where in tests]
    words = list(command.words[1:])
    named: list[str] = []
    previous = ""
    for word in words:
        takes = previous in (
            "-k",
            "-m",
            "-n",
            "-c",
            "-p",
            "-o",
            "--ignore",
            "--cov",
            "--junitxml",
            "--rootdir",
            "-W",
            "--timeout",
        )
        if not word.startswith("-") and not takes and ("/" in word or word.endswith(".py") or word in files.folders):
            named.append(join(command.folder, word.split("::")[0]))
        previous = word
    if named and not any(path in files.set or path in files.folders or "*" in path or "$" in path for path in named):
        return []
    inside = [(path, where) for path, where in tests if not command.folder or path.startswith(command.folder + "/")]
    if not named:
        return [where for _, where in inside] or ([where for _, where in tests] if not command.folder else [])
    hits = [where for path, where in tests if any(path == n or path.startswith(n + "/") for n in named)]
    return hits or ([where for _, where in tests] if any("*" in n or "$" in n for n in named) else [])


def cannot_install(job: Job, graph: Graph, files: Files) -> str:
    """Why the installation of a job must fail, if it must."""
    versions = _python_versions(job)
    for command, step in graph.job_commands(job):
        if step.folder and step.folder not in files.folders and "$" not in step.folder:
            return f"{job.file}:{step.line} works in {step.folder}, which is not there"
        reason = "" if command.ignored else _install_fails(command, graph, files, versions)
        if reason:
            return f"{job.file}:{step.line} {reason}"
    return ""


def _install_fails(command: Command, graph: Graph, files: Files, versions: list[str]) -> str:
    words, line, folder = command.words, command.line, command.folder

    def there(path: str) -> bool:
        full = join(folder, path)
        return "$" in path or path.startswith(("http", "/", "~")) or full in files.set or full in files.folders

    if re.match(r"(python[\d.]* -m )?(uv )?pip3? install|^pip3? install|^uv pip (install|sync)", line):
        for at, word in enumerate(words):
            nxt = words[at + 1] if at + 1 < len(words) else ""
            if word in ("-r", "--requirement", "-c", "--constraint") and nxt and not there(nxt):
                return f"installs from {nxt}, which is not there"
            if word in ("-r", "--requirement") and (reason := _bad_requirements(join(folder, nxt), files)):
                return reason
            local = re.match(r"^(\./[\w./-]*|\.)(\[[\w,-]+\])?$", word)
            if local and at > 0:
                reason = _not_a_package(join(folder, local[1]), files, versions)
                if reason:
                    return reason
    if command.program == "uv" and words[1:2] == ("sync",):
        if {"--frozen", "--locked"} & set(words) and not any(p.endswith("uv.lock") for p in files.paths):
            return "wants uv.lock, which is not there"
        return _not_a_package(folder, files, versions)
    if command.program == "poetry" and words[1:2] == ("install",):
        return _not_a_package(folder, files, versions)
    if command.program == "pipenv" and words[1:2] in (("install",), ("sync",)) and not there("Pipfile"):
        return "wants a Pipfile, which is not there"
    match = re.search(r"(?:conda|mamba) env (?:create|update).*?-f\s*(\S+)", line)
    if match and not there(match[1]):
        return f"wants {match[1]}, which is not there"
    if command.program == "make" and not graph.targets(command):
        names = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
        return f"runs `{line}`, which no Makefile knows" if names and "-C" not in words else ""
    return ""


def _not_a_package(folder: str, files: Files, versions: list[str]) -> str:
    """Why a folder cannot be installed as a project."""
    path = join(folder, "pyproject.toml")
    if any(join(folder, name) in files.set for name in ("setup.py", "setup.cfg")):
        return ""
    if path not in files.set:
        return f"installs {folder or 'the project'}, which has neither pyproject.toml nor setup.py"
    table = files.toml(path)
    if not table:
        return f"installs from {path}, which is not valid TOML"
    project = table.get("project")
    poetry = table.get("tool", {}).get("poetry") if isinstance(table.get("tool"), dict) else None
    if not isinstance(project, dict) and not isinstance(poetry, dict):
        return f"installs from {path}, which describes no project"
    wanted = re.search(r">=\s*3\.(\d+)", str((project or {}).get("requires-python", "")))
    numbers = [int(m[1]) for version in versions if (m := re.fullmatch(r"3\.(\d+)(?:\.\d+)?", version))]
    if wanted and numbers and all(number < int(wanted[1]) for number in numbers):
        return f"installs on Python 3.{max(numbers)}, and {path} wants 3.{wanted[1]} or newer"
    return ""


def _bad_requirements(path: str, files: Files) -> str:
    """A requirements file that contradicts itself or points to what is not there."""
    pins: dict[str, str] = {}
    folder = path.rpartition("/")[0]
    for line in file_lines(files.text(path)):
        asked = requirement(line)
        if asked and not asked.marker and re.fullmatch(r"==[^,*]+", asked.spec):
            pin = pins.setdefault(asked.name, asked.spec)
            if pin != asked.spec:
                return f"installs from {path}, which pins {asked.name} to {pin[2:]} and {asked.spec[2:]}"
        if match := re.match(r"^\s*(?:-e|--editable|-r|--requirement)\s+(\.{0,2}/?[\w./-]+)\s*$", line):
            full = join(folder, match[1])
            outside = match[1].startswith("../") and not folder
            if not match[1].startswith("git+") and (
                outside or (full and full not in files.set and full not in files.folders)
            ):
                return f"installs from {path}, which names {match[1]}, and that is not there"
    return ""


def _python_versions(job: Job) -> list[str]:
    found: list[str] = []
    for step in job.steps:
        if "setup-python" in step.uses or "setup-uv" in step.uses:
            value = step.inputs.get("python-version")
            for item in value if isinstance(value, list) else [value]:
                if item is not None:
                    found.append(str(item))
    return found
