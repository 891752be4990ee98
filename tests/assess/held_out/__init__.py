"""Repositories that no check was ever written for: what assessing them gets wrong is known, and written down.

How a case gets in: somebody writes the files and the labels before assessing them, of a kind that the labelled set does
not have. `misjudged` is then what assessing says otherwise. Whoever changes a check may look at the labelled set as
long as they like, but at these cases only by the list becoming shorter: a case that a check was mended for moves to
`labelled`, and another one takes its place here.
"""

from __future__ import annotations

from dataclasses import dataclass

from assess.labelled import Case, ids


@dataclass(frozen=True)
class HeldOut:
    """A labelled repository, and the findings about it that are known to be wrong."""

    case: Case
    misjudged: frozenset[str] = frozenset()


__all__ = ["Case", "HeldOut", "ids"]
