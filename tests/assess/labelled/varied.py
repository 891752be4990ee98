"""More tools and layouts: written before the checks were tried on them."""

from assess.labelled import FIVE, FOUR, THREE, TWO, Case, ids
from assess.labelled.high import RULES

UNIT_TEST = """
    import pandas as pd

    from flows.features import add_ratio


    def test_ratio():
        assert add_ratio(pd.DataFrame({"a": [2.0], "b": [4.0]})).ratio.iloc[0] == 0.5
"""

FEATURES = "def add_ratio(df):\n    return df.assign(ratio=df.a / df.b)\n"

CI = """
    name: CI
    on:
      push: {branches: [main]}
      pull_request: {branches: [main]}
    jobs:
      build:
        runs-on: ubuntu-latest
        strategy:
          matrix: {python-version: ["3.10", "3.11"]}
        steps:
          - uses: actions/checkout@v4
          - uses: actions/setup-python@v5
            with:
              python-version: ${{ matrix.python-version }}
          - name: Install
            run: |
              python -m pip install --upgrade pip
              pip install -r requirements.txt
          - name: Test
            run: pytest -v --cov=flows
"""

METAFLOW = """
    from metaflow import FlowSpec, Parameter, batch, schedule, step

    from flows.features import add_ratio
    from flows.gate import should_promote


    @schedule(weekly=True)
    class TrainFlow(FlowSpec):
        seed = Parameter("seed", default=17)

        @step
        def start(self):
            import great_expectations as gx
            import pandas as pd
            import wandb

            run = wandb.init(project="risk", job_type="train")
            folder = run.use_artifact("loans:latest").download()
            self.frame = pd.read_parquet(f"{folder}/loans.parquet")
            context = gx.get_context()
            result = context.run_checkpoint(checkpoint_name="loans")
            if not result["success"]:
                raise ValueError("expectations are not met")
            self.next(self.train)

        @batch(cpu=8)
        @step
        def train(self):
            from sklearn.ensemble import RandomForestClassifier
            from sklearn.metrics import roc_auc_score

            frame = add_ratio(self.frame)
            train, test = frame.iloc[:-5000], frame.iloc[-5000:]
            self.model = RandomForestClassifier(random_state=self.seed).fit(train[["ratio"]], train.bad)
            self.auc = roc_auc_score(test.bad, self.model.predict_proba(test[["ratio"]])[:, 1])
            self.next(self.register)

        @step
        def register(self):
            import joblib
            import wandb

            run = wandb.init(project="risk", job_type="register")
            run.log({"auc": self.auc})
            joblib.dump(self.model, "model.joblib")
            artifact = wandb.Artifact("risk-model", type="model", metadata={"auc": self.auc})
            artifact.add_file("model.joblib")
            logged = run.log_artifact(artifact)
            production = wandb.Api().artifact("team/wandb-registry-model/risk:production")
            if should_promote({"auc": self.auc}, production.metadata):
                run.link_artifact(logged, "wandb-registry-model/risk", aliases=["production"])
            else:
                run.link_artifact(logged, "wandb-registry-model/risk", aliases=["candidate"])
            self.next(self.end)

        @step
        def end(self):
            pass


    if __name__ == "__main__":
        TrainFlow()
"""

METAFLOW_REPO = {
    "README.md": "# Risk\n```\npip install -r requirements.txt\npython flows/train_flow.py run\n```\n",
    "requirements.txt": "metaflow==2.11\nwandb==0.16\nscikit-learn==1.4\npandas==2.2\ngreat_expectations==0.18\npytest==8\npytest-cov==5\n",
    "flows/__init__.py": "",
    "flows/features.py": FEATURES,
    "flows/gate.py": "MARGIN = 0.002\n\n\ndef should_promote(new, prod):\n    return new['auc'] >= prod['auc'] + MARGIN\n",
    "flows/train_flow.py": METAFLOW,
    "tests/test_features.py": UNIT_TEST,
    ".github/workflows/ci.yaml": CI,
}

PREFECT = """
    import mlflow
    import pandas as pd
    import pandera as pa
    from dvc.api import open as dvc_open
    from mlflow.tracking import MlflowClient
    from prefect import flow, task
    from sklearn.linear_model import ElasticNet
    from sklearn.metrics import mean_absolute_error
    from sklearn.model_selection import train_test_split

    from flows.features import add_ratio

    schema = pa.DataFrameSchema({"a": pa.Column(float), "b": pa.Column(float, pa.Check.ne(0)), "y": pa.Column(float)})


    @task(retries=2)
    def extract():
        with dvc_open("data/raw.csv", rev="v1.4.0") as handle:
            return pd.read_csv(handle)


    @task
    def validate(df):
        return schema.validate(df)


    @task
    def train(df, alpha):
        x_train, x_test, y_train, y_test = train_test_split(add_ratio(df)[["ratio"]], df.y, random_state=42)
        with mlflow.start_run() as run:
            model = ElasticNet(alpha=alpha, random_state=42).fit(x_train, y_train)
            mae = mean_absolute_error(y_test, model.predict(x_test))
            mlflow.log_param("alpha", alpha)
            mlflow.log_metric("mae", mae)
            mlflow.sklearn.log_model(model, "model")
            return run.info.run_id, mae


    @task
    def register(run_id, mae):
        client = MlflowClient()
        version = mlflow.register_model(f"runs:/{run_id}/model", "yield")
        production = client.get_latest_versions("yield", stages=["Production"])
        best = client.get_run(production[0].run_id).data.metrics["mae"] if production else float("inf")
        if mae < best:
            client.transition_model_version_stage("yield", version.version, "Production", archive_existing_versions=True)


    @flow
    def training(alpha: float = 0.3):
        frame = validate(extract())
        run_id, mae = train(frame, alpha)
        register(run_id, mae)


    if __name__ == "__main__":
        training.serve(name="weekly", cron="0 6 * * 1")
"""

PREFECT_REPO = {
    "README.md": "# Yield\nServe the flow with `python flows/training.py`.\n",
    "pyproject.toml": """
        [tool.poetry]
        name = "flows"
        version = "0.1.0"
        packages = [{include = "flows"}]
        [tool.poetry.dependencies]
        python = "^3.11"
        prefect = "^2.16"
        mlflow = "^2.10"
        scikit-learn = "^1.4"
        [tool.poetry.group.dev.dependencies]
        pytest = "^8.0"
    """,
    "poetry.lock": "# locked\n",
    "flows/__init__.py": "",
    "flows/features.py": FEATURES,
    "flows/training.py": PREFECT,
    "data/raw.csv.dvc": "outs:\n- md5: b1946ac92492d2347c6235b4d2611184\n  size: 6\n  path: raw.csv\n",
    "tests/test_features.py": UNIT_TEST,
    ".github/workflows/ci.yaml": CI.replace(
        "pip install -r requirements.txt", "pip install poetry && poetry install"
    ).replace("pytest -v --cov=flows", "poetry run pytest"),
}

CLOUD_RUN = """
    name: release
    on:
      push:
        branches: [main]
    jobs:
      staging:
        runs-on: ubuntu-latest
        environment: staging
        steps:
          - uses: actions/checkout@v4
          - uses: google-github-actions/auth@v2
          - run: gcloud builds submit --tag gcr.io/acme/yield:$GITHUB_SHA
          - run: gcloud run deploy yield-staging --image gcr.io/acme/yield:$GITHUB_SHA
          - run: pytest tests/smoke --base-url https://yield-staging.run.app
      canary:
        needs: staging
        runs-on: ubuntu-latest
        environment: production
        steps:
          - uses: actions/checkout@v4
          - run: gcloud run deploy yield --image gcr.io/acme/yield:$GITHUB_SHA --no-traffic --tag candidate
          - run: gcloud run services update-traffic yield --to-tags candidate=10
          - name: watch the canary
            run: python ops/watch_canary.py --minutes 30
          - name: roll back
            if: failure()
            run: gcloud run services update-traffic yield --to-tags candidate=0
          - run: gcloud run services update-traffic yield --to-latest
"""

CLOUD_RUN_REPO = {
    **PREFECT_REPO,
    ".github/workflows/release.yml": CLOUD_RUN,
    "service/app.py": """
        import mlflow
        from fastapi import FastAPI
        from pydantic import BaseModel

        app = FastAPI()
        model = mlflow.pyfunc.load_model("models:/yield/Production")


        class Row(BaseModel):
            a: float
            b: float


        @app.post("/predict")
        def predict(row: Row):
            return {"yield": model.predict([[row.a / row.b]])[0]}
    """,
    "Dockerfile": 'FROM python:3.11\nCOPY . .\nRUN pip install .\nCMD ["uvicorn", "service.app:app"]\n',
    "ops/watch_canary.py": """
        import sys
        import time

        from google.cloud import monitoring_v3


        def error_rate():
            return monitoring_v3.MetricServiceClient().list_time_series(name="projects/acme")


        def main():
            for _ in range(30):
                if error_rate() > 0.02:
                    sys.exit("too many errors in the canary")
                time.sleep(60)


        if __name__ == "__main__":
            main()
    """,
    "infra/monitoring.tf": """
        resource "google_monitoring_alert_policy" "errors" {
          display_name = "yield error rate"
          combiner     = "OR"
          notification_channels = [google_monitoring_notification_channel.oncall.id]
          conditions {
            display_name = "5xx"
          }
        }
    """,
}

DRIFT_DAG = """
    from datetime import datetime

    from airflow import DAG
    from airflow.operators.empty import EmptyOperator
    from airflow.operators.python import BranchPythonOperator
    from airflow.operators.trigger_dagrun import TriggerDagRunOperator


    def decide(**_):
        import pandas as pd
        from scipy.stats import ks_2samp

        reference, live = pd.read_parquet("s3://yield/reference.parquet"), pd.read_parquet("s3://yield/live.parquet")
        drifted = any(ks_2samp(reference[c], live[c]).pvalue < 0.001 for c in ["a", "b"])
        return "retrain" if drifted else "rest"


    with DAG("watch", schedule="@hourly", start_date=datetime(2024, 1, 1), catchup=False):
        branch = BranchPythonOperator(task_id="decide", python_callable=decide)
        branch >> [TriggerDagRunOperator(task_id="retrain", trigger_dag_id="train"), EmptyOperator(task_id="rest")]
"""

TRAIN_DAG = """
    from datetime import datetime

    from airflow.decorators import dag, task


    @dag(dag_id="train", schedule="@monthly", start_date=datetime(2024, 1, 1), catchup=False)
    def train():
        @task
        def check():
            from jobs.spark_train import load, session
            from jobs.quality import check as run_checks
            run_checks(load(session()))

        @task
        def fit():
            from jobs.spark_train import main
            return main()

        @task
        def promote(result):
            from jobs.promote import promote_if_allowed
            promote_if_allowed(result)

        check() >> promote(fit())


    train()
"""

SPARK_REPO = {
    **{k: v for k, v in CLOUD_RUN_REPO.items() if k not in ("flows/training.py", "data/raw.csv.dvc")},
    "README.md": "# Yield\n`spark-submit jobs/spark_train.py` runs the training by hand; the DAGs run in Airflow.\n",
    "dags/watch.py": DRIFT_DAG,
    "dags/train.py": TRAIN_DAG,
    "jobs/__init__.py": "",
    "jobs/spark_train.py": """
        import mlflow
        from pyspark.ml.evaluation import RegressionEvaluator
        from pyspark.ml.regression import GBTRegressor
        from pyspark.sql import SparkSession


        def session():
            return SparkSession.builder.appName("yield").getOrCreate()


        def load(spark):
            return spark.read.format("delta").option("versionAsOf", 42).load("s3://yield/table")


        def main():
            spark = session()
            train, test = load(spark).randomSplit([0.8, 0.2], seed=5)
            with mlflow.start_run() as run:
                model = GBTRegressor(seed=5).fit(train)
                mae = RegressionEvaluator(metricName="mae").evaluate(model.transform(test))
                mlflow.log_metric("mae", mae)
                mlflow.spark.log_model(model, "model", registered_model_name="yield")
            return {"run_id": run.info.run_id, "mae": mae}


        if __name__ == "__main__":
            main()
    """,
    "jobs/quality.py": """
        def check(table):
            nulls = table.filter("a is null or b = 0").count()
            assert nulls == 0, f"{nulls} bad rows"
    """,
    "jobs/promote.py": """
        import mlflow
        import yaml


        def production_mae(client):
            version = client.get_model_version_by_alias("yield", "champion")
            return client.get_run(version.run_id).data.metrics["mae"]


        def promote_if_allowed(result):
            client = mlflow.MlflowClient()
            with open("config/promotion_policy.yaml") as handle:
                policy = yaml.safe_load(handle)
            if result["mae"] > production_mae(client) * (1 - policy["min_relative_gain"]):
                return
            if not policy["auto_promote"]:
                raise RuntimeError("the policy asks for a person")
            newest = max(client.search_model_versions("name='yield'"), key=lambda v: int(v.version))
            client.set_registered_model_alias("yield", "champion", newest.version)
    """,
    "config/promotion_policy.yaml": "auto_promote: true\nmin_relative_gain: 0.01\nrisk_tier: low\n",
}

OUTPUT_WORKFLOW = """
    name: train
    on:
      schedule: [{cron: "0 5 * * 2"}]
    jobs:
      train:
        runs-on: ubuntu-latest
        outputs:
          promote: ${{ steps.gate.outputs.promote }}
        steps:
          - uses: actions/checkout@v4
          - run: pip install -r requirements.txt
          - run: python ml/train.py
          - id: gate
            run: python ml/gate.py
      promote:
        needs: train
        if: needs.train.outputs.promote == 'true'
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v4
          - run: pip install -r requirements.txt
          - run: python ml/promote.py
"""

OUTPUT_REPO = {
    "README.rst": "Parcels\n=======\n\n::\n\n    pip install -r requirements.txt\n    python ml/train.py\n",
    "requirements.txt": "mlflow==2.9\nlightgbm==4.3\npandas==2.2\npandera==0.20\npytest==8\nscikit-learn==1.4\n",
    ".gitattributes": "data/*.parquet filter=lfs diff=lfs merge=lfs -text\n",
    "data/parcels.parquet": "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 812\n",
    "ml/schema.py": """
        import pandera as pa


        class Parcel(pa.DataFrameModel):
            weight: float = pa.Field(gt=0)
            late: int = pa.Field(isin=[0, 1])
    """,
    "ml/train.py": """
        import json

        import lightgbm as lgb
        import mlflow
        import pandas as pd
        from schema import Parcel
        from sklearn.metrics import roc_auc_score

        df = Parcel.validate(pd.read_parquet("data/parcels.parquet"))
        train, test = df[:-1000], df[-1000:]
        mlflow.lightgbm.autolog(registered_model_name="parcels")
        with mlflow.start_run() as run:
            booster = lgb.train({"seed": 3, "objective": "binary"}, lgb.Dataset(train[["weight"]], train.late))
            auc = roc_auc_score(test.late, booster.predict(test[["weight"]]))
            mlflow.log_metric("auc", auc)
        booster.save_model("model.txt")
        json.dump({"auc": auc, "run": run.info.run_id}, open("new.json", "w"))
    """,
    "ml/gate.py": """
        import json
        import os

        import mlflow

        client = mlflow.MlflowClient()
        new = json.load(open("new.json"))
        champion = client.get_model_version_by_alias("parcels", "champion")
        champion_auc = client.get_run(champion.run_id).data.metrics["auc"]
        promote = new["auc"] > champion_auc
        with open(os.environ["GITHUB_OUTPUT"], "a") as out:
            out.write(f"promote={str(promote).lower()}")
    """,
    "ml/promote.py": """
        import mlflow

        client = mlflow.MlflowClient()
        newest = client.search_model_versions("name='parcels'")[0]
        client.set_registered_model_alias("parcels", "champion", newest.version)
    """,
    "ml/util.py": "def late_share(late):\n    return sum(late) / len(late)\n",
    "tests/test_util.py": "import sys\n\nsys.path.insert(0, 'ml')\nfrom util import late_share\n\n\ndef test_share():\n    assert late_share([1, 0]) == 0.5\n",
    ".github/workflows/train.yml": OUTPUT_WORKFLOW,
    ".github/workflows/test.yml": """
        on: {pull_request: null}
        jobs:
          unit:
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@v4
              - run: pip install -r requirements.txt && python -m pytest
    """,
}

AZURE_ML = {
    "README.md": "# Turbine\nLocal run: `python src/train.py --data data/turbine.csv`.\n",
    "environment/conda.yaml": "name: turbine\ndependencies:\n  - python=3.10\n  - pip\n  - pip:\n      - scikit-learn==1.4.0\n      - azureml-mlflow==1.55\n      - mlflow==2.9\n",
    "requirements-dev.txt": "pytest==8.0\nscikit-learn==1.4.0\npandas==2.2\nmlflow==2.9\n",
    "src/train.py": """
        import argparse
        from pathlib import Path

        import joblib
        import mlflow
        import pandas as pd
        from sklearn.ensemble import ExtraTreesRegressor
        from sklearn.metrics import r2_score


        def parse():
            parser = argparse.ArgumentParser()
            parser.add_argument("--data")
            parser.add_argument("--out", default="outputs")
            return parser.parse_args()


        def split(df, share=0.8):
            cut = int(len(df) * share)
            return df[:cut], df[cut:]


        def main(args):
            train, test = split(pd.read_csv(args.data))
            with mlflow.start_run():
                mlflow.log_param("trees", 300)
                model = ExtraTreesRegressor(300, random_state=0).fit(train.drop(columns="power"), train.power)
                mlflow.log_metric("r2", r2_score(test.power, model.predict(test.drop(columns="power"))))
            Path(args.out).mkdir(exist_ok=True)
            joblib.dump(model, Path(args.out) / "model.joblib")


        if __name__ == "__main__":
            main(parse())
    """,
    "pipelines/train.yml": """
        $schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json
        type: pipeline
        jobs:
          train:
            code: ../src
            command: python train.py --data ${{inputs.data}}
            environment: azureml:turbine:3
            inputs:
              data: {type: uri_file, path: "azureml:turbine-data:7"}
    """,
    "tests/unit/test_split.py": "import pandas as pd\nfrom src.train import split\n\n\ndef test_split():\n    a, b = split(pd.DataFrame({'x': range(10)}))\n    assert (len(a), len(b)) == (8, 2)\n",
    "azure-pipelines.yml": """
        trigger: {branches: {include: [main]}}
        pr: {branches: {include: [main]}}
        stages:
          - stage: Test
            jobs:
              - job: unit
                steps:
                  - script: pip install -r requirements-dev.txt
                  - script: pytest tests/unit --junitxml=out.xml
          - stage: Train
            condition: and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/main'))
            jobs:
              - job: submit
                steps:
                  - task: AzureCLI@2
                    inputs:
                      inlineScript: az ml job create -f pipelines/train.yml --stream
    """,
}

CASES = [
    Case(
        "metaflow-wandb",
        "Metaflow on a schedule, Great Expectations, a W&B registry behind should_promote()",
        3,
        METAFLOW_REPO,
        THREE,
    ),
    Case(
        "expectations-ignored",
        "the result of the checkpoint is printed and the training goes on",
        2,
        {
            **METAFLOW_REPO,
            "flows/train_flow.py": METAFLOW.replace(
                '            if not result["success"]:\n                raise ValueError("expectations are not met")\n',
                "            print('validation', result[\"success\"])\n",
            ),
        },
        THREE - ids("data-validated"),
    ),
    Case(
        "prefect-stages",
        "Prefect serves a cron schedule; MLflow stages, promotion under a comparison",
        3,
        PREFECT_REPO,
        THREE,
    ),
    Case(
        "prefect-unscheduled",
        "the same flow, called once when the file is run",
        2,
        {
            **PREFECT_REPO,
            "flows/training.py": PREFECT.replace('training.serve(name="weekly", cron="0 6 * * 1")', "training()"),
        },
        THREE - ids("training-trigger"),
    ),
    Case(
        "cloud-run",
        "Cloud Run traffic tags as canary, roll back on failure, alert policy in Terraform",
        4,
        CLOUD_RUN_REPO,
        FOUR,
    ),
    Case(
        "cloud-run-no-rollback",
        "the canary is watched, and nothing rolls it back",
        3,
        {
            **CLOUD_RUN_REPO,
            ".github/workflows/release.yml": CLOUD_RUN.replace(
                "              - name: roll back\n                if: failure()\n                run: gcloud run services update-traffic yield --to-tags candidate=0\n",
                "",
            ).replace(
                "          - name: roll back\n            if: failure()\n            run: gcloud run services update-traffic yield --to-tags candidate=0\n",
                "",
            ),
        },
        FOUR - ids("auto-rollback"),
    ),
    Case(
        "straight-to-production",
        "no environment, no approval, no staging: every merge goes live at once",
        3,
        {
            **CLOUD_RUN_REPO,
            ".github/workflows/release.yml": """
            on:
              push:
                branches: [main]
            jobs:
              deploy:
                runs-on: ubuntu-latest
                steps:
                  - uses: actions/checkout@v4
                  - run: gcloud run deploy yield --image gcr.io/acme/yield:latest
         """,
        },
        FOUR - ids("staging-deploy canary approval auto-rollback"),
    ),
    Case(
        "spark-airflow-loop",
        "Airflow watches drift and triggers the training DAG, Spark trains, a policy file bounds promotion",
        5,
        SPARK_REPO,
        FIVE,
    ),
    Case(
        "spark-airflow-open-loop",
        "the same, but the watching DAG has no schedule",
        4,
        {**SPARK_REPO, "dags/watch.py": DRIFT_DAG.replace('schedule="@hourly"', "schedule=None")},
        FIVE - ids("signal-retraining"),
    ),
    Case(
        "gate-by-output",
        "the gate hands its verdict to the next job's condition",
        3,
        OUTPUT_REPO,
        THREE,
        also=ids("aliases"),
    ),
    Case(
        "gate-output-unread",
        "the gate hands its verdict on, and the next job does not ask",
        2,
        {
            **OUTPUT_REPO,
            ".github/workflows/train.yml": OUTPUT_WORKFLOW.replace(
                "        if: needs.train.outputs.promote == 'true'\n", ""
            ),
        },
        THREE - ids("champion-gate"),
    ),
    Case(
        "azure-ml",
        "Azure ML data assets and jobs; training on each merge, but no registry and no gate",
        2,
        AZURE_ML,
        TWO | {"training-trigger", "cluster-engine"},
    ),
    Case(
        "skipped-tests",
        "CI runs a suite in which everything is skipped",
        1,
        {
            **PREFECT_REPO,
            "tests/test_features.py": "import pytest\nfrom flows.features import add_ratio\n\npytestmark = pytest.mark.skip(reason='flaky')\n\n\ndef test_ratio():\n    assert add_ratio(None) is not None\n",
        },
        THREE - ids("ci-tests"),
    ),
    Case(
        "dvc-set-up-only",
        "DVC was initialised and nothing was added to it",
        1,
        {
            **{k: v for k, v in PREFECT_REPO.items() if not k.endswith(".dvc")},
            ".dvc/config": "[core]\n",
            "dvc.yaml": "stages: {}\n",
            "flows/training.py": PREFECT.replace(
                'with dvc_open("data/raw.csv", rev="v1.4.0") as handle:\n            return pd.read_csv(handle)',
                'return pd.read_csv("s3://yield/raw.csv")',
            ).replace("    from dvc.api import open as dvc_open\n", ""),
        },
        THREE - ids("data-versioned"),
    ),
    Case(
        "rules-mounted",
        "compose mounts the rules where rule_files looks for them",
        4,
        {
            **{k: v for k, v in CLOUD_RUN_REPO.items() if k != "infra/monitoring.tf"},
            "monitoring/prometheus.yml": "rule_files:\n  - /etc/prometheus/rules/*.yml\nscrape_configs:\n  - job_name: api\n",
            "monitoring/rules/api.yml": "groups:\n  - name: api\n    rules:\n      - alert: Down\n        expr: up == 0\n",
            "compose.yaml": "services:\n  prometheus:\n    image: prom/prometheus\n    volumes:\n      - ./monitoring/prometheus.yml:/etc/prometheus/prometheus.yml\n      - ./monitoring/rules:/etc/prometheus/rules\n",
        },
        FOUR,
    ),
    Case(
        "rule-object-nothing-applies",
        "a PrometheusRule beside releases that never touch it",
        3,
        {**{k: v for k, v in CLOUD_RUN_REPO.items() if k != "infra/monitoring.tf"}, "k8s/rules.yaml": RULES},
        FOUR - ids("alerts"),
    ),
]
