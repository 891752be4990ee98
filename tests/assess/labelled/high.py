"""Levels 4 and 5, and what only looks like them."""

from assess.labelled import FIVE, FOUR, Case, ids
from assess.labelled.middle import CHECKS, COMPARE, MLFLOW_THREE

SERVICE = """
    import os

    import mlflow
    import pandas as pd
    from fastapi import FastAPI
    from prometheus_client import Counter, make_asgi_app
    from pydantic import BaseModel

    app = FastAPI()
    app.mount("/metrics", make_asgi_app())
    REQUESTS = Counter("predictions_total", "predictions", ["version"])
    model = mlflow.pyfunc.load_model(os.environ.get("MODEL_URI", "models:/grid-load@champion"))


    class Hour(BaseModel):
        hour: int
        temperature: float


    @app.get("/healthz")
    def health():
        return {"version": model.metadata.run_id}


    @app.post("/predict")
    def predict(hour: Hour):
        REQUESTS.labels(model.metadata.run_id).inc()
        return {"load": float(model.predict(pd.DataFrame([hour.model_dump()]))[0])}
"""

ROLLOUT = """
    apiVersion: argoproj.io/v1alpha1
    kind: Rollout
    metadata:
      name: grid-load
    spec:
      strategy:
        canary:
          steps:
            - setWeight: 10
            - pause: {duration: 10m}
            - setWeight: 50
            - pause: {duration: 10m}
          analysis:
            templates:
              - templateName: error-rate
      template:
        spec:
          containers:
            - name: api
              image: registry.example.org/grid-load:latest
"""

ANALYSIS = """
    apiVersion: argoproj.io/v1alpha1
    kind: AnalysisTemplate
    metadata:
      name: error-rate
    spec:
      metrics:
        - name: errors
          successCondition: result[0] < 0.01
          provider:
            prometheus: {address: "http://prometheus:9090", query: "rate(errors[5m])"}
"""

RULES = """
    apiVersion: monitoring.coreos.com/v1
    kind: PrometheusRule
    metadata:
      name: grid-load
    spec:
      groups:
        - name: api
          rules:
            - alert: HighErrorRate
              expr: rate(http_requests_errors[5m]) > 0.01
              annotations:
                runbook_url: https://wiki.example.org/grid-load
"""

DELIVER = """
    name: deliver
    on:
      push:
        branches: [main]
      repository_dispatch:
        types: [new-champion]
    jobs:
      staging:
        runs-on: ubuntu-latest
        environment: staging
        steps:
          - uses: actions/checkout@v4
          - run: docker build -t registry.example.org/grid-load:$GITHUB_SHA . && docker push registry.example.org/grid-load:$GITHUB_SHA
          - run: kubectl apply -k deploy/overlays/staging
          - run: ./deploy/smoke.sh https://staging.example.org
      production:
        needs: staging
        runs-on: ubuntu-latest
        environment: production
        steps:
          - uses: actions/checkout@v4
          - run: kubectl apply -k deploy/overlays/production
"""

RETRAIN = """
    name: retrain
    on:
      schedule:
        - cron: "0 4 * * 1"
      workflow_dispatch:
    jobs:
      train:
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v4
          - run: pip install -r requirements.txt
          - run: dvc pull && dvc repro
"""

ARGO_FOUR = {
    **{k: v for k, v in MLFLOW_THREE.items() if k != ".gitlab-ci.yml"},
    ".github/workflows/ci.yml": CHECKS,
    ".github/workflows/retrain.yml": RETRAIN,
    ".github/workflows/deliver.yml": DELIVER,
    "api/main.py": SERVICE,
    "Dockerfile": "FROM python:3.11-slim\nCOPY . /app\nWORKDIR /app\nRUN pip install -r requirements.txt\nUSER 1000\nCMD uvicorn api.main:app\n",
    "deploy/base/kustomization.yaml": "resources: [rollout.yaml, analysis.yaml, rules.yaml]\n",
    "deploy/base/rollout.yaml": ROLLOUT,
    "deploy/base/analysis.yaml": ANALYSIS,
    "deploy/base/rules.yaml": RULES,
    "deploy/overlays/staging/kustomization.yaml": "resources: [../../base]\nnamespace: staging\n",
    "deploy/overlays/production/kustomization.yaml": "resources: [../../base]\nnamespace: production\n",
    "deploy/smoke.sh": "#!/bin/sh\ncurl -fsS $1/healthz\n",
}

SAGEMAKER_PIPELINE = """
    import boto3
    import sagemaker
    from sagemaker.estimator import Estimator
    from sagemaker.workflow.condition_step import ConditionStep
    from sagemaker.workflow.conditions import ConditionGreaterThan
    from sagemaker.workflow.pipeline import Pipeline
    from sagemaker.workflow.steps import ProcessingStep, TrainingStep


    def production_auc():
        packages = boto3.client("sagemaker").list_model_packages(ModelPackageGroupName="claims", ModelApprovalStatus="Approved")
        return float(packages["ModelPackageSummaryList"][0]["ModelPackageDescription"])


    def build():
        validate = ProcessingStep(name="Validate", code="src/validate.py", processor=None)
        estimator = Estimator(image_uri="xgb", role="r", entry_point="src/train.py", hyperparameters={"seed": 3})
        train = TrainingStep(name="Train", step_args=estimator.fit({"train": "s3://claims/v=2024-05-01/"}))
        register = RegisterModel(name="Register", estimator=estimator, model_package_group_name="claims",
                                 approval_status="PendingManualApproval")
        champion_auc = production_auc()
        better = ConditionStep(name="BeatsProduction", conditions=[ConditionGreaterThan(left=train.auc, right=champion_auc)],
                               if_steps=[register], else_steps=[])
        return Pipeline(name="claims", steps=[validate, train, better])


    def main():
        pipeline = build()
        pipeline.upsert(role_arn="r")
        pipeline.start()


    if __name__ == "__main__":
        main()
"""

SAGEMAKER_TRAIN = """
    import argparse
    import json

    import boto3
    import mlflow
    import pandas as pd
    import xgboost as xgb
    from sklearn.metrics import roc_auc_score

    from validate import check


    def load():
        body = boto3.client("s3").get_object(Bucket="claims", Key="train.csv", VersionId="3HL4kqtJlcpXroDTDmJ")["Body"]
        return pd.read_csv(body)


    def main(seed):
        frame = load()
        check(frame)
        a, b = frame[: -1000], frame[-1000:]
        with mlflow.start_run():
            model = xgb.XGBClassifier(random_state=seed).fit(a.drop(columns="fraud"), a.fraud)
            auc = roc_auc_score(b.fraud, model.predict_proba(b.drop(columns="fraud"))[:, 1])
            mlflow.log_metric("auc", auc)
            model.save_model("/opt/ml/model/model.json")
        json.dump({"auc": auc}, open("/opt/ml/output/metrics.json", "w"))


    if __name__ == "__main__":
        parser = argparse.ArgumentParser()
        parser.add_argument("--seed", type=int, default=3)
        main(parser.parse_args().seed)
"""

SAGEMAKER_DEPLOY = """
    import sys

    import boto3

    client = boto3.client("sagemaker")


    def deploy(stage):
        package = client.list_model_packages(ModelPackageGroupName="claims", ModelApprovalStatus="Approved")
        config = client.create_endpoint_config(EndpointConfigName=f"claims-{stage}", ProductionVariants=[{"VariantName": "main"}])
        client.update_endpoint(
            EndpointName=f"claims-{stage}",
            EndpointConfigName=f"claims-{stage}",
            DeploymentConfig={
                "BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": {"Type": "CANARY", "CanarySize": {"Value": 10}}},
                "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "claims-5xx"}]},
            },
        )


    if __name__ == "__main__":
        deploy(sys.argv[1])
"""

SAGEMAKER = {
    "README.md": "# Claims\nOne command: `python pipelines/claims.py`.\n",
    "requirements.txt": "sagemaker==2.220\nxgboost==2.0\nmlflow==2.9\npandas==2.2\nscikit-learn==1.4\npytest==8.0\n",
    "pipelines/claims.py": SAGEMAKER_PIPELINE.replace(
        "import sagemaker\n", "import sagemaker\n    from sagemaker.workflow.step_collections import RegisterModel\n"
    ),
    "src/train.py": SAGEMAKER_TRAIN,
    "src/validate.py": """
        def check(frame):
            assert {"amount", "fraud"} <= set(frame.columns), "columns are missing"
            assert frame["amount"].ge(0).all(), "negative amounts"
    """,
    "deploy/release.py": SAGEMAKER_DEPLOY,
    "infra/main.tf": """
        resource "aws_scheduler_schedule" "weekly" {
          schedule_expression = "rate(7 days)"
          target {
            arn = "arn:aws:scheduler:::aws-sdk:sagemaker:startPipelineExecution"
            input = jsonencode({ PipelineName = "claims" })
          }
        }

        resource "aws_cloudwatch_metric_alarm" "errors" {
          alarm_name  = "claims-5xx"
          metric_name = "Invocation5XXErrors"
          threshold   = 5
          alarm_actions = [aws_sns_topic.oncall.arn]
        }
    """,
    "tests/test_validate.py": """
        import pandas as pd
        import pytest

        from src.validate import check


        def test_negative_amount():
            with pytest.raises(AssertionError):
                check(pd.DataFrame({"amount": [-1.0], "fraud": [0]}))
    """,
    ".gitlab-ci.yml": """
        stages: [test, staging, production]
        test:
          stage: test
          image: python:3.11
          script: [pip install -r requirements.txt, pytest]
        staging:
          stage: staging
          script:
            - python deploy/release.py staging
          environment: staging
          rules:
            - if: $CI_COMMIT_BRANCH == "main"
        production:
          stage: production
          script:
            - python deploy/release.py production
          environment: production
          rules:
            - if: $CI_COMMIT_BRANCH == "main"
              when: manual
    """,
}

MONITOR = """
    import json
    import subprocess
    from datetime import datetime, timedelta, timezone
    from pathlib import Path

    import pandas as pd
    import ray
    import tomllib
    from evidently import Report
    from evidently.presets import DataDriftPreset

    POLICY = tomllib.loads(Path("promotion_policy.toml").read_text())


    def drifted_share(reference, current):
        result = Report([DataDriftPreset()]).run(reference_data=reference, current_data=current)
        return result.dict()["metrics"][0]["value"]["share"]


    def main():
        share = drifted_share(pd.read_parquet("reference.parquet"), pd.read_parquet("s3://grid/log/last_week.parquet"))
        print(json.dumps({"share": share}))
        state = json.loads(Path("state.json").read_text())
        last = datetime.fromisoformat(state["last_retraining"])
        cooldown_over = datetime.now(timezone.utc) - last > timedelta(days=POLICY["cooldown_days"])
        if share > POLICY["max_drifted_share"] and cooldown_over and not POLICY["kill_switch"]:
            retrain()


    def retrain():
        ray.init(address="auto")
        subprocess.run(["dvc", "repro"], check=True)


    if __name__ == "__main__":
        main()
"""

POLICY_COMPARE = COMPARE.replace("    import mlflow\n", "    import mlflow\n    import tomllib\n", 1).replace(
    "        newest =",
    """        policy = tomllib.loads(Path("promotion_policy.toml").read_text())
        if policy["risk_tier"] != "low" or policy["max_promotions_per_week"] < 1:
            sys.exit("the policy asks for a person")
        newest =""",
)

WATCH = """
    name: watch
    on:
      schedule:
        - cron: "0 * * * *"
    jobs:
      drift:
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v4
          - run: pip install -r requirements.txt
          - run: python -m ops.monitor
"""

LOOP = {
    **ARGO_FOUR,
    "etl/compare.py": POLICY_COMPARE,
    "ops/__init__.py": "",
    "ops/monitor.py": MONITOR,
    "promotion_policy.toml": 'risk_tier = "low"\nmax_promotions_per_week = 2\ncooldown_days = 7\nmax_drifted_share = 0.3\nkill_switch = false\n',
    ".github/workflows/watch.yml": WATCH,
}

CASES = [
    Case(
        "argo-rollouts",
        "kustomize, Argo Rollouts with analysis, GitHub environments, PrometheusRule",
        4,
        ARGO_FOUR,
        FOUR,
        also=ids(
            "service container-image service-metrics infrastructure-as-code environments-by-config alert-runbooks"
        ),
        lacks=ids("load-tests sbom drift-report verified-model"),
    ),
    Case(
        "rules-nothing-loads",
        "Prometheus runs, and its configuration names no rule file",
        3,
        {
            **{k: v for k, v in ARGO_FOUR.items() if k != "deploy/base/rules.yaml"},
            "deploy/base/kustomization.yaml": "resources: [rollout.yaml, analysis.yaml]\n",
            "monitoring/prometheus.yml": "scrape_configs:\n  - job_name: api\n    static_configs: [{targets: ['api:8000']}]\n",
            "monitoring/alerts.yml": "groups:\n  - name: api\n    rules:\n      - alert: Down\n        expr: up == 0\n",
        },
        FOUR - ids("alerts"),
    ),
    Case(
        "canary-nothing-applies",
        "a Rollout lies in a folder that no release applies; a Deployment is what runs",
        3,
        {
            **ARGO_FOUR,
            "deploy/base/kustomization.yaml": "resources: [deployment.yaml, rules.yaml]\n",
            "deploy/base/deployment.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec: {replicas: 2}\n",
        },
        FOUR - ids("canary auto-rollback"),
    ),
    Case(
        "deployed-by-hand",
        "all the manifests, and a workflow that only a person starts",
        3,
        {
            **ARGO_FOUR,
            ".github/workflows/deliver.yml": DELIVER[: DELIVER.index("    on:")]
            + "    on: workflow_dispatch\n"
            + DELIVER[DELIVER.index("    jobs:") :],
        },
        FOUR - ids("staging-deploy"),
    ),
    Case(
        "sagemaker-gitlab",
        "SageMaker Pipelines, EventBridge, canary and alarms by the endpoint, GitLab manual job",
        4,
        SAGEMAKER,
        FOUR | {"cluster-engine"},
        also=ids("infrastructure-as-code unit-tests"),
        lacks=ids("promotion-policy signal-retraining"),
    ),
    Case(
        "closed-loop",
        "drift starts retraining, a policy bounds promotion, Ray runs it",
        5,
        LOOP,
        FIVE,
        also=ids("retraining-limits drift-report reference-statistics"),
        lacks=ids("lineage evidence-bundle sbom"),
    ),
    Case(
        "drift-without-consequence",
        "the monitor computes drift and mails nobody; promotion obeys the policy",
        4,
        {
            **LOOP,
            "ops/monitor.py": MONITOR.replace("            retrain()\n", "            print('drift!')\n").replace(
                "    ray.init", "    ray.init"
            ),
        },
        FIVE - ids("signal-retraining"),
    ),
    Case(
        "policy-on-paper",
        "a policy file that no code reads",
        4,
        {
            **LOOP,
            "etl/compare.py": COMPARE,
            "ops/monitor.py": MONITOR.replace("promotion_policy", "drift_limits").replace("POLICY", "LIMITS"),
        },
        FIVE - ids("promotion-policy"),
    ),
    Case(
        "kserve-flux",
        "Kubeflow pipeline on a recurring run, lakeFS, KServe canary, Flux follows the repository, Flagger judges",
        4,
        {
            "README.md": "# Vision\nSubmit once by hand with `python kfp_pipeline.py`.\n",
            "requirements.txt": "kfp==2.7\nmlflow==2.9\ntorch==2.2\npandera==0.20\nlakefs==0.6\npytest==8\n",
            "kfp_pipeline.py": """
                from kfp import compiler, dsl
                from kfp.client import Client


                @dsl.component(base_image="vision:1")
                def check() -> None:
                    from vision.data import load, schema
                    schema.validate(load())


                @dsl.component(base_image="vision:1")
                def train() -> float:
                    from vision.train import run
                    return run()


                @dsl.component(base_image="vision:1")
                def beats_champion(score: float) -> bool:
                    from vision.registry import champion_score
                    return score > champion_score() + 0.005


                @dsl.component(base_image="vision:1")
                def promote() -> None:
                    from vision.registry import promote_newest
                    promote_newest()


                @dsl.pipeline(name="vision")
                def pipeline():
                    checked = check()
                    score = train().after(checked)
                    verdict = beats_champion(score=score.output)
                    with dsl.If(verdict.output == True):
                        promote()


                if __name__ == "__main__":
                    compiler.Compiler().compile(pipeline, "vision.yaml")
                    Client().create_recurring_run(pipeline_package_path="vision.yaml", cron_expression="0 0 2 * * *")
            """,
            "vision/__init__.py": "",
            "vision/data.py": """
                import lakefs
                import pandas as pd
                import pandera.pandas as pa

                schema = pa.DataFrameSchema({"path": pa.Column(str), "label": pa.Column(int)})


                def load():
                    return pd.read_parquet(lakefs.repository("vision").ref("v31").object("index.parquet").reader())
            """,
            "vision/train.py": """
                import mlflow
                import torch

                from vision.data import load


                def run():
                    torch.manual_seed(1)
                    frame = load()
                    model = torch.nn.Linear(3, 2)
                    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
                    with mlflow.start_run():
                        for step in range(10):
                            loss = model(torch.randn(8, 3)).pow(2).mean()
                            loss.backward()
                            optimizer.step()
                        accuracy = float(1 - loss)
                        mlflow.log_metric("accuracy", accuracy)
                        mlflow.pytorch.log_model(model, "model", registered_model_name="vision")
                    return accuracy


                def predict(model, batch):
                    return model(batch).argmax(dim=1)
            """,
            "vision/registry.py": """
                import mlflow


                def champion_score():
                    client = mlflow.MlflowClient()
                    version = client.get_model_version_by_alias("vision", "champion")
                    return client.get_run(version.run_id).data.metrics["accuracy"]


                def promote_newest():
                    client = mlflow.MlflowClient()
                    newest = client.search_model_versions("name='vision'")[0].version
                    client.set_registered_model_alias("vision", "champion", newest)
            """,
            "tests/test_data.py": """
                import pandas as pd
                import pytest

                from vision.data import schema


                def test_label_must_be_a_number():
                    with pytest.raises(Exception):
                        schema.validate(pd.DataFrame({"path": ["a"], "label": ["cat"]}))
            """,
            ".github/workflows/test.yaml": """
                on: [push, pull_request]
                jobs:
                  unit:
                    runs-on: ubuntu-latest
                    steps:
                      - uses: actions/checkout@v4
                      - uses: actions/setup-python@v5
                        with: {python-version: "3.11"}
                      - run: pip install -r requirements.txt
                      - run: pytest
            """,
            "clusters/flux.yaml": """
                apiVersion: kustomize.toolkit.fluxcd.io/v1
                kind: Kustomization
                metadata: {name: vision-staging}
                spec: {path: ./serving/staging, interval: 5m, prune: true}
                ---
                apiVersion: argoproj.io/v1alpha1
                kind: Application
                metadata: {name: vision-production}
                spec:
                  source: {path: serving/production}
            """,
            "serving/staging/kustomization.yaml": "resources: [isvc.yaml, canary.yaml, rules.yaml]\n",
            "serving/staging/isvc.yaml": """
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata: {name: vision}
                spec:
                  predictor:
                    canaryTrafficPercent: 10
                    model: {modelFormat: {name: mlflow}, storageUri: "s3://models/vision"}
            """,
            "serving/staging/canary.yaml": """
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: vision}
                spec:
                  analysis:
                    threshold: 5
                    stepWeight: 10
                    metrics: [{name: request-success-rate, thresholdRange: {min: 99}}]
            """,
            "serving/staging/rules.yaml": RULES.replace("grid-load", "vision"),
            "serving/production/kustomization.yaml": "resources: [../staging]\n",
        },
        FOUR,
    ),
]
