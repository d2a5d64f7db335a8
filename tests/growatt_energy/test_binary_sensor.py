"""Yes or no: is it there, and does it complain?"""

from datetime import UTC, datetime

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.growatt_energy.binary_sensor import problem
from custom_components.growatt_energy.families import Family
from custom_components.growatt_energy.readings import Reading, Value
from simulator.growatt import GrowattSimulator

from .conftest import LOGGER, MIN, Step, set_up
from .entities import state_of


@pytest.mark.parametrize(
    ("family", "values", "expected"),
    [
        (Family.MIN, {"status_code": 1, "fault_code": 0}, False),
        (Family.MIN, {"status_code": 2, "fault_code": 0}, True),
        (Family.MIN, {"status_code": 1, "fault_code": 401}, True),
        (Family.SPH, {"status_code": 5}, False),
        (Family.SPH, {"status_code": 3}, True),
        # A storage's numbers mean modes
        (Family.STORAGE, {"status_code": 2}, None),
        (Family.STORAGE, {"status_code": 2, "fault_code": 0}, False),
        (Family.NOAH, {"status_code": 6, "fault_status": 0}, False),
        (Family.NOAH, {"status_code": 4}, True),
        (Family.MIN, {"status": "Normal"}, None),
    ],
)
def test_problem(
    family: Family, values: dict[str, Value], expected: bool | None
) -> None:
    """A fault, or a status that means one; unknown if neither is told."""
    at = datetime(2026, 5, 12, tzinfo=UTC)
    assert problem(Reading(observed_at=at, family=family, values=values)) is expected


async def test_a_silent_device_is_offline(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """No record for 20 minutes says so, whatever ``lost`` says (Q9)."""
    await set_up(hass, entry)
    device = sim.devices[MIN]
    assert device.switches.lost_in_record
    assert state_of(hass, "binary_sensor", f"{MIN}_online").state == "on"
    device.switches.online = False
    for _ in range(5):
        await step(330)
    assert state_of(hass, "binary_sensor", f"{MIN}_online").state == "off"


async def test_a_lost_datalogger(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """What the list says of a datalogger is shown with it."""
    await set_up(hass, entry)
    assert state_of(hass, "binary_sensor", f"{LOGGER}_online").state == "on"
    sim.devices[MIN].switches.online = False
    for _ in range(13):
        await step(1800)
    assert state_of(hass, "binary_sensor", f"{LOGGER}_online").state == "off"
