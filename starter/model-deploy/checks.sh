#!/bin/sh
# Lint and unit tests of this repository. They install packages, with the versions and hashes of
# uv-requirements.txt and uv.lock, from the package index configured on this machine. A private
# network may have none: then they are not run.
set -eu

python -m venv --clear .tools
if ! .tools/bin/python -m pip install --quiet --retries 1 --timeout 15 \
  --require-hashes --requirement uv-requirements.txt 2>.tools/pip.log; then
  cat .tools/pip.log >&2
  # pip has one exit status for all failures. An index with other files is no missing index.
  if grep --quiet "DO NOT MATCH THE HASHES" .tools/pip.log; then
    exit 1
  fi
  echo "No package index answers: lint and unit tests are not run."
  exit 0
fi
.tools/bin/uv export --quiet --frozen --no-emit-project --output-file requirements.txt
.tools/bin/uv venv --quiet --clear --python .tools/bin/python .venv
.tools/bin/uv pip sync --quiet --python .venv/bin/python requirements.txt
.venv/bin/ruff format --check .
.venv/bin/ruff check .
.venv/bin/pytest --quiet
