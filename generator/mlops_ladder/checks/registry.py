"""Registry: the model kept, described, registered, verified, promoted."""

from __future__ import annotations

import ast
import re

from mlops_ladder.checks.base import Verdict, check, found, met, missing
from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.decisions import decisions, words_of
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.model import Module
from mlops_ladder.facts.code.modules import Code, Hit
from mlops_ladder.facts.docs import Docs
from mlops_ladder.facts.gate import ACTS
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files, is_test
from mlops_ladder.facts.triggers import Trigger


@check("model-saved")
def saved(ml: Ml) -> Verdict:
    """Write the fitted model to a file, beside its metrics."""
    places = [hit.where for hit in ml.saves] + [module.where(line) for module, line in ml.sql_training]
    return found(places + [task.where for task in ml.shell_training], "the fitted model is never written")


@check("model-card")
def card(docs: Docs) -> Verdict:
    """Write docs/model.md: what the model is for and what not, the data it was trained on, its quality and its limits."""
    name = docs.about(
        r"model",
        r"intended|use|purpose",
        r"limit|bias|metric|evaluat|quality|accuracy|auc",
        name=r"model[_-]?card|(^|/)model\.md|card",
    )
    return found([name or docs.find(r"^#+ .*(model card|intended use)", "")])


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


def register_hits(code: Code, ml: Ml) -> list[Hit]:
    """Live calls that put a model into a registry of models."""
    hits = [hit for libraries, pattern in _REGISTER for hit in code.named(pattern, *libraries)]
    hits += code.find(
        lambda call: (
            bool({"registered_model_name", "registered_model"} & call.keywords())
            and call.value("registered_model_name") != ""
        )
    )
    hits += [hit for hit in code.named(r"(^|\.)log_artifact$", "wandb") if "aliases" in hit.call.keywords()]
    hits = [hit for hit in hits if not re.search(r"prompt|dataset|feature", hit.call.last, re.IGNORECASE)]
    hits = [
        hit
        for hit in hits
        if not (hit.call.last == "upload" and not re.search(r"[Mm]odel", hit.call.name + hit.call.receiver))
    ]
    hits = [
        hit
        for hit in hits
        if not (
            hit.call.last in ("create_or_update", "register", "save")
            and not re.search(
                r"model",
                hit.call.name + " ".join(map(words_of, [*hit.call.node.args, *hit.call.node.keywords])),
                re.I,
            )
        )
    ]
    return ml.live(hits + _own(code))


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


@check("registered")
def registered(code: Code, ml: Ml, graph: Graph, ci: list[Job]) -> Verdict:
    """Let the pipeline register its model (`mlflow.register_model`), with the run, the commit and the data it came from."""
    hits = register_hits(code, ml)
    together = ml.in_pipeline(hits)
    if together:
        return met(*(hit.where for hit in together))
    scripts = [(task.script, task.where) for task in graph.tasks] + [(job.text, job.where) for job in ci]
    scripts += [(text, module.where(line)) for module in code.modules for text, line, _ in module.commands]
    for script, where in scripts:
        if any(_REGISTER_SHELL.search(command.line) and not command.ignored for command in graph.commands(script)):
            return met(where)
    if hits:
        return missing(f"{hits[0].where} registers, but not in a run that trains")
    if code.uses("feast"):
        return missing("Feast keeps features; no registry keeps models")
    return missing()


@check("aliases")
def aliases(code: Code, ml: Ml) -> Verdict:
    """Mark versions with aliases: `candidate` when registered, `champion` when promoted."""
    hits = code.named(
        r"(^|\.)(set_registered_model_alias|transition_model_version_stage|get_model_version_by_alias|set_stage|change_stage|link_model|update_model_package|set_alias|gto\.assign)$"
    )
    hits += code.find(
        lambda call: bool({"aliases", "version_aliases", "approval_status", "ModelApprovalStatus"} & call.keywords())
    )
    places = [hit.where for hit in ml.live(hits)]
    for module in code.modules:
        places += [
            module.where(line)
            for text, line, _ in module.strings
            if re.search(r"models:/[^@]*(@|/(Production|Staging))", text)
        ]
    return found(places)


@check("card-from-run")
def card_from_run(code: Code, ml: Ml) -> Verdict:
    """Write the model card from the run: metrics, data, commit and slices, without a hand in between."""
    hits = code.named(
        r"ModelCard(Data|Toolkit)?(\.\w+)?$|(^|[._])(write|render|make|build|create|save|generate|update)_(model_)?card$|export_model_card|create_model_card"
    )
    hits += [
        hit for hit in code.named(r"(^|\.)(write_text|write|render|open)$")
        if re.search(r"(^|[/_])card", hit.module.path) or any("card" in text.lower() for text in hit.call.strings())
    ]  # fmt: skip
    return found([hit.where for hit in ml.live(hits)])


@check("binaries-out-of-git")
def binaries(files: Files) -> Verdict:
    """Ignore model files in git, and keep them in a registry, DVC or git-lfs."""
    held = [
        path for path in files.match(r"\.(pkl|pickle|joblib|pt|pth|h5|hdf5|onnx|safetensors|ckpt|bin|keras|cbm|skops|tflite)$")
        if not is_test(path) and not files.text(path).startswith("version https://git-lfs")
    ]  # fmt: skip
    return missing(f"{held[0]} is committed") if held else met(note="no file of a model is committed")


@check("verified-model")
def verified(code: Code, ml: Ml, ci: list[Job], graph: Graph) -> Verdict:
    """Sign the model when it is registered and check the signature before it is loaded."""
    hits = code.named(
        r"(^|[._])(verify|verify_\w*(model|signature|artifact|checksum|digest|hash)\w*|check_(signature|checksum|digest)|verify_blob|compare_digest)$"
    )
    places = [hit.where for hit in ml.live(hits)]
    for job in ci:
        places += [
            job.where
            for command, _ in graph.job_commands(job)
            if re.search(r"cosign verify|sha256sum -c|gpg --verify|model_signing verify", command.line)
        ]
    return found(places)


@check("promotion-policy")
def policy(code: Code, files: Files, graph: Graph, ci: list[Job], triggers: list[Trigger]) -> Verdict:
    """Write the conditions of a promotion (risk tier, margins, limits per week) into a policy file that the promoting code obeys."""
    word = re.compile(
        r"polic|risk_?tier|auto_?promot|promotion_(rules?|limits?|bounds?|budget)|max_promotions|guardrail",
        re.IGNORECASE,
    )
    config = re.compile(r"[\w./-]*(polic|promotion|risk|guardrail)[\w./-]*\.(toml|ya?ml|json|rego)", re.IGNORECASE)

    def source(node: ast.AST, _: Module) -> bool:
        if isinstance(node, (ast.Compare, ast.Call, ast.Subscript, ast.Attribute)):
            return bool(word.search(words_of(node)))
        return False

    outcome = decisions(code, source, ACTS, word)
    running = frozenset().union(*(trigger.nodes for trigger in triggers), frozenset())
    acting = [
        e for e in outcome.effects if e.node in graph.alive and e.kind in ("call", "raise", "exit", "branch", "assert")
    ]
    files_there = files.match(r"(polic|promotion|risk)[^/]*\.(toml|ya?ml|json|rego)$")
    read = any(config.search(text) for module in code.modules for text, _, _ in module.strings)
    by_itself = [e for e in acting if e.node in running]
    if by_itself and (files_there or read):
        return met(by_itself[0].where, *files_there)
    for job in ci:
        for command, step in graph.job_commands(job):
            if (
                re.search(r"^(opa (eval|exec|test)|conftest test|cedar )", command.line)
                and not command.ignored
                and job.unattended()
            ):
                return met(f"{job.file}:{step.line}")
    if acting and (files_there or read):
        return missing(f"{acting[0].where} obeys a policy, but only when a person starts it")
    return missing("a policy is written, but no promotion depends on it" if files_there else "")


@check("evidence-bundle")
def evidence(code: Code, ml: Ml) -> Verdict:
    """Collect what a promotion rested on (report, data, commit, approval) into one archive, and keep it."""
    hits = code.named(r"(^|[._])(evidence\w*|attest\w*|bundle\w*|provenance\w*|audit_(report|bundle|record))$|in_toto")
    places = [hit.where for hit in ml.live(hits)]
    return found(
        places
        + [
            m.where(1)
            for m in code.modules
            if re.search(r"(^|/)(evidence|audit|provenance)\w*\.py$", m.path) and m.functions
        ]
    )
