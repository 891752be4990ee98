"""What a project was asked to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mlops_ladder.project.dataset import Dataset

CiHost = Literal["github", "gitlab"]

CI_HOSTS: tuple[CiHost, ...] = ("github", "gitlab")


@dataclass(frozen=True)
class Answers:
    """Everything a render depends on besides the level and the templates themselves.

    `name` is what the user calls the project, `package` what Python imports.
    """

    name: str
    package: str
    ci: CiHost
    data: Dataset

    @property
    def slug(self) -> str:
        """The name in the form that distributions and registries use: lower case and hyphens."""
        return self.package.replace("_", "-")
