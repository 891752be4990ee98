"""What a project scales out to, for real: MLflow with logins on PostgreSQL, and a store that speaks S3."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.command import must
from support.env import shell
from support.servers import free_port, running

PACKAGES = ("mlflow[auth]==3.17.2", "psycopg[binary]>=3.2,<4", "boto3", "pgserver==0.1.4", "nanio==0.1.7")
DATABASE = """
import pgserver, sys
server = pgserver.get_server(sys.argv[1], cleanup_mode="stop")
print(server.get_uri().replace("postgresql:", "postgresql+psycopg:"), flush=True)
sys.stdin.read()  # until who started this is gone
"""
BUCKET = """
import boto3, sys
boto3.client("s3", endpoint_url=sys.argv[1]).create_bucket(Bucket=sys.argv[2])
"""


@contextmanager
def back_ends(folder: Path) -> Iterator[dict[str, str]]:
    """The environment variables by which a project uses them; they run while the block does."""
    env = shell(folder / "home")
    python = folder / "venv" / "bin" / "python"
    must("uv", "venv", "--quiet", "--python", sys.executable, folder / "venv", cwd=folder, env=env)
    must("uv", "pip", "install", "--quiet", "--python", python, *PACKAGES, cwd=folder, env=env, seconds=300)
    keys = {"AWS_ACCESS_KEY_ID": "ladder", "AWS_SECRET_ACCESS_KEY": secrets.token_hex(16)}
    with _postgres(folder, python, env) as database, _store(folder, env | keys) as store:
        keys |= {"AWS_ENDPOINT_URL": store, "AWS_DEFAULT_REGION": "us-east-1"}
        for bucket in ("models", "data"):
            must(python, "-c", BUCKET, store, bucket, cwd=folder, env=env | keys)
        with _mlflow(folder, env | keys, database) as logins:
            yield keys | logins


@contextmanager
def _postgres(folder: Path, python: Path, env: dict[str, str]) -> Iterator[str]:
    # Another user runs it, and each pytest that starts takes the way into its own folders from him.
    place, pipe = tempfile.mkdtemp(), subprocess.PIPE
    Path(place).chmod(0o711)
    command = [str(python), "-c", DATABASE, f"{place}/postgres"]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=folder, env=env) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address, "PostgreSQL does not start"
        try:
            yield address
        finally:
            process.stdin.close()
            process.wait(30)
            shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _store(folder: Path, env: dict[str, str]) -> Iterator[str]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    known = {"NANIO_ACCESS_KEY": env["AWS_ACCESS_KEY_ID"], "NANIO_SECRET_KEY": env["AWS_SECRET_ACCESS_KEY"]}
    command = (folder / "venv/bin/nanio", "serve", "--host", "127.0.0.1", "--port", str(port))
    where = ("--data-dir", folder / "store", "--no-access-log")
    with running(*command, *where, url=url, log=folder / "store.log", cwd=folder, env=env | known):
        yield url


@contextmanager
def _mlflow(folder: Path, env: dict[str, str], database: str) -> Iterator[dict[str, str]]:
    port, password = free_port(), secrets.token_hex(16)
    url = f"http://127.0.0.1:{port}"
    rules = folder / "auth.ini"
    rules.write_text(
        "[mlflow]\ndefault_permission = READ\nadmin_username = trainer\n"
        f"admin_password = {password}\ndatabase_uri = sqlite:///{folder / 'auth.db'}\n"
        "authorization_function = mlflow.server.auth:authenticate_request_basic_auth\n",
        "utf-8",
    )
    server = {
        "MLFLOW_AUTH_CONFIG_PATH": str(rules),
        "MLFLOW_FLASK_SERVER_SECRET_KEY": secrets.token_hex(16),
        "PATH": f"{folder / 'venv/bin'}{os.pathsep}{env['PATH']}",
    }
    command = (folder / "venv/bin/mlflow", "server", "--app-name", "basic-auth", "--workers", "2")
    stores = ("--backend-store-uri", database, "--artifacts-destination", "s3://models")
    address = ("--host", "127.0.0.1", "--port", str(port))
    with running(
        *command, *stores, *address, url=f"{url}/health", log=folder / "mlflow.log", cwd=folder, env=env | server
    ):
        yield {
            "MLFLOW_TRACKING_URI": url,
            "MLFLOW_TRACKING_USERNAME": "trainer",
            "MLFLOW_TRACKING_PASSWORD": password,
        }
