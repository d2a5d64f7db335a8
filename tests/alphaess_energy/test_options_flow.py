"""Tuning an account, and adding a system to it."""

from collections.abc import Generator
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.alphaess import APP_ID, AlphaEssSimulator

from .conftest import SYSTEM_1, SYSTEM_2, Step, set_up
from .devices import find_device
from .flows import TROUBLES, Dialog, Trouble, options_dialog, wire

CONTROL = {"allow_control": True, "assume_enabled": False}
DEFAULTS = {"live_interval": 60, "history_days": 0, **CONTROL}
LABEL = {"serial_number": SYSTEM_2, "check_code": "CHK0202"}


@pytest.fixture
def homes() -> int:
    """Two systems, of which the tests bind the second one."""
    return 2


@pytest.fixture
async def dialog(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> Dialog:
    """The options of an entry with one system."""
    sim.accounts[APP_ID].bound.discard(SYSTEM_2)
    await set_up(hass, entry)
    sim.counters.reset()
    dialog = await options_dialog(hass, entry)
    assert (dialog.type, dialog.step) == (FlowResultType.MENU, "init")
    return dialog


@pytest.fixture(autouse=True)
def no_errors_logged(caplog: pytest.LogCaptureFixture) -> Generator[None]:
    """Nothing in these tests is an error of ours."""
    yield
    errors = [r for r in caplog.get_records("call") if r.levelname == "ERROR"]
    assert [r.getMessage() for r in errors] == []


async def choose(dialog: Dialog, option: str) -> None:
    """Choose from the menu."""
    await dialog.submit(next_step_id=option)
    assert (dialog.type, dialog.errors) == (FlowResultType.FORM, {})


async def test_settings_are_applied(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    dialog: Dialog,
    step: Step,
) -> None:
    """New settings are stored and in use at once."""
    await choose(dialog, "settings")
    assert dialog.step == "settings"
    assert dialog.suggested == DEFAULTS
    assert dialog.result["description_placeholders"] == {"zone": "Europe/Berlin"}
    loaded = entry.runtime_data
    await dialog.submit(
        live_interval=30.0, time_zone="Australia/Brisbane", history_days=0.0
    )
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options == {
        "live_interval": 30,
        "time_zone": "Australia/Brisbane",
        "history_days": 0,
        **CONTROL,
    }
    for key in ("live_interval", "history_days"):
        assert type(entry.options[key]) is int
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data is not loaded
    assert str(entry.runtime_data.zone) == "Australia/Brisbane"
    sim.counters.reset()
    for _ in range(20):
        await step(15)
    assert 9 <= sim.counters.count("getLastPowerData") <= 11

    dialog = await options_dialog(hass, entry)
    await choose(dialog, "settings")
    assert dialog.suggested == dict(entry.options)


async def test_zone_can_be_taken_back(
    hass: HomeAssistant, entry: MockConfigEntry, dialog: Dialog
) -> None:
    """An empty zone is that of Home Assistant again."""
    hass.config_entries.async_update_entry(
        entry, options=DEFAULTS | {"time_zone": "Australia/Brisbane"}
    )
    await choose(dialog, "settings")
    await dialog.submit(**DEFAULTS)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options == DEFAULTS
    assert str(entry.runtime_data.zone) == "Europe/Berlin"


async def test_unchanged_settings_change_nothing(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, dialog: Dialog
) -> None:
    """Without a change there is no reload."""
    hass.config_entries.async_update_entry(entry, options=DEFAULTS)
    loaded = entry.runtime_data
    await choose(dialog, "settings")
    await dialog.submit(**DEFAULTS)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.runtime_data is loaded
    assert sim.counters.count() == 0


async def test_history_without_a_recorder(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, dialog: Dialog
) -> None:
    """History goes into statistics: without them it is not even asked for."""
    await choose(dialog, "settings")
    await dialog.submit(live_interval=60, history_days=3)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options == {"live_interval": 60, "history_days": 3, **CONTROL}
    assert entry.state is ConfigEntryState.LOADED
    assert sim.counters.count("getOneDayPowerBySn") == 0


@pytest.mark.parametrize(
    "bad",
    [
        {"live_interval": 9},
        {"live_interval": 301},
        {"live_interval": "often"},
        {"history_days": -1},
        {"history_days": 732},
        {"time_zone": "Europe/Atlantis"},
        {"time_zone": "../../etc/passwd"},
    ],
)
async def test_bad_settings(
    entry: MockConfigEntry, dialog: Dialog, bad: dict[str, Any]
) -> None:
    """The form refuses what it does not offer, and goes on."""
    await choose(dialog, "settings")
    with pytest.raises(InvalidData):
        await dialog.submit(**DEFAULTS | bad)
    assert entry.options == {}
    await dialog.submit(**DEFAULTS)
    assert dialog.type is FlowResultType.CREATE_ENTRY


async def to_verify(sim: AlphaEssSimulator, dialog: Dialog) -> str:
    """Choose to add a system and have the code mailed; return it."""
    await choose(dialog, "bind")
    assert dialog.step == "add_system"
    await dialog.submit(**LABEL)
    assert (dialog.step, dialog.errors) == ("verify", {})
    code = sim.systems[SYSTEM_2].verification_code
    assert code is not None
    return code


async def test_system_is_added(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, dialog: Dialog
) -> None:
    """A system that was bound here is there at once, with the options as they were."""
    hass.config_entries.async_update_entry(entry, options={"live_interval": 30})
    assert find_device(hass, entry, SYSTEM_2) is None
    code = await to_verify(sim, dialog)
    assert sim.counters.count() == 1  # the account itself is not tried again
    await dialog.submit(code=code)
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    assert entry.options == {"live_interval": 30}
    device = find_device(hass, entry, SYSTEM_2)
    assert device is not None
    assert device.model == "SMILE-G3-T10-INV"
    assert sim.counters.count("getLastPowerData", system=SYSTEM_2) == 1
    assert sim.counters.count("getEssList") == 1


@pytest.mark.parametrize(
    "name", ["not reached", "too fast", "whitelist", "wrong secret"]
)
async def test_trouble_and_recovery(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    dialog: Dialog,
    name: str,
) -> None:
    """Each error keeps what was typed, and can be mended in the same dialog."""
    trouble: Trouble
    trouble, _, error = TROUBLES[name]
    await choose(dialog, "bind")
    async with trouble(sim):
        await dialog.submit(**LABEL)
        assert (dialog.step, dialog.errors) == ("add_system", {"base": error})
        assert dialog.suggested == {"serial_number": SYSTEM_2}
    await dialog.submit(**LABEL)
    assert dialog.step == "verify"
    await dialog.submit(code=sim.systems[SYSTEM_2].verification_code)
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert find_device(hass, entry, SYSTEM_2)


@pytest.mark.parametrize(
    ("wrong", "field", "error"),
    [
        ({"check_code": "CHK9999"}, "check_code", "wrong_check_code"),
        ({"serial_number": "AL0000000000000"}, "serial_number", "unknown_serial"),
    ],
)
async def test_wrong_label(
    sim: AlphaEssSimulator,
    dialog: Dialog,
    wrong: dict[str, str],
    field: str,
    error: str,
) -> None:
    """A mistyped label is told at its field."""
    await choose(dialog, "bind")
    await dialog.submit(**LABEL | wrong)
    assert (dialog.step, dialog.errors) == ("add_system", {field: error})
    await dialog.submit(**LABEL)
    assert (dialog.step, dialog.errors) == ("verify", {})


async def test_wrong_code(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, dialog: Dialog
) -> None:
    """A mistyped code can be corrected."""
    code = await to_verify(sim, dialog)
    await dialog.submit(code="no code")
    assert (dialog.step, dialog.errors) == ("verify", {"code": "wrong_code"})
    await dialog.submit(code=code)
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert find_device(hass, entry, SYSTEM_2)


async def test_not_listed_yet(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, dialog: Dialog
) -> None:
    """The dialog ends when the new system is listed, not when any is."""
    code = await to_verify(sim, dialog)
    old = wire("mutate", endpoint="getEssList", field="data.1.sysSn", value=SYSTEM_1)
    async with old(sim):
        await dialog.submit(code=code)
        assert (dialog.step, dialog.errors) == ("verify", {"base": "no_systems"})
    await dialog.submit(code=code)
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert find_device(hass, entry, SYSTEM_2)


async def test_system_that_is_there_already(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, dialog: Dialog
) -> None:
    """Adding a system a second time does no harm."""
    await choose(dialog, "bind")
    await dialog.submit(serial_number=SYSTEM_1, check_code="CHK0101")
    await dialog.submit(code=sim.systems[SYSTEM_1].verification_code)
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    assert find_device(hass, entry, SYSTEM_1)


async def test_abandoned_dialog(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    dialog: Dialog,
    step: Step,
) -> None:
    """A dialog that is closed on its way leaves the entry as it is."""
    await to_verify(sim, dialog)
    hass.config_entries.options.async_abort(dialog.result["flow_id"])
    await step(16 * 60)
    assert entry.state is ConfigEntryState.LOADED
    assert entry.options == {}
    assert find_device(hass, entry, SYSTEM_2) is None
