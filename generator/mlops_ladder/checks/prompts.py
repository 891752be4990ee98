"""Prompts: collected, versioned, registered."""

from __future__ import annotations

import re

from mlops_ladder.checks.base import Verdict, check, found, met, missing
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.llm import Llm
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import line_of


def _loaded(llm: Llm, code: Code, graph: Graph) -> list[str]:
    """Prompt files that code refers to, by their name or their folder."""
    folders = {path.rpartition("/")[0].rpartition("/")[2] for path in llm.prompt_files} | {"prompts"}
    stems = {path.rpartition("/")[2].split(".")[0] for path in llm.prompt_files}
    for module in code.modules:
        for text, line, scope in module.strings:
            parts = set(re.split(r"[/\\.]", text))
            if len(text) < 120 and (parts & folders or parts & stems) and ("py", module.path, scope) in graph.alive:
                return [module.where(line)]
    return []


HUBS = (
    "langfuse",
    "mlflow",
    "langsmith",
    "langchain",
    "promptlayer",
    "langchainhub",
    "opik",
    "braintrust",
    "agenta",
)  # packages that keep prompts and their versions


@check("llm-prompts-collected")
def collected(llm: Llm) -> Verdict:
    """Move every prompt into prompts/, one file each."""
    places = llm.prompt_files + [module.where(1) for module in llm.prompt_modules]
    return found(places, f"{llm.inline_prompts[0]} holds a prompt in code" if llm.inline_prompts else "")


@check("llm-prompts-versioned")
def versioned(llm: Llm, code: Code, graph: Graph, ml: Ml) -> Verdict:
    """Keep each prompt as a file with an id and a version, load it by name, and leave none in the code."""
    hub = code.named(
        r"(^|\.)(get_prompt|load_prompt|pull_prompt|hub\.pull|pull|register_prompt)$",
        *HUBS,
    )
    live = ml.live(hub)
    if live:
        return met(*(hit.where for hit in live))
    if llm.prompt_files:
        loaded = _loaded(llm, code, graph)
        if not loaded:
            return missing(f"{llm.prompt_files[0]} is a prompt that no code loads")
        if llm.inline_prompts and len(llm.inline_prompts) >= len(llm.prompt_files):
            return missing(f"{llm.inline_prompts[0]} still holds a prompt in code")
        return met(*loaded, *llm.prompt_files)
    if llm.prompt_modules and not llm.inline_prompts:
        return met(*(module.where(1) for module in llm.prompt_modules))
    return missing(
        f"{llm.inline_prompts[0]} holds a prompt in code" if llm.inline_prompts else "no prompt is kept in a file"
    )


@check("llm-prompt-registry")
def registry(llm: Llm, code: Code, files: Files, ml: Ml) -> Verdict:
    """Register each prompt version, and let an alias (`champion`) or the configuration say which one is used."""
    hub = code.named(
        r"(^|\.)(get_prompt|load_prompt|pull_prompt|hub\.pull|pull|register_prompt|create_prompt|set_prompt_alias|push_prompt)$",
        *HUBS,
    )
    if live := ml.live(hub):
        return met(*(hit.where for hit in live))
    versions = [
        path
        for path in llm.prompt_files
        if re.search(r"(^|[/_.@-])v?\d+([._]\d+)*\.(ya?ml|txt|md|j2|json|toml|prompt)$|/v\d+/", path)
    ]
    for path in files.match(
        r"(prompts?[^/]*/)?(registry|index|manifest|aliases|champions?|active|production|prompts|config|settings)[^/]*\.(ya?ml|toml|json)$"
    ):
        text = files.text(path)
        chosen = re.search(
            r"(?im)^\W*(champion|production|active|current|default|alias\w*|prompt_version|version)\W*\s*[:=]",
            text,
        )
        name = path.rpartition("/")[2]
        read = any(name in value or "prompts" in value for module in code.modules for value, _, _ in module.strings)
        if chosen and read and ("prompt" in path or "prompt" in text) and versions:
            return met(f"{path}:{line_of(text, chosen[0].strip())}", *versions[:1])
    return missing("prompts have versions, but nothing says which one is used" if versions else "")
