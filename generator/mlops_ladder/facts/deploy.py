"""Releases: the CI jobs, GitOps objects and programs that put something into an environment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from mlops_ladder.facts.ci.model import AUTOMATIC, Job
from mlops_ladder.facts.code.graph import Graph
from mlops_ladder.facts.code.modules import Code, Hit
from mlops_ladder.facts.code.resolve import Node
from mlops_ladder.facts.code.shell import join
from mlops_ladder.facts.manifests import Manifest, Manifests
from mlops_ladder.facts.read.files import Files
from mlops_ladder.facts.read.text import listed, walk
from mlops_ladder.facts.triggers import Trigger

_TOOLS = re.compile(
    r"^(kubectl\b.*\b(apply|set image|patch|replace|create|rollout|argo)\b|oc (apply|rollout)|helm\b.*\b(upgrade|install)\b|helmfile .*(apply|sync)|"
    r"argocd app (sync|set|create)|flux (reconcile|create)|kustomize edit set|(terraform|tofu|terragrunt) .*apply|pulumi up|cdk deploy|"
    r"sam deploy|serverless deploy|sls deploy|gcloud\b.*\b(deploy|deploy-model|update-traffic|releases create)\b|"
    r"aws (ecs|sagemaker|lambda|deploy|cloudformation|eks|apprunner|elasticbeanstalk) \S*(update|create|deploy|put)|"
    r"az (ml (online|batch)-(endpoint|deployment)|containerapp|webapp|functionapp|aks|deployment)|docker[- ]compose.* up|docker compose.* up|"
    r"docker stack deploy|docker (service update|run -d)|podman play kube|ssh |scp |rsync |ansible-playbook|bentoml (deploy|deployment|cloud)|"
    r"modal deploy|fly(ctl)? deploy|heroku |nomad (job )?run|databricks (bundle deploy|serving)|kn service|serve (deploy|run)|ray serve|eb deploy|"
    r"railway up|truss push|cog push|skaffold (run|deploy)|kapp deploy|kubectl-argo-rollouts|git push|seldon model|cf push|vercel|gh release)"
)
_ACTIONS = re.compile(
    r"k8s-deploy|deploy-cloudrun|amazon-ecs-deploy|helm-?deploy|helm-action|argocd|webapps-deploy|aks-|flyctl|KubernetesManifest|HelmDeploy|"
    r"AzureWebApp|AzureRmWebApp|AzureCLI|deploy-(sagemaker|vertex)|aws-cloudformation|kubernetes-deploy|terraform-apply|create-cloud-deploy|deploy-to",
    re.IGNORECASE,
)  # fmt: skip
_CALLS = re.compile(
    r"(^|\.)(create_endpoint|update_endpoint|create_endpoint_config|deploy|begin_create_or_update|deploy_model|update_service|"
    r"create_namespaced_\w+|patch_namespaced_\w+|replace_namespaced_\w+|patch_cluster_custom_object|update_function_code|update_endpoint_weights_and_capacities|undeploy|"
    r"start_pipeline_execution|create_deployment|start_service|Popen|set_registered_model_alias)$"
)
_OWN = re.compile(r"deploy|deliver|rollout|release|promot|canary|staging|ship", re.IGNORECASE)


@dataclass(frozen=True)
class Release:
    """A CI job that deploys: where, and the text of what it runs."""

    job: Job
    line: int
    text: str


class Deploy:
    """How things get into an environment."""

    def __init__(
        self,
        files: Files,
        code: Code,
        graph: Graph,
        jobs: list[Job],
        manifests: Manifests,
        triggers: list[Trigger],
    ) -> None:
        self._files, self._code, self._graph = files, code, graph
        self._jobs, self._manifests, self._triggers = jobs, manifests, triggers

    @cached_property
    def releases(self) -> list[Release]:
        """Every CI job that deploys for real; one that only prints does not."""
        found: list[Release] = []
        for job in self._jobs:
            commands = self._graph.job_commands(job)
            lines = [(command.line, step.line) for command, step in commands if shell_deploys(command.line)]
            lines += [(step.uses, step.line) for step in job.steps if _ACTIONS.search(step.uses)]
            lines += [(command.line, step.line) for command, step in commands if self._own(command.line, job)]
            if lines and job.triggers != {"pull_request"}:
                text = "\n".join(
                    [command.line for command, _ in commands] + [f"{s.uses} {s.inputs}" for s in job.steps if s.uses]
                )
                found.append(Release(job, lines[0][1], text))
        return found

    def _own(self, line: str, job: Job) -> bool:
        """A program of the repository that deploys."""
        if line.startswith(("echo", "printf", "cat ")) or not _OWN.search(f"{line} {job.name} {job.environment}"):
            return False
        nodes = self._graph.of_shell(line)
        return any(hit.node in nodes for hit in self._calls)

    @cached_property
    def _calls(self) -> list[Hit]:
        named = self._code.named(_CALLS.pattern)
        return named + self._code.find(
            lambda call: (
                call.last in ("run", "call", "check_call", "check_output", "post", "put", "patch")
                and bool(
                    re.search(
                        r"kubectl|helm|terraform|gcloud|docker|/deploy|endpoints?/|aws |az ",
                        " ".join(call.strings()),
                    )
                )
            )
        )

    @cached_property
    def coded(self) -> list[tuple[Trigger, Hit]]:
        """Deployments by the repository's own code that something unattended starts."""
        return [
            (trigger, hit) for trigger in self._triggers if trigger.job is None for hit in self._calls
            if hit.node in trigger.nodes and hit.call.last not in ("Popen", "set_registered_model_alias")
        ]  # fmt: skip

    @cached_property
    def release_nodes(self) -> frozenset[Node]:
        """All that the releasing jobs reach when nobody starts them."""
        return frozenset().union(
            *(self._graph.of_job(r.job) for r in self.releases if r.job.triggers & AUTOMATIC), frozenset()
        )

    @cached_property
    def unattended_nodes(self) -> frozenset[Node]:
        """All that any unattended start reaches."""
        return frozenset().union(*(trigger.nodes for trigger in self._triggers), frozenset())

    @cached_property
    def synced(self) -> list[Manifest]:
        """GitOps objects that follow the repository by themselves."""
        return [m for m in self._gitops if m.kind != "Application" or "automated" in {key for key, _ in walk(m.body)}]

    @cached_property
    def synced_by_hand(self) -> list[Manifest]:
        """GitOps applications that a person syncs."""
        return [m for m in self._gitops if m not in self.synced]

    @cached_property
    def _gitops(self) -> list[Manifest]:
        flux = [
            m
            for m in self._manifests.of("Kustomization", "HelmRelease")
            if "toolkit.fluxcd.io" in str(m.body.get("apiVersion"))
        ]
        return [*self._manifests.of("Application", "ApplicationSet"), *flux]

    @cached_property
    def infrastructure(self) -> bool:
        """Whether something applies the Terraform or templates of the repository."""
        return any(
            re.search(r"terraform|tofu|terragrunt|pulumi|cdk deploy|cloudformation", r.text) for r in self.releases
        )

    def applies(self, path: str) -> bool:
        """Whether some release or GitOps object covers a manifest."""
        covered, blind = self._roots
        return blind or any(not root or path == root or path.startswith(root + "/") for root in covered)

    @cached_property
    def _roots(self) -> tuple[set[str], bool]:
        """The folders and files that are applied, and whether one release does not say which."""
        roots: set[str] = set()
        blind = False
        for release in self.releases:
            for command, _ in self._graph.job_commands(release.job):
                line = command.line
                if re.match(r"kubectl|oc |kustomize build|helm|skaffold|kapp", line):
                    named = list(re.findall(r"(?:-f|-k|--filename|--kustomize|--path)[ =](\S+)", line))
                    named += [
                        w
                        for w in command.words[1:]
                        if "/" in w and not w.startswith("-") and "://" not in w and "=" not in w
                    ]
                    roots |= {root for word in named if (root := self._folder(join(command.folder, word))) is not None}
                elif re.match(r"argocd app|flux |serve |ansible|gcloud deploy", line):
                    blind = True
            for step in release.job.steps:
                given = f"{step.inputs.get('manifests', '')} {step.inputs.get('chart', '')} {step.inputs.get('overlay', '')}"
                roots |= {root for word in given.split() if (root := self._folder(join("", word))) is not None}
        for manifest in self._gitops:
            paths = [str(value) for key, value in walk(manifest.body) if key == "path" and isinstance(value, str)]
            roots |= {root for word in paths if (root := self._folder(join("", word))) is not None}
        for nodes_file in {node[1] for node in self.release_nodes if node[0] == "py"}:
            module = self._code.all.get(nodes_file)
            for text, _, _ in module.strings if module else ():
                if (
                    re.search(r"\.ya?ml$|k8s|deploy/|manifests", text)
                    and (root := self._folder(join("", text))) is not None
                ):
                    roots.add(root)
        return self._closed(roots), blind

    def _folder(self, word: str) -> str | None:
        word = re.split(r"[$*{<]", word.strip("'\""))[0].rstrip("/")
        for candidate in (word, join(self._files.base, word)):
            if candidate in self._files.set or (candidate in self._files.folders and candidate):
                return candidate
        return None

    def _closed(self, roots: set[str]) -> set[str]:
        """With what kustomizations draw in; of a folder that has one, only that."""
        queue = list(roots)
        covered: set[str] = set()
        for root in queue:
            names = [f"{root}/{name}" if root else name for name in ("kustomization.yaml", "kustomization.yml")]
            path = next((name for name in names if name in self._files.set), "")
            covered.add(path or root)
            body = self._files.document(path) if path else None
            for key in ("resources", "bases", "components", "patches", "patchesStrategicMerge"):
                for item in listed(body.get(key)) if isinstance(body, dict) else []:
                    full = join(root, str(item.get("path", "") if isinstance(item, dict) else item))
                    if full and full not in queue:
                        queue.append(full)
        return covered

    def waits_for_approval(self, job: Job) -> bool:
        """Whether a job runs only after one that a person must agree to."""
        before = [other for other in self._jobs if other.file == job.file and other.name in job.needs]
        return any(
            other.approval
            or (re.search(r"approv", other.name, re.I) and any("approv" in s.uses.lower() for s in other.steps))
            for other in before
        )


def shell_deploys(line: str) -> bool:
    """Whether a command line puts something into an environment."""
    return bool(_TOOLS.match(line)) and not re.search(r"--dry-run|--diff|\bplan\b|kubectl .*get |--check\b", line)
