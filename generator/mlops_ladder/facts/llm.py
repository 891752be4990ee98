"""Where the repository calls a language model, and what it keeps around that: prompts, evals, traces."""

from __future__ import annotations

import re
from functools import cached_property

from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.model import Module
from mlops_ladder.facts.code.modules import Code, Hit
from mlops_ladder.facts.code.resolve import Node
from mlops_ladder.facts.read.files import Files, is_test

CLIENTS = (
    "openai", "anthropic", "litellm", "langchain", "langchain_openai", "langchain_anthropic", "langchain_core",
    "langchain_community", "langgraph", "llama_index", "cohere", "mistralai", "google.generativeai", "google.genai",
    "vertexai", "groq", "ollama", "together", "replicate", "haystack", "dspy", "semantic_kernel", "autogen", "crewai",
    "instructor", "guidance", "vllm", "llama_cpp", "pydantic_ai", "huggingface_hub", "bedrock", "portkey_ai", "xllamacpp",
    "smolagents", "agents", "azure.ai.inference", "boto3", "text_generation",
)  # fmt: skip
_CALL = re.compile(
    r"(completions?\.create|messages\.(create|stream)|responses\.create|chat\.complete|generate_content|litellm\.a?completion|"
    r"ollama\.(chat|generate)|chat_completion|text_generation|invoke_model|converse|ChatOpenAI|ChatAnthropic|ChatCompletion\.create|"
    r"AzureChatOpenAI|ChatBedrock|ChatVertexAI|ChatGoogleGenerativeAI|init_chat_model|GenerativeModel|cohere\.Client|"
    r"completion|acompletion|LLM|Llama|ChatPromptTemplate\.from_\w+|dspy\.(LM|Predict|ChainOfThought)|Agent|AgentExecutor|"
    r"completions\.parse|beta\.chat\S*|create_chat_completion|as_query_engine|RetrievalQA\S*)$"
)
_HTTP = re.compile(
    r"/v1/(chat/)?completions|:11434/api/(generate|chat)|api\.openai\.com|api\.anthropic\.com|generativelanguage\.googleapis"
)
PROMPT_FILES = r"(^|/)(prompts?|prompt_templates?)/.+\.(ya?ml|txt|md|j2|jinja2?|json|toml|prompt|mustache)$|\.prompt(\.ya?ml|\.md)?$"


_BEDROCK = frozenset({"invoke_model", "converse", "invoke_model_with_response_stream"})
_LOCAL = re.compile(r"text-generation|text2text|summarization|AutoModelForCausalLM|AutoModelForSeq2SeqLM")


def _runs_locally(module: Module) -> bool:
    """Whether a module runs a language model itself, and does not train it."""
    words = [text for text, _, _ in module.strings] + list(module.imports)
    tuned = any(call.last in ("Trainer", "SFTTrainer", "Seq2SeqTrainer", "backward") for call in module.calls)
    return module.uses("transformers") and not tuned and any(_LOCAL.search(word) for word in words)


class Llm:
    """The language model work of a repository."""

    def __init__(self, files: Files, code: Code, graph: Graph) -> None:
        self._files, self._code, self._graph = files, code, graph

    @cached_property
    def calls(self) -> list[Hit]:
        """Every live call of a model, scripts that belong to the CI left out."""
        found = []
        for module in self._code.modules:
            if re.search(r"(^|/)\.github/|(^|/)(scripts?/)?(ci|release|changelog)/", module.path):
                continue
            client = module.uses(*(set(CLIENTS) - {"boto3"}))
            http = any(_HTTP.search(text) for text, _, _ in module.strings)
            local = _runs_locally(module)
            for call in module.calls:
                asked = (
                    (client and _CALL.search(call.name))
                    or (module.uses("boto3") and call.last in _BEDROCK)
                    or (http and re.search(r"(^|\.)(post|request|urlopen|Request)$", call.name))
                    or (local and re.search(r"(^|\.)(generate|pipeline|pipe|generator)$", call.name))
                )
                if asked:
                    found.append(Hit(module, call))
        alive = self._graph.alive
        return [hit for hit in found if hit.node in alive]

    @cached_property
    def used(self) -> bool:
        """Whether a language model is part of the product."""
        return bool(self.calls)

    @cached_property
    def nodes(self) -> frozenset[Node]:
        """The places that call a model."""
        return frozenset(hit.node for hit in self.calls)

    @cached_property
    def modules(self) -> list[Module]:
        """The modules that call a model."""
        return list({hit.module.path: hit.module for hit in self.calls}.values())

    @cached_property
    def prompt_files(self) -> list[str]:
        """Prompts kept in files of their own."""
        return [
            path
            for path in self._files.match(PROMPT_FILES)
            if not is_test(path) and not path.lower().endswith("readme.md")
        ]

    @cached_property
    def prompt_modules(self) -> list[Module]:
        """Python modules that hold prompts and nothing but."""
        return [m for m in self._code.modules if re.search(r"(^|/)prompts?(/\w+)?\.py$", m.path) and m.strings]

    @cached_property
    def inline_prompts(self) -> list[str]:
        """Long literal prompts in modules that call a model."""
        found = []
        for module in self.modules:
            for text, line, _ in module.strings:
                if (
                    len(text) > 150
                    and re.search(
                        r"\b(you are|answer|respond|summari[sz]e|given the|context|question|assistant)\b",
                        text,
                        re.I,
                    )
                    and not re.match(r"\s*(Return|Args|Raise)", text)
                ):
                    found.append(module.where(line))
        return found

    @cached_property
    def eval_data(self) -> list[str]:
        """Evaluation cases kept as data, with at least three of them."""
        found = []
        for path in self._files.match(
            r"(evals?|evaluation|goldens?|cases|benchmark|testset|test_set|qa).{0,1000}\.(jsonl|json|csv|ya?ml|tsv)$"
        ):
            if re.search(r"(^|/)(\.github|\.circleci|workflows|node_modules)/|\.gitlab-ci", path):
                continue
            text = self._files.text(path)
            if text and (len([line for line in text.splitlines() if line.strip()]) >= 3 or path.endswith(".json")):
                found.append(path)
        return found

    @cached_property
    def eval_configs(self) -> list[str]:
        """Configurations of eval runners."""
        return self._files.match(r"(^|/)promptfoo[^/]*\.(ya?ml|json|js|ts)$|(^|/)promptfooconfig")

    @cached_property
    def eval_hits(self) -> list[Hit]:
        """Calls of eval libraries, in code or tests."""
        libraries = ("deepeval", "ragas", "inspect_ai", "langsmith", "langfuse", "trulens", "trulens_eval", "phoenix", "promptflow",
                     "braintrust", "autoevals", "mlflow", "giskard", "azure.ai.evaluation", "evals", "uptrain", "opik", "weave")  # fmt: skip
        pattern = r"(^|\.)(evaluate|aevaluate|assert_test|run_experiment|eval|Eval|run_evals|Evaluation|experiment|genai\.evaluate|LLMTestCase|Task|TestCase)$"
        return self._code.named(pattern, *libraries, modules=[*self._code.modules, *self._code.tests])

    @cached_property
    def own_evals(self) -> list[Module]:
        """The repository's own eval scripts: they score answers of the model against cases."""
        found = []
        for module in [*self._code.modules, *self._code.tests]:
            if (
                re.search(r"(^|/|_)(evals?|evaluat\w*|golden\w*|judge|benchmark)(_|/|\.|$)", module.path)
                and module.calls
            ):
                text = " ".join(value for value, _, _ in module.strings) + " ".join(c.name for c in module.calls)
                if re.search(r"jsonl|json|csv|yaml|cases|dataset|golden|expected|questions", text, re.IGNORECASE):
                    found.append(module)
        return found

    @cached_property
    def retrieval(self) -> list[Hit]:
        """Calls of vector stores and retrievers."""
        stores = ("chromadb", "faiss", "pinecone", "weaviate", "qdrant_client", "lancedb", "pgvector", "pymilvus", "llama_index",
                  "langchain_chroma", "langchain_community", "langchain_qdrant", "langchain_pinecone", "elasticsearch", "opensearchpy", "redisvl")  # fmt: skip
        return self._code.named(
            r"(VectorStore\w{0,80}|Chroma|FAISS|Index\w{0,80}|upsert|add_documents|from_documents|create_collection|similarity_search|as_retriever|query_points|recreate_collection)$",
            *stores,
        )
