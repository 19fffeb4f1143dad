"""What a user types for a device, and which one that is."""

import pytest

from monitor.capture.devices import Device, default_device, resolve
from monitor.errors import MonitorError

DEVICES = [
    Device(0, "alsa_input.pci.analog-stereo", "ALSA", 2, 48_000, "microphone", description="Built-in Audio"),
    Device(3, "alsa_input.usb-Blue_Yeti", "ALSA", 2, 48_000, "microphone", default=True, description="Yeti Nano"),
    Device(4, "alsa_output.pci.monitor", "ALSA", 2, 44_100, "loopback", description="Monitor of Built-in Audio"),
]


@pytest.mark.parametrize("wanted", ["3", 3, "alsa_input.usb-Blue_Yeti", "yeti nano", "YETI", " blue "])
def test_number_name_description_or_a_part_of_them(wanted: str | int) -> None:
    assert resolve(wanted, DEVICES).index == 3


def test_a_whole_name_beats_the_same_part_of_another() -> None:
    assert resolve("Built-in Audio", DEVICES).index == 0


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("alsa_input", r"more than one .*0 \(alsa_input.pci.analog-stereo\), 3"),
        ("alsa_input.usb-Blue_Jeti", "is alsa_input.usb-Blue_Yeti meant"),
        ("Jabra", "monitor devices"),
        ("17", "no sound device 17"),
        ("", "monitor devices"),
    ],
)
def test_anything_else_is_said_with_a_way_on(wanted: str, said: str) -> None:
    with pytest.raises(MonitorError, match=said):
        resolve(wanted, DEVICES)


def test_the_default_is_the_systems_else_the_first_else_none() -> None:
    def index(kind: str, devices: list[Device]) -> int | None:
        device = default_device(kind, devices)
        return device.index if device else None

    assert index("microphone", DEVICES) == 3
    assert index("loopback", DEVICES) == 4
    assert index("loopback", DEVICES[:2]) is None
