"""Facts of any repository: read lazily, once, within bounds, and never executed."""
