#!/usr/bin/env bash
# Installs what the tests need on Debian or Ubuntu, system packages too, and runs them.
set -euo pipefail
cd "$(dirname "$0")/.."

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

packages=(alsa-utils chromium dbus dunst espeak-ng libasound2-plugins libportaudio2 pulseaudio pulseaudio-utils python3-tk
    python3-venv xdotool xvfb)
if ! dpkg -s "${packages[@]}" >/dev/null 2>&1; then
    as_root apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${packages[@]}"
fi

[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/pip install -q -e '.[test]'
exec .venv/bin/pytest "$@"
