"""`ladder new`: from a request to a project on disk, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mlops_ladder.errors import LadderError
from mlops_ladder.git.first_commit import FirstCommit, first_commit
from mlops_ladder.project import disk, dvc
from mlops_ladder.project.answers import Answers, CiHost
from mlops_ladder.project.assets import FLIGHTS, SAMPLE, flights
from mlops_ladder.project.layers import check_available
from mlops_ladder.project.lock import lock_of, with_lock
from mlops_ladder.project.naming import package_name
from mlops_ladder.project.render import render
from mlops_ladder.project.tree import Tree


def silent(text: str) -> None:
    """Report no progress."""


@dataclass(frozen=True)
class Request:
    """What the user asked for; `data` is None for the shipped sample."""

    path: Path
    level: int = 1
    ci: CiHost = "github"
    data: Path | None = None
    target: str = ""
    time: str = ""
    task: str = ""


@dataclass(frozen=True)
class Project:
    """A project ready to be written: its files in memory, and where its data lies now."""

    path: Path
    level: int
    answers: Answers
    tree: Tree
    source: Path

    @property
    def raw(self) -> str:
        """The data file's path in the project."""
        return f"{dvc.RAW}/{self.answers.data.file}"

    @property
    def sample(self) -> str:
        """The path of the small sample that tests train on."""
        return f"data/sample/{self.answers.data.file}"

    @property
    def files(self) -> list[str]:
        """Every path of the project on disk, sorted."""
        paths = {*self.tree, self.raw, self.sample}
        if self.level >= dvc.VERSIONED_FROM:
            paths |= {f"{self.raw}.dvc", f"{dvc.RAW}/.gitignore"}
        return sorted(paths)


def check_place(path: Path) -> str:
    """Refuse a path that cannot become a project; returns the name of the package that it would have.

    Raises:
        LadderError: no package can have the folder's name, or something is in the way.
    """
    package = package_name(path.absolute().name)
    disk.check_target(path.absolute())
    return package


def plan(request: Request, say: Callable[[str], None] = silent) -> Project:
    """Check a request and render its project in memory; nothing is written.

    Raises:
        LadderError: the name, the level, the target or the data cannot be used.
    """
    check_available(request.level)
    path = request.path.absolute()
    package = check_place(path)
    if request.data is None:
        if request.target or request.time or request.task:
            raise LadderError("--target, --time and --task go with --data.", "Name your file with --data FILE.")
        source, data = FLIGHTS, flights()
    else:
        from mlops_ladder.intake.profile import profile

        if not request.target:
            raise LadderError(f"What is to be predicted from {request.data}?", "Name the column with --target COLUMN.")
        source = request.data
        data = profile(source, request.target, request.time, request.task, say)
    answers = Answers(path.name, package, request.ci, data)
    tree = render(answers, request.level)
    return Project(path, request.level, answers, with_lock(tree, lock_of(tree, answers, request.level)), source)


def create(project: Project, say: Callable[[str], None] = silent, *, commit: bool = True) -> FirstCommit:
    """Write a planned project; it appears complete or not at all.

    Raises:
        LadderError: the disk is full or refuses, or the target has come into being meanwhile.
    """
    disk.check_target(project.path)
    with disk.staged(project.path) as stage:
        disk.write(project.tree, stage)
        _place_data(project, stage, say)
        say("first commit")
        done = FirstCommit(note="Without git, as asked.")
        if commit:
            done = first_commit(stage, project.path, f"Start {project.answers.name}")
        if not done.repository and project.level >= dvc.VERSIONED_FROM:
            disk.write(dvc.WITHOUT_GIT, stage)
            return FirstCommit(note=f"{done.note} DVC knows it from .dvc/config.local: delete that after git init.")
        return done


def _place_data(project: Project, stage: Path, say: Callable[[str], None]) -> None:
    raw, sample = stage / project.raw, stage / project.sample
    say(f"copying {project.source.name}")
    disk.copy(project.source, raw)
    if project.answers.data.source == "flights":
        disk.copy(SAMPLE, sample)
    else:
        from mlops_ladder.intake.draw import draw_sample

        disk.folder(sample.parent)
        say("drawing the sample")
        draw_sample(raw, project.answers.data, sample)
    if project.level >= dvc.VERSIONED_FROM:
        disk.write(dvc.versioned_as(project.answers.data, dvc.into_cache(stage, raw)), stage)
