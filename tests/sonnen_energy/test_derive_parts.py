"""The rules behind the derived values, one by one (sonnen.md 3.2 and 3.9)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.sonnen_energy import times
from custom_components.sonnen_energy.activity import Activity, activity, flow, idle
from custom_components.sonnen_energy.api.models import (
    BatteryInfo,
    Configurations,
    Latest,
)
from custom_components.sonnen_energy.capacity import Capacity, capacity

from .api import samples

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 10, 17, 0, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def sonnen() -> None:
    """Home Assistant is not needed here."""


# --- 3.9.2 capacities


def capacity_of(
    battery: dict[str, Any] | None = None,
    configurations: dict[str, Any] | None = None,
    told: float | None = 10000.0,
) -> Capacity:
    """Return the capacities of a site."""
    return capacity(
        usable_soc=65,
        real_soc=72,
        reserve=20,
        latest=Latest.from_wire({"FullChargeCapacity": told}),
        battery=BatteryInfo.from_wire(samples.BATTERY if battery is None else battery),
        configurations=Configurations.from_wire(
            samples.CONFIGURATIONS if configurations is None else configurations
        ),
    )


def test_the_example_site() -> None:
    """The table of 3.9.2."""
    assert capacity_of() == Capacity(
        full=10240.0,
        usable_full=10000.0,
        installed=11000.0,
        health=93.1,
        hidden_share=7.0,
        unusable=716.8,
        remaining=7372.8,
        remaining_ah=7372.8,
        usable=6500.0,
        usable_ah=6656.0,
        used=3500.0,
        reserve=2000.0,
        until_reserve=4500.0,
        to_reserve=None,
    )


MODULES = {"IC_BatteryModules": "1", "CM_MarketingModuleCapacity": "5000"}


@pytest.mark.parametrize(
    ("battery", "configurations", "told", "full", "usable_full"),
    [
        ({"fullchargecapacitywh": 20683.0}, {}, 20187.086, 20683.0, 20187.09),
        (
            {"fullchargecapacity": 201.98, "nominalmoduledcvoltage": 102.4},
            {},
            20187.086,
            20682.75,
            20187.09,
        ),
        ({"fullchargecapacity": 48.828}, MODULES, 4882.8, 5000.0, 4882.8),
        # Ah x 1000 of firmware 1.5.5: ten times too much
        ({"fullchargecapacity": 48.828}, MODULES, 48828.0, 5000.0, 5000.0),
        ({}, {}, 9765.0, 9765.0, 9765.0),
        ({}, MODULES, 0.0, 5000.0, 5000.0),
        ({}, MODULES, 2500.0, 5000.0, 2500.0),
        ({}, MODULES, 2499.0, 5000.0, 5000.0),
        ({}, MODULES, 7500.0, 5000.0, 7500.0),
        ({}, MODULES, 7501.0, 5000.0, 5000.0),
        ({"fullchargecapacitywh": 0}, {}, None, None, None),
    ],
)
def test_the_first_plausible_capacity_counts(
    battery: dict[str, Any],
    configurations: dict[str, Any],
    told: float | None,
    full: float | None,
    usable_full: float | None,
) -> None:
    found = capacity_of(battery, configurations, told)
    assert (found.full, found.usable_full) == (full, usable_full)


def test_a_48_v_system_copes() -> None:
    """Neither Wh nor a nominal voltage (3.3)."""
    found = capacity_of(samples.ECO_8, MODULES, 4035.9)
    assert (found.full, found.usable_full) == (5000.0, 4035.9)
    assert found.remaining == found.remaining_ah == 3600.0
    assert found.usable_ah is None
    assert found.health is None  # nothing was measured
    assert found.unusable == 350.0


@pytest.mark.parametrize(
    ("measured", "expected"), [(5500.0, 110.0), (50000.0, 110.0), (4000.0, 80.0)]
)
def test_health_is_capped(measured: float, expected: float) -> None:
    assert capacity_of({"fullchargecapacitywh": measured}, MODULES).health == expected


@pytest.mark.parametrize(
    ("remaining", "usable", "expected"),
    [(72, 65, 7.0), (58, 51, 7.0), (72, 72, 0.0), (65, 72, 7.0), (72, None, 7.0)],
)
def test_the_hidden_share(
    remaining: float, usable: float | None, expected: float
) -> None:
    """The depth-of-discharge limit of 3.9.1; 7 where it makes no sense."""
    found = capacity_of(
        samples.BATTERY
        | {"remainingcapacity": remaining, "usableremainingcapacity": usable}
    )
    assert found.hidden_share == expected


# --- 3.9.3 and 3.9.4 power and activity


@pytest.mark.parametrize(
    ("power", "temperature", "expected"),
    [
        (-1522, 19, -22),
        (-1522, None, -22),
        (-1522, 25, -22),
        (-1522, 25.1, -24),
        (-1522, 27.5, -27),
        (-1522, 29.5, -29),
        (-31, 40, -31),
        (-31.5, 19, -22),
        (-18, 19, -18),
        (0, 40, -22),
        (1200, 40, -22),
    ],
)
def test_own_consumption(
    power: float, temperature: float | None, expected: float
) -> None:
    assert idle(power, temperature) == expected


@pytest.mark.parametrize(
    ("power", "charge", "discharge"),
    [(-1522, 1500, 0), (-18, 0, 0), (1200, 0, 1200), (7, 0, 7), (None, None, None)],
)
def test_power_by_direction(
    power: float | None, charge: float | None, discharge: float | None
) -> None:
    found = flow(power, 19, charging=None, discharging=None)
    assert (found.charge, found.discharge) == (charge, discharge)


@pytest.mark.parametrize(
    ("power", "flags", "expected"),
    [
        (-500, (False, False), (True, False)),
        (500, (False, False), (False, True)),
        (0, (True, False), (True, False)),
        (7, (False, True), (False, True)),
        (7, (False, False), (False, False)),
        (500, (True, False), (False, True)),  # the flags are wrong at times
        (-500, (False, True), (True, False)),
        (None, (True, None), (True, None)),
    ],
)
def test_flags_and_power_together(
    power: float | None, flags: tuple[Any, Any], expected: tuple[Any, Any]
) -> None:
    found = flow(power, 19, charging=flags[0], discharging=flags[1])
    assert (found.charges, found.discharges) == expected


@pytest.mark.parametrize(
    ("power", "usable", "real", "expected"),
    [
        (-2000, 100, 100, Activity.CHARGED),
        (-2000, 1, 8, Activity.CHARGING),
        (2000, 19, 26, Activity.DISCHARGING_RESERVE),
        (2000, 20, 27, Activity.DISCHARGING),
        (2000, None, None, Activity.DISCHARGING),
        (30, 50, 57, Activity.STANDBY),
        (31, 50, 57, Activity.DISCHARGING),
        (0, 1.9, 8, Activity.DISCHARGED),
        (0, 2, 8, Activity.STANDBY),
        (None, 1, 8, None),
    ],
)
def test_activity_in_its_order(
    power: float | None,
    usable: float | None,
    real: float | None,
    expected: Activity | None,
) -> None:
    found = flow(power, 19, charging=None, discharging=None)
    assert activity(found, usable_soc=usable, real_soc=real, reserve=20) is expected


# --- times


@pytest.mark.parametrize(
    ("stamp", "offset", "expected"),
    [
        ("2026-03-10 18:00:00", 1, "17:00:00"),
        ("2026-03-10 18:00:00", None, "17:00:00"),
        ("2026-03-10 18:00:00", 3, "17:00:00"),  # off by hours: the zone fits
        ("2026-03-10 19:00:00", 2, "17:00:00"),  # summer time all year
        ("2026-03-10 18:15:02", 1, "17:15:02"),
        ("2026-03-10 18:15:03", 1, "17:00:02"),
        ("2026-03-10 12:00:00", None, "17:00:02"),
        ("2009-01-01 00:00:00", 1, "17:00:02"),
        ("9998-12-31 23:59:59", 14, "17:00:02"),
        (None, 1, "17:00:02"),
    ],
)
def test_the_battery_s_clock(
    stamp: str | None, offset: float | None, expected: str
) -> None:
    """Quirk 9: by its offset, else by our zone, else it is now."""
    naive = datetime.fromisoformat(stamp) if stamp else None
    found = times.clock(naive, offset, BERLIN, NOW)
    assert found.utcoffset() == timedelta()
    assert found.strftime("%H:%M:%S") == expected


@pytest.mark.parametrize("hour", [0, 1])
def test_the_hour_that_comes_twice(hour: int) -> None:
    then = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
    now = then + timedelta(seconds=5)
    assert times.clock(datetime(2026, 10, 25, 2, 30), None, BERLIN, now) == then


@pytest.mark.parametrize(
    ("energy", "power", "expected"),
    [
        (6500, 1200, 19500),
        (0, 1200, 0),
        (1, 0, None),
        (1, None, None),
        (1, -5, None),
        (1e8, 1e-9, None),
        (1e300, 1e-300, None),
    ],
)
def test_seconds(energy: float, power: float | None, expected: int | None) -> None:
    assert times.seconds(energy, power) == expected


def test_shown_moments_are_steady() -> None:
    """Whole minutes, moved by more than a minute only (note d of 3.9.5)."""
    moment = datetime(2026, 3, 10, 21, 30, 20, tzinfo=UTC)
    shown = times.steady(None, moment)
    assert shown == moment.replace(second=0)
    assert times.steady(None, moment + timedelta(seconds=10)) == shown + timedelta(
        minutes=1
    )
    for seconds in (-60, 0, 60):
        assert times.steady(shown, shown + timedelta(seconds=seconds)) == shown
    assert times.steady(shown, shown + timedelta(seconds=61)) == shown + timedelta(
        minutes=1
    )
    assert times.steady(shown, shown - timedelta(seconds=61)) == shown - timedelta(
        minutes=1
    )
    assert times.steady(shown, None) is None


def test_a_lost_answer_does_not_forget_since_when_it_is_full() -> None:
    assert times.full_since(NOW, None, NOW + timedelta(hours=1)) == NOW
    assert times.full_since(None, None, NOW) is None
