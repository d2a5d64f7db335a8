"""The proof of control: whatever happens to a forced charge, it ends and leaves nothing."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

from .automation import ForceAutomation
from .battery import Battery
from .homes import find_homes
from .report import Report
from .runner import Running
from .sim import Simulator
from .trial import Trial

AFTER_END = 3  # s after the end of the last force at which Home Assistant is started


async def check_control(
    running: Running, houses: Mapping[str, Simulator], report: Report
) -> None:
    """Forces all batteries to charge, in three ways; simulators by their domain."""
    batteries = await find_batteries(running, houses)
    by_action = trials(batteries, "a forced charge ends by itself")
    await asyncio.gather(*(trial_by_action(trial) for trial in by_action))
    tell(report, by_action)

    killed = trials(batteries, "and with Home Assistant killed in the middle")
    await trial_with_kill(running, houses, killed)
    tell(report, killed, by_action)

    batteries = await find_batteries(running, houses)
    cancelled = trials(batteries, "and when an automation cancels its own call")
    automations = [ForceAutomation(running.hass, one.home) for one in batteries]
    for automation in automations:
        await automation.create()
    await asyncio.gather(
        *(
            trial_by_automation(trial, automation)
            for trial, automation in zip(cancelled, automations, strict=True)
        )
    )
    tell(report, cancelled, by_action)
    await asyncio.gather(*(battery.let_go() for battery in batteries))


async def find_batteries(
    running: Running, houses: Mapping[str, Simulator]
) -> list[Battery]:
    """Returns the batteries that can be controlled, with the devices of this start."""
    return [
        Battery(running.hass, home, houses[home.vendor.domain])
        for home in await find_homes(running.hass)
        if home.vendor.control
    ]


def trials(batteries: list[Battery], title: str) -> list[Trial]:
    """Returns a new trial of each battery."""
    return [Trial(battery, title) for battery in batteries]


async def trial_by_action(trial: Trial) -> None:
    """Forces a charge and sees it begin and end."""
    await trial.go(
        trial.rest, trial.force, trial.see_it, trial.outlast, trial.see_it_undone
    )


async def trial_by_automation(trial: Trial, automation: ForceAutomation) -> None:
    """Has the call that forces the charge cancelled while its write is on its way."""
    await trial.go(
        trial.rest,
        lambda: trial.force_by(automation),
        trial.see_it,
        trial.outlast,
        trial.see_it_undone,
    )


async def trial_with_kill(
    running: Running, houses: Mapping[str, Simulator], killed: list[Trial]
) -> None:
    """Kills Home Assistant while all batteries are charged, and starts it too late."""
    await asyncio.gather(
        *(trial.go(trial.rest, trial.force, trial.see_it) for trial in killed)
    )
    await running.kill_home_assistant()
    last = max((trial.end for trial in killed), default=datetime.now(UTC))
    left = (last - datetime.now(UTC)).total_seconds()
    await asyncio.sleep(max(left, 0) + AFTER_END)
    await asyncio.gather(*(trial.go(trial.see_it_forced) for trial in killed))
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


def tell(report: Report, done: list[Trial], measure: list[Trial] | None = None) -> None:
    """Reports trials; as many writes as in those of the measure must have an effect."""
    for trial, other in zip(done, measure or done, strict=True):
        if not other.problems:
            trial.compare(other.cost)
        facts = f" ({', '.join(trial.facts)})" if trial.facts else ""
        report.add(f"{trial.battery.home.name}: {trial.title}{facts}", trial.problems)
