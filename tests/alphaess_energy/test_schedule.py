"""What is shown of the stored schedules (alphaess.md 3.6 to 3.8)."""

from typing import Any

from homeassistant.const import STATE_UNKNOWN, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import AlphaEssSimulator

from .conftest import SYSTEM_1, SYSTEM_2, set_up
from .platforms import only

KEYS = (
    "schedule_mode",
    "charge_window_1",
    "charge_window_2",
    "discharge_window_1",
    "discharge_window_2",
)


@pytest.fixture
def homes() -> int:
    """One system with the legacy store, one with the periodic one."""
    return 2


async def shown(
    hass: HomeAssistant, entry: MockConfigEntry, serial: str
) -> dict[str, str]:
    """Set up, and return the schedule's states by key."""
    with only(Platform.SENSOR):
        await set_up(hass, entry)
    found = {}
    for key in KEYS:
        entity_id = er.async_get(hass).async_get_entity_id(
            "sensor", DOMAIN, f"{serial}_{key}"
        )
        if entity_id and (state := hass.states.get(entity_id)):
            found[key] = state.state
    return found


@pytest.mark.parametrize("endpoint", ["getChargeConfigInfo", "getDisChargeConfigInfo"])
@pytest.mark.parametrize("data", [None, {}, [], "x"])
async def test_a_legacy_store_that_says_nothing(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    endpoint: str,
    data: Any,
) -> None:
    """Nothing is made up: it is not known that all windows are off."""
    sim.faults.add("mutate", endpoint, field="data", value=data)
    assert await shown(hass, entry, SYSTEM_1) == {}


@pytest.mark.parametrize("data", [None, {}, {"executeCycleType": 1}])
async def test_a_periodic_store_that_says_nothing(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, data: Any
) -> None:
    """The same for the other store."""
    sim.faults.add("mutate", "getTimeChargeBySn", field="data", value=data)
    assert await shown(hass, entry, SYSTEM_2) == {}


async def test_one_side_without_a_list(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """No list is not the list of no periods."""
    sim.faults.add(
        "mutate", "getTimeChargeBySn", field="data.dischargeTimeList", value=None
    )
    found = await shown(hass, entry, SYSTEM_2)
    assert found["schedule_mode"] == "periodic"
    assert found["charge_window_1"] not in {"off", STATE_UNKNOWN}
    assert found["discharge_window_1"] == STATE_UNKNOWN


@pytest.mark.parametrize(
    ("start", "end", "window"),
    [
        ("01:00", "05:00", "01:00 - 05:00"),
        ("00:00", "00:00", "off"),
        ("23:00", "24:00", STATE_UNKNOWN),
        ("24:00", "24:00", STATE_UNKNOWN),
        (None, "05:00", STATE_UNKNOWN),
        (None, None, STATE_UNKNOWN),
        ("x", "x", STATE_UNKNOWN),
    ],
)
async def test_times_that_are_none(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    start: str | None,
    end: str | None,
    window: str,
) -> None:
    """A window is off when it ends where it starts, and unknown without its times."""
    for field, value in (("timeChaf1", start), ("timeChae1", end)):
        sim.faults.add(
            "mutate", "getChargeConfigInfo", field=f"data.{field}", value=value
        )
    assert (await shown(hass, entry, SYSTEM_1))["charge_window_1"] == window
