"""Where the calls of a language model are recorded."""

from __future__ import annotations

import re

from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.modules import Code, Hit
from mlops_ladder.facts.code.resolve import Node
from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.llm import Llm
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.seen import Seen

_TRACERS = (
    (("langfuse",), r"(^|\.)(observe|Langfuse|CallbackHandler|get_client|start_as_current_\w+|langfuse_context\S*|trace|generation|openai)$"),
    (("langsmith",), r"(^|\.)(traceable|wrap_openai|trace|Client|LangChainTracer|tracing_context)$"),
    (("mlflow",), r"(^|\.)(autolog|trace|start_span|start_trace)$"),
    (("opentelemetry", "phoenix", "openinference", "traceloop", "logfire", "weave", "agentops", "ddtrace", "openlit", "opik", "lunary", "helicone"),
     r"(^|\.)(instrument|start_as_current_span|start_span|register|init|instrument_openai|instrument_\w+|launch_app|op)$"),
)  # fmt: skip
_MEASURES = re.compile(r"(total|prompt|completion|input|output)?_?tokens|latency|duration|cost|elapsed")
_RECORDS = re.compile(
    r"(^|[._])(info|log|write|dump|dumps|append|log_call|record\w{0,80}|emit|insert|execute|log_metrics?|log_dict)$"
)


def traced_calls(files: Files, code: Code, graph: Graph, llm: Llm, ml: Ml) -> Seen:
    """Records of the model's calls, by a library, a setting or own code."""
    hits = [hit for libraries, pattern in _TRACERS for hit in code.named(pattern, *libraries)]
    hits += code.find(lambda call: any("helicone" in text or "portkey" in text for text in call.strings()))
    live = ml.live(hits + _own_records(code))
    calling = {module.path for module in llm.modules}
    together = [hit for hit in live if hit.module.path in calling or _same_run(hit.node, llm, graph, code)]
    if together:
        return Seen(tuple(hit.where for hit in together))
    if where := _by_setting(files, code, llm):
        return Seen((where,))
    return Seen((), f"{live[0].where} traces, but not the calls of the model" if live else "")


def _own_records(code: Code) -> list[Hit]:
    """Calls that write a record with tokens or latency beside a call of a model."""
    found = []
    for module in code.modules:
        scopes = {scope for text, _, scope in module.strings if len(text) < 40 and _MEASURES.search(text)}
        found += [Hit(module, call) for call in module.calls if call.scope in scopes and _RECORDS.search(call.name)]
    return found


def _same_run(node: Node, llm: Llm, graph: Graph, code: Code) -> bool:
    """Whether a node and a call of the model belong to one run."""
    for module in llm.modules:
        functions: set[Node] = {("py", module.path, name) for name in module.functions}
        if node in graph.of_file(module.path) or node in graph.reach(functions):
            return True
    return any(node in (nodes := graph.of_file(module.path)) and nodes & llm.nodes for module in code.modules)


def _by_setting(files: Files, code: Code, llm: Llm) -> str:
    """Tracing that is switched on: LangSmith by its variable, Langfuse by its client in place of OpenAI's."""
    if llm.used and code.uses("langchain", "langchain_openai", "langgraph", "langsmith"):
        for path in files.match(r"(\.env[.\w]{0,80}|\.ya?ml|Dockerfile|\.toml)$"):
            if match := re.search(r"LANG(CHAIN|SMITH)_TRACING(_V2)?\W+(true|1)", files.text(path), re.IGNORECASE):
                return Place.at(path, files.text(path), match.start())
    for module in code.modules:
        if any(name == "langfuse.openai" or name.startswith("langfuse.openai.") for name in module.imports.values()):
            return module.where(1)
    return ""
