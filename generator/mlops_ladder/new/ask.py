"""The questions of `ladder new` on a terminal: few, with arrow keys and defaults. The only user of questionary."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path
from typing import Any

from mlops_ladder.errors import LadderError
from mlops_ladder.new.create import Request, check_place
from mlops_ladder.project.answers import QUESTIONS, Question, Value
from mlops_ladder.project.layers import available, check_available, conditions_up_to, read_level


def ask(path: Path | None, choices: dict[str, Value], given: dict[str, Any]) -> Request:
    """Ask for what was not given; of the table's questions, those that make a difference at the level.

    Raises:
        KeyboardInterrupt: the user pressed Ctrl-C.
        LadderError: what was given cannot be used, whatever the answers.
    """
    import questionary

    answers = dict(given)
    chosen = dict(choices)
    if path is not None:
        check_place(path)
    if "level" in answers:
        check_available(answers["level"])
    if path is None:
        path = Path(questionary.text("Folder of the new project:", validate=_usable).unsafe_ask()).expanduser()
    if "level" not in answers:
        options = [level_choice(number) for number in available()]
        answers["level"] = questionary.select("Maturity level:", choices=options).unsafe_ask()
    matter = conditions_up_to(answers["level"])
    for question in QUESTIONS:
        conditions = {question.condition(value) for value in question.values} - {""}
        if question.name not in chosen and conditions & matter:
            chosen[question.name] = _choice(question)
    if "data" not in answers:
        sample = questionary.Choice("the sample: flights out of New York, late or not", value=True)
        own = questionary.Choice("my own CSV or Parquet file", value=False)
        if not questionary.select("Data:", choices=[sample, own]).unsafe_ask():
            answers["data"] = Path(questionary.path("File:", validate=_is_file).unsafe_ask()).expanduser()
    if "data" in answers:
        answers |= _columns(answers)
    return Request(path, choices=chosen, **answers)


def _choice(question: Question) -> Value:
    import questionary

    if question.yes_no:
        answer: Value = questionary.confirm(question.prompt, default=bool(question.default)).unsafe_ask()
        return answer
    labels = zip(question.labels or question.texts, question.values, strict=True)
    options = [questionary.Choice(_fitting(label), value=value) for label, value in labels]
    default = next(option for option in options if option.value == question.default)
    selected: Value = questionary.select(question.prompt, choices=options, default=default).unsafe_ask()
    return selected


def _columns(answers: dict[str, Any]) -> dict[str, str]:
    import questionary

    from mlops_ladder.intake.profile import column_names

    names = column_names(answers["data"])
    found: dict[str, str] = {}
    if "target" not in answers:
        # The target is the last column more often than any other.
        options = [questionary.Choice(_fitting(name), value=name) for name in names]
        found["target"] = questionary.select("Column to predict:", choices=options, default=options[-1]).unsafe_ask()
    if "time" not in answers:
        none = questionary.Choice("none: the rows have no order", value="")
        others = [questionary.Choice(_fitting(n), value=n) for n in names if n != (answers | found)["target"]]
        question = "Column with the time of each row:"
        found["time"] = questionary.select(question, choices=[none, *others]).unsafe_ask()
    return found


def level_choice(number: int) -> Any:
    """A level as it can be chosen: its name, and below the list what it means."""
    import questionary

    level = read_level(number)
    # A line that is longer than the terminal would be cut; the description has lines of its own.
    before = " " * len("  Description: ")
    indent = before if _width() > 2 * len(before) else ""
    lines = textwrap.wrap(level.test, _width(), initial_indent=before, subsequent_indent=indent)
    return questionary.Choice(f"{number} {level.name}", value=number, description="\n".join(lines).lstrip())


def _width() -> int:
    return max(shutil.get_terminal_size().columns - 4, 20)  # a pointer before the line; the last column stays free


def _fitting(text: str) -> str:
    """A name in one line of the terminal: its end shows that it is cut, where it is too long."""
    return text if len(text) <= _width() else f"{text[: _width() - 4]} ..."


def _usable(text: str) -> bool | str:
    try:
        check_place(Path(text).expanduser())
    except LadderError as error:
        return f"{error.message} {error.hint}"
    return True


def _is_file(text: str) -> bool | str:
    return Path(text).expanduser().is_file() or f"{text} is not a file"
