from __future__ import annotations

import pytest

from support.facts import facts_of

ASK = "from openai import OpenAI\nclient = OpenAI()\nanswer = client.chat.completions.create(model='x')\n"


@pytest.mark.parametrize(
    "text",
    [
        ASK,
        "import litellm\nlitellm.completion(model='x')\n\n",
        "import requests\nx = 1\nrequests.post('http://localhost:11434/api/chat')\n",
        "import boto3\nc = boto3.client('bedrock-runtime')\nc.invoke_model(body=b)\n",
    ],
)
def test_a_call_of_a_model(text: str) -> None:
    facts = facts_of({"app.py": text})

    assert [hit.module.path for hit in facts.llm.calls] == ["app.py"]
    assert facts.llm.used


@pytest.mark.parametrize(
    "texts",
    [
        {"app.py": "import boto3\nboto3.client('s3').put_object()\n"},
        {".github/scripts/notes.py": ASK},
        {"app.py": "from openai import OpenAI\ndef never():\n    OpenAI().chat.completions.create()\n"},
        {"tests/test_app.py": ASK},
    ],
)
def test_what_is_no_part_of_the_product(texts: dict[str, str]) -> None:
    assert not facts_of(texts).llm.used


def test_prompts_and_evals() -> None:
    texts = {
        "app.py": f"{ASK}PROMPT = 'You are an assistant. {'Answer from the context. ' * 10}'\n",
        "prompts/answer.md": "Answer.",
        "prompts/README.md": "How.",
        "pkg/prompts.py": "A = 'Answer.'\n",
        "evals/cases.jsonl": "{}\n{}\n{}\n",
        "evals/few.jsonl": "{}\n",
        "promptfooconfig.yaml": "prompts: []\n",
        "evals/run_evals.py": "import json\nload('cases.jsonl')\n",
        "index.py": "import chromadb\nchromadb.Client().create_collection('a')\n",
    }
    llm = facts_of(texts).llm

    assert llm.prompt_files == ["prompts/answer.md"]
    assert [module.path for module in llm.prompt_modules] == ["pkg/prompts.py"]
    assert llm.inline_prompts == ["app.py:4"]
    assert llm.eval_data == ["evals/cases.jsonl"]
    assert llm.eval_configs == ["promptfooconfig.yaml"]
    assert [module.path for module in llm.own_evals] == ["evals/run_evals.py"]
    assert [hit.where for hit in llm.retrieval] == ["index.py:2"]
