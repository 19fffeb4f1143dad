"""The local page in a real browser, served by the real command."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

import monitor
from monitor.events import Cue, Decision, Utterance
from monitor.sessions.store import SessionStore

DEMO = Path(monitor.__file__).parent / "demo" / "call.ogg"
ATTACK = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
LONG_MS = 90_000


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with one stored call, in which somebody said HTML."""
    home = tmp_path_factory.mktemp("home")
    with SessionStore(home / "data" / "monitor" / "sessions.sqlite3") as store:
        writer = store.begin(
            source="live",
            model="m",
            language="auto",
            speakers=["me", "client"],
            limit_s=60,
            settings={"rate": "90", "audio": str(DEMO)},
        )
        for place in range(40):
            topic = "personal" if 10 <= place < 25 else "work"
            text = (
                ATTACK
                if place == 5
                else f"Der Urlaub am Müggelsee war schön, Satz {place}."
                if place == 12
                else f"Satz {place}."
            )
            speaker = "client" if place % 2 else "me"
            utterance = Utterance(10.0 * place, 10.0 * place + 9, speaker, text, "de")
            writer.add_decision(Decision(utterance, topic, 0.9 if topic == "personal" else 0.1))
        writer.add_cue(Cue(160.0, "nudge", "Wo waren wir?", "bridge"))
        writer.finish()
    return home


def environment(home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
    }


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "monitor", "serve", "--no-open", "--json"]
    with subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())["address"]
        server.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(**getattr(request, "param", {"viewport": {"width": 1280, "height": 900}}))
    page = context.new_page()
    page.errors = []  # type: ignore[attr-defined]
    page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)  # type: ignore[attr-defined]
    page.goto(address)
    page.wait_for_url(address.split("?")[0])
    yield page
    context.close()


def test_opens_reads_and_runs_no_script_of_a_transcript(page: Page):
    page.locator('main a[href="/sessions/1"]').first.click()
    page.wait_for_url("**/sessions/1")
    expect(page.locator("#u5 .text")).to_have_text(ATTACK)
    assert "taken" not in page.title()
    assert page.locator("#u5 img").count() == 0
    assert page.errors == [], "nothing is refused by the content security policy"  # type: ignore[attr-defined]


def test_zooms_with_a_button_and_a_key(page: Page, address: str):
    page.goto(address.split("?")[0] + "sessions/1")
    wide = page.locator(".wide")
    before = wide.bounding_box()["width"]
    page.get_by_role("button", name="Zoom in").click()
    assert wide.bounding_box()["width"] == pytest.approx(2 * before, rel=0.01)
    page.keyboard.press("0")
    assert wide.bounding_box()["width"] == pytest.approx(before, rel=0.01)


def test_a_keystroke_corrects_a_label_and_the_figures_follow(page: Page, address: str, home: Path):
    page.goto(address.split("?")[0] + "sessions/1#u12")
    figures = page.locator("#figures")
    expect(figures).to_contain_text("38%")
    page.keyboard.press("w")
    expect(page.locator("#u12 .topic")).to_have_text("work")
    expect(figures).to_contain_text("35%")
    with SessionStore(home / "data" / "monitor" / "sessions.sqlite3") as store:
        assert store.load(1).decisions[12].topic == "work"
    page.keyboard.press("u")
    expect(page.locator("#u12 .topic")).to_have_text("personal")
    expect(figures).to_contain_text("38%")


def test_finds_what_was_said_and_leads_there(page: Page):
    page.keyboard.press("/")
    page.keyboard.type("muggelsee")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=muggelsee")
    page.locator(".hit").first.click()
    page.wait_for_url("**/sessions/1#u12")
    expect(page.locator("#u12")).to_be_focused()


def test_plays_what_was_said(page: Page, address: str):
    page.goto(address.split("?")[0] + "sessions/1#u12")
    page.keyboard.press("Space")
    playing = "() => { const audio = document.querySelector('audio'); return !audio.paused && audio.currentTime }"
    while not page.evaluate(playing) > 120.5:  # it was said from 120 s on
        pass
    page.keyboard.press("Space")
    assert page.evaluate(playing) is False


def test_a_wrong_token_sees_nothing(browser: Browser, address: str):
    context = browser.new_context()
    page = context.new_page()
    for path in ("?token=wrong", "sessions/1", "live"):
        page.goto(address.split("?")[0] + path)
        assert "Open the address" in page.inner_text("body")
        assert "Satz" not in page.content()
    context.close()


@pytest.mark.parametrize("page", [{"color_scheme": "dark"}], indirect=True)
def test_is_dark_where_the_system_is(page: Page):
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(int(part) for part in background.removeprefix("rgb(").removesuffix(")").split(",")) < 64


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_fits_a_phone(page: Page, address: str):
    for path in ("", "sessions/1", "trends", "clients", "phrases", "search?q=Satz", "live"):
        page.goto(address.split("?")[0] + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_the_live_view_follows_a_call(page: Page, address: str, home: Path):
    page.goto(address.split("?")[0] + "live")
    expect(page.locator("#live")).to_contain_text("Not listening")
    command = [sys.executable, "-m", "monitor", "listen", "--input", str(DEMO), "--speed", "12", "--model", "pocket"]
    command += ["--no-notify", "--limit", "40", "--allowance", "0", "--json"]
    with subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE, text=True) as call:
        expect(page.locator("#live .word")).to_contain_text("personal", timeout=LONG_MS)
        expect(page.locator("#live .cue q")).to_be_visible(timeout=LONG_MS)
        said = page.locator("#live .cue q").inner_text()
        events = [json.loads(line) for line in call.communicate(timeout=120)[0].splitlines()]
    assert said in [event["text"] for event in events if event["event"] == "cue"]
    expect(page.locator("#live")).to_contain_text("Not listening", timeout=LONG_MS)
