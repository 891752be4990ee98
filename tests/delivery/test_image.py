"""The image of a generated project, built by buildah without any daemon, and run as the user that it names."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from mlops_ladder.project import disk
from support import cases
from support.command import must
from support.env import shell
from support.servers import free_port
from support.shapes import project

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("buildah") and shutil.which("debootstrap") and os.geteuid() == 0),
        reason="buildah and debootstrap build an image as root: apt-get install buildah debootstrap",
    ),
]
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mlops-ladder-tests"
CACHED = "/" + "root/.cache/uv"  # of whom the image is built by
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
LIMIT = 60  # seconds until the service answers


class Images:
    """Images in a folder of their own; containers share nothing with the machine but its network."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder, self.env = folder, env

    def command(self, *words: str | Path) -> list[str]:
        places = ["--root", self.folder / "store", "--runroot", self.folder / "run"]
        return [str(word) for word in ("buildah", "--storage-driver", "vfs", *places, *words)]

    def __call__(self, *words: str | Path, seconds: int = 120) -> str:
        return must(*self.command(*words), cwd=self.folder, env=self.env, seconds=seconds).strip()

    def inside(self, container: str, *words: str) -> str:
        """What a command says that the image's own user runs."""
        return self("run", "--isolation", "chroot", container, "--", *words)

    def known(self, name: str, kind: str = "container") -> dict[str, Any]:
        """What is to be run of a container or an image, how it is watched, and its labels."""
        found: dict[str, Any] = json.loads(self("inspect", "--type", kind, name))["Docker"]["config"]
        return found


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Images]:
    folder = tmp_path_factory.mktemp("images")
    yield Images(folder, shell(folder / "home"))
    shutil.rmtree(folder, ignore_errors=True)  # a gigabyte, which pytest would keep for three more sessions


@pytest.fixture(scope="module")
def base(images: Images) -> str:
    """A Debian with Python, as the official image is; here no registry of images can be reached."""
    root = CACHE / "bookworm"
    if not root.is_dir():
        stage = CACHE / "stage"
        shutil.rmtree(stage, ignore_errors=True)
        CACHE.mkdir(parents=True, exist_ok=True)
        packages = "--include=python3,python3-venv,ca-certificates"
        must("debootstrap", "--variant=minbase", packages, "bookworm", stage, cwd=CACHE, seconds=580)
        for package in stage.glob("var/cache/apt/archives/*.deb"):
            package.unlink()
        stage.rename(root)
    container = images("from", "scratch")
    images("add", "--quiet", container, root, "/")
    images("config", "--env", f"SSL_CERT_FILE={CERTIFICATES}", container)
    images("commit", "--quiet", "--rm", container, "base")
    return "localhost/base"


@pytest.fixture(scope="module")
def built(images: Images, base: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The image of a project with the longest name."""
    root = tmp_path_factory.mktemp("image") / "project"
    disk.write(project("flights", cases.TOP, cases.VARIANTS[0], cases.NAMES[2]).tree, root)
    must("uv", "lock", "--quiet", cwd=root, env=images.env, seconds=120)
    (root / "trusted_keys").touch()
    (root / ".env").write_text("A_SECRET=word\n")
    shared = [
        "--volume",
        f"{CERTIFICATES}:{CERTIFICATES}:ro",
        "--volume",
        f"{images.env['UV_CACHE_DIR']}:{CACHED}",
    ]
    begun = time.monotonic()
    images(
        *("build", "--isolation", "chroot", "--format", "docker", *shared),
        *("--build-arg", f"BASE={base}", "--build-arg", "REVISION=abc", "--file", root / "deploy/Dockerfile"),
        *("--tag", "service", root),
        seconds=580,
    )
    sizes = images("images", "--format", "{{.Name}} {{.Size}}").splitlines()
    print(f"built in {time.monotonic() - begun:.0f} s; {sizes}")
    return "localhost/service"


@pytest.fixture(scope="module")
def container(images: Images, built: str) -> Iterator[str]:
    name = images("from", built)
    yield name
    images("rm", name)


@contextmanager
def serving(images: Images, container: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The container's entry point, on loopback; where no store can be reached."""
    entry = images.known(container)["Entrypoint"]
    told = ["--env", "MLFLOW_TRACKING_URI=http://127.0.0.1:9"]
    command = images.command("run", "--isolation", "chroot", *told, container, "--", *entry)
    with (images.folder / "output").open("wb") as output:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)],
            env=images.env,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, sign)
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
                break


def answer(port: int, path: str) -> int:
    """The status that a path is answered with, once somebody listens."""
    last = time.monotonic() + LIMIT
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as got:
                return int(got.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            if time.monotonic() > last:
                raise
            time.sleep(0.2)


def test_it_answers_as_a_user_without_rights_and_writes_to_two_places_only(images: Images, container: str) -> None:
    root, port = Path(images("mount", container)), free_port()
    mark = images.folder / "mark"
    mark.touch()
    with serving(images, container, port) as process:
        assert answer(port, "/health") == 200
        assert answer(port, "/ready") == 503, "there is no champion"
        probe = images.known(container)["Healthcheck"]["Test"]
        assert images.inside(container, *(word.replace("8000", str(port)) for word in probe[1:])) == ""
        assert process.poll() is None
    assert must("find", root, "-xdev", "-newer", mark, "-type", "f", cwd=root) == "", "volumes lie elsewhere"
    assert "service.json" in images.inside(container, "ls", "/app/.serving")


def test_its_user_owns_nothing_else_and_nothing_builds_there(images: Images, container: str) -> None:
    assert images.inside(container, "id", "-u") == "10001"
    writable = images.inside(container, "sh", "-c", "find / -xdev -writable -not -type l 2>/dev/null || true").split()
    # What every Debian lets everybody write to, and the devices of an isolation by chroot.
    assert not [
        path for path in writable if not re.match(r"/(app/\.serving|tmp|var/tmp|run/lock|dev|proc|sys)\b", path)
    ]
    assert images.inside(container, "sh", "-c", "command -v gcc cc make git uv pip || true") == ""
    files = images.inside(container, "ls", "-A", "/app").split()
    assert sorted(files) == [".serving", ".venv", "service.toml", "trusted_keys"], "neither data nor secrets"
    folder = images.inside(container, "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
    packages = images.inside(container, "ls", folder).split()
    assert {"fastapi", "sklearn", "mlflow"} <= set(packages)
    assert not {"dvc", "pytest", "ruff", "mypy", "sqlalchemy"} & set(packages)


def test_it_also_watches(images: Images, container: str) -> None:
    package = images.known(container)["Entrypoint"][2].removesuffix(".serve")
    assert "--every" in images.inside(container, "python", "-m", f"{package}.watch", "--help")


def test_it_tells_the_commit_that_it_was_built_from(images: Images, built: str) -> None:
    assert images.known(built, "image")["Labels"]["org.opencontainers.image.revision"] == "abc"
