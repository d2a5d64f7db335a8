"""Going through the integration's flows."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Literal

from custom_components.amber_energy.const import DOMAIN
from simulator.amber import TOKEN, AmberSimulator

from .. import dialog
from ..translation_rules import Texts

TEXTS = Texts(DOMAIN)
SECRETS = {"token"}
OTHER_TOKEN = "psk_fedcba9876543210fedcba9876543210"

type Trouble = Callable[[AmberSimulator], AbstractAsyncContextManager[None]]


def credentials(sim: AmberSimulator, **changes: Any) -> dict[str, Any]:
    """Return what the first form takes."""
    return {"token": sim.token, "expert": {"server_url": sim.url}} | changes


class Dialog(dialog.Dialog):
    """A flow of the integration."""

    texts = TEXTS
    secrets = SECRETS


user_dialog = Dialog.user
reauth_dialog = Dialog.reauth
reconfigure_dialog = Dialog.reconfigure
options_dialog = Dialog.options


# What can go wrong while the token is tried, until the block is left


def wire(kind: str, **options: Any) -> Trouble:
    """Have the simulator break its answers."""

    @asynccontextmanager
    async def trouble(sim: AmberSimulator) -> AsyncGenerator[None]:
        sim.faults.add(kind, **options)
        yield
        sim.faults.clear()

    return trouble


def bad_token(status: Literal[401, 403]) -> Trouble:
    """Have Amber know another token only."""

    @asynccontextmanager
    async def trouble(sim: AmberSimulator) -> AsyncGenerator[None]:
        sim.bad_token_status = status
        sim.accounts[0].tokens = {OTHER_TOKEN}
        yield
        sim.accounts[0].tokens = {TOKEN}

    return trouble


@asynccontextmanager
async def down(sim: AmberSimulator) -> AsyncGenerator[None]:
    """Have nobody listen."""
    await sim.stop()
    yield
    await sim.start()


# Each with the field that the error belongs to, and the error
TROUBLES: dict[str, tuple[Trouble, str, str]] = {
    "HTTP 403": (bad_token(403), "token", "invalid_auth"),
    "HTTP 401": (bad_token(401), "token", "invalid_auth"),
    "gateway's 429": (wire("status", status=429), "base", "rate_limited"),
    "not reached": (down, "base", "cannot_connect"),
    "reset": (wire("reset"), "base", "cannot_connect"),
    "lost": (wire("lost"), "base", "cannot_connect"),
    "web page": (wire("html"), "base", "cannot_connect"),
    "HTTP 400": (wire("status", status=400), "base", "cannot_connect"),
    "HTTP 404": (wire("status", status=404), "base", "cannot_connect"),
    "HTTP 500": (wire("status", status=500), "base", "cannot_connect"),
    "redirect": (wire("redirect"), "base", "cannot_connect"),
    "no list": (wire("replace", body='{"sites": []}'), "base", "cannot_connect"),
    "list in words": (wire("replace", body='"ok"'), "base", "cannot_connect"),
}
