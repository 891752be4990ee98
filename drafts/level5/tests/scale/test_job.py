"""The job for KubeRay, under KubeRay's own schema and Kubernetes' for its pods, and both on planted faults.

KubeRay's is the file `ray.io_rayjobs.yaml` of a release, which `KUBERAY_CRD` names; without it that half is skipped.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from ci.tools import script
from support.command import run
from support.shapes import project

CRD = "KUBERAY_CRD"
JOB = "deploy/ray/job.yaml"
crd = pytest.mark.skipif(CRD not in os.environ, reason=f"{CRD} names no schema of a KubeRay release")
made = pytest.mark.parametrize("shape", ["flights", "binary-csv"])


def text_of(shape: str) -> str:
    """The job of a pristine project."""
    return project(shape, 5).tree[JOB].content.decode()


def closed(schema: Any) -> Any:
    """A schema in which an unknown key is an error, as `kubectl` treats it."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items()}
    if "properties" in schema and "x-kubernetes-preserve-unknown-fields" not in schema:
        made.setdefault("additionalProperties", False)
    if schema.get("x-kubernetes-int-or-string"):
        made["anyOf"] = [{"type": "integer"}, {"type": "string"}]
    return made


def refused_by_kuberay(text: str) -> list[str]:
    """What KubeRay's schema says of a job."""
    versions = yaml.safe_load(Path(os.environ[CRD]).read_text("utf-8"))["spec"]["versions"]
    (schema,) = [version["schema"]["openAPIV3Schema"] for version in versions if version["name"] == "v1"]
    job = yaml.safe_load(text)
    del schema["properties"]["metadata"]
    del job["metadata"]
    return [error.message for error in Draft202012Validator(closed(schema)).iter_errors(job)]


def pods(text: str) -> dict[str, Any]:
    """The specification of each pod of a job."""
    spec = yaml.safe_load(text)["spec"]
    cluster = spec["rayClusterSpec"]
    found = {"head": cluster["headGroupSpec"]["template"], "submitter": spec["submitterPodTemplate"]}
    found |= {group["groupName"]: group["template"] for group in cluster["workerGroupSpecs"]}
    return {name: template["spec"] for name, template in found.items()}


def refused_by_kubernetes(text: str, folder: Path) -> str:
    """What Kubernetes says of the pods, each as an object of its own: of a kind it does not know it says nothing."""
    objects = [
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}
        for name, spec in pods(text).items()
    ]
    path = folder / "pods.yaml"
    path.write_text(yaml.dump_all(objects), "utf-8")
    done = run(script("kubernetes-validate"), "--strict", path, cwd=folder)
    return done.stdout if done.returncode else ""


@made
def test_kubernetes_takes_the_pods(shape: str, tmp_path: Path) -> None:
    assert refused_by_kubernetes(text_of(shape), tmp_path) == ""


@crd
@made
def test_kuberay_takes_the_job(shape: str) -> None:
    assert refused_by_kuberay(text_of(shape)) == []


FAULTS = [
    ("authOptions: {mode: token}", "authOptions: {mode: tokens}", "kuberay"),
    ("headGroupSpec:", "headGroupSpecs:", "kuberay"),
    ('num-cpus: "0"', "num-cpus: 0", "kuberay"),
    ("replicas: 2", 'replicas: "2"', "kuberay"),
    ("activeDeadlineSeconds: 14400", 'activeDeadlineSeconds: "4h"', "kuberay"),
    ("groupName: workers", "name: workers", "kuberay"),
    ("runAsNonRoot: true", "runAsNonRoots: true", "both"),
    ("persistentVolumeClaim:", "persistentVolumeClaims:", "both"),
    ("workingDir:", "workDir:", "both"),
]


@crd
@pytest.mark.parametrize(("old", "new"), [fault[:2] for fault in FAULTS])
def test_kuberay_would_find_a_fault(old: str, new: str) -> None:
    text = text_of("flights")
    assert old in text

    assert refused_by_kuberay(text.replace(old, new)) != []


@pytest.mark.parametrize(("old", "new"), [(old, new) for old, new, found in FAULTS if found == "both"])
def test_kubernetes_would_find_a_fault(tmp_path: Path, old: str, new: str) -> None:
    text = text_of("flights")
    assert old in text

    assert refused_by_kubernetes(text.replace(old, new), tmp_path) != ""


@made
def test_the_cluster_is_closed_and_its_pods_have_no_rights(shape: str) -> None:
    text = text_of(shape)
    cluster = yaml.safe_load(text)["spec"]["rayClusterSpec"]

    assert cluster["authOptions"] == {"mode": "token"}
    assert cluster["headGroupSpec"]["rayStartParams"]["num-cpus"] == "0"
    assert [group["replicas"] for group in cluster["workerGroupSpecs"]] == [2]
    assert pods(text).keys() == {"head", "submitter", "workers"}
    images, folders = set(), set()
    for name, pod in pods(text).items():
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["securityContext"]["runAsNonRoot"] is True
        (container,) = pod["containers"]
        images.add(container["image"])
        folders.add(container["workingDir"])
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"cpu", "memory", "ephemeral-storage"} <= container["resources"]["limits"].keys()
        assert not any("TOKEN" in variable["name"] for variable in container["env"])
    assert (len(images), len(folders)) == (1, 1)
