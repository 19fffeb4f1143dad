import threading

from monitor.alerts import snooze
from monitor.alerts.snooze import Request


def test_a_call_takes_the_request_once(tmp_path):
    answers = []
    asker = threading.Thread(target=lambda: answers.append(snooze.ask(tmp_path, Request(600, "krank"), answer_s=30)))
    asker.start()
    request = None
    while request is None and asker.is_alive():
        request = snooze.take(tmp_path)
    asker.join()
    assert request == Request(600, "krank")
    assert answers == [True]
    assert snooze.take(tmp_path) is None


def test_without_a_call_nothing_stays_behind(tmp_path):
    assert not snooze.ask(tmp_path, Request(600, ""), answer_s=0)
    assert list(tmp_path.iterdir()) == []


def test_nonsense_is_no_request(tmp_path):
    for text in ("", "[]", "{}", '{"length_s": "long", "reason": ""}'):
        (tmp_path / "snooze.json").write_text(text)
        assert snooze.take(tmp_path) is None
