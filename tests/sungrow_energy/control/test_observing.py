"""What a force needs to know of a device (control.md, section 2)."""

from datetime import timedelta
from typing import Any

import pytest

from custom_components.sungrow_energy.control.observing import observation_of

from .rig import NOON

KNOWN: dict[str, Any] = {
    "soc": 50.0,
    "battery": 0.0,
    "status": "running",
    "online": True,
}


@pytest.mark.parametrize(("minutes", "fresh"), [(0, True), (20, True), (21, False)])
def test_records_of_more_than_twenty_minutes_are_not_fresh(
    minutes: float, fresh: bool
) -> None:
    at = NOON - timedelta(minutes=minutes)
    assert observation_of(NOON, at=at, **KNOWN).fresh is fresh


def test_without_a_record_nothing_is_fresh() -> None:
    assert not observation_of(NOON, at=None, **KNOWN).fresh


@pytest.mark.parametrize(
    ("status", "off_grid"), [("off_grid", True), ("running", False), (None, None)]
)
def test_off_grid_is_told_by_the_status(
    status: str | None, off_grid: bool | None
) -> None:
    seen = observation_of(NOON, at=NOON, **{**KNOWN, "status": status})
    assert seen.off_grid is off_grid


@pytest.mark.parametrize(
    ("online", "reachable"), [(True, True), (None, True), (False, False)]
)
def test_only_a_device_that_says_so_is_offline(
    online: bool | None, reachable: bool
) -> None:
    seen = observation_of(NOON, at=NOON, **{**KNOWN, "online": online})
    assert seen.reachable is reachable
