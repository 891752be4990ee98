"""Two repositories for each check of the area `experimentation`."""

from __future__ import annotations

from checks.examples import ROWS, TRACK, TRAIN, Example, edit

EXAMPLES = {
    "training": Example(
        met=ROWS,
        missing={
            "train.py": """
                from sklearn.preprocessing import StandardScaler
                scaler = StandardScaler().fit([[1]])
                """,
        },
    ),
    "metrics": Example(
        met=ROWS,
        missing={
            "train.py": edit(TRAIN, ("f1_score", "shape_of"), ("sklearn.metrics", "helpers")),
        },
    ),
    "seeded": Example(
        met=ROWS,
        missing={
            "train.py": edit(TRAIN, ("random_state=3", "random_state=None")),
        },
    ),
    "baseline": Example(
        met=ROWS
        | {
            "base.py": """
                from sklearn.dummy import DummyClassifier
                DummyClassifier().fit([[1]], [1])
                """,
        },
        missing=ROWS,
    ),
    "config-driven": Example(
        met=ROWS
        | {
            "params.yaml": "a: 1\n",
            "train.py": edit(
                TRAIN,
                ("import joblib", "import joblib\nimport yaml"),
                ("    frame =", "    yaml.safe_load(open('params.yaml'))\n    frame ="),
            ),
        },
        missing=ROWS
        | {
            "params.yaml": "a: 1\n",
        },
    ),
    "environment": Example(
        met=ROWS
        | {
            "requirements.txt": """
                pandas==2.2
                scikit-learn<2
                """,
        },
        missing=ROWS
        | {
            "requirements.txt": """
                pandas
                scikit-learn
                """,
        },
    ),
    "tracked-runs": Example(
        met={
            "train.py": TRACK,
        },
        missing=ROWS
        | {
            "tracking.py": """
                import mlflow


                def log(x):
                    mlflow.log_metric('a', x)
                """,
        },
    ),
    "run-identity": Example(
        met={
            "train.py": edit(TRACK, ('"f1", 1.0)', '"f1", 1.0)\n    mlflow.set_tag("git_sha", "1")')),
        },
        missing={
            "train.py": TRACK,
        },
    ),
    "slices": Example(
        met=ROWS
        | {
            "train.py": edit(
                TRAIN, ("    print(", "    print([f1_score(g.y, g.y) for _, g in frame.groupby('city')])\n    print(")
            ),
        },
        missing=ROWS,
    ),
    "tuning": Example(
        met=ROWS
        | {
            "tune.py": """
                import optuna
                optuna.create_study().optimize(print)
                """,
        },
        missing=ROWS
        | {
            "tune.py": "import optuna\n",
        },
    ),
}
