#!/bin/sh
# Put uv into .tools/bin where PATH has none.
set -eu
command -v uv >/dev/null && exit 0

[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && may_install=yes || may_install=no
if ! python3 -c 'import ensurepip' 2>/dev/null && [ $may_install = yes ]; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
fi
echo "uv is not installed; putting one into .tools/" >&2
rm -rf .tools/uv
python3 -m venv .tools/uv || {
    echo "python3 cannot make a virtual environment: install python3-venv, or uv itself" >&2
    exit 1
}
.tools/uv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<0.15'
mkdir -p .tools/bin
ln -sf ../uv/bin/uv .tools/bin/uv
ln -sf ../uv/bin/uvx .tools/bin/uvx
