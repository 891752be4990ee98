"""The one error that a person is meant to read, and the exit codes of every command."""

OK = 0
FINDINGS = 1  # the command worked; findings or conflicts remain
USAGE = 2  # the request cannot be carried out as it was put
BUG = 3  # ours
INTERRUPTED = 130  # what a shell shows for a program that Ctrl-C ended


class LadderError(Exception):
    """A fact (`message`) and the way out (`hint`); caught once, in `cli`.

    `code` is the exit code that the command ends with: `USAGE` unless said otherwise.
    """

    def __init__(self, message: str, hint: str = "", code: int = USAGE) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code
