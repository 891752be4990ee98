"""All facts of one repository, each worked out when it is first asked for. Checks name those that they want."""

from __future__ import annotations

from functools import cached_property

from mlops_ladder.facts.ci.load import load_jobs
from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.deploy import Deploy
from mlops_ladder.facts.docs import Docs
from mlops_ladder.facts.gate import Gate, load_gates
from mlops_ladder.facts.llm import Llm
from mlops_ladder.facts.manifests import Manifests
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.packages import Packages, load_packages
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.source.disk import Source
from mlops_ladder.facts.tasks.load import load_tasks
from mlops_ladder.facts.tasks.model import Task
from mlops_ladder.facts.triggers import Trigger, load_triggers


class Facts:
    """What a check may ask for: a parameter `ci` of a check receives `facts.ci`."""

    def __init__(self, source: Source) -> None:
        self.files = Files(source)

    @cached_property
    def code(self) -> Code:
        """Python, notebooks, R, Julia and Scala."""
        return Code(self.files)

    @cached_property
    def docs(self) -> Docs:
        """What is written for people."""
        return Docs(self.files)

    @cached_property
    def ci(self) -> list[Job]:
        """The jobs of every CI host."""
        return load_jobs(self.files)

    @cached_property
    def tasks(self) -> list[Task]:
        """make targets, DVC stages and their like."""
        return load_tasks(self.files)

    @cached_property
    def graph(self) -> Graph:
        """What runs what."""
        return Graph(self.files, self.code, self.tasks)

    @cached_property
    def ml(self) -> Ml:
        """Training, metrics, saving, predicting."""
        return Ml(self.files, self.code, self.graph, self.tasks, self.ci)

    @cached_property
    def llm(self) -> Llm:
        """Calls of language models, prompts, evals."""
        return Llm(self.files, self.code, self.graph)

    @cached_property
    def packages(self) -> Packages:
        """Declared requirements."""
        return load_packages(self.files)

    @cached_property
    def manifests(self) -> Manifests:
        """Kubernetes, compose, Terraform, monitoring rules."""
        return Manifests(self.files)

    @cached_property
    def triggers(self) -> list[Trigger]:
        """What starts by itself."""
        return load_triggers(self.files, self.code, self.graph, self.ci, self.manifests)

    @cached_property
    def deploy(self) -> Deploy:
        """What is put into environments, and by whom."""
        return Deploy(self.files, self.code, self.graph, self.ci, self.manifests, self.triggers)

    @cached_property
    def gates(self) -> list[Gate]:
        """Comparisons with the champion."""
        return load_gates(self.files, self.code, self.graph, self.ci, self.tasks)
