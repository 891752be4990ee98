"""The words that a capability is described with, each defined once, so that a slip of the pen is found.

Whoever needs a new area, role, tool or cost driver adds it here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Track = Literal["mlops", "llmops", "both"]

TRACKS: tuple[Literal["mlops", "llmops"], ...] = ("mlops", "llmops")

AREAS = (
    "data", "experimentation", "pipeline", "registry", "ci", "delivery", "monitoring", "retraining", "governance",
    "model", "prompts", "evals", "tracing", "guardrails", "feedback",
)  # fmt: skip
"""The areas: nine of MLOps, then six of LLMOps. The checks of an area are the module of that name in `checks`."""

STAGES = (
    "data collection", "data preparation", "model development", "training", "evaluation", "deployment", "monitoring",
)  # fmt: skip
"""The stages of the life cycle that capabilities belong to."""

ROLES = (
    "product owner", "platform owner", "approver", "data engineer", "data scientist", "ML engineer",
    "software engineer", "DevOps engineer", "QA engineer", "security reviewer", "prompt and eval owner",
)  # fmt: skip
"""Who gets a team there."""


@dataclass(frozen=True)
class Driver:
    """What drives cost: the unit that its rate is for, and what to count of it. `table` is its name in a rates file."""

    unit: str
    counts: str
    table: str


COSTS = {
    "people": Driver(
        "person-day", "once is taken from the plan when it stays empty; monthly: person-days to run it", "people"
    ),
    "compute": Driver(
        "hour of a machine", "once: first trainings and tests; monthly: training, serving, CI", "compute"
    ),
    "storage": Driver("gigabyte and month", "monthly: data, models, logs", "storage"),
    "licences": Driver("seat and month", "monthly: seats of paid tools", "licences"),
    "LLM tokens": Driver(
        "million tokens", "once: building the eval set; monthly: calls, judges, embeddings", "llm_tokens"
    ),
    "annotation": Driver("labelled item", "once: the first labelled set; monthly: reviews", "annotation"),
    "migration": Driver("person-day", "once: moving data, runs and models from what you have", "migration"),
}
"""What drives cost, by its name."""

SOURCES = {
    "G": "Google Cloud MLOps levels 0-2",
    "M": "Microsoft MLOps maturity model, levels 0-4",
    "L": "Microsoft GenAIOps maturity model, levels 1-4",
    "MG": "Microsoft GenAIOps guide",
    "A": "AWS MLOps phases 1-4",
    "K": "Kreuzberger, Kuehl, Hirschl: principles P1-P9, components C1-C9",
    "T": "ML Test Score: tests D1-D7, M1-M7, I1-I7, O1-O7",
    "S": "practice of secure MLOps",
    "P": "topic named by Stone et al. (2025); the placement is ours",
    "own": "ours",
}
"""What the source tags stand for, by their letters."""

_TOOLS = """
    Aim, Airflow, Alibi Detect, API gateways, Argo, Argo CD, Argo Rollouts, Azure environments,
    Azure ML, Azure Pipelines, BentoML, black, Buildah, Buildkite, CDK, CircleCI, ClearML,
    ClearML Data, Cloud Native Buildpacks, CloudWatch, Comet, conda-lock, cosign, CycloneDX,
    Dagster, Dask, Databricks, Datadog, DataHub, datasheets, Deepchecks, deepeval, Delta Lake,
    detect-secrets, Docker, DPO, DuckDB, DVC, DVCLive, EventBridge, Evidently, Fairlearn, FastAPI,
    Feast, Flagger, flake8, Flux, garak, git, git-lfs, GitHub Actions, GitHub environments,
    GitLab CI, GitLab manual jobs, gitleaks, Grafana, Great Expectations, Grype, Guardrails,
    Helicone, Helm, Helm --atomic, hey, Husky, Hydra, Iceberg, in-toto, Inspect, instructor, Istio,
    Jenkins, Jenkins input, Jinja, JMeter, joblib, JSON Schema, JSONL, just, k6, Kafka, Kaniko,
    Katib, Kedro, KServe, Kubeflow, Kubernetes, kustomize, lakeFS, LanceDB, LangChain, Langfuse,
    LangSmith, lefthook, LightGBM, LiteLLM, Llama Guard, LlamaIndex, Locust, make, Markdown,
    Marquez, Metaflow, MLflow, MLflow prompts, model cards, moderation APIs, mypy, NannyML,
    NeMo Guardrails, Neptune, nox, NumPy, Ollama, OmegaConf, ONNX, Open Policy Agent, OpenAI API,
    OpenLineage, OpenSLO, OpenTelemetry, Optuna, own code, Pachyderm, Pact, pandas, pandera,
    Parquet, Phoenix, pip-tools, Poetry, Polars, PostgreSQL, pre-commit, Prefect, Presidio,
    Prometheus, promptfoo, PromptLayer, provider model snapshots, Pulumi, pydantic, pylint, pyright,
    PyRIT, Pyrra, pytest, PyTorch, Qdrant, ragas, Ray, Ray Serve, Ray Tune, regular expressions,
    renv, respx, ruff, runbook_url, safetensors, SageMaker, SageMaker auto-rollback,
    SageMaker Batch Transform, SageMaker data capture, SageMaker Model Monitor, SageMaker Pipelines,
    SageMaker tuning, schemathesis, scikit-learn, scikit-learn (DummyClassifier),
    scikit-learn pipelines, Seldon, SHA-256, Sigstore, skops, Sloth, Snakemake, Soda, Spark, Syft,
    TensorFlow, Terraform, Terraform workspaces, testthat, TFDV, TFX Evaluator, TOML, TorchMetrics,
    tox, Triton, Trivy, TRL, TruffleHog, unittest, uv, VCR, Vertex AI, vLLM, W&B, W&B Artifacts,
    W&B Registry, whylogs, wrk, XGBoost, YAML, ZenML,
"""

TOOLS = frozenset(filter(None, (name.strip() for name in _TOOLS.split(","))))
"""The tools that capabilities name, one spelling each."""
