"""A generated project: its answers, layers, render, lock, history, and its way to disk."""
