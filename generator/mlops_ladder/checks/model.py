"""The language model: named, pinned, replaced in tests, its index."""

from __future__ import annotations

import re

from mlops_ladder.checks.base import Verdict, check, found, met, missing, not_applicable
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.llm import Llm
from mlops_ladder.facts.read.files import Files

_MODEL = re.compile(
    r"\b(gpt-[34o][\w.-]*|o[134](-mini|-preview)?[\w-]*|claude-[\w.-]+|gemini-[\w.-]+|mistral-[\w.-]+|mixtral[\w.-]*|llama-?[23][\w.:-]*|command-r[\w-]*|"
    r"text-davinci-\d+|anthropic\.claude[\w.:-]+|meta\.llama[\w.:-]+|amazon\.\w[\w.:-]*|qwen[\w.:-]+|deepseek-[\w.-]+|phi-?[34][\w.-]*|gemma[\w.:-]*|smollm[\w.-]*)", re.I,
)  # fmt: skip


@check("llm-model-named")
def named(llm: Llm) -> Verdict:
    """Name the model and its provider in the configuration, and call it through one module."""
    return found(hit.where for hit in llm.calls)


@check("llm-model-pinned")
def pinned(code: Code, files: Files) -> Verdict:
    """Use a dated or hashed version of the model, not an alias that moves (`latest`)."""
    names = [
        (text, module.where(line))
        for module in code.modules
        for text, line, _ in module.strings
        if len(text) < 80 and _MODEL.search(text)
    ]
    for path in files.match(r"\.(toml|ya?ml|json|env|example)$"):
        text = files.text(path) if re.search(r"config|settings|model|llm|params|\.env", path) else ""
        names += [(m[0], Place.at(path, text, m.start())) for m in _MODEL.finditer(text)]
    dated = [
        where
        for text, where in names
        if re.search(r"\d{4}-\d{2}-\d{2}|-\d{8}|-\d{4}\b|@sha256|:\d+b|-\d{3}\b|v\d+:\d|q\d_", text, re.I)
        and "latest" not in text
    ]
    return found(dated, f"{names[0][1]} names '{names[0][0][:40]}', which moves" if names else "")


@check("llm-offline-tests")
def offline(code: Code) -> Verdict:
    """Write a scripted provider behind the same interface, so that tests need no network and no tokens."""
    words = re.compile(
        r"fake|stub|scripted|mock|monkeypatch|respx|vcr|cassette|recorded|FakeListLLM|responses|patch", re.I
    )
    return found(
        module.where(1)
        for module in code.tests
        if any(words.search(c.name) for c in module.calls)
        or any(words.search(n) for _, n in module.imported)
        or any(
            re.search(r"monkeypatch|mocker|fake|stub|scripted", a.arg)
            for f in module.functions.values()
            for a in f.node.args.args
        )
    )


@check("llm-index-manifest")
def index(llm: Llm) -> Verdict:
    """Build the index in a script that writes down the hash of each source, the chunker and the embedder."""
    if not llm.retrieval:
        return not_applicable("no retrieval index is used")
    words = re.compile(
        r"embed(der|ding)_?(model|id|name|version)?|chunk(er|_size|_overlap)|(source|corpus|content)_?hash|manifest",
        re.I,
    )
    for hit in llm.retrieval:
        strings = [text for text, _, _ in hit.module.strings if len(text) < 60]
        hashed = hit.module.uses("hashlib") or any(
            re.search(r"manifest|(source|corpus|content)_?hash", text, re.I) for text in strings
        )
        if hashed and any(words.search(text) for text in strings):
            return met(hit.where)
    return missing(f"{llm.retrieval[0].where} builds or reads an index whose sources are not recorded")
