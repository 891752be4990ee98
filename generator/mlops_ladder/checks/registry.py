"""Registry: the model kept, described, registered, verified, promoted."""

from __future__ import annotations

import re

from mlops_ladder.checks.base import Verdict, check, flawed, flawless, found, judged
from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.docs import Docs
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files, is_test
from mlops_ladder.facts.registry import Registry
from mlops_ladder.facts.seen import Seen


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


@check("registered")
def registered(registry: Registry) -> Verdict:
    """Let the pipeline register its model (`mlflow.register_model`), with the run, the commit and the data it came from."""
    return judged(registry.registered)


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
            if re.search(r"models:/[^@]{0,300}(@|/(Production|Staging))", text)
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
        if re.search(r"(^|[/_])card", hit.module.path)
        or re.search(r"(^|[._])card($|[._])", hit.call.receiver, re.I)
        or any("card" in text.lower() for text in hit.call.strings())
    ]  # fmt: skip
    return found([hit.where for hit in ml.live(hits)])


@check("binaries-out-of-git")
def binaries(files: Files) -> Verdict:
    """Ignore model files in git, and keep them in a registry, DVC or git-lfs."""
    held = [
        path for path in files.match(r"\.(pkl|pickle|joblib|pt|pth|h5|hdf5|onnx|safetensors|ckpt|bin|keras|cbm|skops|tflite)$")
        if not is_test(path) and files.committed(path)
    ]  # fmt: skip
    if held:
        return flawed(f"{held[0]} is committed" if files.in_git else f"{held[0]} is not ignored by git")
    return flawless(*files.match(r"(^|/)\.gitignore$")[:1], note="no file of a known kind of model is committed")


@check("verified-model")
def verified(code: Code, ml: Ml, ci: list[Job], graph: Graph) -> Verdict:
    """Sign the model when it is registered and check the signature before it is loaded."""
    hits = code.named(
        r"(^|[._])(verify|verify_\w{0,80}(model|signature|artifact|checksum|digest|hash)\w{0,80}|check_(signature|checksum|digest)|verify_blob|compare_digest)$"
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
def policy(promotion_policy: Seen) -> Verdict:
    """Write the conditions of a promotion (risk tier, margins, limits per week) into a policy file that the promoting code obeys."""
    return judged(promotion_policy)
