"""What Home Assistant shows of a home that it may ask for once in minutes only."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any

from aiohttp import ClientError

from .folder import DemoError
from .hass import Hass
from .homes import POWERS, Home
from .report import Report
from .sim import Simulator

STEP = 2.0  # s between two looks
REMEMBERED = 30  # looks at the house; what is shown is at most so old when it comes
NEAR = 0.02  # share by which a power may differ: numbers are rounded
LEAST = 15.0  # W that it may always differ
IN_HOUSE = {  # the keys of POWERS in the simulator
    "solar_power": "pv_w",
    "load_power": "load_w",
    "grid_power": "grid_w",
    "battery_power": "battery_w",
}

type Powers = Mapping[str, float]


def is_slow(home: Home) -> bool:
    """Whether a change of the house is shown minutes later."""
    return home.vendor.control is not None and home.vendor.control.poll is None


class SlowWatch:
    """Compares each reading that comes with what the house did shortly before.

    The house changes meanwhile, by itself and by what others do to it.
    """

    def __init__(
        self, hass: Hass, home: Home, house: Simulator, *, brief: bool = False
    ) -> None:
        """Prepares it; `run` looks until the event is set.

        A brief watch may end before the next reading comes.
        """
        self.home = home
        self.problems: list[str] = []
        self.readings = 0
        self._hass, self._house, self._brief = hass, house, brief
        # where records are not of one moment, the older is what was before a poll, and
        # after a start what was kept before a kill
        looks = 6 * REMEMBERED if home.vendor.several_records else REMEMBERED
        self._truth: deque[Powers] = deque(maxlen=looks)
        self._shown: Powers | None = None

    async def run(self, end: asyncio.Event) -> None:
        """Looks every other second."""
        while not end.is_set():
            await self._look()
            await asyncio.sleep(STEP)
        if not self.readings and not self._brief:
            self.problems.append("no new reading was shown")

    async def _look(self) -> None:
        now: Mapping[str, Any] = await self._house.now(self.home.serial)
        self._truth.append({key: float(now[IN_HOUSE[key]]) for key in POWERS})
        try:
            shown = {
                key: float(await self._hass.state(self.home.entity_id(key)))
                for key in POWERS
            }
        except DemoError, ClientError, TimeoutError, ValueError:
            return  # it is just being started
        before, self._shown = self._shown, shown
        if before is None:
            self._truth.append(shown)  # of the time before the watch
        if before is None or before == shown:
            return
        self.readings += 1
        if not self._was(shown):
            self.problems.append(
                f"shown is {shown}, the house had {self._truth[0]} to {self._truth[-1]}"
            )

    def _was(self, shown: Powers) -> bool:
        """Whether the house had these powers shortly before."""
        if self.home.vendor.several_records:
            return all(
                any(near({key: power}, truth) for truth in self._truth)
                for key, power in shown.items()
            )
        return any(near(shown, truth) for truth in self._truth)


def near(shown: Powers, truth: Powers) -> bool:
    """Whether the shown powers (W) are the same but for rounding."""
    return all(
        abs(power - truth[key]) <= max(LEAST, NEAR * abs(truth[key]))
        for key, power in shown.items()
    )


def slow_watches(
    hass: Hass, pairs: Sequence[tuple[Home, Simulator]], *, brief: bool = False
) -> list[SlowWatch]:
    """Returns a watch of each slow home."""
    return [
        SlowWatch(hass, home, house, brief=brief)
        for home, house in pairs
        if is_slow(home)
    ]


async def watch_during(
    others: Awaitable[None], watches: Sequence[SlowWatch], report: Report
) -> None:
    """Watches homes while others do their work, and reports what was seen."""
    end = asyncio.Event()

    async def theirs() -> None:
        try:
            await others
        finally:
            end.set()

    await asyncio.gather(theirs(), *(watch.run(end) for watch in watches))
    for watch in watches:
        report.add(
            f"{watch.home.name}: readings are those of the house ({watch.readings})",
            watch.problems,
        )
