#!/bin/sh
# Install from Debian what some tests call, where it is missing and may be installed. Elsewhere those tests are skipped.
set -eu
missing=
command -v rsync >/dev/null || missing="$missing rsync"          # GitLab's pipeline, run on this machine
command -v chromium >/dev/null || missing="$missing chromium"    # the report of `ladder assess`, looked at in a browser
command -v zsh >/dev/null || missing="$missing zsh"              # completion of the command line, in the shells that have it
[ -n "$missing" ] || exit 0
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "not installed:$missing" >&2; exit 0; }
echo "installing for the tests:$missing" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing >/dev/null
