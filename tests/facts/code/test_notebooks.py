from __future__ import annotations

import json

import pytest

from mlops_ladder.facts.code.notebooks import notebook_source
from support.facts import facts_of


def notebook(*cells: tuple[str, str | list[str]]) -> str:
    return json.dumps({"cells": [{"cell_type": kind, "source": source} for kind, source in cells]})


def test_code_cells_into_lines_that_know_their_cell() -> None:
    text = notebook(("markdown", "a()"), ("code", ["a()\n", "!pip install b\n"]), ("code", "if x:\n  %time c()"))

    assert notebook_source(text) == (
        "a()\npass  # pip install b\nif x:\n  pass  # time c()",
        ["cell 2", "cell 2", "cell 3", "cell 3"],
    )


def test_cells_of_other_languages_are_left_out() -> None:
    assert notebook_source(notebook(("code", "%%bash\nmake"), ("code", "%%time\na()"))) == (
        "pass  # %time\na()", ["cell 2", "cell 2"],
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"cells": 3}'])
def test_what_is_no_notebook(text: str) -> None:
    assert notebook_source(text) is None


def test_a_call_in_a_notebook_is_cited_by_its_cell() -> None:
    facts = facts_of({"a.ipynb": notebook(("code", "import x"), ("code", "x.fit()"))})

    assert [hit.where for hit in facts.code.named(r"fit$")] == ["a.ipynb:cell 2"]


def test_a_notebook_with_more_code_than_a_file_may_have_is_none() -> None:
    cells = [{"cell_type": "code", "source": "x = 1\n" * 30_000}] * 3

    assert notebook_source(json.dumps({"cells": cells})) is not None
    assert notebook_source(json.dumps({"cells": cells * 2})) is None
