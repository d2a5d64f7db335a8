"""Adding a battery."""

from typing import Any
from unittest.mock import patch

import aiohttp
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sonnen_energy._vendor.core.ha.flow import InvalidServerUrl
from custom_components.sonnen_energy.connection import address_of
from custom_components.sonnen_energy.const import DOMAIN
from simulator.sonnen import SonnenBattery, SonnenSimulator

from .conftest import SERIAL, entry_of, set_up
from .flows import MAC, MAC_SHOWN, TROUBLES, Dialog, Trouble, home_network, typed, wire


async def test_battery_is_added(
    hass: HomeAssistant, sim: SonnenSimulator, battery: SonnenBattery
) -> None:
    """The right address and token make an entry, with one look at each."""
    dialog = await Dialog.user(hass)
    assert (dialog.type, dialog.step, dialog.errors) == (
        FlowResultType.FORM,
        "user",
        {},
    )
    assert dialog.suggested == {"port": 80, "https": False}
    with patch("custom_components.sonnen_energy.async_setup_entry", return_value=True):
        await dialog.submit(**typed(battery, serial=SERIAL))
        await hass.async_block_till_done()
    assert dialog.type is FlowResultType.CREATE_ENTRY
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.title == "sonnenBatterie 3456"
    assert entry.unique_id == SERIAL
    assert entry.data == {
        "host": battery.host,
        "port": battery.port,
        "token": battery.token,
        "https": False,
        "serial": SERIAL,
    }
    assert entry.options == {}
    assert sim.counters.by_endpoint() == {"status": 1, "configurations": 1}


async def test_it_works_at_once(hass: HomeAssistant, battery: SonnenBattery) -> None:
    """A battery without a known serial is set up, under an id of its own."""
    dialog = await Dialog.user(hass)
    await dialog.submit(**typed(battery))
    await hass.async_block_till_done(wait_background_tasks=True)
    entry = dialog.result["result"]
    assert entry.state is ConfigEntryState.LOADED
    assert entry.title == "sonnenBatterie"
    assert entry.data["serial"] is None
    assert entry.runtime_data.serial == entry.unique_id
    assert len(str(entry.unique_id)) == 32


@pytest.mark.parametrize(
    ("trouble", "field", "error"), TROUBLES.values(), ids=TROUBLES.keys()
)
async def test_trouble_and_recovery(
    hass: HomeAssistant,
    sim: SonnenSimulator,
    battery: SonnenBattery,
    trouble: Trouble,
    field: str,
    error: str,
) -> None:
    """Each error is told at its field, keeps what was entered, and can be mended."""
    dialog = await Dialog.user(hass)
    shown = {"host": battery.host, "port": battery.port, "https": False}
    values = typed(battery)
    async with trouble(sim):
        await dialog.submit(**values)
        assert (dialog.type, dialog.step) == (FlowResultType.FORM, "user")
        assert dialog.errors == {field: error}
        assert dialog.suggested == shown
    await dialog.submit(**typed(battery, **dialog.kept))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.type is FlowResultType.CREATE_ENTRY
    assert dialog.result["result"].state is ConfigEntryState.LOADED


async def test_redirect_to_https(
    hass: HomeAssistant, sim: SonnenSimulator, battery: SonnenBattery
) -> None:
    """A battery that speaks https only says what to switch on."""
    target = f"https://{battery.host}/api/v2/status"
    sim.faults.add("redirect", "status", location=target)
    dialog = await Dialog.user(hass)
    await dialog.submit(**typed(battery))
    assert dialog.errors == {"base": "use_https"}
    await dialog.submit(**typed(battery, expert={"https": True}))
    assert dialog.errors == {"base": "cannot_connect"}  # no TLS here
    assert dialog.suggested["https"] is True


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"host": ""}, {"host": "invalid_host"}),
        ({"host": "192.168.1.2/x"}, {"host": "invalid_host"}),
        ({"host": "::zz"}, {"host": "invalid_host"}),
        ({"host": "http://[x"}, {"host": "invalid_host"}),
        ({"host": "a b"}, {"host": "invalid_url"}),
        ({"host": "example.com"}, {"host": "url_not_https"}),
        ({"host": "8.8.8.8"}, {"host": "url_not_https"}),
        ({"serial": "abc"}, {"serial": "invalid_serial"}),
        ({"token": " "}, {"token": "invalid_auth"}),
        ({"token": "a\nb"}, {"token": "invalid_auth"}),
        ({"host": "sb-999999", "serial": SERIAL}, {"base": "wrong_battery"}),
    ],
)
async def test_nonsense_is_not_sent(
    hass: HomeAssistant,
    sim: SonnenSimulator,
    battery: SonnenBattery,
    changes: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """What cannot be is told without a request."""
    dialog = await Dialog.user(hass)
    await dialog.submit(**typed(battery, **changes))
    assert dialog.errors == errors
    assert sim.counters.count() == 0


@pytest.mark.parametrize(
    "host", ["http://{host}:{port}/dash", " {host} ", "http://{host}:{port}"]
)
async def test_copied_address(
    hass: HomeAssistant, battery: SonnenBattery, host: str
) -> None:
    """The address may be copied from the browser."""
    dialog = await Dialog.user(hass)
    host = host.format(host=battery.host, port=battery.port)
    await dialog.submit(**typed(battery, host=host))
    await hass.async_block_till_done(wait_background_tasks=True)
    data = dialog.result["data"]
    assert (data["host"], data["port"]) == (battery.host, battery.port)


async def test_old_firmware_has_only_single_keys(
    hass: HomeAssistant, battery: SonnenBattery
) -> None:
    """Without the list of all settings the token is tried with the newest values."""
    battery.variant.missing_endpoints = {"configurations"}
    dialog = await Dialog.user(hass)
    token = battery.token
    await dialog.submit(**typed(battery, token="wrong-token"))
    assert dialog.errors == {"token": "invalid_auth"}
    await dialog.submit(**typed(battery, token=token))
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("known", ["serial", "address", "token"])
async def test_battery_that_is_there_already(
    hass: HomeAssistant, battery: SonnenBattery, known: str
) -> None:
    """No second entry for one battery."""
    if known == "serial":
        entry = entry_of(battery, host="127.0.0.9")
    elif known == "address":
        entry = entry_of(battery, serial=None)
    else:
        entry = entry_of(battery, host="127.0.0.9", serial=None)
    entry.add_to_hass(hass)
    dialog = await Dialog.user(hass)
    serial = {"serial": SERIAL} if known == "serial" else {}
    with patch("custom_components.sonnen_energy.async_setup_entry", return_value=True):
        await dialog.submit(**typed(battery, **serial))
        await hass.async_block_till_done()
    assert (dialog.type, dialog.reason) == (FlowResultType.ABORT, "already_configured")
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1
    # Where it is now is taken over.
    assert entry.data["host"] == battery.host


async def test_serial_that_the_network_knows(
    hass: HomeAssistant, battery: SonnenBattery
) -> None:
    """The home network tells which battery has an address, so nobody is asked."""
    found = [
        DhcpServiceInfo(ip="10.0.0.1", hostname="router", macaddress="aabbccddeeff"),
        DhcpServiceInfo(ip=battery.host, hostname="sb-123456", macaddress=MAC),
    ]
    with home_network(hass, found):
        dialog = await Dialog.user(hass)
        await dialog.submit(**typed(battery))
    await hass.async_block_till_done(wait_background_tasks=True)
    entry = dialog.result["result"]
    assert (entry.unique_id, entry.data["mac"]) == (SERIAL, MAC_SHOWN)


@pytest.mark.parametrize("serial", [{}, {"serial": SERIAL}])
async def test_an_address_that_was_another_devices_before(
    hass: HomeAssistant, battery: SonnenBattery, serial: dict[str, str]
) -> None:
    """The network remembers both; the battery's device is not the phone's."""
    found = [
        DhcpServiceInfo(ip=battery.host, hostname="phone", macaddress="aabbcc000001"),
        DhcpServiceInfo(ip=battery.host, hostname="sb-123456", macaddress=MAC),
        DhcpServiceInfo(ip=battery.host, hostname="tv", macaddress="aabbcc000002"),
    ]
    with home_network(hass, found):
        dialog = await Dialog.user(hass)
        await dialog.submit(**typed(battery, **serial))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.result["result"].data["mac"] == MAC_SHOWN


@pytest.mark.parametrize(
    ("serial", "known"), [({}, None), ({"serial": SERIAL}, SERIAL)]
)
async def test_an_address_that_was_another_batterys_before(
    hass: HomeAssistant,
    battery: SonnenBattery,
    serial: dict[str, str],
    known: str | None,
) -> None:
    """Who does not say which one it is gets none of both serials."""
    found = [
        DhcpServiceInfo(ip=battery.host, hostname="sb-999999", macaddress="aabbcc0001"),
        DhcpServiceInfo(ip=battery.host, hostname="sb-123456", macaddress=MAC),
    ]
    with home_network(hass, found):
        dialog = await Dialog.user(hass)
        await dialog.submit(**typed(battery, **serial))
    await hass.async_block_till_done(wait_background_tasks=True)
    data = dialog.result["result"].data
    assert data["serial"] == known
    assert data.get("mac") == (MAC_SHOWN if known else None)


@pytest.mark.parametrize(
    ("typed_in", "expected"),
    [
        ({"host": "192.168.1.5"}, ("192.168.1.5", 80, False)),
        ({"host": "192.168.1.5:8080"}, ("192.168.1.5", 8080, False)),
        ({"host": "sb-1.fritz.box:8080"}, ("sb-1.fritz.box", 8080, False)),
        ({"host": "[fd00::1]:8080"}, ("fd00::1", 8080, False)),
        ({"host": "fd00::1"}, ("fd00::1", 80, False)),
        # The port of http is not that of https.
        ({"host": "192.168.1.5", "https": True}, ("192.168.1.5", 443, True)),
        ({"host": "192.168.1.5", "https": True, "port": 8443}, (None, 8443, True)),
        ({"host": "https://192.168.1.5/dash"}, ("192.168.1.5", 443, True)),
        ({"host": "https://192.168.1.5:444"}, ("192.168.1.5", 444, True)),
    ],
)
def test_addresses(
    typed_in: dict[str, Any], expected: tuple[str | None, int, bool]
) -> None:
    """What people type in and copy from their browser."""
    found = address_of({"port": 80, **typed_in})
    assert (found.port, found.https) == expected[1:]
    assert found.host == (expected[0] or found.host)


@pytest.mark.parametrize("host", ["192.168.1.5:0", "192.168.1.5:99999", "x:y", ":80"])
def test_ports_that_there_are_not(host: str) -> None:
    """They are no part of an address."""
    with pytest.raises(InvalidServerUrl, match=r"^invalid_host$"):
        address_of({"port": 80, "host": host})


async def test_address_of_another_id(
    hass: HomeAssistant, battery: SonnenBattery
) -> None:
    """A battery whose id is taken by an entry without its serial is no new one."""
    other = MockConfigEntry(domain=DOMAIN, unique_id=SERIAL, data={"host": "x"})
    other.add_to_hass(hass)
    dialog = await Dialog.user(hass)
    await dialog.submit(**typed(battery, serial="SB-123456 "))
    assert dialog.reason == "already_configured"


async def test_two_batteries(hass: HomeAssistant, sim: SonnenSimulator) -> None:
    """Each has its own entry."""
    entry = entry_of(sim.batteries[0], port=1, token="the-other-ones")
    entry.add_to_hass(hass)
    battery = sim.batteries[0]
    dialog = await Dialog.user(hass)
    await dialog.submit(**typed(battery, serial="777777"))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.type is FlowResultType.CREATE_ENTRY
    assert len(hass.config_entries.async_entries(DOMAIN)) == 2


async def test_no_internet_is_needed(
    hass: HomeAssistant, sim: SonnenSimulator, battery: SonnenBattery
) -> None:
    """Nothing but the battery is ever asked."""
    asked: list[str] = []
    original = aiohttp.ClientSession._request

    async def spy(self: Any, method: str, url: Any, **kwargs: Any) -> Any:
        asked.append(str(url))
        return await original(self, method, url, **kwargs)

    with patch.object(aiohttp.ClientSession, "_request", spy):
        dialog = await Dialog.user(hass)
        await dialog.submit(**typed(battery))
        await hass.async_block_till_done(wait_background_tasks=True)
    assert asked
    assert all(url.startswith(f"{battery.url}/api/v2/") for url in asked)


async def test_setup_waits_for_the_battery(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry
) -> None:
    """A battery that does not answer is tried again later."""
    async with wire("status", status=500)(sim):
        await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY


async def test_entry_without_any_id(
    hass: HomeAssistant, battery: SonnenBattery
) -> None:
    """An entry of which nothing is known has its own id."""
    data = {**entry_of(battery).data, "serial": None}
    entry = MockConfigEntry(domain=DOMAIN, data=data)
    await set_up(hass, entry)
    assert entry.runtime_data.serial == entry.entry_id
