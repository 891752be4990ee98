"""MLOps Ladder: the five MLOps maturity levels as working software."""

__version__ = "0.3.0"
