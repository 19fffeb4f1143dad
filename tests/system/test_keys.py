"""The live view in a real terminal: a key asks for quiet, and the terminal is left as it was."""

import sys
from pathlib import Path

import pexpect
import pytest

import monitor

CALL = Path(monitor.__file__).parent / "demo" / "call.ogg"


def test_a_key_snoozes_and_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    arguments = ["-m", "monitor", "listen", "--input", str(CALL), "--speed", "4", "--model", "pocket", "--no-notify"]
    terminal = pexpect.spawn(sys.executable, arguments, dimensions=(30, 100), timeout=60, encoding="utf8")
    terminal.expect("s: no cues")
    terminal.waitnoecho(10)
    terminal.send("s")
    terminal.expect("no cues until")
    terminal.sendintr()
    terminal.expect("Snoozes")
    terminal.expect(pexpect.EOF)
    terminal.wait()
    assert terminal.exitstatus == 0
