"""Capacities do not jump while the battery is read anew, or in part (3.9.2)."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import Event, EventStateChangedData, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.sonnen import SonnenBattery, SonnenSimulator

from .conftest import Step, set_up
from .states import entity_id, shown

KEYS = ("battery_capacity", "usable_capacity", "state_of_health")


@pytest.fixture(autouse=True)
def night(battery: SonnenBattery) -> None:
    """A battery whose charge hardly moves."""
    battery.house.override(pv_w=0, load_w=30, soc=70)


def what_fits(hass: HomeAssistant) -> dict[str, float]:
    return {key: float(shown(hass, key)) for key in KEYS}


@pytest.mark.parametrize("away", [10, 600, 3600])
async def test_a_restart_shows_the_same_capacities(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    step: Step,
    freezer: FrozenDateTimeFactory,
    away: int,
) -> None:
    """Each is right from its first state on, whatever is read first."""
    await set_up(hass, entry)
    for _ in range(8):
        await step(10)
    before = what_fits(hass)
    await hass.config_entries.async_unload(entry.entry_id)
    freezer.tick(away)
    ids = {entity_id(hass, key): key for key in KEYS}
    seen: list[tuple[str, float]] = []

    def listen(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if event.data["entity_id"] in ids and state is not None:
            if state.state != STATE_UNAVAILABLE:
                seen.append((ids[event.data["entity_id"]], float(state.state)))

    hass.bus.async_listen("state_changed", listen)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    for _ in range(8):
        await step(10)
    assert {key for key, _ in seen} == set(KEYS)
    for key, value in seen:
        assert value == pytest.approx(before[key], rel=0.02), (key, value)


async def test_a_first_start_shows_no_guess(
    hass: HomeAssistant, entry: MockConfigEntry, sim: SonnenSimulator
) -> None:
    """Nothing is derived from half of what there is."""
    ids: list[tuple[str, str]] = []

    def listen(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if state is not None and state.attributes.get("device_class") == (
            "energy_storage"
        ):
            ids.append((state.entity_id, state.state))

    hass.bus.async_listen("state_changed", listen)
    await set_up(hass, entry)
    assert ids
    assert len({name for name, _ in ids}) == len({*ids})


@pytest.mark.parametrize("endpoint", ["battery", "configurations", "latestdata"])
async def test_one_endpoint_that_fails_changes_nothing(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: SonnenSimulator,
    step: Step,
    endpoint: str,
) -> None:
    await set_up(hass, entry)
    before = what_fits(hass)
    sim.faults.add("status", endpoint, status=500)
    for _ in range(60):
        await step(10)
    assert what_fits(hass) == pytest.approx(before, rel=0.01)


async def test_what_is_in_the_battery_gets_old(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    battery: SonnenBattery,
    sim: SonnenSimulator,
    step: Step,
) -> None:
    """Ah of an hour ago say nothing of now: then the share of it does."""
    await set_up(hass, entry)
    sim.faults.add("status", "battery", status=500)
    battery.house.override(soc=30)
    for _ in range(60):
        await step(10)
    found = entry.runtime_data.newest.derived.capacity
    assert found.remaining_ah == found.remaining
    assert found.remaining == pytest.approx(found.full * 0.3, rel=0.05)
    assert found.usable_ah is None
