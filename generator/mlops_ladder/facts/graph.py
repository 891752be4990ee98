"""What runs what: from a command, a task or a CI job to the functions that it reaches."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from mlops_ladder.facts.ci.model import Job, Step
from mlops_ladder.facts.code import Code
from mlops_ladder.facts.commands import Command, join, parse_shell
from mlops_ladder.facts.files import Files
from mlops_ladder.facts.manifests import containers
from mlops_ladder.facts.python import BODY, MAIN, Module
from mlops_ladder.facts.tasks import Task
from mlops_ladder.facts.text import walk

Node = tuple[str, str, str]
"""("py", file, scope), ("task", file, name of tool and task), ("sh", file, "") or ("yaml", file, "")."""

_CODE = (".py", ".ipynb", ".R", ".r", ".jl", ".scala")
_LOADED_BY_FRAMEWORKS = (
    "prefect", "dagster", "zenml", "flytekit", "kfp", "fastapi", "flask", "bentoml", "airflow", "kedro", "metaflow",
    "celery", "litestar", "modal", "typer", "click", "hydra", "fire", "invoke", "nox", "ray", "streamlit", "dlt",
)  # fmt: skip
_ENTRY_NAMES = frozenset(
    [
        "create_pipeline",
        "register_pipelines",
        "handler",
        "lambda_handler",
        "model_fn",
        "input_fn",
        "predict_fn",
        "output_fn",
        "init",
        "run",
        "main",
        "setup",
        "predict",
        "load_context",
        "execute",
        "initialize",
        "finalize",
        "train",
        "score",
        "inference",
        "startup",
        "lifespan",
        "cli",
        "app",
    ]
)
_SUBMITTERS = frozenset("az kubectl argo oc gcloud databricks sky ray kfp".split())
_TASK_PROGRAMS = {
    "just": "just", "task": "task", "poe": "poe", "pdm": "pdm", "hatch": "hatch", "pixi": "pixi", "tox": "tox",
    "snakemake": "snakemake",
}  # fmt: skip


class Graph:
    """Edges are worked out when they are walked, and kept."""

    def __init__(self, files: Files, code: Code, tasks: list[Task]) -> None:
        self._files = files
        self._code = code
        self.tasks = tasks
        self._edges: dict[Node, frozenset[Node]] = {}
        self._reach: dict[frozenset[Node], frozenset[Node]] = {}

    def reach(self, starts: Iterable[Node]) -> frozenset[Node]:
        """Everything that runs when these do, themselves included."""
        key = frozenset(starts)
        if key not in self._reach:
            seen: set[Node] = set()
            stack = list(key)
            while stack:
                node = stack.pop()
                if node not in seen:
                    seen.add(node)
                    if node not in self._edges:
                        self._edges[node] = frozenset(self._expand(node))
                    stack += self._edges[node]
            self._reach[key] = frozenset(seen)
        return self._reach[key]

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

    def commands(self, text: str, folder: str = "", depth: int = 0) -> list[Command]:
        """The commands of a shell text, with tasks and scripts of the repository opened up."""
        found: list[Command] = []
        for command in parse_shell(text, folder):
            found.append(command)
            inner: list[Command] = []
            for kind, path, name in self.targets(command) if depth < 5 else ():
                if kind == "sh":
                    inner += self.commands(self._files.text(path), command.folder, depth + 1)
                elif kind == "task":
                    tool, _, bare = name.partition(" ")
                    for task in self._chain(tool, path, bare):
                        inner += self.commands(task.script, task.folder, depth + 1) if tool != "script" else []
            found += [replace(item, ignored=True) for item in inner] if command.ignored else inner
        return found

    def _chain(self, tool: str, path: str, name: str) -> list[Task]:
        """A task and those that it needs, each once."""
        found: list[Task] = []
        names = [name]
        for item in names:
            for task in self.tasks:
                if (
                    task.tool == tool
                    and task.name == item
                    and task not in found
                    and (task.file == path or item != name)
                ):
                    found.append(task)
                    names += [need for need in task.needs if need not in names]
        return found

    def job_commands(self, job: Job) -> list[tuple[Command, Step]]:
        """Every command of a CI job, opened up, with its step."""
        return [
            (replace(command, ignored=True) if step.lenient or job.lenient else command, step)
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
                or ("." in name and _hooks(module, name))
            }
        for task in self.tasks:
            starts.add(("task", task.file, f"{task.tool} {task.name}"))
        return self.reach(starts | self._named_in_configuration())

    def _named_in_configuration(self) -> set[Node]:
        """Functions that a YAML or TOML file names as `module:function` or `module.function`."""
        found: set[Node] = set()
        for path in self._files.match(r"\.(ya?ml|toml|cfg|json)$")[:400]:
            for name in set(re.findall(r"['\"\s:=]([\w./]+[:.]\w+)\b", self._files.text(path)[:100_000])):
                found |= self._entry(name)
        return found

    def run_file(self, path: str) -> set[Node]:
        """The nodes that start when a file is run itself."""
        return {("py", path, BODY), ("py", path, MAIN)}

    def resolve(self, folder: str, word: str, loose: bool = False) -> str | None:
        """The repository's file that a word of a command means; paths inside an image are tried too."""
        word = word.strip("'\"").removeprefix("./")
        for candidate in (join(folder, word), join(self._files.base, word)):
            if candidate in self._files.set:
                return candidate
        if "/" in word or word.endswith(_CODE):
            tail = "/" + word.lstrip("/").split("/", 1)[-1] if word.startswith("/") else "/" + word
            hits = [path for path in self._files.paths if ("/" + path).endswith(tail)]
            if len(hits) == 1 and (loose or word.startswith(("/", "$"))):
                return hits[0]
        return None

    def targets(self, command: Command, loose: bool = False) -> set[Node]:
        """What a command runs of the repository's own; `loose` takes a file's bare name for the file."""
        words, program = command.words, command.program
        if not words:
            return set()
        if program in ("make", "gmake"):
            return self._make(command)
        if program == "dvc" and len(words) > 1 and words[1] in ("repro", "exp"):
            stages = [word.rpartition(":")[2] for word in words[2:] if not word.startswith("-") and word != "run"]
            return self._tasks("dvc", command.folder, stages)
        if program == "mlflow" and "run" in words[1:2]:
            return self._tasks("mlproject", "", [])
        if program == "kedro" and "run" in words[1:2]:
            return {("py", m.path, n) for m in self._code.modules for n in m.functions if n.endswith("create_pipeline")}
        if program in _TASK_PROGRAMS or (program in ("npm", "yarn", "pnpm")):
            names = [word.rpartition(":")[2] for word in words[1:] if not word.startswith("-") and word != "run"]
            tool = _TASK_PROGRAMS.get(program, "npm")
            found = self._tasks(tool, command.folder, names)
            if found or program != "hatch":
                return found
        scripts = [task for task in self.tasks if task.tool in ("script", "pixi", "pdm") and task.name == program]
        if scripts:
            entry = {("task", task.file, f"{task.tool} {task.name}") for task in scripts}
            narrowed = self._subcommand(scripts[0].script, words[1:])
            return narrowed or entry
        return self._files_named(command, loose)

    def _files_named(self, command: Command, loose: bool) -> set[Node]:
        found: set[Node] = set()
        words = command.words
        for at, word in enumerate(words):
            if word == "-m" and at + 1 < len(words):
                found |= self._module(words[at + 1], command.folder, words[at + 2 :])
            elif re.search(r"\.(py|ipynb|sh|bash|R|r|jl|scala)$", word) and not word.startswith("-"):
                path = self.resolve(command.folder, word, loose)
                if path and path.endswith(_CODE):
                    found |= self._file_with_arguments(path, words[at + 1 :])
                elif path:
                    found.add(("sh", path, ""))
            elif word.endswith((".yml", ".yaml")) and command.program in _SUBMITTERS:
                path = self.resolve(command.folder, word)
                found |= {("yaml", path, "")} if path else set()
            elif re.fullmatch(r"[\w./]+:\w+", word):
                found |= self._entry(word)
            elif word == "-c" and at + 1 < len(words) and command.program.startswith("python"):
                found |= self._inline(words[at + 1])
        if re.fullmatch(r"(\./)?[\w./-]+", words[0]) and (path := self.resolve(command.folder, words[0])):
            found |= self.run_file(path) if path.endswith(_CODE) else {("sh", path, "")}
        return found

    def _inline(self, source: str) -> set[Node]:
        found: set[Node] = set()
        for match in re.finditer(r"from\s+([\w.]+)\s+import\s+(\w+)|import\s+([\w.]+)", source):
            found |= self._entry(f"{match[1]}:{match[2]}" if match[1] else f"{match[3]}:main")
        return found

    def _module(self, name: str, folder: str, rest: tuple[str, ...]) -> set[Node]:
        path = self._code.file_of(name, f"{folder}/x")
        if path and path.endswith("__init__.py"):
            path = self._code.file_of(f"{name}.__main__", path) or path
        return self._file_with_arguments(path, rest) if path else set()

    def _file_with_arguments(self, path: str, rest: tuple[str, ...]) -> set[Node]:
        """A run of a file; a sub-command that names a function of it narrows the run to that function."""
        module = self._code.all.get(path)
        word = next((item for item in rest if not item.startswith("-")), "")
        if module and word:
            stem = word.replace("-", "_")
            for name in (stem, f"cmd_{stem}", f"run_{stem}", f"{stem}_cmd", f"{stem}_command", f"do_{stem}"):
                if name in module.functions:
                    return {("py", path, BODY), ("py", path, name)}
        return self.run_file(path)

    def _subcommand(self, target: str, rest: tuple[str, ...]) -> set[Node]:
        found = self._code.split(target.partition(":")[0])
        if not found:
            return set()
        nodes = self._file_with_arguments(found[0], rest)
        return nodes if nodes != self.run_file(found[0]) else set()

    def _entry(self, name: str) -> set[Node]:
        """`module:function` or `file.py:function`."""
        head, _, function = name.replace(":", "\0").rpartition("\0") if ":" in name else name.rpartition(".")
        head = head.removesuffix(".py").removeprefix("./").replace("/", ".")
        path = self._code.file_of(head) if head else None
        module = self._code.all.get(path) if path else None
        if module is None or path is None:
            return set()
        nodes: set[Node] = {("py", path, BODY)}
        return nodes | self._defined(module, function, 0)

    def _make(self, command: Command) -> set[Node]:
        words = [word for word in command.words[1:] if "=" not in word]
        folder = command.folder
        if "-C" in words and words.index("-C") + 1 < len(words):
            at = words.index("-C")
            folder = join(folder, words[at + 1])
            del words[at : at + 2]
        return self._tasks("make", folder, [word for word in words if not word.startswith("-")])

    def _tasks(self, tool: str, folder: str, names: list[str]) -> set[Node]:
        own = [task for task in self.tasks if task.tool == tool]
        here = [task for task in own if task.folder == folder] or own
        if names:
            here = [task for task in here if task.name in names]
        elif tool in ("make", "just"):
            here = here[:1]
        return {("task", task.file, f"{tool} {task.name}") for task in here}

    def _expand(self, node: Node) -> set[Node]:
        kind, path, name = node
        if kind == "py":
            return self._python(path, name)
        if kind == "task":
            return self._task(path, name)
        if kind == "sh":
            return self._shell(self._files.text(path), path.rpartition("/")[0]) | self._shell(
                self._files.text(path), ""
            )
        return self._submitted(path)

    def _submitted(self, path: str) -> set[Node]:
        """What a job description runs that a command submits: its containers, or its commands beside their code."""
        found: set[Node] = set()
        for body in self._files.yaml(path):
            if not isinstance(body, dict):
                continue
            for line in containers(body):
                found |= self._shell(line, self._files.base)
            pairs = [("", body), *walk(body)]
            for _, part in pairs:
                if isinstance(part, dict) and isinstance(part.get("command"), str):
                    found |= self._shell(part["command"], join(path.rpartition("/")[0], str(part.get("code", ""))))
        return found

    def _shell(self, text: str, folder: str) -> set[Node]:
        return {target for command in parse_shell(text, folder) for target in self.targets(command)}

    def _task(self, path: str, name: str) -> set[Node]:
        tool, _, bare = name.partition(" ")
        found: set[Node] = set()
        for task in self.tasks:
            if task.file != path or task.tool != tool or task.name != bare:
                continue
            if tool == "script":
                found |= self._entry(task.script)
                continue
            found |= self._shell(task.script, task.folder)
            found |= self._tasks(tool, task.folder, list(task.needs)) if task.needs else set()
            if tool in ("poe", "pdm", "hatch"):
                names = [line for line in task.script.split("\n") if re.fullmatch(r"[\w:-]+", line)]
                found |= self._tasks(tool, task.folder, names) if names else set()
        return found

    def _python(self, path: str, scope: str) -> set[Node]:
        module = self._code.all.get(path)
        if module is None:
            return set()
        found: set[Node] = set()
        for where, name in module.imported:
            if where == scope and (target := self._code.split(name, path)):
                found.add(("py", target[0], BODY))
        for name in module.refs.get(scope, ()):
            found |= self._meant(module, name, 0)
        for text, _, where in module.commands:
            if where == scope:
                for command in parse_shell(text, ""):
                    found |= self.targets(command, loose=True)
        if scope == MAIN and module.uses("typer", "click", "fire", "hydra", "metaflow", "prefect"):
            found |= {("py", path, name) for name, function in module.functions.items() if function.decorators}
        if scope == BODY and module.uses("prefect", "dagster", "zenml", "kfp", "flytekit", "invoke", "nox", "fastapi", "flask",
                                                "bentoml", "litestar", "starlette", "chainlit", "airflow"):  # fmt: skip
            found |= {("py", path, name) for name, function in module.functions.items() if function.decorators}
        return found

    def _meant(self, module: Module, name: str, depth: int) -> set[Node]:
        """The functions of the repository that a name may stand for."""
        head, _, tail = name.partition(".")
        bare = head.rstrip("()[]")
        if bare in module.classes or bare in module.functions:
            return self._defined(module, bare, depth)
        target = self._code.split(name, module.path) if bare not in ("self", "cls") else None
        if target and (bare in {value.split(".")[0] for value in module.imports.values()}):
            other = self._code.all.get(target[0])
            if other is None:
                return set()
            nodes: set[Node] = {("py", target[0], BODY)}
            return nodes | (self._defined(other, target[1][0], depth) if target[1] else set())
        if tail and bare not in {value.split(".")[0] for value in module.imports.values()}:
            return self._methods(module, tail.rpartition(".")[2].rstrip("()[]"))
        return set()

    def _defined(self, module: Module, name: str, depth: int) -> set[Node]:
        """A function, a class (all its methods) or what the module imported under that name."""
        if name in module.functions:
            return {("py", module.path, name)}
        if name in module.classes:
            found: set[Node] = {
                ("py", module.path, function) for function in module.functions if function.startswith(f"{name}.")
            }
            found |= {("py", module.path, f"class {name}")}
            for base in module.classes[name] if depth < 4 else ():
                found |= self._meant(module, base, depth + 1)
            return found
        if name in module.imports and depth < 5:
            return self._meant(module, module.imports[name], depth + 1)
        return set()

    def _methods(self, module: Module, name: str) -> set[Node]:
        """Methods of that name in this module and in those that it imports."""
        near = {module.path}
        for _, imported in module.imported:
            if target := self._code.split(imported, module.path):
                near.add(target[0])
        found: set[Node] = set()
        for path in near:
            other = self._code.all.get(path)
            for function in other.functions if other else ():
                if function.endswith(f".{name}"):
                    found.add(("py", path, function))
        return found


def _hooks(module: Module, name: str) -> bool:
    """A method of a class that a framework calls: its base class comes from elsewhere."""
    return any("." in base for base in module.classes.get(name.partition(".")[0], ()))
