"""Delivery: predictions, batch scoring, a service."""

from __future__ import annotations

import re

from mlops_ladder.checks.base import Verdict, check, found
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.modules import Code, Hit
from mlops_ladder.facts.manifests import Manifests
from mlops_ladder.facts.ml import Ml

SERVING = ("fastapi", "flask", "bentoml", "litestar", "starlette", "litserve", "mlserver", "kserve", "seldon_core", "tritonclient",
           "aiohttp", "django", "sanic", "falcon", "gradio", "streamlit", "chainlit", "torchserve", "ts", "quart", "robyn")  # fmt: skip
FROM_REGISTRY = re.compile(r"models:/|get_model_version_by_alias|get_latest_versions|use_artifact|use_model|search_model_versions|runs:/|Registry|"
                           r"list_model_packages|Model\.list|get_best_model|init_model_version|bentoml\.models|get_model\b|model_registry|load_champion|load_registered")  # fmt: skip


@check("predictions")
def predictions(ml: Ml, code: Code, manifests: Manifests) -> Verdict:
    """Write a script that loads the model and writes a prediction for each row it is given."""
    apart = [hit for hit in ml.predictions if hit.module.path not in ml.train_files]
    places = [hit.where for hit in apart + ml.predictions]
    if not places:
        hits = code.named(
            r"(^|\.)(score|evaluate|cross_val_predict|transform|__call__|forward|deploy|batch_predict|transformer|serve|model|net|pipe|pipeline|classifier|session\.run|run)$"
        )
        places = [
            hit.where
            for hit in ml.live(hits)
            if hit.module.path in ml.train_files or re.search(r"predict|infer|score|serve|app", hit.module.path)
        ]
    places += [
        m.where(line) for m in code.modules for text, line, _ in m.strings if re.search(r"\bML\.PREDICT\b", text)
    ]
    places += [m.where for m in manifests.of("InferenceService", "SeldonDeployment")]
    return found(places)


@check("batch-scoring")
def batch(code: Code, ml: Ml, graph: Graph) -> Verdict:
    """Score a file or table in one go with the model that the registry calls champion, and write its version beside each row."""
    places = []
    for hit in ml.predictions:
        words = " ".join([text for text, _, _ in hit.module.strings] + [call.name for call in hit.module.calls])
        if FROM_REGISTRY.search(words) and not hit.module.uses(*SERVING):
            places.append(hit.where)
    loading = {
        hit.node for hit in code.find(lambda call: bool(FROM_REGISTRY.search(" ".join([call.name, *call.strings()]))))
    }
    predicting = {hit.node for hit in ml.predictions}
    for module in code.modules:
        if re.search(r"(score|scoring|batch|predict|infer)", module.path.rpartition("/")[2]) and not module.uses(
            *SERVING
        ):
            nodes = graph.of_file(module.path)
            if nodes & loading and nodes & predicting:
                places.append(module.where(1))
    places += [
        h.where
        for h in ml.live(code.named(r"(^|\.)(spark_udf|batch_predict|BatchPredictor|transformer|BatchEndpoint)$"))
    ]
    return found(places)


def service_hits(code: Code) -> list[Hit]:
    """Routes and service definitions."""
    return code.named(
        r"(^|\.)(FastAPI|Flask|APIRouter|post|route|bentoml\.service|Service|LitServer|ModelServer|Litestar|Starlette|"
        r"serve\.deployment|deployment|Interface|start_http_server|MLModel|App|create_endpoint|deploy|ModelServe)$",
        *SERVING, "ray",
    )  # fmt: skip


@check("service")
def service(code: Code, ml: Ml, manifests: Manifests) -> Verdict:
    """Serve the model behind one route that checks its input, and add a health route that names the model's version."""
    places = [
        hit.where
        for hit in ml.live(service_hits(code))
        if not hit.module.uses("streamlit", "gradio") or hit.module.uses("fastapi")
    ]
    places += [m.where for m in manifests.of("InferenceService", "SeldonDeployment", "RayService", "ServingRuntime")]
    clouds = code.named(r"(^|\.)(deploy|create_endpoint|update_endpoint|create_endpoint_config|begin_create_or_update|ManagedOnlineEndpoint)$",
                        "sagemaker", "boto3", "google.cloud.aiplatform", "google.cloud", "azure.ai.ml")  # fmt: skip
    return found(places + [hit.where for hit in ml.live(clouds)])
