"""How what takes longer than a second says what it is doing; the command line hands in who shows it."""

from collections.abc import Callable

Say = Callable[[str], None]


def silent(text: str) -> None:
    """Say nothing."""
