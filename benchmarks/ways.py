#!/usr/bin/env python3
"""How long a cue takes from the decision to the user: as a desktop notification, and on the strip.

usage: benchmarks/ways.py

Runs on a D-Bus session and a virtual desktop of its own (dbus-run-session, xvfb-run, dunst, gdbus, xdotool). The
notification has reached the user when the notification daemon has answered, the strip when its window has grown.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable

from monitor.alerts.desktop import DesktopNotifications
from monitor.alerts.phrasebook import PhraseBook
from monitor.alerts.policy import AlertPolicy, AlertSettings
from monitor.alerts.strip import Strip
from monitor.events import Cue, Decision, Utterance
from monitor.pipeline import Status

PROGRAMS = ("dbus-run-session", "xvfb-run", "dunst", "gdbus", "xdotool")
SESSION = """
xvfb-run -a dunst 2>/dev/null & dunst=$!
trap 'kill $dunst' EXIT
gdbus wait --session --timeout 20 org.freedesktop.Notifications
xvfb-run -a "$@"
"""
INSIDE = "--inside"
CUES = 10
OVER_S, LIMIT_S = 130.0, 120.0
POLL_S = 0.0002


def decide() -> Cue:
    """A cue that a policy has just given."""
    policy = AlertPolicy(AlertSettings(limit_s=5, allowance_s=0), PhraseBook())
    [cue] = policy.update(Decision(Utterance(0, 10, "client", "", "en"), "personal", 0.9))
    return cue


def taken_ms(show: Callable[[Cue], None], has_come: Callable[[], bool]) -> float:
    began = time.monotonic()
    show(decide())
    while not has_come():
        time.sleep(POLL_S)
    return 1000 * (time.monotonic() - began)


class Desktop(DesktopNotifications):
    """Counts the notifications that the daemon has answered."""

    answered = 0

    def deliver(self, cue: Cue) -> None:
        super().deliver(cue)
        self.answered += 1


def desktop_ms() -> list[float]:
    desktop = Desktop()
    taken = [taken_ms(desktop.show, lambda count=count: desktop.answered > count) for count in range(CUES)]
    desktop.close()
    if desktop.problem:
        sys.exit(desktop.problem)
    return taken


def strip_ms() -> list[float]:
    """For each a new strip, as a phrase stays on it for a while."""
    taken = []
    for _ in range(CUES):
        strip = Strip(lambda: None)
        search = ("search", "--onlyvisible", "--name", "^monitor$")
        while not (found := xdotool(*search)):
            time.sleep(POLL_S)
        window = found[0]
        strip.status(Status(OVER_S, 0.0, (-20.0,), OVER_S, LIMIT_S, 0.0))
        small = height(window)
        taken.append(taken_ms(strip.show, lambda window=window, small=small: height(window) != small))
        strip.close()
    return taken


def xdotool(*words: str) -> list[str]:
    return subprocess.run(["xdotool", *words], capture_output=True, text=True, check=False).stdout.split()


def height(window: str) -> int:
    return int(dict(line.split("=") for line in xdotool("getwindowgeometry", "--shell", window))["HEIGHT"])


def main() -> None:
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        print(f"skipped: {', '.join(missing)} not installed")
    elif INSIDE in sys.argv:
        print("| way | first | median | longest |\n|---|---|---|---|")
        for name, taken in (("desktop notification", desktop_ms()), ("strip", strip_ms())):
            middle = sorted(taken)[len(taken) // 2]
            print(f"| {name} | {taken[0]:.0f} ms | {middle:.0f} ms | {max(taken):.0f} ms |", flush=True)
    else:
        inside = [sys.executable, __file__, INSIDE]
        subprocess.run(["dbus-run-session", "--", "bash", "-c", SESSION, "bash", *inside], check=True)


if __name__ == "__main__":
    main()
