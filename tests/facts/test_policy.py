"""Promotions that a written policy decides."""

from __future__ import annotations

from mlops_ladder.facts.seen import Seen
from support.facts import facts_of

CODE = """
import tomllib


def main():
    policy = tomllib.load(open("promotion_policy.toml", "rb"))
    if policy["auto_promote"]:
        promote()
    {more}


def promote():
    print("on")


main()
"""
WRITTEN = {"promotion_policy.toml": "auto_promote = true\n"}
NIGHT = {
    ".github/workflows/n.yml": """
    on: {schedule: [{cron: '1 1 * * *'}]}
    jobs:
      a:
        steps:
        - run: python p.py
    """
}


def policy(texts: dict[str, str]) -> Seen:
    return facts_of(texts).promotion_policy


def test_a_promotion_by_itself_that_obeys_the_file() -> None:
    found = policy(WRITTEN | NIGHT | {"p.py": CODE.format(more="")})
    assert found.places[0].startswith("p.py:")
    assert found.places[1:] == ("promotion_policy.toml",)


def test_a_file_of_any_name_counts_where_the_module_of_the_policy_names_it() -> None:
    code = CODE.replace("promotion_policy.toml", "loop.toml").format(more="")
    files = {"loop.toml": "auto_promote = true\n"}
    assert policy(files | NIGHT | {"p.py": "import policy\n\npolicy.main()\n", "policy.py": code})
    assert not policy(files | NIGHT | {"p.py": code})


def test_one_that_a_person_starts_does_not_count() -> None:
    found = policy(WRITTEN | {"p.py": CODE.format(more="")})
    assert not found
    assert found.note.endswith("obeys a policy, but only when a person starts it")


def test_a_file_that_nothing_obeys_does_not_count() -> None:
    assert policy(WRITTEN | NIGHT | {"p.py": "print('promoted')\n"}).note == (
        "a policy is written, but no promotion depends on it"
    )


def test_nothing_is_said_where_there_is_no_policy() -> None:
    assert policy(NIGHT | {"p.py": "print('promoted')\n"}) == Seen()


def test_a_policy_engine_in_a_job_that_starts_by_itself() -> None:
    job = "on: {on}\njobs:\n  a:\n    steps:\n    - run: conftest test release.json{tail}\n"
    by_itself = job.format(on="push", tail="")
    assert policy({".github/workflows/a.yml": by_itself}).places == (".github/workflows/a.yml:5",)
    assert not policy({".github/workflows/a.yml": job.format(on="workflow_dispatch", tail="")})
    assert not policy({".github/workflows/a.yml": job.format(on="push", tail=" || true")})
