"""What a proposed change starts: which jobs, what tests they run, whether they can install."""

from __future__ import annotations

import fnmatch
import re
from functools import cached_property

from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.shell import Command, join
from mlops_ladder.facts.installing import cannot_install
from mlops_ladder.facts.read.files import Files

_PROGRAMS = frozenset({"pytest", "py.test", "unittest", "tox", "nox", "nose2", "green", "testthat"})
_TESTS = re.compile(
    r"^python[\d.]* (-\w+ )*-m (pytest|unittest|nose2|tox|nox|xdist)|setup\.py test|^hatch (run )?(\S+:)?test|testthat|"
    r"devtools::test|^Pkg\.test|^julia .*test|^sbt .*test|^bazel test|^go test|^dbt (test|build)|^kedro test"
)
_NO_TESTS = re.compile(r"--collect-only|--co\b|--version|--help|--fixtures|^pytest --markers")
# What follows these options of pytest is no path.
_TAKES = frozenset(
    ("-k", "-m", "-n", "-c", "-p", "-o", "--ignore", "--cov", "--junitxml", "--rootdir", "-W", "--timeout")
)


class PullRequest:
    """The jobs that judge a proposed change."""

    def __init__(self, files: Files, graph: Graph, jobs: list[Job], tests: list[tuple[str, str]]) -> None:
        self._files, self._graph, self._all, self._own_tests = files, graph, jobs, tests
        self._commands: dict[int, list[tuple[Command, int]]] = {}
        self._failing: dict[int, str] = {}

    @cached_property
    def jobs(self) -> list[Job]:
        """The jobs that a proposed change to the code starts and waits for."""
        return [
            job for job in self._all
            if job.on_pull_request() and job.checks_out and not job.approval and self._code_changes(job)
        ]  # fmt: skip

    def _code_changes(self, job: Job) -> bool:
        """Whether a change of code is among the paths that start the job."""
        if not job.paths:
            return True
        patterns = [path.replace("**/", "*").replace("**", "*") for path in job.paths if not path.startswith("!")]
        code = [path for path in self._files.paths if path.endswith((".py", ".ipynb", ".R", ".yaml", ".txt"))]
        return any(fnmatch.fnmatch(path, pattern) for pattern in patterns for path in code)

    def test_commands(self, job: Job) -> list[tuple[Command, int]]:
        """The commands of a job, whatever starts it, that run tests, with the line of their step."""
        if id(job) not in self._commands:
            self._commands[id(job)] = [
                (command, step.line)
                for command, step in self._graph.job_commands(job)
                if (command.program in _PROGRAMS or _TESTS.search(command.line)) and not _NO_TESTS.search(command.line)
            ]
        return self._commands[id(job)]

    def cannot_install(self, job: Job) -> str:
        """Why the installation of a job must fail, if it must."""
        if id(job) not in self._failing:
            self._failing[id(job)] = cannot_install(job, self._graph, self._files)
        return self._failing[id(job)]

    def tests_of(self, command: Command) -> list[str]:
        """Where the tests are that a command runs and that assert anything; none when it names a path that is not there."""
        tests, folder = self._own_tests, command.folder
        if command.program in ("tox", "nox", "hatch") or not re.search(r"pytest|py\.test", command.line):
            return [where for _, where in tests]
        named = self._paths_in(command)
        there = self._files.set | self._files.folders
        if named and not any(path in there or "*" in path or "$" in path for path in named):
            return []
        if not named:
            inside = [where for path, where in tests if not folder or path.startswith(folder + "/")]
            return inside or ([where for _, where in tests] if not folder else [])
        hits = [where for path, where in tests if any(path == n or path.startswith(n + "/") for n in named)]
        return hits or ([where for _, where in tests] if any("*" in n or "$" in n for n in named) else [])

    def _paths_in(self, command: Command) -> list[str]:
        """The files and folders that a call of pytest names."""
        named: list[str] = []
        previous = ""
        for word in command.words[1:]:
            looks = "/" in word or word.endswith(".py") or word in self._files.folders
            if looks and not word.startswith("-") and previous not in _TAKES:
                named.append(join(command.folder, word.split("::")[0]))
            previous = word
        return named
