"""One module per command of `ladder`; each holds a click command called `command`."""
