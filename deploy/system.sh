#!/bin/sh
# The Debian packages a target needs: installed through apt when root, else one line says what to install.
# Usage: deploy/system.sh run|test
set -eu

missing=""
need() { missing="$missing $1"; }
has_library() { ldconfig -p 2>/dev/null | grep -q "$1" || /sbin/ldconfig -p 2>/dev/null | grep -q "$1"; }
has_command() { PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null 2>&1; }

has_library 'libpango-1\.0\.so' || need libpango-1.0-0
has_library 'libpangoft2-1\.0\.so' || need libpangoft2-1.0-0
has_library 'libharfbuzz-subset\.so' || need libharfbuzz-subset0
if [ "${1:-run}" = test ]; then
    has_command chromium || need chromium
    has_command dovecot || need dovecot-imapd
    ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || [ -n "${TEST_POSTGRES_URL:-}" ] || need postgresql
fi

[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && has_command apt-get; then
    echo "Debian packages:$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086 # one word a package
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "Missing system packages. Install them first:  sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
