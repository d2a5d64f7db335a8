"""An account whose devices take orders: what tests say to them, and where they look."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
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

from custom_components.growatt_energy._vendor.core.control.manager import (
    ControlManager,
)
from custom_components.growatt_energy._vendor.core.ha.control import ControlCenter
from custom_components.growatt_energy.const import DOMAIN
from simulator.growatt import GrowattSimulator
from simulator.growatt.device import Device
from simulator.house import House

from ..conftest import Step

LEASES = f"{DOMAIN}.leases"
# So many seconds apart are the polls; records come as often.
POLL = 300


class Room:
    """The devices of one entry; what is said goes to the first unless said otherwise."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        sim: GrowattSimulator,
        step: Step,
        freezer: FrozenDateTimeFactory,
    ) -> None:
        self.hass, self.entry, self.sim = hass, entry, sim
        self.step, self.freezer = step, freezer
        self.serial = next(iter(sim.devices))
        self._while_down: Callable[[], Any] = lambda: None

    async def start(self, **options: Any) -> None:
        """Set the entry up and let everything be read; half full, no sun."""
        self.entry.add_to_hass(self.hass)
        self.hass.config_entries.async_update_entry(self.entry, options=options)
        for house in self.sim.houses.values():
            house.override(pv_w=0, load_w=500, soc=50)
        for device in self.sim.devices.values():
            device.push()
        await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.settle()
        await self.step(1)
        self.sim.counters.reset()

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

    async def ask(self, action: str, /, *, of: Any = None, **data: Any) -> Any:
        """Call an action for a device and return the whole answer."""
        return await self.hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": self.device_id(of), **data},
            blocking=True,
            return_response=True,
        )

    async def call(self, action: str, /, *, of: Any = None, **data: Any) -> Any:
        """Call an action for a device and return what it answers for it."""
        return (await self.ask(action, of=of, **data))[self.device_id(of)]

    def order(self, action: str, /, **data: Any) -> asyncio.Task[Any]:
        """Call an action without waiting for its end."""
        return self.hass.async_create_task(self.call(action, **data))

    async def charge(self, minutes: float = 60, **data: Any) -> Any:
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
            "button": "press",
        }.get(platform) or ("turn_on" if data.pop("on") else "turn_off")
        await self.hass.services.async_call(
            platform,
            service,
            {"entity_id": self.entity_id(platform, key), **data},
            blocking=True,
        )

    # What is seen in Home Assistant

    def device_id(self, key: str | None = None) -> str:
        """Return the id of a device by its serial, of the plant by ``plant``."""
        if key == "plant":
            key = next(iter(self.entry.runtime_data.plants.values())).key
        found = dr.async_get(self.hass).async_get_device_by_identifier(
            (DOMAIN, key or self.serial), self.entry.entry_id
        )
        assert found is not None, key
        return found.id

    def entity_id(self, platform: str, key: str) -> str:
        """Return an entity of the device."""
        found = er.async_get(self.hass).async_get_entity_id(
            platform, DOMAIN, f"{self.serial}_{key}"
        )
        assert found is not None, key
        return found

    def has(self, platform: str, key: str) -> bool:
        """Return whether the device has such an entity, with a state."""
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
    def mode(self) -> str | None:
        """Which force or hold runs; None is self-use."""
        kind = self.manager.mode
        return None if kind is None else str(kind)

    @property
    def control(self) -> str:
        """The state of control."""
        return str(self.manager.state)

    def events(self) -> list[str]:
        """Return a list that takes up the events of the present manager."""
        found: list[str] = []
        self.manager.listen_events(lambda event: found.append(str(event.type)))
        return found

    @property
    def issues(self) -> list[str]:
        """The repair issues that are shown."""
        return sorted(
            str(issue.translation_key)
            for issue in ir.async_get(self.hass).issues.values()
            if issue.domain == DOMAIN and issue.active
        )

    # What is true

    @property
    def device(self) -> Device:
        """The simulated device."""
        return self.sim.devices[self.serial]

    @property
    def house(self) -> House:
        """The simulated house."""
        return self.sim.houses[next(iter(self.sim.houses))]

    @property
    def stored(self) -> dict[str, Any]:
        """What is stored, and what remote control does."""
        remote = {f"vpp {key}": value for key, value in self.device.vpp.values.items()}
        # The time that remote control may last is nothing that anybody looks at.
        remote.pop("vpp 26", None)
        return {**self.device.settings.stored, **remote}

    @property
    def sent(self) -> int:
        """How many writes the device was sent, also those that it refused."""
        return len(self.device.writes)

    @property
    def power(self) -> float:
        """The power of the battery in W, + discharges."""
        return self.house.live().battery_w

    @property
    def center(self) -> ControlCenter:
        """Who owns the managers."""
        data: Any = self.hass.data
        center: ControlCenter = data[f"{DOMAIN}.control"].result()
        return center

    @property
    def manager(self) -> ControlManager:
        """Who controls the device now."""
        manager = self.center.manager(self.serial)
        assert manager is not None
        return manager

    def leases(self, hass_storage: dict[str, Any]) -> dict[str, Any]:
        """Return the leases of the device on disk."""
        stored = hass_storage.get(LEASES, {}).get("data", {}).get(self.serial) or {}
        return dict(stored.get("leases") or {})

    # What happens to Home Assistant

    @contextmanager
    def at_write(
        self, call: Callable[[], Any], *, number: int = 1, after: bool = False
    ) -> Generator[None]:
        """Call something once, right before (or after) a write is sent."""
        kind = type(self.manager.driver)
        apply, count = kind.apply, 0

        async def with_call(driver: Any, *args: Any) -> None:
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

        with patch.object(kind, "apply", with_call):
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
        data: Any = self.hass.data
        for name in ("accounts", "connections", "control", "force_defaults"):
            data.pop(f"{DOMAIN}.{name}", None)
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
