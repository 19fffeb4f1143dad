"""The strip on a virtual desktop, clicked like a user would."""

import importlib.util
import shutil
import subprocess
import sys

import pytest

SHOW = """
import subprocess, sys, threading
from monitor.alerts.strip import Strip
from monitor.events import Cue
from monitor.pipeline import Status

def wait(*command):
    while not (found := subprocess.run(command, capture_output=True, text=True).stdout.split()):
        assert strip.problem is None, strip.problem
    return found

def height():
    shape = subprocess.run(["xdotool", "getwindowgeometry", "--shell", window], capture_output=True, text=True).stdout
    return int(dict(line.split("=") for line in shape.split())["HEIGHT"])

snoozed = threading.Event()
strip = Strip(snoozed.set)
[window] = wait("xdotool", "search", "--onlyvisible", "--name", "^monitor$")
strip.status(Status(200.0, 0.0, (-20.0,), 130.0, 120.0, 0.0))
small = height()
strip.show(Cue(200.0, "nudge", "Wo waren wir gerade? Bei den Preisen, glaube ich.", "bridge"))
while height() == small:
    pass
subprocess.run(["xdotool", "mousemove", "--window", window, "40", "8", "click", "1"], check=True)
assert snoozed.wait(20)
while height() != small:
    pass
strip.close()
print("problem:", strip.problem)
"""


def needs(*programs: str) -> None:
    missing = [program for program in programs if not shutil.which(program)]
    missing += [] if importlib.util.find_spec("tkinter") else ["python3-tk"]
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed")


def test_the_strip_shows_the_phrase_and_a_click_snoozes():
    needs("xvfb-run", "xdotool")
    command = ["xvfb-run", "-a", sys.executable, "-c", SHOW]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "problem: None"


def test_without_a_desktop_the_strip_says_so():
    show = "from monitor.alerts.strip import Strip; s = Strip(print); s._reader.join(60); print(s.problem); s.close()"
    command = ["env", "-u", "DISPLAY", "-u", "WAYLAND_DISPLAY", sys.executable, "-c", show]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True)
    assert done.stdout.startswith("the strip does not work here (")
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""
