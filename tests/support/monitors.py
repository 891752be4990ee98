"""A monitor that looks for drift, and a training that it may start."""

from __future__ import annotations

WATCH = """
from scipy.stats import ks_2samp
from train import main as retrain


def main():
    drift = ks_2samp([1], [2]).statistic
    if drift > 0.2:
        {effect}


main()
"""
TRAIN = "from sklearn.svm import SVC\n\n\ndef main():\n    return SVC(random_state=1).fit([[0], [1]], [0, 1])\n"
NIGHT = """
on: {schedule: [{cron: '1 1 * * *'}]}
jobs:
  a:
    steps:
    - uses: actions/checkout@v4
    - run: python watch.py
"""


def watched(effect: str, nightly: bool = True) -> dict[str, str]:
    """A repository with the monitor, whose finding has an effect."""
    texts = {"train.py": TRAIN, "watch.py": WATCH.format(effect=effect)}
    return texts | ({".github/workflows/n.yml": NIGHT} if nightly else {})
