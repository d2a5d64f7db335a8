"""What happens to a forced battery without Home Assistant, and what it makes of that."""

from datetime import UTC, datetime, timedelta

from .battery import Battery, differences
from .folder import DemoError
from .report import first_problem_within
from .trial import REACTION, Trial
from .vendor import Force

SILENT, BOOTING = 15, 6  # s that a restart takes in the demo; at night it is minutes
NOTICED = 75  # s after a restart in which it is noticed and the force asserted again
UNTOUCHED = 15  # s in which nothing may be written after a person's change
GRID_IS_BACK = 45  # s in which all that tells of the grid has been read again
NEAR = 0.15  # share by which a time that is left may differ from the truth
MINUTE = timedelta(minutes=1)


class SurpriseTrial(Trial):
    """A force in the middle of which something happens."""

    def __init__(self, battery: Battery, title: str, kind: Force) -> None:
        """Takes a battery that tells of it; DemoError for any other."""
        super().__init__(battery, title, kind)
        surprises = battery.control.surprises
        if surprises is None:
            raise DemoError(f"{battery.home.name} cannot be surprised")
        self._surprises = surprises
        self._changed = ""

    async def with_reset(self) -> None:
        """Restarts the battery in the middle; the force goes on to its end."""
        await self.go(
            self.rest,
            self.force,
            self.see_it,
            self._restart,
            self._see_it_again,
            self.outlast,
            self.see_it_undone,
        )

    async def with_person(self) -> None:
        """Has a person change it in the minute of a restart: that is respected."""
        await self.go(
            self.rest,
            self.force,
            self.see_it,
            self._restart,
            self._change_by_person,
            self._see_it_let_go,
            self._go_back,
        )

    async def without_grid(self) -> None:
        """Has the grid fail: the force ends, and how long the battery lasts is told."""
        await self.go(self.rest, self.force, self.see_it)
        serial = self.battery.home.serial
        await self.go(lambda: self.battery.house.house(serial, grid=False))
        await self.go(self._see_it_off_grid, self._see_how_long_it_lasts)
        await self.battery.house.house(serial, grid=None)
        await self.go(self._see_the_grid)

    async def _restart(self) -> None:
        battery = self.battery
        forced = await battery.stored()
        await battery.house.reset(battery.home.serial, silent=SILENT, booting=BOOTING)
        if await battery.stored() == forced:
            raise DemoError("the restart has changed nothing")

    async def _see_it_again(self) -> None:
        begin = datetime.now(UTC)
        await self._need(NOTICED, lambda: self.battery.event_problems("lost"))
        took = (datetime.now(UTC) - begin).total_seconds()
        await self._need(self.battery.back, self.see_it_forced_now)
        await self._need(self.battery.soon, self._active_again)
        self.facts.append(f"forced again {took:.0f} s after a restart began")

    async def see_it_forced_now(self) -> list[str]:
        """Returns what is wrong with a force that should be going on."""
        return [
            *await self.battery.truth_problems(self.kind),
            *await self.battery.mode_problems(self.kind),
        ]

    async def _active_again(self) -> list[str]:
        return [
            *await self.battery.shown_problems(self.kind),
            *await self.battery.state_problems("active"),
        ]

    async def _change_by_person(self) -> None:
        battery = self.battery
        await battery.house.app(battery.home.serial, self._surprises.app)
        self._changed = await battery.stored()
        await self._count()

    async def _see_it_let_go(self) -> None:
        battery = self.battery
        await self._need(NOTICED, lambda: battery.event_problems("external"))
        await self._need(REACTION, lambda: battery.state_problems("external"))
        # for a while after that too
        written = await first_problem_within(UNTOUCHED, self._written)
        self._raise(written)
        self.facts.append("the person's change stands")

    async def _written(self) -> list[str]:
        """Returns what Home Assistant has written since the person's change."""
        stored = await self.battery.stored()
        journal = await self.battery.journal()
        writes = journal[0] - self._journal[-1][0]
        told = [f"it was written to {writes} times"] if writes else []
        return [*differences(self._changed, stored), *told]

    async def _go_back(self) -> None:
        """Has the person choose self-use in Home Assistant."""
        battery = self.battery
        await battery.end_force()
        self._raise(differences(self._before, await battery.stored()))
        await self._need(battery.soon, self._resting)

    async def _see_it_off_grid(self) -> None:
        battery = self.battery
        begin = datetime.now(UTC)

        async def off() -> list[str]:
            state = await battery.hass.state(battery.home.entity_id("off_grid"))
            return [] if state == "on" else [f"off grid is {state}"]

        async def undone() -> list[str]:
            stored = await battery.stored()
            return [*differences(self._before, stored), *await self._resting()]

        await self._need(battery.soon, off)
        took = (datetime.now(UTC) - begin).total_seconds()
        await self._need(battery.back, undone)
        await self._need(REACTION, lambda: battery.event_problems("ended"))
        self.facts.append(f"off the grid after {took:.0f} s")

    async def _see_how_long_it_lasts(self) -> None:
        await self._need(self.battery.soon, self._time_problems)

    async def _time_problems(self) -> list[str]:
        """Returns whether the time until it is empty is not that of the house."""
        battery = self.battery
        home = battery.home
        now = await battery.house.now(home.serial)
        share = home.vendor.shown_soc(now["soc"]) / 100
        left = timedelta(
            hours=self._surprises.usable_wh[home.serial] * share / now["battery_w"]
        )
        shown = await battery.hass.state(home.entity_id("time_until_fully_discharged"))
        moment = await battery.hass.state(home.entity_id("fully_discharged_at"))
        try:
            told = timedelta(seconds=float(shown))
            until = datetime.fromisoformat(moment) - datetime.now(UTC)
        except ValueError:
            return [f"it is said to be empty in {shown} s, at {moment}"]
        if abs(told - left) > NEAR * left or abs(until - told) > 2 * MINUTE:
            return [f"empty in {left}; said is in {told}, at {moment}"]
        self.facts.append(f"empty in {told}")
        return []

    async def _see_the_grid(self) -> None:
        battery = self.battery

        async def on() -> list[str]:
            state = await battery.hass.state(battery.home.entity_id("off_grid"))
            return [] if state == "off" else [f"off grid is {state}"]

        await self._need(GRID_IS_BACK, on)
