"""A commit of a repository as a repository of its own, with no way back to the first."""

from __future__ import annotations

from pathlib import Path

from mlops_ladder.assess.running.files import leads_inside
from mlops_ladder.assess.running.origin import Origin
from mlops_ladder.git.run import Git, records

_CLONE = (
    *("clone", "--quiet", "--no-local", "--no-checkout", "--single-branch", "--no-recurse-submodules"),
    *("--template=", "--origin=origin", "--"),
)
_LINK = "120000"


def clone(origin: Origin, target: Path, settings: Path) -> list[str]:
    """Check the commit out at `target`, which is not there yet; returns the links that led out and are left out.

    No hook, filter or setting takes part, neither of the repository nor of the user. `settings` is a file to write.

    Raises:
        LadderError: git cannot copy it.
    """
    # git has read the repository with the user's settings already: whose it is was asked there.
    settings.write_text("[safe]\n\tdirectory = *\n", "utf-8")
    own = {
        "GIT_ALLOW_PROTOCOL": "file",
        "GIT_CONFIG_GLOBAL": str(settings),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_ATTR_NOSYSTEM": "1",
    }
    no_log = {"core.logAllRefUpdates": "false"}  # it would name the source
    git = Git(target.parent, own, foreign=True).with_settings(no_log)
    git.run(*_CLONE, str(origin.root), str(target))
    inside = git.at(target)
    inside.run("remote", "remove", "origin")
    inside.run("checkout", "--quiet", "--detach", origin.commit)
    return _without_ways_out(inside)


def _without_ways_out(git: Git) -> list[str]:
    """Remove every link that leads out of the work tree."""
    entries = [record.partition("\t") for record in records(git.run("ls-files", "--stage", "-z"))]
    links = [git.folder / path for about, _, path in entries if about.startswith(_LINK)]
    out = [link for link in links if link.is_symlink() and not leads_inside(link, git.folder)]
    for link in out:
        link.unlink()
    return [link.relative_to(git.folder).as_posix() for link in out]
