"""The HTML report: self-contained, escaped, and legible in a real browser."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import pytest

from assess.labelled.middle import CASES
from mlops_ladder.assess.assess import assess_tree
from mlops_ladder.assess.reports.html import assessment_html
from mlops_ladder.assess.road import road_to

CHROMIUM = shutil.which("chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


def page(name: str = "leads") -> str:
    result = assess_tree(CASES[0].tree())
    return assessment_html(result, name, road_to(result))


def test_it_needs_no_network_and_no_script() -> None:
    text = page()
    assert not re.search(r"(src|href)=|@import|url\(|<script|<link", text)
    assert "default-src 'none'" in text


def test_names_from_outside_are_escaped() -> None:
    assert "<img" not in page("<img src=x onerror=alert(1)>")


def test_it_has_a_language_a_title_headings_captions_and_scopes() -> None:
    text = page()
    assert '<html lang="en">' in text
    assert text.count("<h1>") == 1
    assert text.count("<caption>") == text.count("<table>")
    assert len(re.findall(r"<th(?=[ >])(?! scope=)", text)) == 0
    assert all(f'id="{anchor}"' in text for anchor in re.findall(r'aria-labelledby="([\w-]+)"', text))


def test_colours_have_enough_contrast() -> None:
    style = page()
    for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2]:
        colour = dict(re.findall(r"--([\w-]+): (#\w+)", block))
        pairs = [
            ("text", "page"),
            ("quiet", "page"),
            ("quiet", "soft"),
            ("text", "soft"),
            ("good", "page"),
            ("bad", "page"),
        ]
        pairs += [("heat-text", f"h{n}") for n in range(5)]
        for one, other in pairs:
            assert contrast(colour[one], colour[other]) >= 4.5, (one, other)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def chromium(tmp_path: Path, *flags: str) -> str:
    file = tmp_path / "report.html"
    file.write_text(page(), "utf-8")
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", *flags, file.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120, cwd=tmp_path).stdout


def pixels(path: Path) -> tuple[int, int, int]:
    """Width, height and number of colours in the lines of a PNG, unpacked without a library."""
    data = path.read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    packed, place = b"", 8
    while place < len(data):
        size, kind = struct.unpack(">I4s", data[place : place + 8])
        packed += data[place + 8 : place + 8 + size] if kind == b"IDAT" else b""
        place += size + 12
    return width, height, len(set(zlib.decompress(packed)))


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium")
@pytest.mark.parametrize("width", [1000, 360])
@pytest.mark.parametrize("dark", [False, True])
def test_chromium_renders_it(tmp_path: Path, width: int, dark: bool) -> None:
    flags = [f"--window-size={width},1600", "--screenshot=shot.png"]
    flags += ["--blink-settings=preferredColorScheme=0"] if dark else []
    chromium(tmp_path, *flags)
    found = pixels(tmp_path / "shot.png")

    assert found[0] == width
    assert found[2] > 50


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium")
def test_chromium_parses_it_as_it_was_written(tmp_path: Path) -> None:
    dom = chromium(tmp_path, "--dump-dom")

    assert dom.count("<details") == page().count("<details")
    assert "<main>" in dom
