"""What a command means: the files, functions and tasks of the repository that it runs."""

from __future__ import annotations

import re

from mlops_ladder.facts.code.model import BODY, MAIN
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.code.resolve import Names, Node
from mlops_ladder.facts.code.shell import Command, join
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.tasks.model import Task

_CODE = (".py", ".ipynb", ".R", ".r", ".jl", ".scala")
_SUBMITTERS = frozenset(["az", "kubectl", "argo", "oc", "gcloud", "databricks", "sky", "ray", "kfp"])
_TASK_PROGRAMS = {
    "just": "just", "task": "task", "poe": "poe", "pdm": "pdm", "hatch": "hatch", "pixi": "pixi", "tox": "tox",
    "snakemake": "snakemake", "nox": "nox",
}  # fmt: skip

TARGETS = 1_000_000
"""Files, functions and tasks that all commands together may name."""


class Targets:
    """The programs, files and tasks that commands may name."""

    def __init__(self, files: Files, code: Code, tasks: list[Task], names: Names) -> None:
        self._files = files
        self._code = code
        self._names = names
        self._by_tool: dict[str, list[Task]] = {}
        self._by_name: dict[tuple[str, str], list[Task]] = {}
        for task in tasks:
            self._by_tool.setdefault(task.tool, []).append(task)
            self._by_name.setdefault((task.tool, task.name), []).append(task)
        self._room = TARGETS
        self._known: dict[tuple[tuple[str, ...], str, str, bool], frozenset[Node]] = {}

    def tasks_named(self, tool: str, name: str) -> list[Task]:
        """The tasks of a tool that have a name, in any file."""
        return self._by_name.get((tool, name), [])

    def resolve(self, folder: str, word: str, loose: bool = False) -> str | None:
        """The repository's file that a word of a command means; paths inside an image are tried too."""
        word = word.strip("'\"").removeprefix("./")
        for candidate in (join(folder, word), join(self._files.base, word)):
            if candidate in self._files.set:
                return candidate
        if "/" in word or word.endswith(_CODE):
            tail = "/" + word.lstrip("/").split("/", 1)[-1] if word.startswith("/") else "/" + word
            hits = [path for path in self._files.by_name.get(tail.rpartition("/")[2], ()) if f"/{path}".endswith(tail)]
            if len(hits) == 1 and (loose or word.startswith(("/", "$"))):
                return hits[0]
        return None

    def targets(self, command: Command, loose: bool = False) -> frozenset[Node]:
        """What a command runs of the repository's own; `loose` takes a file's bare name for the file."""
        key = (command.words, command.folder, command.text, loose)
        if key not in self._known:
            found = frozenset(self._targets(command, loose)) if self._room >= 0 else frozenset()
            self._room -= len(found)
            if self._room < 0:
                self._files.unseen["commands"] = f"are followed to the first {TARGETS:,} that they start"
            self._known[key] = found
        return self._known[key]

    def _targets(self, command: Command, loose: bool) -> set[Node]:
        words, program = command.words, command.program
        if not words:
            return set()
        if program in ("make", "gmake"):
            return self._make(command)
        if program in ("docker", "podman", "docker-compose") and {"run", "up"} & set(words):
            return {("image", path, "") for path in self._files.match(r"(^|/)(Dockerfile|Containerfile)([.\-_]\w+)?$")}
        if program == "dvc" and len(words) > 1 and words[1] in ("repro", "exp"):
            stages = [word.rpartition(":")[2] for word in words[2:] if not word.startswith("-") and word != "run"]
            return self.tasks_of("dvc", command.folder, stages)
        if program == "mlflow" and "run" in words[1:2]:
            return self.tasks_of("mlproject", "", [])
        if program == "kedro" and "run" in words[1:2]:
            return {("py", m.path, n) for m in self._code.modules for n in m.functions if n.endswith("create_pipeline")}
        if program in _TASK_PROGRAMS or (program in ("npm", "yarn", "pnpm")):
            names = [word.rpartition(":")[2] for word in words[1:] if not word.startswith("-") and word != "run"]
            tool = _TASK_PROGRAMS.get(program, "npm")
            found = self.tasks_of(tool, command.folder, names)
            if found or program != "hatch":
                return found
        # `pdm run NAME`, `hatch run ENVIRONMENT:NAME`: what runs is then taken for the program.
        tools, name = {"script", "pixi", "pdm"}, program
        if re.match(r"hatch\b.*\brun\b", command.text):
            tools, name = {"hatch"}, program.rpartition(":")[2]
        scripts = [task for tool in sorted(tools) for task in self.tasks_named(tool, name)]
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
                found |= self.entry(word)
            elif word == "-c" and at + 1 < len(words) and command.program.startswith("python"):
                found |= self._inline(words[at + 1])
        if re.fullmatch(r"(\./)?[\w./-]+", words[0]) and (path := self.resolve(command.folder, words[0])):
            found |= self.run_file(path) if path.endswith(_CODE) else {("sh", path, "")}
        return found

    def _inline(self, source: str) -> set[Node]:
        found: set[Node] = set()
        for match in re.finditer(r"from\s+([\w.]+)\s+import\s+(\w+)|import\s+([\w.]+)", source):
            found |= self.entry(f"{match[1]}:{match[2]}" if match[1] else f"{match[3]}:main")
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

    def entry(self, name: str) -> set[Node]:
        """`module:function` or `file.py:function`."""
        head, _, function = name.replace(":", "\0").rpartition("\0") if ":" in name else name.rpartition(".")
        head = head.removesuffix(".py").removeprefix("./").replace("/", ".")
        path = self._code.file_of(head) if head else None
        module = self._code.all.get(path) if path else None
        if module is None or path is None:
            return set()
        nodes: set[Node] = {("py", path, BODY)}
        return nodes | self._names.defined(module, function, 0)

    def _make(self, command: Command) -> set[Node]:
        words = [word for word in command.words[1:] if "=" not in word]
        folder = command.folder
        if "-C" in words and words.index("-C") + 1 < len(words):
            at = words.index("-C")
            folder = join(folder, words[at + 1])
            del words[at : at + 2]
        return self.tasks_of("make", folder, [word for word in words if not word.startswith("-")])

    def tasks_of(self, tool: str, folder: str, names: list[str]) -> set[Node]:
        """The tasks of a tool by their names, those of a folder first; without names, the default."""
        own = self._by_tool.get(tool, [])
        here = [task for task in own if task.folder == folder] or own
        if names:
            wanted = set(names)
            here = [task for task in here if task.name in wanted]
        elif tool in ("make", "just"):
            here = here[:1]
        return {("task", task.file, f"{tool} {task.name}") for task in here}

    def run_file(self, path: str) -> set[Node]:
        """The nodes that start when a file is run itself."""
        return {("py", path, BODY), ("py", path, MAIN)}
