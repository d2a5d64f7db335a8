"""A day and a half in the life of the counters."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import (
    EVENT_HOMEASSISTANT_FINAL_WRITE,
    EVENT_STATE_CHANGED,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import AlphaEssSimulator

from .conftest import SYSTEM_1, SYSTEM_2, ZONE, Step, set_up

# Sensor -> what the simulated house counted, in Wh
TRUTH = {
    "solar_energy_today": "solar_wh",
    "import_energy_today": "import_wh",
    "export_energy_today": "export_wh",
    "battery_charge_energy_today": "charge_wh",
    "battery_discharge_energy_today": "discharge_wh",
    "load_energy_today": "load_wh",
}
RISING = (*TRUTH, "solar_energy_total")


def local(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), ZoneInfo(ZONE))


@contextmanager
def watched(hass: HomeAssistant) -> Iterator[dict[str, list[tuple[datetime, float]]]]:
    """Record each number that the rising sensors show, with its time."""
    registry = er.async_get(hass)
    shown: dict[str, list[tuple[datetime, float]]] = {}

    @callback
    def changed(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        entity = registry.async_get(event.data["entity_id"])
        if state is None or entity is None or entity.platform != DOMAIN:
            return
        if state.state in {STATE_UNAVAILABLE, STATE_UNKNOWN}:
            return
        if entity.unique_id.split("_", 1)[1] in RISING:
            shown.setdefault(entity.unique_id, []).append(
                (dt_util.utcnow(), float(state.state))
            )

    cancel = hass.bus.async_listen(EVENT_STATE_CHANGED, changed)
    try:
        yield shown
    finally:
        cancel()


async def run_until(
    step: Step, freezer: FrozenDateTimeFactory, until: datetime, seconds: float = 60
) -> None:
    while (left := (until - dt_util.utcnow()).total_seconds()) > 0:
        await step(min(seconds, left))


async def restart(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Do what a clean restart does to the integration: memory is lost, stores stay."""
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    await hass.config_entries.async_unload(entry.entry_id)
    hass.data.pop(f"{DOMAIN}.accounts")  # type: ignore[arg-type]
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("homes", [2])
@pytest.mark.parametrize("start_time", [datetime(2026, 5, 12, 3, 0, tzinfo=UTC)])
@pytest.mark.parametrize("blank", ["zeros", "nulls", "none"])
async def test_counters_over_midnight(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    freezer: FrozenDateTimeFactory,
    blank: str,
) -> None:
    """The day's energies agree at 23:59, and nothing dips but once at midnight."""
    day = date(2026, 5, 12)
    for system in sim.systems.values():
        system.midnight_blank = blank
    registry = er.async_get(hass)

    def state_of(unique_id: str) -> float:
        entity_id = registry.async_get_entity_id("sensor", DOMAIN, unique_id)
        assert entity_id is not None
        state = hass.states.get(entity_id)
        assert state is not None
        return float(state.state)

    with watched(hass) as shown:
        await set_up(hass, entry)
        await run_until(step, freezer, local(day, 15, 0), 300)
        await restart(hass, entry)
        await run_until(step, freezer, local(day, 23, 50), 300)
        await run_until(step, freezer, local(day, 23, 59), 30)
        for serial in (SYSTEM_1, SYSTEM_2):
            truth = sim.houses[serial].energy_on(day)
            assert truth is not None
            for key, counter in TRUTH.items():
                expected = getattr(truth, counter) / 1000
                assert abs(state_of(f"{serial}_{key}") - expected) < 0.1, key
        await run_until(step, freezer, local(date(2026, 5, 13), 0, 3), 30)
        await restart(hass, entry)
        await run_until(step, freezer, local(date(2026, 5, 13), 0, 30), 30)
        await run_until(step, freezer, local(date(2026, 5, 13), 9, 0), 300)
        for serial in (SYSTEM_1, SYSTEM_2):
            truth = sim.houses[serial].energy_on(date(2026, 5, 13))
            assert truth is not None
            for key, counter in TRUTH.items():
                expected = getattr(truth, counter) / 1000
                # Read up to 15 minutes ago
                assert abs(state_of(f"{serial}_{key}") - expected) < 1.5, key

    assert len(shown) == 2 * len(RISING)
    zone = ZoneInfo(ZONE)
    for unique_id, readings in shown.items():
        dips = [
            at.astimezone(zone).date()
            for (_, before), (at, after) in pairwise(readings)
            if after < before
        ]
        assert dips in ([], [date(2026, 5, 13)]), unique_id
        if unique_id.endswith("_total"):
            assert dips == []
