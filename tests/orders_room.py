"""What the tests of all vendors' orders have in common: what is said, and where to look.

A vendor's room adds what its devices are and what is true of them.
"""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, ClassVar
from unittest.mock import patch

from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from pytest_homeassistant_custom_component.common import MockConfigEntry

_SERVICES = {
    "number": "set_value",
    "select": "select_option",
    "time": "set_value",
    "button": "press",
}


class OrdersRoom:
    """The device of an entry that takes orders; ``serial`` says which one."""

    domain: ClassVar[str]
    # So many seconds apart are the polls.
    poll: ClassVar[float]
    # What a start of Home Assistant makes anew
    forgotten: ClassVar[tuple[str, ...]] = ("accounts", "control", "force_defaults")
    # How long and with what a battery is charged unless a test says otherwise
    charging: ClassVar[tuple[float, dict[str, Any]]] = (30, {"power": 3000})

    hass: HomeAssistant
    entry: MockConfigEntry
    serial: str
    step: Any
    freezer: Any
    _while_down: Callable[[], Any] = staticmethod(lambda: None)

    async def settle(self) -> None:
        """Let everything end that is on its way."""
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def seconds(self, count: float) -> None:
        """Let time pass, with all polls."""
        while count > 0:
            await self.step(min(count, self.poll) + 0.1)
            count -= self.poll

    async def minutes(self, count: float) -> None:
        """Let time pass, with all polls."""
        await self.seconds(count * 60)

    # What is said

    async def ask(self, action: str, /, *, of: Any = None, **data: Any) -> Any:
        """Call an action for a device and return the whole answer."""
        return await self.hass.services.async_call(
            self.domain,
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

    async def charge(self, minutes: float | None = None, **data: Any) -> Any:
        """Force the battery to charge."""
        usual, how = self.charging
        return await self.call(
            "force_charge", duration={"minutes": minutes or usual}, **{**how, **data}
        )

    async def set(self, platform: str, key: str, **data: Any) -> None:
        """Move an entity as a hand does; the service follows from the platform."""
        service = _SERVICES.get(platform) or (
            "turn_on" if data.pop("on") else "turn_off"
        )
        await self.hass.services.async_call(
            platform,
            service,
            {"entity_id": self.entity_id(platform, key), **data},
            blocking=True,
        )

    # What is seen in Home Assistant

    def device_id(self, key: str | None = None) -> str:
        """Return the id of a device by its serial."""
        found = dr.async_get(self.hass).async_get_device_by_identifier(
            (self.domain, key or self.serial), self.entry.entry_id
        )
        assert found is not None, key
        return found.id

    def unique_id(self, key: str) -> str:
        """Return what never changes of an entity of the device."""
        return f"{self.serial}_{key}"

    def entity_id(self, platform: str, key: str) -> str:
        """Return an entity of the device."""
        found = er.async_get(self.hass).async_get_entity_id(
            platform, self.domain, self.unique_id(key)
        )
        assert found is not None, key
        return found

    def has(self, platform: str, key: str) -> bool:
        """Return whether the device has such an entity, with a state."""
        found = er.async_get(self.hass).async_get_entity_id(
            platform, self.domain, self.unique_id(key)
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
        """The repair issues that are shown."""
        return sorted(
            str(issue.translation_key)
            for issue in ir.async_get(self.hass).issues.values()
            if issue.domain == self.domain and issue.active
        )

    # Our own inside

    @property
    def center(self) -> Any:
        """Who owns the managers."""
        data: Any = self.hass.data
        return data[f"{self.domain}.control"].result()

    @property
    def manager(self) -> Any:
        """Who controls the device now."""
        manager = self.center.manager(self.serial)
        assert manager is not None
        return manager

    def leases(self, hass_storage: dict[str, Any]) -> dict[str, Any]:
        """Return the leases of the device on disk."""
        file = hass_storage.get(f"{self.domain}.leases") or {}
        record = file.get("data", {}).get(self.serial) or {}
        return dict(record.get("leases") or {})

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
        data: Any = self.hass.data
        for name in self.forgotten:
            data.pop(f"{self.domain}.{name}", None)
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
