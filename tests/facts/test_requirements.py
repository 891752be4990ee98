from __future__ import annotations

import pytest

from mlops_ladder.facts.requirements import Requirement, file_lines, requirement, requirements


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("numpy", ("numpy", "", "")),
        ("  Scikit_Learn.x >= 1.2, <2  # why", ("scikit-learn-x", "<2,>=1.2", "")),
        ("pkg[a,b]==1.0 ; python_version < '3.12'", ("pkg", "==1.0", 'python_version < "3.12"')),
        ("pkg==1.0 --hash=sha256:abc --hash=sha256:def", ("pkg", "==1.0", "")),
        ("pkg @ https://example.com/p.whl#sha256=abc", ("pkg", "@ https://example.com/p.whl#sha256=abc", "")),
        ("pkg~=1.4", ("pkg", "~=1.4", "")),
    ],
)
def test_what_a_line_asks_for(line: str, expected: tuple[str, str, str]) -> None:
    assert requirement(line) == Requirement(*expected)


@pytest.mark.parametrize(
    "line", ["", "# numpy", "-r base.txt", "--no-index", "-e .", "./local", "a b", "pkg=1", "==1", "é"]
)
def test_what_asks_for_no_package(line: str) -> None:
    assert requirement(line) is None


def test_a_file_of_them() -> None:
    lines = file_lines("a==1 \\\n    --hash=sha256:x\n# b\nc<2\n")

    assert [(found.name, found.spec) for found in requirements(lines)] == [("a", "==1"), ("c", "<2")]
