"""The actions that read: points and past values."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sungrow_energy.const import DOMAIN
from simulator.sungrow import SungrowSimulator

from .conftest import set_up
from .platforms import only

PLANT = "plant_5123456"
HYBRID = "A2351607928"


def device_id(hass: HomeAssistant, entry: MockConfigEntry, identifier: str) -> str:
    """Return the id of a device of the registry."""
    found = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, identifier), entry.entry_id
    )
    assert found is not None
    return found.id


async def ask(
    hass: HomeAssistant, entry: MockConfigEntry, action: str, who: str, **data: Any
) -> Any:
    """Call an action that answers; return what it says of the device."""
    device = device_id(hass, entry, who)
    answer = await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": device, **data},
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    return answer[device]


async def test_points_of_a_device(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """All that have a value, with unit and number, and those that nobody knows."""
    sim.cloud.unknown_points = True
    await set_up(hass, entry)
    asked = sim.quota.total
    found = await ask(hass, entry, "list_points", HYBRID)
    assert found["points"]["battery_soc"]["point"] == "13141"
    assert found["points"]["battery_soc"]["unit"] == "%"
    assert found["points"]["operating_status"]["value"] == "running"
    assert found["points"]["mppt1_power"]["unit"] == "W"
    assert all(item["value"] is not None for item in found["points"].values())
    assert found["unknown_points"]
    assert sim.quota.total == asked


async def test_points_of_a_plant(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """Also those that its devices make."""
    await set_up(hass, entry)
    points = (await ask(hass, entry, "list_points", PLANT))["points"]
    assert points["pv_energy_total"]["point"] == "83024"
    assert points["grid_power"]["value"] is not None
    assert points["grid_power"]["point"] is None
    assert points["grid_power"]["unit"] == "W"
    assert points["self_consumption_rate"]["unit"] == "%"


@pytest.mark.parametrize("mode", ["oauth", "login"])
async def test_hours_of_a_day(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """Eight requests of three hours make a day; the border is there once."""
    with only():
        await set_up(hass, entry)
    found = await ask(
        hass,
        entry,
        "read_history",
        PLANT,
        start="2026-05-11",
        points=["pv_energy_total", "83105"],
    )
    assert set(found["points"]) == {"pv_energy_total", "grid_import_total"}
    solar = found["points"]["pv_energy_total"]
    assert solar["unit"] == "kWh"
    times = list(solar["values"])
    assert times[0] == "2026-05-11T00:00:00"
    assert times[-1] in ("2026-05-11T23:00:00", "2026-05-12T00:00:00")
    assert len(times) in (24, 25)
    kwh = list(solar["values"].values())
    assert kwh == sorted(kwh)
    assert 5 < kwh[-1] - kwh[0] < 100


@pytest.mark.parametrize(
    ("who", "resolution", "first", "count"),
    [
        (PLANT, "day", "2026-05-01", 11),
        (HYBRID, "day", "2026-05-01", 11),
        (PLANT, "month", "2026-03", 3),
    ],
)
async def test_days_and_months(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    who: str,
    resolution: str,
    first: str,
    count: int,
) -> None:
    """What the cloud keeps of long ago, at most a hundred days in a request."""
    with only():
        await set_up(hass, entry)
    found = await ask(
        hass,
        entry,
        "read_history",
        who,
        start=f"{first}-01"[:10],
        end="2026-05-11",
        resolution=resolution,
        points=["pv_energy_today"],
    )
    values = found["points"]["pv_energy_today"]["values"]
    assert next(iter(values)) == first
    assert len(values) == count
    assert all(kwh > 0 for kwh in values.values())


async def test_a_period_that_is_not_over_may_be_refused(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
) -> None:
    """Those before it are answered all the same."""
    sim.cloud.history_future = "refused"
    with only():
        await set_up(hass, entry)
    found = await ask(
        hass,
        entry,
        "read_history",
        PLANT,
        start="2026-03-01",
        end="2026-05-11",
        resolution="month",
        points=["pv_energy_today"],
    )
    assert list(found["points"]["pv_energy_today"]["values"]) == ["2026-03", "2026-04"]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"start": "2026-05-12"}, "history_until_yesterday"),
        ({"start": "2026-05-11", "end": "2026-05-10"}, "wrong_order"),
        ({"start": "2026-05-01", "end": "2026-05-11"}, "span_too_long"),
        ({"start": "2026-05-04", "end": "2026-05-11"}, "span_too_long"),
        ({"start": "2026-05-11", "points": ["moon"]}, "unknown_point"),
    ],
)
async def test_what_cannot_be_read(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    data: dict[str, Any],
    error: str,
) -> None:
    """Is refused before anything is asked."""
    with only():
        await set_up(hass, entry)
    asked = sim.quota.total
    with pytest.raises(ServiceValidationError) as refused:
        await ask(hass, entry, "read_history", PLANT, **data)
    assert refused.value.translation_key == error
    assert sim.quota.total == asked
