"""Going through the integration's flows."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from custom_components.sungrow_energy.const import DOMAIN
from simulator.sungrow import SungrowSimulator

from .. import dialog
from ..translation_rules import Texts

TEXTS = Texts(DOMAIN)
BASE = "https://example.com"  # as the fixture current_request_with_host has it
HOME_ASSISTANTS = f"{BASE}/auth/external/callback"
OURS = f"{BASE}/api/{DOMAIN}/callback"


class Dialog(dialog.Dialog):
    """A flow of the integration."""

    texts = TEXTS
    secrets = {"secret", "password"}

    @property
    def url(self) -> str:
        """Where the browser is sent to by the external step."""
        assert self.type is FlowResultType.EXTERNAL_STEP
        return str(self.result["url"])

    @property
    def link(self) -> str:
        """Where the link of the form leads to."""
        return str(self.result["description_placeholders"]["authorize_url"])

    @property
    def placeholders(self) -> dict[str, str]:
        """What is filled into the form's texts."""
        return dict(self.result["description_placeholders"] or {})

    async def come_back(self, hass: HomeAssistant, **answer: Any) -> None:
        """Let Home Assistant's own view, or ours, bring the browser's answer."""
        flows = hass.config_entries.flow
        done = await flows.async_configure(self.result["flow_id"], answer)
        assert done["type"] is FlowResultType.EXTERNAL_STEP_DONE
        await self.refresh(hass)

    async def refresh(self, hass: HomeAssistant) -> None:
        """Look at what follows, as the frontend does when something has gone on."""
        flows = hass.config_entries.flow
        self._show(await flows.async_configure(self.result["flow_id"]), {})


def application(sim: SungrowSimulator, **changes: Any) -> dict[str, Any]:
    """Return what the form of an application with OAuth2 takes."""
    sim.redirect_uri = changes.get("redirect_uri", HOME_ASSISTANTS)
    return {
        "region": "eu",
        "application_id": sim.application_id,
        "app_key": sim.app_key,
        "secret": sim.secret,
        "redirect_uri": sim.redirect_uri,
        "expert": {"server_url": sim.url, "web_url": sim.web_url},
    } | changes


def login(sim: SungrowSimulator, **changes: Any) -> dict[str, Any]:
    """Return what the form of an application with a login takes."""
    return {
        "region": "eu",
        "app_key": sim.app_key,
        "secret": sim.secret,
        "user_name": sim.user_name,
        "password": sim.password,
        "expert": {"server_url": sim.url},
    } | changes


async def opened(hass: HomeAssistant, step: str) -> Dialog:
    """Return the dialog at the form of a kind of application."""
    shown = await Dialog.user(hass)
    assert shown.type is FlowResultType.MENU
    await shown.submit(next_step_id=step)
    assert (shown.type, shown.step, shown.errors) == (FlowResultType.FORM, step, {})
    assert isinstance(shown, Dialog)
    return shown


async def at_menu(hass: HomeAssistant, sim: SungrowSimulator, **changes: Any) -> Dialog:
    """Return the dialog at the choice of how to authorize."""
    shown = await opened(hass, "oauth")
    await shown.submit(**application(sim, **changes))
    assert (shown.type, shown.step) == (FlowResultType.MENU, "authorize")
    return shown


async def at_paste(
    hass: HomeAssistant, sim: SungrowSimulator, **changes: Any
) -> Dialog:
    """Return the dialog at the form that takes the address."""
    shown = await at_menu(hass, sim, **changes)
    await shown.submit(next_step_id="paste")
    assert (shown.type, shown.step) == (FlowResultType.FORM, "paste")
    return shown


def state_of(url: str) -> str:
    """Return the state of an authorize URL, which stands in both places."""
    parts = urlsplit(url)
    [before] = parse_qs(parts.query)["state"]
    [behind] = parse_qs(parts.fragment.partition("?")[2])["state"]
    assert before == behind
    return before


def query_of(url: str) -> dict[str, str]:
    """Return the parameters of an address."""
    return {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
