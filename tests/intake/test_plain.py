"""A file is called plain only where it surely is: what is not plain is read cell by cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlops_ladder.intake import plain
from mlops_ladder.intake.plain import plain_records
from mlops_ladder.progress import silent


def records(folder: Path, content: bytes) -> int:
    (folder / "a.csv").write_bytes(content)
    return plain_records(folder / "a.csv", ",", 2, silent)


@pytest.mark.parametrize(
    ("content", "count"),
    [
        (b"a,b\n1,2\n", 2),
        (b"a,b\n1,2", 2),
        (b"a,b\n1,2\n\n\n", 2),
        (b"a,b\r\n1,2\r\n3,4", 3),
        (b"\xef\xbb\xbfa,b\n1,2\n", 2),
        (b'"a","b"\n"1",2\n,"x,\ny"\n', 3),
        (b'a,b\n"say ""no""",""\n"""",""""\n', 3),
        (b'a,b\r\n"x\r\ny",2\r\n', 2),
        ("a,b\né,ü\n".encode(), 2),
    ],
)
def test_the_records_of_a_plain_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, count: int
) -> None:
    assert records(tmp_path, content) == count
    for block in range(4, 12):  # also where a block ends in the middle of anything
        monkeypatch.setattr(plain, "BLOCK", block)
        assert records(tmp_path, content) == count


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n\n1,2\n",
        b"\na,b\n1,2\n",
        b"a,b\r\n1,2\n",
        b"a,b\r1,2\r",
        b"a,b\n1,2\r3,4\n",
        b'a,b\n"x\r\ny",2\n',
        b'a,b\r\n"x\ny",2\r\n',
        b'a,b\n "1",2\n',
        b'a,b\n"1" ,2\n',
        b'a,b\n1,5" pipe\n',
        b'a,b\n"1"x,2\n',
        b'a,b\n"1,2\n',
        b"a,b\n1,2,\n",
        b"a,b\n1\n",
        b"a,b\n1,\0\n",
        b"a,b\n1,\xe9\n",
        b"",
    ],
)
def test_what_is_not_plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    assert records(tmp_path, content) == 0
    monkeypatch.setattr(plain, "BLOCK", 5)
    assert records(tmp_path, content) == 0


def test_a_line_without_end_is_not_held_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "LONGEST", 1_000)
    monkeypatch.setattr(plain, "BLOCK", 100)

    assert records(tmp_path, b"a,b\n1," + b"2" * 900 + b"\n") == 2
    assert records(tmp_path, b"a,b\n1," + b"2" * 2_000 + b"\n") == 0


def test_progress_is_told_some_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(plain, "BLOCK", 100)
    (tmp_path / "a.csv").write_bytes(b"a,b\n" + b"1,2\n" * 10_000)
    plain_records(tmp_path / "a.csv", ",", 2, said.append)

    assert 15 <= len(said) <= 21
    assert said == sorted(said, key=lambda text: int(text.split()[-2]))
