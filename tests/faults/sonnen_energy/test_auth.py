"""Rows 16 to 19: the token."""

from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sonnen_energy.const import DOMAIN
from simulator.sonnen import SonnenBattery, SonnenSimulator
from tests.sonnen_energy.conftest import Step, entry_of, set_up
from tests.sonnen_energy.states import shown

GUARDED = {"latestdata", "inverter", "battery", "powermeter", "configurations"}


def reauth(hass: HomeAssistant, entry: MockConfigEntry) -> int:
    return len(list(entry.async_get_active_flows(hass, {SOURCE_REAUTH})))


@pytest.mark.parametrize(
    "switches",
    [
        {"token": "99999999-0000-0000-0000-000000000000"},
        {"read_api": False},
        {"token": "9" * 36, "empty_on_bad_token": True},
    ],
    ids=["another token", "read api off", "old firmware"],
)
async def test_row_18_refused_token(
    hass: HomeAssistant,
    battery: SonnenBattery,
    sim: SonnenSimulator,
    entry: MockConfigEntry,
    step: Step,
    switches: dict[str, Any],
) -> None:
    """A new one is asked for once; what needs it is left alone, the status goes on."""
    await set_up(hass, entry)
    battery.change(**switches)
    for _ in range(13):
        await step(10)
    assert reauth(hass, entry) == 1
    sim.counters.reset()
    for _ in range(360):
        await step(10)
    asked = sim.counters.by_endpoint()
    # Old firmware answers with an empty object, which elsewhere may be right.
    refused = GUARDED
    if "empty_on_bad_token" in switches:
        refused = {"latestdata", "configurations"}
    assert not refused & asked.keys(), asked
    assert asked["status"] == pytest.approx(360, abs=3)
    assert float(shown(hass, "battery_soc")) >= 0
    assert reauth(hass, entry) == 1


@pytest.mark.parametrize("endpoints", [["latestdata", "configurations"], [*GUARDED]])
async def test_row_18_one_refusal(
    hass: HomeAssistant,
    sim: SonnenSimulator,
    entry: MockConfigEntry,
    step: Step,
    endpoints: list[str],
) -> None:
    """A single 401 is a slip: it is asked once more, and everything goes on."""
    await set_up(hass, entry)
    for endpoint in endpoints:
        sim.faults.add("status", endpoint, status=401, count=1)
    for _ in range(14):
        await step(10)
        assert reauth(hass, entry) == 0
    sim.counters.reset()
    for _ in range(13):
        await step(10)
    assert sim.counters.by_endpoint().keys() >= GUARDED


@pytest.mark.parametrize("endpoint", ["latestdata", "configurations", "battery"])
async def test_row_18_a_token_that_is_good_after_all(
    hass: HomeAssistant,
    sim: SonnenSimulator,
    entry: MockConfigEntry,
    step: Step,
    endpoint: str,
) -> None:
    """What was refused twice is read again, and nobody is asked any more."""
    await set_up(hass, entry)
    sim.faults.add("status", endpoint, status=401, count=3)
    seen = set()
    for _ in range(40):
        await step(10)
        seen.add(reauth(hass, entry))
    assert seen == {0, 1}
    assert reauth(hass, entry) == 0
    sim.counters.reset()
    for _ in range(13):
        await step(10)
    assert sim.counters.count(endpoint) >= 2


async def test_row_18_read_by_a_writer(
    hass: HomeAssistant, battery: SonnenBattery, entry: MockConfigEntry, step: Step
) -> None:
    """Who controls the battery reads it too: what works for it works again."""
    await set_up(hass, entry)
    battery.change(read_api=False)
    for _ in range(13):
        await step(10)
    assert reauth(hass, entry) == 1
    battery.change(read_api=True)
    config = entry.runtime_data.config
    config.take(await entry.runtime_data.client.configurations(), dt_util.utcnow())
    for _ in range(7):
        await step(10)
    assert reauth(hass, entry) == 0
    assert all(item.last_update_success for item in entry.runtime_data.coordinators)


async def test_row_18_some_endpoints_are_forbidden(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Firmware may have locked them: no new token would help."""
    for endpoint in ("battery", "powermeter", "inverter"):
        sim.faults.add("status", endpoint, status=403)
    await set_up(hass, entry)
    for _ in range(40):
        await step(10)
        assert reauth(hass, entry) == 0


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
@pytest.mark.parametrize("endpoint", sorted(GUARDED - {"configurations"}))
async def test_row_18_other_refusals(
    hass: HomeAssistant,
    sim: SonnenSimulator,
    entry: MockConfigEntry,
    step: Step,
    endpoint: str,
    status: int,
) -> None:
    """No other answer of a single endpoint asks for a token."""
    await set_up(hass, entry)
    sim.faults.add("status", endpoint, status=status)
    for _ in range(31):
        await step(10)
    assert reauth(hass, entry) == 0
    assert entry.state.name == "LOADED"


async def test_row_18_forbidden_everywhere(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """403 for everything but the status is a matter of the token (section 4)."""
    await set_up(hass, entry)
    for endpoint in GUARDED:
        sim.faults.add("status", endpoint, status=403)
    for _ in range(20):
        await step(10)
    assert reauth(hass, entry) == 1


async def test_row_18_set_up_with_wrong_token(
    hass: HomeAssistant, battery: SonnenBattery, step: Step
) -> None:
    """A token that was replaced while we were away is asked for soon after the start.

    What needs no token is shown all the same.
    """
    entry = entry_of(battery, token="11111111-0000-0000-0000-000000000000")
    await set_up(hass, entry)
    assert entry.state.name == "LOADED"
    for _ in range(4):
        await step(10)
    assert reauth(hass, entry) == 1
    assert float(shown(hass, "battery_soc")) == round(battery.usoc)


async def test_row_18_status_that_needs_the_token(
    hass: HomeAssistant, battery: SonnenBattery
) -> None:
    """Firmware may ask for it everywhere (2.1)."""
    battery.change(status_needs_token=True)
    entry = entry_of(battery, token="11111111-0000-0000-0000-000000000000")
    await set_up(hass, entry)
    assert entry.state.name == "SETUP_ERROR"
    assert reauth(hass, entry) == 1


@pytest.mark.parametrize("batteries", [2])
async def test_row_19_ten_restarts(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Ten restarts within seconds ask for nothing that is still fresh."""
    await set_up(hass, entry)
    used = entry.runtime_data.account.budget.requests_today
    sim.counters.reset()
    for _ in range(10):
        hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
        await hass.async_block_till_done()
        await hass.config_entries.async_unload(entry.entry_id)
        hass.data.pop(f"{DOMAIN}.accounts")  # type: ignore[arg-type]
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        await step(0.5)
    assert sim.counters.by_endpoint() == {}
    assert entry.runtime_data.account.budget.requests_today == used
    assert entry.runtime_data.live.fresh
