"""For every test: an interrupt that works."""

import signal

# A shell starts background jobs with SIGINT ignored, and Python and every child inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
