"""What runs what: from a command, a task or a CI job to the functions that it reaches."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from mlops_ladder.facts.ci.model import Job, Step
from mlops_ladder.facts.code.commands_to_code import Targets
from mlops_ladder.facts.code.edges import Edges
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.code.resolve import Names, Node, hooks
from mlops_ladder.facts.code.shell import Command, parse_shell
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.tasks.model import Task

_LOADED_BY_FRAMEWORKS = (
    "prefect", "dagster", "zenml", "flytekit", "kfp", "fastapi", "flask", "bentoml", "airflow", "kedro", "metaflow",
    "celery", "litestar", "modal", "typer", "click", "hydra", "fire", "invoke", "nox", "ray", "streamlit", "dlt",
)  # fmt: skip
_ENTRY_NAMES = frozenset(
    {
        "create_pipeline", "register_pipelines", "handler", "lambda_handler", "model_fn", "input_fn", "predict_fn",
        "output_fn", "init", "run", "main", "setup", "predict", "load_context", "execute", "initialize", "finalize",
        "train", "score", "inference", "startup", "lifespan", "cli", "app",
    }
)  # fmt: skip

STEPS = 1_000_000
"""Nodes that are visited, all questions together: a large repository takes a tenth of that at most."""
PUSHED = 8
"""Edges of a node that take the time of a step."""
OPENINGS = 100_000
"""Commands found inside of others (scripts, tasks) that are kept."""


class Graph:
    """Edges are worked out when they are walked, and kept."""

    def __init__(self, files: Files, code: Code, tasks: list[Task]) -> None:
        self._files = files
        self._code = code
        self.tasks = tasks
        names = Names(code)
        self.targeting = Targets(files, code, tasks, names)
        self._edges = Edges(files, code, names, self.targeting)
        self._reach: dict[frozenset[Node], frozenset[Node]] = {}
        self._opened: dict[tuple[str, str], tuple[Command, ...]] = {}
        self._steps, self._openings = STEPS, OPENINGS

    def reach(self, starts: Iterable[Node]) -> frozenset[Node]:
        """Everything that runs when these do, themselves included."""
        key = frozenset(starts)
        if key not in self._reach:
            seen: set[Node] = set()
            stack = list(key)
            if self._steps < 0:
                self._files.unseen["what runs what"] = f"is followed in {STEPS:,} steps"
                return key
            while stack:
                node = stack.pop()
                if node not in seen:
                    seen.add(node)
                    edges = self._edges.of(node)
                    self._steps -= 1 + len(edges) // PUSHED
                    stack += edges
            self._reach[key] = frozenset(seen)
        return self._reach[key]

    def run_file(self, path: str) -> set[Node]:
        """The nodes that start when a file is run itself."""
        return self.targeting.run_file(path)

    def resolve(self, folder: str, word: str) -> str | None:
        """The repository's file that a word of a command means."""
        return self.targeting.resolve(folder, word)

    def targets(self, command: Command) -> frozenset[Node]:
        """What a command runs of the repository's own."""
        return self.targeting.targets(command)

    def of_file(self, path: str) -> frozenset[Node]:
        """What runs when a file is run or a notebook executed."""
        return self.reach(self.run_file(path))

    def of_shell(self, text: str, folder: str = "") -> frozenset[Node]:
        """What runs when a shell text does."""
        return self.reach(node for command in parse_shell(text, folder) for node in self.targets(command))

    def of_job(self, job: Job) -> frozenset[Node]:
        """What runs when a CI job does."""
        starts = {
            node
            for step in job.steps
            for command in parse_shell(step.run, step.folder)
            for node in self.targets(command)
        }
        return self.reach(starts)

    def of_task(self, task: Task) -> frozenset[Node]:
        """What runs when a task does."""
        return self.reach({("task", task.file, f"{task.tool} {task.name}")})

    def commands(self, text: str, folder: str = "") -> tuple[Command, ...]:
        """The commands of a shell text, with tasks and scripts of the repository opened up."""
        key = (text, folder)
        if key not in self._opened:
            self._opened[key] = tuple(self._open(text, folder, 0))
        return self._opened[key]

    def _open(self, text: str, folder: str, depth: int) -> list[Command]:
        found: list[Command] = []
        for command in parse_shell(text, folder):
            found.append(command)
            inner: list[Command] = []
            for kind, path, name in self.targets(command) if depth < 5 else ():
                if self._openings < 0:
                    self._files.unseen["commands"] = f"are followed into {OPENINGS:,} others"
                elif kind == "sh":
                    inner += self._open(self._files.text(path), command.folder, depth + 1)
                elif kind == "task":
                    tool, _, bare = name.partition(" ")
                    for task in self._chain(tool, path, bare):
                        inner += self._open(task.script, task.folder, depth + 1) if tool != "script" else []
            self._openings -= len(inner)
            found += [replace(i, ignored=i.ignored or command.ignored, offset=command.offset) for i in inner]
        return found

    def _chain(self, tool: str, path: str, name: str) -> list[Task]:
        """A task and those that it needs, each once."""
        found: list[Task] = []
        names = {name: None}  # a set that keeps its order
        waiting = [name]
        for item in waiting:
            own = [task for task in self.targeting.tasks_named(tool, item) if task.file == path or item != name]
            found += dict.fromkeys(own)
            new = dict.fromkeys(need for task in own for need in task.needs if need not in names)
            names |= new
            waiting += new
        return found

    def job_commands(self, job: Job) -> list[tuple[Command, Step]]:
        """Every command of a CI job, opened up, with its step; the step's line is that of the command."""
        return [
            (
                replace(command, ignored=True) if step.lenient or job.lenient else command,
                replace(step, line=step.at(command.offset)) if step.lines else step,
            )
            for step in job.steps
            for command in self.commands(step.run, step.folder)
        ]

    @cached_property
    def alive(self) -> frozenset[Node]:
        """Everything that runs at all, when every script, task and framework entry of the repository is started."""
        starts: set[Node] = set()
        for module in self._code.modules:
            starts |= self.run_file(module.path)
            loaded = module.uses(*_LOADED_BY_FRAMEWORKS)
            starts |= {
                ("py", module.path, name)
                for name, function in module.functions.items()
                if function.last in _ENTRY_NAMES
                or (function.decorators and loaded)
                or ("." in name and hooks(module, name))
            }
        for task in self.tasks:
            starts.add(("task", task.file, f"{task.tool} {task.name}"))
        return self.reach(starts | self._named_in_configuration())

    def _named_in_configuration(self) -> set[Node]:
        """Functions that a YAML or TOML file names as `module:function` or `module.function`."""
        found: set[Node] = set()
        for path in self._files.configuration(r"\.(ya?ml|toml|cfg|json)$"):
            for name in set(re.findall(r"['\"\s:=]([\w./]+[:.]\w+)\b", self._files.text(path))):
                found |= self.targeting.entry(name)
        return found
