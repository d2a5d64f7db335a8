"""sonnenBatterie: the simulator, and the integration's client and driver on it."""

from collections.abc import Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, override
from zoneinfo import ZoneInfo

import aiohttp

from custom_components.sonnen_energy import battery, const, driver, health, tou
from custom_components.sonnen_energy._vendor.core.client.budget import Budget, Rule
from custom_components.sonnen_energy._vendor.core.client.errors import ApiError
from custom_components.sonnen_energy._vendor.core.client.http import HttpClient
from custom_components.sonnen_energy._vendor.core.client.redact import Redactor
from custom_components.sonnen_energy._vendor.core.control.driver import Observation
from custom_components.sonnen_energy._vendor.core.ha.account import Account
from custom_components.sonnen_energy._vendor.core.ha.control import AccountNotes
from custom_components.sonnen_energy.api.client import SonnenClient
from custom_components.sonnen_energy.api.models import Latest
from custom_components.sonnen_energy.settings_source import SettingsSource
from simulator.faults import Fault, FaultKind
from simulator.house import House
from simulator.journal import Write
from simulator.sonnen import TOKEN, SonnenSimulator

from .bench import POLL
from .disk import NoteFile
from .vendor import words_of
from .wire_time import WireClock

BERLIN = ZoneInfo("Europe/Berlin")
SET_POINTS = ("charge", "discharge")
# What the app sets: nothing of it is a value of ours, or of the presets
APP_MODE, APP_RESERVE = "6", "33"
# As most are: by itself, with some reserve and a schedule that is not in use
SELF_USE: Mapping[str, str] = {
    "EM_OperatingMode": "2",
    "EM_USOC": "20",
    "EM_Prognosis_Charging": "1",
    "EM_USER_INPUT_TIME_ONE": "08:00",
    "EM_ToU_Schedule": '[{"start":"22:00","stop":"00:00","threshold_p_max":8000},'
    '{"start":"00:00","stop":"05:00","threshold_p_max":0}]',
}
# The suite polls six times as seldom as the integration does.
_FRESH = timedelta(seconds=3 * POLL)


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


class Sonnen:
    """One battery with its driver."""

    words: SimpleNamespace = words_of(const.DOMAIN)
    zone = BERLIN
    refused_by_vendor = Fault(kind=FaultKind.VENDOR_ERROR, code=403)
    too_soon = Fault(kind=FaultKind.VENDOR_ERROR, code=429)
    ignored = Fault(kind=FaultKind.VENDOR_ERROR, code=201)
    gap = 30.0

    def __init__(
        self, clock: WireClock, *, preset: Mapping[str, str] | None = None
    ) -> None:
        """Take the usual battery; `preset` is what is stored in it."""
        self.simulator = SonnenSimulator(clock=clock)
        (self.battery,) = self.simulator.batteries
        self.key = self.battery.serial
        self.driver: Any = None
        self._preset = dict(preset or {})
        self._clock = clock
        self._raw: Any = None
        self._live: driver.Live | None = None
        self._latest = Latest.from_wire({})
        self._reachable = True
        # Of the accepted writes those that were executed
        self._stores = True
        self._ignored: set[int] = set()
        self._counted = 0

    def is_write(self, endpoint: str) -> bool:
        return endpoint.startswith("set")

    def is_posted_read(self, path: str) -> bool:
        return False

    def prepare(self, notes: NoteFile) -> None:
        self.battery.write_as_app(**self._preset)
        self.house().override(pv_w=0, load_w=500)
        self.battery.set_usoc(50)
        self._begin = self.battery.stored

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
        http = HttpClient(
            session,
            self.battery.url,
            budget=budget,
            clock=clock,
            redact=redactor.text,
        )
        self.client = SonnenClient(
            http, TOKEN, budget=budget, redact=redactor.text, clock=clock
        )
        self._raw = self._live = None
        self._source = source = SettingsSource(self.client, clock)
        self.driver = battery.BatteryDriver(
            self.key,
            self.client,
            fetch=source.fetch,
            fetch_evidence=source.fetch_evidence,
            evidence=source.evidence,
            on_read=self._take,
            observe=self._observe,
            notes=self.notes,
            clock=clock,
            budget=budget,
        )

    def _take(self, raw: Any, _received_at: Any) -> None:
        self._raw = raw

    def _observe(self) -> Observation:
        if (live := self._live) is None:
            return Observation(reachable=self._reachable)
        return Observation(
            at=live.observed_at,
            fresh=self._clock.now() - live.observed_at <= _FRESH,
            soc=live.power.soc,
            battery=live.power.battery,
            off_grid=health.off_grid(live.system_status, self._latest),
            reachable=self._reachable,
        )

    async def poll(self) -> None:
        try:
            raw = await self.client.status()
            self._live = driver.live(raw, self._clock.now())
        except ApiError:
            self._reachable = False
        else:
            self._reachable = True
            self._source.take_live(self._live)

    def house(self) -> House:
        return self.battery.house

    def truth(self) -> Any:
        return self.battery.stored

    def meaning(self) -> Any:
        return self.truth()

    def stored(self) -> Any:
        truth = self.truth()
        return {key: truth[key] for key in self.shown()}

    def shown(self) -> Any:
        """Return settings, and set points as far as they are assumed to be so."""
        settings = self.driver.decode(self._raw, self._clock.now())
        points = {
            key: settings.values[key] for key in SET_POINTS if key in settings.values
        }
        writable = self.truth().keys()
        return {k: v for k, v in self._raw.items() if k in writable} | points

    def effects(self) -> list[Any]:
        """Return the writes that were executed: a set point also if it was so."""
        self._count()
        return [
            write
            for number, write in enumerate(self.battery.writes)
            if number not in self._ignored
        ]

    def writes(self) -> list[Any]:
        return [
            Write(write.at, write.part, (write.part, write.asked))
            for write in self.battery.writes
        ]

    def change_beside(self) -> None:
        self.battery.write_as_app(EM_USER_INPUT_TIME_ONE="09:30")

    def of_the_app(self) -> Any:
        truth = self.truth()
        wanted = (("EM_OperatingMode", APP_MODE), ("EM_USOC", APP_RESERVE))
        return {key: value for key, value in wanted if truth[key] == value}

    def restart_device(self) -> None:
        self.battery.restore(self._begin)

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
        self._count()
        self._stores = stores
        self.battery.change(
            stores_writes=stores,
            follows=follows,
            online=online,
            readback_delay=readback_delay,
            clamps=dict(clamps or {}),
        )

    def _count(self) -> None:
        """Note which of the last writes came while nothing was stored."""
        last = len(self.battery.writes)
        if not self._stores:
            self._ignored |= set(range(self._counted, last))
        self._counted = last

    def read_schedule(self, settings: Any) -> Any:
        return tou.rows(settings.values.get("schedule")), {}
