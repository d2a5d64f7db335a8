"""What a download has recorded of plants and devices, however they were reached."""

from collections.abc import Iterable, Mapping
from datetime import timedelta, timezone, tzinfo
from typing import Any

from ..clock import Clock
from ..replay import Recording
from ..setting import Setting
from .device import Device
from .families import Family
from .payloads import noah

# The clock of records, wherever the plant is
_SERVER_ZONE = timezone(timedelta(hours=8))

# As the download calls families; what is not in it has no records
NAMES = {
    **{str(family): family for family in Family},
    "inverter": Family.INVERTER,
    "sph_s": Family.SPH_S,
}
_CALLED = {family: name for name, family in NAMES.items()}
_SEGMENT = "time_segment"


def plant_key(documents: Iterable[str], plant_id: str) -> str:
    """Return what the documents of a plant begin with, whatever its host."""
    ends = (f"_{plant_id}/devices", f"_{plant_id}/summary")
    return next((key.rpartition("/")[0] for key in documents if key.endswith(ends)), "")


def first_of(row: Mapping[str, Any], *names: str) -> str:
    """Return the first value that there is; the modes have names of their own."""
    return next((str(row[name]) for name in names if row.get(name)), "")


class Records:
    """Looks up what was recorded, as old as it was then."""

    def __init__(self, recording: Recording, clock: Clock, zone: tzinfo) -> None:
        """Take a recording that has no pseudonyms any more."""
        self._documents = recording.documents
        self._play = recording.player(clock, zone)
        # The sums of a plant come with the offset that it then had
        offset = recording.recorded_at.astimezone(zone).utcoffset() or timedelta()
        self._play_sums = recording.player(clock, timezone(offset))
        self._play_record = recording.player(clock, _SERVER_ZONE)
        self._begun: dict[str, Mapping[str, Any]] = {}

    def take_settings(self, device: Device) -> None:
        """Have a device set as it was recorded; what was not stays as it is."""
        recorded = self._documents.get(f"{device.sn}/settings") or {}
        device.settings = Setting(
            {
                name: _like(recorded[name], value) if name in recorded else value
                for name, value in device.settings.stored.items()
            }
        )
        for number, value in (recorded.get("vpp") or {}).items():
            device.vpp.values[int(number)] = value
        self._begun[device.sn] = dict(device.settings.stored)

    def plants(self) -> list[Mapping[str, Any]]:
        """Return the rows of the list of plants."""
        return list(self._play("plants") or ())

    def lists(self, plant_id: object) -> Mapping[str, Any]:
        """Return the lists of a plant's devices."""
        key = plant_key(self._documents, str(plant_id))
        found: Mapping[str, Any] = self._play(f"{key}/devices") or {}
        return found

    def sums(self, plant_id: object) -> Mapping[str, Any]:
        """Return what was told of a plant as a whole."""
        key = plant_key(self._documents, str(plant_id))
        found: Mapping[str, Any] = self._play_sums(f"{key}/summary") or {}
        return found

    def of_device(self, device: Device, name: str) -> Any:
        """Return the document `alarms`, `wifi` or `panels` of a device."""
        return self._play(f"{device.sn}/{name}")

    def live(self, device: Device) -> dict[str, Any] | None:
        """Return the newest record of a device: all of a family's are in one document.

        With a login each device has a document of its own.
        """
        key = f"live_{_CALLED[device.family]}/live"
        if key not in self._documents:
            key = f"{device.sn}/live"
        found: dict[str, Any] | None = (self._play_record(key) or {}).get(device.sn)
        return found

    def meters(self) -> list[Mapping[str, Any]]:
        """Return the newest records of all meters."""
        return list((self._play_record("live_meter/live") or {}).values())

    def identity(self, device: Device) -> dict[str, Any]:
        """Return who a device is."""
        plants = [key for key in self._documents if key.endswith("/devices")]
        infos = (((self._play(key) or {}).get("info") or {}) for key in plants)
        return next((dict(one[device.sn]) for one in infos if device.sn in one), {})

    def settings(self, device: Device) -> dict[str, Any]:
        """Return what was recorded, with what was written since."""
        recorded = self._play_record(f"{device.sn}/settings") or {}
        device.house.advance()
        begun = self._begun[device.sn]
        written = {
            name: _like(value, recorded[name])
            for name, value in device.settings.shown.items()
            if name in recorded and value != begun[name]
        }
        # The app tells the segments of a NOAH in another form
        if _SEGMENT in recorded and any(name.startswith("time") for name in written):
            written[_SEGMENT] = noah.app_info(device)[_SEGMENT]
        return {name: it for name, it in recorded.items() if name != "vpp"} | written


def _like(value: Any, other: Any) -> Any:
    """Return a value as the type of another one: a login tells numbers as texts."""
    if isinstance(other, str):
        return value if isinstance(value, str) else str(value)
    if isinstance(value, str) and isinstance(other, int | float):
        try:
            return type(other)(float(value))
        except ValueError:
            return other
    return value
