"""Two repositories for each check of the area `ci`."""

from __future__ import annotations

from checks.examples import CI, PR, ROWS, SERVE, TEST, Example, drift, edit, gate

EXAMPLES = {
    "unit-tests": Example(
        met=ROWS
        | {
            "test_train.py": TEST,
        },
        missing=ROWS
        | {
            "test_train.py": """
                import train


                def test_a():
                    assert True
                """,
        },
    ),
    "ci-pull-request": Example(
        met=ROWS | CI,
        missing=ROWS
        | CI
        | {
            ".github/workflows/ci.yml": edit(PR, ("pull_request", "workflow_dispatch")),
        },
    ),
    "ci-tests": Example(
        met=ROWS | CI,
        missing=ROWS
        | CI
        | {
            ".github/workflows/ci.yml": edit(PR, ("run: pytest", "run: pytest || true")),
        },
    ),
    "ci-lint": Example(
        met=ROWS
        | CI
        | {
            ".github/workflows/ci.yml": PR + "    - run: ruff check .\n",
        },
        missing=ROWS | CI,
    ),
    "ci-tiny-train": Example(
        met=ROWS | CI,
        missing=ROWS
        | CI
        | {
            "test_train.py": """
                import train


                def test_doc():
                    assert train.__name__ == 'train'
                """,
        },
    ),
    "secret-scan": Example(
        met=ROWS
        | {
            ".pre-commit-config.yaml": """
                repos:
                - repo: x
                  hooks: [{id: gitleaks}]
                """,
        },
        missing=ROWS
        | {
            ".pre-commit-config.yaml": """
                repos:
                # - gitleaks
                - repo: x
                  hooks: [{id: ruff}]
                """,
        },
    ),
    "gate-tests": Example(
        met=ROWS
        | {
            "gate.py": gate("if not better:\n        sys.exit(1)"),
            "test_gate.py": """
                import gate
                import pytest


                def test_a_worse_one_is_refused():
                    with pytest.raises(SystemExit):
                        gate.main()
                """,
        },
        missing=ROWS
        | {
            "gate.py": gate("print(better)"),
        },
    ),
    "data-tests": Example(
        met=ROWS
        | {
            "schema.py": """
                def validate(frame):
                    raise ValueError
                """,
            "test_schema.py": """
                import pytest
                from schema import validate


                def test_bad_rows():
                    with pytest.raises(ValueError):
                        validate(None)
                """,
        },
        missing=ROWS
        | {
            "test_train.py": TEST,
        },
    ),
    "contract-tests": Example(
        met=ROWS
        | {
            "api.py": SERVE,
            "test_api.py": """
                from fastapi.testclient import TestClient
                from api import app


                def test_a():
                    assert TestClient(app).post('/predict').status_code == 422
                """,
        },
        missing=ROWS
        | {
            "api.py": SERVE,
        },
    ),
    "load-tests": Example(
        met=ROWS
        | {
            "locustfile.py": "from locust import HttpUser\n",
        },
        missing=ROWS,
    ),
    "sbom": Example(
        met=ROWS
        | CI
        | {
            ".github/workflows/ci.yml": PR + "    - uses: anchore/sbom-action@v0\n",
        },
        missing=ROWS | CI,
    ),
    "loop-test": Example(
        met=ROWS
        | {
            "watch.py": drift("retrain()"),
            "test_watch.py": """
                import watch


                def test_drift_starts_a_retraining():
                    assert watch.main() is None
                """,
        },
        missing=ROWS
        | {
            "test_train.py": TEST,
        },
    ),
}
