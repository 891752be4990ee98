"""What a lift brings, in a team's terms."""

from mlops_ladder.lift.gains import new_dependencies, new_outs, new_verbs
from support.repos import files


def test_verbs_of_the_makefile_and_of_its_parts() -> None:
    before = files(("Makefile", "run: ## do it\n\techo\n"))
    after = files(("Makefile", "run: setup ## do it\n\nall: run\n"), ("make/data.mk", "pull: | run ## bring data\n"))
    assert new_verbs(before, after) == (("pull", "bring data"),)


def test_requirements_of_the_project_and_of_groups() -> None:
    before = files(("pyproject.toml", '[project]\ndependencies = ["a>=1"]\n'))
    after = files(
        (
            "pyproject.toml",
            '[project]\ndependencies = ["a>=1", "b"]\n[dependency-groups]\nx = ["c", {include-group = "y"}]\n',
        )
    )
    assert new_dependencies(before, after) == ("b", "c")
    assert new_dependencies({}, {}) == ()


def test_outputs_that_dvc_holds_but_not_those_that_git_keeps() -> None:
    stages = (
        "stages:\n  train:\n    cmd: x\n    outs:\n      - models\n      - kept.txt:\n          cache: false\n"
        "    metrics:\n      - metrics.json:\n          cache: false\n    plots:\n      - plot.csv:\n          x: n\n"
    )
    assert new_outs({}, files(("dvc.yaml", stages))) == ("models", "plot.csv")
    assert new_outs(files(("dvc.yaml", stages)), files(("dvc.yaml", stages))) == ()
    assert new_outs({}, files(("dvc.yaml", ""))) == ()
