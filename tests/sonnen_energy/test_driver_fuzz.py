"""Whatever is sent or was stored: a reading, or ``BadDataError`` (fault matrix row 8)."""

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
import pytest

from custom_components.sonnen_energy import driver
from custom_components.sonnen_energy._vendor.core.client.errors import BadDataError
from custom_components.sonnen_energy.derive import derive

from .api import samples
from .api.test_models import assert_plain

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=150)
NOW = datetime(2026, 3, 10, 17, 0, 2, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(autouse=True)
def sonnen() -> None:
    """Home Assistant is not needed here."""


DRIVERS: dict[str, Callable[[Any, datetime], Any]] = {
    "live": driver.live,
    "detail": driver.detail,
    "battery": driver.battery,
    "inverter": driver.inverter,
    "meters": driver.meters,
    "io": driver.io,
    "configuration": driver.configuration,
}


def reading[T](decode: Callable[[Any, datetime], T], raw: Any) -> T | None:
    """Decode; None for what is bad data."""
    try:
        return decode(raw, NOW)
    except BadDataError:
        return None


@pytest.mark.parametrize("name", DRIVERS)
@PROPERTY
@given(samples.documents)
def test_anything_becomes_a_reading(name: str, document: Any) -> None:
    found = reading(DRIVERS[name], document)
    if found is not None:
        assert_plain(found)
        assert found.observed_at == NOW


@PROPERTY
@given(samples.documents)
def test_flows_are_canonical(document: Any) -> None:
    """What has one direction only is not negative; shares are percent."""
    if (found := reading(driver.live, document)) is None:
        return
    power = found.power
    assert not power.empty
    assert all(value is None or value >= 0 for value in (power.solar, power.load))
    assert power.soc is None or 0 <= power.soc <= 100


@PROPERTY
@given(
    *(
        samples.damaged(sample)
        for sample in (
            samples.STATUS,
            samples.LATEST,
            samples.BATTERY,
            samples.INVERTER,
            samples.CONFIGURATIONS,
        )
    )
)
def test_derived_values_of_anything(
    status: Any, latest: Any, battery: Any, inverter: Any, configurations: Any
) -> None:
    """They never raise, and time only goes on."""
    if (live := reading(driver.live, status)) is None:
        return
    found = derive(
        live,
        detail=reading(driver.detail, latest),
        battery=reading(driver.battery, battery),
        inverter=reading(driver.inverter, inverter),
        configuration=reading(driver.configuration, configurations),
        zone=BERLIN,
    )
    assert_plain(found)
    for field in fields(found):
        value = getattr(found, field.name)
        if isinstance(value, datetime):
            assert value.tzinfo is UTC
        if field.name.startswith(("seconds_", "charge_", "discharge_")):
            assert value is None or value >= 0
    for field in fields(found.capacity):
        value = getattr(found.capacity, field.name)
        assert value is None or value >= 0, field.name
    assert found.reserve_at is None or found.reserve_at >= found.clock
