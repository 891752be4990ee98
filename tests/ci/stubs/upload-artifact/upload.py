"""Copy what `path` names, less what its `!` patterns exclude, as actions/upload-artifact would upload it."""

import os
import shutil
from pathlib import Path


def main() -> None:
    patterns = os.environ["UPLOAD_PATH"].split()
    left_out = {file for pattern in patterns if pattern.startswith("!") for file in Path().glob(pattern[1:])}
    target = Path(os.environ["ARTIFACTS"]) / os.environ["UPLOAD_NAME"]
    for root in (Path(pattern) for pattern in patterns if not pattern.startswith("!")):
        for file in [root, *root.rglob("*")]:
            if file.is_file() and file not in left_out:
                (target / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target / file)


if __name__ == "__main__":
    main()
