"""What is mended by a click: the flow that ends a force of which the end was lost."""

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.growatt_energy._vendor.core.ha.end_forced import EndForcedFlow
from custom_components.growatt_energy._vendor.core.ha.repairs import anonymous
from custom_components.growatt_energy.const import DOMAIN
from custom_components.growatt_energy.repairs import async_create_fix_flow
from simulator.growatt import GrowattSimulator

from ..translation_rules import Texts
from .conftest import MIN, set_up

STEPS = Texts(DOMAIN).english["issues"]["control_forced_without_lease"]["fix_flow"]


async def opened(hass: HomeAssistant, serial: str) -> dict[str, object]:
    """Click on the issue about a device and submit; return how that ended."""
    flow = await async_create_fix_flow(hass, "x", {"device": anonymous(serial)})
    assert isinstance(flow, EndForcedFlow)
    flow.hass, flow.handler, flow.context = hass, DOMAIN, {"issue_id": "x"}
    shown = await flow.async_step_init()
    assert shown["type"] is FlowResultType.FORM
    assert shown["step_id"] in STEPS["step"]
    return dict(await flow.async_step_confirm({}))


async def test_the_device_is_found(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """A device that is loaded is put back to self-use."""
    await set_up(hass, entry)
    assert entry.runtime_data.devices[MIN].control is not None
    assert (await opened(hass, MIN))["type"] is FlowResultType.CREATE_ENTRY


async def test_device_that_is_not_loaded(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """It is said why nothing happens."""
    await set_up(hass, entry)
    found = await opened(hass, "UNKNOWN001")
    assert (found["type"], found["reason"]) == (FlowResultType.ABORT, "not_loaded")
    assert "not_loaded" in STEPS["abort"]
