"""A badge of the level: SVG, or JSON for a badge service."""

from __future__ import annotations

import json

from mlops_ladder.assess.judge import Assessment
from mlops_ladder.project.layers import LEVELS

# Dark enough for white letters.
COLOURS = ("#6b6b6b", "#9a4a00", "#7a5c00", "#3f6b00", "#00695c", "#0b57a4")


def badge_json(result: Assessment) -> str:
    """The endpoint format of shields.io."""
    value = {
        "schemaVersion": 1,
        "label": "MLOps level",
        "message": _message(result),
        "color": COLOURS[result.level].lstrip("#"),
    }
    return json.dumps(value) + "\n"


def _message(result: Assessment) -> str:
    return f"{result.level}{'' if result.certain else '+'} of {LEVELS[-1]}"


def badge_svg(result: Assessment) -> str:
    """A badge of its own, which needs no service."""
    text = f"MLOps level {_message(result)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="138" height="20" role="img" aria-label="{text}">'
        f"<title>{text}</title>"
        '<rect width="88" height="20" fill="#444"/>'
        f'<rect x="88" width="50" height="20" fill="{COLOURS[result.level]}"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">'
        f'<text x="44" y="14">MLOps level</text><text x="113" y="14">{_message(result)}</text></g></svg>\n'
    )
