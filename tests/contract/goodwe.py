"""GoodWe: the simulated cloud, and the integration's client on it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, ClassVar, override
from zoneinfo import ZoneInfo

import aiohttp

from custom_components.goodwe_energy import const
from custom_components.goodwe_energy._vendor.core.client.errors import ApiError
from custom_components.goodwe_energy._vendor.core.client.http import HttpClient
from custom_components.goodwe_energy._vendor.core.client.redact import Redactor
from custom_components.goodwe_energy._vendor.core.control.driver import Observation
from custom_components.goodwe_energy._vendor.core.ha.account import (
    Account,
    AccountNotes,
)
from custom_components.goodwe_energy.api.client import GoodWeClient
from custom_components.goodwe_energy.api.frame import Frame
from custom_components.goodwe_energy.api.limits import make_budget
from custom_components.goodwe_energy.api.regions import Hosts
from custom_components.goodwe_energy.api.session import Session
from custom_components.goodwe_energy.control import named, registers, slots
from custom_components.goodwe_energy.control.catalogue import RUNNING_MODE
from custom_components.goodwe_energy.control.controllee import Controllee
from custom_components.goodwe_energy.control.inverter_settings import InverterSettings
from simulator.faults import Fault, FaultKind
from simulator.goodwe import GoodWeSimulator
from simulator.goodwe.named_settings import value_of
from simulator.goodwe.slots import SLOTS as ALL_SLOTS
from simulator.house import House

from .bench import POLL
from .disk import NoteFile
from .vendor import words_of
from .wire_time import WireClock

BERLIN = ZoneInfo("Europe/Berlin")
_FRESH = timedelta(seconds=3 * POLL)
_SILENT = timedelta(seconds=1.5 * POLL)
SLOW = 30.0
SETS = (
    "sems-remote/api/v1/address/remote/setDeviceFunctionParameters",
    "sems-remote/api/v1/remote/set",
)


class KeptAccount(Account):
    """An account whose notes reach the disk as late as those of a real one."""

    file: NoteFile
    clock: WireClock

    @override
    def note(self, key: str, value: Any) -> None:
        super().note(key, value)
        self.file.keep(self.clock.monotonic(), self.notes)

    @override
    async def async_save(self) -> None:
        self.file.save(self.notes)


class GoodWe:
    """One inverter with its driver."""

    words: SimpleNamespace = words_of(const.DOMAIN)
    zone = BERLIN
    refused_by_vendor = Fault(kind=FaultKind.VENDOR_ERROR, message="P0215")
    too_soon = Fault(kind=FaultKind.VENDOR_ERROR, message="R0305")
    ignored = Fault(kind=FaultKind.VENDOR_ERROR, message="00000")
    home: ClassVar[str]
    written_before: ClassVar[int] = 0
    """Writes that it has behind it: of those that follow, slow ones come early."""

    def __init__(
        self, clock: WireClock, *, preset: Mapping[str, Any] | None = None
    ) -> None:
        """Build the home; ``preset`` is what is set on it, as the simulator keeps it."""
        self.simulator = GoodWeSimulator(clock=clock.of_server(), homes=[self.home])
        (self.station,) = self.simulator.stations
        self.device = next(it for it in self.station.devices if it.is_inverter)
        self.controls = self.device.control
        for _ in range(self.written_before):
            self.controls.seconds()
        # Else the device ends it by itself, long after a lease that nobody could end
        self.controls.switches.immediate_after = "hold"
        # Five seconds lie between two writes, and three reads
        self.gap = SLOW + 7
        self.key = self.device.sn
        self.driver: Any = None
        self._preset, self._clock = dict(preset or {}), clock
        self._raw: Any = None
        self._flow: Mapping[str, Any] = {}
        self._answered = True

    def is_write(self, endpoint: str) -> bool:
        return endpoint in SETS

    def is_posted_read(self, path: str) -> bool:
        return not path.endswith(SETS)

    def prepare(self, notes: NoteFile) -> None:
        self.controls.restore(self._preset)
        self.controls.written |= self._preset.keys()
        self.house().override(pv_w=0, load_w=500, soc=50)
        self.station.upload()
        self._begin = dict(self.controls.settings.stored)

    def connect(
        self, session: aiohttp.ClientSession, clock: WireClock, notes: NoteFile
    ) -> None:
        redactor, budget = Redactor(), make_budget(clock)
        account = KeptAccount(budget=budget, redactor=redactor)
        account.notes.update(notes.lose(clock.monotonic()))
        account.file, account.clock = notes, clock
        self.notes = AccountNotes(account)

        def http(base_url: str) -> HttpClient:
            return HttpClient(
                session, base_url, budget=budget, clock=clock, redact=redactor.text
            )

        frame = Frame(http, clock=clock, redact=redactor.text)
        login = Session(
            frame,
            Hosts(server=self.simulator.url),
            self.simulator.account,
            self.simulator.password,
            budget=budget,
            notes=self.notes,
            redactor=redactor,
        )
        self.client = GoodWeClient(frame, login, redactor=redactor)
        self.budget = budget
        self.driver = self.make_driver()

    def make_driver(self) -> InverterSettings:
        """Return a driver of the device."""
        return InverterSettings(self.what(), self.client, **self.shared())

    def what(self) -> Controllee:
        """Return what is known of the device."""
        spec = self.device.spec
        return Controllee(
            serial=spec.sn,
            name=spec.name,
            type=spec.type,
            station_id=self.station.id,
            model=spec.model,
            rated=spec.rated_w,
        )

    def shared(self) -> dict[str, Any]:
        """Return what all drivers take."""
        return {
            "notes": self.notes,
            "clock": self._clock,
            "budget": self.budget,
            "admit": lambda requests: None,
            "observe": self.observe,
            "on_read": self._take,
        }

    def _take(self, raw: Any, _received_at: Any) -> None:
        self._raw = raw

    def observe(self) -> Observation:
        """Return what the last flow says."""
        flow, now = self._flow, self._clock.now()
        stamp = flow.get("refreshTime")
        if not stamp:
            return Observation(reachable=self._answered)
        at = datetime.fromisoformat(stamp).replace(tzinfo=self.zone)
        # Where clocks are put back only one of both is just past
        at = min((at.replace(fold=fold) for fold in (0, 1)), key=lambda a: abs(now - a))
        battery, soc = flow.get("pBat"), flow.get("soc")
        return Observation(
            at=at,
            fresh=now - at <= _FRESH,
            soc=None if soc is None else float(soc),
            battery=None if battery is None else float(battery) * 1000,
            reachable=self._answered and now - at <= _SILENT,
        )

    async def poll(self) -> None:
        try:
            self._flow = await self.client.flow(self.station.id)
            self._answered = True
        except ApiError:
            self._answered = False
            return
        if self._raw is None or not self.driver.settings:
            # What is read at the start of the integration
            await self.driver.discover()
            self._raw = await self.driver.fetch()
            self.driver.decode(self._raw, self._clock.now())
            await self.notes.save()

    def house(self) -> House:
        return self.station.house

    def truth(self) -> Any:
        self.house().advance()
        return {
            key: self._plain(key, value)
            for key, value in self.controls.settings.stored.items()
        }

    def _plain(self, key: str, value: Any) -> Any:
        """Return a value without how what is not used came to be so."""
        if isinstance(value, float) and value.is_integer():
            return int(value)
        dialect = self.driver.discovery.found.dialect
        if not key.startswith("TOU") or not isinstance(value, dict) or dialect is None:
            return value
        slot = slots.decode(value, int(key.removeprefix("TOU")), dialect)
        return value if slot is None or slot.used else {}

    def meaning(self) -> Any:
        return self.truth()

    def stored(self) -> Any:
        self.house().advance()
        return self._values(self._document())

    def _document(self) -> dict[str, Any]:
        """Return what a reading would be now."""
        found = self.driver.discovery.found
        return {
            "named": {
                name: value_of(self.controls, name)
                for name in named.names_of(found.dialect)
            },
            "registers": {
                address: self.controls.register(address)
                for address in registers.readable(found.functions)
            },
        }

    def shown(self) -> Any:
        return self._values(self._raw)

    def _values(self, document: Mapping[str, Any]) -> Any:
        found = self.driver.discovery.found
        values = named.decode(document["named"], found.dialect, found.cards)
        values.pop(RUNNING_MODE, None)
        return values | registers.decode(document["registers"], found.functions)[0]

    def effects(self) -> list[Any]:
        return list(self.controls.effects)

    def writes(self) -> list[Any]:
        return list(self.controls.writes)

    def change_beside(self) -> None:
        self.controls.write_as_app({"47870": 1})

    def of_the_app(self) -> Any:
        stored = self.controls.settings.stored
        return {key: stored[key] for key in APP if stored[key] == APP[key]} | {
            key: stored[key] for key in self.slots_on if _soc(stored, key) == APP_SOC
        }

    @property
    def slots_on(self) -> list[str]:
        """The slots that are on."""
        stored = self.controls.settings.stored
        return [
            f"TOU{n}"
            for n in ALL_SLOTS
            if stored[f"TOU{n}"][f"TOUWeekEnable{n}"] == slots.ENABLED
        ]

    def restart_device(self) -> None:
        self.controls.write_as_app(self._begin)

    def reset(self) -> None:
        self.restart_device()

    def switch(
        self,
        *,
        stores: bool = True,
        follows: bool = True,
        online: bool = True,
        readback_delay: float = 0.0,
        clamps: Mapping[str, float] | None = None,
    ) -> None:
        switches = self.controls.switches
        switches.stores, switches.shown_seconds = stores, readback_delay
        self.device.switches.online = self.station.uploading = online
        self.house().change(lambda: setattr(switches, "follows", follows))

    def read_schedule(self, settings: Any) -> Any:
        return None


def _soc(stored: Mapping[str, Any], key: str) -> Any:
    return stored[key][f"ChargeCutOffSet{key.removeprefix('TOU')}"]


# What the app sets: nothing of it is a value of ours, or of the presets
APP: Mapping[str, Any] = {"45356": 37, "47546": 77}
APP_SOC = 55
