"""Which charging power is which charger's: told by the list's order alone (section 8)."""

import json
from typing import Any

from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import AlphaEssSimulator

from .conftest import SYSTEM_1, Step, set_up

A, B, C = "ALP0110240001", "ALP0110240002", "ALP0110240003"


def answer(
    sim: AlphaEssSimulator, serials: list[str], powers: list[float | None]
) -> None:
    """Have the vendor list these chargers, and tell these powers."""
    rows = [{"evchargerSn": serial, "evchargerModel": "X"} for serial in serials]
    detail: dict[str, Any] = dict.fromkeys(f"ev{n}Power" for n in range(1, 5))
    detail |= {f"ev{n}Power": power for n, power in enumerate(powers, 1)}
    sim.faults.clear()
    sim.faults.add("mutate", "getEvChargerConfigList", field="data", value=rows)
    sim.faults.add("mutate", "getLastPowerData", field="data.pevDetail", value=detail)
    status = json.dumps({"code": 200, "data": {"evchargerStatus": 3}})
    sim.faults.add("replace", "getEvChargerStatusBySn", body=status)


def shown(hass: HomeAssistant) -> dict[str, str]:
    """Return the charging power of each charger that has one."""
    found = {}
    for serial in (A, B, C):
        entity_id = er.async_get(hass).async_get_entity_id(
            "sensor", DOMAIN, f"{serial}_ev_charging_power"
        )
        if entity_id and (state := hass.states.get(entity_id)):
            found[serial] = state.state
    return found


@pytest.fixture
async def two_chargers(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """A system with the chargers A and B."""
    answer(sim, [A, B], [1000, 2000])
    await set_up(hass, entry)
    assert shown(hass) == {A: "1000.0", B: "2000.0"}


@pytest.mark.parametrize(
    ("serials", "powers", "expected"),
    [
        ([C, A, B], [3000, 1000, 2000], {A: "1000.0", B: "2000.0", C: "3000.0"}),
        ([B, A], [2000, 1000], {A: "1000.0", B: "2000.0"}),
        ([B], [2000], {B: "2000.0"}),
        # A place without a charger has no power; the others keep their order.
        ([A, B], [None, 1000, 2000], {A: "1000.0", B: "2000.0"}),
    ],
)
async def test_the_vendors_present_order(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    two_chargers: None,
    serials: list[str],
    powers: list[float | None],
    expected: dict[str, str],
) -> None:
    """A charger that comes, goes or moves in the list takes its power along."""
    answer(sim, serials, powers)
    await entry.runtime_data.systems[SYSTEM_1].chargers.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    await step(61)
    found = shown(hass)
    # One that left the list may have to be missing twice before it goes for good.
    gone = {serial: STATE_UNKNOWN for serial in found if serial not in serials}
    assert found == expected | gone


@pytest.mark.parametrize("powers", [[1000], [1000, 2000, 3000], []])
async def test_other_numbers_of_powers_and_chargers(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    two_chargers: None,
    step: Step,
    powers: list[float | None],
) -> None:
    """Then nobody knows which power is whose."""
    answer(sim, [A, B], powers)
    await step(61)
    assert shown(hass) == {A: STATE_UNKNOWN, B: STATE_UNKNOWN}
