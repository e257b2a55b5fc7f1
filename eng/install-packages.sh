#!/usr/bin/env bash
# Installs Debian's packages, if this is root on Debian, and fails otherwise: eng/install-packages.sh NAME...
set -u -o pipefail
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 1
export DEBIAN_FRONTEND=noninteractive
install="apt-get install -y -qq --no-install-recommends $*"
{ timeout 300 $install || { timeout 120 apt-get update -qq && timeout 300 $install; }; } >/dev/null 2>&1
