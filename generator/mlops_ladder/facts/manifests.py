"""Descriptions of what runs elsewhere: Kubernetes objects, compose services, images, Terraform, monitoring rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from mlops_ladder.facts.evidence import Place
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import blocks, parse_json
from mlops_ladder.facts.read.yaml import line_of_value

_NOT_MANIFESTS = re.compile(r"(^|/)(\.github|\.circleci|\.buildkite|tests?)/|\.gitlab-ci|mkdocs|\.pre-commit|\.dvc$")


@dataclass(frozen=True)
class Manifest:
    """One YAML document that has a kind, or one that a known tool reads (`kind` is then the tool's name)."""

    path: str
    kind: str
    body: dict[str, Any]
    line: int = 1

    @property
    def where(self) -> str:
        """Evidence."""
        return Place(self.path, self.line)

    @property
    def name(self) -> str:
        """The object's name."""
        meta = self.body.get("metadata")
        return str(meta.get("name", "")) if isinstance(meta, dict) else ""


class Manifests:
    """Everything of the sort, found once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self.all: list[Manifest] = []
        for path in files.match(r"\.(ya?ml|yml\.j2|json)$"):
            text = files.text(path) if not path.endswith(".json") or "deploy" in path or "k8s" in path else ""
            if text and not _NOT_MANIFESTS.search(path):
                self._read(path, text)

    def of(self, *kinds: str) -> list[Manifest]:
        """The documents of some kinds."""
        return [manifest for manifest in self.all if manifest.kind in kinds]

    @property
    def dockerfiles(self) -> list[str]:
        """Every Dockerfile."""
        return self._files.match(r"(^|/)(Dockerfile|Containerfile)([.\-_]\w+)?$|\.dockerfile$")

    @property
    def terraform(self) -> list[str]:
        """Every Terraform file."""
        return self._files.match(r"\.tf$")

    def _read(self, path: str, text: str) -> None:
        if "kind:" in text and "apiVersion:" in text:
            documents = self._files.yaml(path)
            if not documents and "{{" in text:
                documents = self._files.documents(_without_templates(text), self._files.tell(path))
            for body in documents:
                items = body.get("items") if isinstance(body, dict) and body.get("kind") == "List" else [body]
                for item in items if isinstance(items, list) else ():
                    if isinstance(item, dict) and item.get("kind"):
                        self.all.append(Manifest(path, str(item["kind"]), item, line_of_value(item["kind"])))
            return
        tool = _tool(path, text)
        if tool:
            for body in self._files.yaml(path):
                if isinstance(body, dict):
                    self.all.append(Manifest(path, tool, body, line_of_value(body)))


def _without_templates(text: str) -> str:
    """The YAML of a Helm chart: template code on lines of its own is gone, values are `x`; no line moves."""
    text += "\n"
    parts: list[str] = []
    end = 0
    for start, after in blocks(text, "{{", "}}"):
        before, behind = text[text.rfind("\n", 0, start) + 1 : start], text[after : text.find("\n", after)]
        alone = not before.strip() and not behind.strip()
        parts += [text[end : start - len(before) if alone else start], "" if alone else "x"]
        parts.append("\n" * text.count("\n", start, after))
        end = after + len(behind) if alone else after
    return "".join([*parts, text[end:-1]])


def _tool(path: str, text: str) -> str:
    """Which tool reads a YAML file that names no kind."""
    name = path.rpartition("/")[2]
    if re.match(r"(docker-)?compose.*\.ya?ml$", name):
        return "compose"
    if re.search(r"^scrape_configs:|^rule_files:", text, re.MULTILINE):
        return "prometheus"
    if re.search(r"^groups:", text, re.MULTILINE) and re.search(
        r"^[ \t]*(?:-[ \t]*)?(alert|expr):", text, re.MULTILINE
    ):
        return "rules"
    if re.search(r"^route:", text, re.MULTILINE) and "receivers:" in text:
        return "alertmanager"
    if re.search(r"^groups:", text, re.MULTILINE) and "condition:" in text:
        return "grafana-alerts"
    if name in ("prefect.yaml", "prefect.yml"):
        return "prefect"
    if name in ("databricks.yml", "databricks.yaml") or re.search(
        r"^resources:[ \t]*\n(?:[ \t]*\n)*[ \t]+(jobs|pipelines):", text, re.M
    ):
        return "databricks"
    if "azureml" in text and "$schema" in text:
        return "azureml"
    if re.search(r"^(AWSTemplateFormatVersion|Resources):", text, re.MULTILINE):
        return "cloudformation"
    if "promptfoo" in name:
        return "promptfoo"
    if re.search(r"otel|collector", name) and re.search(r"^receivers:", text, re.M) and "exporters:" in text:
        return "otel"
    return ""


def containers(body: dict[str, Any]) -> list[str]:
    """The command lines of every container below an object, one per container."""
    found: list[str] = []
    stack: list[Any] = [body]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            if "image" in item:
                parts = [part for key in ("command", "args") for part in _many(item.get(key))]
                found.append(_line(parts))
            stack += list(item.values())
        elif isinstance(item, list):
            stack += item
    return [line for line in found if line]


def _line(parts: list[str]) -> str:
    """`sh -c TEXT` becomes TEXT; everything else is one command."""
    if len(parts) >= 3 and parts[0].rpartition("/")[2] in ("sh", "bash") and parts[1].endswith("c"):
        return parts[2]
    return " ".join(parts)


def _many(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [value] if isinstance(value, str) else []


def image_command(dockerfile: str) -> str:
    """What an image runs when it is started, as shell text."""
    lines: list[str] = []
    for line in re.findall(r"(?im)^[ \t]*(?:CMD|ENTRYPOINT)[ \t]+(\S.*)$", dockerfile):
        words = parse_json(line) if line.startswith("[") else None
        lines.append(" ".join(map(str, words)) if isinstance(words, list) else line)
    return "\n".join(lines)
