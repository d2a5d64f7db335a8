"""What the history of a day leaves out (alphaess.md section 7)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from custom_components.alphaess_energy.api.models import PowerRecord
from custom_components.alphaess_energy.history import Hours, hourly

from .curves import ADELAIDE, BERLIN, DAY, HOUR, curve, energy, series

MIDNIGHT = datetime(2026, 5, 2, 22, tzinfo=UTC)  # the day begins in Berlin
BATTERY = {"battery_charge", "battery_discharge"}


@pytest.fixture(autouse=True)
def alphaess() -> None:
    """Home Assistant is not needed here."""


def today(
    records: list[PowerRecord], now: datetime, zone: ZoneInfo = BERLIN, day: date = DAY
) -> dict[str, Hours]:
    found = hourly(
        records,
        energy(solar=6.0, imported=3.0, charged=1.0),
        4.0,
        day=day,
        zone=zone,
        capacity=10.0,
        now=now,
    )
    assert found is not None
    return found


@pytest.mark.parametrize("minutes", [1, 59, 60, 61, 600, 1439])
@pytest.mark.parametrize("known", [0, 1, 3])
def test_hours_that_have_not_happened(minutes: int, known: int) -> None:
    """An empty or short curve of today does not say that the day is over."""
    now = MIDNIGHT + timedelta(minutes=minutes)
    found = today(curve(BERLIN)[:known], now)
    for key, total in (("solar", 6.0), ("import", 3.0), ("battery_charge", 1.0)):
        assert max(found[key]) < now
        assert sum(found[key].values()) == pytest.approx(total)


def test_records_ahead_of_now() -> None:
    """A zone that is wrong makes no hours of the future."""
    now = MIDNIGHT + 9 * HOUR
    found = today(curve(BERLIN), now)
    assert max(found["import"]) == now - HOUR


def test_a_day_that_is_over() -> None:
    """Tomorrow's now changes nothing, and neither does none at all."""
    records = curve(BERLIN, grid=lambda at: 100.0 * at.hour)
    totals = energy(solar=6.0, imported=3.0, charged=1.0)
    assert today(records, MIDNIGHT + 30 * HOUR) == series(records, totals, load=4.0)


def test_half_hours_of_today() -> None:
    """The running UTC hour counts, the next one does not."""
    now = datetime(2026, 5, 3, 1, 10, tzinfo=UTC)
    assert max(today([], now, ADELAIDE)["import"]) == now.replace(minute=0)


def test_a_day_that_has_not_begun() -> None:
    """It has no hours."""
    assert not any(today([], MIDNIGHT - HOUR).values())


def test_a_house_without_a_wallbox() -> None:
    """Zeros of a thing that is not there are no statistic."""
    assert "ev" not in series(curve(BERLIN), energy(solar=1.0, ev=0.0))


def test_a_wallbox() -> None:
    """Seen in the total or in the curve, it is there."""
    assert sum(
        series(curve(BERLIN), energy(solar=1.0, ev=2.0))["ev"].values()
    ) == pytest.approx(2.0)
    charging = [replace(record, ev=3000.0) for record in curve(BERLIN)]
    assert set(series(charging, energy(solar=1.0, ev=0.0))["ev"].values()) == {0.0}


@pytest.mark.parametrize("capacity", [None, 0.0])
def test_a_house_without_a_battery(capacity: float | None) -> None:
    """The same for what a battery would have done."""
    found = series(curve(BERLIN), energy(solar=1.0), capacity=capacity)
    assert not BATTERY & found.keys()
    assert found.keys() >= {"solar", "import", "export"}


def test_a_battery_that_rests() -> None:
    """A battery that did nothing all day says so."""
    found = series(curve(BERLIN), energy(solar=1.0), capacity=10.0)
    assert {kwh for key in BATTERY for kwh in found[key].values()} == {0.0}


@pytest.mark.parametrize("capacity", [None, 0.0])
def test_a_battery_of_unknown_size(capacity: float | None) -> None:
    """What it did is not lost because the list of systems forgot its size."""
    found = series(curve(BERLIN), energy(charged=2.0), capacity=capacity)
    assert sum(found["battery_charge"].values()) == pytest.approx(2.0)
