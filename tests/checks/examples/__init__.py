"""For every check two repositories: one in which its capability is met, one in which it is missing.

There is a module for each area, like the modules of the checks. The missing one is a near miss where there is a common
one: the right word in the wrong place. Here are the small projects that most of them start from.
"""

from __future__ import annotations

from dataclasses import dataclass

Files = dict[str, str]


@dataclass(frozen=True)
class Example:
    """A repository with the capability and one without it: path -> text, which may be indented."""

    met: Files
    missing: Files


def edit(text: str, *changes: tuple[str, str]) -> str:
    """A text with something in it replaced, which must be there."""
    for old, new in changes:
        assert old in text, f"{old!r} is not in the text"
        text = text.replace(old, new)
    return text


MAIN = '\n\nif __name__ == "__main__":\n    main()\n'
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
ROWS: Files = {"train.py": TRAIN, "README.md": "# Rows\n"}
"""A script that trains, and nothing else."""

REGISTER = edit(
    TRAIN,
    ("import joblib\n", "import joblib\nimport mlflow\n"),
    ('    joblib.dump(model, "model.joblib")\n', '    mlflow.register_model("runs:/1/model", "rows")\n'),
)
TRACK = edit(REGISTER, ('mlflow.register_model("runs:/1/model", "rows")', 'mlflow.log_metric("f1", 1.0)'))

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
"""A script that asks a language model, and nothing else."""

EVALS: Files = {
    "evals/cases.jsonl": '{"q": "a", "a": "b"}\n' * 4,
    "evals/run.py": f"""
import json
import sys
from chat import answer


def exact_match(cases):
    return sum(c['a'] in answer(c['q']) for c in cases) / len(cases)


def main():
    cases = [json.loads(line) for line in open('evals/cases.jsonl')]
    if exact_match(cases) < 0.8:
        sys.exit(1)
{MAIN}""",
}
"""Cases and a script that scores BOT on them."""

TEST = """
from train import main


def test_main():
    assert main() is None
"""
PR = """
on: pull_request
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
    - uses: actions/checkout@v4
    - run: pip install -r requirements.txt
    - run: pytest
"""
CI: Files = {".github/workflows/ci.yml": PR, "requirements.txt": "pytest==8.0\n", "test_train.py": TEST}
"""A test of ROWS and a workflow that runs it on every pull request."""

SERVE = """
from fastapi import FastAPI
from train import main

app = FastAPI()


@app.post('/predict')
def predict(x: float):
    return main()
"""
RULE = """
groups:
- name: a
  rules:
  - alert: Down
    expr: up == 0
    annotations: {runbook_url: https://x}
"""
ROLLOUT = """
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: a}
spec:
  strategy:
    canary:
      steps: [{setWeight: 10}]
      analysis: {templates: [{templateName: e}]}
"""
POLICY = "auto_promote = true\n"
POLICY_CODE = f"""
import tomllib


def main():
    policy = tomllib.load(open('promotion_policy.toml', 'rb'))
    if policy['auto_promote']:
        promote()


def promote():
    print('on')
{MAIN}"""


def nightly(command: str) -> str:
    """A workflow that runs a command every night."""
    return f"""
on: {{schedule: [{{cron: '1 2 * * *'}}]}}
jobs:
  n:
    steps:
    - uses: actions/checkout@v4
    - run: {command}
"""


def pushed(command: str) -> str:
    """A workflow that runs a command after each merge."""
    return f"""
on: {{push: {{branches: [main]}}}}
jobs:
  d:
    steps:
    - uses: actions/checkout@v4
    - run: {command}
"""


APPLY = pushed("kubectl apply -f k8s/staging")


def scheduled(program: str) -> Files:
    """A program that a nightly workflow runs."""
    return {"watch.py": program, ".github/workflows/watch.yml": nightly("python watch.py")}


def gate(effect: str) -> str:
    """A program that compares with the champion, and what follows from it."""
    return f"""
import json
import sys


def main():
    champion = json.load(open('champion.json'))['f1']
    candidate = json.load(open('candidate.json'))['f1']
    better = candidate > champion
    {effect}
{MAIN}"""


def drift(effect: str) -> str:
    """A program that looks for drift, and what follows from it."""
    return f"""
import sys
import pandas as pd
from scipy.stats import ks_2samp
from train import main as retrain


def main():
    drift = ks_2samp(pd.read_csv('a.csv').x, pd.read_csv('b.csv').x).statistic
    if drift > 0.2:
        {effect}
{MAIN}"""
