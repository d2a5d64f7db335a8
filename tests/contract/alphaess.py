"""AlphaESS: the simulator, and the integration's client and drivers on it."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, override
from zoneinfo import ZoneInfo

import aiohttp

from custom_components.alphaess_energy import battery, const, driver
from custom_components.alphaess_energy._vendor.core.client.budget import Budget, Rule
from custom_components.alphaess_energy._vendor.core.client.errors import ApiError
from custom_components.alphaess_energy._vendor.core.client.http import HttpClient
from custom_components.alphaess_energy._vendor.core.client.redact import Redactor
from custom_components.alphaess_energy._vendor.core.control.driver import Observation
from custom_components.alphaess_energy._vendor.core.ha.account import Account
from custom_components.alphaess_energy._vendor.core.ha.control import AccountNotes
from custom_components.alphaess_energy._vendor.core.model import Power
from custom_components.alphaess_energy.api.auth import Signer
from custom_components.alphaess_energy.api.client import AlphaEssClient
from custom_components.alphaess_energy.settings_source import SettingsSource
from simulator.alphaess import (
    APP_ID,
    APP_SECRET,
    AlphaEssSimulator,
    Setting,
    default_homes,
)
from simulator.faults import Fault, FaultKind
from simulator.house import House

from .disk import NoteFile
from .vendor import words_of
from .wire_time import WireClock

BERLIN = ZoneInfo("Europe/Berlin")
# Which of the simulator's usual homes has which store
LEGACY, PERIODIC = 0, 1
_READ_ONLY = {"executeCycleType", "strategyType", "sort"}
_FLAGS = {"charge.enabled": "gridChargeCycle", "discharge.enabled": "ctrDisCycle"}
# What the app sets: nothing of it is a value of ours, or of the presets
APP_LIMIT = 33
APP_WINDOW = ("08:00", "09:15")
_LISTS = ("chargeTimeList", "dischargeTimeList")
_FRESH = timedelta(seconds=3 * const.LIVE_INTERVAL) + const.GRACE


class _KeptAccount(Account):
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


class AlphaEss:
    """A system of AlphaESS with what all of its devices share; the battery's driver."""

    words: SimpleNamespace = words_of(const.DOMAIN)
    zone = BERLIN
    refused_by_vendor = Fault(kind=FaultKind.VENDOR_ERROR, code=6029)
    too_soon = Fault(kind=FaultKind.VENDOR_ERROR, code=6053)
    ignored = Fault(kind=FaultKind.VENDOR_ERROR, code=200)
    gap = 30.0

    def __init__(
        self,
        clock: WireClock,
        *,
        home: int,
        preset: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        """Take one of the usual homes; `preset` is what is stored in its parts."""
        (only,) = default_homes()[home : home + 1]
        self.simulator = AlphaEssSimulator(clock=clock, homes=[only])
        self.system = self.simulator.systems[only.serial]
        self.weekly = home == PERIODIC
        self.key = self.system.serial
        self.driver: Any = None
        self.notes: AccountNotes
        self._preset = preset or {}
        self._clock = clock
        self._raw: Any = None
        self._live: Power | None = None
        self._reachable = True

    def is_write(self, endpoint: str) -> bool:
        return endpoint.startswith(("update", "set", "remoteControl"))

    def is_posted_read(self, path: str) -> bool:
        return False

    def prepare(self, notes: NoteFile) -> None:
        for part, changes in self._preset.items():
            stored = getattr(self.system, part).stored
            setattr(self.system, part, Setting({**stored, **changes}))
        parts = ("charge", "discharge", "periodic")
        self._begin = {part: getattr(self.system, part).stored for part in parts}
        self.house().override(pv_w=0, load_w=500, soc=50, ev_plugged=False)
        if self.weekly:
            # Somebody has set both flags once: they cannot be read.
            self._flags = {k: bool(self.stored()[v]) for k, v in _FLAGS.items()}
            notes.save({f"{self.key}/flags": self._flags})

    def connect(
        self, session: aiohttp.ClientSession, clock: WireClock, notes: NoteFile
    ) -> None:
        budget = Budget(
            [Rule(limit=const.HOURLY_LIMIT, window=3600, reserve=const.WRITE_RESERVE)],
            clock=clock,
            min_gap=const.MIN_GAP,
        )
        redactor = Redactor()
        account = _KeptAccount(budget=budget, redactor=redactor)
        account.notes.update(notes.lose(clock.monotonic()))
        account.file, account.clock = notes, clock
        self.notes = AccountNotes(account)
        self.client = AlphaEssClient(
            HttpClient(
                session,
                self.simulator.url,
                budget=budget,
                clock=clock,
                redact=redactor.text,
            ),
            Signer(APP_ID, APP_SECRET),
            budget=budget,
            clock=clock,
            redact=redactor.text,
        )
        self._raw = self._live = None
        self.driver = self._driver(account)

    def _driver(self, account: Account) -> Any:
        source = SettingsSource(self.key, account, self.client, self._clock)
        power_w = self.house().spec.inverter_limit_w
        return battery.SystemDriver(
            self.system.serial,
            self.client,
            fetch=source.fetch,
            zone=self.zone,
            notes=self.notes,
            inverter_power=lambda: power_w,
            **self._shared(account),
        )

    def _shared(self, account: Account) -> dict[str, Any]:
        return {
            "on_read": self._take,
            "observe": self._observe,
            "clock": self._clock,
            "budget": account.budget,
        }

    def _take(self, raw: Any, _received_at: Any) -> None:
        self._raw = raw

    def _observe(self) -> Observation:
        if (live := self._live) is None:
            return Observation(reachable=self._reachable)
        return Observation(
            at=live.observed_at,
            fresh=self._clock.now() - live.observed_at <= _FRESH,
            soc=live.soc,
            battery=live.battery,
            reachable=self._reachable,
        )

    async def poll(self) -> None:
        try:
            raw = await self.client.last_power(self.system.serial)
        except ApiError as err:
            self._reachable = err.reason != "device_offline"
        else:
            self._live = driver.power(raw, self._clock.now())
            self._reachable = True

    def house(self) -> House:
        return self.system.house

    def truth(self) -> Any:
        return {
            "charge": self.system.charge.stored,
            "discharge": self.system.discharge.stored,
            "periodic": self.system.periodic.stored,
            "household": self.system.household.stored,
        }

    def meaning(self) -> Any:
        truth = deepcopy(self.truth())
        for name in _LISTS:
            periods = truth["periodic"][name]
            for period in periods:
                period["weeks"].sort()
            periods.sort(key=lambda period: (period["beginTime"], period["weeks"]))
        return truth

    def stored(self) -> Any:
        truth = self.truth()
        if self.weekly:
            return truth["periodic"]
        return {side: truth[side] for side in ("charge", "discharge")}

    def shown(self) -> Any:
        if not self.weekly:
            return self._raw
        wire = self._raw["periodic"]
        settings = self.driver.decode(self._raw, self._clock.now())
        return {
            "executeCycleType": wire["executeCycleType"],
            **{name: int(settings.values[key]) for key, name in _FLAGS.items()},
            **{
                name: [
                    {k: v for k, v in period.items() if k not in _READ_ONLY}
                    for period in wire[name]
                ]
                for name in _LISTS
            },
        }

    def effects(self) -> list[Any]:
        return self.system.effects

    def writes(self) -> list[Any]:
        return self.system.writes

    def change_beside(self) -> None:
        system = self.system
        if self.weekly:
            later = [
                {
                    "beginTime": "23:00",
                    "endTime": "23:15",
                    "weeks": [7],
                    "chargePower": 2500,
                    "chargeLimit": 42.0,
                }
            ]
            lists = system.periodic.stored["chargeTimeList"] + later
            system.write_as_app(system.periodic, chargeTimeList=lists)
        else:
            system.write_as_app(system.household, currentsetting=20.0)

    def of_the_app(self) -> Any:
        truth = self.truth()
        sides = [truth["charge"], truth["discharge"]]
        periods = [period for name in _LISTS for period in truth["periodic"][name]]
        return [
            *(
                {k: v for k, v in side.items() if v in (APP_LIMIT, *APP_WINDOW)}
                for side in sides
            ),
            *(period for period in periods if period["chargeLimit"] == APP_LIMIT),
        ]

    def restart_device(self) -> None:
        for part, value in self._begin.items():
            setattr(self.system, part, Setting(value))

    def reset(self) -> None:
        self.restart_device()
        if self.weekly:
            self.notes.set(f"{self.key}/flags", self._flags)

    def switch(
        self,
        *,
        stores: bool = True,
        follows: bool = True,
        online: bool = True,
        readback_delay: float = 0.0,
        clamps: Mapping[str, float] | None = None,
    ) -> None:
        system = self.system
        system.stores_writes, system.follows, system.online = stores, follows, online
        system.readback_delay, system.clamps = readback_delay, dict(clamps or {})

    def read_schedule(self, settings: Any) -> Any:
        return battery.read_schedule(settings)
