"""Two repositories for each check of the area `governance`."""

from __future__ import annotations

from checks.examples import ROWS, Example

EXAMPLES = {
    "ignore-rules": Example(
        met=ROWS
        | {
            ".gitignore": """
                data/
                .venv/
                """,
        },
        missing=ROWS
        | {
            ".gitignore": "# nothing\n",
        },
    ),
    "no-secrets": Example(
        met=ROWS,
        missing=ROWS
        | {
            "config.toml": 'key = "AKIA' + 'ZQ3DJ7GH4KLM5NPQ"\n',
        },
    ),
    "commit-hooks": Example(
        met=ROWS
        | {
            ".pre-commit-config.yaml": """
                repos:
                - repo: x
                  hooks: [{id: ruff}]
                """,
        },
        missing=ROWS
        | {
            ".pre-commit-config.yaml": "repos: []\n",
        },
    ),
    "evidence-bundle": Example(
        met=ROWS
        | {
            "evidence.py": """
                def bundle():
                    return 1


                bundle()
                """,
        },
        missing=ROWS,
    ),
}
