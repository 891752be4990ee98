"""Governance: ignore rules, secrets, hooks, evidence of promotions."""

from __future__ import annotations

import re

from mlops_ladder.checks.base import Verdict, check, flawed, flawless, found, met, missing
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files, is_test

_SECRET = re.compile(
    r"AKIA[0-9A-Z]{16}|-----BEGIN (RSA |EC |OPENSSH |DSA )?PRIVATE KEY-----|gh[pousr]_[A-Za-z0-9]{36}|sk-(proj-|ant-)?[A-Za-z0-9_-]{32,}|"
    r"xox[baprs]-[A-Za-z0-9-]{20,}|AIza[0-9A-Za-z_-]{35}|glpat-[A-Za-z0-9_-]{20}|hf_[A-Za-z0-9]{34}"
)
_HOLDS = re.compile(
    r"\.(py|ipynb|ya?ml|toml|json|env|sh|cfg|ini|tf|tfvars|properties|pem|key|txt|md)$|(^|/)(\.env|credentials|Dockerfile|Makefile)$"
)
_ENOUGH = 10_000_000
_ENV = re.compile(r"(^|/)\.env$")
_SET = re.compile(r"(?m)^\w{0,80}(KEY|TOKEN|PASSWORD|SECRET)\w{0,80}=.{8,}$")
_HARMLESS = re.compile(r"example|dummy|fake|placeholder|xxxx|your[_-]|changeme|EXAMPLE|0000000|abcdef", re.IGNORECASE)


@check("ignore-rules")
def ignore_rules(files: Files) -> Verdict:
    """Write a .gitignore that names the data, the models, the environment and local settings."""
    for path in files.match(r"(^|/)\.gitignore$"):
        text = files.text(path)
        match = re.search(
            r"(?im)^[^#\n]*(\.venv|venv|__pycache__|data|\.env|models?|mlruns|\*\.pkl|outputs?|\.Rhistory)",
            text,
        )
        if match:
            return met(Place.at(path, text, match.start()))
    return missing()


@check("no-secrets")
def no_secrets(files: Files) -> Verdict:
    """Take every key and password out of the repository, make it invalid, and read it from the environment instead."""
    searched = 0
    for path in files.paths:
        if not _HOLDS.search(path) or is_test(path) or path.endswith((".lock", "lock.json", ".secrets.baseline")):
            continue
        text = files.text(path)
        searched += len(text)
        if searched > _ENOUGH:
            return flawless(note=f"none of the known kinds of credential was found in the first {_ENOUGH:,} characters")
        for match in _SECRET.finditer(text):
            line = text[text.rfind("\n", 0, match.start()) + 1 : text.find("\n", match.end()) % (len(text) + 1)]
            if not _HARMLESS.search(line):
                return flawed(f"{Place.at(path, text, match.start())} looks like a credential")
        if _ENV.search(path) and _SET.search(text) and files.committed(path):
            state = "is committed" if files.in_git else "is not ignored by git"
            return flawed(f"{path} {state} and holds credentials")
    return flawless(note="none of the known kinds of credential was found")


@check("commit-hooks")
def hooks(files: Files) -> Verdict:
    """Add .pre-commit-config.yaml with the linter and the secret scan, and run `pre-commit install`."""
    for path in files.match(r"(^|/)\.pre-commit-config\.ya?ml$"):
        body = files.document(path)
        repos = body.get("repos") if isinstance(body, dict) else None
        if isinstance(repos, list) and any(isinstance(repo, dict) and repo.get("hooks") for repo in repos):
            return met(f"{path}:1")
    return found(files.match(r"(^|/)(lefthook\.ya?ml|\.husky/pre-commit)$"))


@check("evidence-bundle")
def evidence(code: Code, ml: Ml) -> Verdict:
    """Collect what a promotion rested on (report, data, commit, approval) into one archive, and keep it."""
    hits = code.named(
        r"(^|[._])(evidence\w{0,80}|attest\w{0,80}|bundle\w{0,80}|provenance\w{0,80}|audit_(report|bundle|record))$|in_toto"
    )
    places = [hit.where for hit in ml.live(hits)]
    return found(
        places
        + [
            m.where(1)
            for m in code.modules
            if re.search(r"(^|/)(evidence|audit|provenance)\w*\.py$", m.path) and m.functions
        ]
    )
