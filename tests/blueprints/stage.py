"""A house with one battery, and blueprints that lead it."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from homeassistant.components.blueprint import DomainBlueprints
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState
from homeassistant.helpers import script
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


_RUNS = ("AutomationEntity", "ScriptEntity", "Script.", "EntityComponent.")


def _is_run(task: asyncio.Task[Any]) -> bool:
    return getattr(task.get_coro(), "__qualname__", "").startswith(_RUNS)


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
        if at_start:
            self.hass.set_state(CoreState.starting)
        config = {
            "alias": "made",
            "use_blueprint": {"path": f"home_energy/{name}.yaml", "input": inputs},
        }
        assert await async_setup_component(
            self.hass, "automation", {"automation": [config]}
        )
        if at_start:
            self.hass.set_state(CoreState.running)
            self.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
        await self.settle()
        state = self.hass.states.get("automation.made")
        assert state is not None
        assert state.state == "on"

    async def make_scripts(self, **scripts: tuple[str, dict[str, Any]]) -> None:
        """Make scripts from blueprints, by name."""
        made = {
            name: {
                "use_blueprint": {"path": f"home_energy/{path}.yaml", "input": inputs}
            }
            for name, (path, inputs) in scripts.items()
        }
        assert await async_setup_component(self.hass, "script", {"script": made})
        await self.settle()

    async def run(self, name: str) -> None:
        """Begin a script, as evcc does."""
        await self.hass.services.async_call(
            "script", "turn_on", {"entity_id": f"script.{name}"}, blocking=True
        )
        await self.settle()

    def id(self, platform: str, key: str) -> str:
        """Return an entity of the battery."""
        return self.room.entity_id(platform, key)

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
        pace = self.room.poll * 2.8
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
    def sent(self) -> int:
        """How many writes reached the battery."""
        return self.room.sent
