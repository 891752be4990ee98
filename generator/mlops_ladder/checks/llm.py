"""Language models: the model, its prompts, its guardrails, its traces, its feedback."""

from __future__ import annotations

import re

from mlops_ladder.checks.base import Verdict, check, found, met, missing, not_applicable
from mlops_ladder.facts.code import Code
from mlops_ladder.facts.files import Files
from mlops_ladder.facts.graph import Graph
from mlops_ladder.facts.llm import Llm
from mlops_ladder.facts.ml import Ml
from mlops_ladder.facts.text import line_of
from mlops_ladder.facts.triggers import Trigger

_MODEL = re.compile(
    r"\b(gpt-[34o][\w.-]*|o[134](-mini|-preview)?[\w-]*|claude-[\w.-]+|gemini-[\w.-]+|mistral-[\w.-]+|mixtral[\w.-]*|llama-?[23][\w.:-]*|command-r[\w-]*|"
    r"text-davinci-\d+|anthropic\.claude[\w.:-]+|meta\.llama[\w.:-]+|amazon\.\w+[\w.:-]*|qwen[\w.:-]+|deepseek-[\w.-]+|phi-?[34][\w.-]*|gemma[\w.:-]*|smollm[\w.-]*)", re.I,
)  # fmt: skip


@check("llm-model-named")
def named(llm: Llm, code: Code, files: Files) -> Verdict:
    """Name the model and its provider in the configuration, and call it through one module."""
    return found(hit.where for hit in llm.calls)


@check("llm-model-pinned")
def pinned(llm: Llm, code: Code, files: Files) -> Verdict:
    """Use a dated or hashed version of the model, not an alias that moves (`latest`)."""
    names = [
        (text, module.where(line))
        for module in code.modules
        for text, line, _ in module.strings
        if len(text) < 80 and _MODEL.search(text)
    ]
    for path in files.match(r"\.(toml|ya?ml|json|env|example)$"):
        text = files.text(path) if re.search(r"config|settings|model|llm|params|\.env", path) else ""
        names += [(m[0], f"{path}:{line_of(text, m[0])}") for m in _MODEL.finditer(text)]
    dated = [
        where
        for text, where in names
        if re.search(r"\d{4}-\d{2}-\d{2}|-\d{8}|-\d{4}\b|@sha256|:\d+b|-\d{3}\b|v\d+:\d|q\d_", text, re.I)
        and "latest" not in text
    ]
    return found(dated, f"{names[0][1]} names '{names[0][0][:40]}', which moves" if names else "")


@check("llm-offline-tests")
def offline(code: Code, llm: Llm) -> Verdict:
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
        "langfuse",
        "mlflow",
        "langsmith",
        "langchain",
        "promptlayer",
        "langchainhub",
        "opik",
        "braintrust",
        "agenta",
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
def registry(llm: Llm, code: Code, files: Files, graph: Graph, ml: Ml) -> Verdict:
    """Register each prompt version, and let an alias (`champion`) or the configuration say which one is used."""
    hub = code.named(
        r"(^|\.)(get_prompt|load_prompt|pull_prompt|hub\.pull|pull|register_prompt|create_prompt|set_prompt_alias|push_prompt)$",
        "langfuse",
        "mlflow",
        "langsmith",
        "langchain",
        "promptlayer",
        "langchainhub",
        "opik",
        "braintrust",
        "agenta",
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


@check("llm-limits")
def limits(code: Code, llm: Llm) -> Verdict:
    """Set `max_tokens` on every call, and refuse input above a length."""
    hits = code.find(
        lambda c: bool(
            {
                "max_tokens",
                "max_output_tokens",
                "max_new_tokens",
                "max_completion_tokens",
                "max_length",
                "num_predict",
            }
            & c.keywords()
        )
    )
    texts = [
        m.where(line)
        for m in code.modules
        for text, line, _ in m.strings
        if re.fullmatch(r"max_(output_|new_|completion_|input_)?(tokens|chars|length)", text)
    ]
    return found([hit.where for hit in hits] + texts)


@check("llm-output-schema")
def schema(code: Code, llm: Llm, ml: Ml) -> Verdict:
    """Ask for JSON, check it against a schema (pydantic) and treat a violation as an error."""
    hits = code.find(
        lambda c: bool(
            {"response_format", "response_model", "output_type", "response_schema", "output_pydantic"} & c.keywords()
        )
    )
    hits += code.named(
        r"(^|\.)(model_validate_json|model_validate|with_structured_output|PydanticOutputParser|JsonOutputParser|TypeAdapter|parse_raw|instructor\.\w+|Guard\S*|jsonschema\.validate)$"
    )
    near = {hit.module.path for hit in llm.calls}
    live = [h for h in ml.live(hits) if h.module.path in near or llm.used]
    return found(hit.where for hit in live)


@check("llm-redaction")
def redaction(code: Code, ml: Ml) -> Verdict:
    """Remove names, addresses and numbers from what is logged, before it is logged, and test it."""
    hits = code.named(r"redact|anonymi[sz]e|mask_pii|scrub|AnalyzerEngine|AnonymizerEngine|strip_pii|remove_pii")
    return found(hit.where for hit in ml.live(hits))


@check("llm-safety-checks")
def safety(code: Code, ml: Ml) -> Verdict:
    """Check input for injection and output for unsafe content, and refuse when the check itself fails."""
    hits = code.named(
        r"(^|[._])(moderations?|guardrails?|LLMRails|RailsConfig|injection|jailbreak|content_safety|safety|toxicity|PromptGuard|llama_?guard|is_safe|check_(input|output|injection|safety)|rebuff|lakera|apply_guardrail|ContentSafetyClient|scan_(prompt|output))(\w*)?(\.\w+)?$"
    )
    return found(hit.where for hit in ml.live(hits))


@check("llm-calls-traced")
def traced(code: Code, llm: Llm, ml: Ml, graph: Graph, files: Files) -> Verdict:
    """Record every call: model, prompt version, tokens, latency, error (MLflow tracing, Langfuse, OpenTelemetry)."""
    hits = code.named(
        r"(^|\.)(observe|Langfuse|CallbackHandler|get_client|start_as_current_\w+|langfuse_context\S*|trace|generation|openai)$",
        "langfuse",
    )
    hits += code.named(r"(^|\.)(traceable|wrap_openai|trace|Client|LangChainTracer|tracing_context)$", "langsmith")
    hits += code.named(r"(^|\.)(autolog|trace|start_span|start_trace)$", "mlflow")
    hits += code.named(
        r"(^|\.)(instrument|start_as_current_span|start_span|register|init|instrument_openai|instrument_\w+|launch_app|op)$",
        "opentelemetry",
        "phoenix",
        "openinference",
        "traceloop",
        "logfire",
        "weave",
        "agentops",
        "ddtrace",
        "openlit",
        "opik",
        "lunary",
        "helicone",
    )
    hits += [h for h in code.find(lambda c: any("helicone" in s or "portkey" in s for s in c.strings()))]
    hits += _own_records(code)
    live = ml.live(hits)
    together = [
        hit for hit in live if hit.module.path in {m.path for m in llm.modules} or _same_run(hit.node, llm, graph, code)
    ]
    if together:
        return met(*(hit.where for hit in together))
    if llm.used and any(m.uses("langchain", "langchain_openai", "langgraph", "langsmith") for m in code.modules):
        for path in files.match(r"(\.env[.\w]*|\.ya?ml|Dockerfile|\.toml)$"):
            if match := re.search(r"LANG(CHAIN|SMITH)_TRACING(_V2)?\W+(true|1)", files.text(path), re.IGNORECASE):
                return met(f"{path}:{line_of(files.text(path), match[0])}")
    for module in code.modules:
        for name in module.imports.values():
            if name == "langfuse.openai" or name.startswith("langfuse.openai."):
                return met(module.where(1))
    return missing(f"{live[0].where} traces, but not the calls of the model" if live else "")


def _own_records(code: Code) -> list:  # type: ignore[type-arg]
    """Calls that write a record with tokens or latency beside a call of a model."""
    from mlops_ladder.facts.code import Hit

    found_hits = []
    for module in code.modules:
        scopes = {
            scope
            for text, _, scope in module.strings
            if re.search(r"(total|prompt|completion|input|output)?_?tokens|latency|duration|cost|elapsed", text)
            and len(text) < 40
        }
        for call in module.calls:
            if call.scope in scopes and re.search(
                r"(^|[._])(info|log|write|dump|dumps|append|log_call|record\w*|emit|insert|execute|log_metrics?|log_dict)$",
                call.name,
            ):
                found_hits.append(Hit(module, call))
    return found_hits


def _same_run(node: tuple[str, str, str], llm: Llm, graph: Graph, code: Code) -> bool:
    return any(
        node in graph.of_file(module.path)
        or graph.reach({("py", module.path, name) for name in module.functions}) & {node}
        for module in llm.modules
    ) or any(node in (nodes := graph.of_file(module.path)) and nodes & llm.nodes for module in code.modules)


@check("llm-spans")
def spans(code: Code, ml: Ml) -> Verdict:
    """Open a span for retrieval, each tool and each model call, and return the trace's id to the caller."""
    hits = code.named(
        r"(^|\.)(start_as_current_span|start_span|observe|traceable|trace|span|start_as_current_generation)$",
        "opentelemetry",
        "langfuse",
        "langsmith",
        "mlflow",
        "phoenix",
        "logfire",
        "weave",
    )
    return found(hit.where for hit in ml.live(hits))


@check("llm-index-manifest")
def index(llm: Llm, code: Code, graph: Graph) -> Verdict:
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


@check("llm-cost-watch")
def cost_watch(code: Code, ml: Ml, files: Files) -> Verdict:
    """Export tokens, cost and latency as metrics, and alert on them."""
    places = []
    for path in files.match(r"(alert|rules|dashboard|grafana|prometheus|monitor)[^/]*\.(ya?ml|json)$"):
        text = files.text(path)
        if match := re.search(r"token|cost_(usd|eur|total)|llm_\w*(cost|latency|tokens)|gen_ai", text, re.IGNORECASE):
            places.append(f"{path}:{line_of(text, match[0])}")
    hits = [
        h
        for h in code.named(r"(^|\.)(Counter|Histogram|Gauge|Summary|create_counter|create_histogram)$")
        if re.search(r"token|cost|llm", " ".join(h.call.strings()), re.I)
    ]
    return found(places + [hit.where for hit in ml.live(hits)])


@check("llm-budget")
def budget(code: Code, ml: Ml, files: Files) -> Verdict:
    """Count what is spent and refuse calls (429) above the budget."""
    word = re.compile(
        r"max_budget|budget_(limit|exceeded|usd|guard)|BudgetManager|BudgetExceeded|check_budget|spend_limit|rate_?limit(er)?|RateLimiter|SlowAPI|slowapi|tpm_limit|rpm_limit",
        re.I,
    )
    hits = code.find(lambda c: bool(word.search(c.name)) or any(word.search(k) for k in c.keywords()))
    places = [hit.where for hit in ml.live(hits)]
    for path in files.match(r"(litellm|gateway|proxy|kong|envoy|apisix)[^/]*\.ya?ml$"):
        if match := word.search(files.text(path)):
            places.append(f"{path}:{line_of(files.text(path), match[0])}")
    return found(places)


@check("llm-feedback")
def feedback(code: Code, ml: Ml) -> Verdict:
    """Add an endpoint that takes a rating and a comment with the trace's id, and store them together."""
    hits = code.named(
        r"(^|[._])(create_feedback|log_feedback|score_current_trace|create_score|score|add_feedback|record_feedback|submit_feedback|save_feedback|store_feedback|feedback)$",
        "langsmith",
        "langfuse",
        "mlflow",
        "fastapi",
        "flask",
        "trubrics",
        "opik",
        "chainlit",
        "streamlit",
    )
    live = [
        hit
        for hit in ml.live(hits)
        if "feedback" in hit.call.name or ("score" in hit.call.last and hit.module.uses("langfuse", "opik"))
    ]
    places = [hit.where for hit in live]
    for module in code.uses("fastapi", "flask", "starlette"):
        places += [
            module.where(line)
            for text, line, _ in module.strings
            if re.fullmatch(r"/?[\w/{}-]*feedback[\w/{}-]*", text)
        ]
    return found(places)


@check("llm-preference-data")
def preferences(code: Code, ml: Ml, triggers: list[Trigger]) -> Verdict:
    """Turn rated answers into pairs, and tune (DPO) or propose prompts with them, through the same gate."""
    hits = code.named(
        r"(^|\.)(DPOTrainer|ORPOTrainer|KTOTrainer|PPOTrainer|RewardTrainer|optimize_prompts?|MIPROv2|BootstrapFewShot\w*|GEPA|build_preference\w*|preference_pairs|propose_prompt\w*)$"
    )
    return found(hit.where for hit in ml.live(hits))
