"""Rows 5, 14, 16, 18 and 19 with a token."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.growatt import GrowattSimulator
from tests.growatt_energy.conftest import MIN, Step, asked, issues, set_up

from .conftest import restart

OTHER_TOKEN = "0123456789abcdef0123456789abcdef"


async def test_row_16_token_made_anew(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """People are asked once, and soon: nobody waits for the next list of a day."""
    await set_up(hass, entry)
    sim.account.token = OTHER_TOKEN
    for _ in range(12):
        await step(305)
    assert asked(hass, entry) == 1
    assert sim.limits.violations == []


async def test_row_18_one_refusal_is_a_slip(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """10011 comes now and then although the token is good (Q23)."""
    await set_up(hass, entry)
    sim.faults.add(
        "vendor_error",
        "device/list",
        count=1,
        code=10011,
        message="error_permission_denied",
    )
    await step(6 * 3600 + 1)
    assert asked(hass, entry) == 0
    assert "no_permission" in issues(hass)
    await step(901)
    assert asked(hass, entry) == 0
    assert issues(hass) == {}
    assert entry.runtime_data.devices[MIN].fresh


async def test_row_18_device_of_somebody_else(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A refusal that is about one device is no matter of the token."""
    await set_up(hass, entry)
    sim.devices[MIN].switches.permission = False
    for _ in range(24):
        await step(305)
    assert asked(hass, entry) == 0
    assert not entry.runtime_data.devices[MIN].fresh
    sim.devices[MIN].switches.permission = True
    for _ in range(3):
        await step(305)
    assert entry.runtime_data.devices[MIN].fresh


async def test_row_18_wrong_token_at_set_up(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """The second refusal asks; none of it is repeated without end."""
    sim.account.token = OTHER_TOKEN
    await set_up(hass, entry)
    assert entry.state.name == "SETUP_RETRY"
    for _ in range(8):
        await step(305)
    assert asked(hass, entry) == 1
    assert sim.counters.count() <= 3


@pytest.mark.parametrize("homes", [("MIN", "SPH")])
async def test_row_19_ten_restarts_repeat_nothing(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Lists, limits and readings survive."""
    await set_up(hass, entry)
    await step(310)
    await step(310)
    requests = sim.counters.count()
    for _ in range(10):
        await restart(hass, entry)
        await step(1)
    assert sim.counters.count() == requests
    assert all(device.fresh for device in entry.runtime_data.devices.values())


@pytest.mark.parametrize("endpoint", ["new-api/queryLastData", "*"])
async def test_row_5_too_frequent(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    step: Step,
    endpoint: str,
) -> None:
    """It waits longer each time, shows what it has, and blames nobody."""
    await set_up(hass, entry)
    fault: dict[str, Any] = {"code": 102, "message": "FREQUENTLY_ACCESS"}
    if endpoint == "*":
        fault = {"code": 10012, "message": "error_frequently_access"}
    sim.faults.add("vendor_error", endpoint, **fault)
    sim.counters.reset()
    for _ in range(12):
        await step(305)
    assert sim.counters.count("new-api/queryLastData") <= 5
    assert asked(hass, entry) == 0
    sim.faults.clear()
    for _ in range(5):
        await step(305)
    assert entry.runtime_data.devices[MIN].fresh


async def test_row_14_entry_and_flow_share_one_account(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """What the flow asks counts for the entry too."""
    await set_up(hass, entry)
    [first] = {id(item) for item in hass.data["growatt_energy.connections"].values()}
    assert id(entry.runtime_data.connection) == first
