"""Write into each `level.toml` which files the level adds and changes, as its folders hold them.

Run it after adding a file to a level: `uv run python tools/list_files.py`.
"""

from __future__ import annotations

import tomlkit

from mlops_ladder.project.layers import LEVELS, file_lists, templates_root


def main() -> None:
    """Rewrite the `[files]` table of every level."""
    for level in LEVELS:
        path = templates_root() / f"level{level}" / "level.toml"
        document = tomlkit.parse(path.read_text("utf-8"))
        files = tomlkit.table()
        for key, paths in file_lists(level).items():
            files[key] = tomlkit.item(list(paths)).multiline(len(paths) > 1)
        document["files"] = files
        text = tomlkit.dumps(document)
        if text != path.read_text("utf-8"):
            path.write_text(text, "utf-8")
            print(f"{path.name} of level {level}: {len(files['adds'])} added, {len(files['changes'])} changed")


if __name__ == "__main__":
    main()
