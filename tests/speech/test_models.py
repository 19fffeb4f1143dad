"""Speech models are listed, fetched from a hub (a small one on loopback), mended, removed and chosen."""

import json
import shutil
from pathlib import Path

import pytest
from faster_whisper.utils import _MODELS
from huggingface_hub import constants

from monitor.errors import MonitorError
from monitor.speech import models
from monitor.speech.model_folder import check_folder
from monitor.speech.speed import real_time_factor
from tests.speech.hub import Hub, model_bin, whisper_files

POCKET = Path(__file__).parents[2] / "models" / "pocket-whisper" / "model"
needs_pocket = pytest.mark.skipif(not (POCKET / "model.bin").exists(), reason="the pocket Whisper is not there")

TINY = "Systran/faster-whisper-tiny"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """An empty cache of Hugging Face, instead of the one of whoever runs the tests."""
    cache = tmp_path / "huggingface"
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
    return cache


@pytest.fixture
def models_dir(tmp_path):
    return tmp_path / "models"


@pytest.fixture
def hub(monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    with Hub(TINY) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub


def write_model(folder, files=None):
    folder.mkdir(parents=True)
    for name, content in (files or whisper_files(1000)).items():
        (folder / name).write_bytes(content)
    return folder


def read_model(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def fetch(models_dir):
    """Fetches `tiny` and returns the reports of progress."""
    reports = []
    models.fetch("tiny", models_dir, lambda done, total: reports.append((done, total)))
    return reports


def one_line(error):
    text = str(error.value)
    assert "\n" not in text
    return text


def test_the_known_models_are_those_of_faster_whisper_and_know_german():
    assert {known.name: known.repository for known in models.KNOWN}.items() <= _MODELS.items()
    assert not any(known.name.endswith(".en") or "distil" in known.name for known in models.KNOWN)


def test_the_recommended_model_is_a_known_one():
    assert models.recommended() in models.KNOWN


def test_a_whole_fetch(hub, models_dir):
    reports = fetch(models_dir)

    total = sum(map(len, hub.files.values()))
    done = [done for done, _ in reports]
    assert done == sorted(set(done))
    assert reports[-1] == (total, total)
    assert {total for _, total in reports} == {total}
    assert read_model(models_dir / "tiny") == hub.files
    assert models.installed(models_dir) == [models.Installed("tiny", models_dir / "tiny", total)]


def test_only_the_needed_files_are_asked_for_without_token_or_telemetry(hub, models_dir, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", False)
    needed = dict(hub.files)
    hub.files |= {"README.md": b"# Tiny", "pytorch_model.bin": b"x" * 1000, "sub/vocabulary.json": b"{}"}
    fetch(models_dir)

    resolve = f"/{TINY}/resolve/0123456789abcdef0123456789abcdef01234567/"
    expected = {f"/api/models/{TINY}/revision/main", "/cdn/model.bin"} | {resolve + name for name in needed}
    assert {request.path for request in hub.requests} == expected
    assert not any("authorization" in {name.lower() for name in request.headers} for request in hub.requests)
    assert constants.HF_HUB_DISABLE_TELEMETRY
    assert read_model(models_dir / "tiny") == needed


def test_a_fetched_model_needs_no_network_any_more(hub, models_dir):
    fetch(models_dir)
    hub.requests.clear()
    total = sum(map(len, hub.files.values()))
    assert fetch(models_dir) == [(total, total)]
    assert hub.requests == []


def test_a_fetch_that_was_cut_off_goes_on_where_it_stopped(hub, models_dir):
    hub.budget = 150_000
    with pytest.raises(MonitorError) as error:
        fetch(models_dir)
    assert "broke off" in one_line(error)
    assert models.installed(models_dir) == []

    hub.budget = None
    hub.requests.clear()
    reports = fetch(models_dir)
    small = sum(len(content) for name, content in hub.files.items() if name != "model.bin")
    assert [
        request.path for request in hub.requests if "resolve" in request.path and "model.bin" not in request.path
    ] == []
    assert [request.range for request in hub.asked("model.bin")] == [f"bytes={150_000 - small}-"]
    assert reports[-1][0] == reports[-1][1]
    assert read_model(models_dir / "tiny") == hub.files


def test_a_short_break_is_bridged_in_the_same_fetch(hub, models_dir):
    hub.budget = 150_000

    def mend_the_line(done, total):
        if done >= 150_000:
            hub.budget = None

    models.fetch("tiny", models_dir, mend_the_line)
    first, second = hub.asked("model.bin")
    assert first.range is None
    assert second.range is not None
    assert read_model(models_dir / "tiny") == hub.files


def test_ctrl_c_leaves_what_came(hub, models_dir):
    def interrupt(done, total):
        if done > 100_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        models.fetch("tiny", models_dir, interrupt)
    assert models.installed(models_dir) == []

    fetch(models_dir)
    assert hub.asked("model.bin")[-1].range is not None
    assert read_model(models_dir / "tiny") == hub.files


def test_a_server_that_can_only_send_whole_files_is_borne(hub, models_dir):
    hub.budget = 150_000
    with pytest.raises(MonitorError):
        fetch(models_dir)
    hub.budget = None
    hub.ignores_ranges = True
    done = [done for done, _ in fetch(models_dir)]
    assert done == sorted(set(done))
    assert read_model(models_dir / "tiny") == hub.files


@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json"])
def test_a_damaged_file_is_removed_and_then_repaired(hub, models_dir, name):
    hub.damaged.add(name)
    with pytest.raises(MonitorError) as error:
        fetch(models_dir)
    assert f"{name} arrived damaged" in one_line(error)
    assert models.installed(models_dir) == []

    fetch(models_dir)
    assert [request.range for request in hub.asked(name)] == [None, None]
    assert len(hub.asked("config.json")) == 1
    assert read_model(models_dir / "tiny") == hub.files


def test_a_model_that_broke_on_the_disk_is_repaired(hub, models_dir):
    fetch(models_dir)
    (models_dir / "tiny" / "model.bin").write_bytes(hub.files["model.bin"][:5000])
    assert models.installed(models_dir) == []

    fetch(models_dir)
    assert len(hub.asked("tokenizer.json")) == 1
    assert read_model(models_dir / "tiny") == hub.files


def test_what_a_newer_version_replaced_does_not_stay(hub, models_dir):
    hub.budget = 150_000
    with pytest.raises(MonitorError):
        fetch(models_dir)
    hub.budget = None
    hub.files = whisper_files(120_000)
    fetch(models_dir)
    assert read_model(models_dir / "tiny") == hub.files


def test_a_full_disk_is_told_before_anything_is_fetched(hub, models_dir):
    hub.sizes["model.bin"] = 10**18
    with pytest.raises(MonitorError, match="too full"):
        fetch(models_dir)
    assert hub.asked("model.bin") == []


def test_a_repository_with_another_model_is_refused(hub, models_dir):
    hub.files["model.bin"] = model_bin("TransformerSpec", {"encoder/weight": ((2, 2), b"1234")})
    with pytest.raises(MonitorError, match="no Whisper model"):
        fetch(models_dir)
    assert models.installed(models_dir) == []


def test_without_a_network_the_user_learns_how_to_bring_a_model_along(models_dir, monkeypatch):
    with Hub(TINY) as hub:
        pass
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    with pytest.raises(MonitorError) as error:
        fetch(models_dir)
    assert "copy a CTranslate2 Whisper folder" in one_line(error)
    assert "--model PATH" in one_line(error)


def test_a_client_that_was_told_to_stay_offline_does(hub, models_dir, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(MonitorError, match="--model PATH"):
        fetch(models_dir)
    assert hub.requests == []


def test_a_hub_without_the_model_is_told_from_a_missing_network(hub, models_dir):
    with pytest.raises(MonitorError) as error:
        models.fetch("base", models_dir, lambda done, total: None)
    assert "404" in one_line(error)
    assert "--model PATH" in one_line(error)


def test_an_unwritable_folder_gets_one_line(hub, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(MonitorError) as error:
        fetch(tmp_path / "file")
    assert "can't store" in one_line(error)


def test_an_unknown_name_is_answered_with_the_known_ones(models_dir):
    with pytest.raises(MonitorError) as error:
        models.fetch("huge", models_dir, lambda done, total: None)
    assert all(known.name in one_line(error) for known in models.KNOWN)


def put_into_cache(cache, name):
    """A model as the client of Hugging Face lays it down: links in a snapshot to blobs."""
    repository = next(known.repository for known in models.KNOWN if known.name == name)
    folder = cache / f"models--{repository.replace('/', '--')}"
    snapshot = folder / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (folder / "refs").mkdir()
    (folder / "refs" / "main").write_text("abc")
    write_model(folder / "blobs")
    for blob in (folder / "blobs").iterdir():
        (snapshot / blob.name).symlink_to(blob)
    return snapshot


def test_the_cache_of_hugging_face_is_found_and_left_alone(models_dir, cache):
    snapshot = put_into_cache(cache, "base")
    size = sum(map(len, whisper_files(1000).values()))
    assert models.installed(models_dir) == [models.Installed("base", snapshot, size, ours=False)]

    with pytest.raises(MonitorError) as error:
        models.remove("base", models_dir)
    assert str(snapshot) in one_line(error)
    check_folder(snapshot)


def test_our_own_model_comes_before_the_cached_one(models_dir, cache):
    put_into_cache(cache, "base")
    ours = write_model(models_dir / "base")
    assert [model.path for model in models.installed(models_dir)] == [ours]


def test_a_cached_model_without_all_its_files_does_not_count(models_dir, cache):
    (put_into_cache(cache, "base") / "tokenizer.json").unlink()
    assert models.installed(models_dir) == []


def test_removing_takes_the_model_and_its_half_fetched_files(models_dir):
    write_model(models_dir / "tiny")
    write_model(models_dir / "tiny.partial")
    write_model(models_dir / "small")
    models.remove("tiny", models_dir)
    assert [path.name for path in models_dir.iterdir()] == ["small"]


@pytest.mark.parametrize("name", ["tiny", "..", ".", "", "../other"])
def test_removing_what_is_not_there_names_what_is(models_dir, name):
    write_model(models_dir / "small")
    other = write_model(models_dir.parent / "other")
    with pytest.raises(MonitorError) as error:
        models.remove(name, models_dir)
    assert "small" in one_line(error)
    check_folder(other)
    check_folder(models_dir / "small")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda folder: shutil.rmtree(folder), "no folder"),
        (lambda folder: (folder / "tokenizer.json").unlink(), "tokenizer.json missing"),
        (lambda folder: (folder / "vocabulary.txt").unlink(), "vocabulary.json missing"),
        (lambda folder: (folder / "config.json").write_text("{"), "damaged"),
        (lambda folder: (folder / "model.bin").write_bytes(b""), "cut off"),
        (lambda folder: (folder / "model.bin").write_bytes(b"GGUF" + bytes(100)), "no Whisper model"),
        (lambda folder: (folder / "model.bin").write_bytes(whisper_files(1000)["model.bin"][:500]), "cut off"),
        (lambda folder: (folder / "model.bin").write_bytes(whisper_files(1000)["model.bin"][:-1]), "cut off"),
        (
            lambda folder: (folder / "model.bin").write_bytes(
                model_bin("WhisperSpec", {"encoder/conv1/weight": ((8, 128, 3), b"")})
            ),
            "preprocessor_config.json missing",
        ),
    ],
)
def test_a_broken_folder_gets_one_line(tmp_path, change, complaint):
    folder = write_model(tmp_path / "model")
    check_folder(folder)
    change(folder)
    with pytest.raises(MonitorError) as error:
        check_folder(folder)
    assert complaint in one_line(error)


class Speeds:
    """Stands for the measuring of models that would be gigabytes."""

    def __init__(self, **factors):
        self.factors = factors
        self.measured = []

    def __call__(self, folder):
        self.measured.append(folder.name)
        return self.factors[folder.name]


def write_sizes(models_dir, **sizes):
    for name, size in sizes.items():
        write_model(models_dir / name, whisper_files(size))


def test_the_largest_model_that_keeps_up_is_chosen_and_measured_once(models_dir):
    write_sizes(models_dir, tiny=1000, base=2000, small=3000, medium=4000)
    speeds = Speeds(tiny=0.1, base=0.5, small=0.9)
    assert models.choose_auto(models_dir, speeds).name == "base"
    assert speeds.measured == ["tiny", "base", "small"]

    assert models.choose_auto(models_dir, speeds).name == "base"
    assert speeds.measured == ["tiny", "base", "small"]


def test_another_model_under_an_old_name_is_measured_afresh(models_dir):
    write_sizes(models_dir, tiny=1000)
    assert models.choose_auto(models_dir, Speeds(tiny=2.0)) is None
    shutil.rmtree(models_dir / "tiny")
    write_sizes(models_dir, tiny=900)
    assert models.choose_auto(models_dir, Speeds(tiny=0.2)).name == "tiny"


@pytest.mark.parametrize("content", ["", "[1, 2]", json.dumps({"some": "text"})])
def test_a_damaged_file_of_speeds_is_measured_anew(models_dir, content):
    write_sizes(models_dir, tiny=1000)
    (models_dir / models.SPEEDS_FILE).write_text(content)
    assert models.choose_auto(models_dir, Speeds(tiny=0.2)).name == "tiny"


def test_a_model_that_cannot_be_loaded_is_passed_over(models_dir):
    write_sizes(models_dir, tiny=1000)
    assert models.choose_auto(models_dir) is None


def test_without_models_there_is_nothing_to_choose(models_dir):
    assert models.choose_auto(models_dir) is None
    assert models.installed(models_dir) == []


@needs_pocket
def test_a_real_model_is_whole_and_can_be_measured(models_dir):
    check_folder(POCKET)
    shutil.copytree(POCKET, models_dir / "pocket")
    assert real_time_factor(models_dir / "pocket") > 0
    assert [model.name for model in models.installed(models_dir)] == ["pocket"]
