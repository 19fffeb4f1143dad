"""The app behind its guard, as a browser or another site would ask it."""

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from monitor.web.app import create_app
from monitor.web.drawer import Drawer
from monitor.web.library import Library

PORT, TOKEN = 4711, "the-token"
HOME = f"http://127.0.0.1:{PORT}"
PAGES = ["/", "/sessions/1", "/trends", "/clients", "/phrases", "/search?q=Koffer", "/live"]
ATTACK = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"


@pytest.fixture(scope="module")
def drawer() -> Iterator[Drawer]:
    drawer = Drawer()
    yield drawer
    drawer.close()


@pytest.fixture
def stranger(library: Library, keep: Callable[..., int], drawer: Drawer) -> TestClient:
    """A browser that was not opened with the token."""
    keep()
    return TestClient(create_app(library, drawer, TOKEN, PORT), base_url=HOME)


@pytest.fixture
def browser(stranger: TestClient) -> TestClient:
    stranger.get(f"/?token={TOKEN}")
    return stranger


@pytest.mark.parametrize("path", [*PAGES, "/static/style.css", "/live/events", "/nowhere", "/?token=wrong", "/?token="])
def test_without_the_token_there_is_nothing_to_see(stranger, path):
    answer = stranger.get(path)
    assert answer.status_code == 403
    assert answer.text == stranger.get("/").text, "not even whether the page exists"
    assert "set-cookie" not in answer.headers


def test_the_token_becomes_a_cookie_that_no_script_and_no_other_site_can_use(stranger):
    cookie = stranger.get(f"/?token={TOKEN}").headers["set-cookie"]
    assert TOKEN not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert stranger.get("/").status_code == 200


def test_a_made_up_cookie_opens_nothing(stranger):
    assert stranger.get("/", headers={"cookie": f"monitor-{PORT}=made-up"}).status_code == 403


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:80", ""])
def test_another_host_name_is_refused(browser, host):
    assert browser.get("/", headers={"host": host}).status_code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1", f"https://127.0.0.1:{PORT}"])
def test_another_site_is_refused(browser, origin):
    assert browser.get("/", headers={"origin": origin}).status_code == 403
    assert browser.put("/sessions/1/utterances/4/topic/work", headers={"origin": origin}).status_code == 403


def test_a_change_needs_an_origin(browser, library):
    assert browser.put("/sessions/1/utterances/4/topic/work").status_code == 403
    assert library.corrected(1) == {}


@pytest.mark.parametrize("path", [*PAGES, "/static/app.js", "/nowhere"])
def test_every_answer_has_the_strict_policy_and_is_not_cached(browser, path):
    headers = browser.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_needs_nothing_that_the_policy_forbids(browser, path):
    page = browser.get(path).text
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert "https://" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/templates/base.html",
        "/sessions",
    ],
)
def test_no_folder_and_no_other_file_can_be_reached(browser, path):
    assert browser.get(path).status_code == 404


def test_a_session_that_is_not_there_is_said_so(browser):
    answer = browser.get("/sessions/99")
    assert answer.status_code == 404
    assert "There is no session" in answer.text


def test_foreign_text_is_shown_as_text_everywhere(browser, keep, library):
    decision = library.load(1).decisions[4]
    utterance = type(decision.utterance)(610, 700, "client", f"Koffer {ATTACK}", "de")
    taken = keep(decisions=[type(decision)(utterance, "personal", 0.9)], cues=[], client=ATTACK, source=ATTACK)
    for path in [*PAGES, f"/sessions/{taken}"]:
        page = browser.get(path).text
        assert "<script>document" not in page
        assert "<img" not in page


def test_a_correction_answers_with_what_changes(browser, library):
    before = browser.get("/sessions/1").text
    answer = browser.put("/sessions/1/utterances/4/topic/work", headers={"origin": HOME}).json()
    assert (answer["topic"], answer["corrected"]) == ("work", True)
    assert answer["figures"] not in before
    assert answer["figures"] in browser.get("/sessions/1").text
    answer = browser.delete("/sessions/1/utterances/4/topic", headers={"origin": HOME}).json()
    assert (answer["topic"], answer["corrected"]) == ("personal", False)
    assert library.corrected(1) == {}


def test_only_a_topic_can_be_said(browser):
    assert browser.put("/sessions/1/utterances/4/topic/other", headers={"origin": HOME}).status_code == 404
    assert browser.put("/sessions/1/utterances/99/topic/work", headers={"origin": HOME}).status_code == 404


@pytest.mark.parametrize("path", ["/sessions/1/timeline.png", "/trends.png?chart=Minutes+of+talk&weeks=0"])
def test_a_chart_can_be_saved_as_a_picture(browser, path):
    answer = browser.get(path)
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")


def test_the_list_shows_fifty_calls_a_page_and_those_of_one_client(browser, keep):
    for _ in range(50):
        keep(decisions=(), cues=(), client="Hansen")
    assert browser.get("/").text.count("<li><a ") == 50
    assert "page 1 of 2" in browser.get("/").text
    assert browser.get("/?page=2").text.count("<li><a ") == 1
    assert browser.get("/?client=M%C3%BCller+%26+S%C3%B6hne").text.count("<li><a ") == 1


def test_sound_is_played_in_parts_and_only_if_it_is_sound(browser, keep, tmp_path):
    sound, letter = tmp_path / "call.ogg", tmp_path / "letter.txt"
    sound.write_bytes(b"OggS and more")
    letter.write_text("private")
    kept = keep(settings={"audio": str(sound)})
    answer = browser.get(f"/sessions/{kept}/audio", headers={"range": "bytes=0-3"})
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (206, b"OggS", "audio/ogg")
    assert browser.get(f"/sessions/{keep(settings={'audio': str(letter)})}/audio").status_code == 404
    assert browser.get("/sessions/1/audio").status_code == 404
