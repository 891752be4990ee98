"""What a project was asked to be. The table of questions is the one place that knows which variations there are.

Options of `ladder new`, its prompts, `ladder set`, the layers of a render and the cases of the tests follow from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import force_setattr, replace

from mlops_ladder.project.dataset import Dataset

Value = str | bool


@dataclass(frozen=True)
class Question:
    """One variation of a project: its name in `.ladder.toml` and as an option, and the values it may have.

    `help` explains the option, `prompt` asks on a terminal, `labels` name the values there. A question that is not
    `settable` is answered once, when the project is made. Each value but `False` is a condition of layers: a text by
    itself, `True` by the question's name; so conditions are unique over all questions.
    """

    name: str
    values: tuple[Value, ...]
    default: Value
    help: str
    prompt: str
    labels: tuple[str, ...] = ()
    settable: bool = True

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise ValueError(f"'{self.name}' cannot name a question: its name is a Python identifier")

    @property
    def yes_no(self) -> bool:
        """Whether the answers are yes and no."""
        return isinstance(self.default, bool)

    @property
    def texts(self) -> tuple[str, ...]:
        """The values as they are typed."""
        return tuple(typed(value) for value in self.values)

    def option(self, value: Value) -> str:
        """The option of `ladder new` that gives a value."""
        if isinstance(value, bool):
            return f"--{self.name}" if value else f"--no-{self.name}"
        return f"--{self.name} {value}"

    def condition(self, value: Value) -> str:
        """The condition of layers that a value fulfils; nothing for `False`."""
        return (self.name if value else "") if isinstance(value, bool) else value

    def read(self, text: str) -> Value:
        """The value that was typed.

        Raises:
            ValueError: it is none of the values.
        """
        for value in self.values:
            if typed(value) == text:
                return value
        raise ValueError(f"'{text}' is no value of {self.name}: choose one of {', '.join(self.texts)}")


def typed(value: Value) -> str:
    """A value as a person types it."""
    return str(value).lower() if isinstance(value, bool) else value


QUESTIONS = (
    Question(
        "ci",
        ("github", "gitlab"),
        "github",
        help="Where CI runs.",
        prompt="CI runs on:",
        labels=("GitHub Actions", "GitLab CI"),
    ),
)


def every_choice() -> Iterator[dict[str, Value]]:
    """Every way to answer all questions."""
    for values in product(*(question.values for question in QUESTIONS)):
        yield {question.name: value for question, value in zip(QUESTIONS, values, strict=True)}


def fulfilled(choices: Mapping[str, Value]) -> list[str]:
    """The conditions of layers that choices fulfil, in the order of the questions."""
    return [found for question in QUESTIONS if (found := question.condition(choices[question.name]))]


def variant(choices: Mapping[str, Value]) -> str:
    """Choices as one word, the conditions that they fulfil joined by `+`."""
    return "+".join(fulfilled(choices))


class Answers(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything a render depends on besides the level and the templates themselves.

    `name` is what the user calls the project, `package` what Python imports. `data` is absent where the project
    trains on no table. `choices` has an answer to each of `QUESTIONS`; what is not given is the default. `id` tells the
    project from others of its name; projects from before there were ids have none.

    Raises:
        ValueError: a choice answers no question, or with no value of it.
    """

    name: Annotated[str, Meta(max_length=255)]
    package: str
    data: Dataset | None = None
    choices: Mapping[str, Value] = {}
    id: Annotated[str, Meta(pattern=r"\A[0-9a-f]{6}\Z")] = ""

    def __post_init__(self) -> None:
        unknown = self.choices.keys() - {question.name for question in QUESTIONS}
        if unknown:
            raise ValueError(f"unknown key '{min(unknown)}'")
        for question in QUESTIONS:
            value = self.choices.get(question.name, question.default)
            if not any(value is one or (value == one and isinstance(value, str)) for one in question.values):
                raise ValueError(f"{question.name} is {value!r}: choose one of {', '.join(question.texts)}")
        force_setattr(self, "choices", {q.name: self.choices.get(q.name, q.default) for q in QUESTIONS})

    @property
    def slug(self) -> str:
        """The name in the form that distributions and registries use: lower case and hyphens."""
        return self.package.replace("_", "-")

    @property
    def storage(self) -> str:
        """The name of the folder in the user's home that its DVC remote is: no other project has it."""
        return f"{self.slug}-{self.id}" if self.id else self.slug

    @property
    def conditions(self) -> frozenset[str]:
        """The conditions of layers that the choices fulfil."""
        return frozenset(fulfilled(self.choices))

    def choosing(self, **choices: Value) -> Answers:
        """The same answers with other choices."""
        return replace(self, choices={**self.choices, **choices})
