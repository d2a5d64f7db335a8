"""A house with one battery, and blueprints that lead it."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
import importlib
from pathlib import Path
from typing import Any
from unittest.mock import patch

from homeassistant.components import persistent_notification
from homeassistant.components.blueprint import DomainBlueprints
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState
from homeassistant.helpers import entity_registry as er, script
from homeassistant.setup import async_setup_component

from ..orders_room import OrdersRoom

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "blueprints"
PRICE = "sensor.price"


@contextmanager
def from_repository() -> Generator[None]:
    """Have Home Assistant find the blueprints of the repository."""

    def folder(self: DomainBlueprints) -> Path:
        return FOLDER / self.domain

    with patch.object(DomainBlueprints, "blueprint_folder", property(folder)):
        yield


class Waiting:
    """Counts the runs of automations and scripts that wait for something."""

    def __init__(self) -> None:
        self.now = 0

    @contextmanager
    def counted(self) -> Generator[None]:
        run = script._ScriptRun
        wait = run._async_wait_with_optional_timeout

        async def counting(*args: Any) -> None:
            self.now += 1
            try:
                await wait(*args)
            finally:
                self.now -= 1

        with patch.object(run, "_async_wait_with_optional_timeout", counting):
            yield


# So that what is renewed each five minutes is renewed in time
_MOST_PACE = 240.0
_RUNS = ("AutomationEntity", "ScriptEntity", "Script.", "EntityComponent.")


def _is_run(task: asyncio.Task[Any]) -> bool:
    return getattr(task.get_coro(), "__qualname__", "").startswith(_RUNS)


def _use(name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {"path": f"home_energy/{name}.yaml", "input": dict(inputs)}


class Stage:
    """The battery's room, and what is made from blueprints."""

    def __init__(self, room: OrdersRoom, waiting: Waiting) -> None:
        self.room, self.hass, self.waiting = room, room.hass, waiting

    async def settle(self) -> None:
        """Let everything end that is on its way; runs that wait may go on waiting."""
        # No pause that is longer than none: the clock stands still
        hass, turns = self.hass, 0
        while turns < 5:
            await asyncio.sleep(0)
            mine = asyncio.current_task()
            busy = any(
                task is not mine and not task.done() and not _is_run(task)
                for task in hass._tasks | hass._background_tasks
            )
            turns = 0 if busy or self.waiting.now < self.runs else turns + 1

    @property
    def runs(self) -> int:
        """How many automations and scripts run."""
        return sum(
            state.attributes.get("current", 0)
            for state in self.hass.states.async_all(("automation", "script"))
        )

    # What is made

    async def automate(
        self, name: str, *, at_start: bool = False, **inputs: Any
    ) -> None:
        """Make an automation from a blueprint, ``at_start`` of Home Assistant."""
        await self.automate_all({"made": (name, inputs)}, at_start=at_start)

    async def automate_all(
        self, made: Mapping[str, tuple[str, Any]], *, at_start: bool = False
    ) -> None:
        """Make several, by name; from which blueprint, and what is filled in."""
        if at_start:
            self.hass.set_state(CoreState.starting)
        config = [
            {"alias": alias, "use_blueprint": _use(name, inputs)}
            for alias, (name, inputs) in made.items()
        ]
        await self._set_up("automation", config)
        if at_start:
            self.hass.set_state(CoreState.running)
            self.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
        await self.settle()
        states = [self.hass.states.get(f"automation.{alias}") for alias in made]
        assert [state.state for state in states if state] == ["on"] * len(made)

    async def make_scripts(self, **scripts: tuple[str, dict[str, Any]]) -> None:
        """Make scripts from blueprints, by name."""
        made = {
            name: {"use_blueprint": _use(path, inputs)}
            for name, (path, inputs) in scripts.items()
        }
        await self._set_up("script", made)
        await self.settle()

    async def _set_up(self, domain: str, config: Any) -> None:
        assert await async_setup_component(self.hass, "persistent_notification", {})
        assert await async_setup_component(self.hass, domain, {domain: config})

    async def run(self, name: str) -> None:
        """Run a script, as evcc does."""
        await self.start(name)
        await self.settle()

    async def start(self, name: str) -> None:
        """Begin a script, and wait for nothing."""
        await self.hass.services.async_call(
            "script", "turn_on", {"entity_id": f"script.{name}"}, blocking=True
        )

    def id(self, platform: str, key: str) -> str:
        """Return an entity of the battery."""
        return self.room.entity_id(platform, key)

    def beside(self, platform: str, name: str, state: str) -> str:
        """Let the battery's device have an entity more that does nothing."""
        entity = er.async_get(self.hass).async_get_or_create(
            platform, "test", name, device_id=self.room.device_id()
        )
        self.hass.states.async_set(entity.entity_id, state)
        return entity.entity_id

    async def enable(self, platform: str, key: str) -> None:
        """Enable an entity that is disabled at first, as a user may."""
        registry = er.async_get(self.hass)
        entity_id = self.id(platform, key)
        if registry.entities[entity_id].disabled_by is not None:
            registry.async_update_entity(entity_id, disabled_by=None)
            await self.room.reload()
            await self.settle()

    @contextmanager
    def refusing(self) -> Generator[None]:
        """Have no write arrive."""
        manager = self.room.manager
        core = type(manager).__module__.removesuffix(".control.manager")
        errors = importlib.import_module(f"{core}.client.errors")

        async def refuse(*_args: Any) -> None:
            raise errors.ApiError("away")

        with patch.object(type(manager.driver), "apply", refuse):
            yield

    @contextmanager
    def delayed_by(self, wait: Callable[[], Awaitable[Any]]) -> Generator[None]:
        """Have each write wait for something before it arrives."""
        kind = type(self.room.manager.driver)
        apply = kind.apply

        async def later(*args: Any) -> None:
            await wait()
            await apply(*args)

        with patch.object(kind, "apply", later):
            yield

    def show_in(self, key: str, unit: str) -> None:
        """Have a number of the battery shown in another unit, as a user may."""
        er.async_get(self.hass).async_update_entity_options(
            self.id("number", key), "number", {"unit_of_measurement": unit}
        )

    @property
    def battery(self) -> dict[str, str]:
        """The inputs of every blueprint that forces."""
        return {
            "battery_mode": self.id("select", "battery_mode"),
            "force_duration": self.id("number", "force_duration"),
        }

    @property
    def force(self) -> dict[str, str]:
        """The inputs of every blueprint that charges or discharges."""
        found = {**self.battery, "force_target": self.id("number", "force_target")}
        if self.room.has("number", "force_power"):
            found["force_power"] = self.id("number", "force_power")
        return found

    # What happens

    async def minutes(self, count: float) -> None:
        """Let time pass, slowly enough that what is known is never too old."""
        pace = min(self.room.poll * 2.8, _MOST_PACE)
        left = count * 60
        while left > 0:
            await self.room.step(min(left, pace))
            left -= pace

    async def price(self, value: float | str, entity_id: str = PRICE) -> None:
        """Let something have another state."""
        self.hass.states.async_set(entity_id, str(value))
        await self.settle()

    async def select(self, option: str) -> None:
        """Select a mode as a hand does."""
        await self.room.set("select", "battery_mode", option=option)
        await self.settle()

    # What is seen

    @property
    def mode(self) -> str:
        """What *Battery mode* says."""
        return self.room.state("select", "battery_mode")

    @property
    def ends(self) -> str:
        """When what is forced ends."""
        return self.room.state("sensor", "control_ends")

    @property
    def flow(self) -> float:
        """The power of the battery in W, + discharges."""
        house: Any = self.room.house
        return house.live().battery_w

    @property
    def told(self) -> list[str]:
        """What a person was told, oldest first."""
        notes = persistent_notification._async_get_or_create_notifications(self.hass)
        return [str(note["message"]) for note in notes.values()]

    @property
    def sent(self) -> int:
        """How many writes reached the battery."""
        return self.room.sent
