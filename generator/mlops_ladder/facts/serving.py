"""Where the model answers: services, and programs that load it from a registry."""

from __future__ import annotations

import re

from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.modules import Code, Hit
from mlops_ladder.facts.manifests import Manifests
from mlops_ladder.facts.ml import Ml

SERVING = ("fastapi", "flask", "bentoml", "litestar", "starlette", "litserve", "mlserver", "kserve", "seldon_core", "tritonclient",
           "aiohttp", "django", "sanic", "falcon", "gradio", "streamlit", "chainlit", "torchserve", "ts", "quart", "robyn")  # fmt: skip
FROM_REGISTRY = re.compile(r"models:/|get_model_version_by_alias|get_latest_versions|use_artifact|use_model|search_model_versions|runs:/|Registry|"
                           r"list_model_packages|Model\.list|get_best_model|init_model_version|bentoml\.models|get_model\b|model_registry|load_champion|load_registered")  # fmt: skip


class Serving:
    """Services and batch scoring."""

    def __init__(self, code: Code, ml: Ml, graph: Graph, manifests: Manifests) -> None:
        self._code, self._ml, self._graph, self._manifests = code, ml, graph, manifests

    @property
    def services(self) -> list[str]:
        """Routes and service definitions, in code, as manifests or at a cloud."""
        hits = self._code.named(
            r"(^|\.)(FastAPI|Flask|APIRouter|post|route|bentoml\.service|Service|LitServer|ModelServer|Litestar|Starlette|"
            r"serve\.deployment|deployment|Interface|start_http_server|MLModel|App|create_endpoint|deploy|ModelServe)$",
            *SERVING, "ray",
        )  # fmt: skip
        # A page for people to click on is no service, unless one stands behind it.
        hits = [hit for hit in hits if not hit.module.uses("streamlit", "gradio") or hit.module.uses("fastapi")]
        manifests = self._manifests.of("InferenceService", "SeldonDeployment", "RayService", "ServingRuntime")
        clouds = self._code.named(r"(^|\.)(deploy|create_endpoint|update_endpoint|create_endpoint_config|begin_create_or_update|ManagedOnlineEndpoint)$",
                                  "sagemaker", "boto3", "google.cloud.aiplatform", "google.cloud", "azure.ai.ml")  # fmt: skip
        places = [hit.where for hit in self._ml.live(hits)] + [manifest.where for manifest in manifests]
        return places + [hit.where for hit in self._ml.live(clouds)]

    @property
    def batches(self) -> list[str]:
        """Programs that score many rows with a model from a registry."""
        places = [hit.where for hit in self._ml.predictions if self._beside_the_registry(hit)]
        asks = self._code.find(lambda call: bool(FROM_REGISTRY.search(" ".join([call.name, *call.strings()]))))
        loading = {hit.node for hit in asks}
        predicting = {hit.node for hit in self._ml.predictions}
        for module in self._code.modules:
            named = re.search(r"(score|scoring|batch|predict|infer)", module.path.rpartition("/")[2])
            if named and not module.uses(*SERVING):
                nodes = self._graph.of_file(module.path)
                if nodes & loading and nodes & predicting:
                    places.append(module.where(1))
        ready = self._code.named(r"(^|\.)(spark_udf|batch_predict|BatchPredictor|transformer|BatchEndpoint)$")
        return places + [hit.where for hit in self._ml.live(ready)]

    def _beside_the_registry(self, hit: Hit) -> bool:
        """Whether a prediction's module speaks of a registry, and serves nobody."""
        words = " ".join([text for text, _, _ in hit.module.strings] + [call.name for call in hit.module.calls])
        return bool(FROM_REGISTRY.search(words)) and not hit.module.uses(*SERVING)
