"""One module a command of `ladder`, which holds a function called `command`; what they share begins with `_`."""
