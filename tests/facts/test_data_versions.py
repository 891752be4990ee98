"""Where the content of the data is named."""

from __future__ import annotations

import pytest

from support.facts import facts_of

READS = (
    "import pandas as pd\nfrom sklearn.svm import SVC\n\nframe = pd.read_csv('rows.csv')\nSVC().fit(frame, frame.y)\n"
)


@pytest.mark.parametrize(
    ("texts", "places", "note"),
    [
        ({"rows.csv.dvc": "outs:\n- md5: abc\n  path: rows.csv\n"}, ("rows.csv.dvc",), ""),
        ({"rows.csv.dvc": "outs:\n- path: rows.csv\n"}, (), "rows.csv.dvc names no content"),
        ({"rows.csv.dvc": "outs: 3\n"}, (), "rows.csv.dvc names no content"),
        ({"models/a.pkl.dvc": "outs:\n- md5: abc\n  path: a.pkl\n"}, (), "models/a.pkl.dvc names no content"),
        ({"dvc.lock": "stages: {a: {outs: [{md5: abc}]}}\n"}, ("dvc.lock",), ""),
        ({".dvc/config": "[core]\n"}, (), "DVC is set up, but no .dvc file or dvc.lock names any data"),
        ({".gitattributes": "*.csv filter=lfs\n", "rows.csv": "a"}, (".gitattributes:1",), ""),
        ({".gitattributes": "*.png filter=lfs\n", "rows.csv": "a"}, (), ""),
        ({".gitattributes": "# *.csv filter=lfs\n", "rows.csv": "a"}, (), ""),
        ({"rows.csv": "a", "train.py": READS}, ("train.py:4",), ""),
        ({"rows.csv": "a", "train.py": READS, ".gitignore": "*.csv\n"}, ("train.py:4",), ""),
        ({"data/rows.csv": "a", "train.py": READS, ".gitignore": "data/\n"}, (), ""),
        ({"train.py": READS}, (), ""),
        ({"a.py": "import datasets\n\ndatasets.load_dataset('x', revision='1')\n"}, ("a.py:3",), ""),
        ({"a.py": "import datasets\n\ndatasets.load_dataset('x')\n"}, (), ""),
        ({"a.py": "print('SELECT * FROM t VERSION AS OF 3')\n"}, ("a.py:1",), ""),
        ({"jobs/pipeline.yml": "a: 1\ninputs: {path: 'azureml:rows:3'}\n"}, ("jobs/pipeline.yml:2",), ""),
    ],
)
def test_versions(texts: dict[str, str], places: tuple[str, ...], note: str) -> None:
    found = facts_of(texts).data_versions
    assert (found.places, found.note) == (places, note)
