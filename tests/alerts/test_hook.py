import json
import shlex
import sys
from pathlib import Path

import pytest

from monitor.alerts.hook import Hook
from monitor.events import Cue

CUE = Cue(125.5, "nudge", "Zurück zum Müggelsee?", "bridge")


def python(code: str, *arguments: object) -> str:
    return shlex.join([sys.executable, "-c", code, *map(str, arguments)])


def test_the_command_gets_the_cue_as_json(tmp_path: Path):
    out = tmp_path / "cue.json"
    hook = Hook(python("import sys, pathlib; pathlib.Path(sys.argv[1]).write_bytes(sys.stdin.buffer.read())", out))
    hook.show(CUE)
    hook.close()
    assert hook.problem is None
    assert json.loads(out.read_text(encoding="utf-8")) == {
        "event": "cue",
        "at": 125.5,
        "stage": "nudge",
        "text": "Zurück zum Müggelsee?",
        "strategy": "bridge",
    }


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        (python("import sys; sys.exit('the lamp is off')"), "exit status 1 the lamp is off"),
        ("/nowhere/lamp", "No such file"),
        (python("import time; time.sleep(60)"), "longer than"),
    ],
)
def test_a_command_that_fails_or_hangs_is_told_and_left_alone(command, complaint):
    hook = Hook(command, limit_s=0.5 if "sleep" in command else 30)
    hook.show(CUE)
    hook._thread.join(30)
    assert complaint in hook.problem
    hook.show(CUE)
    hook.close()


@pytest.mark.parametrize("command", ["", "lamp 'on"])
def test_what_is_no_command_is_refused(command):
    with pytest.raises(ValueError, match=r"empty|quot"):
        Hook(command)
