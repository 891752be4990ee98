"""Levels 2 and 3, and what only looks like them."""

from assess.labelled import THREE, TWO, Case, ids

PREFECT_TRAIN = """
    import joblib
    import pandas as pd
    import wandb
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.metrics import average_precision_score

    from leadscore.features import build


    def fit(raw, seed):
        frame = build(raw)
        early, late = frame[frame.week < 40], frame[frame.week >= 40]
        model = HistGradientBoostingClassifier(random_state=seed)
        model.fit(early.drop(columns="won"), early.won)
        score = average_precision_score(late.won, model.predict_proba(late.drop(columns="won"))[:, 1])
        return model, score


    def main():
        with wandb.init(project="leads", config={"seed": 5}) as run:
            table = run.use_artifact("crm-export:v12").download()
            model, score = fit(pd.read_parquet(table + "/leads.parquet"), run.config["seed"])
            run.log({"average_precision": score})
            joblib.dump(model, "lead.joblib")


    if __name__ == "__main__":
        main()
"""

FEATURES = """
    def build(raw):
        raw = raw.dropna(subset=["won"])
        return raw.assign(size=raw.employees.clip(1, 10000))
"""

FEATURE_TEST = """
    import pandas as pd

    from leadscore.features import build


    def test_rows_without_outcome_are_dropped():
        frame = pd.DataFrame({"won": [1, None], "employees": [0, 5]})
        assert len(build(frame)) == 1
        assert build(frame)["size"].tolist() == [1]
"""

WORKFLOW = """
    name: checks
    on:
      pull_request:
      push:
        branches: [main]
    jobs:
      tests:
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v4
          - uses: astral-sh/setup-uv@v5
          - run: uv sync --frozen
          - run: uv run ruff check .
          - run: uv run pytest -q
"""

PYPROJECT = """
    [project]
    name = "leadscore"
    version = "1.0"
    requires-python = ">=3.11"
    dependencies = ["pandas>=2,<3", "scikit-learn>=1.4,<2", "wandb>=0.16,<1"]
    [dependency-groups]
    dev = ["pytest>=8,<9", "ruff>=0.5,<1"]
"""

WANDB_TWO = {
    "README.md": "# Lead score\n`uv sync && uv run python -m leadscore.train`\n",
    "pyproject.toml": PYPROJECT,
    "uv.lock": "version = 1\n",
    "leadscore/__init__.py": "",
    "leadscore/features.py": FEATURES,
    "leadscore/train.py": PREFECT_TRAIN,
    "tests/test_features.py": FEATURE_TEST,
    ".github/workflows/checks.yml": WORKFLOW,
}

MLFLOW_TRAIN = """
    import json
    import subprocess
    from pathlib import Path

    import mlflow
    import pandas as pd
    import yaml
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.metrics import mean_squared_error

    from etl.checks import SCHEMA

    PARAMS = yaml.safe_load(Path("params.yaml").read_text())


    def train(frame):
        SCHEMA.validate(frame, lazy=True)
        cut = int(len(frame) * 0.8)
        model = RandomForestRegressor(n_estimators=PARAMS["trees"], random_state=PARAMS["seed"])
        model.fit(frame[:cut].drop(columns="load"), frame[:cut].load)
        return model, mean_squared_error(frame[cut:].load, model.predict(frame[cut:].drop(columns="load")))


    def main():
        mlflow.set_experiment("grid-load")
        with mlflow.start_run() as run:
            model, mse = train(pd.read_csv("data/load.csv"))
            mlflow.log_params(PARAMS)
            mlflow.log_metric("mse", mse)
            mlflow.set_tag("git_sha", subprocess.check_output(["git", "rev-parse", "HEAD"], text=True))
            mlflow.sklearn.log_model(model, "model", registered_model_name="grid-load")
            Path("candidate.json").write_text(json.dumps({"run_id": run.info.run_id, "mse": mse}))


    if __name__ == "__main__":
        main()
"""

SCHEMA = """
    import pandera.pandas as pa

    SCHEMA = pa.DataFrameSchema({
        "hour": pa.Column(int, pa.Check.between(0, 23)),
        "temperature": pa.Column(float, nullable=False),
        "load": pa.Column(float, pa.Check.gt(0)),
    })
"""

COMPARE = """
    import json
    import sys
    from pathlib import Path

    import mlflow


    def champion_mse(client):
        version = client.get_model_version_by_alias("grid-load", "champion")
        return client.get_run(version.run_id).data.metrics["mse"]


    def main():
        client = mlflow.MlflowClient()
        candidate = json.loads(Path("candidate.json").read_text())
        champion = champion_mse(client)
        if candidate["mse"] >= champion * 0.99:
            print(f"candidate {candidate['mse']} does not beat champion {champion}")
            sys.exit(1)
        newest = client.search_model_versions("name='grid-load'")[0].version
        client.set_registered_model_alias("grid-load", "champion", newest)


    if __name__ == "__main__":
        main()
"""

DVC = """
    stages:
      fit:
        cmd: python -m etl.fit
        deps: [data/load.csv, etl/fit.py]
        outs: [candidate.json]
      compare:
        cmd: python -m etl.compare
        deps: [candidate.json]
"""

GITLAB = """
    stages: [test, train]
    default:
      image: python:3.11
    .base:
      before_script:
        - pip install -r requirements.txt
    unit:
      extends: .base
      stage: test
      script:
        - pytest tests
    retrain:
      extends: .base
      stage: train
      script:
        - dvc pull
        - dvc repro
      rules:
        - if: $CI_PIPELINE_SOURCE == "schedule"
"""

LOAD_TEST = """
    import pandas as pd
    import pytest
    from pandera.errors import SchemaError, SchemaErrors

    from etl.checks import SCHEMA


    def test_a_negative_load_is_refused():
        frame = pd.DataFrame({"hour": [1], "temperature": [3.0], "load": [-1.0]})
        with pytest.raises((SchemaError, SchemaErrors)):
            SCHEMA.validate(frame)
"""

MLFLOW_THREE = {
    "README.md": "# Grid load\nEverything: `dvc repro`.\n",
    "requirements.txt": "mlflow==2.9.2\npandas==2.2.0\nscikit-learn==1.4.0\npandera==0.20.0\ndvc==3.50.0\npytest==8.0.0\n",
    "params.yaml": "seed: 4\ntrees: 200\n",
    "etl/__init__.py": "",
    "etl/fit.py": MLFLOW_TRAIN,
    "etl/checks.py": SCHEMA,
    "etl/compare.py": COMPARE,
    "dvc.yaml": DVC,
    "dvc.lock": "schema: '2.0'\nstages:\n  fit:\n    deps:\n    - path: data/load.csv\n      md5: 0cc175b9c0f1b6a831c399e269772661\n",
    "tests/test_checks.py": LOAD_TEST,
    ".gitlab-ci.yml": GITLAB,
}

AIRFLOW = """
    from datetime import datetime

    from airflow import DAG
    from airflow.operators.bash import BashOperator
    from airflow.operators.python import ShortCircuitOperator

    from steps.gate import better_than_production
    from steps.promote import promote

    with DAG("scoring_training", start_date=datetime(2024, 1, 1), schedule="@weekly", catchup=False) as dag:
        check = BashOperator(task_id="soda", bash_command="soda scan -d dwh -c soda/config.yml soda/checks.yml")
        fit = BashOperator(task_id="fit", bash_command="python steps/fit.py")
        gate = ShortCircuitOperator(task_id="gate", python_callable=better_than_production)
        release = PythonOperator(task_id="promote", python_callable=promote)
        check >> fit >> gate >> release
"""

NEPTUNE_FIT = """
    import neptune
    import pandas as pd
    from catboost import CatBoostClassifier

    QUERY = "SELECT * FROM scoring.features FOR SYSTEM_TIME AS OF '2024-05-01'"


    def fit():
        run = neptune.init_run(project="risk/scoring")
        frame = pd.read_gbq(QUERY)
        model = CatBoostClassifier(random_seed=9, verbose=0)
        model.fit(frame.drop(columns="default"), frame["default"])
        auc = model.score(frame.drop(columns="default"), frame["default"])
        run["auc"] = auc
        run["params"].append(model.get_params())
        model.save_model("scoring.cbm")
        version = neptune.init_model_version(model="SCO-MOD")
        version["binary"].upload("scoring.cbm")
        version["auc"] = auc
        return auc


    if __name__ == "__main__":
        fit()
"""

NEPTUNE_GATE = """
    import neptune


    def _auc(stage):
        versions = neptune.init_model(with_id="SCO-MOD").fetch_model_versions_table().to_pandas()
        return versions[versions["sys/stage"] == stage]["auc"].max()


    def better_than_production():
        return _auc("staging") > _auc("production") + 0.002
"""

IGNORED_GATE = """
    import json
    import logging
    from pathlib import Path

    import mlflow


    def main():
        client = mlflow.MlflowClient()
        candidate = json.loads(Path("candidate.json").read_text())
        version = client.get_model_version_by_alias("grid-load", "champion")
        champion = client.get_run(version.run_id).data.metrics["mse"]
        passed = candidate["mse"] < champion
        logging.info("gate passed: %s", passed)
        if not passed:
            logging.warning("candidate is worse than the champion")
        newest = client.search_model_versions("name='grid-load'")[0].version
        client.set_registered_model_alias("grid-load", "champion", newest)


    if __name__ == "__main__":
        main()
"""

HAND_STARTED = """
    name: retrain
    on: workflow_dispatch
    jobs:
      train:
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v4
          - run: pip install -r requirements.txt
          - run: dvc repro
"""

CHECKS = """
    name: ci
    on: pull_request
    jobs:
      test:
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v4
          - run: pip install -r requirements.txt
          - run: python -m pytest tests
"""

DAGSTER = """
    import dagster as dg
    import polars as pl
    from clearml import OutputModel, Task
    from xgboost import XGBClassifier

    from credit.compare import accept
    from credit.quality import check


    @dg.asset
    def table():
        frame = pl.read_delta("s3://credit/loans", version=17)
        check(frame)
        return frame


    @dg.asset
    def model(table):
        task = Task.init("credit", "train")
        booster = XGBClassifier(random_state=2)
        booster.fit(table.drop("bad").to_pandas(), table["bad"].to_pandas())
        score = booster.score(table.drop("bad").to_pandas(), table["bad"].to_pandas())
        task.get_logger().report_single_value("accuracy", score)
        booster.save_model("credit.ubj")
        output = OutputModel(task=task, name="credit")
        output.update_weights("credit.ubj")
        if accept(score):
            output.publish()
        return score


    job = dg.define_asset_job("train", "*")
    defs = dg.Definitions(assets=[table, model], schedules=[dg.ScheduleDefinition(job=job, cron_schedule="0 3 * * 1")])
"""

CASES = [
    Case(
        "wandb-foundations",
        "W&B artifacts version the data; uv and GitHub",
        2,
        WANDB_TWO,
        TWO,
        also=ids("environment ci-lint feature-tests unit-tests"),
        lacks=ids("secret-scan declared-stages aliases"),
    ),
    Case(
        "lakefs-jenkins",
        "lakeFS, Comet, Jenkins, unittest, plain scripts",
        2,
        {
            "README.md": "# Anomaly\n\n    pip install .\n    anomaly-train --seed 3\n",
            "setup.py": """
                from setuptools import setup

                setup(name="anomaly", version="0.3", packages=["anomaly"], install_requires=["pandas>=2,<3", "torch>=2,<3"],
                      entry_points={"console_scripts": ["anomaly-train=anomaly.run:main"]})
            """,
            "anomaly/__init__.py": "",
            "anomaly/net.py": """
                import torch
                from torch import nn


                class AutoEncoder(nn.Module):
                    def __init__(self, width):
                        super().__init__()
                        self.encoder = nn.Linear(width, 4)
                        self.decoder = nn.Linear(4, width)

                    def forward(self, x):
                        return self.decoder(torch.relu(self.encoder(x)))
            """,
            "anomaly/run.py": """
                import lakefs
                import torch
                from comet_ml import Experiment

                from anomaly.net import AutoEncoder


                def load():
                    ref = lakefs.repository("sensors").ref("c4f1d2")
                    return torch.load(ref.object("train.pt").reader())


                def main():
                    torch.manual_seed(3)
                    experiment = Experiment(project_name="anomaly")
                    x = load()
                    model = AutoEncoder(x.shape[1])
                    optimizer = torch.optim.Adam(model.parameters())
                    for epoch in range(20):
                        loss = ((model(x) - x) ** 2).mean()
                        optimizer.zero_grad()
                        loss.backward()
                        optimizer.step()
                        experiment.log_metric("mse", loss.item(), epoch=epoch)
                    torch.save(model.state_dict(), "anomaly.pt")


                if __name__ == "__main__":
                    main()
            """,
            "anomaly/detect.py": """
                import sys

                import torch

                from anomaly.net import AutoEncoder


                def predict(path):
                    x = torch.load(path)
                    model = AutoEncoder(x.shape[1])
                    model.load_state_dict(torch.load("anomaly.pt"))
                    return ((model(x) - x) ** 2).mean(dim=1)


                if __name__ == "__main__":
                    print(predict(sys.argv[1]))
            """,
            "tests/test_net.py": """
                import unittest

                import torch

                from anomaly.net import AutoEncoder


                class ShapeTest(unittest.TestCase):
                    def test_output_has_the_shape_of_the_input(self):
                        self.assertEqual(AutoEncoder(7)(torch.zeros(2, 7)).shape, (2, 7))
            """,
            "Jenkinsfile": """
                pipeline {
                  agent { docker { image 'python:3.11' } }
                  stages {
                    stage('Install') { steps { sh 'pip install .' } }
                    stage('Test') { steps { sh 'pip install . && python -m unittest discover tests' } }
                  }
                }
            """,
        },
        TWO,
    ),
    Case(
        "ml-in-notebook-tracked",
        "only the notebook is tracked; the script that trains is not",
        1,
        {
            **WANDB_TWO,
            "leadscore/train.py": """
            import joblib
            import pandas as pd
            from sklearn.ensemble import HistGradientBoostingClassifier
            from sklearn.metrics import average_precision_score

            from leadscore.features import build

            if __name__ == "__main__":
                frame = build(pd.read_parquet("leads.parquet"))
                model = HistGradientBoostingClassifier(random_state=1).fit(frame.drop(columns="won"), frame.won)
                print(average_precision_score(frame.won, model.predict(frame.drop(columns="won"))))
                joblib.dump(model, "lead.joblib")
         """,
            "explore.ipynb": '{"cells": [{"cell_type": "code", "source": ["import wandb\\n", "wandb.init()\\n", "wandb.log({\'a\': 1})"]}]}',
        },
        TWO - ids("tracked-runs data-versioned"),
    ),
    Case(
        "ci-on-main-only",
        "CI that runs after the merge; a proposed change is not tested",
        1,
        {**WANDB_TWO, ".github/workflows/checks.yml": WORKFLOW.replace("pull_request:\n      ", "")},
        TWO - ids("ci-pull-request ci-tests"),
    ),
    Case(
        "lock-file-forgotten",
        "CI installs with --frozen, and there is no lock file",
        1,
        {path: text for path, text in WANDB_TWO.items() if path != "uv.lock"},
        TWO - ids("ci-pull-request ci-tests"),
    ),
    Case(
        "feature-store-is-no-registry",
        "Feast's registry taken for a model registry; DVC, tracking and CI in order",
        2,
        {
            **MLFLOW_THREE,
            "etl/fit.py": MLFLOW_TRAIN.replace(', registered_model_name="grid-load"', ""),
            "etl/compare.py": "print('see the registry')\n",
            "etl/store.py": """
            from feast import FeatureStore


            def register_features():
                store = FeatureStore(repo_path="features")
                store.apply([])
                return store.registry


            if __name__ == "__main__":
                register_features()
          """,
            "features/feature_store.yaml": "project: grid\nregistry: data/registry.db\nprovider: local\n",
        },
        TWO | ids("data-validated training-trigger"),
    ),
    Case(
        "mlflow-dvc-gitlab",
        "DVC stages, pandera, MLflow registry, a gate that exits, a GitLab schedule",
        3,
        MLFLOW_THREE,
        THREE,
        also=ids("declared-stages environment run-identity aliases config-driven data-tests"),
        lacks=ids("secret-scan service container-image slices"),
    ),
    Case(
        "gate-without-effect",
        "the comparison with the champion is logged, and the promotion happens anyway",
        2,
        {**MLFLOW_THREE, "etl/compare.py": IGNORED_GATE},
        THREE - ids("champion-gate"),
    ),
    Case(
        "gate-whose-failure-is-ignored",
        "the gate exits with 1, and the job that runs it lets it",
        2,
        {
            **MLFLOW_THREE,
            ".gitlab-ci.yml": GITLAB.replace("dvc repro", "dvc repro fit\n        - python -m etl.compare || true"),
            "dvc.yaml": DVC[: DVC.index("      compare:")],
        },
        THREE - ids("champion-gate"),
    ),
    Case(
        "started-by-hand",
        "all of level 3 but that only a person can start the training",
        2,
        {
            **{k: v for k, v in MLFLOW_THREE.items() if k != ".gitlab-ci.yml"},
            ".github/workflows/ci.yml": CHECKS,
            ".github/workflows/retrain.yml": HAND_STARTED,
        },
        THREE - ids("training-trigger"),
        also=ids("training-on-demand"),
    ),
    Case(
        "fixed-threshold",
        "a threshold is checked, but no champion is looked at; validation errors are swallowed",
        2,
        {
            **MLFLOW_THREE,
            "etl/fit.py": MLFLOW_TRAIN.replace(
                "        SCHEMA.validate(frame, lazy=True)\n",
                """\
        try:
            SCHEMA.validate(frame, lazy=True)
        except Exception as error:
            print("schema problem", error)
""",
            ),
            "etl/compare.py": """
            import json
            import sys
            from pathlib import Path

            if json.loads(Path("candidate.json").read_text())["mse"] > 100:
                sys.exit("too bad")
          """,
        },
        THREE - ids("champion-gate data-validated"),
    ),
    Case(
        "airflow-neptune-soda",
        "Airflow runs Soda, CatBoost and a short circuit as gate; Neptune tracks and registers; Azure tests",
        3,
        {
            "README.md": "# Scoring\nLocally: `python steps/fit.py`. In production the DAG runs weekly.\n",
            "requirements.txt": "catboost==1.2\nneptune==1.8\nsoda-core-bigquery==3.3\npandas-gbq==0.20\npytest==8.0\n",
            "dags/training.py": AIRFLOW.replace(
                "BashOperator\n    from airflow.operators.python import Short",
                "BashOperator\n    from airflow.operators.python import PythonOperator, Short",
            ),
            "steps/__init__.py": "",
            "steps/fit.py": NEPTUNE_FIT,
            "steps/gate.py": NEPTUNE_GATE,
            "steps/promote.py": "import neptune\n\n\ndef promote():\n    neptune.init_model_version(with_id='SCO-MOD-1').change_stage('production')\n",
            "soda/checks.yml": "checks for features:\n  - row_count > 1000\n",
            "tests/test_gate.py": """
                from steps import gate


                def test_equal_is_not_better(monkeypatch):
                    monkeypatch.setattr(gate, "_auc", lambda stage: 0.7)
                    assert not gate.better_than_production()
            """,
            "azure-pipelines.yml": """
                trigger: [main]
                pr: [main]
                pool: {vmImage: ubuntu-latest}
                steps:
                  - task: UsePythonVersion@0
                    inputs: {versionSpec: "3.11"}
                  - script: pip install -r requirements.txt
                  - script: python -m pytest tests
            """,
        },
        THREE,
        also=ids("unit-tests gate-tests declared-stages"),
    ),
    Case(
        "dagster-clearml",
        "Dagster schedules assets; ClearML tracks and publishes; own checks raise; Buildkite tests",
        3,
        {
            "README.md": "# Credit\n`dagster dev`, or `dagster job execute -f credit/definitions.py -j train`.\n",
            "pyproject.toml": PYPROJECT.replace("leadscore", "credit"),
            "credit/__init__.py": "",
            "credit/definitions.py": DAGSTER,
            "credit/quality.py": """
                def check(frame):
                    missing = {"age", "income", "bad"} - set(frame.columns)
                    if missing:
                        raise ValueError(f"columns are missing: {missing}")
                    if frame["income"].min() < 0:
                        raise ValueError("negative income")
            """,
            "credit/compare.py": """
                from clearml import Model


                def accept(score):
                    champion = Model.query_models(model_name="credit", only_published=True)
                    return not champion or score > champion[0].get_metadata("accuracy")
            """,
            "tests/test_quality.py": """
                import polars as pl
                import pytest

                from credit.quality import check


                def test_missing_column():
                    with pytest.raises(ValueError):
                        check(pl.DataFrame({"age": [1]}))
            """,
            ".buildkite/pipeline.yml": """
                steps:
                  - label: test
                    command:
                      - pip install -e .
                      - pytest
            """,
        },
        THREE,
        also=ids("declared-stages data-tests"),
    ),
]
