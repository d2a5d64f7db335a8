"""Actions that read the past (goodwe.md sections 3.10 and 7)."""

from datetime import date, timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.goodwe_energy.const import DOMAIN
from simulator.goodwe import GoodWeSimulator

from .conftest import set_up
from .platforms import only

TODAY = date(2026, 5, 12)
DAY = timedelta(days=1)
HYBRID = "9010KETU22AW0417"


async def ask(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    action: str,
    identifier: str,
    **data: Any,
) -> Any:
    """Call an action for one device or plant and return its answer."""
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, identifier), entry.entry_id
    )
    assert device is not None, identifier
    answer = await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": [device.id], **data},
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    return answer[device.id]


@pytest.fixture
async def plant(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry
) -> str:
    """Set up without entities; return the id of the station."""
    with only():
        await set_up(hass, entry)
    return sim.stations[0].id


def truth(sim: GoodWeSimulator, first: date, last: date) -> float:
    """Return what the sun gave on some days, kWh."""
    total = 0.0
    for number in range((last - first).days + 1):
        energy = sim.stations[0].house.energy_on(first + number * DAY)
        assert energy is not None
        total += energy.solar_wh / 1000
    return total


async def test_hours(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, plant: str
) -> None:
    """They make the day, in the time of the plant."""
    day = TODAY - DAY
    answer = await ask(hass, entry, "read_history", plant, start=day.isoformat())
    assert answer["unit"] == "kWh"
    hours = answer["energies"]["solar_energy"]
    assert sum(hours.values()) == pytest.approx(truth(sim, day, day), abs=0.2)
    assert f"{day}T12:00:00+02:00" in hours
    assert all(hour.startswith(day.isoformat()) for hour in hours)


@pytest.mark.parametrize(
    ("resolution", "first", "last", "count"),
    [
        ("day", TODAY - 14 * DAY, TODAY - DAY, 14),
        ("month", date(2026, 3, 10), date(2026, 4, 20), 2),
        ("year", date(2025, 6, 1), date(2026, 5, 11), 2),
    ],
)
async def test_periods(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    plant: str,
    resolution: str,
    first: date,
    last: date,
    count: int,
) -> None:
    """Each has its total; several years are asked for one by one (section 3.10)."""
    answer = await ask(
        hass,
        entry,
        "read_history",
        HYBRID,
        start=first.isoformat(),
        end=last.isoformat(),
        resolution=resolution,
    )
    found = answer["energies"]["solar_energy"]
    assert len(found) == count
    assert all(kwh > 0 for kwh in found.values())
    if resolution == "day":
        assert sum(found.values()) == pytest.approx(truth(sim, first, last), abs=2)


@pytest.mark.parametrize(
    ("action", "data", "key"),
    [
        ("read_history", {"start": TODAY}, "history_until_yesterday"),
        ("read_history", {"start": TODAY - DAY, "end": TODAY - 2 * DAY}, "wrong_order"),
        (
            "read_history",
            {"start": TODAY - 9 * DAY, "end": TODAY - DAY},
            "span_too_long",
        ),
        ("import_history", {"start": TODAY - DAY}, "no_recorder"),
    ],
)
async def test_what_cannot_be_answered(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    plant: str,
    action: str,
    data: dict[str, date],
    key: str,
) -> None:
    """Is refused before anything is asked."""
    before = sim.requests.total
    with pytest.raises(ServiceValidationError) as caught:
        await ask(
            hass,
            entry,
            action,
            plant,
            **{name: day.isoformat() for name, day in data.items()},
        )
    assert caught.value.translation_key == key
    assert sim.requests.total == before
