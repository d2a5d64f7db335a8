"""Snapshots: signs, starts and the time of receipt (sonnen.md 3.1, 3.2 and 9.2)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.sonnen_energy import driver
from custom_components.sonnen_energy._vendor.core.client.errors import BadDataError
from custom_components.sonnen_energy._vendor.core.ha.rising import State, total_counter

from .api import samples

NOW = datetime(2026, 3, 10, 17, 0, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def sonnen() -> None:
    """Home Assistant is not needed here."""


def live(**changes: Any) -> driver.Live:
    """Decode the example site's status with some values replaced."""
    return driver.live(samples.STATUS | changes, NOW)


def test_the_flows_of_the_example_site() -> None:
    found = live()
    assert (found.observed_at, found.power.observed_at) == (NOW, NOW)
    assert found.stamp == datetime(2026, 3, 10, 18, 0)
    power = found.power
    assert (power.solar, power.load, power.soc) == (120, 1320, 65)
    assert (power.battery, power.grid) == (1200, 0)
    assert str(power.grid) == "0.0"  # not -0.0 (quirk 19)
    assert found.system_status == "ongrid"


def test_feeding_in_is_negative_for_us_and_discharging_positive() -> None:
    power = live(GridFeedIn_W=1170, Pac_total_W=-900).power
    assert (power.grid, power.battery) == (-1170, -900)
    assert live(GridFeedIn_W=-328).power.grid == 328


def test_what_has_one_direction_is_not_negative() -> None:
    power = live(Production_W=-3, Consumption_W=-1).power
    assert (power.solar, power.load) == (0, 0)


@pytest.mark.parametrize(
    ("status", "expected"),
    [("OffGrid", "offgrid"), ("Critical Error", "critical_error"), (None, None)],
)
def test_the_system_status_is_a_slug(status: Any, expected: str | None) -> None:
    assert live(SystemStatus=status).system_status == expected


@pytest.mark.parametrize("raw", [{}, None, [], {"error": "x"}, {"USOC": None}])
def test_a_status_without_values_is_bad_data(raw: Any) -> None:
    with pytest.raises(BadDataError) as caught:
        driver.live(raw, NOW)
    assert caught.value.reason is None


def health(bms: str) -> dict[str, Any]:
    """Return the example site's health with another state of the battery."""
    return samples.LATEST | {
        "ic_status": samples.LATEST["ic_status"] | {"statebms": bms}
    }


def test_the_zeros_of_a_start_are_not_shown() -> None:
    """0 % would start automations (3.2)."""
    for decode, raw in (
        (driver.live, samples.BOOTING_STATUS),
        (driver.live, samples.BOOTING_STATUS | {"SystemStatus": "OnGrid"}),
        (driver.live, samples.BOOTING_STATUS | {"Uac": 231, "Ubat": 209}),
        # The inverter runs, the battery is not there yet
        (driver.live, samples.STATUS | {"USOC": 0, "RSOC": 0}),
        (driver.live, samples.STATUS | {"USOC": 0, "RSOC": 0, "Pac_total_W": -22}),
        (driver.live, samples.STATUS | {"USOC": None, "RSOC": 0}),
        (driver.live, samples.BOOTING_STATUS | {"RSOC": None}),
        (driver.detail, samples.BOOTING_LATEST),
        (driver.detail, samples.LATEST | {"USOC": 0, "RSOC": 0}),
        (driver.detail, health("not ready") | {"RSOC": 0}),
        (driver.detail, health("initializing") | {"RSOC": 0, "USOC": None}),
        (driver.battery, dict.fromkeys(samples.BATTERY, 0.0)),
    ):
        with pytest.raises(BadDataError) as caught:
            decode(raw, NOW)
        assert caught.value.reason == "booting"


@pytest.mark.parametrize(
    "changes",
    [
        {"USOC": 0, "RSOC": 6, "Pac_total_W": 0},
        {"USOC": 0, "RSOC": 7, "Pac_total_W": -22},
        {"USOC": 0, "RSOC": None, "Pac_total_W": 0},  # with voltages: it is so
        {"USOC": None, "RSOC": None, "Pac_total_W": 0, "Uac": 0, "Ubat": 0},
    ],
)
def test_an_empty_battery_is_no_start(changes: dict[str, Any]) -> None:
    assert live(**changes).power.battery == changes["Pac_total_W"]


def test_missing_endpoints_are_readings_without_values() -> None:
    assert driver.battery({}, NOW).values.full_ah is None
    assert driver.inverter({}, NOW).values.on_grid is None
    assert driver.configuration({}, NOW).values.raw == {}
    assert driver.io({}, NOW).values == {}
    assert driver.meters([], NOW).values == {}
    assert driver.detail({}, NOW).values.led == {}


def test_meters_and_inputs_have_names() -> None:
    meters = driver.meters([*samples.METERS, {"direction": "production"}], NOW)
    assert list(meters.values) == ["production_4_1", "consumption_4_2"]
    assert list(driver.io(samples.IO, NOW).values) == ["DI_10", "DO_1", "DO_12"]
    assert meters.observed_at == NOW


def count(state: State, readings: list[Any], start: int = 0) -> list[float | None]:
    """Show meter readings through the guard, one a minute."""
    shown = []
    for number, reading in enumerate(readings):
        raw = samples.METERS[0] | (
            {"error": -1, "kwh_imported": 0}
            if reading == "error"
            else {"kwh_imported": reading}
        )
        at = NOW + timedelta(minutes=start + number)
        meter = driver.meters([raw], at).values["production_4_1"]
        shown.append(total_counter(state, meter.imported, at))
    return shown


def test_meter_counters_hold_errors_zeros_and_jitter() -> None:
    """The guard of 9.2: each of these would look like a new meter."""
    state: State = {}
    assert count(state, [5321.7, "error", 0, 5321.6, 5300.0, 5321.8]) == [
        *[5321.7] * 5,
        5321.8,
    ]
    assert set(count(state, [0] * 30, 10)) == {5321.8}


def test_a_new_meter_is_believed_once_it_counts() -> None:
    state: State = {}
    shown = count(state, [5321.7, 0.0, 0.0, 0.1, 0.1, 0.2, 0.3])
    assert shown == [5321.7, 5321.7, 5321.7, 5321.7, 5321.7, 0.2, 0.3]
