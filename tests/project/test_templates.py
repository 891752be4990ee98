"""The templates as they lie in `templates/`, and the lint that reads them, tripped by planted faults."""

from pathlib import Path

import pytest

from mlops_ladder.project.layers import templates_root
from support.template_lint import lint
from support.trees import write


def test_the_templates_have_no_finding() -> None:
    assert lint(templates_root()) == []


GOOD = {
    "level1/files/README.md.jinja": "{{ name }}\n{% block more %}\n{% endblock %}\n",
    "level3/files/README.md.jinja": '{% extends "below" %}\n{% block more %}\nmore\n{% endblock %}\n',
    "level3/files/src/{{ package }}/x.py.jinja": "import {{ package }}\n",
    "level3/files+github/ci.yml": "${{ github.ref }}\n",
}


def test_good_templates_have_none(tmp_path: Path) -> None:
    assert lint(write(tmp_path, GOOD)) == []


FAULTS = [
    ("level3/files/README.md.jinja", '{% extends "below" %}\n{% block mor %}\n{% endblock %}\n', "the block 'mor'"),
    ("level3/files/README.md.jinja", '{% extends "below" %}\nlost\n{% block more %}{% endblock %}', "outside of every"),
    ("level3/files/README.md.jinja", '{% extends "below" %}\n{% set x = 1 %}\n', "outside of every block"),
    ("level3/files/README.md.jinja", '{% extends "level1/README.md" %}\n', "something else than"),
    ("level3/files/README.md.jinja", '{% extends "below" %}\n{% block more %}', "line 2"),
    ("level3/files/new.md.jinja", '{% extends "below" %}\n', "no layer below supplies"),
    ("level3/files/new.md.jinja", "{% block a %}\n{% super %}\n{% endblock %}\n", "extends nothing"),
    ("level2/files/README.md.jinja", "{% if level >= 2 %}\n{% endif %}\n", "unknown name 'level'"),
    ("level2/files/README.md.jinja", "{{ packge }}\n", "unknown name 'packge'"),
    ("level2/files/x.md.jinja", "${{ github.ref }}\n", "unknown name 'github'"),
    ("level2/files/x.md.jinja", "a\r\nb\n", "carriage return"),
    ("level2/files/x.py", "", "must end in .jinja"),
    ("level2/files/data/.gitignore", "", "must end in .jinja"),
    ("level2/files/{% if x %}a.md.jinja", "", "in a path"),
    ("level2/files/{{ name }}/a.md.jinja", "", "in a path"),
    ("level2/files/a:b.jinja", "", "in a path"),
    ("level2/jenkins/a.md.jinja", "", "belongs to no layer"),
]


@pytest.mark.parametrize(("path", "text", "finding"), FAULTS, ids=[f"{n}-{f[2]}" for n, f in enumerate(FAULTS)])
def test_a_planted_fault_is_found(tmp_path: Path, path: str, text: str, finding: str) -> None:
    findings = lint(write(tmp_path, {**GOOD, path: text}))

    assert any(found.startswith(path.split("/")[0]) and finding in found for found in findings), findings


def test_an_empty_folder_and_a_link_are_found(tmp_path: Path) -> None:
    root = write(tmp_path, GOOD)
    (root / "level2/files/empty").mkdir(parents=True)
    (root / "level2/files/link.md.jinja").symlink_to(root / "level1/files/README.md.jinja")

    assert [found.split(": ")[1] for found in lint(root) if found.startswith("level2")] == ["is empty", "is a link"]
