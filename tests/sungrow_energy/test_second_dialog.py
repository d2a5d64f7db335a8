"""Beginning again while a first dialog waits, or after it was closed."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from custom_components.sungrow_energy.const import DOMAIN
from simulator.sungrow import SungrowSimulator

from .flows import application, at_menu, at_paste, login, opened

pytestmark = pytest.mark.usefixtures("current_request_with_host")


async def test_first_dialog_waits_for_its_browser(
    hass: HomeAssistant, sim: SungrowSimulator
) -> None:
    """Whose page was reloaded or closed begins again, and ends the first one."""
    first = await at_menu(hass, sim)
    await first.submit(next_step_id="auth")
    second = await at_paste(hass, sim)
    await second.submit(address=sim.code())
    await second.submit(plants=[sim.plants[0].id])
    assert second.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.config_entries.flow.async_progress_by_handler(DOMAIN) == []


@pytest.mark.parametrize("homes", [("hybrid", "string")])
async def test_first_dialog_waits_for_its_plants(
    hass: HomeAssistant, sim: SungrowSimulator
) -> None:
    """So it is with a login."""
    first = await opened(hass, "login")
    await first.submit(**login(sim))
    assert first.step == "plants"
    second = await opened(hass, "login")
    await second.submit(**login(sim))
    await second.submit(plants=[sim.plants[0].id])
    assert second.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_what_was_entered_is_there_again(
    hass: HomeAssistant, sim: SungrowSimulator
) -> None:
    """A lost state leaves only the way out of the external step; then it is pasted."""
    first = await at_menu(hass, sim)
    await first.submit(next_step_id="auth")
    address = sim.authorize(state=None)
    hass.config_entries.flow.async_abort(first.result["flow_id"])
    again = await opened(hass, "oauth")
    fields = application(sim)
    expert = fields.pop("expert")
    assert (
        again.suggested
        == {key: fields[key] for key in fields if key != "secret"} | expert
    )
    await again.submit(**fields | again.kept, expert=expert)
    await again.submit(next_step_id="paste")
    await again.submit(address=address)
    assert again.step == "plants"
    await again.submit(plants=[sim.plants[0].id])
    await hass.async_block_till_done(wait_background_tasks=True)
    assert "app_key" not in (await opened(hass, "oauth")).suggested


async def test_what_was_entered_is_forgotten(
    hass: HomeAssistant, sim: SungrowSimulator, freezer: FrozenDateTimeFactory
) -> None:
    """After half an hour; nothing of it is kept that was not sent away."""
    typed = await opened(hass, "oauth")
    await typed.submit(**application(sim, app_key="?"))
    assert "app_key" not in (await opened(hass, "oauth")).suggested
    await at_paste(hass, sim)
    assert "app_key" in (await opened(hass, "oauth")).suggested
    freezer.tick(timedelta(minutes=31))
    assert "app_key" not in (await opened(hass, "oauth")).suggested
