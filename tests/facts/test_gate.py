from __future__ import annotations

import pytest

from mlops_ladder.facts.gate import Gate
from support.facts import facts_of

HEAD = "client = load()\nchampion = client.get_model_version_by_alias('m', 'champion')\n"


def gates(text: str, **more: str) -> list[Gate]:
    return facts_of({"gate.py": HEAD + text} | more).gates


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("if score < champion.score:\n    raise SystemExit(1)\n", "raise", 4),
        ("if score > champion.score:\n    client.set_registered_model_alias('m', 'champion', 3)\n", "call", 4),
        ("better = score - champion.score\nif better > 0:\n    promote()\n", "call", 5),
        ("assert score >= champion.score\n", "assert", 3),
    ],
)
def test_a_comparison_on_which_something_hangs(text: str, kind: str, line: int) -> None:
    (gate,) = gates(text)

    assert (gate.where, gate.kind, gate.ignored) == (f"gate.py:{line}", kind, "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("better = score > champion.score\n", "nothing depends on it"),
        ("def never():\n    if score < champion.score:\n        raise SystemExit(1)\n", "nothing calls it"),
        ("print(score > champion.score)\n", "nothing reads it"),
        ("def check():\n    if score < champion.score:\n        raise E\ntry:\n    check()\nexcept E:\n    pass\n",
         "is caught at gate.py:7"),
    ],
)  # fmt: skip
def test_a_gate_that_stops_nothing_and_why(text: str, why: str) -> None:
    (gate,) = gates(text)

    assert why in gate.ignored


def test_the_failure_of_a_gate_that_a_job_ignores() -> None:
    text = "if score < champion.score:\n    raise SystemExit(1)\n"
    workflow = "on: push\njobs:\n  a:\n    steps:\n    - run: python gate.py || true\n"
    (gate,) = gates(text, **{".github/workflows/a.yml": workflow})

    assert gate.ignored == "its failure is ignored at .github/workflows/a.yml:3"


def test_a_training_loop_keeps_its_best_epoch_and_gates_nothing() -> None:
    assert gates("for epoch in range(3):\n    if loss < best_loss:\n        save()\n") == []


def test_a_weak_word_counts_only_where_a_version_is_loaded() -> None:
    text = "if score < baseline:\n    raise SystemExit(1)\n"

    assert [gate.where for gate in facts_of({"a.py": f"x = mlflow.get_run('a')\n{text}"}).gates] == ["a.py:3"]
    assert facts_of({"a.py": f"x = 1\n{text}"}).gates == []


def test_a_gate_in_shell_is_cited_where_it_stands() -> None:
    text = "on: push\njobs:\n  a:\n    steps:\n    - run: |\n        if [ $new -lt $champion ]; then exit 1; fi\n"

    assert [gate.where for gate in facts_of({".github/workflows/a.yml": text}).gates] == [".github/workflows/a.yml:6"]


def test_a_promotion_waits_through_other_jobs() -> None:
    layers = "".join(
        f"  j{i}:\n    needs: [{'gate' if not i else f'j{i - 1}'}]\n    steps: [{{run: ls}}]\n" for i in range(20)
    )
    workflow = "on: push\njobs:\n  gate:\n    steps: [{run: python gate.py}]\n" + layers
    text = "if score < champion.score:\n    raise SystemExit(1)\n"
    waiting = {".github/workflows/a.yml": workflow + "  out:\n    needs: [j19]\n    steps: [{run: promote}]\n"}
    hasty = {".github/workflows/a.yml": workflow + "  out:\n    steps: [{run: promote}]\n"}

    assert gates(text, **waiting)[0].ignored == ""
    assert gates(text, **hasty)[0].ignored.endswith("promotes without waiting for it")


@pytest.mark.parametrize(
    ("text", "compares"),
    [
        ("[ $NEW -gt $CHAMPION ] || exit 1", True),
        ("echo $(cat champion) | bc -l && exit 1", True),
        ("[ $A -gt 1 ]; exit 1\ncat champion", False),
        ("jq -e .ok prod.json", True),
        ("jq -e .ok a.json", False),
    ],
)
def test_a_comparison_in_shell(text: str, compares: bool) -> None:
    assert bool(facts_of({"gate.sh": text}).gates) is compares


@pytest.mark.parametrize(("name", "held"), [("verdict", True), ("new_data", False)])
def test_only_a_verdict_that_a_job_hands_on_is_a_gate(name: str, held: bool) -> None:
    workflow = f"""\
on: push
jobs:
  a:
    outputs: {{it: "${{{{ steps.b.outputs.it }}}}"}}
    steps:
    - run: python gate.py
    - run: echo "it=$(cat {name})" >> "$GITHUB_OUTPUT"
  b:
    needs: a
    if: needs.a.outputs.it == 'true'
    steps: [{{run: ls}}]
"""
    found = gates("json.dump({'better': score > champion.score}, open('out.json', 'w'))\n",
                  **{".github/workflows/a.yml": workflow})  # fmt: skip

    assert [not gate.ignored for gate in found] == [held]
