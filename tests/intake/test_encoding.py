"""Text that is not UTF-8: what it seems to be, and a command that does what it says."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from mlops_ladder.intake.encoding import BLOCK, guess, way_out

GERMAN = "Straße,Größe,Müller,5 €,Österreich,Übung,naïve,„so“ – und"
FRENCH = "Élève,garçon,c’est l’été à Noël,œuvre,Not much\u00a0,N/A"
RUSSIAN = "Привет мир,Москва,улица Ленина"


@pytest.mark.parametrize("codec", ["cp1252", "mac_roman", "cp850"])
@pytest.mark.parametrize("text", [GERMAN, FRENCH, "año,niño,¿Qué?,Ñandú"])
def test_letters_stand_where_one_writes_them(text: str, codec: str) -> None:
    name = {"cp1252": "WINDOWS-1252", "mac_roman": "MACINTOSH", "cp850": "CP850"}[codec]

    assert guess(text.encode(codec, "ignore")) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("20 °C,5 µm,£3,1½,¿Qué?".encode("latin-1"), "WINDOWS-1252"),
        (RUSSIAN.encode("cp1251"), "WINDOWS-1251"),
        (RUSSIAN.encode("koi8-r"), ""),
        ("北京市,上海,广州市".encode("gb18030"), ""),
    ],
)
def test_others(text: bytes, name: str) -> None:
    assert guess(text) == name


@pytest.mark.skipif(shutil.which("iconv") is None, reason="needs iconv")
@pytest.mark.parametrize(
    ("content", "says", "wanted"),
    [
        ("a;ort\n1;Köln\n".encode("cp1252"), "seems to be WINDOWS-1252", "a;ort\n1;Köln\n"),
        (f"a;{FRENCH}\n".encode("mac_roman"), "seems to be MACINTOSH", f"a;{FRENCH}\n"),
        # One letter that WINDOWS-1252 does not have, far behind: its iconv would stop there.
        (b"caf\xe9\n" + b"x" * (5 * BLOCK) + b"\x81\n", "iconv -f MACINTOSH", None),
        ("Köln,Wien,Österreich\n".encode() + b"caf\xe9,b\n", "Most of it is UTF-8", "Köln,Wien,Österreich\ncaf,b\n"),
        ("北京市,上海,广州市\n".encode("gb18030"), "from its own encoding", "北京市,上海,广州市\n"),
    ],
    ids=["windows", "macintosh", "unused", "mixed", "foreign"],
)
@pytest.mark.parametrize("name", ["trips.csv", "my trips' $x.csv"])
def test_the_command_works_as_printed(tmp_path: Path, name: str, content: bytes, says: str, wanted: str | None) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnicodeDecodeError) as caught:
        content.decode("utf-8")
    hint = way_out(tmp_path / name, caught.value.start)
    subprocess.run("iconv" + hint.split("iconv", 1)[1], shell=True, cwd=tmp_path, timeout=30, capture_output=True)

    assert says in hint
    converted = (tmp_path / "converted.csv").read_text("utf-8")
    assert converted.endswith("\n")
    assert wanted in (None, converted)
