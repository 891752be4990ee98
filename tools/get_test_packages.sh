#!/bin/sh
# Install from Debian what some tests call, where it is missing and may be installed. Elsewhere those tests are skipped.
set -eu
missing=
command -v rsync >/dev/null || missing="$missing rsync"          # GitLab's pipeline, run on this machine
command -v chromium >/dev/null || missing="$missing chromium"    # the report of `ladder assess`, looked at in a browser
command -v jq >/dev/null || missing="$missing jq"                # which GitHub's command line has built in
command -v buildah >/dev/null || missing="$missing buildah"      # the image of a generated project, built and run
command -v debootstrap >/dev/null || missing="$missing debootstrap"  # the image that it is built on
command -v kubectl >/dev/null || missing="$missing kubernetes-client"  # the manifests for Kubernetes, put together
command -v wrk >/dev/null || missing="$missing wrk"              # hundreds of thousands of requests for the service
command -v zsh >/dev/null || missing="$missing zsh"              # completion of the command line, in the shells that have it
command -v prometheus >/dev/null || missing="$missing prometheus"    # which scrapes the service of a generated project
command -v amtool >/dev/null || missing="$missing prometheus-alertmanager"  # and tells whoever is to act
[ -n "$missing" ] || exit 0
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "not installed:$missing" >&2; exit 0; }
echo "installing for the tests:$missing" >&2
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 # no question, and no server that starts by itself
apt-get update -qq
# One by one: what a mirror lacks shall not keep the others out.
for package in $missing; do
    apt-get install -y -qq --no-install-recommends "$package" >/dev/null || echo "not installed: $package" >&2
done
