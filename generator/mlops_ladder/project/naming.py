"""From the name a person types to the name Python imports."""

from __future__ import annotations

import keyword
import re
import sys
import unicodedata

from mlops_ladder.errors import LadderError

# Modules that a generated project imports or runs, at any level; a package of the same name would hide them.
TAKEN = frozenset(
    {
        "boto3",
        "dvc",
        "fastapi",
        "joblib",
        "matplotlib",
        "mlflow",
        "mlops_ladder",
        "mypy",
        "numpy",
        "pandas",
        "pandera",
        "prometheus_client",
        "pyarrow",
        "pydantic",
        "pytest",
        "ray",
        "ruff",
        "scipy",
        "skops",
        "sklearn",
        "test",
        "tests",
        "uvicorn",
        "yaml",
    }
)


LONGEST = 30  # characters of a package: lines of the templates have room for as many


def normalised(name: str) -> str:
    """A name in lower case, with underscores for spaces, hyphens and dots; no more is asked of it."""
    return re.sub(r"[ .-]+", "_", name.strip(" ")).lower()


def is_package(package: str, name: str) -> bool:
    """Whether a package is what a name gives, whichever names are taken today: a project that has one keeps it."""
    formed = re.fullmatch(rf"[a-z](?:[a-z0-9_]{{0,{LONGEST - 2}}}[a-z0-9])?", package)
    return formed is not None and name.isascii() and package == normalised(name)


def package_name(name: str) -> str:
    """The import name for a new project called `name`.

    Raises:
        LadderError: no package can be called that; the hint names one that can.
    """
    package = normalised(name)
    if not name.isascii() or not re.fullmatch(r"[a-z_][a-z0-9_]*", package) or not re.search(r"[a-z0-9]", package):
        raise _refused(name, "is not made of ASCII letters, digits, spaces, '-', '_' and '.', a letter first")
    if package.startswith("_") or package.endswith("_"):
        raise _refused(name, "begins or ends with an underscore")
    if keyword.iskeyword(package) or keyword.issoftkeyword(package):
        raise _refused(name, "is a keyword of Python")
    if package in sys.stdlib_module_names:
        raise _refused(name, f"would hide Python's own module '{package}'")
    if package in TAKEN:
        raise _refused(name, f"would hide the module '{package}', which the project needs")
    if len(package) > LONGEST:
        raise _refused(name, f"is {len(package)} characters long; {LONGEST} are the most")
    return package


def _refused(name: str, why: str) -> LadderError:
    return LadderError(f"{name!r} cannot name a project: it {why}.", f"For example: {_nearby(name)}")


def _nearby(name: str) -> str:
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")[:27].strip("-")
    bare = words.replace("-", "_")
    free = bare not in TAKEN | sys.stdlib_module_names and not keyword.iskeyword(bare)
    if re.match(r"[a-z]", words) and free and not keyword.issoftkeyword(bare):
        return words
    return f"my-{words}" if words else "my-model"
