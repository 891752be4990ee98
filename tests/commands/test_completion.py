"""Completion of the command line, in the shells that complete it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mlops_ladder.cli import COMMANDS
from support.terminal import Terminal

BIN = Path(sys.executable).parent


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A shell's environment that finds `ladder`, in an empty home."""
    return {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "ZDOTDIR": str(tmp_path),
    }


def bash(env: dict[str, str], *words: str) -> list[str]:
    """What bash offers for the last word, by the script that `ladder --show-completion bash` prints."""
    script = f"""
        eval "$(ladder --show-completion bash)"
        function_name=$(complete -p ladder | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
        COMP_WORDS=({" ".join(f"'{word}'" for word in ("ladder", *words))}) COMP_CWORD={len(words)}
        $function_name ladder
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(
        ["bash", "--norc", "-c", script], env=env, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.split()


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
def test_bash_completes_commands_options_and_values(env: dict[str, str]) -> None:
    assert set(bash(env, "")) == set(COMMANDS)
    assert bash(env, "as") == ["assess"]
    assert "--level" in bash(env, "new", "house", "--le")
    assert bash(env, "new", "house", "--ci", "git") == ["github", "gitlab"]


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh")
def test_zsh_completes_a_command(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / ".zshrc").write_text(
        'autoload -Uz compinit && compinit -u\neval "$(ladder --show-completion zsh)"\nPS1="ready> "\n'
    )
    with Terminal(["zsh", "-i"], tmp_path, env) as terminal:
        terminal.expect("ready> ")
        terminal.type("ladder ass", "\t")
        terminal.expect("assess")
        terminal.type(" --he", "\t")
        terminal.expect("--help")
        terminal.type("\r")
        terminal.expect("Compute the maturity level of the repository")
        terminal.type("exit\r")
