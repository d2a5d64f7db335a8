"""Going through the integration's flows."""

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    contextmanager,
)
import sys
from types import ModuleType
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_DHCP
from homeassistant.core import HomeAssistant
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo

from custom_components.sonnen_energy.const import DOMAIN
from simulator.sonnen import SonnenBattery, SonnenSimulator

from .. import dialog
from ..translation_rules import Texts

TEXTS = Texts(DOMAIN)
MAC = "001122334455"
MAC_SHOWN = "00:11:22:33:44:55"

type Trouble = Callable[[SonnenSimulator], AbstractAsyncContextManager[None]]


class Dialog(dialog.Dialog):
    """A flow of the integration."""

    texts = TEXTS
    secrets = {"token"}

    @classmethod
    async def dhcp(
        cls, hass: HomeAssistant, hostname: str, ip: str = "127.0.0.1", mac: str = MAC
    ) -> Dialog:
        """Have a device ask for an address."""
        manager = hass.config_entries.flow
        result = await manager.async_init(
            DOMAIN,
            context={"source": SOURCE_DHCP},
            data=DhcpServiceInfo(ip=ip, hostname=hostname, macaddress=mac),
        )
        return cls(manager, "config", result)


@contextmanager
def home_network(hass: HomeAssistant, devices: list[DhcpServiceInfo]) -> Iterator[None]:
    """Have Home Assistant's DHCP component know these; its requirements are not here."""
    helpers = ModuleType("homeassistant.components.dhcp.helpers")
    helpers.async_discovered_service_info = lambda _: devices  # type: ignore[attr-defined]
    package = ModuleType("homeassistant.components.dhcp")
    hass.config.components.add("dhcp")
    modules = {package.__name__: package, helpers.__name__: helpers}
    with patch.dict(sys.modules, modules):
        yield


def typed(battery: SonnenBattery, **changes: Any) -> dict[str, Any]:
    """Return what the first form takes."""
    return {
        "host": battery.host,
        "port": battery.port,
        "token": battery.token,
        "expert": {"https": False},
    } | changes


# What can go wrong while the battery is tried, until the block is left


def wire(kind: str, *endpoint: str, **options: Any) -> Trouble:
    """Have the simulator break its answers."""

    @asynccontextmanager
    async def trouble(sim: SonnenSimulator) -> AsyncGenerator[None]:
        sim.faults.add(kind, *endpoint, **options)
        yield
        sim.faults.clear()

    return trouble


@asynccontextmanager
async def read_api_off(sim: SonnenSimulator) -> AsyncGenerator[None]:
    """Have the Read API switched off on the battery's page."""
    sim.batteries[0].change(read_api=False)
    yield
    sim.batteries[0].change(read_api=True)


@asynccontextmanager
async def other_token(sim: SonnenSimulator) -> AsyncGenerator[None]:
    """Have another token been made meanwhile."""
    token = sim.batteries[0].token
    sim.batteries[0].change(token="99999999-0000-0000-0000-000000000000")
    yield
    sim.batteries[0].change(token=token)


@asynccontextmanager
async def old_firmware(sim: SonnenSimulator) -> AsyncGenerator[None]:
    """Have old firmware, which answers a wrong token with an empty object."""
    token = sim.batteries[0].token
    sim.batteries[0].change(token="x" * 20, empty_on_bad_token=True)
    yield
    sim.batteries[0].change(token=token, empty_on_bad_token=False)


@asynccontextmanager
async def down(sim: SonnenSimulator) -> AsyncGenerator[None]:
    """Have nobody listen."""
    await sim.batteries[0].stop()
    yield
    await sim.batteries[0].start()


STATUS = "status"
# Each with the field that the error belongs to, and the error
TROUBLES: dict[str, tuple[Trouble, str, str]] = {
    "read api off": (read_api_off, "token", "invalid_auth"),
    "other token": (other_token, "token", "invalid_auth"),
    "old firmware": (old_firmware, "token", "invalid_auth"),
    "not reached": (down, "base", "cannot_connect"),
    "reset": (wire("reset"), "base", "cannot_connect"),
    "HTTP 500": (wire("status", status=500), "base", "cannot_connect"),
    "web page": (wire("html", STATUS), "base", "not_sonnen"),
    "no text": (wire("replace", STATUS, body="{}"), "base", "not_sonnen"),
    "a list": (wire("replace", STATUS, body="[]"), "base", "bad_data"),
    "odd": (
        wire("replace", STATUS, body='{"USOC": "x", "Pac_total_W": 1}'),
        "base",
        "not_sonnen",
    ),
    "HTTP 404": (wire("status", STATUS, status=404), "base", "not_supported"),
    "HTTP 429": (wire("status", status=429), "base", "throttled"),
    "elsewhere": (wire("redirect", STATUS), "base", "cannot_connect"),
    "truncated": (
        wire("replace", "configurations", body='{"EM_USOC": "2'),
        "base",
        "cannot_connect",
    ),
    "HTTP 403": (
        wire("status", "configurations", status=403),
        "base",
        "not_permitted",
    ),
}
