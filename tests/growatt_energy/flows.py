"""Going through the integration's flows."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from custom_components.growatt_energy.const import DOMAIN
from simulator.growatt import GrowattSimulator

from .. import dialog
from ..translation_rules import Texts

TEXTS = Texts(DOMAIN)


class Dialog(dialog.Dialog):
    """A flow of the integration."""

    texts = TEXTS
    secrets = {"token", "password"}


user_dialog = Dialog.user
reauth_dialog = Dialog.reauth
reconfigure_dialog = Dialog.reconfigure
options_dialog = Dialog.options


def by_token(sim: GrowattSimulator, **changes: Any) -> dict[str, Any]:
    """Return what the token's form takes."""
    return {
        "token": sim.token,
        "region": "automatic",
        "expert": {"server_url": sim.url},
    } | changes


def by_login(sim: GrowattSimulator, **changes: Any) -> dict[str, Any]:
    """Return what the form of user name and password takes."""
    return {
        "user_name": sim.user_name,
        "password": sim.password,
        "region": "automatic",
        "expert": {"server_url": sim.url},
    } | changes


async def opened(hass: HomeAssistant, mode: str) -> dialog.Dialog:
    """Return the dialog at the form of a mode."""
    shown = await user_dialog(hass)
    assert shown.type is FlowResultType.MENU
    await shown.submit(next_step_id=mode)
    assert (shown.type, shown.step, shown.errors) == (FlowResultType.FORM, mode, {})
    return shown
