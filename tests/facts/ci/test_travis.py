from __future__ import annotations

from support.facts import facts_of


def test_all_phases_are_one_job() -> None:
    (job,) = facts_of({".travis.yml": "install: pip install .\nbefore_script: prepare\nscript:\n  - pytest\n"}).ci

    assert (job.host, set(job.triggers), job.line) == ("travis", {"push", "pull_request"}, 3)
    assert job.steps[0].run == "pip install .\nprepare\npytest"
    assert job.steps[0].lines == (1, 2, 4)


def test_without_commands_there_is_no_job() -> None:
    assert facts_of({".travis.yml": "language: python\n", "sub/.travis.yml": "script: pytest\n"}).ci == []
