"""What can be wrong with a data file as a whole, each as the error that says so."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from pathlib import Path

from mlops_ladder.errors import LadderError
from mlops_ladder.intake import encoding
from mlops_ladder.project.dataset import MAX_COLUMNS

_BLOCK = 1 << 20


def empty(path: Path) -> LadderError:
    """The file has no content."""
    return LadderError(f"{path.name} is empty.", "Name a file with a header line and rows.")


def header_only(path: Path) -> LadderError:
    """The file has column names and no data."""
    return LadderError(f"{path.name} has a header and no rows.", "Name a file that has data below its header.")


def one_column(path: Path, first_line: str, *, by_blanks: bool) -> LadderError:
    """No known separator cuts the first line."""
    hint = "Separate the columns by a comma, a semicolon, a tab or a bar (|)."
    if by_blanks:
        hint += f" Where blanks do: pandas.read_csv('{path.name}', sep=r'\\s+').to_csv('table.csv', index=False)"
    return LadderError(f"{path.name} seems to have one column only; its first line is: {short(first_line)}", hint)


def preamble(path: Path, line: int, first_line: str) -> LadderError:
    """The table begins further down."""
    above = "the line above it" if line == 2 else f"the {line - 1} lines above it"
    return LadderError(
        f"{path.name}: the table seems to begin at line {line}, with {short(first_line)}",
        f"Take {above} out, for instance: tail -n +{line} '{path.name}' > table.csv",
    )


def row_names(path: Path) -> LadderError:
    """Every line has one cell more than the header, as R writes a table."""
    return LadderError(
        f"{path.name}: every line has one cell more than the header; the first column seems to hold row names.",
        "Write a name for it at the beginning of the first line; or, in R: write.csv(..., row.names = FALSE).",
    )


def trailing(path: Path, separator: str) -> LadderError:
    """Every line but the header ends in a separator."""
    return LadderError(
        f"{path.name}: every line but the header ends in a {separator}, an empty cell too many.",
        f"Write a {separator} at the end of the first line, too; or take them away.",
    )


def ragged(path: Path, line: int, found: int, wanted: int, separator: str, trailing: bool) -> LadderError:
    """A line has more or fewer cells than the header."""
    hint = f"Repair the line; a cell that holds a {separator} must stand in double quotes."
    if trailing:
        hint = f"The line ends in a {separator} and the header does not: make them alike."
    if found < wanted / 2:
        hint = f"Repair the line, or take it out if it is a note; what holds a {separator} must stand in double quotes."
    return LadderError(f"{path.name}: line {line} has {found} cells, the header has {wanted}.", hint)


def carriage_return(path: Path, line: int) -> LadderError:
    """A carriage return among other line ends, or ending a blank line: readers disagree on it."""
    return LadderError(
        f"{path.name}: a carriage return stands alone at or before line {line}; is it a line end or not?",
        "Remove it, or put the cell that holds it in double quotes.",
    )


def wrong_quote(path: Path, line: int) -> LadderError:
    """A quoted cell is not closed, or goes on after its closing quote."""
    return LadderError(
        f"{path.name}: in the record that begins at line {line}, a quoted cell does not end properly.",
        'Close every quote; write a quote inside quotes as "".',
    )


def endless(path: Path, line: int, limit: int) -> LadderError:
    """A record, or the header, goes on for longer than a table's would."""
    return LadderError(
        f"{path.name}: the record that begins at line {line} has more than {limit:,} characters.",
        "Is it a table, with a line end after each row? Write the file anew.",
    )


def not_text(path: Path) -> LadderError:
    """The file holds NUL bytes."""
    return LadderError(f"{path.name} is not a text file: it holds NUL bytes.", "Save it as CSV in UTF-8.")


def check_utf8(path: Path) -> None:
    """Refuse text that is not UTF-8; only bytes are read, and few at a time, so the place is exact.

    Raises:
        LadderError: naming the line and the byte.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    before, line = 0, 1
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                # The bytes of a character that the last block cut stand before this one.
                place = before - (len(error.object) - len(block)) + error.start
                raise LadderError(
                    f"{path.name} is not UTF-8: line {line + error.object[: error.start].count(10)}, "
                    f"byte {place + 1} of the file.",
                    encoding.way_out(path, place),
                ) from error
            if not block:
                return
            before += len(block)
            line += block.count(b"\n")


def check_names(path: Path, names: list[str]) -> None:
    """Refuse column names that are empty or occur twice, and more columns than a profile is made of.

    Raises:
        LadderError: naming them.
    """
    if len(names) > MAX_COLUMNS:
        raise LadderError(
            f"{path.name} has {len(names):,} columns; {MAX_COLUMNS:,} are the most.",
            "Choose the columns that tell something of the target, and leave the others out.",
        )
    blank = [place for place, name in enumerate(names, 1) if not name.strip()]
    if blank:
        raise nameless(path, blank)
    seen: set[str] = set()
    twice = {name: None for name in names if name in seen or seen.add(name)}  # type: ignore[func-returns-value]
    if twice:
        listed = ", ".join(f"'{short(name)}'" for name in twice)
        raise LadderError(
            f"{path.name}: more than one column is called {listed}.",
            "Give every column a name of its own; if its first line is data already, write one with names above it.",
        )


def index_error(where: str) -> LadderError:
    """The column is a pandas index, which `read_parquet` does not give back as a column."""
    return LadderError(
        f"{where} is the index of a pandas frame.", "Make it a column: frame.reset_index().to_parquet(...)"
    )


def nameless(path: Path, places: list[int]) -> LadderError:
    """Columns without a name that hold something, each by the number of its place."""
    return LadderError(
        f"{path.name}: column {', '.join(map(str, places))} has no name.", "Give every column a name in the first line."
    )


def no_header(names: Sequence[str]) -> bool:
    """Whether the first line seems to be data already: numbers, more than half of its cells."""
    numbers = sum(name.strip().lstrip("+-").replace(".", "", 1).isdecimal() for name in names)
    return numbers > len(names) / 2


def short(text: str) -> str:
    """Text from data in one line of at most 60 characters."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:57] + "..."
