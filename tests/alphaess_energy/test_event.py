"""Events about imports of the past."""

from typing import Any

from homeassistant.const import Platform
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import AlphaEssSimulator

from .conftest import SYSTEM_1, SYSTEM_2, set_up
from .devices import device_id
from .platforms import only
from .with_recorder import alphaess, mock_recorder_before_hass  # noqa: F401

DAYS = {"start": "2026-05-10", "end": "2026-05-11"}


@pytest.fixture
def homes() -> int:
    """Each system has imports of its own."""
    return 2


async def test_events(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """All event entities, before anything has happened."""
    with only(Platform.EVENT):
        await set_up(hass, entry)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


async def states_of_an_import(
    hass: HomeAssistant, entry: MockConfigEntry
) -> dict[str, list[State]]:
    """Import two days of the first system; return what its entities showed."""
    await set_up(hass, entry)
    registry = er.async_get(hass)
    keys = {
        registry.async_get_entity_id(platform, DOMAIN, f"{serial}_{key}"): f"{n} {key}"
        for platform, key in (
            ("event", "history_import_events"),
            ("sensor", "history_import"),
        )
        for n, serial in enumerate((SYSTEM_1, SYSTEM_2), 1)
    }
    shown: dict[str, list[State]] = {}

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        assert state is not None
        shown.setdefault(keys[state.entity_id], []).append(state)

    stop = async_track_state_change_event(hass, [key for key in keys if key], changed)
    await hass.services.async_call(
        DOMAIN,
        "import_history",
        {"device_id": device_id(hass, entry, SYSTEM_1), **DAYS},
        blocking=True,
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    stop()
    assert shown.keys() == {"1 history_import_events", "1 history_import"}
    return shown


def event(state: State) -> dict[str, Any]:
    """Return what an event tells, without its looks."""
    looks = {"event_types", "friendly_name"}
    return {key: item for key, item in state.attributes.items() if key not in looks}


async def test_import_that_ends_well(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """One event at its start and one at its end; the sensor shows how far it is."""
    shown = await states_of_an_import(hass, entry)
    started, finished = map(event, shown["1 history_import_events"])
    assert started["event_type"] == "started"
    assert finished["event_type"] == "finished"
    assert started["job_id"] == finished["job_id"]
    days = {"first": "2026-05-10", "last": "2026-05-11"}
    for told in (started, finished):
        assert {key: told[key] for key in days} == days
    assert finished["blank_days"] == 0
    # Two days of at least solar, import, export, charge, discharge and load
    assert finished["hours"] >= 2 * 24 * 6
    assert finished["error"] is None

    progress = [float(state.state) for state in shown["1 history_import"]]
    assert progress == sorted(progress)
    assert {0, 50, 100} == set(progress)
    last = shown["1 history_import"][-1].attributes
    assert {key: last[key] for key in ("state", "first", "last")} == {
        "state": "finished",
        **days,
    }


async def test_import_that_fails(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """The last event says why, in the word that the error's text goes by."""
    sim.faults.add("vendor_error", "getOneDayPowerBySn", system=SYSTEM_1, code=6042)
    shown = await states_of_an_import(hass, entry)
    started, failed = map(event, shown["1 history_import_events"])
    assert started["event_type"] == "started"
    assert failed["event_type"] == "failed"
    assert failed["error"] == "device_offline"
    assert failed["next_day"] == "2026-05-10"
    assert shown["1 history_import"][-1].attributes["state"] == "failed"
    assert shown["1 history_import"][-1].state == "0"


async def test_event_entity_after_a_restart(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """What happened last is still shown after a reload."""
    shown = await states_of_an_import(hass, entry)
    last = shown["1 history_import_events"][-1]
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    state = hass.states.get(last.entity_id)
    assert state is not None
    assert state.state == last.state
    assert state.attributes["event_type"] == "finished"
    progress = hass.states.get(shown["1 history_import"][-1].entity_id)
    assert progress is not None
    assert progress.state == "100"
