"""Tests that assert something about the repository's own code."""

from __future__ import annotations

import pytest

from support.facts import facts_of

OWN = "from split import half\n\n\n"


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        (f"{OWN}def test_a():\n    assert half(2) == 1\n", True),
        (f"{OWN}def test_a():\n    check(half(2))\n\n\ndef check(x):\n    assert x\n", True),
        (f"{OWN}import pytest\n\n\ndef test_a():\n    with pytest.raises(TypeError):\n        half('')\n", True),
        ("import subprocess\n\n\ndef test_a():\n    assert subprocess.run(['split']).returncode == 0\n", True),
        (f"{OWN}def test_a():\n    assert True\n", False),
        (f"{OWN}def test_a():\n    half(2)\n", False),
        (f"{OWN}def example():\n    assert half(2) == 1\n", False),
        ("import math\n\n\ndef test_a():\n    assert math.pi > 3\n", False),
        (f"import pytest\n{OWN}@pytest.mark.skip\ndef test_a():\n    assert half(2) == 1\n", False),
        (f"import pytest\n{OWN}pytestmark = pytest.mark.skip\n\n\ndef test_a():\n    assert half(2) == 1\n", False),
    ],
)
def test_which_tests_count(text: str, counts: bool) -> None:
    tests = facts_of({"split.py": "def half(x):\n    return x / 2\n", "test_split.py": text}).own_tests
    assert bool(tests) is counts
    assert {path for path, _ in tests} <= {"test_split.py"}
