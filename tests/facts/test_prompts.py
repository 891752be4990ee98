"""Where prompts are kept, and which version is used."""

from __future__ import annotations

import pytest

from support.bots import bot
from support.facts import facts_of


@pytest.mark.parametrize(
    ("more", "note"),
    [
        ({"prompts/a.txt": "Answer.", "p.py": "PROMPT = open('prompts/a.txt').read()\n"}, ""),
        ({"prompts/a.txt": "Answer."}, "prompts/a.txt is a prompt that no code loads"),
        ({"prompts.py": "ANSWER = 'Answer.'\n"}, ""),
        ({}, "no prompt is kept in a file"),
        ({"p.py": "import langfuse\n\nlangfuse.get_prompt('a')\n"}, ""),
    ],
)
def test_prompts_with_versions(more: dict[str, str], note: str) -> None:
    found = facts_of(bot(more)).prompts.versioned
    assert bool(found) is not bool(note)
    assert found.note == note


def test_a_registry_says_which_version_is_used() -> None:
    versions = {"prompts/a.v1.txt": "Answer.", "p.py": "open('prompts/index.toml')\n"}
    chosen = {"prompts/index.toml": "[prompts]\n\nactive = 'v1'\n"}
    assert facts_of(bot(versions | chosen)).prompts.registry.places == ("prompts/index.toml:3", "prompts/a.v1.txt")
    assert facts_of(bot(versions)).prompts.registry.note == "prompts have versions, but nothing says which one is used"
    assert not facts_of(bot(chosen)).prompts.registry
