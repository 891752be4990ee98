"""Language model applications."""

from assess.labelled import LLM_ONE, LLM_THREE, LLM_TWO, Case, ids

APP = """
    import os
    from pathlib import Path

    import yaml
    from langfuse import observe
    from openai import OpenAI

    client = OpenAI()
    PROMPT = yaml.safe_load(Path("prompts/answer.v3.yaml").read_text())


    @observe()
    def answer(question, prompt=PROMPT):
        reply = client.chat.completions.create(
            model=os.environ.get("MODEL", "gpt-4o-mini-2024-07-18"),
            max_tokens=300,
            messages=[{"role": "system", "content": prompt["system"]}, {"role": "user", "content": question}],
        )
        return reply.choices[0].message.content


    if __name__ == "__main__":
        print(answer(input("> ")))
"""

EVAL = """
    import json
    import sys
    from pathlib import Path

    from bot.app import answer


    def exact_match(cases):
        return sum(case["expected"].lower() in answer(case["question"]).lower() for case in cases) / len(cases)


    def main():
        cases = [json.loads(line) for line in Path("evals/golden.jsonl").read_text().splitlines()]
        score = exact_match(cases)
        print("exact match", score)
        if score < 0.8:
            sys.exit(1)


    if __name__ == "__main__":
        main()
"""

GOLDEN = """
    {"question": "Which plan has no fee?", "expected": "basic"}
    {"question": "How long is the notice?", "expected": "30 days"}
    {"question": "Is there a student price?", "expected": "yes"}
"""

BOT = {
    "README.md": "# Support bot\n`pip install -r requirements.txt`, then `python -m bot.app`. Evals: `python -m evals.run`.\n",
    "requirements.txt": "openai==1.30\nlangfuse==2.30\npyyaml==6.0\npytest==8.0\n",
    "bot/__init__.py": "",
    "bot/app.py": APP,
    "prompts/answer.v3.yaml": "id: answer\nversion: 3\nsystem: Answer from the price list only.\n",
    "evals/__init__.py": "",
    "evals/run.py": EVAL,
    "evals/golden.jsonl": GOLDEN,
    "tests/test_app.py": """
        from types import SimpleNamespace

        from bot import app


        def test_the_prompt_is_sent(monkeypatch):
            sent = {}

            def create(**arguments):
                sent.update(arguments)
                message = SimpleNamespace(content="basic")
                return SimpleNamespace(choices=[SimpleNamespace(message=message)])

            monkeypatch.setattr(app.client.chat.completions, "create", create)
            assert app.answer("?") == "basic"
            assert sent["messages"][0]["content"].startswith("Answer")
    """,
    ".github/workflows/ci.yml": """
        on: pull_request
        jobs:
          check:
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@v4
              - run: pip install -r requirements.txt
              - run: pytest tests
              - run: python -m evals.run
    """,
}

GATE = """
    import json
    import sys
    from pathlib import Path

    import yaml

    from bot.app import answer


    def wins(cases, champion, challenger):
        better = worse = 0
        for case in cases:
            old = case["expected"] in answer(case["question"], champion)
            new = case["expected"] in answer(case["question"], challenger)
            better += new and not old
            worse += old and not new
        return better - worse


    def main(candidate):
        registry = yaml.safe_load(Path("prompts/registry.yaml").read_text())
        champion = yaml.safe_load(Path(registry["champion"]).read_text())
        challenger = yaml.safe_load(Path(candidate).read_text())
        cases = [json.loads(line) for line in Path("evals/golden.jsonl").read_text().splitlines()]
        if wins(cases, champion, challenger) <= 0:
            sys.exit("the challenger is not better than the champion")
        registry["champion"] = candidate
        Path("prompts/registry.yaml").write_text(yaml.safe_dump(registry))


    if __name__ == "__main__":
        main(sys.argv[1])
"""

NIGHTLY = """
    on:
      schedule:
        - cron: "0 2 * * *"
      push:
        branches: [main]
        paths: ["prompts/**"]
    jobs:
      evals:
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v4
          - run: pip install -r requirements.txt
          - run: python -m evals.run
          - run: python -m evals.gate prompts/answer.v4.yaml
"""

CASES = [
    Case(
        "prompt-in-code",
        "a chat demo: no evals, the prompt in the code",
        0,
        {
            "README.md": "# Chat\n`streamlit run chat.py`\n",
            "requirements.txt": "openai\nstreamlit\n",
            "chat.py": """
            import streamlit as st
            from openai import OpenAI

            SYSTEM = '''You are a helpful assistant of a travel agency. Answer the question of the customer politely,
            using only the context given below, and say that you do not know when the context has no answer.'''
            question = st.text_input("Question")
            if question:
                reply = OpenAI().chat.completions.create(model="gpt-4o", messages=[{"role": "system", "content": SYSTEM}])
                st.write(reply.choices[0].message.content)
          """,
        },
        ids("runbook llm-model-named"),
        lacks=ids("llm-prompts-collected llm-model-pinned unit-tests"),
    ),
    Case(
        "evals-by-hand",
        "cases and a script, nothing in CI",
        1,
        {k: v for k, v in BOT.items() if not k.startswith((".github", "tests"))},
        LLM_ONE | ids("llm-prompts-versioned llm-calls-traced"),
        also=ids("llm-prompts-collected llm-model-pinned llm-limits llm-task-metrics"),
    ),
    Case(
        "evals-in-ci",
        "evals and tests on each pull request, Langfuse traces",
        2,
        BOT,
        LLM_TWO,
        also=ids("llm-offline-tests unit-tests"),
        lacks=ids("llm-redaction llm-feedback"),
    ),
    Case(
        "evals-that-cannot-fail",
        "the eval script prints its score and always succeeds",
        1,
        {**BOT, "evals/run.py": EVAL.replace("        if score < 0.8:\n            sys.exit(1)\n", "")},
        LLM_TWO - ids("llm-evals-in-ci"),
    ),
    Case(
        "prompt-gate",
        "a registry of prompts, a paired gate, nightly evaluation",
        3,
        {
            **BOT,
            "evals/gate.py": GATE,
            "prompts/registry.yaml": "champion: prompts/answer.v3.yaml\n",
            "prompts/answer.v4.yaml": "id: answer\nversion: 4\nsystem: Answer briefly.\n",
            ".github/workflows/nightly.yml": NIGHTLY,
        },
        LLM_THREE,
    ),
    Case(
        "promptfoo-rag",
        "LangChain with a vector store; promptfoo in GitLab CI; LangSmith hub and tracing by environment",
        2,
        {
            "README.md": "# Handbook\n`uvicorn handbook.api:app`\n",
            "pyproject.toml": """
                [project]
                name = "handbook"
                version = "0.1"
                dependencies = ["langchain-openai<1", "langchain-chroma<1", "fastapi<1", "langsmith<1"]
            """,
            "handbook/__init__.py": "",
            "handbook/chain.py": """
                from langchain_chroma import Chroma
                from langchain_openai import ChatOpenAI, OpenAIEmbeddings
                from langsmith import Client, traceable

                store = Chroma(persist_directory="index", embedding_function=OpenAIEmbeddings())
                model = ChatOpenAI(model="gpt-4o-2024-08-06", temperature=0)


                @traceable
                def ask(question):
                    prompt = Client().pull_prompt("handbook-qa:production")
                    context = store.similarity_search(question, k=4)
                    return (prompt | model).invoke({"question": question, "context": context}).content
            """,
            "handbook/api.py": """
                from fastapi import FastAPI

                from handbook.chain import ask

                app = FastAPI()


                @app.post("/ask")
                def post(question: str):
                    return {"answer": ask(question)}
            """,
            "promptfooconfig.yaml": """
                providers: ["http://localhost:8000/ask"]
                tests:
                  - vars: {question: "How many holidays?"}
                    assert: [{type: contains, value: "30"}]
            """,
            "tests/test_api.py": """
                from fastapi.testclient import TestClient

                from handbook import api


                def test_ask(monkeypatch):
                    monkeypatch.setattr(api, "ask", lambda question: "30 days")
                    assert TestClient(api.app).post("/ask", params={"question": "?"}).json() == {"answer": "30 days"}
            """,
            ".gitlab-ci.yml": """
                test:
                  script:
                    - pip install -e . pytest
                    - pytest tests
                evals:
                  script:
                    - pip install -e .
                    - (uvicorn handbook.api:app &) && npx promptfoo@latest eval
                  rules:
                    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
            """,
        },
        LLM_TWO | ids("llm-prompt-registry"),
        also=ids("llm-model-pinned contract-tests"),
        lacks=ids("llm-index-manifest"),
    ),
    Case(
        "ml-and-llm",
        "a level 1 model beside a level 2 bot: the lower track counts",
        1,
        {
            **BOT,
            "model/train.py": """
            import joblib
            import pandas as pd
            from sklearn.linear_model import LogisticRegression
            from sklearn.metrics import f1_score

            if __name__ == "__main__":
                frame = pd.read_csv("s3://tickets/latest.csv")
                model = LogisticRegression(random_state=0).fit(frame[["length"]], frame.urgent)
                print(f1_score(frame.urgent, model.predict(frame[["length"]])))
                joblib.dump(model, "urgent.joblib")
         """,
            "README.md": BOT["README.md"] + "\nThe triage model: `python model/train.py`.\n",
        },
        LLM_TWO | ids("training metrics seeded model-saved predictions one-command"),
    ),
]
