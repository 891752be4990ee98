"""What is written for people: README, docs, cards, runbooks."""

from __future__ import annotations

import re
from functools import cached_property

from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.read.files import Files

_DOCUMENT = re.compile(
    r"\.(md|rst|adoc|markdown|qmd)$|(^|/)(README|RUNBOOK|CONTRIBUTING|USAGE|INSTALL)(\.txt)?$", re.IGNORECASE
)


class Docs:
    """The documents of a repository."""

    def __init__(self, files: Files) -> None:
        self._files = files

    @cached_property
    def paths(self) -> list[str]:
        """Every document, README files first."""
        found = [path for path in self._files.paths if _DOCUMENT.search(path)]
        found.sort(key=lambda path: ("readme" not in path.lower(), path.count("/"), path))
        return self._files.some(found, 2_000, "documents")

    def text(self, path: str) -> str:
        """The text of one document."""
        return self._files.text(path)

    def find(self, pattern: str, name: str = "") -> str:
        """Evidence of the first line that matches, in documents whose path matches `name`."""
        wanted = re.compile(pattern, re.IGNORECASE | re.MULTILINE)
        for path in self.paths:
            if re.search(name, path, re.IGNORECASE) and (match := wanted.search(self.text(path))):
                return Place.at(path, self.text(path), match.start())
        return ""

    def about(self, *patterns: str, name: str = "") -> str:
        """Evidence of a document in which all of these are found."""
        for path in self.paths:
            if re.search(name, path, re.IGNORECASE):
                text = self.text(path)
                if all(re.search(pattern, text, re.IGNORECASE | re.MULTILINE) for pattern in patterns):
                    return path
        return ""

    @cached_property
    def commands(self) -> list[tuple[str, str]]:
        """Command lines in code blocks and code spans, with where they stand."""
        found: list[tuple[str, str]] = []
        for path in self.paths:
            fenced = False
            for number, line in enumerate(self.text(path).splitlines(), 1):
                if line.lstrip().startswith(("```", "~~~")):
                    fenced = not fenced
                elif fenced or line.startswith(("    ", "\t")):
                    found.append((line.strip().lstrip("$>% ").strip(), Place(path, number)))
                else:
                    found += [(span, Place(path, number)) for span in re.findall(r"`{1,9}([^`\n]+)`{1,9}", line)]
        return found
