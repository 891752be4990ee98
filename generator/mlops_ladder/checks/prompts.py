"""Prompts: collected, versioned, registered, promoted by a policy."""

from __future__ import annotations

from mlops_ladder.checks.base import Verdict, check, found, judged
from mlops_ladder.facts.llm import Llm
from mlops_ladder.facts.prompts import Prompts
from mlops_ladder.facts.seen import Seen


@check("llm-prompts-collected")
def collected(llm: Llm) -> Verdict:
    """Move every prompt into prompts/, one file each."""
    places = llm.prompt_files + [module.where(1) for module in llm.prompt_modules]
    return found(places, f"{llm.inline_prompts[0]} holds a prompt in code" if llm.inline_prompts else "")


@check("llm-prompts-versioned")
def versioned(prompts: Prompts) -> Verdict:
    """Keep each prompt as a file with an id and a version, load it by name, and leave none in the code."""
    return judged(prompts.versioned)


@check("llm-prompt-registry")
def registry(prompts: Prompts) -> Verdict:
    """Register each prompt version, and let an alias (`champion`) or the configuration say which one is used."""
    return judged(prompts.registry)


@check("llm-promotion-policy")
def policy(promotion_policy: Seen) -> Verdict:
    """Write down when a prompt may be promoted without a person, and let the promoting code obey that file."""
    return judged(promotion_policy)
