"""The commands around a call: clients, prepare, phrases, config, snooze."""

import json


def test_a_client_from_profile_to_plan(command, home):
    assert "No clients yet" in command("clients").stdout
    done = command(
        "clients", "set", "weber", "name=Frau Weber", "language=de", "rate=95", "time_box=45", "agenda=Preise"
    )
    assert done.returncode == 0, done.stderr
    [client] = json.loads(command("clients", "--json").stdout)
    assert client["profile"]["rate"] == "95"
    plan = command("prepare", "weber").stdout
    assert "45 Minuten" in plan
    assert "Preise" in plan
    assert "no call with this client" in plan
    silence = ["listen", "--input", "silence.wav", "--speed", "max", "--model", "pocket", "--no-notify"]
    assert command("clients", "remove", "weber").returncode == 0
    assert command(*silence, "--client", "weber").returncode == 2, "there is no such file yet"


def test_a_call_is_kept_with_its_client_and_settings(command, silence):
    command("clients", "set", "weber", "rate=95.50", "limit=45")
    done = command(
        "listen", "--client", "weber", "--input", silence, "--speed", "max", "--model", "pocket", "--no-notify"
    )
    assert done.returncode == 0, done.stderr
    session = json.loads(command("review", "--json").stdout)["session"]
    assert (session["client"], session["limit_s"], session["settings"]["rate"]) == ("weber", 45, "95.50")


def test_phrases_of_one_kind_and_language(command):
    [found] = json.loads(command("phrases", "bridge", "--language", "en", "--json").stdout)
    assert (found["form"], found["strategy"]) == ("en", "bridge")
    assert len(found["phrases"]) >= 12
    shown = command("phrases", "bridge", "--language", "en").stdout
    assert all(phrase in shown for phrase in found["phrases"])


def test_config_says_where_each_value_is_from(command, home):
    folder = home / "config" / "monitor"
    folder.mkdir(parents=True)
    (folder / "monitor.toml").write_text("# mine\nlimit = 77\n")
    found = json.loads(command("config", "--json").stdout)
    assert found["limit"] == {"value": 77.0, "from": f"{folder / 'monitor.toml'}, line 2"}
    assert found["sound"] == {"value": False, "from": "default"}
    (folder / "monitor.toml").write_text("limit = 77\nlimitt = 3\n")
    wrong = command("config")
    assert wrong.returncode == 2
    assert "line 2" in wrong.stderr


def test_a_snooze_without_a_call_says_so(command):
    done = command("snooze", "5", "why not")
    assert done.returncode == 2
    assert "no call is being listened to" in done.stderr


def test_a_bad_hook_is_told_before_the_call(command, silence):
    done = command(
        "listen", "--input", silence, "--speed", "max", "--model", "pocket", "--no-notify", "--on-cue", "a 'b"
    )
    assert done.returncode == 2
    assert "--on-cue" in done.stderr
