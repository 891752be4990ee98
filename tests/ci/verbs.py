"""Verbs that only tell what they were called with: what a workflow decides, in a fraction of a second.

That the verbs themselves stop at a fault is shown once, by the stations `planted-*` of `tests/e2e/chain_a.toml`.
"""

from __future__ import annotations

from pathlib import Path

MAKEFILE = """\
.PHONY: deploy
setup check test pull ingest run rehearse:
\t@echo "verb $@: aws=$$AWS_ACCESS_KEY_ID,$$AWS_SECRET_ACCESS_KEY,$$AWS_SESSION_TOKEN$$AWS_DEFAULT_REGION" \\
\t\t"mlflow=$$MLFLOW_TRACKING_URI,$$MLFLOW_TRACKING_PASSWORD"
\t@for folder in $(RECORDS); do \\
\t\tmkdir -p $$folder && cd $$folder && touch predictions.csv && echo '| Gate | refuse |' > model_card.md && \\
\t\techo '{"verdict": "refuse", "reason": "recorded by $@"}' > gate.json; \\
\tdone
\t@[ ! -e broken-$@ ]
\t@if [ -n "$(MADE)" ]; then echo "schema: '2.0'" > dvc.lock && touch reports/metrics.json; fi

deploy approve:
	@echo "verb $@: signing=$$SIGNING_KEY services=$$SERVICE_URLS,$$STAGING_URL,$$PROMETHEUS_URL,$$SERVICE_API_KEY" \
		"mlflow=$$MLFLOW_TRACKING_URI,$$MLFLOW_TRACKING_PASSWORD by=$$BY why=$$WHY"
	@[ ! -e broken-$@ ]

status:
	@[ -n "$$OVER" ] || echo "waits for an approval (reports/rollout.json): make approve"

run: MADE = yes
run: RECORDS = reports
rehearse: RECORDS = reports/rehearsal
"""


def record_verbs(project: Path, *broken: str, new: bool = True) -> None:
    """Replace the Makefile: each verb says which credentials it sees, and fails if it is one of `broken`.

    A run leaves what is to be committed. Without anything `new`, DVC finds every result up to date.
    """
    (project / "Makefile").write_text(MAKEFILE, "utf-8")
    if not new:
        for path in [project / "dvc.yaml", *project.glob("data/*/*.dvc")]:
            path.unlink()
    for verb in broken:
        (project / f"broken-{verb}").touch()
