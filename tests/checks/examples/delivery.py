"""Two repositories for each check of the area `delivery`."""

from __future__ import annotations

from checks.examples import APPLY, ROLLOUT, ROWS, SERVE, Example, edit, pushed

EXAMPLES = {
    "predictions": Example(
        met=ROWS,
        missing={
            "train.py": """
                from sklearn.svm import SVC
                model = SVC(random_state=1).fit([[0], [1]], [0, 1])
                """,
        },
    ),
    "batch-scoring": Example(
        met=ROWS
        | {
            "score.py": """
                import mlflow
                model = mlflow.pyfunc.load_model('models:/rows@champion')
                print(model.predict([[1]]))
                """,
        },
        missing=ROWS
        | {
            "score.py": """
                import joblib
                print(joblib.load('model.joblib').predict([[1]]))
                """,
        },
    ),
    "service": Example(
        met=ROWS
        | {
            "api.py": SERVE,
        },
        missing=ROWS,
    ),
    "staging-deploy": Example(
        met=ROWS
        | {
            ".github/workflows/d.yml": APPLY,
        },
        missing=ROWS
        | {
            ".github/workflows/d.yml": pushed("echo deploying to staging"),
        },
    ),
    "canary": Example(
        met=ROWS
        | {
            "k8s/staging/r.yaml": ROLLOUT,
            ".github/workflows/d.yml": APPLY,
        },
        missing=ROWS
        | {
            "k8s/other/r.yaml": ROLLOUT,
            ".github/workflows/d.yml": APPLY,
        },
    ),
    "approval": Example(
        met=ROWS
        | {
            ".github/workflows/d.yml": edit(
                pushed("kubectl apply -f k8s/prod"), ("  d:\n", "  d:\n    environment: production\n")
            ),
        },
        missing=ROWS
        | {
            ".github/workflows/d.yml": pushed("kubectl apply -f k8s/prod"),
        },
    ),
    "auto-rollback": Example(
        met=ROWS
        | {
            ".github/workflows/d.yml": pushed("helm upgrade rows ./chart --atomic"),
        },
        missing=ROWS
        | {
            ".github/workflows/d.yml": pushed("helm upgrade rows ./chart"),
        },
    ),
    "infrastructure-as-code": Example(
        met=ROWS
        | {
            "main.tf": 'resource "a" "b" {}\n',
        },
        missing=ROWS,
    ),
    "service-objectives": Example(
        met=ROWS
        | {
            "docs/slo.md": """
                # SLO
                99.5 %
                """,
        },
        missing=ROWS,
    ),
}
