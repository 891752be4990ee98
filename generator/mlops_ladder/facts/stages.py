"""The steps of a pipeline as a tool is told them."""

from __future__ import annotations

import re

from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.model import Module
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.manifests import Manifests

_CALLS = (
    (("airflow",), r"(^|\.)(DAG|dag)$"),
    (("prefect",), r"(^|\.)(flow|task)$"),
    (("dagster",), r"(^|\.)(asset|job|op|graph|define_asset_job)$"),
    (("kfp", "zenml", "sagemaker", "azure.ai.ml", "tfx", "clearml"), r"(^|\.)(pipeline|component|Pipeline)$"),
    (("kedro",), r"(^|\.)node$"),
    (("flytekit",), r"(^|\.)(workflow|task)$"),
    (("kedro",), r"(^|\.)Pipeline$"),
)
_DECORATED = ("metaflow", "luigi", "zenml", "prefect", "dagster", "kfp", "flytekit", "airflow")
_DECORATOR = re.compile(r"(^|\.)(step|task|flow|asset|op|component|workflow|pipeline|dag)$")
_KINDS = ("Workflow", "WorkflowTemplate", "CronWorkflow", "Pipeline", "PipelineRun", "databricks")


def declared_stages(graph: Graph, code: Code, manifests: Manifests) -> list[str]:
    """Stages in dvc.yaml or a Snakefile, else those of an orchestrator in code or as manifests."""
    for tool in ("dvc", "snakemake"):
        tasks = [task.where for task in graph.tasks if task.tool == tool]
        if len(tasks) > 1:
            return tasks
    places = [hit.where for libraries, pattern in _CALLS for hit in code.named(pattern, *libraries)]
    for module in code.uses(*_DECORATED):
        places += _in_module(module)
    return places + [manifest.where for manifest in manifests.of(*_KINDS)]


def _in_module(module: Module) -> list[str]:
    decorated = [f for f in module.functions.values() if any(_DECORATOR.search(name) for name in f.decorators)]
    based = [
        bases
        for bases in module.classes.values()
        if any(b.endswith(("FlowSpec", "luigi.Task", ".Task")) for b in bases)
    ]
    return [module.where(function.line) for function in decorated] + [module.where(1)] * len(based)
