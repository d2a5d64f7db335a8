"""Growatt: the simulated cloud, and the integration's clients on it.

Subclasses bring a family: its driver, and what of its settings the driver reads.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
import json
from types import SimpleNamespace
from typing import Any, ClassVar, override
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp import web

from custom_components.growatt_energy import const, driver as decoding
from custom_components.growatt_energy._vendor.core.client.budget import Budget, Rule
from custom_components.growatt_energy._vendor.core.client.errors import ApiError
from custom_components.growatt_energy._vendor.core.client.http import HttpClient
from custom_components.growatt_energy._vendor.core.client.redact import Redactor
from custom_components.growatt_energy._vendor.core.control.driver import Observation
from custom_components.growatt_energy._vendor.core.ha.account import (
    Account,
    AccountNotes,
)
from custom_components.growatt_energy.api.classic_client import ClassicClient
from custom_components.growatt_energy.api.classic_session import ClassicSession
from custom_components.growatt_energy.api.limits import (
    LAST,
    LOGIN_GAP,
    TOKEN_GAP,
    TOKEN_RULES,
)
from custom_components.growatt_energy.api.password import modified_md5
from custom_components.growatt_energy.api.setter import LoginSetter, TokenSetter
from custom_components.growatt_energy.api.token_client import TokenClient
from custom_components.growatt_energy.families import FACTS, Family
from custom_components.growatt_energy.readings import Reading
from custom_components.growatt_energy.sources.base import Source
from custom_components.growatt_energy.sources.login import LoginSource
from custom_components.growatt_energy.sources.token import TokenSource
from simulator.faults import Fault, FaultKind
from simulator.growatt import GrowattSimulator
from simulator.house import House

from .bench import POLL
from .disk import NoteFile
from .vendor import words_of
from .wire_time import WireClock

BERLIN = ZoneInfo("Europe/Berlin")
USER_AGENT = "Dalvik/2.1.0 (Linux; U; Android 13; growatt-energy/0) - 12345"
# The suite polls five times as often as the integration does, and as the vendor
# allows: so the dataloggers push faster, and the limit of live data is not kept.
_PUSH = 20.0
_FRESH = timedelta(seconds=3 * POLL)
_SILENT = timedelta(seconds=1.5 * POLL)
REFUSED, TOO_SOON, IGNORED = 10008, 10012, 0
_V4_CODES = {REFUSED: 6, TOO_SOON: 102, IGNORED: 0}
_RULES = [rule for rule in TOKEN_RULES if LAST not in (rule.groups or ())]


class _Cloud(GrowattSimulator):
    """One whose faults are called by V1's codes, whichever API is asked.

    0 is a write that is accepted and never executed.
    """

    @override
    def error_response(self, code: int, message: str | None) -> web.Response:
        answer = super().error_response(code, message)
        document = json.loads(answer.text or "")
        if "error_code" in document:
            return answer
        if "code" in document:
            return super().error_response(_V4_CODES[code], message)
        if code:
            return super().error_response(501, None)
        return web.json_response({"success": True, "msg": "200"})


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


class Growatt:
    """One device of an account with its driver, reached by token or by login."""

    words: SimpleNamespace = words_of(const.DOMAIN)
    zone = BERLIN
    refused_by_vendor = Fault(kind=FaultKind.VENDOR_ERROR, code=REFUSED)
    too_soon = Fault(kind=FaultKind.VENDOR_ERROR, code=TOO_SOON)
    ignored = Fault(kind=FaultKind.VENDOR_ERROR, code=IGNORED)
    gap = 30.0

    home: ClassVar[str]
    family: ClassVar[Family]
    rules: ClassVar[Sequence[Rule]] = _RULES

    def __init__(
        self,
        clock: WireClock,
        *,
        login: bool = False,
        preset: Mapping[str, Any] | None = None,
    ) -> None:
        """Build the home; ``preset`` is what is set on it, by read-back name."""
        self.simulator = _Cloud(clock=clock, homes=(self.home,), push_seconds=_PUSH)
        self.simulator.limits.enforced = False
        (self.plant,) = self.simulator.plants
        self.device = next(
            device
            for device in self.simulator.devices.values()
            if device.family.value == FACTS[self.family].v4_type
        )
        self.device.switches.readback_delay = 0
        self.key = self.device.sn
        self.driver: Any = None
        self.login, self._preset, self._clock = login, dict(preset or {}), clock
        if login:
            # The app's API has no word for it
            self.too_soon = Fault(kind=FaultKind.HTML, status=429)
        self._raw: Any = None
        self._reading: Reading | None = None
        self._answered = True
        self._logged: dict[str, Any] = {}

    def is_write(self, endpoint: str) -> bool:
        name = endpoint.rpartition("/")[2]
        if name.startswith("newTcpsetAPI.do"):
            return "readDeviceParam" not in name
        return name.startswith(("set", "removeVpp")) or name.endswith("Set")

    def is_posted_read(self, path: str) -> bool:
        return not self.is_write(path)

    def prepare(self, notes: NoteFile) -> None:
        self.device.write_as_app(**self._preset)
        self.house().override(pv_w=0, load_w=500, soc=50)
        self.device.push()
        self._begin = dict(self.device.settings.stored)

    def connect(
        self, session: aiohttp.ClientSession, clock: WireClock, notes: NoteFile
    ) -> None:
        rules = () if self.login else self.rules
        gap = LOGIN_GAP if self.login else TOKEN_GAP
        budget = Budget(rules, clock=clock, min_gap=gap)
        redactor = Redactor()
        account = KeptAccount(budget=budget, redactor=redactor)
        account.notes.update(notes.lose(clock.monotonic()))
        account.file, account.clock = notes, clock
        self.notes = AccountNotes(account)
        http = HttpClient(
            session,
            self.simulator.url,
            budget=budget,
            clock=clock,
            redact=redactor.text,
        )
        self._raw = self._reading = None
        self.source: Source
        self.setter: Any
        self.client: Any
        if self.login:
            classic = ClassicSession(
                http,
                self.simulator.user_name,
                modified_md5(self.simulator.password),
                user_agent=USER_AGENT,
                budget=budget,
                notes=self.notes,
                clock=clock,
                redactor=redactor,
            )
            self.client = client = ClassicClient(classic, clock=clock)
            self.source = LoginSource(client, self.notes, clock=clock)
            self.setter = LoginSetter(client)
        else:
            self.client = token = TokenClient(
                http,
                self.simulator.token,
                user_agent=USER_AGENT,
                budget=budget,
                clock=clock,
                redact=redactor.text,
            )
            self.source = TokenSource(token, self.notes, clock=clock)
            self.setter = TokenSetter(token)
        self.source.set_zone(str(self.plant.id), self.zone)
        self.budget = budget
        self.driver = self.make_driver()

    def make_driver(self) -> Any:
        """Return a driver of the family on ``source``, ``setter`` and ``observe``."""
        raise NotImplementedError

    async def fetch(self) -> dict[str, Any]:
        """Read the settings, as the integration does."""
        return await self.source.settings(self.family, self.key)

    def take(self, raw: Any, _received_at: Any) -> None:
        """Take note of a document that was read."""
        self._raw = raw

    def rated_power(self) -> float | None:
        """Return the inverter's W."""
        return float(self.device.rated_w)

    def observe(self) -> Observation:
        """Return what the newest record says of the battery."""
        if (reading := self._reading) is None or reading.observed_at is None:
            return Observation(reachable=self._answered)
        age = self._clock.now() - reading.observed_at
        return Observation(
            at=reading.observed_at,
            fresh=age <= _FRESH,
            soc=_number(reading.values.get("battery_soc")),
            battery=_number(reading.values.get("battery_power")),
            reachable=self._answered and age <= _SILENT,
        )

    async def poll(self) -> None:
        try:
            raw = await self.source.live(self.family, [self.key], str(self.plant.id))
            live = decoding.live(raw, self._clock.now(), self.family)
            self._answered = True
        except ApiError:
            self._answered = False
        else:
            self._reading = live.devices.get(self.key, self._reading)

    def house(self) -> House:
        return self.plant.house

    def truth(self) -> Any:
        self.house().advance()
        return dict(self.device.settings.stored)

    def meaning(self) -> Any:
        return self.truth()

    def stored(self) -> Any:
        return self.read_of(self.truth())

    def shown(self) -> Any:
        return self.read_of(self._raw)

    def read_of(self, document: Mapping[str, Any]) -> Any:
        """Return what the driver reads of a document of settings."""
        raise NotImplementedError

    def effects(self) -> list[Any]:
        return list(self.device.effects)

    def writes(self) -> list[Any]:
        return list(self.device.writes)

    def change_beside(self) -> None:
        self.device.write_as_app(activeRate=90)

    def of_the_app(self) -> Any:
        raise NotImplementedError

    def restart_device(self) -> None:
        self.device.restore(self._begin)

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
        switches = self.device.switches
        switches.online, switches.executes = online, stores
        switches.readback_delay = readback_delay
        switches.clamps = dict(clamps or {})
        self.house().change(lambda: setattr(switches, "follows", follows))

    def read_schedule(self, settings: Any) -> Any:
        return None


def _number(value: Any) -> float | None:
    with suppress(TypeError, ValueError):
        return float(value)
    return None
