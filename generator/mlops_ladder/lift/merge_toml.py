"""TOML of both sides, merged by what it means; requirements go by the name of their package.

The user's text stays as it is written: tomlkit changes only the places whose value changes, and the result is read
again and compared with what it must mean.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Hashable
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from mlops_ladder.facts.requirements import requirement
from mlops_ladder.lift.meeting import GiveUp

_NOTHING: Any = object()  # in the place of a value that a side does not have
_NAME = re.compile(r"[\w.-]+")


class Clash(GiveUp):
    """Both sides changed the same values: three texts that differ in these only, for the base, ours and theirs."""

    def __init__(self, base: str, ours: str, theirs: str) -> None:
        super().__init__("the same value changed on both sides")
        self.texts = (base, ours, theirs)


def toml(base: str, ours: str, theirs: str) -> str:
    """Merge two TOML texts by their values, keeping ours as it is written.

    Raises:
        Clash: a value that both changed is all that stands between them.
        GiveUp: one is no TOML, or one side took away or moved what the other changed.
    """
    try:
        before, mine, new = (tomllib.loads(text) for text in (base, ours, theirs))
        clashed = False

        def choose(which: int) -> str:
            def chosen(*values: Any) -> Any:
                nonlocal clashed
                clashed = True
                return values[which]

            return _written(ours, _with_groups(merged(before, mine, new, chosen), before, new), theirs)

        text = choose(1)
        texts = [choose(0), text, choose(2)] if clashed else []
    except (tomllib.TOMLDecodeError, TOMLKitError) as error:
        raise GiveUp from error
    if texts:
        raise Clash(*texts)
    return text


def with_new_groups(base: str, merged_text: str, theirs: str) -> str:
    """A merged text whose own list of groups to install also names those that come, as "all" would have."""
    try:
        before, mine, new = (tomllib.loads(text) for text in (base, merged_text, theirs))
        wanted = _with_groups(mine, before, new)
        return merged_text if wanted == mine else _written(merged_text, wanted, theirs)
    except (GiveUp, tomllib.TOMLDecodeError, TOMLKitError):
        return merged_text


def is_toml(text: str) -> bool:
    """Whether a text can be read as TOML."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def merged(base: Any, ours: Any, theirs: Any, clash: Callable[[Any, Any, Any], Any]) -> Any:
    """Three plain values made one; `clash` decides where both sides gave the same key or package a new value.

    Raises:
        GiveUp: one side took away or reordered what the other changed.
    """
    settled = _one_sided(base, ours, theirs)
    if settled is not None:
        return settled
    if isinstance(ours, dict) and isinstance(theirs, dict) and (base is _NOTHING or isinstance(base, dict)):
        before = {} if base is _NOTHING else base
        result = {}
        for key in dict.fromkeys((*ours, *theirs)):
            result[key] = merged(before.get(key, _NOTHING), ours.get(key, _NOTHING), theirs.get(key, _NOTHING), clash)
        return {key: value for key, value in result.items() if value is not _NOTHING}
    if isinstance(ours, list) and isinstance(theirs, list) and (base is _NOTHING or isinstance(base, list)):
        return _merged_lists([] if base is _NOTHING else base, ours, theirs, clash)
    if ours is _NOTHING or theirs is _NOTHING:
        raise GiveUp
    return clash(base, ours, theirs)


def _merged_lists(base: list[Any], ours: list[Any], theirs: list[Any], clash: Callable[..., Any]) -> list[Any]:
    packages = _are_packages(base, ours, theirs)
    before, mine, new = (_keyed(side, packages) for side in (base, ours, theirs))
    if not packages and [key for key in new if key in before] != [key for key in before if key in new]:
        raise GiveUp  # their order is new, and may carry meaning
    result = []
    for key in dict.fromkeys((*mine, *new)):
        item = _merged_item(before.get(key, _NOTHING), mine.get(key, _NOTHING), new.get(key, _NOTHING), clash)
        if item is not _NOTHING:
            result.append(item)
    return result


def _merged_item(base: Any, ours: Any, theirs: Any, clash: Callable[..., Any]) -> Any:
    settled = _one_sided(base, ours, theirs)
    if settled is not None:
        return settled
    if ours is _NOTHING or theirs is _NOTHING:
        return ours  # who took a package out, or changed one that goes, meant it
    if base is not _NOTHING:
        # The user's extras and the new bound, say, go together.
        parts = [_one_sided(*values) for values in zip(*map(_parts, (base, ours, theirs)), strict=True)]
        if None not in parts:
            return "".join(parts)
    return clash(base, ours, theirs)


def _parts(asked: str) -> tuple[str, str, str, str]:
    """Name, extras, versions and condition of a requirement, as they are written."""
    head, semicolon, condition = asked.partition(";")
    match = _NAME.match(head)
    name, rest = (match.group(), head[match.end() :]) if match else ("", head)
    extras, bracket, versions = rest.partition("]") if rest.lstrip().startswith("[") else ("", "", rest)
    return name, extras + bracket, versions, semicolon + condition


def _one_sided(base: Any, ours: Any, theirs: Any) -> Any:
    """What a value becomes that at most one side changed, or both alike; None, which TOML has not, for any other."""
    if theirs == base or ours == theirs:
        return ours
    return theirs if ours == base else None


def _are_packages(*lists: list[Any]) -> bool:
    """Whether lists hold requirements: at least one asks for some versions."""
    asked = [requirement(item) for items in lists for item in items if isinstance(item, str)]
    return any(one and one.spec for one in asked)


def _keyed(items: list[Any], packages: bool) -> dict[Hashable, Any]:
    """The items of a list by what they are about: a package's name, or themselves.

    Raises:
        GiveUp: two are about the same.
    """
    found = {_about(item, packages): item for item in items}
    if len(found) != len(items):
        raise GiveUp
    return found


def _about(item: Any, packages: bool) -> Hashable:
    asked = requirement(item) if packages and isinstance(item, str) else None
    return asked.name if asked else f"={item!r}"


def _with_groups(wanted: dict[str, Any], base: Any, theirs: Any) -> dict[str, Any]:
    """With new groups among those that are installed, where the user named some and the template says all."""
    groups = [group for group in theirs.get("dependency-groups", {}) if group not in base.get("dependency-groups", {})]
    listed = _uv(wanted)
    if not groups or not isinstance(listed, list) or _uv(theirs) != "all":
        return wanted
    uv = {**wanted["tool"]["uv"], "default-groups": [*listed, *(name for name in groups if name not in listed)]}
    return {**wanted, "tool": {**wanted["tool"], "uv": uv}}


def _uv(values: dict[str, Any]) -> Any:
    uv = values.get("tool", {}).get("uv", {})
    return uv.get("default-groups") if isinstance(uv, dict) else None


def _written(ours: str, wanted: dict[str, Any], theirs: str) -> str:
    """Our text, changed to mean what is wanted."""
    document = tomlkit.parse(ours)
    _bring(document, wanted, tomlkit.parse(theirs))
    text = tomlkit.dumps(document)
    if tomllib.loads(text) != wanted:
        raise GiveUp
    return text


def _bring(target: Any, wanted: dict[str, Any], source: Any) -> None:
    """Bring a tomlkit table to the wanted values, taking what is new from the table `source`."""
    for key in [key for key in target if key not in wanted]:
        target.remove(key)
    for key, value in wanted.items():
        there = target.get(key)
        if there is not None and _plain(there) == value:
            continue
        given = source.get(key) if isinstance(source, dict) else None
        if isinstance(value, dict) and isinstance(there, dict):
            _bring(there, value, given if isinstance(given, dict) else {})
        elif isinstance(value, list) and isinstance(there, list):
            _bring_list(there, value)
        else:
            target[key] = given if given is not None and _plain(given) == value else value


def _bring_list(target: Any, wanted: list[Any]) -> None:
    packages = _are_packages(_plain(target), wanted)
    by_key = _keyed(wanted, packages)
    for at in reversed(range(len(target))):
        item = _plain(target[at])
        about = _about(item, packages)
        if about not in by_key:
            del target[at]
        elif item != by_key[about]:
            target[at] = by_key[about]
    for item in wanted[len(target) :]:
        target.append(item)


def _plain(value: Any) -> Any:
    return value.unwrap() if hasattr(value, "unwrap") else value
