"""`ladder new`: from a request to a project on disk, all of it or nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mlops_ladder.errors import LadderError
from mlops_ladder.git.first_commit import FirstCommit, first_commit
from mlops_ladder.progress import Say, silent
from mlops_ladder.project import disk, dvc
from mlops_ladder.project.answers import Answers, Value
from mlops_ladder.project.assets import assets, held_by_dvc, shipped_dataset, shipped_file
from mlops_ladder.project.layers import Asset, check_available
from mlops_ladder.project.lock import lock_of, with_lock
from mlops_ladder.project.naming import package_name
from mlops_ladder.project.render import render
from mlops_ladder.project.tree import Tree


@dataclass(frozen=True)
class Request:
    """What the user asked for; `data` is None for the shipped data set, `choices` answer questions, `id` is the new
    project's own.
    """

    path: Path
    level: int = 1
    choices: Mapping[str, Value] = field(default_factory=dict)
    data: Path | None = None
    target: str = ""
    time: str = ""
    task: str = ""
    id: str = field(default_factory=lambda: os.urandom(3).hex())


@dataclass(frozen=True)
class Project:
    """A project ready to be written: its files in memory, what lies beside them, and the user's data file if any."""

    path: Path
    level: int
    answers: Answers
    tree: Tree
    assets: Mapping[str, Asset]
    own_data: Path | None = None

    @property
    def files(self) -> list[str]:
        """Every path of the project on disk, sorted."""
        held = held_by_dvc(self.assets)
        return sorted({*self.tree, *self.assets, *(f"{path}.dvc" for path in held), *dvc.ignore_rules(held)})


def check_place(path: Path) -> str:
    """Refuse a path that cannot become a project; returns the name of the package that it would have.

    Raises:
        LadderError: no package can have the folder's name, or something is in the way.
    """
    package = package_name(path.absolute().name)
    disk.check_target(path.absolute())
    return package


def plan(request: Request, say: Say = silent) -> Project:
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
        data = shipped_dataset()
    else:
        from mlops_ladder.intake.profile import profile

        if not request.target:
            raise LadderError(f"What is to be predicted from {request.data}?", "Name the column with --target COLUMN.")
        data = profile(request.data, request.target, request.time, request.task, say)
    answers = Answers(path.name, package, data, request.choices, request.id)
    tree = render(answers, request.level)
    tree = with_lock(tree, lock_of(tree, answers, request.level))
    return Project(path, request.level, answers, tree, assets(request.level, answers), request.data)


def create(project: Project, say: Say = silent, *, commit: bool = True) -> FirstCommit:
    """Write a planned project; it appears complete or not at all.

    Raises:
        LadderError: the disk is full or refuses, or the target has come into being meanwhile.
    """
    disk.check_target(project.path)
    versioned = held_by_dvc(project.assets)
    there = project.path.is_dir() and disk.unborn(project.path)
    with disk.staged(project.path) as stage:
        disk.write(project.tree, stage)
        for path, asset in project.assets.items():
            _place(project, asset, stage / path, say)
        disk.write(dvc.pointers({path: dvc.into_cache(stage, stage / path) for path in versioned}), stage)
        say("first commit")
        done = FirstCommit(note="Without git, as asked.", repository=there)
        if commit and not there:
            done = first_commit(stage, project.path, f"Start {project.answers.name}")
        if versioned and not done.repository:
            disk.write(dvc.WITHOUT_GIT, stage)
            done = FirstCommit(note=f"{done.note} DVC knows it from .dvc/config.local: delete that after git init.")
    if commit and there:
        done = first_commit(project.path, project.path, f"Start {project.answers.name}")
    return done


def _place(project: Project, asset: Asset, target: Path, say: Say) -> None:
    if project.own_data is None:
        disk.copy(shipped_file(asset.of), target)
    elif asset.of == "data":
        say(f"copying {project.own_data.name}")
        disk.copy(project.own_data, target)
    else:
        from mlops_ladder.intake.draw import draw_sample

        say("drawing the sample")
        assert project.answers.data is not None
        draw_sample(project.own_data, project.answers.data, disk.folder(target.parent) / target.name)
