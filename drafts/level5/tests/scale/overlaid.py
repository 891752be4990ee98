"""The files of a level that no command offers yet, in a project of the one below."""

from __future__ import annotations

from pathlib import Path

from mlops_ladder.project import lock
from mlops_ladder.project.render import environment

DRAFTS = Path(__file__).parents[2] / "templates/files"


def overlay(project: Path) -> None:
    """Put the files of this level, which no command offers yet, into a project of the one below."""
    answers = lock.load(lock.read(project / lock.LOCK)).answers
    context = {"package": answers.package, "name": answers.name, "slug": answers.slug, "data": answers.data}
    for path in sorted(DRAFTS.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            target = project / path.relative_to(DRAFTS).as_posix().replace("{{ package }}", answers.package)
            text = path.read_text("utf-8")
            if path.suffix == ".jinja":
                target, text = target.with_suffix(""), environment([path]).get_template("0").render(**context)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
