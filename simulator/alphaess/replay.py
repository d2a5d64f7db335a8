"""A cloud that answers what a download has recorded of its systems."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..clock import Clock
from ..replay import Recording, RecordingError
from ..setting import Setting
from . import codes, reads
from .homes import Charger, Home, default_homes
from .protocol import ApiError, Call
from .server import AlphaEssSimulator
from .system import AlphaSystem

_FORMS: dict[str, Callable[[int], str]] = {
    "system": "AL70110240{:05d}".format,
    "charger of system": "ALP0110250{:05d}".format,
}

# Of what was only there at other times, as a string by day, the first answer tells
_ONCE: Mapping[str, Mapping[str, str]] = {
    "ppvDetail": {f"ppv{number}": f"string_{number}" for number in range(1, 5)},
    "pgridDetail": {"pmeterL2": "phases"},
}


def replayed(recording: Recording, clock: Clock) -> AlphaEssSimulator:
    """Return a simulator with the recorded systems.

    Their readings stay as they are; settings can be changed.
    """
    recording = recording.invented(_FORMS)
    documents = recording.documents
    listed = [dict(site) for site in documents.get("sites") or ()]
    if not listed:
        raise RecordingError("has no list of systems")
    homes = default_homes(len(listed), time_zone=recording.zone.key)
    simulator = AlphaEssSimulator(
        clock=clock,
        homes=[
            _home(home, site, documents)
            for home, site in zip(homes, listed, strict=True)
        ],
    )
    for system in simulator.systems.values():
        _take_settings(system, documents)
    simulator.endpoints |= _Player(recording, listed, clock).endpoints
    return simulator


def _home(home: Home, site: Mapping[str, Any], documents: Mapping[str, Any]) -> Home:
    serial = str(site["sysSn"])
    chargers = documents.get(f"{serial}/chargers") or [{}]
    capacity = float(site.get("cobat") or 0) * 1000
    return replace(
        home,
        serial=serial,
        inverter=str(site.get("minv")),
        battery=site.get("mbat"),
        charger=chargers[0].get("evchargerSn"),
        spec=replace(home.spec, battery_capacity_wh=capacity),
    )


def _take_settings(system: AlphaSystem, documents: Mapping[str, Any]) -> None:
    settings = documents.get(f"{system.serial}/settings") or {}
    periodic = settings.get("periodic")
    system.periodic_read = system.periodic_write = periodic is not None
    system.governing = "legacy" if periodic is None else "periodic"
    for part in ("charge", "discharge", "periodic"):
        if (recorded := settings.get(part)) is not None:
            setattr(system, part, Setting(dict(recorded)))
    if household := documents.get(f"{system.serial}/household"):
        system.household = Setting(dict(household))
    if system.charger is not None:
        system.charger = Charger(serial=system.charger.serial)


class _Player:
    """Answers reads from the documents; none is 6016, as of what does not exist."""

    def __init__(
        self, recording: Recording, listed: list[dict[str, Any]], clock: Clock
    ) -> None:
        """Answer from a recording that has no pseudonyms any more."""
        self._listed = listed
        self._play = recording.player(clock)
        self._clock, self._zone = clock, recording.zone
        self._seen = {str(it) for it in recording.data.get("seen") or ()}
        self._told: set[str] = set()
        self.endpoints: dict[str, tuple[str, Callable[[Call], Any]]] = {
            "getEssList": ("GET", self._list),
            "getLastPowerData": ("GET", self._live),
            "getOneDayPowerBySn": ("GET", self._records),
            "getOneDateEnergyBySn": ("GET", self._energy),
            "getSumDataForCustomer": ("GET", self._summary),
            "getEvChargerConfigList": ("GET", self._chargers),
            "getEvChargerStatusBySn": ("GET", self._charger),
        }

    def _list(self, call: Call) -> Any:
        return [
            site for site in self._listed if site.get("sysSn") in call.account.bound
        ]

    def _live(self, call: Call) -> Any:
        live = self._read(call, "live").get("live")
        if live is None:
            return {"soc": None}
        serial = call.queried_system().serial
        if serial in self._told:
            return live
        self._told.add(serial)
        return live | {
            part: self._as_ever(serial, live.get(part) or {}, fields)
            for part, fields in _ONCE.items()
        }

    def _as_ever(
        self, serial: str, part: Mapping[str, Any], fields: Mapping[str, str]
    ) -> dict[str, Any]:
        """Return powers of which each is there that ever was: the least of it."""
        missing = {
            field: 1.0
            for field, feature in fields.items()
            if f"{serial}/seen/{feature}" in self._seen and not part.get(field)
        }
        return {**part, **missing}

    def _records(self, call: Call) -> Any:
        recorded = self._read(call, "live").get("records")
        if recorded is None or not self._is_today(call):
            return reads.day_power(call)
        return recorded

    def _energy(self, call: Call) -> Any:
        if not self._is_today(call):
            return reads.day_energy(call)
        return self._read(call, "energy").get("data")

    def _summary(self, call: Call) -> Any:
        return self._read(call, "summary")

    def _chargers(self, call: Call) -> Any:
        return self._read(call, "chargers")

    def _charger(self, call: Call) -> Any:
        return self._read(call, f"charger/{call.parameter('evchargerSn')}")

    def _is_today(self, call: Call) -> bool:
        today = self._clock().astimezone(self._zone).date()
        return call.parameter("queryDate") == today.isoformat()

    def _read(self, call: Call, name: str) -> Any:
        recorded = self._play(f"{call.queried_system().serial}/{name}")
        if recorded is None:
            raise ApiError(codes.NO_DATA)
        return recorded
