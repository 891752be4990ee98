"""Layers, blocks and substitution on small templates, and the determinism of the real ones."""

import os
import subprocess
import sys
import tomllib
from itertools import permutations
from pathlib import Path

import pytest

from mlops_ladder.errors import BUG, LadderError
from mlops_ladder.project import render as rendering
from mlops_ladder.project.answers import Answers
from mlops_ladder.project.dataset import Dataset
from mlops_ladder.project.layers import available, layers
from mlops_ladder.project.lock import LOCK, load
from mlops_ladder.project.render import cell, literal, markdown, render, toml
from mlops_ladder.project.tree import File, tree_hash
from support.shapes import SHAPES, project

DATA = Dataset("own", "a.csv", "csv", 'the "y"', "binary", 3, ())
ANSWERS = Answers("Late Flights", "late_flights", DATA)


def rendered(root: Path, files: dict[str, str | bytes], level: int = 3) -> dict[str, str]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    return {path: file.content.decode() for path, file in render(ANSWERS, level, root).items()}


def test_the_highest_layer_wins(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"level{n}/files/a.jinja": f"{n}\n" for n in (1, 2, 4)}

    assert rendered(tmp_path, files, 1) == {"a": "1\n"}
    assert rendered(tmp_path, files, 3) == {"a": "2\n"}
    assert rendered(tmp_path, files, 4) == {"a": "4\n"}


def test_blocks_grow_over_levels_that_skip_the_file(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "level1/files/t.toml.jinja": 'deps = [\n    "a",\n{% block deps %}\n{% endblock %}\n]\n',
        "level3/files/t.toml.jinja": '{% extends "below" %}\n{% block deps %}\n{% super %}\n    "c",\n{% endblock %}\n',
        "level5/files/t.toml.jinja": '{% extends "below" %}\n{% block deps %}\n{% super %}\n    "e",\n{% endblock %}\n',
    }

    assert rendered(tmp_path, files, 2)["t.toml"] == 'deps = [\n    "a",\n]\n'
    assert rendered(tmp_path, files, 4)["t.toml"] == 'deps = [\n    "a",\n    "c",\n]\n'
    assert rendered(tmp_path, files, 5)["t.toml"] == 'deps = [\n    "a",\n    "c",\n    "e",\n]\n'


def test_a_block_may_be_replaced(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "level1/files/m.jinja": "run:{% block run %} 1{% endblock %}\n\n",
        "level2/files/m.jinja": '{% extends "below" %}\n{% block run %} {{ package }}{% endblock %}',
    }

    assert rendered(tmp_path, files)["m"] == "run: late_flights\n"


@pytest.mark.parametrize(
    "text",
    [
        "{{ wrong }}\n",
        "{{ wrong }} {# compiled #}\n",
        "{{ data.wrong }}\n",
        '{% extends "below" %}{% block b %}{{ wrong }}{% endblock %}',
    ],
)
def test_an_unknown_name_is_our_bug_and_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(LadderError, match=r"wrong") as caught:
        rendered(tmp_path, {"level1/files/a.jinja": "{% block b %}{% endblock %}\n", "level2/files/a.jinja": text})
    assert caught.value.code == BUG


PLAIN = [
    "",
    "no names at all\n",
    "{{ package }}",
    "import {{ package }} as {{ slug }}\r\n\n\n",
    "# {{ name }}\n\n    indented {{ name }}\n",
    "a {b} }} {c\n",
    "ü {{ package }}.{{ package }}\n",
]


@pytest.mark.parametrize("text", PLAIN)
def test_the_fast_path_is_what_jinja_does(tmp_path: Path, text: str) -> None:
    (tmp_path / "a").write_bytes(text.replace("\r\n", "\n").encode())
    by_jinja = rendering._by_jinja(
        [tmp_path / "a"], "a", {"package": "late_flights", "name": "Late Flights", "slug": "late-flights"}
    )

    assert rendering.is_plain(text)
    assert rendered(tmp_path, {"level1/files/a.jinja": text})["a"].replace("\r\n", "\n") == by_jinja


def test_answers_are_never_templates(tmp_path: Path) -> None:
    odd = Answers("{{ 7 * 7 }}", "p", Dataset("own", "{{ data }}", "csv", "{% raw %}", "binary", 3, ()))
    (tmp_path / "level1" / "files").mkdir(parents=True)
    (tmp_path / "level1" / "files" / "a.jinja").write_text("{{ name }}")
    (tmp_path / "level1" / "files" / "b.jinja").write_text("{{ data.file }} {{ data.target | toml }}")

    assert render(odd, 1, tmp_path) == {"a": File(b"{{ 7 * 7 }}"), "b": File(b'{{ data }} "{% raw %}"')}


def test_a_file_without_suffix_is_copied_byte_by_byte(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"level1/files/ci.yml": "${{ github.ref }}\n", "level1/files/b.bin": b"a\r\n{{"}

    assert rendered(tmp_path, files) == {"ci.yml": "${{ github.ref }}\n", "b.bin": "a\r\n{{"}


def test_paths_name_the_package(tmp_path: Path) -> None:
    assert rendered(tmp_path, {"level1/files/src/{{ package }}/a.py.jinja": ""}) == {"src/late_flights/a.py": ""}


def test_scripts_may_be_executed_whatever_the_mode_of_the_template(tmp_path: Path) -> None:
    rendered(tmp_path, {"level1/files/run.jinja": "#!/bin/sh\n", "level1/files/a.jinja": "a\n"})
    (tmp_path / "level1/files/a.jinja").chmod(0o755)

    assert {path: file.executable for path, file in render(ANSWERS, 1, tmp_path).items()} == {"a": False, "run": True}


def test_the_order_of_the_folder_listing_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = project("flights", 2).answers
    expected = list(render(answers, 2).items())
    real = Path.rglob
    monkeypatch.setattr(Path, "rglob", lambda self, pattern: sorted(real(self, pattern), reverse=True))

    assert list(render(answers, 2).items()) == expected
    monkeypatch.setattr(Path, "rglob", real)
    for order in list(permutations(layers(1, answers)))[:6]:
        assert rendering.chains_of(list(order)).keys() == rendering.chains_of(layers(1, answers)).keys()


@pytest.mark.parametrize("level", available())
def test_another_process_with_other_hashing_renders_the_same(level: int) -> None:
    made = project("binary-csv", level)
    code = (
        "import sys; from mlops_ladder.project.lock import load; from mlops_ladder.project.tree import tree_hash;"
        "from mlops_ladder.project.render import render; lock = load(sys.stdin.buffer.read());"
        "print(tree_hash(render(lock.answers, lock.level)))"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", code],
            input=made.tree[LOCK].content,
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": "Asia/Tokyo"},
        ).stdout.decode()
        for seed, locale in (("1", "C"), ("2", "C.UTF-8"))
    }

    assert {found.strip() for found in hashes} == {load(made.tree[LOCK].content).base_tree}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_lock_alone_gives_the_render_again(shape: str) -> None:
    """No data file is looked at: what the profile found is among the answers."""
    made = project(shape, 2)
    lock = load(made.tree[LOCK].content)
    again = render(lock.answers, lock.level)

    assert again == {path: file for path, file in made.tree.items() if path != LOCK}
    assert tree_hash(again) == lock.base_tree
    assert not [path for path in again if path.startswith("data/")]


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", '"a"'), ('"\\\n\x7f', '"\\"\\\\\\n\\u007f"'), (["a", 1], '["a", 1]'), (True, "true"), (0.5, "0.5")],
)
def test_toml_values(value: object, text: str) -> None:
    assert toml(value) == text


def test_markdown_keeps_a_cell_a_cell() -> None:
    assert markdown("a|b\n`c` <d> {{ e }}") == r"a\|b \`c\` \<d\> \{\{ e \}\}"


@pytest.mark.parametrize(
    "text", ["a\u202eb", "bell\x07", "esc\x1b[31m", "del\x7f", "zero\u200bwidth", "half\U000e0041"]
)
def test_what_cannot_be_seen_is_escaped(text: str) -> None:
    shown = literal([text])

    assert shown.isprintable()
    assert tomllib.loads(f"a = {shown}") == {"a": [text]}
    assert cell(text).isprintable()


def test_what_can_be_seen_is_not() -> None:
    assert literal("größe | \u200d") == '"größe | \u200d"'
    assert cell("a_b | größe") == r"a\_b \| größe"
