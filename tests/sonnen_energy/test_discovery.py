"""Batteries that ask for an address, new ones and known ones."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sonnen_energy import connection
from custom_components.sonnen_energy.config_flow import SonnenFlow
from custom_components.sonnen_energy.const import DOMAIN
from simulator.sonnen import SonnenBattery, SonnenSimulator

from .conftest import SERIAL, entry_of, set_up
from .flows import MAC, MAC_SHOWN, Dialog, typed, wire
from .states import entity_id

HOSTNAME = f"sb-{SERIAL}"
OLD = "127.0.0.9"


@pytest.fixture(autouse=True)
def port(battery: SonnenBattery, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the simulated battery listen where real ones do."""
    monkeypatch.setattr(connection, "DEFAULT_PORT", battery.port)


async def test_new_battery_is_offered(
    hass: HomeAssistant, sim: SonnenSimulator, battery: SonnenBattery
) -> None:
    """It is looked at without a token, and then only the token is asked for."""
    dialog = await Dialog.dhcp(hass, HOSTNAME)
    assert (dialog.type, dialog.step) == (FlowResultType.FORM, "confirm")
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["unique_id"] == SERIAL
    assert flow["context"]["title_placeholders"] == {"name": "sonnenBatterie 3456"}
    assert sim.counters.by_endpoint() == {"status": 1}
    await dialog.submit(token="wrong-token", port=battery.port, expert={"https": False})
    assert dialog.errors == {"token": "invalid_auth"}
    await dialog.submit(token=battery.token, port=battery.port, expert={"https": False})
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    entry = dialog.result["result"]
    assert entry.state is ConfigEntryState.LOADED
    assert entry.unique_id == SERIAL
    assert entry.data == {
        "host": "127.0.0.1",
        "port": battery.port,
        "token": battery.token,
        "https": False,
        "serial": SERIAL,
        "mac": MAC_SHOWN,
    }


@pytest.mark.parametrize("trouble", ["reset", "html"])
async def test_what_is_no_battery(
    hass: HomeAssistant, sim: SonnenSimulator, trouble: str
) -> None:
    """Something with such a name that does not answer like one is not offered."""
    async with wire(trouble)(sim):
        dialog = await Dialog.dhcp(hass, HOSTNAME)
    assert (dialog.type, dialog.reason) == (FlowResultType.ABORT, "not_sonnen")


async def test_other_device(hass: HomeAssistant, sim: SonnenSimulator) -> None:
    """A device of an unknown name is not even asked."""
    dialog = await Dialog.dhcp(hass, "sb-printer")
    assert (dialog.type, dialog.reason) == (FlowResultType.ABORT, "not_sonnen")
    assert sim.counters.count() == 0


async def test_discovered_twice(hass: HomeAssistant, sim: SonnenSimulator) -> None:
    """One offer is enough."""
    await Dialog.dhcp(hass, HOSTNAME)
    dialog = await Dialog.dhcp(hass, HOSTNAME)
    assert dialog.reason == "already_in_progress"


async def test_ignored(hass: HomeAssistant, sim: SonnenSimulator) -> None:
    """Who was ignored is not offered again."""
    MockConfigEntry(
        domain=DOMAIN, unique_id=SERIAL, source="ignore", data={}
    ).add_to_hass(hass)
    dialog = await Dialog.dhcp(hass, HOSTNAME)
    assert dialog.reason == "already_configured"


@pytest.mark.parametrize("known_by", ["serial", "mac"])
async def test_new_address_is_followed(
    hass: HomeAssistant, sim: SonnenSimulator, battery: SonnenBattery, known_by: str
) -> None:
    """A known battery is read at its new address, whatever its host name is."""
    known = {"serial": SERIAL, "mac": MAC_SHOWN}
    changes = {key: known[key] if key == known_by else None for key in known}
    entry = entry_of(battery, host=OLD, **changes)
    entry.add_to_hass(hass)
    hostname = HOSTNAME if known_by == "serial" else "x"
    dialog = await Dialog.dhcp(hass, hostname)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.reason == "already_configured"
    assert (entry.data["host"], entry.data["mac"]) == ("127.0.0.1", MAC_SHOWN)
    assert entry.state is ConfigEntryState.LOADED
    # Nobody but the battery itself was shown the token.
    assert sim.counters.requests("status")[0].at <= sim.counters.requests()[-1].at


async def test_new_address_where_nobody_answers(
    hass: HomeAssistant, sim: SonnenSimulator, battery: SonnenBattery
) -> None:
    """An address that is no battery's is not taken over."""
    entry = entry_of(battery, host=OLD)
    entry.add_to_hass(hass)
    await sim.stop()
    dialog = await Dialog.dhcp(hass, HOSTNAME)
    assert dialog.reason == "not_sonnen"
    assert entry.data["host"] == OLD


async def test_name_stays(
    hass: HomeAssistant, sim: SonnenSimulator, battery: SonnenBattery
) -> None:
    """A host name follows by itself, so it is not replaced."""
    entry = entry_of(battery, host="localhost")
    await set_up(hass, entry)
    sim.counters.reset()
    await Dialog.dhcp(hass, HOSTNAME)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.data["host"] == "localhost"
    assert entry.data["mac"] == MAC_SHOWN


async def test_nothing_new(
    hass: HomeAssistant, sim: SonnenSimulator, battery: SonnenBattery
) -> None:
    """The same address once more changes and asks nothing."""
    entry = entry_of(battery, mac=MAC_SHOWN)
    await set_up(hass, entry)
    sim.counters.reset()
    await Dialog.dhcp(hass, HOSTNAME)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert sim.counters.count() == 0


async def test_serial_becomes_known(
    hass: HomeAssistant, sim: SonnenSimulator, battery: SonnenBattery
) -> None:
    """A battery that was set up by address gets its serial; its entities stay."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id="1f" * 16,
        data={**entry_of(battery).data, "serial": None},
    )
    await set_up(hass, entry)
    before = entity_id(hass, "battery_soc", serial="1f" * 16)
    count = len(er.async_get(hass).entities)
    dialog = await Dialog.dhcp(hass, HOSTNAME)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.reason == "already_configured"
    assert (entry.unique_id, entry.data["serial"]) == (SERIAL, SERIAL)
    assert entry.runtime_data.serial == "1f" * 16
    assert entity_id(hass, "battery_soc", serial="1f" * 16) == before
    assert len(er.async_get(hass).entities) == count
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, "1f" * 16), entry.entry_id
    )
    assert device is not None
    assert device.serial_number == SERIAL
    assert device.connections == {("mac", MAC_SHOWN)}


async def test_a_pending_offer_follows_the_battery(
    hass: HomeAssistant, sim: SonnenSimulator, battery: SonnenBattery
) -> None:
    """It is asked where it is now; an address without a battery is not taken over."""
    dialog = await Dialog.dhcp(hass, HOSTNAME)
    flow = hass.config_entries.flow._progress[dialog.result["flow_id"]]
    assert isinstance(flow, SonnenFlow)
    flow.offer({"host": OLD, "serial": SERIAL})
    async with wire("reset")(sim):
        away = await Dialog.dhcp(hass, HOSTNAME)
    assert away.reason == "not_sonnen"
    assert flow.offers({"host": OLD})
    again = await Dialog.dhcp(hass, HOSTNAME)
    assert again.reason == "already_in_progress"
    await dialog.submit(token=battery.token, port=battery.port, expert={"https": False})
    assert dialog.type is FlowResultType.CREATE_ENTRY
    assert dialog.result["data"]["host"] == "127.0.0.1"
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_adding_by_hand_what_is_offered(
    hass: HomeAssistant, sim: SonnenSimulator, battery: SonnenBattery
) -> None:
    """A pending offer is in nobody's way, and ends with it."""
    await Dialog.dhcp(hass, HOSTNAME)
    dialog = await Dialog.user(hass)
    await dialog.submit(**typed(battery, serial=SERIAL))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.type is FlowResultType.CREATE_ENTRY
    assert dialog.result["result"].unique_id == SERIAL
    assert not hass.config_entries.flow.async_progress()


@pytest.mark.parametrize("why", ["other token", "gone", "damaged"])
async def test_another_battery_at_a_known_address(
    hass: HomeAssistant, sim: SonnenSimulator, battery: SonnenBattery, why: str
) -> None:
    """It is not offered where an entry without a serial has its own.

    Whether that is this one cannot be known while it does not take the entry's token.
    """
    changes: dict[str, object] = {"serial": None}
    if why == "other token":
        changes["token"] = "other-token"
    elif why == "damaged":
        changes["port"] = 0
    entry = entry_of(battery, **changes)
    entry = MockConfigEntry(domain=DOMAIN, unique_id="2f" * 16, data=dict(entry.data))
    entry.add_to_hass(hass)
    if why == "gone":
        sim.faults.add("status", "configurations", status=500)
    dialog = await Dialog.dhcp(hass, HOSTNAME)
    if why == "damaged":  # and has no address
        assert dialog.step == "confirm"
    else:
        assert dialog.reason == "already_configured"
    assert entry.data["serial"] is None
    assert MAC not in str(entry.data)
