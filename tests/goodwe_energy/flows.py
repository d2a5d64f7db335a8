"""Going through the integration's flows."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from custom_components.goodwe_energy.const import DOMAIN
from simulator.goodwe import GoodWeSimulator

from .. import dialog
from ..translation_rules import Texts

TEXTS = Texts(DOMAIN)


class Dialog(dialog.Dialog):
    """A flow of the integration."""

    texts = TEXTS
    secrets = {"password"}

    @property
    def placeholders(self) -> dict[str, str]:
        """What is filled into the form's texts."""
        return dict(self.result["description_placeholders"] or {})


def login(sim: GoodWeSimulator, **changes: Any) -> dict[str, Any]:
    """Return what the form of an account takes."""
    return {
        "account": sim.account,
        "password": sim.password,
        "region": "auto",
        "expert": {"server_url": sim.url},
    } | changes


async def opened(hass: HomeAssistant) -> Dialog:
    """Return the dialog at its first form."""
    shown = await Dialog.user(hass)
    assert (shown.type, shown.step) == (FlowResultType.FORM, "user")
    assert shown.errors == {}
    assert isinstance(shown, Dialog)
    return shown
