"""The place that a check names is the line that shows it, not the first line with a word of it."""

from __future__ import annotations

import pytest

from checks.examples import APPLY, BOT, ROWS, TRAIN
from mlops_ladder.checks import run
from support.facts import facts_of, marked

# capability -> the file with the marked line and a decoy above it, and what else is needed
SHOWN: dict[str, tuple[str, str, dict[str, str]]] = {
    "secret-scan": (
        ".pre-commit-config.yaml",
        """
        # gitleaks was too slow
        # for us
        repos:
        - repo: x
          hooks: [{id: gitleaks}] # HERE
        """,
        {},
    ),
    "ignore-rules": (".gitignore", "# data\n\nnotes/\ndata/ # HERE\n", {}),
    "data-privacy": ("schema.toml", "# pii\nname = 'pii'\n\npii = ['name'] # HERE\n", {}),
    "retraining-limits": ("loop.toml", "days = 7\ncooldown_days = 7 # HERE\n", {}),
    "data-versioned": (
        "conf/base/catalog.yml",
        """
        # nothing is versioned
        flats:
          type: versioned.CSV

          versioned: true # HERE
        """,
        {},
    ),
    "alert-runbooks": ("alerts/rules.yml", "# runbook\ngroups:\n- rules:\n  - runbook_url: x # HERE\n", {}),
    "infrastructure-as-code": ("k8s/a.yaml", "apiVersion: v1\nkind: Deployment # HERE\nmetadata: {name: a}\n", {}),
    "canary": ("main.tf", '# a variant\n\nresource "a" "b" {\n  initial_variant_weight = 0.1 # HERE\n}\n', {
        ".github/workflows/d.yml": APPLY.replace("kubectl apply -f k8s/staging", "terraform apply")
    }),
    "approval": (
        "clouddeploy.yaml",
        "# requireApproval is below\nstages:\n- profiles: [prod]\n  requireApproval: true # HERE\n",
        {},
    ),
    "auto-rollback": ("template.yaml", "# a\nA:\n  AutoRollbackConfiguration: {} # HERE\n", {}),
    "alerts": (
        "values.yaml",
        """
        # alert
        serverFiles:
          rules:
          - alert: Down # HERE
        """,
        {},
    ),
    "signal-retraining": (
        "alertmanager.yml",
        """
        # url: http://old/dispatches of the years before
        route: {receiver: a}
        receivers:
        - name: a
          webhook_configs:
          - url: https://api/pager
          - url: https://api/dispatches # HERE
        """,
        {},
    ),
    "llm-model-pinned": (
        "config.toml",
        "# gpt-4o\nmodel = 'gpt-4o-2024-08-06' # HERE\n",
        BOT,
    ),
    "llm-budget": ("litellm.yaml", "# none\na: 1\nmax_budget: 5 # HERE\n", BOT),
    "llm-cost-watch": ("alerts.yml", "# costs\n- alert: a\n  expr: llm_cost_usd > 5 # HERE\n", BOT),
    "llm-prompt-registry": (
        "prompts/registry.yaml",
        "# champion\nanswers:\n  champion: 1 # HERE\n",
        BOT | {"prompts/answer.v1.txt": "Answer.", "load.py": "open('prompts/registry.yaml')\n"},
    ),
    "llm-calls-traced": (
        ".env.example",
        "# LANGCHAIN_TRACING\n\nLANGCHAIN_TRACING_V2=true # HERE\n",
        BOT | {"chain.py": "import langchain\n"},
    ),
    "seeded": ("params.yaml", "# seed\nrows: 3\nseed: 3 # HERE\n", {"train.py": TRAIN.replace("random_state=3", "")}),
}  # fmt: skip


@pytest.mark.parametrize("capability", SHOWN)
def test_the_line_is_the_one_that_shows_it(capability: str) -> None:
    path, text, more = SHOWN[capability]
    found = run(capability, facts_of(ROWS | more | {path: text}))

    assert found.status == "met", found.note
    assert found.evidence[0] == f"{path}:{marked(text)}"


def test_a_credential_is_named_by_its_line() -> None:
    text = "# AKIA is how they begin\n\nkey = 'AKIA" + "ZQ3DJ7GH4KLM5NPQ' # HERE\n"
    assert run("no-secrets", facts_of({"config.toml": text})).note.startswith(f"config.toml:{marked(text)} ")
