"""For every test: an interrupt that works, environments that are shared, and a budget that fails."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import budget, golden

# A shell starts background jobs with SIGINT ignored, and Python and every child inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
# The same holds for SIGHUP below nohup.
signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--budget", type=Path, help="fail where a group of tests takes twice what this file says")


def pytest_configure(config: pytest.Config) -> None:
    # Workers inherit the variable, and with it the folder.
    if not hasattr(config, "workerinput"):
        os.environ[golden.FOLDER] = tempfile.mkdtemp(prefix="golden-")
        config.pluginmanager.register(budget.Budget(config), "budget")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(golden.FOLDER), ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    item.stash[budget.START] = budget.cpu()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    if call.when == "teardown":
        item.user_properties.append((budget.KEY, budget.cpu() - item.stash[budget.START]))
    return (yield)
