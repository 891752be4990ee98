"""Declared steps of a pipeline."""

from __future__ import annotations

import pytest

from support.facts import facts_of


@pytest.mark.parametrize(
    ("texts", "stages"),
    [
        ({"dvc.yaml": "stages:\n  a: {cmd: a}\n  b: {cmd: b}\n"}, ["dvc.yaml:2", "dvc.yaml:3"]),
        ({"dvc.yaml": "stages:\n  a: {cmd: a}\n"}, []),
        ({"flow.py": "import prefect\n\n\n@prefect.flow\ndef run():\n    pass\n"}, ["flow.py:5"]),
        ({"flow.py": "from metaflow import FlowSpec\n\n\nclass Run(FlowSpec):\n    pass\n"}, ["flow.py:1"]),
        ({"flow.py": "def flow():\n    pass\n"}, []),
        ({"w.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: a}\n"}, ["w.yaml:2"]),
    ],
)
def test_declared_stages(texts: dict[str, str], stages: list[str]) -> None:
    assert facts_of(texts).stages == stages
