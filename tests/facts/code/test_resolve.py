from __future__ import annotations

import pytest

from mlops_ladder.facts.code.resolve import Names, hooks
from support.facts import facts_of

TEXTS = {
    "pkg/a.py": "from pkg import b\nfrom pkg.b import Base, helper as h\nfrom pkg.c import again\nimport os\n"
    "class Own(Base):\n    def run(self): pass\ndef local(): pass\n",
    "pkg/b.py": "class Base:\n    def load(self): pass\ndef helper(): pass\n",
    "pkg/c.py": "from pkg.b import helper as again\n",
    "flow.py": "from metaflow import FlowSpec\nclass Flow(FlowSpec):\n    def start(self): pass\n",
}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("local", {"pkg/a.py:local"}),
        ("pkg.b.helper", {"pkg/b.py:", "pkg/b.py:helper"}),
        ("pkg.c.again", {"pkg/c.py:", "pkg/b.py:", "pkg/b.py:helper"}),
        ("Own", {"pkg/a.py:Own.run", "pkg/a.py:class Own", "pkg/b.py:", "pkg/b.py:Base.load", "pkg/b.py:class Base"}),
        ("thing.load", {"pkg/b.py:Base.load"}),
        ("self.run", {"pkg/a.py:Own.run"}),
        ("b.helper", {"pkg/b.py:helper"}),
        ("os.path.join", set()),
        ("unknown", set()),
    ],
)
def test_what_a_name_in_a_module_may_stand_for(name: str, meant: set[str]) -> None:
    code = facts_of(TEXTS).code
    found = Names(code).meant(code.all["pkg/a.py"], name, 0)

    assert {f"{path}:{scope}" for _, path, scope in found} == meant


def test_a_method_that_a_framework_calls() -> None:
    code = facts_of(TEXTS).code

    assert hooks(code.all["flow.py"], "Flow.start")
    assert not hooks(code.all["pkg/b.py"], "Base.load")
