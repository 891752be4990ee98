"""Which line a key of a TOML text stands on: the standard library's reader does not say."""

from __future__ import annotations

import re

from mlops_ladder.facts.evidence import line_number

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*\n)*")
_PART = re.compile(r"""[ \t]*(?:"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|([\w-]+))[ \t]*""")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'", re.DOTALL
)
_PLAIN = re.compile(r"[^,\]}#\n\"'\[{]+")


def key_lines(text: str) -> dict[tuple[str, ...], int]:
    """The line (from 1) of every table and key of a valid TOML text, by its whole path; the first one of several."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = f"{text}\n"
        self._at = 0
        self._lines: dict[tuple[str, ...], int] = {}

    def read(self) -> dict[tuple[str, ...], int]:
        table: tuple[str, ...] = ()
        self._skip()
        while self._at < len(self._text):
            before = self._at
            if self._text[self._at] == "[":
                self._at += 2 if self._text.startswith("[[", self._at) else 1
                table = self._key(())
                self._at = self._end_of_line()
            else:
                self._pair(table)
            self._skip()
            if self._at == before:  # no TOML after all
                break
        return self._lines

    def _skip(self) -> None:
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at

    def _end_of_line(self) -> int:
        end = self._text.find("\n", self._at)
        return len(self._text) if end < 0 else end

    def _key(self, above: tuple[str, ...]) -> tuple[str, ...]:
        path = above
        while match := _PART.match(self._text, self._at):
            path = (*path, match[1] or match[2] or match[3] or "")
            self._lines.setdefault(path, line_number(self._text, match.end() - 1))
            self._at = match.end()
            if not self._text.startswith(".", self._at):
                break
            self._at += 1
        return path

    def _pair(self, table: tuple[str, ...]) -> None:
        path = self._key(table)
        if self._text.startswith("=", self._at):
            self._at += 1
            self._value(path)

    def _value(self, path: tuple[str, ...]) -> None:
        self._skip()
        start = self._text[self._at : self._at + 1]
        if start in ("[", "{"):
            self._at += 1
            self._skip()
            while self._at < len(self._text) and self._text[self._at] not in "]}":
                before = self._at
                if start == "[":
                    self._value(path)
                else:
                    self._pair(path)
                self._skip()
                if self._text.startswith(",", self._at):
                    self._at += 1
                    self._skip()
                if self._at == before:
                    return
            self._at += 1
        elif match := _STRING.match(self._text, self._at) or _PLAIN.match(self._text, self._at):
            self._at = match.end()
