"""Levels 0 and 1."""

from assess.labelled import ONE, Case, ids

NOTEBOOK = """
{"cells": [
 {"cell_type": "markdown", "source": ["# Churn"]},
 {"cell_type": "code", "source": ["import pandas as pd\\n", "from sklearn.ensemble import RandomForestClassifier\\n",
   "from sklearn.model_selection import train_test_split\\n", "from sklearn.metrics import roc_auc_score\\n", "import joblib"]},
 {"cell_type": "code", "source": ["%matplotlib inline\\n", "df = pd.read_csv('customers.csv')\\n",
   "X_train, X_test, y_train, y_test = train_test_split(df.drop(columns='churn'), df.churn, random_state=7)"]},
 {"cell_type": "code", "source": ["model = RandomForestClassifier(random_state=7)\\n", "model.fit(X_train, y_train)\\n",
   "print(roc_auc_score(y_test, model.predict_proba(X_test)[:, 1]))\\n", "joblib.dump(model, 'model.joblib')"]}
], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
"""

SCRIPT = """
    import argparse
    import pickle

    import pandas as pd
    from sklearn.ensemble import GradientBoostingRegressor
    from sklearn.metrics import mean_absolute_error
    from sklearn.model_selection import train_test_split


    def main(path):
        houses = pd.read_csv(path)
        x, y = houses.drop(columns=["price"]), houses["price"]
        xa, xb, ya, yb = train_test_split(x, y, test_size=0.2, random_state=11)
        model = GradientBoostingRegressor(random_state=11).fit(xa, ya)
        print("MAE", mean_absolute_error(yb, model.predict(xb)))
        with open("house_model.pkl", "wb") as out:
            pickle.dump(model, out)


    if __name__ == "__main__":
        parser = argparse.ArgumentParser()
        parser.add_argument("--data", default="houses.csv")
        main(parser.parse_args().data)
"""

CASES = [
    Case(
        "boasting",
        "a README that claims everything, requirements that name everything, and no code that does any of it",
        0,
        {
            "README.md": """
                # Enterprise ML platform
                Fully automated MLOps: DVC data versioning, MLflow tracking and registry, champion/challenger gates,
                Airflow retraining on drift (Evidently), canary releases with Argo Rollouts, Prometheus alerts, Ray.
                Run `make train` and relax. We are at maturity level 5.
            """,
            "requirements.txt": "mlflow==2.9.0\ndvc\nevidently\nray\nscikit-learn\nprometheus-client\n",
            "platform/__init__.py": "",
            "platform/config.py": "TRACKING_URI = 'http://mlflow:5000'\nMODEL = 'churn@champion'\n",
            "docs/architecture.md": "Models are registered and promoted automatically after the gate.",
        },
        frozenset(),
        lacks=ids("unit-tests drift-report aliases service declared-stages"),
    ),
    Case(
        "web-shop",
        "good engineering, CI, canary; not a model in sight",
        0,
        {
            "README.md": "# Shop\nRun with `flask run`.\n",
            "shop/app.py": """
                from flask import Flask, jsonify

                app = Flask(__name__)


                @app.route("/health")
                def health():
                    return jsonify(ok=True)
            """,
            "tests/test_app.py": """
                from shop.app import app


                def test_health():
                    assert app.test_client().get("/health").status_code == 200
            """,
            "requirements.txt": "flask==3.0.0\npytest==8.0.0\n",
            ".github/workflows/ci.yml": """
                name: ci
                on: [push, pull_request]
                jobs:
                  test:
                    runs-on: ubuntu-latest
                    steps:
                      - uses: actions/checkout@v4
                      - run: pip install -r requirements.txt
                      - run: pytest
            """,
        },
        ids("ci-pull-request ci-tests"),
        also=ids("unit-tests environment"),
    ),
    Case(
        "unseeded-notebook",
        "a notebook without seed, without instructions",
        0,
        {
            "Untitled1.ipynb": NOTEBOOK.replace(", random_state=7", "").replace("random_state=7", ""),
            "customers.csv": "age,churn\n1,0\n",
        },
        ids("training metrics model-saved predictions data-versioned"),
        lacks=ids("unit-tests environment data-documented"),
    ),
    Case(
        "readme-names-a-script-that-left",
        "the README's only command names a file that is not there",
        0,
        {
            "README.md": "# Prices\n\n```\npip install -r requirements.txt\npython src/train.py\n```\n",
            "requirements.txt": "pandas\nscikit-learn\n",
            "research/fit_prices.py": SCRIPT,
        },
        ONE - {"runbook"} | {"one-command"},
    ),
    Case(
        "trained-never-saved",
        "trains and prints, keeps nothing",
        0,
        {
            "README.md": "# Iris\nRun `python iris.py`.\n",
            "iris.py": """
                from sklearn.datasets import load_iris
                from sklearn.linear_model import LogisticRegression
                from sklearn.model_selection import cross_val_score

                x, y = load_iris(return_X_y=True)
                print("accuracy", cross_val_score(LogisticRegression(), x, y).mean())
                LogisticRegression(random_state=0).fit(x, y)
            """,
        },
        ids("training metrics seeded runbook one-command"),
    ),
    Case(
        "manual-script",
        "one script, README, pinned requirements",
        1,
        {
            "README.md": """
                # House prices
                Data: the city's open data portal, licence CC BY 4.0; columns are described in `columns.txt`.

                ```bash
                pip install -r requirements.txt
                python train.py --data houses.csv
                ```
            """,
            "train.py": SCRIPT,
            "requirements.txt": "pandas==2.2.0\nscikit-learn==1.4.0\n",
            ".gitignore": "houses.csv\n*.pkl\n.venv/\n",
        },
        ONE | {"one-command"},
        also=ids("environment ignore-rules data-loading data-documented"),
        lacks=ids("unit-tests model-card baseline"),
    ),
    Case(
        "manual-notebook",
        "one notebook that a README tells you to run",
        1,
        {
            "README.md": "# Churn\nOpen `notebooks/churn.ipynb` in Jupyter and run all cells.\n",
            "notebooks/churn.ipynb": NOTEBOOK,
            "environment.yml": "name: churn\ndependencies:\n  - python=3.11\n  - scikit-learn=1.4\n  - pandas=2.2\n",
        },
        ONE,
    ),
    Case(
        "r-project",
        "R with caret and a Makefile",
        1,
        {
            "README.md": "# Wine\n\n    make model\n\nwrites `model.rds`.\n",
            "Makefile": "model: R/train.R\n\tRscript R/train.R\n",
            "R/train.R": """
                library(caret)
                set.seed(42)
                wine <- read.csv("data/wine.csv")
                idx <- createDataPartition(wine$quality, p = 0.8, list = FALSE)
                fit <- train(quality ~ ., data = wine[idx, ], method = "rf")
                pred <- predict(fit, wine[-idx, ])
                print(RMSE(pred, wine$quality[-idx]))
                saveRDS(fit, "model.rds")
            """,
            "DESCRIPTION": "Package: wine\nImports: caret\n",
        },
        ONE | {"one-command"},
    ),
    Case(
        "placeholder-ci",
        "CI that echoes, tests that assert True, MLflow that is imported and never called",
        1,
        {
            "README.md": "# Fraud\n`pip install -r requirements.txt && python -m fraud.train`\n",
            "requirements.txt": "scikit-learn==1.4.0\npandas==2.2.0\nmlflow==2.9.0\npytest\n",
            "fraud/__init__.py": "",
            "fraud/train.py": """
                import joblib
                import mlflow
                import pandas as pd
                from sklearn.ensemble import RandomForestClassifier
                from sklearn.metrics import f1_score
                from sklearn.model_selection import train_test_split

                SEED = 3


                def run():
                    frame = pd.read_parquet("s3://fraud/latest.parquet")
                    a, b = train_test_split(frame, random_state=SEED)
                    model = RandomForestClassifier(random_state=SEED).fit(a.drop(columns="y"), a.y)
                    print(f1_score(b.y, model.predict(b.drop(columns="y"))))
                    joblib.dump(model, "fraud.joblib")


                if __name__ == "__main__":
                    run()
            """,
            "tests/test_fraud.py": """
                import fraud.train


                def test_it_works():
                    assert True


                def test_sum():
                    assert 1 + 1 == 2
            """,
            ".github/workflows/ci.yml": """
                on: [pull_request]
                jobs:
                  test:
                    runs-on: ubuntu-latest
                    steps:
                      - uses: actions/checkout@v4
                      - run: pip install -r requirements.txt
                      - run: echo "run the tests here"
                      - run: pytest
            """,
        },
        ONE | ids("one-command ci-pull-request"),
        lacks=ids("unit-tests"),
    ),
    Case(
        "ci-cannot-install",
        "real tests, but CI installs from a file that is not in the repository; tracking and data are in order",
        1,
        {
            "README.md": "# Demand\n`python demand/fit.py`\n",
            "setup.cfg": "[metadata]\nname = demand\n",
            "demand/__init__.py": "",
            "demand/fit.py": """
                import lightgbm as lgb
                import mlflow
                import pandas as pd


                def smape(a, b):
                    return (abs(a - b) / (abs(a) + abs(b))).mean()


                def main():
                    train, valid = pd.read_csv("data/train.csv"), pd.read_csv("data/valid.csv")
                    with mlflow.start_run():
                        booster = lgb.train({"seed": 1, "objective": "l1"}, lgb.Dataset(train.drop(columns="y"), train.y))
                        mlflow.log_metric("smape", smape(valid.y, booster.predict(valid.drop(columns="y"))))
                        booster.save_model("demand.txt")


                if __name__ == "__main__":
                    main()
            """,
            "data/train.csv.dvc": "outs:\n- md5: 0cc175b9c0f1b6a831c399e269772661\n  path: train.csv\n",
            ".dvc/config": "[core]\n    remote = store\n",
            "tests/test_fit.py": """
                import pandas as pd

                from demand.fit import smape


                def test_smape_of_equal_series_is_zero():
                    assert smape(pd.Series([1.0]), pd.Series([1.0])) == 0
            """,
            ".gitlab-ci.yml": """
                test:
                  image: python:3.11
                  script:
                    - pip install -r requirements-dev.txt
                    - pytest tests
            """,
        },
        ONE | ids("one-command tracked-runs data-versioned"),
        also=ids("unit-tests"),
    ),
    Case(
        "tests-that-may-fail",
        "CI runs real tests and hides their failure",
        1,
        {
            "README.md": "# Pumps\n`make train`\n",
            "Makefile": "train:\n\tpython pumps.py\n\ntest:\n\tpytest -q || true\n",
            "pumps.py": """
                import joblib
                import pandas as pd
                import wandb
                from sklearn.linear_model import Ridge
                from sklearn.metrics import r2_score


                def split(frame):
                    return frame[frame.day < 300], frame[frame.day >= 300]


                def main():
                    wandb.init(project="pumps")
                    a, b = split(pd.read_csv("pumps.csv"))
                    model = Ridge().fit(a[["p", "t"]], a.flow)
                    wandb.log({"r2": r2_score(b.flow, model.predict(b[["p", "t"]]))})
                    joblib.dump(model, "pumps.joblib")


                if __name__ == "__main__":
                    main()
            """,
            "pumps.csv": "day,p,t,flow\n1,2,3,4\n",
            "requirements.txt": "pandas==2.2.0\nscikit-learn==1.4.0\nwandb==0.16.0\npytest==8.0.0\n",
            "test_pumps.py": """
                import pandas as pd

                from pumps import split


                def test_split_by_time():
                    a, b = split(pd.DataFrame({"day": [1, 301]}))
                    assert len(a) == 1 and len(b) == 1
            """,
            ".circleci/config.yml": """
                version: 2.1
                jobs:
                  build:
                    docker: [{image: "cimg/python:3.11"}]
                    steps:
                      - checkout
                      - run: pip install -r requirements.txt
                      - run: make test
                workflows:
                  main:
                    jobs: [build]
            """,
        },
        ONE - {"seeded"} | ids("one-command tracked-runs data-versioned ci-pull-request"),
        also=ids("unit-tests"),
    ),
]
