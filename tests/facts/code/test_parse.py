from __future__ import annotations

from textwrap import dedent

import pytest

from mlops_ladder.facts.code.model import BODY, MAIN, Module
from mlops_ladder.facts.code.parse import parse_module


def parsed(text: str, path: str = "pkg/sub/a.py") -> Module:
    module = parse_module(path, dedent(text))
    assert module is not None
    return module


def test_names_are_those_that_were_imported() -> None:
    module = parsed(
        """\
        import numpy as np, os.path
        from sklearn.svm import SVC as Machine
        from . import near
        from ..up import far
        def f():
            import late
        np.array(); os.path.join(); Machine().fit(); near.x(); far(); other.y()
        """
    )

    assert [call.name for call in module.calls] == [
        "numpy.array", "os.path.join", "sklearn.svm.SVC().fit", "sklearn.svm.SVC", "pkg.sub.near.x", "pkg.up.far",
        "other.y",
    ]  # fmt: skip
    assert (BODY, "numpy") in module.imported
    assert ("f", "late") in module.imported
    assert module.uses("sklearn")
    assert module.uses("sklearn.svm")
    assert not module.uses("svm")


def test_scopes() -> None:
    module = parsed(
        """\
        a()
        @mark(b())
        def f(x=c()):
            d()
            def inner():
                e()
        class K(Base, meta=g()):
            h()
            def m(self):
                i()
        async def n(): j()
        if __name__ == "__main__":
            k()
        """
    )

    assert {call.name: call.scope for call in module.calls} == {
        "a": BODY, "mark": BODY, "b": BODY, "c": BODY, "d": "f", "e": "f", "g": BODY, "h": BODY, "i": "K.m",
        "j": "n", "k": MAIN,
    }  # fmt: skip
    assert list(module.functions) == ["f", "K.m", "n"]
    assert (module.functions["f"].line, module.functions["f"].decorators) == (3, ("mark()",))
    assert module.classes == {"K": ("Base",)}


def test_what_never_runs_is_not_there() -> None:
    module = parsed("if False:\n    a()\nelse:\n    b()\nif TYPE_CHECKING:\n    c()\nif x:\n    d()\n")

    assert [call.name for call in module.calls] == ["b", "d"]


@pytest.mark.parametrize(
    ("text", "swallowed"),
    [
        ("try:\n    a()\nexcept E:\n    pass\n", True),
        ("try:\n    a()\nexcept E:\n    raise\n", False),
        ("try:\n    a()\nexcept E:\n    sys.exit(1)\n", False),
        ("def f():\n    try:\n        a()\n    except E:\n        return\n", False),
        ("def f():\n    try:\n        a()\n    except E:\n        return 0\n", True),
        ("try:\n    pass\nexcept E:\n    a()\n", False),
        ("try:\n    pass\nexcept E:\n    pass\nelse:\n    a()\n", False),
        ("with contextlib.suppress(E):\n    a()\n", True),
        ("with open(x):\n    a()\n", False),
    ],
)
def test_whose_exception_goes_no_further(text: str, swallowed: bool) -> None:
    (call,) = [call for call in parsed(text).calls if call.name == "a"]

    assert call.swallowed is swallowed


def test_strings_and_commands() -> None:
    module = parsed(
        """\
        run(["make", "all"], cwd=x)
        run([sys.executable, "train.py", y])
        run(f"dvc repro {name}")
        run("python train.py", mode="fast")
        """
    )

    assert [(text, line) for text, line, _ in module.commands] == [
        ("make all", 1), ("python train.py x", 2), ("dvc repro x", 3), ("python train.py", 4),
    ]  # fmt: skip
    assert ("fast", 4, BODY) in module.strings


def test_arguments_of_a_call() -> None:
    (call,) = parsed("fit('a', seed=-3, **more)\n").calls

    assert (call.value("seed"), call.value("none"), call.keywords(), call.strings()) == (-3, None, {"seed"}, ["a"])
    assert (call.last, call.receiver, call.line) == ("fit", "", 1)


def test_where_a_line_stands() -> None:
    assert parsed("a()").where(3) == "pkg/sub/a.py:3"
    notebook = parse_module("a.ipynb", "a()\nb()\n", ["cell 1", "cell 4"])
    assert notebook is not None
    assert (notebook.where(2), notebook.where(9)) == ("a.ipynb:cell 4", "a.ipynb:cell 4")


@pytest.mark.parametrize("text", ["def (", "x = " + "(" * 5000, "\0", "x = " + "-" * 50_000 + "1"])
def test_what_is_no_python_is_not_there(text: str) -> None:
    assert parse_module("a.py", text) is None
