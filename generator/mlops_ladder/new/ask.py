"""The questions of `ladder new` on a terminal: few, with arrow keys and defaults. The only user of questionary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mlops_ladder.errors import LadderError
from mlops_ladder.new.create import Request, check_place
from mlops_ladder.project.answers import CI_HOSTS
from mlops_ladder.project.layers import available, check_available, read_level

HOST_NAMES = {"github": "GitHub Actions", "gitlab": "GitLab CI"}


def ask(path: Path | None, given: dict[str, Any]) -> Request:
    """Ask for what was not given.

    Raises:
        KeyboardInterrupt: the user pressed Ctrl-C.
        LadderError: what was given cannot be used, whatever the answers.
    """
    import questionary

    answers = dict(given)
    if path is not None:
        check_place(path)
    if "level" in answers:
        check_available(answers["level"])
    if path is None:
        path = Path(questionary.text("Folder of the new project:", validate=_usable).unsafe_ask()).expanduser()
    if "level" not in answers:
        choices = [_level_choice(number) for number in available()]
        answers["level"] = questionary.select("Maturity level:", choices=choices).unsafe_ask()
    if "ci" not in answers and answers["level"] > 1:
        choices = [questionary.Choice(HOST_NAMES[host], value=host) for host in CI_HOSTS]
        answers["ci"] = questionary.select("CI runs on:", choices=choices).unsafe_ask()
    if "data" not in answers:
        sample = questionary.Choice("the sample: flights out of New York, late or not", value=True)
        own = questionary.Choice("my own CSV or Parquet file", value=False)
        if not questionary.select("Data:", choices=[sample, own]).unsafe_ask():
            answers["data"] = Path(questionary.path("File:", validate=_is_file).unsafe_ask()).expanduser()
    if "data" in answers:
        answers |= _columns(answers)
    return Request(path, **answers)


def _columns(answers: dict[str, Any]) -> dict[str, str]:
    import questionary

    from mlops_ladder.intake.profile import column_names

    names = column_names(answers["data"])
    found: dict[str, str] = {}
    if "target" not in answers:
        # The target is the last column more often than any other.
        found["target"] = questionary.select("Column to predict:", choices=names, default=names[-1]).unsafe_ask()
    if "time" not in answers:
        none = questionary.Choice("none: the rows have no order", value="")
        others = [name for name in names if name != (answers | found)["target"]]
        question = "Column with the time of each row:"
        found["time"] = questionary.select(question, choices=[none, *others]).unsafe_ask()
    return found


def _level_choice(number: int) -> Any:
    import questionary

    level = read_level(number)
    return questionary.Choice(f"{number} {level.name}: {level.test}", value=number)


def _usable(text: str) -> bool | str:
    try:
        check_place(Path(text).expanduser())
    except LadderError as error:
        return f"{error.message} {error.hint}"
    return True


def _is_file(text: str) -> bool | str:
    return Path(text).expanduser().is_file() or f"{text} is not a file"
