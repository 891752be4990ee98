"""What a file is that is not the table it is called, told by its first bytes: another format, or a stand-in."""

from __future__ import annotations

from codecs import BOM_UTF8
from pathlib import Path

from mlops_ladder.errors import LadderError

HEAD = 4096  # bytes looked at

_SAVE = "Open it, and save the sheet as CSV in UTF-8."
_UNPACK = "Unpack it, and name the table that was in it."
_AGAIN = "Download the file itself, not the page about it; some places want a login first."
_JSON = "Convert it, for instance: pandas.read_json(FILE).to_csv('table.csv', index=False)"
_LOAD = "Load it, and export one table as CSV."
_EXCEL = "an Excel workbook"
_ZIPS = (
    (b"xl/", f"{_EXCEL} (.xlsx)", _SAVE),
    (b"[Content_Types].xml", f"{_EXCEL} (.xlsx)", _SAVE),
    (b"application/vnd.oasis", "an OpenDocument sheet (.ods)", _SAVE),
    (b".npy", "a NumPy archive (.npz)", "Convert it: numpy.load, then pandas.DataFrame(...).to_parquet(...)"),
    (b"", f"{_EXCEL} or a zip archive", "Unpack it, or save it as CSV in UTF-8."),
)
_BINARY = (
    (b"PAR1", "Parquet", "Name it so: its name must end in .parquet."),
    (b"PARE", "encrypted Parquet", "Write it without encryption."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first: gunzip FILE"),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ\0", "an xz archive", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel 97 workbook (.xls)", _SAVE),
    (b"ARROW1", "Arrow (Feather)", "Convert it: pandas.read_feather(FILE).to_parquet(...)"),
    (b"FEA1", "Feather", "Convert it: pandas.read_feather(FILE).to_parquet(...)"),
    (b"ORC", "ORC", "Convert it: pandas.read_orc(FILE).to_parquet(...)"),
    (b"Obj\x01", "Avro", "Convert it to Parquet."),
    (b"SQLite format 3\0", "an SQLite data base", "Export one table: sqlite3 -csv -header FILE 'SELECT * FROM it'"),
    (b"\x89HDF\r\n", "HDF5", "Convert it: pandas.read_hdf(FILE).to_parquet(...)"),
    (b"\x93NUMPY", "a NumPy array (.npy)", "Give its columns names: pandas.DataFrame(...).to_parquet(...)"),
    *((bytes((0x80, n)), "a pickle", "If you trust it, read it and write the table as Parquet.") for n in range(2, 6)),
    (b"RDX", "R data (.RData)", "In R: write.csv(it, 'table.csv', row.names = FALSE)"),
    (b"RDA", "R data (.RData)", "In R: write.csv(it, 'table.csv', row.names = FALSE)"),
    (b"X\n\0\0", "R data (.rds)", "In R: write.csv(it, 'table.csv', row.names = FALSE)"),
    (b"$FL", "SPSS data (.sav)", "Convert it: pandas.read_spss(FILE).to_parquet(...)"),
    (b"<stata_dta>", "Stata data (.dta)", "Convert it: pandas.read_stata(FILE).to_parquet(...)"),
    (b"\0" * 12 + b"\xc2\xea\x81\x60", "SAS data (.sas7bdat)", "Convert it: pandas.read_sas(FILE).to_parquet(...)"),
    (b"HEADER RECORD*", "SAS data (.xpt)", "Convert it: pandas.read_sas(FILE).to_parquet(...)"),
    (b"MATLAB 5.0", "MATLAB data (.mat)", "Convert it: scipy.io.loadmat, then pandas.DataFrame(...).to_parquet(...)"),
    (b"%PDF", "a PDF document, not a table", "Name the CSV or Parquet file."),
    (b"{\\rtf", "a text document, not a table", "Name the CSV or Parquet file."),
    (b"\x89PNG", "an image, not a table", "Name the CSV or Parquet file."),
    (b"\xff\xd8\xff", "an image, not a table", "Name the CSV or Parquet file."),
)
_PAGE = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<!--", b"<div")
_REFUSAL = (b"404: not found", b"404 not found", b"not found\n", b"access denied", b"forbidden")
# In small letters, after blanks.
_TEXT = (
    ((b"version https://git-lfs",), "a Git LFS pointer, not the data", "Fetch the data: git lfs pull"),
    (
        (b"/annex/objects/", b"../.git/annex/"),
        "a git-annex pointer, not the data",
        "Fetch the data: git annex get FILE",
    ),
    (_PAGE, "a web page, not the data", _AGAIN),
    ((b"<table",), "a table in HTML", _SAVE),
    (_REFUSAL, "an error message, not the data", _AGAIN),
    ((b"create table ", b"insert into ", b"drop table ", b"-- mysql dump"), "a dump of SQL", _LOAD),
    (
        (b"--\n-- postgresql database dump",),
        "a dump of SQL",
        "Load it, and export one table: \\copy it to FILE csv header",
    ),
)


def other_format(path: Path, but: str = "") -> LadderError | None:
    """The error that names what a file is, where its first bytes tell that it is another format than text or `but`."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        way_out = f"Convert it: iconv -f UTF-16 -t UTF-8 '{path.name}' > converted.csv"
        return LadderError(f"{path.name} is UTF-16, not UTF-8.", way_out)
    found = _found(head)
    return LadderError(f"{path.name} is {found[0]}.", found[1]) if found and found[0].lower() != but else None


def _found(head: bytes) -> tuple[str, str] | None:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return next((name, way_out) for part, name, way_out in _ZIPS if part in head)
    for start, name, way_out in _BINARY:
        if head.startswith(start):
            return name, way_out
    text = head.removeprefix(BOM_UTF8).lstrip().lower()
    for starts, name, way_out in _TEXT:
        if text.startswith(starts):
            return name, way_out
    return _markup(text)


def _markup(text: bytes) -> tuple[str, str] | None:
    """What has no first word of its own."""
    if text.startswith(b"<?xml"):
        return ("an error message, not the data", _AGAIN) if b"<error>" in text else ("XML", "Convert it to CSV.")
    if text.startswith((b"outs:", b"md5:", b"wdir:", b"deps:")) and b"md5: " in text:
        return "a DVC pointer, not the data", "Fetch the data: dvc pull; its name lacks the .dvc at the end."
    if text.startswith(b"{") and text[1:].lstrip().startswith(b'"') and b'":' in text.replace(b" ", b""):
        lines = b"}\n{" in text.replace(b" ", b"")
        return ("JSON Lines", _JSON.replace("FILE", "FILE, lines=True")) if lines else ("JSON", _JSON)
    if text.startswith(b"[") and text[1:].lstrip().startswith((b"[", b"{")):
        return "JSON", _JSON
    if b"@attribute" in text and b"\n@relation" in b"\n" + text:
        return "ARFF, as Weka writes it", "Convert it: scipy.io.arff.loadarff, then pandas.DataFrame(...).to_csv(...)"
    return None
