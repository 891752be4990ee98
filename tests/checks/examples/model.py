"""Two repositories for each check of the area `model`."""

from __future__ import annotations

from checks.examples import BOT, CHAT, Example, edit

EXAMPLES = {
    "llm-model-named": Example(
        met=BOT,
        missing=BOT
        | {
            "chat.py": "import openai\n",
        },
    ),
    "llm-model-pinned": Example(
        met=BOT
        | {
            "chat.py": edit(CHAT, ("gpt-4o", "gpt-4o-2024-08-06")),
        },
        missing=BOT,
    ),
    "llm-offline-tests": Example(
        met=BOT
        | {
            "test_chat.py": """
                import chat


                def test_a(monkeypatch):
                    monkeypatch.setattr(chat, 'client', None)
                    assert chat.client is None
                """,
        },
        missing=BOT,
    ),
    "llm-index-manifest": Example(
        met=BOT
        | {
            "index.py": """
                import hashlib
                import faiss

                index = faiss.IndexFlatL2(3)
                MANIFEST = {'embedder': 'mini', 'source_hash': hashlib.sha256().hexdigest()}
                """,
        },
        missing=BOT
        | {
            "index.py": """
                import faiss

                index = faiss.IndexFlatL2(3)
                """,
        },
    ),
}
