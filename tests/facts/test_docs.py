from __future__ import annotations

import pytest

from support.facts import facts_of

TEXTS = {
    "docs/guide.md": "x\n",
    "README.md": "# Train\n\nRun `make train`, or ``make``:\n\n```sh\n$ make test\n```\n\n    make all\n",
    "docs/model_card.md": "# Limits\nEthics\n",
    "train.py": "# Limits\n",
}


def test_readme_files_come_first() -> None:
    assert facts_of(TEXTS).docs.paths == ["README.md", "docs/guide.md", "docs/model_card.md"]


@pytest.mark.parametrize(
    ("pattern", "name", "where"),
    [
        ("make test", "", "README.md:6"),
        ("^ethics$", "", "docs/model_card.md:2"),
        ("limits", "card", "docs/model_card.md:1"),
        ("limits", "guide", ""),
    ],
)
def test_the_first_line_that_matches(pattern: str, name: str, where: str) -> None:
    assert facts_of(TEXTS).docs.find(pattern, name) == where


def test_a_document_about_several_things() -> None:
    docs = facts_of(TEXTS).docs

    assert docs.about("limits", "ethics") == "docs/model_card.md"
    assert docs.about("limits", "train") == ""


def test_commands_in_spans_and_blocks() -> None:
    assert facts_of(TEXTS).docs.commands == [
        ("make train", "README.md:3"), ("make", "README.md:3"), ("make test", "README.md:6"),
        ("make all", "README.md:9"),
    ]  # fmt: skip
