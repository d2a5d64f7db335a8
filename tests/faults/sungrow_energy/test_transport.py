"""Rows 1 to 6 and 11: what happens on the way, and a cloud that stands still."""

from collections.abc import Callable
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.sungrow import SungrowSimulator
from tests.sungrow_energy.conftest import Step, asked, issues, set_up

from .conftest import of_type

type Warnings = Callable[[], list[str]]

HYBRID = 14


async def polls(step: Step, count: int) -> None:
    for _ in range(count):
        await step(346)


async def test_row_1_outage(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    step: Step,
    warnings: Warnings,
) -> None:
    """What is known is shown for half an hour; one line in the log, no more."""
    await set_up(hass, entry)
    device = of_type(entry, HYBRID)
    await sim.stop()
    await polls(step, 3)
    assert device.fresh
    await polls(step, 8)
    assert not device.fresh
    assert len(warnings()) == 1, warnings()
    await sim.start()
    await polls(step, 14)
    assert device.fresh
    assert len(warnings()) == 1, warnings()
    assert asked(hass, entry) == 0


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 502},
        {"kind": "status", "status": 429},
        {"kind": "replace", "body": "<html>down for maintenance</html>"},
        {"kind": "replace", "body": '{"result_code": "1", "result_data": '},
        {"kind": "reset"},
        {"kind": "vendor_error", "message": "-1"},
        {"kind": "vendor_error", "message": "010"},
    ],
    ids=["500", "502", "429", "page", "cut", "reset", "-1", "010"],
)
async def test_rows_3_to_6_bad_answers(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    step: Step,
    fault: dict[str, Any],
) -> None:
    """No value is lost, nobody is asked, and it ends by itself."""
    await set_up(hass, entry)
    device = of_type(entry, HYBRID)
    reading = device.reading
    sim.faults.add(**fault)
    await polls(step, 3)
    assert device.reading == reading
    assert entry.state.name == "LOADED"
    assert asked(hass, entry) == 0
    sim.faults.clear()
    await polls(step, 8)
    assert device.fresh
    assert device.reading != reading
    assert issues(hass) == {}


@pytest.mark.parametrize(
    ("code", "most", "key"),
    [
        ("E999", 2, "hour_quota"),
        ("E998", 3, "month_quota"),
        ("E901", 6, None),
        ("E903", 6, None),
    ],
)
async def test_row_5_too_many_requests(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    step: Step,
    code: str,
    most: int,
    key: str | None,
) -> None:
    """The whole application rests, as long as the vendor says, and blames nobody."""
    await set_up(hass, entry)
    sim.wire.refusal = code
    before = sim.quota.total
    await polls(step, 10)
    assert sim.quota.total - before <= most
    assert asked(hass, entry) == 0
    assert set(issues(hass)) == ({key} if key else set())
    sim.wire.refusal = None
    await polls(step, 25)
    assert of_type(entry, HYBRID).fresh
    assert issues(hass) == {}


@pytest.mark.parametrize("homes", [("hybrid", "string")])
async def test_row_11_one_plant_that_fails_leaves_the_others_alone(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Also from the start: its list of devices does not come, the other's does."""
    good, bad = (plant.id for plant in sim.plants)
    sim.faults.add(
        "vendor_error", "platform/getDeviceListByPsId", system=bad, message="-1"
    )
    await set_up(hass, entry)
    assert entry.state.name == "LOADED"
    plants = entry.runtime_data.plants
    assert plants[good].devices
    assert not plants[bad].devices
    assert plants[good].fresh
    sim.faults.clear()
    await polls(step, 4)
    assert plants[bad].devices
    assert all(d.fresh for d in plants[bad].devices if d.type in {1, 7})


async def test_row_2_a_cloud_that_is_away_at_the_start_is_tried_again(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    await sim.stop()
    await set_up(hass, entry)
    assert entry.state.name == "SETUP_RETRY"
    assert asked(hass, entry) == 0
    await sim.start()
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert of_type(entry, HYBRID).fresh
