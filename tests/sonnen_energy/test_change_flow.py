"""A new token, a new address, other options."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sonnen_energy.const import DOMAIN
from simulator.sonnen import SonnenBattery, SonnenSimulator

from .conftest import SERIAL, Step, entry_of, set_up
from .flows import TROUBLES, Dialog, Trouble, down, home_network, typed

NEW = "88888888-2222-3333-4444-555555555555"


async def test_refused_token_asks_for_a_new_one(
    hass: HomeAssistant, battery: SonnenBattery, entry: MockConfigEntry, step: Step
) -> None:
    """The battery refuses, people are asked, and with the new token all goes on."""
    await set_up(hass, entry)
    battery.change(token=NEW)
    await step(61)
    await step(61)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"
    dialog = await Dialog.reauth(hass, entry)
    assert (dialog.step, dialog.suggested) == ("reauth_confirm", {})
    await dialog.submit(token="nonsense")
    assert dialog.errors == {"token": "invalid_auth"}
    await dialog.submit(token=f" {NEW} ")
    assert dialog.reason == "reauth_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.data["token"] == NEW
    assert entry.data["serial"] == SERIAL
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data.config.last_update_success


@pytest.mark.parametrize(
    ("trouble", "field", "error"), TROUBLES.values(), ids=TROUBLES.keys()
)
async def test_reauth_trouble_and_recovery(
    hass: HomeAssistant,
    sim: SonnenSimulator,
    entry: MockConfigEntry,
    trouble: Trouble,
    field: str,
    error: str,
) -> None:
    """Each error is told, and the same flow comes to an end afterwards."""
    entry.add_to_hass(hass)
    dialog = await Dialog.reauth(hass, entry)
    token = sim.batteries[0].token
    async with trouble(sim):
        await dialog.submit(token=token)
        assert dialog.errors == {field: error}
    await dialog.submit(token=token)
    assert dialog.reason == "reauth_successful"
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_new_address(
    hass: HomeAssistant, sim: SonnenSimulator, battery: SonnenBattery
) -> None:
    """The token may stay as it is."""
    entry = entry_of(battery, host="127.0.0.9")
    entry.add_to_hass(hass)
    dialog = await Dialog.reconfigure(hass, entry)
    assert dialog.suggested == {
        "host": "127.0.0.9",
        "port": battery.port,
        "serial": SERIAL,
        "https": False,
    }
    values = {key: item for key, item in typed(battery).items() if key != "token"}
    async with down(sim):
        await dialog.submit(**values, serial=SERIAL)
        assert dialog.errors == {"base": "cannot_connect"}
    await dialog.submit(**values, serial=SERIAL)
    assert dialog.reason == "reconfigure_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.data == entry_of(battery).data
    assert entry.state is ConfigEntryState.LOADED


async def test_another_battery_is_refused(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry
) -> None:
    """An entry stays with its battery."""
    entry.add_to_hass(hass)
    dialog = await Dialog.reconfigure(hass, entry)
    await dialog.submit(**typed(sim.batteries[0], serial="999999"))
    assert dialog.errors == {"base": "wrong_battery"}
    await dialog.submit(**typed(sim.batteries[0], host="sb-999999.local"))
    assert dialog.errors == {"base": "wrong_battery"}
    assert sim.counters.count() == 0


async def test_reauth_does_not_mind_what_the_network_remembers(
    hass: HomeAssistant, battery: SonnenBattery, entry: MockConfigEntry
) -> None:
    """The address stays as it is, and another battery may have had it before."""
    entry.add_to_hass(hass)
    dialog = await Dialog.reauth(hass, entry)
    other = DhcpServiceInfo(
        ip=battery.host, hostname="sb-999999", macaddress="aabbcc000001"
    )
    with home_network(hass, [other]):
        await dialog.submit(token=battery.token)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.reason == "reauth_successful"
    assert entry.data["serial"] == SERIAL


@pytest.mark.parametrize("same", ["token", "address"])
async def test_an_entry_cannot_become_another_one(
    hass: HomeAssistant, battery: SonnenBattery, entry: MockConfigEntry, same: str
) -> None:
    """Two entries for one battery would force it against each other."""
    if same == "address":
        changes = {"token": NEW}
    else:
        changes = {"host": "battery"}
    one = entry_of(battery, **changes)
    one.add_to_hass(hass)
    data = {**entry.data, "host": "127.0.0.9", "token": "x", "serial": None}
    two = MockConfigEntry(domain=DOMAIN, unique_id="3f" * 16, data=data)
    two.add_to_hass(hass)
    dialog = await Dialog.reconfigure(hass, two)
    await dialog.submit(**typed(battery))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.reason == "already_configured"
    assert two.data == data


@pytest.mark.parametrize("taken", [False, True])
async def test_serial_is_added(
    hass: HomeAssistant, battery: SonnenBattery, taken: bool
) -> None:
    """The serial that was not known can be entered, once."""
    data = {**entry_of(battery).data, "serial": None}
    entry = MockConfigEntry(domain=DOMAIN, unique_id="3f" * 16, data=data)
    entry.add_to_hass(hass)
    if taken:
        MockConfigEntry(domain=DOMAIN, unique_id=SERIAL, data={}).add_to_hass(hass)
    dialog = await Dialog.reconfigure(hass, entry)
    await dialog.submit(**typed(battery, serial=SERIAL))
    await hass.async_block_till_done(wait_background_tasks=True)
    if taken:
        assert dialog.reason == "already_configured"
        assert entry.unique_id == "3f" * 16
        return
    assert dialog.reason == "reconfigure_successful"
    assert entry.unique_id == entry.data["serial"] == SERIAL
    assert entry.runtime_data.serial == "3f" * 16


async def test_options(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry
) -> None:
    """Control and cadence; the entry is loaded anew with them."""
    await set_up(hass, entry)
    dialog = await Dialog.options(hass, entry)
    assert dialog.suggested == {"allow_control": True, "live_interval": 10}
    await dialog.submit(allow_control=False, live_interval=20.0)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.type is FlowResultType.CREATE_ENTRY
    assert entry.options == {"allow_control": False, "live_interval": 20}
    assert entry.runtime_data.live.document.interval.total_seconds() == 20
    again = await Dialog.options(hass, entry)
    assert again.suggested == {"allow_control": False, "live_interval": 20}


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ({"token": None}, "invalid_auth"),
        ({"token": ""}, "invalid_auth"),
        ({"host": ""}, "invalid_address"),
        ({"host": ["x"]}, "invalid_address"),
        ({"port": "x"}, "invalid_address"),
        ({"host": "example.com"}, "invalid_address"),
    ],
)
async def test_damaged_entry(
    hass: HomeAssistant,
    sim: SonnenSimulator,
    battery: SonnenBattery,
    damage: dict[str, Any],
    reason: str,
) -> None:
    """An entry that cannot work says why, without a request."""
    entry = entry_of(battery, **damage)
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == reason
    assert sim.counters.count() == 0
    await hass.config_entries.async_remove(entry.entry_id)
