"""A vendor's cloud that keeps what it is sent, and a driver on it."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
import json
from typing import Any
from zoneinfo import ZoneInfo

from custom_components.alphaess_energy._vendor.core.client.budget import Budget
from custom_components.alphaess_energy._vendor.core.control.driver import (
    Observation,
    Plan,
    Settings,
)
from custom_components.alphaess_energy._vendor.core.control.intent import (
    Intent,
    Values,
)
from custom_components.alphaess_energy.battery import SystemDriver
from tests.core.fake_clock import FakeClock

SERIAL = "AL7011024010101"
BERLIN = ZoneInfo("Europe/Berlin")
type Json = dict[str, Any]


def local(text: str) -> datetime:
    """Return a moment in Berlin, aware, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


FRIDAY_NOON = local("2026-11-20 12:02")


class MemoryNotes(dict[str, Any]):
    """Notes in memory; ``saved`` is what is on disk."""

    saved: dict[str, Any]

    def set(self, key: str, value: Any) -> None:
        self[key] = value

    async def save(self) -> None:
        self.saved = deepcopy(dict(self))


class Cloud:
    """Stands for the client and for what reads the governing store.

    Attributes:
        raw: What is stored, as the driver gets it.
        sent: Every body that was sent, with its kind.
        fails: The error that the next write ends with; ``stores`` says whether it
            has arrived all the same.
    """

    def __init__(self, raw: Json) -> None:
        self.raw = deepcopy(raw)
        self.sent: list[tuple[str, Json]] = []
        self.fails: Exception | None = None
        self.stores = True

    async def fetch(self) -> Json:
        return deepcopy(self.raw)

    async def set_charge_config(self, serial: str, config: Mapping[str, Any]) -> None:
        self._take("charge", serial, config)

    async def set_discharge_config(
        self, serial: str, config: Mapping[str, Any]
    ) -> None:
        self._take("discharge", serial, config)

    async def set_periodic_config(self, serial: str, config: Mapping[str, Any]) -> None:
        self._take("periodic", serial, config)

    def _take(self, kind: str, serial: str, config: Mapping[str, Any]) -> None:
        assert serial == SERIAL
        body = json.loads(json.dumps(config, allow_nan=False))
        self.sent.append((kind, deepcopy(body)))
        err, self.fails = self.fails, None
        if err is None or self.stores:
            if kind == "periodic":
                cycle = body["executeCycleType"]
                for side, name in enumerate(("chargeTimeList", "dischargeTimeList")):
                    body[name] = [
                        {"executeCycleType": cycle, "strategyType": side}
                        | period
                        | {"sort": place}
                        for place, period in enumerate(body[name], 1)
                    ]
                body |= {"sysSn": serial, "gridChargeCycle": 0, "ctrDisCycle": 0}
            self.raw = {**self.raw, kind: body}
        if err is not None:
            raise err


class System:
    """A driver with all that is around it."""

    def __init__(
        self,
        raw: Json,
        *,
        now: datetime = FRIDAY_NOON,
        soc: float | None = 50.0,
        flags: tuple[bool, bool] | None = None,
        rated: float | None = 5000.0,
        zone: ZoneInfo = BERLIN,
        assume_enabled: bool = False,
    ) -> None:
        """``flags`` are those that we have sent last to a periodic store."""
        self.now, self.soc = now, soc
        self.cloud = Cloud(raw)
        self.notes = MemoryNotes()
        self.notes.saved = {}
        if flags is not None:
            names = ("charge.enabled", "discharge.enabled")
            self.notes[f"{SERIAL}/flags"] = dict(zip(names, flags, strict=True))
        self.published: list[tuple[Json, datetime]] = []
        self.clock = FakeClock(now)
        self.budget = Budget(clock=self.clock)
        self.driver = SystemDriver(
            SERIAL,
            self.cloud,  # type: ignore[arg-type]
            fetch=self.cloud.fetch,
            on_read=lambda raw, at: self.published.append((raw, at)),
            observe=lambda: Observation(at=self.now, fresh=True, soc=self.soc),
            zone=zone,
            notes=self.notes,
            inverter_power=lambda: rated,
            clock=self.clock,
            budget=self.budget,
            assume_enabled=assume_enabled,
        )

    @property
    def flags(self) -> dict[str, bool]:
        """The flags that we have sent last."""
        return self.notes[f"{SERIAL}/flags"]

    def minutes(self, number: float) -> datetime:
        """Return when so many minutes will have passed."""
        return self.now + timedelta(minutes=number)

    async def plan(self, intent: Intent) -> Plan:
        """Return the plan for what is set now."""
        return self.driver.plan(intent, await self.driver.read(), self.now)

    async def do(self, intent: Intent) -> Done:
        """Carry out an intent as the manager does."""
        before = await self.driver.read()
        plan = self.driver.plan(intent, before, self.now)
        changes = {k: v for k, v in plan.target.items() if before.values.get(k) != v}
        steps = self.driver.steps(changes, before)
        for step in steps:
            await self.driver.apply(step, await self.driver.read(), plan.memo)
        return Done(before, plan, await self.driver.read())

    async def put_back(self, done: Done) -> Values:
        """Put back key by key, from what a file would have kept; return what was."""
        memo = json.loads(json.dumps(done.plan.memo))
        now = await self.driver.read()
        changes = {
            key: done.before.values.get(key)
            for key, value in done.plan.target.items()
            if done.before.values.get(key) != value
            and (
                key in now.assumed or now.values.get(key) == done.after.values.get(key)
            )
        }
        restored = self.driver.restorable(changes, now)
        for step in reversed(self.driver.steps(restored, now)):
            await self.driver.apply(step, await self.driver.read(), memo)
        return restored

    def stored(self) -> str:
        """Return what is stored, to the byte, without what only readings have."""
        raw = {key: value for key, value in self.cloud.raw.items() if key != "periodic"}
        if "periodic" in self.cloud.raw:
            wire = self.cloud.raw["periodic"]
            raw = {
                name: [
                    {
                        key: value
                        for key, value in period.items()
                        if key not in {"executeCycleType", "strategyType", "sort"}
                    }
                    for period in wire[name]
                ]
                for name in ("chargeTimeList", "dischargeTimeList")
            }
            raw["cycle"] = wire["executeCycleType"]
        return json.dumps(raw)


class Done:
    """What was, what was planned, and what is."""

    def __init__(self, before: Settings, plan: Plan, after: Settings) -> None:
        self.before, self.plan, self.after = before, plan, after
