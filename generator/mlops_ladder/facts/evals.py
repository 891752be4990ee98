"""What scores the answers of a language model, and which jobs run it."""

from __future__ import annotations

import ast
import re
from functools import cached_property

from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.model import Module, subtree
from mlops_ladder.facts.code.modules import Code, Hit
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.llm import Llm
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.pull_request import PullRequest
from mlops_ladder.facts.read.files import is_test

_TOOLS = re.compile(
    r"^(promptfoo|npx (--yes |-y )?promptfoo|npx .*promptfoo@\S+|deepeval test|inspect eval|langsmith|ragas|pf run|braintrust eval|giskard|oaieval|lm[_-]eval|garak|trulens)\b"
)
_NAMES = re.compile(r"(^|/|_)(evals?|evaluat\w*|golden\w*|judge|benchmark)(_|/|\.|$)")
_TRACES = re.compile(
    r"(^|\.)(fetch_traces|get_traces|search_traces|list_runs|fetch_observations|get_spans_dataframe|query_spans|load_traces|read_traces|sample_traces|trace\.list|fetch_trace|api\.trace\.\w+|recent_traces|read_calls|sample_calls|load_calls)$"
)


class Evals:
    """Eval scripts, the library's or the repository's own, and their runs."""

    def __init__(self, code: Code, graph: Graph, llm: Llm, ml: Ml, pull_request: PullRequest) -> None:
        self._code, self._graph, self._llm, self._ml, self._pull_request = code, graph, llm, ml, pull_request

    @cached_property
    def modules(self) -> dict[str, Module]:
        """Modules that score a model's answers, by path."""
        found = {module.path: module for module in self._llm.own_evals}
        hits = [hit.module for hit in self._llm.eval_hits]
        return found | {m.path: m for m in hits if _NAMES.search(m.path) or is_test(m.path)}

    @cached_property
    def reads_traces(self) -> list[Hit]:
        """Calls that read recorded calls of a model."""
        return self._code.named(_TRACES.pattern)

    def run_by(self, job: Job) -> tuple[str, bool]:
        """Where a job runs evals, and whether their failure fails it."""
        for command, step in self._graph.job_commands(job):
            where = Place(job.file, step.line)
            if _TOOLS.search(command.line):
                return where, not command.ignored
            reached = self._graph.reach(self._graph.targets(command))
            own = [path for _, path, _ in reached if path in self.modules and not is_test(path)]
            if own:
                return where, not command.ignored and any(_can_fail(self.modules[path]) for path in own)
        for step in job.steps:
            if re.search(r"promptfoo|braintrust|deepeval|langsmith", step.uses):
                return Place(job.file, step.line), not step.lenient
        return self._as_tests(job)

    def _as_tests(self, job: Job) -> tuple[str, bool]:
        tests = [path for path in self.modules if is_test(path)]
        for command, line in self._pull_request.test_commands(job):
            words = [word for word in command.words[1:] if "/" in word or word.endswith(".py")]
            named = [word.split("::")[0].rstrip("/") for word in words]
            chosen = [p for p in tests if not named or any(p == n or p.startswith(n + "/") for n in named)]
            if chosen and "pytest" in command.line and not re.search(r"-m ['\"]?not[^'\"]{0,200}eval", command.text):
                return Place(job.file, line), not command.ignored
        return "", False


def _can_fail(module: Module) -> bool:
    """Whether a script can end with a failure."""
    if module.tree is None:
        return False
    return any(
        isinstance(node, (ast.Assert, ast.Raise))
        or (
            isinstance(node, ast.Call)
            and re.search(r"(^|\.)(exit|SystemExit|assert_test|_exit)$", ast.unparse(node.func))
        )
        for node in subtree(module.tree)
    )
