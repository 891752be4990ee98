"""Copy what `path` names, less what its `!` patterns exclude, as actions/upload-artifact would upload it."""

import os
import shutil
from pathlib import Path


def main() -> None:
    patterns = os.environ["UPLOAD_PATH"].split()
    left_out = {file for pattern in patterns if pattern.startswith("!") for file in Path().glob(pattern[1:])}
    target = Path(os.environ["ARTIFACTS"]) / os.environ["UPLOAD_NAME"]
    roots = [Path(pattern) for pattern in patterns if not pattern.startswith("!")]
    above = roots[0] if len(roots) == 1 and roots[0].is_dir() else Path()  # a folder alone is the artifact's root
    for root in roots:
        for file in [root, *root.rglob("*")]:
            if file.is_file() and file not in left_out:
                place = target / file.relative_to(above)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, place)


if __name__ == "__main__":
    main()
