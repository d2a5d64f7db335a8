"""Going through the integration's flows."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from unittest.mock import PropertyMock, patch

from custom_components.alphaess_energy._vendor.core.client.message import Response
from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import APP_ID, APP_SECRET, AlphaEssSimulator

from .. import dialog
from ..translation_rules import Texts

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


class Dialog(dialog.Dialog):
    """A flow of the integration."""

    texts = TEXTS
    secrets = SECRETS


user_dialog = Dialog.user
reauth_dialog = Dialog.reauth
reconfigure_dialog = Dialog.reconfigure
options_dialog = Dialog.options


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
