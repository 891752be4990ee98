"""What a plan costs, from the user's own rates. No price is ours."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlops_ladder.assess.road import Road
from mlops_ladder.assess.vocabulary import COSTS
from mlops_ladder.errors import LadderError

Range = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """The cost of one driver (its name), low and high, in the currency of the rates file."""

    driver: str
    once: Range
    monthly: Range


@dataclass(frozen=True)
class Cost:
    """All enabled drivers. `empty` names what is not filled in; then there is no total."""

    currency: str
    lines: tuple[Line, ...]
    empty: tuple[str, ...]

    @property
    def total(self) -> tuple[Range, Range] | None:
        """One-off and monthly, each low and high; nothing while something enabled is empty."""
        if self.empty:
            return None
        once = (sum(line.once[0] for line in self.lines), sum(line.once[1] for line in self.lines))
        monthly = (sum(line.monthly[0] for line in self.lines), sum(line.monthly[1] for line in self.lines))
        return once, monthly

    def as_dict(self) -> dict[str, Any]:
        """The cost as JSON has it."""
        total = self.total
        return {
            "currency": self.currency,
            "lines": [{"driver": x.driver, "once": list(x.once), "monthly": list(x.monthly)} for x in self.lines],
            "empty": list(self.empty),
            "total": {"once": list(total[0]), "monthly": list(total[1])} if total else None,
        }


def example() -> str:
    """A rates file to fill in: every driver with its unit, all values empty."""
    lines = [
        "# Your rates and quantities. Each value is a number or a range [low, high]; [] is not known yet.",
        "# A total is given when nothing that is enabled is empty. Switch off what you do not pay.",
        'currency = "EUR"',
    ]
    for driver in COSTS.values():
        lines += [
            "",
            f"[{driver.table}]  # {driver.counts}",
            "enabled = true",
            f"rate = []     # per {driver.unit}",
            "once = []     # how many, to get there",
            "monthly = []  # how many in each month after that",
        ]
    return "\n".join(lines) + "\n"


def cost_of(plan: Road, path: Path) -> Cost:
    """Apply a rates file to a plan.

    Raises:
        LadderError: the file cannot be read, or a table, key or value in it is not one of a rates file.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise LadderError(f"{path} cannot be read: {error}.", "Write one with: ladder plan --example FILE") from error
    except (ValueError, RecursionError) as error:  # tomllib lets a number of 5,000 digits through as a plain ValueError
        raise LadderError(f"{path} is not valid TOML: {error}.", "Compare with: ladder plan --example FILE") from error
    currency = table.pop("currency", "")
    names = {driver.table: name for name, driver in COSTS.items()}
    unknown = [name for name in table if name not in names]
    if unknown:
        raise LadderError(f"{path}: '{unknown[0]}' is no cost driver.", f"Use {', '.join(names)}.")
    lines: list[Line] = []
    empty: list[str] = []
    for driver, body in table.items():
        values = _values(path, driver, body)
        if values is None:
            continue
        if driver == "people" and values["once"] is None:
            values["once"] = plan.effort
        # A quantity left empty in the file means zero only when the other one is given.
        if values["rate"] is None:
            empty.append(f"{driver}.rate")
        if values["once"] is None and values["monthly"] is None:
            empty.append(f"{driver}.once and {driver}.monthly")
        rate, once, monthly = (values[key] or (0.0, 0.0) for key in ("rate", "once", "monthly"))
        lines.append(Line(names[driver], _product(rate, once), _product(rate, monthly)))
    if not isinstance(currency, str) or not currency:
        empty.append("currency")
    return Cost(str(currency), tuple(lines), tuple(empty))


def _values(path: Path, driver: str, body: Any) -> dict[str, Range | None] | None:
    if not isinstance(body, dict) or set(body) - {"enabled", "rate", "once", "monthly"}:
        raise LadderError(f"{path}: [{driver}] is malformed.", "Its keys are enabled, rate, once and monthly.")
    enabled = body.get("enabled", True)
    if not isinstance(enabled, bool):
        raise LadderError(f"{path}: {driver}.enabled is neither true nor false.")
    if not enabled:
        return None
    return {key: _range(path, f"{driver}.{key}", body.get(key, [])) for key in ("rate", "once", "monthly")}


def _range(path: Path, name: str, value: Any) -> Range | None:
    if value in ([], ""):
        return None
    pair = value if isinstance(value, list) else [value, value]
    numbers = [item for item in pair if isinstance(item, (int, float)) and not isinstance(item, bool) and item >= 0]
    if len(numbers) != 2 or len(pair) != 2 or numbers[0] > numbers[1]:
        raise LadderError(f"{path}: {name} is neither a number nor a range.", "Write 5, or [4, 6], or [] if not known.")
    return float(numbers[0]), float(numbers[1])


def _product(one: Range, other: Range) -> Range:
    return one[0] * other[0], one[1] * other[1]
