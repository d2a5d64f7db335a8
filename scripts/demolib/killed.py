"""The house of scripts/demo --check whose Home Assistant is killed amid forces.

Its batteries are busy for as long as those of the other house, so it stands beside it.
"""

import argparse
import asyncio
import sys

from aiohttp import ClientError

from .control_check import ControlCheck
from .folder import DemoError
from .homes import find_homes
from .price_check import PriceCheck
from .report import Report
from .runner import Running
from .session import in_temporary_folder, interruptible, left_running
from .sim import price_simulators, simulator_session, simulators
from .slow_watch import slow_watches, watch_during

# s after the other: it has less to do, and two that set up all vendors at the same time
# would keep two cores so busy that Home Assistant complains
LATER = 15


async def check_running(running: Running, report: Report) -> None:
    """Checks a running demo."""
    async with simulator_session() as session:
        houses = simulators(running.demo, session)
        pairs = [
            (home, houses[home.vendor.domain])
            for home in await find_homes(running.hass)
        ]
        # the only poll of minutes may fall due while Home Assistant is away
        watches = slow_watches(running.hass, pairs, brief=True)
        prices = PriceCheck(running, price_simulators(running.demo, session), report)
        trials = ControlCheck(running, houses, report).run_killed(prices.before_kill)
        await watch_during(prices.run(trials), watches, report)
    report.add("the simulator has no error", running.simulator_log.errors)


async def check(*, keep: bool) -> int:
    """Runs a demo in a folder of its own and checks it; returns the exit code."""
    await asyncio.sleep(LATER)
    report = Report()
    demo, log, children = await in_temporary_folder(
        lambda running: check_running(running, report), keep=keep
    )
    report.add("Home Assistant's log has no warning about us", log.ours())
    report.add("nothing is left running", left_running(demo, children))
    return report.conclude()


def main() -> int:
    """Runs it; returns the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", action="store_true")
    try:
        return asyncio.run(interruptible(check(keep=parser.parse_args().keep)))
    except (DemoError, ClientError) as err:
        print(f"demo: {err}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
