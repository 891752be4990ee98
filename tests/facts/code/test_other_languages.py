from __future__ import annotations

import pytest

from support.facts import facts_of


@pytest.mark.parametrize(
    ("path", "text", "library", "call"),
    [
        ("a.R", "# fit(x)\nlibrary(caret)\nm <- train(y)\n", "caret", "train"),
        ("a.jl", "using MLJ\n\nfit!(m)\n", "MLJ", "fit"),
        ("a.scala", "import org.apache.spark\n// no\nspark.read(x)\n", "org.apache", "spark.read"),
    ],
)
def test_calls_and_libraries_with_their_lines(path: str, text: str, library: str, call: str) -> None:
    (module,) = facts_of({path: text}).code.modules
    (found,) = [item for item in module.calls if item.name == call]

    assert module.uses(library)
    assert found.line == 3
