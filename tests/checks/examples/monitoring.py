"""Two repositories for each check of the area `monitoring`."""

from __future__ import annotations

from checks.examples import ROWS, RULE, SERVE, Example, drift, edit, scheduled

EXAMPLES = {
    "service-metrics": Example(
        met=ROWS
        | {
            "api.py": SERVE + "\n\nfrom prometheus_client import Counter\nC = Counter('a', 'b')\n",
        },
        missing=ROWS
        | {
            "api.py": SERVE,
        },
    ),
    "alerts": Example(
        met=ROWS
        | {
            "rules.yml": RULE,
            "prometheus.yml": """
                rule_files: [rules.yml]
                scrape_configs: []
                """,
        },
        missing=ROWS
        | {
            "rules.yml": RULE,
            "prometheus.yml": "scrape_configs: []\n",
        },
    ),
    "drift-report": Example(
        met=ROWS | scheduled(drift("sys.exit(1)")),
        missing=ROWS,
    ),
    "prediction-log": Example(
        met=ROWS
        | {
            "api.py": edit(SERVE, ("    return main()", "    log_prediction(x)\n    return main()")),
        },
        missing=ROWS
        | {
            "api.py": SERVE,
        },
    ),
    "alert-runbooks": Example(
        met=ROWS
        | {
            "alerts/rules.yml": RULE,
        },
        missing=ROWS
        | {
            "alerts/rules.yml": edit(RULE, ("runbook_url", "summary")),
        },
    ),
    "live-quality": Example(
        met=ROWS
        | {
            "quality.py": """
                def join_labels(x):
                    return x


                join_labels(1)
                """,
        },
        missing=ROWS,
    ),
}
