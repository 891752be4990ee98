"""The held-out cases."""

from __future__ import annotations

from assess.held_out import Case, HeldOut, ids
from assess.labelled import ONE

RAY = Case(
    "ray-train-callback",
    "the run is tracked by a callback that Ray's trainer is given; no line of the repository logs anything",
    1,
    {
        "README.md": """
            # Tickets

            Routes support tickets to a team. `python -m tickets.train --epochs 5`, then `python -m tickets.route FILE`.
        """,
        "requirements.txt": "ray[train]==2.9.0\ntorch==2.2.0\nmlflow==2.10.0\ntransformers==4.37.0\n",
        "tickets/__init__.py": "",
        "tickets/train.py": """
            import argparse

            import ray
            import torch
            from ray.air.integrations.mlflow import MLflowLoggerCallback
            from ray.train import Checkpoint, RunConfig, ScalingConfig
            from ray.train.torch import TorchTrainer
            from sklearn.metrics import f1_score

            from tickets.net import Router


            def loop(config):
                torch.manual_seed(config["seed"])
                net = Router(config["teams"])
                optimizer = torch.optim.Adam(net.parameters(), lr=config["lr"])
                shard = ray.train.get_dataset_shard("train")
                for epoch in range(config["epochs"]):
                    for batch in shard.iter_torch_batches(batch_size=64):
                        loss = torch.nn.functional.cross_entropy(net(batch["words"]), batch["team"])
                        optimizer.zero_grad()
                        loss.backward()
                        optimizer.step()
                    score = f1_score(batch["team"], net(batch["words"]).argmax(1), average="macro")
                    torch.save(net.state_dict(), "net.pt")
                    ray.train.report({"loss": loss.item(), "f1": score}, checkpoint=Checkpoint.from_directory("."))


            def main():
                parser = argparse.ArgumentParser()
                parser.add_argument("--epochs", type=int, default=5)
                args = parser.parse_args()
                tracker = MLflowLoggerCallback(experiment_name="tickets", save_artifact=True)
                trainer = TorchTrainer(
                    loop,
                    train_loop_config={"lr": 1e-3, "epochs": args.epochs, "seed": 11, "teams": 7},
                    scaling_config=ScalingConfig(num_workers=2),
                    run_config=RunConfig(callbacks=[tracker]),
                    datasets={"train": ray.data.read_parquet("s3://support/tickets")},
                )
                trainer.fit()


            if __name__ == "__main__":
                main()
        """,
        "tickets/net.py": """
            import torch


            class Router(torch.nn.Module):
                def __init__(self, teams):
                    super().__init__()
                    self.words = torch.nn.EmbeddingBag(30_000, 64)
                    self.out = torch.nn.Linear(64, teams)

                def forward(self, words):
                    return self.out(self.words(words))

                @torch.inference_mode()
                def predict(self, words):
                    return self(words).argmax(1)
        """,
        "tickets/route.py": """
            import sys

            import torch

            from tickets.net import Router


            def main(path):
                net = Router(7)
                net.load_state_dict(torch.load("net.pt"))
                print(net.predict(torch.load(path)).tolist())


            if __name__ == "__main__":
                main(sys.argv[1])
        """,
    },
    ONE | ids("tracked-runs one-command cluster-engine"),
)

KEDRO = Case(
    "kedro-catalogue",
    "the catalogue writes the model and the metrics; the nodes only return them",
    1,
    {
        "README.md": "# Rents\n\nInstall with `pip install -r requirements.txt`, then `kedro run`.\n",
        "requirements.txt": "kedro~=0.19.0\nkedro-datasets[pandas,pickle]~=2.0\nscikit-learn~=1.4.0\n",
        "pyproject.toml": """
            [project]
            name = "rents"
            version = "0.1"

            [tool.kedro]
            package_name = "rents"
            project_name = "rents"
            kedro_init_version = "0.19.3"
        """,
        "conf/base/catalog.yml": """
            flats:
              type: pandas.CSVDataset
              filepath: s3://city/flats.csv
            regressor:
              type: pickle.PickleDataset
              filepath: data/06_models/regressor.pickle
            estimates:
              type: pandas.CSVDataset
              filepath: data/07_model_output/estimates.csv
        """,
        "conf/base/parameters.yml": "test_size: 0.2\nrandom_state: 5\n",
        "src/rents/__init__.py": "",
        "src/rents/pipeline_registry.py": """
            from kedro.framework.project import find_pipelines


            def register_pipelines():
                pipelines = find_pipelines()
                pipelines["__default__"] = sum(pipelines.values())
                return pipelines
        """,
        "src/rents/pipelines/fitting/__init__.py": "from .pipeline import create_pipeline\n",
        "src/rents/pipelines/fitting/nodes.py": """
            from sklearn.ensemble import RandomForestRegressor
            from sklearn.metrics import mean_absolute_error
            from sklearn.model_selection import train_test_split


            def split(flats, parameters):
                columns = ["rooms", "area", "floor"]
                return train_test_split(flats[columns], flats.rent, test_size=parameters["test_size"],
                                        random_state=parameters["random_state"])


            def fit(x_train, y_train, parameters):
                return RandomForestRegressor(random_state=parameters["random_state"]).fit(x_train, y_train)


            def measure(regressor, x_test, y_test):
                return mean_absolute_error(y_test, regressor.predict(x_test))


            def estimate(regressor, flats):
                return flats.assign(rent=regressor.predict(flats[["rooms", "area", "floor"]]))
        """,
        "src/rents/pipelines/fitting/pipeline.py": """
            from kedro.pipeline import Pipeline, node, pipeline

            from .nodes import estimate, fit, measure, split


            def create_pipeline(**kwargs) -> Pipeline:
                return pipeline([
                    node(split, ["flats", "parameters"], ["x_train", "x_test", "y_train", "y_test"]),
                    node(fit, ["x_train", "y_train", "parameters"], "regressor"),
                    node(measure, ["regressor", "x_test", "y_test"], "error"),
                    node(estimate, ["regressor", "flats"], "estimates"),
                ])
        """,
    },
    ONE | ids("one-command"),
)

MISE = Case(
    "mise-tasks",
    "CI runs tasks of mise, which is neither make nor any of its kin",
    1,
    {
        "README.md": "# Bikes\n\n`mise run install`, then `mise run train`.\n",
        "mise.toml": """
            [tools]
            uv = "0.5"

            [tasks.install]
            run = "uv sync --all-groups"

            [tasks.test]
            run = "uv run pytest tests"

            [tasks.train]
            run = "uv run python -m bikes.fit"
        """,
        "pyproject.toml": """
            [project]
            name = "bikes"
            version = "1.0"
            requires-python = ">=3.11"
            dependencies = ["pandas>=2,<3", "scikit-learn>=1.4,<2", "joblib>=1.3,<2"]

            [dependency-groups]
            dev = ["pytest>=8,<9"]
        """,
        "src/bikes/__init__.py": "",
        "src/bikes/fit.py": """
            import joblib
            import pandas as pd
            from sklearn.ensemble import HistGradientBoostingRegressor
            from sklearn.metrics import mean_squared_error


            def hours(frame):
                return frame.assign(hour=pd.to_datetime(frame.time).dt.hour)


            def main():
                frame = hours(pd.read_csv("https://city.example/bikes.csv"))
                model = HistGradientBoostingRegressor(random_state=9).fit(frame[["hour"]], frame.rides)
                print(mean_squared_error(frame.rides, model.predict(frame[["hour"]])))
                joblib.dump(model, "bikes.joblib")


            if __name__ == "__main__":
                main()
        """,
        "tests/test_fit.py": """
            import pandas as pd

            from bikes.fit import hours


            def test_the_hour_is_taken_from_the_time():
                assert hours(pd.DataFrame({"time": ["2024-05-01 07:30"]})).hour.tolist() == [7]
        """,
        ".github/workflows/pull.yml": """
            on: pull_request
            jobs:
              test:
                runs-on: ubuntu-latest
                steps:
                - uses: actions/checkout@v4
                - uses: jdx/mise-action@v2
                - run: mise run install
                - run: mise run test
        """,
    },
    ONE | ids("one-command ci-pull-request ci-tests"),
    also=ids("unit-tests"),
)

CASES = [
    HeldOut(RAY, misjudged=ids("tracked-runs")),
    HeldOut(KEDRO, misjudged=ids("model-saved one-command")),
    HeldOut(MISE, misjudged=ids("runbook ci-pull-request ci-tests")),
]
