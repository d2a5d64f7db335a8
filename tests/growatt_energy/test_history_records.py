"""5-minute records become energy per hour (section 7)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.growatt_energy.families import Family
from custom_components.growatt_energy.history_records import Counters, Hours, hourly

NOW = datetime(2026, 5, 12, 10, tzinfo=UTC)
START = datetime(2026, 5, 11, 6, tzinfo=UTC)


@pytest.fixture(autouse=True)
def growatt() -> None:
    """Home Assistant is not needed here."""


def record(minutes: float, **counters: Any) -> dict[str, Any]:
    """Return a record so many minutes after the start."""
    at = START + timedelta(minutes=minutes)
    return {"calendar": int(at.timestamp() * 1000)} | counters


def solar(
    *records: dict[str, Any], counters: Counters | None = None, now: datetime = NOW
) -> Hours:
    """Return the solar energy of records by hour."""
    known: Counters = {} if counters is None else counters
    return hourly(Family.MIN, records, known, now=now).get("solar", {})


def hour(n: int) -> datetime:
    """Return the start of an hour after the first one."""
    return START + timedelta(hours=n)


def test_hours_are_what_the_counter_gained() -> None:
    """The last record of an hour ends it, in whatever order they come."""
    records = [record(5 * n, epvTotal=100 + n / 10) for n in range(25)]
    assert solar(*reversed(records)) == {hour(0): 1.1, hour(1): 1.2, hour(2): 0.1}


def test_the_next_day_goes_on_from_the_last() -> None:
    """Nothing is lost between two days."""
    counters: Counters = {}
    assert solar(record(0, epvTotal=10), counters=counters) == {}
    found = solar(record(60, epvTotal=10.5), counters=counters)
    assert found == {hour(1): 0.5}


@pytest.mark.parametrize("odd", [0, -0.1, 99.9, "null", 1e6])
def test_odd_counters_are_left_out(odd: Any) -> None:
    """Zeros, dips and jumps are not energy, and come back unharmed."""
    found = solar(
        record(0, epvTotal=100), record(5, epvTotal=odd), record(10, epvTotal=100.2)
    )
    assert found == {hour(0): 0.2}


def test_each_counter_is_on_its_own() -> None:
    """A missing one takes no other with it; strings of PV are summed up."""
    records = [
        record(0, epv1Total=5, epv2Total=6, etoUserTotal=1),
        record(5, epv1Total=5.1, epv2Total=6.2),
        record(10, epv1Total=5.1, epv2Total=6.2, etoUserTotal=1.5),
    ]
    found = hourly(Family.MIN, records, {}, now=NOW)
    assert found["solar"] == {hour(0): 0.3}
    assert found["import"] == {hour(0): 0.5}
    assert "export" not in found


def test_records_without_a_time_or_of_the_future_do_not_count() -> None:
    """Nobody knows which hour they are of."""
    records = (
        record(0, epvTotal=1),
        {"epvTotal": 2},
        {"time": "", "epvTotal": 3},
        record(60 * 24 * 30, epvTotal=4),
    )
    assert solar(*records) == {}


def test_texts_are_of_the_servers_zone() -> None:
    """14:05 at the server is 6:05 UTC (Q7)."""
    texts = ("2026-05-11 14:00:00", "2026-05-11 14:05:00")
    records = [{"time": text, "epvTotal": 1 + n} for n, text in enumerate(texts)]
    assert solar(*records) == {hour(0): 1.0}


def test_sph_counters_have_their_own_names() -> None:
    """Discharge comes with and without a one."""
    for name in ("edischarge1Total", "edischargeTotal"):
        records = [record(0, **{name: 1}), record(5, **{name: 1.4})]
        found = hourly(Family.SPH, records, {}, now=NOW)
        assert found["battery_discharge"] == {hour(0): 0.4}
