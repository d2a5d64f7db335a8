"""Going through the integration's flows, with a look at the texts of each form."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from unittest.mock import PropertyMock, patch

from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, section
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy._vendor.core.client.message import Response
from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import APP_ID, APP_SECRET, AlphaEssSimulator

from ..translation_rules import Texts, form_faults

TEXTS = Texts(DOMAIN)
SECRETS = {"app_secret", "check_code"}

type Trouble = Callable[[AlphaEssSimulator], AbstractAsyncContextManager[None]]


def credentials(sim: AlphaEssSimulator, **changes: Any) -> dict[str, Any]:
    """Return what the first form takes."""
    return {
        "app_id": APP_ID,
        "app_secret": APP_SECRET,
        "expert": {"server_url": sim.url},
    } | changes


class Dialog:
    """A flow as a person sees it."""

    def __init__(self, manager: Any, part: str, result: ConfigFlowResult) -> None:
        """Begin where ``result`` is; ``part`` is config or options."""
        self._manager, self._part = manager, part
        self._show(result)

    def _show(self, result: ConfigFlowResult) -> None:
        self.result = result
        self.type = result["type"]
        if self.type in {FlowResultType.FORM, FlowResultType.MENU}:
            assert form_faults(TEXTS, self._part, result) == []
            assert not SECRETS & set(self.suggested)

    async def submit(self, **user_input: Any) -> None:
        """Fill the form in, or choose from the menu, and look at what comes."""
        self._show(
            await self._manager.async_configure(self.result["flow_id"], user_input)
        )

    @property
    def step(self) -> str:
        """The form's name."""
        return self.result["step_id"]

    @property
    def errors(self) -> dict[str, str]:
        """The form's errors by field."""
        return self.result.get("errors") or {}

    @property
    def suggested(self) -> dict[str, Any]:
        """What stands in the form's fields."""
        found: dict[str, Any] = {}
        if self.type is not FlowResultType.FORM:
            return found
        schema = self.result["data_schema"]
        for key, field in schema.schema.items() if schema else ():
            inner = field.schema.schema if isinstance(field, section) else [key]
            for name in inner:
                value = (name.description or {}).get("suggested_value")
                if value is None and callable(name.default):
                    value = name.default()
                if value is not None:
                    found[str(name)] = value
        return found


async def user_dialog(hass: HomeAssistant) -> Dialog:
    """Begin to add an account."""
    manager = hass.config_entries.flow
    result = await manager.async_init(DOMAIN, context={"source": SOURCE_USER})
    return Dialog(manager, "config", result)


async def reauth_dialog(hass: HomeAssistant, entry: MockConfigEntry) -> Dialog:
    """Begin where the entry's credentials were refused."""
    return Dialog(
        hass.config_entries.flow, "config", await entry.start_reauth_flow(hass)
    )


async def reconfigure_dialog(hass: HomeAssistant, entry: MockConfigEntry) -> Dialog:
    """Begin to change the entry."""
    return Dialog(
        hass.config_entries.flow, "config", await entry.start_reconfigure_flow(hass)
    )


async def options_dialog(hass: HomeAssistant, entry: MockConfigEntry) -> Dialog:
    """Open the entry's options."""
    manager = hass.config_entries.options
    return Dialog(manager, "options", await manager.async_init(entry.entry_id))


# What can go wrong while the account is tried, until the block is left


def wire(kind: str, **options: Any) -> Trouble:
    """Have the simulator break its answers."""

    @asynccontextmanager
    async def trouble(sim: AlphaEssSimulator) -> AsyncGenerator[None]:
        sim.faults.add(kind, **options)
        yield
        sim.faults.clear()

    return trouble


@asynccontextmanager
async def other_secret(sim: AlphaEssSimulator) -> AsyncGenerator[None]:
    """Have the portal know another secret."""
    sim.accounts[APP_ID].app_secret = "f" * 32
    yield
    sim.accounts[APP_ID].app_secret = APP_SECRET


@asynccontextmanager
async def not_whitelisted(sim: AlphaEssSimulator) -> AsyncGenerator[None]:
    """Have the account accept other addresses only."""
    sim.whitelisted = False
    yield
    sim.whitelisted = True


@asynccontextmanager
async def down(sim: AlphaEssSimulator) -> AsyncGenerator[None]:
    """Have nobody listen."""
    await sim.stop()
    yield
    await sim.start()


@asynccontextmanager
async def wrong_clock(sim: AlphaEssSimulator) -> AsyncGenerator[None]:
    """Have our clock be late, and no ``Date`` in the answers that says by how much."""
    sim.clock_error_code = 6006
    sim.faults.add("clock_skew", seconds=400)
    with patch.object(Response, "server_date", PropertyMock(return_value=None)):
        yield
    sim.faults.clear()


# Each with the field that the error belongs to, and the error
TROUBLES: dict[str, tuple[Trouble, str, str]] = {
    "wrong secret": (other_secret, "app_secret", "invalid_auth"),
    "6010": (wire("vendor_error", code=6010), "app_secret", "invalid_auth"),
    "6012": (wire("vendor_error", code=6012), "app_secret", "invalid_auth"),
    "HTTP 401": (wire("status", status=401), "app_secret", "invalid_auth"),
    "HTTP 403": (wire("status", status=403), "app_secret", "invalid_auth"),
    "whitelist": (not_whitelisted, "base", "ip_whitelist"),
    "clock": (wrong_clock, "base", "clock_skew"),
    "too fast": (wire("vendor_error", code=6053), "base", "throttled"),
    "HTTP 429": (wire("status", status=429), "base", "throttled"),
    "busy": (wire("vendor_error", code=6026), "base", "vendor_busy"),
    "failed": (wire("vendor_error", code=6029), "base", "vendor_busy"),
    "no permission": (wire("vendor_error", code=6017), "base", "no_permission"),
    "unknown code": (wire("vendor_error", code=7777), "base", "maintenance"),
    "our mistake": (wire("vendor_error", code=6001), "base", "bad_data"),
    "not reached": (down, "base", "cannot_connect"),
    "reset": (wire("reset"), "base", "cannot_connect"),
    "lost": (wire("lost"), "base", "cannot_connect"),
    "web page": (wire("html"), "base", "cannot_connect"),
    "HTTP 502": (wire("status", status=502), "base", "cannot_connect"),
    "HTTP 404": (wire("status", status=404), "base", "unsupported"),
    "redirect": (wire("redirect"), "base", "cannot_connect"),
    "no list": (wire("mutate", field="data", value=None), "base", "bad_data"),
    "list in words": (wire("replace", body='"ok"'), "base", "cannot_connect"),
}
