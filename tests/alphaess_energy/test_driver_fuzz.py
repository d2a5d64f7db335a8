"""Whatever is sent or was stored: a reading, or ``BadDataError`` (fault matrix row 8)."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
import pytest

from custom_components.alphaess_energy import driver
from custom_components.alphaess_energy._vendor.core.client.errors import BadDataError

from .api import samples
from .api.test_models import assert_plain

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=150)
BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 5, 3)
NOW = datetime(2026, 5, 3, 11, 12, tzinfo=UTC)  # 13:12 in Berlin


@pytest.fixture(autouse=True)
def alphaess() -> None:
    """Home Assistant is not needed here."""


DRIVERS: dict[str, Callable[[Any], Any]] = {
    "sites": lambda raw: driver.sites(raw, NOW),
    "records": lambda raw: driver.power_of_records(raw, NOW, BERLIN),
    "summary": lambda raw: driver.summary(raw, NOW, BERLIN),
    "settings": lambda raw: driver.settings(raw, NOW),
    "chargers": lambda raw: driver.chargers(raw, NOW),
    "charger_state": lambda raw: driver.charger_state(raw, NOW),
    "household": lambda raw: driver.household(raw, NOW),
}
OF_OBJECTS: dict[str, Callable[[Any], Any]] = {
    "power": lambda raw: driver.power(raw, NOW),
    "day_energy": lambda raw: driver.day_energy(raw, NOW, DAY),
}


def assert_canonical(reading: Any) -> None:
    """Only finite numbers; what can have one direction only is not negative."""
    for field in fields(reading):
        value = getattr(reading, field.name)
        if isinstance(value, dict):
            for item in value.values():
                assert_canonical(item) if is_dataclass(item) else assert_plain(item)
        else:
            assert_plain(value)
        if isinstance(value, float) and field.name not in {
            "grid",
            "battery",
            "solar_external",
            "income_today",
            "income_total",
        }:
            assert value >= 0, field.name


@pytest.mark.parametrize("name", DRIVERS)
@PROPERTY
@given(samples.documents)
def test_anything(name: str, document: Any) -> None:
    """Whatever was stored or sent: a reading, or BadDataError."""
    try:
        reading = DRIVERS[name](document)
    except BadDataError:
        return
    assert_canonical(reading)


@pytest.mark.parametrize("name", OF_OBJECTS)
@PROPERTY
@given(samples.objects)
def test_any_object(name: str, document: dict[str, Any]) -> None:
    """The same for what the client hands out as objects."""
    try:
        reading = OF_OBJECTS[name](document)
    except BadDataError:
        return
    assert_canonical(reading)
