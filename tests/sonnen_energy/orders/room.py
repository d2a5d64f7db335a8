"""A battery that takes orders: what tests say to it, and where they look."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sonnen_energy._vendor.core.control.manager import (
    ControlManager,
)
from custom_components.sonnen_energy._vendor.core.ha.control import ControlCenter
from custom_components.sonnen_energy.battery import BatteryDriver
from custom_components.sonnen_energy.const import DOMAIN
from simulator.house import House
from simulator.sonnen import SonnenBattery, SonnenSimulator

from ..conftest import Step

LEASES = f"{DOMAIN}.leases"
# So many seconds apart are the polls of the status.
POLL = 10


class Room:
    """The battery of one entry."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        sim: SonnenSimulator,
        battery: SonnenBattery,
        step: Step,
        freezer: FrozenDateTimeFactory,
    ) -> None:
        self.hass, self.entry, self.sim, self.battery = hass, entry, sim, battery
        self.step, self.freezer, self.serial = step, freezer, battery.serial
        self._while_down: Callable[[], Any] = lambda: None

    async def start(self, **options: Any) -> None:
        """Set the entry up and let everything be read; half full, no sun."""
        self.entry.add_to_hass(self.hass)
        self.hass.config_entries.async_update_entry(self.entry, options=options)
        self.house.override(pv_w=0, load_w=500)
        self.battery.set_usoc(50)
        await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.settle()
        await self.seconds(61)

    async def settle(self) -> None:
        """Let everything end that is on its way."""
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def seconds(self, count: float) -> None:
        """Let time pass, with all polls."""
        while count > 0:
            await self.step(min(count, POLL) + 0.1)
            count -= POLL

    async def minutes(self, count: float) -> None:
        """Let time pass, with all polls."""
        await self.seconds(count * 60)

    # What is said

    async def call(self, action: str, /, **data: Any) -> dict[str, Any]:
        """Call an action for the battery and return what it answers."""
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
            "force_charge", duration={"minutes": minutes}, **{"power": 3000, **data}
        )

    async def set(self, platform: str, key: str, **data: Any) -> None:
        """Move an entity as a hand does; the service follows from the platform."""
        service = {
            "number": "set_value",
            "select": "select_option",
            "time": "set_value",
        }.get(platform) or ("turn_on" if data.pop("on") else "turn_off")
        await self.hass.services.async_call(
            platform,
            service,
            {"entity_id": self.entity_id(platform, key), **data},
            blocking=True,
        )

    # What is seen in Home Assistant

    @property
    def device(self) -> str:
        """The device's id."""
        found = dr.async_get(self.hass).async_get_device_by_identifier(
            (DOMAIN, self.serial), self.entry.entry_id
        )
        assert found is not None
        return found.id

    def entity_id(self, platform: str, key: str) -> str:
        """Return the entity of the battery."""
        found = er.async_get(self.hass).async_get_entity_id(
            platform, DOMAIN, f"{self.serial}_{key}"
        )
        assert found is not None, key
        return found

    def has(self, platform: str, key: str) -> bool:
        """Return whether the battery has such an entity, with a state."""
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
        """The repair issues about the battery."""
        return sorted(
            str(issue.translation_key)
            for (domain, _), issue in ir.async_get(self.hass).issues.items()
            if domain == DOMAIN
        )

    # What is true

    @property
    def house(self) -> House:
        """The simulated house."""
        return self.battery.house

    @property
    def stored(self) -> dict[str, Any]:
        """What is stored, set points too."""
        return self.battery.stored

    @property
    def sent(self) -> int:
        """How many writes reached the battery, also those that it refused."""
        return self.sim.counters.count("set*", system=self.serial)

    @property
    def power(self) -> float:
        """The power of the battery in W, + discharges."""
        return self.house.live().battery_w

    @property
    def center(self) -> ControlCenter:
        """Who owns the managers."""
        return self.hass.data[f"{DOMAIN}.control"].result()  # type: ignore[no-any-return,call-overload]

    @property
    def manager(self) -> ControlManager:
        """Who controls the battery now."""
        manager = self.center.manager(self.serial)
        assert manager is not None
        return manager

    @property
    def now(self) -> datetime:
        """The house's local time."""
        return self.house.live().at.astimezone(self.entry.runtime_data.zone)

    def leases(self, hass_storage: dict[str, Any]) -> dict[str, Any]:
        """Return the leases of the battery on disk."""
        stored = hass_storage.get(LEASES, {}).get("data", {}).get(self.serial) or {}
        return dict(stored.get("leases") or {})

    # What happens to Home Assistant

    @contextmanager
    def at_write(
        self, call: Callable[[], Any], *, number: int = 1, after: bool = False
    ) -> Generator[None]:
        """Call something once, right before (or after) a write is sent."""
        apply, count = BatteryDriver.apply, 0

        async def with_call(driver: BatteryDriver, *args: Any) -> None:
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

        with patch.object(BatteryDriver, "apply", with_call):
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
        """Kill Home Assistant where it stands, and start it later."""
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
