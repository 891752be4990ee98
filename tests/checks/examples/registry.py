"""Two repositories for each check of the area `registry`."""

from __future__ import annotations

from checks.examples import POLICY, POLICY_CODE, REGISTER, ROWS, TRAIN, Example, edit, scheduled

EXAMPLES = {
    "model-saved": Example(
        met=ROWS,
        missing={
            "train.py": edit(TRAIN, ("joblib.dump", "print")),
        },
    ),
    "model-card": Example(
        met=ROWS
        | {
            "MODEL_CARD.md": """
                # Model
                Intended use: ranking. Limits: none tested. Metric: F1.
                """,
        },
        missing=ROWS
        | {
            "MODEL_CARD.md": "# Model\n",
        },
    ),
    "binaries-out-of-git": Example(
        met=ROWS
        | {
            ".gitignore": "*.joblib\n",
        },
        missing=ROWS
        | {
            "model.joblib": "binary\n",
        },
    ),
    "registered": Example(
        met={
            "train.py": REGISTER,
        },
        missing=ROWS
        | {
            "store.py": """
                from feast import FeatureStore
                FeatureStore().apply([])
                """,
        },
    ),
    "aliases": Example(
        met={
            "train.py": edit(
                REGISTER,
                (
                    "    mlflow.reg",
                    "    mlflow.MlflowClient().set_registered_model_alias('rows', 'candidate', 1)\n    mlflow.reg",
                ),
            ),
        },
        missing={
            "train.py": REGISTER,
        },
    ),
    "card-from-run": Example(
        met=ROWS
        | {
            "card.py": """
                def main():
                    open('model_card.md', 'w').write('F1')


                if __name__ == "__main__":
                    main()
                """,
        },
        missing=ROWS
        | {
            "MODEL_CARD.md": "# Card\n",
        },
    ),
    "verified-model": Example(
        met=ROWS
        | {
            "load.py": """
                def verify_model_signature(path):
                    return path


                verify_model_signature('m')
                """,
        },
        missing=ROWS,
    ),
    "promotion-policy": Example(
        met=ROWS
        | {
            "promotion_policy.toml": POLICY,
        }
        | scheduled(POLICY_CODE),
        missing=ROWS
        | {
            "promotion_policy.toml": POLICY,
            "promote.py": POLICY_CODE,
        },
    ),
}
