import os
import shutil
import subprocess
import sys

import pytest

SHOW = """
import sys
from monitor.alerts.desktop import DesktopNotifications
from monitor.events import Cue
desktop = DesktopNotifications()
for text in sys.argv[1:]:
    desktop.show(Cue(1.0, "nudge", text))
desktop.close()
print(desktop.problem)
"""
SERVICE = """
dbus-monitor "interface='org.freedesktop.Notifications'" > "$1" & monitor=$!
xvfb-run -a dunst & dunst=$!
trap 'kill $monitor $dunst' EXIT
gdbus wait --session --timeout 20 org.freedesktop.Notifications
log=$1; shift; "$@"
timeout 20 bash -c 'until [ "$(grep -c "member=Notify$" "$0")" = 2 ]; do :; done' "$log"
"""


def needs(*programs: str) -> None:
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed")


def test_a_cue_is_on_the_desktop(tmp_path):
    needs("dbus-run-session", "dbus-monitor", "gdbus", "dunst", "xvfb-run")
    log = tmp_path / "bus"
    show = [sys.executable, "-c", SHOW, "Back to the invoice?", "Und nun zurück."]
    command = ["dbus-run-session", "--", "bash", "-c", SERVICE, "bash", str(log), *show]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "None", "no problem"
    sent = log.read_text(encoding="utf8")
    assert sent.count("member=Notify\n") == 2
    assert "Back to the invoice?" in sent
    assert "Und nun zurück." in sent
    assert "member=CloseNotification" in sent, "one at a time"


@pytest.mark.parametrize("bus", ["unix:path=/nowhere/bus", ""])
def test_without_a_desktop_there_is_one_line_and_no_noise(bus):
    environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": bus}
    command = [sys.executable, "-c", SHOW, "one", "two"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env=environment)
    [line] = done.stdout.splitlines()
    assert line.startswith("the desktop notification does not work here (")
    assert done.stderr == ""
