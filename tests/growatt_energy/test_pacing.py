"""How often a login is used, and what takes turns; zones."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest

from custom_components.growatt_energy.families import Family
from custom_components.growatt_energy.pacing import stretch, turns
from custom_components.growatt_energy.zones import async_zone

FIVE, FIFTEEN = timedelta(minutes=5), timedelta(minutes=15)


@pytest.mark.parametrize(
    ("families", "plants", "least", "longer"),
    [
        ({Family.MIN: 1}, 1, FIVE, 1.0),
        ({Family.SPH: 1}, 1, FIVE, 1.0),
        ({Family.SPH: 2}, 1, FIVE, 1.65),
        ({Family.SPH: 2}, 1, FIFTEEN, 1.0),
        ({Family.SPH: 20}, 5, FIVE, 41.1),
    ],
)
def test_the_day_lasts(
    families: dict[Family, int], plants: int, least: timedelta, longer: float
) -> None:
    """Only what would use up the day's requests is read less often."""
    found = stretch(Counter(families), plants, least)
    assert found == pytest.approx(longer, rel=0.05)


def test_turns() -> None:
    """Each gets its own five minutes."""
    assert turns(FIFTEEN, 1) == FIFTEEN
    assert turns(FIFTEEN, 7) == timedelta(seconds=7 * 330)


@pytest.mark.parametrize(
    ("told", "july", "january"),
    [
        (None, 2, 1),
        ("+02:00", 2, 1),
        ("+01:00", 2, 1),
        ("+10:00", 10, 10),
        ("-03:30", -3.5, -3.5),
        ("+5", 5, 5),
        ("Australia/Sydney", 10, 11),
        ("Nowhere/Land", 2, 1),
        ("../etc/passwd", 2, 1),
        ("+99:00", 2, 1),
    ],
)
async def test_zones(
    hass: HomeAssistant, told: str | None, july: float, january: float
) -> None:
    """An offset that home has at some time of the year is home."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    assert dt_util.get_default_time_zone() is not None
    zone = await async_zone(hass, told)
    for month, hours in ((7, july), (1, january)):
        moment = datetime(2026, month, 15, tzinfo=UTC).astimezone(zone)
        assert moment.utcoffset() == timedelta(hours=hours)
