from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from msgspec.structs import replace

from mlops_ladder.intake.draw import choose, draw_sample
from mlops_ladder.intake.profile import profile
from mlops_ladder.project.assets import shipped_dataset, shipped_file
from mlops_ladder.project.dataset import MISSING
from mlops_ladder.project.lock import dump_dataset, load_dataset

FLIGHTS = shipped_file("data")


def test_the_shipped_profile_is_what_the_profiler_finds() -> None:
    found = profile(FLIGHTS, "late", "scheduled")

    assert replace(found, source="flights", file="flights.parquet") == shipped_dataset()
    assert dump_dataset(shipped_dataset()) == FLIGHTS.with_name("profile.toml").read_bytes()


def test_the_shipped_small_sample_is_what_is_drawn(tmp_path: Path) -> None:
    draw_sample(FLIGHTS, shipped_dataset(), tmp_path / "sample.parquet")

    drawn, shipped = (pd.read_parquet(path) for path in (tmp_path / "sample.parquet", shipped_file("sample")))
    pd.testing.assert_frame_equal(drawn, shipped)


def test_the_shipped_dataset() -> None:
    data = shipped_dataset()
    frame = pd.read_parquet(FLIGHTS)

    assert data.rows == len(frame) == 26714
    assert FLIGHTS.stat().st_size < 800_000
    assert data.first.startswith("2013-01-01")
    assert data.last.startswith("2013-05-31")
    assert data.classes == ("false", "true")
    assert data.positive == "true"
    assert frame["scheduled"].is_monotonic_increasing
    assert not {"dep_delay", "arr_delay", "air_time", "arr_time", "dep_time"} & set(frame.columns)
    assert 0.15 < frame["late"].mean() < 0.35
    assert not data.of_kind("ignored")
    low = {column.name: column.low for column in data.columns}
    assert low["wind_speed"] == 0.0


def test_the_flights_are_known_without_the_engine() -> None:
    code = "from mlops_ladder.project.assets import shipped_dataset; shipped_dataset()"
    code += "; import sys; sys.exit('duckdb' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_a_data_set_survives_toml() -> None:
    data = shipped_dataset()

    assert load_dataset(dump_dataset(data)) == data


def test_rows_are_spread_evenly() -> None:
    assert choose([0] * 1000, 10, minimum=0) == [0, 100, 200, 300, 400, 500, 600, 700, 800, 900]


def test_few_rows_are_all_kept() -> None:
    assert choose([0, -1, 0, 1], 10) == [0, 2, 3]


def test_each_class_has_its_rows() -> None:
    labels = [0] * 30_000
    for place in range(25):
        labels[place * 1000 + 7] = 1
    for place in range(5):
        labels[place * 5000 + 9] = 2

    kept = choose(labels, 1000)

    counts = Counter(labels[place] for place in kept)
    assert len(kept) == 1000
    assert counts[1] == 20
    assert counts[2] == 5
    assert kept == sorted(kept)


def test_fifty_classes_fill_the_sample() -> None:
    labels = [place % 50 if place % 7 else 0 for place in range(50_000)]

    counts = Counter(labels[place] for place in choose(labels, 1000))

    assert sum(counts.values()) == 1000
    assert min(counts.values()) == 20


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_records_of_a_csv_sample_are_copied_as_they_stand(tmp_path: Path, end: str) -> None:
    rows = [
        f'{i};"a;{i}"; "{i % 40};0,50;"two{end}lines";{"yes" if i % 3 else "no" if i % 2 else "NA"}'
        for i in range(5000)
    ]
    path, out, again = tmp_path / "x.csv", tmp_path / "sample.csv", tmp_path / "again.csv"
    path.write_bytes(end.join(["n;quoted;odd;price;note;target", *rows, "", ""]).encode())
    data = profile(path, "target")

    draw_sample(path, data, out)
    draw_sample(path, data, again)

    assert out.read_bytes() == again.read_bytes()
    text = out.read_bytes().decode()
    kept = [row for row in rows if row + end in text]
    assert text == end.join(["n;quoted;odd;price;note;target", *kept, ""])
    assert len(kept) == 1000
    frame = pd.read_csv(out, sep=";", keep_default_na=False, na_values=list(MISSING))
    assert set(frame["target"].unique()) == {"yes", "no"}


def test_a_csv_sample_of_rare_classes(tmp_path: Path) -> None:
    path, out = tmp_path / "x.csv", tmp_path / "sample.csv"
    lines = [f"{i % 97},{'rare' if i % 1500 == 3 else 'common'}" for i in range(20_000)]
    path.write_text("\n".join(["x,y", *lines]))

    draw_sample(path, profile(path, "y"), out)

    counts = pd.read_csv(out)["y"].value_counts()
    assert counts.to_dict() == {"common": 986, "rare": 14}


def test_a_parquet_sample_keeps_order_types_and_classes(tmp_path: Path) -> None:
    path, out, again = tmp_path / "x.parquet", tmp_path / "sample.parquet", tmp_path / "again.parquet"
    frame = pd.DataFrame(
        {
            "row_0": [i + 0.5 for i in range(9000)],
            "when": pd.date_range("2013-01-01", periods=9000, freq="h"),
            'odd "name"; --': [[1, 2]] * 9000,
            "y": [None if i % 10 == 0 else float(i % 400 == 3) for i in range(9000)],
        }
    )
    frame.to_parquet(path, row_group_size=1000)
    data = profile(path, "y", "when")

    draw_sample(path, data, out)
    draw_sample(path, data, again)

    assert out.read_bytes() == again.read_bytes()
    small = pd.read_parquet(out)
    assert len(small) == 1000
    assert list(small.columns) == list(frame.columns)
    assert small["row_0"].is_monotonic_increasing
    assert small["row_0"].iloc[0] < 20
    assert small["row_0"].iloc[-1] > 8900
    assert small["when"].dtype.kind == "M"
    assert small["y"].value_counts().to_dict() == {0.0: 980, 1.0: 20}


def test_a_regression_sample_has_labelled_rows_only(tmp_path: Path) -> None:
    path, out = tmp_path / "x.csv", tmp_path / "sample.csv"
    path.write_text("\n".join(["x,y", *(f"{i % 97},{i / 7 if i % 2 else ''}" for i in range(6000))]))

    draw_sample(path, profile(path, "y"), out, rows=100)

    small = pd.read_csv(out)
    assert len(small) == 100
    assert small["y"].notna().all()
