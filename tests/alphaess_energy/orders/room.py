"""A system that takes orders: what tests say to it, and where they look."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
import json
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy._vendor.core.control.manager import (
    ControlManager,
)
from custom_components.alphaess_energy._vendor.core.ha.control import ControlCenter
from custom_components.alphaess_energy.battery import SystemDriver
from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import AlphaEssSimulator
from simulator.alphaess.system import AlphaSystem
from simulator.house import House

from ..conftest import SYSTEM_1, SYSTEM_2, Step
from ..devices import device_id

LEASES = f"{DOMAIN}.leases"
CHARGE = "updateChargeConfigInfo"
DISCHARGE = "updateDisChargeConfigInfo"
PERIODIC = "setTimeChargeBySn"
# Reads of both stores
SETTINGS = "get[CDT]*harge*"
POLL = 61
SETTINGS_POLL = 10 * 60 + 1

# The first system has the legacy store, the second one the periodic one.
BOTH_STORES = pytest.mark.parametrize(
    ("homes", "serial"),
    [pytest.param(1, SYSTEM_1, id="legacy"), pytest.param(2, SYSTEM_2, id="periodic")],
)

PERIODIC_STORE = pytest.mark.parametrize(("homes", "serial"), [(2, SYSTEM_2)])


class Room:
    """One of the account's systems; `serial` says which."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        sim: AlphaEssSimulator,
        step: Step,
        freezer: FrozenDateTimeFactory,
        serial: str = SYSTEM_1,
    ) -> None:
        self.hass, self.entry, self.sim = hass, entry, sim
        self.step, self.freezer, self.serial = step, freezer, serial
        self._while_down: Callable[[], Any] = lambda: None

    def beside(self, serial: str) -> Room:
        """Return another system of the account."""
        return Room(self.hass, self.entry, self.sim, self.step, self.freezer, serial)

    @property
    def endpoint(self) -> str:
        """Where a force is written."""
        return CHARGE if self.serial == SYSTEM_1 else PERIODIC

    @property
    def part(self) -> str:
        """Which settings a force is in."""
        return "charge" if self.serial == SYSTEM_1 else "periodic"

    @property
    def device(self) -> str:
        """The device's id."""
        return device_id(self.hass, self.entry, self.serial)

    async def start(self, **options: Any) -> None:
        """Set the account up and let everything be read; half full, no sun."""
        self.entry.add_to_hass(self.hass)
        self.hass.config_entries.async_update_entry(self.entry, options=options)
        for house in self.sim.houses.values():
            house.override(pv_w=0, load_w=500, soc=50)
        for system in self.sim.systems.values():
            # As `assume_enabled` says
            system.write_as_app(system.periodic, gridChargeCycle=1, ctrDisCycle=1)
        await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.settle()
        await self.step(POLL)

    async def settle(self) -> None:
        """Let everything end that is on its way."""
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def minutes(self, count: float, *, each: float = 5) -> None:
        """Let time pass, with polls `each` so many minutes."""
        while count > 0:
            await self.step(min(count, each) * 60 + 0.5)
            count -= each

    # What is said

    async def call(self, action: str, /, **data: Any) -> dict[str, Any]:
        """Call an action for the system and return what it answers."""
        device = self.device
        answer = await self.hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": device, **data},
            blocking=True,
            return_response=True,
        )
        assert answer is not None
        return answer[device]  # type: ignore[return-value]

    def order(self, action: str, /, **data: Any) -> asyncio.Task[dict[str, Any]]:
        """Call an action without waiting for its end."""
        return self.hass.async_create_task(self.call(action, **data))

    async def charge(self, minutes: float = 30, **data: Any) -> dict[str, Any]:
        """Force the battery to charge."""
        return await self.call(
            "force_charge", duration={"minutes": minutes}, target_soc=90, **data
        )

    async def set(self, platform: str, key: str, **data: Any) -> None:
        """Move an entity as a hand does; the service follows from the platform."""
        service = {
            "number": "set_value",
            "select": "select_option",
            "time": "set_value",
            "button": "press",
        }.get(platform) or ("turn_on" if data.pop("on") else "turn_off")
        await self.hass.services.async_call(
            platform,
            service,
            {"entity_id": self.entity_id(platform, key), **data},
            blocking=True,
        )

    # What is seen in Home Assistant

    def entity_id(self, platform: str, key: str) -> str:
        """Return the entity of the system."""
        unique_id = key if key[:2].isupper() else f"{self.serial}_{key}"
        found = er.async_get(self.hass).async_get_entity_id(platform, DOMAIN, unique_id)
        assert found is not None, key
        return found

    def has(self, platform: str, key: str) -> bool:
        """Return whether the system has such an entity, with a state."""
        found = er.async_get(self.hass).async_get_entity_id(
            platform, DOMAIN, f"{self.serial}_{key}"
        )
        return found is not None and self.hass.states.get(found) is not None

    def entity(self, platform: str, key: str) -> State:
        """Return the state of an entity with its attributes."""
        state = self.hass.states.get(self.entity_id(platform, key))
        assert state is not None, key
        return state

    def state(self, platform: str, key: str) -> str:
        """Return the state of an entity."""
        return self.entity(platform, key).state

    @property
    def mode(self) -> str:
        """What the battery does by order."""
        return self.state("select", "battery_mode")

    @property
    def control(self) -> str:
        """The state of control."""
        return self.state("sensor", "control_state")

    def event(self) -> tuple[str | None, dict[str, Any]]:
        """Return the last control event."""
        attributes = dict(self.entity("event", "control_events").attributes)
        for name in ("event_types", "friendly_name"):
            attributes.pop(name, None)
        return attributes.pop("event_type"), attributes

    def events(self) -> list[str]:
        """Return a list that takes up the events of the present manager."""
        found: list[str] = []
        self.manager.listen_events(lambda event: found.append(str(event.type)))
        return found

    @property
    def issues(self) -> list[str]:
        """The repair issues about the system."""
        return sorted(
            str(issue.translation_key)
            for (domain, _), issue in ir.async_get(self.hass).issues.items()
            if domain == DOMAIN
        )

    # What is true

    @property
    def system(self) -> AlphaSystem:
        """The simulated system."""
        return self.sim.systems[self.serial]

    @property
    def house(self) -> House:
        """The simulated house."""
        return self.sim.houses[self.serial]

    @property
    def stored(self) -> str:
        """What is stored, byte for byte."""
        system = self.system
        return json.dumps(
            [
                system.charge.stored,
                system.discharge.stored,
                system.periodic.stored,
            ]
        )

    @property
    def parts(self) -> list[str]:
        """Which settings accepted writes were for, oldest first."""
        return [write.part for write in self.system.writes]

    @property
    def effects(self) -> list[str]:
        """Which settings were changed by them."""
        return [effect.part for effect in self.system.effects]

    @property
    def sent(self) -> int:
        """How many writes reached the cloud, also those that it refused."""
        return sum(
            self.sim.counters.count(name, system=self.serial)
            for name in (CHARGE, DISCHARGE, PERIODIC)
        )

    @property
    def battery(self) -> float:
        """The power of the battery in W, + discharges."""
        return self.house.live().battery_w

    def leases(self, storage: dict[str, Any]) -> dict[str, Any]:
        """Return what is leased on disk."""
        file = storage.get(LEASES) or {}
        record = file.get("data", {}).get(self.serial) or {}
        return record.get("leases", {})  # type: ignore[no-any-return]

    # Our own inside

    @property
    def center(self) -> ControlCenter:
        """Who owns the managers."""
        return self.hass.data[f"{DOMAIN}.control"].result()  # type: ignore[no-any-return,call-overload]

    @property
    def manager(self) -> ControlManager:
        """Who controls the system now."""
        manager = self.center.manager(self.serial)
        assert manager is not None
        return manager

    @contextmanager
    def at_write(
        self, call: Callable[[], Any], *, number: int = 1, after: bool = False
    ) -> Generator[None]:
        """Call something once, right before (or after) a write is sent."""
        apply, count = SystemDriver.apply, 0

        async def with_call(driver: SystemDriver, *args: Any) -> None:
            nonlocal count
            count += 1
            mine = count == number
            if mine and not after:
                call()
                await asyncio.sleep(0)
            await apply(driver, *args)
            if mine and after:
                call()
                await asyncio.sleep(0)

        with patch.object(SystemDriver, "apply", with_call):
            yield

    async def reload(self) -> None:
        """Reload the entry."""
        await self.hass.config_entries.async_reload(self.entry.entry_id)
        await self.settle()

    async def restart(self, seconds: float = 2) -> None:
        """Stop Home Assistant in good order, and start it later."""
        await self.center._async_stop()
        self.hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
        await self.settle()
        await self._begin_anew(seconds)

    async def crash(self, seconds: float = 2) -> None:
        """Kill Home Assistant where it stands, and start it later.

        What was not on disk yet is lost.
        """
        for manager in self.center._managers.values():
            manager._jobs._closed = True
            manager._stop_timer()
            for task in list(manager._jobs._tasks):
                task.cancel()
        self.center._managers.clear()
        await asyncio.sleep(0)
        await self._begin_anew(seconds)

    async def _begin_anew(self, seconds: float) -> None:
        await self.hass.config_entries.async_unload(self.entry.entry_id)
        for name in ("accounts", "control", "force_defaults"):
            self.hass.data.pop(f"{DOMAIN}.{name}", None)  # type: ignore[call-overload]
        self.freezer.tick(seconds)
        self._while_down()
        await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.settle()
        await self.step(1)

    @contextmanager
    def at_start(self, call: Callable[[], Any]) -> Generator[None]:
        """Call something while Home Assistant is down."""
        self._while_down = call
        yield
        self._while_down = lambda: None

    @property
    def now(self) -> datetime:
        """The house's local time."""
        return self.house.live().at.astimezone(self.entry.runtime_data.zone)
