"""Forced batteries, whose settings have to come back whatever becomes of the hub."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from .battery import Battery, differences, end_of
from .control_check import find_batteries
from .folder import DemoError
from .report import no_problem_within
from .runner import Running
from .sim import Simulator
from .vendor import Force

VENDOR = "sonnen_energy"  # an entry for each battery, which does as told at once
KIND: Force = "force_charge"
PATIENCE = 30  # s for a poll, and for the undoing of a force


class ForcedBattery:
    """A battery of the vendor, by its place."""

    def __init__(
        self, running: Running, houses: Mapping[str, Simulator], place: int
    ) -> None:
        """Works with a running demo and its simulators by domain."""
        self._running, self._houses, self._place = running, houses, place
        self._first: Battery | None = None
        self._before = ""
        self._end = datetime.now(UTC)

    async def _battery(self) -> Battery:
        """Returns it with the device that it has in this Home Assistant."""
        batteries = await find_batteries(self._running, self._houses)
        ours = [one for one in batteries if one.home.vendor.domain == VENDOR]
        if len(ours) <= self._place:
            raise DemoError(f"there are {len(ours)} batteries of {VENDOR}")
        return ours[self._place]

    async def force(self, duration: timedelta) -> list[str]:
        """Forces it for a while; returns what is wrong with that."""
        battery = self._first = await self._battery()
        self._before = await battery.stored()
        self._end = end_of(await battery.force(KIND, duration))
        return await self.problems()

    async def problems(self) -> list[str]:
        """Returns why it is not forced, as it has to be."""
        battery = await self._battery()
        problems = await no_problem_within(
            PATIENCE, lambda: battery.mode_problems(KIND)
        )
        if not await self._changes():
            problems.append(f"{battery.home.name}: its settings are those of before")
        return problems

    async def undone_problems(self) -> list[str]:
        """Returns what is left of the force soon after now."""
        return await no_problem_within(PATIENCE, self._changes)

    async def undone_problems_after_end(self) -> list[str]:
        """Returns what is left of the force soon after its end."""
        left = (self._end - datetime.now(UTC)).total_seconds()
        problems = await no_problem_within(left + PATIENCE, self._changes)
        battery = await self._battery()
        return problems + await no_problem_within(
            PATIENCE, lambda: battery.mode_problems("self_use")
        )

    async def entry_id(self) -> str:
        """Returns the entry that it belongs to."""
        battery = await self._battery()
        entity_id = battery.home.entity_id("battery_mode")
        registry = await self._running.hass.call("config/entity_registry/list")
        [found] = [
            one["config_entry_id"] for one in registry if one["entity_id"] == entity_id
        ]
        return str(found)

    async def _changes(self) -> list[str]:
        if self._first is None:
            raise DemoError("nothing was forced")
        return differences(self._before, await self._first.stored())
