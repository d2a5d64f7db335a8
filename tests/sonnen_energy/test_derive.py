"""Derived values: the vectors of the reference (sonnen.md 3.9.8) and single rules."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.sonnen_energy import driver
from custom_components.sonnen_energy.activity import Activity
from custom_components.sonnen_energy.derive import Derived, derive

from .api import samples

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 10, 17, 0, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def sonnen() -> None:
    """Home Assistant is not needed here."""


def derived(
    status: Mapping[str, Any] = {},
    latest: Mapping[str, Any] | None = None,
    battery: Mapping[str, Any] | None = None,
    inverter: Mapping[str, Any] | None = None,
    configurations: Mapping[str, Any] | None = None,
    health: Mapping[str, Any] = {},
    full_since: datetime | None = None,
) -> Derived:
    """Derive from the example site with some values replaced."""
    latest = samples.LATEST | (latest or {})
    latest["ic_status"] = samples.LATEST["ic_status"] | dict(health)
    return derive(
        driver.live(samples.STATUS | dict(status), NOW),
        detail=driver.detail(latest, NOW),
        battery=driver.battery(samples.BATTERY | dict(battery or {}), NOW),
        inverter=driver.inverter(samples.INVERTER | dict(inverter or {}), NOW),
        configuration=driver.configuration(
            samples.CONFIGURATIONS | dict(configurations or {}), NOW
        ),
        zone=BERLIN,
        full_since=full_since,
    )


INPUTS = (
    "system",
    "usable",
    "real",
    "power",
    "average",
    "feed_in",
    "charging",
    "discharging",
    "ah",
    "usable_ah",
    "on_grid",
    "off_grid",
    "since_full",
)
VECTORS: dict[str, tuple[Any, ...]] = {
    "A": ("OnGrid", 65, 72, 1200, 1000, 0, False, True, 72, 65, 1200.4, 0, 7200),
    "A2": ("OnGrid", 65, 72, 900, 1000, 0, False, True, 72, 65, 900.4, 0, 7200),
    "B": ("OnGrid", 12, 19, -1522, 300, 0, True, False, 19, 12, -1522.3, 0, 86400),
    "B2": ("OnGrid", 65, 72, -2022, 300, 0, True, False, 72, 65, -2022.0, 0, 86400),
    "C": ("OffGrid", 12, 19, 800, 750, 0, False, True, 19, 12, 0, 800.2, 86400),
    "D": ("OnGrid", 20, 27, -18, 300, -328, False, False, 27, 20, -18.0, 0, 86400),
    "E": ("OnGrid", 100, 100, -20, 300, 1170, False, False, 100, 93, -20.0, 0, 0),
}


def of_vector(name: str) -> Derived:
    """Derive one column of the table."""
    given = dict(zip(INPUTS, VECTORS[name], strict=True))
    common = {
        "USOC": given["usable"],
        "RSOC": given["real"],
        "Pac_total_W": given["power"],
        "GridFeedIn_W": given["feed_in"],
    }
    return derived(
        common
        | {
            "SystemStatus": given["system"],
            "Consumption_Avg": given["average"],
            "BatteryCharging": given["charging"],
            "BatteryDischarging": given["discharging"],
        },
        common,
        {
            "minimumcelltemperature": 18.95,
            "remainingcapacity": float(given["ah"]),
            "usableremainingcapacity": float(given["usable_ah"]),
            "relativestateofcharge": float(given["real"]),
        },
        {"pac_total": given["on_grid"], "pac_microgrid": given["off_grid"]},
        health={"secondssincefullcharge": given["since_full"]},
    )


# The rows of the table, by column
OUTPUT: dict[str, tuple[Any, ...]] = {
    "activity": (
        "discharging",
        "discharging",
        "charging",
        "charging",
        "discharging_reserve",
        "standby",
        "charged",
    ),
    "charge_power": (0, 0, 1500, 2000, 0, 0, 0),
    "discharge_power": (1200, 900, 0, 0, 800, 0, 0),
    "using_reserve": (False, False, True, False, True, False, False),
    "off_grid": (False, False, False, False, True, False, False),
    "seconds_to_reserve": (16200, 18000, 1920, None, None, 0, None),
    "reserve_at": (
        "10 22:30:00",
        "10 23:00:00",
        "10 18:32:00",
        None,
        None,
        "10 18:00:00",
        None,
    ),
    "seconds_to_full": (None, None, 19906, 5160, None, None, 0),
    "full_at": (None, None, "10 23:31:46", "10 19:26:00", None, None, "10 18:00:00"),
    "seconds_to_empty": (19500, 23400, None, None, 5400, None, None),
    "empty_at": ("10 23:25:00", "11 00:30:00", None, None, "10 19:30:00", None, None),
    "last_full": ("10 16:00:00", "10 16:00:00", *["09 18:00:00"] * 4, "10 18:00:00"),
}
CAPACITY: dict[str, tuple[Any, ...]] = {
    "usable": (6500.0, 6500.0, 1200.0, 6500.0, 1200.0, 2000.0, 10000.0),
    "remaining": (7372.8, 7372.8, 1945.6, 7372.8, 1945.6, 2764.8, 10240.0),
    "used": (3500.0, 3500.0, 8800.0, 3500.0, 8800.0, 8000.0, 0.0),
    "reserve": (2000.0,) * 7,
    "until_reserve": (4500.0, 4500.0, None, 4500.0, None, 0.0, 8000.0),
    "to_reserve": (None, None, 800.0, None, 800.0, 0.0, None),
}


def local(value: Any) -> Any:
    """Return a moment as the table writes it."""
    if isinstance(value, datetime):
        return value.astimezone(BERLIN).strftime("%d %H:%M:%S")
    return value


@pytest.mark.parametrize("name", VECTORS)
def test_the_vectors_hold(name: str) -> None:
    column = list(VECTORS).index(name)
    result = of_vector(name)
    assert {row: local(getattr(result, row)) for row in OUTPUT} == {
        row: values[column] for row, values in OUTPUT.items()
    }
    assert {row: getattr(result.capacity, row) for row in CAPACITY} == {
        row: values[column] for row, values in CAPACITY.items()
    }


# --- what the documents have together


def test_without_anything_but_power_nothing_raises() -> None:
    """Null and absent are legal for every field."""
    result = derive(driver.live({"Pac_total_W": 0}, NOW), zone=BERLIN)
    assert result.activity is Activity.STANDBY
    assert result.clock == NOW
    unknown = (
        "reserve using_reserve seconds_to_reserve reserve_at seconds_to_full full_at "
        "seconds_to_empty empty_at seconds_since_full last_full full_since off_grid "
        "led_state shutdown_reason microgrid_enabled microgrid_empty "
        "returning_to_grid minimum_charge_shutdown system_error internet overload"
    )
    assert {getattr(result, name) for name in unknown.split()} == {None}
    assert result.capacity.full is None
    assert result.capacity.unusable is None


def test_the_status_is_newer_than_the_rest() -> None:
    """It is read three times as often; the others fill in what it lacks."""
    result = derived(
        {"USOC": 50, "BackupBuffer": "40"}, {"USOC": 65}, configurations={"EM_USOC": 20}
    )
    assert (result.reserve, result.capacity.usable) == (40, 5000.0)
    result = derived(
        {"USOC": None, "RSOC": None, "BackupBuffer": None, "Pac_total_W": None},
        {"USOC": 30, "RSOC": 37, "Pac_total_W": -500},
    )
    assert (result.reserve, result.capacity.usable) == (20, 3000.0)
    assert result.charge_power == 478


def test_off_grid_power_stands_in_for_the_battery_s() -> None:
    result = derived(
        {"SystemStatus": "OffGrid", "Pac_total_W": None},
        {"Pac_total_W": None},
        inverter={"pac_microgrid": 640.0},
    )
    assert result.discharge_power == 640


def test_reserve_zero_means_down_to_nothing() -> None:
    """Note (e) of 3.9.5."""
    result = derived({"BackupBuffer": "0"}, configurations={"EM_USOC": "0"})
    assert result.seconds_to_reserve == int(10000 * 65 / 1000 * 36)
    assert result.using_reserve is False


def test_without_a_capacity_only_the_reserve_itself_is_known() -> None:
    known = {"USOC": 65, "BackupBuffer": "20", "Pac_total_W": 1200}
    assert derive(driver.live(known, NOW), zone=BERLIN).seconds_to_reserve is None
    at_it = derive(driver.live(known | {"USOC": 20}, NOW), zone=BERLIN)
    assert at_it.seconds_to_reserve == 0


def test_full_is_not_predicted_while_it_rests_at_the_top() -> None:
    """99 % and nothing missing by the Ah: no moment that moves with every poll."""
    result = derived(
        {"RSOC": 99, "Pac_total_W": -20, "BatteryDischarging": False},
        battery={"remainingcapacity": 100.0},
    )
    assert (result.activity, result.seconds_to_full) == (Activity.STANDBY, 0)
    assert result.full_at is None


def test_an_idle_battery_is_not_running_empty() -> None:
    """+7 W are its noise (3.9.4)."""
    result = derived({"Pac_total_W": 7, "BatteryDischarging": False})
    assert result.activity is Activity.STANDBY
    assert result.seconds_to_empty is result.empty_at is None
    assert result.seconds_to_reserve is None


def test_what_is_empty_is_empty_at_once() -> None:
    result = derived({"USOC": 0, "RSOC": 6, "Pac_total_W": 800})
    assert (result.seconds_to_empty, result.empty_at) == (0, result.clock)
    resting = derived({"USOC": 0, "Pac_total_W": -20, "BatteryDischarging": False})
    assert (resting.seconds_to_empty, resting.empty_at) == (0, None)


def test_discharging_into_the_grid_is_discharging() -> None:
    result = derived(
        {"Pac_total_W": 3000, "GridFeedIn_W": 2000, "BatteryDischarging": False}
    )
    assert result.activity is Activity.DISCHARGING
    assert result.discharging is True


@pytest.mark.parametrize(
    ("power", "average", "expected"),
    [(1200, None, 13500), (1200, 0, None), (1200, 2000, 13500)],
)
def test_to_the_reserve_takes_what_the_house_needs(
    power: int, average: int | None, expected: int | None
) -> None:
    """Guarded against a house that needs nothing (note b)."""
    result = derived({"Pac_total_W": power, "Consumption_Avg": average})
    assert result.seconds_to_reserve == expected


def test_since_when_it_is_full_is_remembered() -> None:
    """The seconds stay 0 for as long as it is full (3.2)."""
    full = {"secondssincefullcharge": 0}
    first = derived(health=full)
    assert first.last_full == first.full_since == first.clock
    earlier = NOW - timedelta(hours=3)
    later = derived(health=full, full_since=earlier)
    assert later.last_full == later.full_since == earlier
    ended = derived(full_since=earlier)
    assert ended.full_since is None
    assert local(ended.last_full) == "10 16:00:00"


def test_the_last_full_charge_goes_by_the_clock_of_its_own_document() -> None:
    """It is up to half a minute older than the status."""
    result = derived(latest={"Timestamp": "2026-03-10 17:59:40"})
    assert local(result.last_full) == "10 15:59:40"
    assert local(result.clock) == "10 18:00:00"


def test_health_bits_reach_the_derived_values() -> None:
    result = derived(
        health={
            "Microgrid Status": {
                "Microgrid Enabled": True,
                "Min System SOC": True,
                "Transition to Ongrid Pending": True,
            },
            "DC Shutdown Reason": {
                "HW_Shutdown": False,
                "Minimum rSOC of System reached": True,
                "Shutdown Timer started": True,
            },
            "Setpoint Priority": {"BMS": True, "Full Charge Request": True},
        }
    )
    assert result.microgrid_enabled is result.microgrid_empty is True
    assert result.returning_to_grid is result.minimum_charge_shutdown is True
    assert result.off_grid is True
    assert result.shutdown_reason == "minimum_rsoc_of_system_reached"
    assert result.shutdown_reasons == (
        "minimum_rsoc_of_system_reached",
        "shutdown_timer_started",
    )
    assert result.set_point_priority == ("bms", "full_charge_request")
    assert derived().shutdown_reason == "none"
