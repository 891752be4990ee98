"""Files that are not what their name says are told by what they are, with the way to the table."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mlops_ladder.intake.formats import other_format

FRAME = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def database() -> bytes:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE it (a)")
        return connection.serialize()


def array() -> bytes:
    out = io.BytesIO()
    np.save(out, np.zeros(3))
    return out.getvalue()


def feather() -> bytes:
    out = io.BytesIO()
    FRAME.to_feather(out)
    return out.getvalue()


FILES: dict[str, tuple[bytes | Callable[[], bytes], str]] = {
    "lfs": (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 12\n", "git lfs pull"),
    "annex": (b"/annex/objects/SHA256E-s12--4d.csv\n", "git annex get"),
    "dvc": (b"outs:\n- md5: d41d8cd98f\n  size: 12\n  path: a.csv\n", "dvc pull"),
    "page": (b"\n<!DOCTYPE html>\n<html><title>Sign in</title></html>", "a web page"),
    "page without doctype": (b"<html>\n<body>", "a web page"),
    "denied": (b'<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>', "an error message"),
    "missing": (b"404: Not Found", "an error message"),
    "xml": (b'<?xml version="1.0"?><rows><row/></rows>', "is XML"),
    "json": (json.dumps([{"a": 1}]).encode(), "is JSON"),
    "json object": (json.dumps({"data": [1]}, indent=2).encode(), "is JSON"),
    "json lines": (b'{"a": 1}\n{"a": 2}\n', "lines=True"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "an Excel 97 workbook"),
    "xlsx": (lambda: zipped("[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook (.xlsx)"),
    "zip": (lambda: zipped("a.csv"), "a zip archive"),
    "npz": (lambda: zipped("arr_0.npy"), "a NumPy archive"),
    "npy": (array, "a NumPy array"),
    "gzip": (lambda: gzip.compress(b"a,b\n"), "gunzip"),
    "feather": (feather, "Arrow"),
    "sqlite": (database, "an SQLite data base"),
    "pickle": (lambda: pickle.dumps(FRAME), "a pickle"),
    "rdata": (b"RDX3\nX\n\0\0", "R data"),
    "sav": (b"$FL2@(#) SPSS DATA FILE", "SPSS"),
    "dta": (b"<stata_dta><header>", "Stata"),
    "arff": (b"% made by hand\n@RELATION iris\n\n@ATTRIBUTE a NUMERIC\n", "ARFF"),
    "sql": (b"CREATE TABLE it (a int);", "a dump of SQL"),
    "utf-16": ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
    "pdf": (b"%PDF-1.7", "a PDF"),
}


@pytest.mark.parametrize("kind", FILES)
def test_what_is_not_a_table_is_named_with_a_way_out(tmp_path: Path, kind: str) -> None:
    made, words = FILES[kind]
    (tmp_path / "a.csv").write_bytes(made if isinstance(made, bytes) else made())

    found = other_format(tmp_path / "a.csv")

    assert found is not None
    assert words in f"{found.message} {found.hint}"
    assert found.message.startswith("a.csv is ")
    assert found.hint


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n",
        b"\xef\xbb\xbfa,b\n",
        b"<DATE>,<TIME>,<OPEN>\n2024.01.03,05:00,1.5\n",
        b'"a","b"\n1,2\n',
        b"[a],[b]\n1,2\n",
        b"{a},{b}\n1,2\n",
        b"version,size\n1,2\n",
        b"md5,outs\n1,2\n",
        b"ORDER,BOX\n1,2\n",
        b"PARK,MATLAB\n1,2\n",
        b"forbiddance,x\n",
        b"",
    ],
)
def test_a_table_is_none_of_these(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)

    assert other_format(tmp_path / "a.csv") is None


def test_parquet_is_what_was_wanted_where_the_name_says_so(tmp_path: Path) -> None:
    FRAME.to_parquet(tmp_path / "a.parquet")

    assert other_format(tmp_path / "a.parquet", but="parquet") is None
    assert "is Parquet" in str(other_format(tmp_path / "a.parquet", but="csv"))
