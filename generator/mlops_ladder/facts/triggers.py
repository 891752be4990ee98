"""What starts by itself: the clock, a push, another system, a signal."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.model import Call, Module, constant
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.code.resolve import Node
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.manifests import Manifests, containers
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import walk
from mlops_ladder.facts.read.yaml import line_of_value


@dataclass(frozen=True)
class Trigger:
    """Something that starts without a person: `kind` is schedule, event, push, chain or tag."""

    kind: str
    where: str
    nodes: frozenset[Node]
    job: Job | None = None


def load_triggers(files: Files, code: Code, graph: Graph, jobs: list[Job], manifests: Manifests) -> list[Trigger]:
    """Every unattended start, with all that it reaches."""
    found: list[Trigger] = []
    for job in jobs:
        if job.unattended():
            kind = next(k for k in ("schedule", "event", "chain", "push", "tag") if k in job.triggers)
            nodes = graph.of_job(job) | _started(job.text, code, graph)
            found.append(Trigger(kind, job.where, nodes, job))
    found += _orchestrated(code, graph)
    found += _manifests(manifests, graph, files)
    found += _crontabs(files, graph)
    found += _managed(files, code, graph)
    return found


def _started(text: str, code: Code, graph: Graph) -> frozenset[Node]:
    """What a job starts in another system: a DAG, a deployment or a workflow by its name."""
    starts: set[Node] = set()
    names = re.findall(
        r"(?:airflow dags trigger(?: -\S+)*|dags/|prefect deployment run|metaflow run)\s*/?['\"]?([\w-]+)",
        text,
    )
    for name in names:
        for module in code.modules:
            if any(value == name for value, _, _ in module.strings) or name.replace("-", "_") in module.functions:
                starts |= graph.run_file(module.path)
    return graph.reach(starts) if starts else frozenset()


_ORCHESTRATORS = (
    "airflow", "prefect", "dagster", "zenml", "kfp", "flytekit", "metaflow", "google.cloud.aiplatform", "sagemaker",
    "azure.ai.ml", "apscheduler", "schedule", "celery", "boto3", "rocketry", "mage_ai", "clearml",
)  # fmt: skip


def _orchestrated(code: Code, graph: Graph) -> list[Trigger]:
    found: list[Trigger] = []
    for module in code.modules:
        if not module.uses(*_ORCHESTRATORS):
            continue
        for call in module.calls:
            kind = _starts(module, call)
            if kind:
                scope: set[Node] = graph.run_file(module.path) | {("py", module.path, call.scope)}
                scope |= {("py", module.path, name) for name, f in module.functions.items() if f.decorators}
                found.append(Trigger(kind, module.where(call.line), graph.reach(scope)))
    return found


def _starts(module: Module, call: Call) -> str:
    """Whether a call of an orchestrator's API sets a schedule or waits for an event."""
    last = call.last
    if module.uses("airflow") and last in ("DAG", "dag"):
        node = call.keyword("schedule") or call.keyword("schedule_interval") or call.keyword("timetable")
        node = _named(module, node)
        if node is None or (constant(node) in (None, "@once") and isinstance(node, ast.Constant)):
            return ""
        return "event" if isinstance(node, (ast.List, ast.Tuple)) else "schedule"
    if module.uses("prefect") and last in (
        "serve",
        "deploy",
        "Deployment",
        "build_from_flow",
        "to_deployment",
    ):
        given = call.keywords() & {"cron", "interval", "rrule", "schedule", "schedules"}
        return "event" if "triggers" in call.keywords() else "schedule" if given else ""
    if module.uses("dagster"):
        if last in ("ScheduleDefinition", "schedule", "build_schedule_from_partitioned_job"):
            return "schedule"
        if last in ("sensor", "asset_sensor", "SensorDefinition", "run_status_sensor", "multi_asset_sensor",
                    "AutomationConditionSensorDefinition") or call.name.endswith(("AutomationCondition.eager",
                    "AutomationCondition.on_cron", "AutoMaterializePolicy.eager")):  # fmt: skip
            return "event"
    if module.uses("zenml") and last == "Schedule":
        return "schedule"
    if last in ("create_recurring_run", "create_schedule", "RecurrenceTrigger", "CronTrigger", "JobSchedule",
                "PipelineSchedule", "CronSchedule", "LaunchPlan", "put_triggers", "PipelineJobSchedule"):  # fmt: skip
        return "schedule"
    if module.uses("metaflow") and last in ("schedule", "trigger", "trigger_on_finish"):
        return "schedule" if last == "schedule" else "event"
    if module.uses("apscheduler", "schedule", "celery", "rocketry") and last in (
        "add_job",
        "do",
        "scheduled_job",
        "crontab",
        "task",
    ):
        return "schedule" if last != "task" or module.uses("rocketry") else ""
    if module.uses("clearml") and last in (
        "TaskScheduler",
        "add_task",
        "TriggerScheduler",
        "add_dataset_trigger",
    ):
        return "schedule" if "Task" in last or last == "add_task" else "event"
    return ""


def _named(module: Module, node: ast.expr | None) -> ast.expr | None:
    """A module-level constant behind a name."""
    if isinstance(node, ast.Name) and module.tree is not None:
        for statement in module.tree.body:
            if isinstance(statement, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == node.id for target in statement.targets
            ):
                return statement.value
    return node


def _manifests(manifests: Manifests, graph: Graph, files: Files) -> list[Trigger]:
    found: list[Trigger] = []
    for manifest in manifests.all:
        body = manifest.body
        if manifest.kind in ("CronJob", "CronWorkflow", "ScheduledWorkflow", "ScheduledSparkApplication"):
            spec = body.get("spec") if isinstance(body.get("spec"), dict) else {}
            if (spec or {}).get("suspend") is True:
                continue
            nodes = frozenset().union(*(graph.of_shell(line, files.base) for line in containers(body)), frozenset())
            if not nodes:
                nodes = _by_template(manifests, body, graph, files)
            found.append(Trigger("schedule", manifest.where, nodes))
        elif manifest.kind in ("Sensor", "EventSource", "ScaledJob"):
            nodes = frozenset().union(*(graph.of_shell(line, files.base) for line in containers(body)), frozenset())
            nodes |= _by_template(manifests, body, graph, files)
            found.append(Trigger("event", manifest.where, nodes))
        elif manifest.kind in ("prefect", "databricks", "azureml"):
            found += _declared(manifest.path, body, files, graph)
    return found


def _by_template(manifests: Manifests, body: dict[str, object], graph: Graph, files: Files) -> frozenset[Node]:
    """What a workflow template runs that is only referred to by name."""
    names = {
        str(value.get("name")) for key, value in walk(body) if key == "workflowTemplateRef" and isinstance(value, dict)
    }
    nodes: frozenset[Node] = frozenset()
    for manifest in manifests.of("WorkflowTemplate", "ClusterWorkflowTemplate", "Workflow"):
        if manifest.name in names:
            for line in containers(manifest.body):
                nodes |= graph.of_shell(line, files.base)
    return nodes


def _declared(path: str, body: dict[str, object], files: Files, graph: Graph) -> list[Trigger]:
    """prefect.yaml, Databricks bundles and Azure ML schedules: a schedule beside the entry that it starts."""
    text = files.text(path)
    pairs = walk(body)
    timers = [
        key
        for key, value in pairs
        if key in ("schedule", "schedules", "trigger", "triggers", "cron", "continuous") and value
    ]
    paused = re.search(r"pause_status:\s*PAUSED|active:\s*false|enabled:\s*false", text)
    if not timers or paused:
        return []
    starts: set[Node] = set()
    for key, value in pairs:
        if key in (
            "entrypoint",
            "python_file",
            "notebook_path",
            "entry_point",
            "code",
            "command",
            "job",
            "package_name",
        ) and (isinstance(value, str)):
            starts |= set(graph.of_shell(value if " " in value else f"run {value}", path.rpartition("/")[0]))
            starts |= set(graph.of_shell(f"run {value}.py", path.rpartition("/")[0]))
    return [Trigger("schedule", Place(path, line_of_value(timers[0])), graph.reach(starts))]


def _crontabs(files: Files, graph: Graph) -> list[Trigger]:
    found: list[Trigger] = []
    for path in files.match(r"(^|/)(crontab|[^/]*\.cron|cron\.d/[^/]+|[^/]*\.timer)$"):
        text = files.text(path)
        if path.endswith(".timer"):
            service = path.removesuffix(".timer") + ".service"
            match = re.search(r"^ExecStart=(.*)$", files.text(service), re.MULTILINE)
            if match and "OnCalendar" in text:
                found.append(Trigger("schedule", Place(path), graph.of_shell(match[1], files.base)))
            continue
        for number, line in enumerate(text.splitlines(), 1):
            match = re.match(r"^\s*(?:@\w+|(?:[\d*/,\-A-Za-z]+\s+){5})(.+)$", line)
            if match and not line.lstrip().startswith("#"):
                nodes = graph.of_shell(match[1], files.base) | graph.of_shell(
                    re.sub(r"cd \S+\s*&&", "", match[1]), files.base
                )
                found.append(Trigger("schedule", Place(path, number), nodes))
    return found


_RULES = re.compile(
    r"aws_cloudwatch_event_rule|aws_scheduler_schedule|google_cloud_scheduler_job|AWS::Events::Rule|AWS::Scheduler::Schedule"
    r"|azurerm_data_factory_trigger_schedule|google_eventarc_trigger"
)
_TRAINER = re.compile(
    r"sagemaker.{0,20}pipeline|start-?pipeline-?execution|pipelineJobs|\btrain|retrain", re.IGNORECASE
)


def _managed(files: Files, code: Code, graph: Graph) -> list[Trigger]:
    """Timers and event rules of a cloud that start a training pipeline described in the same repository."""
    found: list[Trigger] = []
    for path in files.match(r"\.(tf|ya?ml|json)$"):
        if not path.endswith(".tf") and not re.search(r"template|cloudformation|cfn|infra|events?", path):
            continue
        text = files.text(path)
        match = _RULES.search(text)
        if match and _TRAINER.search(text):
            kind = "event" if "event_pattern" in text or "EventPattern" in text else "schedule"
            starts = {node for module in code.modules if module.uses("sagemaker", "kfp", "google.cloud.aiplatform", "boto3", "azure.ai.ml")
                      for node in graph.run_file(module.path)}  # fmt: skip
            found.append(Trigger(kind, Place.at(path, text, match.start()), graph.reach(starts)))
    return found
