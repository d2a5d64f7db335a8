"""Whatever is sent: a reading, or ``BadDataError`` (fault matrix row 8)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.amber_energy import driver
from custom_components.amber_energy._vendor.core.client.errors import BadDataError
from tests.odd_json import anything, assert_plain, damaged

from .api.samples import CURRENT_PRICES, RENEWABLES, SITES, USAGE, at

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=200)
NOW = at(2, 0)
documents = st.one_of(
    anything,
    st.sampled_from([SITES, CURRENT_PRICES, USAGE, RENEWABLES]).flatmap(damaged),
)
DRIVERS: dict[str, Callable[[Any], Any]] = {
    "prices": lambda raw: driver.prices(raw, NOW),
    "sites": lambda raw: driver.sites(raw, NOW),
    "usage": driver.usage,
    "renewables": lambda raw: driver.renewables(raw, NOW),
}


@pytest.fixture(autouse=True)
def amber() -> None:
    """Home Assistant is not needed here."""


@pytest.mark.parametrize("name", DRIVERS)
@PROPERTY
@given(documents)
def test_anything(name: str, document: Any) -> None:
    try:
        reading = DRIVERS[name](document)
    except BadDataError:
        assert not isinstance(document, list)
        return
    assert_plain(reading)
    for item in reading if name == "usage" else ():
        assert item.kwh >= 0


@PROPERTY
@given(documents.filter(lambda document: isinstance(document, list)))
def test_intervals_are_in_order_and_as_long_as_they_say(document: Any) -> None:
    for channel in driver.prices(document, NOW).channels.values():
        running = () if channel.current is None else (channel.current,)
        for intervals in (channel.past, channel.forecasts):
            starts = [item.start for item in intervals]
            assert starts == sorted(set(starts))
        for item in (*channel.past, *running, *channel.forecasts):
            assert item.end - item.start == timedelta(minutes=item.duration)
            assert item.start.second == item.start.microsecond == 0


@PROPERTY
@given(documents, documents)
def test_merging_keeps_a_sound_list(full: Any, light: Any) -> None:
    full, light = (item if isinstance(item, list) else [] for item in (full, light))
    merged = driver.merge(full, light)
    assert all(isinstance(item, dict) for item in merged)
    assert driver.merge(merged, []) == merged
    assert_plain(driver.prices(merged, NOW))
