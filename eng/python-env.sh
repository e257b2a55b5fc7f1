#!/usr/bin/env bash
# Makes .venv at the root of the repository: a Python environment that can run Snakepit's workers. The build runs this script, which does
# nothing if .venv is usable already. Otherwise it tries three ways, one after another: a virtual environment on top of a Python that has
# grpcio and protobuf; an environment into which pip installs both; and, when run as root, Debian's packages.
# Some tests of workers need NumPy too. The script tries once to install it, and goes on without it: those tests are then skipped.
# An environment that somebody else has made is used if it fits, and neither replaced nor changed.
# If SNAKEPIT_PYTHON is set, the script only checks that interpreter and makes no environment.
# With the argument --with-all, it also tries to install scikit-learn and what the peers need (other ways to call Python, with which studies
# compare the pool), and goes on without them: their tests are then skipped, and the peers are not measured and say what they lack.
set -u -o pipefail
unset CDPATH # the shell would look for a relative folder there first, and might find one of another project

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv
check='
import sys
if sys.version_info < (3, 11): sys.exit("it is Python %d.%d" % sys.version_info[:2])
try:
    import grpc, google.protobuf as protobuf
except ImportError as error:
    sys.exit(str(error))
number = lambda text: tuple(int(part) for part in text.split(".")[:2])
if number(grpc.__version__) < (1, 51): sys.exit("grpcio is " + grpc.__version__)
if number(protobuf.__version__) < (3, 21): sys.exit("protobuf is " + protobuf.__version__)
'
wanted="Python 3.11 or newer with grpcio 1.51 and protobuf 3.21 or newer"
tried=""

made=$venv/made-by-snakepit # marks an environment that this script has made and may replace

fits() { "$1" -c "$check" 2>/dev/null; }
note() { tried+="${tried:+; }$1"; }

fail() {
  local how="on Debian: apt-get install python3-grpcio python3-protobuf; elsewhere: pip install grpcio protobuf"
  echo "Snakepit needs $wanted, and none could be found or installed ($tried)." \
    "Install it ($how), or set SNAKEPIT_PYTHON to an interpreter that has it."
  exit 1
}

if [ -n "${SNAKEPIT_PYTHON:-}" ]; then
  why=$("$SNAKEPIT_PYTHON" -c "$check" 2>&1) && exit 0
  echo "SNAKEPIT_PYTHON names '$SNAKEPIT_PYTHON', which is not $wanted: ${why##*$'\n'}." \
    "Name another one, or unset it and let the build make .venv."
  exit 1
fi

exec 9>"$root/.venv.lock"
flock 9
# Installs NumPy for .venv if it is missing and if that was not tried before.
with_numpy() {
  local has='import importlib.util, sys; sys.exit(importlib.util.find_spec("numpy") is None)'
  "$venv/bin/python3" -c "$has" && return
  [ -e "$venv/numpy-was-tried" ] && return
  touch "$venv/numpy-was-tried"
  if [ -x "$venv/bin/pip" ]; then
    PIP_DEFAULT_TIMEOUT=10 timeout 300 "$venv/bin/pip" install --quiet --disable-pip-version-check --retries 0 numpy >/dev/null 2>&1
  else
    "$root/eng/install-packages.sh" python3-numpy
  fi
}

with_scikit_learn() {
  local has='import importlib.util, sys; sys.exit(importlib.util.find_spec("sklearn") is None)'
  "$venv/bin/python3" -c "$has" || "$root/eng/install-packages.sh" python3-sklearn
}

# Installs what the peers need, for an environment over Debian's Python. Peer.cs has the same packages.
with_peers() {
  local has='import ctypes, fastapi, gunicorn, httptools, sysconfig, uvicorn, uvloop; ctypes.CDLL(sysconfig.get_config_var("INSTSONAME"))'
  "$venv/bin/python3" -c "$has" 2>/dev/null ||
    "$root/eng/install-packages.sh" python3-fastapi python3-uvicorn python3-uvloop python3-httptools gunicorn libpython3.11
}

done_with_venv() {
  touch "$made"
  with_numpy
  [ "${1:-}" != --with-all ] || { with_scikit_learn; with_peers; }
  exit 0
}

if [ -e "$venv" ] && [ ! -e "$made" ]; then
  why=$("$venv/bin/python3" -c "$check" 2>&1) && exit 0
  echo "$venv was not made by this build and is not $wanted: ${why##*$'\n'}." \
    "Install what is missing into it, move it away so that the build makes another one, or set SNAKEPIT_PYTHON to an interpreter that fits."
  exit 1
fi

fits "$venv/bin/python3" && done_with_venv "$@"

# Prints the paths of all python3 interpreters on PATH and of Debian's own, each once. A wrapper, such as pyenv's, is replaced by the
# interpreter that it starts.
interpreters() {
  { type -ap python3; echo /usr/bin/python3; } | while read -r candidate; do
    "$candidate" -c 'import sys; print(sys.executable)' 2>/dev/null
  done | awk '!seen[$0]++'
}

over() {
  rm -rf "$venv"
  "$1" -m venv --without-pip --system-site-packages "$venv" >/dev/null 2>&1 && touch "$made" && fits "$venv/bin/python3"
}

over_installed() {
  local candidate
  while read -r candidate; do
    fits "$candidate" && over "$candidate" && return 0
  done < <(interpreters)
  return 1
}

with_pip() {
  local candidate
  while read -r candidate; do
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || continue
    rm -rf "$venv"
    "$candidate" -m venv "$venv" >/dev/null 2>&1 && touch "$made" || continue
    PIP_DEFAULT_TIMEOUT=10 timeout 300 "$venv/bin/python3" -m pip install --quiet --disable-pip-version-check --retries 0 \
      'grpcio>=1.51' 'protobuf>=3.21' >/dev/null 2>&1 && fits "$venv/bin/python3" && return 0
  done < <(interpreters)
  return 1
}

with_apt() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends python3 python3-grpcio python3-protobuf; } >/dev/null 2>&1
  fits /usr/bin/python3 && over /usr/bin/python3
}

over_installed && done_with_venv "$@"
note "no interpreter on PATH has both"
with_pip && done_with_venv "$@"
note "pip could not install them"
with_apt && done_with_venv "$@"
note "apt could not install them, or this is not root on Debian"
rm -rf "$venv"
fail
