"""Two repositories for each check of the area `evals`."""

from __future__ import annotations

from checks.examples import BOT, EVALS, PR, Example, edit, gate, nightly

EXAMPLES = {
    "llm-eval-cases": Example(
        met=BOT | EVALS,
        missing=BOT
        | {
            "evals/cases.jsonl": EVALS["evals/cases.jsonl"],
        },
    ),
    "llm-evals-in-ci": Example(
        met=BOT
        | EVALS
        | {
            ".github/workflows/ci.yml": edit(PR, ("pytest", "python -m evals.run")),
            "requirements.txt": "openai\n",
        },
        missing=BOT
        | EVALS
        | {
            ".github/workflows/ci.yml": PR,
            "requirements.txt": "openai\n",
        },
    ),
    "llm-eval-gate": Example(
        met=BOT
        | {
            "gate.py": gate("if not better:\n        sys.exit(1)"),
        },
        missing=BOT
        | {
            "gate.py": gate("print(better)"),
        },
    ),
    "llm-eval-trigger": Example(
        met=BOT
        | EVALS
        | {
            ".github/workflows/n.yml": nightly("python -m evals.run"),
        },
        missing=BOT | EVALS,
    ),
    "llm-task-metrics": Example(
        met=BOT | EVALS,
        missing=BOT
        | EVALS
        | {
            "evals/run.py": edit(EVALS["evals/run.py"], ("exact_match", "look")),
        },
    ),
    "llm-online-evals": Example(
        met=BOT
        | EVALS
        | {
            "watch.py": """
                import mlflow
                from evals.run import exact_match


                def main():
                    exact_match(mlflow.search_traces())


                if __name__ == "__main__":
                    main()
                """,
            ".github/workflows/w.yml": nightly("python watch.py"),
        },
        missing=BOT
        | EVALS
        | {
            "watch.py": """
                import mlflow
                from evals.run import exact_match


                def main():
                    exact_match(mlflow.search_traces())


                if __name__ == "__main__":
                    main()
                """,
        },
    ),
    "llm-cases-from-traces": Example(
        met=BOT
        | {
            "cases.py": """
                import mlflow


                def main():
                    create_cases(mlflow.search_traces())


                if __name__ == "__main__":
                    main()
                """,
        },
        missing=BOT,
    ),
}
