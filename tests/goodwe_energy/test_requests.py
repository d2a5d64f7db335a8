"""How often the cloud is asked, and how often somebody logs in (reference section 5)."""

from collections.abc import Generator
from datetime import timedelta
import sys
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.goodwe import GoodWeSimulator

from .conftest import Step, asked, issues, set_up


async def pass_hours(
    sim: GoodWeSimulator, step: Step, hours: float, *, seconds: float = 60
) -> None:
    """Let hours pass and print how often each endpoint was asked."""
    end = dt_util.utcnow() + timedelta(hours=hours)
    while dt_util.utcnow() < end:
        await step(seconds)
    sys.stdout.writelines(
        f"{count:6} {sim.requests.most_per_hour(name):5}/h {name}\n"
        for name, count in sorted(sim.requests.counts.items())
    )
    sys.stdout.write(f"{sim.requests.total:6} {sim.requests.most_per_hour():5}/h\n")


@pytest.fixture
def options() -> dict[str, object]:
    """Control is on, which costs requests too."""
    return {"live": False, "allow_control": True}


@pytest.fixture(autouse=True)
def without_entities() -> Generator[None]:
    """Who asks is the same without them, and a day is over sooner."""
    with patch("custom_components.goodwe_energy.PLATFORMS", []):
        yield


async def test_no_hour_has_more_than_260_requests(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """The first hour, in which all is new, counts too."""
    await set_up(hass, entry)
    await pass_hours(sim, step, 2.5, seconds=20)
    assert sim.requests.most_per_hour() <= 260
    assert sim.requests.most_reads_at_once == 1
    assert sim.requests.most_per_hour("*/flow") == pytest.approx(60, abs=2)
    assert sim.requests.most_per_hour("*/telemetry") == pytest.approx(90, abs=5)
    assert sim.requests.most_per_hour("*/telecounting") == pytest.approx(26, abs=3)
    assert sim.requests.counts["sems-user/api/v1/auth/cross-login"] == 1
    assert sum(entry.runtime_data.calls_last_hour().values()) <= 260


async def test_hours_in_each_of_which_the_app_takes_the_session(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    await set_up(hass, entry)
    for _ in range(4):
        await pass_hours(sim, step, 1)
        sim.steal()
    await step(60)
    assert sim.logins.tried == sim.logins.thefts + 1 == 5
    assert sim.logins.tried == sim.logins.succeeded
    assert sim.logins.most_at_once == 1
    assert sim.requests.most_per_hour() <= 260
    assert sim.requests.counts["sems-plant/api/stations/flow"] >= 4 * 55
    assert asked(hass, entry) == 0
    assert issues(hass) == {}


async def test_people_choose_how_often(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """All groups are read less often then, and none more often than by default."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        entry, options={"live": False, "poll_seconds": 600}
    )
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    sim.requests.forget()
    await pass_hours(sim, step, 3, seconds=120)
    assert sim.requests.counts["sems-plant/api/stations/flow"] == pytest.approx(
        18, abs=2
    )
    assert sim.requests.counts["sems-plant/api/equipments/telemetry"] <= 3 * 18
    assert sim.requests.counts["sems-plant/api/stations/device/all-status"] <= 18


async def test_faster_powers_make_nothing_else_faster(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        entry, options={"live": False, "poll_seconds": 30}
    )
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await pass_hours(sim, step, 0.5, seconds=15)
    assert sim.requests.counts["sems-plant/api/stations/flow"] >= 50
    assert sim.requests.counts["sems-plant/api/equipments/telemetry"] <= 3 * 18


async def test_a_pushed_plant_is_polled_half_as_often(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    await set_up(hass, entry)
    runtime = entry.runtime_data
    [plant] = runtime.plants
    await step(60)
    runtime.live_changed(plant, True)
    await step(60)
    sim.requests.forget()
    await pass_hours(sim, step, 0.5, seconds=30)
    flow = "sems-plant/api/stations/flow"
    assert sim.requests.counts[flow] == pytest.approx(15, abs=1)
    runtime.live_changed(plant, False)
    await step(120)
    sim.requests.forget()
    await pass_hours(sim, step, 0.25, seconds=30)
    assert sim.requests.counts[flow] == pytest.approx(15, abs=1)


@pytest.mark.parametrize(("status", "pause"), [("retry", 1200), ("code", 300)])
async def test_nothing_is_asked_while_the_vendor_wants_a_pause(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    step: Step,
    status: str,
    pause: int,
) -> None:
    """As long as it said, five minutes where it did not; then all goes on."""
    await set_up(hass, entry)
    if status == "retry":
        sim.faults.add("status", "*", status=429, retry_after=pause, count=1)
    else:
        sim.faults.add("vendor_error", "*", message="GY0429", count=1)
    await step(60)
    sim.requests.forget()
    for _ in range(pause // 60 - 1):
        await step(60)
    assert sim.requests.total == 0
    for _ in range(8):
        await step(60)
    assert sim.requests.counts["sems-plant/api/stations/flow"] >= 4
    assert sim.logins.tried == 1
    assert issues(hass) == {}


@pytest.mark.parametrize("homes", [("string",)])
async def test_who_sleeps_is_not_asked(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    await set_up(hass, entry)
    inverter = next(d for d in sim.devices.values() if d.type == "INVERTER")
    inverter.switches.online = False
    await step(300)
    await step(300)
    sim.requests.forget()
    await pass_hours(sim, step, 0.5, seconds=60)
    assert not sim.requests.counts["sems-plant/api/equipments/telemetry"]
    assert not sim.requests.counts["sems-plant/api/equipments/telecounting"]
    inverter.switches.online = True
    await step(300)
    await step(120)
    await step(120)
    assert sim.requests.counts["sems-plant/api/equipments/telemetry"]
