"""Whether what a job installs is there at all."""

from __future__ import annotations

import re

from mlops_ladder.facts.ci.model import Job
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.shell import Command, join
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.requirements import LINES, file_lines, requirement


def cannot_install(job: Job, graph: Graph, files: Files) -> str:
    """Why the installation of a job must fail, if it must."""
    versions = _python_versions(job)
    for command, step in graph.job_commands(job):
        if step.folder and step.folder not in files.folders and "$" not in step.folder:
            return f"{job.file}:{step.line} works in {step.folder}, which is not there"
        reason = "" if command.ignored else _install_fails(command, graph, files, versions)
        if reason:
            return f"{job.file}:{step.line} {reason}"
    return ""


def _install_fails(command: Command, graph: Graph, files: Files, versions: list[str]) -> str:
    words, line, folder = command.words, command.line, command.folder

    def there(path: str) -> bool:
        full = join(folder, path)
        return "$" in path or path.startswith(("http", "/", "~")) or full in files.set or full in files.folders

    if re.match(r"(python[\d.]* -m )?(uv )?pip3? install|^pip3? install|^uv pip (install|sync)", line):
        for at, word in enumerate(words):
            nxt = words[at + 1] if at + 1 < len(words) else ""
            if word in ("-r", "--requirement", "-c", "--constraint") and nxt and not there(nxt):
                return f"installs from {nxt}, which is not there"
            if word in ("-r", "--requirement") and (reason := _bad_requirements(join(folder, nxt), files)):
                return reason
            local = re.match(r"^(\./[\w./-]*|\.)(\[[\w,-]+\])?$", word)
            if local and at > 0:
                reason = _not_a_package(join(folder, local[1]), files, versions)
                if reason:
                    return reason
    if command.program == "uv" and words[1:2] == ("sync",):
        if {"--frozen", "--locked"} & set(words) and "uv.lock" not in files.by_name:
            return "wants uv.lock, which is not there"
        return _not_a_package(folder, files, versions)
    if command.program == "poetry" and words[1:2] == ("install",):
        return _not_a_package(folder, files, versions)
    if command.program == "pipenv" and words[1:2] in (("install",), ("sync",)) and not there("Pipfile"):
        return "wants a Pipfile, which is not there"
    match = re.search(r"(?:conda|mamba) env (?:create|update).*?-f\s*(\S+)", line)
    if match and not there(match[1]):
        return f"wants {match[1]}, which is not there"
    if command.program == "make" and not graph.targets(command):
        names = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
        return f"runs `{line}`, which no Makefile knows" if names and "-C" not in words else ""
    return ""


def _not_a_package(folder: str, files: Files, versions: list[str]) -> str:
    """Why a folder cannot be installed as a project."""
    path = join(folder, "pyproject.toml")
    if any(join(folder, name) in files.set for name in ("setup.py", "setup.cfg")):
        return ""
    if path not in files.set:
        return f"installs {folder or 'the project'}, which has neither pyproject.toml nor setup.py"
    table = files.toml(path)
    if not table:
        return f"installs from {path}, which is not valid TOML"
    project = table.get("project")
    poetry = table.get("tool", {}).get("poetry") if isinstance(table.get("tool"), dict) else None
    if not isinstance(project, dict) and not isinstance(poetry, dict):
        return f"installs from {path}, which describes no project"
    wanted = re.search(r">=\s*3\.(\d+)", str((project or {}).get("requires-python", "")))
    numbers = [int(m[1]) for version in versions if (m := re.fullmatch(r"3\.(\d+)(?:\.\d+)?", version))]
    if wanted and numbers and all(number < int(wanted[1]) for number in numbers):
        return f"installs on Python 3.{max(numbers)}, and {path} wants 3.{wanted[1]} or newer"
    return ""


def _bad_requirements(path: str, files: Files) -> str:
    """A requirements file that contradicts itself or points to what is not there."""
    if ("requirements", path) not in files.memo:
        files.memo["requirements", path] = _contradiction(path, files)
    return files.memo["requirements", path]


def _contradiction(path: str, files: Files) -> str:
    pins: dict[str, str] = {}
    folder = path.rpartition("/")[0]
    for line in files.some(file_lines(files.text(path)), LINES, "lines of requirements"):
        asked = requirement(line)
        if asked and not asked.marker and re.fullmatch(r"==[^,*]+", asked.spec):
            pin = pins.setdefault(asked.name, asked.spec)
            if pin != asked.spec:
                return f"installs from {path}, which pins {asked.name} to {pin[2:]} and {asked.spec[2:]}"
        if match := re.match(r"^\s*(?:-e|--editable|-r|--requirement)\s+(\.{0,2}/?[\w./-]+)\s*$", line):
            full = join(folder, match[1])
            outside = match[1].startswith("../") and not folder
            if not match[1].startswith("git+") and (
                outside or (full and full not in files.set and full not in files.folders)
            ):
                return f"installs from {path}, which names {match[1]}, and that is not there"
    return ""


def _python_versions(job: Job) -> list[str]:
    found: list[str] = []
    for step in job.steps:
        if "setup-python" in step.uses or "setup-uv" in step.uses:
            value = step.inputs.get("python-version")
            for item in value if isinstance(value, list) else [value]:
                if item is not None:
                    found.append(str(item))
    return found
