"""The proof of control: whatever happens to a force, it ends and leaves nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime

from .automation import ForceAutomation
from .battery import Battery
from .homes import find_homes
from .report import Report
from .runner import Running
from .sim import Simulator
from .surprises import SurpriseTrial
from .trial import Trial
from .vendor import Force

AFTER_END = 3  # s after the end of the last force at which Home Assistant is started


class ControlCheck:
    """Forces all batteries in many ways, those of all vendors at the same time.

    A round takes minutes, and each has to find its batteries at rest. So there are two
    courses, for two houses beside each other; both begin with a plain force, with whose
    writes those of all others are compared.
    """

    def __init__(
        self, running: Running, houses: Mapping[str, Simulator], report: Report
    ) -> None:
        """Takes the simulators by their domain."""
        self._running, self._houses, self._report = running, houses, report
        self._usual: dict[str, Trial] = {}  # the first plain trial of each serial
        self._batteries: list[Battery] = []

    async def run_surprised(self) -> None:
        """Has batteries restart, persons interfere, and automations cancel their calls.

        Of a vendor that knows surprises, the first battery meets a restart in the first
        round and the last one what a person and the grid do in the second; all others
        do what every battery can.
        """
        await self._find()
        await self._first_round(surprise=True)
        await self._with_automations()
        await self._let_go()

    async def run_killed(self, before_kill: Callable[[], Awaitable[object]]) -> None:
        """Has Home Assistant killed in the middle of forces, once that may be."""
        await self._find()
        await self._first_round(surprise=False)
        await before_kill()
        await self._with_kill()
        await self._let_go()

    async def _find(self) -> None:
        self._batteries = await find_batteries(self._running, self._houses)

    async def _let_go(self) -> None:
        await asyncio.gather(*(battery.let_go() for battery in self._batteries))

    async def _first_round(self, *, surprise: bool) -> None:
        plain: list[Trial] = []
        surprised: list[SurpriseTrial] = []
        for battery in self._batteries:
            kind = self._kind(battery)
            if surprise and battery.control.surprises and self._place(battery) == 0:
                title = f"{named(kind)} outlives the battery's restart"
                surprised.append(SurpriseTrial(battery, title, kind))
            else:
                plain.append(Trial(battery, f"{named(kind)} ends by itself", kind))
        await asyncio.gather(
            *(trial_by_action(trial) for trial in plain),
            *(trial.with_reset() for trial in surprised),
        )
        self._tell(plain)
        self._tell(surprised, compared=False)

    async def _with_kill(self) -> None:
        """Kills Home Assistant while all are forced, and starts it too late."""
        killed: list[Trial] = []
        for battery in self._batteries:
            kind = self._kind(battery)
            title = f"{named(kind)}, with Home Assistant killed in the middle"
            killed.append(Trial(battery, title, kind))
        await trial_with_kill(self._running, self._houses, killed)
        self._tell(killed)

    async def _with_automations(self) -> None:
        by_automation: list[Trial] = []
        rounds: list[Awaitable[None]] = []
        surprised: list[SurpriseTrial] = []
        for battery in self._batteries:
            kind = self._kind(battery)
            if battery.control.surprises and self._is_last(battery):
                titles = (
                    "a person's change in the app in the minute of a restart stands",
                    f"{named(kind)} ends when the grid fails",
                )
                pair = [SurpriseTrial(battery, title, kind) for title in titles]
                surprised += pair
                rounds.append(person_and_grid(*pair))
                continue
            title = f"{named(kind)}, by an automation that cancels its own call"
            trial = Trial(battery, title, kind)
            automation = ForceAutomation(self._running.hass, battery.home, kind)
            await automation.create()
            by_automation.append(trial)
            rounds.append(trial_by_automation(trial, automation))
        await asyncio.gather(*rounds)
        self._tell(by_automation)
        self._tell(surprised, compared=False)

    def _of_vendor(self, battery: Battery) -> list[str]:
        domain = battery.home.vendor.domain
        homes = [other.home for other in self._batteries]
        return [home.serial for home in homes if home.vendor.domain == domain]

    def _place(self, battery: Battery) -> int:
        return self._of_vendor(battery).index(battery.home.serial)

    def _is_last(self, battery: Battery) -> bool:
        return self._of_vendor(battery)[-1] == battery.home.serial

    def _kind(self, battery: Battery) -> Force:
        forces = battery.control.forces
        return forces[self._place(battery) % len(forces)]

    def _tell(self, done: Sequence[Trial], *, compared: bool = True) -> None:
        """Reports trials; as many writes as usual of the battery must have an effect."""
        for trial in done:
            serial = trial.battery.home.serial
            if compared and not trial.battery.ends_alone:
                usual = self._usual.setdefault(serial, trial)
                if not usual.problems:
                    trial.compare(usual.cost)
            facts = f" ({', '.join(trial.facts)})" if trial.facts else ""
            name = trial.battery.home.name
            self._report.add(f"{name}: {trial.title}{facts}", trial.problems)


def named(kind: Force) -> str:
    """Returns what a force is called in a report."""
    return f"a {kind.replace('force_', 'forced ')}"


async def find_batteries(
    running: Running, houses: Mapping[str, Simulator]
) -> list[Battery]:
    """Returns the batteries that can be controlled, with the devices of this start."""
    return [
        Battery(running.hass, home, houses[home.vendor.domain])
        for home in await find_homes(running.hass)
        if home.vendor.control
    ]


async def trial_by_action(trial: Trial) -> None:
    """Forces a battery and sees it begin and end."""
    await trial.go(
        trial.rest, trial.force, trial.see_it, trial.outlast, trial.see_it_undone
    )


async def trial_by_automation(trial: Trial, automation: ForceAutomation) -> None:
    """Has the call that forces it cancelled while its write is on its way."""
    await trial.go(
        trial.rest,
        lambda: trial.force_by(automation),
        trial.see_it,
        trial.outlast,
        trial.see_it_undone,
    )


async def person_and_grid(person: SurpriseTrial, grid: SurpriseTrial) -> None:
    """Surprises a battery twice, one after the other."""
    await person.with_person()
    await grid.without_grid()


async def trial_with_kill(
    running: Running, houses: Mapping[str, Simulator], killed: list[Trial]
) -> None:
    """Kills Home Assistant while all batteries are forced, and starts it too late."""
    await asyncio.gather(
        *(trial.go(trial.rest, trial.force, trial.see_it) for trial in killed)
    )
    await running.kill_home_assistant()
    last = max((trial.end for trial in killed), default=datetime.now(UTC))
    left = (last - datetime.now(UTC)).total_seconds()
    await asyncio.sleep(max(left, 0) + AFTER_END)
    await asyncio.gather(*(trial.go(trial.see_it_left_alone) for trial in killed))
    start = datetime.now(UTC)
    await running.start_home_assistant_again()
    present = {
        battery.home.serial: battery
        for battery in await find_batteries(running, houses)
    }

    async def see_it_undone(trial: Trial) -> None:
        # the device may have another id after such an end
        trial.battery = present[trial.battery.home.serial]
        await trial.go(lambda: trial.see_it_undone(start))

    await asyncio.gather(*(see_it_undone(trial) for trial in killed))
