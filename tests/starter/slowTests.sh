#!/bin/sh
# The tests of starter/model-build that its builds leave out, with a copy of the folder.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -R "$(dirname "$0")/../../starter/model-build/." "$folder"
cd "$folder"
python3 -m venv .tools
.tools/bin/python -m pip install --quiet --require-hashes --requirement uv-requirements.txt
.tools/bin/uv run --quiet --frozen pytest --quiet -m slow
