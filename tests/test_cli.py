"""The command line as a user runs it: a process of its own, with a home folder of its own."""

import json
from pathlib import Path

import pytest

COMMANDS = (
    "",
    "listen",
    "demo",
    "devices",
    "models",
    "models list",
    "models fetch",
    "models remove",
    "classify",
    "sessions",
    "review",
)
LINES = (
    {"call": "a", "start": 0.0, "end": 3.0, "speaker": "me", "text": "The invoice goes out today.", "lang": "en"},
    {"call": "a", "start": 4.0, "end": 9.0, "speaker": "client", "text": "My dog ate the sofa again.", "lang": "en"},
    {"call": "b", "start": 0.0, "end": 2.0, "speaker": "unknown", "text": "Der Entwurf ist fertig.", "lang": "de"},
)


def assert_one_line(result, *words: str) -> None:
    """One line for the user, with these words in it, and exit status 2."""
    assert result.returncode == 2, result.stderr
    assert result.stderr.startswith("monitor: ")
    assert result.stderr.count("\n") == 1, result.stderr
    for word in words:
        assert word in result.stderr


def write_lines(path: Path, lines=LINES) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf8")
    return path


def write_config(home: Path, text: str) -> None:
    for folder in (home / "config" / "monitor", home / "Library" / "Application Support" / "monitor"):
        folder.mkdir(parents=True)
        (folder / "monitor.toml").write_text(text, encoding="utf8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(command, name):
    result = command(*name.split(), "--help")
    assert result.returncode == 0, result.stderr
    assert f"Example: monitor {name}".rstrip() in result.stdout


def test_the_help_names_the_defaults(command):
    shown = " ".join(command("listen", "--help").stdout.replace("│", " ").split())
    assert "[default: 120]" in shown
    assert shown.count("[default: auto]") == 2


def test_version(command):
    result = command("--version")
    assert result.returncode == 0
    assert result.stdout.startswith("monitor ")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no such file"),
        (b"Dear client,\n", "not an audio file"),
        (b"", "not an audio file"),
        ("folder", "folder"),
    ],
)
def test_input_that_is_no_audio(command, home, content, words):
    path = home / "call.wav"
    if content == "folder":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    assert_one_line(command("listen", "--input", path, "--model", "pocket"), "call.wav", words)


def test_a_speed_that_is_no_number(command, silence):
    assert_one_line(command("listen", "--input", silence, "--speed", "fast"), "--speed", "fast")


def test_an_unknown_model(command, silence):
    assert_one_line(command("listen", "--input", silence, "--model", "enormous"), "enormous", "small")


def test_a_known_model_that_is_not_here(command, silence):
    assert_one_line(command("listen", "--input", silence, "--model", "small"), "monitor models fetch small")


def test_a_broken_model_folder(command, home, silence):
    folder = home / "my-model"
    folder.mkdir()
    (folder / "config.json").write_text("{}", encoding="utf8")
    assert_one_line(command("listen", "--input", silence, "--model", folder), "my-model", "model.bin")


def test_no_such_device(command):
    result = command("listen", "--mic", "no such microphone", "--model", "pocket")
    assert_one_line(result, "PortAudio" if "PortAudio" in result.stderr else "no such microphone")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("limits = 90", "limits"),
        ("limit = 0", "limit"),
        ('limit = "soon"', "limit"),
        ("limit = = 90", "not valid TOML"),
    ],
)
def test_settings_that_make_no_sense(command, home, silence, text, words):
    write_config(home, text)
    assert_one_line(command("listen", "--input", silence), "monitor.toml", words)


def test_empty_settings_are_the_defaults(command, home, silence):
    write_config(home, "")
    assert_one_line(command("listen", "--input", silence), "monitor models fetch", "--model PATH")


def test_settings_are_used(command, home, silence):
    write_config(home, 'model = "enormous"')
    assert_one_line(command("listen", "--input", silence), "enormous")


def test_silence_is_a_session_without_utterances(after_silence):
    _, result = after_silence
    assert result.returncode == 0, result.stderr
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert "utterance" not in {event["event"] for event in events}
    assert events[-1]["event"] == "summary"
    assert events[-1]["utterances"] == 0


def test_sessions_and_review_as_json(after_silence):
    command, _ = after_silence
    listed = json.loads(command("sessions", "--json").stdout)
    assert [(info["source"], info["model"], info["speakers"]) for info in listed] == [
        ("silence.wav", "pocket", ["unknown"])
    ]
    review = json.loads(command("review", str(listed[0]["id"]), "--json").stdout)
    assert review["session"] | {"talk": review["talk"]} == listed[0]
    assert review["transcript"] == []


def test_review_of_a_session_that_is_not_there(after_silence):
    command, _ = after_silence
    assert_one_line(command("review", "99"), "99")


def test_review_of_the_last_session(after_silence):
    command, _ = after_silence
    result = command("review")
    assert result.returncode == 0, result.stderr
    assert "Nothing was said." in result.stdout


def test_review_without_sessions(command):
    assert_one_line(command("review"), "no session")


def test_classify_writes_what_a_scorer_needs(command, home):
    source, target = write_lines(home / "calls.jsonl"), home / "topics.jsonl"
    result = command("classify", source, target)
    assert result.returncode == 0, result.stderr
    rows = [json.loads(line) for line in target.read_text(encoding="utf8").splitlines()]
    assert [(row["call"], row["start"], row["end"]) for row in rows] == [("a", 0, 3), ("a", 4, 9), ("b", 0, 2)]
    for row in rows:
        assert set(row) == {"call", "start", "end", "p_personal", "label", "alert"}
        assert 0 <= row["p_personal"] <= 1
        assert row["label"] in ("work", "personal")
        assert row["alert"] in (True, False)
    assert sorted(path.name for path in home.glob("topics*")) == ["topics.jsonl"]


def test_classify_takes_any_line_separator_inside_a_text(command, home):
    source = home / "calls.jsonl"
    source.write_text(json.dumps(LINES[0] | {"text": "one\u2028two"}, ensure_ascii=False), encoding="utf8")
    result = command("classify", source, "/dev/stdout")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["call"] == "a"


@pytest.mark.parametrize("broken", ['{"call": "a", ', "[1, 2]", '{"call": "a", "start": 0}'])
def test_classify_names_the_broken_line(command, home, broken):
    source, target = write_lines(home / "calls.jsonl", LINES[:2]), home / "topics.jsonl"
    with source.open("a", encoding="utf8") as file:
        file.write(broken + "\n")
    assert_one_line(command("classify", source, target), "line 3")
    assert not list(home.glob("topics*"))


def test_classify_of_no_such_file(command):
    assert_one_line(command("classify", "nothing.jsonl", "topics.jsonl"), "nothing.jsonl")


@pytest.mark.parametrize("out", ["missing/topics.jsonl", "calls.jsonl/topics.jsonl", "folder"])
def test_classify_into_what_cannot_be_written(command, home, out):
    (home / "folder").mkdir()
    source = write_lines(home / "calls.jsonl", LINES[:1])
    assert_one_line(command("classify", source, home / out), out, "cannot be written")


def test_debug_shows_the_traceback(command):
    result = command("--debug", "review")
    assert result.returncode == 2
    assert "Traceback" in result.stderr
    assert "MonitorError" in result.stderr


def test_debug_behind_the_command_is_a_usage_error(command):
    result = command("review", "--debug")
    assert result.returncode == 2
    assert "No such option" in result.stderr
    assert "Traceback" not in result.stderr


def test_devices_as_json(command):
    result = command("devices", "--json")
    if "PortAudio" in result.stderr:
        pytest.skip("PortAudio is not installed")
    for device in json.loads(result.stdout):
        assert device["kind"] in ("microphone", "loopback")
        assert device["name"]


@pytest.mark.parametrize("arguments", [("models",), ("models", "list")])
def test_models_that_are_here_and_that_can_be_fetched(command, arguments):
    shown = command(*arguments).stdout
    for words in ("pocket", "trying out", "large-v3-turbo", "recommended"):
        assert words in shown


def test_models_as_json(command):
    models = json.loads(command("models", "list", "--json").stdout)
    assert [model["name"] for model in models if model["path"]] == ["pocket"]
    assert sum(model["recommended"] for model in models) == 1


@pytest.mark.parametrize("action", ["fetch", "remove"])
def test_models_of_no_such_name(command, action):
    assert_one_line(command("models", action, "enormous"), "enormous")
