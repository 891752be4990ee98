"""All facts of one repository, each worked out when it is first asked for. Checks name those that they want."""

from __future__ import annotations

from functools import cached_property

from mlops_ladder.facts.alerts import alarms
from mlops_ladder.facts.approval import approvals
from mlops_ladder.facts.canary import canaries
from mlops_ladder.facts.ci.load import load_jobs
from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.modules import Code, Hit
from mlops_ladder.facts.data_versions import data_versions
from mlops_ladder.facts.deploy import Deploy
from mlops_ladder.facts.docs import Docs
from mlops_ladder.facts.drift import drift_hits
from mlops_ladder.facts.evals import Evals
from mlops_ladder.facts.gate import Gate, load_gates
from mlops_ladder.facts.instructions import Instructions
from mlops_ladder.facts.llm import Llm
from mlops_ladder.facts.manifests import Manifests
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.own_tests import real_tests
from mlops_ladder.facts.packages import Packages, load_packages
from mlops_ladder.facts.policy import promotion_policy
from mlops_ladder.facts.prompts import Prompts
from mlops_ladder.facts.pull_request import PullRequest
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.registry import Registry
from mlops_ladder.facts.rollback import rollbacks
from mlops_ladder.facts.seen import Seen, first
from mlops_ladder.facts.serving import Serving
from mlops_ladder.facts.signals import Signals
from mlops_ladder.facts.source.disk import Source
from mlops_ladder.facts.stages import declared_stages
from mlops_ladder.facts.tasks.load import load_tasks
from mlops_ladder.facts.tasks.model import Task
from mlops_ladder.facts.tracing import traced_calls
from mlops_ladder.facts.tracking import Tracking, load_tracking
from mlops_ladder.facts.triggers import Trigger, load_triggers
from mlops_ladder.facts.validation import enforced_validation


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

    @cached_property
    def own_tests(self) -> list[tuple[str, str]]:
        """Tests that assert something about the repository's own code, as (path, where)."""
        return real_tests(self.code)

    @cached_property
    def pull_request(self) -> PullRequest:
        """What a proposed change starts."""
        return PullRequest(self.files, self.graph, self.ci, self.own_tests)

    @cached_property
    def instructions(self) -> Instructions:
        """What says how the project is run."""
        return Instructions(self.files, self.docs, self.graph, self.ml, self.llm, self.ci, self.triggers)

    @cached_property
    def stages(self) -> list[str]:
        """Declared steps of a pipeline."""
        return declared_stages(self.graph, self.code, self.manifests)

    @cached_property
    def data_versions(self) -> Seen:
        """Where the content of the data is named."""
        return data_versions(self.files, self.code, self.graph, self.ml)

    @cached_property
    def validation(self) -> Seen:
        """A validation of data that stops a training."""
        return enforced_validation(self.code, self.ml, self.graph, self.ci)

    @cached_property
    def tracking(self) -> Tracking:
        """What is recorded of runs."""
        return load_tracking(self.files, self.code, self.graph, self.ml)

    @cached_property
    def registry(self) -> Registry:
        """What is put into a registry of models."""
        return Registry(self.code, self.ml, self.graph, self.ci)

    @cached_property
    def promotion_policy(self) -> Seen:
        """A promotion by itself that obeys a written policy."""
        return promotion_policy(self.files, self.code, self.graph, self.ci, self.triggers)

    @cached_property
    def serving(self) -> Serving:
        """Services and batch scoring."""
        return Serving(self.code, self.ml, self.graph, self.manifests)

    @cached_property
    def canary(self) -> Seen:
        """A share of the traffic for the new version."""
        return first(canaries(self.manifests, self.deploy, self.code, self.ml, self.files))

    @cached_property
    def approval(self) -> Seen:
        """What production waits for."""
        return first(approvals(self.deploy, self.manifests, self.code, self.graph, self.files))

    @cached_property
    def rollback(self) -> Seen:
        """What takes a bad release back by itself."""
        return rollbacks(self.manifests, self.deploy, self.code, self.ml, self.files, self.graph, self.ci)

    @cached_property
    def drift(self) -> list[Hit]:
        """Comparisons of live data with a reference."""
        return drift_hits(self.code, self.ml)

    @cached_property
    def alarms(self) -> Seen:
        """Alarms that are loaded."""
        return first(alarms(self.files, self.manifests, self.code, self.ml, self.triggers, self.deploy, self.drift))

    @cached_property
    def signals(self) -> Signals:
        """What signals of production set going."""
        return Signals(self.files, self.code, self.graph, self.ml, self.ci, self.triggers, self.manifests)

    @cached_property
    def prompts(self) -> Prompts:
        """Where prompts are kept."""
        return Prompts(self.files, self.code, self.graph, self.llm, self.ml)

    @cached_property
    def evals(self) -> Evals:
        """What scores a language model, and which jobs run it."""
        return Evals(self.code, self.graph, self.llm, self.ml, self.pull_request)

    @cached_property
    def traced_calls(self) -> Seen:
        """Records of the calls of a language model."""
        return traced_calls(self.files, self.code, self.graph, self.llm, self.ml)
