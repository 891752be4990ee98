"""For every check one repository in which its capability is met and one in which it is missing.

The missing one is a near miss where there is a common one: the right word in the wrong place.
"""

from __future__ import annotations

Files = dict[str, str]

TRAIN = """
import joblib
import pandas as pd
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import f1_score


def main():
    frame = pd.read_csv("s3://bucket/rows.csv")
    model = SGDClassifier(random_state=3).fit(frame[["x"]], frame.y)
    print(f1_score(frame.y, model.predict(frame[["x"]])))
    joblib.dump(model, "model.joblib")


if __name__ == "__main__":
    main()
"""
BASE: Files = {"train.py": TRAIN, "README.md": "# Rows\n"}
CHAT = """
from openai import OpenAI

client = OpenAI()


def answer(question):
    reply = client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": question}])
    return reply.choices[0].message.content


if __name__ == "__main__":
    print(answer(input()))
"""
BOT: Files = {"chat.py": CHAT, "README.md": "# Bot\n"}
TEST = "from train import main\n\n\ndef test_main():\n    assert main() is None\n"
PR = (
    "on: pull_request\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n    - uses: actions/checkout@v4\n"
    "    - run: pip install -r requirements.txt\n    - run: pytest\n"
)
CI: Files = {".github/workflows/ci.yml": PR, "requirements.txt": "pytest==8.0\n", "test_train.py": TEST}
NIGHT = "on: {{schedule: [{{cron: '1 2 * * *'}}]}}\njobs:\n  n:\n    steps:\n    - uses: actions/checkout@v4\n    - run: {}\n"
PUSH = "on: {{push: {{branches: [main]}}}}\njobs:\n  d:\n    steps:\n    - uses: actions/checkout@v4\n    - run: {}\n"
MAIN = '\n\nif __name__ == "__main__":\n    main()\n'
SERVE = (
    "from fastapi import FastAPI\nfrom train import main\n\napp = FastAPI()\n\n\n@app.post('/predict')\n"
    "def predict(x: float):\n    return main()\n"
)
REGISTER = TRAIN.replace("import joblib\n", "import joblib\nimport mlflow\n").replace(
    '    joblib.dump(model, "model.joblib")\n', '    mlflow.register_model("runs:/1/model", "rows")\n'
)
TRACK = REGISTER.replace('mlflow.register_model("runs:/1/model", "rows")', 'mlflow.log_metric("f1", 1.0)')


def ml(**files: str) -> Files:
    """The base project with further files; `__` stands for `/` and `_dot_` for `.` in their names."""
    return BASE | {name.replace("__", "/").replace("_dot_", "."): text for name, text in files.items()}


def bot(**files: str) -> Files:
    """The same for the language model."""
    return BOT | {name.replace("__", "/").replace("_dot_", "."): text for name, text in files.items()}


def gate(effect: str) -> str:
    """A program that compares with the champion, and what follows from it."""
    return (
        "import json\nimport sys\n\n\ndef main():\n    champion = json.load(open('champion.json'))['f1']\n"
        f"    candidate = json.load(open('candidate.json'))['f1']\n    better = candidate > champion\n    {effect}\n{MAIN}"
    )


def scheduled(program: str) -> Files:
    """A program that a nightly workflow runs."""
    return {"watch.py": program, ".github/workflows/watch.yml": NIGHT.format("python watch.py")}


DRIFT = (
    "import sys\nimport pandas as pd\nfrom scipy.stats import ks_2samp\nfrom train import main as retrain\n\n\ndef main():\n"
    "    drift = ks_2samp(pd.read_csv('a.csv').x, pd.read_csv('b.csv').x).statistic\n    if drift > 0.2:\n        {}\n"
    + MAIN
)
RULE = "groups:\n- name: a\n  rules:\n  - alert: Down\n    expr: up == 0\n    annotations: {runbook_url: https://x}\n"
ROLLOUT = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: a}\nspec:\n  strategy:\n    canary:\n"
    "      steps: [{setWeight: 10}]\n      analysis: {templates: [{templateName: e}]}\n"
)
APPLY = PUSH.format("kubectl apply -f k8s/staging")
EVALS: Files = {
    "evals/cases.jsonl": '{"q": "a", "a": "b"}\n' * 4,
    "evals/run.py": "import json\nimport sys\nfrom chat import answer\n\n\ndef exact_match(cases):\n"
    "    return sum(c['a'] in answer(c['q']) for c in cases) / len(cases)\n\n\ndef main():\n"
    "    cases = [json.loads(line) for line in open('evals/cases.jsonl')]\n    if exact_match(cases) < 0.8:\n        sys.exit(1)\n"
    + MAIN,
}
POLICY_CODE = (
    "import tomllib\n\n\ndef main():\n    policy = tomllib.load(open('promotion_policy.toml', 'rb'))\n"
    "    if policy['auto_promote']:\n        promote()\n\n\ndef promote():\n    print('on')\n" + MAIN
)
POLICY = "auto_promote = true\n"

EXAMPLES: dict[str, tuple[Files, Files]] = {
    "data-documented": (ml(docs__data_dot_md="# Data\nSource: city portal, licence CC0. Columns: x, y.\n"), ml(docs__data_dot_md="# Data\nTo be written.\n")),
    "data-loading": (BASE, {"train.py": "x = 1\n"}),
    "training": (BASE, {"train.py": "from sklearn.preprocessing import StandardScaler\nscaler = StandardScaler().fit([[1]])\n"}),
    "metrics": (BASE, {"train.py": TRAIN.replace("f1_score", "shape_of").replace("sklearn.metrics", "helpers")}),
    "seeded": (BASE, {"train.py": TRAIN.replace("random_state=3", "random_state=None")}),
    "baseline": (ml(base_dot_py="from sklearn.dummy import DummyClassifier\nDummyClassifier().fit([[1]], [1])\n"), BASE),
    "runbook": (ml(README_dot_md="Run `python train.py`.\n"), ml(README_dot_md="Run `python src/fit.py`.\n")),
    "model-saved": (BASE, {"train.py": TRAIN.replace("joblib.dump", "print")}),
    "model-card": (ml(MODEL_CARD_dot_md="# Model\nIntended use: ranking. Limits: none tested. Metric: F1.\n"), ml(MODEL_CARD_dot_md="# Model\n")),
    "predictions": (BASE, {"train.py": "from sklearn.svm import SVC\nmodel = SVC(random_state=1).fit([[0], [1]], [0, 1])\n"}),
    "unit-tests": (ml(test_train_dot_py=TEST), ml(test_train_dot_py="import train\n\n\ndef test_a():\n    assert True\n")),
    "ignore-rules": (BASE | {".gitignore": "data/\n.venv/\n"}, BASE | {".gitignore": "# nothing\n"}),
    "no-secrets": (BASE, ml(config_dot_toml='key = "AKIA' + 'ZQ3DJ7GH4KLM5NPQ"\n')),
    "llm-model-named": (BOT, bot(chat_dot_py="import openai\n")),
    "llm-prompts-collected": (BOT | {"prompts/answer.txt": "Answer.\n"}, BOT),
    "llm-eval-cases": (BOT | EVALS, BOT | {"evals/cases.jsonl": EVALS["evals/cases.jsonl"]}),
    "llm-limits": (bot(chat_dot_py=CHAT.replace("model=", "max_tokens=99, model=")), BOT),
    "data-versioned": (ml(rows_dot_csv_dot_dvc="outs:\n- md5: 0cc175b9c0f1b6a831c399e269772661\n  path: rows.csv\n"), BASE | {".dvc/config": "[core]\n"}),
    "feature-tests": (ml(features_dot_py="def clean(x):\n    return x\n", test_features_dot_py="from features import clean\n\n\ndef test_it():\n    assert clean(1) == 1\n"), ml(test_train_dot_py=TEST)),
    "config-driven": (ml(params_dot_yaml="a: 1\n", train_dot_py=TRAIN.replace("import joblib", "import joblib\nimport yaml").replace("    frame =", "    yaml.safe_load(open('params.yaml'))\n    frame =")), ml(params_dot_yaml="a: 1\n")),
    "environment": (ml(requirements_dot_txt="pandas==2.2\nscikit-learn<2\n"), ml(requirements_dot_txt="pandas\nscikit-learn\n")),
    "tracked-runs": ({"train.py": TRACK}, ml(tracking_dot_py="import mlflow\n\n\ndef log(x):\n    mlflow.log_metric('a', x)\n")),
    "one-command": (ml(Makefile="run:\n\tpython train.py\n"), {"fit.ipynb": '{"cells": [{"cell_type": "code", "source": "from sklearn.svm import SVC\\nSVC(random_state=1).fit([[0]], [0])"}]}'}),
    "declared-stages": (ml(dvc_dot_yaml="stages:\n  a: {cmd: python a.py}\n  b: {cmd: python train.py, deps: [a]}\n"), ml(dvc_dot_yaml="stages: {}\n")),
    "binaries-out-of-git": (BASE | {".gitignore": "*.joblib\n"}, ml(model_dot_joblib="binary\n")),
    "ci-pull-request": (BASE | CI, BASE | CI | {".github/workflows/ci.yml": PR.replace("pull_request", "workflow_dispatch")}),
    "ci-tests": (BASE | CI, BASE | CI | {".github/workflows/ci.yml": PR.replace("run: pytest", "run: pytest || true")}),
    "ci-lint": (BASE | CI | {".github/workflows/ci.yml": PR + "    - run: ruff check .\n"}, BASE | CI),
    "ci-tiny-train": (BASE | CI, BASE | CI | {"test_train.py": "import train\n\n\ndef test_doc():\n    assert train.__name__ == 'train'\n"}),
    "secret-scan": (BASE | {".pre-commit-config.yaml": "repos:\n- repo: x\n  hooks: [{id: gitleaks}]\n"}, BASE | {".pre-commit-config.yaml": "repos:\n# - gitleaks\n- repo: x\n  hooks: [{id: ruff}]\n"}),
    "commit-hooks": (BASE | {".pre-commit-config.yaml": "repos:\n- repo: x\n  hooks: [{id: ruff}]\n"}, BASE | {".pre-commit-config.yaml": "repos: []\n"}),
    "llm-model-pinned": (bot(chat_dot_py=CHAT.replace("gpt-4o", "gpt-4o-2024-08-06")), BOT),
    "llm-offline-tests": (bot(test_chat_dot_py="import chat\n\n\ndef test_a(monkeypatch):\n    monkeypatch.setattr(chat, 'client', None)\n    assert chat.client is None\n"), BOT),
    "llm-prompts-versioned": (BOT | {"prompts/answer.v1.txt": "Answer.\n", "chat.py": CHAT + "PROMPT = open('prompts/answer.v1.txt').read()\n"}, BOT | {"prompts/answer.v1.txt": "Answer.\n"}),
    "llm-evals-in-ci": (BOT | EVALS | {".github/workflows/ci.yml": PR.replace("pytest", "python -m evals.run"), "requirements.txt": "openai\n"}, BOT | EVALS | {".github/workflows/ci.yml": PR, "requirements.txt": "openai\n"}),
    "llm-calls-traced": (bot(chat_dot_py="import mlflow\n" + CHAT + "\nmlflow.openai.autolog()\n"), bot(chat_dot_py="import mlflow\n" + CHAT)),
    "llm-output-schema": (bot(chat_dot_py=CHAT.replace("model=", "response_format={'type': 'json'}, model=")), BOT),
    "llm-redaction": (bot(chat_dot_py=CHAT.replace("print(answer", "print(redact(answer").replace("input()))", "input())))")), BOT),
    "data-validated": (ml(train_dot_py=TRAIN.replace("    model =", "    check_columns(frame)\n    model =") + "\n\ndef check_columns(frame):\n    if 'x' not in frame.columns:\n        raise ValueError('x')\n"), ml(validate_dot_py="import pandera as pa\nSCHEMA = pa.DataFrameSchema({})\n")),
    "data-version-recorded": ({"train.py": TRACK.replace('"f1", 1.0)', '"f1", 1.0)\n    mlflow.set_tag("data_hash", "1")')}, {"train.py": TRACK}),
    "run-identity": ({"train.py": TRACK.replace('"f1", 1.0)', '"f1", 1.0)\n    mlflow.set_tag("git_sha", "1")')}, {"train.py": TRACK}),
    "slices": (ml(train_dot_py=TRAIN.replace("    print(", "    print([f1_score(g.y, g.y) for _, g in frame.groupby('city')])\n    print(")), BASE),
    "pipeline-test": (ml(test_train_dot_py=TEST), ml(test_train_dot_py="import train\n\n\ndef test_a():\n    assert train.pd\n")),
    "registered": ({"train.py": REGISTER}, ml(store_dot_py="from feast import FeatureStore\nFeatureStore().apply([])\n")),
    "aliases": ({"train.py": REGISTER.replace("    mlflow.reg", "    mlflow.MlflowClient().set_registered_model_alias('rows', 'candidate', 1)\n    mlflow.reg")}, {"train.py": REGISTER}),
    "card-from-run": (ml(card_dot_py="def main():\n    open('model_card.md', 'w').write('F1')\n" + MAIN), ml(MODEL_CARD_dot_md="# Card\n")),
    "gate-tests": (ml(gate_dot_py=gate("if not better:\n        sys.exit(1)"), test_gate_dot_py="import gate\nimport pytest\n\n\ndef test_a_worse_one_is_refused():\n    with pytest.raises(SystemExit):\n        gate.main()\n"), ml(gate_dot_py=gate("print(better)"))),
    "data-tests": (ml(schema_dot_py="def validate(frame):\n    raise ValueError\n", test_schema_dot_py="import pytest\nfrom schema import validate\n\n\ndef test_bad_rows():\n    with pytest.raises(ValueError):\n        validate(None)\n"), ml(test_train_dot_py=TEST)),
    "batch-scoring": (ml(score_dot_py="import mlflow\nmodel = mlflow.pyfunc.load_model('models:/rows@champion')\nprint(model.predict([[1]]))\n"), ml(score_dot_py="import joblib\nprint(joblib.load('model.joblib').predict([[1]]))\n")),
    "training-trigger": (BASE | {".github/workflows/t.yml": NIGHT.format("python train.py")}, BASE | {".github/workflows/t.yml": "on: workflow_dispatch\njobs:\n  t:\n    steps:\n    - run: python train.py\n"}),
    "training-on-demand": (BASE | {".github/workflows/t.yml": "on: workflow_dispatch\njobs:\n  t:\n    steps:\n    - run: python train.py\n"}, BASE),
    "champion-gate": (ml(gate_dot_py=gate("if not better:\n        sys.exit(1)")), ml(gate_dot_py=gate("print('better:', better)"))),
    "llm-index-manifest": (bot(index_dot_py="import hashlib\nimport faiss\n\nindex = faiss.IndexFlatL2(3)\nMANIFEST = {'embedder': 'mini', 'source_hash': hashlib.sha256().hexdigest()}\n"), bot(index_dot_py="import faiss\n\nindex = faiss.IndexFlatL2(3)\n")),
    "llm-prompt-registry": (bot(chat_dot_py="import mlflow\n" + CHAT + "\nPROMPT = mlflow.genai.load_prompt('prompts:/answer@champion')\n"), BOT | {"prompts/answer.v1.txt": "Answer.\n"}),
    "llm-eval-gate": (bot(gate_dot_py=gate("if not better:\n        sys.exit(1)")), bot(gate_dot_py=gate("print(better)"))),
    "llm-eval-trigger": (BOT | EVALS | {".github/workflows/n.yml": NIGHT.format("python -m evals.run")}, BOT | EVALS),
    "llm-task-metrics": (BOT | EVALS, BOT | EVALS | {"evals/run.py": EVALS["evals/run.py"].replace("exact_match", "look")}),
    "llm-safety-checks": (bot(chat_dot_py=CHAT.replace("    reply =", "    client.moderations.create(input=question)\n    reply =")), BOT),
    "llm-spans": (bot(chat_dot_py="import mlflow\n" + CHAT.replace("    reply =", "    mlflow.start_span('answer')\n    reply =")), BOT),
    "reference-statistics": (ml(drift_dot_py="from evidently import Report\nReport([]).run(reference_data=1, current_data=2)\n"), BASE),
    "shared-transform": (ml(features_dot_py="def build(x):\n    return x\n", train_dot_py=TRAIN.replace("import joblib", "import joblib\nfrom features import build").replace("    model =", "    build(frame)\n    model ="), api_dot_py="from fastapi import FastAPI\nfrom features import build\napp = FastAPI()\n\n\n@app.post('/p')\ndef p(x: float):\n    return build(x)\n"), ml(api_dot_py="def p(x):\n    return x\n")),
    "data-privacy": (ml(schema_dot_toml="pii = ['name']\n"), ml(schema_dot_toml="columns = ['name']\n")),
    "container-image": (ml(Dockerfile="FROM python:3.12\nCOPY . .\n"), ml(Dockerfile="# later\n")),
    "environments-by-config": (BASE | {"overlays/staging/kustomization.yaml": "a: 1\n", "overlays/production/kustomization.yaml": "a: 1\n"}, BASE | {"overlays/staging/kustomization.yaml": "a: 1\n"}),
    "verified-model": (ml(load_dot_py="def verify_model_signature(path):\n    return path\n\n\nverify_model_signature('m')\n"), BASE),
    "contract-tests": (ml(api_dot_py=SERVE, test_api_dot_py="from fastapi.testclient import TestClient\nfrom api import app\n\n\ndef test_a():\n    assert TestClient(app).post('/predict').status_code == 422\n"), ml(api_dot_py=SERVE)),
    "load-tests": (ml(locustfile_dot_py="from locust import HttpUser\n"), BASE),
    "sbom": (BASE | CI | {".github/workflows/ci.yml": PR + "    - uses: anchore/sbom-action@v0\n"}, BASE | CI),
    "service": (ml(api_dot_py=SERVE), BASE),
    "staging-deploy": (BASE | {".github/workflows/d.yml": APPLY}, BASE | {".github/workflows/d.yml": PUSH.format("echo deploying to staging")}),
    "canary": (BASE | {"k8s/staging/r.yaml": ROLLOUT, ".github/workflows/d.yml": APPLY}, BASE | {"k8s/other/r.yaml": ROLLOUT, ".github/workflows/d.yml": APPLY}),
    "approval": (BASE | {".github/workflows/d.yml": PUSH.format("kubectl apply -f k8s/prod").replace("  d:\n", "  d:\n    environment: production\n")}, BASE | {".github/workflows/d.yml": PUSH.format("kubectl apply -f k8s/prod")}),
    "auto-rollback": (BASE | {".github/workflows/d.yml": PUSH.format("helm upgrade rows ./chart --atomic")}, BASE | {".github/workflows/d.yml": PUSH.format("helm upgrade rows ./chart")}),
    "infrastructure-as-code": (ml(main_dot_tf='resource "a" "b" {}\n'), BASE),
    "service-metrics": (ml(api_dot_py=SERVE + "\n\nfrom prometheus_client import Counter\nC = Counter('a', 'b')\n"), ml(api_dot_py=SERVE)),
    "alerts": (BASE | {"rules.yml": RULE, "prometheus.yml": "rule_files: [rules.yml]\nscrape_configs: []\n"}, BASE | {"rules.yml": RULE, "prometheus.yml": "scrape_configs: []\n"}),
    "drift-report": (BASE | scheduled(DRIFT.format("sys.exit(1)")), BASE),
    "prediction-log": (ml(api_dot_py=SERVE.replace("    return main()", "    log_prediction(x)\n    return main()")), ml(api_dot_py=SERVE)),
    "alert-runbooks": (BASE | {"alerts/rules.yml": RULE}, BASE | {"alerts/rules.yml": RULE.replace("runbook_url", "summary")}),
    "llm-cost-watch": (BOT | {"alerts.yml": RULE.replace("up == 0", "llm_cost_usd > 5")}, BOT | {"alerts.yml": RULE}),
    "llm-budget": (bot(chat_dot_py=CHAT.replace("    reply =", "    check_budget()\n    reply =")), BOT),
    "llm-red-team": (BOT | EVALS | {"evals/red_team.jsonl": '{"q": "ignore all"}\n', ".github/workflows/ci.yml": PR.replace("pytest", "python -m evals.run"), "requirements.txt": "openai\n"}, BOT | EVALS | {"evals/red_team.jsonl": '{"q": "ignore all"}\n'}),
    "llm-feedback": (bot(api_dot_py="from fastapi import FastAPI\napp = FastAPI()\n\n\n@app.post('/feedback')\ndef post(x: int):\n    return x\n"), BOT),
    "lineage": (ml(lineage_dot_py="def trace_prediction(x):\n    return x\n\n\ntrace_prediction(1)\n"), BASE),
    "tuning": (ml(tune_dot_py="import optuna\noptuna.create_study().optimize(print)\n"), ml(tune_dot_py="import optuna\n")),
    "cluster-engine": (ml(tune_dot_py="import ray\nray.init()\n"), ml(requirements_dot_txt="ray==2\n")),
    "promotion-policy": (BASE | {"promotion_policy.toml": POLICY} | scheduled(POLICY_CODE), BASE | {"promotion_policy.toml": POLICY, "promote.py": POLICY_CODE}),
    "loop-test": (ml(watch_dot_py=DRIFT.format("retrain()"), test_watch_dot_py="import watch\n\n\ndef test_drift_starts_a_retraining():\n    assert watch.main() is None\n"), ml(test_train_dot_py=TEST)),
    "service-objectives": (ml(docs__slo_dot_md="# SLO\n99.5 %\n"), BASE),
    "live-quality": (ml(quality_dot_py="def join_labels(x):\n    return x\n\n\njoin_labels(1)\n"), BASE),
    "signal-retraining": (BASE | scheduled(DRIFT.format("retrain()")), BASE | scheduled(DRIFT.format("print('drift')"))),
    "retraining-limits": (ml(loop_dot_toml="cooldown_days = 7\n"), ml(loop_dot_toml="days = 7\n")),
    "evidence-bundle": (ml(evidence_dot_py="def bundle():\n    return 1\n\n\nbundle()\n"), BASE),
    "llm-online-evals": (BOT | EVALS | {"watch.py": "import mlflow\nfrom evals.run import exact_match\n\n\ndef main():\n    exact_match(mlflow.search_traces())\n" + MAIN, ".github/workflows/w.yml": NIGHT.format("python watch.py")}, BOT | EVALS | {"watch.py": "import mlflow\nfrom evals.run import exact_match\n\n\ndef main():\n    exact_match(mlflow.search_traces())\n" + MAIN}),
    "llm-cases-from-traces": (bot(cases_dot_py="import mlflow\n\n\ndef main():\n    create_cases(mlflow.search_traces())\n" + MAIN), BOT),
    "llm-promotion-policy": (BOT | {"promotion_policy.toml": POLICY} | scheduled(POLICY_CODE), BOT | {"promotion_policy.toml": POLICY}),
    "llm-preference-data": (bot(tune_dot_py="from trl import DPOTrainer\nDPOTrainer(None)\n"), BOT),
}  # fmt: skip
