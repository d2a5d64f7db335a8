"""A battery that answers what a download has recorded of one."""

from dataclasses import replace
from functools import partial
import json
from typing import Any

from ..clock import Clock
from ..replay import Recording, RecordingError
from ..setting import Setting
from .battery import SonnenBattery
from .configuration import MODE, RESERVE
from .homes import default_homes
from .requests import READS
from .server import SonnenSimulator

_ENDPOINTS = {
    "live": "status",
    "detail": "latestdata",
    "battery": "battery",
    "meters": "powermeter",
    "inverter": "inverter",
    "io": "io",
}
_SETTINGS = "configurations"
_SERIAL = "510001"


def replayed(recording: Recording, clock: Clock) -> SonnenSimulator:
    """Return a simulator with the recorded battery alone.

    Its readings stay as they are; settings can be changed.
    """
    recording = recording.invented({})
    keys = {key.rsplit("/", 1)[-1]: key for key in recording.documents}
    if "live" not in keys:
        raise RecordingError("has no status of the battery")
    [home] = default_homes(1, time_zone=recording.zone.key)
    simulator = SonnenSimulator(clock=clock, batteries=[replace(home, serial=_SERIAL)])
    [battery] = simulator.batteries
    play = recording.player(clock)
    battery.recorded = {
        endpoint: partial(play, keys[name])
        for name, endpoint in _ENDPOINTS.items()
        if name in keys
    }
    missing = set(recording.data.get("missing_endpoints") or ())
    battery.variant.missing_endpoints = {
        *missing,
        *(READS.keys() - battery.recorded.keys()),
    }
    _take_settings(battery, recording.documents.get(keys.get(_SETTINGS, "")) or {})
    return simulator


def _take_settings(battery: SonnenBattery, recorded: dict[str, Any]) -> None:
    """Have the battery's settings be the recorded ones."""
    if any(not isinstance(value, str) for value in recorded.values()):
        battery.variant.configuration_types = "native"
    needed = {key: battery.settings[key].stored for key in (MODE, RESERVE)}
    battery.settings = {
        key: Setting(value if isinstance(value, str) else json.dumps(value))
        for key, value in (needed | recorded).items()
    }
