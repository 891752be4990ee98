"""Where a model is put into a registry of models."""

from __future__ import annotations

import re

from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.decisions import words_of
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.modules import Code, Hit
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.seen import Seen

_REGISTER = (
    (("mlflow",), r"(^|\.)(register_model|create_model_version|create_registered_model|register_prompt_model)$"),
    (("wandb",), r"(^|\.)(link_artifact|link_model|log_model|link)$"),
    (("sagemaker", "boto3"), r"(^|\.)(RegisterModel|create_model_package|create_model_package_group|ModelStep|register)$"),
    (("google.cloud.aiplatform", "google.cloud", "vertexai"), r"(^|\.)(Model\.upload|ModelUploadOp|upload_custom_trained_model|upload)$"),
    (("google_cloud_pipeline_components",), r"(^|\.)ModelUploadOp$"),
    (("azureml", "azure.ai.ml"), r"(^|\.)(Model\.register|register_model|models\.create_or_update|create_or_update|register)$"),
    (("comet_ml",), r"(^|\.)(register_model|register)$"),
    (("neptune",), r"(^|\.)(init_model_version|init_model|change_stage)$"),
    (("clearml",), r"(^|\.)(OutputModel|update_weights|publish|InputModel)$"),
    (("bentoml",), r"(^|\.)(save_model|models\.create|import_model)$"),
    (("hsml", "hopsworks", "model_registry", "hsfs"), r"(^|\.)(create_model|register_model|save|get_model_registry)$"),
    (("snowflake",), r"(^|\.)log_model$"),
    (("gto",), r"(^|\.)(register|assign)$"),
    (("huggingface_hub", "transformers", "trl"), r"(^|\.)(push_to_hub|upload_folder|create_commit|create_tag)$"),
    (("zenml",), r"(^|\.)(register_model|Model|mlflow_register_model_step|set_stage)$"),
    (("tfx", "ml_metadata"), r"(^|\.)Pusher$"),
    (("verta", "modelstore", "aim_registry", "openlayer"), r"(^|\.)(upload|get_or_create_registered_model|create_version|register)$"),
)  # fmt: skip
_REGISTER_SHELL = re.compile(
    r"^(gto register|az ml model (create|register)|gcloud ai models upload|aws sagemaker create-model-package|huggingface-cli upload|hf upload|"
    r"wandb artifact put|mlflow models? register|databricks .*registered-models|bentoml models import|jf .*model|dvc artifacts)"
)


class Registry:
    """Calls and commands that register a model."""

    def __init__(self, code: Code, ml: Ml, graph: Graph, jobs: list[Job]) -> None:
        self.hits = _hits(code, ml)
        self._code, self._ml, self._graph, self._jobs = code, ml, graph, jobs

    @property
    def registered(self) -> Seen:
        """The registration of the model in a run that trains it, or by a command."""
        if together := self._ml.in_pipeline(self.hits):
            return Seen(tuple(hit.where for hit in together))
        if where := self._by_command():
            return Seen((where,))
        if self.hits:
            return Seen((), f"{self.hits[0].where} registers, but not in a run that trains")
        return Seen((), "Feast keeps features; no registry keeps models" if self._code.uses("feast") else "")

    def _by_command(self) -> str:
        scripts = [(task.script, task.where) for task in self._graph.tasks]
        scripts += [(job.text, job.where) for job in self._jobs]
        scripts += [(text, module.where(line)) for module in self._code.modules for text, line, _ in module.commands]
        for script, where in scripts:
            commands = self._graph.commands(script)
            if any(_REGISTER_SHELL.search(command.line) and not command.ignored for command in commands):
                return where
        return ""


def _hits(code: Code, ml: Ml) -> list[Hit]:
    """Live calls that put a model into a registry."""
    hits = [hit for libraries, pattern in _REGISTER for hit in code.named(pattern, *libraries)]
    hits += code.find(
        lambda call: (
            bool({"registered_model_name", "registered_model"} & call.keywords())
            and call.value("registered_model_name") != ""
        )
    )
    hits += [hit for hit in code.named(r"(^|\.)log_artifact$", "wandb") if "aliases" in hit.call.keywords()]
    return ml.live([hit for hit in hits if _is_of_a_model(hit)] + _own(code))


def _is_of_a_model(hit: Hit) -> bool:
    """Whether what a call registers may be a model: not a prompt, a dataset or a feature, nor just any upload."""
    call = hit.call
    if re.search(r"prompt|dataset|feature", call.last, re.IGNORECASE):
        return False
    if call.last == "upload":
        return bool(re.search(r"[Mm]odel", call.name + call.receiver))
    if call.last in ("create_or_update", "register", "save"):
        handed = " ".join(map(words_of, [*call.node.args, *call.node.keywords]))
        return bool(re.search(r"model", call.name + handed, re.IGNORECASE))
    return True


def _own(code: Code) -> list[Hit]:
    """Calls of a registry of the project's own: a function that writes a version down with what it came from."""
    names = set()
    for module in code.modules:
        for function in module.functions.values():
            if (
                not re.search(r"regist|publish_model|push_model|add_version", function.last)
                or "feature" in function.last
            ):
                continue
            words = words_of(function.node)
            traced = re.search(r"\b(metrics?|run_id|git\w*|sha\w*|commit|data\w*_?(hash|version)|checksum)\b", words)
            if (
                re.search(r"version", words)
                and traced
                and re.search(r"\b(dump|dumps|write\w*|execute|put_object|upload\w*|insert|copy\w*|to_json)\b", words)
            ):
                names.add(function.last)
    return code.find(lambda call: call.last in names)
