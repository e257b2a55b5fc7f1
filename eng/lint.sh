#!/usr/bin/env bash
# Checks all Python files with pyright (types) and ruff (style and format), the GitHub workflows with actionlint, and the files with which
# samples are deployed.
# With --fix, it formats the Python files and sorts their imports before it checks them.
# It needs node and npm. It installs the checkers below artifacts/ at the first run, and again when eng/lint/package-lock.json has changed.
set -euo pipefail
unset CDPATH # the shell would look for a relative folder there first, and might find one of another project
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# In a git hook, these variables name another repository, whose files would be checked.
unset $(git rev-parse --local-env-vars)

installed=artifacts/lint
lock=eng/lint/package-lock.json
for needed in node npm; do
  command -v "$needed" >/dev/null || { echo "eng/lint.sh needs $needed: install Node.js 20 or newer, which brings it."; exit 1; }
done

mkdir -p "$installed"
exec 9>"$installed/.lock" # two runs at the same time must not install into the same directory
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
