"""R, Julia and Scala: calls and library names by regular expression, in the shape of a Python module."""

from __future__ import annotations

import ast
import re

from mlops_ladder.facts.code.model import BODY, Call, Module
from mlops_ladder.facts.evidence import line_number

_CALL = re.compile(r"(?<![\w.:])[\d.:]*([A-Za-z_][\w.:]*!?)\s{0,100}\(")
_LIBRARY = re.compile(
    r"(?:library|require|requireNamespace)\s*\(\s*['\"]?(\w[\w.]*)|^[ \t]*(?:using|import)[ \t]+([\w.]+)", re.M
)


def parse_foreign(path: str, text: str) -> Module:
    """What can be told of a file without its grammar."""
    module = Module(path)
    code = re.sub(r"(?m)(#|//).*$", "", text)
    for match in _LIBRARY.finditer(code):
        module.imported.append((BODY, match[1] or match[2]))
    empty = ast.Call(ast.Name("x"), [], [])
    for match in _CALL.finditer(code):
        name = match[1].replace("::", ".").rstrip("!")
        module.calls.append(Call(name, line_number(code, match.start()), BODY, empty))
    for match in re.finditer(r"['\"]([^'\"\n]{3,200})['\"]", code):
        module.strings.append((match[1], line_number(code, match.start()), BODY))
    module.size = len(module.calls) + len(module.strings)
    return module
