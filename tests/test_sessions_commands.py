"""The commands over stored sessions, after a call in which nothing was said."""

import json


def test_filters_of_the_list(after_silence):
    command, _ = after_silence
    assert len(json.loads(command("sessions", "--json").stdout)) == 1
    for none in (["--client", "nobody"], ["--until", "2001-01-01"], ["--since", "2101-01-01"], ["--share", "1"]):
        assert json.loads(command("sessions", "--json", *none).stdout) == []
    assert command("sessions", "--since", "yesterday").returncode == 2


def test_a_session_moves_and_is_forgotten(command, silence, home):
    done = command("listen", "--input", silence, "--speed", "max", "--model", "pocket", "--no-notify")
    assert done.returncode == 0
    assert command("export", "all", "sessions.json").returncode == 0
    assert "say --yes" in command("forget", "all").stderr
    assert command("forget", "all", "--yes").returncode == 0
    assert json.loads(command("sessions", "--json").stdout) == []
    assert "1 sessions taken up" in command("import", "sessions.json").stderr
    assert command("review", "--md").stdout.startswith("# Call")
    assert command("review", "--csv").stdout.startswith("start,end,speaker")
    assert "nothing found" in command("search", "urlaub").stderr


def test_forgetting_needs_a_word_what(command):
    done = command("forget")
    assert done.returncode == 2
    assert "say what to forget" in done.stderr
