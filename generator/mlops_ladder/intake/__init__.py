"""The user's data file: read, profiled, and refused with a reason."""
