#!/bin/sh
# Resolves pyproject.toml again for every supported Python and platform, with hashes. uv lives in a throw-away venv.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sh scripts/create_venv.sh "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check uv
compile="$work/venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade"
$compile pyproject.toml --output-file requirements.lock
$compile --group dev --constraints requirements.lock --output-file requirements-dev.lock
