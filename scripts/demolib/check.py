"""scripts/demo --check: what a working demo looks like, from start to end.

Beside it, in a process of its own, `killed` does what a second house has to show.
"""

import asyncio
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
import json
from pathlib import Path
from zoneinfo import ZoneInfo

from .control_check import ControlCheck
from .energy import energy_objections
from .hass import Entity
from .homes import FLOWS, Home, find_homes
from .price_check import punctual_sites
from .price_watch import watch_prices
from .process import Child
from .report import Report, no_problem_within
from .runner import Running
from .session import in_temporary_folder, left_running
from .sim import Simulator, price_simulators, simulator_session, simulators
from .slow_watch import is_slow, slow_watches, watch_during
from .vendors import HOME_VENDORS, VENDORS

SETTLE = 60  # s that an entity may take for its first state
REACT = 100  # s that a changed house may take to show: a poll of the slowest vendor
RESTARTS = 2  # of the batteries of a vendor that knows surprises
TOLERANCE = 0.01  # share by which a day's imported energy may differ from the truth
TRUTH_OF = {
    "solar": "solar_wh",
    "import": "import_wh",
    "export": "export_wh",
    "battery_charge": "charge_wh",
    "battery_discharge": "discharge_wh",
}


def allowed_unknown() -> dict[str, dict[str, str]]:
    """Returns why which keys of which domain may be unknown in the demo."""
    path = Path(__file__).with_name("unknown_allowed.json")
    content: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return content


def reason_for_unknown(entity: Entity) -> str | None:
    """Returns the reason on the list why an entity may be unknown."""
    for key, reason in allowed_unknown().get(entity.platform, {}).items():
        if entity.unique_id.endswith(f"_{key}"):
            return reason
    return None


def print_table(entities: list[Entity], devices: dict[str, str]) -> None:
    """Prints the enabled entities with state, unit and device."""
    rows = [("entity", "state", "unit", "device")]
    rows += [
        (
            one.entity_id,
            one.state or "none",
            str(one.attributes.get("unit_of_measurement", "")),
            devices.get(one.device_id or "", ""),
        )
        for one in entities
        if not one.disabled
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        print("  ".join([*cells, row[3]]).rstrip())


async def entity_problems(running: Running) -> list[str]:
    """Returns what is wrong with the states of the enabled entities."""
    problems = []
    for vendor in VENDORS:
        entities = [
            one
            for one in await running.hass.entities(vendor.domain)
            if not one.disabled
        ]
        if len(entities) < vendor.least_entities:
            problems.append(
                f"{vendor.domain}: {len(entities)} enabled entities, "
                f"expected {vendor.least_entities}"
            )
        problems += [
            f"{one.entity_id} is {one.state}"
            for one in entities
            if one.state in {None, "unavailable"}
            or (one.state == "unknown" and reason_for_unknown(one) is None)
        ]
    return problems


async def live_problems(running: Running, home: Home, house: Simulator) -> list[str]:
    """Changes a house and returns what Home Assistant does not show of it in time."""
    soc = home.vendor.shown_soc(50)
    wanted = {"solar_power": 0.0, "load_power": 777.0, "battery_soc": soc}

    async def find() -> list[str]:
        problems = []
        for key, value in wanted.items():
            state = await running.hass.state(home.entity_id(key))
            try:
                near = abs(float(state) - value) <= max(1.0, 0.01 * value)
            except ValueError:
                near = False
            if not near:
                problems.append(f"{home.entity_id(key)} is {state}, expected {value}")
        discharging = await running.hass.state(home.entity_id("battery_power"))
        try:
            if float(discharging) <= 0:
                problems.append(f"the battery does not discharge: {discharging} W")
        except ValueError:
            problems.append(f"the battery's power is {discharging}")
        return problems

    await house.house(home.serial, pv=0, load=777, soc=50, ev_plugged=False)
    try:
        return await no_problem_within(REACT, find)
    finally:
        await house.house(home.serial, pv=None, load=None, ev_plugged=None)


async def history_problems(running: Running, home: Home, house: Simulator) -> list[str]:
    """Compares the imported statistics with the truth, day by day."""
    zone = ZoneInfo(running.demo.zone)
    today = running.demo.local_time().date()
    start = datetime.combine(today - timedelta(days=home.history_days), time.min, zone)
    now = running.demo.local_time()
    ids = {flow: home.statistic(flow) for flow in FLOWS}
    rows = await running.hass.statistics(list(ids.values()), start, now)
    problems = []
    within = home.vendor.history_within
    for flow, statistic in ids.items():
        hours = {
            datetime.fromtimestamp(row["start"] / 1000, zone): row
            for row in rows.get(statistic, [])
        }
        if any(
            abs(b["sum"] - a["sum"] - b["state"]) > 0.001
            for a, b in pairwise(hours.values())
        ):
            problems.append(f"{statistic}: the sums do not follow the hours")
        for day in (today - timedelta(days=n) for n in range(home.history_days, 0, -1)):
            found = [row for at, row in hours.items() if at.date() == day]
            truth = await house.truth(home.serial, day.isoformat())
            wanted = truth["energy"][TRUTH_OF[flow]] / 1000
            kwh = sum(row["state"] for row in found)
            if len(found) != 24 or abs(kwh - wanted) > max(within, TOLERANCE * wanted):
                problems.append(
                    f"{statistic} on {day}: {kwh:.2f} kWh in {len(found)} hours, "
                    f"the house had {wanted:.2f}"
                )
    return problems


async def overlap_problems(running: Running, home: Home) -> list[str]:
    """Returns where imported statistics do not end where the live ones begin.

    Those begin with the hour in which Home Assistant first ran. In the first minutes
    of an hour an import leaves out the hour before, which may still get a live value.
    Where the past ends with yesterday, so do they.
    """
    now = running.demo.local_time()
    first_live = running.since.replace(minute=0, second=0, microsecond=0)
    longest = timedelta(hours=2)
    if not home.vendor.history_today:
        first_live = running.since.astimezone(ZoneInfo(running.demo.zone)).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        longest = timedelta(hours=1)
    ids = [home.statistic(flow) for flow in FLOWS]
    rows = await running.hass.statistics(ids, now - timedelta(days=2), now)
    problems = []
    for statistic in ids:
        last = max((row["start"] for row in rows.get(statistic, [])), default=0.0)
        gap = first_live - datetime.fromtimestamp(last / 1000, UTC)
        if not timedelta(hours=1) <= gap <= longest:
            problems.append(f"{statistic} ends {gap} before the live statistics begin")
    return problems


async def check_running(running: Running, report: Report) -> None:
    """Checks a running demo."""
    problems = await no_problem_within(SETTLE, lambda: entity_problems(running))
    devices = {
        device["id"]: device["name_by_user"] or device["name"]
        for device in await running.hass.call("config/device_registry/list")
    }
    entities = await running.hass.entities(*(vendor.domain for vendor in VENDORS))
    print_table(entities, devices)
    for one in entities:
        if one.state == "unknown" and (reason := reason_for_unknown(one)):
            print(f"{one.entity_id} is unknown: {reason}")
    enabled = sum(not one.disabled for one in entities)
    report.add(f"{enabled} enabled entities have a state", problems)

    homes = await find_homes(running.hass)
    async with simulator_session() as session:
        all_simulators = simulators(running.demo, session)
        houses = [all_simulators[home.vendor.domain] for home in homes]
        for home, house in zip(homes, houses, strict=True):
            if home.history_days:
                report.add(
                    f"{home.name}: {home.history_days} days of history are those of "
                    "the house",
                    await history_problems(running, home, house),
                )
                report.add(
                    f"{home.name}: history ends where live statistics begin",
                    await overlap_problems(running, home),
                )
        pairs = list(zip(homes, houses, strict=True))
        quick = [(home, house) for home, house in pairs if not is_slow(home)]
        results = await asyncio.gather(
            *(live_problems(running, home, house) for home, house in quick)
        )
        for (home, _), problems in zip(quick, results, strict=True):
            report.add(f"{home.name}: a change of the house is seen", problems)
        control = ControlCheck(running, all_simulators, report)
        watches = slow_watches(running.hass, pairs)
        sites = await punctual_sites(
            running.hass, price_simulators(running.demo, session)
        )
        # Home Assistant runs at every boundary here, unlike beside it
        prices = watch_prices(sites, control.run_surprised(), report)
        await watch_during(prices, watches, report)
    report.add(
        "the energy dashboard is accepted", await energy_objections(running.hass)
    )


def unexpected(records: list[str]) -> list[str]:
    """Returns the records without those that the restarts of batteries explain."""
    left = list(records)
    for vendor in HOME_VENDORS:
        if vendor.control is None or vendor.control.surprises is None:
            continue
        logged = vendor.control.surprises.logged
        for record in [one for one in left if logged in one][:RESTARTS]:
            left.remove(record)
    return left


async def check(*, port: int | None, keep: bool) -> int:
    """Runs a demo in a folder of its own and checks it; returns the exit code."""
    report = Report()
    told: list[str] = []
    module = "scripts.demolib.killed"
    other = await Child.start(
        "the other demo", ["-u", "-m", module, *["--keep"] * keep], told.append
    )

    async def work(running: Running) -> None:
        await check_running(running, report)
        report.add("the simulator has no error", running.simulator_log.errors)

    try:
        demo, log, children = await in_temporary_folder(work, port=port, keep=keep)
        report.add(
            "Home Assistant's log has no warning about us", unexpected(log.ours())
        )
        report.add("nothing is left running", left_running(demo, children))
        code = await other.wait()
    finally:
        await other.stop()
        print("Beside it, Home Assistant was killed in the middle of forces:")
        print(*told, sep="\n", flush=True)
    report.add("all good there too", [f"it ended with exit code {code}"] * bool(code))
    return report.conclude()
