"""What says how the project is run: a command in a document, a name in a document, a task or a job."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.resolve import Node
from mlops_ladder.facts.docs import Docs
from mlops_ladder.facts.llm import Llm
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.seen import Seen
from mlops_ladder.facts.triggers import Trigger


class Instructions:
    """How to train the model, or to start the application of a language model."""

    def __init__(
        self, files: Files, docs: Docs, graph: Graph, ml: Ml, llm: Llm, jobs: list[Job], triggers: list[Trigger]
    ) -> None:
        self._files, self._docs, self._graph, self._ml, self._llm = files, docs, graph, ml, llm
        self._jobs, self._triggers = jobs, triggers

    def automated(self, targets: frozenset[Node]) -> list[str]:
        """Tasks, triggers and jobs that reach something."""
        places = [task.where for task in self._graph.tasks if self._graph.of_task(task) & targets]
        places += [trigger.where for trigger in self._triggers if trigger.nodes & targets]
        return places + [job.where for job in self._jobs if self._graph.of_job(job) & targets]

    @property
    def runbook(self) -> Seen:
        """Where it is said how to run the project."""
        targets = self._ml.train_nodes or self._llm.nodes
        if not targets:
            return Seen((), "there is nothing to run")
        stale = ""
        for seen in self._commands(targets):
            if seen:
                return seen
            stale = seen.note
        if where := self._named(targets):
            return Seen((where,))
        if automated := self.automated(targets):
            return Seen(tuple(automated))
        started = self._docs.find(r"uvicorn|streamlit run|python |docker (run|compose)|make |chainlit|flask run|gradio")
        if self._llm.used and not self._ml.trains and started:
            return Seen((started,))
        return Seen((), stale or "no document names a command or file that trains the model")

    def _commands(self, targets: frozenset[Node]) -> Iterator[Seen]:
        """Commands in documents that reach what is to be run, or name a file that is gone."""
        for line, where in self._docs.commands:
            folder = where.rpartition(":")[0].rpartition("/")[0]
            for start in dict.fromkeys(["", self._files.base, folder]):
                if self._graph.of_shell(line, start) & targets:
                    yield Seen((where,))
            gone = re.search(r"\bpython[\d.]* ([\w./-]+\.py)\b", line)
            if gone and not self._graph.resolve("", gone[1]) and not self._graph.resolve(folder, gone[1]):
                yield Seen((), f"{where} names {gone[1]}, which is not there")

    def _named(self, targets: frozenset[Node]) -> str:
        """A document that names the file to run, or the notebook to open."""
        names = {path.rpartition("/")[2] for _, path, _ in targets if path.endswith((".ipynb", ".py", ".R"))}
        notebooks = any(name.endswith(".ipynb") for name in names)
        runs = re.compile(r"\brun\b|\bpython\b|\bexecute\b|Rscript|make", re.IGNORECASE)
        for path in self._docs.paths:
            text = self._docs.text(path)
            if any(name in text for name in names) and (notebooks or runs.search(text)):
                return path
            if notebooks and re.search(r"jupyter|run (all|the) (cells|notebook)|notebooks?/", text, re.IGNORECASE):
                return path
        return ""
