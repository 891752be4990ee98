"""Where prompts are kept, and what says which version is used."""

from __future__ import annotations

import re

from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.modules import Code
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.llm import Llm
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.seen import Seen

# Packages that keep prompts and their versions.
_HUBS = ("langfuse", "mlflow", "langsmith", "langchain", "promptlayer", "langchainhub", "opik", "braintrust", "agenta")
_LOADS = r"(^|\.)(get_prompt|load_prompt|pull_prompt|hub\.pull|pull|register_prompt)$"
_KEEPS = r"(^|\.)(get_prompt|load_prompt|pull_prompt|hub\.pull|pull|register_prompt|create_prompt|set_prompt_alias|push_prompt)$"
_CHOOSES = re.compile(
    r"(?im)^[^\w\n]{0,200}(champion|production|active|current|default|alias\w{0,80}|prompt_version|version)[^\w\n:=]{0,200}[:=]"
)


class Prompts:
    """Prompts in a hub, in files or in code."""

    def __init__(self, files: Files, code: Code, graph: Graph, llm: Llm, ml: Ml) -> None:
        self._files, self._code, self._graph, self._llm, self._ml = files, code, graph, llm, ml

    @property
    def versioned(self) -> Seen:
        """Prompts with an id and a version, loaded by name, and none of weight left in the code."""
        llm = self._llm
        if live := self._ml.live(self._code.named(_LOADS, *_HUBS)):
            return Seen(tuple(hit.where for hit in live))
        inline = f"{llm.inline_prompts[0]} holds a prompt in code" if llm.inline_prompts else ""
        if not llm.prompt_files:
            if llm.prompt_modules and not inline:
                return Seen(tuple(module.where(1) for module in llm.prompt_modules))
            return Seen((), inline or "no prompt is kept in a file")
        loaded = self._loaded()
        if not loaded:
            return Seen((), f"{llm.prompt_files[0]} is a prompt that no code loads")
        if inline and len(llm.inline_prompts) >= len(llm.prompt_files):
            return Seen((), f"{llm.inline_prompts[0]} still holds a prompt in code")
        return Seen((loaded, *llm.prompt_files))

    def _loaded(self) -> str:
        """Where code refers to a prompt file, by its name or its folder."""
        folders = {path.rpartition("/")[0].rpartition("/")[2] for path in self._llm.prompt_files} | {"prompts"}
        stems = {path.rpartition("/")[2].split(".")[0] for path in self._llm.prompt_files}
        for module in self._code.modules:
            for text, line, scope in module.strings:
                named = len(text) < 120 and set(re.split(r"[/\\.]", text)) & (folders | stems)
                if named and ("py", module.path, scope) in self._graph.alive:
                    return module.where(line)
        return ""

    @property
    def registry(self) -> Seen:
        """Registered versions of prompts, of which an alias or the configuration chooses one."""
        if live := self._ml.live(self._code.named(_KEEPS, *_HUBS)):
            return Seen(tuple(hit.where for hit in live))
        version = re.compile(r"(^|[/_.@-])v?\d{1,20}([._]\d{1,20}){0,9}\.(ya?ml|txt|md|j2|json|toml|prompt)$|/v\d+/")
        versions = [path for path in self._llm.prompt_files if version.search(path)]
        if versions and (where := self._chosen()):
            return Seen((where, versions[0]))
        return Seen((), "prompts have versions, but nothing says which one is used" if versions else "")

    def _chosen(self) -> str:
        """A file about prompts that code reads and that says which version is used."""
        strings = [text for module in self._code.modules for text, _, _ in module.strings]
        for path in self._files.match(
            r"(prompts?[^/]*/)?(registry|index|manifest|aliases|champions?|active|production|prompts|config|settings)[^/]*\.(ya?ml|toml|json)$"
        ):
            text, name = self._files.text(path), path.rpartition("/")[2]
            chosen = _CHOOSES.search(text)
            if chosen and ("prompt" in path or "prompt" in text):
                if any(name in value or "prompts" in value for value in strings):
                    return Place.at(path, text, chosen.start(1))
        return ""
