"""Two repositories for each check of the area `data`."""

from __future__ import annotations

from checks.examples import ROWS, TEST, TRACK, TRAIN, Example, edit

EXAMPLES = {
    "data-documented": Example(
        met=ROWS
        | {
            "docs/data.md": """
                # Data
                Source: city portal, licence CC0. Columns: x, y.
                """,
        },
        missing=ROWS
        | {
            "docs/data.md": """
                # Data
                To be written.
                """,
        },
    ),
    "data-loading": Example(
        met=ROWS,
        missing={
            "train.py": "x = 1\n",
        },
    ),
    "data-versioned": Example(
        met=ROWS
        | {
            "rows.csv.dvc": """
                outs:
                - md5: 0cc175b9c0f1b6a831c399e269772661
                  path: rows.csv
                """,
        },
        missing=ROWS
        | {
            ".dvc/config": "[core]\n",
        },
    ),
    "feature-tests": Example(
        met=ROWS
        | {
            "features.py": """
                def clean(x):
                    return x
                """,
            "test_features.py": """
                from features import clean


                def test_it():
                    assert clean(1) == 1
                """,
        },
        missing=ROWS
        | {
            "test_train.py": TEST,
        },
    ),
    "data-validated": Example(
        met=ROWS
        | {
            "train.py": edit(
                TRAIN,
                ("    model =", "    if 'x' not in frame.columns:\n        raise ValueError('x')\n    model ="),
            ),
        },
        missing=ROWS
        | {
            "validate.py": """
                import pandera as pa
                SCHEMA = pa.DataFrameSchema({})
                """,
        },
    ),
    "data-version-recorded": Example(
        met={
            "train.py": edit(TRACK, ('"f1", 1.0)', '"f1", 1.0)\n    mlflow.set_tag("data_hash", "1")')),
        },
        missing={
            "train.py": TRACK,
        },
    ),
    "reference-statistics": Example(
        met=ROWS
        | {
            "drift.py": """
                from evidently import Report
                Report([]).run(reference_data=1, current_data=2)
                """,
        },
        missing=ROWS,
    ),
    "shared-transform": Example(
        met=ROWS
        | {
            "features.py": """
                def build(x):
                    return x
                """,
            "train.py": edit(
                TRAIN,
                ("import joblib", "import joblib\nfrom features import build"),
                ("    model =", "    build(frame)\n    model ="),
            ),
            "api.py": """
                from fastapi import FastAPI
                from features import build
                app = FastAPI()


                @app.post('/p')
                def p(x: float):
                    return build(x)
                """,
        },
        missing=ROWS
        | {
            "api.py": """
                def p(x):
                    return x
                """,
        },
    ),
    "data-privacy": Example(
        met=ROWS
        | {
            "schema.toml": "pii = ['name']\n",
        },
        missing=ROWS
        | {
            "schema.toml": "columns = ['name']\n",
        },
    ),
    "lineage": Example(
        met=ROWS
        | {
            "lineage.py": """
                def trace_prediction(x):
                    return x


                trace_prediction(1)
                """,
        },
        missing=ROWS,
    ),
}
