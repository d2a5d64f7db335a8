"""Canonical readings (design.md section 3)."""

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime

import pytest

from core.model import DayEnergy, Power, Site, Summary

AT = datetime(2026, 5, 3, 11, tzinfo=UTC)


@pytest.mark.parametrize("name", ["solar", "grid", "battery", "load", "soc"])
def test_one_value_is_enough(name: str) -> None:
    """A source that says one of the flows has said something, also if it is 0."""
    assert Power(observed_at=AT).empty
    assert Power(observed_at=AT, ev=0.0, grid_phases=(None, None)).empty
    values = {name: 0.0}
    assert not Power(observed_at=AT, **values).empty  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("capacity", "has_battery"), [(None, False), (0.0, False), (13.34, True)]
)
def test_a_battery_has_a_capacity(capacity: float | None, has_battery: bool) -> None:
    """Plug-in solar has none, or one of 0."""
    assert Site(serial="S1", battery_capacity=capacity).has_battery is has_battery


def test_what_was_read_does_not_change() -> None:
    """Readings are compared and shared between entities."""
    for reading in (
        Power(observed_at=AT),
        DayEnergy(observed_at=AT, day=date(2026, 5, 3)),
        Summary(observed_at=AT, day=date(2026, 5, 3)),
    ):
        with pytest.raises(FrozenInstanceError):
            reading.observed_at = AT  # type: ignore[misc]
        hash(reading)
